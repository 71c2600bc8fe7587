//! The flow of one payment over a scripted portal, step by step, under a virtual clock.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::field_reassign_with_default,
    clippy::excessive_precision,
    reason = "tests"
)]

mod support;

use std::rc::Rc;

use b24pay::amount::Amount;
use b24pay::confirm::confirm;
use b24pay::error::Retry;
use b24pay::outcome::Outcome;
use b24pay::payment::PaymentId;
use b24pay::portal::{Ended, Portal};
use b24pay::request::{Action, Details, PayOptions, PayRequest};
use serde_json::json;
use support::calls::{
    begin, denied, patient, pay, pay_by, pay_with, paying, paying_with, says, short, unread,
    unscoped, was_told_at, with_invoice,
};
use support::script::{Act, GET, PAY, SALE_GET, ScriptedPortal, no, on, shows, shows_with, yes};
use support::world::World;

#[test]
fn the_documented_example_is_paid() {
    let said = pay(vec![
        on(GET, shows(501, false)),
        on(PAY, yes()),
        on(GET, shows(501, true)),
    ]);
    let Ok(Outcome::Done {
        payment,
        recovered: false,
    }) = said
    else {
        panic!("{said:?}")
    };
    assert_eq!(payment.paid_by, Some(7));
    assert_eq!(
        payment.date_paid.as_deref(),
        Some("2026-09-10T01:52:39+03:00")
    );
    assert_eq!(payment.amount_text(), "1000 EUR");
}

#[test]
fn yes_without_a_paid_payment_is_not_applied() {
    says(
        "not applied, answered",
        vec![
            on(GET, shows(501, false)),
            on(PAY, yes()),
            on(GET, shows(501, false)),
        ],
    );
}

#[test]
fn a_paid_payment_is_not_sent() {
    says("already paid, sent false", vec![on(GET, shows(501, true))]);
}

#[test]
fn another_pay_system_is_not_sent() {
    let said = pay(vec![on(
        GET,
        shows_with(
            501,
            false,
            &json!({"paySystemId": 6, "paySystemName": "Cash"}),
        ),
    )]);
    assert_eq!(
        said.unwrap_err().to_string(),
        "the payment belongs to pay system 6 (Cash), not to 11"
    );
}

#[test]
fn a_returned_payment_is_paid_only_on_demand() {
    let returned = || {
        let fields = json!({"id": 501, "paid": "N", "isReturn": "Y", "paySystemId": 11});
        Act::Says(200, json!({"result": {"payment": fields}}))
    };
    let first = || vec![on(GET, unscoped()), on(SALE_GET, returned())];
    says("rejected, RETURNED", first());
    let mut options = PayOptions::default();
    options.terms.pay_returned = true;
    let mut steps = first();
    steps.extend([on(PAY, yes()), on(SALE_GET, shows(501, true))]);
    assert_eq!(
        short(&pay_with(&paying(501), &options, steps).0),
        "paid, recovered false"
    );
}

#[test]
fn reading_falls_back_to_sale_and_remembers_a_missing_scope_only() {
    let paid = || vec![on(PAY, yes()), on(SALE_GET, shows(501, true))];
    let mut scope = vec![on(GET, unscoped()), on(SALE_GET, shows(501, false))];
    scope.extend(paid());
    says("paid, recovered false", scope);
    // Its scope is the reason, whatever keeps the other from reading.
    says(
        "unverified, MISSING_SCOPE",
        vec![
            on(GET, unscoped()),
            on(SALE_GET, shows(501, false)),
            on(PAY, yes()),
            on(SALE_GET, denied()),
        ],
    );
    says(
        "paid, recovered false",
        vec![
            on(GET, denied()),
            on(SALE_GET, shows(501, false)),
            on(PAY, yes()),
            on(GET, denied()),
            on(SALE_GET, shows(501, true)),
        ],
    );
}

#[test]
fn a_portal_without_the_first_reader_is_read_by_the_second_and_not_the_other_way_round() {
    let no_method = || no(404, "ERROR_METHOD_NOT_FOUND", "Method not found!");
    says(
        "paid, recovered false",
        vec![
            on(GET, no_method()),
            on(SALE_GET, shows(501, false)),
            on(PAY, yes()),
            on(GET, no_method()),
            on(SALE_GET, shows(501, true)),
        ],
    );
    // What is neither scope nor rights does not let anything be sent unread.
    says(
        "rejected, REFUSED",
        vec![on(GET, denied()), on(SALE_GET, no_method())],
    );
}

#[test]
fn without_the_right_to_read_a_yes_is_unverified() {
    let mut steps = unread().to_vec();
    steps.push(on(PAY, yes()));
    steps.extend(unread());
    let said = pay(steps);
    assert_eq!(short(&said), "unverified, ACCESS_DENIED");
    let Ok(Outcome::Unverified { cause }) = said else {
        panic!("{said:?}")
    };
    assert_eq!(cause.method(), Some(GET), "what the first reader said");
}

#[test]
fn without_the_right_to_read_an_agreed_amount_rejects() {
    let mut options = PayOptions::default();
    options.terms.sum = Amount::from_text("1000");
    let steps = vec![on(GET, denied()), on(SALE_GET, unscoped())];
    let (said, _) = pay_with(&paying(501), &options, steps);
    assert_eq!(short(&said), "rejected, AMOUNT_CHANGED");
}

#[test]
fn any_other_failure_of_the_first_read_sends_nothing() {
    says("rejected, NO_ANSWER", vec![on(GET, Act::Hangs)]);
    says("rejected, NO_ANSWER", vec![on(GET, Act::Breaks(None))]);
    says("rejected, NONSENSE", vec![on(GET, shows(502, false))]);
    says(
        "rejected, NONSENSE",
        vec![on(GET, Act::Says(403, json!({})))],
    );
    says(
        "rejected, REFUSED",
        vec![on(GET, no(400, "0", "Payment has not been found"))],
    );
    says(
        "rejected, REFUSED",
        vec![on(GET, no(400, 0, "Insufficient permissions"))],
    );
    says("rejected, REFUSED", vec![on(GET, no(400, "", ""))]);
}

#[test]
fn a_read_that_is_seen_to_end_is_over_and_one_that_may_go_on_is_waited_for() {
    for (certain, over_at) in [(true, 100.0), (false, 30_000.0)] {
        let ended = Ended {
            started_at: Some(0.0),
            status: Some(502),
            certain,
        };
        let steps = vec![on(GET, Act::EndsSilently(ended))];
        let (said, at) = pay_by(false, &paying(501), &PayOptions::default(), steps);
        assert_eq!(
            (short(&said).as_str(), at),
            ("rejected, NO_ANSWER", over_at)
        );
    }
}

#[test]
fn a_refusal_rejects_after_the_payment_was_read() {
    let no = no(400, "ERROR_CHECK_FAILURE", "Pay system not found");
    let refused = || vec![on(GET, shows(501, false)), on(PAY, no.clone())];
    let mut steps = refused();
    steps.push(on(GET, shows(501, false)));
    let error = pay(steps).unwrap_err();
    assert_eq!(error.code(), "REFUSED");
    assert_eq!(
        error.to_string(),
        "sale.paysystem.pay.payment was refused: Pay system not found (ERROR_CHECK_FAILURE)"
    );
    let mut steps = refused();
    steps.push(on(GET, shows(501, true)));
    says("paid, recovered false", steps);
    // The code is certain, so a read that fails changes nothing.
    let mut steps = refused();
    steps.push(on(GET, Act::Breaks(None)));
    says("rejected, REFUSED", steps);
}

#[test]
fn a_code_from_anywhere_leaves_it_to_the_read() {
    for (status, code) in [
        (400, json!("ERROR_CORE")),
        (400, json!("ERROR_ARGUMENT")),
        // What it did cannot be written as JSON.
        (200, json!("WRONG_ENCODING")),
        (400, json!(0)),
        (400, json!("0")),
        (400, json!("")),
        (400, json!(100)),
    ] {
        let failed = || {
            vec![
                on(GET, shows(501, false)),
                on(PAY, no(status, code.clone(), "text")),
            ]
        };
        let mut steps = failed();
        steps.push(on(GET, shows(501, true)));
        says("paid, recovered false", steps);
        let mut steps = failed();
        steps.push(on(GET, shows(501, false)));
        says("rejected, REFUSED", steps.clone());
        assert_eq!(pay(steps).unwrap_err().retry(), Retry::Never);
        let mut steps = failed();
        steps.extend([on(GET, denied()), on(SALE_GET, unscoped())]);
        says("unknown, REFUSED, read", steps.clone());
        let Ok(Outcome::Unknown { cause, .. }) = pay(steps) else {
            panic!("no read has decided");
        };
        assert_eq!(cause.retry(), Retry::ReadFirst);
        assert_eq!(cause.refusal().unwrap().text, "text");
    }
}

#[test]
fn an_answer_that_says_yes_as_well_leaves_it_to_the_read() {
    for (code, rejected) in [
        ("expired_token", "rejected, AUTH_EXPIRED"),
        ("QUERY_LIMIT_EXCEEDED", "rejected, LIMITED"),
        ("ACCESS_DENIED", "rejected, ACCESS_DENIED"),
        ("ERROR_CHECK_FAILURE", "rejected, REFUSED"),
        ("ERROR_CORE", "rejected, REFUSED"),
    ] {
        let both = |status| {
            let body = json!({ "result": true, "error": code });
            vec![on(GET, shows(501, false)), on(PAY, Act::Says(status, body))]
        };
        for (read, expected) in [
            (vec![on(GET, shows(501, true))], "paid, recovered false"),
            (vec![on(GET, shows(501, false))], rejected),
            (
                vec![on(GET, denied()), on(SALE_GET, unscoped())],
                "unknown, REFUSED, read",
            ),
        ] {
            says(expected, [both(200), read].concat());
        }
        // What stands in front of the portal may have given up while the call goes on.
        let mut steps = both(504);
        steps.extend([false, true].map(|paid| on(GET, shows(501, paid))));
        says("paid, recovered true", steps);
    }
}

#[test]
fn a_5xx_whose_json_is_none_of_the_portals_leaves_the_call_running() {
    let edge = |error: serde_json::Value| json!({ "error": error });
    for (status, body) in [
        (504, edge(json!("Gateway Timeout"))),
        (504, edge(json!(504))),
        (503, edge(json!(""))),
        (
            524,
            edge(json!({ "code": 524, "message": "A timeout occurred" })),
        ),
        (500, edge(json!("FOO"))),
        (502, edge(json!("ERROR_CORE"))),
        (504, json!({ "result": true })),
    ] {
        let given_up = || {
            vec![
                on(GET, shows(501, false)),
                on(PAY, Act::Says(status, body.clone())),
                on(GET, shows(501, false)),
            ]
        };
        let mut steps = given_up();
        steps.push(on(GET, shows(501, true)));
        says("paid, recovered true", steps);
        // Only a read that begins when the window has ended decides.
        let mut steps = given_up();
        steps.extend(vec![on(GET, shows(501, false)); 11]);
        let (said, at) = pay_with(&paying(501), &PayOptions::default(), steps);
        let Ok(Outcome::NotApplied {
            cause: Some(cause), ..
        }) = said
        else {
            panic!("{status} {body}: {said:?}");
        };
        assert_eq!(cause.retry(), Retry::ReadFirst, "{status} {body}");
        assert_eq!(cause.status(), Some(status), "{status} {body}");
        let code = if body["result"] == true {
            "NO_ANSWER"
        } else {
            "REFUSED"
        };
        assert_eq!(cause.code(), code, "{status} {body}");
        assert!(at > 65_000.0, "{status} {body}: {at}");
    }
}

#[test]
fn an_expired_token_is_renewed_once_and_what_it_was_refused_for_is_sent_again() {
    for code in ["expired_token", "invalid_token", "invalid_grant"] {
        a_token_that_is_refused_by(code);
    }
}

fn a_token_that_is_refused_by(code: &str) {
    let expired = || no(401, code, "");
    let paid = [on(PAY, yes()), on(GET, shows(501, true))];
    let unpaid = || on(GET, shows(501, false));
    for (steps, renewals, expected) in [
        (
            [&[on(GET, expired()), unpaid()], paid.as_slice()].concat(),
            [true].as_slice(),
            "paid, recovered false",
        ),
        (
            [&[unpaid(), on(PAY, expired())], paid.as_slice()].concat(),
            &[true],
            "paid, recovered false",
        ),
        (
            vec![
                unpaid(),
                on(PAY, yes()),
                on(GET, expired()),
                on(GET, shows(501, true)),
            ],
            &[true],
            "paid, recovered false",
        ),
        // With the new token, too; then it is looked whether somebody else has paid it.
        (
            vec![unpaid(), on(PAY, expired()), on(PAY, expired()), unpaid()],
            &[true],
            "rejected, AUTH_EXPIRED",
        ),
        (
            vec![
                unpaid(),
                on(PAY, expired()),
                on(PAY, expired()),
                on(GET, shows(501, true)),
            ],
            &[true],
            "already paid, sent false",
        ),
        // There is no new token.
        (
            vec![unpaid(), on(PAY, expired())],
            &[false],
            "rejected, AUTH_EXPIRED",
        ),
        (vec![on(GET, expired())], &[false], "rejected, AUTH_EXPIRED"),
    ] {
        let world = World::new();
        let portal = ScriptedPortal::new(&world, world.tab(), steps);
        portal.renewals.borrow_mut().extend(renewals);
        let asked: Rc<dyn Portal> = Rc::clone(&portal) as _;
        let said =
            world.run(async move { confirm(&asked, &paying(501), &PayOptions::default()).await });
        assert_eq!(short(&said), expected, "{:#?}", portal.conversation);
        if let Err(error) = said {
            assert_eq!(error.refusal().unwrap().code, code);
        }
        portal.finished();
    }
}

#[test]
fn somebody_who_was_faster_is_told_by_the_portals_own_clock() {
    for (paid_at, expected) in [
        ("2026-09-10T01:52:38+03:00", "already paid, sent true"),
        ("2026-09-09T22:52:38+00:00", "already paid, sent true"),
        ("2026-09-10T01:52:39+03:00", "paid, recovered false"),
        ("nonsense", "paid, recovered false"),
    ] {
        let read = shows_with(501, true, &json!({"datePaid": paid_at}));
        says(
            expected,
            vec![on(GET, shows(501, false)), on(PAY, yes()), on(GET, read)],
        );
    }
}

#[test]
fn what_a_limit_refused_is_sent_again_paced_and_bounded() {
    let limit = || on(PAY, no(503, "query_limit_exceeded", "Too many requests"));
    let mut steps = vec![on(GET, shows(501, false)), limit(), limit(), on(PAY, yes())];
    steps.push(on(GET, shows(501, true)));
    let (said, at) = pay_with(&paying(501), &PayOptions::default(), steps);
    assert_eq!(
        (short(&said).as_str(), at),
        ("paid, recovered false", 500.0 + 1_000.0 + 2_000.0)
    );
    let steps = vec![
        on(GET, shows(501, false)),
        limit(),
        limit(),
        limit(),
        limit(),
    ];
    // It did not run; what somebody else did meanwhile is told.
    for (paid, expected) in [
        (false, "rejected, LIMITED"),
        (true, "already paid, sent false"),
    ] {
        let mut steps = steps.clone();
        steps.push(on(GET, shows(501, paid)));
        says(expected, steps);
    }
}

#[test]
fn what_a_limit_refused_is_not_under_way_while_it_waits() {
    let world = World::new();
    let steps = vec![
        on(GET, shows(501, false)),
        on(PAY, no(503, "QUERY_LIMIT_EXCEEDED", "")),
        on(PAY, yes()),
        on(GET, shows(501, true)),
    ];
    let portal = ScriptedPortal::new(&world, world.tab(), steps);
    let told = begin(&world, &portal, paying(501));
    let (time, origin) = (Rc::clone(&world.time), Rc::clone(&world.origin));
    // Sent at 100 ms, refused at 200, sent again at 1,200, answered at 1,300, read back at 1,400.
    let entries = world.run(async move {
        let mut entries = Vec::new();
        for at in [50.0, 150.0, 250.0, 1_150.0, 1_250.0, 1_350.0, 1_450.0] {
            time.sleep(at - time.now()).await;
            entries.push(origin.journal.borrow().len());
        }
        entries
    });
    assert_eq!(entries, [0, 1, 0, 0, 1, 1, 0]);
    was_told_at(&told, "paid, recovered false", 1_400.0);
    portal.finished();
}

#[test]
fn a_limit_that_refuses_the_last_look_too_is_not_waited_for() {
    let limit = |method| on(method, no(503, "QUERY_LIMIT_EXCEEDED", ""));
    let mut steps = vec![on(GET, shows(501, false))];
    steps.extend((0..4).map(|_| limit(PAY)));
    steps.push(limit(GET));
    let (said, at) = pay_with(&paying(501), &PayOptions::default(), steps);
    assert_eq!(
        (short(&said).as_str(), at),
        ("rejected, LIMITED", 600.0 + 1_000.0 + 2_000.0 + 4_000.0)
    );
}

#[test]
fn a_first_look_that_an_operating_limit_refuses_waits_for_its_reset() {
    let world = World::new();
    let Act::Says(status, mut body) = shows(501, true) else {
        panic!("an answer")
    };
    body["time"] = json!({"finish": 1000, "operating_reset_at": 1_030});
    let steps = [
        on(GET, Act::Says(status, body)),
        on(GET, no(429, "OPERATION_TIME_LIMIT", "")),
        on(GET, shows(501, true)),
    ];
    let portal = ScriptedPortal::new(&world, world.tab(), steps);
    for expected in [100.0, 100.0 + 30_000.0 + 100.0] {
        let portal: Rc<dyn Portal> = Rc::clone(&portal) as _;
        let said =
            world.run(async move { confirm(&portal, &paying(501), &PayOptions::default()).await });
        assert_eq!(
            (short(&said).as_str(), world.time.now()),
            ("already paid, sent false", expected)
        );
    }
    portal.finished();
}

#[test]
fn an_operating_limit_waits_for_its_reset() {
    let time = json!({"date_start": "2026-09-10T01:52:39+03:00", "finish": 1000.5, "operating_reset_at": 1020});
    let reset_at = |paid, at: u64| {
        let Act::Says(status, mut body) = shows(501, paid) else {
            panic!("an answer")
        };
        body["time"] = json!({"finish": 1000, "operating_reset_at": at});
        Act::Says(status, body)
    };
    let world = World::new();
    let steps = [
        on(GET, shows(501, false)),
        on(PAY, Act::Says(200, json!({"result": true, "time": time}))),
        // Each method has a reset of its own.
        on(GET, reset_at(true, 1_100)),
        on(GET, reset_at(false, 1_200)),
        on(PAY, no(429, "OPERATION_TIME_LIMIT", "")),
        on(GET, shows(501, false)),
        on(PAY, yes()),
        on(GET, shows(501, true)),
    ];
    let portal = ScriptedPortal::new(&world, world.tab(), steps);
    for expected in [300.0, 200.0 + 19_500.0 + 300.0] {
        let portal: Rc<dyn Portal> = Rc::clone(&portal) as _;
        let said =
            world.run(async move { confirm(&portal, &paying(501), &PayOptions::default()).await });
        assert_eq!(
            (short(&said).as_str(), world.time.now()),
            ("paid, recovered false", expected)
        );
    }
    portal.finished();
}

#[test]
fn before_each_time_that_it_is_sent_again_what_has_grown_old_is_read_again() {
    let limited = || on(PAY, no(503, "QUERY_LIMIT_EXCEEDED", "")).after(11_000.0);
    says(
        "already paid, sent false",
        vec![
            on(GET, shows(501, false)),
            limited(),
            on(GET, shows(501, false)),
            limited(),
            on(GET, shows(501, true)),
        ],
    );
}

#[test]
fn each_time_that_a_call_is_sent_it_takes_a_place_in_the_bucket() {
    let world = World::new();
    let steps = vec![
        on(GET, shows(501, false)),
        on(PAY, no(503, "QUERY_LIMIT_EXCEEDED", "")),
        on(PAY, yes()),
        on(GET, shows(501, true)),
    ];
    let portal = ScriptedPortal::new(&world, world.tab(), steps);
    let pace = &portal.memory().pace;
    for _ in 0..20 {
        pace.take(0.0);
    }
    let told = begin(&world, &portal, paying(501));
    world.rest();
    let (said, at) = told.borrow().clone().unwrap();
    assert_eq!(said, "paid, recovered false");
    // Four requests beside those before, less what has leaked: two a second.
    let wait = (0..48).map(|_| pace.take(at)).last().unwrap();
    assert!((wait - (24.0 * 500.0 - at)).abs() < 1.0, "{wait}");
}

#[test]
fn the_agreed_amount_is_compared_exactly() {
    let mut options = PayOptions::default();
    options.terms.sum = Amount::from_text("59.970");
    options.terms.currency = Some("EUR".into());
    let read = |sum: serde_json::Value| on(GET, shows_with(501, false, &json!({"sum": sum})));
    for same in [
        json!(59.969_999_999_999_995),
        json!("59.97"),
        json!("59.9700"),
    ] {
        let steps = vec![read(same), on(PAY, yes()), on(GET, shows(501, true))];
        assert_eq!(
            short(&pay_with(&paying(501), &options, steps).0),
            "paid, recovered false"
        );
    }
    let error = pay_with(&paying(501), &options, vec![read(json!(59.96))])
        .0
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "expected a payment of 59.97 EUR, the portal has 59.96 EUR"
    );
    let error = pay_with(&paying(501), &options, vec![read(json!(null))])
        .0
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "expected a payment of 59.97 EUR, the portal has an unreadable amount EUR"
    );
}

#[test]
fn the_details_amount_must_be_the_payments_unless_it_may_differ() {
    let details = Details {
        sum: Some("990".into()),
        currency: Some("EUR".into()),
        ..Details::default()
    };
    let request = paying_with(501, details);
    let mut options = PayOptions::default();
    let error = pay_with(&request, &options, vec![on(GET, shows(501, false))])
        .0
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "expected a payment of 990 EUR, the portal has 1000 EUR"
    );
    options.terms.details_may_differ = true;
    let steps = vec![
        on(GET, shows(501, false)),
        on(PAY, yes()),
        on(GET, shows(501, true)),
    ];
    assert_eq!(
        short(&pay_with(&request, &options, steps).0),
        "paid, recovered false"
    );
}

#[test]
fn a_known_payment_spares_the_first_read_for_ten_seconds() {
    let Ok(Outcome::NotApplied { payment, .. }) = pay(vec![
        on(GET, shows(501, false)),
        on(PAY, yes()),
        on(GET, shows(501, false)),
    ]) else {
        panic!("expected a payment to know");
    };
    let mut options = PayOptions::default();
    options.known = Some((payment.clone(), 0.0));
    let steps = vec![on(PAY, yes()), on(GET, shows(501, true))];
    assert_eq!(
        short(&pay_with(&paying(501), &options, steps).0),
        "paid, recovered false"
    );
    options.known = Some((payment, -10_001.0));
    let steps = vec![
        on(GET, shows(501, false)),
        on(PAY, yes()),
        on(GET, shows(501, true)),
    ];
    assert_eq!(
        short(&pay_with(&paying(501), &options, steps).0),
        "paid, recovered false"
    );
}

#[test]
fn a_known_payment_says_nothing_of_another_one() {
    let Ok(Outcome::Already { payment, .. }) = pay(vec![on(GET, shows(501, true))]) else {
        panic!("expected a payment to know");
    };
    let mut options = PayOptions::default();
    options.known = Some((payment, 0.0));
    let steps = vec![
        on(GET, shows(502, false)),
        on(PAY, yes()),
        on(GET, shows(502, true)),
    ];
    assert_eq!(
        short(&pay_with(&paying(502), &options, steps).0),
        "paid, recovered false"
    );
}

#[test]
fn a_known_payment_of_another_clock_is_refused() {
    let Ok(Outcome::Already { payment, .. }) = pay(vec![on(GET, shows(501, true))]) else {
        panic!("expected a payment to know");
    };
    // Milliseconds since 1970 lie far ahead of a page's own clock, and would be fresh for ever.
    for at in [1_700_000_000_000.0, f64::INFINITY, f64::NAN] {
        let mut options = PayOptions::default();
        options.known = Some((payment.clone(), at));
        let (said, _) = pay_with(&paying(501), &options, vec![]);
        assert_eq!(
            said.unwrap_err().message(),
            "known must have been read before now on the page's monotonic clock, got a time of another clock"
        );
    }
}

#[test]
fn waiting_times_without_an_end_or_of_none_are_not_begun() {
    for ms in [f64::NAN, f64::INFINITY, -1.0, 0.0, 2_147_483_648.0] {
        for (name, settle_ms, deadline_ms) in
            [("settleMs", ms, 30_000.0), ("deadlineMs", 65_000.0, ms)]
        {
            let (said, _) = pay_with(&paying(501), &patient(settle_ms, deadline_ms), vec![]);
            assert_eq!(
                said.unwrap_err().message(),
                format!("{name} must be milliseconds from 1 to 2147483647, got another number")
            );
        }
    }
}

#[test]
fn exactly_what_was_given_is_sent() {
    let request = with_invoice("bank-1");
    let world = World::new();
    let steps = [
        on(GET, shows(501, false)),
        on(PAY, yes()),
        on(GET, shows(501, true)),
    ];
    let portal = ScriptedPortal::new(&world, world.tab(), steps);
    let dyn_portal: Rc<dyn Portal> = Rc::clone(&portal) as _;
    let _ = world.run(async move { confirm(&dyn_portal, &request, &PayOptions::default()).await });
    let conversation = portal.conversation.borrow();
    assert_eq!(
        conversation[1].trim(),
        r#"100 sale.paysystem.pay.payment {"PAYMENT_ID":501,"PAY_SYSTEM_ID":11,"PS_INVOICE_ID":"bank-1"}"#
    );
}

#[test]
fn what_was_never_handed_over_rejects() {
    says(
        "rejected, NOT_IN_PORTAL",
        vec![on(GET, shows(501, false)), on(PAY, Act::NotSent)],
    );
}

#[test]
fn marking_works_the_same_way_by_crm() {
    for (action, method, before) in [
        (Action::MarkPaid, "crm.item.payment.pay", false),
        (Action::MarkUnpaid, "crm.item.payment.unpay", true),
    ] {
        let request = PayRequest {
            payment: PaymentId::new(501).unwrap(),
            action,
        };
        let is_paying = request.action.makes_paid();
        let answered = |act| vec![on(GET, shows(501, before)), on(method, act)];
        let mut steps = answered(yes());
        steps.extend(unread());
        let (said, _) = pay_with(&request, &PayOptions::default(), steps);
        // Of a payment that is no longer paid nobody says that it is unverified.
        let unverified = "unverified, ACCESS_DENIED";
        let unknown = "unknown, ACCESS_DENIED, read";
        assert_eq!(short(&said), if is_paying { unverified } else { unknown });
        let mut steps = answered(yes());
        steps.push(on(GET, shows(501, !before)));
        let (said, _) = pay_with(&request, &PayOptions::default(), steps);
        assert!(
            matches!(
                said,
                Ok(Outcome::Done {
                    recovered: false,
                    ..
                })
            ),
            "{said:?}"
        );
        let mut steps = answered(no(400, 0, "Insufficient funds"));
        steps.push(on(GET, shows(501, before)));
        let (said, _) = pay_with(&request, &PayOptions::default(), steps);
        assert_eq!(short(&said), "rejected, REFUSED");
        let (said, _) = pay_with(
            &request,
            &PayOptions::default(),
            vec![on(GET, shows(501, !before))],
        );
        assert!(
            matches!(said, Ok(Outcome::Already { sent: false, .. })),
            "{said:?}"
        );
    }
}

#[test]
fn a_date_that_is_left_on_an_unpaid_payment_does_not_say_that_somebody_else_has_taken_it_back() {
    let request = PayRequest {
        payment: PaymentId::new(501).unwrap(),
        action: Action::MarkUnpaid,
    };
    let left = json!({"datePaid": "2026-09-01T00:00:00+03:00"});
    let steps = vec![
        on(GET, shows(501, true)),
        on(request.action.method(), yes()),
        on(GET, shows_with(501, false, &left)),
    ];
    let (said, _) = pay_with(&request, &PayOptions::default(), steps);
    assert!(matches!(said, Ok(Outcome::Done { .. })), "{said:?}");
}

#[test]
fn an_abort_before_sending_rejects_and_after_it_is_unknown() {
    for (abort_after, expected, script) in [
        (50.0, "rejected, ABORTED", vec![on(GET, shows(501, false))]),
        (
            150.0,
            "unknown, ABORTED, read",
            vec![
                on(GET, shows(501, false)),
                on(PAY, yes()),
                on(GET, shows(501, true)),
            ],
        ),
    ] {
        let world = World::new();
        let portal = ScriptedPortal::new(&world, world.tab(), script);
        let dyn_portal: Rc<dyn Portal> = Rc::clone(&portal) as _;
        let options = world.aborted_after(abort_after);
        let said = world.run(async move { confirm(&dyn_portal, &paying(501), &options).await });
        assert_eq!(
            (short(&said).as_str(), world.time.now()),
            (expected, abort_after)
        );
        world.rest();
        portal.finished();
    }
}
