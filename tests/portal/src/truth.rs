//! The truth about payments as the steering calls show it.

use crate::payment::Payment;
use crate::php;
use crate::portal::Portal;
use serde_json::{Value, json};

impl Portal {
    /// A payment as `GET /sandbox/payments/<id>` shows it.
    #[must_use]
    pub fn truth(&self, payment: &Payment) -> Value {
        json!({
            "id": payment.id,
            "orderId": payment.order,
            "accountNumber": payment.account_number,
            "paid": letter(payment.paid),
            "paySystemId": payment.pay_system,
            "paySystemName": self.pay_system_name(payment.pay_system),
            "sum": php::number(payment.sum),
            "currency": payment.currency,
            "datePaid": payment.date_paid_ms.map(|at| self.clock.iso(at)),
            "paidBy": payment.paid_by,
            "isReturn": payment.is_return.letter(),
            "psInvoiceId": payment.bank.invoice_id,
            "payCalls": payment.pay_calls,
            "paidTimes": payment.paid_times,
            "events": payment.events,
        })
    }

    pub(crate) fn pay_system_name(&self, id: u64) -> &str {
        self.pay_systems.get(&id).map_or("", |system| &system.name)
    }
}

pub(crate) fn letter(is_true: bool) -> &'static str {
    if is_true { "Y" } else { "N" }
}
