//! After sending, when the answer was lost or does not decide: what is read, for how long, and what is said.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::float_cmp,
    reason = "tests"
)]

mod support;

use b24pay::error::Retry;
use b24pay::outcome::Outcome;
use b24pay::portal::Ended;
use b24pay::request::PayOptions;
use serde_json::json;
use support::calls::{
    begin, broken, denied, patient, pay_by, pay_over, pay_with, paying, says, short, start, unread,
    was_told,
};
use support::script::{Act, GET, PAY, SALE_GET, ScriptedPortal, no, on, shows, shows_with, yes};
use support::world::{Habits, Timers, World};

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
    let (said, at) = pay_with(&paying(501), &PayOptions::default(), steps);
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
    let (said, at) = pay_with(&paying(501), &PayOptions::default(), steps.clone());
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
    let options = patient(2_000.0, 30_000.0);
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
        let (said, at) = pay_by(tells_apart, &paying(501), &options, steps);
        assert_eq!(
            (short(&said).as_str(), at),
            ("paid, recovered true", 100.0 + 1_500.0 + 2_000.0 + 100.0)
        );
    }
}

#[test]
fn an_end_that_is_told_twice_moves_the_window_once() {
    let options = patient(2_000.0, 30_000.0);
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
        let (said, at) = pay_by(false, &paying(501), &options, steps);
        assert_eq!(
            (short(&said).as_str(), at),
            (expected, 100.0 + 500.0 + 2_000.0)
        );
    }
}

#[test]
fn a_request_that_was_held_back_stays_so_however_often_its_end_is_told() {
    let ended = Ended {
        started_at: Some(1_400.0),
        status: Some(0),
        certain: true,
    };
    let late = Act::EndsThenSays(ended, 300.0, json!({}));
    let mut steps = vec![on(GET, shows(501, false)), on(PAY, late).after(1_500.0)];
    steps.extend((0..3).map(|_| on(GET, shows(501, false)).after(0.0)));
    let (said, _) = pay_by(false, &paying(501), &patient(2_000.0, 30_000.0), steps);
    assert_eq!(short(&said), "unknown, NO_ANSWER, read");
}

#[test]
fn what_a_service_worker_has_told_to_have_failed_may_be_sent_by_it_later() {
    let silently = Act::EndsSilently(Ended {
        started_at: Some(100.0),
        status: Some(0),
        certain: true,
    });
    let offline = json!({"error": "offline"});
    let queued = json!({"queued": true});
    let of_the_portal = no(400, "ERROR_CORE", "no such order");
    for (act, by_the_network, by_a_worker) in [
        (Act::Breaks(None), "not applied, NO_ANSWER", "NO_ANSWER"),
        (silently, "not applied, NO_ANSWER", "NO_ANSWER"),
        (Act::Says(202, queued), "not applied, NONSENSE", "NONSENSE"),
        (
            Act::Says(503, offline.clone()),
            "not applied, REFUSED",
            "REFUSED",
        ),
        (Act::Says(200, offline), "rejected, REFUSED", "REFUSED"),
        // What the portal itself says counts, whoever has passed it on.
        (of_the_portal, "rejected, REFUSED", ""),
        (yes(), "not applied, answered", ""),
    ] {
        for may_send_later in [false, true] {
            let unknown = format!("unknown, {by_a_worker}, read");
            let expected = if may_send_later && !by_a_worker.is_empty() {
                &unknown
            } else {
                by_the_network
            };
            let is_answered = ["rejected, REFUSED", "not applied, answered"].contains(&expected);
            let mut steps = vec![on(GET, shows(501, false)), on(PAY, act.clone())];
            let reads = if is_answered { 1 } else { 3 };
            steps.extend((0..reads).map(|_| on(GET, shows(501, false)).after(0.0)));
            let set = |portal: &ScriptedPortal| {
                portal.tells_apart.set(false);
                portal.may_send_later.set(may_send_later);
            };
            let (said, _) = pay_over(set, &paying(501), &patient(2_000.0, 30_000.0), steps);
            assert_eq!(short(&said), expected, "{act:?}");
        }
    }
}

#[test]
fn what_is_heard_meanwhile_does_not_break_a_read_off() {
    for certain in [false, true] {
        let ended = Ended {
            started_at: Some(100.0),
            status: None,
            certain,
        };
        let steps = vec![
            on(GET, shows(501, false)),
            on(PAY, Act::EndsThenSays(ended, 200.0, json!({}))),
            on(GET, shows(501, true)).after(500.0),
        ];
        let (said, at) = pay_by(false, &paying(501), &PayOptions::default(), steps);
        assert_eq!(
            (short(&said).as_str(), at),
            ("paid, recovered true", 100.0 + 100.0 + 500.0)
        );
    }
}

#[test]
fn a_request_that_never_ends_where_nothing_may_be_read_is_unknown_when_the_window_ends() {
    let options = patient(2_000.0, 500.0);
    let mut steps = unread().to_vec();
    steps.push(on(PAY, Act::Hangs));
    steps.extend([unread(), unread()].concat());
    let (said, at) = pay_with(&paying(501), &options, steps);
    assert_eq!(
        (short(&said).as_str(), at),
        ("unknown, NO_ANSWER, unread", 2_000.0)
    );
}

#[test]
fn what_is_answered_after_an_outcome_was_told_is_not_looked_into() {
    let ended = Ended {
        started_at: Some(0.0),
        status: Some(0),
        certain: true,
    };
    for body in [json!({"result": true}), json!({"error": "ERROR_CORE"})] {
        let mut steps = unread().to_vec();
        steps.push(on(PAY, Act::EndsThenSays(ended, 1_000.0, body)));
        steps.extend(unread());
        let (said, at) = pay_by(false, &paying(501), &patient(2_000.0, 500.0), steps);
        assert_eq!(
            (short(&said).as_str(), at),
            ("unknown, NO_ANSWER, unread", 100.0)
        );
    }
}

#[test]
fn a_read_that_hangs_gives_way_to_the_last_one_when_the_window_ends() {
    let options = patient(5_000.0, 30_000.0);
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
        let (said, at) = pay_with(&paying(501), &options, steps);
        assert_eq!(
            (short(&said).as_str(), at),
            (end, 100.0 + ended_ms + 5_000.0 + 100.0),
            "the window began after the first read or with the end of the request, the last read took 100 ms"
        );
    }
}

#[test]
fn a_request_that_was_never_seen_to_end_stays_unknown() {
    let options = patient(2_000.0, 30_000.0);
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
        let (said, _) = pay_with(&paying(501), &options, steps);
        assert_eq!(short(&said), "unknown, NO_ANSWER, read");
    }
}

#[test]
fn the_payment_of_an_unknown_outcome_is_the_last_that_was_read() {
    let read = |number| {
        on(
            GET,
            shows_with(501, false, &json!({"accountNumber": number})),
        )
    };
    let steps = vec![
        read("917/1"),
        on(PAY, Act::Hangs),
        read("917/2").after(0.0),
        read("917/3"),
    ];
    let (said, _) = pay_with(&paying(501), &patient(1_500.0, 1_000.0), steps);
    let Ok(Outcome::Unknown { payment, .. }) = said else {
        panic!("{said:?}")
    };
    assert_eq!(payment.unwrap().account_number, "917/3");
}

#[test]
fn a_silent_end_counts_only_when_it_is_certain() {
    let options = patient(2_000.0, 30_000.0);
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
                started_at: Some(1_101.0),
                status: Some(0),
                certain: true,
            },
            "unknown, NO_ANSWER, read",
        ),
        // A second is what a busy page may take.
        (
            Ended {
                started_at: Some(1_100.0),
                status: Some(0),
                certain: true,
            },
            "not applied, NO_ANSWER",
        ),
    ];
    for (ended, expected) in rows {
        let mut steps = vec![
            on(GET, shows(501, false)),
            on(PAY, Act::EndsSilently(ended)),
        ];
        steps.extend((0..3).map(|_| on(GET, shows(501, false)).after(0.0)));
        let (said, _) = pay_by(false, &paying(501), &options, steps);
        assert_eq!(short(&said), expected, "{ended:?}");
    }
}

#[test]
fn a_late_answer_still_counts() {
    let options = patient(65_000.0, 1_000.0);
    let steps = vec![
        on(GET, shows(501, false)),
        on(PAY, yes()).after(1_500.0),
        on(GET, shows(501, false)).after(0.0),
        on(GET, shows(501, true)),
    ];
    let (said, at) = pay_with(&paying(501), &options, steps);
    assert_eq!(
        (short(&said).as_str(), at),
        ("paid, recovered false", 1_700.0)
    );
}

#[test]
fn what_was_asked_before_an_answer_came_does_not_tell_what_the_call_did() {
    for (act, before, after, expected) in [
        (yes(), false, true, "paid, recovered false"),
        (yes(), true, false, "not applied, answered"),
        (
            no(400, "ERROR_CORE", ""),
            false,
            true,
            "paid, recovered false",
        ),
        (no(400, "ERROR_CORE", ""), true, false, "rejected, REFUSED"),
    ] {
        let steps = vec![
            on(GET, shows(501, false)),
            on(PAY, act).after(1_500.0),
            // Asked when the deadline was over, at 1,100 ms.
            on(GET, shows(501, before)).after(500.0),
            on(GET, shows(501, after)).after(300.0),
        ];
        let (said, at) = pay_with(&paying(501), &patient(65_000.0, 1_000.0), steps);
        assert_eq!((short(&said).as_str(), at), (expected, 1_900.0));
    }
}

#[test]
fn after_a_late_answer_reads_that_fail_are_repeated_as_soon_as_at_first() {
    let mut steps = vec![on(GET, shows(501, false)), on(PAY, yes()).after(19_900.0)];
    // At 1.1, 2.1, 4.1, 8.1 and 16.1 seconds.
    steps.extend((0..5).map(|_| on(GET, shows(501, false)).after(0.0)));
    let fails = on(GET, Act::Breaks(None)).after(0.0);
    steps.extend([fails.clone(), fails, on(GET, shows(501, true)).after(0.0)]);
    let (said, at) = pay_with(&paying(501), &patient(65_000.0, 1_000.0), steps);
    assert_eq!(
        (short(&said).as_str(), at),
        ("paid, recovered false", 20_000.0 + 1_000.0 + 2_000.0)
    );
}

#[test]
fn where_nothing_could_be_read_before_a_late_answer_failing_reads_are_repeated_after_it() {
    let mut steps = unread().to_vec();
    steps.push(on(PAY, yes()).after(1_500.0));
    steps.extend(unread());
    steps.push(on(GET, Act::Breaks(None)).after(0.0));
    steps.push(on(GET, shows(501, true)).after(0.0));
    let (said, at) = pay_with(&paying(501), &patient(65_000.0, 500.0), steps);
    assert_eq!(
        (short(&said).as_str(), at),
        ("paid, recovered false", 1_500.0 + 1_000.0)
    );
}

#[test]
fn an_end_that_is_seen_after_the_answer_moves_no_window() {
    let ended = Ended {
        started_at: Some(100.0),
        status: Some(200),
        certain: true,
    };
    // It is answered at 200 ms, and seen to end at 500.
    let answered = Act::EndsThenSays(ended, -300.0, json!({"result": true}));
    let mut steps = vec![on(GET, shows(501, false)), on(PAY, answered).after(400.0)];
    steps.extend((0..3).map(|_| on(GET, Act::Breaks(None)).after(0.0)));
    let (said, at) = pay_by(false, &paying(501), &patient(2_000.0, 30_000.0), steps);
    assert_eq!(
        (short(&said).as_str(), at),
        ("unknown, NO_ANSWER, read", 100.0 + 2_000.0)
    );
}

#[test]
fn why_a_yes_could_not_be_read_back_is_no_leave_to_pay_again() {
    for (code, status, told) in [
        ("QUERY_LIMIT_EXCEEDED", 503, "LIMITED"),
        ("CONNECTION_ERROR", 401, "AUTH_EXPIRED"),
        // Nor does the portal's no to the read say that it said no to the call.
        ("0", 400, "REFUSED"),
        ("ERROR_CORE", 400, "REFUSED"),
    ] {
        let refused = on(GET, no(status, code, "text"));
        let steps = vec![
            on(GET, shows(501, false)),
            on(PAY, yes()),
            refused.clone(),
            refused,
        ];
        let options = patient(500.0, 1_000.0);
        let (said, _) = pay_with(&paying(501), &options, steps);
        let Ok(Outcome::Unknown { cause, .. }) = said else {
            panic!("{said:?}");
        };
        assert_eq!(
            (cause.code(), cause.retry()),
            ("NO_ANSWER", Retry::ReadFirst)
        );
        assert_eq!(cause.refusal().unwrap().code, code);
        assert_eq!(cause.status(), Some(status));
        let why = cause.why().unwrap();
        assert_eq!(why.code(), told);
        let expected = format!("the payment could not be read back: {why}");
        assert_eq!(cause.to_string(), expected);
    }
}

#[test]
fn failing_reads_are_repeated_and_then_it_is_unknown() {
    let options = patient(2_000.0, 30_000.0);
    for act in [yes(), Act::Breaks(Some(502))] {
        let mut steps = vec![on(GET, shows(501, false)), on(PAY, act)];
        steps.extend((0..3).map(|_| on(GET, Act::Breaks(None)).after(0.0)));
        let (said, _) = pay_with(&paying(501), &options, steps);
        assert!(short(&said).starts_with("unknown, NO_ANSWER"), "{said:?}");
    }
}

#[test]
fn where_reads_fail_after_an_answer_the_last_read_says_why() {
    let options = patient(2_000.0, 30_000.0);
    for (act, expected) in [(yes(), GET), (Act::Breaks(Some(502)), PAY)] {
        let mut steps = vec![on(GET, shows(501, false)), on(PAY, act)];
        steps.extend((0..3).map(|_| on(GET, no(400, "ERROR_CORE", "")).after(0.0)));
        let (said, _) = pay_with(&paying(501), &options, steps);
        let Ok(Outcome::Unknown { cause, payment }) = said else {
            panic!("{said:?}")
        };
        assert_eq!(cause.method(), Some(expected));
        assert!(!payment.unwrap().paid, "the last that was read");
    }
}

#[test]
fn a_refusal_that_comes_late_is_not_sent_again() {
    let steps = vec![
        on(GET, shows(501, false)),
        on(PAY, no(503, "QUERY_LIMIT_EXCEEDED", "")).after(1_500.0),
        on(GET, shows(501, false)),
        on(GET, shows(501, false)),
    ];
    let (said, _) = pay_with(&paying(501), &patient(65_000.0, 1_000.0), steps);
    assert_eq!(short(&said), "rejected, LIMITED");
}

#[test]
fn a_refusal_that_was_not_seen_is_not_sent_again() {
    let ended = Ended {
        started_at: Some(150.0),
        status: Some(503),
        certain: true,
    };
    let mut steps = vec![
        on(GET, shows(501, false)),
        on(PAY, Act::EndsSilently(ended)),
    ];
    steps.extend((0..3).map(|_| on(GET, shows(501, false)).after(0.0)));
    let (said, at) = pay_by(false, &paying(501), &patient(2_000.0, 1_000.0), steps);
    // The window begins with the end of the request, however early it was seen to start.
    assert_eq!(
        (short(&said).as_str(), at),
        ("not applied, NO_ANSWER", 2_200.0)
    );
}

#[test]
fn an_answer_that_is_none_does_not_say_when_the_request_started() {
    let empty = Act::Says(200, json!({}));
    let of_the_edge = no(400, "INTERNAL_SERVER_ERROR", "");
    for (act, tells_apart, expected) in [
        // `BX24` may have held it back: that stays in doubt.
        (&empty, false, "unknown, NONSENSE, read"),
        (&empty, true, "not applied, NONSENSE"),
        (&of_the_edge, false, "unknown, REFUSED, read"),
        (&of_the_edge, true, "not applied, REFUSED"),
    ] {
        let mut steps = vec![
            on(GET, shows(501, false)),
            on(PAY, act.clone()).after(1_500.0),
        ];
        steps.extend((0..3).map(|_| on(GET, shows(501, false)).after(0.0)));
        let (said, _) = pay_by(tells_apart, &paying(501), &patient(2_000.0, 5_000.0), steps);
        assert_eq!(short(&said), expected);
    }
}

#[test]
fn the_longest_that_a_call_takes_is_what_the_page_says() {
    // Another tab keeps the payment's turn, each read takes both readers to their deadlines, a second look included, and the request
    // ends late in what would have been the last read.
    const LATE_MS: f64 = 29_999.0;
    let read = || {
        [
            on(GET, denied()).after(LATE_MS),
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
    steps.push(on(GET, denied()).after(LATE_MS));
    steps.extend(read());
    let world = World::new();
    world.locks_elsewhere("b24pay:portal.example/payment/501", 94_999.0);
    let portal = ScriptedPortal::new(&world, world.tab(), steps);
    portal.tells_apart.set(false);
    let told = begin(&world, &portal, paying(501));
    world.rest();
    portal.finished();
    let (said, at) = told.borrow().clone().unwrap();
    assert_eq!(said, "not applied, NO_ANSWER");
    assert!((464_900.0..=465_000.0).contains(&at), "{at}");
}

#[test]
fn the_renewal_of_a_token_and_what_was_refused_for_it_come_on_top_of_a_read() {
    const LATE_MS: f64 = 29_999.0;
    let world = World::new();
    let steps = vec![
        on(GET, no(401, "expired_token", "")).after(LATE_MS),
        on(GET, denied()).after(LATE_MS),
        on(SALE_GET, shows(501, true)).after(LATE_MS),
    ];
    let portal = ScriptedPortal::new(&world, world.tab(), steps);
    portal.renewals.borrow_mut().push_back(true);
    let told = begin(&world, &portal, paying(501));
    world.rest();
    portal.finished();
    let (said, at) = told.borrow().clone().unwrap();
    assert_eq!(said, "already paid, sent false");
    assert_eq!(at, 3.0 * LATE_MS + 100.0);
}

#[test]
fn while_the_clock_stands_at_the_windows_end_no_read_breaks_another_one_off() {
    // Browsers that hide from fingerprinters tell coarse times.
    let world = World::new();
    let tab = world.open(Habits {
        timers: Timers {
            coarse_ms: 1_000.0,
            ..Timers::default()
        },
        ..Habits::default()
    });
    let mut steps = vec![on(GET, shows(501, false)), on(PAY, Act::Hangs)];
    steps.extend((0..5).map(|_| on(GET, shows(501, false))));
    let portal = ScriptedPortal::new(&world, tab.page, steps);
    let told = start(&world, &portal, 0.0, paying(501), patient(2_001.0, 500.0));
    world.rest();
    was_told(&told, "unknown, NO_ANSWER, read");
    portal.finished();
}
