//! Orders, and the deal or invoice that an order belongs to.

/// What an order belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Owner {
    /// 2 for deals, 31 for smart invoices.
    pub type_id: u64,
    /// Its number.
    pub id: u64,
}

impl Owner {
    /// A deal.
    #[must_use]
    pub fn deal(id: u64) -> Self {
        Self { type_id: 2, id }
    }

    /// A smart invoice.
    #[must_use]
    pub fn invoice(id: u64) -> Self {
        Self { type_id: 31, id }
    }
}

/// An order of the shop.
#[derive(Clone, Debug)]
pub struct Order {
    /// Its number.
    pub id: u64,
    /// Currency of the order and of its payments.
    pub currency: String,
    /// The deal or invoice it belongs to.
    pub owner: Option<Owner>,
    /// Set when the order is cancelled: the sentence with which payments are refused, in the portal's language.
    pub cancelled: Option<String>,
    /// What the order itself says about being paid. It may be wrong: only the payment's own state counts.
    pub payed: bool,
}

impl Order {
    /// An order that is neither cancelled nor paid.
    #[must_use]
    pub fn new(id: u64, currency: &str, owner: Option<Owner>) -> Self {
        Self {
            id,
            currency: currency.to_owned(),
            owner,
            cancelled: None,
            payed: false,
        }
    }

    /// The same order, cancelled.
    #[must_use]
    pub fn cancelled(mut self, sentence: &str) -> Self {
        self.cancelled = Some(sentence.to_owned());
        self
    }
}
