//! From an answer of the portal to its meaning. An `error` key decides, whatever the status; `0`
//! and the empty text are codes; an empty body is no success; a result of another type is none.

use std::rc::Rc;

use crate::amount::Amount;
use crate::digits;
use crate::error::Refusal;
use crate::instant::seconds;
use crate::json::{Json, members};
use crate::payment::{Payment, PaymentId};
use crate::text::joined;

/// A REST answer: an object with `error` or `result`.
#[derive(Debug, Clone, PartialEq)]
pub struct Reply {
    /// The HTTP status, where it was seen.
    pub status: Option<u16>,
    body: Json,
}

impl Reply {
    /// Takes a JSON body, or `None` where it is no answer of the portal's REST.
    #[must_use]
    pub fn from_body(status: Option<u16>, body: Json) -> Option<Self> {
        let reply = Self { status, body };
        (!reply.error().is_null() || reply.has_result()).then_some(reply)
    }

    /// The fields of an answer, read one by one since the object itself may be circular.
    #[must_use]
    pub fn from_fields(status: Option<u16>, fields: Vec<(&str, Json)>) -> Self {
        Self {
            status,
            body: Json::Map(members(fields)),
        }
    }

    /// `error`: a text, a number, or an object with `code` and `message`.
    #[must_use]
    pub fn error(&self) -> &Json {
        self.body.get("error")
    }

    /// Whether there is a `result`: methods that have nothing to say give `null`.
    #[must_use]
    pub fn has_result(&self) -> bool {
        self.body.has("result")
    }

    /// `result`, `Null` where there is none.
    #[must_use]
    pub fn result(&self) -> &Json {
        self.body.get("result")
    }

    /// The same, taken out.
    #[must_use]
    pub fn into_result(mut self) -> Json {
        let result = match &mut self.body {
            Json::Map(members) => members.iter_mut().find(|(name, _)| name == "result"),
            _ => None,
        };
        result.map_or(Json::Null, |(_, value)| {
            std::mem::replace(value, Json::Null)
        })
    }

    /// The refusal that it is, if it is one.
    #[must_use]
    pub fn refusal(&self) -> Option<Refusal> {
        refusal(&self.body, self.status)
    }

    /// Whether it says yes to a call that changes a payment. It is not proof that it was paid.
    #[must_use]
    pub fn is_yes(&self) -> bool {
        self.error().is_null() && matches!(self.result(), Json::Bool(true))
    }

    /// `time`: when it was worked on, on the portal's own clock.
    #[must_use]
    pub fn time(&self) -> &Json {
        self.body.get("time")
    }

    /// When the portal began to work on the call, in seconds since 1970 on its own clock.
    #[must_use]
    pub fn started_at(&self) -> Option<i64> {
        seconds(self.time().get("date_start").text()?)
    }
}

/// How long after the end of a call its method's operating time is reset, in milliseconds, from the `time` of that call.
#[must_use]
pub fn operating_left_ms(time: &Json) -> Option<f64> {
    match (time.get("operating_reset_at"), time.get("finish")) {
        (Json::Number(reset_at), Json::Number(finish)) => Some((reset_at - finish) * 1000.0),
        _ => None,
    }
}

/// The refusal in a body, or in what a batch says about one of its commands.
pub(crate) fn refusal(body: &Json, status: Option<u16>) -> Option<Refusal> {
    let description = body.get("error_description");
    let (code, text) = match body.get("error") {
        Json::Null => return None,
        object @ Json::Map(_) => (object.get("code"), object.get("message")),
        code => (code, description),
    };
    let text = text.text().or(description.text());
    Some(Refusal {
        code: code_text(code),
        text: text.unwrap_or_default().to_owned(),
        status,
    })
}

/// A code as text, whatever its type.
fn code_text(code: &Json) -> String {
    match code {
        Json::Text(text) => text.clone(),
        Json::Number(number) => number_text(*number),
        Json::Bool(true) => "true".into(),
        Json::Bool(false) => "false".into(),
        Json::Null | Json::List(_) | Json::Map(_) => String::new(),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "codes of the portal are whole numbers"
)]
fn number_text(number: f64) -> String {
    let sign = if number < 0.0 { "-" } else { "" };
    joined(&[sign, &digits::text(number.abs() as u64)])
}

/// The payment with this id from the result of `crm.item.payment.get` (flat) or
/// `sale.payment.get` (under `payment`). Another payment, or one without a plain `paid`, is none.
#[must_use]
pub fn payment(result: &Json, id: PaymentId) -> Option<Rc<Payment>> {
    let nested = result.get("payment");
    let fields = if nested.is_null() { result } else { nested };
    any_payment(fields).filter(|payment| payment.id == id)
}

/// The payments of `crm.item.payment.list` (a plain list) or `sale.payment.list` (under
/// `payments`). One unreadable row makes the whole list unreadable: a missing row is a lie.
#[must_use]
pub fn payments(result: &Json) -> Option<Vec<Rc<Payment>>> {
    let nested = result.get("payments");
    let rows = if nested.is_null() { result } else { nested };
    if !matches!(rows, Json::List(_) | Json::Map(_)) {
        return None;
    }
    let mut payments = Vec::new();
    for row in rows.elements() {
        payments.push(any_payment(row)?);
    }
    Some(payments)
}

fn any_payment(fields: &Json) -> Option<Rc<Payment>> {
    let id = PaymentId::new(fields.get("id").whole()?).ok()?;
    let paid = match fields.get("paid").text()? {
        "Y" => true,
        "N" => false,
        _ => return None,
    };
    let sum = match fields.get("sum") {
        Json::Number(number) => Amount::from_number(*number),
        Json::Text(text) => Amount::from_text(text),
        _ => None,
    };
    let text = |name: &str| fields.get(name).text().unwrap_or_default().to_owned();
    Some(Rc::new(Payment {
        id,
        account_number: text("accountNumber"),
        paid,
        date_paid: fields
            .get("datePaid")
            .text()
            .filter(|text| !text.is_empty())
            .map(str::to_owned),
        paid_by: fields.get("empPaidId").whole(),
        pay_system_id: fields.get("paySystemId").whole().unwrap_or(0),
        pay_system_name: text("paySystemName"),
        sum,
        currency: text("currency"),
        order_id: fields.get("orderId").whole(),
        returned: fields.get("isReturn").text().map(|text| text != "N"),
    }))
}
