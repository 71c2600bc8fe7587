//! What is known of a call that was sent: from the portal's answer, from the end of the request, and from reads.

use crate::error::{Error, Refusal, Retry};
use crate::json::Json;
use crate::outcome::Outcome;
use crate::payment::Payment;
use crate::portal::{Answer, Clock, Ended};
use crate::read::{Read, Unread};
use crate::refusal::{self, Said};
use crate::turn::Run;

/// A request that started later than this after it was handed to `BX24` was held back, or it is somebody else's.
const HELD_BACK_MS: f64 = 1000.0;

/// How a call ended.
pub(crate) enum After {
    /// This is all that is known, and nothing can change any more by the call.
    Told(Result<Outcome, Error>),
    /// The portal refused it before it ran, and that was seen.
    NotRun(Said, Refusal),
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

/// What is known of a run's call.
pub(crate) struct Known<'a> {
    run: &'a Run,
    clock: &'a dyn Clock,
    handed_at: f64,
    /// From here on an unpaid payment can no longer be changed by a request that has ended. Its end moves it on.
    pub(crate) window_end: f64,
    pub(crate) may_read: bool,
    /// Whether the request was certainly seen to end.
    has_ended: bool,
    /// Whether its end may be none: `BX24` held it back, or a service worker may have kept it.
    was_held_back: bool,
    word: Word,
    /// When the portal began to work on what it said yes to.
    started_at: Option<i64>,
    /// Why it said no, or why it is not known what happened.
    cause: Option<Error>,
}

impl<'a> Known<'a> {
    /// What is known at the moment of sending.
    pub(crate) fn of(run: &'a Run) -> Self {
        let clock = run.portal.page().clock.as_ref();
        Self {
            run,
            clock,
            handed_at: clock.now(),
            window_end: clock.now() + run.options.settle_ms,
            may_read: true,
            has_ended: false,
            was_held_back: run.portal.may_send_later(),
            word: Word::Nothing,
            started_at: None,
            cause: None,
        }
    }

    /// Whether the portal has finished.
    pub(crate) fn is_answered(&self) -> bool {
        self.word != Word::Nothing
    }

    /// Whether neither a read nor the request will say more.
    pub(crate) fn is_all(&self) -> bool {
        !self.may_read && self.has_ended
    }

    /// Takes an answer. After a complete one the portal has finished: a read decides, unless the code of a refusal does.
    pub(crate) fn hear(&mut self, answer: Answer, is_late: bool) -> Option<After> {
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
                None if refusal::has_given_up(reply.status) => {
                    let error = Error::no_answer(method, reply.status, None);
                    (Word::Nothing, true, Some(error))
                }
                None if reply.is_yes() => {
                    let pace = &self.run.portal.memory().pace;
                    pace.learn(method, self.clock.now(), reply.time());
                    self.started_at = reply.started_at();
                    (Word::Yes, false, None)
                }
                None => {
                    let error = Error::nonsense(method, "true", reply.status);
                    (Word::Nothing, true, Some(error))
                }
                Some(refusal) => {
                    let said = match reply.result() {
                        // Where it says yes as well, the code tells nothing.
                        Json::Bool(true) => refusal::unknown(reply.status),
                        _ => refusal::said(&refusal),
                    };
                    let word = match said {
                        // Outside the time that a caller expects to wait, nothing is sent again.
                        Said::Limit | Said::Operating | Said::Expired if !is_late => {
                            return Some(After::NotRun(said, refusal));
                        }
                        Said::MayRun => Word::Nothing,
                        // It may be a service worker's own, for what it keeps: the portal's have a text.
                        Said::ReadDecides if self.was_held_back && refusal.text.is_empty() => {
                            Word::Nothing
                        }
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
        self.may_read = true;
        None
    }

    /// Takes a sign that the request has ended without an answer.
    pub(crate) fn note(&mut self, ended: Ended) {
        let method = self.run.request.action.method();
        self.cause
            .get_or_insert(Error::no_answer(method, ended.status, None));
        if !ended.certain {
            return;
        }
        self.end(ended.started_at);
    }

    /// The request is over, and the window begins anew with its first end: a browser whose connections to the host are all taken
    /// keeps a request waiting, and the start that it tells is from before. What `BX24` itself held back stays in doubt.
    fn end(&mut self, started_at: Option<f64>) {
        let now = self.clock.now();
        if !self.has_ended {
            self.window_end = now + self.run.options.settle_ms;
        }
        self.has_ended = true;
        let delay = started_at.unwrap_or(now) - self.handed_at;
        self.was_held_back |= delay > HELD_BACK_MS && !self.run.portal.tells_apart();
    }

    /// What a read and the portal's word say together; `None` while a later read may say more.
    pub(crate) fn judge(&mut self, read: Read, is_last: bool) -> Option<Result<Outcome, Error>> {
        let makes_paid = self.run.request.action.makes_paid();
        let payment = match (self.word, read) {
            (_, Ok((payment, _))) => payment,
            (Word::No, Err(_)) => return Some(Err(self.cause())),
            (Word::Yes, Err(Unread::NotAllowed(cause))) if makes_paid => {
                return Some(Ok(Outcome::Unverified { cause }));
            }
            (_, Err(Unread::Failed(_))) if !is_last => return None,
            (Word::Yes, Err(Unread::NotAllowed(why))) => {
                return Some(Ok(self.without_read(why)));
            }
            (Word::Yes, Err(Unread::Failed(mut why))) => {
                // What may be asked for again, or was refused, is the read and not the call.
                if why.retry() != Retry::ReadFirst {
                    why = Error::not_read_back(why);
                }
                return Some(Ok(self.without_read(why)));
            }
            (Word::Nothing, Err(_)) if !is_last => {
                self.may_read = false;
                return None;
            }
            _ => return Some(Ok(self.unknown())),
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
                self.unknown()
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

    /// All that can be said where no read tells what the call did.
    pub(crate) fn unknown(&self) -> Outcome {
        let cause = self.cause();
        let method = self.run.request.action.method();
        self.without_read(match cause.refusal() {
            Some(refusal) => Error::undecided(method, refusal.clone()),
            None => cause,
        })
    }

    fn without_read(&self, cause: Error) -> Outcome {
        Outcome::Unknown {
            cause,
            payment: self.run.last.borrow().clone(),
        }
    }
}
