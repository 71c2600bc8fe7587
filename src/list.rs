//! The payments of a deal, an invoice or an order, all of them.

use std::rc::Rc;

use crate::error::Error;
use crate::json::Json;
use crate::payment::Payment;
use crate::portal::{Call, Portal};
use crate::read::{Limits, ask};
use crate::reply::payments;

/// How many rows `sale.payment.list` gives at a time.
const ROWS: usize = 50;

/// The payments of a CRM entity, by `crm.item.payment.list`, which knows no pages.
///
/// # Errors
/// As [`ask`]; [`Error::nonsense`] where the answer is no list of payments.
pub async fn of_entity(
    portal: &dyn Portal,
    entity_type: u8,
    entity: u64,
    deadline_ms: f64,
) -> Result<Vec<Rc<Payment>>, Error> {
    let params = vec![
        ("entityId", Json::whole_number(entity)),
        ("entityTypeId", Json::Number(entity_type.into())),
    ];
    page(
        portal,
        Call::new("crm.item.payment.list", params),
        deadline_ms,
    )
    .await
}

/// The payments of an order, by `sale.payment.list`. Pages are asked for by id, since `BX24` drops
/// the parameter `start`.
///
/// # Errors
/// As [`ask`]; [`Error::nonsense`] where the answer is no list of payments.
pub async fn of_order(
    portal: &dyn Portal,
    order: u64,
    deadline_ms: f64,
) -> Result<Vec<Rc<Payment>>, Error> {
    let mut found: Vec<Rc<Payment>> = Vec::new();
    loop {
        let mut filter = vec![("=orderId".to_owned(), Json::whole_number(order))];
        let last = found.last().map(|payment| payment.id.get());
        filter.extend(last.map(|last| (">id".to_owned(), Json::whole_number(last))));
        let order = Json::Map(vec![("id".to_owned(), Json::Text("asc".into()))]);
        let params = vec![("filter", Json::Map(filter)), ("order", order)];
        let mut rows = page(portal, Call::new("sale.payment.list", params), deadline_ms).await?;
        // A portal that ignores the filter would give the same page for ever.
        rows.retain(|payment| last.is_none_or(|last| payment.id.get() > last));
        let is_last = rows.len() < ROWS;
        found.append(&mut rows);
        if is_last {
            return Ok(found);
        }
    }
}

async fn page(
    portal: &dyn Portal,
    call: Call,
    deadline_ms: f64,
) -> Result<Vec<Rc<Payment>>, Error> {
    let reply = ask(portal, &call, deadline_ms, Limits::Wait).await?;
    payments(reply.result())
        .ok_or_else(|| Error::nonsense(call.method, "a list of payments", reply.status))
}
