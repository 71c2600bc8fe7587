//! The rest of the scope `pay_system`, and the way from a deal to its orders.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod common;

use common::{json_of, refusal_of, result_of};
use portal::{Credential, Exchange, Plan, Portal, Request, Scenario, Scopes};
use serde_json::{Value, json};

/// The demo, asked by its administrator through its own app.
struct Desk {
    portal: Portal,
    token: String,
}

impl Desk {
    fn new() -> Self {
        let mut portal = Portal::new(Scenario::Demo, 0);
        portal.limits = portal::Limits::off();
        let token = portal.issue(1).access;
        Self { portal, token }
    }

    fn ask(&mut self, method: &str, params: Value) -> Exchange {
        let auth = Credential::Token(self.token.clone());
        self.portal.receive(
            1_000,
            &Request::new(&format!("sale.paysystem.{method}"), params, auth),
        )
    }

    #[track_caller]
    fn result(&mut self, method: &str, params: Value) -> Value {
        result_of(&self.ask(method, params))
    }

    #[track_caller]
    fn code(&mut self, method: &str, params: Value) -> String {
        let (status, code, _) = refusal_of(&self.ask(method, params));
        let code = code.as_str().unwrap().to_owned();
        assert_eq!(status, if code == "ACCESS_DENIED" { 403 } else { 400 });
        code
    }

    fn other_app(mut self) -> Self {
        self.token = self.portal.issue_for(0, 1, 2, Scopes::ALL).access;
        self
    }

    fn operator(mut self, operator: u64) -> Self {
        self.token = self.portal.issue(operator).access;
        self
    }
}

fn handler() -> Value {
    json!({
        "NAME": "Wallet", "CODE": "wallet",
        "SETTINGS": {"CODES": {"KEY": {"NAME": "Key"}}, "FORM_DATA": {"ACTION_URI": "https://pay.example/"}},
    })
}

#[test]
fn a_handler_and_its_pay_system_live_and_die() {
    let mut desk = Desk::new();
    let id = desk.result("handler.add", handler());
    assert_eq!(
        desk.result("handler.list", json!({}))[1]["ID"],
        id.to_string()
    );
    let fields = json!({"NAME": "Purse", "CODE": "purse", "SORT": 7});
    assert_eq!(
        desk.result("handler.update", json!({"ID": id, "FIELDS": fields})),
        true
    );
    let listed = &desk.result("handler.list", json!({}))[1];
    assert_eq!(
        (&listed["NAME"], &listed["CODE"], &listed["SORT"]),
        (&json!("Purse"), &json!("purse"), &json!("7"))
    );

    let system = json!({"name": "My purse", "PERSON_TYPE_ID": 1, "BX_REST_HANDLER": "purse"});
    let system = desk.result("add", system);
    let filter = json!({"FILTER": {">ID": system}, "SELECT": ["ID", "ACTIVE", "ENTITY_REGISTRY_TYPE", "ACTION_FILE"]});
    let row = json!({"ID": system, "ACTIVE": "N", "ACTION_FILE": "purse", "ENTITY_REGISTRY_TYPE": "CRM_INVOICE"});
    assert_eq!(
        desk.result("list", filter),
        json!([row]),
        "operators of a filter are dropped"
    );
    assert_eq!(
        desk.result(
            "update",
            json!({"ID": system, "FIELDS": {"ACTIVE": "Y", "NAME": "Ours"}})
        ),
        true
    );

    assert_eq!(
        desk.code("handler.delete", json!({"ID": id})),
        "ERROR_PAY_SYSTEM_DELETE"
    );
    assert_eq!(desk.result("delete", json!({"ID": system})), true);
    assert_eq!(
        desk.code("delete", json!({"ID": system})),
        "ERROR_PAY_SYSTEM_NOT_FOUND"
    );
    assert_eq!(desk.result("handler.delete", json!({"ID": id})), true);
    assert_eq!(
        desk.code("handler.delete", json!({"ID": id})),
        "ERROR_HANDLER_NOT_FOUND"
    );
}

#[test]
fn each_refusal_has_its_code() {
    let mut without_codes = handler();
    without_codes["SETTINGS"]["CODES"] = json!({});
    let mut without_way = handler();
    without_way["SETTINGS"]["FORM_DATA"] = json!({"METHOD": "POST"});
    let mut known = handler();
    known["CODE"] = json!("b24pay_card");
    let check = "ERROR_CHECK_FAILURE";
    let table = [
        ("handler.add", json!({}), check),
        (
            "handler.add",
            json!({"NAME": "a", "CODE": "b", "SETTINGS": {}}),
            check,
        ),
        ("handler.add", without_codes, check),
        ("handler.add", without_way, check),
        ("handler.add", known, "ERROR_HANDLER_ALREADY_EXIST"),
        ("handler.update", json!({"FIELDS": {"NAME": "a"}}), check),
        (
            "handler.update",
            json!({"ID": 99, "FIELDS": {"NAME": "a"}}),
            "ERROR_HANDLER_NOT_FOUND",
        ),
        ("add", json!({"NAME": "a", "PERSON_TYPE_ID": 1}), check),
        (
            "add",
            json!({"NAME": "a", "PERSON_TYPE_ID": 9, "BX_REST_HANDLER": "b24pay_card"}),
            "ERROR_PERSON_TYPE_NOT_FOUND",
        ),
        (
            "add",
            json!({"NAME": "a", "PERSON_TYPE_ID": 1, "BX_REST_HANDLER": "none"}),
            "ERROR_HANDLER_NOT_FOUND",
        ),
        ("update", json!({"FIELDS": {}}), check),
        (
            "update",
            json!({"ID": 99, "FIELDS": {}}),
            "ERROR_PAY_SYSTEM_NOT_FOUND",
        ),
        ("update", json!({"ID": 6, "FIELDS": {}}), "ACCESS_DENIED"),
        ("delete", json!({}), check),
        ("list", json!({"SELECT": ["SECRET"]}), check),
        ("list", json!({"FILTER": {"=SECRET": 1}}), check),
        ("settings.get", json!({"ID": 11}), check),
        (
            "settings.get",
            json!({"ID": 99, "PERSON_TYPE_ID": 0}),
            check,
        ),
        (
            "settings.update",
            json!({"ID": 11, "SETTINGS": {}}),
            "ERROR_HANDLER_NOT_FOUND",
        ),
        ("settings.payment.get", json!({"PAYMENT_ID": 501}), check),
        (
            "settings.payment.get",
            json!({"PAYMENT_ID": 502, "PAY_SYSTEM_ID": 11}),
            check,
        ),
        (
            "settings.payment.get",
            json!({"PAYMENT_ID": 502, "PAY_SYSTEM_ID": 6}),
            "ACCESS_DENIED",
        ),
        ("settings.invoice.get", json!({"PAY_SYSTEM_ID": 17}), check),
        (
            "settings.invoice.get",
            json!({"INVOICE_ID": 41, "PAY_SYSTEM_ID": 99}),
            "ERROR_PAY_SYSTEM_NOT_FOUND",
        ),
        (
            "settings.invoice.get",
            json!({"INVOICE_ID": 9, "PAY_SYSTEM_ID": 17}),
            "ERROR_INTERNAL_INVOICE_NOT_FOUND",
        ),
        ("pay.invoice", json!({"INVOICE_ID": 41}), check),
        (
            "pay.invoice",
            json!({"INVOICE_ID": 9, "PAY_SYSTEM_ID": 17}),
            "ERROR_INTERNAL_INVOICE_NOT_FOUND",
        ),
        (
            "pay.invoice",
            json!({"INVOICE_ID": 41, "PAY_SYSTEM_ID": 99}),
            "ERROR_PROCESS_REQUEST_RESULT",
        ),
    ];
    for (method, params, code) in table {
        assert_eq!(
            Desk::new().code(method, params.clone()),
            code,
            "{method} {params}"
        );
    }
}

#[test]
fn only_administrators_of_the_owning_app_change_handlers() {
    let admins = [
        ("handler.add", handler()),
        ("handler.update", json!({"ID": 3, "FIELDS": {"NAME": "a"}})),
        ("handler.delete", json!({"ID": 3})),
        ("handler.list", json!({})),
        (
            "add",
            json!({"NAME": "a", "PERSON_TYPE_ID": 1, "BX_REST_HANDLER": "b24pay_card"}),
        ),
        ("update", json!({"ID": 11, "FIELDS": {"NAME": "a"}})),
        ("delete", json!({"ID": 11})),
        ("list", json!({})),
        ("settings.get", json!({"ID": 11, "PERSON_TYPE_ID": 0})),
        (
            "settings.update",
            json!({"ID": 11, "SETTINGS": {"A": {"TYPE": "", "VALUE": "1"}}}),
        ),
    ];
    for (method, params) in &admins {
        assert_eq!(
            Desk::new().operator(7).code(method, params.clone()),
            "ACCESS_DENIED",
            "{method}"
        );
    }
    for (method, params) in admins
        .iter()
        .filter(|(method, _)| !["handler.add", "handler.list", "list"].contains(method))
    {
        assert_eq!(
            Desk::new().other_app().code(method, params.clone()),
            "ACCESS_DENIED",
            "{method}"
        );
    }
    assert!(
        Desk::new()
            .other_app()
            .result("handler.list", json!({}))
            .is_array(),
        "handlers of all apps are listed"
    );
}

#[test]
fn settings_are_kept_and_resolved_for_a_payment() {
    let mut desk = Desk::new();
    assert_eq!(
        desk.result("settings.get", json!({"ID": 11, "PERSON_TYPE_ID": 0})),
        json!([])
    );
    let settings = json!({
        "MERCHANT": {"TYPE": "VALUE", "VALUE": "m-1"},
        "NUMBER": {"TYPE": "PAYMENT", "VALUE": "ACCOUNT_NUMBER"},
        "STATE": {"TYPE": "PAYMENT", "VALUE": "PAID"},
    });
    assert_eq!(
        desk.result("settings.update", json!({"ID": 11, "SETTINGS": settings})),
        true
    );
    assert_eq!(
        desk.result("settings.get", json!({"ID": 11, "PERSON_TYPE_ID": 1})),
        settings
    );
    let resolved = desk.result(
        "settings.payment.get",
        json!({"PAYMENT_ID": 501, "PAY_SYSTEM_ID": 11}),
    );
    assert_eq!(
        resolved,
        json!({"MERCHANT": "m-1", "NUMBER": "917/1", "STATE": "N"})
    );
    assert_eq!(
        desk.result(
            "settings.update",
            json!({"ID": 11, "SETTINGS": {
                "BEFORE": {"TYPE": "", "VALUE": "1"}, "BAD": "text", "AFTER": {"TYPE": "", "VALUE": "2"},
            }})
        ),
        false
    );
    let kept = desk.result("settings.get", json!({"ID": 11, "PERSON_TYPE_ID": 1}));
    let is_kept = ["BEFORE", "BAD", "AFTER"].map(|code| kept.get(code).is_some());
    assert_eq!(is_kept, [true, false, false]);
}

#[test]
fn old_invoices_have_the_same_caveat() {
    let mut desk = Desk::new();
    assert_eq!(
        desk.result("pay.invoice", json!({"INVOICE_ID": 41, "PAY_SYSTEM_ID": 6})),
        true
    );
    assert!(
        !desk.portal.old_invoice(41).unwrap().paid,
        "yes is no payment here either"
    );
    assert_eq!(
        desk.result(
            "pay.invoice",
            json!({"INVOICE_ID": 41, "PAY_SYSTEM_ID": 17})
        ),
        true
    );
    assert!(desk.portal.old_invoice(41).unwrap().paid);
    assert_eq!(
        desk.result(
            "settings.invoice.get",
            json!({"INVOICE_ID": 41, "BX_REST_HANDLER": "b24pay_card"})
        ),
        json!([])
    );
    let mut none = Desk {
        portal: common::one_payment(),
        token: String::new(),
    };
    none.token = none.portal.issue(7).access;
    assert_eq!(
        none.code("pay.invoice", json!({"INVOICE_ID": 1})),
        "ERROR_INVOICE_NO_SUPPORTED"
    );
}

#[test]
fn a_deals_orders_can_be_found_through_the_shop() {
    let mut portal = Portal::new(Scenario::Demo, 0);
    let mut ask = |operator: u64, method: &str, params: Value| {
        common::ask_as(&mut portal, operator, method, params)
    };
    let filter = json!({"filter": {"=ownerTypeId": 2, "=ownerId": 7}, "select": ["orderId"]});
    let (_, owners) = json_of(&ask(7, "crm.orderentity.list", filter));
    assert_eq!(owners["total"], 4);
    assert_eq!(owners["result"]["orderEntity"][0], json!({"orderId": 77}));
    let order = result_of(&ask(7, "sale.order.get", json!({"id": 77})))["order"].clone();
    assert_eq!(
        (&order["canceled"], &order["payed"], &order["price"]),
        (&json!("Y"), &json!("N"), &json!(12.345))
    );
    assert_eq!(order["payments"][0]["id"], 503);
    let listed = result_of(&ask(
        7,
        "sale.order.list",
        json!({"filter": {"=currency": "JPY"}}),
    ));
    assert_eq!(listed["orders"][0]["id"], 918);
    assert!(listed["orders"][0].get("payments").is_none());
    assert_eq!(
        refusal_of(&ask(7, "sale.order.get", json!({"id": 1}))).1,
        "200540400001"
    );
    for method in ["sale.order.get", "sale.order.list", "crm.orderentity.list"] {
        assert_eq!(
            refusal_of(&ask(11, method, json!({"id": 77}))).1,
            "200040300010",
            "{method}"
        );
    }
}

#[test]
fn plans_have_names() {
    assert!(
        Plan::ALL
            .into_iter()
            .all(|plan| Plan::named(plan.name()) == Some(plan))
    );
}
