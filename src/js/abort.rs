//! An `AbortSignal` of the caller: heard while a call is under way, let go afterwards.

use std::rc::Rc;

use wasm_bindgen::JsValue;

use super::global::Events;
use super::value::{callback, member};
use crate::signal::Signal;

/// Listens to a signal until it is dropped.
pub struct Abort {
    signal: Events,
    listener: JsValue,
    /// Set when the caller aborts.
    pub heard: Rc<Signal>,
}

impl Abort {
    /// Begins to listen; `Err` with what was thrown if it is no signal.
    pub fn listen(signal: JsValue) -> Result<Self, JsValue> {
        let signal: Events = signal.into();
        let (heard, listener) = callback();
        signal.listen("abort", &listener)?;
        let abort = Self {
            signal,
            listener,
            heard,
        };
        if member(&abort.signal, "aborted")? == true {
            abort.heard.set();
        }
        Ok(abort)
    }

    /// Why the caller aborted, where it can.
    pub fn reason(abort: Option<&Self>) -> JsValue {
        let reason = abort.and_then(|abort| member(&abort.signal, "reason").ok());
        reason.unwrap_or(JsValue::UNDEFINED)
    }
}

impl Drop for Abort {
    fn drop(&mut self) {
        // One that is kept all the same does nothing.
        let _ = self.signal.unlisten("abort", &self.listener);
    }
}
