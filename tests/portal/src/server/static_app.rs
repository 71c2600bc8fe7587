//! An uploaded app, as a portal serves it: out of its zip, from a folder of the app's origin, by GET only, and with no other
//! header than what kind of file it is.

use super::app::bound;
use super::assets::content_type;
use super::config::Error;
use super::shared::Shared;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderValue, Method, Response, StatusCode, header};
use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use zip::ZipArchive;

/// The folder of the upload. A real portal's has another name for each app, so an app has to live in any.
const FOLDER: &str = "/b1/app_local/4d1f0c7be2a95836/";

/// The files of an upload by their names in the zip.
#[derive(Debug)]
pub(super) struct StaticApp(HashMap<String, Bytes>);

impl StaticApp {
    /// Unpacks an upload into memory, once.
    pub fn unpack(upload: &Path) -> Result<Self, Error> {
        let files = unpacked(upload).map_err(|source| Error::NoUpload {
            upload: upload.to_path_buf(),
            source,
        })?;
        Ok(Self(files))
    }

    /// Where one of its files is on the app's origin; the page it opens with when none is named.
    pub fn path(wanted: &str) -> String {
        let wanted = wanted.trim_start_matches('/');
        let (name, rest) = wanted.split_at(wanted.find(['?', '#']).unwrap_or(wanted.len()));
        let name = if name.is_empty() { "index.html" } else { name };
        format!("{FOLDER}{name}{rest}")
    }

    /// Whether an address, whole or on the app's origin, leads to one of its files: an installer binds such ones.
    pub fn is_behind(address: &str, app_origin: &str) -> bool {
        let path = address.strip_prefix(app_origin).unwrap_or(address);
        path.starts_with(FOLDER)
    }

    /// The answer to a request for one of its files, `None` for those beside its folder.
    pub fn answer(&self, shared: &Shared, request: &Request) -> Option<Response<Body>> {
        let name = request.uri().path().strip_prefix(FOLDER)?;
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            return Some(refusal(StatusCode::METHOD_NOT_ALLOWED));
        }
        let Some(bytes) = self.0.get(name) else {
            return Some(refusal(StatusCode::NOT_FOUND));
        };
        let kind = content_type(name);
        let body = if kind.starts_with("text/html") {
            Body::from(bound(&String::from_utf8_lossy(bytes), shared))
        } else {
            Body::from(bytes.clone())
        };
        let mut response = Response::new(body);
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        Some(response)
    }
}

fn refusal(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    if status == StatusCode::METHOD_NOT_ALLOWED {
        response
            .headers_mut()
            .insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
    }
    response
}

fn unpacked(upload: &Path) -> io::Result<HashMap<String, Bytes>> {
    let mut archive = ZipArchive::new(File::open(upload)?)?;
    let mut files = HashMap::new();
    for place in 0..archive.len() {
        let mut file = archive.by_index(place)?;
        if file.is_file() {
            let name = file.name()?.into_owned();
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes)?;
            files.insert(name, Bytes::from(bytes));
        }
    }
    if files.contains_key("index.html") {
        Ok(files)
    } else {
        Err(io::Error::other("it has no index.html at its top"))
    }
}
