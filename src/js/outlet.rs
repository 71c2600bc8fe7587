//! What callers get: payments, outcomes, and errors as real JavaScript errors.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Date, Object};
use wasm_bindgen::{JsCast, JsError, JsValue};

use super::value::{back, called, plain, set};
use crate::amount::Amount;
use crate::error::{Code, Error};
use crate::json::{Json, members};
use crate::outcome::Outcome;
use crate::payment::Payment;
use crate::portal::Entry;

/// How long a payment that was handed out spares a read, in milliseconds.
const KNOWN_MS: f64 = 10_000.0;

/// A payment with the names and types of `types.d.ts`.
fn shown(payment: &Payment) -> Json {
    let text = |text: &String| Json::Text(text.clone());
    let or_null = |id: Option<u64>| id.map_or(Json::Null, Json::whole_number);
    let sum = payment.sum.map(Amount::to_text).unwrap_or_default();
    let mut named = vec![
        ("id", Json::whole_number(payment.id.get())),
        ("accountNumber", text(&payment.account_number)),
        ("paid", Json::Bool(payment.paid)),
        (
            "datePaid",
            payment.date_paid.as_ref().map_or(Json::Null, text),
        ),
        ("paidBy", or_null(payment.paid_by)),
        ("paySystemId", Json::whole_number(payment.pay_system_id)),
        ("paySystemName", text(&payment.pay_system_name)),
        ("sum", Json::Text(sum)),
        ("currency", text(&payment.currency)),
    ];
    if payment.order_id.is_some() {
        named.push(("orderId", or_null(payment.order_id)));
    }
    if let Some(returned) = payment.returned {
        named.push(("returned", Json::Bool(returned)));
    }
    Json::Map(members(named))
}

/// A payment handed out lately: the object, when that was, and the copy that is kept here, so that nothing a caller changes in
/// the object is believed.
struct Lately(JsValue, f64, Rc<Payment>);

thread_local! {
    static LATELY: RefCell<Vec<Lately>> = const { RefCell::new(Vec::new()) };
}

/// A payment as an object, remembered for [`known`]; `now` is the page's clock.
pub fn payment(payment: &Rc<Payment>, now: f64) -> JsValue {
    let object = plain(&shown(payment));
    LATELY.with_borrow_mut(|lately| {
        lately.retain(|&Lately(_, at, _)| now - at <= KNOWN_MS);
        lately.push(Lately(object.clone(), now, Rc::clone(payment)));
    });
    object
}

/// The payment behind an object that was handed out, and when that was.
pub fn known(object: &JsValue) -> Option<(Rc<Payment>, f64)> {
    LATELY.with_borrow(|lately| {
        let mut lately = lately.iter();
        let Lately(_, at, payment) = lately.find(|Lately(known, ..)| known == object)?;
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
    let sent_at = Date::new(&entry.sent_at.into());
    // A forged time may be no time.
    let text = called(&sent_at, "toISOString", JsValue::UNDEFINED).ok();
    let text = text.and_then(|text| text.as_string()).unwrap_or_default();
    let pay_system = entry.pay_system.map_or(Json::Null, Json::whole_number);
    plain(&Json::Map(members(vec![
        ("paymentId", Json::whole_number(entry.payment)),
        ("paySystemId", pay_system),
        ("sentAt", Json::Text(text)),
    ])))
}

/// An error as a JavaScript `Error` named `PayError`. `reason` is the aborted signal's.
pub fn error(error: &Error, reason: &JsValue) -> JsValue {
    let out: Object = JsValue::from(JsError::new(error.message())).unchecked_into();
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
