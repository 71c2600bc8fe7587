//! What the portal page needs of its server: the records to show, an app to open, a token to renew.

use super::members::{Kind, Members};
use super::opening::{EXPIRES, Opening, is_whole};
use super::shared::{Session, Shared};
use super::steering::{failure, json_answer, json_body, only_this_machine};
use crate::demo;
use crate::limits::{Limits, Plan};
use crate::operator::{Scope, Scopes};
use crate::order::Owner;
use crate::php;
use crate::portal::Portal;
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::Response;
use axum::middleware::from_fn;
use axum::routing::{get, post};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The operator and the plan that the page offers first.
const USUAL_OPERATOR: u64 = 7;
const PLANS: [Plan; 3] = [Plan::Standard, Plan::Enterprise, Plan::Free];

const OPEN: &Members = &[
    ("placement", Kind::Text),
    ("options", Kind::Anything),
    ("lang", Kind::Text),
    ("operator", Kind::Id),
    (
        "scopes",
        Kind::Words(&["pay_system", "crm", "sale", "placement"]),
    ),
    ("plan", Kind::Text),
    ("app", Kind::Text),
    ("static", Kind::Flag),
    ("install", Kind::Flag),
];
const OPTION: &Members = &[("name", Kind::Text), ("value", Kind::Anything)];
const REFRESH: &Members = &[("sid", Kind::Text)];

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/sandbox/desk", get(desk))
        .route("/sandbox/open", post(open))
        .route("/sandbox/refresh", post(refresh))
        .route("/sandbox/option", post(option))
        .route("/sandbox/installed", post(installed))
        .layer(from_fn(only_this_machine))
}

async fn desk(State(shared): State<Arc<Shared>>) -> Response<Body> {
    let portal = shared.portal();
    let owners: BTreeSet<Owner> = portal.orders().filter_map(|order| order.owner).collect();
    let of_type = |type_id: u64, word: &str| -> Vec<Value> {
        let wanted = owners.iter().filter(|owner| owner.type_id == type_id);
        wanted
            .map(|owner| owner_with_payments(&portal, *owner, word))
            .collect()
    };
    let orders: Vec<Value> = portal
        .orders()
        .map(|order| {
            json!({
                "id": order.id,
                "title": format!("Order {}", order.id),
                "canceled": order.cancelled.is_some(),
                "payments": payments_of(&portal, |number| number == order.id),
            })
        })
        .collect();
    let webhooks: Vec<Value> = portal
        .webhooks()
        .iter()
        .map(|hook| {
            json!(format!(
                "{}/rest/{}/{}/",
                shared.portal_origin(),
                hook.user,
                hook.secret
            ))
        })
        .collect();
    let body = json!({
        "deals": of_type(2, "Deal"),
        "invoices": of_type(31, "Invoice"),
        "orders": orders,
        "operators": operators(&portal),
        "plans": PLANS.map(Plan::name),
        "plan": portal.limits.plan.name(),
        "webhooks": webhooks,
        "places": places(&portal, &shared.app_origin()),
    });
    json_answer(200, &body)
}

/// Where the app appears, each with its handler, by path where it is served here; null where the page may open it anywhere.
fn places(portal: &Portal, app_origin: &str) -> Value {
    let path = |handler: &str| handler.strip_prefix(app_origin).unwrap_or(handler).into();
    portal.places(demo::APP).map_or(Value::Null, |places| {
        let all = places.into_iter();
        Value::Object(
            all.map(|(placement, handler)| (placement.to_owned(), path(handler)))
                .collect(),
        )
    })
}

fn owner_with_payments(portal: &Portal, owner: Owner, word: &str) -> Value {
    let orders: BTreeSet<u64> = portal
        .orders()
        .filter(|order| order.owner == Some(owner))
        .map(|order| order.id)
        .collect();
    json!({
        "id": owner.id,
        "title": format!("{word} {}", owner.id),
        "payments": payments_of(portal, |number| orders.contains(&number)),
    })
}

fn payments_of(portal: &Portal, is_of: impl Fn(u64) -> bool) -> Vec<Value> {
    portal
        .payments()
        .filter(|payment| is_of(payment.order))
        .map(|payment| portal.truth(payment))
        .collect()
}

fn operators(portal: &Portal) -> Vec<Value> {
    let mut people: Vec<_> = portal.operators().collect();
    people.sort_by_key(|person| (person.id != USUAL_OPERATOR, person.id));
    people
        .into_iter()
        .map(|person| {
            json!({
                "id": person.id,
                "name": person.name,
                "rights": {
                    "admin": person.rights.admin,
                    "readsOrders": person.rights.reads_orders,
                    "addsOrders": person.rights.adds_orders,
                    "updatesOrders": person.rights.updates_orders,
                    "sale": person.rights.sale,
                },
            })
        })
        .collect()
}

async fn open(State(shared): State<Arc<Shared>>, request: Request) -> Response<Body> {
    let wanted = match json_body(request, OPEN).await {
        Ok(wanted) => wanted,
        Err(refused) => return refused,
    };
    let text = |name: &str| {
        wanted
            .get(name)
            .map(php::text)
            .filter(|given| !given.is_empty())
    };
    let installs = wanted
        .get("install")
        .and_then(Value::as_bool)
        .unwrap_or_default();
    let usual_path = if installs { "/install.html" } else { "/" };
    let handler = text("app").unwrap_or_else(|| usual_path.to_owned());
    if shared.app_port.is_none() && !is_whole(&handler) {
        return failure(
            409,
            "no app is served; start the portal with --app <folder> or --static <zip>, or open one by its whole address",
        );
    }
    let is_wanted_static = wanted
        .get("static")
        .and_then(Value::as_bool)
        .unwrap_or_default();
    let (handler, is_static) = shared.handler(handler, is_wanted_static);
    let operator = text("operator").map_or(Ok(USUAL_OPERATOR), |given| given.parse());
    let mut portal = shared.portal();
    let Some(operator) = operator
        .ok()
        .filter(|id| portal.operators().any(|person| person.id == *id))
    else {
        return failure(400, "there is no such operator");
    };
    if let Some(given) = text("plan") {
        let Some(plan) = Plan::named(&given) else {
            return failure(400, "there is no such plan");
        };
        if plan != portal.limits.plan {
            portal.limits = Limits::of(plan);
        }
    }
    let scopes = match wanted.get("scopes") {
        Some(Value::Array(names)) => Scopes::of(
            &names
                .iter()
                .filter_map(|name| Scope::named(name.as_str()?))
                .collect::<Vec<_>>(),
        ),
        _ => Scopes::ALL,
    };
    let sid = portal.secret(32);
    let token = portal.issue_for(shared.now_ms(), operator, demo::APP, scopes);
    let is_admin = portal
        .operators()
        .any(|person| person.id == operator && person.rights.admin);
    if installs {
        portal.await_installer();
    }
    let opening = Opening {
        domain: shared.domain(),
        app_origin: shared.app_origin(),
        portal_origin: shared.portal_origin(),
        sid: sid.clone(),
        path: handler,
        lang: text("lang").unwrap_or_else(|| "en".to_owned()),
        placement: text("placement").unwrap_or_else(|| "DEFAULT".to_owned()),
        options: wanted.get("options").cloned().unwrap_or_else(|| json!([])),
        is_admin,
        installs,
        app_options: Value::Object(portal.app_options.clone()),
        is_static,
        access: token.access,
        refresh: token.refresh,
    };
    shared.sessions().insert(sid, Session { operator, scopes });
    json_answer(200, &opening.shown())
}

/// Keeps one of the app's options; the answer is all of them.
async fn option(State(shared): State<Arc<Shared>>, request: Request) -> Response<Body> {
    let wanted = match json_body(request, OPTION).await {
        Ok(wanted) => wanted,
        Err(refused) => return refused,
    };
    let Some(name) = wanted.get("name").and_then(Value::as_str) else {
        return failure(400, "an option has a name");
    };
    let value = wanted.get("value").cloned().unwrap_or_default();
    let mut portal = shared.portal();
    portal.app_options.insert(name.to_owned(), value);
    json_answer(200, &Value::Object(portal.app_options.clone()))
}

/// The app's installer has finished.
async fn installed(State(shared): State<Arc<Shared>>) -> Response<Body> {
    shared.portal().finish_installation();
    json_answer(200, &Value::Bool(true))
}

async fn refresh(State(shared): State<Arc<Shared>>, request: Request) -> Response<Body> {
    let wanted = match json_body(request, REFRESH).await {
        Ok(wanted) => wanted,
        Err(refused) => return refused,
    };
    if !shared.portal().renewal_is_answered() {
        std::future::pending::<()>().await;
    }
    let sid = wanted
        .get("sid")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let Some(session) = shared.sessions().get(sid).copied() else {
        return failure(404, "no frame with this sid is open");
    };
    let now_ms = shared.now_ms();
    // The portal renews by its own session, whatever became of the app's refresh token.
    let token = shared
        .portal()
        .issue_for(now_ms, session.operator, demo::APP, session.scopes);
    let body =
        json!({"AUTH_ID": token.access, "AUTH_EXPIRES": EXPIRES, "REFRESH_ID": token.refresh});
    json_answer(200, &body)
}
