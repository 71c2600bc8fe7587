//! One payment, one sender: who shares, who waits, and what another tab or a closed page leaves.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod support;

use std::cell::RefCell;
use std::future::{Future, poll_fn};
use std::rc::Rc;
use std::task::Poll;

use b24pay::amount::Amount;
use b24pay::confirm::confirm;
use b24pay::error::Error;
use b24pay::outcome::Outcome;
use b24pay::page::Page;
use b24pay::payment::{PaySystemId, PaymentId};
use b24pay::portal::{Ended, Entry, Portal};
use b24pay::request::{Action, Details, PayOptions, PayRequest};
use b24pay::signal::Line;
use futures_util::FutureExt;
use serde_json::json;
use support::script::{
    Act, GET, PAY, SALE_GET, ScriptedPortal, Step, no, on, shows, shows_with, yes,
};
use support::world::{Habits, Tab, World};

const MARK: &str = "crm.item.payment.pay";

fn request_for(payment: u64) -> PayRequest {
    PayRequest {
        payment: PaymentId::new(payment).unwrap(),
        action: Action::Pay(PaySystemId::new(11).unwrap(), Details::default()),
    }
}

fn marking() -> PayRequest {
    PayRequest {
        payment: PaymentId::new(501).unwrap(),
        action: Action::MarkPaid,
    }
}

fn with_invoice(id: &str) -> PayRequest {
    let details = Details {
        invoice_id: Some(id.into()),
        ..Details::default()
    };
    PayRequest {
        payment: PaymentId::new(501).unwrap(),
        action: Action::Pay(PaySystemId::new(11).unwrap(), details),
    }
}

fn patient(settle_ms: f64, deadline_ms: f64) -> PayOptions {
    PayOptions {
        settle_ms,
        deadline_ms,
        ..PayOptions::default()
    }
}

/// What a caller was told, and when.
type Told = Rc<RefCell<Option<(String, f64)>>>;

/// Starts a caller after so long.
fn start(
    world: &World,
    portal: &Rc<ScriptedPortal>,
    after_ms: f64,
    request: PayRequest,
    options: PayOptions,
) -> Told {
    let told: Told = Rc::default();
    let (slot, time) = (Rc::clone(&told), Rc::clone(&world.time));
    let portal: Rc<dyn Portal> = Rc::clone(portal) as _;
    world.spawn(async move {
        if after_ms > 0.0 {
            time.sleep(after_ms).await;
        }
        let said = confirm(&portal, &request, &options).await;
        slot.replace(Some((short(&said), time.now())));
    });
    told
}

/// Starts a caller now, with the usual options.
fn begin(world: &World, portal: &Rc<ScriptedPortal>, request: PayRequest) -> Told {
    start(world, portal, 0.0, request, PayOptions::default())
}

fn short(said: &Result<Outcome, Error>) -> String {
    match said {
        Ok(Outcome::Done { recovered, .. }) => format!("done, recovered {recovered}"),
        Ok(Outcome::Already { sent, .. }) => format!("already, sent {sent}"),
        Ok(Outcome::NotApplied { .. }) => "not applied".into(),
        Ok(Outcome::Unverified { .. }) => "unverified".into(),
        Ok(Outcome::Unknown { cause, .. }) => format!("unknown, {}", cause.code()),
        Err(error) => format!("rejected, {}", error.code()),
    }
}

#[track_caller]
fn was_told(told: &Told, expected: &str) {
    assert_eq!(told.borrow().clone().unwrap().0, expected);
}

#[track_caller]
fn was_told_at(told: &Told, expected: &str, at: f64) {
    assert_eq!(told.borrow().clone().unwrap(), (expected.into(), at));
}

/// When calls of a method were handed over.
fn times(portal: &ScriptedPortal, method: &str) -> Vec<f64> {
    let conversation = portal.conversation.borrow();
    let asked = conversation.iter().map(|line| line.trim());
    asked
        .filter(|line| line.split(' ').nth(1) == Some(method))
        .map(|line| line.split(' ').next().unwrap().parse().unwrap())
        .collect()
}

fn on_page(world: &World, page: Rc<Page>, steps: Vec<Step>) -> Rc<ScriptedPortal> {
    ScriptedPortal::new(world, page, steps)
}

fn paid_once() -> Vec<Step> {
    vec![
        on(GET, shows(501, false)),
        on(PAY, yes()).after(3_000.0),
        on(GET, shows(501, true)),
    ]
}

#[test]
fn a_double_click_sends_one_call_and_tells_both_the_same() {
    let world = World::new();
    let portal = on_page(&world, world.tab(), paid_once());
    let told: Vec<Told> = [0.0, 0.0, 150.0, 2_000.0]
        .map(|after| {
            start(
                &world,
                &portal,
                after,
                request_for(501),
                PayOptions::default(),
            )
        })
        .to_vec();
    world.rest();
    for told in &told {
        was_told(told, "done, recovered false");
    }
    portal.finished();
}

#[test]
fn after_the_outcome_a_new_call_reads_anew() {
    let world = World::new();
    let mut steps = paid_once();
    steps.push(on(GET, shows(501, true)));
    let portal = on_page(&world, world.tab(), steps);
    let first = begin(&world, &portal, request_for(501));
    let second = start(
        &world,
        &portal,
        4_000.0,
        request_for(501),
        PayOptions::default(),
    );
    world.rest();
    was_told(&first, "done, recovered false");
    was_told(&second, "already, sent false");
    portal.finished();
}

#[test]
fn unlike_calls_wait_and_begin_with_a_read_of_their_own() {
    for second in [marking(), with_invoice("bank-1")] {
        let world = World::new();
        let mut steps = paid_once();
        steps.push(on(GET, shows(501, true)));
        let portal = on_page(&world, world.tab(), steps);
        let one = begin(&world, &portal, request_for(501));
        let two = begin(&world, &portal, second);
        world.rest();
        was_told(&one, "done, recovered false");
        was_told_at(&two, "already, sent false", 3_300.0);
        portal.finished();
    }
}

#[test]
fn what_a_second_caller_expects_is_checked_by_its_own_read() {
    let world = World::new();
    let mut steps = vec![
        on(GET, shows(501, false)),
        on(PAY, yes()),
        on(GET, shows(501, false)),
    ];
    steps.push(on(GET, shows(501, false)));
    let portal = on_page(&world, world.tab(), steps);
    let mut options = PayOptions::default();
    options.terms.sum = Amount::from_text("999.99");
    let first = begin(&world, &portal, request_for(501));
    let second = start(&world, &portal, 0.0, request_for(501), options);
    world.rest();
    was_told(&first, "not applied");
    was_told(&second, "rejected, AMOUNT_CHANGED");
    portal.finished();
}

#[test]
fn whoever_has_waited_does_not_trust_what_it_knew() {
    let world = World::new();
    let page = world.tab();
    let lend = on_page(&world, world.bare_tab(), vec![on(GET, shows(501, true))]);
    let known = {
        let portal: Rc<dyn Portal> = lend;
        let said = world
            .run(async move { confirm(&portal, &request_for(501), &PayOptions::default()).await });
        let Ok(Outcome::Already { payment, .. }) = said else {
            panic!("{said:?}");
        };
        let mut payment = Rc::unwrap_or_clone(payment);
        payment.paid = false;
        Rc::new(payment)
    };
    let mut steps = paid_once();
    steps.push(on(GET, shows(501, true)));
    let portal = on_page(&world, page, steps);
    let options = PayOptions {
        known: Some((known, world.time.now())),
        ..PayOptions::default()
    };
    begin(&world, &portal, request_for(501));
    let second = start(&world, &portal, 0.0, with_invoice("bank-1"), options);
    world.rest();
    was_told(&second, "already, sent false");
    portal.finished();
}

#[test]
fn another_tab_waits_for_the_lock_and_finds_it_paid() {
    let world = World::new();
    let one = on_page(&world, world.tab(), paid_once());
    let two = on_page(&world, world.tab(), vec![on(GET, shows(501, true))]);
    let first = start(&world, &one, 0.0, request_for(501), PayOptions::default());
    let second = start(
        &world,
        &two,
        1_000.0,
        request_for(501),
        PayOptions::default(),
    );
    world.rest();
    was_told(&first, "done, recovered false");
    was_told_at(&second, "already, sent false", 3_300.0);
    one.finished();
    two.finished();
}

#[test]
fn tabs_without_locks_do_not_wait_for_each_other() {
    let world = World::new();
    let one = on_page(&world, world.bare_tab(), paid_once());
    let two = on_page(&world, world.bare_tab(), paid_once());
    start(&world, &one, 0.0, request_for(501), PayOptions::default());
    let second = start(&world, &two, 0.0, request_for(501), PayOptions::default());
    world.rest();
    was_told_at(&second, "done, recovered false", 3_200.0);
    one.finished();
    two.finished();
    assert!(world.origin.journal.borrow().is_empty());
}

#[test]
fn without_locks_one_page_still_sends_once() {
    let world = World::new();
    let mut steps = paid_once();
    steps.push(on(GET, shows(501, true)));
    let portal = on_page(&world, world.bare_tab(), steps);
    begin(&world, &portal, request_for(501));
    let second = begin(&world, &portal, marking());
    world.rest();
    was_told(&second, "already, sent false");
    portal.finished();
}

#[test]
fn who_waits_too_long_sends_nothing() {
    let hangs = || {
        let mut steps = vec![on(GET, shows(501, false)), on(PAY, Act::Hangs)];
        steps.push(on(GET, shows(501, true)));
        steps
    };
    // In one page.
    let world = World::new();
    let portal = on_page(&world, world.tab(), hangs());
    begin(&world, &portal, request_for(501));
    let second = start(&world, &portal, 1_000.0, marking(), patient(2_000.0, 500.0));
    world.rest();
    was_told_at(&second, "rejected, UNDER_WAY", 3_500.0);
    portal.finished();
    // Across tabs.
    let world = World::new();
    let one = on_page(&world, world.tab(), hangs());
    let two = on_page(&world, world.tab(), vec![]);
    start(&world, &one, 0.0, request_for(501), PayOptions::default());
    let options = patient(2_000.0, 500.0);
    let second = start(&world, &two, 1_000.0, request_for(501), options);
    world.rest();
    was_told_at(&second, "rejected, UNDER_WAY", 3_500.0);
    one.finished();
}

#[test]
fn who_is_called_and_has_gone_before_it_looks_passes_the_turn_on() {
    let line = Rc::new(Line::default());
    let wait = || Box::pin(Rc::clone(&line).turn());
    let first = wait().now_or_never();
    let (mut second, mut third) = (wait(), wait());
    assert!((&mut second).now_or_never().is_none());
    assert!((&mut third).now_or_never().is_none());
    drop(first);
    drop(second);
    assert!((&mut third).now_or_never().is_some());
    drop(third);
    assert!(line.is_idle());
}

#[test]
fn a_place_in_the_line_is_passed_on_by_who_gave_it_up() {
    let world = World::new();
    let mut steps = paid_once();
    steps.push(on(GET, shows(501, true)));
    let portal = on_page(&world, world.tab(), steps);
    begin(&world, &portal, request_for(501));
    let hasty = start(&world, &portal, 0.0, marking(), patient(1_000.0, 500.0));
    let third = begin(&world, &portal, with_invoice("bank-1"));
    world.rest();
    was_told(&hasty, "rejected, UNDER_WAY");
    was_told(&third, "already, sent false");
    portal.finished();
}

/// A tab that sends a call of which nothing is heard, and is closed after two seconds.
fn closed_tab(world: &World) -> (Tab, Rc<ScriptedPortal>) {
    let tab = world.open(Habits::default());
    let steps = vec![on(GET, shows(501, false)), on(PAY, Act::Hangs)];
    let portal = on_page(world, Rc::clone(&tab.page), steps);
    let calls: Rc<dyn Portal> = Rc::clone(&portal) as _;
    tab.life.spawn(async move {
        let _ = confirm(&calls, &request_for(501), &PayOptions::default()).await;
    });
    let (life, closing) = (Rc::clone(&tab.life), world.time.sleep(2_000.0));
    world.spawn(async move {
        closing.await;
        life.close();
    });
    (tab, portal)
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
    let two = on_page(&world, world.tab(), steps);
    let told = start(
        &world,
        &two,
        3_000.0,
        request_for(501),
        PayOptions::default(),
    );
    world.rest();
    // The second look sees that it was paid; the flow then begins with a read of its own.
    was_told_at(
        &told,
        "already, sent false",
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
    let mut steps: Vec<Step> = looks
        .map(|_| on(GET, shows(501, false)).after(0.0))
        .to_vec();
    steps.extend([
        on(GET, shows(501, false)),
        on(PAY, yes()),
        on(GET, shows(501, true)),
    ]);
    let two = on_page(&world, world.tab(), steps);
    let told = start(
        &world,
        &two,
        3_000.0,
        request_for(501),
        PayOptions::default(),
    );
    world.rest();
    // It was sent at 100 and may have changed until 65,100.
    assert_eq!(times(&two, PAY), [65_200.0]);
    was_told(&told, "done, recovered false");
    two.finished();
}

#[test]
fn where_reading_is_not_allowed_a_closed_tab_is_waited_for() {
    let world = World::new();
    let (_tab, _left) = closed_tab(&world);
    let denied = || {
        [
            on(GET, no(403, "ACCESS_DENIED", "")).after(0.0),
            on(SALE_GET, no(400, "200040300010", "")).after(0.0),
        ]
    };
    let mut steps = denied().to_vec();
    steps.extend(denied());
    steps.push(on(PAY, yes()));
    steps.extend(denied());
    let two = on_page(&world, world.tab(), steps);
    let told = start(
        &world,
        &two,
        3_000.0,
        request_for(501),
        PayOptions::default(),
    );
    world.rest();
    assert_eq!(times(&two, PAY), [65_100.0]);
    was_told(&told, "unverified");
    two.finished();
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

#[test]
fn a_forged_entry_delays_no_longer_than_a_true_one() {
    for (sent_in, settle_ms) in [(1e12, 1e12), (0.0, 1e300), (f64::NAN, f64::NAN)] {
        let world = World::new();
        let tab = world.open(Habits::default());
        let sent_at = tab.life.wall() + sent_in;
        world
            .origin
            .journal
            .borrow_mut()
            .push(entry(501, sent_at, settle_ms));
        let mut steps: Vec<Step> = (0..4)
            .map(|_| on(GET, shows(501, false)).after(0.0))
            .collect();
        steps.extend([on(PAY, yes()), on(GET, shows(501, true))]);
        let portal = on_page(&world, Rc::clone(&tab.page), steps);
        let told = start(
            &world,
            &portal,
            0.0,
            request_for(501),
            patient(5_000.0, 1_000.0),
        );
        world.rest();
        assert_eq!(times(&portal, PAY), [5_000.0], "{sent_in} {settle_ms}");
        was_told(&told, "done, recovered false");
        portal.finished();
    }
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
        let portal = on_page(&world, world.tab(), paid_once());
        let told = begin(&world, &portal, request_for(501));
        world.rest();
        was_told(&told, "done, recovered false");
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
    let portal = on_page(&world, Rc::clone(&tab.page), steps);
    let told = begin(&world, &portal, request_for(501));
    world.rest();
    was_told_at(&told, "done, recovered false", 3_300.0);
    portal.finished();
}

#[test]
fn the_journal_says_what_is_under_way_and_holds_no_secret() {
    let world = World::new();
    let portal = on_page(&world, world.tab(), paid_once());
    begin(&world, &portal, with_invoice("secret"));
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
    assert!(!format!("{entry:?}").contains("secret"));
    assert!(world.origin.journal.borrow().is_empty());
}

#[test]
fn an_abort_detaches_its_caller_only() {
    let world = World::new();
    let portal = on_page(&world, world.tab(), paid_once());
    let options = world.aborted_after(50.0);
    let aborted = start(&world, &portal, 0.0, request_for(501), options);
    let stays = begin(&world, &portal, request_for(501));
    world.rest();
    was_told_at(&aborted, "rejected, ABORTED", 50.0);
    was_told(&stays, "done, recovered false");
    portal.finished();
}

#[test]
fn unsent_work_stops_when_all_callers_have_gone() {
    let world = World::new();
    let steps = vec![on(GET, shows(501, false)), on(GET, shows(501, true))];
    let portal = on_page(&world, world.tab(), steps);
    let options = world.aborted_after(50.0);
    let told =
        [0.0, 20.0].map(|after| start(&world, &portal, after, request_for(501), options.clone()));
    // Whoever comes later has a run of its own.
    let late = start(
        &world,
        &portal,
        60.0,
        request_for(501),
        PayOptions::default(),
    );
    world.rest();
    for told in &told {
        was_told_at(told, "rejected, ABORTED", 50.0);
    }
    was_told(&late, "already, sent false");
    assert_eq!(portal.sent(PAY), 0);
    portal.finished();
}

#[test]
fn sent_work_goes_on_when_all_callers_have_gone_and_keeps_its_turn() {
    let world = World::new();
    let mut steps = paid_once();
    steps.push(on(GET, shows(501, true)));
    let portal = on_page(&world, world.tab(), steps);
    let options = world.aborted_after(400.0);
    let aborted = start(&world, &portal, 0.0, request_for(501), options);
    let unlike = start(&world, &portal, 500.0, marking(), PayOptions::default());
    world.rest();
    was_told_at(&aborted, "unknown, ABORTED", 400.0);
    was_told_at(&unlike, "already, sent false", 3_300.0);
    portal.finished();
}

#[test]
fn an_abort_while_a_limit_is_waited_for_sends_nothing_more() {
    let world = World::new();
    let steps = vec![
        on(GET, shows(501, false)),
        on(PAY, no(503, "QUERY_LIMIT_EXCEEDED", "")),
    ];
    let portal = on_page(&world, world.tab(), steps);
    let options = world.aborted_after(700.0);
    let told = start(&world, &portal, 0.0, request_for(501), options);
    world.rest();
    was_told_at(&told, "rejected, ABORTED", 700.0);
    portal.finished();
    assert!(world.origin.journal.borrow().is_empty());
}

fn of_order(id: u64, account_number: &str, paid: bool) -> Act {
    shows_with(id, paid, &json!({"accountNumber": account_number}))
}

fn pays_slowly(id: u64, account_number: &str) -> Vec<Step> {
    vec![
        on(GET, of_order(id, account_number, false)),
        on(PAY, yes()).after(3_000.0),
        on(GET, of_order(id, account_number, true)),
    ]
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
            let one = on_page(&world, page, pays_slowly(501, "917/1"));
            let two = on_page(&world, other, pays_slowly(502, account_number));
            start(&world, &one, 0.0, request_for(501), PayOptions::default());
            start(&world, &two, 0.0, request_for(502), PayOptions::default());
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
        let portal = on_page(&world, world.tab(), steps);
        portal.tells_apart.set(tells_apart);
        let one = begin(&world, &portal, request_for(501));
        let two = begin(&world, &portal, request_for(502));
        world.rest();
        was_told(&one, "done, recovered false");
        was_told(&two, "done, recovered false");
        assert_eq!(times(&portal, PAY), sent_at);
        portal.finished();
    }
}

#[test]
fn a_read_that_has_grown_old_in_waiting_is_repeated_before_sending() {
    let world = World::new();
    let page = world.tab();
    let mut slow = pays_slowly(501, "917/1");
    slow[1] = on(PAY, yes()).after(12_000.0);
    let one = on_page(&world, Rc::clone(&page), slow);
    let steps = vec![
        on(GET, of_order(502, "917/2", false)),
        on(GET, of_order(502, "917/2", true)),
    ];
    let two = on_page(&world, page, steps);
    start(&world, &one, 0.0, request_for(501), PayOptions::default());
    let second = start(&world, &two, 0.0, request_for(502), PayOptions::default());
    world.rest();
    was_told(&second, "already, sent false");
    two.finished();
}

#[test]
fn a_read_from_before_the_machine_slept_is_repeated_before_sending() {
    for (slept_ms, expected) in [
        (60_000.0, "already, sent false"),
        (0.0, "done, recovered false"),
    ] {
        let world = World::new();
        let tab = world.open(Habits {
            jumps: vec![(31_000.0, slept_ms)],
            ..Habits::default()
        });
        let one = on_page(&world, Rc::clone(&tab.page), pays_slowly(501, "917/1"));
        let mut steps = vec![on(GET, of_order(502, "917/2", false))];
        if slept_ms == 0.0 {
            steps.push(on(PAY, yes()));
        }
        steps.push(on(GET, of_order(502, "917/2", true)));
        let two = on_page(&world, tab.page, steps);
        let usual = PayOptions::default;
        start(&world, &one, 30_000.0, request_for(501), usual());
        let second = start(&world, &two, 30_000.0, request_for(502), usual());
        world.rest();
        was_told(&second, expected);
        two.finished();
    }
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
    let portal = on_page(&world, world.tab(), steps);
    portal.tells_apart.set(false);
    let silent = start(
        &world,
        &portal,
        0.0,
        request_for(501),
        patient(1_000.0, 9_000.0),
    );
    let late = start(
        &world,
        &portal,
        0.0,
        request_for(502),
        patient(2_000.0, 5_000.0),
    );
    world.rest();
    was_told(&silent, "unknown, NO_ANSWER");
    was_told_at(&late, "rejected, UNDER_WAY", 7_100.0);
    portal.finished();
}

#[test]
fn the_turn_outlasts_an_unknown_outcome_until_the_window_ends() {
    let world = World::new();
    let denied = || {
        vec![
            on(GET, no(403, "ACCESS_DENIED", "")).after(0.0),
            on(SALE_GET, no(400, "200040300010", "")).after(0.0),
        ]
    };
    let mut steps = denied();
    steps.push(on(PAY, Act::Breaks(Some(502))));
    steps.extend(denied());
    steps.extend(denied());
    steps.push(on(MARK, yes()));
    steps.extend(denied());
    let portal = on_page(&world, world.tab(), steps);
    let first = begin(&world, &portal, request_for(501));
    let second = start(&world, &portal, 200.0, marking(), PayOptions::default());
    world.rest();
    was_told_at(&first, "unknown, NO_ANSWER", 100.0);
    assert_eq!(times(&portal, MARK), [65_100.0]);
    was_told(&second, "unverified");
    portal.finished();
}

#[test]
fn what_is_over_is_not_shared_although_it_may_still_change() {
    let world = World::new();
    let denied = || {
        vec![
            on(GET, no(403, "ACCESS_DENIED", "")).after(0.0),
            on(SALE_GET, no(400, "200040300010", "")).after(0.0),
        ]
    };
    let mut steps = denied();
    steps.push(on(PAY, Act::Breaks(Some(502))));
    steps.extend(denied());
    steps.extend(denied());
    steps.push(on(PAY, yes()));
    steps.extend(denied());
    let portal = on_page(&world, world.tab(), steps);
    let first = begin(&world, &portal, request_for(501));
    let again = start(
        &world,
        &portal,
        200.0,
        request_for(501),
        PayOptions::default(),
    );
    world.rest();
    was_told_at(&first, "unknown, NO_ANSWER", 100.0);
    was_told_at(&again, "unverified", 65_200.0);
    portal.finished();
}

#[test]
fn who_asks_for_the_same_after_an_unlike_call_waits_behind_that_one() {
    let world = World::new();
    let mut steps = paid_once();
    steps.push(on(GET, shows(501, true)));
    steps.push(on(GET, shows(501, true)));
    let portal = on_page(&world, world.tab(), steps);
    let requests = [request_for(501), marking(), request_for(501)];
    let told = requests.map(|one| begin(&world, &portal, one));
    world.rest();
    was_told_at(&told[0], "done, recovered false", 3_200.0);
    was_told_at(&told[1], "already, sent false", 3_300.0);
    was_told_at(&told[2], "already, sent false", 3_400.0);
    portal.finished();
}

#[test]
fn what_is_over_and_not_yet_told_does_not_keep_identical_callers_apart() {
    let world = World::new();
    let portal = on_page(&world, world.tab(), paid_once());
    let first = begin(&world, &portal, request_for(501));
    // Another kind of call waits for the first until it is too late. When its run is over, and before
    // it hears so, somebody asks for what the first one asked for.
    let (portal_of_both, time) = (Rc::clone(&portal), Rc::clone(&world.time));
    let (unlike, identical) = world.run(async move {
        let portal: Rc<dyn Portal> = portal_of_both;
        let (marking, paying) = (marking(), request_for(501));
        let (hasty, patient) = (patient(1_000.0, 1_000.0), PayOptions::default());
        let mut unlike = Box::pin(confirm(&portal, &marking, &hasty));
        let mut identical = Box::pin(confirm(&portal, &paying, &patient));
        let mut refused = None;
        poll_fn(|context| {
            let said = if time.now() < 2_000.0 {
                Poll::Pending
            } else {
                identical.as_mut().poll(context)
            };
            if refused.is_none()
                && let Poll::Ready(said) = unlike.as_mut().poll(context)
            {
                refused = Some(short(&said));
            }
            said.map(|said| (refused.take(), short(&said)))
        })
        .await
    });
    world.rest();
    assert_eq!(unlike.as_deref(), Some("rejected, UNDER_WAY"));
    assert_eq!(identical, "done, recovered false");
    was_told(&first, "done, recovered false");
    portal.finished();
}

#[test]
fn a_seen_refusal_ends_what_nobody_waits_for_any_more() {
    let world = World::new();
    let steps = vec![
        on(GET, shows(501, false)),
        on(PAY, no(503, "QUERY_LIMIT_EXCEEDED", "")).after(1_000.0),
        on(GET, shows(501, true)),
    ];
    let portal = on_page(&world, world.tab(), steps);
    let options = world.aborted_after(500.0);
    let aborted = start(&world, &portal, 0.0, request_for(501), options);
    let waits = start(&world, &portal, 200.0, marking(), PayOptions::default());
    world.rest();
    was_told_at(&aborted, "unknown, ABORTED", 500.0);
    was_told_at(&waits, "already, sent false", 1_200.0);
    portal.finished();
}

#[test]
fn a_refusal_that_comes_late_is_not_sent_again() {
    let world = World::new();
    let steps = vec![
        on(GET, shows(501, false)),
        on(PAY, no(503, "QUERY_LIMIT_EXCEEDED", "")).after(1_500.0),
        on(GET, shows(501, false)),
        on(GET, shows(501, false)),
    ];
    let portal = on_page(&world, world.tab(), steps);
    let told = start(
        &world,
        &portal,
        0.0,
        request_for(501),
        patient(65_000.0, 1_000.0),
    );
    world.rest();
    was_told(&told, "rejected, LIMITED");
    portal.finished();
}

#[test]
fn a_refusal_that_was_not_seen_is_not_sent_again() {
    let world = World::new();
    let ended = Ended {
        started_at: Some(150.0),
        status: Some(503),
        certain: true,
    };
    let steps = vec![
        on(GET, shows(501, false)),
        on(PAY, Act::EndsSilently(ended)),
        on(GET, shows(501, false)).after(0.0),
        on(GET, shows(501, false)).after(0.0),
        on(GET, shows(501, false)).after(0.0),
    ];
    let portal = on_page(&world, world.tab(), steps);
    let told = start(
        &world,
        &portal,
        0.0,
        request_for(501),
        patient(2_000.0, 1_000.0),
    );
    world.rest();
    // The window begins with the end of the request, however early it was seen to start.
    was_told_at(&told, "not applied", 2_200.0);
    portal.finished();
}

#[test]
fn an_empty_answer_does_not_say_when_the_request_started() {
    // `BX24` may have held it back: that stays in doubt.
    for (tells_apart, expected) in [(false, "unknown, NONSENSE"), (true, "not applied")] {
        let world = World::new();
        let mut steps = vec![
            on(GET, shows(501, false)),
            on(PAY, Act::Says(200, json!({}))).after(1_500.0),
        ];
        steps.extend((0..3).map(|_| on(GET, shows(501, false)).after(0.0)));
        let portal = on_page(&world, world.tab(), steps);
        portal.tells_apart.set(tells_apart);
        let told = start(
            &world,
            &portal,
            0.0,
            request_for(501),
            patient(2_000.0, 5_000.0),
        );
        world.rest();
        was_told(&told, expected);
        portal.finished();
    }
}

#[test]
fn an_order_that_only_a_second_look_tells_has_its_turn_too() {
    let world = World::new();
    let page = world.tab();
    let denied = [
        on(GET, no(403, "ACCESS_DENIED", "")).after(11_000.0),
        on(SALE_GET, no(400, "200040300010", "")),
    ];
    let mut steps = denied.to_vec();
    steps.extend(pays_slowly(502, "917/2"));
    let late = on_page(&world, Rc::clone(&page), steps);
    let one = on_page(&world, page, pays_slowly(501, "917/1"));
    start(&world, &late, 0.0, request_for(502), PayOptions::default());
    start(
        &world,
        &one,
        11_000.0,
        request_for(501),
        PayOptions::default(),
    );
    world.rest();
    assert_eq!(times(&one, PAY), [11_100.0]);
    assert_eq!(times(&late, PAY), [14_100.0]);
    one.finished();
    late.finished();
}

#[test]
fn an_edges_error_does_not_say_when_the_request_started_either() {
    let world = World::new();
    let mut steps = vec![
        on(GET, shows(501, false)),
        on(PAY, no(400, "INTERNAL_SERVER_ERROR", "")).after(1_500.0),
    ];
    steps.extend((0..3).map(|_| on(GET, shows(501, false)).after(0.0)));
    let portal = on_page(&world, world.tab(), steps);
    portal.tells_apart.set(false);
    let told = start(
        &world,
        &portal,
        0.0,
        request_for(501),
        patient(2_000.0, 5_000.0),
    );
    world.rest();
    was_told(&told, "unknown, REFUSED");
    portal.finished();
}

#[test]
fn a_second_look_that_grows_old_in_the_orders_line_is_repeated() {
    let world = World::new();
    let page = world.tab();
    let denied = [
        on(GET, no(403, "ACCESS_DENIED", "")).after(11_000.0),
        on(SALE_GET, no(400, "200040300010", "")),
    ];
    let mut steps = denied.to_vec();
    steps.push(on(GET, of_order(502, "917/2", false)));
    // Somebody else has paid it while the order's turn was waited for.
    steps.push(on(GET, of_order(502, "917/2", true)));
    let late = on_page(&world, Rc::clone(&page), steps);
    let mut slow = pays_slowly(501, "917/1");
    slow[1] = on(PAY, yes()).after(20_000.0);
    let one = on_page(&world, page, slow);
    let told = start(&world, &late, 0.0, request_for(502), PayOptions::default());
    start(
        &world,
        &one,
        11_000.0,
        request_for(501),
        PayOptions::default(),
    );
    world.rest();
    was_told(&told, "already, sent false");
    late.finished();
    one.finished();
}

#[test]
fn the_longest_that_a_call_takes_is_what_the_page_says() {
    // Another tab keeps the payment's turn, each read takes both readers to their deadlines, a second look included, and the request
    // ends late in what would have been the last read.
    const LATE_MS: f64 = 29_999.0;
    let read = || {
        [
            on(GET, no(403, "ACCESS_DENIED", "")).after(LATE_MS),
            on(SALE_GET, shows(501, false)).after(LATE_MS),
        ]
    };
    let ended = Ended {
        started_at: Some(95_000.0 + 4.0 * LATE_MS),
        status: Some(504),
        certain: true,
    };
    let mut steps = [read(), read()].concat();
    steps.push(on(PAY, Act::EndsSilently(ended)).after(124_997.0));
    for _ in 0..3 {
        steps.extend(read());
    }
    steps.push(on(GET, no(403, "ACCESS_DENIED", "")).after(LATE_MS));
    steps.extend(read());
    let world = World::new();
    let (other, time) = (world.tab(), Rc::clone(&world.time));
    world.spawn(async move {
        let name = "b24pay:portal.example/payment/501";
        let _lock = other.locks.acquire(name).await;
        time.sleep(94_999.0).await;
    });
    let portal = on_page(&world, world.tab(), steps);
    portal.tells_apart.set(false);
    let told = begin(&world, &portal, request_for(501));
    world.rest();
    portal.finished();
    let (said, at) = told.borrow().clone().unwrap();
    assert_eq!(said, "not applied");
    assert!((464_900.0..=465_000.0).contains(&at), "{at}");
}
