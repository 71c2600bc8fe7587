//! The project's documentation, rendered by the build, under `/docs/` of the portal's origin: text, and no script at all.

use super::app::file_in;
use super::assets::content_type;
use super::shared::Shared;
use super::steering::failure;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, Response, StatusCode, header};
use std::sync::Arc;

/// Where a reader begins.
const FIRST: &str = "/docs/docs/README.html";

const POLICY: &str = "default-src 'none'; style-src 'self'; img-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

pub(super) async fn first() -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::FOUND;
    response
        .headers_mut()
        .insert(header::LOCATION, HeaderValue::from_static(FIRST));
    response
}

pub(super) async fn page(
    State(shared): State<Arc<Shared>>,
    Path(path): Path<String>,
) -> Response<Body> {
    let Some(folder) = &shared.config.docs else {
        return failure(
            404,
            "no documentation is served; start the portal with --docs <folder>",
        );
    };
    let Some(bytes) = file_in(folder, &path).and_then(|file| std::fs::read(file).ok()) else {
        return failure(404, &format!("the documentation has nothing at {path}"));
    };
    let mut response = Response::new(Body::from(bytes));
    for (name, value) in [
        (header::CONTENT_TYPE, content_type(&path)),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-cache"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
    ] {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    response
}
