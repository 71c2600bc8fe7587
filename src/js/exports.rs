//! What the module exports: a handle on a portal whose methods return promises that settle.

use std::future::Future;
use std::rc::Rc;

use js_sys::{Array, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::future_to_promise;

use super::abort::Abort;
use super::call;
use super::inlet::{self, Of};
use super::{bulk, outlet, page, ways};
use crate::confirm::{confirm, unless};
use crate::error::Error;
use crate::list;
use crate::page::Page;
use crate::payment::Payment;
use crate::portal::{Pending, Portal};
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
    /// `frame(options)`
    #[must_use]
    pub fn frame(options: &JsValue) -> Self {
        Self::over(ways::frame, options)
    }

    /// `webhook(url)`
    #[must_use]
    pub fn webhook(url: &JsValue) -> Self {
        Self::over(ways::webhook, url)
    }

    /// `oauth(options)`
    #[must_use]
    pub fn oauth(options: &JsValue) -> Self {
        Self::over(ways::oauth, options)
    }

    /// `sdk(b24)`
    #[must_use]
    pub fn sdk(b24: &JsValue) -> Self {
        Self::over(ways::sdk, b24)
    }

    /// `call(method, params, options)`
    pub fn call(&self, method: &JsValue, params: &JsValue, options: &JsValue) -> Promise {
        let asked = call::asked(method, params);
        let portal = Rc::clone(&self.portal);
        self.read(asked, options, |asked, options| async move {
            portal.open().await?;
            let reply =
                read::ask(portal.as_ref(), &asked, options.deadline_ms, Limits::Fail).await?;
            Ok(call::result(asked.method, reply.into_result()))
        })
    }

    /// `payPayment(request, options)`
    #[wasm_bindgen(js_name = payPayment)]
    pub fn pay_payment(&self, request: &JsValue, options: &JsValue) -> Promise {
        let request = inlet::pay_request(request);
        self.confirm(request, options)
    }

    /// `markPaid(paymentId, options)`
    #[wasm_bindgen(js_name = markPaid)]
    pub fn mark_paid(&self, payment_id: &JsValue, options: &JsValue) -> Promise {
        let request = inlet::payment_id(payment_id);
        self.confirm(
            request.map(|payment| PayRequest {
                payment,
                action: Action::MarkPaid,
            }),
            options,
        )
    }

    /// `markUnpaid(paymentId, options)`
    #[wasm_bindgen(js_name = markUnpaid)]
    pub fn mark_unpaid(&self, payment_id: &JsValue, options: &JsValue) -> Promise {
        let request = inlet::payment_id(payment_id);
        self.confirm(
            request.map(|payment| PayRequest {
                payment,
                action: Action::MarkUnpaid,
            }),
            options,
        )
    }

    /// `payPayments(requests, options)`
    #[wasm_bindgen(js_name = payPayments)]
    pub fn pay_payments(&self, requests: &JsValue, options: &JsValue) -> Promise {
        let portal = Rc::clone(&self.portal);
        let parsed = inlet::list(requests)
            .and_then(|requests| Ok((requests, inlet::bulk_options(options)?)));
        promise(parsed.map(|(requests, options)| -> (Work, _) {
            let pay = async move { Ok(bulk::pay(&portal, &requests, options).await.into()) };
            (Box::pin(pay), None)
        }))
    }

    /// `unsettled(options)`
    pub fn unsettled(&self, options: &JsValue) -> Promise {
        let portal = Rc::clone(&self.portal);
        self.read(Ok(()), options, |(), _| async move {
            let entries = unsettled(&portal).await?;
            Ok(entries.iter().map(outlet::entry).collect::<Array>().into())
        })
    }

    /// `getPayment(paymentId, options)`
    #[wasm_bindgen(js_name = getPayment)]
    pub fn get_payment(&self, payment_id: &JsValue, options: &JsValue) -> Promise {
        let id = inlet::payment_id(payment_id);
        let portal = Rc::clone(&self.portal);
        self.read(id, options, |id, options| async move {
            portal.open().await?;
            let payment =
                read::payment(portal.as_ref(), id, options.deadline_ms, Limits::Wait).await?;
            Ok(outlet::payment(&payment, portal.page().clock.now()))
        })
    }

    /// `listPayments(of, options)`
    #[wasm_bindgen(js_name = listPayments)]
    pub fn list_payments(&self, of: &JsValue, options: &JsValue) -> Promise {
        let of = inlet::of(of);
        let portal = Rc::clone(&self.portal);
        self.read(of, options, |of, options| async move {
            portal.open().await?;
            let payments = match of {
                Of::Entity(kind, id) => {
                    list::of_entity(portal.as_ref(), kind, id, options.deadline_ms).await?
                }
                Of::Order(id) => list::of_order(portal.as_ref(), id, options.deadline_ms).await?,
            };
            let now = portal.page().clock.now();
            let show = |payment: &Payment| outlet::payment(payment, now);
            Ok(payments.iter().map(show).collect::<Array>().into())
        })
    }
}

impl PortalHandle {
    fn over(way: fn(Rc<Page>, &JsValue) -> Rc<dyn Portal>, given: &JsValue) -> Self {
        Self {
            portal: way(PAGE.with(Rc::clone), given),
        }
    }

    fn confirm(&self, request: Result<PayRequest, Error>, options: &JsValue) -> Promise {
        let portal = Rc::clone(&self.portal);
        let parsed = request.and_then(|request| Ok((request, inlet::pay_options(options)?)));
        promise(parsed.map(|(request, (options, abort))| -> (Work, _) {
            let abort = abort.map(Rc::new);
            let heard = abort.clone();
            let confirm = async move {
                let outcome = confirm(&portal, &request, &options).await?;
                let now = portal.page().clock.now();
                let reason = reason(heard.as_deref());
                Ok(outlet::outcome(&outcome, request.action.makes_paid(), now, &reason).into())
            };
            (Box::pin(confirm), abort)
        }))
    }

    /// A call that changes nothing: it ends when the caller aborts.
    #[expect(clippy::unused_self, reason = "called like its siblings")]
    fn read<A: 'static, F: Future<Output = Result<JsValue, Error>> + 'static>(
        &self,
        argument: Result<A, Error>,
        options: &JsValue,
        read: impl FnOnce(A, PayOptions) -> F,
    ) -> Promise {
        let parsed = argument.and_then(|argument| Ok((argument, inlet::call_options(options)?)));
        promise(parsed.map(|(argument, (options, abort))| -> (Work, _) {
            let heard = options.abort.clone();
            let read: Work = Box::pin(read(argument, options));
            let read = async move { unless(heard.as_deref(), read).await };
            (Box::pin(read), abort.map(Rc::new))
        }))
    }
}

/// What a promise waits for. One type for all of them: each would else be compiled by itself.
type Work = Pending<'static, Result<JsValue, Error>>;

/// A promise that rejects with a `PayError` only.
fn promise(work: Result<(Work, Option<Rc<Abort>>), Error>) -> Promise {
    future_to_promise(async move {
        let (work, abort) = work.map_err(|error| reject(&error, None))?;
        work.await.map_err(|error| reject(&error, abort.as_deref()))
    })
}

fn reason(abort: Option<&Abort>) -> JsValue {
    abort.map_or(JsValue::UNDEFINED, Abort::reason)
}

fn reject(error: &Error, abort: Option<&Abort>) -> JsValue {
    outlet::error(error, &reason(abort))
}
