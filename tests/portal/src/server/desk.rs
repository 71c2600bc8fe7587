//! What the portal page needs of its server: the records to show, an app to open, a token to renew.

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
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;

pub(super) const MEMBER_ID: &str = "5f0e9d3c2b1a48679d3c2b1a4867f0e9";

/// The operator and the plan that the page offers first.
const USUAL_OPERATOR: u64 = 7;
const PLANS: [Plan; 3] = [Plan::Standard, Plan::Enterprise, Plan::Free];

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/sandbox/desk", get(desk))
        .route("/sandbox/open", post(open))
        .route("/sandbox/refresh", post(refresh))
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
    });
    json_answer(200, &body)
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
    let wanted = match json_body(request).await {
        Ok(wanted) => wanted,
        Err(refused) => return refused,
    };
    if shared.app_port.is_none() {
        return failure(
            409,
            "no app is served; start the portal with --app <folder>",
        );
    }
    let text = |name: &str| {
        wanted
            .get(name)
            .map(php::text)
            .filter(|given| !given.is_empty())
    };
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
    let is_static = wanted
        .get("static")
        .and_then(Value::as_bool)
        .unwrap_or_default();
    let opening = Opening {
        domain: shared.domain(),
        app_origin: shared.app_origin(),
        portal_origin: shared.portal_origin(),
        sid: sid.clone(),
        path: text("app").unwrap_or_else(|| "/".to_owned()),
        lang: text("lang").unwrap_or_else(|| "en".to_owned()),
        placement: text("placement").unwrap_or_else(|| "DEFAULT".to_owned()),
        options: wanted.get("options").cloned().unwrap_or_else(|| json!([])),
        is_admin,
        is_static,
        access: token.access,
        refresh: token.refresh.clone(),
    };
    shared.sessions().insert(
        sid,
        Session {
            operator,
            refresh: token.refresh,
        },
    );
    json_answer(200, &opening.shown())
}

/// One display of the app.
struct Opening {
    domain: String,
    app_origin: String,
    portal_origin: String,
    sid: String,
    path: String,
    lang: String,
    placement: String,
    options: Value,
    is_admin: bool,
    is_static: bool,
    access: String,
    refresh: String,
}

/// How long a token lives, in seconds, as text: the portal sends it so.
const EXPIRES: &str = "3600";

impl Opening {
    fn shown(&self) -> Value {
        json!({
            "sid": self.sid,
            "action": self.action(),
            "method": if self.is_static { "GET" } else { "POST" },
            "frameName": format!("{}|0|{}", self.domain, self.sid),
            "fields": if self.is_static { Map::new() } else { self.fields() },
            "init": self.init(),
        })
    }

    /// The handler's address with the four parameters that even a static app gets.
    fn action(&self) -> String {
        let path = if self.path.starts_with('/') {
            self.path.clone()
        } else {
            format!("/{}", self.path)
        };
        let mark = if path.contains('?') { '&' } else { '?' };
        let domain = self.domain.replace(':', "%3A");
        let lang: String = self
            .lang
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .collect();
        format!(
            "{}{path}{mark}DOMAIN={domain}&PROTOCOL=0&LANG={lang}&APP_SID={}",
            self.app_origin, self.sid
        )
    }

    fn fields(&self) -> Map<String, Value> {
        let mut fields = Map::new();
        let mut put = |name: &str, value: &str| fields.insert(name.to_owned(), Value::from(value));
        put("AUTH_ID", &self.access);
        put("AUTH_EXPIRES", EXPIRES);
        put("REFRESH_ID", &self.refresh);
        put("SERVER_ENDPOINT", &format!("{}/rest/", self.portal_origin));
        put("member_id", MEMBER_ID);
        put("status", "L");
        put("PLACEMENT", &self.placement);
        if let Some(options) = self.named_options() {
            put("PLACEMENT_OPTIONS", &options.to_string());
        }
        fields
    }

    fn named_options(&self) -> Option<Value> {
        (!php::is_empty(Some(&self.options))).then(|| as_texts(&self.options))
    }

    /// The reply to `getInitData`: an empty PHP array is `[]`, every scalar is text.
    fn init(&self) -> Value {
        json!({
            "LANG": self.lang,
            "DOMAIN": self.domain,
            "PROTOCOL": 0,
            "PATH": "/rest",
            "AUTH_ID": self.access,
            "AUTH_EXPIRES": EXPIRES,
            "REFRESH_ID": self.refresh,
            "MEMBER_ID": MEMBER_ID,
            "FIRST_RUN": true,
            "IS_ADMIN": self.is_admin,
            "INSTALL": false,
            "USER_OPTIONS": [],
            "APP_OPTIONS": [],
            "PLACEMENT": self.placement,
            "PLACEMENT_OPTIONS": self.named_options().unwrap_or_else(|| json!([])),
        })
    }
}

fn as_texts(value: &Value) -> Value {
    match value {
        Value::Object(map) => Value::Object(
            map.iter()
                .map(|(key, value)| (key.clone(), as_texts(value)))
                .collect(),
        ),
        Value::Array(items) => items.iter().map(as_texts).collect(),
        scalar => Value::from(php::text(scalar)),
    }
}

async fn refresh(State(shared): State<Arc<Shared>>, request: Request) -> Response<Body> {
    let wanted = match json_body(request).await {
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
    let Some(session) = shared.sessions().get(sid).cloned() else {
        return failure(404, "no frame with this sid is open");
    };
    let now_ms = shared.now_ms();
    let mut portal = shared.portal();
    // The portal renews by its own session, whatever became of the app's refresh token.
    let token = match portal.renew(now_ms, &session.refresh) {
        Some(token) => token,
        None => portal.issue_for(now_ms, session.operator, demo::APP, Scopes::ALL),
    };
    drop(portal);
    let renewed = Session {
        refresh: token.refresh.clone(),
        ..session
    };
    shared.sessions().insert(sid.to_owned(), renewed);
    let body =
        json!({"AUTH_ID": token.access, "AUTH_EXPIRES": EXPIRES, "REFRESH_ID": token.refresh});
    json_answer(200, &body)
}
