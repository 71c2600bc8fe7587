//! What callers get: payments, outcomes, and errors as real JavaScript errors.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Date, JsString, Object, WeakMap};
use serde::Serialize;
use serde::ser::SerializeMap;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::{JsCast, JsValue};

use super::value::{back, set};
use crate::amount::Amount;
use crate::error::{Code, Error};
use crate::outcome::Outcome;
use crate::payment::Payment;
use crate::portal::Entry;

/// How long a payment that was handed out spares a read, in milliseconds.
const KNOWN_MS: f64 = 10_000.0;

/// A payment with the names and types of `types.d.ts`.
struct Shown<'a>(&'a Payment);

impl Serialize for Shown<'_> {
    /// As a map, since the names of a struct's members are kept for ever in a table of their own.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(payment) = self;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", &number(payment.id.get()))?;
        map.serialize_entry("accountNumber", &payment.account_number)?;
        map.serialize_entry("paid", &payment.paid)?;
        map.serialize_entry("datePaid", &payment.date_paid)?;
        map.serialize_entry("paidBy", &payment.paid_by.map(number))?;
        map.serialize_entry("paySystemId", &number(payment.pay_system_id))?;
        map.serialize_entry("paySystemName", &payment.pay_system_name)?;
        let sum = payment.sum.map(Amount::to_text).unwrap_or_default();
        map.serialize_entry("sum", &sum)?;
        map.serialize_entry("currency", &payment.currency)?;
        if payment.order_id.is_some() {
            map.serialize_entry("orderId", &payment.order_id.map(number))?;
        }
        if payment.returned.is_some() {
            map.serialize_entry("returned", &payment.returned)?;
        }
        map.end()
    }
}

/// An identifier as JavaScript has it. Serialised as whole numbers they would bring the words for those that are too large.
#[expect(
    clippy::cast_precision_loss,
    reason = "an identifier is at most 2^53 - 1"
)]
fn number(id: u64) -> f64 {
    id as f64
}

fn or_null(value: Option<impl Into<JsValue>>) -> JsValue {
    value.map_or(JsValue::NULL, Into::into)
}

/// Payments handed out lately. The map leads from the object to the copy that is kept here, so
/// that nothing a caller changes in the object is believed.
struct Lately {
    objects: WeakMap,
    count: f64,
    payments: Vec<(f64, f64, Rc<Payment>)>,
}

thread_local! {
    static LATELY: RefCell<Lately> = RefCell::new(Lately {
        objects: WeakMap::new(),
        count: 0.0,
        payments: Vec::new(),
    });
}

/// A payment as an object, remembered for [`known`]; `now` is the page's clock.
pub fn payment(payment: &Rc<Payment>, now: f64) -> JsValue {
    let serializer = Serializer::new()
        .serialize_missing_as_null(true)
        .serialize_maps_as_objects(true);
    let object = Shown(payment)
        .serialize(&serializer)
        .unwrap_or(JsValue::NULL);
    if let Some(object) = object.dyn_ref::<Object>() {
        LATELY.with_borrow_mut(|lately| {
            lately.payments.retain(|&(_, at, _)| now - at <= KNOWN_MS);
            lately.count += 1.0;
            lately
                .payments
                .push((lately.count, now, Rc::clone(payment)));
            lately.objects.set(object, &lately.count.into());
        });
    }
    object
}

/// The payment behind an object that was handed out, and when that was.
#[expect(clippy::float_cmp, reason = "a number that was counted")]
pub fn known(object: &JsValue) -> Option<(Rc<Payment>, f64)> {
    LATELY.with_borrow(|lately| {
        let number = lately.objects.get(object.unchecked_ref()).as_f64()?;
        let mut payments = lately.payments.iter();
        let (_, at, payment) = payments.find(|(known, ..)| *known == number)?;
        Some((Rc::clone(payment), *at))
    })
}

/// An outcome of `payPayment`, `markPaid` or, with `pays` false, `markUnpaid`.
pub fn outcome(outcome: &Outcome, pays: bool, now: f64, reason: &JsValue) -> Object {
    let object = Object::new();
    let (status, cause) = match outcome {
        Outcome::Done { .. } if !pays => ("unpaid", None),
        Outcome::Already { .. } if !pays => ("alreadyUnpaid", None),
        Outcome::Done { recovered, .. } => {
            set(&object, "recovered", *recovered);
            ("paid", None)
        }
        Outcome::Already { sent, .. } => {
            set(&object, "sent", *sent);
            ("alreadyPaid", None)
        }
        Outcome::NotApplied { cause, .. } => ("notApplied", cause.as_ref()),
        Outcome::Unverified { cause } => ("unverified", Some(cause)),
        Outcome::Unknown { cause, .. } => ("unknown", Some(cause)),
    };
    set(&object, "status", status);
    if let Some(read) = outcome.payment() {
        set(&object, "payment", payment(read, now));
    }
    if let Some(cause) = cause {
        set(&object, "cause", error(cause, reason));
    }
    object
}

/// One entry of `unsettled`.
pub fn entry(entry: &Entry) -> JsValue {
    let object = Object::new();
    set(&object, "paymentId", number(entry.payment));
    set(
        &object,
        "paySystemId",
        or_null(entry.pay_system.map(number)),
    );
    let sent_at = Date::new(&entry.sent_at.into());
    // A forged time may be no time.
    let text = if sent_at.get_time().is_nan() {
        JsString::from("")
    } else {
        sent_at.to_iso_string()
    };
    set(&object, "sentAt", text);
    object.into()
}

/// An error as a JavaScript `Error` named `PayError`. `reason` is the aborted signal's.
pub fn error(error: &Error, reason: &JsValue) -> JsValue {
    let out = js_sys::Error::new(error.message());
    set(&out, "name", "PayError");
    set(&out, "code", error.code());
    set(&out, "retry", error.retry().as_str());
    if let Some(refusal) = error.refusal() {
        set(&out, "portalCode", refusal.code.as_str());
        set(&out, "portalText", refusal.text.as_str());
    }
    if let Some(status) = error.status() {
        set(&out, "httpStatus", status);
    }
    if let Some(method) = error.method() {
        set(&out, "method", method);
    }
    if let Some(scope) = error.scope() {
        set(&out, "scope", scope);
    }
    let cause = if error.code() == Code::Aborted.as_str() {
        Some(reason.clone())
    } else if let Some(why) = error.why() {
        Some(self::error(why, reason))
    } else {
        error.thrown().and_then(back)
    };
    if let Some(cause) = cause {
        set(&out, "cause", cause);
    }
    out.into()
}
