//! The two deprecated methods about old CRM invoices, which are no payments of orders.

use super::Call;
use super::owned::{check_failure, denied, folded, given, number, own_system, system_missing, yes};
use crate::pay_system::{PaySystem, Registry};
use crate::php;
use crate::reply::{Answer, Refusal};
use serde_json::{Map, Value, json};

/// An old CRM invoice.
#[derive(Clone, Debug)]
pub struct OldInvoice {
    /// Its number.
    pub id: u64,
    /// The pay system it is bound to.
    pub pay_system: u64,
    /// Whether it is paid.
    pub paid: bool,
}

pub(super) fn settings(call: &mut Call) -> Result<Answer, Refusal> {
    let params = checked(call)?;
    let system = named_system(call, &params).ok_or_else(system_missing)?;
    let system = own_system(call, &json!(system.id))?;
    invoice(call, &params)?;
    let settings = system.settings_for(system.person_type);
    let values = settings.into_iter().flatten();
    let values = values.map(|(code, mapping)| {
        (
            code.clone(),
            mapping.get("VALUE").cloned().unwrap_or_default(),
        )
    });
    Ok(Answer::read(php::shape(
        values.collect::<Map<String, Value>>(),
    )))
}

pub(super) fn pay(call: &mut Call) -> Result<Answer, Refusal> {
    let params = checked(call)?;
    let id = invoice(call, &params)?;
    let missing = || Refusal::new(400, "ERROR_PROCESS_REQUEST_RESULT", "Pay system not found");
    let system = named_system(call, &params).ok_or_else(missing)?;
    let is_served = system.registry == Registry::CrmInvoice && system.handler().is_some();
    let Some(invoice) = call.portal.old_invoices.get_mut(&id) else {
        return Err(not_found());
    };
    if !is_served || invoice.pay_system != system.id {
        // The same caveat as with payments: yes, and nothing done.
        return Ok(Answer::read(json!(true)));
    }
    invoice.paid = true;
    Ok(yes())
}

fn checked(call: &Call) -> Result<Map<String, Value>, Refusal> {
    if !call.actor.rights.may_pay() {
        return Err(denied());
    }
    if call.portal.old_invoices.is_empty() {
        return Err(Refusal::new(
            400,
            "ERROR_INVOICE_NO_SUPPORTED",
            "Invoices are not supported",
        ));
    }
    let params = folded(call);
    if given(&params, "INVOICE_ID").is_none() {
        return Err(check_failure("Empty field INVOICE_ID!"));
    }
    if given(&params, "PAY_SYSTEM_ID").is_none() && given(&params, "BX_REST_HANDLER").is_none() {
        return Err(check_failure(
            "Empty field PAY_SYSTEM_ID or BX_REST_HANDLER!",
        ));
    }
    Ok(params)
}

fn named_system(call: &Call, params: &Map<String, Value>) -> Option<PaySystem> {
    if let Some(id) = given(params, "PAY_SYSTEM_ID") {
        return call.portal.pay_systems.get(&number(id)).cloned();
    }
    let code = php::text(params.get("BX_REST_HANDLER")?);
    let mut systems = call.portal.pay_systems.values();
    systems
        .find(|system| system.handler() == Some(&code))
        .cloned()
}

fn invoice(call: &Call, params: &Map<String, Value>) -> Result<u64, Refusal> {
    let id = params.get("INVOICE_ID").map(number).unwrap_or_default();
    if call.portal.old_invoices.contains_key(&id) {
        Ok(id)
    } else {
        Err(not_found())
    }
}

fn not_found() -> Refusal {
    Refusal::new(400, "ERROR_INTERNAL_INVOICE_NOT_FOUND", "Invoice not found")
}
