//! What the commands of a batch brought so far: PHP's shapes for it, and references from later commands to it.

use crate::php;
use serde_json::{Map, Value};

/// The five maps of a batch's result, in the portal's order.
#[derive(Default)]
pub(crate) struct Results {
    result: Map<String, Value>,
    pub error: Map<String, Value>,
    total: Map<String, Value>,
    next: Map<String, Value>,
    time: Map<String, Value>,
}

impl Results {
    pub fn keep(&mut self, key: &str, body: Value) {
        let Value::Object(mut body) = body else {
            self.result.insert(key.to_owned(), body);
            return;
        };
        let parts = [
            ("result", &mut self.result),
            ("total", &mut self.total),
            ("next", &mut self.next),
            ("time", &mut self.time),
        ];
        for (name, part) in parts {
            if let Some(value) = body.remove(name) {
                part.insert(key.to_owned(), value);
            }
        }
    }

    pub fn shaped(self) -> Value {
        let mut shaped = Map::new();
        shaped.insert("result".to_owned(), php::shape(self.result));
        shaped.insert("result_error".to_owned(), php::shape(self.error));
        shaped.insert("result_total".to_owned(), php::shape(self.total));
        shaped.insert("result_next".to_owned(), php::shape(self.next));
        shaped.insert("result_time".to_owned(), php::shape(self.time));
        Value::Object(shaped)
    }

    /// `$result[key][field]` and its like, wherever they stand; what is not there yet stays as it was written.
    pub fn substituted(&self, value: Value) -> Value {
        match value {
            Value::String(text) => self.substituted_text(&text),
            Value::Array(items) => items
                .into_iter()
                .map(|item| self.substituted(item))
                .collect(),
            Value::Object(map) => map
                .into_iter()
                .map(|(key, value)| {
                    (
                        php::text(&self.substituted_text(&key)),
                        self.substituted(value),
                    )
                })
                .collect(),
            other => other,
        }
    }

    fn substituted_text(&self, text: &str) -> Value {
        let mut whole = String::new();
        let mut rest = text;
        while let Some(place) = rest.find('$') {
            let (before, macro_on) = rest.split_at(place);
            whole.push_str(before);
            match self.lookup(macro_on) {
                Some((value, length)) if whole.is_empty() && length == macro_on.len() => {
                    return value.clone();
                }
                Some((value, length)) => {
                    whole.push_str(&php::text(value));
                    rest = macro_on.get(length..).unwrap_or_default();
                }
                None => {
                    whole.push('$');
                    rest = macro_on.get(1..).unwrap_or_default();
                }
            }
        }
        whole.push_str(rest);
        Value::from(whole)
    }

    /// The value a macro at the beginning of the text means, and the macro's length.
    fn lookup(&self, text: &str) -> Option<(&Value, usize)> {
        let sources = [
            ("$result", &self.result),
            ("$error", &self.error),
            ("$total", &self.total),
            ("$next", &self.next),
            ("$time", &self.time),
        ];
        let (name, source) = sources
            .into_iter()
            .find(|(name, _)| text.starts_with(name))?;
        let mut rest = text.get(name.len()..)?;
        let mut found: Option<&Value> = None;
        while let Some((step, after)) = rest.strip_prefix('[').and_then(|open| open.split_once(']'))
        {
            found = Some(match found {
                None => source.get(step)?,
                Some(Value::Object(map)) => map.get(step)?,
                Some(Value::Array(items)) => items.get(step.parse::<usize>().ok()?)?,
                Some(_) => return None,
            });
            rest = after;
        }
        Some((found?, text.len() - rest.len()))
    }
}
