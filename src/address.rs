//! Addresses of a portal as people paste them: a webhook's, or a domain. Pure. What is wrong with
//! one is said by its part and never by its text, since it can hold a secret.

use std::fmt;

use crate::digits;
use crate::error::Error;
use crate::text::{before, cut, cut_last, joined, parts, without_end};

/// Where a portal answers REST calls.
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    /// The host, with its port where that is not the usual one, as `example.bitrix24.eu`.
    pub host: String,
    /// Everything before the method. It ends with a slash, and a webhook's holds its secret.
    pub(crate) rest: String,
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Address").field(&self.host).finish()
    }
}

impl Address {
    /// The address of a webhook, as the portal shows it, with or without a method at its end.
    ///
    /// # Errors
    /// [`Error::invalid_request`] with what is expected and which part is wrong.
    pub fn webhook(text: &str) -> Result<Self, Error> {
        let wrong = |part| {
            wrong(
                "the webhook's address",
                "must be https://<portal>/rest/<user id>/<secret>/",
                part,
            )
        };
        if scheme_of(text).is_none() {
            return Err(wrong("one without https:// at its beginning"));
        }
        let (origin, host, path) = split(text).map_err(wrong)?;
        let path = hook(path).map_err(wrong)?;
        Ok(Self {
            host,
            rest: joined(&[&origin, "/rest/", path, "/"]),
        })
    }

    /// The address of a portal that is called with a token: its host, as `example.bitrix24.eu`, or
    /// the same with `https://`, and `/rest/` if one likes.
    ///
    /// # Errors
    /// [`Error::invalid_request`] with what is expected and which part is wrong.
    pub fn domain(text: &str) -> Result<Self, Error> {
        let wrong = |part| {
            wrong(
                "domain",
                "must be a portal's host, such as example.bitrix24.eu",
                part,
            )
        };
        let (origin, host, path) = split(text).map_err(wrong)?;
        if !matches!(without_end(path, b'/'), "" | "/rest") {
            return Err(wrong("one with a path"));
        }
        Ok(Self {
            host,
            rest: origin + "/rest/",
        })
    }

    /// The address of a portal's own page. Its scheme is the page's, not ours to choose.
    pub(crate) fn page(host: &str, is_https: bool) -> Self {
        let scheme = if is_https { "https://" } else { "http://" };
        Self {
            host: host.to_owned(),
            rest: joined(&[scheme, host, "/rest/"]),
        }
    }
}

fn wrong(name: &str, expected: &'static str, part: &str) -> Error {
    Error::invalid_request(name, expected, part)
}

/// Takes an address apart: its origin, its host, and its path.
fn split(text: &str) -> Result<(String, String, &str), &'static str> {
    let text = text.trim_ascii();
    if text.is_empty() {
        return Err("an empty text");
    }
    if text.bytes().any(|sign| sign <= b' ') {
        return Err("one with a space inside");
    }
    let (scheme, rest) = scheme_of(text).unwrap_or(("", text));
    let (authority, path) = before(rest, b"/?#");
    if !before(path, b"?#").1.is_empty() {
        return Err("one with something after a question mark or a number sign");
    }
    if cut(authority, b'@').is_some() {
        return Err("one with a user before the host");
    }
    let (name, port) = match cut_last(authority, b':') {
        Some((name, port)) if !authority.ends_with(']') => (name, Some(port)),
        _ => (authority, None),
    };
    let name = name.to_ascii_lowercase();
    let is_here = matches!(name.as_str(), "localhost" | "127.0.0.1" | "[::1]");
    if !is_here && !is_host(&name) {
        return Err("one whose host has other signs than a to z, digits, dots and hyphens");
    }
    let is_https = match scheme {
        "" => !is_here,
        _ if scheme.eq_ignore_ascii_case("https") => true,
        _ if !scheme.eq_ignore_ascii_case("http") => return Err("one with another scheme"),
        _ if is_here => false,
        _ => return Err("one with http, which sends secrets in the open"),
    };
    let port = match port.map(digits::number) {
        None => None,
        Some(Some(port @ 1..=65_535)) => {
            Some(port).filter(|&port| port != if is_https { 443 } else { 80 })
        }
        Some(_) => return Err("one whose port is no number from 1 to 65535"),
    };
    let host = match port {
        Some(port) => joined(&[&name, ":", &digits::text(port)]),
        None => name,
    };
    let scheme = if is_https { "https://" } else { "http://" };
    Ok((joined(&[scheme, &host]), host, path))
}

/// The scheme and what follows it. A colon without slashes stands before a port.
fn scheme_of(text: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = cut(text, b':')?;
    Some((scheme, rest.strip_prefix("//")?))
}

fn is_host(name: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty()
            && label
                .bytes()
                .all(|sign| sign.is_ascii_alphanumeric() || matches!(sign, b'-' | b'_'))
    };
    parts(name, b'.').all(is_label)
}

/// `<user id>/<secret>` out of a webhook's path.
fn hook(path: &str) -> Result<&str, &'static str> {
    let path = path
        .strip_prefix("/rest/")
        .ok_or("one without /rest/ after the host")?;
    // The same webhook as REST 3 shows it.
    let path = path.strip_prefix("api/").unwrap_or(path);
    let mut parts = parts(path, b'/');
    let user = parts.next().unwrap_or_default();
    if !user.bytes().all(|sign| sign.is_ascii_digit()) || user.bytes().all(|sign| sign == b'0') {
        return Err("one without a user id after /rest/");
    }
    let secret = parts.next().unwrap_or_default();
    if secret.is_empty() {
        return Err("one without a secret after the user id");
    }
    if !secret.bytes().all(|sign| sign.is_ascii_alphanumeric()) {
        return Err("one whose secret has other signs than letters and digits");
    }
    let method = parts.next().unwrap_or_default();
    let is_name = |sign: u8| sign.is_ascii_alphanumeric() || matches!(sign, b'.' | b'_');
    if !method.bytes().all(is_name) || parts.any(|part| !part.is_empty()) {
        return Err("one with more than a method after the secret");
    }
    Ok(path.get(..user.len() + 1 + secret.len()).unwrap_or(path))
}
