//! The page as the browser offers it: timers, Web Locks, and a journal in its storage. Each may be
//! missing, full or throw; then the flow does without.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::rc::{Rc, Weak};
use std::task::{Context, Poll};

use js_sys::{Date, Function, JSON, Object};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;

use super::copy::json;
use super::global::{of_browser, of_page};
use super::value::{Callback, callback, called, called3, parse, set, settled, whole};
use crate::digits;
use crate::json::Json;
use crate::page::Page;
use crate::portal::{Clock, Entry, Held, Journal, Locks, Pending};
use crate::read::first;
use crate::request::LONGEST_MS;
use crate::signal::{Signal, Slot};
use crate::text::joined;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn monotonic() -> f64;

    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timer(callback: JsValue, ms: f64) -> JsValue;
    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timer(number: JsValue);
}

/// This page, worker or server. An app makes one and keeps it: calls take turns inside it, and those of two are kept apart by Web
/// Locks only, which Node 20 and pages without HTTPS do not have. A worker has no storage, and so no journal: what was under way
/// when it was closed is neither waited for nor told by [`unsettled`](crate::unsettled::unsettled).
pub fn page() -> Rc<Page> {
    Page::new(
        Rc::new(Browser),
        Rc::new(Browser),
        Rc::new(Browser),
        Rc::new(spawn_local),
    )
}

/// The browser, or whatever else runs the module.
struct Browser;

impl Clock for Browser {
    fn now(&self) -> f64 {
        monotonic()
    }

    fn wall(&self) -> f64 {
        // Not what a page reckons from its beginning: that falls behind by what the machine sleeps.
        Date::now()
    }

    fn sleep(&self, ms: f64) -> Pending<'static, ()> {
        if ms <= 0.0 {
            return Box::pin(async {});
        }
        let (rung, callback) = callback();
        // The browser rounds down; a wait must never be shorter than asked.
        let number = set_timer(callback, ms.ceil().min(LONGEST_MS));
        Box::pin(Timer { number, rung })
    }
}

/// A timer of the page, which is taken back when nobody waits for it any more.
struct Timer {
    number: JsValue,
    rung: Rc<Signal>,
}

impl Future for Timer {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        self.rung.poll(context)
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        clear_timer(std::mem::take(&mut self.number));
    }
}

impl Locks for Browser {
    fn acquire(&self, name: &str) -> Pending<'static, (Held, bool)> {
        let name = name.to_owned();
        Box::pin(async move {
            let mut is_contended = false;
            loop {
                let held = request_lock(&name, !is_contended).await;
                if held.is_some() || is_contended {
                    return (held.unwrap_or(Held::nothing()), is_contended);
                }
                is_contended = true;
            }
        })
    }
}

/// What comes when nobody waits any more is dropped, which gives the lock back.
fn fill(slot: &Weak<Slot<Option<Held>>>, held: Option<Held>) {
    if let Some(slot) = Weak::upgrade(slot) {
        slot.fill(held);
    }
}

/// The lock, `None` where somebody else has it and it was asked for only if it is available.
async fn request_lock(name: &str, if_available: bool) -> Option<Held> {
    let slot: Rc<Slot<Option<Held>>> = Rc::default();
    let granted = {
        let slot = Rc::downgrade(&slot);
        Callback::new(move |lock: JsValue| {
            if lock.is_null() {
                fill(&slot, None);
                return JsValue::UNDEFINED;
            }
            // The lock is held until what is returned settles, and that is asked to by `then`, with the function that lets it.
            let slot = Weak::clone(&slot);
            let then = Callback::new(move |release: JsValue| {
                let release: Function = release.unchecked_into();
                let held = Held::new(move || {
                    let _ = release.call1(&JsValue::UNDEFINED, &JsValue::UNDEFINED);
                });
                fill(&slot, Some(held));
                JsValue::UNDEFINED
            });
            let until = Object::new();
            set(&until, "then", then.into_js_value());
            until.into()
        })
    };
    let options = Object::new();
    set(&options, "ifAvailable", if_available);
    let refused = Some(Held::nothing());
    let Ok(locks) = of_browser("locks") else {
        return refused;
    };
    let name = JsValue::from_str(name);
    let Ok(promise) = called3(&locks, "request", &name, &options, granted.into_js_value()) else {
        return refused;
    };
    let filled = poll_fn(|context| slot.poll(context));
    let refused = pin!(async {
        let _ = settled(&promise).await;
        refused
    });
    first(pin!(filled), refused).await
}

/// Asks the storage. One that is not there throws, too.
fn stored(storage: &JsValue, ask: &str, with: JsValue) -> Option<JsValue> {
    called(storage, ask, with).ok()
}

/// The storage, or what has nothing to ask.
fn storage() -> JsValue {
    of_page("localStorage").unwrap_or(JsValue::UNDEFINED)
}

/// How many entries are read at the most. Closed pages leave a few; another app of the origin can forge any number, and each takes a
/// look of its own.
const MOST: usize = 1000;
/// How many names are looked at for them at the most. What stands in for the storage, as in tests, may give one for every number.
const KEYS: u32 = 100_000;

fn key_of(host: &str) -> String {
    joined(&["b24pay:", host, ":"])
}

fn entry_key(entry: &Entry) -> String {
    key_of(&entry.host) + &digits::text(entry.payment)
}

impl Journal for Browser {
    fn entries(&self, host: &str) -> Vec<Entry> {
        let storage = storage();
        let prefix = key_of(host);
        let mut entries = Vec::new();
        let mut at = 0;
        let key = |at: u32| stored(&storage, "key", at.into())?.as_string();
        while entries.len() < MOST
            && at < KEYS
            && let Some(key) = key(at)
        {
            at += 1;
            if let Some(payment) = key.strip_prefix(&prefix) {
                entries.extend(read_entry(&storage, host, payment));
            }
        }
        entries
    }

    fn entry(&self, host: &str, payment: u64) -> Option<Entry> {
        read_entry(&storage(), host, &digits::text(payment))
    }

    fn write(&self, entry: &Entry) {
        let noted = Object::new();
        let pay_system = entry.pay_system.map_or(JsValue::NULL, whole);
        set(&noted, "paySystemId", pay_system);
        set(&noted, "pays", entry.pays);
        set(&noted, "sentAt", entry.sent_at);
        set(&noted, "settleMs", entry.settle_ms);
        if let Ok(text) = JSON::stringify(&noted) {
            let key = entry_key(entry).into();
            let _ = called3(&storage(), "setItem", &key, &text, JsValue::UNDEFINED);
        }
    }

    fn remove(&self, entry: &Entry) {
        let now = self.entry(&entry.host, entry.payment);
        if now.is_none_or(|now| now.sent_at <= entry.sent_at) {
            stored(&storage(), "removeItem", entry_key(entry).into());
        }
    }
}

/// An entry as another page wrote it, or nothing where it is not to be understood.
fn read_entry(storage: &JsValue, host: &str, payment: &str) -> Option<Entry> {
    let value = stored(storage, "getItem", (key_of(host) + payment).into())?;
    let value = json(&parse(&value).ok()?)?;
    let (Json::Number(sent_at), Json::Number(settle_ms)) =
        (value.get("sentAt"), value.get("settleMs"))
    else {
        return None;
    };
    Some(Entry {
        host: host.to_owned(),
        payment: crate::payment::PaymentId::from_text(payment).ok()?.get(),
        pay_system: value.get("paySystemId").whole(),
        pays: !matches!(value.get("pays"), Json::Bool(false)),
        sent_at: *sent_at,
        settle_ms: *settle_ms,
    })
}
