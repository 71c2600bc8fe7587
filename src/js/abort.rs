//! An `AbortSignal` of the caller: heard while a call is under way, let go afterwards.

use std::rc::Rc;

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::{Closure, wasm_bindgen};

use crate::signal::Signal;

#[wasm_bindgen]
extern "C" {
    /// Typed by its members, since a signal of another frame is no instance of this one's class.
    #[derive(Clone)]
    type AbortSignal;
    #[wasm_bindgen(method, getter, structural, catch)]
    fn aborted(this: &AbortSignal) -> Result<bool, JsValue>;
    #[wasm_bindgen(method, getter, structural, catch)]
    fn reason(this: &AbortSignal) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, structural, catch, js_name = addEventListener)]
    fn add(this: &AbortSignal, kind: &str, listener: &Closure<dyn FnMut()>) -> Result<(), JsValue>;
    #[wasm_bindgen(method, structural, catch, js_name = removeEventListener)]
    fn remove(
        this: &AbortSignal,
        kind: &str,
        listener: &Closure<dyn FnMut()>,
    ) -> Result<(), JsValue>;
}

/// Listens to a signal until it is dropped.
pub struct Abort {
    signal: AbortSignal,
    listener: Closure<dyn FnMut()>,
    /// Set when the caller aborts.
    pub heard: Rc<Signal>,
}

impl Abort {
    /// Begins to listen; `Err` with what was thrown if it is no signal.
    pub fn listen(signal: JsValue) -> Result<Self, JsValue> {
        let signal: AbortSignal = signal.into();
        let heard = Rc::new(Signal::default());
        let listener = {
            let heard = Rc::clone(&heard);
            Closure::new(move || heard.set())
        };
        signal.add("abort", &listener)?;
        let abort = Self {
            signal,
            listener,
            heard,
        };
        if abort.signal.aborted()? {
            abort.heard.set();
        }
        Ok(abort)
    }

    /// Why the caller aborted.
    pub fn reason(&self) -> JsValue {
        self.signal.reason().unwrap_or(JsValue::UNDEFINED)
    }
}

impl Drop for Abort {
    fn drop(&mut self) {
        // A signal whose method throws keeps a listener that does nothing.
        let _ = self.signal.remove("abort", &self.listener);
    }
}
