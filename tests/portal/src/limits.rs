//! The portal's two limits: requests a second over all callers, and execution time of a method.

use std::collections::{BTreeMap, VecDeque};

/// The tariff, which decides the limits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Plan {
    /// REST is closed on free plans.
    Free,
    /// Two requests a second, fifty at once.
    #[default]
    Standard,
    /// Five requests a second, 250 at once.
    Enterprise,
}

impl Plan {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Free, Self::Standard, Self::Enterprise];

    /// Its name in steering calls.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::Standard => "standard",
            Self::Enterprise => "enterprise",
        }
    }

    /// The plan with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|plan| plan.name() == name)
    }

    fn bucket(self) -> Bucket {
        match self {
            Self::Free | Self::Standard => Bucket::new(2.0, 50.0),
            Self::Enterprise => Bucket::new(5.0, 250.0),
        }
    }
}

/// A leaky bucket.
#[derive(Clone, Copy, Debug)]
pub struct Bucket {
    /// How much leaks out in a second.
    pub per_second: f64,
    /// How much it holds.
    pub threshold: f64,
    level: f64,
    at_ms: u64,
}

impl Bucket {
    /// An empty bucket.
    #[must_use]
    pub fn new(per_second: f64, threshold: f64) -> Self {
        Self {
            per_second,
            threshold,
            level: 0.0,
            at_ms: 0,
        }
    }

    /// Whether one more request fits now.
    pub(crate) fn admits(&mut self, now_ms: u64) -> bool {
        #[expect(clippy::cast_precision_loss, reason = "spans of milliseconds")]
        let passed_ms = now_ms.saturating_sub(self.at_ms) as f64;
        self.at_ms = self.at_ms.max(now_ms);
        self.level = (self.level - passed_ms * self.per_second / 1000.0).max(0.0);
        if self.level + 1.0 > self.threshold {
            return false;
        }
        self.level += 1.0;
        true
    }
}

/// The limit of execution time per caller and method: a sum over ten spans.
#[derive(Clone, Debug)]
pub struct OperatingLimit {
    /// The most execution time within the window.
    pub limit_ms: u64,
    /// One of the ten spans that make up the window.
    pub span_ms: u64,
    spent: BTreeMap<(u64, &'static str), VecDeque<(u64, u64)>>,
}

/// Requests that take no longer are not recorded.
const UNRECORDED_MS: u64 = 100;
const SPANS: u64 = 10;

impl Default for OperatingLimit {
    fn default() -> Self {
        Self {
            limit_ms: 480_000,
            span_ms: 60_000,
            spent: BTreeMap::new(),
        }
    }
}

impl OperatingLimit {
    /// So much execution time in ten minutes.
    #[must_use]
    pub fn of(limit_ms: u64) -> Self {
        Self {
            limit_ms,
            ..Self::default()
        }
    }

    /// Whether the method may still run; asked before the call.
    pub(crate) fn admits(&mut self, now_ms: u64, caller: u64, method: &'static str) -> bool {
        self.spent_ms(now_ms, caller, method) <= self.limit_ms
    }

    /// Notes what a call took.
    pub(crate) fn record(&mut self, now_ms: u64, caller: u64, method: &'static str, took_ms: u64) {
        if took_ms <= UNRECORDED_MS {
            return;
        }
        let span = now_ms / self.span_ms.max(1);
        let spans = self.spent.entry((caller, method)).or_default();
        match spans.back_mut() {
            Some((last, spent)) if *last == span => *spent += took_ms,
            _ => spans.push_back((span, took_ms)),
        }
    }

    /// Execution time inside the window.
    pub(crate) fn spent_ms(&mut self, now_ms: u64, caller: u64, method: &'static str) -> u64 {
        let oldest = (now_ms / self.span_ms.max(1) + 1).saturating_sub(SPANS);
        let Some(spans) = self.spent.get_mut(&(caller, method)) else {
            return 0;
        };
        while spans.front().is_some_and(|(span, _)| *span < oldest) {
            spans.pop_front();
        }
        spans.iter().map(|(_, spent)| spent).sum()
    }

    /// When the oldest span leaves the window.
    pub(crate) fn resets_at_ms(&self, caller: u64, method: &'static str) -> Option<u64> {
        let (span, _) = self.spent.get(&(caller, method))?.front()?;
        Some((span + SPANS) * self.span_ms)
    }
}

/// Both limits; `None` switches one off.
#[derive(Clone, Debug)]
pub struct Limits {
    /// The tariff.
    pub plan: Plan,
    /// Requests a second. Batch commands do not count.
    pub bucket: Option<Bucket>,
    /// Execution time.
    pub operating: Option<OperatingLimit>,
}

impl Limits {
    /// The limits of a plan.
    #[must_use]
    pub fn of(plan: Plan) -> Self {
        Self {
            plan,
            bucket: Some(plan.bucket()),
            operating: Some(OperatingLimit::default()),
        }
    }

    /// No limit at all, as on a self-hosted portal: answers then carry no `operating`.
    #[must_use]
    pub fn off() -> Self {
        Self {
            plan: Plan::Standard,
            bucket: None,
            operating: None,
        }
    }
}
