//! The methods that read and mark: shapes, rights, refusals, filters, pages.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod common;

use common::{
    PAY, ask, ask_as, full_portal, is_paid, json_of, one_payment, pay_501, refusal_of, result_of,
};
use portal::{Codes, Exchange, Fault, FaultKind, Portal, Scenario, Statuses};
use serde_json::{Value, json};

#[test]
fn crm_shows_nine_fields() {
    let mut portal = one_payment();
    let unpaid = json!({
        "id": 501, "accountNumber": "917/1", "paid": "N", "datePaid": null, "empPaidId": null,
        "paySystemId": 11, "sum": 1000, "currency": "EUR", "paySystemName": "Card",
    });
    assert_eq!(
        result_of(&ask(
            &mut portal,
            "crm.item.payment.get",
            json!({"id": 501})
        )),
        unpaid
    );
    pay_501(&mut portal);
    let paid = result_of(&ask(
        &mut portal,
        "crm.item.payment.get",
        json!({"id": "501"}),
    ));
    assert_eq!(paid["paid"], "Y");
    assert_eq!(paid["datePaid"], "2026-09-10T01:52:40+03:00");
    assert_eq!(paid["empPaidId"], 7);
}

#[test]
fn crm_lists_a_deals_payments_without_pages() {
    let mut portal = full_portal();
    let list = |portal: &mut Portal, params: Value| {
        result_of(&ask(portal, "crm.item.payment.list", params))
    };
    let unpaid = json!({"entityTypeId": 2, "entityId": 7, "filter": {"=paid": "N"}, "order": {"id": "desc"}});
    let ids: Vec<u64> = list(&mut portal, unpaid)
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["id"].as_u64().unwrap())
        .collect();
    assert_eq!(ids, [517, 516, 515, 514, 509, 504, 502, 501, 1]);
    assert_eq!(
        list(&mut portal, json!({"entityTypeId": 31, "entityId": "31"}))
            .as_array()
            .unwrap()
            .len(),
        2
    );
    assert_eq!(
        list(&mut portal, json!({"entityTypeId": 1, "entityId": 7})),
        json!([]),
        "leads have no payments"
    );
    let (_, body) = json_of(&ask(
        &mut portal,
        "crm.item.payment.list",
        json!({"entityTypeId": 2, "entityId": 7}),
    ));
    assert!(body.get("total").is_none() && body.get("next").is_none());
}

#[test]
fn refusals_of_controllers_have_numbers_for_codes() {
    let no_value = "Could not find value for parameter {id}";
    let bad_value =
        "Invalid value {abc} to match with parameter {id}. Should be value of type int.";
    let table = [
        (
            "crm.item.payment.get",
            json!({"id": 999}),
            0_u64,
            "Payment has not been found",
        ),
        (
            "crm.item.payment.pay",
            json!({"id": 999}),
            0,
            "Payment has not been found",
        ),
        (
            "crm.item.payment.unpay",
            json!({"id": -3}),
            0,
            "Payment has not been found",
        ),
        ("crm.item.payment.get", json!({}), 100, no_value),
        ("crm.item.payment.get", json!({"id": "abc"}), 100, bad_value),
        (
            "sale.payment.get",
            json!({"id": 999}),
            200_640_400_001,
            "payment is not exists",
        ),
        ("sale.payment.get", json!({}), 100, no_value),
    ];
    for (method, params, code, text) in table {
        let mut portal = full_portal();
        let refusal = refusal_of(&ask(&mut portal, method, params.clone()));
        assert_eq!(
            refusal,
            (400, json!(code.to_string()), text.to_owned()),
            "{method} {params}"
        );
        portal.codes = Codes::Numbers;
        assert_eq!(refusal_of(&ask(&mut portal, method, params)).1, json!(code));
    }
}

#[test]
fn reading_and_marking_need_rights_of_their_own() {
    let denied = |method: &str, operator: u64, status: u16, code: &str, text: &str| {
        let mut portal = full_portal();
        let params = json!({"id": 501, "entityTypeId": 2, "entityId": 7});
        let refusal = refusal_of(&ask_as(&mut portal, operator, method, params));
        assert_eq!(
            refusal,
            (status, json!(code), text.to_owned()),
            "{method} by {operator}"
        );
        assert!(!is_paid(&portal, 501));
    };
    denied(
        "crm.item.payment.get",
        10,
        403,
        "ACCESS_DENIED",
        "Access denied",
    );
    denied(
        "crm.item.payment.list",
        10,
        403,
        "ACCESS_DENIED",
        "Access denied",
    );
    denied(
        "crm.item.payment.pay",
        9,
        403,
        "ACCESS_DENIED",
        "Access denied",
    );
    denied(
        "crm.item.payment.unpay",
        9,
        403,
        "ACCESS_DENIED",
        "Access denied",
    );
    denied("sale.payment.get", 9, 400, "200040300010", "Access Denied");
    denied(
        "sale.payment.list",
        12,
        400,
        "200040300010",
        "Access Denied",
    );
    denied(
        "sale.payment.update",
        9,
        400,
        "200040300020",
        "Access Denied",
    );
}

#[test]
fn marking_in_crm_pays_whatever_the_pay_system() {
    let mut portal = full_portal();
    assert_eq!(
        result_of(&ask(
            &mut portal,
            "crm.item.payment.pay",
            json!({"id": 502})
        )),
        json!(true)
    );
    assert!(is_paid(&portal, 502));
    let payment = portal.payment(502).unwrap();
    assert_eq!((payment.pay_calls, payment.mark_calls), (0, 1));
    assert_eq!(payment.bank.status, None);
    assert_eq!(
        result_of(&ask(
            &mut portal,
            "crm.item.payment.unpay",
            json!({"id": 502})
        )),
        json!(true)
    );
    assert!(!is_paid(&portal, 502));
}

#[test]
fn what_is_marked_back_has_no_date_and_no_employee_and_the_order_follows() {
    let mut portal = one_payment();
    let order_says_paid = |portal: &Portal| portal.orders().next().unwrap().payed;
    ask(&mut portal, "crm.item.payment.pay", json!({"id": 501}));
    let payment = portal.payment(501).unwrap();
    assert_eq!(
        (payment.date_paid_ms, payment.paid_by),
        (Some(1_000), Some(7))
    );
    assert_eq!(payment.paying_calls, [(1, 1_000)]);
    assert!(order_says_paid(&portal));
    for _ in 0..2 {
        ask(&mut portal, "crm.item.payment.unpay", json!({"id": 501}));
        let payment = portal.payment(501).unwrap();
        assert_eq!((payment.date_paid_ms, payment.paid_by), (None, None));
        assert!(!order_says_paid(&portal));
    }
    // Each saving is an event, whatever it changed.
    assert_eq!(portal.payment(501).unwrap().events.len(), 7);
}

#[test]
fn a_veto_strikes_marking_and_marking_back_too() {
    for (kind, order_says_paid) in [
        (FaultKind::YesButUnpaid, false),
        (FaultKind::YesButUnpaidOrderPaid, true),
    ] {
        let mut portal = one_payment();
        portal.arm(Fault::new(kind, "crm.item.payment.pay"));
        let marked = ask(&mut portal, "crm.item.payment.pay", json!({"id": 501}));
        assert_eq!(result_of(&marked), json!(true));
        let payment = portal.payment(501).unwrap();
        assert_eq!(
            (payment.paid, payment.date_paid_ms, payment.paid_by),
            (false, Some(1_000), Some(7))
        );
        assert_eq!(portal.orders().next().unwrap().payed, order_says_paid);
        assert!(!portal.log()[0].committed);
    }
    let mut portal = full_portal();
    portal.arm(Fault::new(
        FaultKind::YesButUnpaid,
        "crm.item.payment.unpay",
    ));
    let unmarked = ask(&mut portal, "crm.item.payment.unpay", json!({"id": 506}));
    assert_eq!(result_of(&unmarked), json!(true));
    let payment = portal.payment(506).unwrap();
    assert_eq!((payment.paid, payment.paid_by), (true, Some(1)));
    assert_eq!(payment.events.len(), 2);
}

#[test]
fn the_shop_changes_amount_pay_system_and_payment_and_nothing_it_does_not_know() {
    let update = "sale.payment.update";
    let mut portal = full_portal();
    let order_says_paid =
        |portal: &Portal| portal.orders().any(|order| order.id == 77 && order.payed);
    let change = |portal: &mut Portal, fields: Value| {
        ask(portal, update, json!({"id": 503, "fields": fields}))
    };
    let refusals = [
        (
            json!(null),
            100,
            "Could not find value for parameter {fields}",
        ),
        (json!({"paid": "Y"}), 0, "Required fields: paySystemId"),
        (json!({"paySystemId": 999}), 0, "Pay system not found"),
    ];
    for (fields, code, text) in refusals {
        let code = json!(code.to_string());
        assert_eq!(
            refusal_of(&change(&mut portal, fields)),
            (400, code, text.to_owned())
        );
    }
    let told = |exchange: &Exchange| {
        let payment = result_of(exchange)["payment"].clone();
        ["paySystemId", "sum", "paid", "empPaidId"].map(|name| payment[name].clone())
    };
    let paid = json!({"paySystemId": 6, "sum": "12.5", "paid": "Y"});
    assert_eq!(
        told(&change(&mut portal, paid)),
        [json!(6), json!(12.5), json!("Y"), json!(7)]
    );
    let events = |portal: &Portal| portal.payment(503).unwrap().events.len();
    let before = events(&portal);
    let saved = json!({"paySystemId": 11});
    assert_eq!(
        told(&change(&mut portal, saved)),
        [json!(11), json!(12.5), json!("Y"), json!(7)]
    );
    assert_eq!(events(&portal) - before, 2, "payment and order are saved");
    assert!(order_says_paid(&portal));
    let unpaid = json!({"paySystemId": 11, "paid": "N"});
    assert_eq!(
        told(&change(&mut portal, unpaid)),
        [json!(11), json!(12.5), json!("N"), json!(null)]
    );
    assert!(!order_says_paid(&portal));
    assert!(!is_paid(&portal, 503));
}

#[test]
fn marking_in_crm_refuses_what_it_cannot_pay() {
    let mut portal = full_portal();
    let cancelled = refusal_of(&ask(
        &mut portal,
        "crm.item.payment.pay",
        json!({"id": 503}),
    ));
    assert_eq!(
        (cancelled.0, cancelled.1),
        (400, json!("SALE_ORDER_PAID_ORDER_CANCELED"))
    );
    let no_funds = refusal_of(&ask(
        &mut portal,
        "crm.item.payment.pay",
        json!({"id": 509}),
    ));
    assert_eq!(
        no_funds,
        (400, json!("BX_ERROR"), "Insufficient funds".to_owned())
    );
    assert!(!is_paid(&portal, 503) && !is_paid(&portal, 509));
    // What is paid already costs the account nothing.
    portal.payment_mut(509).unwrap().paid = true;
    let again = ask(&mut portal, "crm.item.payment.pay", json!({"id": 509}));
    assert_eq!(result_of(&again), json!(true));
}

#[test]
fn the_shop_shows_every_field_it_exposes() {
    let mut portal = one_payment();
    ask(
        &mut portal,
        PAY,
        json!({"PAYMENT_ID": 501, "PAY_SYSTEM_ID": 11, "PS_SUM": 12.5, "PS_INVOICE_ID": "9"}),
    );
    let payment =
        result_of(&ask(&mut portal, "sale.payment.get", json!({"id": 501})))["payment"].clone();
    let shown = [
        ("orderId", json!(917)),
        ("paid", json!("Y")),
        ("isReturn", json!("N")),
        ("psStatus", json!("Y")),
        ("psStatusCode", json!("Y")),
        ("psSum", json!(12.5)),
        ("psInvoiceId", json!("9")),
        ("psCurrency", json!("")),
        ("psResponseDate", json!("2026-09-10T01:52:40+03:00")),
        ("payVoucherDate", json!("2026-09-10T00:00:00+03:00")),
        ("companyId", json!(null)),
        ("comments", json!("")),
    ];
    for (name, value) in shown {
        assert_eq!(payment[name], value, "{name}");
    }
    assert!(payment.get("psCardNumber").is_none());
}

#[test]
fn the_shop_lists_fifty_a_page() {
    let mut portal = Portal::new(Scenario::Many, 0);
    let mut pages = Vec::new();
    let mut start = json!(0);
    while start != json!(null) {
        let params = json!({"select": ["id", "orderId"], "filter": {"=paid": "N"}, "start": start});
        let (_, body) = json_of(&ask_as(&mut portal, 7, "sale.payment.list", params));
        assert_eq!(body["total"], 1000);
        pages.push(body["result"]["payments"].as_array().unwrap().clone());
        start = body["next"].clone();
    }
    assert_eq!(pages.len(), 20);
    assert_eq!(pages[19][49], json!({"id": 11000, "orderId": 2200}));
}

#[test]
fn filters_know_their_prefixes_and_refuse_unknown_fields() {
    let table = [
        (json!({"@id": [501, "502", 7]}), 2),
        (json!({"!paid": "N"}), 1),
        (json!({">=sum": 68.12, "<sum": 1000}), 2),
        (json!({"%accountNumber": "15/"}), 2),
        (json!({"%paySystemName": "CARD", "!@id": [501, 15]}), 4),
        (json!({"=orderId": 15, "=paid": "N"}), 2),
    ];
    for (filter, found) in table {
        let result = result_of(&ask(
            &mut full_portal(),
            "sale.payment.list",
            json!({"filter": filter}),
        ));
        assert_eq!(
            result["payments"].as_array().unwrap().len(),
            found,
            "{filter}"
        );
    }
    // Also where the fields before it leave nothing.
    for asked in [
        json!({"filter": {"=PAID": "N"}}),
        json!({"filter": {"=id": 3, "=PAID": "N"}}),
        json!({"filter": {"=id": 3}, "order": {"PAID": "asc"}}),
    ] {
        let unknown = ask(&mut full_portal(), "sale.payment.list", asked);
        assert_eq!(refusal_of(&unknown).2, "Unknown field definition `PAID`");
    }
}

#[test]
fn lists_are_ordered_both_ways_by_size_and_show_what_is_selected() {
    let mut portal = full_portal();
    let mut listed = |params: Value| {
        let result = result_of(&ask(&mut portal, "sale.payment.list", params));
        result["payments"].as_array().unwrap().clone()
    };
    let of_15_and_77 = json!({"@orderId": [15, 77]});
    for (order, ids) in [
        (json!({"sum": "asc"}), [503, 15, 90]),
        (json!({"sum": "DESC"}), [90, 15, 503]),
        (json!({"orderId": "desc", "sum": "asc"}), [503, 15, 90]),
        (json!({"orderId": "asc", "sum": "desc"}), [90, 15, 503]),
        (json!({"orderId": "asc", "sum": "asc"}), [15, 90, 503]),
    ] {
        let rows = listed(json!({"filter": of_15_and_77, "order": order, "select": ["id"]}));
        assert_eq!(rows, ids.map(|id| json!({ "id": id })), "{order}");
    }
    let whole = json!({"filter": {"=id": 501}, "select": ["id", "*"]});
    assert_eq!(listed(whole)[0]["sum"], 1000);
    let unknown = ask(
        &mut portal,
        "sale.payment.list",
        json!({"order": {"ID": "asc"}}),
    );
    assert_eq!(refusal_of(&unknown).2, "Unknown field definition `ID`");
}

#[test]
fn statuses_can_be_those_of_the_documentation() {
    let mut portal = full_portal();
    portal.statuses = Statuses::Documented;
    let wrong = portal::Credential::Webhook {
        user: 7,
        secret: "guess".to_owned(),
    };
    let exchange = portal.receive(0, &portal::Request::new(PAY, json!({}), wrong));
    assert_eq!(json_of(&exchange).0, 403);
}

#[test]
fn an_app_learns_its_scopes_and_a_webhook_has_no_app() {
    let mut portal = full_portal();
    let scopes = json!(["pay_system", "crm", "sale", "placement"]);
    assert_eq!(result_of(&ask(&mut portal, "scope", json!({}))), scopes);
    assert_eq!(
        result_of(&ask_as(&mut portal, 7, "app.info", json!({})))["INSTALLED"],
        true
    );
    assert_eq!(
        refusal_of(&ask(&mut portal, "app.info", json!({}))).1,
        "WRONG_AUTH_TYPE"
    );
}

#[test]
fn a_timeline_takes_comments() {
    let mut portal = full_portal();
    let fields = json!({"ENTITY_ID": 7, "ENTITY_TYPE": "deal", "COMMENT": "paid by hand"});
    let id = result_of(&ask(
        &mut portal,
        "crm.timeline.comment.add",
        json!({ "fields": fields }),
    ));
    assert!(id.is_u64());
    assert_eq!(
        portal.comments().collect::<Vec<_>>(),
        [("deal", 7, "paid by hand")]
    );
    let upper = ask(
        &mut portal,
        "crm.timeline.comment.add",
        json!({ "FIELDS": fields }),
    );
    assert_eq!(
        refusal_of(&upper).2,
        "Could not find value for parameter {fields}"
    );
}

#[test]
fn a_timeline_is_found_by_the_name_of_its_owners_kind() {
    let mut portal = full_portal();
    let cases = [
        ("deal", 7, Ok(())),
        ("smart_invoice", 31, Ok(())),
        ("SMART_INVOICE", 31, Ok(())),
        ("dynamic_31", 31, Ok(())),
        ("order", 77, Ok(())),
        ("smart_invoice", 7, Err("NOT_FOUND")),
        ("order", 7, Err("NOT_FOUND")),
        ("lead", 5, Err("NOT_FOUND")),
        ("smartinvoice", 31, Err("OWNER_NOT_FOUND")),
        ("31", 31, Err("OWNER_NOT_FOUND")),
    ];
    for (kind, id, expected) in cases {
        let fields = json!({"ENTITY_ID": id, "ENTITY_TYPE": kind, "COMMENT": "paid"});
        let answer = ask(
            &mut portal,
            "crm.timeline.comment.add",
            json!({ "fields": fields }),
        );
        match expected {
            Ok(()) => assert!(result_of(&answer).is_u64(), "{kind}"),
            Err(code) => assert_eq!(refusal_of(&answer).1, code, "{kind}"),
        }
    }
}
