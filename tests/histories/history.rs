//! What can happen in one history, as values that can be printed, and taken away one by one.

use std::collections::BTreeMap;

use b24pay::request::Action;
use portal::{FaultKind, Rights, Scope};

use crate::support::rules::{Line, Trip};
use crate::support::world::Timers;

/// A payment of the portal, by what is special about it.
pub const CARD: u64 = 501;
/// Another one of the same order.
pub const SIBLING: u64 = 507;
pub const CASH: u64 = 502;
pub const CANCELLED: u64 = 503;
pub const RETURNED: u64 = 504;
pub const OTHER_ORDER: u64 = 505;
pub const PAID: u64 = 506;
pub const GATEWAY: u64 = 532;
pub const SAVES_THEN_TEXT: u64 = 533;
pub const REFUSES: u64 = 535;
/// Ordinary ones of further orders, three an order.
pub const MORE: std::ops::Range<u64> = 541..553;

/// A whole history: who does what when, and what goes wrong.
#[derive(Clone, Debug)]
pub struct History {
    pub tabs: Vec<TabPlan>,
    pub callers: Vec<Caller>,
    pub faults: Vec<FaultPlan>,
    pub trips: Vec<TripPlan>,
    pub others: Vec<Other>,
    pub forged: Vec<Forged>,
    /// Somebody gives the operator other rights.
    pub promotion: Option<(u64, Rights)>,
    pub rights: Rights,
    pub scopes: Vec<Scope>,
    pub limits: LimitPlan,
    /// When the wall clock of the machine is set, and how far.
    pub jumps: Vec<(u64, i64)>,
    /// The usual way to the portal, and back.
    pub way_ms: u64,
    /// Refusals have the statuses and codes of the documentation, not of the source.
    pub is_documented: bool,
}

#[derive(Clone, Debug)]
pub struct TabPlan {
    pub line: Line,
    /// Without locks and storage.
    pub is_bare: bool,
    pub skew_ms: i64,
    pub timers: Timers,
    pub freezes: Vec<(u64, u64)>,
    pub closes_at: Option<u64>,
    pub opening: Opening,
    /// How long its browser takes to answer who has a lock.
    pub grant_ms: f64,
    /// What its second portal, which is another way to the same one, goes by.
    pub second: Line,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opening {
    Works(u64),
    NotInPortal,
    NoHandshake,
}

/// One caller of the flow.
#[derive(Clone, Debug, PartialEq)]
pub struct Caller {
    pub tab: usize,
    /// Whether it calls by the tab's second portal.
    pub is_second: bool,
    pub at: u64,
    pub payment: u64,
    pub doing: Doing,
    /// Callers with the same mark ask for the same.
    pub mark: u64,
    pub expect: Expect,
    pub deadline_ms: u64,
    pub settle_ms: u64,
    /// How old the payment is that it hands in.
    pub known_ms: Option<u64>,
    pub abort_ms: Option<u64>,
    /// It is one item of many, in the order of the callers; when, where and how long is the same
    /// for all of them.
    pub bulk: Option<Bulk>,
}

/// A call about many payments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bulk {
    pub number: usize,
    pub concurrency: usize,
    /// The bank's amounts need not match.
    pub may_differ: bool,
}

impl Caller {
    /// Whether the details' amount need not be the payment's.
    pub fn may_differ(&self) -> bool {
        match (self.bulk, self.doing) {
            (Some(bulk), _) => bulk.may_differ,
            (None, Doing::Pay { details, .. }) => details == DetailsPlan::Fee,
            _ => false,
        }
    }

    /// Whether nothing about it can be sent, whatever the portal says.
    pub fn is_invalid(&self) -> bool {
        let details = DetailsPlan::TooLong;
        matches!(self.doing, Doing::Pay { details: given, .. } if given == details)
    }
}

impl History {
    /// What a caller's portal goes by.
    pub fn line(&self, caller: &Caller) -> Line {
        let tab = &self.tabs[caller.tab];
        if caller.is_second {
            tab.second
        } else {
            tab.line
        }
    }

    /// Whether another app forges an entry about this payment.
    pub fn is_forged(&self, payment: u64) -> bool {
        self.forged.iter().any(|one| one.payment == payment)
    }

    /// The items of each bulk call, by the numbers of their callers.
    pub fn bulks(&self) -> BTreeMap<usize, Vec<usize>> {
        let mut bulks = BTreeMap::<usize, Vec<usize>>::new();
        for (number, caller) in self.callers.iter().enumerate() {
            if let Some(bulk) = caller.bulk {
                bulks.entry(bulk.number).or_default().push(number);
            }
        }
        bulks
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    Pay { system: u64, details: DetailsPlan },
    MarkPaid,
    MarkUnpaid,
}

impl Doing {
    pub fn makes_paid(self) -> bool {
        self != Self::MarkUnpaid
    }

    pub fn method(self) -> &'static str {
        match self {
            Self::Pay { .. } => crate::support::script::PAY,
            Self::MarkPaid => Action::MarkPaid.method(),
            Self::MarkUnpaid => Action::MarkUnpaid.method(),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DetailsPlan {
    Mark,
    /// The bank's amount, which need not match.
    Fee,
    /// The bank's amount, which has to match and does not.
    WrongSum,
    TooLong,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    Nothing,
    Right,
    WrongSum,
    WrongCurrency,
    /// Pay it although it was returned.
    Returned,
}

#[derive(Clone, Debug)]
pub struct FaultPlan {
    pub kind: FaultKind,
    pub method: &'static str,
    pub nth: u32,
    pub times: u32,
    pub ms: u64,
    pub commit: Option<bool>,
    pub commit_ms: u64,
}

/// An unusual trip: the nth request of a tab.
#[derive(Clone, Debug)]
pub struct TripPlan {
    pub tab: usize,
    pub nth: usize,
    pub trip: Trip,
}

/// Somebody else, directly at the portal.
#[derive(Clone, Debug)]
pub struct Other {
    pub at: u64,
    pub payment: u64,
    pub pays: bool,
}

/// An entry of the journal that another app of the origin has forged.
#[derive(Clone, Copy, Debug)]
pub struct Forged {
    pub at: u64,
    pub payment: u64,
    pub pays: bool,
    /// How long after that it claims to have been sent, and how long the payment may change.
    pub sent_in_ms: f64,
    pub settle_ms: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitPlan {
    Off,
    Standard,
    Free,
    /// A bucket that holds so many.
    Tight(u64),
    /// So many milliseconds of execution in ten minutes.
    Operating(u64),
}
