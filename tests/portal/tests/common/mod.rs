//! A portal of a test and short ways to call it.
#![allow(dead_code, reason = "every test file uses its own part")]
#![allow(clippy::expect_used, clippy::panic, reason = "a test may fail")]

use portal::{
    Arrived, Credential, Exchange, Kind, Order, Owner, PaySystem, Payment, Portal, Registry, Reply,
    Request, Rights, Scenario, Scopes, Setting,
};
use serde_json::{Value, json};

pub const PAY: &str = "sale.paysystem.pay.payment";
pub const SECRET: &str = "s3cr3tofthewebhook";

/// Every kind of pay system and of payment, with an operator for every set of rights.
pub fn full_setting() -> Setting {
    Setting::one_payment()
        .order(Order::new(15, "EUR", Some(Owner::invoice(31))))
        .order(Order::new(77, "KWD", None).cancelled("Order #77 canceled"))
        .pay_system(PaySystem::new(6, "Cash", Kind::Offline))
        .pay_system(PaySystem::new(9, "Internal account", Kind::InternalAccount))
        .pay_system(PaySystem::new(14, "Gateway", Kind::Gateway))
        .pay_system(PaySystem::new(15, "Own text", Kind::SavesThenText))
        .pay_system(PaySystem::new(
            16,
            "Strict",
            Kind::Refuses(vec!["Bad sign".into(), "Bad sum".into()]),
        ))
        .pay_system(PaySystem {
            registry: Registry::CrmInvoice,
            ..PaySystem::rest(17, "Old invoices")
        })
        .pay_system(PaySystem::rest(1, "First"))
        .payment(Payment::new(1, 917, "917/9", 1, 5.0))
        .payment(Payment::new(15, 15, "15/2", 11, 20.0))
        .payment(Payment::new(90, 15, "15/1", 11, 30.0))
        .payment(Payment::new(502, 917, "917/2", 6, 68.12))
        .payment(Payment::new(503, 77, "77/1", 11, 12.345))
        .payment(Payment::new(504, 917, "917/3", 11, 7.0).returned())
        .payment(Payment::new(506, 917, "917/4", 11, 250.0).already_paid(1))
        .payment(Payment::new(509, 917, "917/5", 9, 1.0))
        .payment(Payment::new(514, 917, "917/6", 14, 1.0))
        .payment(Payment::new(515, 917, "917/7", 15, 1.0))
        .payment(Payment::new(516, 917, "917/8", 16, 1.0))
        .payment(Payment::new(517, 917, "917/10", 17, 1.0))
        .operator(1, Rights::ADMIN)
        .operator(9, Rights::READER)
        .operator(10, Rights::PAYER)
        .operator(12, Rights::NONE)
        .webhook(7, SECRET, Scopes::ALL)
}

pub fn full_portal() -> Portal {
    Portal::new(Scenario::Of(full_setting()), 0)
}

pub fn one_payment() -> Portal {
    Portal::new(
        Scenario::Of(Setting::one_payment().webhook(7, SECRET, Scopes::ALL)),
        0,
    )
}

pub fn hook_of_7() -> Credential {
    Credential::Webhook {
        user: 7,
        secret: SECRET.to_owned(),
    }
}

/// A call by the webhook of operator 7.
#[track_caller]
pub fn ask_at(portal: &mut Portal, now_ms: u64, method: &str, params: Value) -> Exchange {
    portal.receive(now_ms, &Request::new(method, params, hook_of_7()))
}

#[track_caller]
pub fn ask(portal: &mut Portal, method: &str, params: Value) -> Exchange {
    ask_at(portal, 1_000, method, params)
}

/// A call by a token of another operator.
#[track_caller]
pub fn ask_as(portal: &mut Portal, operator: u64, method: &str, params: Value) -> Exchange {
    let token = portal.issue(operator).access;
    portal.receive(
        1_000,
        &Request::new(method, params, Credential::Token(token)),
    )
}

#[track_caller]
pub fn pay_501(portal: &mut Portal) -> Exchange {
    ask(portal, PAY, json!({"PAYMENT_ID": 501, "PAY_SYSTEM_ID": 11}))
}

/// Status and body of a JSON answer.
#[track_caller]
pub fn json_of(exchange: &Exchange) -> (u16, Value) {
    match &exchange.reply {
        Reply::Json { status, body } => (*status, body.clone()),
        other => panic!("expected a JSON answer, got {other:?}"),
    }
}

#[track_caller]
pub fn result_of(exchange: &Exchange) -> Value {
    let (status, body) = json_of(exchange);
    assert_eq!(status, 200, "{body}");
    body.get("result")
        .cloned()
        .unwrap_or_else(|| panic!("no result in {body}"))
}

/// Status, code and text of a refusal; it has nothing else, no `time` above all.
#[track_caller]
pub fn refusal_of(exchange: &Exchange) -> (u16, Value, String) {
    let (status, body) = json_of(exchange);
    let keys: Vec<&String> = body.as_object().expect("an object").keys().collect();
    assert_eq!(keys, ["error", "error_description"], "{body}");
    let text = body["error_description"]
        .as_str()
        .expect("a text")
        .to_owned();
    (status, body["error"].clone(), text)
}

#[track_caller]
pub fn is_paid(portal: &Portal, id: u64) -> bool {
    portal
        .payment(id)
        .unwrap_or_else(|| panic!("no payment {id}"))
        .paid
}

/// A call as a form would send it.
pub fn form_call(method: &str, query: &str) -> Request {
    let mut request = Request::new(method, json!({}), hook_of_7());
    request.params = portal::php::parse_str(query);
    request.arrived = Arrived::Form;
    request
}
