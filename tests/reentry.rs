//! What is implemented outside may call the flow from inside of each of its own functions, and poll a task as it is started: nothing
//! is borrowed meanwhile, every call ends, and each payment is paid once.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod support;

use std::cell::{Cell, RefCell};
use std::future::{Future, pending};
use std::rc::{Rc, Weak};
use std::task::{Context, Waker};

use b24pay::confirm::confirm;
use b24pay::error::Error;
use b24pay::page::Page;
use b24pay::portal::{
    Answer, Call, Clock, Entry, Held, Journal, Locks, Memory, Pending, Portal, Sent,
};
use b24pay::unsettled::unsettled;
use serde_json::json;
use support::calls::{Said, patient, paying, short};
use support::reply;
use support::script::{GET, PAY};
use support::world::World;

/// Everything that the flow needs from outside, by one that has its own way.
struct Outside {
    world: Rc<World>,
    portal: RefCell<Weak<Shop>>,
    /// The function that calls the flow, and at which of its calls; none once it has.
    calls_at: Cell<Option<(&'static str, usize)>>,
    /// Whether a task is polled as it is started.
    is_eager: bool,
    said: RefCell<Vec<Said>>,
    journal: RefCell<Vec<Entry>>,
}

impl Outside {
    fn portal(self: &Rc<Self>) -> Rc<Shop> {
        let this = || Rc::clone(self);
        let tasks = this();
        let spawn = move |task| tasks.spawn(task);
        let shop = Rc::new(Shop {
            page: Page::new(
                Rc::new(Watch(this())),
                Rc::new(Latch(this())),
                Rc::new(Book(this())),
                Rc::new(spawn),
            ),
            memory: Memory::default(),
            outside: this(),
            paid: RefCell::default(),
            pays: RefCell::default(),
        });
        self.portal.replace(Rc::downgrade(&shop));
        shop
    }

    /// Begins a task, and polls it here and now where that is its way.
    fn spawn(&self, mut task: Pending<'static, ()>) {
        let mut context = Context::from_waker(Waker::noop());
        if self.is_eager && task.as_mut().poll(&mut context).is_ready() {
            return;
        }
        self.world.spawn(task);
    }

    /// Calls the flow about two payments, and asks what is unsettled, from inside of what the flow calls.
    fn at(self: &Rc<Self>, place: &'static str) {
        match self.calls_at.get() {
            Some((at, 0)) if at == place => self.calls_at.set(None),
            Some((at, left)) if at == place => return self.calls_at.set(Some((at, left - 1))),
            _ => return,
        }
        let portal = self.portal.borrow().upgrade().unwrap();
        for payment in [501, 502] {
            let (outside, portal) = (Rc::clone(self), Rc::clone(&portal));
            self.begin(async move {
                let said = pays(&portal, payment).await;
                outside.said.borrow_mut().push(said);
            });
        }
        self.begin(async move {
            let portal: Rc<dyn Portal> = portal;
            unsettled(&portal).await.unwrap();
        });
    }

    /// Begins it and polls it here and now.
    fn begin(&self, future: impl Future<Output = ()> + 'static) {
        let mut future = Box::pin(future);
        let mut context = Context::from_waker(Waker::noop());
        if future.as_mut().poll(&mut context).is_pending() {
            self.world.spawn(future);
        }
    }
}

async fn pays(portal: &Rc<Shop>, payment: u64) -> Said {
    let portal: Rc<dyn Portal> = Rc::clone(portal) as _;
    confirm(&portal, &paying(payment), &patient(3_000.0, 2_000.0)).await
}

struct Watch(Rc<Outside>);

impl Clock for Watch {
    fn now(&self) -> f64 {
        self.0.at("now");
        self.0.world.time.now()
    }

    fn wall(&self) -> f64 {
        self.0.at("wall");
        self.0.world.time.now()
    }

    fn sleep(&self, ms: f64) -> Pending<'static, ()> {
        self.0.at("sleep");
        self.0.world.time.sleep(ms)
    }
}

struct Latch(Rc<Outside>);

impl Locks for Latch {
    fn acquire(&self, _: &str) -> Pending<'static, (Held, bool)> {
        self.0.at("acquire");
        let outside = Rc::clone(&self.0);
        Box::pin(async move {
            outside.at("acquired");
            (Held::new(move || outside.at("release")), false)
        })
    }
}

struct Book(Rc<Outside>);

impl Journal for Book {
    fn entries(&self, _: &str) -> Vec<Entry> {
        self.0.at("entries");
        self.0.journal.borrow().clone()
    }

    fn write(&self, entry: &Entry) {
        self.0.at("write");
        self.0.journal.borrow_mut().push(entry.clone());
    }

    fn remove(&self, entry: &Entry) {
        self.0.at("remove");
        let is_another = |known: &Entry| known.payment != entry.payment;
        self.0.journal.borrow_mut().retain(is_another);
    }
}

/// A portal of many payments, all of them of other orders.
struct Shop {
    page: Rc<Page>,
    memory: Memory,
    outside: Rc<Outside>,
    paid: RefCell<Vec<u64>>,
    /// What was asked to be paid, in order.
    pays: RefCell<Vec<u64>>,
}

impl Portal for Shop {
    fn page(&self) -> &Rc<Page> {
        self.outside.at("page");
        &self.page
    }

    fn memory(&self) -> &Memory {
        self.outside.at("memory");
        &self.memory
    }

    fn open(&self) -> Pending<'_, Result<String, Error>> {
        self.outside.at("open");
        Box::pin(async {
            self.outside.at("opened");
            Ok("portal.example".into())
        })
    }

    fn send(&self, call: &Call) -> Sent<'_> {
        self.outside.at("send");
        let id = call.params[0].1.whole().unwrap();
        let pays = call.method == PAY;
        assert!(pays || call.method == GET);
        if pays {
            self.pays.borrow_mut().push(id);
        }
        let back = self.outside.world.time.sleep(100.0);
        Sent {
            answer: Box::pin(async move {
                back.await;
                self.outside.at("answer");
                if pays {
                    self.paid.borrow_mut().push(id);
                    return Answer::Replied(reply(200, &json!({"result": true})));
                }
                let paid = if self.paid.borrow().contains(&id) {
                    "Y"
                } else {
                    "N"
                };
                let number = format!("{id}/1");
                let body =
                    json!({"id": id, "accountNumber": number, "paid": paid, "paySystemId": 11});
                Answer::Replied(reply(200, &json!({"result": body})))
            }),
            ended: Box::pin(pending()),
        }
    }

    fn tells_apart(&self) -> bool {
        self.outside.at("tells_apart");
        true
    }

    fn may_send_later(&self) -> bool {
        self.outside.at("may_send_later");
        false
    }
}

fn outside(calls_at: (&'static str, usize), is_eager: bool) -> Rc<Outside> {
    Rc::new(Outside {
        world: Rc::new(World::new()),
        portal: RefCell::default(),
        calls_at: Cell::new(Some(calls_at)),
        is_eager,
        said: RefCell::default(),
        journal: RefCell::default(),
    })
}

/// Whether one function calls the flow at this of its calls, which it may not come to.
fn is_called_from(calls_at: (&'static str, usize), is_eager: bool) -> bool {
    let outside = outside(calls_at, is_eager);
    let shop = outside.portal();
    let caller = Rc::clone(&shop);
    let said = outside.world.run(async move { pays(&caller, 501).await });
    outside.world.rest();
    let is_called = outside.calls_at.get().is_none();
    let mut all = outside.said.take();
    assert_eq!(all.len(), if is_called { 2 } else { 0 }, "{calls_at:?}");
    all.push(said);
    for said in &all {
        let said = short(said);
        assert!(said.contains("paid, "), "{calls_at:?}: {said}");
    }
    let mut pays = shop.pays.take();
    pays.sort_unstable();
    let expected: &[u64] = if is_called { &[501, 502] } else { &[501] };
    assert_eq!(pays, expected, "{calls_at:?}");
    is_called
}

#[test]
fn the_flow_may_be_called_from_inside_of_whatever_it_calls() {
    for place in [
        "now",
        "wall",
        "sleep",
        "acquire",
        "acquired",
        "release",
        "entries",
        "write",
        "remove",
        "page",
        "memory",
        "open",
        "opened",
        "send",
        "answer",
        "tells_apart",
        "may_send_later",
    ] {
        for is_eager in [false, true] {
            let times = (0..).take_while(|&call| is_called_from((place, call), is_eager));
            assert!(times.count() > 0, "{place} is not called");
        }
    }
}
