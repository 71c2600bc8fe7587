//! Batches: PHP's shapes, the fifty-first command, halts, references, refusals.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod common;

use common::{
    PAY, ask, ask_as, form_call, full_portal, is_paid, one_payment, refusal_of, result_of,
};
use portal::{Credential, Fault, FaultKind, Request, Scope, Scopes};
use serde_json::{Value, json};

const GET: &str = "crm.item.payment.get?id=501";
const MISSING: &str = "crm.item.payment.get?id=999";

fn batch(portal: &mut portal::Portal, params: Value) -> Value {
    result_of(&ask(portal, "batch", params))
}

#[test]
fn results_have_the_shapes_of_php_arrays() {
    let mut portal = full_portal();
    let nothing = batch(&mut portal, json!({}));
    let empty = json!({"result": [], "result_error": [], "result_total": [], "result_next": [], "result_time": []});
    assert_eq!(nothing, empty);

    let listed = batch(&mut portal, json!({"cmd": [GET, GET]}));
    assert!(listed["result"].is_array() && listed["result_time"].is_array());

    let named = batch(&mut portal, json!({"cmd": {"a": GET, "b": MISSING}}));
    assert_eq!(named["result"]["a"]["id"], 501);
    let error = json!({"error": "0", "error_description": "Payment has not been found"});
    assert_eq!(named["result_error"], json!({ "b": error }));

    let gap = batch(&mut portal, json!({"cmd": [MISSING, GET]}));
    assert!(gap["result"].is_object(), "a failed command 0 leaves a gap");
    assert_eq!(gap["result"]["1"]["id"], 501);
    assert_eq!(gap["result_error"], json!([error]));

    let paged = batch(
        &mut portal,
        json!({"cmd": {"p": "sale.payment.list?select[]=id"}}),
    );
    assert_eq!(paged["result_total"], json!({"p": 13}));
    assert_eq!(paged["result_next"], json!([]));
}

#[test]
fn the_fifty_first_command_is_refused_and_the_others_run() {
    let mut portal = one_payment();
    let commands: Vec<&str> = vec![GET; 52];
    let result = batch(&mut portal, json!({ "cmd": commands }));
    assert_eq!(result["result"].as_array().unwrap().len(), 50);
    let error = json!({"error": "ERROR_BATCH_LENGTH_EXCEEDED", "error_description": "Max batch length exceeded"});
    assert_eq!(result["result_error"], json!({"50": error, "51": error}));
}

#[test]
fn a_halt_ends_the_batch_and_the_text_false_is_a_halt() {
    for (halt, goes_on) in [
        (json!(0), true),
        (json!("0"), true),
        (json!(""), true),
        (json!("false"), false),
        (json!(1), false),
    ] {
        let result = batch(
            &mut one_payment(),
            json!({"halt": halt, "cmd": {"bad": MISSING, "good": GET}}),
        );
        assert_eq!(
            result["result"].get("good").is_some(),
            goes_on,
            "halt {halt}"
        );
    }
}

#[test]
fn commands_that_do_not_belong_there_are_refused_or_skipped() {
    let commands = json!({"b": "batch?x=1", "u": "upload", "d": "download?id=1", "n": 5, "m": "no.such.method", "ok": "scope"});
    let result = batch(&mut one_payment(), json!({ "cmd": commands }));
    let refused = "Method is not allowed for batch usage";
    assert_eq!(result["result_error"]["b"]["error_description"], refused);
    for key in ["u", "d"] {
        assert_eq!(
            result["result_error"][key]["error"],
            "ERROR_BATCH_METHOD_NOT_ALLOWED"
        );
    }
    assert_eq!(
        result["result_error"]["m"]["error"],
        "ERROR_METHOD_NOT_FOUND"
    );
    assert_eq!(
        result["result"]
            .as_object()
            .unwrap()
            .keys()
            .collect::<Vec<_>>(),
        ["ok"]
    );
}

#[test]
fn references_are_filled_in_wherever_they_stand() {
    let mut portal = one_payment();
    let result = batch(
        &mut portal,
        json!({"cmd": {
            "list": "crm.item.payment.list?entityTypeId=2&entityId=7",
            "pay": "sale.paysystem.pay.payment?PAYMENT_ID=$result[list][0][id]&PAY_SYSTEM_ID=$result[list][0][paySystemId]&PS_STATUS_MESSAGE=for%20$result[list][0][accountNumber]",
            "lost": "crm.item.payment.get?id=$result[nothing][id]",
        }}),
    );
    assert_eq!(result["result"]["pay"], true);
    assert!(is_paid(&portal, 501));
    assert_eq!(
        portal.payment(501).unwrap().bank.status_message.as_deref(),
        Some("for 917/1")
    );
    let text = result["result_error"]["lost"]["error_description"]
        .as_str()
        .unwrap();
    assert!(
        text.contains("{$result[nothing][id]}"),
        "it stays as literal text: {text}"
    );
}

#[test]
fn a_missing_scope_has_no_text_inside_a_batch() {
    let mut portal = one_payment();
    let token = portal
        .issue_for(0, 7, 1, Scopes::of(&[Scope::PaySystem]))
        .access;
    let request = Request::new(
        "batch",
        json!({"cmd": {"get": GET}}),
        Credential::Token(token),
    );
    let result = result_of(&portal.receive(1, &request));
    assert_eq!(
        result["result_error"]["get"],
        json!({"error": "insufficient_scope", "error_description": ""})
    );
}

#[test]
fn a_batch_sent_as_a_form_is_the_same_batch() {
    let mut portal = one_payment();
    let query = "halt=0&cmd[pay]=sale.paysystem.pay.payment%3FPAYMENT_ID%3D501%26PAY_SYSTEM_ID%3D11&cmd[get]=crm.item.payment.get%3Fid%3D501";
    let result = result_of(&portal.receive(0, &form_call("batch", query)));
    assert_eq!(result["result"]["get"]["paid"], "Y");
    assert_eq!(portal.payment(501).unwrap().pay_calls, 1);
    assert!(portal.log()[0].committed);
}

#[test]
fn a_refused_batch_runs_nothing() {
    let mut portal = one_payment();
    portal.arm(Fault::new(FaultKind::BatchRefused, "*"));
    ask(&mut portal, "scope", json!({}));
    let refusal = refusal_of(&ask(&mut portal, "batch", json!({"cmd": [GET]})));
    assert_eq!(
        (refusal.0, refusal.1),
        (403, json!("ERROR_BATCH_METHOD_NOT_ALLOWED"))
    );

    portal.arm(Fault::new(FaultKind::BatchRefused, PAY));
    let pay = "sale.paysystem.pay.payment?PAYMENT_ID=501&PAY_SYSTEM_ID=11";
    let result = batch(&mut portal, json!({"cmd": {"pay": pay, "get": GET}}));
    assert_eq!(
        result["result_error"]["pay"]["error"],
        "ERROR_BATCH_METHOD_NOT_ALLOWED"
    );
    assert_eq!(result["result"]["get"]["paid"], "N");
}

#[test]
fn faults_that_speak_json_strike_single_commands() {
    for (kind, code) in [
        (FaultKind::Denied, json!("ACCESS_DENIED")),
        (FaultKind::NumericError, json!("0")),
        (FaultKind::OperationLimit, json!("OPERATION_TIME_LIMIT")),
        (FaultKind::MissingScope, json!("insufficient_scope")),
    ] {
        let mut portal = one_payment();
        portal.arm(Fault::new(kind, "crm.item.payment.get"));
        let result = batch(&mut portal, json!({"cmd": {"one": GET, "two": GET}}));
        assert_eq!(result["result_error"]["one"]["error"], code);
        assert_eq!(result["result"]["two"]["id"], 501);
    }
    let mut portal = one_payment();
    portal.arm(Fault::new(FaultKind::ErrorCoreAfterCommit, PAY));
    let pay = "sale.paysystem.pay.payment?PAYMENT_ID=501&PAY_SYSTEM_ID=11";
    let result = batch(&mut portal, json!({"cmd": {"pay": pay}}));
    assert_eq!(result["result_error"]["pay"]["error"], "ERROR_CORE");
    assert!(is_paid(&portal, 501));
}

#[test]
fn a_batch_needs_a_caller() {
    let exchange = one_payment().receive(
        0,
        &Request::new("batch", json!({"cmd": [GET]}), Credential::None),
    );
    assert_eq!(refusal_of(&exchange).1, "NO_AUTH_FOUND");
    let result = result_of(&ask_as(
        &mut one_payment(),
        7,
        "batch",
        json!({"CMD": [GET]}),
    ));
    assert_eq!(
        result["result"][0]["id"], 501,
        "the name of the parameter is folded"
    );
}
