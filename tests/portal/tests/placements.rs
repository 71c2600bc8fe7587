//! Where an app appears: `placement.*`, by an administrator through the app.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod common;

use common::{refusal_of, result_of};
use portal::{Credential, Exchange, Portal, Request, Scenario, Scope, Scopes};
use serde_json::{Value, json};

const TAB: &str = "CRM_DEAL_DETAIL_TAB";
const HERE: &str = "https://app.example/index.html";

struct App {
    portal: Portal,
    token: String,
}

impl App {
    fn of(operator: u64, scopes: Scopes) -> Self {
        let mut portal = Portal::new(Scenario::Demo, 0);
        portal.limits = portal::Limits::off();
        let token = portal.issue_for(0, operator, 1, scopes).access;
        Self { portal, token }
    }

    fn ask(&mut self, method: &str, params: Value) -> Exchange {
        let auth = Credential::Token(self.token.clone());
        let request = Request::new(&format!("placement.{method}"), params, auth);
        self.portal.receive(1_000, &request)
    }

    #[track_caller]
    fn result(&mut self, method: &str, params: Value) -> Value {
        result_of(&self.ask(method, params))
    }

    #[track_caller]
    fn refused(&mut self, method: &str, params: Value) -> (u16, String) {
        let (status, code, _) = refusal_of(&self.ask(method, params));
        (status, code.as_str().unwrap().to_owned())
    }
}

#[test]
fn a_handler_is_bound_once_listed_and_taken_back() {
    let mut app = App::of(1, Scopes::ALL);
    let handler = json!({"PLACEMENT": TAB, "HANDLER": HERE, "TITLE": "Payments"});
    assert_eq!(app.result("bind", handler.clone()), json!(true));
    assert_eq!(app.refused("bind", handler), (400, "ERROR_CORE".into()));
    let own = app.result("get", json!({}));
    assert_eq!(own[0]["placement"], TAB);
    assert_eq!(
        (&own[0]["handler"], &own[0]["title"]),
        (&json!(HERE), &json!("Payments"))
    );
    let other = json!({"PLACEMENT": TAB, "HANDLER": "https://other.example/"});
    assert_eq!(app.result("unbind", other), json!({"count": 0}));
    assert_eq!(
        app.result("unbind", json!({"PLACEMENT": TAB})),
        json!({"count": 1})
    );
    assert_eq!(app.result("get", json!({})), json!([]));
}

#[test]
fn links_have_one_handler() {
    let mut app = App::of(1, Scopes::ALL);
    let link = |handler: &str| json!({"PLACEMENT": "REST_APP_URI", "HANDLER": handler});
    assert_eq!(app.result("bind", link(HERE)), json!(true));
    let second = app.refused("bind", link("https://app.example/other.html"));
    assert_eq!(second, (400, "ERROR_CORE".into()));
}

#[test]
fn what_is_missing_or_unknown_is_refused() {
    let mut app = App::of(1, Scopes::ALL);
    for (params, code) in [
        (json!({"HANDLER": HERE}), "ERROR_ARGUMENT"),
        (json!({"PLACEMENT": TAB}), "ERROR_ARGUMENT"),
        (
            json!({"PLACEMENT": "NOWHERE", "HANDLER": HERE}),
            "ERROR_PLACEMENT_NOT_FOUND",
        ),
    ] {
        assert_eq!(app.refused("bind", params), (400, code.into()));
    }
}

#[test]
fn only_an_administrator_binds_and_only_the_scope_crm_opens_its_places() {
    let mut operator = App::of(7, Scopes::ALL);
    assert_eq!(
        operator.refused("get", json!({})),
        (403, "ACCESS_DENIED".into())
    );
    let mut app = App::of(1, Scopes::of(&[Scope::Placement]));
    assert_eq!(app.result("list", json!({})), json!(["REST_APP_URI"]));
    let mut without = App::of(1, Scopes::of(&[Scope::Crm]));
    assert_eq!(
        without.refused("list", json!({})),
        (401, "insufficient_scope".into())
    );
}

#[test]
fn an_app_with_an_installer_appears_where_it_was_bound_once_that_has_finished() {
    const APP: u64 = 1;
    let mut app = App::of(1, Scopes::ALL);
    assert_eq!(app.portal.places(APP), None);
    app.portal.await_installer();
    app.result("bind", json!({"PLACEMENT": TAB, "HANDLER": HERE}));
    assert_eq!(app.portal.places(APP), Some(vec![]));
    app.portal.finish_installation();
    assert_eq!(app.portal.places(APP), Some(vec![(TAB, HERE)]));
    assert_eq!(app.portal.places(APP + 1), Some(vec![]));
}
