//! What a caller of a history asks for, as the crate takes it.

use std::rc::Rc;

use b24pay::amount::Amount;
use b24pay::payment::{PaySystemId, Payment, PaymentId};
use b24pay::request::{Action, Details, PayOptions, PayRequest, Terms};
use b24pay::signal::Signal;

use crate::history::{Caller, DetailsPlan, Doing, Expect};
use crate::support::rules::Site;

pub fn options(site: &Site, caller: &Caller, abort: Option<Rc<Signal>>) -> PayOptions {
    PayOptions {
        deadline_ms: caller.deadline_ms as f64,
        settle_ms: caller.settle_ms as f64,
        known: None,
        terms: terms(site, caller),
        abort,
    }
}

pub fn request(caller: &Caller) -> PayRequest {
    let action = match caller.doing {
        Doing::Pay { system, details } => {
            let mark = Details {
                invoice_id: Some(format!("mark-{}", caller.mark)),
                ..Details::default()
            };
            let sum = Some("1.23".to_owned());
            let details = match details {
                DetailsPlan::Mark => mark,
                DetailsPlan::Fee | DetailsPlan::WrongSum => Details { sum, ..mark },
                DetailsPlan::TooLong => Details {
                    status_message: Some("x".repeat(251)),
                    ..mark
                },
            };
            Action::Pay(PaySystemId::new(system).unwrap(), details)
        }
        Doing::MarkPaid => Action::MarkPaid,
        Doing::MarkUnpaid => Action::MarkUnpaid,
    };
    PayRequest {
        payment: PaymentId::new(caller.payment).unwrap(),
        action,
    }
}

/// A payment as the portal would have shown it now.
pub fn payment(site: &Site, id: u64) -> Rc<Payment> {
    let rules = site.rules.borrow();
    let truth = rules.payment(id).unwrap();
    Rc::new(Payment {
        id: PaymentId::new(id).unwrap(),
        account_number: truth.account_number.clone(),
        paid: truth.paid,
        date_paid: truth.date_paid_ms.map(|at| rules.clock.iso(at)),
        paid_by: truth.paid_by,
        pay_system_id: truth.pay_system,
        pay_system_name: "known".into(),
        sum: Amount::from_number(truth.sum),
        currency: truth.currency.clone(),
        order_id: None,
        returned: None,
    })
}

fn terms(site: &Site, caller: &Caller) -> Terms {
    let rules = site.rules.borrow();
    let truth = rules.payment(caller.payment).unwrap();
    let mut terms = Terms {
        details_may_differ: caller.may_differ(),
        pay_returned: caller.expect == Expect::Returned,
        ..Terms::default()
    };
    match caller.expect {
        Expect::Nothing | Expect::Returned => {}
        Expect::Right => {
            terms.sum = Amount::from_number(truth.sum);
            terms.currency = Some(truth.currency.clone());
        }
        Expect::WrongSum => terms.sum = Amount::from_number(truth.sum + 0.0001),
        Expect::WrongCurrency => terms.currency = Some("RUB".into()),
    }
    terms
}
