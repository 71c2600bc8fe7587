//! A world under a virtual clock: nothing takes real time, and tabs share locks and a journal.

use std::cell::{Cell, RefCell};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::rc::{Rc, Weak};
use std::task::Poll;

use b24pay::page::Page;
use b24pay::portal::{Clock, Entry, Held, Journal, Locks, Pending};
use b24pay::request::PayOptions;
use b24pay::signal::Signal;
use futures_executor::{LocalPool, LocalSpawner};
use futures_util::task::LocalSpawnExt;

/// A timer that somebody may still wait for.
struct Timer {
    /// When it is due, in microseconds so that it can be ordered, and in which order it was set.
    due: Reverse<(u64, u64)>,
    signal: Weak<Signal>,
}

impl PartialEq for Timer {
    fn eq(&self, other: &Self) -> bool {
        self.due == other.due
    }
}

impl Eq for Timer {}

impl PartialOrd for Timer {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Timer {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.due.cmp(&other.due)
    }
}

/// So many timers fire in no world that comes to rest.
const NO_REST: u64 = 200_000;

/// The clock, and what waits for it.
#[derive(Default)]
pub struct Time {
    now: Cell<f64>,
    set: Cell<u64>,
    fired: Cell<u64>,
    due: RefCell<BinaryHeap<Timer>>,
}

impl Time {
    pub fn now(&self) -> f64 {
        self.now.get()
    }

    /// Resolves after so many milliseconds, in a tab that is never frozen.
    pub fn sleep(&self, ms: f64) -> Pending<'static, ()> {
        self.sleep_until(self.now.get() + ms.max(0.0))
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "test times are small"
    )]
    pub fn sleep_until(&self, at: f64) -> Pending<'static, ()> {
        let number = self.set.get();
        self.set.set(number + 1);
        let signal = Rc::new(Signal::default());
        let at = (at.min(1e15) * 1000.0).ceil() as u64;
        self.due.borrow_mut().push(Timer {
            due: Reverse((at, number)),
            signal: Rc::downgrade(&signal),
        });
        Box::pin(async move { signal.wait().await })
    }

    /// Goes on to the next timer that somebody waits for.
    #[expect(clippy::cast_precision_loss, reason = "test times are small")]
    fn advance(&self) -> bool {
        loop {
            let Some(timer) = self.due.borrow_mut().pop() else {
                return false;
            };
            if let Some(signal) = timer.signal.upgrade() {
                let fired = self.fired.get() + 1;
                assert!(
                    fired < NO_REST,
                    "it never comes to rest: something goes on for ever"
                );
                self.fired.set(fired);
                let Reverse((at, _)) = timer.due;
                self.now.set((at as f64 / 1000.0).max(self.now.get()));
                signal.set();
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
        self.open(Habits::default()).page
    }

    /// A tab in which locks and storage are missing.
    pub fn bare_tab(&self) -> Rc<Page> {
        self.open(Habits {
            is_bare: true,
            ..Habits::default()
        })
        .page
    }

    /// A tab with habits of its own.
    pub fn open(&self, habits: Habits) -> Tab {
        let life = Rc::new(Life {
            time: Rc::clone(&self.time),
            spawner: self.spawner.clone(),
            skew_ms: habits.skew_ms,
            freezes: habits.freezes,
            jumps: habits.jumps,
            timers: habits.timers,
            closed: Signal::default(),
        });
        let origin = &self.origin;
        let (locks, journal): (Rc<dyn Locks>, Rc<dyn Journal>) = if habits.is_bare {
            (Rc::new(NoLocks), Rc::new(NoJournal))
        } else {
            let journal = SharedJournal(Rc::clone(origin), Rc::clone(&life));
            let locks = SharedLocks {
                origin: Rc::clone(origin),
                life: Rc::clone(&life),
                grant_ms: habits.grant_ms,
            };
            (Rc::new(locks), Rc::new(journal))
        };
        let spawn = {
            let (life, wrap) = (Rc::clone(&life), habits.wrap);
            move |future| match &wrap {
                Some(wrap) => life.spawn(wrap(future)),
                None => life.spawn(future),
            }
        };
        let clock = Rc::new(TabClock(Rc::clone(&life)));
        Tab {
            page: Page::new(clock, locks, journal, Rc::new(spawn)),
            life,
        }
    }

    /// The usual options with an abort after so long.
    pub fn aborted_after(&self, ms: f64) -> PayOptions {
        let abort = Rc::new(Signal::default());
        let (sleep, heard) = (self.time.sleep(ms), Rc::clone(&abort));
        self.spawn(async move {
            sleep.await;
            heard.set();
        });
        PayOptions {
            abort: Some(abort),
            ..PayOptions::default()
        }
    }

    /// Has another tab hold the lock of this name for so many milliseconds.
    pub fn locks_elsewhere(&self, name: &'static str, ms: f64) {
        let (other, time) = (self.tab(), Rc::clone(&self.time));
        self.spawn(async move {
            let _lock = other.locks.acquire(name).await;
            time.sleep(ms).await;
        });
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

/// Something done to every future that a page starts, before it is started.
pub type Wrap = Rc<dyn Fn(Pending<'static, ()>) -> Pending<'static, ()>>;

/// How a tab behaves.
#[derive(Default)]
pub struct Habits {
    /// Locks and storage are missing.
    pub is_bare: bool,
    /// How far the wall clock was off when the tab was opened.
    pub skew_ms: f64,
    /// From when to when it is frozen: timers fire and answers arrive at the end.
    pub freezes: Vec<(f64, f64)>,
    /// When the machine sleeps or its clock is set, and how far the wall clock alone goes on.
    pub jumps: Vec<(f64, f64)>,
    /// How its clocks and timers differ from those of a browser in front.
    pub timers: Timers,
    /// How long its browser takes to answer who has a lock: it does so by messages.
    pub grant_ms: f64,
    /// Done to every future that the page starts.
    pub wrap: Option<Wrap>,
}

/// What a browser makes of a page's clocks and timers.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[expect(clippy::struct_field_names, reason = "they are units")]
pub struct Timers {
    /// Both clocks tell multiples of so many milliseconds only.
    pub coarse_ms: f64,
    /// Timers fire so much earlier than they were asked to, at most by half of their time.
    pub early_ms: f64,
    /// Timers fire only at multiples of so many milliseconds, as in a page that is hidden.
    pub grid_ms: f64,
}

/// A tab: its page, and its life.
#[derive(Clone)]
pub struct Tab {
    pub page: Rc<Page>,
    pub life: Rc<Life>,
}

/// A tab's timers, freezes, and its end.
pub struct Life {
    time: Rc<Time>,
    spawner: LocalSpawner,
    skew_ms: f64,
    freezes: Vec<(f64, f64)>,
    jumps: Vec<(f64, f64)>,
    timers: Timers,
    closed: Signal,
}

impl Life {
    /// When something that is due then really happens.
    pub fn thawed(&self, at: f64) -> f64 {
        let frozen = self
            .freezes
            .iter()
            .find(|(from, to)| (*from..*to).contains(&at));
        frozen.map_or(at, |(_, to)| self.thawed(*to))
    }

    /// Resolves at that time, or when the tab is thawed.
    pub fn sleep_until(&self, at: f64) -> Pending<'static, ()> {
        self.time.sleep_until(self.thawed(at.max(self.time.now())))
    }

    /// Starts something that ends with the tab.
    pub fn spawn(self: &Rc<Self>, future: impl Future<Output = ()> + 'static) {
        let life = Rc::clone(self);
        let mut future: Pending<'static, ()> = Box::pin(future);
        let mortal = poll_fn(move |context| {
            if pin!(life.closed.wait()).poll(context).is_ready() {
                return Poll::Ready(());
            }
            future.as_mut().poll(context)
        });
        self.spawner
            .spawn_local(mortal)
            .expect("the world is there");
    }

    /// Starts something that goes on when the tab has gone, as a request does.
    pub fn outlive(&self, future: impl Future<Output = ()> + 'static) {
        self.spawner
            .spawn_local(future)
            .expect("the world is there");
    }

    /// Closes the tab: nothing of it goes on, its locks are free, its journal entries stay.
    pub fn close(&self) {
        self.closed.set();
    }

    pub fn is_closed(&self) -> bool {
        self.closed.is_set()
    }

    pub fn wall(&self) -> f64 {
        let now = self.time.now();
        let slept = self.jumps.iter().filter(|(at, _)| *at <= now);
        let slept_ms: f64 = slept.map(|(_, ms)| ms).sum();
        self.coarse(1_788_994_359_000.0 + now + self.skew_ms + slept_ms)
    }

    /// The time as the tab's clock tells it.
    pub fn coarse(&self, time: f64) -> f64 {
        match self.timers.coarse_ms {
            0.0 => time,
            step => (time / step).floor() * step,
        }
    }

    /// When a timer of so many milliseconds fires that is set now.
    fn fires_at(&self, ms: f64) -> f64 {
        let ms = ms.max(0.0);
        let at = self.time.now() + (ms - self.timers.early_ms).max(ms / 2.0);
        match self.timers.grid_ms {
            step if step > 0.0 && ms > 0.0 => (at / step).ceil() * step,
            _ => at,
        }
    }
}

struct TabClock(Rc<Life>);

impl Clock for TabClock {
    fn now(&self) -> f64 {
        self.0.coarse(self.0.time.now())
    }

    fn wall(&self) -> f64 {
        self.0.wall()
    }

    fn sleep(&self, ms: f64) -> Pending<'static, ()> {
        self.0.sleep_until(self.0.fires_at(ms))
    }
}

struct SharedLocks {
    origin: Rc<Origin>,
    life: Rc<Life>,
    grant_ms: f64,
}

impl Locks for SharedLocks {
    fn acquire(&self, name: &str) -> Pending<'static, (Held, bool)> {
        let place = Place {
            origin: Rc::clone(&self.origin),
            name: name.to_owned(),
            ticket: Rc::default(),
            is_taken: Cell::new(false),
        };
        let grant_ms = self.grant_ms;
        let message =
            (grant_ms > 0.0).then(|| self.life.sleep_until(self.life.time.now() + grant_ms));
        Box::pin(async move {
            if let Some(message) = message {
                message.await;
            }
            let is_contended = {
                let mut locks = place.origin.locks.borrow_mut();
                if let Some((_, queue)) = locks.iter_mut().find(|(known, _)| *known == place.name) {
                    queue.push_back(Rc::downgrade(&place.ticket));
                    true
                } else {
                    locks.push((place.name.clone(), VecDeque::new()));
                    false
                }
            };
            if is_contended {
                place.ticket.wait().await;
            }
            place.is_taken.set(true);
            let (origin, name) = (Rc::clone(&place.origin), place.name.clone());
            (Held::new(move || release(&origin, &name)), is_contended)
        })
    }
}

/// A place in the queue for a lock. One that was called and then given up passes the lock on.
struct Place {
    origin: Rc<Origin>,
    name: String,
    ticket: Rc<Signal>,
    is_taken: Cell<bool>,
}

impl Drop for Place {
    fn drop(&mut self) {
        if self.ticket.is_set() && !self.is_taken.get() {
            release(&self.origin, &self.name);
        }
    }
}

fn release(origin: &Origin, name: &str) {
    let mut locks = origin.locks.borrow_mut();
    let at = locks
        .iter()
        .position(|(known, _)| known == name)
        .expect("the lock is held");
    while let Some(next) = locks[at].1.pop_front() {
        if let Some(next) = next.upgrade() {
            next.set();
            return;
        }
    }
    locks.remove(at);
}

struct SharedJournal(Rc<Origin>, Rc<Life>);

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
        if self.1.is_closed() {
            return;
        }
        let mut journal = self.0.journal.borrow_mut();
        journal.retain(|known| known.host != entry.host || known.payment != entry.payment);
        journal.push(entry.clone());
    }

    fn remove(&self, entry: &Entry) {
        // A page that is closed runs nothing any more, whatever its futures do when they go.
        if !self.1.is_closed() {
            let is_another =
                |known: &Entry| known.host != entry.host || known.payment != entry.payment;
            self.0
                .journal
                .borrow_mut()
                .retain(|known| is_another(known) || known.sent_at > entry.sent_at);
        }
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
