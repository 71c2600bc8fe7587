//! What the module exports: a handle on a portal whose methods return promises that settle.

use std::rc::Rc;

use js_sys::{Array, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::future_to_promise;

use super::abort::Abort;
use super::call;
use super::inlet;
use super::{bulk, outlet, page, ways};
use crate::confirm::{confirm, unless};
use crate::error::Error;
use crate::list::{Of, list};
use crate::page::Page;
use crate::payment::{Payment, PaymentId};
use crate::portal::{Call, Pending, Portal};
use crate::read::{self, Limits};
use crate::request::{Action, PayOptions, PayRequest};
use crate::unsettled::unsettled;

thread_local! {
    static PAGE: Rc<Page> = page::page();
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("types.d.ts");

/// A way to reach one portal; the package's loader keeps one per `Portal` of the public API.
#[wasm_bindgen]
pub struct PortalHandle {
    portal: Rc<dyn Portal>,
}

impl std::fmt::Debug for PortalHandle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PortalHandle")
    }
}

#[wasm_bindgen]
impl PortalHandle {
    /// A portal by one of the ways to reach one: `frame`, `webhook`, `oauth`, `sdk`, in this order.
    /// `begun` is what the loader has begun with for a frame.
    #[must_use]
    pub fn over(way: u8, given: &JsValue, begun: JsValue) -> Self {
        let page = PAGE.with(Rc::clone);
        let portal = ways::portal(page, way, given, begun);
        Self { portal }
    }

    /// One of the public functions, by its number: `payPayment`, `markPaid`, `markUnpaid`,
    /// `payPayments`, `getPayment`, `listPayments`, `unsettled`, `call`. One export for all of them:
    /// each would bring its own way in and out of the module.
    pub fn run(
        &self,
        function: u8,
        given: &JsValue,
        params: &JsValue,
        options: &JsValue,
    ) -> Promise {
        let work = self.work(function, given, params, options);
        future_to_promise(async move {
            let (work, abort) = work.map_err(|error| reject(&error, None))?;
            work.await.map_err(|error| reject(&error, abort.as_deref()))
        })
    }
}

/// What is asked that changes nothing.
enum Asked {
    Payment(PaymentId),
    List(Of),
    Unsettled,
    Call(Call),
}

impl PortalHandle {
    fn work(
        &self,
        function: u8,
        given: &JsValue,
        params: &JsValue,
        options: &JsValue,
    ) -> Result<(Work, Option<Rc<Abort>>), Error> {
        let marked =
            |action| inlet::payment_id(given).map(|payment| PayRequest { payment, action });
        let asked = match function {
            0 => return self.confirm(inlet::pay_request(given)?, options),
            1 => return self.confirm(marked(Action::MarkPaid)?, options),
            2 => return self.confirm(marked(Action::MarkUnpaid)?, options),
            3 => return self.confirm_all(inlet::list(given)?, options),
            4 => Asked::Payment(inlet::payment_id(given)?),
            5 => Asked::List(inlet::of(given)?),
            6 => Asked::Unsettled,
            _ => Asked::Call(call::asked(given, params)?),
        };
        let mut taken = PayOptions::default();
        let abort = inlet::call_options(options, &mut taken)?;
        let portal = Rc::clone(&self.portal);
        let work = async move {
            let answer: Work = Box::pin(ask(portal, asked, taken.deadline_ms));
            unless(taken.abort.as_deref(), answer).await
        };
        Ok((Box::pin(work), abort))
    }

    fn confirm(
        &self,
        request: PayRequest,
        options: &JsValue,
    ) -> Result<(Work, Option<Rc<Abort>>), Error> {
        let mut taken = PayOptions::default();
        let abort = inlet::pay_options(options, &mut taken)?;
        let portal = Rc::clone(&self.portal);
        let heard = abort.clone();
        let work = async move {
            let outcome = confirm(&portal, &request, &taken).await?;
            let now = portal.page().clock.now();
            let reason = reason(heard.as_deref());
            Ok(outlet::outcome(&outcome, request.action.makes_paid(), now, &reason).into())
        };
        Ok((Box::pin(work), abort))
    }

    fn confirm_all(
        &self,
        requests: Array,
        options: &JsValue,
    ) -> Result<(Work, Option<Rc<Abort>>), Error> {
        let options = inlet::bulk_options(options)?;
        let portal = Rc::clone(&self.portal);
        let work = async move { Ok(bulk::pay(&portal, &requests, options).await.into()) };
        Ok((Box::pin(work), None))
    }
}

/// Asks, and shows the answer.
async fn ask(portal: Rc<dyn Portal>, asked: Asked, deadline_ms: f64) -> Result<JsValue, Error> {
    let portal_ref = portal.as_ref();
    if !matches!(asked, Asked::Unsettled) {
        portal.open().await?;
    }
    let shown = |payment: &Rc<Payment>| outlet::payment(payment, portal.page().clock.now());
    let payments = match asked {
        Asked::Payment(id) => {
            let payment = read::payment(portal_ref, id, deadline_ms, Limits::Wait).await?;
            return Ok(shown(&payment));
        }
        Asked::Call(call) => {
            let reply = read::ask(portal_ref, &call, deadline_ms, Limits::Fail).await?;
            return Ok(call::result(call.method, reply.into_result()));
        }
        Asked::Unsettled => {
            let entries = unsettled(&portal).await?;
            return Ok(entries.iter().map(outlet::entry).collect::<Array>().into());
        }
        Asked::List(of) => list(portal_ref, of, deadline_ms).await?,
    };
    Ok(payments.iter().map(shown).collect::<Array>().into())
}

/// What a promise waits for.
type Work = Pending<'static, Result<JsValue, Error>>;

fn reason(abort: Option<&Abort>) -> JsValue {
    abort.map_or(JsValue::UNDEFINED, Abort::reason)
}

fn reject(error: &Error, abort: Option<&Abort>) -> JsValue {
    outlet::error(error, &reason(abort))
}
