//! The methods that the portal knows, each with its scope and the time it takes.
//! A method that is not in this table is answered loudly: 404, `ERROR_METHOD_NOT_FOUND`.

mod app;
mod crm_payment;
mod handler;
pub(crate) mod old_invoice;
mod owned;
mod pay_payment;
mod pay_system;
pub(crate) mod placement;
mod sale_order;
mod sale_payment;
mod settings;
pub(crate) mod timeline;

use crate::access::Actor;
use crate::fault_kind::FaultKind;
use crate::operator::Scope;
use crate::php;
use crate::portal::Portal;
use crate::reply::{Answer, Refusal};
use serde_json::{Map, Value};

/// A method.
#[derive(Debug)]
pub(crate) struct Method {
    pub name: &'static str,
    pub scope: Option<Scope>,
    /// What one run adds to the execution time.
    pub takes_ms: u64,
    pub run: fn(&mut Call) -> Result<Answer, Refusal>,
}

/// One run of a method.
pub(crate) struct Call<'a> {
    pub portal: &'a mut Portal,
    pub now_ms: u64,
    /// The number of the request in the log.
    pub n: u64,
    pub actor: Actor,
    /// The parameters without the names that the core takes.
    pub params: &'a Map<String, Value>,
    pub start: Option<i64>,
    pub veto: Option<Veto>,
}

/// An event handler of the shop that keeps a payment unpaid, in silence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Veto {
    Payment,
    /// The order is saved as paid all the same.
    PaymentButNotOrder,
}

impl Veto {
    pub fn of(kind: FaultKind) -> Option<Self> {
        match kind {
            FaultKind::YesButUnpaid => Some(Self::Payment),
            FaultKind::YesButUnpaidOrderPaid => Some(Self::PaymentButNotOrder),
            _ => None,
        }
    }
}

const fn method(
    name: &'static str,
    scope: Option<Scope>,
    takes_ms: u64,
    run: fn(&mut Call) -> Result<Answer, Refusal>,
) -> Method {
    Method {
        name,
        scope,
        takes_ms,
        run,
    }
}

const PAY_PAYMENT: &str = "sale.paysystem.pay.payment";
const MARK_PAID: &str = "crm.item.payment.pay";
const MARK_UNPAID: &str = "crm.item.payment.unpay";

/// What an event handler of the shop can keep from being saved.
pub(crate) const CAN_BE_VETOED: [&str; 3] = [PAY_PAYMENT, MARK_PAID, MARK_UNPAID];

const PAY_SYSTEM: Option<Scope> = Some(Scope::PaySystem);
const PLACEMENT: Option<Scope> = Some(Scope::Placement);

static METHODS: &[Method] = &[
    method(PAY_PAYMENT, Some(Scope::PaySystem), 380, pay_payment::pay),
    method(
        "crm.item.payment.get",
        Some(Scope::Crm),
        40,
        crm_payment::get,
    ),
    method(
        "crm.item.payment.list",
        Some(Scope::Crm),
        60,
        crm_payment::list,
    ),
    method(MARK_PAID, Some(Scope::Crm), 350, crm_payment::pay),
    method(MARK_UNPAID, Some(Scope::Crm), 350, crm_payment::unpay),
    method("sale.payment.get", Some(Scope::Sale), 40, sale_payment::get),
    method(
        "sale.payment.list",
        Some(Scope::Sale),
        60,
        sale_payment::list,
    ),
    method(
        "sale.payment.update",
        Some(Scope::Sale),
        350,
        sale_payment::update,
    ),
    method(
        "crm.timeline.comment.add",
        Some(Scope::Crm),
        120,
        timeline::add,
    ),
    method("scope", None, 5, app::scope),
    method("app.info", None, 5, app::info),
    method("placement.list", PLACEMENT, 20, placement::list),
    method("placement.get", PLACEMENT, 20, placement::get),
    method("placement.bind", PLACEMENT, 80, placement::bind),
    method("placement.unbind", PLACEMENT, 80, placement::unbind),
    method(
        "sale.paysystem.pay.invoice",
        PAY_SYSTEM,
        350,
        old_invoice::pay,
    ),
    method("sale.paysystem.handler.add", PAY_SYSTEM, 120, handler::add),
    method(
        "sale.paysystem.handler.update",
        PAY_SYSTEM,
        120,
        handler::update,
    ),
    method(
        "sale.paysystem.handler.delete",
        PAY_SYSTEM,
        120,
        handler::delete,
    ),
    method("sale.paysystem.handler.list", PAY_SYSTEM, 40, handler::list),
    method("sale.paysystem.add", PAY_SYSTEM, 120, pay_system::add),
    method("sale.paysystem.update", PAY_SYSTEM, 120, pay_system::update),
    method("sale.paysystem.delete", PAY_SYSTEM, 120, pay_system::delete),
    method("sale.paysystem.list", PAY_SYSTEM, 40, pay_system::list),
    method("sale.paysystem.settings.get", PAY_SYSTEM, 40, settings::get),
    method(
        "sale.paysystem.settings.update",
        PAY_SYSTEM,
        120,
        settings::update,
    ),
    method(
        "sale.paysystem.settings.payment.get",
        PAY_SYSTEM,
        40,
        settings::of_payment,
    ),
    method(
        "sale.paysystem.settings.invoice.get",
        PAY_SYSTEM,
        40,
        old_invoice::settings,
    ),
    method("sale.order.get", Some(Scope::Sale), 60, sale_order::get),
    method("sale.order.list", Some(Scope::Sale), 80, sale_order::list),
    method(
        "crm.orderentity.list",
        Some(Scope::Crm),
        40,
        sale_order::owners,
    ),
];

/// The method with this name.
pub(crate) fn find(name: &str) -> Option<&'static Method> {
    METHODS.iter().find(|method| method.name == name)
}

/// What is said of a method that is not there.
pub(crate) fn not_found() -> Refusal {
    Refusal::new(404, "ERROR_METHOD_NOT_FOUND", "Method not found!")
}

/// Counts a call that reached the portal for a payment, whatever becomes of it.
pub(crate) fn count(portal: &mut Portal, name: &str, params: &Map<String, Value>) {
    let id = match name {
        PAY_PAYMENT => php::fold_keys_once(params).get("PAYMENT_ID").map(php::int),
        MARK_PAID => params.get("id").map(php::int),
        _ => return,
    };
    let id = id.and_then(|id| u64::try_from(id).ok());
    if let Some(payment) = id.and_then(|id| portal.payments.get_mut(&id)) {
        if name == PAY_PAYMENT {
            payment.pay_calls += 1;
        } else {
            payment.mark_calls += 1;
        }
    }
}

/// The order's own word about being paid, after a payment of it was saved.
pub(crate) fn sync_order(portal: &mut Portal, order: u64) {
    let mut all_paid = portal
        .payments
        .values()
        .filter(|payment| payment.order == order);
    let payed = all_paid.all(|payment| payment.paid);
    if let Some(order) = portal.orders.get_mut(&order) {
        order.payed = payed;
    }
}

impl Call<'_> {
    /// A whole number that a controller method's parameter has to be.
    pub fn bound_int(&self, name: &str) -> Result<i64, Refusal> {
        let given = match self.params.get(name) {
            None | Some(Value::Null) => {
                let text = format!("Could not find value for parameter {{{name}}}");
                return Err(Refusal::numbered(100, text));
            }
            Some(given) => given,
        };
        let is_number = match given {
            Value::Number(_) => true,
            Value::String(text) => text.trim().parse::<f64>().is_ok_and(f64::is_finite),
            _ => false,
        };
        if is_number {
            return Ok(php::int(given));
        }
        let shown = php::text(given);
        Err(Refusal::numbered(
            100,
            format!(
                "Invalid value {{{shown}}} to match with parameter {{{name}}}. Should be value of type int."
            ),
        ))
    }

    /// The number of a payment that exists, by a controller method's `id`.
    pub fn bound_payment(&self) -> Result<Option<u64>, Refusal> {
        let id = u64::try_from(self.bound_int("id")?).unwrap_or_default();
        Ok(self.portal.payments.contains_key(&id).then_some(id))
    }
}
