//! What callers get: payments, outcomes, and errors as real JavaScript errors.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use js_sys::{Date, Object};
use wasm_bindgen::{JsCast, JsError, JsValue};

use super::value::{back, set, text_by, whole};
use crate::amount::Amount;
use crate::error::{Code, Error};
use crate::outcome::Outcome;
use crate::payment::Payment;
use crate::portal::{Entry, Portal};
use crate::request::FRESH_MS;

/// A payment with the names and types of `types.d.ts`.
fn shown(payment: &Payment) -> Object {
    let object = Object::new();
    let or_null = |id: Option<u64>| id.map_or(JsValue::NULL, whole);
    let date = payment.date_paid.as_ref();
    let sum = payment.sum.map(Amount::to_text).unwrap_or_default();
    set(&object, "id", whole(payment.id.get()));
    set(&object, "accountNumber", &payment.account_number);
    set(&object, "paid", payment.paid);
    set(
        &object,
        "datePaid",
        date.map_or(JsValue::NULL, JsValue::from),
    );
    set(&object, "paidBy", or_null(payment.paid_by));
    set(&object, "paySystemId", whole(payment.pay_system_id));
    set(&object, "paySystemName", &payment.pay_system_name);
    set(&object, "sum", &sum);
    set(&object, "currency", &payment.currency);
    if payment.order_id.is_some() {
        set(&object, "orderId", or_null(payment.order_id));
    }
    if let Some(returned) = payment.returned {
        set(&object, "returned", returned);
    }
    object
}

/// A payment handed out lately, and the copy that is kept here, so that nothing a caller changes in the object is believed.
struct Lately {
    object: JsValue,
    /// The portal that it was read from: another one may have a payment of the same id.
    portal: Weak<dyn Portal>,
    /// When it was asked for, on the page's two clocks: one may stand still while the machine sleeps, the other one can be set.
    at: f64,
    wall: f64,
    payment: Rc<Payment>,
}

thread_local! {
    static LATELY: RefCell<Vec<Lately>> = const { RefCell::new(Vec::new()) };
}

/// A payment of this portal as an object. It is remembered for [`known`], in the place of an object that was handed out of it
/// before, together with when it was asked for, on the page's two clocks.
pub fn payment(portal: &Rc<dyn Portal>, payment: &Rc<Payment>, asked_at: (f64, f64)) -> JsValue {
    let object = JsValue::from(shown(payment));
    let now = portal.page().clock.now();
    LATELY.with_borrow_mut(|lately| {
        // What was known is no younger when it is handed out again.
        let known = lately
            .iter()
            .find(|known| Rc::ptr_eq(&known.payment, payment) && known.at < asked_at.0);
        let (at, wall) = known.map_or(asked_at, |known| (known.at, known.wall));
        lately.retain(|known| now - known.at <= FRESH_MS && known.payment.id != payment.id);
        lately.push(Lately {
            object: object.clone(),
            portal: Rc::downgrade(portal),
            at,
            wall,
            payment: Rc::clone(payment),
        });
    });
    object
}

/// The payment behind an object that was handed out by this portal lately, and when it was asked for.
pub fn known(portal: &Rc<dyn Portal>, object: &JsValue) -> Option<(Rc<Payment>, f64)> {
    let wall = portal.page().clock.wall();
    let is_it = |known: &&Lately| {
        let is_fresh = (0.0..=FRESH_MS).contains(&(wall - known.wall));
        let is_of = Weak::ptr_eq(&known.portal, &Rc::downgrade(portal));
        is_fresh && is_of && known.object == *object
    };
    LATELY.with_borrow(|lately| {
        let known = lately.iter().find(is_it)?;
        Some((Rc::clone(&known.payment), known.at))
    })
}

/// An outcome of `payPayment`, `markPaid` or, with `pays` false, `markUnpaid`, of a call that was begun at this time of the wall
/// clock: what it has read last was asked for after that.
pub fn outcome(
    portal: &Rc<dyn Portal>,
    outcome: &Outcome,
    pays: bool,
    reason: &JsValue,
    begun_at: f64,
) -> Object {
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
        let read_at = match outcome {
            // Perhaps long ago.
            Outcome::Unknown { .. } => f64::NEG_INFINITY,
            _ => portal.page().clock.now(),
        };
        set(
            &object,
            "payment",
            payment(portal, read, (read_at, begun_at)),
        );
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
    let text = text_by(&sent_at, "toISOString", JsValue::UNDEFINED).unwrap_or_default();
    let pay_system = entry.pay_system.map_or(JsValue::NULL, whole);
    let object = Object::new();
    set(&object, "paymentId", whole(entry.payment));
    set(&object, "paySystemId", pay_system);
    set(&object, "sentAt", &text);
    object.into()
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
