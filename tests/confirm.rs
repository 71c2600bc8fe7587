//! The flow of one payment over a scripted portal, step by step, under a virtual clock.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::float_cmp,
    clippy::field_reassign_with_default,
    clippy::excessive_precision,
    reason = "tests"
)]

mod support;

use std::rc::Rc;

use b24pay::amount::Amount;
use b24pay::confirm::confirm;
use b24pay::error::{Error, Retry};
use b24pay::outcome::Outcome;
use b24pay::payment::{PaySystemId, PaymentId};
use b24pay::portal::{Ended, Portal};
use b24pay::request::{Action, Details, PayOptions, PayRequest};
use serde_json::json;
use support::script::{
    Act, GET, PAY, SALE_GET, ScriptedPortal, Step, no, on, shows, shows_with, yes,
};
use support::world::World;

type Said = Result<Outcome, Error>;

fn request() -> PayRequest {
    let system = PaySystemId::new(11).unwrap();
    PayRequest {
        payment: PaymentId::new(501).unwrap(),
        action: Action::Pay(system, Details::default()),
    }
}

/// Runs one call over a script that must be used up, and says when it ended.
#[track_caller]
fn pay_with(request: &PayRequest, options: &PayOptions, steps: Vec<Step>) -> (Said, f64) {
    pay_by(true, request, options, steps)
}

/// The same, by a portal that can tell calls apart or, as `BX24`, cannot.
#[track_caller]
fn pay_by(
    tells_apart: bool,
    request: &PayRequest,
    options: &PayOptions,
    steps: Vec<Step>,
) -> (Said, f64) {
    let world = World::new();
    let portal = ScriptedPortal::new(&world, world.tab(), steps);
    portal.tells_apart.set(tells_apart);
    let said = {
        let portal: Rc<dyn Portal> = Rc::clone(&portal) as _;
        let (request, options) = (request.clone(), options.clone());
        world.run(async move { confirm(&portal, &request, &options).await })
    };
    let ended_at = world.time.now();
    world.rest();
    portal.finished();
    assert!(
        world.origin.journal.borrow().is_empty(),
        "the journal keeps nothing that is over"
    );
    (said, ended_at)
}

#[track_caller]
fn pay(steps: Vec<Step>) -> Said {
    pay_with(&request(), &PayOptions::default(), steps).0
}

/// A short form of what was said, for comparisons.
fn short(said: &Said) -> String {
    match said {
        Ok(Outcome::Done { payment, recovered }) => {
            assert!(payment.paid);
            format!("paid, recovered {recovered}")
        }
        Ok(Outcome::Already { payment, sent }) => {
            assert!(payment.paid);
            format!("already paid, sent {sent}")
        }
        Ok(Outcome::NotApplied { payment, cause }) => {
            assert!(!payment.paid);
            format!(
                "not applied, {}",
                cause.as_ref().map_or("answered", Error::code)
            )
        }
        Ok(Outcome::Unverified { cause }) => format!("unverified, {}", cause.code()),
        Ok(Outcome::Unknown { cause, payment }) => {
            format!(
                "unknown, {}, {}",
                cause.code(),
                if payment.is_some() { "read" } else { "unread" }
            )
        }
        Err(error) => format!("rejected, {}", error.code()),
    }
}

#[track_caller]
fn says(expected: &str, steps: Vec<Step>) {
    assert_eq!(short(&pay(steps)), expected);
}

fn broken() -> Step {
    on(PAY, Act::Breaks(Some(502)))
}

fn denied() -> Act {
    no(400, "ACCESS_DENIED", "Access denied")
}

fn unscoped() -> Act {
    no(401, "insufficient_scope", "")
}

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
        short(&pay_with(&request(), &options, steps).0),
        "paid, recovered false"
    );
}

#[test]
fn reading_falls_back_to_sale_and_remembers_a_missing_scope_only() {
    let paid = || vec![on(PAY, yes()), on(SALE_GET, shows(501, true))];
    let mut scope = vec![on(GET, unscoped()), on(SALE_GET, shows(501, false))];
    scope.extend(paid());
    says("paid, recovered false", scope);
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
    let unread = || {
        [
            on(GET, denied()),
            on(SALE_GET, no(400, "200040300010", "Access Denied")),
        ]
    };
    let mut steps = unread().to_vec();
    steps.push(on(PAY, yes()));
    steps.extend(unread());
    says("unverified, ACCESS_DENIED", steps);
}

#[test]
fn without_the_right_to_read_an_agreed_amount_rejects() {
    let mut options = PayOptions::default();
    options.terms.sum = Amount::from_text("1000");
    let steps = vec![on(GET, denied()), on(SALE_GET, unscoped())];
    let (said, _) = pay_with(&request(), &options, steps);
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
        let (said, at) = pay_by(false, &request(), &PayOptions::default(), steps);
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
    for code in [
        json!("ERROR_CORE"),
        json!("ERROR_ARGUMENT"),
        json!(0),
        json!("0"),
        json!(""),
        json!(100),
    ] {
        let failed = || {
            vec![
                on(GET, shows(501, false)),
                on(PAY, no(400, code.clone(), "text")),
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
fn a_lost_answer_is_recovered_by_reading() {
    for act in [
        Act::Breaks(None),
        Act::Breaks(Some(502)),
        Act::Says(200, json!({})),
    ] {
        says(
            "paid, recovered true",
            vec![
                on(GET, shows(501, false)),
                on(PAY, act),
                on(GET, shows(501, true)),
            ],
        );
    }
    let steps = vec![
        on(GET, shows(501, false)),
        on(PAY, Act::Hangs),
        on(GET, shows(501, true)),
    ];
    let (said, at) = pay_with(&request(), &PayOptions::default(), steps);
    assert_eq!(
        (short(&said).as_str(), at),
        ("paid, recovered true", 30_200.0)
    );
}

#[test]
fn an_unpaid_payment_is_not_applied_only_after_the_window() {
    let reads = [0.0, 1.0, 3.0, 7.0, 15.0, 23.0, 31.0, 39.0, 47.0, 55.0, 63.0];
    let mut steps = vec![on(GET, shows(501, false)), broken()];
    steps.extend(reads.map(|_| on(GET, shows(501, false)).after(0.0)));
    steps.push(on(GET, shows(501, false)));
    let (said, at) = pay_with(&request(), &PayOptions::default(), steps.clone());
    assert_eq!(short(&said), "not applied, NO_ANSWER");
    assert_eq!(
        at,
        100.0 + 100.0 + 65_000.0 + 100.0,
        "the deciding read starts at the end of the window, which began with the end of the request"
    );
    // What turns paid at the last moment is seen by that read.
    steps.pop();
    steps.push(on(GET, shows(501, true)));
    says("paid, recovered true", steps);
}

#[test]
fn the_window_of_a_request_that_ended_late_begins_with_its_end() {
    // A browser may have kept it waiting for a connection, and nothing says for how long: the start that it tells through `BX24`
    // is from before.
    let mut options = PayOptions::default();
    options.settle_ms = 2_000.0;
    let silently = |status| {
        Act::EndsSilently(Ended {
            started_at: Some(100.0),
            status: Some(status),
            certain: true,
        })
    };
    for (tells_apart, act) in [
        (true, Act::Breaks(None)),
        (true, Act::Breaks(Some(502))),
        (true, Act::Says(200, json!({}))),
        (true, no(400, "INTERNAL_SERVER_ERROR", "")),
        (false, silently(0)),
        (false, silently(504)),
    ] {
        let mut steps = vec![on(GET, shows(501, false)), on(PAY, act).after(1_500.0)];
        steps.extend((0..2).map(|_| on(GET, shows(501, false)).after(0.0)));
        steps.push(on(GET, shows(501, true)));
        let (said, at) = pay_by(tells_apart, &request(), &options, steps);
        assert_eq!(
            (short(&said).as_str(), at),
            ("paid, recovered true", 100.0 + 1_500.0 + 2_000.0 + 100.0)
        );
    }
}

#[test]
fn an_end_that_is_told_twice_moves_the_window_once() {
    let mut options = PayOptions::default();
    options.settle_ms = 2_000.0;
    let ended = Ended {
        started_at: Some(100.0),
        status: Some(200),
        certain: true,
    };
    for (later_ms, reads, expected) in [
        (400.0, 3, "not applied, NO_ANSWER"),
        // So long after handing over, an empty answer may be that of a request that was held back.
        (1_400.0, 4, "unknown, NO_ANSWER, read"),
    ] {
        let late = Act::EndsThenSays(ended, later_ms, json!({}));
        let mut steps = vec![on(GET, shows(501, false)), on(PAY, late).after(500.0)];
        steps.extend((0..reads).map(|_| on(GET, shows(501, false)).after(0.0)));
        let (said, at) = pay_by(false, &request(), &options, steps);
        assert_eq!(
            (short(&said).as_str(), at),
            (expected, 100.0 + 500.0 + 2_000.0)
        );
    }
}

#[test]
fn a_read_that_hangs_gives_way_to_the_last_one_when_the_window_ends() {
    let mut options = PayOptions::default();
    options.settle_ms = 5_000.0;
    for (answer, end, ended_ms) in [
        (broken(), "not applied, NO_ANSWER", 100.0),
        (on(PAY, yes()), "not applied, answered", 0.0),
    ] {
        let steps = vec![
            on(GET, shows(501, false)),
            answer,
            on(GET, Act::Hangs),
            on(GET, shows(501, false)),
        ];
        let (said, at) = pay_with(&request(), &options, steps);
        assert_eq!(
            (short(&said).as_str(), at),
            (end, 100.0 + ended_ms + 5_000.0 + 100.0),
            "the window began after the first read or with the end of the request, the last read took 100 ms"
        );
    }
}

#[test]
fn a_request_that_was_never_seen_to_end_stays_unknown() {
    let mut options = PayOptions::default();
    options.settle_ms = 2_000.0;
    for act in [Act::Hangs, Act::Throws] {
        let is_thrown = matches!(act, Act::Throws);
        let mut steps = vec![
            on(GET, shows(501, false)),
            on(PAY, act),
            on(GET, shows(501, false)).after(0.0),
        ];
        if is_thrown {
            steps.extend([
                on(GET, shows(501, false)).after(0.0),
                on(GET, shows(501, false)).after(0.0),
            ]);
        }
        let (said, _) = pay_with(&request(), &options, steps);
        assert_eq!(short(&said), "unknown, NO_ANSWER, read");
    }
}

#[test]
fn a_silent_end_counts_only_when_it_is_certain() {
    let mut options = PayOptions::default();
    options.settle_ms = 2_000.0;
    let rows = [
        (
            Ended {
                started_at: Some(150.0),
                status: Some(502),
                certain: true,
            },
            "not applied, NO_ANSWER",
        ),
        (
            Ended {
                started_at: None,
                status: None,
                certain: false,
            },
            "unknown, NO_ANSWER, read",
        ),
        // BX24 held it back: what it does now lies outside the window.
        (
            Ended {
                started_at: Some(1_500.0),
                status: Some(0),
                certain: true,
            },
            "unknown, NO_ANSWER, read",
        ),
    ];
    for (ended, expected) in rows {
        let mut steps = vec![
            on(GET, shows(501, false)),
            on(PAY, Act::EndsSilently(ended)),
        ];
        steps.extend((0..3).map(|_| on(GET, shows(501, false)).after(0.0)));
        let (said, _) = pay_by(false, &request(), &options, steps);
        assert_eq!(short(&said), expected, "{ended:?}");
    }
}

#[test]
fn a_late_answer_still_counts() {
    let mut options = PayOptions::default();
    options.deadline_ms = 1_000.0;
    let steps = vec![
        on(GET, shows(501, false)),
        on(PAY, yes()).after(1_500.0),
        on(GET, shows(501, false)).after(0.0),
        on(GET, shows(501, true)),
    ];
    let (said, at) = pay_with(&request(), &options, steps);
    assert_eq!(
        (short(&said).as_str(), at),
        ("paid, recovered false", 1_700.0)
    );
}

#[test]
fn failing_reads_are_repeated_and_then_it_is_unknown() {
    let mut options = PayOptions::default();
    options.settle_ms = 2_000.0;
    for act in [yes(), Act::Breaks(Some(502))] {
        let mut steps = vec![on(GET, shows(501, false)), on(PAY, act)];
        steps.extend((0..3).map(|_| on(GET, Act::Breaks(None)).after(0.0)));
        let (said, _) = pay_with(&request(), &options, steps);
        assert!(short(&said).starts_with("unknown, NO_ANSWER"), "{said:?}");
    }
}

#[test]
fn where_reads_fail_after_an_answer_the_last_read_says_why() {
    let mut options = PayOptions::default();
    options.settle_ms = 2_000.0;
    for (act, expected) in [(yes(), GET), (Act::Breaks(Some(502)), PAY)] {
        let mut steps = vec![on(GET, shows(501, false)), on(PAY, act)];
        steps.extend((0..3).map(|_| on(GET, no(400, "ERROR_CORE", "")).after(0.0)));
        let (said, _) = pay_with(&request(), &options, steps);
        let Ok(Outcome::Unknown { cause, payment }) = said else {
            panic!("{said:?}")
        };
        assert_eq!(cause.method(), Some(expected));
        assert!(!payment.unwrap().paid, "the last that was read");
    }
}

#[test]
fn an_expired_token_is_renewed_once_and_what_it_was_refused_for_is_sent_again() {
    let expired = || no(401, "expired_token", "");
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
            world.run(async move { confirm(&asked, &request(), &PayOptions::default()).await });
        assert_eq!(short(&said), expected, "{:#?}", portal.conversation);
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
    let (said, at) = pay_with(&request(), &PayOptions::default(), steps);
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
            world.run(async move { confirm(&portal, &request(), &PayOptions::default()).await });
        assert_eq!(
            (short(&said).as_str(), world.time.now()),
            ("paid, recovered false", expected)
        );
    }
    portal.finished();
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
            short(&pay_with(&request(), &options, steps).0),
            "paid, recovered false"
        );
    }
    let error = pay_with(&request(), &options, vec![read(json!(59.96))])
        .0
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "expected a payment of 59.97 EUR, the portal has 59.96 EUR"
    );
    let error = pay_with(&request(), &options, vec![read(json!(null))])
        .0
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "expected a payment of 59.97 EUR, the portal has an unreadable amount EUR"
    );
}

#[test]
fn the_details_amount_must_be_the_payments_unless_it_may_differ() {
    let mut request = request();
    let details = Details {
        sum: Some("990".into()),
        currency: Some("EUR".into()),
        ..Details::default()
    };
    request.action = Action::Pay(PaySystemId::new(11).unwrap(), details);
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
        short(&pay_with(&request(), &options, steps).0),
        "paid, recovered false"
    );
    options.known = Some((payment, -10_001.0));
    let steps = vec![
        on(GET, shows(501, false)),
        on(PAY, yes()),
        on(GET, shows(501, true)),
    ];
    assert_eq!(
        short(&pay_with(&request(), &options, steps).0),
        "paid, recovered false"
    );
}

#[test]
fn a_known_payment_says_nothing_of_another_one() {
    let Ok(Outcome::Already { payment, .. }) = pay(vec![on(GET, shows(501, true))]) else {
        panic!("expected a payment to know");
    };
    let mut request = request();
    request.payment = PaymentId::new(502).unwrap();
    let mut options = PayOptions::default();
    options.known = Some((payment, 0.0));
    let steps = vec![
        on(GET, shows(502, false)),
        on(PAY, yes()),
        on(GET, shows(502, true)),
    ];
    assert_eq!(
        short(&pay_with(&request, &options, steps).0),
        "paid, recovered false"
    );
}

#[test]
fn exactly_what_was_given_is_sent() {
    let mut request = request();
    let details = Details {
        invoice_id: Some("bank-1".into()),
        ..Details::default()
    };
    request.action = Action::Pay(PaySystemId::new(11).unwrap(), details);
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
        let answered = |act| vec![on(GET, shows(501, before)), on(method, act)];
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
        let said = world.run(async move { confirm(&dyn_portal, &request(), &options).await });
        assert_eq!(
            (short(&said).as_str(), world.time.now()),
            (expected, abort_after)
        );
        world.rest();
        portal.finished();
    }
}
