//! JavaScript values of strangers: read one by one, since every getter can throw, every object can
//! be circular, and every text can be something else.

use std::future::Future;
use std::pin::Pin;
use std::rc::{Rc, Weak};
use std::task::{Context, Poll};

use js_sys::{Array, Function, JsString, Object, Promise};
use serde::Serialize;
use serde::ser::{SerializeMap, SerializeSeq};
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use wasm_bindgen::{JsCast, JsValue};

use crate::error::Thrown;
use crate::json::Json;
use crate::payment::quoted;
use crate::refusal;
use crate::signal::{Signal, Slot};
use crate::text::joined;

#[wasm_bindgen]
extern "C" {
    /// Anything with members. By `Reflect` a name would have to be a value, which takes two calls out of the module to make and to drop.
    type Thing;
    #[wasm_bindgen(method, structural, catch, indexing_getter)]
    fn at(this: &Thing, name: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, structural, catch, indexing_setter)]
    fn put(this: &Thing, name: &str, value: &JsValue) -> Result<(), JsValue>;

    /// `Array.isArray`, which throws for a proxy that has been revoked. That of js-sys would let it through, past us.
    #[wasm_bindgen(js_namespace = Array, js_name = isArray, catch)]
    fn checked(value: &JsValue) -> Result<bool, JsValue>;

    /// `JSON.parse`. That of js-sys takes a text of ours, that is JavaScript's already.
    #[wasm_bindgen(js_namespace = JSON, catch)]
    pub fn parse(text: &JsValue) -> Result<JsValue, JsValue>;
}

/// A function of ours that takes a value. All of them give one, too: each type of function would be a way into the module of its own.
pub type Callback = Closure<dyn FnMut(JsValue) -> JsValue>;

/// A callback that is heard by what it belongs to, while that is there. Whoever gets it keeps it for as long as they like.
pub fn heard_by<T: 'static>(owner: &Rc<T>, hear: impl Fn(&T, JsValue) + 'static) -> JsValue {
    let owner = Rc::downgrade(owner);
    let callback = Callback::new(move |value| {
        if let Some(owner) = Weak::upgrade(&owner) {
            hear(&owner, value);
        }
        JsValue::UNDEFINED
    });
    callback.into_js_value()
}

/// A callback without values, and what it sets.
pub fn callback() -> (Rc<Signal>, JsValue) {
    let called = Rc::new(Signal::default());
    let callback = heard_by(&called, |called, _| called.set());
    (called, callback)
}

/// A value of JavaScript among things that are dropped without their type being known. With `JsValue` itself among them, every
/// drop of one would go by its address, in memory, and not by its number.
struct Foreign(JsValue);

/// Something thrown, kept as it came.
pub fn thrown(value: JsValue) -> Thrown {
    Thrown(Rc::new(Foreign(value)))
}

/// What was thrown, as the same value.
pub fn back(Thrown(value): &Thrown) -> Option<JsValue> {
    value
        .downcast_ref::<Foreign>()
        .map(|Foreign(value)| value.clone())
}

/// A member of an object; `Err` with what its getter threw.
pub fn member(object: &JsValue, name: &str) -> Result<JsValue, JsValue> {
    object.unchecked_ref::<Thing>().at(name)
}

/// A member that is text. One whose getter throws is none.
pub fn text_of(object: &JsValue, name: &str) -> Option<String> {
    member(object, name).ok()?.as_string()
}

/// A member that is a number.
pub fn number_of(object: &JsValue, name: &str) -> Option<f64> {
    member(object, name).ok()?.as_f64()
}

/// A text without the spaces around it, where something is left.
#[cfg(feature = "http")]
pub fn trimmed(value: &JsValue) -> Option<String> {
    let text = value.dyn_ref::<JsString>().map(JsString::trim);
    text.map(String::from).filter(|text| !text.is_empty())
}

/// The text that a member gives that is called with one value.
pub fn text_by(object: &JsValue, name: &str, with: JsValue) -> Option<String> {
    called(object, name, with).ok()?.as_string()
}

/// What a member of an object says that is called with one value; `Err` with what it threw, also where it is no function.
#[expect(
    clippy::needless_pass_by_value,
    reason = "a value that is handed over needs no place in memory"
)]
pub fn called(object: &JsValue, name: &str, with: JsValue) -> Result<JsValue, JsValue> {
    let function = member(object, name)?;
    function.unchecked_ref::<Function>().call1(object, &with)
}

/// The same with three values.
#[expect(
    clippy::needless_pass_by_value,
    reason = "a function that is handed over has to stay there until it is called"
)]
pub fn called3(
    object: &JsValue,
    name: &str,
    first: &JsValue,
    second: &JsValue,
    third: JsValue,
) -> Result<JsValue, JsValue> {
    let function = member(object, name)?;
    function
        .unchecked_ref::<Function>()
        .call3(object, first, second, &third)
}

/// What a promise settles with.
pub struct Settled(Rc<Slot<Result<JsValue, JsValue>>>);

/// What a promise settles with, or a value that is none as it is. `Promise.resolve` throws where a promise's own members do, past
/// us; in a race that is a rejection.
pub fn settled(value: &JsValue) -> Settled {
    let alone = Array::new();
    alone.push(value);
    let race = Promise::race(&alone);
    let slot = Rc::new(Slot::default());
    let resolved = heard_by(&slot, |slot, value| slot.fill(Ok(value)));
    let rejected = heard_by(&slot, |slot, cause| slot.fill(Err(cause)));
    let then = called3(&race, "then", &resolved, &rejected, JsValue::UNDEFINED);
    if let Err(thrown) = then {
        // The page has put another function in its place.
        slot.fill(Err(thrown));
    }
    Settled(slot)
}

impl Future for Settled {
    type Output = Result<JsValue, JsValue>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.poll(context)
    }
}

/// A text without our secret, which what stands in front of a portal may quote of what it was asked.
pub fn without(text: JsString, secret: &str) -> JsString {
    if refusal::has_word(secret) {
        text
    } else {
        text.split(secret).join("***")
    }
}

/// Sets a member of an object of our own.
pub fn set(object: &Object, name: &str, value: impl Into<JsValue>) {
    put(object, name, value.into());
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "a value that is handed over needs no place in memory"
)]
fn put(object: &Object, name: &str, value: JsValue) {
    // Fails only for frozen objects and proxies, and these are plain ones made here.
    let _ = object.unchecked_ref::<Thing>().put(name, &value);
}

/// Whether it is neither given nor null.
pub fn is_given(value: &JsValue) -> bool {
    !value.is_undefined() && !value.is_null()
}

/// Whether it is an array.
pub fn is_list(value: &JsValue) -> bool {
    checked(value).unwrap_or(false)
}

/// Whether it is a promise, of whichever class.
pub fn is_promise(value: &JsValue) -> bool {
    member(value, "then").is_ok_and(|then| then.is_function())
}

/// A short description of what came, for messages.
pub fn describe(value: &JsValue) -> String {
    if let Some(text) = value.as_string() {
        quoted(&text)
    } else if value.as_f64().is_some() {
        digits(value)
    } else if value.is_bigint() {
        digits(value) + "n"
    } else if let Some(is_true) = value.as_bool() {
        if is_true { "true" } else { "false" }.into()
    } else if value.is_null() {
        "null".into()
    } else if is_list(value) {
        "an array".into()
    } else {
        let kind = value.js_typeof().as_string().unwrap_or_default();
        match &*kind {
            "undefined" => kind,
            "object" if is_promise(value) => "a promise".into(),
            "object" => "an object".into(),
            _ => joined(&["a ", &kind]),
        }
    }
}

/// A number or a bigint as JavaScript writes it.
pub fn digits(value: &JsValue) -> String {
    text_by(value, "toString", JsValue::UNDEFINED).unwrap_or_default()
}

impl Serialize for Json {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_none(),
            Self::Bool(is_true) => serializer.serialize_bool(*is_true),
            Self::Number(number) => serializer.serialize_f64(*number),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(elements) => {
                let mut list = serializer.serialize_seq(None)?;
                for element in elements {
                    list.serialize_element(element)?;
                }
                list.end()
            }
            Self::Map(members) => Members(members).serialize(serializer),
        }
    }
}

struct Members<'a>(&'a [(String, Json)]);

impl Serialize for Members<'_> {
    /// As a map, since the names of a struct's members are kept for ever in a table of their own.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(members) = self;
        let mut map = serializer.serialize_map(None)?;
        for (name, value) in *members {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

/// A plain object, array or scalar of our own: never a Map, never `undefined` inside.
pub fn plain(json: &Json) -> JsValue {
    handed_out(json)
}

/// A whole number, such as an identifier. A `u64` by itself would become a bigint.
pub fn whole(number: u64) -> JsValue {
    plain(&Json::whole_number(number))
}

/// The same as [`plain`] of an object's members.
pub fn object(members: &[(String, Json)]) -> JsValue {
    handed_out(&Members(members))
}

fn handed_out(value: &impl Serialize) -> JsValue {
    let serializer = Serializer::new()
        .serialize_missing_as_null(true)
        .serialize_maps_as_objects(true);
    value.serialize(&serializer).unwrap_or(JsValue::NULL)
}
