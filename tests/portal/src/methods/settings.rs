//! `sale.paysystem.settings.*`: the values of a handler's parameters, in general and for one payment.

use super::Call;
use super::owned::{
    admins_only, check_failure, denied, folded, given, handler_missing, number, own_system,
    required,
};
use crate::pay_system::PaySystem;
use crate::payment::Payment;
use crate::php;
use crate::reply::{Answer, Refusal};
use crate::truth::letter;
use serde_json::{Map, Value, json};

pub(super) fn get(call: &mut Call) -> Result<Answer, Refusal> {
    admins_only(call)?;
    let params = folded(call);
    let system = own_system_checked(call, required(&params, "ID")?)?;
    let person_type = params
        .get("PERSON_TYPE_ID")
        .filter(|given| !given.is_null());
    let person_type = person_type.ok_or_else(|| check_failure("Empty field PERSON_TYPE_ID!"))?;
    let own = system.settings_for(number(person_type));
    Ok(Answer::read(php::shape(own.cloned().unwrap_or_default())))
}

pub(super) fn update(call: &mut Call) -> Result<Answer, Refusal> {
    admins_only(call)?;
    let params = folded(call);
    let mut system = own_system_checked(call, required(&params, "ID")?)?;
    let Some(Value::Object(settings)) = given(&params, "SETTINGS") else {
        return Err(handler_missing());
    };
    let person_type = params.get("PERSON_TYPE_ID").map(number).unwrap_or_default();
    let mut all_mapped = true;
    for (code, mapping) in settings {
        // The first mapping that is none ends the update; those before it stay.
        if mapping.get("TYPE").is_none() {
            all_mapped = false;
            break;
        }
        system
            .settings
            .entry(person_type)
            .or_default()
            .insert(code.clone(), mapping.clone());
    }
    call.portal.pay_systems.insert(system.id, system);
    Ok(Answer {
        saved: all_mapped,
        ..Answer::read(json!(all_mapped))
    })
}

/// Unlike the payment call, both emptiness checks come before the look-up.
pub(super) fn of_payment(call: &mut Call) -> Result<Answer, Refusal> {
    if !call.actor.rights.may_pay() {
        return Err(denied());
    }
    let params = folded(call);
    let payment =
        given(&params, "PAYMENT_ID").ok_or_else(|| check_failure("Empty field PAYMENT_ID"))?;
    let system = given(&params, "PAY_SYSTEM_ID")
        .ok_or_else(|| check_failure("Empty field PAY_SYSTEM_ID!"))?;
    let (payment_text, system_text) = (php::text(payment), php::text(system));
    let system = own_system_checked(call, system)?;
    let payment = call
        .portal
        .payments
        .get(&number(payment))
        .filter(|payment| payment.pay_system == system.id);
    let payment = payment.ok_or_else(|| {
        check_failure(format!(
            "Payment with ID={payment_text} and PAY_SYSTEM_ID={system_text} not found"
        ))
    })?;
    let Some(settings) = system.settings_for(system.person_type) else {
        return Ok(Answer::read(json!([])));
    };
    let resolved = settings
        .iter()
        .map(|(code, mapping)| (code.clone(), resolved(mapping, payment)));
    Ok(Answer::read(php::shape(
        resolved.collect::<Map<String, Value>>(),
    )))
}

/// A pay system that is not there is a failed check here.
fn own_system_checked(call: &Call, id: &Value) -> Result<PaySystem, Refusal> {
    if !call.portal.pay_systems.contains_key(&number(id)) {
        return Err(check_failure("Pay system not found"));
    }
    own_system(call, id)
}

/// A mapping to a field of the payment or the order, or a value as it stands; always text.
fn resolved(mapping: &Value, payment: &Payment) -> Value {
    let part = |name: &str| mapping.get(name).map(php::text).unwrap_or_default();
    let value = part("VALUE");
    Value::from(match (part("TYPE").as_str(), value.as_str()) {
        ("PAYMENT", "ID") => payment.id.to_string(),
        ("PAYMENT", "ACCOUNT_NUMBER") => payment.account_number.clone(),
        ("PAYMENT", "SUM") => php::number(payment.sum).to_string(),
        ("PAYMENT", "CURRENCY") => payment.currency.clone(),
        ("PAYMENT", "PAID") => letter(payment.paid).to_owned(),
        ("ORDER", "ID") => payment.order.to_string(),
        ("PAYMENT" | "ORDER", _) => String::new(),
        _ => value,
    })
}
