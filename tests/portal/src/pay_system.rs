//! Pay systems: what becomes of a payment call depends on the kind of the system.

use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// What stands behind a pay system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A handler registered over REST: the only kind that the payment call really serves.
    Rest {
        /// The handler's code.
        handler: String,
    },
    /// Cash, a bank bill and the like: the call answers `true` and does nothing.
    Offline,
    /// The buyer's internal account: as offline; marking in CRM fails for want of funds.
    InternalAccount,
    /// A built-in gateway that finds no payment in the call.
    Gateway,
    /// A gateway that saves the payment and then answers with a text of its own.
    SavesThenText,
    /// A gateway that refuses with these sentences and marks the payment as problematic.
    Refuses(Vec<String>),
}

/// In whose payments a pay system looks for an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Registry {
    /// Orders: deals, smart invoices and the shop.
    Order,
    /// Old CRM invoices; the default of `sale.paysystem.add`.
    CrmInvoice,
}

/// A pay system.
#[derive(Clone, Debug)]
pub struct PaySystem {
    /// Its number.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// What stands behind it.
    pub kind: Kind,
    /// Whose payments it serves.
    pub registry: Registry,
    /// Whether customers can choose it. Payment calls do not ask.
    pub is_active: bool,
    /// The type of payer, 0 for any.
    pub person_type: u64,
    /// The other fields as `sale.paysystem.list` shows them.
    pub fields: Map<String, Value>,
    /// Values of the handler's parameters by type of payer; 0 holds the defaults.
    pub settings: BTreeMap<u64, Map<String, Value>>,
}

impl PaySystem {
    /// An active system for orders.
    #[must_use]
    pub fn new(id: u64, name: &str, kind: Kind) -> Self {
        Self {
            id,
            name: name.to_owned(),
            kind,
            registry: Registry::Order,
            is_active: true,
            person_type: 0,
            fields: Map::new(),
            settings: BTreeMap::new(),
        }
    }

    /// An active system of a REST handler.
    #[must_use]
    pub fn rest(id: u64, name: &str) -> Self {
        Self::new(
            id,
            name,
            Kind::Rest {
                handler: "b24pay_card".to_owned(),
            },
        )
    }

    /// The values of the handler's parameters for a type of payer, or else the defaults.
    pub(crate) fn settings_for(&self, person_type: u64) -> Option<&Map<String, Value>> {
        let own = self.settings.get(&person_type);
        own.or_else(|| self.settings.get(&0))
    }

    /// The code of its REST handler.
    #[must_use]
    pub fn handler(&self) -> Option<&str> {
        match &self.kind {
            Kind::Rest { handler } => Some(handler),
            _ => None,
        }
    }
}

/// A handler registered over REST.
#[derive(Clone, Debug)]
pub struct Handler {
    /// Its number.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// The code that pay systems refer to.
    pub code: String,
    /// Its place in lists.
    pub sort: i64,
    /// The settings as they were sent.
    pub settings: Value,
    /// The app that registered it; webhooks register for nobody.
    pub app: Option<u64>,
}
