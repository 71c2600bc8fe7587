//! Holds what callers were told against what really happened. The truth is what the portal's rules
//! recorded.

use crate::history::{Caller, Doing, Expect, History};
use crate::notes::Seen;
use crate::play::Played;
use crate::support::rules::{By, Handed, changes};

/// Every promise that was broken.
pub fn judge(history: &History, played: &Played) -> Vec<String> {
    let judge = Judge { history, played };
    let mut broken = Vec::new();
    for (number, seen) in played.seen.iter().enumerate() {
        let lies = judge.caller(number, seen);
        broken.extend(
            lies.into_iter()
                .map(|lie| format!("caller {number}: {lie}")),
        );
    }
    for run in 0..played.runs.len() {
        let lies = judge.run(run);
        broken.extend(lies.into_iter().map(|lie| format!("run {run}: {lie}")));
    }
    for (bulk, items) in history.bulks() {
        let lies = judge.bulk(bulk, &items);
        broken.extend(lies.into_iter().map(|lie| format!("bulk {bulk}: {lie}")));
    }
    broken
}

pub struct Judge<'a> {
    pub history: &'a History,
    pub played: &'a Played,
}

impl Judge<'_> {
    /// The calls of a run that change something.
    pub fn sends(&self, run: usize) -> impl Iterator<Item = &Handed> {
        self.handed(run).filter(|handed| changes(handed.method))
    }

    /// What was handed over by a run, and for it: a bulk call gathers the reads of its items.
    pub fn handed(&self, run: usize) -> impl Iterator<Item = &Handed> {
        let by = self.by(run);
        let bulk = by.bulk.map(|bulk| By::Bulk(bulk.number));
        self.played.handed.iter().filter(move |handed| {
            let is_for_it = handed.by == bulk && handed.is_about(by.payment);
            handed.by == Some(By::Run(run)) || handed.by.is_some() && is_for_it
        })
    }

    /// What a run may have had to wait for: of gathered reads all.
    pub fn waited_for(&self, run: usize) -> impl Iterator<Item = &Handed> {
        let bulk = self.by(run).bulk.map(|bulk| By::Bulk(bulk.number));
        self.played.handed.iter().filter(move |handed| {
            handed.by == Some(By::Run(run)) || handed.by.is_some() && handed.by == bulk
        })
    }

    /// The caller who started a run.
    pub fn by(&self, run: usize) -> &Caller {
        &self.history.callers[self.played.runs[run].by]
    }

    pub fn is_closed(&self, tab: usize, at: f64) -> bool {
        self.history.tabs[tab]
            .closes_at
            .is_some_and(|closes_at| closes_at as f64 <= at)
    }

    pub fn order_of(&self, payment: u64) -> u64 {
        self.played.rules.payment(payment).unwrap().order
    }
}

pub fn waits(seen: &Seen, at: f64) -> bool {
    seen.joined_at.is_some_and(|joined_at| joined_at <= at)
        && seen.told.as_ref().is_none_or(|(told, _)| *told >= at)
}

pub fn is_unrun(code: &str) -> bool {
    [
        "query_limit_exceeded",
        "operation_time_limit",
        "expired_token",
    ]
    .contains(&code)
}

/// What makes two callers identical.
pub fn key(caller: &Caller) -> ((usize, bool), u64, Doing, u64, (Expect, bool)) {
    let mark = match caller.doing {
        Doing::Pay { .. } => caller.mark,
        _ => 0,
    };
    (
        (caller.tab, caller.is_second),
        caller.payment,
        caller.doing,
        mark,
        (caller.expect, caller.may_differ()),
    )
}
