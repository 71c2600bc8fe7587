//! Reads of many payments, gathered: up to fifty in one `batch`, sent whenever no pay call could be
//! sent instead.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::rc::{Rc, Weak};

use crate::bulk::PLACES;
use crate::digits;
use crate::error::{Code, Error};
use crate::json::Json;
use crate::payment::PaymentId;
use crate::portal::{Call, Held, Pending, Portal};
use crate::read::{Limits, READERS, Read, Reader, ask, known_payment, not_allowed, payment};
use crate::refusal::{self, Said};
use crate::reply::{self, Reply};
use crate::signal::{Line, Slot};
use crate::text::joined;

/// Commands in one batch, the portal's limit.
const MOST: usize = 50;
/// How long reads wait for others to join them, in milliseconds.
const GATHER_MS: f64 = 20.0;
/// How long reads wait at the most while pay calls go on, in milliseconds.
const PATIENCE_MS: f64 = 12_000.0;

/// A read that waits for its batch.
struct Wanted {
    id: PaymentId,
    limits: Limits,
    said: Slot<Read>,
}

/// The reads of one bulk run.
pub(crate) struct Gathered {
    portal: Rc<dyn Portal>,
    deadline_ms: f64,
    /// In the order of the payments, not of asking: those that look again go before those that are new.
    waiting: RefCell<Vec<(usize, Weak<Wanted>)>>,
    /// Pay calls that are being sent or wait to be.
    gate: Rc<Line>,
    is_flushing: Cell<bool>,
    /// The portal refuses these methods in a batch.
    without_batch: Cell<bool>,
}

impl Gathered {
    pub(crate) fn new(portal: &Rc<dyn Portal>, deadline_ms: f64, concurrency: usize) -> Rc<Self> {
        Rc::new(Self {
            portal: Rc::clone(portal),
            deadline_ms,
            waiting: RefCell::default(),
            gate: Rc::new(Line::with(if portal.tells_apart() {
                concurrency
            } else {
                1
            })),
            is_flushing: Cell::new(false),
            without_batch: Cell::new(false),
        })
    }

    /// Queues a read, and sees to it that it will be sent.
    fn want(self: &Rc<Self>, id: PaymentId, at: usize, limits: Limits) -> Rc<Wanted> {
        let wanted = Rc::new(Wanted {
            id,
            limits,
            said: Slot::default(),
        });
        let mut waiting = self.waiting.borrow_mut();
        let before = waiting.partition_point(|&(other, _)| other < at);
        waiting.insert(before, (at, Rc::downgrade(&wanted)));
        drop(waiting);
        if !self.is_flushing.replace(true) {
            (self.portal.page().spawn)(Box::pin(Rc::clone(self).flush()));
        }
        wanted
    }

    /// Sends what waits, batch by batch, until nothing waits any more.
    async fn flush(self: Rc<Self>) {
        let clock = &self.portal.page().clock;
        let until = clock.now() + PATIENCE_MS;
        while !self.waiting.borrow().is_empty() {
            clock.sleep(GATHER_MS).await;
            let count = self.waiting.borrow().len();
            if !self.gate.is_idle() && count < MOST && clock.now() < until {
                continue;
            }
            let mut batch = Vec::new();
            for _ in 0..count.min(MOST) {
                // Whoever has gone needs no read.
                if let Some(wanted) = self.waiting.borrow_mut().remove(0).1.upgrade() {
                    batch.push(wanted);
                }
            }
            // A slow answer keeps only those who asked waiting.
            (self.portal.page().spawn)(Box::pin(Rc::clone(&self).read(batch)));
        }
        self.is_flushing.set(false);
    }

    /// Reads a batch of payments by one reader after the other, and tells each who waits.
    async fn read(self: Rc<Self>, mut batch: Vec<Rc<Wanted>>) {
        let portal = self.portal.as_ref();
        let mut refused: Option<Error> = None;
        let mut alone = Vec::new();
        for &method in &READERS {
            if batch.is_empty() || portal.memory().missing(method) {
                continue;
            }
            let at = portal.page().clock.now();
            let answer = self.batched(method, &batch).await;
            let mut left = Vec::new();
            for wanted in &batch {
                let read = match self.part(method, answer.as_ref(), wanted) {
                    // Those that were read do not wait for it.
                    None => {
                        alone.push(Rc::downgrade(wanted));
                        continue;
                    }
                    Some(Ok(result)) => known_payment(method, result, None, wanted.id),
                    Some(Err(error)) => match not_allowed(portal, method, error) {
                        Ok(reason) => {
                            refused.get_or_insert(reason);
                            left.push(Rc::clone(wanted));
                            continue;
                        }
                        Err(unread) => Err(unread),
                    },
                };
                wanted.said.fill(read.map(|payment| (payment, at)));
            }
            batch = left;
        }
        for wanted in &batch {
            wanted
                .said
                .fill(Err(portal.memory().refusal(refused.clone())));
        }
        for wanted in &alone {
            // Whoever has gone meanwhile needs none: those before may have waited for long.
            if let Some(wanted) = wanted.upgrade() {
                let read = payment(portal, wanted.id, self.deadline_ms, wanted.limits);
                wanted.said.fill(read.await);
            }
        }
    }

    /// What one method says about all of them at once, `None` where each has to be read alone: the portal takes no batches of it.
    async fn batched(
        &self,
        method: &'static str,
        batch: &[Rc<Wanted>],
    ) -> Option<Result<Reply, Error>> {
        if batch.len() == 1 || self.without_batch.get() {
            return None;
        }
        let mut commands = Vec::new();
        for wanted in batch {
            let id = digits::text(wanted.id.get());
            let command = joined(&[method, "?id=", &id]);
            commands.push((joined(&["p", &id]), Json::Text(command)));
        }
        let commands = Json::Map(commands);
        let call = Call::new(
            "batch",
            vec![("halt", Json::Number(0.0)), ("cmd", commands)],
        );
        let answer = ask(self.portal.as_ref(), &call, self.deadline_ms, Limits::Wait).await;
        let codes = [Code::Refused, Code::AccessDenied, Code::MissingScope];
        if let Err(error) = &answer
            && codes.iter().any(|&code| error.is(code))
        {
            self.without_batch.set(true);
            return None;
        }
        Some(answer)
    }

    /// What it says about one of them, `None` where that one has to be read alone. The limit of a method is counted for each command.
    fn part<'a>(
        &self,
        method: &'static str,
        answer: Option<&'a Result<Reply, Error>>,
        wanted: &Wanted,
    ) -> Option<Result<&'a Json, Error>> {
        let answer = match answer? {
            Ok(answer) => answer.result(),
            Err(error) => return Some(Err(error.clone())),
        };
        let key = joined(&["p", &digits::text(wanted.id.get())]);
        let part = |name| answer.get(name).get(&key);
        let Some(refusal) = reply::refusal(part("result_error"), None) else {
            let pace = &self.portal.memory().pace;
            pace.learn(method, self.portal.page().clock.now(), part("result_time"));
            return Some(Ok(part("result")));
        };
        let is_limited = matches!(refusal::said(&refusal), Said::Limit | Said::Operating);
        if is_limited && wanted.limits == Limits::Wait {
            return None;
        }
        let code = &refusal.code;
        if code.eq_ignore_ascii_case("ERROR_BATCH_METHOD_NOT_ALLOWED") {
            // What the others say still counts.
            self.without_batch.set(true);
            return None;
        }
        Some(Err(refusal::error(method, refusal)))
    }
}

/// The reads of one payment among many.
pub(crate) struct Member {
    pub(crate) gathered: Rc<Gathered>,
    /// Its position among the requests.
    pub(crate) at: usize,
    /// The payment's place among those that are on their way to being sent.
    pub(crate) place: Cell<Option<Held>>,
}

impl Reader for Member {
    fn read(&self, id: PaymentId, limits: Limits) -> Pending<'_, Read> {
        let wanted = self.gathered.want(id, self.at, limits);
        Box::pin(poll_fn(move |context| wanted.said.poll(context)))
    }

    fn gate(&self) -> Pending<'_, Held> {
        Box::pin(Rc::clone(&self.gathered.gate).turn())
    }

    /// The next payment may come, not before: those that have to look again would become ever more.
    fn sends(&self) {
        self.place.take();
    }

    /// As often as others can keep it waiting at the gate. Where each look itself takes longer than
    /// what was read may be old, another one changes nothing, and there must be an end.
    fn looks(&self) -> u32 {
        PLACES
    }
}
