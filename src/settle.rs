//! After sending: listens for the answer, reads back before anything is said, and waits until the
//! call can no longer change the payment.

use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Context, Poll};

use crate::confirm::pay_call;
use crate::error::{Error, Refusal};
use crate::outcome::Outcome;
use crate::payment::Payment;
use crate::portal::{Answer, Clock, Ended, Held, Pending};
use crate::read::{Limits, Reader, Unread};
use crate::refusal::{self, Said};
use crate::turn::{Run, Turn};

/// The first pause between two reads, in milliseconds; it doubles up to the longest.
const FIRST_PAUSE_MS: f64 = 1000.0;
const LONGEST_PAUSE_MS: f64 = 8000.0;
/// A request that started later than this after it was handed over was held back: what it does
/// then lies outside the window.
const HELD_BACK_MS: f64 = 1000.0;

/// How a call ended.
pub(crate) enum After {
    /// This is all that is known, and nothing can change any more by the call.
    Told(Result<Outcome, Error>),
    /// The portal refused it before it ran, and that was seen.
    NotRun(Said, Refusal),
}

/// What a read says, and when it was sent.
type Read = Result<(Rc<Payment>, f64), Unread>;

/// What is heard of a request under way.
enum Heard {
    Answer(Answer),
    Ended(Ended),
    Read(Read),
    /// It is time for the next read.
    Time,
}

/// What the portal has said of the call.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Word {
    /// Nothing that says whether it has run.
    Nothing,
    Yes,
    /// A refusal after which it may have run.
    Doubtful,
    No,
}

/// Sends the run's call, once, and stays until what it did is known or can no longer be. The turn
/// to send is given back as soon as the request is over or silent for too long, the order's turn
/// when the portal has finished.
pub(crate) fn settle<'a>(
    run: &'a Run,
    reader: &'a dyn Reader,
    sending: (Held, Held),
    order: &'a mut Option<Turn>,
) -> Pending<'a, After> {
    let clock = run.portal.page().clock.as_ref();
    let sent = run.portal.send(&pay_call(&run.request));
    let mut watch = Watch {
        run,
        reader,
        clock,
        order,
        answer: Some(sent.answer),
        ended: Some(sent.ended),
        read: None,
        time: Some(clock.sleep(run.options.deadline_ms)),
        handed_at: clock.now(),
        window_end: clock.now() + run.options.settle_ms,
        read_since: 0.0,
        pause: FIRST_PAUSE_MS,
        may_read: true,
        has_ended: false,
        was_held_back: false,
        word: Word::Nothing,
        started_at: None,
        cause: None,
    };
    let mut sending = Some(sending);
    Box::pin(poll_fn(move |context| {
        loop {
            let Some(heard) = watch.listen(context) else {
                return Poll::Pending;
            };
            let is_late = sending.take().is_none();
            if let Some(end) = watch.take(heard, is_late) {
                return Poll::Ready(end);
            }
        }
    }))
}

struct Watch<'a> {
    run: &'a Run,
    reader: &'a dyn Reader,
    clock: &'a dyn Clock,
    order: &'a mut Option<Turn>,
    answer: Option<Pending<'a, Answer>>,
    ended: Option<Pending<'a, Ended>>,
    read: Option<Pending<'a, Read>>,
    /// When the next read begins; none is waited for by the last one.
    time: Option<Pending<'static, ()>>,
    handed_at: f64,
    /// From here on an unpaid payment can no longer be changed by a request that has ended.
    window_end: f64,
    /// When the latest read began.
    read_since: f64,
    pause: f64,
    may_read: bool,
    /// Whether the request was certainly seen to end.
    has_ended: bool,
    was_held_back: bool,
    word: Word,
    /// When the portal began to work on what it said yes to.
    started_at: Option<i64>,
    /// Why it said no, or why it is not known what happened.
    cause: Option<Error>,
}

/// What a future says, which is then no longer waited for.
fn said<T>(awaited: &mut Option<Pending<'_, T>>, context: &mut Context<'_>) -> Option<T> {
    match awaited.as_mut()?.as_mut().poll(context) {
        Poll::Ready(said) => {
            *awaited = None;
            Some(said)
        }
        Poll::Pending => None,
    }
}

impl Watch<'_> {
    fn listen(&mut self, context: &mut Context<'_>) -> Option<Heard> {
        if let Some(answer) = said(&mut self.answer, context) {
            return Some(Heard::Answer(answer));
        }
        if let Some(ended) = said(&mut self.ended, context) {
            return Some(Heard::Ended(ended));
        }
        if let Some(read) = said(&mut self.read, context) {
            return Some(Heard::Read(read));
        }
        said(&mut self.time, context).map(|()| Heard::Time)
    }

    /// Takes what was heard, and reads at growing intervals while the call may still be running; a late answer still counts.
    fn take(&mut self, heard: Heard, is_late: bool) -> Option<After> {
        match heard {
            Heard::Answer(answer) => {
                if let Some(end) = self.hear(answer, is_late) {
                    return Some(end);
                }
            }
            // Even where the sign is doubtful, reading earlier costs little.
            Heard::Ended(ended) => self.note(ended),
            Heard::Time if !self.may_read && self.has_ended => {
                return Some(After::Told(Ok(self.unknown(self.cause()))));
            }
            // The last read starts when the window ends, and does not wait for one that can no longer decide.
            Heard::Time => self.read = None,
            Heard::Read(read) => {
                if let Some(result) = self.judge(read) {
                    return Some(After::Told(result));
                }
                if !self.may_read && self.has_ended {
                    // More will not be known, and only the turn is kept until the window ends.
                    self.run.finish(Ok(self.unknown(self.cause())));
                    (self.answer, self.ended) = (None, None);
                }
                let pause = if self.may_read {
                    self.pause
                } else {
                    f64::INFINITY
                };
                let left = self.window_end - self.clock.now();
                self.time = Some(self.clock.sleep(left.min(pause).max(0.0)));
                self.pause = (self.pause * 2.0).min(LONGEST_PAUSE_MS);
                return None;
            }
        }
        // What is heard meanwhile does not break a read off.
        if self.read.is_none() {
            let (clock, end) = (self.clock, self.window_end);
            self.read_since = clock.now();
            self.time = (self.read_since < end).then(|| clock.sleep_until(end));
            self.read = Some(self.reader.read(self.run.request.payment, Limits::Fail));
        }
        None
    }

    /// Takes an answer. After a complete one the portal has finished: a read decides, unless the code of a refusal does.
    fn hear(&mut self, answer: Answer, is_late: bool) -> Option<After> {
        let method = self.run.request.action.method();
        let (word, has_ended, cause) = match answer {
            Answer::NotSent(error) => return Some(After::Told(Err(error))),
            Answer::Broken {
                status,
                cause,
                ended,
            } => {
                let error = Error::no_answer(method, status, cause);
                (Word::Nothing, ended, Some(error))
            }
            Answer::Replied(reply) => match reply.refusal() {
                None if reply.is_yes() => {
                    let pace = &self.run.portal.memory().pace;
                    pace.learn(method, self.clock.now(), &reply);
                    self.started_at = reply.started_at();
                    (Word::Yes, false, None)
                }
                None => {
                    let error = Error::nonsense(method, "true", reply.status);
                    (Word::Nothing, true, Some(error))
                }
                Some(refusal) => {
                    let said = refusal::said(&refusal.code);
                    let word = match said {
                        // Outside the time that a caller expects to wait, nothing is sent again.
                        Said::Limit | Said::Operating | Said::Expired if !is_late => {
                            return Some(After::NotRun(said, refusal));
                        }
                        Said::MayRun => Word::Nothing,
                        Said::ReadDecides => Word::Doubtful,
                        _ => Word::No,
                    };
                    let error = refusal::error(method, refusal);
                    (word, said == Said::MayRun, Some(error))
                }
            },
        };
        if has_ended {
            self.end(None);
        }
        if word == Word::Nothing {
            self.cause = self.cause.take().or(cause);
            return None;
        }
        self.word = word;
        self.cause = cause;
        *self.order = None;
        // Only a read that begins now tells what it did.
        self.read = None;
        self.ended = None;
        self.pause = FIRST_PAUSE_MS;
        self.may_read = true;
        None
    }

    /// Takes a sign that the request has ended without an answer.
    fn note(&mut self, ended: Ended) {
        let method = self.run.request.action.method();
        self.cause
            .get_or_insert(Error::no_answer(method, ended.status, None));
        if !ended.certain {
            return;
        }
        self.end(ended.started_at);
    }

    /// The request is over. Where its start was not seen and `BX24` may have held it back, it is as
    /// late as can be.
    fn end(&mut self, started_at: Option<f64>) {
        self.has_ended = true;
        let latest = if self.run.portal.tells_apart() {
            self.handed_at
        } else {
            self.clock.now()
        };
        let delay = (started_at.unwrap_or(latest) - self.handed_at).max(0.0);
        if delay > HELD_BACK_MS {
            self.was_held_back = true;
        } else {
            self.window_end += delay;
        }
    }

    /// What a read and the portal's word say together; `None` while a later read may say more.
    fn judge(&mut self, read: Read) -> Option<Result<Outcome, Error>> {
        let is_last = self.read_since >= self.window_end;
        let makes_paid = self.run.request.action.makes_paid();
        let payment = match (self.word, read) {
            (_, Ok((payment, _))) => payment,
            (Word::No, Err(_)) => return Some(Err(self.cause())),
            (Word::Yes, Err(Unread::NotAllowed(cause))) if makes_paid => {
                return Some(Ok(Outcome::Unverified { cause }));
            }
            (_, Err(Unread::Failed(_))) if !is_last => return None,
            (Word::Yes, Err(unread)) => return Some(Ok(self.unknown(unread.into()))),
            (Word::Nothing, Err(_)) if !is_last => {
                self.may_read = false;
                return None;
            }
            _ => return Some(Ok(self.unknown(self.cause()))),
        };
        let is_done = payment.paid == makes_paid;
        Some(Ok(match self.word {
            Word::Doubtful | Word::No if !is_done => return Some(Err(self.cause())),
            Word::Yes if !is_done => Outcome::NotApplied {
                payment,
                cause: None,
            },
            Word::Yes if self.was_earlier(&payment) => Outcome::Already {
                payment,
                sent: true,
            },
            word if is_done => Outcome::Done {
                payment,
                recovered: word == Word::Nothing,
            },
            _ if is_last && self.has_ended && !self.was_held_back => Outcome::NotApplied {
                payment,
                cause: Some(self.cause()),
            },
            _ => {
                self.run.last.replace(Some(payment));
                if !is_last {
                    return None;
                }
                self.unknown(self.cause())
            }
        }))
    }

    /// Whether it was paid before the portal began to work on this call; both times are its own.
    fn was_earlier(&self, payment: &Payment) -> bool {
        let paid_at = payment
            .date_paid
            .as_deref()
            .and_then(crate::instant::seconds);
        match (paid_at, self.started_at) {
            (Some(paid_at), Some(started_at)) => {
                self.run.request.action.makes_paid() && paid_at < started_at
            }
            _ => false,
        }
    }

    fn cause(&self) -> Error {
        let method = self.run.request.action.method();
        self.cause
            .clone()
            .unwrap_or_else(|| Error::no_answer(method, None, None))
    }

    fn unknown(&self, cause: Error) -> Outcome {
        Outcome::Unknown {
            cause,
            payment: self.run.last.borrow().clone(),
        }
    }
}
