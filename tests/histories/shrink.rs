//! Makes a failing history smaller while it still fails: takes things away, then makes them plain.

use crate::history::{Expect, History, LimitPlan, Opening};
use crate::support::rules::Trip;

/// The smallest history found that still fails.
pub fn shrink(history: &History, fails: &dyn Fn(&History) -> bool) -> History {
    let mut smallest = history.clone();
    loop {
        let Some(smaller) = candidates(&smallest).into_iter().find(|one| fails(one)) else {
            return smallest;
        };
        smallest = smaller;
    }
}

/// Every history that is one step smaller.
fn candidates(history: &History) -> Vec<History> {
    let mut all = Vec::new();
    let mut with = |change: &dyn Fn(&mut History)| {
        let mut changed = history.clone();
        change(&mut changed);
        if format!("{changed:?}") != format!("{history:?}") {
            all.push(changed);
        }
    };
    for at in (0..history.callers.len()).rev() {
        with(&|one| {
            one.callers.remove(at);
        });
    }
    for at in (0..history.faults.len()).rev() {
        with(&|one| {
            one.faults.remove(at);
        });
    }
    for at in (0..history.trips.len()).rev() {
        with(&|one| {
            one.trips.remove(at);
        });
    }
    for at in (0..history.others.len()).rev() {
        with(&|one| {
            one.others.remove(at);
        });
    }
    with(&|one| one.promotion = None);
    with(&|one| one.limits = LimitPlan::Off);
    with(&|one| one.rights = portal::Rights::MANAGER);
    with(&|one| one.scopes = portal::Scope::ALL.to_vec());
    with(&|one| one.is_documented = false);
    with(&|one| one.way_ms = 100);
    for at in 0..history.tabs.len() {
        with(&|one| one.tabs[at].freezes.clear());
        with(&|one| one.tabs[at].closes_at = None);
        with(&|one| one.tabs[at].skew_ms = 0);
        with(&|one| one.tabs[at].is_bare = false);
        with(&|one| one.tabs[at].opening = Opening::Works(0));
    }
    for at in 0..history.callers.len() {
        with(&|one| one.callers[at].tab = 0);
        with(&|one| one.callers[at].at = 0);
        with(&|one| one.callers[at].abort_ms = None);
        with(&|one| one.callers[at].known_ms = None);
        with(&|one| one.callers[at].expect = Expect::Nothing);
        with(&|one| one.callers[at].deadline_ms = 30_000);
        with(&|one| one.callers[at].settle_ms = 65_000);
    }
    for at in 0..history.faults.len() {
        with(&|one| one.faults[at].nth = 1);
        with(&|one| one.faults[at].times = 1);
        with(&|one| one.faults[at].ms = 0);
        with(&|one| one.faults[at].commit_ms = 0);
        with(&|one| one.faults[at].commit = None);
    }
    for at in 0..history.trips.len() {
        let plain = Trip::PLAIN;
        with(&|one| one.trips[at].trip.hold_ms = 0);
        with(&|one| one.trips[at].trip.out_ms = plain.out_ms);
        with(&|one| one.trips[at].trip.back_ms = plain.back_ms);
        with(&|one| one.trips[at].trip.is_reused = false);
        with(&|one| one.trips[at].trip.throws = None);
        with(&|one| one.trips[at].trip.is_lost = false);
        with(&|one| one.trips[at].trip.hint_ms = None);
        with(&|one| one.trips[at].trip.renewal_ms = plain.renewal_ms);
    }
    all
}
