//! Batches: up to fifty commands in one request, with the shapes PHP gives to their results.

use crate::faults::FaultKind;
use crate::faults::Met;
use crate::methods::{self, Veto};
use crate::php;
use crate::portal::Portal;
use crate::receive::Ready;
use crate::reply::{Answer, Codes, Refusal};
use crate::struck::{error_core, refusal_of};
use serde_json::{Map, Value};

const LONGEST: usize = 50;

pub(crate) fn not_allowed() -> Refusal {
    Refusal::new(
        403,
        "ERROR_BATCH_METHOD_NOT_ALLOWED",
        "Method is not allowed for batch usage",
    )
}

/// The five maps of a batch's result, in the portal's order.
struct Results {
    result: Map<String, Value>,
    error: Map<String, Value>,
    total: Map<String, Value>,
    next: Map<String, Value>,
    time: Map<String, Value>,
}

/// Runs a batch. It succeeds even if every command fails.
pub(crate) fn run(portal: &mut Portal, now_ms: u64, n: u64, ready: &Ready) -> Answer {
    let folded = php::fold_keys_once(&ready.params);
    let commands = match folded.get("CMD") {
        Some(Value::Array(items)) => items
            .iter()
            .enumerate()
            .map(|(key, item)| (key.to_string(), item.clone()))
            .collect(),
        Some(Value::Object(map)) => map.clone(),
        _ => Map::new(),
    };
    let halts = !php::is_empty(folded.get("HALT"));
    let mut results = Results {
        result: Map::new(),
        error: Map::new(),
        total: Map::new(),
        next: Map::new(),
        time: Map::new(),
    };
    let mut saved = false;
    let texts = commands
        .into_iter()
        .filter_map(|(key, command)| Some((key, command.as_str()?.to_owned())));
    for (place, (key, command)) in texts.enumerate() {
        let ran = if place < LONGEST {
            run_command(portal, now_ms, n, ready, &command, &results)
        } else {
            Err(Refusal::new(
                400,
                "ERROR_BATCH_LENGTH_EXCEEDED",
                "Max batch length exceeded",
            ))
        };
        match ran {
            Ok(answer) => {
                saved |= answer.saved;
                results.keep(&key, answer.result);
            }
            Err(refusal) => {
                results.error.insert(key, refusal.body(portal.codes));
                if halts {
                    break;
                }
            }
        }
    }
    let mut body = Map::new();
    body.insert("result".to_owned(), results.shaped());
    body.insert(
        "time".to_owned(),
        portal.time(now_ms, ready.actor.counted_as(), None),
    );
    Answer {
        saved,
        ..Answer::read(Value::Object(body))
    }
}

fn run_command(
    portal: &mut Portal,
    now_ms: u64,
    n: u64,
    batch: &Ready,
    command: &str,
    results: &Results,
) -> Result<Answer, Refusal> {
    let (name, query) = command.split_once('?').unwrap_or((command, ""));
    if matches!(name, "batch" | "upload" | "download") {
        return Err(not_allowed());
    }
    let Some(method) = methods::find(&name.to_lowercase()) else {
        return Err(Refusal::new(
            404,
            "ERROR_METHOD_NOT_FOUND",
            "Method not found!",
        ));
    };
    let params: Map<String, Value> = php::parse_str(query)
        .into_iter()
        .map(|(key, value)| {
            (
                php::text(&results.substituted(Value::from(key))),
                results.substituted(value),
            )
        })
        .collect();
    methods::count(portal, method.name, &params);
    let fault = portal
        .faults
        .strike(method.name, Met::Command)
        .map(|fault| fault.kind);
    if fault == Some(FaultKind::NumericError) {
        return Err(Refusal::numbered(0, "Insufficient permissions"));
    }
    if let Some(refusal) = fault.and_then(refusal_of) {
        return Err(refusal);
    }
    let ready = portal
        .ready(now_ms, Some(method), &params, batch.actor)
        .map_err(without_text)?;
    let ran = portal.perform(now_ms, n, &ready, fault.and_then(Veto::of));
    if fault == Some(FaultKind::ErrorCoreAfterCommit) {
        return Err(ran.err().unwrap_or_else(error_core));
    }
    ran.map(|answer| Answer {
        // A gateway that prints its own text and exits takes the whole batch with it; here it spoils its own command.
        result: answer.own_text.map_or(answer.result, Value::from),
        ..answer
    })
}

/// Inside a batch the missing scope has no text.
fn without_text(refusal: Refusal) -> Refusal {
    let is_scope = refusal
        .body(Codes::Texts)
        .get("error")
        .is_some_and(|code| code == "insufficient_scope");
    if is_scope {
        Refusal {
            text: String::new(),
            ..refusal
        }
    } else {
        refusal
    }
}

impl Results {
    fn keep(&mut self, key: &str, body: Value) {
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

    fn shaped(self) -> Value {
        let mut shaped = Map::new();
        shaped.insert("result".to_owned(), php::shape(self.result));
        shaped.insert("result_error".to_owned(), php::shape(self.error));
        shaped.insert("result_total".to_owned(), php::shape(self.total));
        shaped.insert("result_next".to_owned(), php::shape(self.next));
        shaped.insert("result_time".to_owned(), php::shape(self.time));
        Value::Object(shaped)
    }

    /// `$result[key][field]` and its like, wherever they stand; what is not there yet stays as it was written.
    fn substituted(&self, value: Value) -> Value {
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
