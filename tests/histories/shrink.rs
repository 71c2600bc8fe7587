//! Makes a failing history smaller while it still fails: takes things away, then makes them plain.

use std::time::{Duration, Instant};

use crate::history::{Bulk, Caller, Expect, History, LimitPlan, Opening};
use crate::support::rules::Trip;
use crate::support::world::Timers;

/// Where each try takes long, since the history never comes to rest, nobody waits for the last step.
const LONGEST: Duration = Duration::from_mins(1);

/// The smallest history found that still fails.
pub fn shrink(history: &History, fails: &dyn Fn(&History) -> bool) -> History {
    let started = Instant::now();
    let fails_in_time = |one: &History| started.elapsed() < LONGEST && fails(one);
    let mut smallest = history.clone();
    loop {
        let Some(smaller) = candidates(&smallest).into_iter().find(fails_in_time) else {
            return smallest;
        };
        smallest = smaller;
    }
}

/// What is done to a copy of a history.
type Change<'a> = &'a dyn Fn(&mut History);

/// Takes each thing away that there are several of.
fn fewer(history: &History, with: &mut dyn FnMut(Change<'_>)) {
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
    for at in (0..history.forged.len()).rev() {
        with(&|one| {
            one.forged.remove(at);
        });
    }
    for at in (0..history.jumps.len()).rev() {
        with(&|one| {
            one.jumps.remove(at);
        });
    }
}

/// Every history that is one step smaller.
fn candidates(history: &History) -> Vec<History> {
    let mut all = Vec::new();
    let mut with = |change: Change<'_>| {
        let mut changed = history.clone();
        change(&mut changed);
        if format!("{changed:?}") != format!("{history:?}") {
            all.push(changed);
        }
    };
    fewer(history, &mut with);
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
        with(&|one| one.tabs[at].timers = Timers::default());
        with(&|one| one.tabs[at].is_bare = false);
        with(&|one| one.tabs[at].grant_ms = 1.0);
        with(&|one| one.tabs[at].opening = Opening::Works(0));
    }
    for at in 0..history.callers.len() {
        // Items of one call about many change together, and may become callers of their own.
        let bulk = history.callers[at].bulk;
        let is_first = history.callers.iter().position(|one| one.bulk == bulk) == Some(at);
        if bulk.is_some() && !is_first {
            continue;
        }
        let mut each = |change: &dyn Fn(&mut Caller)| {
            with(&|one| match bulk {
                None => change(&mut one.callers[at]),
                Some(_) => one
                    .callers
                    .iter_mut()
                    .filter(|caller| caller.bulk == bulk)
                    .for_each(change),
            });
        };
        each(&|one| one.bulk = None);
        each(&|one| {
            one.bulk = one.bulk.map(|bulk| Bulk {
                concurrency: 1,
                ..bulk
            });
        });
        each(&|one| one.tab = 0);
        each(&|one| one.is_second = false);
        each(&|one| one.at = 0);
        each(&|one| one.abort_ms = None);
        each(&|one| one.known_ms = None);
        each(&|one| one.expect = Expect::Nothing);
        each(&|one| one.deadline_ms = 30_000);
        each(&|one| one.settle_ms = 65_000);
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
        with(&|one| one.trips[at].trip.queue_ms = 0);
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
