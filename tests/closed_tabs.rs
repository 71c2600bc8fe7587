//! What a tab that was closed has left: it is read before anything is sent, waited for, and never believed.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod support;

use std::cell::RefCell;
use std::rc::Rc;

use b24pay::confirm::confirm;
use b24pay::page::Page;
use b24pay::portal::{Entry, Portal};
use b24pay::request::PayOptions;
use support::calls::{
    begin, later, paid_once, patient, paying, start, times, unread, was_told, was_told_at,
    with_invoice,
};
use support::script::{Act, GET, PAY, ScriptedPortal, Step, on, shows, yes};
use support::world::{Habits, Tab, Timers, World};

/// A tab that sends a call of which nothing is heard, and is closed after two seconds.
fn closed_tab(world: &World) -> (Tab, Rc<ScriptedPortal>) {
    let tab = world.open(Habits::default());
    let steps = vec![on(GET, shows(501, false)), on(PAY, Act::Hangs)];
    let portal = ScriptedPortal::new(world, Rc::clone(&tab.page), steps);
    let calls: Rc<dyn Portal> = Rc::clone(&portal) as _;
    tab.life.spawn(async move {
        let _ = confirm(&calls, &paying(501), &PayOptions::default()).await;
    });
    let (life, closing) = (Rc::clone(&tab.life), world.time.sleep(2_000.0));
    world.spawn(async move {
        closing.await;
        life.close();
    });
    (tab, portal)
}

/// Pays in another page, at three seconds, what the closed tab left unpaid: after these looks, at this time.
fn is_paid_at(world: &World, page: Rc<Page>, looks: impl IntoIterator<Item = Step>, sent_at: f64) {
    let paid = [
        on(GET, shows(501, false)),
        on(PAY, yes()),
        on(GET, shows(501, true)),
    ];
    let steps = looks.into_iter().chain(paid);
    let two = ScriptedPortal::new(world, page, steps);
    let told = later(world, &two, 3_000.0, paying(501));
    world.rest();
    assert_eq!(times(&two, PAY), [sent_at]);
    was_told(&told, "paid, recovered false");
    two.finished();
}

/// A look that finds it unpaid without a wait.
fn look() -> Step {
    on(GET, shows(501, false)).after(0.0)
}

#[test]
fn what_a_closed_tab_left_is_settled_by_reading_before_anything_is_sent() {
    let world = World::new();
    let (_tab, left) = closed_tab(&world);
    let steps = vec![
        on(GET, shows(501, false)),
        on(GET, shows(501, true)),
        on(GET, shows(501, true)),
    ];
    let two = ScriptedPortal::new(&world, world.tab(), steps);
    let told = later(&world, &two, 3_000.0, paying(501));
    world.rest();
    // The second look sees that it was paid; the flow then begins with a read of its own.
    was_told_at(
        &told,
        "already paid, sent false",
        3_000.0 + 100.0 + 1_000.0 + 100.0 + 100.0,
    );
    left.finished();
    two.finished();
    assert!(world.origin.journal.borrow().is_empty());
}

#[test]
fn what_a_closed_tab_left_unpaid_is_waited_for_until_it_can_no_longer_change() {
    let world = World::new();
    let (_tab, _left) = closed_tab(&world);
    let looks = [0.0, 1.0, 3.0, 7.0, 15.0, 23.0, 31.0, 39.0, 47.0, 55.0];
    // It was sent at 100 and may have changed until 65,100.
    is_paid_at(&world, world.tab(), looks.map(|_| look()), 65_200.0);
}

#[test]
fn where_reading_is_not_allowed_a_closed_tab_is_waited_for() {
    let world = World::new();
    let (_tab, _left) = closed_tab(&world);
    let mut steps = unread().to_vec();
    steps.extend(unread());
    steps.push(on(PAY, yes()));
    steps.extend(unread());
    let two = ScriptedPortal::new(&world, world.tab(), steps);
    let told = later(&world, &two, 3_000.0, paying(501));
    world.rest();
    assert_eq!(times(&two, PAY), [65_100.0]);
    was_told(&told, "unverified, ACCESS_DENIED");
    two.finished();
}

#[test]
fn a_clock_that_was_set_back_has_a_closed_tab_waited_for_no_longer_than_its_window() {
    for (jump_ms, sent_at) in [
        (-3_600_000.0, 68_100.0),
        (-86_400_000.0, 68_100.0),
        // What the machine has slept is time that has passed.
        (60_000.0, 5_200.0),
        (3_600_000.0, 3_100.0),
    ] {
        let world = World::new();
        let (_tab, _left) = closed_tab(&world);
        let tab = world.open(Habits {
            jumps: vec![(2_500.0, jump_ms)],
            ..Habits::default()
        });
        let looks = match jump_ms {
            60_000.0 => 2,
            _ if jump_ms < 0.0 => 11,
            _ => 0,
        };
        is_paid_at(&world, tab.page, (0..looks).map(|_| look()), sent_at);
        assert!(world.origin.journal.borrow().is_empty());
    }
}

#[test]
fn a_page_whose_timers_fire_once_a_minute_waits_for_a_closed_tab_past_its_patience() {
    let world = World::new();
    let (_tab, _left) = closed_tab(&world);
    let tab = world.open(Habits {
        timers: Timers {
            grid_ms: 60_000.0,
            ..Timers::default()
        },
        ..Habits::default()
    });
    let looks = [on(GET, shows(501, false)), on(GET, shows(501, false))];
    is_paid_at(&world, tab.page, looks, 120_100.0);
}

fn entry(payment: u64, sent_at: f64, settle_ms: f64) -> Entry {
    Entry {
        host: "portal.example".into(),
        payment,
        pay_system: None,
        pays: true,
        sent_at,
        settle_ms,
    }
}

/// Pays by these options what such an entry stands in the way of: after so many looks, at this time.
fn is_paid_past(sent_in: f64, settle_ms: f64, options: PayOptions, looks: usize, sent_at: f64) {
    let world = World::new();
    let tab = world.open(Habits::default());
    let left = entry(501, tab.life.wall() + sent_in, settle_ms);
    world.origin.journal.borrow_mut().push(left);
    let mut steps = vec![look(); looks];
    steps.extend([look(), on(PAY, yes()), on(GET, shows(501, true))]);
    let portal = ScriptedPortal::new(&world, Rc::clone(&tab.page), steps);
    let told = start(&world, &portal, 0.0, paying(501), options);
    world.rest();
    assert_eq!(times(&portal, PAY), [sent_at], "{sent_in} {settle_ms}");
    was_told(&told, "paid, recovered false");
    portal.finished();
}

#[test]
fn a_forged_entry_delays_no_longer_than_a_true_one() {
    for (sent_in, settle_ms) in [(1e12, 1e12), (1.0, 1e300), (f64::NAN, f64::NAN)] {
        is_paid_past(sent_in, settle_ms, patient(5_000.0, 1_000.0), 3, 5_000.0);
    }
}

#[test]
fn what_a_closed_tab_left_is_waited_for_by_its_own_window_and_not_by_ours() {
    // The last one is forged: no call runs for longer than a cloud portal lets it.
    for (settle_ms, looks, sent_at) in [
        (1_000.0, 1, 1_000.0),
        (20_000.0, 5, 20_000.0),
        (1e300, 11, 65_000.0),
    ] {
        let options = patient(2_000.0, 100_000.0);
        is_paid_past(0.0, settle_ms, options, looks, sent_at);
    }
}

#[test]
fn who_is_less_patient_than_what_a_closed_tab_left_sends_nothing_and_leaves_it_there() {
    let world = World::new();
    let tab = world.open(Habits::default());
    let left = entry(501, tab.life.wall(), 20_000.0);
    world.origin.journal.borrow_mut().push(left.clone());
    let portal = ScriptedPortal::new(&world, Rc::clone(&tab.page), vec![look(); 2]);
    let options = patient(2_000.0, 1_000.0);
    let told = start(&world, &portal, 0.0, paying(501), options);
    world.rest();
    was_told_at(&told, "rejected, UNDER_WAY", 3_000.0);
    assert_eq!(*world.origin.journal.borrow(), [left]);
    portal.finished();
}

#[test]
fn a_forged_entry_is_never_believed() {
    // It claims a payment that the portal shows as unpaid, or an end that never was.
    for forged in [
        entry(501, -1e300, 65_000.0),
        entry(502, 1e300, 65_000.0),
        Entry {
            host: "other.example".into(),
            ..entry(501, 1e300, 65_000.0)
        },
    ] {
        let world = World::new();
        world.origin.journal.borrow_mut().push(forged.clone());
        let portal = ScriptedPortal::new(&world, world.tab(), paid_once());
        let told = begin(&world, &portal, paying(501));
        world.rest();
        was_told(&told, "paid, recovered false");
        portal.finished();
    }
}

#[test]
fn an_entry_of_an_unmarked_payment_is_settled_by_reading_it_unpaid() {
    let world = World::new();
    let tab = world.open(Habits::default());
    let unmarked = Entry {
        pays: false,
        ..entry(501, tab.life.wall(), 65_000.0)
    };
    world.origin.journal.borrow_mut().push(unmarked);
    let mut steps = vec![on(GET, shows(501, false))];
    steps.extend(paid_once());
    let portal = ScriptedPortal::new(&world, Rc::clone(&tab.page), steps);
    let told = begin(&world, &portal, paying(501));
    world.rest();
    was_told_at(&told, "paid, recovered false", 3_300.0);
    portal.finished();
}

#[test]
fn the_journal_says_what_is_under_way_and_holds_no_secret() {
    let world = World::new();
    let portal = ScriptedPortal::new(&world, world.tab(), paid_once());
    let options = patient(40_000.0, 30_000.0);
    start(&world, &portal, 0.0, with_invoice("secret"), options);
    let seen: Rc<RefCell<Vec<Entry>>> = Rc::default();
    let (slot, origin) = (Rc::clone(&seen), Rc::clone(&world.origin));
    let sleep = world.time.sleep(1_000.0);
    world.spawn(async move {
        sleep.await;
        slot.replace(origin.journal.borrow().clone());
    });
    world.rest();
    let seen = seen.borrow();
    let [entry] = seen.as_slice() else {
        panic!("{seen:?}");
    };
    assert_eq!(
        (entry.payment, entry.pay_system, entry.pays),
        (501, Some(11), true)
    );
    assert_eq!(entry.host, "portal.example");
    assert!((entry.sent_at - 1_788_994_359_100.0).abs() < 1.0);
    // As long as its sender waits.
    assert!((entry.settle_ms - 40_000.0).abs() < 1.0);
    assert!(!format!("{entry:?}").contains("secret"));
    assert!(world.origin.journal.borrow().is_empty());
}
