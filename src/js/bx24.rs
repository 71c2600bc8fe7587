//! The global `BX24`, member by member, every one with catch. It decides nothing.
//! Looked up at each use: it can be undeclared, `null` or an object, and `init` is replaced.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    /// The `BX24` object.
    #[derive(Clone)]
    pub type Bx24;

    /// `BX24.init(callback)`
    #[wasm_bindgen(method, structural, catch)]
    pub fn init(this: &Bx24, callback: &JsValue) -> Result<(), JsValue>;

    /// `BX24.callMethod(method, params, callback)`
    #[wasm_bindgen(method, structural, catch, js_name = callMethod)]
    pub fn call_method(
        this: &Bx24,
        method: &str,
        params: &JsValue,
        callback: &JsValue,
    ) -> Result<(), JsValue>;

    /// The function `BX24.init`
    #[wasm_bindgen(method, getter, structural, catch, js_name = init)]
    pub fn init_itself(this: &Bx24) -> Result<JsValue, JsValue>;

    /// The function `BX24.callMethod`
    #[wasm_bindgen(method, getter, structural, catch, js_name = callMethod)]
    pub fn call_method_itself(this: &Bx24) -> Result<JsValue, JsValue>;

    /// `BX24.getDomain()`
    #[wasm_bindgen(method, structural, catch, js_name = getDomain)]
    pub fn get_domain(this: &Bx24) -> Result<JsValue, JsValue>;

    /// `BX24.getAuth()`: `false` once the token has expired
    #[wasm_bindgen(method, structural, catch, js_name = getAuth)]
    pub fn get_auth(this: &Bx24) -> Result<JsValue, JsValue>;

    /// `BX24.refreshAuth(callback)`
    #[wasm_bindgen(method, structural, catch, js_name = refreshAuth)]
    pub fn refresh_auth(this: &Bx24, callback: &JsValue) -> Result<(), JsValue>;
}

#[wasm_bindgen]
extern "C" {
    /// What `callMethod` hands to its callback. `error()` is circular, so its parts are read here.
    pub type AjaxResult;

    /// `result.answer`
    #[wasm_bindgen(method, getter, structural, catch)]
    pub fn answer(this: &AjaxResult) -> Result<JsValue, JsValue>;

    /// `result.status`
    #[wasm_bindgen(method, getter, structural, catch)]
    pub fn status(this: &AjaxResult) -> Result<JsValue, JsValue>;

    /// `result.error()`
    #[wasm_bindgen(method, structural, catch)]
    pub fn error(this: &AjaxResult) -> Result<JsValue, JsValue>;

    /// `result.error_description()`
    #[wasm_bindgen(method, structural, catch)]
    pub fn error_description(this: &AjaxResult) -> Result<JsValue, JsValue>;

    /// `result.data()`
    #[wasm_bindgen(method, structural, catch)]
    pub fn data(this: &AjaxResult) -> Result<JsValue, JsValue>;

    /// The portal's answer as it stands in `result.answer`.
    pub type Body;

    /// `error`: a code, or an object with one.
    #[wasm_bindgen(method, getter, structural, catch)]
    pub fn error(this: &Body) -> Result<JsValue, JsValue>;

    /// `error_description`
    #[wasm_bindgen(method, getter, structural, catch)]
    pub fn error_description(this: &Body) -> Result<JsValue, JsValue>;

    /// `result`
    #[wasm_bindgen(method, getter, structural, catch)]
    pub fn result(this: &Body) -> Result<JsValue, JsValue>;

    /// `time`
    #[wasm_bindgen(method, getter, structural, catch)]
    pub fn time(this: &Body) -> Result<JsValue, JsValue>;
}
