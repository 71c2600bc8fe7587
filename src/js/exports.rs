//! What the module exports: a way to make portals, each a function that settles the promises of the public ones.

use std::cell::Cell;
use std::pin::pin;
use std::rc::Rc;

use js_sys::{Array, Function};
#[cfg(feature = "module")]
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;

use super::abort::Abort;
use super::call;
#[cfg(not(feature = "http"))]
use super::frame::Frame;
use super::frame::kept_in;
use super::inlet;
use super::value::Callback;
#[cfg(feature = "http")]
use super::ways;
use super::{bulk, outlet, page};
use crate::confirm::{confirm, unless};
use crate::error::{Code, Error};
use crate::list::{Of, list};
use crate::page::Page;
use crate::payment::{Payment, PaymentId};
use crate::portal::{Call, Portal};
use crate::read::{self, Limits};
use crate::request::{Action, PayOptions, PayRequest};
use crate::unsettled::unsettled;

thread_local! {
    static PAGE: Rc<Page> = page();
}

#[cfg(feature = "module")]
#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("types.d.ts");

/// A portal by one of the ways to reach one: `frame`, `webhook`, `oauth`, `sdk`, in this order. `begun` is what the loader has
/// begun with for a frame. It is a function, which goes when nobody holds it any more, and which is called with a list: the
/// number of a public function, its three arguments, and what settles its promise, well or not.
///
/// Only the package's own module exports it: an app in Rust has exports of its own, and would carry it and all below unasked.
#[must_use]
#[cfg_attr(feature = "module", wasm_bindgen)]
#[cfg_attr(
    not(feature = "module"),
    expect(dead_code, reason = "apps in Rust call the flow itself")
)]
pub fn over(way: u8, given: JsValue, begun: JsValue) -> JsValue {
    let (kept, begun) = (Cell::new(None), Cell::new(begun));
    Callback::new(move |asked: JsValue| {
        let portal = kept_in(&kept, || made(way, &given, begun.take()));
        run(portal, asked.unchecked_into());
        JsValue::UNDEFINED
    })
    .into_js_value()
}

fn made(way: u8, given: &JsValue, begun: JsValue) -> Rc<dyn Portal> {
    let page = PAGE.with(Rc::clone);
    #[cfg(feature = "http")]
    return ways::portal(page, way, given, begun);
    #[cfg(not(feature = "http"))]
    {
        // There is one way.
        let _ = (way, given);
        Frame::first(page, begun)
    }
}

/// Runs a function, and settles its promise.
fn run(portal: Rc<dyn Portal>, asked: Array) {
    spawn_local(async move {
        let mut abort = None;
        let (settle, value) = match said(&portal, &asked, &mut abort).await {
            Ok(value) => (4, value),
            Err(error) => (5, outlet::error(&error, &Abort::reason(abort.as_ref()))),
        };
        // The loader's own, which throws nothing.
        let settle: Function = asked.get(settle).unchecked_into();
        let _ = settle.call1(&JsValue::UNDEFINED, &value);
    });
}

/// What is asked that changes nothing.
enum Asked {
    Payment(PaymentId),
    List(Of),
    Unsettled,
    Call(Call),
}

/// What one of the public functions resolves with, by its number: `payPayment`, `markPaid`, `markUnpaid`, `payPayments`,
/// `getPayment`, `listPayments`, `unsettled`, `call`.
async fn said(
    portal: &Rc<dyn Portal>,
    asked: &Array,
    abort: &mut Option<Abort>,
) -> Result<JsValue, Error> {
    let (given, options) = (&asked.get(1), &asked.get(3));
    let marked = |action| inlet::payment_id(given).map(|payment| PayRequest { payment, action });
    let mut taken = PayOptions::default();
    let asked = match number(&asked.get(0)) {
        3 => {
            let requests = inlet::list(given)?;
            let options = inlet::bulk_options(portal, options)?;
            // As the caller holds them, which is how they are named in the report.
            let own = asked.get(2).unchecked_into();
            return Ok(bulk::pay(portal, &requests, &own, options).await.into());
        }
        4 => Asked::Payment(inlet::payment_id(given)?),
        5 => Asked::List(inlet::of(given)?),
        6 => Asked::Unsettled,
        7 => Asked::Call(call::asked(given, &asked.get(2))?),
        function => {
            let request = match function {
                0 => inlet::pay_request(given),
                1 => marked(Action::MarkPaid),
                _ => marked(Action::MarkUnpaid),
            }?;
            *abort = inlet::pay_options(portal, options, &mut taken)?;
            let begun_at = portal.page().clock.wall();
            let outcome = confirm(portal, &request, &taken).await?;
            let reason = Abort::reason(abort.as_ref());
            let pays = request.action.makes_paid();
            return Ok(outlet::outcome(portal, &outcome, pays, &reason, begun_at).into());
        }
    };
    *abort = inlet::call_options(options, &mut taken)?;
    let is_sent = Cell::new(false);
    let answer = ask(portal, asked, taken.deadline_ms, &is_sent);
    let said = unless(taken.abort.as_deref(), pin!(answer)).await;
    said.map_err(|error| {
        if error.is(Code::Aborted) {
            Error::aborted(is_sent.get())
        } else {
            error
        }
    })
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "one of the loader's numbers"
)]
fn number(function: &JsValue) -> u8 {
    function.as_f64().unwrap_or_default() as u8
}

/// Asks, and shows the answer. `is_sent` is set where something may have been sent that changes something.
async fn ask(
    portal: &Rc<dyn Portal>,
    asked: Asked,
    deadline_ms: f64,
    is_sent: &Cell<bool>,
) -> Result<JsValue, Error> {
    let portal_ref = portal.as_ref();
    if !matches!(asked, Asked::Unsettled) {
        portal.open().await?;
    }
    let clock = &portal.page().clock;
    let asked_at = (clock.now(), clock.wall());
    let shown = |payment: &Rc<Payment>| outlet::payment(portal, payment, asked_at);
    let payments = match asked {
        Asked::Payment(id) => {
            let (payment, _) = read::payment(portal_ref, id, deadline_ms, Limits::Wait).await?;
            return Ok(shown(&payment));
        }
        Asked::Call(call) => {
            is_sent.set(true);
            let reply = read::ask(portal_ref, &call, deadline_ms, Limits::Fail).await?;
            if !reply.has_result() {
                return Err(Error::nonsense(call.method, "a result", reply.status));
            }
            return Ok(call::result(call.method, reply.into_result()));
        }
        Asked::Unsettled => {
            let entries = unsettled(portal).await?;
            return Ok(entries.iter().map(outlet::entry).collect::<Array>().into());
        }
        Asked::List(of) => list(portal_ref, of, deadline_ms).await?,
    };
    Ok(payments.iter().map(shown).collect::<Array>().into())
}
