//! Who sent what beside whom: one payment, one sender, and no two of one order.

use portal::{FaultKind, Scope};

use crate::history::{Caller, DetailsPlan, Doing, Expect, History, RETURNED};
use crate::judge::{Judge, is_unrun, key, waits};
use crate::support::rules::{BATCH, By, Handed, Heard, Line, changes};

/// The codes, in small letters, by which a portal says that this app or its user may not read payments.
const FORBIDDEN: [&str; 3] = ["insufficient_scope", "access_denied", "200040300010"];

impl Judge<'_> {
    pub fn run(&self, run: usize) -> Vec<String> {
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
        if caller.known_ms.is_none() && sends.first().is_some_and(|send| self.is_unread(run, send))
        {
            lies.push("sent although the payment was not read, and may be".into());
        }
        if sends
            .first()
            .is_some_and(|send| self.is_outdated(run, send))
        {
            lies.push("sent by what was known before a call of its page had ended".into());
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

    /// Whether a call went out although its payment may be read, and nothing had been heard of it.
    fn is_unread(&self, run: usize, send: &Handed) -> bool {
        let payment = self.by(run).payment;
        let mut reads = self.played.handed.iter().filter(|one| one.reads());
        let has_heard = reads.any(|read| match &read.heard {
            Some((at, heard)) if read.tab == send.tab && *at <= send.at => match heard {
                Heard::Other => read.is_about(payment),
                Heard::Refused(code) => read.method != BATCH && FORBIDDEN.contains(&&**code),
                _ => false,
            },
            _ => false,
        });
        !has_heard && self.has_scope()
    }

    /// Whether a call went out without a read, and its page had another one about its payment after what its caller knew.
    fn is_outdated(&self, run: usize, send: &Handed) -> bool {
        let caller = self.by(run);
        let Some(known_ms) = caller.known_ms else {
            return false;
        };
        let known_at = caller.at as f64 - known_ms as f64 + self.slack_ms();
        let mut runs = self.played.runs.iter().enumerate();
        let has_changed = runs.any(|(other, ran)| {
            let by = self.by(other);
            let ended_at = self.sends(other).last().map(|last| match &last.heard {
                // A call that did not run is over with that; its run goes on to read.
                Some((at, Heard::Refused(code))) if is_unrun(code) => *at,
                _ => ran.ended_at.unwrap_or(f64::INFINITY),
            });
            let is_since = ended_at.is_some_and(|at| known_at < at && at <= send.at);
            other != run && is_since && (by.tab, by.payment) == (caller.tab, caller.payment)
        });
        let mut handed = self.handed(run);
        has_changed && self.has_scope() && !handed.any(|one| one.reads() && one.at <= send.at)
    }

    /// Whether payments can be read as far as scopes go. What is refused for one inside a batch is remembered, and not seen here.
    fn has_scope(&self) -> bool {
        let History { scopes, faults, .. } = self.history;
        let mut refused = faults.iter().filter(|fault| fault.method != BATCH);
        !refused.any(|fault| fault.kind == FaultKind::MissingScope)
            && [Scope::Crm, Scope::Sale]
                .iter()
                .any(|scope| scopes.contains(scope))
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
        // A clock that is ahead of the one that wrote it makes an entry older than it is.
        let jumps = &self.history.jumps;
        let ahead = |tab: usize, at: f64| {
            let until = jumps.iter().filter(|(jump_at, _)| *jump_at as f64 <= at);
            self.history.tabs[tab].skew_ms + until.map(|(_, ms)| ms).sum::<i64>()
        };
        let between = jumps.iter().map(|(at, _)| *at as f64);
        let between = between.filter(|at| (sent.at..=later.at).contains(at));
        let moments: Vec<f64> = between.chain([sent.at]).collect();
        let is_ahead = |tab: usize| {
            let mut moments = moments.iter();
            moments.any(|at| ahead(tab, *at) > ahead(one.tab, sent.at))
        };
        let before = &self.history.callers[one.by];
        // Whoever comes after one with such a clock, which had its turn in between, finds no entry any more.
        let mut turns = self.played.handed.iter().filter(|handed| {
            let is_between = sent.at < handed.at && handed.at <= later.at;
            is_between && handed.tab != one.tab && handed.payments.contains(&before.payment)
        });
        let is_skewed = turns.any(|handed| is_ahead(handed.tab));
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
        one.tab == two.tab
            || is_over
            || is_skewed
            // What was forged has taken its place.
            || self.history.is_forged(before.payment)
            || later.at >= sent.at + wait - self.slack_ms()
            || has_seen
    }

    /// How much too short a wait can be for clocks that round and timers that hurry.
    pub fn slack_ms(&self) -> f64 {
        let timers = self.history.tabs.iter().map(|tab| tab.timers);
        let slack = timers.map(|timers| 2.0 * timers.coarse_ms + timers.early_ms);
        slack.fold(0.0, f64::max)
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
        // Once it has seen the payment it knows, also where it may no longer read.
        handed.any(|one| {
            let is_heard = matches!(one.heard, Some((heard_at, _)) if heard_at <= at);
            one.is_plain && is_heard && one.has_shown(payment)
        })
    }

    /// What is untrue about a call about many payments as a whole.
    pub fn bulk(&self, bulk: usize, items: &[usize]) -> Vec<String> {
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
    /// line cannot tell them apart, more than one of all that the tab sends by it.
    fn crowd(&self, bulk: usize, plan: &Caller) -> Option<String> {
        let tells_apart = self.history.line(plan) == Line::Http;
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
                _ => !tells_apart && (by.tab, by.is_second) == (plan.tab, plan.is_second),
            })
            .collect();
        let is_under_way = |(sent, by): &(&Handed, &Caller), at: f64| {
            let heard_at = sent.heard.as_ref().map(|(at, _)| *at);
            let over_at = [heard_at, sent.ended_at].into_iter().flatten();
            let silent_at = sent.at + by.deadline_ms as f64 - self.slack_ms();
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
