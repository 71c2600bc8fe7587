//! The checks of `sale.paysystem.pay.payment` in their order, and what it takes for an id.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod common;

use common::{PAY, ask, ask_as, full_portal, hook_of_7, is_paid, refusal_of, result_of};
use portal::{Credential, Portal, Request, Rights, Scenario, Scope, Scopes};
use serde_json::{Value, json};

#[test]
fn each_check_refuses_with_its_own_words() {
    let check = "ERROR_CHECK_FAILURE";
    let process = "ERROR_PROCESS_REQUEST_RESULT";
    let table = [
        (json!({}), check, "Empty field PAY_SYSTEM_ID!"),
        (json!({"PAY_SYSTEM_ID": 999}), check, "Pay system not found"),
        (
            json!({"PAY_SYSTEM_ID": -1, "PAYMENT_ID": 501}),
            check,
            "Pay system not found",
        ),
        (
            json!({"PAY_SYSTEM_ID": "abc", "PAYMENT_ID": 501}),
            check,
            "Pay system not found",
        ),
        (
            json!({"PAY_SYSTEM_ID": 11}),
            check,
            "Empty field PAYMENT_ID",
        ),
        (
            json!({"PAY_SYSTEM_ID": 6, "PAYMENT_ID": 501}),
            check,
            "Payment with ID=501 and PAY_SYSTEM_ID=6 not found",
        ),
        (
            json!({"PAY_SYSTEM_ID": 11, "PAYMENT_ID": -1}),
            check,
            "Payment with ID=-1 and PAY_SYSTEM_ID=11 not found",
        ),
        (
            json!({"PAY_SYSTEM_ID": "11", "PAYMENT_ID": "abc"}),
            check,
            "Payment with ID=abc and PAY_SYSTEM_ID=11 not found",
        ),
        (
            json!({"PAY_SYSTEM_ID": 14, "PAYMENT_ID": 514}),
            process,
            "Partial payment is not specified",
        ),
        (
            json!({"PAY_SYSTEM_ID": 17, "PAYMENT_ID": 517}),
            process,
            "Order #0 does not exist",
        ),
        (
            json!({"PAY_SYSTEM_ID": 11, "PAYMENT_ID": 503}),
            process,
            "Order #77 canceled",
        ),
        (
            json!({"PAY_SYSTEM_ID": 16, "PAYMENT_ID": 516}),
            process,
            "Bad sign\nBad sum",
        ),
        (
            json!({"paymentId": 501, "paySystemId": 11}),
            check,
            "Empty field PAY_SYSTEM_ID!",
        ),
        (
            json!({"ID": 501, "PAY_SYSTEM_ID": 11}),
            check,
            "Empty field PAYMENT_ID",
        ),
    ];
    for (params, code, text) in table {
        let mut portal = full_portal();
        let refusal = refusal_of(&ask(&mut portal, PAY, params.clone()));
        assert_eq!(refusal, (400, json!(code), text.to_owned()), "{params}");
        assert!(
            portal.payments().all(|payment| payment.paid_times == 0),
            "{params} paid something"
        );
    }
}

#[test]
fn rights_are_asked_before_the_parameters() {
    for operator in [9, 12] {
        let mut portal = full_portal();
        let refusal = refusal_of(&ask_as(&mut portal, operator, PAY, json!({})));
        assert_eq!(
            refusal,
            (403, json!("ACCESS_DENIED"), "Access denied!".to_owned())
        );
    }
    for operator in [1, 7, 10] {
        let mut portal = full_portal();
        let params = json!({"PAYMENT_ID": 501, "PAY_SYSTEM_ID": 11});
        assert_eq!(
            result_of(&ask_as(&mut portal, operator, PAY, params)),
            json!(true)
        );
        assert_eq!(portal.payment(501).unwrap().paid_by, Some(operator));
    }
    // Adding orders is enough, and so is changing them; an administrator needs neither.
    let add = Rights {
        adds_orders: true,
        ..Rights::NONE
    };
    let change = Rights {
        updates_orders: true,
        ..Rights::NONE
    };
    let admin = Rights {
        admin: true,
        ..Rights::NONE
    };
    for (rights, may_mark, may_read) in [
        (add, false, false),
        (change, true, false),
        (admin, true, true),
    ] {
        let mut portal = full_portal();
        portal.operator_mut(12).unwrap().rights = rights;
        let mut status =
            |method: &str, params: Value| ask_as(&mut portal, 12, method, params).reply.status();
        let of = |is_allowed: bool| Some(if is_allowed { 200 } else { 403 });
        let pay = json!({"PAYMENT_ID": 501, "PAY_SYSTEM_ID": 11});
        assert_eq!(status(PAY, pay), Some(200), "{rights:?}");
        let id = json!({"id": 502});
        assert_eq!(status("crm.item.payment.pay", id.clone()), of(may_mark));
        assert_eq!(status("crm.item.payment.get", id.clone()), of(may_read));
        let by_shop = status("sale.payment.get", id);
        assert_eq!(by_shop, Some(if may_read { 200 } else { 400 }));
    }
}

#[test]
fn a_refusing_gateway_marks_the_payment() {
    let mut portal = full_portal();
    ask(
        &mut portal,
        PAY,
        json!({"PAY_SYSTEM_ID": 16, "PAYMENT_ID": 516}),
    );
    assert!(portal.payment(516).unwrap().is_marked);
}

#[test]
fn access_is_decided_before_the_method_in_a_fixed_order() {
    let mut portal = full_portal();
    let token = portal.issue_for(0, 7, 1, Scopes::of(&[Scope::Crm])).access;
    let unknown_user = portal.issue(404).access;
    let scope_text = "The request requires higher privileges than provided by the access token";
    let anothers_hook = Credential::Webhook {
        user: 1,
        secret: common::SECRET.to_owned(),
    };
    let wrong_hook = Credential::Webhook {
        user: 7,
        secret: "guess".to_owned(),
    };
    let table = [
        (
            "no.such.method",
            json!({}),
            Credential::None,
            404,
            "ERROR_METHOD_NOT_FOUND",
            "Method not found!",
        ),
        (
            PAY,
            json!({"token": "crm|x"}),
            hook_of_7(),
            404,
            "ERROR_METHOD_NOT_FOUND",
            "Method not found!",
        ),
        (
            PAY,
            json!({}),
            Credential::None,
            401,
            "NO_AUTH_FOUND",
            "Wrong authorization data",
        ),
        (
            PAY,
            json!({}),
            wrong_hook,
            401,
            "INVALID_CREDENTIALS",
            "Invalid request credentials",
        ),
        (
            PAY,
            json!({}),
            anothers_hook,
            401,
            "INVALID_CREDENTIALS",
            "Invalid request credentials",
        ),
        (
            PAY,
            json!({}),
            Credential::Token("guess".to_owned()),
            401,
            "invalid_token",
            "Unable to get application by token",
        ),
        (
            PAY,
            json!({}),
            Credential::Token(unknown_user),
            401,
            "authorization_error",
            "Unable to authorize user",
        ),
        (
            PAY,
            json!({}),
            Credential::Token(token),
            401,
            "insufficient_scope",
            scope_text,
        ),
    ];
    for (method, params, auth, status, code, text) in table {
        let exchange = portal.receive(5, &Request::new(method, params, auth.clone()));
        assert_eq!(
            refusal_of(&exchange),
            (status, json!(code), text.to_owned()),
            "{method} by {auth:?}"
        );
    }
}

#[test]
fn keys_are_folded_and_the_last_spelling_wins() {
    for params in [
        json!({"payment_id": 501, "Pay_System_Id": 11}),
        json!({"PAYMENT_ID": 1, "payment_id": 501, "PAY_SYSTEM_ID": 11}),
    ] {
        let mut portal = full_portal();
        assert_eq!(result_of(&ask(&mut portal, PAY, params)), json!(true));
        assert!(is_paid(&portal, 501));
    }
}

/// What an id means: the payment that gets paid, or the refusal's text.
#[test]
fn ids_are_taken_the_way_php_takes_them() {
    let empty = Err("Empty field PAYMENT_ID");
    let no_order = Err("Order #0 does not exist");
    let table: [(Value, Result<u64, &str>); 18] = [
        (json!(1), Ok(1)),
        (json!("1"), Ok(1)),
        (json!(1.0), Ok(1)),
        (json!(true), Ok(1)),
        (json!(0), empty),
        (json!("0"), empty),
        (json!(""), empty),
        (json!(null), empty),
        (json!(false), empty),
        (json!([]), empty),
        (json!("1abc"), no_order),
        (json!("1.5"), no_order),
        (json!(1.5), no_order),
        (json!("01"), no_order),
        (json!(" 1"), no_order),
        (json!([1]), no_order),
        (
            json!("abc"),
            Err("Payment with ID=abc and PAY_SYSTEM_ID=1 not found"),
        ),
        (
            json!("-1"),
            Err("Payment with ID=-1 and PAY_SYSTEM_ID=1 not found"),
        ),
    ];
    for (id, expected) in table {
        let mut portal = full_portal();
        let exchange = ask(
            &mut portal,
            PAY,
            json!({"PAYMENT_ID": id, "PAY_SYSTEM_ID": 1}),
        );
        match expected {
            Ok(paid) => {
                assert_eq!(result_of(&exchange), json!(true), "{id}");
                assert!(is_paid(&portal, paid), "{id}");
            }
            Err(text) => assert_eq!(refusal_of(&exchange).2, text, "{id}"),
        }
    }
}

#[test]
fn ids_of_pay_systems_are_cast_too() {
    for id in [
        json!("11abc"),
        json!("11.5"),
        json!(11.5),
        json!("011"),
        json!(" 11"),
        json!([11]),
        json!([11, 1]),
    ] {
        let mut portal = full_portal();
        let exchange = ask(
            &mut portal,
            PAY,
            json!({"PAYMENT_ID": 501, "PAY_SYSTEM_ID": id}),
        );
        assert_eq!(result_of(&exchange), json!(true), "{id}");
        assert!(is_paid(&portal, 501), "{id}");
    }
    for id in [
        json!(0),
        json!("0"),
        json!(""),
        json!(null),
        json!(false),
        json!([]),
    ] {
        let exchange = ask(
            &mut full_portal(),
            PAY,
            json!({"PAYMENT_ID": 501, "PAY_SYSTEM_ID": id}),
        );
        assert_eq!(
            refusal_of(&exchange).2,
            "Empty field PAY_SYSTEM_ID!",
            "{id}"
        );
    }
}

#[test]
fn an_account_number_pays_another_payment() {
    let mut portal = full_portal();
    let exchange = ask(
        &mut portal,
        PAY,
        json!({"PAYMENT_ID": "15/1", "PAY_SYSTEM_ID": 11}),
    );
    assert_eq!(result_of(&exchange), json!(true));
    assert!(!is_paid(&portal, 15), "payment 15 only opened the door");
    assert!(
        is_paid(&portal, 90),
        "the payment whose account number is 15/1 was paid"
    );
}

#[test]
fn free_plans_have_no_rest() {
    let mut portal = Portal::new(Scenario::Demo, 0);
    portal.limits = portal::Limits::of(portal::Plan::Free);
    let refusal = refusal_of(&ask_as(&mut portal, 7, PAY, json!({})));
    assert_eq!(
        refusal,
        (
            401,
            json!("ACCESS_DENIED"),
            "REST is available only on commercial plans.".to_owned()
        )
    );
}
