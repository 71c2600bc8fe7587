//! The payments of a deal, an invoice or an order, all of them.

use std::rc::Rc;

use crate::error::Error;
use crate::json::{Json, members};
use crate::payment::Payment;
use crate::portal::{Call, Portal};
use crate::read::{Limits, ask};
use crate::reply::payments;

/// How many rows `sale.payment.list` gives at a time.
const ROWS: usize = 50;

/// What payments are listed of.
#[derive(Debug, Clone, Copy)]
pub enum Of {
    /// A CRM entity: its type, 2 for deals and 31 for smart invoices, and its id.
    Entity(u8, u64),
    /// An order.
    Order(u64),
}

/// The payments of a CRM entity, by `crm.item.payment.list`, which knows no pages; or those of an order, by
/// `sale.payment.list`, whose pages are asked for by id, since `BX24` drops the parameter `start`. The portal has been opened
/// before, as for [`ask`].
///
/// # Errors
/// As [`ask`]; [`Error::nonsense`] where the answer is no list of payments, or of others than were asked for.
pub async fn list(
    portal: &dyn Portal,
    of: Of,
    deadline_ms: f64,
) -> Result<Vec<Rc<Payment>>, Error> {
    let mut found: Vec<Rc<Payment>> = Vec::new();
    loop {
        let last = found.last().map_or(0, |payment| payment.id.get());
        let call = page(of, last);
        let reply = ask(portal, &call, deadline_ms, Limits::Wait).await?;
        let asked_for = |rows: &Vec<Rc<Payment>>| are_of(rows, of, last);
        let Some(rows) = payments(reply.result()).filter(asked_for) else {
            let expected = "a list of the payments asked for";
            return Err(Error::nonsense(call.method, expected, reply.status));
        };
        let is_last = rows.len() < ROWS || matches!(of, Of::Entity(..));
        for payment in rows {
            found.push(payment);
        }
        if is_last {
            return Ok(found);
        }
    }
}

/// Whether these are payments of this order that come after this one. A portal that ignores the filter gives others, or the same
/// page for ever; and of a page that is full and in no order nobody knows what it left out.
fn are_of(rows: &[Rc<Payment>], of: Of, mut last: u64) -> bool {
    let Of::Order(order) = of else { return true };
    for payment in rows {
        let id = payment.id.get();
        if id <= last || payment.order_id.is_some_and(|own| own != order) {
            return false;
        }
        if rows.len() >= ROWS {
            last = id;
        }
    }
    true
}

/// The call for the payments after this one.
fn page(of: Of, last: u64) -> Call {
    let number = Json::whole_number;
    match of {
        Of::Entity(kind, id) => Call::new(
            "crm.item.payment.list",
            vec![
                ("entityId", number(id)),
                ("entityTypeId", Json::Number(kind.into())),
            ],
        ),
        Of::Order(id) => {
            let mut filter = vec![("=orderId", number(id))];
            if last > 0 {
                filter.push((">id", number(last)));
            }
            let order = vec![("id", Json::Text("asc".into()))];
            Call::new(
                "sale.payment.list",
                vec![
                    ("filter", Json::Map(members(filter))),
                    ("order", Json::Map(members(order))),
                ],
            )
        }
    }
}
