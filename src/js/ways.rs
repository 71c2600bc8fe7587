//! The ways to reach a portal as callers name them. What is wrong with one is said by the first call
//! that uses it, since making a portal neither throws nor waits.

use std::rc::Rc;

use wasm_bindgen::{JsCast, JsValue};

use super::credential::{Credential, refresh};
use super::frame::Frame;
use super::http::Http;
use super::inlet::{invalid, object, read};
use super::sdk::Sdk;
use super::value::is_given;
use crate::address::Address;
use crate::error::Error;
use crate::page::Page;
use crate::portal::Portal;

/// `frame({ transport })`
pub fn frame(page: Rc<Page>, options: &JsValue, begun: JsValue) -> Rc<dyn Portal> {
    match by_http(options) {
        Ok(false) => Rc::new(Frame::begun(page, begun)),
        Ok(true) => Rc::new(Http::around(Frame::begun(page, begun))),
        Err(error) => Rc::new(Http::with(page, Err(error))),
    }
}

fn by_http(options: &JsValue) -> Result<bool, Error> {
    if !is_given(options) {
        return Ok(false);
    }
    object("the argument of frame", "must be an object", options)?;
    let transport = read(options, "transport")?;
    match transport.as_string().as_deref() {
        None if transport.is_undefined() => Ok(false),
        Some("bx24") => Ok(false),
        Some("http") => Ok(true),
        _ => Err(invalid(
            "transport",
            "must be \"bx24\" or \"http\"",
            &transport,
        )),
    }
}

/// `webhook(url)`
pub fn webhook(page: Rc<Page>, url: &JsValue) -> Rc<dyn Portal> {
    let address = text("the webhook's address", url).and_then(|url| Address::webhook(&url));
    Rc::new(Http::with(page, address.map(Credential::Webhook)))
}

/// `oauth({ domain, accessToken, refresh })`
pub fn oauth(page: Rc<Page>, options: &JsValue) -> Rc<dyn Portal> {
    Rc::new(Http::with(page, by_token(options)))
}

fn by_token(options: &JsValue) -> Result<Credential, Error> {
    let expected = "must be an object with domain and accessToken";
    object("the argument of oauth", expected, options)?;
    let address = Address::domain(&text("domain", &read(options, "domain")?)?)?;
    let token = text("accessToken", &read(options, "accessToken")?)?;
    let function = read(options, "refresh")?;
    let is_missing = function.is_undefined();
    let refresh = function.dyn_into().ok().map(refresh);
    if refresh.is_none() && !is_missing {
        return Err(secret(
            "refresh",
            "must be a function that resolves with a new token",
        ));
    }
    Ok(Credential::oauth(address, token, refresh))
}

/// `sdk(b24)`
pub fn sdk(page: Rc<Page>, b24: &JsValue) -> Rc<dyn Portal> {
    Rc::new(Http::with(page, Ok(Credential::Sdk(Sdk(b24.clone())))))
}

/// A text that may be a secret, and so is never quoted.
fn text(name: &str, value: &JsValue) -> Result<String, Error> {
    let text = value.as_string().filter(|text| !text.trim().is_empty());
    text.ok_or_else(|| secret(name, "must be text that is not empty"))
}

fn secret(name: &str, expected: &'static str) -> Error {
    Error::invalid_request(name, expected, "something else")
}
