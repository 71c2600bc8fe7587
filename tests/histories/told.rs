//! What callers were told: each sentence here is a promise of the crate.

use b24pay::error::{Error, Retry};
use b24pay::outcome::Outcome;
use b24pay::payment::Payment;

use crate::bound::longest;
use crate::history::Caller;
use crate::judge::{Judge, is_unrun, key, waits};
use crate::notes::Seen;
use crate::support::rules::{Handed, Heard};

type Said = Result<Outcome, Error>;

impl Judge<'_> {
    pub fn caller(&self, number: usize, seen: &Seen) -> Vec<String> {
        let caller = &self.history.callers[number];
        let mut lies = Vec::new();
        let Some((told, said)) = &seen.told else {
            if self.history.tabs[caller.tab].closes_at.is_none() {
                lies.push("was never told anything".into());
            }
            return lies;
        };
        if seen.times_told != 1 {
            lies.push(format!("was told {} times", seen.times_told));
        }
        let is_aborted = matches!(said, Err(error) if error.code() == "ABORTED");
        if caller.bulk.is_some() && is_aborted != seen.is_not_started {
            lies.push("rejected as aborted".into());
        }
        if is_aborted && seen.aborted_at.is_none() {
            lies.push("aborted although nobody did".into());
        }
        let latest = longest(self, number, seen);
        let took = told - seen.started_at.unwrap();
        if took > latest {
            lies.push(format!(
                "was told after {took} ms, at most {latest} were promised"
            ));
        }
        let Some(run) = seen.run else {
            if said.is_ok() {
                lies.push("was told something that no run had found out".into());
            }
            return lies;
        };
        let by = self.by(run);
        if key(by) != key(caller) {
            lies.push("shares the run of an unlike caller".into());
        }
        let is_over = |other: &Seen| {
            let aborted = other.aborted_at.is_some();
            let told = other.told.as_ref().map(|(told, _)| *told);
            other.run == Some(run) && !aborted && told < seen.joined_at && told.is_some()
        };
        if self.played.seen.iter().any(is_over) {
            lies.push("shares a run that was over".into());
        }
        let Some(lie) = self.lie(number, seen, run, *told, said) else {
            return lies;
        };
        lies.push(format!("{lie}; it was told {said:?} at {told}"));
        lies
    }

    /// What is untrue about what a caller was told.
    fn lie(
        &self,
        number: usize,
        seen: &Seen,
        run: usize,
        told: f64,
        said: &Said,
    ) -> Option<&'static str> {
        let caller = &self.history.callers[number];
        let done = caller.doing.makes_paid();
        let sends: Vec<&Handed> = self.sends(run).filter(|one| one.at <= told).collect();
        let has_heard_yes = sends
            .iter()
            .any(|one| matches!(&one.heard, Some((at, Heard::Yes)) if *at <= told));
        let read = |truth: bool| {
            let mut reads = self.handed(run).filter(|one| one.reads());
            reads.any(|one| {
                let is_now = matches!(one.heard, Some((at, _)) if (at - told).abs() < 1e-6);
                is_now
                    && one.has_shown(caller.payment)
                    && one.truth_of(caller.payment) == Some(truth)
            })
        };
        let payment_differs = |payment: &Payment, paid: bool| {
            payment.id.get() != caller.payment || payment.paid != paid
        };
        match said {
            Err(error) => {
                let is_detached = error.code() == "ABORTED" && self.has_company(number, run, told);
                if is_detached {
                    return None;
                }
                let may_have_run = |one: &&Handed| match &one.heard {
                    Some((_, Heard::Refused(code))) => {
                        code == "internal_server_error" || code == "error_unexpected_answer"
                    }
                    Some((_, Heard::NotSent)) => false,
                    _ => true,
                };
                if sends.iter().any(may_have_run) {
                    return Some("a rejection although a call may have run");
                }
                let mut changed = self.changed_at(run).into_iter();
                changed
                    .any(|at| !self.was_undone(caller, at, told))
                    .then_some("a rejection although this call did it")
            }
            Ok(Outcome::Done { payment, recovered }) => {
                if !read(done) || payment_differs(payment, done) {
                    return Some("said to be done although no read said so then");
                }
                (*recovered && has_heard_yes).then_some("recovered although it was answered")
            }
            Ok(Outcome::Already { payment, sent }) => {
                let knew = self.knew_then(run, told) == Some(done);
                if payment_differs(payment, done) || !(read(done) || knew && !sent) {
                    return Some("said to be so already although no read said so then");
                }
                if *sent && !has_heard_yes {
                    return Some("said to have been sent although no call was answered");
                }
                if !sent && sends.iter().any(|one| !was_refused(one)) {
                    return Some("said not to have been sent although it was");
                }
                (*sent && !self.changed_at(run).is_empty())
                    .then_some("said to be somebody else's although this call did it")
            }
            Ok(Outcome::NotApplied { payment, cause }) => {
                if !read(!done) || payment_differs(payment, !done) {
                    return Some("said not to be applied although no read said so then");
                }
                if cause.is_none() != has_heard_yes {
                    return Some("the cause of what is not applied says the contrary");
                }
                let mut changed = self.changed_at(run).into_iter();
                changed
                    .any(|at| at > told || !self.was_undone(caller, at, told))
                    .then_some("said not to be applied although this call did it")
            }
            Ok(Outcome::Unverified { .. }) => {
                (!has_heard_yes || !done).then_some("unverified although nobody said yes")
            }
            Ok(Outcome::Unknown { cause, payment }) => {
                // Whoever may not read what was marked as unpaid is told that.
                let may_not = ["ACCESS_DENIED", "MISSING_SCOPE"].contains(&cause.code()) && !done;
                if cause.retry() != Retry::ReadFirst && !may_not {
                    return Some("unknown, and not to be read first");
                }
                self.doubt(number, seen, run, told, payment.as_deref())
            }
        }
    }

    /// What is untrue about being told that nothing is known.
    fn doubt(
        &self,
        number: usize,
        seen: &Seen,
        run: usize,
        told: f64,
        payment: Option<&Payment>,
    ) -> Option<&'static str> {
        let caller = &self.history.callers[number];
        let mut sends = self.sends(run).filter(|one| one.at <= told).peekable();
        if sends.peek().is_none() {
            return Some("unknown although nothing was sent");
        }
        if payment.is_some_and(|one| one.id.get() != caller.payment) {
            return Some("unknown, with another payment");
        }
        let mut handed = self.handed(run).filter(|one| one.at <= told);
        let is_quiet = handed.all(|one| {
            let is_refused = matches!(one.heard, Some((_, Heard::Refused(_))));
            let is_whole = !one.reads() || one.has_shown(caller.payment);
            one.is_plain && one.heard.is_some() && !is_refused && is_whole
        });
        let yes_at = sends.find_map(|one| match one.heard {
            Some((at, Heard::Yes)) => Some(at),
            _ => None,
        });
        let can_read = self.handed(run).any(|one| {
            let is_after = yes_at.is_some_and(|at| at <= one.at);
            is_after && one.reads() && one.has_shown(caller.payment)
        });
        let has_heard_yes = yes_at.is_some_and(|at| at <= told);
        (has_heard_yes && can_read && is_quiet && seen.aborted_at.is_none())
            .then_some("unknown although nothing went wrong")
    }

    /// When calls of a run changed the payment. What a browser repeats by itself is the one limit
    /// that the crate states.
    fn changed_at(&self, run: usize) -> Vec<f64> {
        if self.sends(run).any(|one| one.is_repeated) {
            return Vec::new();
        }
        let caller = self.by(run);
        let payment = self.played.rules.payment(caller.payment).unwrap();
        let wires: Vec<u64> = self.sends(run).flat_map(|one| one.wires.clone()).collect();
        if caller.doing.makes_paid() {
            let paying = payment.paying_calls.iter();
            return paying
                .filter(|(n, _)| wires.contains(n))
                .map(|(_, at)| *at as f64)
                .collect();
        }
        let log = self.played.rules.log();
        wires
            .iter()
            .map(|n| &log[usize::try_from(*n).unwrap() - 1])
            .filter(|entry| entry.committed)
            .map(|entry| entry.at_ms as f64)
            .collect()
    }

    /// Whether somebody took back before `told` what was done at `done`.
    fn was_undone(&self, caller: &Caller, done: f64, told: f64) -> bool {
        if caller.doing.makes_paid() {
            let mut log = self.played.rules.log().iter();
            return log.any(|entry| {
                let is_about_it = entry.params.get("id") == Some(&caller.payment.into());
                // Under a fault it may have run later than it came.
                let ran_by = entry.at_ms as f64 + entry.fault.map_or(0.0, |_| 60_000.0);
                let is_unpay = entry.committed && entry.method == "crm.item.payment.unpay";
                is_unpay && is_about_it && done <= ran_by && entry.at_ms as f64 <= told
            });
        }
        let payment = self.played.rules.payment(caller.payment).unwrap();
        payment
            .paying_calls
            .iter()
            .any(|&(_, at)| at as f64 >= done)
    }

    /// Other callers who wait for the same run, and go on doing so.
    fn has_company(&self, number: usize, run: usize, at: f64) -> bool {
        let mut others = self.played.seen.iter().enumerate();
        others.any(|(other, seen)| {
            let has_gone = seen.aborted_at.is_some_and(|aborted_at| aborted_at <= at);
            other != number && seen.run == Some(run) && !has_gone && waits(seen, at)
        })
    }

    /// Whether the payment that the run's caller handed in, and that was young enough, was paid.
    fn knew_then(&self, run: usize, told: f64) -> Option<bool> {
        let by = self.played.runs[run].by;
        let caller = &self.history.callers[by];
        let known_at = caller.at as f64 - caller.known_ms? as f64;
        (told - known_at <= 10_000.0 + self.slack_ms())
            .then_some(self.played.seen[by].knew_paid)
            .flatten()
    }
}

fn was_refused(one: &Handed) -> bool {
    match &one.heard {
        Some((_, Heard::Refused(code))) => is_unrun(code),
        Some((_, Heard::NotSent)) => true,
        _ => false,
    }
}
