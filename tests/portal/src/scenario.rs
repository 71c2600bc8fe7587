//! With what a portal begins: the demo, a deal with very many payments, or a small setting of a test's own.

use crate::access::Webhook;
use crate::demo;
use crate::limits::{Limits, Plan};
use crate::methods::old_invoice::OldInvoice;
use crate::operator::{Operator, Rights, Scopes};
use crate::order::{Order, Owner};
use crate::pay_system::{Handler, PaySystem};
use crate::payment::Payment;

/// How a portal begins.
#[derive(Clone, Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "made once per portal, never kept"
)]
pub enum Scenario {
    /// Deal 7 with payments 501 to 506, invoice 31, order 77.
    Demo,
    /// Deal 7 with 1,000 unpaid payments of 400 orders.
    Many,
    /// The demo, and in deal 7 the payments 507, by the buyer's internal account, and 508, returned.
    Unusual,
    /// A test's own setting.
    Of(Setting),
}

impl Scenario {
    /// The scenario with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "demo" => Some(Self::Demo),
            "many" => Some(Self::Many),
            "unusual" => Some(Self::Unusual),
            _ => None,
        }
    }

    pub(crate) fn setting(self) -> Setting {
        match self {
            Self::Demo => demo::demo(),
            Self::Many => demo::many(),
            Self::Unusual => demo::unusual(),
            Self::Of(setting) => setting,
        }
    }
}

/// Everything a portal begins with. An empty one has no limits and knows nobody.
///
/// ```
/// use portal::{Order, PaySystem, Payment, Portal, Rights, Scenario, Setting};
///
/// let setting = Setting::new()
///     .order(Order::new(917, "EUR", None))
///     .pay_system(PaySystem::rest(11, "Card"))
///     .payment(Payment::new(501, 917, "917/1", 11, 1000.0))
///     .operator(7, Rights::MANAGER);
/// assert!(Portal::new(Scenario::Of(setting), 0).payment(501).is_some());
/// ```
#[derive(Clone, Debug)]
pub struct Setting {
    pub(crate) orders: Vec<Order>,
    pub(crate) payments: Vec<Payment>,
    pub(crate) pay_systems: Vec<PaySystem>,
    pub(crate) operators: Vec<Operator>,
    pub(crate) webhooks: Vec<Webhook>,
    pub(crate) handlers: Vec<Handler>,
    pub(crate) old_invoices: Vec<OldInvoice>,
    pub(crate) limits: Limits,
}

impl Default for Setting {
    fn default() -> Self {
        Self::new()
    }
}

impl Setting {
    /// Nothing and nobody, no limits.
    #[must_use]
    pub fn new() -> Self {
        Self {
            orders: Vec::new(),
            payments: Vec::new(),
            pay_systems: Vec::new(),
            operators: Vec::new(),
            webhooks: Vec::new(),
            handlers: Vec::new(),
            old_invoices: Vec::new(),
            limits: Limits::off(),
        }
    }

    /// One unpaid payment, 501 of 1000 EUR by REST pay system 11, order 917 of deal 7, and operator 7 who may work with it.
    #[must_use]
    pub fn one_payment() -> Self {
        Self::new()
            .order(Order::new(917, "EUR", Some(Owner::deal(7))))
            .pay_system(PaySystem::rest(11, "Card"))
            .payment(Payment::new(501, 917, "917/1", 11, 1000.0))
            .operator(7, Rights::MANAGER)
    }

    /// With an order.
    #[must_use]
    pub fn order(mut self, order: Order) -> Self {
        self.orders.push(order);
        self
    }

    /// With a payment; its currency becomes the order's where it has none.
    #[must_use]
    pub fn payment(mut self, payment: Payment) -> Self {
        self.payments.push(payment);
        self
    }

    /// With a pay system.
    #[must_use]
    pub fn pay_system(mut self, system: PaySystem) -> Self {
        self.pay_systems.push(system);
        self
    }

    /// With an operator.
    #[must_use]
    pub fn operator(self, id: u64, rights: Rights) -> Self {
        self.person(id, &format!("Operator {id}"), rights)
    }

    /// With an operator who has a name.
    #[must_use]
    pub fn person(mut self, id: u64, name: &str, rights: Rights) -> Self {
        self.operators.push(Operator {
            id,
            name: name.to_owned(),
            rights,
        });
        self
    }

    /// With a webhook.
    #[must_use]
    pub fn webhook(mut self, user: u64, secret: &str, scopes: Scopes) -> Self {
        self.webhooks.push(Webhook {
            user,
            secret: secret.to_owned(),
            scopes,
        });
        self
    }

    /// With a REST handler.
    #[must_use]
    pub fn handler(mut self, handler: Handler) -> Self {
        self.handlers.push(handler);
        self
    }

    /// With an unpaid old CRM invoice.
    #[must_use]
    pub fn old_invoice(mut self, id: u64, pay_system: u64) -> Self {
        self.old_invoices.push(OldInvoice {
            id,
            pay_system,
            paid: false,
        });
        self
    }

    /// With the limits of a plan.
    #[must_use]
    pub fn plan(self, plan: Plan) -> Self {
        self.limits(Limits::of(plan))
    }

    /// With these limits.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }
}
