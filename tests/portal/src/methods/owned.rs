//! What the methods `sale.paysystem.*` share: rights, ownership, folded parameters.

use super::Call;
use crate::pay_system::{Handler, PaySystem};
use crate::php;
use crate::reply::{Answer, Refusal};
use serde_json::{Map, Value};

/// Parameters with their top keys folded.
pub(super) fn folded(call: &Call) -> Map<String, Value> {
    php::fold_keys_once(call.params)
}

/// A parameter that PHP does not take for empty.
pub(super) fn given<'a>(params: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    params.get(name).filter(|value| !php::is_empty(Some(value)))
}

/// A parameter that has to be there.
pub(super) fn required<'a>(
    params: &'a Map<String, Value>,
    name: &str,
) -> Result<&'a Value, Refusal> {
    given(params, name).ok_or_else(|| check_failure(format!("Empty field {name}!")))
}

/// A number by PHP's cast.
pub(super) fn number(value: &Value) -> u64 {
    u64::try_from(php::int(value)).unwrap_or_default()
}

pub(super) fn check_failure(text: impl Into<String>) -> Refusal {
    Refusal::new(400, "ERROR_CHECK_FAILURE", text)
}

pub(super) fn denied() -> Refusal {
    Refusal::new(403, "ACCESS_DENIED", "Access denied!")
}

pub(super) fn handler_missing() -> Refusal {
    Refusal::new(400, "ERROR_HANDLER_NOT_FOUND", "Handler not found")
}

pub(super) fn system_missing() -> Refusal {
    Refusal::new(400, "ERROR_PAY_SYSTEM_NOT_FOUND", "Pay system not found")
}

/// Handlers and pay systems are for CRM administrators.
pub(super) fn admins_only(call: &Call) -> Result<(), Refusal> {
    if call.actor.rights.admin {
        Ok(())
    } else {
        Err(denied())
    }
}

/// An app may touch only the handlers it registered; webhooks are not asked.
pub(super) fn owns(call: &Call, handler: &Handler) -> bool {
    call.actor.app.is_none_or(|app| handler.app == Some(app))
}

/// A pay system by number whose REST handler belongs to the caller; built-in systems belong to nobody.
pub(super) fn own_system(call: &Call, id: &Value) -> Result<PaySystem, Refusal> {
    let system = call
        .portal
        .pay_systems
        .get(&number(id))
        .ok_or_else(system_missing)?;
    let code = system.handler().ok_or_else(denied)?;
    let mut handlers = call.portal.handlers.values();
    match handlers.find(|handler| handler.code == code) {
        Some(handler) if owns(call, handler) => Ok(system.clone()),
        _ => Err(denied()),
    }
}

pub(super) fn yes() -> Answer {
    Answer::saved(Value::Bool(true))
}
