//! Sees a silent request end. `BX24` calls nobody back on a 5xx or a broken connection, but the
//! browser's resource timing has an entry for it; where there is none, an error of the window is a
//! hint. Neither touches the page's code.

use std::cell::{Cell, RefCell};
use std::future::{Future, pending};
use std::pin::pin;
use std::rc::Rc;

use js_sys::{Array, Object};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

use super::global::{global, of_page};
use super::value::{called, heard_by, number_of, set, text_of};
use crate::page::Page;
use crate::portal::Ended;
use crate::read::first;
use crate::signal::Signal;
use crate::text::{before, cut_last};

#[wasm_bindgen]
extern "C" {
    type PerformanceObserver;
    #[wasm_bindgen(constructor, catch)]
    fn new(seen: JsValue) -> Result<PerformanceObserver, JsValue>;
}

/// How long after the end of a request its callback may come.
const GRACE_MS: f64 = 200.0;
/// How long after an error of the window the entry of its request may come.
const ENTRY_MS: f64 = 300.0;
/// How much coarser the browser's entries are than its clock.
const COARSE_MS: f64 = 5.0;
/// How many requests are remembered whose entries have not come.
const REMEMBERED: usize = 64;

/// A request whose end is looked out for.
pub struct Watched {
    method: &'static str,
    handed_at: f64,
    /// When `callMethod` has returned. A request that started later was held back, or somebody else in the page has sent it.
    returned_at: Cell<f64>,
    is_answered: Cell<bool>,
    entry: Cell<Option<Ended>>,
    has_entry: Signal,
    has_error: Signal,
}

impl Watched {
    /// `callMethod` has returned.
    pub fn returned(&self, at: f64) {
        self.returned_at.set(at);
    }

    /// Its callback has come.
    pub fn answered(&self) {
        self.is_answered.set(true);
    }
}

#[derive(Default)]
struct Requests {
    watched: RefCell<Vec<Rc<Watched>>>,
    /// Methods that the page calls by itself too: their entries cannot be told from ours.
    foreign: RefCell<Vec<&'static str>>,
}

/// Looks out for the end of requests while it lives.
pub struct Observer {
    page: Rc<Page>,
    requests: Rc<Requests>,
    source: Option<PerformanceObserver>,
    erred: JsValue,
}

impl Observer {
    pub fn new(page: Rc<Page>) -> Self {
        let requests = Rc::new(Requests::default());
        let seen = heard_by(&requests, |requests, list| {
            if let Ok(entries) = called(&list, "getEntries", JsValue::UNDEFINED) {
                let entries: Array = entries.unchecked_into();
                entries.iter().for_each(|entry| requests.see(&entry));
            }
        });
        let erred = heard_by(&requests, |requests, _| {
            for watched in requests.watched.borrow().iter() {
                watched.has_error.set();
            }
        });
        // Making one where there is no such class would throw past us.
        let class = of_page("PerformanceObserver").ok();
        let source = class
            .filter(JsValue::is_function)
            .and_then(|_| PerformanceObserver::new(seen).ok())
            .filter(|source| {
                let options = Object::new();
                set(&options, "type", "resource");
                called(source, "observe", options.into()).is_ok()
            });
        // Where there is no window, there is no hint either.
        let _ = global(|global| global.listen("error", &erred));
        Self {
            page,
            requests,
            source,
            erred,
        }
    }

    /// Looks out for the end of a request that is about to be handed over.
    pub fn watch(
        &self,
        method: &'static str,
    ) -> (Rc<Watched>, impl Future<Output = Ended> + 'static) {
        let watched = Rc::new(Watched {
            method,
            handed_at: self.page.clock.now(),
            returned_at: Cell::default(),
            is_answered: Cell::new(false),
            entry: Cell::default(),
            has_entry: Signal::default(),
            has_error: Signal::default(),
        });
        let mut list = self.requests.watched.borrow_mut();
        if list.len() >= REMEMBERED {
            list.remove(0);
        }
        list.push(Rc::clone(&watched));
        (Rc::clone(&watched), ended(Rc::clone(&self.page), watched))
    }
}

impl Drop for Observer {
    fn drop(&mut self) {
        if let Some(source) = &self.source {
            let _ = called(source, "disconnect", JsValue::UNDEFINED);
        }
        let _ = global(|global| global.unlisten("error", &self.erred));
    }
}

/// Resolves when the request has ended and its callback has not come a moment later.
async fn ended(page: Rc<Page>, watched: Rc<Watched>) -> Ended {
    let error = async {
        watched.has_error.wait().await;
        page.clock.sleep(ENTRY_MS).await;
    };
    first(pin!(watched.has_entry.wait()), pin!(error)).await;
    page.clock.sleep(GRACE_MS).await;
    if watched.is_answered.get() {
        return pending().await;
    }
    let entry = watched.entry.get();
    entry.unwrap_or(Ended {
        started_at: None,
        status: None,
        certain: false,
    })
}

impl Requests {
    /// Finds out whose request an entry is.
    fn see(&self, entry: &JsValue) {
        let address = text_of(entry, "name");
        let (Some(address), Some(started_at)) = (address, number_of(entry, "startTime")) else {
            return;
        };
        let Some(name) = method_of(&address) else {
            return;
        };
        // BX24 sends by XMLHttpRequest; these are of a portal over HTTP.
        if text_of(entry, "initiatorType").as_deref() == Some("fetch") {
            return;
        }
        let status = number_of(entry, "responseStatus").and_then(super::frame::status_of);
        // After a 401 BX24 may renew its token and send the call again.
        if status == Some(401) {
            return;
        }
        let mut watched = self.watched.borrow_mut();
        let (mut within, mut first_within) = (0, None);
        let (mut first_open, mut answered) = (None, None);
        for (at, request) in watched.iter().enumerate() {
            if request.method != name || request.handed_at > started_at + COARSE_MS {
                continue;
            }
            if request.handed_at <= started_at && started_at <= request.returned_at.get() {
                within += 1;
                first_within = first_within.or(Some(at));
            } else if request.is_answered.get() {
                answered = answered.or(Some(at));
            } else {
                first_open = first_open.or(Some(at));
            }
        }
        // What started later was held back, or is not ours. An answered request's entry comes after its callback; it is the likelier
        // owner.
        let Some(at) = first_within.or(answered).or(first_open) else {
            self.foreign
                .borrow_mut()
                .extend(FLOW.iter().find(|known| **known == name));
            return;
        };
        let request = watched.remove(at);
        let is_foreign = self.foreign.borrow().contains(&request.method);
        let certain = within == 1 && !is_foreign && status.is_some();
        request.entry.replace(Some(Ended {
            started_at: Some(started_at),
            status,
            certain,
        }));
        request.has_entry.set();
    }
}

/// Methods whose end decides something.
const FLOW: [&str; 3] = [
    "sale.paysystem.pay.payment",
    "crm.item.payment.pay",
    "crm.item.payment.unpay",
];

/// The REST method in an address such as `https://host/rest/crm.item.payment.get.json`.
fn method_of(address: &str) -> Option<&str> {
    let (path, _) = before(address, b"?#");
    cut_last(path, b'/')?.1.strip_suffix(".json")
}
