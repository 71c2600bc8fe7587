//! The portal page and its `BX24`, carried inside the program.

use super::steering::failure;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, Response, header};

/// Every file of `assets/` by name.
const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// `/` is the page, `/api/v1/` the library, everything else stands under its own name.
pub(super) async fn file(request: Request) -> Response<Body> {
    let path = request.uri().path();
    let name = match path {
        "/" => "index.html",
        "/api/v1/" | "/api/v1" => "bx24.js",
        other => other.trim_start_matches('/'),
    };
    let Some((_, text)) = FILES.iter().find(|(known, _)| *known == name) else {
        return failure(404, &format!("the portal has nothing at {path}"));
    };
    let mut response = Response::new(Body::from(*text));
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(content_type(name)),
    );
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

/// The content type of a file by its name.
pub(super) fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "txt" | "md" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
