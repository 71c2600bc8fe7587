//! Parameters of a request: query and body merged, the body wins, as PHP and the portal's core read them.

use crate::php;
use crate::request::Arrived;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, header::CONTENT_TYPE};
use serde_json::{Map, Value};

/// Enough for the largest batch.
const LONGEST: usize = 4 << 20;

/// Everything that was sent, and in which form. `None` of a body that breaks off or is longer than any should be: a portal's
/// web server hands on whole ones only, so such a call never reached the portal.
pub(super) async fn params(request: Request<Body>) -> Option<(Map<String, Value>, Arrived)> {
    let mut params = php::parse_str(request.uri().query().unwrap_or_default());
    let content_type = content_type(request.headers());
    let body = to_bytes(request.into_body(), LONGEST).await.ok()?;
    if body.is_empty() {
        return Some((params, Arrived::Query));
    }
    let text = String::from_utf8_lossy(&body);
    let (sent, arrived) = if content_type == "application/json" || content_type.contains("+json") {
        // A broken body, or one that is no object, counts as none; nobody is told.
        let sent = serde_json::from_str::<Value>(&text).ok();
        (sent.and_then(into_map).unwrap_or_default(), Arrived::Json)
    } else if content_type.starts_with("application/x-www-form-urlencoded") {
        (php::parse_str(&text), Arrived::Form)
    } else {
        (php::parse_str(&text), Arrived::Text)
    };
    params.extend(sent);
    Some((params, arrived))
}

fn content_type(headers: &HeaderMap) -> String {
    let given = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    given.unwrap_or_default().to_ascii_lowercase()
}

fn into_map(value: Value) -> Option<Map<String, Value>> {
    match value {
        Value::Object(map) => Some(map),
        _ => None,
    }
}
