//! The steering calls: the truth, the log, faults, a fresh start. Only for callers on this machine.

use super::shared::Shared;
use crate::fault_kind::FaultKind;
use crate::faults::Fault;
use crate::log::Entry;
use crate::scenario::Scenario;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::routing::{get, post};
use serde_json::{Value, json};
use std::sync::Arc;

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/sandbox/payments", get(payments))
        .route("/sandbox/payments/{id}", get(payment))
        .route("/sandbox/log", get(log))
        .route("/sandbox/faults", post(arm))
        .route("/sandbox/reset", post(reset))
        .layer(from_fn(only_this_machine))
}

/// The listeners are on loopback; this refuses pages whose own host name was made to resolve here.
pub(super) async fn only_this_machine(request: Request, next: Next) -> Response<Body> {
    if is_this_machine(request.headers()) {
        return next.run(request).await;
    }
    failure(403, "steering calls are for http://localhost only")
}

fn is_this_machine(headers: &HeaderMap) -> bool {
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    matches!(name, "localhost" | "127.0.0.1" | "[::1]")
}

async fn payments(State(shared): State<Arc<Shared>>) -> Response<Body> {
    let portal = shared.portal();
    let all: Vec<Value> = portal
        .payments()
        .map(|payment| portal.truth(payment))
        .collect();
    json_answer(200, &Value::from(all))
}

async fn payment(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> Response<Body> {
    let portal = shared.portal();
    match id.parse().ok().and_then(|id| portal.payment(id)) {
        Some(payment) => json_answer(200, &portal.truth(payment)),
        None => failure(404, &format!("there is no payment {id}")),
    }
}

async fn log(State(shared): State<Arc<Shared>>) -> Response<Body> {
    let portal = shared.portal();
    let entries: Vec<Value> = portal.log().iter().map(shown).collect();
    json_answer(200, &Value::from(entries))
}

fn shown(entry: &Entry) -> Value {
    json!({
        "n": entry.n,
        "atMs": entry.at_ms,
        "method": entry.method,
        "params": entry.params,
        "status": entry.status,
        "committed": entry.committed,
        "fault": entry.fault,
    })
}

async fn arm(State(shared): State<Arc<Shared>>, request: Request) -> Response<Body> {
    let wanted = match json_body(request).await {
        Ok(wanted) => wanted,
        Err(refused) => return refused,
    };
    match fault(&wanted) {
        Ok(fault) => {
            shared.portal().arm(fault);
            json_answer(200, &json!({"armed": wanted}))
        }
        Err(sentence) => failure(400, &sentence),
    }
}

fn fault(wanted: &Value) -> Result<Fault, String> {
    let text = |name: &str| wanted.get(name).and_then(Value::as_str);
    let name = text("fault").unwrap_or_default();
    let kind = FaultKind::named(name).ok_or_else(|| {
        let known: Vec<&str> = FaultKind::ALL.iter().map(|(_, name)| *name).collect();
        format!("there is no fault {name:?}; known are {}", known.join(", "))
    })?;
    let number = |name: &str, otherwise: u64| match wanted.get(name) {
        None | Some(Value::Null) => Ok(otherwise),
        Some(given) => given
            .as_u64()
            .ok_or_else(|| format!("{name} must be a whole number, got {given}")),
    };
    let count = |name: &str| {
        let given = number(name, 1)?;
        match u32::try_from(given) {
            Ok(count) if count > 0 => Ok(count),
            _ => Err(format!("{name} must be at least 1, got {given}")),
        }
    };
    Ok(Fault {
        method: text("method").unwrap_or("*").to_lowercase(),
        nth: count("nth")?,
        times: count("times")?,
        kind,
        ms: number("ms", 0)?,
        commit: wanted.get("commit").and_then(Value::as_bool),
        commit_ms: number("commitMs", 0)?,
    })
}

async fn reset(State(shared): State<Arc<Shared>>, request: Request) -> Response<Body> {
    let wanted = match json_body(request).await {
        Ok(wanted) => wanted,
        Err(refused) => return refused,
    };
    let name = wanted
        .get("scenario")
        .and_then(Value::as_str)
        .unwrap_or("demo");
    match Scenario::named(name) {
        Some(scenario) => {
            shared.reset(scenario, &wanted);
            json_answer(200, &json!({"scenario": name}))
        }
        None => failure(
            400,
            &format!("there is no scenario {name:?}; known are demo, many, unusual"),
        ),
    }
}

/// The body of a steering call, whatever its content type; an empty one is an empty object.
pub(super) async fn json_body(request: Request) -> Result<Value, Response<Body>> {
    const LONGEST: usize = 1 << 20;
    let body = to_bytes(request.into_body(), LONGEST)
        .await
        .unwrap_or_default();
    if body.is_empty() {
        return Ok(json!({}));
    }
    serde_json::from_slice(&body)
        .map_err(|error| failure(400, &format!("the body is no JSON: {error}")))
}

pub(super) fn failure(status: u16, sentence: &str) -> Response<Body> {
    json_answer(status, &json!({ "error": sentence }))
}

pub(super) fn json_answer(status: u16, body: &Value) -> Response<Body> {
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() =
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
