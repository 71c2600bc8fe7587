//! The global object, member by member: what a page, a worker and a server have of it differs, so every one has catch.
//! It decides nothing.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::{Closure, wasm_bindgen};

#[wasm_bindgen]
extern "C" {
    /// `globalThis`
    pub type Global;
    #[wasm_bindgen(thread_local_v2, js_name = globalThis)]
    static GLOBAL: Global;

    /// `BX24`, undeclared until its script has run.
    #[wasm_bindgen(method, getter, structural, catch, js_name = BX24)]
    pub fn bx24(this: &Global) -> Result<JsValue, JsValue>;

    /// What the portal wrote into the frame: its host, its protocol, and more.
    #[wasm_bindgen(method, getter, structural, catch)]
    pub fn name(this: &Global) -> Result<JsValue, JsValue>;

    /// `navigator`
    #[wasm_bindgen(method, getter, structural, catch)]
    pub fn navigator(this: &Global) -> Result<Navigator, JsValue>;

    /// `localStorage`, which throws where storage is forbidden.
    #[wasm_bindgen(method, getter, structural, catch, js_name = localStorage)]
    pub fn local_storage(this: &Global) -> Result<JsValue, JsValue>;

    /// `PerformanceObserver`, a class.
    #[wasm_bindgen(method, getter, structural, catch, js_name = PerformanceObserver)]
    pub fn performance_observer(this: &Global) -> Result<JsValue, JsValue>;

    /// `addEventListener(kind, listener)`
    #[wasm_bindgen(method, structural, catch, js_name = addEventListener)]
    pub fn listen(
        this: &Global,
        kind: &str,
        listener: &Closure<dyn FnMut()>,
    ) -> Result<(), JsValue>;

    /// `removeEventListener(kind, listener)`
    #[wasm_bindgen(method, structural, catch, js_name = removeEventListener)]
    pub fn unlisten(
        this: &Global,
        kind: &str,
        listener: &Closure<dyn FnMut()>,
    ) -> Result<(), JsValue>;

    /// `navigator`
    pub type Navigator;

    /// `navigator.locks`
    #[wasm_bindgen(method, getter, structural, catch)]
    pub fn locks(this: &Navigator) -> Result<JsValue, JsValue>;
}

/// Asks the global object.
pub fn global<T>(ask: impl FnOnce(&Global) -> T) -> T {
    GLOBAL.with(ask)
}
