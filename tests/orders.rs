//! Payments that cannot be sent at once, of one order or through one `BX24`, and reads that grow old in waiting.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod support;

use std::rc::Rc;

use b24pay::portal::Entry;
use support::calls::{
    begin, later, of_order, patient, paying, pays_slowly, start, times, unread, was_told,
    was_told_at,
};
use support::script::{Act, GET, PAY, ScriptedPortal, Step, on, yes};
use support::world::{Habits, World};

/// A look that takes eleven seconds, and tells nothing.
fn unread_late() -> Vec<Step> {
    let [crm, sale] = unread();
    vec![crm.after(11_000.0), sale.after(100.0)]
}

#[test]
fn two_payments_of_one_order_are_never_sent_at_once() {
    for (account_number, sent_at) in [("917/2", 3_100.0), ("918/2", 100.0), ("917", 3_100.0)] {
        for same_tab in [true, false] {
            let world = World::new();
            let page = world.tab();
            let other = if same_tab {
                Rc::clone(&page)
            } else {
                world.tab()
            };
            let one = ScriptedPortal::new(&world, page, pays_slowly(501, "917/1", 3_000.0));
            let two = ScriptedPortal::new(&world, other, pays_slowly(502, account_number, 3_000.0));
            begin(&world, &one, paying(501));
            begin(&world, &two, paying(502));
            world.rest();
            assert_eq!(times(&one, PAY), [100.0]);
            assert_eq!(
                times(&two, PAY),
                [sent_at],
                "{account_number}, same tab: {same_tab}"
            );
            one.finished();
            two.finished();
        }
    }
}

#[test]
fn an_order_that_only_a_second_look_tells_has_its_turn_too() {
    let world = World::new();
    let page = world.tab();
    let mut steps = unread_late();
    steps.extend(pays_slowly(502, "917/2", 3_000.0));
    let late = ScriptedPortal::new(&world, Rc::clone(&page), steps);
    let one = ScriptedPortal::new(&world, page, pays_slowly(501, "917/1", 3_000.0));
    begin(&world, &late, paying(502));
    later(&world, &one, 11_000.0, paying(501));
    world.rest();
    assert_eq!(times(&one, PAY), [11_100.0]);
    assert_eq!(times(&late, PAY), [14_100.0]);
    one.finished();
    late.finished();
}

#[test]
fn an_order_that_was_seen_before_it_might_not_be_read_any_more_has_its_turn_too() {
    let world = World::new();
    let tab = world.open(Habits::default());
    // Somebody else's tab was closed: the payment is read while that is waited for.
    world.origin.journal.borrow_mut().push(Entry {
        host: "portal.example".into(),
        payment: 502,
        pay_system: None,
        pays: true,
        sent_at: tab.life.wall(),
        settle_ms: 500.0,
    });
    let mut steps = vec![on(GET, of_order(502, "917/2", false))];
    steps.extend(unread());
    steps.push(on(PAY, yes()));
    steps.extend(unread());
    let two = ScriptedPortal::new(&world, Rc::clone(&tab.page), steps);
    let one = ScriptedPortal::new(&world, tab.page, pays_slowly(501, "917/1", 3_000.0));
    begin(&world, &one, paying(501));
    let told = begin(&world, &two, paying(502));
    world.rest();
    assert_eq!(times(&one, PAY), [100.0]);
    assert_eq!(times(&two, PAY), [3_100.0]);
    was_told(&told, "unverified, ACCESS_DENIED");
    one.finished();
    two.finished();
}

#[test]
fn where_calls_cannot_be_told_apart_they_are_sent_one_by_one() {
    for (tells_apart, sent_at) in [(true, [101.0, 102.0]), (false, [101.0, 3_101.0])] {
        let world = World::new();
        let mut steps = vec![
            on(GET, of_order(501, "917/1", false)).after(101.0),
            on(GET, of_order(502, "918/1", false)).after(102.0),
            on(PAY, yes()).after(3_000.0),
        ];
        if tells_apart {
            steps.push(on(PAY, yes()).after(3_000.0));
            steps.push(on(GET, of_order(501, "917/1", true)));
        } else {
            steps.push(on(GET, of_order(501, "917/1", true)));
            steps.push(on(PAY, yes()).after(3_000.0));
        }
        steps.push(on(GET, of_order(502, "918/1", true)));
        let portal = ScriptedPortal::new(&world, world.tab(), steps);
        portal.tells_apart.set(tells_apart);
        let one = begin(&world, &portal, paying(501));
        let two = begin(&world, &portal, paying(502));
        world.rest();
        was_told(&one, "paid, recovered false");
        was_told(&two, "paid, recovered false");
        assert_eq!(times(&portal, PAY), sent_at);
        portal.finished();
    }
}

#[test]
fn who_has_waited_long_for_the_payment_waits_as_long_again_behind_a_call_of_the_same_bx24() {
    let world = World::new();
    world.locks_elsewhere("b24pay:portal.example/payment/502", 6_000.0);
    let steps = vec![
        on(GET, of_order(501, "917/1", false)),
        on(PAY, yes()).after(6_000.0),
        on(GET, of_order(502, "918/1", false)),
        on(GET, of_order(501, "917/1", true)),
        on(PAY, yes()),
        on(GET, of_order(502, "918/1", true)),
    ];
    let portal = ScriptedPortal::new(&world, world.tab(), steps);
    portal.tells_apart.set(false);
    let first = start(
        &world,
        &portal,
        5_000.0,
        paying(501),
        patient(2_000.0, 9_000.0),
    );
    let second = start(&world, &portal, 0.0, paying(502), patient(2_000.0, 5_000.0));
    world.rest();
    was_told(&first, "paid, recovered false");
    was_told(&second, "paid, recovered false");
    assert_eq!(times(&portal, PAY), [5_100.0, 11_100.0]);
    portal.finished();
}

#[test]
fn who_waits_too_long_behind_a_silent_call_of_the_same_bx24_sends_nothing() {
    let world = World::new();
    let steps = vec![
        on(GET, of_order(501, "917/1", false)),
        on(GET, of_order(502, "918/1", false)),
        on(PAY, Act::Hangs),
        on(GET, of_order(501, "917/1", false)),
    ];
    let portal = ScriptedPortal::new(&world, world.tab(), steps);
    portal.tells_apart.set(false);
    let silent = start(&world, &portal, 0.0, paying(501), patient(1_000.0, 9_000.0));
    let late = start(&world, &portal, 0.0, paying(502), patient(2_000.0, 5_000.0));
    world.rest();
    was_told(&silent, "unknown, NO_ANSWER, read");
    was_told_at(&late, "rejected, UNDER_WAY", 7_100.0);
    portal.finished();
}

#[test]
fn a_read_that_has_grown_old_in_waiting_is_repeated_before_sending() {
    let world = World::new();
    let page = world.tab();
    let slow = pays_slowly(501, "917/1", 12_000.0);
    let one = ScriptedPortal::new(&world, Rc::clone(&page), slow);
    let steps = vec![
        on(GET, of_order(502, "917/2", false)),
        on(GET, of_order(502, "917/2", true)),
    ];
    let two = ScriptedPortal::new(&world, page, steps);
    begin(&world, &one, paying(501));
    let second = begin(&world, &two, paying(502));
    world.rest();
    was_told(&second, "already paid, sent false");
    two.finished();
}

#[test]
fn a_second_look_that_grows_old_in_the_orders_line_is_repeated() {
    let world = World::new();
    let page = world.tab();
    let mut steps = unread_late();
    steps.push(on(GET, of_order(502, "917/2", false)));
    // Somebody else has paid it while the order's turn was waited for.
    steps.push(on(GET, of_order(502, "917/2", true)));
    let late = ScriptedPortal::new(&world, Rc::clone(&page), steps);
    let slow = pays_slowly(501, "917/1", 20_000.0);
    let one = ScriptedPortal::new(&world, page, slow);
    let told = begin(&world, &late, paying(502));
    later(&world, &one, 11_000.0, paying(501));
    world.rest();
    was_told(&told, "already paid, sent false");
    late.finished();
    one.finished();
}

#[test]
fn a_read_from_before_the_machine_slept_is_repeated_before_sending() {
    for (slept_ms, expected) in [
        (60_000.0, "already paid, sent false"),
        (0.0, "paid, recovered false"),
    ] {
        let world = World::new();
        let tab = world.open(Habits {
            jumps: vec![(31_000.0, slept_ms)],
            ..Habits::default()
        });
        let one = ScriptedPortal::new(
            &world,
            Rc::clone(&tab.page),
            pays_slowly(501, "917/1", 3_000.0),
        );
        let mut steps = vec![on(GET, of_order(502, "917/2", false))];
        if slept_ms == 0.0 {
            steps.push(on(PAY, yes()));
        }
        steps.push(on(GET, of_order(502, "917/2", true)));
        let two = ScriptedPortal::new(&world, tab.page, steps);
        later(&world, &one, 30_000.0, paying(501));
        let second = later(&world, &two, 30_000.0, paying(502));
        world.rest();
        was_told(&second, expected);
        two.finished();
    }
}

#[test]
fn the_wait_for_an_order_that_a_second_look_tells_is_as_long_as_any_other() {
    let world = World::new();
    let page = world.tab();
    let [crm, sale] = unread();
    let steps = [
        crm.after(11_000.0),
        sale,
        on(GET, of_order(502, "917/2", false)),
    ];
    let late = ScriptedPortal::new(&world, Rc::clone(&page), steps);
    let slow = pays_slowly(501, "917/1", 60_000.0);
    let one = ScriptedPortal::new(&world, page, slow);
    let told = start(&world, &late, 0.0, paying(502), patient(2_000.0, 20_000.0));
    let paid = start(
        &world,
        &one,
        10_000.0,
        paying(501),
        patient(65_000.0, 61_000.0),
    );
    world.rest();
    was_told(&paid, "paid, recovered false");
    // It begins when the second look has come, which takes 100 ms.
    was_told_at(&told, "rejected, UNDER_WAY", 11_100.0 + 22_000.0);
    one.finished();
    late.finished();
}

#[test]
fn a_read_of_ten_seconds_is_good_and_a_longer_one_is_made_again() {
    for (took_ms, reads) in [(10_000.0, 1), (10_001.0, 2)] {
        let world = World::new();
        let mut steps = vec![on(GET, of_order(501, "917/1", false)).after(took_ms)];
        if reads == 2 {
            steps.push(on(GET, of_order(501, "917/1", false)));
        }
        steps.push(on(PAY, yes()));
        steps.push(on(GET, of_order(501, "917/1", true)));
        let portal = ScriptedPortal::new(&world, world.tab(), steps);
        let told = later(&world, &portal, 5_000.0, paying(501));
        world.rest();
        was_told(&told, "paid, recovered false");
        portal.finished();
    }
}
