//! The app's origin: the built page, answered alike to GET and POST, bound to this portal.

use super::assets::content_type;
use super::shared::Shared;
use super::steering::failure;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Response, header};
use percent_encoding::percent_decode_str;
use std::fmt::Write;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

/// Where the library comes from in production; here it comes from this portal.
const PRODUCTION: &str = "https://api.bitrix24.com";

pub(super) async fn page(State(shared): State<Arc<Shared>>, request: Request) -> Response<Body> {
    let path = request.uri().path().to_owned();
    if let Some(uploaded) = &shared.static_app
        && let Some(answer) = uploaded.answer(&shared, &request)
    {
        return answer;
    }
    let file = shared
        .config
        .app
        .as_deref()
        .and_then(|folder| file_in(folder, &path));
    let Some(file) = file else {
        return failure(404, &format!("the app has nothing at {path}"));
    };
    let Ok(bytes) = std::fs::read(&file) else {
        return failure(404, &format!("the app has nothing at {path}"));
    };
    let name = file.to_string_lossy();
    let body = if name.ends_with(".html") {
        Body::from(bound(&String::from_utf8_lossy(&bytes), &shared))
    } else {
        Body::from(bytes)
    };
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(content_type(&name)),
    );
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    if let Ok(policy) = HeaderValue::from_str(&policy(&shared.portal_origin())) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// The file behind a path, never one outside the folder, links included.
pub(super) fn file_in(folder: &Path, path: &str) -> Option<PathBuf> {
    let decoded = percent_decode_str(path).decode_utf8().ok()?;
    let relative = Path::new(decoded.trim_start_matches('/'));
    if !relative
        .components()
        .all(|step| matches!(step, Component::Normal(_)))
    {
        return None;
    }
    let wanted = folder.join(relative);
    let wanted = if wanted.is_dir() {
        wanted.join("index.html")
    } else {
        wanted
    };
    let (real, root) = (wanted.canonicalize().ok()?, folder.canonicalize().ok()?);
    (real.starts_with(root) && real.is_file()).then_some(real)
}

/// The page as this portal needs it: its library, its connections, its waiting times.
pub(super) fn bound(html: &str, shared: &Shared) -> String {
    let origin = shared.portal_origin();
    let html = html
        .replace(PRODUCTION, &origin)
        .replace("connect-src ", &format!("connect-src {origin} "));
    let mut metas = String::new();
    for (name, ms) in [
        ("b24pay-settle-ms", shared.config.settle_ms),
        ("b24pay-deadline-ms", shared.config.deadline_ms),
    ] {
        if let Some(ms) = ms {
            let _ = writeln!(metas, "<meta name=\"{name}\" content=\"{ms}\">");
        }
    }
    html.replacen("</head>", &format!("{metas}</head>"), 1)
}

fn policy(portal: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self' {portal} 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' data:; connect-src 'self' {portal}; form-action 'none'; \
         base-uri 'none'; frame-ancestors {portal}"
    )
}
