//! Every fault by name: whether the call ran, and what came back instead of an answer.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod common;

use common::{PAY, ask, ask_at, is_paid, json_of, one_payment, pay_501, refusal_of, result_of};
use portal::{Credential, Fault, FaultKind, Portal, Reply, Request};
use serde_json::json;
use std::collections::BTreeSet;

/// What an answer looks like from outside.
fn shape(reply: &Reply) -> String {
    match reply {
        Reply::Json { status, body } => {
            let code = body
                .get("error")
                .map_or_else(|| "yes".to_owned(), ToString::to_string);
            if body.is_null() {
                format!("{status} null")
            } else {
                format!("{status} {code}")
            }
        }
        Reply::Text { status, body, .. } if body.is_empty() => format!("{status} empty"),
        Reply::Text { status, .. } => format!("{status} text"),
        Reply::Truncated { status, .. } => format!("{status} cut"),
        Reply::Drop => "drop".to_owned(),
        Reply::Never => "never".to_owned(),
    }
}

#[test]
fn each_fault_does_what_its_name_says() {
    use FaultKind as F;
    let table = [
        (F::DropBeforeCommit, "drop", false),
        (F::CommitThenDrop, "drop", true),
        (F::CommitThen502, "502 text", true),
        (F::CommitThenHtml, "200 text", true),
        (F::CommitLate, "never", true),
        (F::Hang, "never", false),
        (F::Delay, "200 yes", true),
        (F::Http502, "502 text", false),
        (F::Http500Json, "500 \"INTERNAL_SERVER_ERROR\"", false),
        (F::QueryLimit, "503 \"QUERY_LIMIT_EXCEEDED\"", false),
        (F::OperationLimit, "429 \"OPERATION_TIME_LIMIT\"", false),
        (F::ExpiredToken, "401 \"expired_token\"", false),
        (F::EmptyBody, "200 empty", false),
        (F::Empty403, "403 empty", false),
        (F::NullBody, "200 null", false),
        (F::TruncatedJson, "200 cut", true),
        (F::YesButUnpaid, "200 yes", false),
        (F::YesButUnpaidOrderPaid, "200 yes", false),
        (F::NumericError, "400 0", false),
        (F::ErrorCoreAfterCommit, "400 \"ERROR_CORE\"", true),
        (F::Denied, "403 \"ACCESS_DENIED\"", false),
        (F::MissingScope, "401 \"insufficient_scope\"", false),
        (F::NoCors, "200 yes", true),
    ];
    let mut shown: BTreeSet<&str> =
        ["refreshNeverAnswers", "dropReusedSocket", "batchRefused"].into();
    for (kind, answer, pays) in table {
        let mut portal = one_payment();
        portal.arm(Fault::new(kind, PAY));
        let exchange = pay_501(&mut portal);
        portal.pass(100_000);
        let name = kind.name();
        assert_eq!(shape(&exchange.reply), answer, "{name}");
        assert_eq!(is_paid(&portal, 501), pays, "{name}");
        assert_eq!(exchange.cors, kind != F::NoCors, "{name}");
        let entry = &portal.log()[0];
        assert_eq!((entry.fault, entry.committed), (Some(name), pays), "{name}");
        assert_eq!(entry.status, exchange.reply.status(), "{name}");
        assert_eq!(
            shape(&pay_501(&mut portal).reply),
            "200 yes",
            "{name} strikes once"
        );
        shown.insert(name);
    }
    let all: BTreeSet<&str> = FaultKind::ALL.iter().map(|(_, name)| *name).collect();
    assert_eq!(shown, all, "the other three have tests of their own");
    assert!(
        FaultKind::ALL
            .iter()
            .all(|(kind, name)| FaultKind::named(name) == Some(*kind))
    );
}

#[test]
fn a_late_commit_happens_at_its_own_time_and_within_a_minute() {
    for (ms, runs_at) in [(3_000, 4_000), (600_000, 61_000)] {
        let mut portal = one_payment();
        portal.arm(Fault::new(FaultKind::CommitLate, PAY).ms(ms));
        let exchange = pay_501(&mut portal);
        portal.pass(runs_at - 1);
        assert!(!is_paid(&portal, 501) && portal.is_busy() && !portal.log()[0].committed);
        let read = ask_at(
            &mut portal,
            runs_at + 500,
            "crm.item.payment.get",
            json!({"id": 501}),
        );
        assert_eq!(
            result_of(&read)["paid"],
            "Y",
            "receiving a call lets the due ones run first"
        );
        let payment = portal.payment(501).unwrap();
        assert_eq!(payment.paid_by_call, Some((exchange.n, runs_at)));
        assert!(!portal.is_busy() && portal.log()[0].committed);
    }
}

#[test]
fn an_answer_may_leave_before_the_call_has_run() {
    let mut portal = one_payment();
    portal.arm(Fault::new(FaultKind::CommitThen502, PAY).commit_ms(20_000));
    assert_eq!(shape(&pay_501(&mut portal).reply), "502 text");
    assert!(!is_paid(&portal, 501));
    portal.pass(21_000);
    assert!(is_paid(&portal, 501));
}

#[test]
fn late_calls_run_in_the_order_of_their_times() {
    let mut portal = one_payment();
    portal.arm(Fault::new(FaultKind::CommitLate, PAY).ms(30_000));
    portal.arm(Fault::new(FaultKind::CommitLate, PAY).ms(10_000));
    pay_501(&mut portal);
    pay_501(&mut portal);
    portal.pass(100_000);
    let payment = portal.payment(501).unwrap();
    assert_eq!(
        (payment.paid_times, payment.paid_by_call),
        (1, Some((2, 11_000)))
    );
}

#[test]
fn a_refused_call_is_not_paid_later() {
    let mut portal = one_payment();
    portal.arm(Fault::new(FaultKind::CommitLate, PAY).ms(1_000));
    let params = json!({"PAYMENT_ID": 501, "PAY_SYSTEM_ID": 11});
    portal.receive(0, &Request::new(PAY, params, Credential::None));
    portal.pass(100_000);
    assert!(!is_paid(&portal, 501));
}

#[test]
fn a_fault_waits_for_its_method_and_its_turn() {
    let mut portal = one_payment();
    portal.arm(Fault::new(FaultKind::Http502, PAY).nth(2).times(2));
    ask(&mut portal, "crm.item.payment.get", json!({"id": 501}));
    let answers: Vec<String> = (0..4).map(|_| shape(&pay_501(&mut portal).reply)).collect();
    assert_eq!(answers, ["200 yes", "502 text", "502 text", "200 yes"]);
    portal.arm(Fault::new(FaultKind::Hang, "*"));
    assert_eq!(shape(&ask(&mut portal, "scope", json!({})).reply), "never");
}

#[test]
fn a_fault_leaves_alone_what_it_cannot_strike() {
    let mut portal = one_payment();
    portal.arm(Fault::new(FaultKind::Http502, PAY).nth(3));
    let statuses = [(); 4].map(|()| pay_501(&mut portal).reply.status());
    assert_eq!(statuses, [Some(200), Some(200), Some(502), Some(200)]);

    // What breaks a connection is no matter of one command.
    portal.arm(Fault::new(FaultKind::CommitThenDrop, PAY));
    let command = format!("{PAY}?PAYMENT_ID=501&PAY_SYSTEM_ID=11");
    let batch = ask(&mut portal, "batch", json!({ "cmd": [command] }));
    assert_eq!(result_of(&batch)["result"], json!([true]));
    assert_eq!(pay_501(&mut portal).reply, Reply::Drop);

    // Nor is "any method" the renewal of a token.
    portal.arm(Fault::new(FaultKind::Hang, "*"));
    assert!(portal.renewal_is_answered());
    portal.arm(Fault::new(FaultKind::RefreshNeverAnswers, "*"));
    assert_eq!(pay_501(&mut portal).reply, Reply::Never);
    result_of(&pay_501(&mut portal));
    assert!(!portal.renewal_is_answered());

    portal.arm(Fault::new(FaultKind::DropReusedSocket, PAY));
    result_of(&pay_501(&mut portal));
}

#[test]
fn faults_armed_together_strike_one_after_the_other() {
    let mut portal = one_payment();
    portal.arm(Fault::new(FaultKind::Http502, PAY));
    portal.arm(Fault::new(FaultKind::Hang, PAY));
    portal.arm(Fault::new(FaultKind::NullBody, PAY).nth(3));
    let answers: Vec<String> = (0..3).map(|_| shape(&pay_501(&mut portal).reply)).collect();
    assert_eq!(answers, ["502 text", "never", "200 null"]);
}

#[test]
fn delays_are_the_answers_own() {
    let mut portal = one_payment();
    portal.latency_ms = 300;
    portal.arm(Fault::new(FaultKind::Delay, PAY).ms(3_000));
    assert_eq!(pay_501(&mut portal).after_ms, 3_300);
    assert_eq!(pay_501(&mut portal).after_ms, 300);
}

#[test]
fn whether_a_fault_lets_the_call_run_can_be_chosen() {
    for (kind, runs, answer) in [
        (FaultKind::Http502, true, "502 text"),
        (FaultKind::EmptyBody, true, "200 empty"),
        (FaultKind::NoCors, false, "502 text"),
    ] {
        let mut portal = one_payment();
        portal.arm(Fault::new(kind, PAY).commit(runs));
        assert_eq!(shape(&pay_501(&mut portal).reply), answer);
        assert_eq!(is_paid(&portal, 501), runs);
    }
}

#[test]
fn an_expired_token_stays_expired_and_is_renewed_once() {
    let mut portal = one_payment();
    let token = portal.issue(7);
    let call =
        |access: &str| Request::new("scope", json!({}), Credential::Token(access.to_owned()));
    portal.arm(Fault::new(FaultKind::ExpiredToken, "scope"));
    for _ in 0..2 {
        assert_eq!(
            refusal_of(&portal.receive(10, &call(&token.access))).1,
            "expired_token"
        );
    }
    let fresh = portal.renew(20, &token.refresh).unwrap();
    assert_eq!(json_of(&portal.receive(30, &call(&fresh.access))).0, 200);
    assert!(
        portal.renew(40, &token.refresh).is_none(),
        "a refresh token is spent"
    );
    assert_eq!(
        refusal_of(&portal.receive(20 + 3_600_000, &call(&fresh.access))).1,
        "expired_token"
    );
}

#[test]
fn a_renewal_may_stay_unanswered() {
    let mut portal = one_payment();
    portal.arm(Fault::new(FaultKind::RefreshNeverAnswers, "*"));
    assert_eq!(
        shape(&pay_501(&mut portal).reply),
        "200 yes",
        "it waits for renewals only"
    );
    assert!(!portal.renewal_is_answered());
    assert!(portal.renewal_is_answered());
}

#[test]
fn a_reused_connection_breaks_after_the_call_ran() {
    let mut portal = one_payment();
    assert!(!ask(&mut portal, "scope", json!({})).keeps_connection);
    portal.arm(Fault::new(FaultKind::DropReusedSocket, PAY));
    assert!(ask(&mut portal, "scope", json!({})).keeps_connection);
    let params = json!({"PAYMENT_ID": 501, "PAY_SYSTEM_ID": 11});
    let first = Request::new(PAY, params, common::hook_of_7());
    let reused = Request {
        reused_connection: true,
        ..first
    };
    assert_eq!(shape(&portal.receive(0, &reused).reply), "drop");
    assert!(is_paid(&portal, 501));
    assert!(!ask(&mut portal, "scope", json!({})).keeps_connection);
}

#[test]
fn a_cut_answer_announces_more_than_it_brings() {
    let mut portal = one_payment();
    portal.arm(Fault::new(FaultKind::TruncatedJson, PAY));
    let Reply::Truncated {
        body, announced, ..
    } = pay_501(&mut portal).reply
    else {
        panic!("not cut");
    };
    assert!(body.starts_with("{\"result\":true,") && body.len() < announced);
}

#[test]
fn the_log_shows_no_secret() {
    let mut portal = one_payment();
    let token = portal.issue(7);
    let command = format!("scope?auth={}", token.access);
    let params = json!({
        "auth": token.access, "refresh_token": token.refresh, "PAYMENT_ID": 501,
        "nested": {"Access_Token": token.access}, "cmd": [command],
    });
    portal.receive(
        0,
        &Request::new(PAY, params, Credential::Token(token.access.clone())),
    );
    let shown = format!("{:?}", portal.log());
    assert!(
        !shown.contains(&token.access) && !shown.contains(&token.refresh),
        "{shown}"
    );
    assert!(shown.contains("501"));
}

#[test]
fn the_same_calls_give_the_same_answers() {
    let story = |portal: &mut Portal| {
        portal.arm(Fault::new(FaultKind::CommitLate, PAY).ms(500));
        let token = portal.issue(7).access;
        let params = json!({"PAYMENT_ID": 501, "PAY_SYSTEM_ID": 11});
        portal.receive(1, &Request::new(PAY, params, Credential::Token(token)));
        portal.receive(
            900,
            &Request::new(
                "crm.item.payment.get",
                json!({"id": 501}),
                common::hook_of_7(),
            ),
        )
    };
    assert_eq!(story(&mut one_payment()), story(&mut one_payment()));
}
