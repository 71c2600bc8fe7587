//! `/oauth/token/`: a refresh token becomes a new pair of tokens, once.

use super::rest::{allow_origins, broken};
use super::shared::Shared;
use super::{body, steering::json_answer};
use crate::php;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Request, Response};
use serde_json::{Value, json};
use std::sync::Arc;

pub(super) async fn token(
    State(shared): State<Arc<Shared>>,
    request: Request<Body>,
) -> Response<Body> {
    let Some((params, _)) = body::params(request).await else {
        return broken();
    };
    if !shared.portal().renewal_is_answered() {
        std::future::pending::<()>().await;
    }
    let text = |name: &str| params.get(name).map(php::text).unwrap_or_default();
    let mut response = if text("grant_type") == "refresh_token" {
        let (status, body) = renewed(&shared, &text("refresh_token"));
        json_answer(status, &body)
    } else {
        json_answer(
            400,
            &json!({"error": "invalid_request", "error_description": "Invalid grant type"}),
        )
    };
    allow_origins(&mut response);
    response
}

fn renewed(shared: &Shared, refresh: &str) -> (u16, Value) {
    let now_ms = shared.now_ms();
    let mut portal = shared.portal();
    let Some(token) = portal.renew(now_ms, refresh) else {
        return (
            400,
            json!({"error": "invalid_grant", "error_description": "Invalid refresh token"}),
        );
    };
    let origin = shared.portal_origin();
    let body = json!({
        "access_token": token.access,
        "client_endpoint": format!("{origin}/rest/"),
        "domain": shared.domain(),
        "expires": portal.clock.unix_ms(token.expires_at_ms) / 1000,
        "expires_in": 3600,
        "member_id": super::opening::MEMBER_ID,
        "refresh_token": token.refresh,
        "scope": token.scopes.names().join(","),
        "server_endpoint": format!("{origin}/rest/"),
        "status": "L",
        "user_id": token.operator,
    });
    (200, body)
}
