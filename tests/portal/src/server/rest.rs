//! REST addresses: who calls and what, then the rules' reply onto the wire.

use super::body;
use super::shared::Shared;
use super::wire::{Broken, Cut, Reused};
use crate::reply::{Exchange, Reply};
use crate::request::{Credential, Request as Call};
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, Method, Request, Response, StatusCode, header};
use std::sync::Arc;
use std::time::Duration;

/// `/rest/<method>` and `/rest/<user>/<secret>/<method>`, both with or without `.json`.
pub(super) async fn call(
    State(shared): State<Arc<Shared>>,
    Path(path): Path<String>,
    request: Request<Body>,
) -> Response<Body> {
    if request.method() == Method::OPTIONS {
        return preflight();
    }
    let reused_connection = request
        .extensions()
        .get::<Reused>()
        .is_some_and(|reused| reused.0);
    let Some((params, arrived)) = body::params(request).await else {
        return broken();
    };
    let (webhook, method) = parts(&path);
    let auth = webhook.unwrap_or_else(|| token(&params));
    let call = Call {
        method,
        params,
        auth,
        arrived,
        reused_connection,
    };
    let exchange = shared.portal().receive(shared.now_ms(), &call);
    if exchange.after_ms > 0 {
        tokio::time::sleep(Duration::from_millis(exchange.after_ms)).await;
    }
    respond(exchange).await
}

fn parts(path: &str) -> (Option<Credential>, String) {
    let steps: Vec<&str> = path.split('/').filter(|step| !step.is_empty()).collect();
    let bare = |method: &str| method.strip_suffix(".json").unwrap_or(method).to_owned();
    if let [user, secret, method @ ..] = steps.as_slice()
        && let Ok(user) = user.parse()
    {
        // Whatever comes after a secret, the secret is none of the method.
        let secret = (*secret).to_owned();
        let webhook = Credential::Webhook { user, secret };
        return (Some(webhook), bare(&method.join("/")));
    }
    (None, bare(&steps.join("/")))
}

fn token(params: &serde_json::Map<String, serde_json::Value>) -> Credential {
    let given = ["auth", "access_token"]
        .into_iter()
        .find_map(|name| params.get(name)?.as_str());
    given.map_or(Credential::None, |token| {
        Credential::Token(token.to_owned())
    })
}

async fn respond(exchange: Exchange) -> Response<Body> {
    let mut response = match exchange.reply {
        Reply::Json { status, body } => {
            answer(status, "application/json; charset=utf-8", body.to_string())
        }
        Reply::Text {
            status,
            content_type,
            body,
        } => answer(status, content_type, body),
        Reply::Truncated {
            status,
            body,
            announced,
        } => {
            let mut response = answer(status, "application/json; charset=utf-8", String::new());
            *response.body_mut() = Body::new(Cut::new(body, announced));
            response
        }
        Reply::Drop => broken(),
        // Until the caller goes away: the connection's end drops this.
        Reply::Never => std::future::pending().await,
    };
    if exchange.cors {
        allow_origins(&mut response);
    }
    if !exchange.keeps_connection {
        response
            .headers_mut()
            .insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

/// The connection breaks instead of an answer.
pub(super) fn broken() -> Response<Body> {
    let mut response = Response::new(Body::empty());
    response.extensions_mut().insert(Broken);
    response
}

fn answer(status: u16, content_type: &'static str, body: String) -> Response<Body> {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() =
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

fn preflight() -> Response<Body> {
    let mut response = Response::new(Body::empty());
    allow_origins(&mut response);
    response
        .headers_mut()
        .insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

/// Any origin may call, with these headers only.
pub(super) fn allow_origins(response: &mut Response<Body>) {
    let headers = response.headers_mut();
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_ORIGIN,
        HeaderValue::from_static("*"),
    );
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_HEADERS,
        HeaderValue::from_static("origin, content-type, accept"),
    );
}
