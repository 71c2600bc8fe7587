//! Why a fact about a payment cannot be stated, or why nothing was asked at all.

use std::any::Any;
use std::fmt;
use std::rc::Rc;

use crate::digits;
use crate::text::joined;

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
    pub fn reason(sentence: impl Into<String>) -> Self {
        let sentence: String = sentence.into();
        Self(Rc::new(sentence))
    }

    fn sentence(&self) -> Option<&str> {
        self.0.downcast_ref::<String>().map(String::as_str)
    }
}

impl fmt::Debug for Thrown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Thrown")
    }
}

/// The stable names of the reasons, the only thing that programs compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Code {
    /// The request or an option has the wrong shape.
    InvalidRequest,
    /// No identifier of a payment.
    InvalidPaymentId,
    /// No identifier of a pay system.
    InvalidPaySystemId,
    /// A detail that the portal would not store.
    InvalidDetails,
    /// The payment's amount is not the agreed one, or cannot be read.
    AmountChanged,
    /// The payment belongs to another pay system.
    OtherPaySystem,
    /// The payment was returned, and paying it again was not asked for.
    Returned,
    /// A run that goes before did not end in time: about the payment or its order, or through the same `BX24`.
    UnderWay,
    /// There is no usable `BX24`.
    NotInPortal,
    /// `BX24.init` did not answer in time.
    NoHandshake,
    /// The caller aborted before anything changed.
    Aborted,
    /// The caller aborted after the call had been sent.
    AbortedSent,
    /// The portal said no.
    Refused,
    /// The portal said no by a code that does not say whether the call ran, and no read has decided.
    Undecided,
    /// Rights of the user, or the portal's tariff: one code for both.
    AccessDenied,
    /// The app or webhook lacks a scope.
    MissingScope,
    /// The token could not be renewed; the call was not handed over.
    AuthExpired,
    /// Still refused by a limit after the paced retries; it did not run.
    Limited,
    /// Silence, or a request that ended without an answer; or the payment could not be read back after the portal's yes.
    NoAnswer,
    /// An answer that is none: the wrong type, an empty body, another payment.
    Nonsense,
}

impl Code {
    /// The word used in JavaScript.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidRequest => "INVALID_REQUEST",
            Self::InvalidPaymentId => "INVALID_PAYMENT_ID",
            Self::InvalidPaySystemId => "INVALID_PAY_SYSTEM_ID",
            Self::InvalidDetails => "INVALID_DETAILS",
            Self::AmountChanged => "AMOUNT_CHANGED",
            Self::OtherPaySystem => "OTHER_PAY_SYSTEM",
            Self::Returned => "RETURNED",
            Self::UnderWay => "UNDER_WAY",
            Self::NotInPortal => "NOT_IN_PORTAL",
            Self::NoHandshake => "NO_HANDSHAKE",
            Self::Aborted | Self::AbortedSent => "ABORTED",
            Self::Refused | Self::Undecided => "REFUSED",
            Self::AccessDenied => "ACCESS_DENIED",
            Self::MissingScope => "MISSING_SCOPE",
            Self::AuthExpired => "AUTH_EXPIRED",
            Self::Limited => "LIMITED",
            Self::NoAnswer => "NO_ANSWER",
            Self::Nonsense => "NONSENSE",
        }
    }

    /// What the caller may do next.
    #[must_use]
    pub const fn retry(self) -> Retry {
        match self {
            Self::UnderWay
            | Self::NotInPortal
            | Self::NoHandshake
            | Self::Aborted
            | Self::AuthExpired
            | Self::Limited => Retry::Safe,
            Self::AbortedSent | Self::Undecided | Self::NoAnswer | Self::Nonsense => {
                Retry::ReadFirst
            }
            _ => Retry::Never,
        }
    }
}

/// Why nothing was asked, or why no fact can be stated. See [`Code`] for the reasons.
///
/// It stays on its thread, as futures of the flow do: `anyhow` and what is sent to other threads take its text.
///
/// One small pointer whatever the reason: it is moved through every future of the flow, and each
/// move of something larger would be bytes that every page downloads.
#[derive(Clone)]
pub struct Error(Rc<Facts>);

struct Facts {
    code: Code,
    message: String,
    refusal: Option<Refusal>,
    status: Option<u16>,
    method: Option<&'static str>,
    scope: Option<&'static str>,
    thrown: Option<Thrown>,
    why: Option<Error>,
}

impl Facts {
    /// The sentence comes in pieces: `format!` would cost two kilobytes of wasm.
    fn new(code: Code, message: &[&str]) -> Self {
        Self {
            code,
            message: joined(message),
            refusal: None,
            status: None,
            method: None,
            scope: None,
            thrown: None,
            why: None,
        }
    }

    fn said(code: Code, method: &'static str, what: &str, refusal: Refusal) -> Self {
        let text = if refusal.text.is_empty() {
            "no text"
        } else {
            &refusal.text
        };
        let message = [method, " ", what, ": ", text, " (", &refusal.code, ")"];
        let mut facts = Self::new(code, &message);
        facts.method = Some(method);
        facts.status = refusal.status;
        facts.refusal = Some(refusal);
        facts
    }
}

impl From<Facts> for Error {
    fn from(facts: Facts) -> Self {
        Self(Rc::new(facts))
    }
}

impl Error {
    fn plain(code: Code, message: &[&str]) -> Self {
        Facts::new(code, message).into()
    }

    /// The request or an option has the wrong shape: what it is about, as `settleMs`; what was
    /// expected, as a clause `must be …`; and what came.
    #[must_use]
    pub fn invalid_request(name: &str, expected: &str, given: &str) -> Self {
        Self::plain(
            Code::InvalidRequest,
            &[name, " ", expected, ", got ", given],
        )
    }

    /// A getter or a proxy of the caller's that throws, and what it threw.
    #[must_use]
    pub fn unreadable(name: &str, given: &str, thrown: Thrown) -> Self {
        let message = [name, " must be readable, got ", given];
        let mut facts = Facts::new(Code::InvalidRequest, &message);
        facts.thrown = Some(thrown);
        facts.into()
    }

    /// No identifier of a payment, and what came.
    #[must_use]
    pub fn invalid_payment_id(given: &str) -> Self {
        Self::no_id(Code::InvalidPaymentId, "payment", given)
    }

    /// No identifier of a pay system, and what came.
    #[must_use]
    pub fn invalid_pay_system_id(given: &str) -> Self {
        Self::no_id(Code::InvalidPaySystemId, "pay system", given)
    }

    fn no_id(code: Code, of: &str, given: &str) -> Self {
        Self::plain(
            code,
            &[of, " id ", crate::payment::EXPECTED_ID, ", got ", given],
        )
    }

    /// A detail that the portal would not store: its name in JavaScript, what was expected, as a
    /// clause `must be …`, and what came.
    #[must_use]
    pub fn invalid_details(name: &str, expected: &str, given: &str) -> Self {
        Self::plain(
            Code::InvalidDetails,
            &["details.", name, " ", expected, ", got ", given],
        )
    }

    /// The payment's amount is not the agreed one: what was agreed, and what was read.
    #[must_use]
    pub fn amount_changed(expected: &str, found: &str) -> Self {
        Self::plain(
            Code::AmountChanged,
            &[
                "expected a payment of ",
                expected,
                ", the portal has ",
                found,
            ],
        )
    }

    /// The agreed amount could not be checked, since the payment may not be read, and why.
    #[must_use]
    pub fn amount_unreadable(why: Self) -> Self {
        let what = "the agreed amount cannot be checked: ";
        Self::because(Code::AmountChanged, what, why)
    }

    /// The portal said yes, the payment could not be read back, and why.
    #[must_use]
    pub fn not_read_back(why: Self) -> Self {
        let what = "the payment could not be read back: ";
        Self::because(Code::NoAnswer, what, why)
    }

    fn because(code: Code, what: &str, why: Self) -> Self {
        let mut facts = Facts::new(code, &[what, why.message()]);
        facts.refusal = why.refusal().cloned();
        facts.status = why.0.status;
        facts.method = why.0.method;
        facts.scope = why.0.scope;
        facts.why = Some(why);
        facts.into()
    }

    /// The payment belongs to another pay system: the one asked for, the payment's own, its name.
    #[must_use]
    pub fn other_pay_system(asked: u64, found: u64, name: &str) -> Self {
        Self::plain(
            Code::OtherPaySystem,
            &[
                "the payment belongs to pay system ",
                &digits::text(found),
                " (",
                name,
                "), not to ",
                &digits::text(asked),
            ],
        )
    }

    /// The payment was returned, and paying it again was not asked for.
    #[must_use]
    pub fn returned() -> Self {
        Self::plain(
            Code::Returned,
            &["the payment was returned; pass payReturned to pay it again"],
        )
    }

    /// A run that goes before did not end in time: about the payment or its order, or through the same `BX24`.
    #[must_use]
    pub fn under_way() -> Self {
        Self::plain(
            Code::UnderWay,
            &["a call that goes before this one, in this page or another tab, did not end in time"],
        )
    }

    /// There is no usable `BX24`, and what was found instead, as a clause.
    #[must_use]
    pub fn not_in_portal(found: &str) -> Self {
        Self::plain(
            Code::NotInPortal,
            &[
                "expected to run in a Bitrix24 portal's frame with BX24 loaded, but ",
                found,
            ],
        )
    }

    /// `BX24.init` did not answer within so many milliseconds.
    #[must_use]
    pub fn no_handshake(waited_ms: u64) -> Self {
        Self::plain(
            Code::NoHandshake,
            &[
                "the portal did not answer BX24.init within ",
                &digits::text(waited_ms),
                " ms; open the app from the portal, and check that its address does not redirect to another origin",
            ],
        )
    }

    /// The caller aborted; whether the call had been sent by then.
    #[must_use]
    pub fn aborted(sent: bool) -> Self {
        if sent {
            Self::plain(
                Code::AbortedSent,
                &["aborted after the call was sent; it may still run"],
            )
        } else {
            Self::plain(Code::Aborted, &["aborted before anything changed"])
        }
    }

    /// The portal said no to a method, and its words.
    #[must_use]
    pub fn refused(method: &'static str, refusal: Refusal) -> Self {
        Facts::said(Code::Refused, method, "was refused", refusal).into()
    }

    /// The same by a code that does not say whether it ran, where no read has decided.
    #[must_use]
    pub fn undecided(method: &'static str, refusal: Refusal) -> Self {
        Facts::said(Code::Undecided, method, "was refused", refusal).into()
    }

    /// Rights of the user, or the portal's tariff.
    #[must_use]
    pub fn access_denied(method: &'static str, refusal: Refusal) -> Self {
        let what = "was denied by the user's rights or the portal's tariff";
        Facts::said(Code::AccessDenied, method, what, refusal).into()
    }

    /// The app or webhook lacks the scope that the method needs.
    #[must_use]
    pub fn missing_scope(scope: &'static str, method: &'static str, refusal: Refusal) -> Self {
        let what = joined(&["needs the scope ", scope]);
        let mut facts = Facts::said(Code::MissingScope, method, &what, refusal);
        facts.scope = Some(scope);
        facts.into()
    }

    /// Still refused by a limit after the paced retries; it did not run.
    #[must_use]
    pub fn limited(method: &'static str, refusal: Refusal) -> Self {
        let what = "is still refused by a limit";
        Facts::said(Code::Limited, method, what, refusal).into()
    }

    /// The token could not be renewed; the portal's words, where it gave any.
    #[must_use]
    pub fn auth_expired(refusal: Option<Refusal>) -> Self {
        let message = "the access token is no longer valid and could not be renewed";
        let mut facts = Facts::new(Code::AuthExpired, &[message]);
        // Without a status it is our own word for a token that is missing: the portal was not asked.
        let refusal = refusal.filter(|refusal| refusal.status.is_some());
        facts.status = refusal.as_ref().and_then(|refusal| refusal.status);
        facts.refusal = refusal;
        facts.into()
    }

    /// Silence, or a request that ended without an answer: the HTTP status, where it was seen, and
    /// what was thrown.
    #[must_use]
    pub fn no_answer(method: &'static str, status: Option<u16>, thrown: Option<Thrown>) -> Self {
        // A browser that may not tell says 0.
        let status = status.filter(|&status| status > 0);
        let number = status.map(|status| digits::text(status.into()));
        let ended = match &number {
            Some(number) => [" ended without an answer, HTTP status ", number],
            None => [" got no answer", ""],
        };
        let reason = match thrown.as_ref().and_then(Thrown::sentence) {
            Some(sentence) => [": ", sentence],
            None => ["", ""],
        };
        let message = [method, ended[0], ended[1], reason[0], reason[1]];
        let mut facts = Facts::new(Code::NoAnswer, &message);
        facts.method = Some(method);
        facts.status = status;
        facts.thrown = thrown;
        facts.into()
    }

    /// An answer that is none, what was expected instead, and the HTTP status, where it was seen.
    #[must_use]
    pub fn nonsense(method: &'static str, expected: &str, status: Option<u16>) -> Self {
        let message = [method, " was answered with something else than ", expected];
        let mut facts = Facts::new(Code::Nonsense, &message);
        facts.method = Some(method);
        facts.status = status;
        facts.into()
    }

    /// Whether this is the reason.
    #[must_use]
    pub fn is(&self, code: Code) -> bool {
        self.0.code == code
    }

    /// The stable code, the only thing that programs compare.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.0.code.as_str()
    }

    /// What the caller may do next.
    #[must_use]
    pub fn retry(&self) -> Retry {
        self.0.code.retry()
    }

    /// The portal's own words, where it said any.
    #[must_use]
    pub fn refusal(&self) -> Option<&Refusal> {
        self.0.refusal.as_ref()
    }

    /// The HTTP status, where it was seen.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// The REST method it is about.
    #[must_use]
    pub fn method(&self) -> Option<&'static str> {
        self.0.method
    }

    /// The scope that is needed, where that is what is missing.
    #[must_use]
    pub fn scope(&self) -> Option<&'static str> {
        self.0.scope
    }

    /// What JavaScript threw, if that is the source.
    #[must_use]
    pub fn thrown(&self) -> Option<&Thrown> {
        self.0.thrown.as_ref()
    }

    /// The error behind it, if one is.
    #[must_use]
    pub fn why(&self) -> Option<&Self> {
        self.0.why.as_ref()
    }

    /// One sentence, lower case: what was expected and what came. Never a token, never a stack.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())?;
        f.write_str(": ")?;
        f.write_str(self.message())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())
    }
}

impl std::error::Error for Error {}
