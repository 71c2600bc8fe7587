//! `sale.payment.*`: the shop's own view of payments, with every field that REST exposes.

use super::{Call, sync_order};
use crate::filter::{Row, chosen, page};
use crate::pay_system::Kind;
use crate::payment::Payment;
use crate::php;
use crate::portal::Portal;
use crate::reply::{Answer, Refusal};
use crate::truth::letter;
use serde_json::{Value, json};

pub(super) fn get(call: &mut Call) -> Result<Answer, Refusal> {
    let id = call.bound_payment();
    readable(call)?;
    let payment = id?
        .and_then(|id| call.portal.payments.get(&id))
        .ok_or_else(not_found)?;
    Ok(Answer::read(
        json!({ "payment": row(call.portal, payment) }),
    ))
}

pub(super) fn list(call: &mut Call) -> Result<Answer, Refusal> {
    readable(call)?;
    let rows = call
        .portal
        .payments
        .values()
        .map(|payment| row(call.portal, payment))
        .collect();
    paged(call, rows, "payments")
}

/// A page of a list of the shop, under this name.
pub(super) fn paged(call: &Call, rows: Vec<Row>, name: &str) -> Result<Answer, Refusal> {
    let page = page(chosen(rows, call.params)?, call.params, call.start);
    Ok(Answer {
        total: Some(page.total),
        next: page.next,
        ..Answer::read(json!({ name: page.rows }))
    })
}

/// Changes the pay system, the amount, or whether it is paid.
pub(super) fn update(call: &mut Call) -> Result<Answer, Refusal> {
    let id = call.bound_payment();
    if !call.actor.rights.may_use_sale() {
        return Err(Refusal::numbered(200_040_300_020, "Access Denied"));
    }
    let id = id?.ok_or_else(not_found)?;
    let Some(Value::Object(fields)) = call.params.get("fields") else {
        return Err(Refusal::numbered(
            100,
            "Could not find value for parameter {fields}",
        ));
    };
    let Some(system) = fields
        .get("paySystemId")
        .and_then(|id| u64::try_from(php::int(id)).ok())
    else {
        return Err(Refusal::numbered(0, "Required fields: paySystemId"));
    };
    let (now_ms, user, n) = (call.now_ms, call.actor.user, call.n);
    let portal = &mut *call.portal;
    if !portal.pay_systems.contains_key(&system) {
        return Err(Refusal::numbered(0, "Pay system not found"));
    }
    let Some(payment) = portal.payments.get_mut(&id) else {
        return Err(not_found());
    };
    payment.pay_system = system;
    if let Some(sum) = fields
        .get("sum")
        .and_then(|sum| php::text(sum).parse().ok())
    {
        payment.sum = sum;
    }
    match fields.get("paid").map(php::text).as_deref() {
        Some("Y") => payment.pay(now_ms, user, n),
        Some("N") => payment.unpay(),
        _ => payment.save(),
    }
    let order = payment.order;
    sync_order(portal, order);
    let row = portal.payments.get(&id).map(|payment| row(portal, payment));
    Ok(Answer::saved(json!({ "payment": row })))
}

/// Whether the caller may read what is the shop's.
pub(super) fn readable(call: &Call) -> Result<(), Refusal> {
    if call.actor.rights.may_use_sale() {
        Ok(())
    } else {
        Err(Refusal::numbered(200_040_300_010, "Access Denied"))
    }
}

fn not_found() -> Refusal {
    Refusal::numbered(200_640_400_001, "payment is not exists")
}

/// Fields that are always empty here, by the shape an empty one has.
const EMPTY_NUMBERS: [&str; 6] = [
    "companyId",
    "empReturnId",
    "responsibleId",
    "empResponsibleId",
    "empMarkedId",
    "priceCod",
];
const EMPTY_TEXTS: [&str; 9] = [
    "paySystemXmlId",
    "payVoucherNum",
    "payReturnNum",
    "payReturnComment",
    "comments",
    "xmlId",
    "id1c",
    "version1c",
    "reasonMarked",
];
const EMPTY_DATES: [&str; 5] = [
    "datePayBefore",
    "dateBill",
    "payReturnDate",
    "dateResponsibleId",
    "dateMarked",
];

pub(super) fn row(portal: &Portal, payment: &Payment) -> Row {
    let bank = &payment.bank;
    let text = |field: &Option<String>| json!(field.as_deref().unwrap_or_default());
    let date = |at: Option<u64>| json!(at.map(|at| portal.clock.iso(at)));
    let day = |at: Option<u64>| json!(at.map(|at| portal.clock.iso_day(at)));
    let is_cash = portal
        .pay_systems
        .get(&payment.pay_system)
        .is_some_and(|system| system.kind == Kind::Offline);
    let known = [
        ("id", json!(payment.id)),
        ("orderId", json!(payment.order)),
        ("accountNumber", json!(payment.account_number)),
        ("paid", json!(letter(payment.paid))),
        ("datePaid", date(payment.date_paid_ms)),
        ("empPaidId", json!(payment.paid_by)),
        ("paySystemId", json!(payment.pay_system)),
        (
            "paySystemName",
            json!(portal.pay_system_name(payment.pay_system)),
        ),
        ("paySystemIsCash", json!(letter(is_cash))),
        ("sum", php::number(payment.sum)),
        ("currency", json!(payment.currency)),
        ("isReturn", json!(payment.is_return.letter())),
        ("marked", json!(letter(payment.is_marked))),
        ("updated1c", json!("N")),
        ("externalPayment", json!("N")),
        ("psStatus", json!(bank.status.unwrap_or_default())),
        ("psStatusCode", text(&bank.status_code)),
        ("psStatusDescription", text(&bank.status_description)),
        ("psStatusMessage", text(&bank.status_message)),
        ("psSum", bank.sum.map_or(Value::Null, php::number)),
        ("psCurrency", text(&bank.currency)),
        ("psInvoiceId", text(&bank.invoice_id)),
        ("psResponseDate", date(bank.response_date_ms)),
        ("payVoucherDate", day(bank.voucher_date_ms)),
    ];
    let empty = EMPTY_NUMBERS
        .into_iter()
        .chain(EMPTY_DATES)
        .map(|name| (name, Value::Null));
    let texts = EMPTY_TEXTS.into_iter().map(|name| (name, json!("")));
    known
        .into_iter()
        .chain(empty)
        .chain(texts)
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}
