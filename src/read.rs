//! Reading: one request that changes nothing, and one payment by whichever method may be used.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use crate::again::Tries;
use crate::error::{Code, Error};
use crate::json::Json;
use crate::payment::{Payment, PaymentId};
use crate::portal::{Answer, Call, Clock, Held, Pending, Portal};
use crate::refusal;
use crate::reply::{self, Reply};

/// Why a payment could not be read.
#[derive(Debug, Clone)]
pub enum Unread {
    /// This user or app may not read payments.
    NotAllowed(Error),
    /// Anything else; another try may work.
    Failed(Error),
}

impl From<Unread> for Error {
    fn from(unread: Unread) -> Self {
        match unread {
            Unread::NotAllowed(error) | Unread::Failed(error) => error,
        }
    }
}

/// What a read says: the payment, and when it was asked for, on the page's clock.
pub(crate) type Read = Result<(Rc<Payment>, f64), Unread>;

/// What is done when a limit refuses a read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limits {
    /// It is asked again, paced, a few times.
    Wait,
    /// It fails: the caller repeats reads at its own pace.
    Fail,
}

/// The readers of one payment, in the order in which they are tried.
pub(crate) const READERS: [&str; 2] = ["crm.item.payment.get", "sale.payment.get"];

/// Sends one call that changes nothing and waits for its answer. The portal has been opened before, by [`Portal::open`]: one that
/// has not has nothing to send by, and `BX24` keeps the call until it has.
///
/// # Errors
/// [`Error::no_answer`] after `deadline_ms` of silence or a broken request; the portal's refusal;
/// [`Error::auth_expired`] where an expired token could not be renewed; whatever kept it unsent.
pub async fn ask(
    portal: &dyn Portal,
    call: &Call,
    deadline_ms: f64,
    limits: Limits,
) -> Result<Reply, Error> {
    let clock = &portal.page().clock;
    let pace = &portal.memory().pace;
    let mut tries = Tries::of(portal, call.method, deadline_ms, limits);
    loop {
        clock.sleep(pace.take(clock.now())).await;
        let sent_at = clock.now();
        let reply = answer(portal, call, deadline_ms).await?;
        let Some(refusal) = reply.refusal() else {
            pace.learn(call.method, clock.now(), reply.time());
            return Ok(reply);
        };
        if !matches!(
            tries.again(refusal::said(&refusal), sent_at).await,
            Ok(true)
        ) {
            return Err(refusal::error(call.method, refusal));
        }
    }
}

/// The complete answer to one request, or why there is none.
fn answer(
    portal: &dyn Portal,
    call: &Call,
    deadline_ms: f64,
) -> impl Future<Output = Result<Reply, Error>> {
    let mut sent = portal.send(call);
    let mut deadline = portal.page().clock.sleep(deadline_ms);
    let method = call.method;
    let no_answer = move |status, cause| Err(Error::no_answer(method, status, cause));
    let mut is_over = false;
    poll_fn(move |context| {
        if let Poll::Ready(answer) = sent.answer.as_mut().poll(context) {
            return Poll::Ready(match answer {
                Answer::Replied(reply) => Ok(reply),
                Answer::Broken { status, cause, .. } => no_answer(status, cause),
                Answer::NotSent(error) => Err(error),
            });
        }
        if !is_over && let Poll::Ready(ended) = sent.ended.as_mut().poll(context) {
            is_over = true;
            if ended.certain {
                return Poll::Ready(no_answer(ended.status, None));
            }
        }
        deadline
            .as_mut()
            .poll(context)
            .map(|()| no_answer(None, None))
    })
}

/// Reads one payment: by `crm.item.payment.get`, or by `sale.payment.get` where the first is
/// refused for scope or rights, or is not there. A missing scope is remembered for the portal.
/// With it comes when it was first asked for, on the page's clock. The portal has been opened before, as for [`ask`].
///
/// # Errors
/// [`Unread::NotAllowed`] where both are refused for scope or rights, with the scope that is missing, or else what the first said.
pub async fn payment(
    portal: &dyn Portal,
    id: PaymentId,
    deadline_ms: f64,
    limits: Limits,
) -> Result<(Rc<Payment>, f64), Unread> {
    let at = portal.page().clock.now();
    let mut refused = None;
    for &method in &READERS {
        if portal.memory().missing(method) {
            continue;
        }
        match ask(portal, &get_call(method, id), deadline_ms, limits).await {
            Ok(reply) => {
                let payment = known_payment(method, reply.result(), reply.status, id)?;
                return Ok((payment, at));
            }
            Err(error) => {
                let reason = not_allowed(portal, method, error)?;
                refused.get_or_insert(reason);
            }
        }
    }
    Err(portal.memory().refusal(refused))
}

/// The call that reads one payment.
fn get_call(method: &'static str, id: PaymentId) -> Call {
    Call::new(method, vec![("id", Json::whole_number(id.get()))])
}

/// The payment in a good answer.
pub(crate) fn known_payment(
    method: &'static str,
    result: &Json,
    status: Option<u16>,
    id: PaymentId,
) -> Result<Rc<Payment>, Unread> {
    reply::payment(result, id).ok_or_else(|| {
        let expected = "the payment that was asked for";
        Unread::Failed(Error::nonsense(method, expected, status))
    })
}

/// Sorts a failed read: `Ok` with the reason where the next reader may be tried.
pub(crate) fn not_allowed(
    portal: &dyn Portal,
    method: &'static str,
    error: Error,
) -> Result<Error, Unread> {
    let is_no_method = READERS.first() == Some(&method)
        && error
            .refusal()
            .is_some_and(|refusal| refusal.code.eq_ignore_ascii_case("ERROR_METHOD_NOT_FOUND"));
    if error.is(Code::MissingScope) {
        portal.memory().learn_missing(method, &error);
    } else if !error.is(Code::AccessDenied) && !is_no_method {
        return Err(Unread::Failed(error));
    }
    Ok(error)
}

/// Where the flow reads payments: one by one, or gathered into batches. It is nothing to be implemented: the flow brings both.
pub(crate) trait Reader {
    /// Reads one payment as it is at the time, on the page's clock, that comes with it.
    fn read(&self, id: PaymentId, limits: Limits) -> Pending<'_, Read>;

    /// Resolves when a pay call may be sent; the turn lasts until it is answered.
    fn gate(&self) -> Pending<'_, Held> {
        Box::pin(async { Held::nothing() })
    }

    /// Is told when the pay call is sent.
    fn sends(&self) {}

    /// How often a first read that has grown old in waiting is repeated before sending.
    fn looks(&self) -> u32 {
        1
    }
}

/// Resolves with the first of two futures. They stay where they are: a future that is moved into another one lies in it twice.
pub(crate) fn first<T>(
    mut favoured: Pin<&mut impl Future<Output = T>>,
    mut other: Pin<&mut impl Future<Output = T>>,
) -> impl Future<Output = T> {
    poll_fn(move |context| match favoured.as_mut().poll(context) {
        Poll::Ready(output) => Poll::Ready(output),
        Poll::Pending => other.as_mut().poll(context),
    })
}

/// A timer that is so late shows that the page was frozen, in milliseconds. What arrived meanwhile then gets as long again to be
/// delivered, since the timer may come first.
const LATE_MS: f64 = 1000.0;

/// Whether this time has come. In a page that was frozen when it came, that is so once what arrived meanwhile was delivered.
fn is_over(
    clock: &dyn Clock,
    until: &mut f64,
    timer: &mut Option<Pending<'static, ()>>,
    context: &mut Context<'_>,
) -> bool {
    loop {
        let rung = timer.get_or_insert_with(|| clock.sleep_until(*until));
        if rung.as_mut().poll(context).is_pending() {
            return false;
        }
        if clock.now() - *until < LATE_MS {
            return true;
        }
        // That is waited for once.
        *until = f64::INFINITY;
        *timer = Some(clock.sleep(LATE_MS));
    }
}

/// What a future says, or `None` where it is not there by this time. What is there at once starts no timer.
pub(crate) fn in_time<T>(
    clock: &dyn Clock,
    mut until: f64,
    mut awaited: Pin<&mut impl Future<Output = T>>,
) -> impl Future<Output = Option<T>> {
    let mut timer = None;
    poll_fn(move |context| match awaited.as_mut().poll(context) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending if is_over(clock, &mut until, &mut timer, context) => Poll::Ready(None),
        Poll::Pending => Poll::Pending,
    })
}
