//! Doubles for native tests: a world with a virtual clock, and a portal that follows a script.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    clippy::cast_precision_loss,
    missing_docs,
    missing_debug_implementations,
    reason = "shared by several test crates, none of which uses everything"
)]

pub mod calls;
pub mod chance;
pub mod rules;
pub mod script;
pub mod served;
pub mod world;

use b24pay::json::Json;
use b24pay::portal::Call;
use b24pay::reply::Reply;
use serde_json::Value;

/// A JSON value of a test as the crate sees it.
pub fn json(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(is_true) => Json::Bool(*is_true),
        Value::Number(number) => Json::Number(number.as_f64().unwrap()),
        Value::String(text) => Json::Text(text.clone()),
        Value::Array(elements) => Json::List(elements.iter().map(json).collect()),
        Value::Object(members) => Json::Map(
            members
                .iter()
                .map(|(name, value)| (name.clone(), json(value)))
                .collect(),
        ),
    }
}

/// A value of the crate as JSON.
pub fn value(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(is_true) => Value::Bool(*is_true),
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_precision_loss,
            reason = "ids"
        )]
        Json::Number(number) if number.fract() == 0.0 && number.abs() < i64::MAX as f64 => {
            Value::from(*number as i64)
        }
        Json::Number(number) => Value::from(*number),
        Json::Text(text) => Value::from(text.as_str()),
        Json::List(elements) => Value::Array(elements.iter().map(value).collect()),
        Json::Map(members) => Value::Object(
            members
                .iter()
                .map(|(name, json)| (name.clone(), value(json)))
                .collect(),
        ),
    }
}

/// The parameters of a call as JSON.
pub fn params(call: &Call) -> Value {
    value(&Json::Map(call.params.clone()))
}

/// A body as BX24 hands it on: every field read by itself, an empty body as an empty object.
pub fn reply(status: u16, body: &Value) -> Reply {
    let body = json(body);
    let names = ["error", "error_description", "result", "time"];
    let fields = names.map(|name| (name, body.get(name).clone()));
    Reply::from_fields(Some(status), fields.into())
}
