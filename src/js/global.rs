//! The global object: what a page, a worker and a server have of it differs, so every look at it may fail.
//! It decides nothing.

use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

use super::value::{is_given, member};

#[wasm_bindgen]
extern "C" {
    /// What tells listeners of events: the global object, and a signal, which is typed by its members, since one of another
    /// frame is no instance of this one's class.
    #[derive(Clone)]
    pub type Events;

    /// `addEventListener(kind, listener)`. The listener is a value that lives while anybody holds it: one that was dropped here and is
    /// called there would break the module.
    #[wasm_bindgen(method, structural, catch, js_name = addEventListener)]
    pub fn listen(this: &Events, kind: &str, listener: &JsValue) -> Result<(), JsValue>;

    /// `removeEventListener(kind, listener)`
    #[wasm_bindgen(method, structural, catch, js_name = removeEventListener)]
    pub fn unlisten(this: &Events, kind: &str, listener: &JsValue) -> Result<(), JsValue>;
}

/// Asks the global object.
pub fn global<T>(ask: impl FnOnce(&Events) -> T) -> T {
    ask(js_sys::global().unchecked_ref())
}

/// A member of the global object. `BX24` is `undefined` until its script has run; `localStorage` throws where storage is forbidden.
pub fn of_page(name: &str) -> Result<JsValue, JsValue> {
    global(|global| member(global, name))
}

/// A member of `navigator`.
pub fn of_browser(name: &str) -> Result<JsValue, JsValue> {
    of_page("navigator").and_then(|navigator| member(&navigator, name))
}

/// Whether a service worker stands between this page and the network. Only a page is told: a worker of its own has no look at it.
pub fn has_worker() -> bool {
    let workers = of_browser("serviceWorker");
    workers.is_ok_and(|workers| member(&workers, "controller").is_ok_and(|it| is_given(&it)))
}
