//! What callers hand in: requests and options, checked name by name before anything is sent.

use std::rc::Rc;

use wasm_bindgen::{JsCast, JsValue};

use super::abort::Abort;
use super::copy::plain;
use super::value::{describe, digits, is_given, is_list, is_promise, member, thrown};
use crate::amount::Amount;
use crate::error::Error;
use crate::list::Of;
use crate::payment::{EXPECTED_ID, PaySystemId, PaymentId, quoted};
use crate::portal::Portal;
use crate::request::{Action, Details, LONGEST_MS, PayOptions, PayRequest, Terms};
use crate::text::{joined, parts, without_end};

pub(super) fn invalid(name: &str, expected: &'static str, value: &JsValue) -> Error {
    Error::invalid_request(name, expected, &describe(value))
}

/// A member of something a caller handed in.
pub(super) fn read(object: &JsValue, name: &str) -> Result<JsValue, Error> {
    member(object, name).map_err(|cause| unreadable(name, cause))
}

/// A member of an object that a caller handed in with another one.
fn read_in(outer: &str, object: &JsValue, name: &str) -> Result<JsValue, Error> {
    member(object, name).map_err(|cause| unreadable(&joined(&[outer, ".", name]), cause))
}

/// What throws while it is looked at.
pub(super) fn unreadable(name: &str, cause: JsValue) -> Error {
    Error::unreadable(name, "a getter that throws", thrown(cause))
}

/// Checks that it is an object and no list. A promise that was not awaited would be one in which nothing is given.
pub(super) fn object(name: &str, expected: &'static str, value: &JsValue) -> Result<(), Error> {
    if value.is_object() && !is_list(value) && !is_promise(value) {
        Ok(())
    } else {
        Err(invalid(name, expected, value))
    }
}

/// What the options of all functions are called.
const OPTIONS: &str = "portal, signal, deadlineMs, settleMs, known, expect, detailsMayDiffer, payReturned, concurrency, onProgress";
const DETAILS: &str = "invoiceId, sum, currency, statusCode, statusMessage, statusDescription";

/// The first of an object's own members that is given and whose name is in this list, or is not.
fn given_in(
    what: &str,
    object: &JsValue,
    list: &str,
    is_in: bool,
) -> Result<Option<(String, JsValue)>, Error> {
    let keys = js_sys::Reflect::own_keys(object)
        .map_err(|cause| Error::unreadable(what, "a proxy that throws", thrown(cause)))?;
    for key in keys.iter() {
        let Some(key) = key.as_string() else {
            continue;
        };
        if parts(list, b' ').any(|name| without_end(name, b',') == key) == is_in {
            let given = read(object, &key)?;
            if is_given(&given) {
                return Ok(Some((key, given)));
            }
        }
    }
    Ok(None)
}

/// Checks that an object has no other members than these: a misspelt one would be lost without a word.
fn only(what: &str, object: &JsValue, list: &str) -> Result<(), Error> {
    match given_in(what, object, list, false)? {
        Some((key, _)) => {
            let expected = joined(&["must hold only ", list]);
            Err(Error::invalid_request(what, &expected, &quoted(&key)))
        }
        None => Ok(()),
    }
}

/// A positive whole number: a number, a bigint, or canonical digits.
fn id<T>(
    value: &JsValue,
    from_text: fn(&str) -> Result<T, Error>,
    error: fn(&str) -> Error,
) -> Result<T, Error> {
    if let Some(text) = value.as_string() {
        return from_text(&text);
    }
    if (value.is_bigint() || value.as_f64().is_some())
        && let Ok(id) = from_text(&digits(value))
    {
        return Ok(id);
    }
    Err(error(&describe(value)))
}

/// The identifier of a payment.
pub fn payment_id(value: &JsValue) -> Result<PaymentId, Error> {
    id(value, PaymentId::from_text, Error::invalid_payment_id)
}

fn pay_system_id(value: &JsValue) -> Result<PaySystemId, Error> {
    id(value, PaySystemId::from_text, Error::invalid_pay_system_id)
}

/// A request of `payPayment`.
pub fn pay_request(value: &JsValue) -> Result<PayRequest, Error> {
    object(
        "the request",
        "must be an object with paymentId and paySystemId",
        value,
    )?;
    // Among the identifiers an option would hold for nothing: another portal, or what is expected.
    if let Some((key, given)) = given_in("the request", value, OPTIONS, true)? {
        let expected = "must be among the options, which are the second argument";
        return Err(invalid(&key, expected, &given));
    }
    let payment = payment_id(&read(value, "paymentId")?)?;
    let system = pay_system_id(&read(value, "paySystemId")?)?;
    let details = details(&read(value, "details")?)?;
    Ok(PayRequest {
        payment,
        action: Action::Pay(system, details),
    })
}

fn details(value: &JsValue) -> Result<Details, Error> {
    let mut details = Details::default();
    if !is_given(value) {
        return Ok(details);
    }
    object("details", "must be an object", value)?;
    let places = [
        ("invoiceId", &mut details.invoice_id),
        ("sum", &mut details.sum),
        ("currency", &mut details.currency),
        ("statusCode", &mut details.status_code),
        ("statusMessage", &mut details.status_message),
        ("statusDescription", &mut details.status_description),
    ];
    only("details", value, DETAILS)?;
    for (name, place) in places {
        let given = read_in("details", value, name)?;
        if is_given(&given) {
            let Some(text) = given.as_string() else {
                return Err(Error::invalid_details(
                    name,
                    "must be text",
                    &describe(&given),
                ));
            };
            *place = Some(text);
        }
    }
    plain("details", value)?;
    details.check()?;
    Ok(details)
}

/// Takes over the options of any call: `deadlineMs`, and a signal that is listened to while the result lives.
pub fn call_options(options: &JsValue, taken: &mut PayOptions) -> Result<Option<Abort>, Error> {
    if !is_given(options) {
        return Ok(None);
    }
    object("options", "must be an object", options)?;
    only("options", options, OPTIONS)?;
    plain("options", options)?;
    ms(options, "deadlineMs", &mut taken.deadline_ms)?;
    let signal = read(options, "signal")?;
    if !is_given(&signal) {
        return Ok(None);
    }
    let unfit = |_| invalid("signal", "must be an AbortSignal", &signal);
    let abort = Abort::listen(signal.clone()).map_err(unfit)?;
    taken.abort = Some(Rc::clone(&abort.heard));
    Ok(Some(abort))
}

/// Takes over the options of a call that pays by this portal.
pub fn pay_options(
    portal: &Rc<dyn Portal>,
    options: &JsValue,
    taken: &mut PayOptions,
) -> Result<Option<Abort>, Error> {
    let abort = call_options(options, taken)?;
    if is_given(options) {
        ms(options, "settleMs", &mut taken.settle_ms)?;
        taken.terms = terms(options)?;
        let known = read(options, "known")?;
        if is_given(&known) {
            // Of one that was not awaited nothing is lost: the payment is read.
            if !is_promise(&known) {
                object("known", "must be a Payment", &known)?;
            }
            taken.known = super::outlet::known(portal, &known);
        }
    }
    Ok(abort)
}

fn terms(options: &JsValue) -> Result<Terms, Error> {
    let mut terms = Terms {
        details_may_differ: flag(options, "detailsMayDiffer")?,
        pay_returned: flag(options, "payReturned")?,
        ..Terms::default()
    };
    let expect = read(options, "expect")?;
    if is_given(&expect) {
        let expected = "must be an object with sum or currency";
        object("expect", expected, &expect)?;
        let sum = read_in("expect", &expect, "sum")?;
        if is_given(&sum) {
            let amount = sum.as_string().and_then(|text| Amount::from_text(&text));
            let expected = "must be a decimal number as text, such as \"59.97\"";
            terms.sum = Some(amount.ok_or_else(|| invalid("expect.sum", expected, &sum))?);
        }
        let currency = read_in("expect", &expect, "currency")?;
        if is_given(&currency) {
            let text = currency.as_string().filter(|text| !text.is_empty());
            let expected = "must be a currency code as text, such as \"EUR\"";
            terms.currency =
                Some(text.ok_or_else(|| invalid("expect.currency", expected, &currency))?);
        }
        if terms.sum.is_none() && terms.currency.is_none() {
            // Of a misspelt name, or of a sum that is not there, nothing would be checked.
            return Err(Error::invalid_request("expect", expected, "neither"));
        }
    }
    Ok(terms)
}

fn flag(options: &JsValue, name: &'static str) -> Result<bool, Error> {
    let value = read(options, name)?;
    if !is_given(&value) {
        return Ok(false);
    }
    value
        .as_bool()
        .ok_or_else(|| invalid(name, "must be true", &value))
}

/// Milliseconds, where they are given.
fn ms(options: &JsValue, name: &str, ms: &mut f64) -> Result<(), Error> {
    let value = read(options, name)?;
    if is_given(&value) {
        let given = value
            .as_f64()
            .filter(|given| (1.0..=LONGEST_MS).contains(given));
        let expected = "must be milliseconds from 1 to 2147483647";
        *ms = given.ok_or_else(|| invalid(name, expected, &value))?;
    }
    Ok(())
}

/// The first argument of `listPayments`.
pub fn of(value: &JsValue) -> Result<Of, Error> {
    let what = "what to list payments of";
    let expected = "must be an object with one of deal, invoice, order";
    object(what, expected, value)?;
    let mut found = None;
    for &(name, entity) in &[("deal", Some(2)), ("invoice", Some(31)), ("order", None)] {
        let given = read(value, name)?;
        if !is_given(&given) {
            continue;
        }
        let id = payment_id(&given).map_err(|_| invalid(name, EXPECTED_ID, &given))?;
        if found.is_some() {
            return Err(Error::invalid_request(what, expected, "more than one"));
        }
        found = Some(entity.map_or(Of::Order(id.get()), |entity| Of::Entity(entity, id.get())));
    }
    found.ok_or_else(|| Error::invalid_request(what, expected, "none of them"))
}

/// Options of `payPayments`.
pub struct BulkOptions {
    pub pay: PayOptions,
    pub abort: Option<Abort>,
    pub concurrency: usize,
    pub on_progress: Option<js_sys::Function>,
}

/// The second argument of `payPayments`. `known` and `expect` do not apply there.
pub fn bulk_options(portal: &Rc<dyn Portal>, options: &JsValue) -> Result<BulkOptions, Error> {
    let mut bulk = BulkOptions {
        pay: PayOptions::default(),
        abort: None,
        concurrency: 1,
        on_progress: None,
    };
    bulk.abort = pay_options(portal, options, &mut bulk.pay)?;
    if is_given(options) {
        for name in &["known", "expect"] {
            let value = read(options, name)?;
            if is_given(&value) {
                return Err(invalid(name, "must not be given for many payments", &value));
            }
        }
        let concurrency = read(options, "concurrency")?;
        if is_given(&concurrency) {
            bulk.concurrency = concurrency.as_f64().and_then(places).ok_or_else(|| {
                invalid(
                    "concurrency",
                    "must be a whole number from 1 to 50",
                    &concurrency,
                )
            })?;
        }
        let on_progress = read(options, "onProgress")?;
        if is_given(&on_progress) {
            let function = on_progress.dyn_ref::<js_sys::Function>().cloned();
            bulk.on_progress = Some(
                function
                    .ok_or_else(|| invalid("onProgress", "must be a function", &on_progress))?,
            );
        }
    }
    Ok(bulk)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "checked to fit"
)]
fn places(number: f64) -> Option<usize> {
    ((1.0..=50.0).contains(&number) && number.fract() == 0.0).then_some(number as usize)
}

/// A list of requests.
pub fn list(value: &JsValue) -> Result<js_sys::Array, Error> {
    if is_list(value) {
        Ok(value.clone().unchecked_into())
    } else {
        Err(invalid("requests", "must be an array", value))
    }
}
