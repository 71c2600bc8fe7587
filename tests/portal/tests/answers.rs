//! The answer files that tests of other crates read are what these rules say, byte for byte.
//! `ANSWERS=write cargo test -p portal --test answers` writes them anew; the diff then shows what changed.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod common;

use common::{PAY, ask, ask_as, full_portal, pay_501};
use portal::{
    Credential, Exchange, Fault, FaultKind, Limits, Plan, Portal, Reply, Request, Scenario, Scopes,
};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

const GET: &str = "crm.item.payment.get";

/// One answer: its file, the method that gave it, and how it came about.
type Case = (&'static str, &'static str, fn(&mut Portal) -> Exchange);

const CASES: &[Case] = &[
    ("unpaid.json", GET, |portal| {
        ask(portal, GET, json!({"id": 501}))
    }),
    ("unpaid_cash.json", GET, |portal| {
        ask(portal, GET, json!({"id": 502}))
    }),
    ("paid.json", GET, |portal| {
        pay_501(portal);
        ask(portal, GET, json!({"id": 501}))
    }),
    ("sale_unpaid.json", "sale.payment.get", |portal| {
        ask(portal, "sale.payment.get", json!({"id": 501}))
    }),
    ("sale_paid.json", "sale.payment.get", |portal| {
        pay_501(portal);
        ask(portal, "sale.payment.get", json!({"id": 501}))
    }),
    ("sale_returned.json", "sale.payment.get", |portal| {
        ask(portal, "sale.payment.get", json!({"id": 504}))
    }),
    ("deal_payments.json", "crm.item.payment.list", |portal| {
        ask(
            portal,
            "crm.item.payment.list",
            json!({"entityTypeId": 2, "entityId": 7}),
        )
    }),
    ("no_payments.json", "crm.item.payment.list", |portal| {
        ask(
            portal,
            "crm.item.payment.list",
            json!({"entityTypeId": 1, "entityId": 7}),
        )
    }),
    ("order_payments.json", "sale.payment.list", |portal| {
        ask(
            portal,
            "sale.payment.list",
            json!({"filter": {"=orderId": 15}}),
        )
    }),
    ("yes.json", PAY, pay_501),
    ("yes_with_operating.json", PAY, |portal| {
        portal.limits = Limits::of(Plan::Standard);
        pay_501(portal)
    }),
    ("marked.json", "crm.item.payment.pay", |portal| {
        ask(portal, "crm.item.payment.pay", json!({"id": 502}))
    }),
    ("check_failure.json", PAY, |portal| {
        ask(portal, PAY, json!({"PAYMENT_ID": 501, "PAY_SYSTEM_ID": 6}))
    }),
    ("no_pay_system.json", PAY, |portal| {
        ask(
            portal,
            PAY,
            json!({"PAYMENT_ID": 501, "PAY_SYSTEM_ID": 999}),
        )
    }),
    ("empty_field.json", PAY, |portal| {
        ask(portal, PAY, json!({"ID": 501, "PAY_SYSTEM_ID": 11}))
    }),
    ("gateway_refuses.json", PAY, |portal| {
        ask(portal, PAY, json!({"PAYMENT_ID": 514, "PAY_SYSTEM_ID": 14}))
    }),
    ("order_cancelled.json", PAY, |portal| {
        portal.order_mut(77).unwrap().cancelled =
            Some("Заказ №77 отменен\n<img src=x onerror=1>".to_owned());
        ask(portal, PAY, json!({"PAYMENT_ID": 503, "PAY_SYSTEM_ID": 11}))
    }),
    (
        "order_cancelled_crm.json",
        "crm.item.payment.pay",
        |portal| ask(portal, "crm.item.payment.pay", json!({"id": 503})),
    ),
    (
        "insufficient_funds.json",
        "crm.item.payment.pay",
        |portal| ask(portal, "crm.item.payment.pay", json!({"id": 509})),
    ),
    ("access_denied.json", PAY, |portal| {
        ask_as(
            portal,
            12,
            PAY,
            json!({"PAYMENT_ID": 501, "PAY_SYSTEM_ID": 11}),
        )
    }),
    ("access_denied_plan.json", PAY, |portal| {
        portal.limits = Limits::of(Plan::Free);
        pay_501(portal)
    }),
    ("access_denied_crm.json", GET, |portal| {
        ask_as(portal, 12, GET, json!({"id": 501}))
    }),
    ("access_denied_sale.json", "sale.payment.get", |portal| {
        ask_as(portal, 12, "sale.payment.get", json!({"id": 501}))
    }),
    ("not_found_crm.json", GET, |portal| {
        ask(portal, GET, json!({"id": 999}))
    }),
    ("not_found_sale.json", "sale.payment.get", |portal| {
        ask(portal, "sale.payment.get", json!({"id": 999}))
    }),
    ("no_value.json", GET, |portal| ask(portal, GET, json!({}))),
    ("missing_scope.json", PAY, |portal| {
        let token = portal.issue_for(0, 7, 1, Scopes::NONE).access;
        portal.receive(0, &Request::new(PAY, json!({}), Credential::Token(token)))
    }),
    ("no_auth.json", PAY, |portal| {
        portal.receive(0, &Request::new(PAY, json!({}), Credential::None))
    }),
    ("invalid_token.json", PAY, |portal| {
        portal.receive(
            0,
            &Request::new(PAY, json!({}), Credential::Token("guess".to_owned())),
        )
    }),
    ("no_such_method.json", "no.such.method", |portal| {
        ask(portal, "no.such.method", json!({}))
    }),
    ("expired_token.json", PAY, |portal| {
        struck(portal, FaultKind::ExpiredToken)
    }),
    ("limit_503.json", PAY, |portal| {
        struck(portal, FaultKind::QueryLimit)
    }),
    ("operation_limit.json", PAY, |portal| {
        struck(portal, FaultKind::OperationLimit)
    }),
    ("error_zero.json", PAY, |portal| {
        struck(portal, FaultKind::NumericError)
    }),
    ("error_core.json", PAY, |portal| {
        struck(portal, FaultKind::ErrorCoreAfterCommit)
    }),
    ("server_error_500.json", PAY, |portal| {
        struck(portal, FaultKind::Http500Json)
    }),
    ("null.json", PAY, |portal| {
        struck(portal, FaultKind::NullBody)
    }),
    ("html_502.txt", PAY, |portal| {
        struck(portal, FaultKind::Http502)
    }),
    ("html_200.txt", PAY, |portal| {
        struck(portal, FaultKind::CommitThenHtml)
    }),
    ("empty_200.txt", PAY, |portal| {
        struck(portal, FaultKind::EmptyBody)
    }),
    ("empty_403.txt", PAY, |portal| {
        struck(portal, FaultKind::Empty403)
    }),
    ("truncated.txt", PAY, |portal| {
        struck(portal, FaultKind::TruncatedJson)
    }),
    ("own_text.txt", PAY, |portal| {
        ask(portal, PAY, json!({"PAYMENT_ID": 515, "PAY_SYSTEM_ID": 15}))
    }),
    ("batch_empty.json", "batch", |portal| {
        ask(portal, "batch", json!({}))
    }),
    ("batch_with_a_gap.json", "batch", |portal| {
        let commands = ["crm.item.payment.get?id=999", "crm.item.payment.get?id=501"];
        ask(portal, "batch", json!({ "cmd": commands }))
    }),
    ("batch_named.json", "batch", |portal| {
        let commands = json!({"first": "crm.item.payment.get?id=501", "page": "sale.payment.list?select[]=id"});
        ask(portal, "batch", json!({ "cmd": commands }))
    }),
    ("batch_refused.json", "batch", |portal| {
        portal.arm(Fault::new(FaultKind::BatchRefused, "batch"));
        ask(portal, "batch", json!({"cmd": ["scope"]}))
    }),
    ("scope.json", "scope", |portal| {
        ask(portal, "scope", json!({}))
    }),
];

fn struck(portal: &mut Portal, kind: FaultKind) -> Exchange {
    portal.arm(Fault::new(kind, PAY));
    pay_501(portal)
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../answers")
}

#[test]
fn the_answer_files_are_what_the_rules_say() {
    let writes = std::env::var("ANSWERS").is_ok_and(|wish| wish == "write");
    let mut index = Map::new();
    let mut known: BTreeSet<String> = ["index.json".to_owned()].into();
    for (file, method, told) in CASES {
        let reply = told(&mut full_portal()).reply;
        let status = reply.status().expect("an answer");
        let body = match reply {
            Reply::Json { body, .. } => format!("{body}\n"),
            Reply::Text { body, .. } | Reply::Truncated { body, .. } => body,
            other => panic!("{file}: {other:?} is no answer"),
        };
        index.insert(
            (*file).to_owned(),
            json!({"method": method, "status": status}),
        );
        check(file, &body, writes);
        known.insert((*file).to_owned());
    }
    check(
        "index.json",
        &format!("{:#}\n", Value::Object(index)),
        writes,
    );
    let there = fs::read_dir(folder()).unwrap();
    let there: BTreeSet<String> = there
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(there, known, "a file that no rule produces proves nothing");
}

fn check(file: &str, body: &str, writes: bool) {
    let path = folder().join(file);
    if writes {
        fs::write(&path, body).unwrap();
    }
    let there = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{file}: {error}"));
    assert_eq!(there, body, "{file} is not what the rules say");
}

/// The demo's payment 503 refuses with two lines and markup, which the page has to show as text.
#[test]
fn the_demo_refuses_with_markup() {
    let mut portal = Portal::new(Scenario::Demo, 0);
    let exchange = ask_as(
        &mut portal,
        7,
        PAY,
        json!({"PAYMENT_ID": 503, "PAY_SYSTEM_ID": 11}),
    );
    let text = common::refusal_of(&exchange).2;
    assert_eq!(text, "Заказ №77 отменен\n<img src=x onerror=1>");
}
