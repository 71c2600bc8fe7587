//! `call`: one request as the caller words it. Its parameters have to be plain data, since what the
//! portal does not get it does not miss; its result gets the types that it is documented with.

use js_sys::Number;
use wasm_bindgen::JsValue;

use super::copy;
use super::inlet::invalid;
use super::value::{is_given, plain};
use crate::digits;
use crate::error::Error;
use crate::json::Json;
use crate::method::named;
use crate::payment::quoted;
use crate::portal::Call;
use crate::text::{cut, cut_last};

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
    let mut given = Json::Null;
    if is_given(params) {
        given = copy::params(params)?;
        as_sent(&mut given);
    }
    let params = match given {
        Json::Map(members) => members,
        _ => Vec::new(),
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

/// Parameters as they are sent: `null` and an empty object as an empty text, booleans as 1 and 0, for
/// PHP takes the text `false` for true.
fn as_sent(json: &mut Json) {
    match json {
        Json::Bool(is_true) => *json = Json::Number(f64::from(u8::from(*is_true))),
        Json::List(elements) => elements.iter_mut().for_each(as_sent),
        Json::Map(members) => members.iter_mut().for_each(|(_, member)| as_sent(member)),
        _ => {}
    }
    let is_empty = match json {
        Json::Null => true,
        Json::List(elements) => elements.is_empty(),
        Json::Map(members) => members.is_empty(),
        _ => false,
    };
    if is_empty {
        *json = Json::Text(String::new());
    }
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
        _ if of("sale.") || of("crm.item.payment.") || of("crm.orderentity.") => typed(&mut result),
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
