//! One payment, one sender: who shares, who waits, in one page and across tabs, and who has gone.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod support;

use std::future::{Future, poll_fn};
use std::rc::Rc;
use std::task::Poll;

use b24pay::amount::Amount;
use b24pay::confirm::confirm;
use b24pay::outcome::Outcome;
use b24pay::page::Page;
use b24pay::payment::{Payment, PaymentId};
use b24pay::portal::{Clock, Held, Locks, Pending, Portal};
use b24pay::request::PayOptions;
use b24pay::signal::Line;
use futures_util::FutureExt;
use support::calls::{
    MARK, Told, begin, later, marking, of_order, paid_once, patient, paying, short, start, times,
    unread, was_told, was_told_at, with_invoice,
};
use support::script::{Act, GET, PAY, ScriptedPortal, Step, no, on, shows, yes};
use support::world::{Habits, World};

#[test]
fn a_double_click_sends_one_call_and_tells_both_the_same() {
    let world = World::new();
    let portal = ScriptedPortal::new(&world, world.tab(), paid_once());
    let told: Vec<Told> = [0.0, 0.0, 150.0, 2_000.0]
        .map(|after| later(&world, &portal, after, paying(501)))
        .to_vec();
    world.rest();
    for told in &told {
        was_told(told, "paid, recovered false");
    }
    portal.finished();
}

#[test]
fn a_call_about_another_payment_in_between_does_not_keep_identical_callers_apart() {
    let world = World::new();
    let of_two = |paid| {
        [(501, "917/1"), (502, "918/1")].map(|(id, number)| on(GET, of_order(id, number, paid)))
    };
    let mut steps = of_two(false).to_vec();
    steps.extend([on(PAY, yes()), on(PAY, yes())]);
    steps.extend(of_two(true));
    let portal = ScriptedPortal::new(&world, world.tab(), steps);
    let told = [501, 502, 501].map(|payment| begin(&world, &portal, paying(payment)));
    world.rest();
    for told in &told {
        was_told_at(told, "paid, recovered false", 300.0);
    }
    portal.finished();
}

#[test]
fn callers_by_different_portals_do_not_share() {
    let world = World::new();
    let page = world.tab();
    let one = ScriptedPortal::new(&world, Rc::clone(&page), paid_once());
    let two = ScriptedPortal::new(&world, page, vec![on(GET, shows(501, true))]);
    let first = begin(&world, &one, paying(501));
    let second = begin(&world, &two, paying(501));
    world.rest();
    was_told_at(&first, "paid, recovered false", 3_200.0);
    was_told_at(&second, "already paid, sent false", 3_300.0);
    one.finished();
    two.finished();
}

#[test]
fn after_the_outcome_a_new_call_reads_anew() {
    let world = World::new();
    let mut steps = paid_once();
    steps.push(on(GET, shows(501, true)));
    let portal = ScriptedPortal::new(&world, world.tab(), steps);
    let first = begin(&world, &portal, paying(501));
    let second = later(&world, &portal, 4_000.0, paying(501));
    world.rest();
    was_told(&first, "paid, recovered false");
    was_told(&second, "already paid, sent false");
    portal.finished();
}

#[test]
fn unlike_calls_wait_and_begin_with_a_read_of_their_own() {
    for second in [marking(), with_invoice("bank-1")] {
        let world = World::new();
        let mut steps = paid_once();
        steps.push(on(GET, shows(501, true)));
        let portal = ScriptedPortal::new(&world, world.tab(), steps);
        let one = begin(&world, &portal, paying(501));
        let two = begin(&world, &portal, second);
        world.rest();
        was_told(&one, "paid, recovered false");
        was_told_at(&two, "already paid, sent false", 3_300.0);
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
    let portal = ScriptedPortal::new(&world, world.tab(), steps);
    let mut options = PayOptions::default();
    options.terms.sum = Amount::from_text("999.99");
    let first = begin(&world, &portal, paying(501));
    let second = start(&world, &portal, 0.0, paying(501), options);
    world.rest();
    was_told(&first, "not applied, answered");
    was_told(&second, "rejected, AMOUNT_CHANGED");
    portal.finished();
}

/// One call after another about a payment, of which the second knew it as unpaid: it reads once more, and does not send.
#[track_caller]
fn reads_anew_behind(first: Vec<Step>) {
    let world = World::new();
    let known = unpaid(&world);
    let mut steps = first;
    steps.push(on(GET, shows(501, true)));
    let portal = ScriptedPortal::new(&world, world.tab(), steps);
    let options = knowing(known, world.time.now());
    begin(&world, &portal, paying(501));
    let second = start(&world, &portal, 0.0, with_invoice("bank-1"), options);
    world.rest();
    was_told(&second, "already paid, sent false");
    portal.finished();
}

#[test]
fn whoever_has_waited_does_not_trust_what_it_knew() {
    reads_anew_behind(paid_once());
}

#[test]
fn whoever_has_waited_for_a_call_that_sent_nothing_does_not_trust_what_it_knew_either() {
    reads_anew_behind(vec![on(GET, shows(501, true)).after(5_000.0)]);
}

#[test]
fn whoever_has_waited_for_another_tab_does_not_trust_what_it_knew() {
    let world = World::new();
    let known = unpaid(&world);
    let one = ScriptedPortal::new(&world, world.tab(), paid_once());
    let two = ScriptedPortal::new(&world, world.tab(), vec![on(GET, shows(501, true))]);
    let options = knowing(known, world.time.now());
    begin(&world, &one, paying(501));
    let second = start(&world, &two, 1_000.0, paying(501), options);
    world.rest();
    was_told(&second, "already paid, sent false");
    one.finished();
    two.finished();
}

#[test]
fn what_was_known_before_a_call_of_the_page_ended_is_read_again() {
    let world = World::new();
    let known = unpaid(&world);
    let mut steps = paid_once();
    steps.push(on(GET, shows(501, true)));
    let portal = ScriptedPortal::new(&world, world.tab(), steps);
    let begun_at = world.time.now();
    let first = begin(&world, &portal, paying(501));
    let options = knowing(known, begun_at + 3_000.0);
    let second = start(&world, &portal, 4_000.0, with_invoice("bank-1"), options);
    world.rest();
    was_told(&first, "paid, recovered false");
    was_told(&second, "already paid, sent false");
    portal.finished();
}

#[test]
fn what_is_known_since_a_call_of_the_page_ended_is_believed_and_what_is_known_of_another_payment() {
    for (payment, known_at) in [(501, 3_500.0), (502, 3_000.0)] {
        let world = World::new();
        let mut known = Rc::unwrap_or_clone(unpaid(&world));
        known.id = PaymentId::new(payment).unwrap();
        let mut steps = paid_once();
        steps.extend([on(PAY, yes()), on(GET, shows(payment, true))]);
        let portal = ScriptedPortal::new(&world, world.tab(), steps);
        let options = knowing(Rc::new(known), world.time.now() + known_at);
        begin(&world, &portal, paying(501));
        let second = start(&world, &portal, 4_000.0, paying(payment), options);
        world.rest();
        was_told(&second, "paid, recovered false");
        portal.finished();
    }
}

/// What this payment was known as when it was asked for at this time.
fn knowing(payment: Rc<Payment>, at: f64) -> PayOptions {
    PayOptions {
        known: Some((payment, at)),
        ..PayOptions::default()
    }
}

/// Payment 501 as it was read before it was paid.
fn unpaid(world: &World) -> Rc<Payment> {
    let lend = ScriptedPortal::new(world, world.bare_tab(), vec![on(GET, shows(501, true))]);
    let portal: Rc<dyn Portal> = lend;
    let said =
        world.run(async move { confirm(&portal, &paying(501), &PayOptions::default()).await });
    let Ok(Outcome::Already { payment, .. }) = said else {
        panic!("{said:?}");
    };
    let mut payment = Rc::unwrap_or_clone(payment);
    payment.paid = false;
    Rc::new(payment)
}

#[test]
fn another_tab_waits_for_the_lock_and_finds_it_paid() {
    let world = World::new();
    let one = ScriptedPortal::new(&world, world.tab(), paid_once());
    let two = ScriptedPortal::new(&world, world.tab(), vec![on(GET, shows(501, true))]);
    let first = begin(&world, &one, paying(501));
    let second = later(&world, &two, 1_000.0, paying(501));
    world.rest();
    was_told(&first, "paid, recovered false");
    was_told_at(&second, "already paid, sent false", 3_300.0);
    one.finished();
    two.finished();
}

#[test]
fn who_was_frozen_past_its_patience_still_gets_what_nobody_else_has() {
    // Before the locks are asked for, and while one is.
    for from in [50.0, 2.0] {
        let world = World::new();
        let tab = world.open(Habits {
            freezes: vec![(from, 9_000.0)],
            ..Habits::default()
        });
        let (clock, journal) = (&tab.page.clock, &tab.page.journal);
        let page = Page::new(
            Rc::clone(clock),
            Rc::new(GrantedAfterAMoment(Rc::clone(clock))),
            Rc::clone(journal),
            Rc::clone(&tab.page.spawn),
        );
        let portal = ScriptedPortal::new(&world, page, paid_once());
        let told = start(&world, &portal, 0.0, paying(501), patient(2_000.0, 4_000.0));
        world.rest();
        was_told(&told, "paid, recovered false");
        portal.finished();
    }
}

#[test]
fn who_was_frozen_past_its_patience_waits_a_moment_longer_and_then_no_more() {
    let world = World::new();
    world.locks_elsewhere("b24pay:portal.example/payment/501", 60_000.0);
    let tab = world.open(Habits {
        freezes: vec![(50.0, 9_000.0)],
        ..Habits::default()
    });
    let portal = ScriptedPortal::new(&world, tab.page, vec![]);
    let told = start(&world, &portal, 0.0, paying(501), patient(2_000.0, 4_000.0));
    world.rest();
    was_told_at(&told, "rejected, UNDER_WAY", 10_000.0);
}

/// Locks of a tab alone. The browser grants them from outside the page, so that timers which are due may be first.
struct GrantedAfterAMoment(Rc<dyn Clock>);

impl Locks for GrantedAfterAMoment {
    fn acquire(&self, _: &str) -> Pending<'static, (Held, bool)> {
        let clock = Rc::clone(&self.0);
        Box::pin(async move {
            // What has come while the page was frozen is told behind its timers.
            clock.sleep(5.0).await;
            clock.sleep(5.0).await;
            (Held::nothing(), false)
        })
    }
}

#[test]
fn tabs_without_locks_do_not_wait_for_each_other() {
    let world = World::new();
    let one = ScriptedPortal::new(&world, world.bare_tab(), paid_once());
    let two = ScriptedPortal::new(&world, world.bare_tab(), paid_once());
    begin(&world, &one, paying(501));
    let second = begin(&world, &two, paying(501));
    world.rest();
    was_told_at(&second, "paid, recovered false", 3_200.0);
    one.finished();
    two.finished();
    assert!(world.origin.journal.borrow().is_empty());
}

#[test]
fn without_locks_one_page_still_sends_once() {
    let world = World::new();
    let mut steps = paid_once();
    steps.push(on(GET, shows(501, true)));
    let portal = ScriptedPortal::new(&world, world.bare_tab(), steps);
    begin(&world, &portal, paying(501));
    let second = begin(&world, &portal, marking());
    world.rest();
    was_told(&second, "already paid, sent false");
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
    let portal = ScriptedPortal::new(&world, world.tab(), hangs());
    begin(&world, &portal, paying(501));
    let second = start(&world, &portal, 1_000.0, marking(), patient(2_000.0, 500.0));
    world.rest();
    was_told_at(&second, "rejected, UNDER_WAY", 3_500.0);
    portal.finished();
    // Across tabs.
    let world = World::new();
    let one = ScriptedPortal::new(&world, world.tab(), hangs());
    let two = ScriptedPortal::new(&world, world.tab(), vec![]);
    begin(&world, &one, paying(501));
    let options = patient(2_000.0, 500.0);
    let second = start(&world, &two, 1_000.0, paying(501), options);
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
    let portal = ScriptedPortal::new(&world, world.tab(), steps);
    begin(&world, &portal, paying(501));
    let hasty = start(&world, &portal, 0.0, marking(), patient(1_000.0, 500.0));
    let third = begin(&world, &portal, with_invoice("bank-1"));
    world.rest();
    was_told(&hasty, "rejected, UNDER_WAY");
    was_told(&third, "already paid, sent false");
    portal.finished();
}

#[test]
fn an_abort_detaches_its_caller_only() {
    let world = World::new();
    let portal = ScriptedPortal::new(&world, world.tab(), paid_once());
    let options = world.aborted_after(50.0);
    let aborted = start(&world, &portal, 0.0, paying(501), options);
    let stays = begin(&world, &portal, paying(501));
    world.rest();
    was_told_at(&aborted, "rejected, ABORTED", 50.0);
    was_told(&stays, "paid, recovered false");
    portal.finished();
}

#[test]
fn unsent_work_stops_when_all_callers_have_gone() {
    let world = World::new();
    let steps = vec![on(GET, shows(501, false)), on(GET, shows(501, true))];
    let portal = ScriptedPortal::new(&world, world.tab(), steps);
    let options = world.aborted_after(50.0);
    let told = [0.0, 20.0].map(|after| start(&world, &portal, after, paying(501), options.clone()));
    // Whoever comes later has a run of its own.
    let late = later(&world, &portal, 60.0, paying(501));
    world.rest();
    for told in &told {
        was_told_at(told, "rejected, ABORTED", 50.0);
    }
    was_told(&late, "already paid, sent false");
    assert_eq!(portal.sent(PAY), 0);
    portal.finished();
}

#[test]
fn who_comes_the_moment_the_last_caller_goes_does_not_share_what_stops() {
    let world = World::new();
    let steps = vec![on(GET, shows(501, false)), on(GET, shows(501, true))];
    let portal = ScriptedPortal::new(&world, world.tab(), steps);
    let (of_both, time) = (Rc::clone(&portal), Rc::clone(&world.time));
    let said = world.run(async move {
        let portal: Rc<dyn Portal> = of_both;
        let (paying, options) = (paying(501), PayOptions::default());
        let mut first = Box::pin(confirm(&portal, &paying, &options));
        assert!((&mut first).now_or_never().is_none());
        time.sleep(50.0).await;
        drop(first);
        confirm(&portal, &paying, &options).await
    });
    assert_eq!(short(&said), "already paid, sent false");
    portal.finished();
}

#[test]
fn sent_work_goes_on_when_all_callers_have_gone_and_keeps_its_turn() {
    let world = World::new();
    let mut steps = paid_once();
    steps.push(on(GET, shows(501, true)));
    let portal = ScriptedPortal::new(&world, world.tab(), steps);
    let options = world.aborted_after(400.0);
    let aborted = start(&world, &portal, 0.0, paying(501), options);
    let unlike = later(&world, &portal, 500.0, marking());
    world.rest();
    was_told_at(&aborted, "unknown, ABORTED, read", 400.0);
    was_told_at(&unlike, "already paid, sent false", 3_300.0);
    portal.finished();
}

#[test]
fn an_abort_while_a_refused_call_waits_to_be_sent_again_sends_nothing_more() {
    for (refusal, renewals, abort_after) in [
        (no(503, "QUERY_LIMIT_EXCEEDED", ""), &[][..], 700.0),
        // A new token takes 100 ms.
        (no(401, "expired_token", ""), &[true], 250.0),
        (no(401, "expired_token", ""), &[false], 250.0),
    ] {
        let world = World::new();
        let steps = vec![on(GET, shows(501, false)), on(PAY, refusal)];
        let portal = ScriptedPortal::new(&world, world.tab(), steps);
        portal.renewals.borrow_mut().extend(renewals);
        let options = world.aborted_after(abort_after);
        let told = start(&world, &portal, 0.0, paying(501), options);
        world.rest();
        was_told_at(&told, "rejected, ABORTED", abort_after);
        portal.finished();
        assert!(portal.renewals.borrow().is_empty());
        assert!(world.origin.journal.borrow().is_empty());
    }
}

#[test]
fn the_turn_outlasts_an_unknown_outcome_until_the_window_ends() {
    let world = World::new();
    let mut steps = unread().to_vec();
    steps.push(on(PAY, Act::Breaks(Some(502))));
    steps.extend(unread());
    steps.extend(unread());
    steps.push(on(MARK, yes()));
    steps.extend(unread());
    let portal = ScriptedPortal::new(&world, world.tab(), steps);
    let first = begin(&world, &portal, paying(501));
    let second = later(&world, &portal, 200.0, marking());
    world.rest();
    was_told_at(&first, "unknown, NO_ANSWER, unread", 100.0);
    assert_eq!(times(&portal, MARK), [65_100.0]);
    was_told(&second, "unverified, ACCESS_DENIED");
    portal.finished();
}

#[test]
fn what_is_over_is_not_shared_although_it_may_still_change() {
    let world = World::new();
    let mut steps = unread().to_vec();
    steps.push(on(PAY, Act::Breaks(Some(502))));
    steps.extend(unread());
    steps.extend(unread());
    steps.push(on(PAY, yes()));
    steps.extend(unread());
    let portal = ScriptedPortal::new(&world, world.tab(), steps);
    let first = begin(&world, &portal, paying(501));
    let again = later(&world, &portal, 200.0, paying(501));
    world.rest();
    was_told_at(&first, "unknown, NO_ANSWER, unread", 100.0);
    was_told_at(&again, "unverified, ACCESS_DENIED", 65_200.0);
    portal.finished();
}

#[test]
fn who_asks_for_the_same_after_an_unlike_call_waits_behind_that_one() {
    let world = World::new();
    let mut steps = paid_once();
    steps.push(on(GET, shows(501, true)));
    steps.push(on(GET, shows(501, true)));
    let portal = ScriptedPortal::new(&world, world.tab(), steps);
    let requests = [paying(501), marking(), paying(501)];
    let told = requests.map(|one| begin(&world, &portal, one));
    world.rest();
    was_told_at(&told[0], "paid, recovered false", 3_200.0);
    was_told_at(&told[1], "already paid, sent false", 3_300.0);
    was_told_at(&told[2], "already paid, sent false", 3_400.0);
    portal.finished();
}

#[test]
fn what_is_over_and_not_yet_told_does_not_keep_identical_callers_apart() {
    let world = World::new();
    let portal = ScriptedPortal::new(&world, world.tab(), paid_once());
    let first = begin(&world, &portal, paying(501));
    // Another kind of call waits for the first until it is too late. When its run is over, and before
    // it hears so, somebody asks for what the first one asked for.
    let (portal_of_both, time) = (Rc::clone(&portal), Rc::clone(&world.time));
    let (unlike, identical) = world.run(async move {
        let portal: Rc<dyn Portal> = portal_of_both;
        let (marking, paying) = (marking(), paying(501));
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
    assert_eq!(identical, "paid, recovered false");
    was_told(&first, "paid, recovered false");
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
    let portal = ScriptedPortal::new(&world, world.tab(), steps);
    let options = world.aborted_after(500.0);
    let aborted = start(&world, &portal, 0.0, paying(501), options);
    let waits = later(&world, &portal, 200.0, marking());
    world.rest();
    was_told_at(&aborted, "unknown, ABORTED, read", 500.0);
    was_told_at(&waits, "already paid, sent false", 1_200.0);
    portal.finished();
}
