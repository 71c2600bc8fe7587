//! The portal itself: it receives calls in virtual time and answers as the real one does.
//! No I/O, no clock, no threads, no randomness: the same calls at the same times give the same answers.

use crate::access::Webhook;
use crate::clock::Clock;
use crate::faults::{Fault, Faults};
use crate::limits::Limits;
use crate::log::Entry;
use crate::methods::{old_invoice::OldInvoice, placement::Bound, timeline::Comment};
use crate::operator::Operator;
use crate::order::Order;
use crate::pay_system::{Handler, PaySystem};
use crate::payment::Payment;
use crate::receive::Late;
use crate::reply::{Codes, Statuses};
use crate::scenario::Scenario;
use crate::secrets::Secrets;
use crate::tokens::Token;
use std::collections::BTreeMap;

/// A portal's whole state.
#[derive(Clone, Debug)]
pub struct Portal {
    /// Its clock.
    pub clock: Clock,
    /// Its limits; `limits.plan` is the tariff.
    pub limits: Limits,
    /// How numeric error codes are written.
    pub codes: Codes,
    /// Which statuses authorization errors have.
    pub statuses: Statuses,
    /// How long every answer takes.
    pub latency_ms: u64,
    pub(crate) orders: BTreeMap<u64, Order>,
    pub(crate) payments: BTreeMap<u64, Payment>,
    pub(crate) pay_systems: BTreeMap<u64, PaySystem>,
    pub(crate) operators: BTreeMap<u64, Operator>,
    pub(crate) handlers: BTreeMap<u64, Handler>,
    pub(crate) old_invoices: BTreeMap<u64, OldInvoice>,
    pub(crate) comments: Vec<Comment>,
    pub(crate) bound: Vec<Bound>,
    /// Whether the app's installer has finished; an app without one is installed from the start.
    pub(crate) is_installed: bool,
    pub(crate) has_installer: bool,
    /// What the app keeps in the portal for all its users.
    #[cfg(feature = "server")]
    pub(crate) app_options: serde_json::Map<String, serde_json::Value>,
    pub(crate) tokens: Vec<Token>,
    pub(crate) webhooks: Vec<Webhook>,
    pub(crate) faults: Faults,
    pub(crate) secrets: Secrets,
    pub(crate) late: Vec<Late>,
    pub(crate) log: Vec<Entry>,
}

impl Portal {
    /// A portal as it is at the beginning of a scenario.
    #[must_use]
    pub fn new(scenario: Scenario, now_ms: u64) -> Self {
        Self::seeded(scenario, now_ms, 0x00b2_4ba7)
    }

    /// The same with secrets that follow from another seed.
    #[must_use]
    pub fn seeded(scenario: Scenario, now_ms: u64, seed: u64) -> Self {
        let setting = scenario.setting();
        let orders: BTreeMap<u64, Order> = setting
            .orders
            .into_iter()
            .map(|order| (order.id, order))
            .collect();
        let mut payments = BTreeMap::new();
        for mut payment in setting.payments {
            if payment.currency.is_empty()
                && let Some(order) = orders.get(&payment.order)
            {
                payment.currency.clone_from(&order.currency);
            }
            if payment.paid {
                payment.date_paid_ms = Some(now_ms);
            }
            payments.insert(payment.id, payment);
        }
        Self {
            clock: Clock::default(),
            limits: setting.limits,
            codes: Codes::default(),
            statuses: Statuses::default(),
            latency_ms: 0,
            orders,
            payments,
            pay_systems: setting
                .pay_systems
                .into_iter()
                .map(|system| (system.id, system))
                .collect(),
            operators: setting
                .operators
                .into_iter()
                .map(|person| (person.id, person))
                .collect(),
            handlers: setting
                .handlers
                .into_iter()
                .map(|handler| (handler.id, handler))
                .collect(),
            old_invoices: setting
                .old_invoices
                .into_iter()
                .map(|invoice| (invoice.id, invoice))
                .collect(),
            comments: Vec::new(),
            bound: Vec::new(),
            is_installed: true,
            has_installer: false,
            #[cfg(feature = "server")]
            app_options: serde_json::Map::new(),
            tokens: Vec::new(),
            webhooks: setting.webhooks,
            faults: Faults::default(),
            secrets: Secrets::new(seed),
            late: Vec::new(),
            log: Vec::new(),
        }
    }

    /// The truth about a payment.
    #[must_use]
    pub fn payment(&self, id: u64) -> Option<&Payment> {
        self.payments.get(&id)
    }

    /// A payment, to be changed behind everybody's back.
    pub fn payment_mut(&mut self, id: u64) -> Option<&mut Payment> {
        self.payments.get_mut(&id)
    }

    /// All payments, by number.
    pub fn payments(&self) -> impl Iterator<Item = &Payment> {
        self.payments.values()
    }

    /// All orders, by number.
    pub fn orders(&self) -> impl Iterator<Item = &Order> {
        self.orders.values()
    }

    /// An order, to be changed behind everybody's back.
    pub fn order_mut(&mut self, id: u64) -> Option<&mut Order> {
        self.orders.get_mut(&id)
    }

    /// All operators, by number.
    pub fn operators(&self) -> impl Iterator<Item = &Operator> {
        self.operators.values()
    }

    /// An operator, to be given other rights.
    pub fn operator_mut(&mut self, id: u64) -> Option<&mut Operator> {
        self.operators.get_mut(&id)
    }

    /// An old CRM invoice.
    #[must_use]
    pub fn old_invoice(&self, id: u64) -> Option<&OldInvoice> {
        self.old_invoices.get(&id)
    }

    /// The webhooks.
    #[must_use]
    pub fn webhooks(&self) -> &[Webhook] {
        &self.webhooks
    }

    /// Texts of the comments on a timeline, oldest first: owner's kind, owner's number, text.
    pub fn comments(&self) -> impl Iterator<Item = (&str, u64, &str)> {
        self.comments.iter().map(|comment| {
            (
                comment.owner_type.as_str(),
                comment.owner,
                comment.text.as_str(),
            )
        })
    }

    /// What was received, in order.
    #[must_use]
    pub fn log(&self) -> &[Entry] {
        &self.log
    }

    /// Arms a fault. Of several that wait for one call the first armed strikes, and all count it.
    pub fn arm(&mut self, fault: Fault) {
        self.faults.arm(fault);
    }

    /// A new secret of so many hexadecimal digits.
    pub fn secret(&mut self, digits: usize) -> String {
        self.secrets.hex(digits)
    }
}
