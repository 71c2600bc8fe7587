//! People of the portal, what they may do, and what an app may touch.

/// A part of the REST interface that an app or webhook was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// `sale.paysystem.*`
    PaySystem,
    /// `crm.*`
    Crm,
    /// `sale.order.*`, `sale.payment.*`
    Sale,
    /// Widgets.
    Placement,
}

impl Scope {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::PaySystem, Self::Crm, Self::Sale, Self::Placement];

    /// The portal's name of the scope.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::PaySystem => "pay_system",
            Self::Crm => "crm",
            Self::Sale => "sale",
            Self::Placement => "placement",
        }
    }

    /// The scope with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.name() == name)
    }
}

/// A set of scopes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scopes(u8);

impl Scopes {
    /// Every scope.
    pub const ALL: Self = Self(0b1111);
    /// No scope.
    pub const NONE: Self = Self(0);

    /// These scopes.
    #[must_use]
    pub fn of(scopes: &[Scope]) -> Self {
        scopes
            .iter()
            .fold(Self::NONE, |all, scope| Self(all.0 | 1 << *scope as u8))
    }

    /// Whether the scope is among them.
    #[must_use]
    pub fn has(self, scope: Scope) -> bool {
        self.0 & 1 << scope as u8 != 0
    }

    /// Their names, in the portal's order.
    #[must_use]
    pub fn names(self) -> Vec<&'static str> {
        Scope::ALL
            .into_iter()
            .filter(|scope| self.has(*scope))
            .map(Scope::name)
            .collect()
    }
}

/// What an operator may do. An administrator passes every check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a right of its own in the portal"
)]
pub struct Rights {
    /// Administrator of the CRM.
    pub admin: bool,
    /// May read orders and the deals and invoices they belong to.
    pub reads_orders: bool,
    /// May add orders.
    pub adds_orders: bool,
    /// May change orders.
    pub updates_orders: bool,
    /// Right of the module `sale` other than "denied".
    pub sale: bool,
}

impl Rights {
    /// An administrator.
    pub const ADMIN: Self = Self {
        admin: true,
        reads_orders: true,
        adds_orders: true,
        updates_orders: true,
        sale: true,
    };
    /// Somebody who works with orders.
    pub const MANAGER: Self = Self {
        admin: false,
        ..Self::ADMIN
    };
    /// Somebody who may only look.
    pub const READER: Self = Self {
        adds_orders: false,
        updates_orders: false,
        sale: false,
        ..Self::MANAGER
    };
    /// Somebody who may pay and may not look.
    pub const PAYER: Self = Self {
        reads_orders: false,
        sale: false,
        ..Self::MANAGER
    };
    /// Nobody.
    pub const NONE: Self = Self {
        admin: false,
        reads_orders: false,
        adds_orders: false,
        updates_orders: false,
        sale: false,
    };

    pub(crate) fn may_read(self) -> bool {
        self.admin || self.reads_orders
    }

    pub(crate) fn may_update(self) -> bool {
        self.admin || self.updates_orders
    }

    /// The pay call is denied only to those who may neither add nor change orders.
    pub(crate) fn may_pay(self) -> bool {
        self.admin || self.adds_orders || self.updates_orders
    }

    pub(crate) fn may_use_sale(self) -> bool {
        self.admin || self.sale
    }
}

/// A user of the portal.
#[derive(Clone, Debug)]
pub struct Operator {
    /// The user's number.
    pub id: u64,
    /// The name on the portal page.
    pub name: String,
    /// What the user may do.
    pub rights: Rights,
}
