//! The longest time that a caller may have to wait, from what its run met on the way.

use crate::judge::Judge;
use crate::notes::Seen;
use crate::support::rules::{Heard, Line};

/// The script, the handshake.
const OPENING_MS: f64 = 10_000.0;
/// The renewal of a token, which is waited for no longer than the deadline.
const RENEWAL_MS: f64 = 30_000.0;
/// The three pauses after a rate limit.
const PACED_MS: f64 = 7_000.0;
/// The operating limit's reset.
const RESET_MS: f64 = 600_000.0;
/// How long gathered reads wait for others.
const GATHERED_MS: f64 = 12_020.0;
/// How many payments of a bulk call are on their way to being sent at a time. A first read that has
/// grown old at the gate is repeated no more often.
const PLACES: usize = 18;

pub fn longest(judge: &Judge, number: usize, seen: &Seen) -> f64 {
    let Some(bulk) = judge.history.callers[number].bulk else {
        return alone(judge, number, seen);
    };
    // Its handshake, and then the place of one who came before it, once, or again and again.
    let items = &judge.history.bulks()[&bulk.number];
    let before = items.iter().take_while(|item| **item < number).count();
    let turns = before / PLACES.max(bulk.concurrency);
    let held = items
        .iter()
        .filter(|_| turns > 0)
        .map(|item| alone(judge, *item, &judge.played.seen[*item]))
        .fold(0.0, f64::max);
    OPENING_MS + turns as f64 * held + alone(judge, number, seen)
}

/// From its own handshake on.
fn alone(judge: &Judge, number: usize, seen: &Seen) -> f64 {
    let caller = &judge.history.callers[number];
    let tab = &judge.history.tabs[caller.tab];
    let frozen: f64 = tab
        .freezes
        .iter()
        .map(|(from, to)| (to - from) as f64)
        .sum();
    // Timers that are kept back make every wait longer.
    let waits = 30 + 4 * judge.played.handed.len();
    let frozen = frozen + tab.timers.grid_ms * waits as f64;
    let Some(run) = seen.run else {
        return OPENING_MS + frozen;
    };
    // Who shares a run shares its waiting times.
    let by = judge.by(run);
    let (deadline, settle) = (by.deadline_ms as f64, by.settle_ms as f64);
    let heard = |code: &str| {
        let is = |heard: &Option<(f64, Heard)>| matches!(heard, Some((_, Heard::Refused(said))) if said == code);
        judge.waited_for(run).filter(|one| is(&one.heard)).count() as f64
    };
    let refused = judge
        .sends(run)
        .filter(|one| matches!(one.heard, Some((_, Heard::Refused(_)))))
        .count() as f64;
    let renewals = heard("expired_token") * RENEWAL_MS;
    // Where reads are gathered, each may wait for a limit that others met.
    let times = |count: f64| if by.bulk.is_some() { count } else { 3.0 };
    let paced = match heard("query_limit_exceeded") {
        0.0 => 0.0,
        count => times(count) * PACED_MS,
    };
    let reset = match heard("operation_time_limit") {
        0.0 => 0.0,
        count => times(count) * (RESET_MS + PACED_MS),
    };
    // Two readers may be asked, one after the other.
    let both = 2.0 * deadline;
    let read = match by.bulk {
        None => both,
        // A batch, or where none is taken one payment of it after the other.
        Some(bulk) => GATHERED_MS + both * (1.0 + judge.history.bulks()[&bulk.number].len() as f64),
    };
    let patience = settle + deadline;
    let order = judge.order_of(caller.payment);
    let is_alone = judge
        .played
        .runs
        .iter()
        .filter(|ran| judge.order_of(judge.history.callers[ran.by].payment) == order)
        .count()
        == 1;
    // What was forged is waited for as what a closed tab has left.
    let forged = if judge.history.is_forged(caller.payment) {
        patience + read
    } else {
        0.0
    };
    // A second look may be the first that tells the order.
    let turn = match by.bulk {
        _ if is_alone => 0.0,
        None => patience,
        // Payments of the same call go before.
        Some(_) => (1.0 + PLACES as f64) * patience,
    };
    let is_lonely = judge
        .played
        .runs
        .iter()
        .filter(|ran| ran.tab == caller.tab)
        .count()
        == 1;
    let sending = if judge.history.line(caller) == Line::Http || is_lonely || by.bulk.is_some() {
        0.0
    } else {
        2.0 * patience
    };
    // Who waits at the gate waits for a pay call of this tab, and for each no longer than its
    // deadline. Meanwhile its own read may have grown old.
    let (gate, looks) = if by.bulk.is_some() {
        let runs = judge.played.runs.iter().enumerate();
        let runs = runs.filter(|(_, ran)| ran.tab == caller.tab);
        let gate = runs
            .map(|(run, _)| judge.sends(run).count() as f64 * judge.by(run).deadline_ms as f64)
            .sum();
        let reads = judge.handed(run).filter(|one| one.reads()).count() as f64;
        (gate, reads.min(PLACES as f64 * (refused + 2.0)))
    } else {
        (0.0, 0.0)
    };
    // The window begins anew where the request ends without an answer, be it during what would have been the last read. A read that
    // is under way when it ends gives way to the last one.
    let settling = deadline.max(settle) + read + settle + read;
    let attempt = sending + read + settling;
    let requests = judge.handed(run).count() as f64;
    // Each look takes a place in the bucket, and so does each try to send.
    let places = judge.played.handed.iter();
    let places: usize = places.map(|one| 2 * one.payments.len().max(1)).sum();
    let bucket = (places as f64 - 48.0).max(0.0) * 500.0 * requests;
    OPENING_MS
        + turn
        + forged
        + 2.0 * tab.grant_ms
        + read
        + gate
        + looks * read
        + (refused + 1.0) * attempt
        + renewals
        + paced
        + reset
        + bucket
        + frozen
}
