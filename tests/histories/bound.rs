//! The longest time that a caller may have to wait, from what its run met on the way.

use crate::judge::Judge;
use crate::play::Seen;
use crate::support::rules::{Heard, Line};

/// The script, the handshake.
const OPENING_MS: f64 = 10_000.0;
/// The renewal of a token, which is waited for no longer than the deadline.
const RENEWAL_MS: f64 = 30_000.0;
/// The three pauses after a rate limit.
const PACED_MS: f64 = 7_000.0;
/// The operating limit's reset.
const RESET_MS: f64 = 600_000.0;
/// A request that was held back for less moves the window.
const HELD_MS: f64 = 1_000.0;

pub fn longest(judge: &Judge, number: usize, seen: &Seen) -> f64 {
    let caller = &judge.history.callers[number];
    let tab = &judge.history.tabs[caller.tab];
    let frozen: f64 = tab
        .freezes
        .iter()
        .map(|(from, to)| (to - from) as f64)
        .sum();
    let Some(run) = seen.run else {
        return OPENING_MS + frozen;
    };
    // Who shares a run shares its waiting times.
    let by = &judge.history.callers[judge.played.runs[run].by];
    let (deadline, settle) = (by.deadline_ms as f64, by.settle_ms as f64);
    let heard = |code: &str| {
        let is = |heard: &Option<(f64, Heard)>| matches!(heard, Some((_, Heard::Refused(said))) if said == code);
        judge.handed(run).filter(|one| is(&one.heard)).count() as f64
    };
    let refused = judge
        .sends(run)
        .filter(|one| matches!(one.heard, Some((_, Heard::Refused(_)))))
        .count() as f64;
    let renewals = heard("expired_token") * RENEWAL_MS;
    let paced = if heard("query_limit_exceeded") > 0.0 {
        3.0 * PACED_MS
    } else {
        0.0
    };
    let reset = if heard("operation_time_limit") > 0.0 {
        3.0 * (RESET_MS + PACED_MS)
    } else {
        0.0
    };
    // Two readers may be asked, one after the other.
    let read = 2.0 * deadline;
    let patience = settle + deadline;
    let order = judge.order_of(caller.payment);
    let is_alone = judge
        .played
        .runs
        .iter()
        .filter(|ran| judge.order_of(judge.history.callers[ran.by].payment) == order)
        .count()
        == 1;
    let turn = if is_alone { 0.0 } else { patience };
    let is_lonely = judge
        .played
        .runs
        .iter()
        .filter(|ran| ran.tab == caller.tab)
        .count()
        == 1;
    let sending = if tab.line == Line::Http || is_lonely {
        0.0
    } else {
        2.0 * patience
    };
    // A read that is under way when the window ends gives way to the last one.
    let attempt = sending + read + deadline.max(settle) + HELD_MS + read;
    let requests = judge.handed(run).count() as f64;
    let bucket = (judge.played.handed.len() as f64 - 50.0).max(0.0) * 500.0 * requests;
    OPENING_MS
        + turn
        + read
        + (refused + 1.0) * attempt
        + renewals
        + paced
        + reset
        + bucket
        + frozen
}
