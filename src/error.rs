//! Why a fact about a payment cannot be stated, or why nothing was asked at all.

use std::any::Any;
use std::fmt;
use std::rc::Rc;

/// What a caller may do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// The same call may be made again.
    Safe,
    /// The same call would fail again.
    Never,
    /// The payment must be read first.
    ReadFirst,
}

impl Retry {
    /// The word used in JavaScript.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Never => "never",
            Self::ReadFirst => "readFirst",
        }
    }
}

/// The portal's own words for a refusal, kept as they came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Refusal {
    /// The code as text; `"0"` and `""` are codes too.
    pub code: String,
    /// The description, in the portal's language; never parsed for meaning.
    pub text: String,
    /// The HTTP status, where it was seen.
    pub status: Option<u16>,
}

/// What JavaScript threw, carried through untouched so that it can be handed back as it came.
#[derive(Clone)]
pub struct Thrown(pub Rc<dyn Any>);

impl Thrown {
    /// A cause in our own words, where what was thrown must not be shown or nothing was.
    #[must_use]
    pub fn reason(sentence: &'static str) -> Self {
        Self(Rc::new(sentence))
    }

    fn sentence(&self) -> Option<&'static str> {
        self.0.downcast_ref().copied()
    }
}

impl fmt::Debug for Thrown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Thrown")
    }
}

/// Why nothing was asked, or why no fact can be stated. See [`Error::code`] for the stable names.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Error {
    /// The request or an option has the wrong shape.
    InvalidRequest {
        /// What it is about, as `settleMs`.
        name: String,
        /// What was expected, as a clause: `must be …`.
        expected: &'static str,
        /// What came.
        given: String,
        /// What a hostile getter threw.
        cause: Option<Thrown>,
    },
    /// No identifier of a payment.
    InvalidPaymentId {
        /// What came.
        given: String,
    },
    /// No identifier of a pay system.
    InvalidPaySystemId {
        /// What came.
        given: String,
    },
    /// A detail that the portal would not store.
    InvalidDetails {
        /// Its name in JavaScript.
        name: &'static str,
        /// What was expected, as a clause: `must be …`.
        expected: String,
        /// What came.
        given: String,
    },
    /// The payment's amount is not the agreed one.
    AmountChanged {
        /// What was agreed.
        expected: String,
        /// What was read.
        found: String,
    },
    /// The agreed amount could not be checked, since the payment may not be read.
    AmountUnreadable {
        /// Why it may not be read.
        why: Box<Error>,
    },
    /// The payment belongs to another pay system.
    OtherPaySystem {
        /// The pay system that was asked for.
        asked: u64,
        /// The payment's own.
        found: u64,
        /// Its name.
        name: String,
    },
    /// The payment was returned, and paying it again was not asked for.
    Returned,
    /// Another run about the same payment did not end in time.
    UnderWay,
    /// There is no usable `BX24`.
    NotInPortal {
        /// What was found instead, as a clause.
        found: &'static str,
    },
    /// `BX24.init` did not answer in time.
    NoHandshake {
        /// How long it was waited for, in milliseconds.
        waited_ms: u64,
    },
    /// The caller aborted.
    Aborted {
        /// Whether the call had been sent by then.
        sent: bool,
    },
    /// The portal said no.
    Refused {
        /// The method it refused.
        method: &'static str,
        /// Its words.
        refusal: Refusal,
    },
    /// Rights of the user, or the portal's tariff: one code for both.
    AccessDenied {
        /// The method it refused.
        method: &'static str,
        /// Its words.
        refusal: Refusal,
    },
    /// The app or webhook lacks a scope.
    MissingScope {
        /// The scope that is needed.
        scope: &'static str,
        /// The method it refused.
        method: &'static str,
        /// Its words.
        refusal: Refusal,
    },
    /// The token could not be renewed; the call was not handed over.
    AuthExpired {
        /// The portal's words, where it gave any.
        refusal: Option<Refusal>,
    },
    /// Still refused by a limit after the paced retries; it did not run.
    Limited {
        /// The method it refused.
        method: &'static str,
        /// Its words.
        refusal: Refusal,
    },
    /// Silence, or a request that ended without an answer.
    NoAnswer {
        /// The method that was asked.
        method: &'static str,
        /// The HTTP status, where it was seen.
        status: Option<u16>,
        /// What was thrown.
        cause: Option<Thrown>,
    },
    /// An answer that is none: the wrong type, an empty body, another payment.
    Nonsense {
        /// The method that was asked.
        method: &'static str,
        /// What was expected.
        expected: &'static str,
        /// The HTTP status, where it was seen.
        status: Option<u16>,
    },
}

impl Error {
    /// The stable code, the only thing that programs compare.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::InvalidRequest { .. } => "INVALID_REQUEST",
            Self::InvalidPaymentId { .. } => "INVALID_PAYMENT_ID",
            Self::InvalidPaySystemId { .. } => "INVALID_PAY_SYSTEM_ID",
            Self::InvalidDetails { .. } => "INVALID_DETAILS",
            Self::AmountChanged { .. } | Self::AmountUnreadable { .. } => "AMOUNT_CHANGED",
            Self::OtherPaySystem { .. } => "OTHER_PAY_SYSTEM",
            Self::Returned => "RETURNED",
            Self::UnderWay => "UNDER_WAY",
            Self::NotInPortal { .. } => "NOT_IN_PORTAL",
            Self::NoHandshake { .. } => "NO_HANDSHAKE",
            Self::Aborted { .. } => "ABORTED",
            Self::Refused { .. } => "REFUSED",
            Self::AccessDenied { .. } => "ACCESS_DENIED",
            Self::MissingScope { .. } => "MISSING_SCOPE",
            Self::AuthExpired { .. } => "AUTH_EXPIRED",
            Self::Limited { .. } => "LIMITED",
            Self::NoAnswer { .. } => "NO_ANSWER",
            Self::Nonsense { .. } => "NONSENSE",
        }
    }

    /// What the caller may do next.
    #[must_use]
    pub const fn retry(&self) -> Retry {
        match self {
            Self::UnderWay
            | Self::NotInPortal { .. }
            | Self::NoHandshake { .. }
            | Self::Aborted { sent: false }
            | Self::AuthExpired { .. }
            | Self::Limited { .. } => Retry::Safe,
            Self::Aborted { sent: true } | Self::NoAnswer { .. } | Self::Nonsense { .. } => {
                Retry::ReadFirst
            }
            _ => Retry::Never,
        }
    }

    /// The portal's own words, where it said any.
    #[must_use]
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refused { refusal, .. }
            | Self::AccessDenied { refusal, .. }
            | Self::MissingScope { refusal, .. }
            | Self::Limited { refusal, .. }
            | Self::AuthExpired {
                refusal: Some(refusal),
            } => Some(refusal),
            Self::AmountUnreadable { why } => why.refusal(),
            _ => None,
        }
    }

    /// The HTTP status, where it was seen.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::NoAnswer { status, .. } | Self::Nonsense { status, .. } => *status,
            _ => self.refusal().and_then(|refusal| refusal.status),
        }
    }

    /// The REST method it is about.
    #[must_use]
    pub fn method(&self) -> Option<&'static str> {
        match self {
            Self::Refused { method, .. }
            | Self::AccessDenied { method, .. }
            | Self::MissingScope { method, .. }
            | Self::Limited { method, .. }
            | Self::NoAnswer { method, .. }
            | Self::Nonsense { method, .. } => Some(method),
            Self::AmountUnreadable { why } => why.method(),
            _ => None,
        }
    }

    /// The scope that is needed, where that is what is missing.
    #[must_use]
    pub fn scope(&self) -> Option<&'static str> {
        match self {
            Self::MissingScope { scope, .. } => Some(scope),
            Self::AmountUnreadable { why } => why.scope(),
            _ => None,
        }
    }

    /// What JavaScript threw, if that is the source.
    #[must_use]
    pub fn thrown(&self) -> Option<&Thrown> {
        match self {
            Self::InvalidRequest { cause, .. } | Self::NoAnswer { cause, .. } => cause.as_ref(),
            _ => None,
        }
    }

    /// One sentence, lower case: what was expected and what came. Never a token, never a stack.
    #[must_use]
    pub fn message(&self) -> String {
        match self {
            Self::InvalidRequest {
                name,
                expected,
                given,
                ..
            } => join(&[name, " ", expected, ", got ", given]),
            Self::InvalidPaymentId { given } => {
                join(&["payment id must be a positive whole number, got ", given])
            }
            Self::InvalidPaySystemId { given } => {
                join(&["pay system id must be a positive whole number, got ", given])
            }
            Self::InvalidDetails {
                name,
                expected,
                given,
            } => join(&["details.", name, " ", expected, ", got ", given]),
            Self::AmountChanged { expected, found } => join(&[
                "expected a payment of ",
                expected,
                ", the portal has ",
                found,
            ]),
            Self::AmountUnreadable { why } => {
                join(&["the agreed amount cannot be checked: ", &why.message()])
            }
            Self::OtherPaySystem { asked, found, name } => join(&[
                "the payment belongs to pay system ",
                &found.to_string(),
                " (",
                name,
                "), not to ",
                &asked.to_string(),
            ]),
            Self::Returned => "the payment was returned; pass payReturned to pay it again".into(),
            Self::UnderWay => {
                "the payment is under way in another call, tab or page and did not end in time"
                    .into()
            }
            Self::NotInPortal { found } => join(&[
                "expected to run in a Bitrix24 portal's frame with BX24 loaded, but ",
                found,
            ]),
            Self::NoHandshake { waited_ms } => join(&[
                "the portal did not answer BX24.init within ",
                &waited_ms.to_string(),
                " ms; open the app from the portal, and check that its address does not redirect to another origin",
            ]),
            Self::Aborted { sent: false } => "aborted before anything was sent".into(),
            Self::Aborted { sent: true } => {
                "aborted after the call was sent; it may still run".into()
            }
            Self::Refused { method, refusal } => said(method, "was refused", refusal),
            Self::AccessDenied { method, refusal } => said(
                method,
                "was denied by the user's rights or the portal's tariff",
                refusal,
            ),
            Self::MissingScope {
                scope,
                method,
                refusal,
            } => said(method, &join(&["needs the scope ", scope]), refusal),
            Self::AuthExpired { .. } => {
                "the access token has expired and could not be renewed".into()
            }
            Self::Limited { method, refusal } => {
                said(method, "is still refused by a limit", refusal)
            }
            Self::NoAnswer {
                method,
                status,
                cause,
            } => {
                let said = match status {
                    Some(status) if *status > 0 => join(&[
                        method,
                        " ended without an answer, HTTP status ",
                        &status.to_string(),
                    ]),
                    _ => join(&[method, " got no answer"]),
                };
                match cause.as_ref().and_then(Thrown::sentence) {
                    Some(sentence) => join(&[&said, ": ", sentence]),
                    None => said,
                }
            }
            Self::Nonsense {
                method, expected, ..
            } => join(&[method, " was answered with something else than ", expected]),
        }
    }
}

fn said(method: &str, what: &str, refusal: &Refusal) -> String {
    let text = if refusal.text.is_empty() {
        "no text"
    } else {
        &refusal.text
    };
    join(&[method, " ", what, ": ", text, " (", &refusal.code, ")"])
}

/// Joins pieces. `format!` would cost two kilobytes of wasm for the same sentences.
fn join(pieces: &[&str]) -> String {
    pieces.concat()
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message())
    }
}

impl std::error::Error for Error {}
