//! After sending: listens for the answer, reads back before anything is said, and waits until the
//! call can no longer change the payment.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::Poll;

use crate::confirm::pay_call;
use crate::error::{Error, Refusal};
use crate::outcome::Outcome;
use crate::payment::Payment;
use crate::portal::{Answer, Clock, Ended, Held, Pending};
use crate::read::{Limits, Reader, Unread, first};
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
    /// Nothing can change any more by this call.
    Final(Result<Outcome, Error>),
    /// This is all that is known, and the call may still change the payment until then.
    StillChanging(Outcome, f64),
    /// The portal refused it before it ran, and that was seen.
    NotRun(Said, Refusal),
}

/// What is heard of a request under way.
enum Heard<T> {
    Answer(Answer),
    Ended(Ended),
    Other(T),
}

/// Listens to a request while something else is awaited.
struct Ears<'a> {
    answer: Option<Pending<'a, Answer>>,
    ended: Option<Pending<'a, Ended>>,
}

impl Ears<'_> {
    async fn listen<T>(&mut self, other: &mut (impl Future<Output = T> + Unpin)) -> Heard<T> {
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
            Pin::new(&mut *other).poll(context).map(Heard::Other)
        })
        .await
    }
}

/// Sends the run's call, once, and stays until what it did is known or can no longer be. The turn
/// to send is given back as soon as the request is over or silent for too long, the order's turn
/// when the portal has finished.
pub(crate) async fn settle(
    run: &Run,
    reader: &dyn Reader,
    sending: (Held, Option<Held>),
    order: &mut Option<Turn>,
) -> After {
    let clock = run.portal.page().clock.as_ref();
    let sent = run.portal.send(&pay_call(&run.request));
    let mut watch = Watch {
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
    let mut ears = Ears {
        answer: Some(sent.answer),
        ended: Some(sent.ended),
    };
    let mut deadline = clock.sleep(run.options.deadline_ms);
    let first = ears.listen(&mut deadline).await;
    drop(sending);
    match first {
        Heard::Answer(answer) => {
            if let Some(end) = watch.hear(answer, false).await {
                return end;
            }
        }
        Heard::Ended(ended) => watch.note(ended),
        Heard::Other(()) => {}
    }
    watch.read_until_settled(&mut ears).await
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
    /// Takes an answer; `None` while it leaves open what happened.
    async fn hear(&mut self, answer: Answer, is_late: bool) -> Option<After> {
        let method = self.run.request.action.method();
        match answer {
            Answer::NotSent(error) => Some(After::Final(Err(error))),
            Answer::Broken {
                status,
                cause,
                ended,
            } => {
                if ended {
                    self.end(None);
                }
                self.cause
                    .get_or_insert(Error::no_answer(method, status, cause));
                None
            }
            Answer::Replied(reply) => match reply.refusal() {
                None if reply.is_yes() => Some(self.after_yes(&reply).await),
                None => {
                    self.end(None);
                    let status = reply.status;
                    self.cause
                        .get_or_insert(Error::nonsense(method, "true", status));
                    None
                }
                Some(refusal) => self.after_no(refusal, is_late).await,
            },
        }
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

    /// The portal has finished and said yes: the read decides.
    async fn after_yes(&mut self, reply: &Reply) -> After {
        let pace = &self.run.portal.memory().pace;
        pace.learn(self.run.request.action.method(), self.clock.now(), reply);
        *self.order = None;
        let payment = match self.read_back().await {
            Ok(payment) => payment,
            Err(Unread::NotAllowed(cause)) if self.run.request.action.makes_paid() => {
                return After::Final(Ok(Outcome::Unverified { cause }));
            }
            Err(unread) => return After::Final(Ok(self.unknown(unread.into()))),
        };
        After::Final(Ok(if !self.is_done(&payment) {
            Outcome::NotApplied {
                payment,
                cause: None,
            }
        } else if self.was_earlier(&payment, reply) {
            Outcome::Already {
                payment,
                sent: true,
            }
        } else {
            Outcome::Done {
                payment,
                recovered: false,
            }
        }))
    }

    /// The portal has said no, by a code that tells more or less about whether it ran.
    async fn after_no(&mut self, refusal: Refusal, is_late: bool) -> Option<After> {
        let method = self.run.request.action.method();
        let said = refusal::said(&refusal.code);
        match said {
            // Outside the time that a caller expects to wait, nothing is sent again.
            Said::Limit | Said::Operating | Said::Expired if !is_late => {
                return Some(After::NotRun(said, refusal));
            }
            Said::MayRun => {
                self.end(None);
                self.cause.get_or_insert(refusal::error(method, refusal));
                return None;
            }
            _ => {}
        }
        *self.order = None;
        let error = refusal::error(method, refusal);
        let read = if said == Said::ReadDecides {
            self.read_back().await
        } else {
            self.read().await
        };
        Some(After::Final(match read {
            Ok(payment) if self.is_done(&payment) => Ok(Outcome::Done {
                payment,
                recovered: false,
            }),
            Err(unread) if said == Said::ReadDecides => {
                drop(unread);
                Ok(self.unknown(error))
            }
            _ => Err(error),
        }))
    }

    async fn read(&self) -> Result<Rc<Payment>, Unread> {
        let (payment, _) = self
            .reader
            .read(self.run.request.payment, Limits::Fail)
            .await?;
        Ok(payment)
    }

    /// Reads, unless the window ends meanwhile: the last read starts then, and does not wait for one
    /// that can no longer decide.
    fn read_in_window(&self) -> Pending<'a, Option<Result<Rc<Payment>, Unread>>> {
        let (reader, payment) = (self.reader, self.run.request.payment);
        let left = self.window_end - self.clock.now();
        let end = (left > 0.0).then(|| self.clock.sleep(left));
        Box::pin(async move {
            let read = pin!(async {
                let read = reader.read(payment, Limits::Fail).await;
                Some(read.map(|(payment, _)| payment))
            });
            let Some(end) = end else { return read.await };
            let ended = pin!(async {
                end.await;
                None
            });
            first(read, ended).await
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

    /// Reads at growing intervals while it may still be running; a late answer still counts.
    async fn read_until_settled(mut self, ears: &mut Ears<'_>) -> After {
        let mut pause = FIRST_PAUSE_MS;
        let mut may_read = true;
        loop {
            let started_at = self.clock.now();
            let mut read = self.read_in_window();
            let read = loop {
                match ears.listen(&mut read).await {
                    Heard::Other(read) => break read,
                    Heard::Ended(ended) => self.note(ended),
                    Heard::Answer(answer) => {
                        if let Some(end) = self.hear(answer, true).await {
                            return end;
                        }
                    }
                }
            };
            let Some(read) = read else { continue };
            let is_last = started_at >= self.window_end;
            match read {
                Ok(payment) if self.is_done(&payment) => {
                    return After::Final(Ok(Outcome::Done {
                        payment,
                        recovered: true,
                    }));
                }
                Ok(payment) => {
                    self.run.last.replace(Some(payment.clone()));
                    if is_last && self.has_ended && !self.was_held_back {
                        let cause = Some(self.cause());
                        return After::Final(Ok(Outcome::NotApplied { payment, cause }));
                    }
                }
                Err(Unread::NotAllowed(_)) => may_read = false,
                Err(Unread::Failed(_)) => {}
            }
            if is_last {
                return After::Final(Ok(self.unknown(self.cause())));
            }
            if !may_read && self.has_ended {
                return After::StillChanging(self.unknown(self.cause()), self.window_end);
            }
            let until = if may_read { pause } else { f64::INFINITY };
            let mut sleep = self.clock.sleep(self.shortened(until));
            match ears.listen(&mut sleep).await {
                Heard::Other(()) => {}
                // Even where the sign is doubtful, reading earlier costs little.
                Heard::Ended(ended) => self.note(ended),
                Heard::Answer(answer) => {
                    if let Some(end) = self.hear(answer, true).await {
                        return end;
                    }
                }
            }
            pause = (pause * 2.0).min(LONGEST_PAUSE_MS);
        }
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
