//! Futures that go before their time: a caller's, and that of a run itself, after each time that it was polled. Nothing that they
//! had keeps the next call waiting, nobody waits for ever, and nothing is sent while what was sent may still run.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod support;

use std::cell::{Cell, RefCell};
use std::future::{Future, pending, poll_fn};
use std::rc::Rc;
use std::task::Poll;

use b24pay::confirm::confirm;
use b24pay::error::Error;
use b24pay::page::Page;
use b24pay::portal::{Answer, Call, Clock, Memory, Pending, Portal, Sent};
use b24pay::request::PayOptions;
use serde_json::{Value, json};
use support::calls::{Said, paying, short};
use support::reply;
use support::script::{GET, PAY};
use support::world::{Habits, World, Wrap};

/// How long a read and its answer take together, and as long the handshake.
const READ_MS: f64 = 100.0;
/// The same of a pay call. What it does is done half-way.
const PAY_MS: f64 = 6_000.0;

/// A portal of one payment. What was sent arrives, whoever waits for the answer.
struct Till {
    page: Rc<Page>,
    memory: Memory,
    world: Rc<World>,
    is_paid: Rc<Cell<bool>>,
    /// When pay calls were handed over.
    pays: RefCell<Vec<f64>>,
}

impl Till {
    fn new(world: &Rc<World>, page: Rc<Page>) -> Rc<Self> {
        Rc::new(Self {
            page,
            memory: Memory::default(),
            world: Rc::clone(world),
            is_paid: Rc::default(),
            pays: RefCell::default(),
        })
    }
}

fn shown(is_paid: bool) -> Value {
    let paid = if is_paid { "Y" } else { "N" };
    json!({"result": {"id": 501, "accountNumber": "917/1", "paid": paid, "paySystemId": 11}})
}

impl Portal for Till {
    fn page(&self) -> &Rc<Page> {
        &self.page
    }

    fn memory(&self) -> &Memory {
        &self.memory
    }

    fn open(&self) -> Pending<'_, Result<String, Error>> {
        Box::pin(async {
            self.world.time.sleep(READ_MS).await;
            Ok("portal.example".into())
        })
    }

    fn send(&self, call: &Call) -> Sent<'_> {
        let time = Rc::clone(&self.world.time);
        let pays = call.method == PAY;
        assert!(pays || call.method == GET);
        let ms = if pays { PAY_MS } else { READ_MS };
        let (is_paid, arrives) = (Rc::clone(&self.is_paid), time.sleep(ms / 2.0));
        if pays {
            self.pays.borrow_mut().push(time.now());
        }
        let said: Rc<Cell<Option<Value>>> = Rc::default();
        let slot = Rc::clone(&said);
        self.world.spawn(async move {
            arrives.await;
            is_paid.set(is_paid.get() || pays);
            slot.set(Some(if pays {
                json!({"result": true})
            } else {
                shown(is_paid.get())
            }));
        });
        let back = time.sleep(ms);
        Sent {
            answer: Box::pin(async move {
                back.await;
                Answer::Replied(reply(200, &said.take().unwrap()))
            }),
            ended: Box::pin(pending()),
        }
    }
}

/// A future that is dropped once it was polled so many times: what it said by then.
async fn polled<T>(times: usize, future: impl Future<Output = T>) -> Option<T> {
    let mut future = Box::pin(future);
    let mut left = times;
    poll_fn(|context| {
        if left > 0 {
            left -= 1;
            if let Poll::Ready(value) = future.as_mut().poll(context) {
                return Poll::Ready(Some(value));
            }
        }
        if left > 0 {
            Poll::Pending
        } else {
            Poll::Ready(None)
        }
    })
    .await
}

async fn pays(portal: Rc<Till>) -> Said {
    let portal: Rc<dyn Portal> = portal;
    confirm(&portal, &paying(501), &PayOptions::default()).await
}

/// A page whose first run is dropped once it was polled so many times.
fn first_run_dropped(after: usize) -> Habits {
    let is_first = Cell::new(true);
    let wrap: Wrap = Rc::new(move |future: Pending<'static, ()>| {
        if is_first.replace(false) {
            Box::pin(async move {
                let _ = polled(after, future).await;
            })
        } else {
            future
        }
    });
    Habits {
        wrap: Some(wrap),
        ..Habits::default()
    }
}

/// What a call says that comes after another one whose future went: that it is paid, soon, and once.
fn the_next_pays_once(world: &Rc<World>, till: &Rc<Till>, after: usize) {
    let begun_at = world.time.now();
    let next = short(&world.run(pays(Rc::clone(till))));
    assert!(next.contains("paid"), "{next}");
    assert!(world.time.now() - begun_at < 2.0 * PAY_MS);
    world.rest();
    let sent = till.pays.borrow().len();
    assert_eq!(sent, 1, "calls where it was dropped after {after} polls");
    assert!(world.origin.journal.borrow().is_empty());
}

#[test]
fn a_caller_that_is_dropped_leaves_nothing_that_keeps_the_next_one_waiting() {
    for times in 0.. {
        let world = Rc::new(World::new());
        let till = Till::new(&world, world.tab());
        let said = world.run(polled(times, pays(Rc::clone(&till))));
        the_next_pays_once(&world, &till, times);
        if let Some(said) = said {
            assert_eq!(short(&said), "paid, recovered false");
            return;
        }
    }
}

/// A clock whose wall time a caller goes at, once it was asked for so many times.
struct Leaving {
    clock: Rc<dyn Clock>,
    left: Cell<usize>,
    caller: RefCell<Option<Pending<'static, ()>>>,
}

impl Clock for Leaving {
    fn now(&self) -> f64 {
        self.clock.now()
    }

    fn wall(&self) -> f64 {
        let left = self.left.get();
        self.left.set(left.saturating_sub(1));
        if left == 1 {
            self.caller.take();
        }
        self.clock.wall()
    }

    fn sleep(&self, ms: f64) -> Pending<'static, ()> {
        self.clock.sleep(ms)
    }
}

#[test]
fn who_goes_while_the_clock_is_looked_at_before_sending_sends_nothing() {
    // Before the first read, and when it is looked whether that is still fresh.
    for times in [1, 2] {
        let world = Rc::new(World::new());
        let tab = world.tab();
        let clock = Rc::new(Leaving {
            clock: Rc::clone(&tab.clock),
            left: Cell::new(times),
            caller: RefCell::default(),
        });
        let (locks, journal, spawn) = (&tab.locks, &tab.journal, &tab.spawn);
        let (locks, journal, spawn) = (Rc::clone(locks), Rc::clone(journal), Rc::clone(spawn));
        let till = Till::new(
            &world,
            Page::new(Rc::clone(&clock) as _, locks, journal, spawn),
        );
        let said = pays(Rc::clone(&till));
        let caller = async { drop(said.await) };
        clock.caller.replace(Some(Box::pin(caller)));
        let stays = Rc::clone(&clock);
        world.spawn(poll_fn(move |context| {
            let mut caller = stays.caller.borrow_mut();
            let caller = caller.as_mut();
            caller.map_or(Poll::Ready(()), |caller| caller.as_mut().poll(context))
        }));
        world.rest();
        assert_eq!((clock.left.get(), till.pays.borrow().len()), (0, 0));
        the_next_pays_once(&world, &till, times);
    }
}

#[test]
fn a_run_that_is_dropped_is_told_to_its_caller_and_what_it_sent_is_waited_for() {
    for times in 0.. {
        let world = Rc::new(World::new());
        let till = Till::new(&world, world.open(first_run_dropped(times)).page);
        let said = short(&world.run(pays(Rc::clone(&till))));
        let is_sent = !till.pays.borrow().is_empty();
        the_next_pays_once(&world, &till, times);
        if said.starts_with("paid") {
            assert!(times > 5);
            return;
        }
        let expected = if is_sent {
            "unknown, ABORTED, read"
        } else {
            "rejected, ABORTED"
        };
        assert_eq!(said, expected, "dropped after {times} polls");
    }
}
