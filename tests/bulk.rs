//! Many payments at once, against the sandbox portal's rules under a virtual clock.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod support;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use b24pay::bulk::{Item, confirm_all};
use b24pay::error::Error;
use b24pay::outcome::Outcome;
use b24pay::payment::{PaySystemId, PaymentId};
use b24pay::portal::Portal;
use b24pay::request::{Action, Details, PayOptions, PayRequest};
use portal::{Fault, FaultKind, Order, Owner, PaySystem, Payment, Rights, Scenario, Setting};
use serde_json::{Value, json};
use support::calls::times;
use support::script::{Act, GET, PAY, ScriptedPortal, Step, no, on, shows, shows_with, yes};
use support::served::ServedPortal;
use support::world::{Habits, World};

fn request(payment: u64) -> Result<PayRequest, Error> {
    let action = Action::Pay(PaySystemId::new(11)?, Details::default());
    Ok(PayRequest {
        payment: PaymentId::new(payment)?,
        action,
    })
}

/// The portal's first so many payments.
fn first(portal: &ServedPortal, count: usize) -> Vec<Result<PayRequest, Error>> {
    let rules = portal.rules.borrow();
    let ids = rules.payments().map(|payment| payment.id);
    ids.take(count).map(request).collect()
}

/// Payments from 1 on, so many an order, of the pay system 11.
fn setting(payments: u64, an_order: u64) -> Setting {
    let mut setting = Setting::new()
        .pay_system(PaySystem::rest(11, "Card"))
        .operator(7, Rights::ADMIN);
    for id in 1..=payments {
        let order = 1000 + (id - 1) / an_order;
        let place = (id - 1) % an_order + 1;
        if place == 1 {
            setting = setting.order(Order::new(order, "EUR", Some(Owner::deal(7))));
        }
        setting = setting.payment(Payment::new(
            id,
            order,
            &format!("{order}/{place}"),
            11,
            10.0,
        ));
    }
    setting
}

/// Has somebody else paid it before anything is asked.
fn pay_before(rules: &mut portal::Portal, id: u64) {
    let paid = rules.payment(id).unwrap().clone().already_paid(8);
    *rules.payment_mut(id).unwrap() = paid;
}

/// What was said of each, and how often progress was told.
fn pay_all(
    world: &World,
    portal: &Rc<ServedPortal>,
    requests: Vec<Result<PayRequest, Error>>,
    options: PayOptions,
    concurrency: usize,
) -> Vec<String> {
    let said = Rc::new(RefCell::new(vec![String::new(); requests.len()]));
    let out = Rc::clone(&said);
    let portal: Rc<dyn Portal> = Rc::clone(portal) as _;
    world.run(async move {
        let tell = |at: usize, item: Item| {
            assert_eq!(out.borrow()[at], "", "told once");
            out.borrow_mut()[at] = short(&item);
        };
        confirm_all(&portal, requests, &options, concurrency, tell).await;
    });
    said.take()
}

fn short(item: &Item) -> String {
    match item {
        Item::Outcome(Outcome::Done { payment, recovered }) => {
            assert!(payment.paid);
            if *recovered { "recovered" } else { "paid" }.into()
        }
        Item::Outcome(Outcome::Already { sent: false, .. }) => "already".into(),
        Item::Outcome(Outcome::NotApplied { .. }) => "notApplied".into(),
        Item::Outcome(Outcome::Unverified { cause }) => format!("unverified {}", cause.code()),
        Item::Outcome(Outcome::Unknown { cause, .. }) => format!("unknown {}", cause.code()),
        Item::Outcome(other) => panic!("{other:?}"),
        Item::Rejected(error) => error.code().into(),
        Item::NotStarted => "notStarted".into(),
    }
}

fn count(said: &[String], what: &str) -> usize {
    said.iter().filter(|said| *said == what).count()
}

#[test]
fn a_thousand_payments_cost_at_most_eleven_hundred_requests() {
    for (tells_apart, rights) in [
        (false, Rights::MANAGER),
        (true, Rights::MANAGER),
        (false, Rights::ADMIN),
    ] {
        let world = World::new();
        let portal = ServedPortal::new(&world, world.tab(), Scenario::Many, 150.0);
        portal.tells_apart.set(tells_apart);
        portal.rules.borrow_mut().operator_mut(7).unwrap().rights = rights;
        let systems: Vec<u64> = portal
            .rules
            .borrow()
            .payments()
            .map(|payment| payment.pay_system)
            .collect();
        assert!(systems.iter().all(|&system| system == 11));
        let asked = first(&portal, systems.len());
        let said = pay_all(&world, &portal, asked, PayOptions::default(), 4);
        assert_eq!(count(&said, "paid"), 1000, "{said:?}");
        let (requests, pays) = portal.requests();
        assert_eq!(pays, 1000);
        assert!(requests <= 1100, "{requests} requests");
        let seconds = world.time.now() / 1000.0;
        println!("{requests} requests in {seconds} s");
        assert!(seconds <= (1100.0 - 50.0) / 2.0 * 1.05, "{seconds} s");
    }
}

/// The figure of `cargo xtask bench`, which reads the line that is printed.
#[test]
fn five_hundred_payments_cost_at_most_eleven_tenths_requests_each() {
    let world = World::new();
    let portal = ServedPortal::new(&world, world.tab(), Scenario::Many, 150.0);
    portal.tells_apart.set(false);
    let asked = first(&portal, 500);
    let said = pay_all(&world, &portal, asked, PayOptions::default(), 4);
    assert_eq!(count(&said, "paid"), 500, "{said:?}");
    let (requests, pays) = portal.requests();
    assert_eq!(pays, 500);
    assert!(requests <= 550, "{requests} requests");
    let seconds = world.time.now() / 1000.0;
    println!("500 payments: {requests} requests in {seconds:.1} s");
    // The bucket lets 50 through at once and 2 a second after them.
    #[expect(clippy::cast_precision_loss, reason = "a small count")]
    let allowed = (requests as f64 - 50.0) / 2.0;
    assert!(seconds <= allowed * 1.05, "{seconds} s, {allowed} allowed");
}

#[test]
fn many_payments_of_a_slow_portal_take_hardly_longer_than_their_pay_calls() {
    for (tells_apart, concurrency, ms, most_seconds) in [
        (false, 1, 900, 185.0),
        (false, 1, 1_900, 350.0),
        (true, 50, 900, 65.0),
        (true, 50, 4_000, 70.0),
    ] {
        let world = World::new();
        let scenario = Scenario::Of(setting(150, 1));
        let portal = ServedPortal::new(&world, world.tab(), scenario, 100.0);
        portal.tells_apart.set(tells_apart);
        let slow = Fault::new(FaultKind::Delay, PAY).times(150).ms(ms);
        portal.rules.borrow_mut().arm(slow);
        let requests = first(&portal, 150);
        let said = pay_all(
            &world,
            &portal,
            requests,
            PayOptions::default(),
            concurrency,
        );
        assert_eq!(count(&said, "paid"), 150, "{ms} {said:?}");
        let seconds = world.time.now() / 1000.0;
        assert!(seconds < most_seconds, "{ms} {concurrency}: {seconds} s");
        let mut sent = BTreeSet::new();
        for entry in portal.rules.borrow().log() {
            assert_ne!(entry.status, Some(503), "{ms} {concurrency}: {entry:?}");
            if entry.method == PAY {
                sent.insert(format!("p{}", entry.params["PAYMENT_ID"]));
            } else if entry.method == "batch" {
                let read = entry.params["cmd"].as_object().unwrap().keys();
                // Those that have to be read again keep others from being read.
                let unsent = read.filter(|&key| !sent.contains(key)).count();
                assert!(unsent <= concurrency.max(18), "{ms}: {unsent} at once");
            }
        }
    }
}

#[test]
fn a_first_request_that_takes_longer_than_others_brings_none_of_them_over_the_limit() {
    // The portal's bucket leaks from when the first one arrives, ours from when it is sent.
    for (tells_apart, opening_ms) in [(false, 20.0), (false, 900.0), (true, 20.0), (true, 900.0)] {
        let world = World::new();
        let portal = ServedPortal::new(&world, world.tab(), Scenario::Many, 50.0);
        portal.tells_apart.set(tells_apart);
        portal.opening_ms.set(opening_ms);
        let asked = first(&portal, 200);
        let said = pay_all(&world, &portal, asked, PayOptions::default(), 6);
        assert_eq!(count(&said, "paid"), 200, "{said:?}");
        let rules = portal.rules.borrow();
        let refused = rules.log().iter().find(|entry| entry.status == Some(503));
        assert_eq!(refused.map(|entry| entry.n), None, "{opening_ms}");
    }
}

#[test]
fn mixed_fates_are_told_one_by_one_in_input_order() {
    let world = World::new();
    let mut setting = setting(53, 3);
    setting = setting.operator(8, Rights::ADMIN);
    let portal = ServedPortal::new(&world, world.tab(), Scenario::Of(setting), 50.0);
    {
        let mut rules = portal.rules.borrow_mut();
        pay_before(&mut rules, 20);
        rules.arm(Fault::new(FaultKind::Denied, PAY).nth(10));
        rules.arm(Fault::new(FaultKind::CommitThen502, PAY).nth(30));
    }
    let mut requests: Vec<_> = (1..=53).map(request).collect();
    requests.push(Err(Error::invalid_payment_id("\"x\"")));
    let said = pay_all(&world, &portal, requests, PayOptions::default(), 1);
    assert_eq!(count(&said, "paid"), 50, "{said:?}");
    assert_eq!(count(&said, "recovered"), 1);
    assert_eq!(count(&said, "ACCESS_DENIED"), 1);
    assert_eq!(
        (said[19].as_str(), said[53].as_str()),
        ("already", "INVALID_PAYMENT_ID")
    );
    assert_eq!(portal.requests().1, 52, "the paid one is not sent");
}

#[test]
fn an_abort_leaves_what_was_not_sent_as_not_started() {
    let world = World::new();
    let portal = ServedPortal::new(&world, world.tab(), Scenario::Of(setting(53, 3)), 500.0);
    let options = world.aborted_after(10_250.0);
    let said = pay_all(&world, &portal, (1..=53).map(request).collect(), options, 1);
    let ended_at = world.time.now();
    assert!(ended_at < 10_300.0, "an abort is heard at once: {ended_at}");
    world.rest();
    let paid = portal
        .rules
        .borrow()
        .payments()
        .filter(|payment| payment.paid)
        .count();
    let not_started = count(&said, "notStarted");
    let unknown = count(&said, "unknown ABORTED");
    assert_eq!(count(&said, "paid") + unknown + not_started, 53, "{said:?}");
    assert!(not_started > 0 && unknown > 0);
    assert_eq!(
        paid,
        53 - not_started,
        "what was not started was not paid, ever"
    );
}

/// Five payments of orders of two, paid under a fault: what was said of each.
fn pay_five_under(fault: Fault) -> (Rc<ServedPortal>, Vec<String>) {
    pay_five_by(Rights::ADMIN, Some(fault))
}

/// The same by somebody with these rights.
fn pay_five_by(rights: Rights, fault: Option<Fault>) -> (Rc<ServedPortal>, Vec<String>) {
    let world = World::new();
    let portal = ServedPortal::new(&world, world.tab(), Scenario::Of(setting(5, 2)), 10.0);
    {
        let mut rules = portal.rules.borrow_mut();
        rules.operator_mut(7).unwrap().rights = rights;
        if let Some(fault) = fault {
            rules.arm(fault);
        }
    }
    let requests = (1..=5).map(request).collect();
    let said = pay_all(&world, &portal, requests, PayOptions::default(), 1);
    (portal, said)
}

#[test]
fn however_often_a_payment_is_named_it_shares_one_call_and_keeps_no_other_waiting() {
    let world = World::new();
    let portal = ServedPortal::new(&world, world.tab(), Scenario::Of(setting(2, 1)), 10.0);
    let fault = Fault::new(FaultKind::Hang, PAY).times(1);
    portal.rules.borrow_mut().arm(fault);
    let mut requests = vec![request(1); 40];
    requests.push(request(2));
    let said = pay_all(&world, &portal, requests, PayOptions::default(), 2);
    let rules = portal.rules.borrow();
    let sent = rules.log().iter().filter(|entry| entry.method == PAY);
    let sent: Vec<_> = sent
        .map(|entry| (entry.params["PAYMENT_ID"].to_string(), entry.at_ms < 5_000))
        .collect();
    assert_eq!(sent, [("1".into(), true), ("2".into(), true)], "{said:?}");
    assert_eq!(count(&said, "paid"), 1, "{said:?}");
}

#[test]
fn a_portal_without_batches_is_read_one_by_one() {
    let (portal, said) = pay_five_under(Fault::new(FaultKind::BatchRefused, "*").times(100));
    assert_eq!(count(&said, "paid"), 5, "{said:?}");
    // The batch that it refused and no other, and five payments with a read before and after each.
    assert_eq!(portal.requests(), (1 + 5 + 5 + 5, 5));
}

#[test]
fn a_scope_that_the_batch_itself_lacks_says_nothing_of_what_it_would_read() {
    let (portal, said) = pay_five_under(Fault::new(FaultKind::MissingScope, "batch").times(100));
    assert_eq!(count(&said, "paid"), 5, "{said:?}");
    assert_eq!(portal.requests(), (1 + 5 + 5 + 5, 5));
}

#[test]
fn many_that_may_be_paid_and_not_read_are_unverified() {
    let (portal, said) = pay_five_by(Rights::PAYER, None);
    assert_eq!(count(&said, "unverified ACCESS_DENIED"), 5, "{said:?}");
    // A batch for each reader, five payments, and a batch for each reader again: rights can change.
    assert_eq!(portal.requests(), (2 + 5 + 2, 5));
}

#[test]
fn a_scope_that_is_missing_is_learned_for_many_at_once() {
    let fault = Fault::new(FaultKind::MissingScope, GET).times(100);
    let (portal, said) = pay_five_by(Rights::ADMIN, Some(fault));
    assert_eq!(count(&said, "paid"), 5, "{said:?}");
    // A batch for each reader, five payments, and one batch that reads them back.
    assert_eq!(portal.requests(), (2 + 5 + 1, 5));
}

#[test]
fn what_one_reader_refuses_of_a_batch_is_read_by_the_other() {
    let fault = Fault::new(FaultKind::Denied, GET).nth(2).times(2);
    let (portal, said) = pay_five_by(Rights::ADMIN, Some(fault));
    assert_eq!(count(&said, "paid"), 5, "{said:?}");
    // A batch of five by the first reader, one of two by the second, and one that reads back.
    assert_eq!(portal.requests(), (2 + 5 + 1, 5));
}

#[test]
fn as_many_are_sent_at_once_as_was_asked_for_and_through_bx24_one() {
    for (tells_apart, concurrency, at_once) in
        [(true, 1, 1), (true, 4, 4), (false, 4, 1), (true, 0, 1)]
    {
        let world = World::new();
        let portal = ServedPortal::new(&world, world.tab(), Scenario::Of(setting(10, 1)), 500.0);
        portal.tells_apart.set(tells_apart);
        let requests = (1..=10).map(request).collect();
        let said = pay_all(
            &world,
            &portal,
            requests,
            PayOptions::default(),
            concurrency,
        );
        assert_eq!(count(&said, "paid"), 10, "{said:?}");
        let rules = portal.rules.borrow();
        let pays = rules.log().iter().filter(|entry| entry.method == PAY);
        let times: Vec<u64> = pays.map(|entry| entry.at_ms).collect();
        // A call is under way for a second.
        let most = times.iter().map(|at| {
            let beside = times
                .iter()
                .filter(|other| (*at..at + 1_000).contains(other));
            beside.count()
        });
        assert_eq!(most.max(), Some(at_once), "{times:?}");
    }
}

#[test]
fn no_batch_is_longer_than_the_portal_takes() {
    let world = World::new();
    let portal = ServedPortal::new(&world, world.tab(), Scenario::Of(setting(130, 1)), 150.0);
    let requests = (1..=130).map(request).collect();
    let said = pay_all(&world, &portal, requests, PayOptions::default(), 50);
    assert_eq!(count(&said, "paid"), 130, "{said:?}");
    let rules = portal.rules.borrow();
    let batches = rules.log().iter().filter(|entry| entry.method == "batch");
    let lengths = batches.map(|entry| entry.params["cmd"].as_object().unwrap().len());
    assert_eq!(lengths.max(), Some(50));
}

#[test]
fn what_a_batch_shows_beside_a_refused_command_counts() {
    let fault = Fault::new(FaultKind::BatchRefused, "crm.item.payment.get").nth(3);
    let (portal, said) = pay_five_under(fault);
    assert_eq!(count(&said, "paid"), 5, "{said:?}");
    // The batch, the one that it refused, and five payments with a read back each.
    assert_eq!(portal.requests(), (1 + 1 + 5 + 5, 5));
}

#[test]
fn what_a_batch_shows_is_told_before_a_refused_command_is_read_alone() {
    let world = World::new();
    let portal = ServedPortal::new(&world, world.tab(), Scenario::Of(setting(2, 1)), 10.0);
    {
        let mut rules = portal.rules.borrow_mut();
        pay_before(&mut rules, 1);
        pay_before(&mut rules, 2);
        rules.arm(Fault::new(FaultKind::BatchRefused, "crm.item.payment.get"));
    }
    let told = Rc::new(RefCell::new(Vec::new()));
    let (out, portal) = (Rc::clone(&told), Rc::clone(&portal) as Rc<dyn Portal>);
    world.run(async move {
        let tell = |at: usize, item: Item| out.borrow_mut().push((at, short(&item)));
        let requests = (1..=2).map(request).collect();
        confirm_all(&portal, requests, &PayOptions::default(), 1, tell).await;
    });
    assert_eq!(told.take(), [(1, "already".into()), (0, "already".into())]);
}

/// What a batch says of these payments, and of those whose commands meet their method's limit, which is reset twenty seconds later.
fn batch_limiting(limited: &[u64], others: &[u64], paid: bool, tells_reset: bool) -> Step {
    let shown = |id: u64| match shows_with(id, paid, &json!({"accountNumber": format!("{id}/1")})) {
        Act::Says(_, body) => body["result"].clone(),
        other => panic!("{other:?}"),
    };
    let each = |ids: &[u64], of: &dyn Fn(u64) -> Value| {
        let members = ids.iter().map(|&id| (format!("p{id}"), of(id)));
        Value::Object(members.collect())
    };
    let mut time = json!({"finish": 1000});
    if tells_reset {
        time["operating_reset_at"] = json!(1020);
    }
    let refused = json!({"error": "OPERATION_TIME_LIMIT", "error_description": ""});
    let result = json!({
        "result": each(others, &shown),
        "result_error": each(limited, &|_| refused.clone()),
        "result_time": each(others, &|_| time.clone()),
    });
    on("batch", Act::Says(200, json!({"result": result})))
}

/// Pays the first so many payments by a script that must be used up; says what was told of each, and when they were read alone.
fn pay_by_script(payments: u64, steps: Vec<Step>) -> (Vec<String>, Vec<f64>) {
    let world = World::new();
    let options = PayOptions::default();
    pay_in(&world, payments, options, steps)
}

/// The same in this world, until it comes to rest.
fn pay_in(
    world: &World,
    payments: u64,
    options: PayOptions,
    steps: Vec<Step>,
) -> (Vec<String>, Vec<f64>) {
    let portal = ScriptedPortal::new(world, world.tab(), steps);
    let said = Rc::new(RefCell::new(BTreeMap::new()));
    let (out, calls) = (Rc::clone(&said), Rc::clone(&portal) as Rc<dyn Portal>);
    world.run(async move {
        let tell = |at: usize, item: Item| {
            out.borrow_mut().insert(at, short(&item));
        };
        let requests = (1..=payments).map(request).collect();
        confirm_all(&calls, requests, &options, 1, tell).await;
    });
    world.rest();
    portal.finished();
    (said.take().into_values().collect(), times(&portal, GET))
}

#[test]
fn what_a_methods_limit_refuses_of_a_batch_is_waited_for_as_if_it_were_read_alone() {
    let limited = || on(GET, no(429, "OPERATION_TIME_LIMIT", ""));
    let paid = || on(GET, shows(2, true));
    for (tells_reset, then, fate, read_at) in [
        // The batch is answered at 120 ms.
        (
            true,
            vec![limited(), paid()],
            "already",
            vec![120.0, 20_120.0],
        ),
        // It may be over by then.
        (true, vec![paid()], "already", vec![120.0]),
        (false, vec![limited()], "LIMITED", vec![120.0]),
    ] {
        let mut steps = vec![batch_limiting(&[2], &[1, 3], true, tells_reset)];
        steps.extend(then);
        let expected = ["already", fate, "already"].map(String::from).to_vec();
        assert_eq!(pay_by_script(3, steps), (expected, read_at));
    }
}

#[test]
fn whoever_has_gone_while_another_waited_for_a_methods_limit_is_not_read() {
    let world = World::new();
    let options = world.aborted_after(5_000.0);
    let steps = vec![
        batch_limiting(&[2, 3], &[1], true, true),
        on(GET, no(429, "OPERATION_TIME_LIMIT", "")),
        on(GET, shows(2, true)),
    ];
    let (said, read_at) = pay_in(&world, 3, options, steps);
    assert_eq!(said, ["already", "notStarted", "notStarted"]);
    assert_eq!(read_at, [120.0, 20_120.0]);
}

#[test]
fn what_a_methods_limit_refuses_of_a_batch_that_reads_back_is_repeated_with_the_others() {
    let steps = vec![
        batch_limiting(&[], &[1, 2], false, true),
        on(PAY, yes()),
        on(PAY, yes()),
        batch_limiting(&[1], &[2], true, true),
        on(GET, shows(1, true)),
    ];
    let (said, read_at) = pay_by_script(2, steps);
    assert_eq!(said, ["paid", "paid"]);
    // The second batch is answered at 420 ms.
    assert_eq!(read_at, [420.0 + 1_000.0 + 20.0]);
}

#[test]
fn one_silent_payment_does_not_keep_the_others_from_being_paid() {
    let world = World::new();
    let portal = ServedPortal::new(&world, world.tab(), Scenario::Of(setting(30, 1)), 10.0);
    portal.tells_apart.set(false);
    portal
        .rules
        .borrow_mut()
        .arm(Fault::new(FaultKind::Hang, PAY).nth(3).commit(false));
    let said = pay_all(
        &world,
        &portal,
        (1..=30).map(request).collect(),
        PayOptions::default(),
        1,
    );
    assert_eq!(count(&said, "paid"), 29, "{said:?}");
    assert_eq!(count(&said, "unknown NO_ANSWER"), 1);
    assert!(world.time.now() < 100_000.0, "{}", world.time.now());
}

#[test]
fn of_many_no_payment_is_sent_whose_last_read_is_older_than_ten_seconds() {
    // Also of so many that each would have to look more often than it may, were all of them on their way at once.
    for (payments, latency_ms, answer_ms) in [(40, 1_000.0, 0), (400, 100.0, 1_900)] {
        let world = World::new();
        let scenario = Scenario::Of(setting(payments, 1));
        let portal = ServedPortal::new(&world, world.tab(), scenario, latency_ms);
        let slow = Fault::new(FaultKind::Delay, PAY);
        let times = u32::try_from(payments).unwrap();
        portal
            .rules
            .borrow_mut()
            .arm(slow.times(times).ms(answer_ms));
        let requests = (1..=payments).map(request).collect();
        let said = pay_all(&world, &portal, requests, PayOptions::default(), 1);
        assert_eq!(count(&said, "paid"), said.len(), "{said:?}");
        let rules = portal.rules.borrow();
        let mut read_at = BTreeMap::new();
        let mut longest = 0;
        for entry in rules.log() {
            if entry.method == "batch" {
                for key in entry.params["cmd"].as_object().unwrap().keys() {
                    read_at.insert(key[1..].to_owned(), entry.at_ms);
                }
            } else if entry.method == GET {
                read_at.insert(entry.params["id"].to_string(), entry.at_ms);
            } else {
                let age_ms = entry.at_ms - read_at[&entry.params["PAYMENT_ID"].to_string()];
                assert!(age_ms <= 10_000, "{entry:?}: {age_ms} ms after it was read");
                longest = longest.max(age_ms);
            }
        }
        assert!(longest > 5_000, "they do wait for each other: {longest} ms");
    }
}

#[test]
fn a_portal_that_takes_longer_than_a_read_may_be_old_is_not_read_for_ever() {
    let world = World::new();
    let portal = ServedPortal::new(&world, world.tab(), Scenario::Of(setting(3, 1)), 5_500.0);
    let requests = (1..=3).map(request).collect();
    let said = pay_all(&world, &portal, requests, PayOptions::default(), 1);
    assert_eq!(count(&said, "paid"), 3, "{said:?}");
    // Eighteen looks after the first, a call each, and the read-backs.
    let seconds = world.time.now() / 1000.0;
    assert!(seconds < 19.0 * 12.0 + 3.0 * 24.0, "{seconds} s");
}

#[test]
fn a_read_waits_twelve_seconds_for_a_pay_call_and_no_longer() {
    let world = World::new();
    let portal = ServedPortal::new(&world, world.tab(), Scenario::Of(setting(2, 1)), 10.0);
    portal.tells_apart.set(false);
    let silent = Fault::new(FaultKind::Hang, PAY).nth(2).commit(false);
    portal.rules.borrow_mut().arm(silent);
    let requests = (1..=2).map(request).collect();
    let said = pay_all(&world, &portal, requests, PayOptions::default(), 1);
    assert_eq!(said, ["paid", "unknown NO_ANSWER"]);
    let rules = portal.rules.borrow();
    let at = |method: &str, nth: usize| {
        let mut entries = rules.log().iter().filter(|entry| entry.method == method);
        entries.nth(nth).unwrap().at_ms
    };
    // The second one is handed over when the first one is answered, which is read back then.
    let answered_at = at(PAY, 1) - 10;
    assert_eq!(at(GET, 0), answered_at + 12_000 + 10);
}

#[test]
fn many_payments_of_one_order_wait_for_each_other_however_slow_the_portal_is() {
    for tells_apart in [true, false] {
        let world = World::new();
        let portal = ServedPortal::new(&world, world.tab(), Scenario::Of(setting(40, 40)), 100.0);
        portal.tells_apart.set(tells_apart);
        // Seventeen go before each, which is longer than a single call waits for others.
        let slow = Fault::new(FaultKind::Delay, PAY).times(40).ms(6_000);
        portal.rules.borrow_mut().arm(slow);
        let requests = first(&portal, 40);
        let said = pay_all(&world, &portal, requests, PayOptions::default(), 1);
        assert_eq!(count(&said, "paid"), 40, "{tells_apart} {said:?}");
        assert_eq!(portal.requests().1, 40, "{tells_apart}");
    }
}

#[test]
fn another_tab_that_keeps_an_order_is_waited_for_no_longer_by_many_than_by_one() {
    let world = World::new();
    let portal = ServedPortal::new(&world, world.tab(), Scenario::Of(setting(2, 2)), 10.0);
    let opened = Rc::clone(&portal);
    let host = world.run(async move { opened.open().await }).unwrap();
    let other = world.tab();
    let name = format!("b24pay:{host}/order/1000");
    let held = world.run(async move { other.locks.acquire(&name).await });
    let requests = (1..=2).map(request).collect();
    let said = pay_all(&world, &portal, requests, PayOptions::default(), 1);
    assert_eq!(said, ["UNDER_WAY", "UNDER_WAY"]);
    // The second has its turn in this page once the first has given up.
    assert!(world.time.now() < 200_000.0, "{}", world.time.now());
    drop(held);
}

#[test]
fn what_a_read_of_many_waits_for_its_batch_takes_nothing_from_the_wait_for_its_order() {
    for an_order in [1, 2, 3, 24] {
        let world = World::new();
        // A browser answers by a message, so that no wait for a lock is over at once.
        let tab = world.open(Habits {
            grant_ms: 1.0,
            ..Habits::default()
        });
        let scenario = Scenario::Of(setting(24, an_order));
        let portal = ServedPortal::new(&world, tab.page, scenario, 10.0);
        let slow = Fault::new(FaultKind::Delay, PAY).times(24).ms(1_200);
        portal.rules.borrow_mut().arm(slow);
        // A read waits for up to twelve seconds, which is longer than this patience.
        let options = PayOptions {
            deadline_ms: 1_500.0,
            settle_ms: 4_000.0,
            ..PayOptions::default()
        };
        let requests = (1..=24).map(request).collect();
        let said = pay_all(&world, &portal, requests, options, 1);
        assert_eq!(count(&said, "paid"), 24, "{an_order} {said:?}");
    }
}
