//! How PHP looks at values: what is empty, what a cast makes of them, how a query becomes an array.
//! The portal's oddities with ids and batches all come from these few rules.

use percent_encoding::percent_decode;
use serde_json::{Map, Value};

/// PHP stops nesting a query's arrays here.
const DEEPEST: usize = 64;

/// `empty()`: missing, `null`, `false`, `0`, `"0"`, `""`, `[]`.
#[must_use]
pub fn is_empty(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => true,
        Some(Value::Bool(is_true)) => !is_true,
        Some(Value::Number(number)) => number.as_f64() == Some(0.0),
        Some(Value::String(text)) => text.is_empty() || text == "0",
        Some(Value::Array(items)) => items.is_empty(),
        Some(Value::Object(map)) => map.is_empty(),
    }
}

/// `(int)`: leading digits of a text, `true` is 1, an array is 1 unless it is empty.
#[must_use]
pub fn int(value: &Value) -> i64 {
    match value {
        Value::Null => 0,
        Value::Bool(is_true) => i64::from(*is_true),
        #[expect(clippy::cast_possible_truncation, reason = "the cast is what PHP does")]
        Value::Number(number) => number
            .as_i64()
            .unwrap_or_else(|| number.as_f64().unwrap_or_default() as i64),
        Value::String(text) => leading_int(text),
        Value::Array(_) | Value::Object(_) => i64::from(!is_empty(Some(value))),
    }
}

fn leading_int(text: &str) -> i64 {
    let text = text.trim_start();
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let end = digits
        .find(|sign: char| !sign.is_ascii_digit())
        .unwrap_or(digits.len());
    let digits = digits.get(..end).unwrap_or_default();
    if digits.is_empty() {
        return 0;
    }
    digits
        .parse::<i64>()
        .map_or(i64::MAX, |number| sign * number)
}

/// What a filter on an integer column looks for: an array means any of its members.
#[must_use]
pub fn ids(value: &Value) -> Vec<i64> {
    match value {
        Value::Array(items) => items.iter().map(int).collect(),
        Value::Object(map) => map.values().map(int).collect(),
        single => vec![int(single)],
    }
}

/// `(string)`: `true` is `1`, `1.0` is `1`, an array is `Array`.
#[must_use]
pub fn text(value: &Value) -> String {
    match value {
        Value::Null | Value::Bool(false) => String::new(),
        Value::Bool(true) => "1".to_owned(),
        Value::Number(given) => match given.as_f64() {
            Some(float) if given.is_f64() => number(float).to_string(),
            _ => given.to_string(),
        },
        Value::String(text) => text.clone(),
        Value::Array(_) | Value::Object(_) => "Array".to_owned(),
    }
}

/// Whether a text is what an integer prints as: `15`, not `015`, `15/1` or `1.5`.
#[must_use]
pub fn is_canonical_int(text: &str) -> bool {
    text.parse::<i64>()
        .is_ok_and(|number| number.to_string() == text)
}

/// A float as `json_encode` prints it: whole numbers lose their fraction.
#[must_use]
pub fn number(float: f64) -> Value {
    const WHOLE_UP_TO: f64 = 9_007_199_254_740_992.0;
    if float.fract() == 0.0 && float.abs() < WHOLE_UP_TO {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "checked: whole and small enough"
        )]
        return Value::from(float as i64);
    }
    Value::from(float)
}

/// An array as `json_encode` prints it: `[]` when empty, a list while its keys run 0, 1, 2 ..., else an object.
#[must_use]
pub fn shape(map: Map<String, Value>) -> Value {
    let is_list = map
        .keys()
        .enumerate()
        .all(|(place, key)| *key == place.to_string());
    if is_list {
        Value::Array(map.into_iter().map(|(_, value)| value).collect())
    } else {
        Value::Object(map)
    }
}

/// The keys in upper case, at every depth; of two spellings the last one wins.
#[must_use]
pub fn fold_keys(map: &Map<String, Value>) -> Map<String, Value> {
    let mut folded = Map::new();
    for (key, value) in map {
        folded.insert(key.to_uppercase(), fold_nested(value));
    }
    folded
}

/// The keys in upper case, at the top only.
#[must_use]
pub fn fold_keys_once(map: &Map<String, Value>) -> Map<String, Value> {
    map.iter()
        .map(|(key, value)| (key.to_uppercase(), value.clone()))
        .collect()
}

fn fold_nested(value: &Value) -> Value {
    match value {
        Value::Object(map) => Value::Object(fold_keys(map)),
        Value::Array(items) => Value::Array(items.iter().map(fold_nested).collect()),
        other => other.clone(),
    }
}

/// `parse_str`: a query with nested brackets becomes an array of texts.
#[must_use]
pub fn parse_str(query: &str) -> Map<String, Value> {
    let mut parsed = Map::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let name = decode(name);
        let path = path_of(&name);
        if !path.is_empty() && path.len() <= DEEPEST {
            put(&mut parsed, &path, Value::String(decode(value)));
        }
    }
    parsed
        .into_iter()
        .map(|(key, value)| (key, as_lists(value)))
        .collect()
}

fn decode(text: &str) -> String {
    let spaced = text.replace('+', " ");
    percent_decode(spaced.as_bytes())
        .decode_utf8_lossy()
        .into_owned()
}

/// `a[b][]` as `a`, `b`, and an empty step that means "append".
fn path_of(name: &str) -> Vec<String> {
    let name = name.trim_start();
    let (head, mut rest) = match name.find('[') {
        Some(place) if place > 0 => name.split_at(place),
        _ => (name, ""),
    };
    if head.is_empty() {
        return Vec::new();
    }
    let mut path = vec![head.replace(['.', ' ', '['], "_")];
    while let Some((step, after)) = rest.strip_prefix('[').and_then(|open| open.split_once(']')) {
        path.push(step.to_owned());
        rest = after;
    }
    path
}

fn put(map: &mut Map<String, Value>, path: &[String], value: Value) {
    let Some((step, rest)) = path.split_first() else {
        return;
    };
    let key = if step.is_empty() {
        next_key(map)
    } else {
        step.clone()
    };
    if rest.is_empty() {
        map.insert(key, value);
        return;
    }
    let child = map.entry(key).or_insert_with(|| Value::Object(Map::new()));
    if !child.is_object() {
        *child = Value::Object(Map::new());
    }
    if let Value::Object(child) = child {
        put(child, rest, value);
    }
}

fn next_key(map: &Map<String, Value>) -> String {
    let highest = map.keys().filter_map(|key| key.parse::<u64>().ok()).max();
    highest.map_or(0, |key| key + 1).to_string()
}

fn as_lists(value: Value) -> Value {
    match value {
        Value::Object(map) => shape(
            map.into_iter()
                .map(|(key, value)| (key, as_lists(value)))
                .collect(),
        ),
        other => other,
    }
}
