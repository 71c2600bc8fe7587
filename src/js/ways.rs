//! The ways to reach a portal as callers name them. What is wrong with one is said by the first call
//! that uses it, since making a portal neither throws nor waits.

use std::rc::Rc;

use wasm_bindgen::{JsCast, JsValue};

use super::credential::{Credential, refresh};
use super::frame::Frame;
use super::http::Http;
use super::inlet::{invalid, object, read};
use super::sdk::Sdk;
use super::value::{is_given, trimmed};
use crate::address::Address;
use crate::error::Error;
use crate::page::Page;
use crate::portal::Portal;

/// A portal by `frame({ transport })`, `webhook(url)`, `oauth({ domain, accessToken, refresh })` or `sdk(b24)`, in this order;
/// `begun` is what the loader has begun with for a frame.
pub fn portal(page: Rc<Page>, way: u8, given: &JsValue, begun: JsValue) -> Rc<dyn Portal> {
    let credential = match way {
        0 => match by_http(given) {
            Ok(false) => return Frame::first(page, begun),
            Ok(true) => Ok(Credential::Frame(Frame::begun(Rc::clone(&page), begun))),
            Err(error) => Err(error),
        },
        1 => by_webhook(given),
        2 => by_token(given),
        _ => Ok(Credential::Sdk(Sdk(given.clone()))),
    };
    let credential = credential.unwrap_or_else(Credential::Wrong);
    Rc::new(Http::with(page, credential))
}

fn by_webhook(url: &JsValue) -> Result<Credential, Error> {
    let url = text("the webhook's address", url)?;
    Ok(Credential::given(Address::webhook(&url)?, None, None))
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

fn by_token(options: &JsValue) -> Result<Credential, Error> {
    let expected = "must be an object with domain and accessToken";
    if options.is_string() {
        return Err(secret("the argument of oauth", expected, options));
    }
    object("the argument of oauth", expected, options)?;
    let address = Address::domain(&text("domain", &read(options, "domain")?)?)?;
    let token = text("accessToken", &read(options, "accessToken")?)?;
    let function = read(options, "refresh")?;
    let refresh = match function.dyn_into() {
        Ok(function) => Some(refresh(function)),
        Err(other) if other.is_undefined() => None,
        Err(other) => {
            let expected = "must be a function that resolves with a new token";
            return Err(secret("refresh", expected, &other));
        }
    };
    Ok(Credential::given(address, Some(token), refresh))
}

/// A text. It may be a secret, and so is never quoted.
fn text(name: &str, value: &JsValue) -> Result<String, Error> {
    trimmed(value).ok_or_else(|| secret(name, "must be text that is not empty", value))
}

/// What may be a secret is not described, unless nothing came: a setting that is not there is the usual mistake.
fn secret(name: &str, expected: &'static str, value: &JsValue) -> Error {
    if is_given(value) {
        Error::invalid_request(name, expected, "something else")
    } else {
        invalid(name, expected, value)
    }
}
