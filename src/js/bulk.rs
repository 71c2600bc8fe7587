//! `payPayments`: items in input order, progress, and a report that never rejects for an item.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::{Array, Object};
use wasm_bindgen::JsValue;

use super::abort::Abort;
use super::inlet::{self, BulkOptions};
use super::outlet;
use super::value::{set, settled};
use crate::bulk::{Item, confirm_all};
use crate::portal::Portal;

/// Pays many payments and reports on each, by the caller's own object of each request.
pub async fn pay(
    portal: &Rc<dyn Portal>,
    requests: &Array,
    own: &Array,
    options: BulkOptions,
) -> Object {
    let mut parsed = Vec::new();
    for request in requests.iter() {
        parsed.push(inlet::pay_request(&request));
    }
    let items = Array::new();
    let begun_at = portal.page().clock.wall();
    let done = Cell::new(0);
    confirm_all(
        portal,
        parsed,
        &options.pay,
        options.concurrency,
        |at, item| {
            let at = u32::try_from(at).unwrap_or(u32::MAX);
            let reason = Abort::reason(options.abort.as_ref());
            let shown = shown(portal, &item, &reason, begun_at);
            set(&shown, "request", own.get(at));
            items.set(at, shown.clone().into());
            done.set(done.get() + 1);
            if let Some(tell) = &options.on_progress {
                // What the caller's function throws changes nothing, also where it throws later.
                let told = tell.call3(
                    &JsValue::UNDEFINED,
                    &done.get().into(),
                    &requests.length().into(),
                    &shown,
                );
                let _ = told.map(|told| settled(&told));
            }
        },
    )
    .await;
    let report = Object::new();
    set(&report, "items", items);
    report
}

fn shown(portal: &Rc<dyn Portal>, item: &Item, reason: &JsValue, begun_at: f64) -> Object {
    match item {
        Item::Outcome(outcome) => outlet::outcome(portal, outcome, true, reason, begun_at),
        Item::Rejected(error) => {
            let object = Object::new();
            set(&object, "status", "rejected");
            set(&object, "error", outlet::error(error, reason));
            object
        }
        Item::NotStarted => {
            let object = Object::new();
            set(&object, "status", "notStarted");
            object
        }
    }
}
