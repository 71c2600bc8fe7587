//! The portal's two limits, kept from our side: the leaky bucket, and a method's operating time.

use std::cell::{Cell, RefCell};

use crate::json::Json;
use crate::refusal::Said;
use crate::reply::operating_left_ms;

/// Requests that the bucket holds: the smallest plan's threshold is 50. The portal's leaks from when the first one arrives, which
/// has a connection to open and may take a second longer than those that follow it.
const BURST: f64 = 48.0;
/// Requests that leak out of it in a millisecond; the smallest plan's.
const LEAK: f64 = 0.002;
/// How often a call that a limit refused is sent again.
pub const RESENDS: u32 = 3;
/// The longest wait for the reset of a method's operating time: the portal sums over ten minutes.
const LONGEST_MS: f64 = 600_000.0;

/// The state of both limits for one portal.
#[derive(Debug, Default)]
pub struct Pace {
    level: Cell<f64>,
    updated_at: Cell<f64>,
    /// For each method, when its operating time is reset, on the page's clock.
    resets: RefCell<Vec<(&'static str, f64)>>,
}

impl Pace {
    /// Begins anew: another portal has limits of its own.
    pub(crate) fn forget(&self) {
        self.level.take();
        self.resets.take();
    }

    /// Takes a place in the bucket and says how long to wait for it, in milliseconds.
    pub fn take(&self, now: f64) -> f64 {
        let leaked = (now - self.updated_at.get()).max(0.0) * LEAK;
        let level = (self.level.get() - leaked).max(0.0) + 1.0;
        self.level.set(level);
        self.updated_at.set(now);
        ((level - BURST) / LEAK).max(0.0)
    }

    /// Remembers from a good answer when the method's operating time is reset. The time left is
    /// counted on the portal's own clock, both ends of it.
    #[expect(
        clippy::manual_clamp,
        reason = "clamp brings the formatting of floats with its panic"
    )]
    pub fn learn(&self, method: &'static str, now: f64, time: &Json) {
        let Some(left_ms) = operating_left_ms(time) else {
            return;
        };
        let mut resets = self.resets.borrow_mut();
        let reset_at = now + left_ms.min(LONGEST_MS).max(0.0);
        match resets.iter_mut().find(|(known, _)| *known == method) {
            Some((_, known)) => *known = reset_at,
            None => resets.push((method, reset_at)),
        }
    }

    /// How long to wait before a refused call may be sent again, or `None` when it should not be.
    pub fn pause(&self, said: Said, method: &str, now: f64, refusals: u32) -> Option<f64> {
        if refusals > RESENDS {
            return None;
        }
        let growing = 1000.0 * f64::from(1 << (refusals.max(1) - 1));
        match said {
            Said::Limit => Some(growing),
            Said::Operating => {
                let resets = self.resets.borrow();
                let reset_at = resets.iter().find(|&&(known, _)| known == method)?.1;
                Some((reset_at - now).max(growing))
            }
            _ => None,
        }
    }
}
