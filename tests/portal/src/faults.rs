//! Armed faults: which call each waits for, and which of them strikes.

use crate::fault_kind::FaultKind;

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
        && fault.kind.can_strike(method)
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
