//! Facts about a payment after a call: what is true now, and how it is known.

use std::rc::Rc;

use crate::error::Error;
use crate::payment::Payment;

/// What is known after [`confirm`](crate::confirm::confirm).
///
/// *Done* means paid for the actions that pay, and unpaid for [`MarkUnpaid`]. A `match` needs no arm for others: each has to be
/// handled, so one more would be a breaking change.
///
/// [`MarkUnpaid`]: crate::request::Action::MarkUnpaid
#[derive(Debug, Clone)]
pub enum Outcome {
    /// Read back as done.
    Done {
        /// The payment as it was read back.
        payment: Rc<Payment>,
        /// The portal's answer had been lost.
        recovered: bool,
    },
    /// Was so before this call.
    Already {
        /// The payment as it was read.
        payment: Rc<Payment>,
        /// The call still reached the portal: somebody was faster.
        sent: bool,
    },
    /// Read back as not done when this call can no longer change it.
    NotApplied {
        /// The payment as it was read back.
        payment: Rc<Payment>,
        /// Why there was no answer, where there was none.
        cause: Option<Error>,
    },
    /// The portal said yes, and this user or app may not read payments.
    Unverified {
        /// Why it may not be read.
        cause: Error,
    },
    /// It may or may not have run, or may still run.
    Unknown {
        /// Why it is not known.
        cause: Error,
        /// The payment as it was last read.
        payment: Option<Rc<Payment>>,
    },
}

impl Outcome {
    /// The payment it speaks of, where one was read.
    #[must_use]
    pub fn payment(&self) -> Option<&Rc<Payment>> {
        match self {
            Self::Done { payment, .. }
            | Self::Already { payment, .. }
            | Self::NotApplied { payment, .. } => Some(payment),
            Self::Unknown { payment, .. } => payment.as_ref(),
            Self::Unverified { .. } => None,
        }
    }
}
