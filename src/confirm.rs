//! The flow of one payment: its turn, a first read, one call, and what is known afterwards.

use std::future::poll_fn;
use std::pin::pin;
use std::rc::Rc;
use std::task::Poll;

use crate::again::Tries;
use crate::error::Error;
use crate::json::Json;
use crate::outcome::Outcome;
use crate::page::Page;
use crate::payment::Payment;
use crate::portal::{Call, Pending, Portal};
use crate::read::{Limits, Reader, Unread, first, in_time};
use crate::refusal;
use crate::request::{Action, PayOptions, PayRequest};
use crate::settle::{After, settle};
use crate::signal::{Signal, has_aborted};
use crate::turn::{Noted, Run, order_name, payment_name, take};

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
                Err(Error::aborted(false))
            });
            let told = first(abandoned, pin!(conduct(&run, reader.as_ref()))).await;
            if let Err(error) = told {
                run.finish(Err(error));
            }
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

/// Takes a run through its turn, and keeps the turn until it can no longer change anything. Tells the outcome itself.
async fn conduct(run: &Run, reader: &dyn Reader) -> Result<(), Error> {
    let page = Rc::clone(run.portal.page());
    let until = page.clock.now() + run.patience_ms();
    let name = payment_name(&run.host, run.request.payment.get());
    let turn = take(&page, &name, until).await?;
    let others = pin!(others(run, &page, reader));
    let waited = in_time(page.clock.as_ref(), until, others).await;
    let waited = waited.ok_or_else(Error::under_way)? || turn.is_contended;
    let flow = Flow {
        run,
        page: &page,
        reader,
        until,
    };
    flow.go(waited).await
}

/// Waits out what another page had under way when it was closed. Reads may end the wait earlier.
async fn others(run: &Run, page: &Page, reader: &dyn Reader) -> bool {
    let entries = page.journal.entries(&run.host);
    let Some(entry) = entries
        .iter()
        .find(|entry| entry.payment == run.request.payment.get())
    else {
        return false;
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
    true
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
        let memory = run.portal.memory();
        let clock = self.page.clock.as_ref();
        let known = run.options.known.clone();
        let mut known = known.filter(|(_, at)| !has_waited && clock.now() - at <= FRESH_MS);
        let mut until = Some(self.until);
        let mut seen_at = None;
        let mut order = None;
        let method = run.request.action.method();
        let mut tries = Tries {
            portal: run.portal.as_ref(),
            method,
            deadline_ms: run.options.deadline_ms,
            refusals: 0,
            is_renewed: false,
        };
        let mut looks = self.reader.looks();
        loop {
            let at = if let Some(at) = seen_at {
                at
            } else {
                let Some(seen) = self.look(known.take()).await? else {
                    return Ok(());
                };
                let until = until
                    .take()
                    .unwrap_or_else(|| clock.now() + run.patience_ms());
                // Two saves of one order race in the portal.
                if order.is_none()
                    && let Some(payment) = seen.payment
                {
                    let name = order_name(&run.host, payment.order_number());
                    order = Some(take(self.page, &name, until).await?);
                    // It is taken once, and the wait for it may have been long.
                    looks = self.reader.looks();
                }
                seen.at
            };
            seen_at = Some(at);
            let sending = pin!(async {
                if run.portal.tells_apart() {
                    return None;
                }
                Some(Rc::clone(&memory.sending).turn().await)
            });
            let gate = self.reader.gate().await;
            let until = clock.now() + run.patience_ms();
            let sending = in_time(clock, until, sending).await;
            let sending = sending.ok_or_else(Error::under_way)?;
            clock.sleep(memory.pace.take(clock.now())).await;
            if clock.now() - at > FRESH_MS && looks > 0 {
                // Others may send meanwhile, so that their reads stay fresh.
                drop((gate, sending));
                looks -= 1;
                seen_at = None;
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
                After::Told(result, until) => {
                    run.finish(result);
                    clock.sleep_until(until).await;
                    return Ok(());
                }
                After::NotRun(said, refusal) => (said, refusal),
            };
            drop(noted);
            run.unsend();
            let Some(wait) = tries.again(said, sent_at) else {
                run.finish(self.refused(refusal::error(method, refusal)).await);
                return Ok(());
            };
            wait.await?;
            looks = self.reader.looks();
        }
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

    /// Takes what is known of the payment, or else reads it, and compares it with the request; `None` when that ended the run.
    async fn look(&self, known: Option<(Rc<Payment>, f64)>) -> Result<Option<Seen>, Error> {
        let run = self.run;
        let now = self.page.clock.now();
        let read = match known {
            Some(known) => Ok(known),
            None => self.reader.read(run.request.payment, Limits::Wait).await,
        };
        let (payment, at) = match read {
            Ok(read) => read,
            Err(Unread::Failed(error)) => return Err(error),
            Err(Unread::NotAllowed(why)) if run.request.needs_read(&run.options.terms) => {
                return Err(Error::amount_unreadable(why));
            }
            Err(Unread::NotAllowed(_)) => {
                return Ok(Some(Seen {
                    payment: None,
                    at: now,
                }));
            }
        };
        run.last.replace(Some(payment.clone()));
        if payment.paid == run.request.action.makes_paid() {
            run.finish(Ok(Outcome::Already {
                payment,
                sent: false,
            }));
            return Ok(None);
        }
        run.request.check(&payment, &run.options.terms)?;
        Ok(Some(Seen {
            payment: Some(payment),
            at,
        }))
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
