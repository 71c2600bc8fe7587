//! `sale.order.*` and `crm.orderentity.list`: the way from a deal to its orders where CRM shows no payments.

use super::Call;
use super::sale_payment::{self, paged, readable};
use crate::filter::Row;
use crate::order::Order;
use crate::php;
use crate::portal::Portal;
use crate::reply::{Answer, Refusal};
use crate::truth::letter;
use serde_json::{Value, json};

pub(super) fn get(call: &mut Call) -> Result<Answer, Refusal> {
    let id = call.bound_int("id");
    readable(call)?;
    let id = u64::try_from(id?).unwrap_or_default();
    let portal = &*call.portal;
    let Some(order) = portal.orders.get(&id) else {
        return Err(Refusal::numbered(200_540_400_001, "order is not exists"));
    };
    let payments = portal
        .payments
        .values()
        .filter(|payment| payment.order == id);
    let mut row = row(portal, order);
    let payments = payments
        .map(|payment| Value::Object(sale_payment::row(portal, payment)))
        .collect();
    row.insert("payments".to_owned(), payments);
    row.insert("clients".to_owned(), json!([]));
    Ok(Answer::read(json!({ "order": row })))
}

pub(super) fn list(call: &mut Call) -> Result<Answer, Refusal> {
    readable(call)?;
    let rows = call
        .portal
        .orders
        .values()
        .map(|order| row(call.portal, order))
        .collect();
    paged(call, rows, "orders")
}

/// Which orders belong to which deals and invoices; asked with the shop's rights, not the CRM's.
pub(super) fn owners(call: &mut Call) -> Result<Answer, Refusal> {
    readable(call)?;
    let of = |order: &Order| {
        let owner = order.owner?;
        let row = json!({"orderId": order.id, "ownerId": owner.id, "ownerTypeId": owner.type_id});
        row.as_object().cloned()
    };
    let rows = call.portal.orders.values().filter_map(of).collect();
    paged(call, rows, "orderEntity")
}

fn row(portal: &Portal, order: &Order) -> Row {
    let payments = portal
        .payments
        .values()
        .filter(|payment| payment.order == order.id);
    let price: f64 = payments.map(|payment| payment.sum).sum();
    let columns = [
        ("id", json!(order.id)),
        ("accountNumber", json!(order.id.to_string())),
        ("price", php::number(price)),
        ("currency", json!(order.currency)),
        ("payed", json!(letter(order.payed))),
        ("canceled", json!(letter(order.cancelled.is_some()))),
        ("statusId", json!("N")),
    ];
    columns
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}
