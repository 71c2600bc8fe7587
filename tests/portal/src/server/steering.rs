//! The steering calls: the truth, the log, faults, a fresh start. Only for callers on this machine.

use super::members::{Kind, Members, check};
use super::shared::Shared;
use crate::fault_kind::FaultKind;
use crate::faults::Fault;
use crate::log::Entry;
use crate::methods;
use crate::scenario::Scenario;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::routing::{get, post};
use serde_json::{Value, json};
use std::sync::Arc;

/// Seven weeks in milliseconds: later than any test, and nothing overflows.
const LONG: i64 = u32::MAX as i64;

const FAULT: &Members = &[
    ("method", Kind::Text),
    ("nth", Kind::Whole(1, LONG)),
    ("times", Kind::Whole(1, LONG)),
    ("fault", Kind::Text),
    ("ms", Kind::Whole(0, LONG)),
    ("commit", Kind::Flag),
    ("commitMs", Kind::Whole(0, LONG)),
];

const RESET: &Members = &[
    ("scenario", Kind::Text),
    ("plan", Kind::Word(&["free", "standard", "enterprise"])),
    ("codes", Kind::Word(&["numbers"])),
    ("statuses", Kind::Word(&["documented"])),
    ("clockSkewMs", Kind::Whole(-LONG, LONG)),
    ("latencyMs", Kind::Whole(0, LONG)),
    ("keepTokens", Kind::Flag),
];

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/sandbox/payments", get(payments))
        .route("/sandbox/payments/{id}", get(payment))
        .route("/sandbox/log", get(log))
        .route("/sandbox/faults", post(arm))
        .route("/sandbox/reset", post(reset))
        .layer(from_fn(only_this_machine))
}

/// What is said of an address that is there and asked in another way.
pub(super) async fn other_verb(request: Request) -> Response<Body> {
    let (verb, path) = (request.method(), request.uri().path());
    failure(405, &format!("{path} is not asked by {verb}"))
}

/// The listeners are on loopback; this refuses pages whose own host name was made to resolve here, and pages of elsewhere that
/// post without being able to read the answer.
pub(super) async fn only_this_machine(request: Request, next: Next) -> Response<Body> {
    if is_this_machine(request.headers()) {
        return next.run(request).await;
    }
    failure(403, "steering calls are for http://localhost only")
}

fn is_this_machine(headers: &HeaderMap) -> bool {
    let is_here = |host: &str| {
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        matches!(name, "localhost" | "127.0.0.1" | "[::1]")
    };
    let given = |name| {
        headers
            .get(name)
            .map(|value| value.to_str().unwrap_or_default())
    };
    let of = |origin: &str| {
        origin
            .split_once("://")
            .is_some_and(|(_, host)| is_here(host))
    };
    given(header::HOST).is_some_and(is_here) && given(header::ORIGIN).is_none_or(of)
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
    let wanted = match json_body(request, FAULT).await {
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
    let method = text("method").unwrap_or("*").to_lowercase();
    if !matches!(method.as_str(), "*" | "batch") && methods::find(&method).is_none() {
        return Err(format!(
            "method must be one that this portal knows, batch, or * for any, got {method:?}"
        ));
    }
    if !kind.can_strike(&method) {
        return Err(format!(
            "{name} strikes only what pays or takes back a payment, got {method:?}"
        ));
    }
    let number = |name: &str| wanted.get(name).and_then(Value::as_u64);
    let count = |name: &str| number(name).and_then(|given| u32::try_from(given).ok());
    let fault = Fault {
        method,
        nth: count("nth").unwrap_or(1),
        times: count("times").unwrap_or(1),
        kind,
        ms: number("ms").unwrap_or_default(),
        commit: wanted.get("commit").and_then(Value::as_bool),
        commit_ms: number("commitMs").unwrap_or_default(),
    };
    if fault.commit_ms > 0 && (kind == FaultKind::CommitLate || !fault.commits()) {
        return Err(match kind {
            FaultKind::CommitLate => {
                "commitLate has the call run after ms, not commitMs".to_owned()
            }
            _ => format!("under {name} the call does not run, so commitMs needs commit to be true"),
        });
    }
    Ok(fault)
}

async fn reset(State(shared): State<Arc<Shared>>, request: Request) -> Response<Body> {
    let wanted = match json_body(request, RESET).await {
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
pub(super) async fn json_body(
    request: Request,
    members: &Members,
) -> Result<Value, Response<Body>> {
    const LONGEST: usize = 1 << 20;
    let body = to_bytes(request.into_body(), LONGEST)
        .await
        .map_err(|error| failure(400, &format!("the body cannot be read: {error}")))?;
    if body.is_empty() {
        return Ok(json!({}));
    }
    let wanted = serde_json::from_slice(&body)
        .map_err(|error| failure(400, &format!("the body is no JSON: {error}")))?;
    check(&wanted, members).map_err(|sentence| failure(400, &sentence))?;
    Ok(wanted)
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
