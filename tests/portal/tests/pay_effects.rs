//! What a payment call that says `true` leaves behind, and all the ways in which that is not a payment.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod common;

use common::{PAY, ask, ask_at, full_portal, is_paid, one_payment, pay_501, result_of};
use portal::{BankFields, Fault, FaultKind, Reply, Return};
use serde_json::json;

#[test]
fn a_rest_handler_pays_and_writes_what_the_bank_said() {
    let mut portal = full_portal();
    let params = json!({
        "PAYMENT_ID": 501, "PAY_SYSTEM_ID": 11, "PS_INVOICE_ID": "bank-9", "PS_STATUS_CODE": "00",
        "PS_STATUS_MESSAGE": "approved", "PS_STATUS_DESCRIPTION": "0", "PS_SUM": "1000.00", "PS_CURRENCY": "EUR",
    });
    let exchange = ask(&mut portal, PAY, params);
    assert_eq!(result_of(&exchange), json!(true));
    let payment = portal.payment(501).unwrap();
    assert!(payment.paid);
    assert_eq!(
        payment.events,
        [
            "OnPaymentPaid",
            "OnSalePaymentEntitySaved",
            "OnSaleOrderSaved"
        ]
    );
    assert_eq!(payment.paid_by, Some(7));
    assert_eq!(payment.paid_by_call, Some((exchange.n, 1_000)));
    assert_eq!(payment.date_paid_ms, Some(1_000));
    assert_eq!(payment.bank.invoice_id.as_deref(), Some("bank-9"));
    assert_eq!(payment.bank.status_code.as_deref(), Some("00"));
    assert_eq!(
        payment.bank.status_description, None,
        "\"0\" is PHP-empty and skipped"
    );
    assert_eq!(payment.bank.sum, Some(1000.0));
    assert_eq!(payment.bank.status_message.as_deref(), Some("approved"));
    let order = portal.orders().find(|order| order.id == 917).unwrap();
    assert!(!order.payed, "its other payments are not paid");
    assert_eq!(payment.bank.currency.as_deref(), Some("EUR"));
    assert!(portal.log()[0].committed);

    // What the next one does not tell stays, but for the code.
    let told = portal.payment(501).unwrap().bank.clone();
    let described =
        json!({"PAYMENT_ID": 501, "PAY_SYSTEM_ID": 11, "PS_STATUS_DESCRIPTION": "late"});
    for params in [described, json!({"PAYMENT_ID": 501, "PAY_SYSTEM_ID": 11})] {
        ask(&mut portal, PAY, params);
        let bank = BankFields {
            status_code: Some("Y".to_owned()),
            status_description: Some("late".to_owned()),
            ..told.clone()
        };
        assert_eq!(portal.payment(501).unwrap().bank, bank);
    }
}

#[test]
fn offline_systems_say_yes_and_do_nothing() {
    for (payment, system) in [(502, 6), (509, 9)] {
        let mut portal = full_portal();
        let exchange = ask(
            &mut portal,
            PAY,
            json!({"PAYMENT_ID": payment, "PAY_SYSTEM_ID": system}),
        );
        assert_eq!(result_of(&exchange), json!(true));
        let payment = portal.payment(payment).unwrap();
        assert!(!payment.paid && payment.events.is_empty() && payment.bank.status.is_none());
        assert!(!portal.log()[0].committed);
        pay_501(&mut portal);
        let committed = portal.log().iter().map(|entry| entry.committed);
        assert!(
            committed.eq([false, true]),
            "each entry tells of its own call"
        );
    }
}

#[test]
fn a_repeat_changes_nothing_about_the_payment_and_still_saves_it() {
    let mut portal = one_payment();
    let pay = json!({"PAYMENT_ID": 501, "PAY_SYSTEM_ID": 11, "PS_STATUS_CODE": "00"});
    ask_at(&mut portal, 1_000, PAY, pay);
    let again = ask_at(
        &mut portal,
        9_000,
        PAY,
        json!({"PAYMENT_ID": 501, "PAY_SYSTEM_ID": 11}),
    );
    assert_eq!(result_of(&again), json!(true));
    let payment = portal.payment(501).unwrap();
    assert_eq!(
        (payment.paid_times, payment.pay_calls, payment.date_paid_ms),
        (1, 2, Some(1_000))
    );
    assert_eq!(payment.paid_by_call, Some((1, 1_000)));
    assert_eq!(
        payment.bank.status_code.as_deref(),
        Some("Y"),
        "a repeat without the code resets it"
    );
    assert_eq!(payment.bank.response_date_ms, Some(9_000));
    assert_eq!(payment.events.len(), 5);
}

#[test]
fn a_returned_payment_is_paid_again() {
    let mut portal = full_portal();
    ask(
        &mut portal,
        PAY,
        json!({"PAYMENT_ID": 504, "PAY_SYSTEM_ID": 11}),
    );
    let payment = portal.payment(504).unwrap();
    assert!(payment.paid);
    assert_eq!(payment.is_return, Return::No);
}

#[test]
fn an_over_long_field_is_a_silent_non_payment() {
    let table = [
        ("PS_CURRENCY", 3),
        ("PS_STATUS_CODE", 255),
        ("PS_STATUS_MESSAGE", 250),
        ("PS_STATUS_DESCRIPTION", 512),
        ("PS_RECURRING_TOKEN", 255),
        ("PS_CARD_NUMBER", 64),
    ];
    for (name, longest) in table {
        for (length, is_paid_then) in [(longest, true), (longest + 1, false)] {
            let mut portal = one_payment();
            let mut params = json!({"PAYMENT_ID": 501, "PAY_SYSTEM_ID": 11});
            params[name] = json!("ж".repeat(length));
            assert_eq!(
                result_of(&ask(&mut portal, PAY, params)),
                json!(true),
                "{name}"
            );
            assert_eq!(is_paid(&portal, 501), is_paid_then, "{name} of {length}");
            assert_eq!(portal.log()[0].committed, is_paid_then, "{name}");
            let order = portal.orders().next().unwrap();
            assert!(order.payed, "the order row says paid either way");
        }
    }
}

#[test]
fn a_veto_leaves_traces_and_no_payment() {
    for (kind, order_says_paid) in [
        (FaultKind::YesButUnpaid, false),
        (FaultKind::YesButUnpaidOrderPaid, true),
    ] {
        let mut portal = one_payment();
        portal.arm(Fault::new(kind, PAY));
        assert_eq!(result_of(&pay_501(&mut portal)), json!(true));
        let payment = portal.payment(501).unwrap();
        assert!(!payment.paid);
        assert_eq!(
            (payment.bank.status, payment.paid_by, payment.paid_times),
            (Some("Y"), Some(7), 0)
        );
        assert_eq!(
            payment.date_paid_ms,
            Some(1_000),
            "the date is saved all the same"
        );
        assert_eq!(portal.orders().next().unwrap().payed, order_says_paid);
        assert!(!portal.log()[0].committed);
    }
    // What is paid stays as it was.
    let mut portal = full_portal();
    portal.arm(Fault::new(FaultKind::YesButUnpaid, PAY));
    let again = json!({"PAYMENT_ID": 506, "PAY_SYSTEM_ID": 11});
    assert_eq!(result_of(&ask(&mut portal, PAY, again)), json!(true));
    let payment = portal.payment(506).unwrap();
    assert_eq!(
        (payment.paid, payment.date_paid_ms, payment.paid_by),
        (true, Some(0), Some(1))
    );
    assert_eq!(payment.events.len(), 2);
}

#[test]
fn a_gateway_may_save_and_answer_with_its_own_text() {
    let mut portal = full_portal();
    let exchange = ask(
        &mut portal,
        PAY,
        json!({"PAYMENT_ID": 515, "PAY_SYSTEM_ID": 15}),
    );
    assert!(matches!(&exchange.reply, Reply::Text { status: 200, body, .. } if body == "OK"));
    assert!(is_paid(&portal, 515));
    assert!(portal.log()[0].committed);
}
