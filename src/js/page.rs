//! The page as the browser offers it: timers, Web Locks, and a journal in its storage. Each may be
//! missing, full or throw; then the flow does without.

use std::cell::RefCell;
use std::pin::pin;
use std::rc::{Rc, Weak};

use gloo_timers::future::TimeoutFuture;
use js_sys::{Function, JSON, Object, Promise};
use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::global::{Global, global};
use super::value::{json, plain, set};
use crate::digits;
use crate::json::{Json, members};
use crate::page::Page;
use crate::portal::{Clock, Entry, Held, Journal, Locks, Pending};
use crate::read::first;
use crate::signal::Signal;
use crate::text::joined;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn monotonic() -> f64;
    #[wasm_bindgen(js_namespace = performance, js_name = timeOrigin, thread_local_v2)]
    static TIME_ORIGIN: f64;

    type LockManager;
    #[wasm_bindgen(method, structural, catch)]
    fn request(
        this: &LockManager,
        name: &str,
        options: &JsValue,
        granted: &JsValue,
    ) -> Result<Promise, JsValue>;

    type Storage;
    #[wasm_bindgen(method, structural, catch, js_name = getItem)]
    fn get_item(this: &Storage, key: &str) -> Result<Option<String>, JsValue>;
    #[wasm_bindgen(method, structural, catch, js_name = setItem)]
    fn set_item(this: &Storage, key: &str, value: &str) -> Result<(), JsValue>;
    #[wasm_bindgen(method, structural, catch, js_name = removeItem)]
    fn remove_item(this: &Storage, key: &str) -> Result<(), JsValue>;
    #[wasm_bindgen(method, structural, catch)]
    fn key(this: &Storage, at: u32) -> Result<Option<String>, JsValue>;
}

/// This page.
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
        // The wall clock as it was when the page was loaded, and monotonic since.
        TIME_ORIGIN.with(|origin| *origin) + monotonic()
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "limited to fit"
    )]
    fn sleep(&self, ms: f64) -> Pending<'static, ()> {
        if ms <= 0.0 {
            return Box::pin(std::future::ready(()));
        }
        // The browser rounds down; a wait must never be shorter than asked.
        Box::pin(TimeoutFuture::new(ms.ceil().min(f64::from(i32::MAX)) as u32))
    }
}

/// How a request for a lock was answered.
enum Grant {
    Held(Function),
    Taken,
    Refused,
}

impl Locks for Browser {
    fn acquire(&self, name: &str) -> Pending<'static, (Held, bool)> {
        let name = name.to_owned();
        Box::pin(async move {
            let (grant, is_contended) = match request_lock(&name, true).await {
                Grant::Taken => (request_lock(&name, false).await, true),
                grant => (grant, false),
            };
            let held = match grant {
                Grant::Held(release) => Held::new(move || {
                    let _ = release.call0(&JsValue::UNDEFINED);
                }),
                Grant::Taken | Grant::Refused => Held::nothing(),
            };
            (held, is_contended)
        })
    }
}

/// Where the granted lock leaves its release.
#[derive(Default)]
struct Slot {
    grant: RefCell<Option<Grant>>,
    filled: Signal,
}

async fn request_lock(name: &str, if_available: bool) -> Grant {
    let slot = Rc::new(Slot::default());
    let granted = {
        let slot = Rc::downgrade(&slot);
        Closure::<dyn FnMut(JsValue) -> JsValue>::new(move |lock: JsValue| {
            // Nobody waits any more: returning gives the lock back at once.
            let Some(slot) = Weak::upgrade(&slot) else {
                return JsValue::UNDEFINED;
            };
            let mut until = JsValue::UNDEFINED;
            let grant = if lock.is_null() {
                Grant::Taken
            } else {
                // No function of our own stands in until then: making one is `new Function`, which
                // the page's content security policy forbids.
                let mut release = None;
                until = Promise::new(&mut |resolve, _| release = Some(resolve)).into();
                release.map_or(Grant::Refused, Grant::Held)
            };
            slot.grant.replace(Some(grant));
            slot.filled.set();
            until
        })
    };
    let options = Object::new();
    set(&options, "ifAvailable", if_available);
    let locks = global(Global::navigator).and_then(|navigator| navigator.locks());
    let Ok(locks) = locks else {
        return Grant::Refused;
    };
    if !locks.is_object() {
        return Grant::Refused;
    }
    let locks: LockManager = locks.unchecked_into();
    let Ok(promise) = locks.request(name, &options, &granted.into_js_value()) else {
        return Grant::Refused;
    };
    let filled = pin!(async {
        slot.filled.wait().await;
        slot.grant.take().unwrap_or(Grant::Refused)
    });
    let refused = pin!(async {
        let _ = JsFuture::from(promise).await;
        Grant::Refused
    });
    first(filled, refused).await
}

/// The storage, where there is one that does not throw.
fn storage() -> Option<Storage> {
    let storage = global(Global::local_storage).ok()?;
    storage.is_object().then(|| storage.unchecked_into())
}

fn key_of(host: &str) -> String {
    joined(&["b24pay:", host, ":"])
}

fn entry_key(entry: &Entry) -> String {
    key_of(&entry.host) + &digits::text(entry.payment)
}

impl Journal for Browser {
    fn entries(&self, host: &str) -> Vec<Entry> {
        let Some(storage) = storage() else {
            return Vec::new();
        };
        let prefix = key_of(host);
        let mut entries = Vec::new();
        let mut at = 0;
        while let Ok(Some(key)) = storage.key(at) {
            at += 1;
            let Some(payment) = key.strip_prefix(&prefix) else {
                continue;
            };
            let value = storage.get_item(&key).ok().flatten();
            entries.extend(value.and_then(|value| read_entry(host, payment, &value)));
        }
        entries
    }

    fn write(&self, entry: &Entry) {
        let text = plain(&Json::Map(members(vec![
            (
                "paySystemId",
                entry.pay_system.map_or(Json::Null, Json::whole_number),
            ),
            ("pays", Json::Bool(entry.pays)),
            ("sentAt", Json::Number(entry.sent_at)),
            ("settleMs", Json::Number(entry.settle_ms)),
        ])));
        if let (Some(storage), Ok(text)) = (storage(), JSON::stringify(&text)) {
            let _ = storage.set_item(&entry_key(entry), &String::from(text));
        }
    }

    fn remove(&self, entry: &Entry) {
        let Some(storage) = storage() else { return };
        let key = entry_key(entry);
        let value = storage.get_item(&key).ok().flatten();
        let now =
            value.and_then(|value| read_entry(&entry.host, &digits::text(entry.payment), &value));
        if now.is_none_or(|now| now == *entry) {
            let _ = storage.remove_item(&key);
        }
    }
}

/// An entry as another page wrote it, or nothing where it is not to be understood.
fn read_entry(host: &str, payment: &str, value: &str) -> Option<Entry> {
    let value = json(&JSON::parse(value).ok()?)?;
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
