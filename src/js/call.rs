//! `call`: one request as the caller words it. Its parameters have to be plain data, since what the
//! portal does not get it does not miss; its result gets the types that it is documented with.

use js_sys::{Array, Number, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use super::inlet::invalid;
use super::value::{is_given, plain, thrown};
use crate::digits;
use crate::error::Error;
use crate::json::Json;
use crate::method::named;
use crate::payment::quoted;
use crate::portal::Call;
use crate::text::{cut, cut_last, joined};

/// How deep parameters may be nested.
const DEEPEST: u32 = 16;
/// Names that the portal's core takes for itself, so that no method sees them.
const RESERVED: [&str; 8] = [
    "auth",
    "access_token",
    "auth_connector",
    "aplogin",
    "ap",
    "sessid",
    "state",
    "token",
];

/// The call that is asked for.
pub fn asked(method: &JsValue, params: &JsValue) -> Result<Call, Error> {
    let name = method.as_string().and_then(|text| named(&text));
    let name = name.ok_or_else(|| {
        invalid(
            "the method",
            "must be a REST method's name, such as \"sale.paysystem.list\"",
            method,
        )
    })?;
    let params = if is_given(params) {
        map("params", params, DEEPEST)?
    } else {
        Vec::new()
    };
    if let Some((name, _)) = params.iter().find(|(name, _)| RESERVED.contains(&&**name)) {
        return Err(Error::invalid_request(
            "params",
            "must not hold a name that the portal takes for itself",
            &quoted(name),
        ));
    }
    Ok(Call {
        method: name,
        params,
    })
}

/// A parameter as it is sent: `null` and an empty object as an empty text, booleans as 1 and 0, for
/// PHP takes the text `false` for true.
fn value(name: &str, given: &JsValue, depth: u32) -> Result<Json, Error> {
    let plain = "must be plain data: text, a number, a boolean, null, an array or an object";
    if let Some(text) = given.as_string() {
        return Ok(Json::Text(text));
    }
    if let Some(number) = given.as_f64() {
        return if number.is_finite() {
            Ok(Json::Number(number))
        } else {
            Err(invalid(name, "must be a finite number", given))
        };
    }
    if let Some(is_true) = given.as_bool() {
        return Ok(Json::Number(f64::from(u8::from(is_true))));
    }
    if given.is_null() {
        return Ok(Json::Text(String::new()));
    }
    let Some(depth) = depth.checked_sub(1) else {
        return Err(invalid(
            name,
            "must not be nested deeper than 16 times",
            given,
        ));
    };
    if let Some(array) = given.dyn_ref::<Array>() {
        let mut elements = Vec::new();
        for at in 0..array.length() {
            let element = Reflect::get_u32(array, at).map_err(|cause| unreadable(name, cause))?;
            let path = inner(name, &digits::text(at.into()));
            if element.is_undefined() {
                return Err(invalid(&path, plain, &element));
            }
            elements.push(value(&path, &element, depth)?);
        }
        return Ok(or_empty(Json::List(elements), array.length() == 0));
    }
    if !given.is_object() || given.is_function() {
        return Err(invalid(name, plain, given));
    }
    let members = map(name, given, depth)?;
    let is_empty = members.is_empty();
    Ok(or_empty(Json::Map(members), is_empty))
}

fn or_empty(json: Json, is_empty: bool) -> Json {
    if is_empty {
        Json::Text(String::new())
    } else {
        json
    }
}

/// The members of a plain object. Anything with a class of its own (Map, Set, Date, File) would
/// leave nothing behind on its way to the portal.
fn map(name: &str, given: &JsValue, depth: u32) -> Result<Vec<(String, Json)>, Error> {
    let expected = "must be a plain object";
    if !given.is_object() || given.is_function() || Array::is_array(given) {
        return Err(invalid(name, expected, given));
    }
    let prototype = Reflect::get_prototype_of(given).map_err(|cause| unreadable(name, cause))?;
    let is_plain = JsValue::from(&prototype).is_null()
        || Reflect::get_prototype_of(&prototype).is_ok_and(|root| JsValue::from(root).is_null());
    if !is_plain {
        return Err(Error::invalid_request(
            name,
            expected,
            "an object of another class",
        ));
    }
    let mut members = Vec::new();
    let keys = Reflect::own_keys(given).map_err(|cause| unreadable(name, cause))?;
    for key in keys.iter() {
        let Some(key_text) = key.as_string() else {
            continue;
        };
        let member = Reflect::get(given, &key).map_err(|cause| unreadable(&key_text, cause))?;
        if !member.is_undefined() {
            let path = if name == "params" {
                key_text.clone()
            } else {
                inner(name, &key_text)
            };
            members.push((key_text, value(&path, &member, depth)?));
        }
    }
    Ok(members)
}

fn inner(name: &str, key: &str) -> String {
    joined(&[name, ".", key])
}

fn unreadable(name: &str, cause: JsValue) -> Error {
    Error::unreadable(name, "a getter that throws", thrown(cause))
}

/// Members that are documented as numbers, and come as text from one build or another.
const NUMBERS: [&str; 17] = [
    "id",
    "ID",
    "SORT",
    "PERSON_TYPE_ID",
    "paySystemId",
    "orderId",
    "empPaidId",
    "sum",
    "companyId",
    "empReturnId",
    "responsibleId",
    "empResponsibleId",
    "psSum",
    "priceCod",
    "price",
    "ownerId",
    "ownerTypeId",
];

/// A result with the types of `types.d.ts`. What other methods give stays as it came.
pub fn result(method: &str, mut result: Json) -> JsValue {
    let of = |family: &str| method.starts_with(family);
    let last = cut_last(method, b'.').map_or(method, |(_, last)| last);
    match last {
        // Each of its members is a PHP array by the commands' keys; what they hold is not ours.
        "batch" => members(&mut result).for_each(|(_, member)| as_map(member)),
        "add" if of("sale.paysystem.") || of("crm.timeline.") => number(&mut result),
        "get" if of("sale.paysystem.settings.") => as_map(&mut result),
        _ if of("sale.") || of("crm.item.payment.") => typed(&mut result),
        _ => {}
    }
    plain(&result)
}

/// The members of an object, none of anything else.
fn members(json: &mut Json) -> std::slice::IterMut<'_, (String, Json)> {
    match json {
        Json::Map(members) => members.iter_mut(),
        _ => [].iter_mut(),
    }
}

fn typed(json: &mut Json) {
    if let Json::List(elements) = json {
        elements.iter_mut().for_each(typed);
    }
    for (name, value) in members(json) {
        typed(value);
        if name == "SETTINGS" {
            as_map(value);
        } else if NUMBERS.contains(&&**name) {
            number(value);
        }
    }
}

/// A decimal number as text becomes a number, anything else stays.
fn number(json: &mut Json) {
    let Json::Text(text) = json else { return };
    let is_decimal =
        |part: &str| !part.is_empty() && part.bytes().all(|sign| sign.is_ascii_digit());
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (whole, places) = cut(unsigned, b'.').unwrap_or((unsigned, "0"));
    if is_decimal(whole) && is_decimal(places) {
        *json = Json::Number(Number::parse_float(text));
    }
}

/// A PHP array as the object it is documented as.
fn as_map(json: &mut Json) {
    if let Json::List(elements) = json {
        let mut members = Vec::new();
        for (at, element) in elements.drain(..).enumerate() {
            members.push((digits::text(at as u64), element));
        }
        *json = Json::Map(members);
    }
}
