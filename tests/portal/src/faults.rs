//! Faults by name: what can go wrong between a call and its answer, armed in advance.

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

/// An armed fault.
#[derive(Clone, Debug)]
pub struct Fault {
    /// The method it waits for; `*` for any.
    pub method: String,
    /// Which matching call it strikes first, counted from now, from 1.
    pub nth: u32,
    /// How many calls in a row it strikes.
    pub times: u32,
    /// What happens.
    pub kind: FaultKind,
    /// How long it takes: until the late commit, else until the answer.
    pub ms: u64,
    /// Whether the call runs, where the fault's own habit is not wanted (`http502` that ran, `noCors` that did not).
    pub commit: Option<bool>,
    /// How long after it was received the call runs, while the answer leaves at its own time; at most 60 s.
    pub commit_ms: u64,
}

/// The portal's own limit for one request.
const LONGEST_RUN_MS: u64 = 60_000;

impl Fault {
    /// Strikes the next call of a method once.
    #[must_use]
    pub fn new(kind: FaultKind, method: &str) -> Self {
        Self {
            method: method.to_owned(),
            nth: 1,
            times: 1,
            kind,
            ms: 0,
            commit: None,
            commit_ms: 0,
        }
    }

    /// The same, from the nth matching call on.
    #[must_use]
    pub fn nth(self, nth: u32) -> Self {
        Self { nth, ..self }
    }

    /// The same, for so many calls in a row.
    #[must_use]
    pub fn times(self, times: u32) -> Self {
        Self { times, ..self }
    }

    /// The same, taking so long.
    #[must_use]
    pub fn ms(self, ms: u64) -> Self {
        Self { ms, ..self }
    }

    /// The same; the call does or does not run.
    #[must_use]
    pub fn commit(self, runs: bool) -> Self {
        Self {
            commit: Some(runs),
            ..self
        }
    }

    /// The same; the call runs that long after it was received.
    #[must_use]
    pub fn commit_ms(self, commit_ms: u64) -> Self {
        Self { commit_ms, ..self }
    }

    pub(crate) fn commits(&self) -> bool {
        self.commit.unwrap_or_else(|| self.kind.commits())
    }

    /// How long after its receipt the call runs.
    pub(crate) fn runs_after_ms(&self) -> u64 {
        let wanted = if self.kind == FaultKind::CommitLate {
            self.ms
        } else {
            self.commit_ms
        };
        wanted.min(LONGEST_RUN_MS)
    }
}

/// Where a call that faults may strike came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Met {
    Request { reused_connection: bool },
    Command,
    Renewal,
}

/// The armed faults, in the order in which they were armed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Faults {
    armed: Vec<Fault>,
}

impl Faults {
    pub fn arm(&mut self, fault: Fault) {
        self.armed.push(fault);
    }

    /// Whether connections have to stay open for a fault that waits for a used one.
    pub fn keep_connections(&self) -> bool {
        self.armed
            .iter()
            .any(|fault| fault.kind == FaultKind::DropReusedSocket)
    }

    /// The fault that strikes this call. Every fault that waits for such a call counts it.
    pub fn strike(&mut self, method: &str, met: Met) -> Option<Fault> {
        let mut struck = None;
        for fault in self
            .armed
            .iter_mut()
            .filter(|fault| waits_for(fault, method, met))
        {
            if fault.nth > 1 {
                fault.nth -= 1;
            } else if struck.is_none() {
                fault.times = fault.times.saturating_sub(1);
                struck = Some(fault.clone());
            }
        }
        self.armed.retain(|fault| fault.times > 0);
        struck
    }
}

fn waits_for(fault: &Fault, method: &str, met: Met) -> bool {
    let is_renewal = fault.kind == FaultKind::RefreshNeverAnswers;
    if is_renewal || met == Met::Renewal {
        return is_renewal && met == Met::Renewal;
    }
    let is_method = if fault.method == "*" && fault.kind == FaultKind::BatchRefused {
        method == "batch"
    } else {
        fault.method == "*" || fault.method == method
    };
    is_method
        && match met {
            Met::Command => fault.kind.strikes_commands(),
            Met::Request { reused_connection } => match fault.kind {
                FaultKind::DropReusedSocket => reused_connection,
                FaultKind::BatchRefused => method == "batch",
                _ => true,
            },
            Met::Renewal => false,
        }
}
