//! `crm.item.payment.*`: reading and marking payments with the rights of the CRM.

use super::{Call, Veto, sync_order};
use crate::filter::{Row, chosen};
use crate::order::Owner;
use crate::pay_system::Kind;
use crate::payment::Payment;
use crate::php;
use crate::portal::Portal;
use crate::reply::{Answer, Refusal};
use crate::truth::letter;
use serde_json::{Value, json};

/// Only these have payments: deals and smart invoices.
const WITH_PAYMENTS: [u64; 2] = [2, 31];

pub(super) fn get(call: &mut Call) -> Result<Answer, Refusal> {
    let id = found(call)?;
    if !call.actor.rights.may_read() {
        return Err(denied());
    }
    let row = call
        .portal
        .payments
        .get(&id)
        .map(|payment| row(call.portal, payment));
    Ok(Answer::read(row.map_or(Value::Null, Value::Object)))
}

pub(super) fn list(call: &mut Call) -> Result<Answer, Refusal> {
    let owner = Owner {
        id: u64::try_from(call.bound_int("entityId")?).unwrap_or_default(),
        type_id: u64::try_from(call.bound_int("entityTypeId")?).unwrap_or_default(),
    };
    if !WITH_PAYMENTS.contains(&owner.type_id) {
        return Ok(Answer::read(json!([])));
    }
    if !call.actor.rights.may_read() {
        return Err(denied());
    }
    let portal = &*call.portal;
    let belongs = |payment: &&Payment| {
        portal
            .orders
            .get(&payment.order)
            .is_some_and(|order| order.owner == Some(owner))
    };
    let rows = portal
        .payments
        .values()
        .filter(belongs)
        .map(|payment| row(portal, payment))
        .collect();
    let rows = chosen(rows, call.params)?;
    Ok(Answer::read(rows.into_iter().map(Value::Object).collect()))
}

pub(super) fn pay(call: &mut Call) -> Result<Answer, Refusal> {
    let id = found(call)?;
    if !call.actor.rights.may_update() {
        return Err(denied());
    }
    let (now_ms, user, n) = (call.now_ms, call.actor.user, call.n);
    let portal = &mut *call.portal;
    let Some(payment) = portal.payments.get_mut(&id) else {
        return Err(not_found());
    };
    let order = payment.order;
    if portal
        .orders
        .get(&order)
        .is_some_and(|order| order.cancelled.is_some())
    {
        return Err(Refusal::new(
            400,
            "SALE_ORDER_PAID_ORDER_CANCELED",
            "The order is canceled",
        ));
    }
    let system = portal.pay_systems.get(&payment.pay_system);
    if !payment.paid && system.is_some_and(|system| system.kind == Kind::InternalAccount) {
        return Err(Refusal::new(400, "BX_ERROR", "Insufficient funds"));
    }
    if let Some(veto) = call.veto {
        payment.veto(now_ms, user);
        if veto == Veto::PaymentButNotOrder
            && let Some(order) = portal.orders.get_mut(&order)
        {
            order.payed = true;
        }
        return Ok(Answer::read(json!(true)));
    }
    payment.pay(now_ms, user, n);
    sync_order(portal, order);
    Ok(Answer::saved(json!(true)))
}

pub(super) fn unpay(call: &mut Call) -> Result<Answer, Refusal> {
    let id = found(call)?;
    if !call.actor.rights.may_update() {
        return Err(denied());
    }
    let Some(payment) = call.portal.payments.get_mut(&id) else {
        return Err(not_found());
    };
    let order = payment.order;
    if call.veto.is_some() {
        payment.save();
        return Ok(Answer::read(json!(true)));
    }
    payment.unpay();
    sync_order(call.portal, order);
    Ok(Answer::saved(json!(true)))
}

fn found(call: &Call) -> Result<u64, Refusal> {
    call.bound_payment()?.ok_or_else(not_found)
}

fn not_found() -> Refusal {
    Refusal::numbered(0, "Payment has not been found")
}

fn denied() -> Refusal {
    Refusal::new(403, "ACCESS_DENIED", "Access denied")
}

fn row(portal: &Portal, payment: &Payment) -> Row {
    let mut row = Row::new();
    row.insert("id".to_owned(), json!(payment.id));
    row.insert("accountNumber".to_owned(), json!(payment.account_number));
    row.insert("paid".to_owned(), json!(letter(payment.paid)));
    row.insert(
        "datePaid".to_owned(),
        json!(payment.date_paid_ms.map(|at| portal.clock.iso(at))),
    );
    row.insert("empPaidId".to_owned(), json!(payment.paid_by));
    row.insert("paySystemId".to_owned(), json!(payment.pay_system));
    row.insert("sum".to_owned(), php::number(payment.sum));
    row.insert("currency".to_owned(), json!(payment.currency));
    row.insert(
        "paySystemName".to_owned(),
        json!(portal.pay_system_name(payment.pay_system)),
    );
    row
}
