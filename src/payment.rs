//! Identifiers and payments: values that are valid because they exist.

use crate::amount::Amount;
use crate::digits;
use crate::error::Error;
use crate::text::{cut_last, joined, parts};

/// The largest whole number that JavaScript holds exactly, 2^53 - 1.
pub const LARGEST_ID: u64 = 9_007_199_254_740_991;

/// What every identifier has to be, as errors say it.
pub(crate) const EXPECTED_ID: &str =
    "must be a positive whole number up to 2^53 - 1, or its plain digits";

/// A positive whole number from its canonical digits: no sign, space, leading zero or exponent.
///
/// An account number such as `15/1` is refused on purpose: the portal would take it for an id of
/// one payment and then pay another one.
fn whole(text: &str) -> Option<u64> {
    digits::number(text).filter(|_| !text.starts_with('0'))
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $error:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u64);

        impl $name {
            /// Takes a number from 1 to 2^53 - 1.
            ///
            /// # Errors
            #[doc = concat!("[`Error::", stringify!($error), "`] for `0` and for anything above 2^53 - 1.")]
            pub fn new(number: u64) -> Result<Self, Error> {
                if (1..=LARGEST_ID).contains(&number) {
                    Ok(Self(number))
                } else {
                    Err(Error::$error(&digits::text(number)))
                }
            }

            /// Takes canonical digits, as `501`.
            ///
            /// # Errors
            #[doc = concat!("[`Error::", stringify!($error), "`] for `\"\"`, `\" 501 \"`, `\"01\"`, `\"1.5\"`, ")]
            /// `"15/1"`, digits of other scripts and numbers above 2^53 - 1.
            pub fn from_text(text: &str) -> Result<Self, Error> {
                whole(text).map(Self).ok_or_else(|| Error::$error(&quoted(text)))
            }

            /// The number.
            #[must_use]
            pub const fn get(self) -> u64 {
                self.0
            }
        }
    };
}

id!(
    /// Identifier of one payment of an order, `sale_order_payment.id`.
    PaymentId,
    invalid_payment_id
);
id!(
    /// Identifier of a pay system, `sale_paysystem.ID`.
    PaySystemId,
    invalid_pay_system_id
);

/// Text as it came, in quotes and cut to a length that fits a message. An address of a portal's REST is only named: it may be
/// a webhook's, and hold its secret.
#[must_use]
pub fn quoted(text: &str) -> String {
    if parts(text, b'/').any(|part| part == "rest") {
        return "an address".into();
    }
    // Where the forty-first sign begins; std's own search for it would bring the decoding of all signs.
    let begins = |at: &usize| text.is_char_boundary(*at);
    let (shown, rest) = match (0..text.len()).filter(begins).nth(40) {
        Some(at) => (text.get(..at).unwrap_or_default(), "…"),
        None => (text, ""),
    };
    joined(&["\"", shown, rest, "\""])
}

/// One payment of an order as the portal gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// Its identifier.
    pub id: PaymentId,
    /// Its account number, as `917/1`: the order's number, a slash, and a count.
    pub account_number: String,
    /// Whether the portal keeps it as paid. Nothing else tells.
    pub paid: bool,
    /// When it was paid, ISO 8601 with an offset.
    pub date_paid: Option<String>,
    /// The employee who paid it.
    pub paid_by: Option<u64>,
    /// Its pay system; 0 where the portal gave none.
    pub pay_system_id: u64,
    /// The pay system's name.
    pub pay_system_name: String,
    /// Its amount, where the portal gave a readable one.
    pub sum: Option<Amount>,
    /// The amount's currency, as the portal spells it.
    pub currency: String,
    /// Its order; only where `sale.payment.*` read it.
    pub order_id: Option<u64>,
    /// Whether the money was returned; only where `sale.payment.*` read it.
    pub returned: Option<bool>,
}

impl Payment {
    /// The number of its order: the account number up to its last slash.
    #[must_use]
    pub fn order_number(&self) -> &str {
        cut_last(&self.account_number, b'/').map_or(&self.account_number, |(order, _)| order)
    }

    /// Amount and currency, as `59.97 EUR`.
    #[must_use]
    pub fn amount_text(&self) -> String {
        let mut text = self
            .sum
            .map_or_else(|| "an unreadable amount".into(), Amount::to_text);
        text.push(' ');
        text.push_str(&self.currency);
        text
    }
}
