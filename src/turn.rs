//! One payment, one sender: identical callers share one run, unlike ones wait for their turn, in
//! this page by a line and across tabs by a lock and the journal.

use std::cell::{Cell, OnceCell, RefCell};
use std::fmt;
use std::future::poll_fn;
use std::pin::pin;
use std::rc::{Rc, Weak};
use std::task::Poll;

use crate::digits;
use crate::error::Error;
use crate::outcome::Outcome;
use crate::page::Page;
use crate::payment::{PaySystemId, Payment, PaymentId};
use crate::portal::{Entry, Held, Portal};
use crate::read::in_time;
use crate::request::{FRESH_MS, PayOptions, PayRequest};
use crate::signal::{Line, Signal, has_aborted};
use crate::text::joined;

/// A request on its way to an outcome, and whoever waits for it.
pub struct Run {
    pub(crate) portal: Rc<dyn Portal>,
    pub(crate) host: String,
    pub(crate) request: PayRequest,
    pub(crate) options: PayOptions,
    /// Whether a pay call may be on its way.
    pub(crate) is_sent: Cell<bool>,
    /// The payment as it was last read.
    pub(crate) last: RefCell<Option<Rc<Payment>>>,
    callers: Cell<usize>,
    /// Set when nobody waits for it any more and nothing that was sent can run.
    pub(crate) abandoned: Signal,
    result: OnceCell<Result<Outcome, Error>>,
    done: Signal,
}

impl Run {
    /// Tells every caller; the first result counts.
    pub(crate) fn finish(&self, result: Result<Outcome, Error>) {
        let _ = self.result.set(result);
        self.done.set();
    }

    /// Keeps the payment as the last that was read, and says whether it is paid.
    pub(crate) fn sees(&self, payment: &Rc<Payment>) -> bool {
        self.last.replace(Some(Rc::clone(payment)));
        payment.paid
    }

    /// The name of its order's turn, once the payment was read; it may be that it may not be read any more.
    pub(crate) fn order_name(&self) -> Option<String> {
        let last = self.last.borrow();
        let name = |payment: &Rc<Payment>| order_name(&self.host, payment.order_number());
        last.as_ref().map(name)
    }

    /// Whether nobody waits for it any more.
    pub(crate) fn is_abandoned(&self) -> bool {
        self.callers.get() == 0
    }

    /// Takes back that something was sent: the portal refused it before it ran.
    pub(crate) fn unsend(&self) {
        self.is_sent.set(false);
        if self.is_abandoned() {
            self.abandoned.set();
        }
    }

    /// How long it may wait for others before it ends as under way, in milliseconds.
    pub(crate) fn patience_ms(&self) -> f64 {
        self.options.settle_ms + self.options.deadline_ms
    }

    fn shares(&self, portal: &Rc<dyn Portal>, request: &PayRequest, options: &PayOptions) -> bool {
        !self.abandoned.is_set()
            && Rc::ptr_eq(&self.portal, portal)
            && self.request == *request
            && self.options.terms == options.terms
    }
}

impl fmt::Debug for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Run")
    }
}

/// A run as a task of the page. An executor that drops it, as one that ends or catches a panic does, leaves nobody waiting.
pub(crate) struct Task(pub(crate) Rc<Run>);

impl Drop for Task {
    fn drop(&mut self) {
        self.0.done.set();
    }
}

/// One caller's share in a run. Dropping it detaches the caller.
pub(crate) struct Share(Rc<Run>);

impl Share {
    /// The result, or what can be said when the caller aborts first.
    pub(crate) async fn outcome(&self, abort: Option<&Signal>) -> Result<Outcome, Error> {
        let run = &self.0;
        let result = poll_fn(|context| {
            if run.done.poll(context).is_ready() {
                Poll::Ready(run.result.get().cloned())
            } else if has_aborted(abort, context) {
                Poll::Ready(None)
            } else {
                Poll::Pending
            }
        });
        result.await.unwrap_or_else(|| {
            let cause = Error::aborted(run.is_sent.get());
            if run.is_sent.get() {
                Ok(Outcome::Unknown {
                    cause,
                    payment: run.last.borrow().clone(),
                })
            } else {
                Err(cause)
            }
        })
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let run = &self.0;
        run.callers.set(run.callers.get().saturating_sub(1));
        if run.is_abandoned() && !run.is_sent.get() {
            run.abandoned.set();
        }
    }
}

/// Who has the turn inside one page, by payment and by order.
#[derive(Default)]
pub struct Turns {
    runs: RefCell<Vec<Weak<Run>>>,
    lines: RefCell<Vec<(String, Weak<Line>)>>,
    /// When the last call about a payment ended, on the page's clock, for as long as anything that was read before it counts as fresh.
    ended: RefCell<Vec<(u64, f64)>>,
}

impl Turns {
    /// Joins the latest run about this payment if it is identical; otherwise makes a new one, which
    /// the caller of this function has to start.
    pub(crate) fn join(
        &self,
        portal: &Rc<dyn Portal>,
        host: &str,
        request: &PayRequest,
        options: &PayOptions,
    ) -> (Share, Option<Rc<Run>>) {
        let mut runs = self.runs.borrow_mut();
        runs.retain(|run| run.strong_count() > 0);
        let latest = runs
            .iter()
            .rev()
            .filter_map(Weak::upgrade)
            // One that is over is kept by a caller that has not looked at its result yet.
            .filter(|run| !run.done.is_set())
            .find(|run| run.host == host && run.request.payment == request.payment);
        if let Some(run) = latest.filter(|run| run.shares(portal, request, options)) {
            run.callers.set(run.callers.get() + 1);
            return (Share(run), None);
        }
        let run = Rc::new(Run {
            portal: Rc::clone(portal),
            host: host.to_owned(),
            request: request.clone(),
            options: options.clone(),
            is_sent: Cell::new(false),
            last: RefCell::new(None),
            callers: Cell::new(1),
            abandoned: Signal::default(),
            result: OnceCell::new(),
            done: Signal::default(),
        });
        runs.push(Rc::downgrade(&run));
        (Share(Rc::clone(&run)), Some(run))
    }

    /// Whether a run about this payment is going on in this page.
    pub(crate) fn is_under_way(&self, host: &str, payment: u64) -> bool {
        let runs = self.runs.borrow();
        runs.iter()
            .filter_map(Weak::upgrade)
            .any(|run| run.host == host && run.request.payment.get() == payment)
    }

    /// Whether a call of this page may have changed the payment after it was asked for at this time. One of another portal with the
    /// same identifier costs a read.
    pub(crate) fn has_changed(&self, payment: PaymentId, asked_at: f64) -> bool {
        let ended = self.ended.borrow();
        ended
            .iter()
            .any(|&(id, at)| id == payment.get() && at > asked_at)
    }

    /// The line with this name.
    fn line(&self, name: &str) -> Rc<Line> {
        let mut lines = self.lines.borrow_mut();
        lines.retain(|(_, line)| line.strong_count() > 0);
        if let Some(line) = lines
            .iter()
            .find(|(known, _)| known == name)
            .and_then(|(_, line)| line.upgrade())
        {
            return line;
        }
        let line = Rc::new(Line::default());
        lines.push((name.to_owned(), Rc::downgrade(&line)));
        line
    }
}

impl fmt::Debug for Turns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Turns")
    }
}

/// The name of a payment's turn, and of its lock.
pub(crate) fn payment_name(host: &str, payment: u64) -> String {
    joined(&["b24pay:", host, "/payment/", &digits::text(payment)])
}

/// The name of an order's turn, and of its lock.
fn order_name(host: &str, order: &str) -> String {
    joined(&["b24pay:", host, "/order/", order])
}

/// The turn for something: in this page, and across tabs where locks work.
#[derive(Debug)]
pub(crate) struct Turn {
    _line: Held,
    _lock: Held,
    /// Whether somebody else had it first.
    pub(crate) is_contended: bool,
}

/// Waits for the turn until `until`, on the page's clock. The wait for others in this page may take `longer_ms` more; what it takes
/// of that is not taken from the wait for other tabs.
pub(crate) async fn take(
    page: &Page,
    name: &str,
    until: f64,
    longer_ms: f64,
) -> Result<Turn, Error> {
    let line = page.turns.line(name);
    let is_busy = line.is_busy();
    let clock = page.clock.as_ref();
    let came_at = clock.now();
    let line = in_time(clock, until + longer_ms, pin!(line.turn())).await;
    let line = line.ok_or_else(Error::under_way)?;
    let until = until + longer_ms.min(clock.now() - came_at);
    let lock = in_time(clock, until, pin!(page.locks.acquire(name))).await;
    let (lock, is_contended) = lock.ok_or_else(Error::under_way)?;
    Ok(Turn {
        _line: line,
        _lock: lock,
        is_contended: is_contended || is_busy,
    })
}

/// An entry of ours in the journal. Once it is dropped, what was read before is not believed any more.
pub(crate) struct Noted<'a> {
    page: &'a Page,
    entry: Entry,
}

impl<'a> Noted<'a> {
    /// Writes down that this run is about to send.
    pub(crate) fn write(page: &'a Page, run: &Run) -> Self {
        let entry = Entry {
            host: run.host.clone(),
            payment: run.request.payment.get(),
            pay_system: run.request.action.pay_system().map(PaySystemId::get),
            pays: run.request.action.makes_paid(),
            sent_at: page.clock.wall(),
            settle_ms: run.options.settle_ms,
        };
        page.journal.write(&entry);
        Self { page, entry }
    }

    /// Takes the entry out: the call can no longer change anything. Where the run goes before, it stays, as where the page is closed.
    pub(crate) fn end(self) {
        self.page.journal.remove(&self.entry);
    }
}

impl Drop for Noted<'_> {
    fn drop(&mut self) {
        let (id, now) = (self.entry.payment, self.page.clock.now());
        let mut ended = self.page.turns.ended.borrow_mut();
        ended.retain(|&(other, at)| other != id && now - at <= FRESH_MS);
        ended.push((id, now));
    }
}
