//! Faults by name: what can go wrong between a call and its answer.

use crate::methods;

/// A fault's name in steering calls and tests is the variant in lower camel case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FaultKind {
    /// The connection breaks before anything ran.
    DropBeforeCommit,
    /// The call runs, then the connection breaks.
    CommitThenDrop,
    /// The call runs, then a gateway answers 502 in HTML.
    CommitThen502,
    /// The call runs, then 200 with a text body comes.
    CommitThenHtml,
    /// Nothing is answered; the call runs after `ms`, at most 60 s.
    CommitLate,
    /// Nothing is answered and nothing runs.
    Hang,
    /// The call runs, its answer takes `ms`.
    Delay,
    /// A gateway answers 502 in HTML; nothing ran.
    Http502,
    /// 500 with an error in JSON.
    Http500Json,
    /// 503: too many requests.
    QueryLimit,
    /// 429: the method's execution time is used up.
    OperationLimit,
    /// 401: the token has expired, for this call and all later ones.
    ExpiredToken,
    /// The next renewal of a token is never answered.
    RefreshNeverAnswers,
    /// 200 with nothing in it.
    EmptyBody,
    /// 403 with nothing in it.
    Empty403,
    /// 200 and `null`.
    NullBody,
    /// The call runs, its answer breaks off in the middle.
    TruncatedJson,
    /// `true`, and an event handler has kept the payment unpaid.
    YesButUnpaid,
    /// The same, and the order says that it is paid.
    YesButUnpaidOrderPaid,
    /// 400 with the number 0 as its code.
    NumericError,
    /// Connections are kept; a call that comes over a used one runs, then its connection breaks.
    DropReusedSocket,
    /// The call runs, then an event handler throws: 400 `ERROR_CORE`.
    ErrorCoreAfterCommit,
    /// 403: no rights.
    Denied,
    /// 401: the scope is missing.
    MissingScope,
    /// The call runs, its answer lacks the CORS header.
    NoCors,
    /// The batch is refused; armed for another method: that command inside a batch.
    BatchRefused,
}

impl FaultKind {
    /// Every fault with its name.
    pub const ALL: [(Self, &'static str); 26] = [
        (Self::DropBeforeCommit, "dropBeforeCommit"),
        (Self::CommitThenDrop, "commitThenDrop"),
        (Self::CommitThen502, "commitThen502"),
        (Self::CommitThenHtml, "commitThenHtml"),
        (Self::CommitLate, "commitLate"),
        (Self::Hang, "hang"),
        (Self::Delay, "delay"),
        (Self::Http502, "http502"),
        (Self::Http500Json, "http500Json"),
        (Self::QueryLimit, "queryLimit"),
        (Self::OperationLimit, "operationLimit"),
        (Self::ExpiredToken, "expiredToken"),
        (Self::RefreshNeverAnswers, "refreshNeverAnswers"),
        (Self::EmptyBody, "emptyBody"),
        (Self::Empty403, "empty403"),
        (Self::NullBody, "nullBody"),
        (Self::TruncatedJson, "truncatedJson"),
        (Self::YesButUnpaid, "yesButUnpaid"),
        (Self::YesButUnpaidOrderPaid, "yesButUnpaidOrderPaid"),
        (Self::NumericError, "numericError"),
        (Self::DropReusedSocket, "dropReusedSocket"),
        (Self::ErrorCoreAfterCommit, "errorCoreAfterCommit"),
        (Self::Denied, "denied"),
        (Self::MissingScope, "missingScope"),
        (Self::NoCors, "noCors"),
        (Self::BatchRefused, "batchRefused"),
    ];

    /// The fault's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(kind, _)| *kind == self)
            .map_or("", |(_, name)| name)
    }

    /// The fault with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(_, known)| *known == name)
            .map(|(kind, _)| *kind)
    }

    /// Whether the call runs although the answer does not say so, unless the fault was armed otherwise.
    pub(crate) fn commits(self) -> bool {
        matches!(
            self,
            Self::CommitThenDrop
                | Self::CommitThen502
                | Self::CommitThenHtml
                | Self::CommitLate
                | Self::Delay
                | Self::TruncatedJson
                | Self::YesButUnpaid
                | Self::YesButUnpaidOrderPaid
                | Self::DropReusedSocket
                | Self::ErrorCoreAfterCommit
                | Self::NoCors
        )
    }

    /// Whether it can do anything to calls of a method, `*` for any: what keeps a payment as it is finds nothing to do in a read.
    pub(crate) fn can_strike(self, method: &str) -> bool {
        let is_veto = matches!(self, Self::YesButUnpaid | Self::YesButUnpaidOrderPaid);
        !is_veto || method == "*" || methods::CAN_BE_VETOED.contains(&method)
    }

    /// Whether the fault can strike one command inside a batch, or needs a connection of its own.
    pub(crate) fn strikes_commands(self) -> bool {
        matches!(
            self,
            Self::YesButUnpaid
                | Self::YesButUnpaidOrderPaid
                | Self::NumericError
                | Self::ErrorCoreAfterCommit
                | Self::Denied
                | Self::MissingScope
                | Self::OperationLimit
                | Self::BatchRefused
        )
    }
}
