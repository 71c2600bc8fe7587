//! After sending: listens for the answer, reads back before anything is said, and waits until the
//! call can no longer change the payment.

use std::future::poll_fn;
use std::pin::pin;
use std::rc::Rc;
use std::task::Poll;

use crate::confirm::pay_call;
use crate::error::{Error, Refusal};
use crate::outcome::Outcome;
use crate::payment::Payment;
use crate::portal::{Answer, Clock, Ended, Held, Pending};
use crate::read::{Limits, Reader, Unread, in_time};
use crate::refusal::{self, Said};
use crate::reply::Reply;
use crate::turn::{Run, Turn};

/// The first pause between two reads, in milliseconds; it doubles up to the longest.
const FIRST_PAUSE_MS: f64 = 1000.0;
const LONGEST_PAUSE_MS: f64 = 8000.0;
/// A request that started later than this after it was handed over was held back: what it does
/// then lies outside the window.
const HELD_BACK_MS: f64 = 1000.0;

/// How a call ended.
pub(crate) enum After {
    /// This is all that is known, and nothing can change any more by the call after that time.
    Told(Result<Outcome, Error>, f64),
    /// The portal refused it before it ran, and that was seen.
    NotRun(Said, Refusal),
}

/// Nothing can change any more by the call.
fn finally(result: Result<Outcome, Error>) -> After {
    After::Told(result, 0.0)
}

/// What a read said, `None` where the window ended before or it was only waited for something else.
type Read = Option<Result<Rc<Payment>, Unread>>;

/// What is heard of a request under way.
enum Heard {
    Answer(Answer),
    Ended(Ended),
    Read(Read),
}

/// Listens to a request while something else is awaited.
struct Ears<'a> {
    answer: Option<Pending<'a, Answer>>,
    ended: Option<Pending<'a, Ended>>,
}

impl Ears<'_> {
    async fn listen(&mut self, other: &mut Pending<'_, Read>) -> Heard {
        poll_fn(|context| {
            if let Some(answer) = &mut self.answer
                && let Poll::Ready(answer) = answer.as_mut().poll(context)
            {
                self.answer = None;
                return Poll::Ready(Heard::Answer(answer));
            }
            if let Some(ended) = &mut self.ended
                && let Poll::Ready(ended) = ended.as_mut().poll(context)
            {
                self.ended = None;
                return Poll::Ready(Heard::Ended(ended));
            }
            other.as_mut().poll(context).map(Heard::Read)
        })
        .await
    }
}

/// Sends the run's call, once, and stays until what it did is known or can no longer be. The turn
/// to send is given back as soon as the request is over or silent for too long, the order's turn
/// when the portal has finished.
pub(crate) fn settle<'a>(
    run: &'a Run,
    reader: &'a dyn Reader,
    sending: (Held, Option<Held>),
    order: &'a mut Option<Turn>,
) -> Pending<'a, After> {
    let clock = run.portal.page().clock.as_ref();
    let sent = run.portal.send(&pay_call(&run.request));
    let watch = Watch {
        run,
        reader,
        clock,
        order,
        handed_at: clock.now(),
        window_end: clock.now() + run.options.settle_ms,
        has_ended: false,
        was_held_back: false,
        cause: None,
    };
    let ears = Ears {
        answer: Some(sent.answer),
        ended: Some(sent.ended),
    };
    Box::pin(watch.until_settled(ears, sending))
}

struct Watch<'a> {
    run: &'a Run,
    reader: &'a dyn Reader,
    clock: &'a dyn Clock,
    order: &'a mut Option<Turn>,
    handed_at: f64,
    /// From here on an unpaid payment can no longer be changed by a request that has ended.
    window_end: f64,
    /// Whether the request was certainly seen to end.
    has_ended: bool,
    was_held_back: bool,
    cause: Option<Error>,
}

impl<'a> Watch<'a> {
    /// Takes an answer; `None` while it leaves open what happened. After a complete one the portal has finished: a read
    /// decides, unless the code of a refusal does.
    async fn hear(&mut self, answer: Answer, is_late: bool) -> Option<After> {
        let action = &self.run.request.action;
        let method = action.method();
        let reply = match answer {
            Answer::NotSent(error) => return Some(finally(Err(error))),
            Answer::Broken {
                status,
                cause,
                ended,
            } => {
                if ended {
                    self.end(None);
                }
                return self.leave_open(Error::no_answer(method, status, cause));
            }
            Answer::Replied(reply) => reply,
        };
        let no = match reply.refusal() {
            None if reply.is_yes() => {
                let pace = &self.run.portal.memory().pace;
                pace.learn(method, self.clock.now(), &reply);
                None
            }
            None => {
                self.end(None);
                return self.leave_open(Error::nonsense(method, "true", reply.status));
            }
            Some(refusal) => {
                let said = refusal::said(&refusal.code);
                // Outside the time that a caller expects to wait, nothing is sent again.
                if matches!(said, Said::Limit | Said::Operating | Said::Expired) && !is_late {
                    return Some(After::NotRun(said, refusal));
                }
                let error = refusal::error(method, refusal);
                if said == Said::MayRun {
                    self.end(None);
                    return self.leave_open(error);
                }
                Some((error, said == Said::ReadDecides))
            }
        };
        *self.order = None;
        let read = if let Some((_, false)) = no {
            let read = self.reader.read(self.run.request.payment, Limits::Fail);
            read.await.map(|(payment, _)| payment)
        } else {
            self.read_back().await
        };
        Some(finally(match (no, read) {
            (None, Err(Unread::NotAllowed(cause))) if action.makes_paid() => {
                Ok(Outcome::Unverified { cause })
            }
            (None, Err(unread)) => Ok(self.unknown(unread.into())),
            (Some((error, true)), Err(_)) => Ok(self.unknown(error)),
            (Some((error, false)), Err(_)) => Err(error),
            (Some((error, _)), Ok(payment)) if !self.is_done(&payment) => Err(error),
            (None, Ok(payment)) if !self.is_done(&payment) => Ok(Outcome::NotApplied {
                payment,
                cause: None,
            }),
            (None, Ok(payment)) if self.was_earlier(&payment, &reply) => Ok(Outcome::Already {
                payment,
                sent: true,
            }),
            (_, Ok(payment)) => Ok(Outcome::Done {
                payment,
                recovered: false,
            }),
        }))
    }

    /// Keeps the first reason why it is not known what happened.
    fn leave_open(&mut self, cause: Error) -> Option<After> {
        self.cause.get_or_insert(cause);
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

    /// Reads, unless the window ends meanwhile: the last read starts then, and does not wait for one
    /// that can no longer decide.
    fn read_in_window(&self) -> Pending<'a, Read> {
        let (reader, payment) = (self.reader, self.run.request.payment);
        let (clock, end) = (self.clock, self.window_end);
        Box::pin(async move {
            let read = pin!(reader.read(payment, Limits::Fail));
            let read = if clock.now() < end {
                in_time(clock, end, read).await?
            } else {
                read.await
            };
            Some(read.map(|(payment, _)| payment))
        })
    }

    /// Reads after a complete answer; what fails is repeated inside the window, and once after it.
    async fn read_back(&mut self) -> Result<Rc<Payment>, Unread> {
        let mut pause = FIRST_PAUSE_MS;
        loop {
            let started_at = self.clock.now();
            match self.read_in_window().await {
                None => continue,
                Some(Err(Unread::Failed(_))) if started_at < self.window_end => {}
                Some(read) => return read,
            }
            self.clock.sleep(self.shortened(pause)).await;
            pause = (pause * 2.0).min(LONGEST_PAUSE_MS);
        }
    }

    /// Waits for the answer, then reads at growing intervals while it may still be running; a late answer still counts.
    async fn until_settled(mut self, mut ears: Ears<'a>, sending: (Held, Option<Held>)) -> After {
        let mut sending = Some(sending);
        let mut awaited = self.sleep(self.run.options.deadline_ms);
        let mut read_since = None;
        let mut pause = FIRST_PAUSE_MS;
        let mut may_read = true;
        loop {
            let heard = ears.listen(&mut awaited).await;
            let is_late = sending.take().is_none();
            match heard {
                Heard::Answer(answer) => {
                    if let Some(end) = self.hear(answer, is_late).await {
                        return end;
                    }
                }
                // Even where the sign is doubtful, reading earlier costs little.
                Heard::Ended(ended) => self.note(ended),
                Heard::Read(None) => read_since = None,
                Heard::Read(Some(read)) => {
                    let is_last = read_since
                        .take()
                        .is_some_and(|since| since >= self.window_end);
                    match read {
                        Ok(payment) if self.is_done(&payment) => {
                            return finally(Ok(Outcome::Done {
                                payment,
                                recovered: true,
                            }));
                        }
                        Ok(payment) => {
                            self.run.last.replace(Some(payment.clone()));
                            if is_last && self.has_ended && !self.was_held_back {
                                let cause = Some(self.cause());
                                return finally(Ok(Outcome::NotApplied { payment, cause }));
                            }
                        }
                        Err(Unread::NotAllowed(_)) => may_read = false,
                        Err(Unread::Failed(_)) => {}
                    }
                    if is_last {
                        return finally(Ok(self.unknown(self.cause())));
                    }
                    if !may_read && self.has_ended {
                        return After::Told(Ok(self.unknown(self.cause())), self.window_end);
                    }
                    let until = if may_read { pause } else { f64::INFINITY };
                    awaited = self.sleep(self.shortened(until));
                    pause = (pause * 2.0).min(LONGEST_PAUSE_MS);
                    continue;
                }
            }
            // What is heard meanwhile does not break a read off.
            if read_since.is_none() {
                read_since = Some(self.clock.now());
                awaited = self.read_in_window();
            }
        }
    }

    /// Waits, and reads nothing.
    fn sleep(&self, ms: f64) -> Pending<'a, Read> {
        let sleep = self.clock.sleep(ms);
        Box::pin(async {
            sleep.await;
            None
        })
    }

    /// A pause that does not reach beyond the window.
    fn shortened(&self, pause: f64) -> f64 {
        (self.window_end - self.clock.now()).min(pause).max(0.0)
    }

    fn is_done(&self, payment: &Payment) -> bool {
        payment.paid == self.run.request.action.makes_paid()
    }

    /// Whether it was paid before the portal began to work on this call; both times are its own.
    fn was_earlier(&self, payment: &Payment, reply: &Reply) -> bool {
        let paid_at = payment
            .date_paid
            .as_deref()
            .and_then(crate::instant::seconds);
        match (paid_at, reply.started_at()) {
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
