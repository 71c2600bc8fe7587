//! The flow of one payment: its turn, a first read, one call, and what is known afterwards.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::Poll;

use crate::again::Tries;
use crate::error::Error;
use crate::json::Json;
use crate::known::After;
use crate::outcome::Outcome;
use crate::page::Page;
use crate::payment::{Payment, PaymentId};
use crate::portal::{Call, Held, Pending, Portal};
use crate::read::{Limits, Read, Reader, Unread, in_time, payment};
use crate::refusal;
use crate::request::{Action, FRESH_MS, PayOptions, PayRequest, SETTLE_MS};
use crate::settle::settle;
use crate::signal::{Signal, has_aborted};
use crate::turn::{Noted, Run, Task, payment_name, take};

/// Pays, marks as paid, or marks as unpaid, and says what is known afterwards.
///
/// Calls take turns by the portal's [`Page`], and identical ones through the same portal share one run: an app has one page, and
/// keeps its portals. A run is a task of the page. Dropping this future leaves it as an abort does: what was not sent is not sent
/// any more; what was sent goes on, and keeps its turn until it can no longer change.
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
    #[cfg(not(feature = "module"))]
    options.check(portal.page().clock.now())?;
    if let Action::Pay(_, details) = &request.action {
        details.check()?;
    }
    let abort = options.abort.as_deref();
    let host = unless(abort, pin!(portal.open())).await?;
    let page = Rc::clone(portal.page());
    let (share, run) = page.turns.join(portal, &host, request, options);
    if let Some(run) = run {
        let task = Task(run);
        (page.spawn)(Box::pin(async move {
            let run = &task.0;
            let told = unless(Some(&run.abandoned), pin!(conduct(run, reader.as_ref()))).await;
            run.finish(told);
        }));
    } else {
        // Whoever shares a run sends nothing by itself, so it needs no place among many.
        drop(reader);
    }
    share.outcome(abort).await
}

/// What another future says, unless the caller aborts before; nothing that was sent can run.
pub(crate) fn unless<T>(
    abort: Option<&Signal>,
    mut other: Pin<&mut impl Future<Output = Result<T, Error>>>,
) -> impl Future<Output = Result<T, Error>> {
    poll_fn(move |context| {
        if has_aborted(abort, context) {
            Poll::Ready(Err(Error::aborted(false)))
        } else {
            other.as_mut().poll(context)
        }
    })
}

/// Takes a run through its turn, and keeps the turn until it can no longer change anything: reads, sends, settles.
async fn conduct(run: &Run, reader: &dyn Reader) -> Result<Outcome, Error> {
    let page = run.portal.page();
    let clock = page.clock.as_ref();
    let memory = run.portal.memory();
    let mut until = clock.now() + run.patience_ms();
    let name = payment_name(&run.host, run.request.payment.get());
    let turn = take(page, &name, until, 0.0).await?;
    let others = pin!(others(run, page, reader));
    let waited = in_time(clock, until, others).await;
    let has_waited = waited.ok_or_else(Error::under_way)? || turn.is_contended;
    let known = run.options.known.clone();
    let mut known = known.filter(|(payment, at)| {
        let is_fresh = clock.now() - at <= FRESH_MS && !page.turns.has_changed(payment.id, *at);
        // What is known of another payment says nothing of this one.
        !has_waited && is_fresh && payment.id == run.request.payment
    });
    let mut seen_at = None;
    // How far the wall clock is ahead: in most browsers the page's own one stands still while the machine sleeps.
    let mut ahead = 0.0;
    let mut order = None;
    let mut is_paced = false;
    let method = run.request.action.method();
    let (portal, deadline_ms) = (run.portal.as_ref(), run.options.deadline_ms);
    let mut tries = Tries::of(portal, method, deadline_ms, Limits::Wait);
    let mut looks = reader.looks();
    let error = loop {
        let at = if let Some(at) = seen_at {
            at
        } else {
            let now = clock.now();
            ahead = clock.wall() - now;
            let read = match known.take() {
                Some(known) => Ok(known),
                None => reader.read(run.request.payment, Limits::Wait).await,
            };
            // Among many payments a read may wait longer than that for its batch. Patience is for other calls, so it gets that wait on top.
            until += clock.now() - now;
            let seen = read.map(Some).or_else(|unread| unreadable(run, unread))?;
            let at = seen.as_ref().map_or(now, |&(_, at)| at);
            if let Some((payment, _)) = seen {
                if run.sees(&payment) == run.request.action.makes_paid() {
                    return Ok(already(payment));
                }
                run.request.check(&payment, &run.options.terms)?;
            }
            // Two saves of one order race in the portal.
            if order.is_none()
                && let Some(name) = run.order_name()
            {
                // Each payment of the same bulk run that may go before this one is waited for as long as any other call.
                let longer_ms = f64::from(reader.looks() - 1) * run.patience_ms();
                order = Some(take(page, &name, until, longer_ms).await?);
                // It is taken once, and the wait for it may have been long.
                looks = reader.looks();
            }
            at
        };
        seen_at = Some(at);
        let gate = reader.gate().await;
        until = clock.now() + run.patience_ms();
        let sending = if run.portal.tells_apart() {
            Held::nothing()
        } else {
            let turn = pin!(Rc::clone(&memory.sending).turn());
            let turn = in_time(clock, until, turn).await;
            turn.ok_or_else(Error::under_way)?
        };
        // Its place in the bucket is kept over another look: else the looks themselves would fill the bucket.
        if !is_paced {
            clock.sleep(memory.pace.take(clock.now())).await;
            is_paced = true;
        }
        if clock.now().max(clock.wall() - ahead) - at > FRESH_MS && looks > 0 {
            // Others may send meanwhile, so that their reads stay fresh.
            drop((gate, sending));
            looks -= 1;
            seen_at = None;
            until = clock.now() + run.patience_ms();
            continue;
        }
        if run.is_abandoned() {
            return Err(Error::aborted(false));
        }
        let noted = Noted::write(page, run);
        let sent_at = clock.now();
        run.is_sent.set(true);
        reader.sends();
        let after = settle(run, reader, (gate, sending), &mut order).await;
        noted.end();
        let (said, refusal) = match after {
            After::Told(result) => return result,
            After::NotRun(said, refusal) => (said, refusal),
        };
        run.unsend();
        match tries.again(said, sent_at).await {
            Ok(true) => looks = reader.looks(),
            Ok(false) => break refusal::error(method, refusal),
            // In the words of the portal, which had the last one.
            Err(_) => return Err(refusal::error(method, refusal)),
        }
        is_paced = false;
    };
    // It did not run; somebody else may have done it meanwhile.
    match reader.read(run.request.payment, Limits::Fail).await {
        Ok((payment, _)) if payment.paid == run.request.action.makes_paid() => Ok(already(payment)),
        _ => Err(error),
    }
}

fn already(payment: Rc<Payment>) -> Outcome {
    Outcome::Already {
        payment,
        sent: false,
    }
}

/// Whether a payment that could not be read may be sent nevertheless: where it may not be read, and nothing was agreed that
/// only a read can check.
fn unreadable<T>(run: &Run, unread: Unread) -> Result<Option<T>, Error> {
    match unread {
        Unread::Failed(error) => Err(error),
        Unread::NotAllowed(why) if run.request.needs_read(&run.options.terms) => {
            Err(Error::amount_unreadable(why))
        }
        Unread::NotAllowed(_) => Ok(None),
    }
}

/// Waits out what another page had under way when it was closed. Reads may end the wait earlier.
async fn others(run: &Run, page: &Page, reader: &dyn Reader) -> bool {
    let payment = run.request.payment.get();
    let Some(entry) = page.journal.entry(&run.host, payment) else {
        return false;
    };
    let age = page.clock.wall() - entry.sent_at;
    // A forged entry may delay, but no longer than a true one; one of times to come, of which that never ends, no longer than ours.
    let least = if age >= 0.0 { SETTLE_MS } else { 0.0 };
    let longest = run.options.settle_ms.max(least);
    let settled_at = page.clock.now() + entry.settle_ms.min(longest) - age.max(0.0);
    let mut pause = 1000.0;
    while page.clock.now() < settled_at {
        match reader.read(run.request.payment, Limits::Fail).await {
            Ok((payment, _)) if run.sees(&payment) == entry.pays => break,
            Err(Unread::NotAllowed(_)) => pause = f64::INFINITY,
            _ => {}
        }
        page.clock
            .sleep((settled_at - page.clock.now()).min(pause).max(0.0))
            .await;
        pause = (pause * 2.0).min(8000.0);
    }
    page.journal.remove(&entry);
    true
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
    fn read(&self, id: PaymentId, limits: Limits) -> Pending<'_, Read> {
        let portal = self.portal.as_ref();
        Box::pin(payment(portal, id, self.deadline_ms, limits))
    }
}
