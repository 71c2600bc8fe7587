//! The flow of one payment: its turn, a first read, one call, and what is known afterwards.

use std::future::poll_fn;
use std::pin::pin;
use std::rc::Rc;
use std::task::Poll;

use crate::error::Error;
use crate::json::Json;
use crate::outcome::Outcome;
use crate::page::Page;
use crate::payment::Payment;
use crate::portal::{Call, Pending, Portal};
use crate::read::{Limits, Reader, Unread, first};
use crate::refusal::{self, Said};
use crate::request::{Action, PayOptions, PayRequest};
use crate::settle::{After, settle};
use crate::signal::{Signal, has_aborted};
use crate::turn::{Noted, Run, Turn, order_name, payment_name, take, too_late};

/// How old a read may be at the moment of sending, in milliseconds.
const FRESH_MS: f64 = 10_000.0;

/// Pays, marks as paid, or marks as unpaid, and says what is known afterwards.
///
/// # Errors
/// A rejection means that this call changed nothing: see [`Error`] for each reason. What may have
/// happened is an [`Outcome`], [`Outcome::Unknown`] included.
pub async fn confirm(
    portal: &Rc<dyn Portal>,
    request: &PayRequest,
    options: &PayOptions,
) -> Result<Outcome, Error> {
    let reader = Rc::new(OneByOne {
        portal: Rc::clone(portal),
        deadline_ms: options.deadline_ms,
    });
    confirm_with(portal, reader, request, options).await
}

/// The same with reads gathered elsewhere.
pub(crate) async fn confirm_with(
    portal: &Rc<dyn Portal>,
    reader: Rc<dyn Reader>,
    request: &PayRequest,
    options: &PayOptions,
) -> Result<Outcome, Error> {
    if let Action::Pay(_, details) = &request.action {
        details.check()?;
    }
    let abort = options.abort.as_deref();
    let host = unless(abort, portal.open()).await?;
    let page = Rc::clone(portal.page());
    let (share, run) = page.turns.join(portal, &host, request, options);
    if let Some(run) = run {
        (page.spawn)(Box::pin(async move {
            let abandoned = pin!(async {
                run.abandoned().await;
                run.finish(Err(Error::aborted(false)));
            });
            first(abandoned, pin!(conduct(&run, reader.as_ref()))).await;
        }));
    }
    share.outcome(abort).await
}

/// What another future says, unless the caller aborts before; nothing was sent yet.
pub(crate) async fn unless<T>(
    abort: Option<&Signal>,
    other: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    let mut other = pin!(other);
    poll_fn(|context| {
        if has_aborted(abort, context) {
            Poll::Ready(Err(Error::aborted(false)))
        } else {
            other.as_mut().poll(context)
        }
    })
    .await
}

/// Takes a run through its turn, and keeps the turn until it can no longer change anything.
async fn conduct(run: &Run, reader: &dyn Reader) {
    let page = Rc::clone(run.portal.page());
    let until = page.clock.now() + run.patience_ms();
    let name = payment_name(&run.host, run.request.payment.get());
    let turn = match take(&page, &name, until).await {
        Ok(turn) => turn,
        Err(error) => return run.finish(Err(error)),
    };
    let others = pin!(others(run, &page, reader));
    let waited = match first(others, pin!(too_late(&page, until))).await {
        Ok(waited) => waited || turn.is_contended,
        Err(error) => return run.finish(Err(error)),
    };
    let flow = Flow {
        run,
        page: &page,
        reader,
        until,
    };
    if let Err(error) = flow.go(waited).await {
        run.finish(Err(error));
    }
}

/// Waits out what another page had under way when it was closed. Reads may end the wait earlier.
async fn others(run: &Run, page: &Page, reader: &dyn Reader) -> Result<bool, Error> {
    let entries = page.journal.entries(&run.host);
    let Some(entry) = entries
        .iter()
        .find(|entry| entry.payment == run.request.payment.get())
    else {
        return Ok(false);
    };
    let age = (page.clock.wall() - entry.sent_at).max(0.0);
    // A forged entry may delay, but no longer than a true one.
    let settled_at = page.clock.now() + entry.settle_ms.min(run.options.settle_ms) - age;
    let mut pause = 1000.0;
    while page.clock.now() < settled_at {
        match reader.read(run.request.payment, Limits::Fail).await {
            Ok((payment, _)) if payment.paid == entry.pays => break,
            Err(Unread::NotAllowed(_)) => pause = f64::INFINITY,
            _ => {}
        }
        page.clock
            .sleep((settled_at - page.clock.now()).min(pause).max(0.0))
            .await;
        pause = (pause * 2.0).min(8000.0);
    }
    page.journal.remove(entry);
    Ok(true)
}

/// What is known before sending.
struct Seen {
    payment: Option<Rc<Payment>>,
    at: f64,
}

struct Flow<'a> {
    run: &'a Run,
    page: &'a Page,
    reader: &'a dyn Reader,
    until: f64,
}

impl Flow<'_> {
    /// Reads, sends, settles. Tells the outcome itself, since the turn may outlast it.
    async fn go(&self, has_waited: bool) -> Result<(), Error> {
        let run = self.run;
        let known = run.options.known.clone().filter(|_| !has_waited);
        let mut seen = match known {
            Some((payment, at)) if self.page.clock.now() - at <= FRESH_MS => {
                let seen = Seen {
                    payment: Some(payment),
                    at,
                };
                if self.already(&seen)? {
                    return Ok(());
                }
                seen
            }
            _ => match self.look().await? {
                Some(seen) => seen,
                None => return Ok(()),
            },
        };
        // Two saves of one order race in the portal.
        let mut order = self.order(&seen, self.until).await?;
        let memory = run.portal.memory();
        let clock = &self.page.clock;
        let mut refusals = 0;
        let mut is_renewed = false;
        let mut looks = self.reader.looks();
        loop {
            let sending = pin!(async {
                if run.portal.tells_apart() {
                    return Ok(None);
                }
                Ok(Some(Rc::clone(&memory.sending).turn().await))
            });
            let gate = self.reader.gate().await;
            let until = clock.now() + run.patience_ms();
            let sending = first(sending, pin!(too_late(self.page, until))).await?;
            clock.sleep(memory.pace.take(clock.now())).await;
            if clock.now() - seen.at > FRESH_MS && looks > 0 {
                // Others may send meanwhile, so that their reads stay fresh.
                drop((gate, sending));
                looks -= 1;
                match self.look().await? {
                    Some(newer) => seen = newer,
                    None => return Ok(()),
                }
                if order.is_none() {
                    order = self.order(&seen, clock.now() + run.patience_ms()).await?;
                    if order.is_some() {
                        // It is taken once, and the wait for it may have been long.
                        looks = self.reader.looks();
                    }
                }
                continue;
            }
            if run.is_abandoned() {
                return Err(Error::aborted(false));
            }
            let noted = Noted::write(self.page, run);
            let sent_at = clock.now();
            run.is_sent.set(true);
            let (said, refusal) = match settle(run, self.reader, (gate, sending), &mut order).await
            {
                After::Final(result) => {
                    drop(noted);
                    run.finish(result);
                    return Ok(());
                }
                After::StillChanging(outcome, until) => {
                    run.finish(Ok(outcome));
                    clock.sleep((until - clock.now()).max(0.0)).await;
                    return Ok(());
                }
                After::NotRun(said, refusal) => (said, refusal),
            };
            drop(noted);
            run.unsend();
            if said == Said::Expired && !is_renewed {
                is_renewed = true;
                run.portal.renew(sent_at, run.options.deadline_ms).await?;
                continue;
            }
            refusals += 1;
            let method = run.request.action.method();
            let Some(pause) = memory.pace.pause(said, method, clock.now(), refusals) else {
                run.finish(self.refused(refusal::error(method, refusal)).await);
                return Ok(());
            };
            clock.sleep(pause).await;
            looks = self.reader.looks();
        }
    }

    /// The turn of the payment's order, where a read has told which it is.
    async fn order(&self, seen: &Seen, until: f64) -> Result<Option<Turn>, Error> {
        let Some(payment) = &seen.payment else {
            return Ok(None);
        };
        let name = order_name(&self.run.host, payment.order_number());
        Ok(Some(take(self.page, &name, until).await?))
    }

    /// Says that it did not run, unless somebody else has done it meanwhile.
    async fn refused(&self, error: Error) -> Result<Outcome, Error> {
        match self
            .reader
            .read(self.run.request.payment, Limits::Fail)
            .await
        {
            Ok((payment, _)) if payment.paid == self.run.request.action.makes_paid() => {
                Ok(Outcome::Already {
                    payment,
                    sent: false,
                })
            }
            _ => Err(error),
        }
    }

    /// Reads the payment and compares it with the request; `None` when that ended the run.
    async fn look(&self) -> Result<Option<Seen>, Error> {
        let run = self.run;
        let now = self.page.clock.now();
        let (payment, at) = match self.reader.read(run.request.payment, Limits::Wait).await {
            Ok((payment, at)) => (Some(payment), at),
            Err(Unread::Failed(error)) => return Err(error),
            Err(Unread::NotAllowed(why)) if run.request.needs_read(&run.options.terms) => {
                return Err(Error::amount_unreadable(why));
            }
            Err(Unread::NotAllowed(_)) => (None, now),
        };
        let seen = Seen { payment, at };
        Ok(if self.already(&seen)? {
            None
        } else {
            Some(seen)
        })
    }

    /// Stops where the payment is as wanted already, or contradicts the request.
    fn already(&self, seen: &Seen) -> Result<bool, Error> {
        let run = self.run;
        let Some(payment) = &seen.payment else {
            return Ok(false);
        };
        run.last.replace(Some(payment.clone()));
        if payment.paid == run.request.action.makes_paid() {
            run.finish(Ok(Outcome::Already {
                payment: payment.clone(),
                sent: false,
            }));
            return Ok(true);
        }
        run.request.check(payment, &run.options.terms)?;
        Ok(false)
    }
}

/// The one call that changes something: exactly the identifiers and the details that were given.
pub(crate) fn pay_call(request: &PayRequest) -> Call {
    let number = Json::whole_number;
    let params = match &request.action {
        Action::Pay(system, details) => {
            let mut params = vec![
                ("PAYMENT_ID", number(request.payment.get())),
                ("PAY_SYSTEM_ID", number(system.get())),
            ];
            for (_, name, _, value) in details.rows() {
                if let Some(value) = value {
                    params.push((name, Json::Text(value.to_owned())));
                }
            }
            params
        }
        Action::MarkPaid | Action::MarkUnpaid => vec![("id", number(request.payment.get()))],
    };
    Call::new(request.action.method(), params)
}

/// Reads one payment per request.
struct OneByOne {
    portal: Rc<dyn Portal>,
    deadline_ms: f64,
}

impl Reader for OneByOne {
    fn read(
        &self,
        id: crate::payment::PaymentId,
        limits: Limits,
    ) -> Pending<'_, Result<(Rc<Payment>, f64), Unread>> {
        Box::pin(async move {
            let at = self.portal.page().clock.now();
            let portal = self.portal.as_ref();
            let payment = crate::read::payment(portal, id, self.deadline_ms, limits).await?;
            Ok((payment, at))
        })
    }
}
