//! Parameters as a form: the only body that a browser sends to another origin without asking first,
//! and one that the portal reads like JSON.

use js_sys::encode_uri_component;

use crate::digits;
use crate::json::Json;
use crate::text::joined;

/// `PAYMENT_ID=501&filter[=orderId]=77`, and the token, if there is one, as `auth`; what is not there is left out.
pub fn form(params: &[(String, Json)], token: Option<&str>) -> String {
    let mut text = String::new();
    for (name, value) in params {
        pair(&escaped(name), value, &mut text);
    }
    if let Some(token) = token {
        add("auth", &escaped(token), &mut text);
    }
    text
}

fn pair(name: &str, value: &Json, text: &mut String) {
    let value = match value {
        Json::Null => return,
        Json::List(elements) => {
            for (at, element) in elements.iter().enumerate() {
                pair(&inner(name, &digits::text(at as u64)), element, text);
            }
            return;
        }
        Json::Map(members) => {
            for (key, member) in members {
                pair(&inner(name, &escaped(key)), member, text);
            }
            return;
        }
        Json::Bool(is_true) => if *is_true { "1" } else { "0" }.into(),
        Json::Number(number) => escaped(&super::value::digits(&(*number).into())),
        Json::Text(value) => escaped(value),
    };
    add(name, &value, text);
}

fn add(name: &str, value: &str, text: &mut String) {
    if !text.is_empty() {
        text.push('&');
    }
    text.push_str(name);
    text.push('=');
    text.push_str(value);
}

fn inner(name: &str, key: &str) -> String {
    joined(&[name, "[", key, "]"])
}

fn escaped(text: &str) -> String {
    encode_uri_component(text).into()
}
