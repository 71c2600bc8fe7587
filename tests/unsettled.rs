//! What is reported of payments that were under way when a page of the app was closed.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod support;

use std::rc::Rc;

use b24pay::page::Page;
use b24pay::portal::{Entry, Held, Locks, Pending, Portal};
use b24pay::unsettled::unsettled;
use support::calls::{begin, paying, pays_slowly, was_told};
use support::script::ScriptedPortal;
use support::world::{Habits, World};

/// What becomes of a page that has a payment under way.
#[derive(Clone, Copy)]
enum Fate {
    Closes,
    Settles,
}

/// A page that sends now, and what becomes of it after so many milliseconds.
fn sends(world: &World, payment: u64, fate: Fate, after_ms: f64) {
    let tab = world.open(Habits::default());
    let page = Rc::clone(&tab.page);
    let entry = Entry {
        host: "portal.example".into(),
        payment,
        pay_system: Some(11),
        pays: true,
        sent_at: page.clock.wall(),
        settle_ms: 65_000.0,
    };
    let life = Rc::clone(&tab.life);
    tab.life.spawn(async move {
        let name = format!("b24pay:portal.example/payment/{payment}");
        let _lock = page.locks.acquire(&name).await;
        page.journal.write(&entry);
        page.clock.sleep(after_ms).await;
        match fate {
            Fate::Closes => life.close(),
            Fate::Settles => page.journal.remove(&entry),
        }
    });
}

/// The payments that are reported at these times, and when each report is there.
fn reports<const N: usize>(world: &World, page: Rc<Page>, times: [f64; N]) -> [(Vec<u64>, f64); N] {
    let portal: Rc<dyn Portal> = ScriptedPortal::new(world, page, vec![]);
    let time = Rc::clone(&world.time);
    let told = world.run(async move {
        let mut told = Vec::new();
        for at in times {
            time.sleep(at - time.now()).await;
            let left = unsettled(&portal).await.unwrap();
            let payments = left.iter().map(|entry| entry.payment).collect();
            told.push((payments, time.now()));
        }
        told
    });
    told.try_into().unwrap()
}

#[test]
fn what_was_under_way_when_a_page_was_closed_is_reported() {
    let world = World::new();
    sends(&world, 501, Fate::Closes, 2_000.0);
    // Another tab that is alive is not reported.
    sends(&world, 502, Fate::Settles, 1e9);
    let times = [500.0, 3_000.0, 70_000.0, 72_000.0];
    let told = reports(&world, world.tab(), times).map(|(payments, _)| payments);
    // Alive; closed; can no longer change, which is said once; forgotten.
    assert_eq!(told, [vec![], vec![501], vec![501], vec![]]);
}

#[test]
fn a_page_that_closes_while_it_is_looked_for_is_reported() {
    let world = World::new();
    sends(&world, 501, Fate::Closes, 600.0);
    let told = reports(&world, world.tab(), [100.0]);
    assert_eq!(told, [(vec![501], 600.0)]);
}

#[test]
fn a_page_that_settles_while_it_is_looked_for_is_not_reported() {
    let world = World::new();
    sends(&world, 501, Fate::Settles, 600.0);
    let told = reports(&world, world.tab(), [100.0]);
    assert_eq!(told, [(vec![], 600.0)]);
    assert!(world.origin.journal.borrow().is_empty());
}

#[test]
fn many_that_are_alive_are_waited_for_at_once() {
    let world = World::new();
    for payment in 501..520 {
        sends(&world, payment, Fate::Settles, 1e9);
    }
    sends(&world, 520, Fate::Closes, 0.0);
    let told = reports(&world, world.tab(), [100.0]);
    assert_eq!(told, [(vec![520], 1_100.0)]);
}

/// Locks that are given to everybody at once, as where there are none.
struct NoLocks;

impl Locks for NoLocks {
    fn acquire(&self, _name: &str) -> Pending<'static, (Held, bool)> {
        Box::pin(async { (Held::nothing(), false) })
    }
}

#[test]
fn without_locks_a_page_tells_what_it_has_under_way_itself_from_what_others_had() {
    let world = World::new();
    let tab = world.tab();
    let page = Page::new(
        Rc::clone(&tab.clock),
        Rc::new(NoLocks),
        Rc::clone(&tab.journal),
        Rc::clone(&tab.spawn),
    );
    sends(&world, 503, Fate::Closes, 300.0);
    let steps = pays_slowly(502, "917/1", 3_000.0);
    let portal = ScriptedPortal::new(&world, Rc::clone(&page), steps);
    let told = begin(&world, &portal, paying(502));
    sends(&world, 501, Fate::Closes, 400.0);
    assert_eq!(
        reports(&world, page, [1_000.0]),
        [(vec![503, 501], 1_000.0)]
    );
    world.rest();
    was_told(&told, "paid, recovered false");
}

#[test]
fn without_locks_what_a_page_whose_clock_was_set_back_reports_still_ends_with_its_own_page() {
    let world = World::new();
    sends(&world, 501, Fate::Settles, 2_000.0);
    let late = world.open(Habits {
        skew_ms: -3_600_000.0,
        ..Habits::default()
    });
    let page = Page::new(
        Rc::clone(&late.page.clock),
        Rc::new(NoLocks),
        Rc::clone(&late.page.journal),
        Rc::clone(&late.page.spawn),
    );
    let told = reports(&world, page, [100.0, 3_000.0]).map(|(payments, _)| payments);
    // Whether it is alive cannot be told; that it has settled can.
    assert_eq!(told, [vec![501], vec![]]);
    assert!(world.origin.journal.borrow().is_empty());
}

#[test]
fn what_is_reported_is_in_the_order_in_which_it_was_sent() {
    let world = World::new();
    let page = world.tab();
    for (payment, sent_at) in [(503, 20.0), (501, 30.0), (502, 10.0), (504, 20.0)] {
        page.journal.write(&Entry {
            host: "portal.example".into(),
            payment,
            pay_system: None,
            pays: true,
            sent_at: page.clock.wall() + sent_at,
            settle_ms: 65_000.0,
        });
    }
    assert_eq!(
        reports(&world, page, [100.0]),
        [(vec![502, 503, 504, 501], 100.0)]
    );
}

/// A browser that has much to do before it answers a request for a lock.
struct SlowLocks(Rc<Page>);

impl Locks for SlowLocks {
    fn acquire(&self, name: &str) -> Pending<'static, (Held, bool)> {
        let lock = self.0.locks.acquire(name);
        let sleep = self.0.clock.sleep(700.0);
        Box::pin(async move {
            sleep.await;
            lock.await
        })
    }
}

#[test]
fn a_browser_that_is_slow_to_give_a_lock_hides_nothing() {
    let world = World::new();
    sends(&world, 501, Fate::Closes, 0.0);
    let quick = world.tab();
    let page = Page::new(
        Rc::clone(&quick.clock),
        Rc::new(SlowLocks(Rc::clone(&quick))),
        Rc::clone(&quick.journal),
        Rc::clone(&quick.spawn),
    );
    assert_eq!(reports(&world, page, [100.0]), [(vec![501], 800.0)]);
}

#[test]
fn an_entry_of_any_time_is_reported_until_it_has_settled_and_then_no_more() {
    for (ahead_ms, settle_ms, expected) in [
        // A clock that differs a little: its own time counts, plus what it lies ahead.
        (30_000.0, 65_000.0, vec![true, true, true, false]),
        // To the millisecond.
        (35_000.0, 65_000.0, vec![true, true, true, true, false]),
        (60_000.0, 65_000.0, vec![true, true, true, true, true]),
        // Forged, or the clock was set back: it counts from the first report on.
        (90_000.0, 65_000.0, vec![true, true, true, false]),
        (1e12, 65_000.0, vec![true, true, true, false]),
        (f64::MAX, 65_000.0, vec![true, true, true, false]),
        // However long it claims to last, a day is enough.
        (1e12, 1e12, vec![true, true, true, true, true, true]),
        // To the millisecond.
        (-86_400_000.0, 1e12, vec![true, true, false]),
        (-86_400_001.0, 1e12, vec![true, false]),
        // A weekend later, or after the clock was set far ahead, it is told all the same, once.
        (-200_000_000.0, 65_000.0, vec![true, false]),
        (-1e12, 65_000.0, vec![true, false]),
    ] {
        let world = World::new();
        let reporter = ScriptedPortal::new(&world, world.tab(), vec![]);
        let wall = reporter.page().clock.wall();
        reporter.page().journal.write(&Entry {
            host: "portal.example".into(),
            payment: 501,
            pay_system: Some(11),
            pays: true,
            sent_at: wall + ahead_ms,
            settle_ms,
        });
        let portal: Rc<dyn Portal> = reporter;
        let (time, origin) = (Rc::clone(&world.time), Rc::clone(&world.origin));
        let times = [
            0.0,
            60_000.0,
            100_000.0,
            101_000.0,
            86_300_000.0,
            86_500_000.0,
        ];
        let (reports, left) = world.run(async move {
            let mut reports = Vec::new();
            for at in times {
                time.sleep(at - time.now()).await;
                reports.push(!unsettled(&portal).await.unwrap().is_empty());
            }
            (reports, origin.journal.borrow().len())
        });
        let mut expected = expected;
        expected.resize(times.len(), false);
        assert_eq!(reports, expected, "{ahead_ms} ms ahead, for {settle_ms} ms");
        assert_eq!(left, 0);
    }
}
