//! The leaky bucket of all callers, and the execution time of a method.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod common;

use common::{PAY, SECRET, ask_as, ask_at, json_of, pay_501, refusal_of, result_of};
use portal::{
    Clock, Credential, Limits, OperatingLimit, Plan, Portal, Request, Scenario, Scopes, Setting,
};
use serde_json::json;

fn portal_with(limits: Limits) -> Portal {
    Portal::new(
        Scenario::Of(
            Setting::one_payment()
                .webhook(7, SECRET, Scopes::ALL)
                .limits(limits),
        ),
        0,
    )
}

fn admitted(portal: &mut Portal, now_ms: u64, calls: usize) -> usize {
    (0..calls)
        .filter(|_| json_of(&ask_at(portal, now_ms, "scope", json!({}))).0 == 200)
        .count()
}

#[test]
fn the_bucket_holds_its_threshold_and_leaks_its_rate() {
    for (plan, at_once, per_second) in [(Plan::Standard, 50, 2), (Plan::Enterprise, 250, 5)] {
        let mut portal = portal_with(Limits::of(plan));
        assert_eq!(admitted(&mut portal, 0, at_once + 20), at_once, "{plan:?}");
        assert_eq!(admitted(&mut portal, 3_000, 50), 3 * per_second, "{plan:?}");
        let refusal = refusal_of(&ask_at(&mut portal, 3_000, "no.such.method", json!({})));
        assert_eq!(
            refusal,
            (
                503,
                json!("QUERY_LIMIT_EXCEEDED"),
                "Too many requests".to_owned()
            )
        );
        assert_eq!(
            admitted(&mut portal, 1_000_000, at_once + 1),
            at_once,
            "it runs empty, not below"
        );
    }
}

#[test]
fn a_batch_counts_as_one_request() {
    let mut portal = portal_with(Limits::of(Plan::Standard));
    let commands = vec!["scope"; 50];
    assert_eq!(
        json_of(&ask_at(&mut portal, 0, "batch", json!({ "cmd": commands }))).0,
        200
    );
    assert_eq!(admitted(&mut portal, 0, 60), 49);
}

#[test]
fn a_refused_call_did_not_run() {
    let mut portal = portal_with(Limits::of(Plan::Standard));
    admitted(&mut portal, 1_000, 50);
    assert_eq!(json_of(&pay_501(&mut portal)).0, 503);
    assert!(!portal.payment(501).unwrap().paid);
}

#[test]
fn execution_time_is_told_limited_and_given_back() {
    let limit = OperatingLimit::of(1_000);
    let mut portal = portal_with(Limits {
        operating: Some(limit),
        ..Limits::off()
    });
    let pay = json!({"PAYMENT_ID": 501, "PAY_SYSTEM_ID": 11});
    for spent in [0.38, 0.76, 1.14] {
        let (_, body) = json_of(&ask_at(&mut portal, 30_000, PAY, pay.clone()));
        assert_eq!(body["time"]["operating"], spent);
        assert_eq!(body["time"]["operating_reset_at"], 1_788_994_359 + 600);
    }
    let refusal = refusal_of(&ask_at(&mut portal, 40_000, PAY, pay.clone()));
    let text = "Method is blocked due to operation time limit.".to_owned();
    assert_eq!(refusal, (429, json!("OPERATION_TIME_LIMIT"), text));
    result_of(&ask_at(
        &mut portal,
        40_000,
        "crm.item.payment.get",
        json!({"id": 501}),
    ));
    result_of(&ask_as(&mut portal, 7, PAY, pay.clone()));
    assert_eq!(
        json_of(&ask_at(&mut portal, 599_999, PAY, pay.clone())).0,
        429
    );
    assert_eq!(json_of(&ask_at(&mut portal, 600_000, PAY, pay)).0, 200);
}

#[test]
fn each_owner_of_a_webhook_has_an_execution_time_of_its_own() {
    let mut portal = Portal::new(Scenario::Demo, 0);
    let owners: Vec<Credential> = portal
        .webhooks()
        .iter()
        .map(|hook| Credential::Webhook {
            user: hook.user,
            secret: hook.secret.clone(),
        })
        .collect();
    assert_eq!(owners.len(), 2);
    let pay = json!({"PAYMENT_ID": 501, "PAY_SYSTEM_ID": 11});
    for spent in [0.38, 0.76] {
        for owner in &owners {
            let call = Request::new(PAY, pay.clone(), owner.clone());
            let (_, body) = json_of(&portal.receive(1_000, &call));
            assert_eq!(body["time"]["operating"], spent);
        }
    }
}

#[test]
fn execution_time_is_refused_above_the_limit_only_and_short_calls_are_none() {
    let mut portal = portal_with(Limits {
        operating: Some(OperatingLimit::of(760)),
        ..Limits::off()
    });
    for _ in 0..100 {
        let read = json!({"id": 501});
        result_of(&ask_at(&mut portal, 0, "crm.item.payment.get", read));
    }
    let statuses = [(); 4].map(|()| pay_501(&mut portal).reply.status());
    assert_eq!(statuses, [Some(200), Some(200), Some(200), Some(429)]);
}

#[test]
fn commands_of_a_batch_have_their_execution_time_too() {
    let limit = OperatingLimit::of(300);
    let mut portal = portal_with(Limits {
        operating: Some(limit),
        ..Limits::off()
    });
    let pay = "sale.paysystem.pay.payment?PAYMENT_ID=501&PAY_SYSTEM_ID=11";
    let result = result_of(&ask_at(&mut portal, 0, "batch", json!({"cmd": [pay, pay]})));
    assert_eq!(result["result"], json!([true]));
    assert_eq!(result["result_error"]["1"]["error"], "OPERATION_TIME_LIMIT");
}

#[test]
fn a_portal_without_limits_says_nothing_about_them() {
    let mut portal = portal_with(Limits::off());
    assert_eq!(admitted(&mut portal, 0, 500), 500);
    let (_, body) = json_of(&pay_501(&mut portal));
    assert!(
        body["time"].get("operating").is_none() && body["time"].get("operating_reset_at").is_none()
    );
}

#[test]
fn days_are_those_of_the_calendar() {
    const DAY_MS: u64 = 86_400_000;
    let clock = Clock::default();
    for (days, date) in [
        (0, "2026-09-10"),
        (112, "2026-12-31"),
        (113, "2027-01-01"),
        (171, "2027-02-28"),
        (172, "2027-03-01"),
        (536, "2028-02-28"),
        (537, "2028-02-29"),
        (538, "2028-03-01"),
        (26_835, "2100-03-01"),
        (26_834, "2100-02-28"),
    ] {
        assert_eq!(clock.iso(days * DAY_MS), format!("{date}T01:52:39+03:00"));
        assert_eq!(
            clock.iso_day(days * DAY_MS),
            format!("{date}T00:00:00+03:00")
        );
    }
    // Midnight is the portal's own.
    assert_eq!(clock.iso(79_641_000), "2026-09-11T00:00:00+03:00");
    assert_eq!(clock.iso(79_640_999), "2026-09-10T23:59:59+03:00");
}

#[test]
fn the_portals_clock_may_be_wrong() {
    let mut portal = portal_with(Limits::off());
    portal.clock.skew_ms = 3_600_000;
    let (_, body) = json_of(&pay_501(&mut portal));
    assert_eq!(body["time"]["date_start"], "2026-09-10T02:52:40+03:00");
    assert_eq!(body["time"]["start"], 1_788_997_960_u64);
}
