//! Addresses of a portal as people paste them: a webhook's, or a domain. Pure. What is wrong with
//! one is said by its part and never by its text, since it can hold a secret.

use std::fmt;

use crate::digits;
use crate::error::Error;
use crate::text::{before, cut, cut_last, is_dotted, is_of, joined, parts, without_end};

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
        let expected = "must be https://<portal>/rest/<user id>/<secret>/";
        pasted(text, true)
            .map_err(|part| Error::invalid_request("the webhook's address", expected, part))
    }

    /// The address of a portal that is called with a token: its host, as `example.bitrix24.eu`, or
    /// the same with `https://`, and `/rest/` if one likes.
    ///
    /// # Errors
    /// [`Error::invalid_request`] with what is expected and which part is wrong.
    pub fn domain(text: &str) -> Result<Self, Error> {
        let expected = "must be a portal's host, such as example.bitrix24.eu";
        pasted(text, false).map_err(|part| Error::invalid_request("domain", expected, part))
    }

    /// Where an SDK calls, and whether that takes a token: the secret of a webhook is in its address.
    ///
    /// # Errors
    /// [`Error::invalid_request`] with the part of the address that is wrong.
    pub(crate) fn of_sdk(text: &str) -> Result<(Self, bool), Error> {
        let hook = pasted(text, true).map(|address| (address, false));
        let either = hook.or_else(|_| Ok((pasted(text, false)?, true)));
        either.map_err(|part| {
            let expected = "must be https://<portal>/rest/ or a webhook's";
            Error::invalid_request("the address that the SDK calls", expected, part)
        })
    }

    /// The address of a portal's own page. Its scheme is the page's, not ours to choose.
    pub(crate) fn page(host: String, is_https: bool) -> Self {
        Self::of(host, is_https, "")
    }

    /// `hook` is `<user id>/<secret>/`, and empty where a token is sent along.
    fn of(host: String, is_https: bool, hook: &str) -> Self {
        let scheme = if is_https { "https://" } else { "http://" };
        Self {
            rest: joined(&[scheme, &host, "/rest/", hook]),
            host,
        }
    }
}

/// The address of a webhook or of a domain, or which part of it is wrong.
fn pasted(text: &str, is_hook: bool) -> Result<Address, &'static str> {
    let text = text.trim_ascii();
    // A colon without slashes stands before a port.
    let split = cut(text, b':').and_then(|(scheme, rest)| Some((scheme, rest.strip_prefix("//")?)));
    if is_hook && split.is_none() {
        return Err("one without https:// at its beginning");
    }
    if text.is_empty() {
        return Err("an empty text");
    }
    if text.bytes().any(|sign| sign <= b' ') {
        return Err("one with a space inside");
    }
    let (scheme, rest) = split.unwrap_or(("", text));
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
    let mut host = name.to_ascii_lowercase();
    let is_here = matches!(&*host, "localhost" | "127.0.0.1" | "[::1]");
    if !is_here && !is_dotted(&host, b"-_") {
        return Err("one whose host has other signs than a to z, digits, dots and hyphens");
    }
    let is_https = match scheme {
        "" => !is_here,
        _ if scheme.eq_ignore_ascii_case("https") => true,
        _ if !scheme.eq_ignore_ascii_case("http") => return Err("one with another scheme"),
        _ if is_here => false,
        _ => return Err("one with http, which sends secrets in the open"),
    };
    if let Some(port) = port {
        let usual = if is_https { 443 } else { 80 };
        match digits::number(port) {
            Some(port) if port == usual => {}
            Some(port @ 1..=65_535) => host = joined(&[&host, ":", &digits::text(port)]),
            _ => return Err("one whose port is no number from 1 to 65535"),
        }
    }
    if is_hook {
        let (user, secret) = hook(path)?;
        let hook = joined(&[user, "/", secret, "/"]);
        return Ok(Address::of(host, is_https, &hook));
    }
    if !matches!(without_end(path, b'/'), "" | "/rest") {
        return Err("one with a path");
    }
    Ok(Address::of(host, is_https, ""))
}

/// The user's id and the secret in a webhook's path.
fn hook(path: &str) -> Result<(&str, &str), &'static str> {
    // A host that was given with a slash at its end is often put together with one more.
    let path = path.strip_prefix('/').unwrap_or_default();
    let mut parts = parts(path.strip_prefix('/').unwrap_or(path), b'/');
    let mut next = || parts.next();
    let (Some("rest"), Some(mut user)) = (next(), next()) else {
        return Err("one without /rest/ after the host");
    };
    // The same webhook as REST 3 shows it.
    if user == "api" {
        user = next().unwrap_or_default();
    }
    if digits::number(user).is_none_or(|user| user == 0) {
        return Err("one without a user id after /rest/");
    }
    let secret = next().unwrap_or_default();
    if secret.is_empty() {
        return Err("one without a secret after the user id");
    }
    if !is_of(secret, b"") {
        return Err("one whose secret has other signs than letters and digits");
    }
    if !is_of(next().unwrap_or_default(), b"._") || parts.any(|part| !part.is_empty()) {
        return Err("one with more than a method after the secret");
    }
    Ok((user, secret))
}
