//! `sale.paysystem.pay.payment`: its checks in their order, and every way to say yes without paying.

use super::owned::{check_failure, denied, given};
use super::{Call, Veto, sync_order};
use crate::pay_system::{Kind, PaySystem, Registry};
use crate::payment::BankFields;
use crate::php;
use crate::portal::Portal;
use crate::reply::{Answer, Refusal};
use serde_json::{Map, Value};

/// What the saving gateway prints instead of JSON.
const OWN_TEXT: &str = "OK";

pub(super) fn pay(call: &mut Call) -> Result<Answer, Refusal> {
    if !call.actor.rights.may_pay() {
        return Err(denied());
    }
    let params = php::fold_keys(call.params);
    let system = pay_system(call.portal, &params)?;
    matching_payment(call.portal, &params)?;
    match system.kind.clone() {
        Kind::Offline | Kind::InternalAccount => Ok(Answer::read(Value::Bool(true))),
        Kind::Gateway => Err(process_error("Partial payment is not specified")),
        Kind::Refuses(sentences) => {
            let id = resolved_payment(call.portal, system.registry, &params)?;
            if let Some(payment) = call.portal.payments.get_mut(&id) {
                payment.is_marked = true;
                payment.save();
            }
            Err(process_error(&sentences.join("\n")))
        }
        Kind::Rest { .. } => {
            let id = resolved_payment(call.portal, system.registry, &params)?;
            let saved = apply(call, id, &params);
            Ok(Answer {
                saved,
                ..Answer::read(Value::Bool(true))
            })
        }
        Kind::SavesThenText => {
            let id = resolved_payment(call.portal, system.registry, &params)?;
            let saved = apply(call, id, &params);
            Ok(Answer {
                saved,
                own_text: Some(OWN_TEXT),
                ..Answer::read(Value::Bool(true))
            })
        }
    }
}

fn process_error(text: &str) -> Refusal {
    Refusal::new(400, "ERROR_PROCESS_REQUEST_RESULT", text)
}

/// Neither whether it is active nor whose app it belongs to is asked.
fn pay_system(portal: &Portal, params: &Map<String, Value>) -> Result<PaySystem, Refusal> {
    let id = given(params, "PAY_SYSTEM_ID");
    let id = id.ok_or_else(|| check_failure("Empty field PAY_SYSTEM_ID!"))?;
    let ids = php::ids(id);
    let found = portal
        .pay_systems
        .values()
        .find(|system| is_among(system.id, &ids));
    found
        .cloned()
        .ok_or_else(|| check_failure("Pay system not found"))
}

/// A payment with that number and that pay system, both by PHP's idea of a number.
fn matching_payment(portal: &Portal, params: &Map<String, Value>) -> Result<(), Refusal> {
    let id = given(params, "PAYMENT_ID");
    let id = id.ok_or_else(|| check_failure("Empty field PAYMENT_ID"))?;
    let system = params.get("PAY_SYSTEM_ID").unwrap_or(&Value::Null);
    let (ids, systems) = (php::ids(id), php::ids(system));
    let mut payments = portal.payments.values();
    if payments.any(|payment| is_among(payment.id, &ids) && is_among(payment.pay_system, &systems))
    {
        return Ok(());
    }
    let (payment, system) = (php::text(id), php::text(system));
    Err(check_failure(format!(
        "Payment with ID={payment} and PAY_SYSTEM_ID={system} not found"
    )))
}

fn is_among(id: u64, ids: &[i64]) -> bool {
    ids.iter()
        .any(|wanted| u64::try_from(*wanted).is_ok_and(|wanted| wanted == id))
}

/// The payment that is really paid: by number if the text is one, else by account number, which may be another one.
fn resolved_payment(
    portal: &Portal,
    registry: Registry,
    params: &Map<String, Value>,
) -> Result<u64, Refusal> {
    let text = params.get("PAYMENT_ID").map(php::text).unwrap_or_default();
    let found = if registry == Registry::CrmInvoice {
        None
    } else if php::is_canonical_int(&text) {
        text.parse().ok().and_then(|id| portal.payments.get(&id))
    } else {
        portal
            .payments
            .values()
            .find(|payment| payment.account_number == text)
    };
    let order = found.and_then(|payment| portal.orders.get(&payment.order));
    match (found, order) {
        (Some(payment), Some(order)) => match &order.cancelled {
            Some(sentence) => Err(process_error(sentence)),
            None => Ok(payment.id),
        },
        _ => Err(process_error("Order #0 does not exist")),
    }
}

/// Saves what the handler writes. Says whether the payment row was saved as paid.
fn apply(call: &mut Call, id: u64, params: &Map<String, Value>) -> bool {
    let (now_ms, user, n, veto) = (call.now_ms, call.actor.user, call.n, call.veto);
    let Some(payment) = call.portal.payments.get_mut(&id) else {
        return false;
    };
    let order = payment.order;
    if !BankFields::fit(params) {
        // The row is not saved, the order is; nobody is told.
        set_payed(call.portal, order);
        return false;
    }
    payment.bank = payment.bank.written(params, now_ms);
    if let Some(veto) = veto {
        payment.veto(now_ms, user);
        if veto == Veto::PaymentButNotOrder {
            set_payed(call.portal, order);
        }
        return false;
    }
    payment.pay(now_ms, user, n);
    sync_order(call.portal, order);
    true
}

fn set_payed(portal: &mut Portal, order: u64) {
    if let Some(order) = portal.orders.get_mut(&order) {
        order.payed = true;
    }
}
