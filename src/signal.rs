//! Three small things that futures of one page wait for: a signal, a value, and a place in a line.

use std::cell::{Cell, RefCell};
use std::future::{Future, poll_fn};
use std::rc::{Rc, Weak};
use std::task::{Context, Poll, Waker};

use crate::portal::{Held, Pending};

/// Something that happens once; whoever waits for it is woken.
#[derive(Debug, Default)]
pub struct Signal {
    is_set: Cell<bool>,
    wakers: RefCell<Vec<Waker>>,
}

impl Signal {
    /// Whether it has happened.
    pub fn is_set(&self) -> bool {
        self.is_set.get()
    }

    /// Lets it happen.
    pub fn set(&self) {
        self.is_set.set(true);
        for waker in self.wakers.take() {
            waker.wake();
        }
    }

    /// Resolves when it has happened.
    pub fn wait(&self) -> impl Future<Output = ()> + '_ {
        poll_fn(|context| self.poll(context))
    }

    /// Whether it has happened; whoever asks is woken when it does.
    pub fn poll(&self, context: &Context<'_>) -> Poll<()> {
        if self.is_set() {
            return Poll::Ready(());
        }
        let mut wakers = self.wakers.borrow_mut();
        if !wakers.iter().any(|waker| waker.will_wake(context.waker())) {
            wakers.push(context.waker().clone());
        }
        Poll::Pending
    }
}

/// Where a value is left for whoever waits for it. Only the first one counts.
pub(crate) struct Slot<T> {
    value: Cell<Option<T>>,
    filled: Signal,
}

impl<T> Default for Slot<T> {
    fn default() -> Self {
        Self {
            value: Cell::new(None),
            filled: Signal::default(),
        }
    }
}

impl<T> Slot<T> {
    /// Leaves a value.
    pub fn fill(&self, value: T) {
        if !self.filled.is_set() {
            self.value.replace(Some(value));
            self.filled.set();
        }
    }

    /// The value, once it is there; whoever asks is woken when it is.
    pub fn poll(&self, context: &Context<'_>) -> Poll<T> {
        match self.filled.poll(context) {
            Poll::Ready(()) => self.value.take().map_or(Poll::Pending, Poll::Ready),
            Poll::Pending => Poll::Pending,
        }
    }
}

/// Whether the caller has aborted, where it can; who asks is woken when it does.
pub(crate) fn has_aborted(abort: Option<&Signal>, context: &Context<'_>) -> bool {
    abort.is_some_and(|abort| abort.poll(context).is_ready())
}

/// Resolves when all of them have.
pub(crate) async fn all(mut running: Vec<Pending<'_, ()>>) {
    poll_fn(|context| {
        running.retain_mut(|one| one.as_mut().poll(context).is_pending());
        if running.is_empty() {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
}

/// A line in which only so many have a turn at a time, first come, first served.
#[derive(Debug)]
pub struct Line {
    free: Cell<usize>,
    waiting: RefCell<Vec<Weak<Signal>>>,
    places: usize,
}

impl Default for Line {
    fn default() -> Self {
        Self::with(1)
    }
}

impl Line {
    /// A line in which this many have a turn at a time.
    #[must_use]
    pub fn with(places: usize) -> Self {
        Self {
            free: Cell::new(places),
            waiting: RefCell::default(),
            places,
        }
    }

    /// Whether nobody else could have a turn now.
    pub fn is_busy(&self) -> bool {
        self.free.get() == 0
    }

    /// Whether nobody has a turn or waits for one.
    pub fn is_idle(&self) -> bool {
        self.free.get() == self.places
    }

    /// Resolves when it is one's turn, which lasts until the result is dropped.
    /// Dropping the future gives up the place.
    pub async fn turn(self: Rc<Self>) -> Held {
        if self.is_busy() {
            let ticket = Ticket {
                line: &self,
                called: Rc::default(),
                is_taken: Cell::new(false),
            };
            self.waiting
                .borrow_mut()
                .push(Rc::downgrade(&ticket.called));
            ticket.called.wait().await;
            ticket.is_taken.set(true);
        } else {
            self.free.set(self.free.get() - 1);
        }
        Held::new(move || self.next())
    }

    /// Calls the next one who is still waiting.
    fn next(&self) {
        loop {
            let mut waiting = self.waiting.borrow_mut();
            if waiting.is_empty() {
                return self.free.set(self.free.get() + 1);
            }
            let next = waiting.remove(0).upgrade();
            drop(waiting);
            if let Some(called) = next {
                return called.set();
            }
        }
    }
}

/// A place in the line; called and then dropped, it passes the turn on.
struct Ticket<'a> {
    line: &'a Line,
    called: Rc<Signal>,
    is_taken: Cell<bool>,
}

impl Drop for Ticket<'_> {
    fn drop(&mut self) {
        if self.called.is_set() && !self.is_taken.get() {
            self.line.next();
        }
    }
}
