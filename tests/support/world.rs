//! A world under a virtual clock: nothing takes real time, and tabs share locks and a journal.

use std::cell::{Cell, RefCell};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::future::Future;
use std::rc::{Rc, Weak};

use b24pay::page::Page;
use b24pay::portal::{Clock, Entry, Held, Journal, Locks, Pending};
use b24pay::signal::Signal;
use futures_executor::{LocalPool, LocalSpawner};
use futures_util::task::LocalSpawnExt;

/// When a timer is due, in microseconds so that it can be ordered, and in which order it was set.
type Due = Reverse<(u64, u64)>;

/// The clock, and what waits for it.
#[derive(Default)]
pub struct Time {
    now: Cell<f64>,
    /// How far the wall clock has jumped.
    pub jump: Cell<f64>,
    set: Cell<u64>,
    due: RefCell<BinaryHeap<(Due, u64)>>,
    timers: RefCell<std::collections::HashMap<u64, Weak<Signal>>>,
    /// Until when timers do not fire: the tab is frozen.
    pub frozen_until: Cell<f64>,
}

impl Time {
    pub fn now(&self) -> f64 {
        self.now.get()
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "test times are small"
    )]
    pub fn sleep(&self, ms: f64) -> Pending<'static, ()> {
        let number = self.set.get();
        self.set.set(number + 1);
        let signal = Rc::new(Signal::default());
        let at = ((self.now.get() + ms.max(0.0)).min(1e15) * 1000.0).ceil() as u64;
        self.due.borrow_mut().push((Reverse((at, number)), number));
        self.timers
            .borrow_mut()
            .insert(number, Rc::downgrade(&signal));
        Box::pin(async move { signal.wait().await })
    }

    /// Goes on to the next timer that somebody waits for.
    #[expect(clippy::cast_precision_loss, reason = "test times are small")]
    fn advance(&self) -> bool {
        loop {
            let Some((Reverse((at, _)), number)) = self.due.borrow_mut().pop() else {
                return false;
            };
            let timer = self
                .timers
                .borrow_mut()
                .remove(&number)
                .and_then(|timer| timer.upgrade());
            if let Some(timer) = timer {
                self.now.set((at as f64 / 1000.0).max(self.now.get()));
                timer.set();
                return true;
            }
        }
    }
}

/// Locks and storage of one origin, shared by its tabs.
#[derive(Default)]
pub struct Origin {
    locks: RefCell<Vec<(String, VecDeque<Weak<Signal>>)>>,
    pub journal: RefCell<Vec<Entry>>,
}

pub struct World {
    pool: RefCell<LocalPool>,
    spawner: LocalSpawner,
    pub time: Rc<Time>,
    pub origin: Rc<Origin>,
}

impl World {
    pub fn new() -> Self {
        let pool = LocalPool::new();
        let spawner = pool.spawner();
        Self {
            pool: RefCell::new(pool),
            spawner,
            time: Rc::default(),
            origin: Rc::default(),
        }
    }

    /// A tab with working locks and storage.
    pub fn tab(&self) -> Rc<Page> {
        self.page(
            Rc::new(SharedLocks(Rc::clone(&self.origin))),
            Rc::new(SharedJournal(Rc::clone(&self.origin))),
        )
    }

    /// A tab in which locks and storage are missing.
    pub fn bare_tab(&self) -> Rc<Page> {
        self.page(Rc::new(NoLocks), Rc::new(NoJournal))
    }

    fn page(&self, locks: Rc<dyn Locks>, journal: Rc<dyn Journal>) -> Rc<Page> {
        let spawner = self.spawner.clone();
        Page::new(
            Rc::new(TabClock(Rc::clone(&self.time))),
            locks,
            journal,
            Rc::new(move |future| spawner.spawn_local(future).expect("the world is there")),
        )
    }

    /// Starts something beside the main future.
    pub fn spawn(&self, future: impl Future<Output = ()> + 'static) {
        self.spawner
            .spawn_local(future)
            .expect("the world is there");
    }

    /// Runs until the future is done; a future that waits for nothing is a hang, and fails.
    #[track_caller]
    pub fn run<T: 'static>(&self, future: impl Future<Output = T> + 'static) -> T {
        let out = Rc::new(RefCell::new(None));
        let slot = Rc::clone(&out);
        self.spawn(async move {
            let value = future.await;
            slot.replace(Some(value));
        });
        loop {
            self.pool.borrow_mut().run_until_stalled();
            if let Some(value) = out.take() {
                return value;
            }
            assert!(
                self.time.advance(),
                "nothing will ever happen any more: a promise hangs"
            );
        }
    }

    /// Lets everything come to rest that is still going on.
    pub fn rest(&self) {
        loop {
            self.pool.borrow_mut().run_until_stalled();
            if !self.time.advance() {
                return;
            }
        }
    }
}

struct TabClock(Rc<Time>);

impl Clock for TabClock {
    fn now(&self) -> f64 {
        self.0.now()
    }

    fn wall(&self) -> f64 {
        1_788_994_359_000.0 + self.0.now() + self.0.jump.get()
    }

    fn sleep(&self, ms: f64) -> Pending<'static, ()> {
        let thaw = self.0.frozen_until.get() - self.0.now();
        self.0.sleep(ms.max(thaw))
    }
}

struct SharedLocks(Rc<Origin>);

impl Locks for SharedLocks {
    fn acquire(&self, name: &str) -> Pending<'static, (Held, bool)> {
        let origin = Rc::clone(&self.0);
        let name = name.to_owned();
        Box::pin(async move {
            let ticket = Rc::new(Signal::default());
            let is_contended = {
                let mut locks = origin.locks.borrow_mut();
                if let Some((_, queue)) = locks.iter_mut().find(|(known, _)| *known == name) {
                    queue.push_back(Rc::downgrade(&ticket));
                    true
                } else {
                    locks.push((name.clone(), VecDeque::new()));
                    false
                }
            };
            if is_contended {
                ticket.wait().await;
            }
            let held = Held::new(move || release(&origin, &name));
            // Keep the ticket until the lock is ours.
            drop(ticket);
            (held, is_contended)
        })
    }
}

fn release(origin: &Origin, name: &str) {
    let mut locks = origin.locks.borrow_mut();
    let at = locks
        .iter()
        .position(|(known, _)| known == name)
        .expect("the lock is held");
    loop {
        match locks[at].1.pop_front() {
            Some(next) => {
                if let Some(next) = next.upgrade() {
                    next.set();
                    return;
                }
            }
            None => {
                locks.remove(at);
                return;
            }
        }
    }
}

struct SharedJournal(Rc<Origin>);

impl Journal for SharedJournal {
    fn entries(&self, host: &str) -> Vec<Entry> {
        self.0
            .journal
            .borrow()
            .iter()
            .filter(|entry| entry.host == host)
            .cloned()
            .collect()
    }

    fn write(&self, entry: &Entry) {
        let mut journal = self.0.journal.borrow_mut();
        journal.retain(|known| known.host != entry.host || known.payment != entry.payment);
        journal.push(entry.clone());
    }

    fn remove(&self, entry: &Entry) {
        self.0.journal.borrow_mut().retain(|known| known != entry);
    }
}

struct NoLocks;

impl Locks for NoLocks {
    fn acquire(&self, _name: &str) -> Pending<'static, (Held, bool)> {
        Box::pin(std::future::ready((Held::nothing(), false)))
    }
}

struct NoJournal;

impl Journal for NoJournal {
    fn entries(&self, _host: &str) -> Vec<Entry> {
        Vec::new()
    }
    fn write(&self, _entry: &Entry) {}
    fn remove(&self, _entry: &Entry) {}
}
