//! Copies of strangers' values: every getter of theirs can throw, every object can be circular, and everything can be something
//! else than it should be.

use js_sys::Reflect;
use wasm_bindgen::JsValue;

use super::inlet::{invalid, object, unreadable};
use super::value::{digits as digits_of, is_list, is_promise, member};
use crate::digits;
use crate::error::Error;
use crate::json::Json;
use crate::text::joined;

/// How deep an answer of the portal and what is sent to it are nested at the most.
const DEEPEST: u32 = 16;
/// How many values an answer has at the most.
const MOST: u32 = 200_000;
/// What callers call the outermost object.
const OUTERMOST: &str = "params";

const TOO_DEEP: &str = "must not be nested deeper than 16 times";
const PLAIN: &str = "must be plain data: text, a number, a boolean, null, an array or an object";

/// A copy of what the portal answered. What throws, is too deep or too much ends the copy: `None`.
pub fn json(value: &JsValue) -> Option<Json> {
    copy(None, value, DEEPEST, &mut MOST.clone()).ok()
}

/// A copy of a caller's object. It has to be plain data all through.
pub fn params(value: &JsValue) -> Result<Json, Error> {
    object(OUTERMOST, "must be a plain object", value)?;
    copy(Some(OUTERMOST), value, DEEPEST + 1, &mut u32::MAX.clone())
}

/// What has a name is a caller's, and is looked at strictly. An answer of the portal has none: it comes from another realm, and has
/// `undefined` where there is nothing.
fn copy(named: Option<&str>, given: &JsValue, depth: u32, left: &mut u32) -> Result<Json, Error> {
    let is_strict = named.is_some();
    let name = named.unwrap_or_default();
    let unfit = |expected| invalid(name, expected, given);
    *left = left.checked_sub(1).ok_or_else(|| unfit(TOO_DEEP))?;
    // What is known by its number first: each other question is a way out of the module.
    if let Some(is_true) = given.as_bool() {
        return Ok(Json::Bool(is_true));
    }
    if given.is_null() || !is_strict && given.is_undefined() {
        return Ok(Json::Null);
    }
    if let Some(text) = given.as_string() {
        return Ok(Json::Text(text));
    }
    if let Some(number) = given.as_f64() {
        if is_strict && !number.is_finite() {
            return Err(unfit("must be a finite number"));
        }
        return Ok(Json::Number(number));
    }
    if is_strict && given.is_bigint() {
        // As the identifiers are typed that callers hand in.
        return Ok(Json::Text(digits_of(given)));
    }
    if depth == 0 {
        return Err(unfit(TOO_DEEP));
    }
    if !given.is_object() {
        return Err(unfit(PLAIN));
    }
    let inner = |key: &str| match named? {
        OUTERMOST if !key.is_empty() => Some(key.to_owned()),
        name => Some(joined(&[name, ".", key])),
    };
    if is_list(given) {
        let length = member(given, "length").map_err(|cause| unreadable(name, cause))?;
        let mut list = Vec::new();
        let mut at = 0_u32;
        while length.as_f64().is_some_and(|length| f64::from(at) < length) {
            let path = inner(&digits::text(at.into()));
            let path = path.as_deref();
            let element = read(path, given, &at.into())?;
            list.push(copy(path, &element, depth - 1, left)?);
            at += 1;
        }
        return Ok(Json::List(list));
    }
    if is_strict {
        plain(name, given)?;
    }
    let mut map = Vec::new();
    let keys = Reflect::own_keys(given).map_err(|cause| unreadable(name, cause))?;
    for key in keys.iter() {
        let Some(text) = key.as_string() else {
            continue;
        };
        let path = inner(&text);
        let path = path.as_deref();
        let member = read(path, given, &key)?;
        if is_strict && member.is_undefined() {
            continue;
        }
        let copy = copy(path, &member, depth - 1, left)?;
        map.push((text, copy));
    }
    Ok(Json::Map(map))
}

/// A member by its path.
fn read(path: Option<&str>, object: &JsValue, key: &JsValue) -> Result<JsValue, Error> {
    Reflect::get(object, key).map_err(|cause| unreadable(path.unwrap_or_default(), cause))
}

/// Refuses what is of a class of its own: Map, Set, Date or File would leave nothing behind on their way to the portal.
pub fn plain(name: &str, given: &JsValue) -> Result<(), Error> {
    if is_plain(given).map_err(|cause| unreadable(name, cause))? {
        return Ok(());
    }
    let came = if is_promise(given) {
        "a promise"
    } else {
        "an object of another class"
    };
    Err(Error::invalid_request(name, "must be a plain object", came))
}

fn is_plain(given: &JsValue) -> Result<bool, JsValue> {
    let prototype = Reflect::get_prototype_of(given)?;
    Ok(prototype.is_null()
        || Reflect::get_prototype_of(&prototype).is_ok_and(|root| root.is_null()))
}
