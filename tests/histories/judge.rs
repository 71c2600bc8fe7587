//! Holds what callers were told against what really happened. Each sentence here is a promise of
//! the crate; the truth is what the portal's rules recorded.

use b24pay::error::Error;
use b24pay::outcome::Outcome;

use crate::bound::longest;
use crate::history::{Caller, DetailsPlan, Doing, Expect, History, RETURNED};
use crate::play::{Played, Seen};
use crate::support::rules::{By, Handed, Heard, Line, changes};

type Said = Result<Outcome, Error>;

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

    fn is_closed(&self, tab: usize, at: f64) -> bool {
        self.history.tabs[tab]
            .closes_at
            .is_some_and(|closes_at| closes_at as f64 <= at)
    }

    /// Other callers who wait for the same run, and go on doing so.
    fn has_company(&self, number: usize, run: usize, at: f64) -> bool {
        let mut others = self.played.seen.iter().enumerate();
        others.any(|(other, seen)| {
            let has_gone = seen.aborted_at.is_some_and(|aborted_at| aborted_at <= at);
            other != number && seen.run == Some(run) && !has_gone && waits(seen, at)
        })
    }

    fn caller(&self, number: usize, seen: &Seen) -> Vec<String> {
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
        let payment_differs = |payment: &b24pay::payment::Payment, paid: bool| {
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
            Ok(Outcome::Unknown { payment, .. }) => {
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
        payment: Option<&b24pay::payment::Payment>,
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

    /// Whether the payment that the run's caller handed in, and that was young enough, was paid.
    fn knew_then(&self, run: usize, told: f64) -> Option<bool> {
        let by = self.played.runs[run].by;
        let caller = &self.history.callers[by];
        let known_at = caller.at as f64 - caller.known_ms? as f64;
        (told - known_at <= 10_000.0)
            .then_some(self.played.seen[by].knew_paid)
            .flatten()
    }

    fn run(&self, run: usize) -> Vec<String> {
        let mut lies = Vec::new();
        let ran = &self.played.runs[run];
        let caller = &self.history.callers[ran.by];
        let sends: Vec<&Handed> = self.sends(run).collect();
        for (at, send) in sends.iter().enumerate() {
            if send.method != caller.doing.method() || send.payments != [caller.payment] {
                lies.push("sent something else than was asked".into());
            }
            let is_last = at + 1 == sends.len();
            let may_repeat =
                matches!(&send.heard, Some((_, Heard::Refused(code))) if is_unrun(code));
            if !is_last && !may_repeat {
                lies.push(format!("sent again after {:?}", send.heard));
            }
            let mut callers = self.played.seen.iter();
            if !callers.any(|seen| seen.run == Some(run) && waits(seen, send.at)) {
                lies.push("sent although all callers had gone".into());
            }
        }
        if !sends.is_empty() && contradicts(caller) {
            lies.push("sent although the payment contradicts the request".into());
        }
        if self.should_have_shared(run) {
            lies.push("started beside an identical one".into());
        }
        for other in 0..self.played.runs.len() {
            if other != run {
                lies.extend(self.collision(other, run));
            }
        }
        lies
    }

    /// Whether the run about this payment that was still going on asked for the same and was awaited.
    fn should_have_shared(&self, run: usize) -> bool {
        let ran = &self.played.runs[run];
        let Some(before) = ran.beside else {
            return false;
        };
        let mut callers = self.played.seen.iter();
        // Who is told at the same instant waits no more.
        let is_awaited =
            callers.any(|seen| seen.run == Some(before) && waits(seen, ran.spawned_at + 0.001));
        key(self.by(before)) == key(self.by(run)) && is_awaited
    }

    /// Whether the second run sent while the first one's call could still change something.
    fn collision(&self, first: usize, second: usize) -> Option<String> {
        let (one, two) = (&self.played.runs[first], &self.played.runs[second]);
        let bare = |tab: usize| self.history.tabs[tab].is_bare;
        if one.tab != two.tab && (bare(one.tab) || bare(two.tab)) {
            return None;
        }
        let (before, after) = (&self.history.callers[one.by], &self.history.callers[two.by]);
        for sent in self.sends(first) {
            for later in self
                .sends(second)
                .filter(|later| later.number > sent.number)
            {
                let ended = one.ended_at.unwrap_or(f64::INFINITY);
                let is_closed = self.is_closed(one.tab, later.at);
                if before.payment == after.payment {
                    if !is_closed && later.at < ended {
                        return Some(format!("sent at {} beside run {first}", later.at));
                    }
                    if is_closed && !self.journal_was_kept(first, sent, second, later) {
                        return Some(format!(
                            "sent at {} before the journal allowed it",
                            later.at
                        ));
                    }
                } else if self.order_of(before.payment) == self.order_of(after.payment)
                    && self.knows_order(first, sent.at)
                    && self.knows_order(second, later.at)
                    && !is_closed
                    && later.at < ended.min(finished(sent))
                {
                    return Some(format!(
                        "sent at {} beside run {first} of its order",
                        later.at
                    ));
                }
            }
        }
        None
    }

    /// Whether a run waited for what a closed tab had under way, or saw that it was done.
    fn journal_was_kept(&self, first: usize, sent: &Handed, second: usize, later: &Handed) -> bool {
        let (one, two) = (&self.played.runs[first], &self.played.runs[second]);
        let closed_at = self.history.tabs[one.tab].closes_at.unwrap() as f64;
        let is_over = one.ended_at.is_some_and(|at| at <= later.at)
            || sent.heard.as_ref().is_some_and(|(at, _)| *at <= closed_at);
        let is_skewed = self.history.tabs.iter().any(|tab| tab.skew_ms != 0);
        let before = &self.history.callers[one.by];
        // Callers who differ about how long a call may run are heard as the most impatient of them.
        let about_it = self.history.callers.iter();
        let about_it = about_it.filter(|caller| caller.payment == before.payment);
        let wait = about_it.map(|caller| caller.settle_ms).min().unwrap_or(0) as f64;
        // Whoever came first in between may have settled it.
        let mut reads = self.played.handed.iter().filter(|read| read.reads());
        let has_seen = reads.any(|read| {
            let is_between = sent.at <= read.at && read.at <= later.at;
            is_between && read.truth_of(before.payment) == Some(before.doing.makes_paid())
        });
        one.tab == two.tab || is_over || is_skewed || later.at >= sent.at + wait || has_seen
    }

    pub fn order_of(&self, payment: u64) -> u64 {
        self.played.rules.payment(payment).unwrap().order
    }

    fn knows_order(&self, run: usize, at: f64) -> bool {
        let payment = self.by(run).payment;
        // A run whose payment had another one before it reads anew once it has its turn; what a batch
        // said to the other one is not told to it.
        let before = self.played.runs.iter().take(run).enumerate();
        let turn_at = before
            .filter(|(other, ran)| {
                ran.tab == self.played.runs[run].tab && self.by(*other).payment == payment
            })
            .filter_map(|(_, ran)| ran.ended_at)
            .fold(0.0, f64::max);
        let handed = self.handed(run);
        let mut handed = handed.filter(|one| one.reads() && turn_at <= one.at && one.at < at);
        handed.any(|one| {
            let is_heard = matches!(one.heard, Some((heard_at, _)) if heard_at <= at);
            one.is_plain && is_heard && one.has_shown(payment)
        })
    }

    /// What is untrue about a call about many payments as a whole.
    fn bulk(&self, bulk: usize, items: &[usize]) -> Vec<String> {
        let mut lies = Vec::new();
        let plan = &self.history.callers[items[0]];
        let Some(ended) = self.played.bulks.get(&bulk) else {
            if self.history.tabs[plan.tab].closes_at.is_none() {
                lies.push("never began".into());
            }
            return lies;
        };
        if ended.has_strays {
            lies.push("told of what is no item of it".into());
        }
        let told = items.iter().map(|item| &self.played.seen[*item].told);
        let told: Option<Vec<f64>> = told.map(|told| told.as_ref().map(|(at, _)| *at)).collect();
        let last = told.map(|told| told.into_iter().fold(0.0, f64::max));
        let is_closed = ended
            .at
            .or(last)
            .is_none_or(|at| self.is_closed(plan.tab, at));
        if ended.at != last && !is_closed {
            lies.push(format!(
                "ended at {:?}, its last item was told at {last:?}",
                ended.at
            ));
        }
        lies.extend(self.crowd(bulk, plan));
        lies
    }

    /// Whether more pay calls of a bulk call were under way at once than were asked for; where the
    /// line cannot tell them apart, more than one of the whole tab.
    fn crowd(&self, bulk: usize, plan: &Caller) -> Option<String> {
        let tells_apart = self.history.tabs[plan.tab].line == Line::Http;
        let most = plan
            .bulk
            .filter(|_| tells_apart)
            .map_or(1, |bulk| bulk.concurrency);
        let all = self.played.handed.iter().filter_map(|one| match one.by {
            Some(By::Run(run)) if changes(one.method) => Some((one, self.by(run))),
            _ => None,
        });
        let sends: Vec<(&Handed, &Caller)> = all
            .filter(|(_, by)| match by.bulk {
                Some(one) if one.number == bulk => true,
                _ => !tells_apart && by.tab == plan.tab,
            })
            .collect();
        let is_under_way = |(sent, by): &(&Handed, &Caller), at: f64| {
            let heard_at = sent.heard.as_ref().map(|(at, _)| *at);
            let over_at = [heard_at, sent.ended_at].into_iter().flatten();
            let silent_at = sent.at + by.deadline_ms as f64;
            at < over_at.fold(silent_at, f64::min)
        };
        sends.iter().enumerate().find_map(|(place, (sent, _))| {
            let before = sends[..place].iter();
            let beside = before.filter(|one| is_under_way(one, sent.at)).count();
            (beside >= most).then(|| format!("sent at {} beside {beside} others", sent.at))
        })
    }
}

/// When the portal was heard to have finished a call.
fn finished(sent: &Handed) -> f64 {
    match &sent.heard {
        Some((at, Heard::Yes)) => *at,
        Some((at, Heard::Refused(code))) if code != "internal_server_error" => *at,
        _ => f64::INFINITY,
    }
}

fn waits(seen: &Seen, at: f64) -> bool {
    seen.joined_at.is_some_and(|joined_at| joined_at <= at)
        && seen.told.as_ref().is_none_or(|(told, _)| *told >= at)
}

fn is_unrun(code: &str) -> bool {
    [
        "query_limit_exceeded",
        "operation_time_limit",
        "expired_token",
    ]
    .contains(&code)
}

fn was_refused(one: &Handed) -> bool {
    match &one.heard {
        Some((_, Heard::Refused(code))) => is_unrun(code),
        Some((_, Heard::NotSent)) => true,
        _ => false,
    }
}

/// What makes two callers of one tab identical.
fn key(caller: &Caller) -> (usize, u64, Doing, u64, (Expect, bool)) {
    let mark = match caller.doing {
        Doing::Pay { .. } => caller.mark,
        _ => 0,
    };
    (
        caller.tab,
        caller.payment,
        caller.doing,
        mark,
        (caller.expect, caller.may_differ()),
    )
}

/// Whether nothing may be sent for it, as long as the payment is what it was.
fn contradicts(caller: &Caller) -> bool {
    let is_wrong = matches!(caller.expect, Expect::WrongSum | Expect::WrongCurrency);
    match caller.doing {
        Doing::Pay { details, .. } => {
            is_wrong || matches!(details, DetailsPlan::WrongSum | DetailsPlan::TooLong)
        }
        Doing::MarkPaid => is_wrong && caller.payment != RETURNED,
        Doing::MarkUnpaid => is_wrong,
    }
}
