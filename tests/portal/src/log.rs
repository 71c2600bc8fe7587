//! What the portal received, call by call, with secrets replaced.

use crate::request::{Credential, Request};
use serde_json::{Map, Value};

/// What stands where a secret stood.
const HIDDEN: &str = "***";
const SECRET_KEYS: [&str; 5] = [
    "auth",
    "access_token",
    "refresh_token",
    "client_secret",
    "auth_connector",
];

/// One received call.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its number, from 1.
    pub n: u64,
    /// When it came.
    pub at_ms: u64,
    /// The method as it was called.
    pub method: String,
    /// Its parameters, secrets replaced.
    pub params: Map<String, Value>,
    /// The HTTP status, where an answer went out.
    pub status: Option<u16>,
    /// Whether the portal saved what the call asked for; it may become true after the answer.
    pub committed: bool,
    /// The fault that was applied.
    pub fault: Option<&'static str>,
}

/// The parameters without secrets: by name, and wherever the caller's own secret is quoted.
pub(crate) fn without_secrets(request: &Request) -> Map<String, Value> {
    let secret = match &request.auth {
        Credential::None => "",
        Credential::Token(token) => token,
        Credential::Webhook { secret, .. } => secret,
    };
    hide(&request.params, secret)
}

fn hide(map: &Map<String, Value>, secret: &str) -> Map<String, Value> {
    map.iter()
        .map(|(key, value)| {
            let is_secret = SECRET_KEYS
                .iter()
                .any(|name| key.eq_ignore_ascii_case(name));
            let shown = if is_secret {
                Value::from(HIDDEN)
            } else {
                hidden(value, secret)
            };
            (key.clone(), shown)
        })
        .collect()
}

fn hidden(value: &Value, secret: &str) -> Value {
    match value {
        Value::String(text) if !secret.is_empty() && text.contains(secret) => {
            Value::from(text.replace(secret, HIDDEN))
        }
        Value::Array(items) => items.iter().map(|item| hidden(item, secret)).collect(),
        Value::Object(map) => Value::Object(hide(map, secret)),
        other => other.clone(),
    }
}
