//! What may be asked of a payment, checked before anything is sent.

use std::rc::Rc;

use crate::amount::Amount;
use crate::digits;
use crate::error::Error;
use crate::payment::{PaySystemId, Payment, PaymentId, quoted};
use crate::signal::Signal;
use crate::text::joined;

/// What a call does to a payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// `sale.paysystem.pay.payment`: pays through a pay system.
    Pay(PaySystemId, Details),
    /// `crm.item.payment.pay`: marks as paid, whatever the pay system.
    MarkPaid,
    /// `crm.item.payment.unpay`: marks as unpaid.
    MarkUnpaid,
}

impl Action {
    /// Whether the payment is paid once the action has worked.
    #[must_use]
    pub fn makes_paid(&self) -> bool {
        !matches!(self, Self::MarkUnpaid)
    }

    /// The REST method that does it.
    #[must_use]
    pub fn method(&self) -> &'static str {
        match self {
            Self::Pay(..) => "sale.paysystem.pay.payment",
            Self::MarkPaid => "crm.item.payment.pay",
            Self::MarkUnpaid => "crm.item.payment.unpay",
        }
    }

    /// The pay system it names, if any.
    #[must_use]
    pub fn pay_system(&self) -> Option<PaySystemId> {
        match self {
            Self::Pay(system, _) => Some(*system),
            Self::MarkPaid | Self::MarkUnpaid => None,
        }
    }
}

/// A payment and what is to happen to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayRequest {
    /// The payment.
    pub payment: PaymentId,
    /// What is to happen to it.
    pub action: Action,
}

/// What REST pay systems store on the payment, each within the portal's limits.
///
/// The portal answers `true` to an over-long value and leaves the payment unpaid, so
/// [`Details::check`] runs before anything is sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Details {
    /// `PS_INVOICE_ID`, at most 255 code points.
    pub invoice_id: Option<String>,
    /// `PS_SUM`, a decimal.
    pub sum: Option<String>,
    /// `PS_CURRENCY`, three letters.
    pub currency: Option<String>,
    /// `PS_STATUS_CODE`, at most 255 code points.
    pub status_code: Option<String>,
    /// `PS_STATUS_MESSAGE`, at most 250 code points.
    pub status_message: Option<String>,
    /// `PS_STATUS_DESCRIPTION`, at most 512 code points.
    pub status_description: Option<String>,
}

impl Details {
    /// Each detail with its name in JavaScript, its parameter, its limit, and its value.
    #[must_use]
    pub fn rows(&self) -> [(&'static str, &'static str, usize, Option<&str>); 6] {
        [
            (
                "invoiceId",
                "PS_INVOICE_ID",
                255,
                self.invoice_id.as_deref(),
            ),
            ("sum", "PS_SUM", 255, self.sum.as_deref()),
            ("currency", "PS_CURRENCY", 3, self.currency.as_deref()),
            (
                "statusCode",
                "PS_STATUS_CODE",
                255,
                self.status_code.as_deref(),
            ),
            (
                "statusMessage",
                "PS_STATUS_MESSAGE",
                250,
                self.status_message.as_deref(),
            ),
            (
                "statusDescription",
                "PS_STATUS_DESCRIPTION",
                512,
                self.status_description.as_deref(),
            ),
        ]
    }

    /// Checks every value against what the portal stores.
    ///
    /// # Errors
    /// [`Error::invalid_details`] for an empty value or `"0"` (the portal drops both), one that is
    /// too long, a `sum` that is no decimal or is negative, and a `currency` that is not three letters.
    pub fn check(&self) -> Result<(), Error> {
        for (name, _, limit, value) in self.rows() {
            let Some(value) = value else { continue };
            let length = characters(value);
            let fault = if value.is_empty() || value == "0" {
                Some("must not be empty or \"0\", which the portal drops".into())
            } else if name == "currency" && !(length == 3 && letters(value)) {
                Some("must be three letters".into())
            } else if name == "sum" && Amount::from_text(value).is_none() {
                Some("must be a decimal number such as \"59.97\"".into())
            } else if name == "sum" && value.starts_with('-') {
                Some("must not be negative, since it is what was paid".into())
            } else if length > limit {
                let limit = digits::text(limit as u64);
                let rest = " characters, which is what the portal stores";
                Some(joined(&["must have at most ", &limit, rest]))
            } else {
                None
            };
            if let Some(expected) = fault {
                let given = if length > 40 {
                    digits::text(length as u64) + " characters"
                } else {
                    quoted(value)
                };
                return Err(Error::invalid_details(name, &expected, &given));
            }
        }
        Ok(())
    }
}

/// How many code points a text has: all its bytes but those that go on with one.
fn characters(text: &str) -> usize {
    text.bytes().filter(|byte| byte & 0xc0 != 0x80).count()
}

fn letters(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// What must hold for the payment at the moment of sending.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Terms {
    /// The amount that the caller believes is paid.
    pub sum: Option<Amount>,
    /// The currency that the caller believes is paid.
    pub currency: Option<String>,
    /// The details' sum and currency need not match the payment.
    pub details_may_differ: bool,
    /// A payment that was returned may be paid again.
    pub pay_returned: bool,
}

/// How long after sending an unpaid payment may still turn paid in the cloud, in milliseconds: its own limit and some more.
pub const SETTLE_MS: f64 = 65_000.0;

/// How old a read may be at the moment of sending, in milliseconds.
pub(crate) const FRESH_MS: f64 = 10_000.0;

/// The longest that something can be waited for, in milliseconds: what a browser's timer can hold.
pub const LONGEST_MS: f64 = 2_147_483_647.0;

/// Waiting times and terms of one call.
#[derive(Debug, Clone)]
pub struct PayOptions {
    /// How long one request may stay silent, in milliseconds from 1 to [`LONGEST_MS`]; 30,000 by default.
    pub deadline_ms: f64,
    /// How long after sending an unpaid payment may still turn paid, in milliseconds from 1 to [`LONGEST_MS`]; [`SETTLE_MS`] by
    /// default. A shorter time than the portal may work on a request makes [`NotApplied`] of a payment that can still be paid.
    ///
    /// [`NotApplied`]: crate::outcome::Outcome::NotApplied
    pub settle_ms: f64,
    /// What [`read::payment`](crate::read::payment) has given at most ten seconds ago: a payment, and when it was asked for, on the
    /// page's monotonic clock. It spares the first read; where it is older, of another payment, or from before the end of a call about
    /// it, that is made all the same.
    pub known: Option<(Rc<Payment>, f64)>,
    /// What must hold for the payment.
    pub terms: Terms,
    /// Set when the caller aborts: its call ends at once, sent work goes on.
    pub abort: Option<Rc<Signal>>,
}

impl Default for PayOptions {
    fn default() -> Self {
        Self {
            deadline_ms: 30_000.0,
            settle_ms: SETTLE_MS,
            known: None,
            terms: Terms::default(),
            abort: None,
        }
    }
}

/// The package's own module checks what it was given before, and can name what came.
#[cfg(not(feature = "module"))]
impl PayOptions {
    /// Checks the times at this one of the page's monotonic clock. Without an end to its waits a call would never settle, with
    /// none it would be judged while it still runs, and what was read by another clock would be fresh for ever.
    ///
    /// # Errors
    /// [`Error::invalid_request`] for a wait that is not from 1 to [`LONGEST_MS`], and for a known payment read after now.
    pub fn check(&self, now: f64) -> Result<(), Error> {
        for (name, ms) in [
            ("deadlineMs", self.deadline_ms),
            ("settleMs", self.settle_ms),
        ] {
            if !(1.0..=LONGEST_MS).contains(&ms) {
                let expected = "must be milliseconds from 1 to 2147483647";
                return Err(Error::invalid_request(name, expected, "another number"));
            }
        }
        match &self.known {
            None => Ok(()),
            Some((_, at)) if *at <= now => Ok(()),
            Some(_) => Err(Error::invalid_request(
                "known",
                "must have been read before now on the page's monotonic clock",
                "a time of another clock",
            )),
        }
    }
}

impl PayRequest {
    /// Compares a payment that was read with what was asked and agreed.
    ///
    /// # Errors
    /// [`Error::returned`], [`Error::other_pay_system`], [`Error::amount_changed`].
    pub fn check(&self, payment: &Payment, terms: &Terms) -> Result<(), Error> {
        if self.action.makes_paid() && payment.returned == Some(true) && !terms.pay_returned {
            return Err(Error::returned());
        }
        if let Some(asked) = self.action.pay_system()
            && payment.pay_system_id != asked.get()
        {
            return Err(Error::other_pay_system(
                asked.get(),
                payment.pay_system_id,
                &payment.pay_system_name,
            ));
        }
        let (sums, currencies) = self.agreed(terms);
        let sum_differs = sums.iter().flatten().find(|&&sum| payment.sum != Some(sum));
        let currency_differs = currencies
            .iter()
            .flatten()
            .find(|&&text| text != payment.currency);
        if sum_differs.is_none() && currency_differs.is_none() {
            return Ok(());
        }
        let sum = sum_differs.or(sums.iter().flatten().next());
        let currency = currency_differs.or(currencies.iter().flatten().next());
        let mut expected = sum.map(|sum| sum.to_text()).unwrap_or_default();
        if let Some(currency) = currency {
            if !expected.is_empty() {
                expected.push(' ');
            }
            expected.push_str(currency);
        }
        Err(Error::amount_changed(&expected, &payment.amount_text()))
    }

    /// Whether something was agreed that only a read can check.
    #[must_use]
    pub fn needs_read(&self, terms: &Terms) -> bool {
        let (sums, currencies) = self.agreed(terms);
        sums.iter().any(Option::is_some) || currencies.iter().any(Option::is_some)
    }

    /// Amounts and currencies that the payment must have: the caller's, and the details'.
    fn agreed<'a>(&'a self, terms: &'a Terms) -> ([Option<Amount>; 2], [Option<&'a str>; 2]) {
        let details = match &self.action {
            Action::Pay(_, details) if !terms.details_may_differ => Some(details),
            _ => None,
        };
        let sum = details.and_then(|details| Amount::from_text(details.sum.as_deref()?));
        let currency = details.and_then(|details| details.currency.as_deref());
        ([terms.sum, sum], [terms.currency.as_deref(), currency])
    }
}
