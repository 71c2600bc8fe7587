//! What callers get: payments, outcomes, and errors as real JavaScript errors.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Date, Object, WeakMap};
use wasm_bindgen::{JsCast, JsValue};

use super::value::{back, plain, set};
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
    let object = plain(&shown(payment));
    LATELY.with_borrow_mut(|lately| {
        lately.payments.retain(|&(_, at, _)| now - at <= KNOWN_MS);
        lately.count += 1.0;
        lately
            .payments
            .push((lately.count, now, Rc::clone(payment)));
        lately
            .objects
            .set(object.unchecked_ref(), &lately.count.into());
    });
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
    let sent_at = Date::new(&entry.sent_at.into());
    // A forged time may be no time.
    let text = if sent_at.get_time().is_nan() {
        String::new()
    } else {
        sent_at.to_iso_string().into()
    };
    let pay_system = entry.pay_system.map_or(Json::Null, Json::whole_number);
    plain(&Json::Map(members(vec![
        ("paymentId", Json::whole_number(entry.payment)),
        ("paySystemId", pay_system),
        ("sentAt", Json::Text(text)),
    ])))
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
