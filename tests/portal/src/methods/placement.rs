//! `placement.*`: where an app appears. Handlers belong to an app; only an administrator binds and unbinds them.

use super::{Call, app};
use crate::php;
use crate::reply::{Answer, Refusal};
use serde_json::{Value, json};

/// The places that an app with the scope `crm` may take.
const CRM: [&str; 22] = [
    "CRM_DEAL_DETAIL_TAB",
    "CRM_DEAL_DETAIL_ACTIVITY",
    "CRM_DEAL_DETAIL_TOOLBAR",
    "CRM_DEAL_LIST_MENU",
    "CRM_DEAL_ACTIVITY_TIMELINE_MENU",
    "CRM_DEAL_DOCUMENTGENERATOR_BUTTON",
    "CRM_SMART_INVOICE_DETAIL_TAB",
    "CRM_SMART_INVOICE_DETAIL_ACTIVITY",
    "CRM_SMART_INVOICE_DETAIL_TOOLBAR",
    "CRM_SMART_INVOICE_LIST_MENU",
    "CRM_SMART_INVOICE_ACTIVITY_TIMELINE_MENU",
    "CRM_ORDER_DETAIL_TAB",
    "CRM_ORDER_DETAIL_ACTIVITY",
    "CRM_LEAD_DETAIL_TAB",
    "CRM_LEAD_DETAIL_ACTIVITY",
    "CRM_LEAD_LIST_MENU",
    "CRM_CONTACT_DETAIL_TAB",
    "CRM_COMPANY_DETAIL_TAB",
    "CRM_DYNAMIC_177_DETAIL_TAB",
    "CRM_DYNAMIC_177_DETAIL_ACTIVITY",
    "CRM_DYNAMIC_177_DETAIL_TOOLBAR",
    "CRM_DYNAMIC_177_LIST_MENU",
];
/// The place for links to the app; every app may take it, with one handler.
const LINK: &str = "REST_APP_URI";

/// A handler of an app at a place.
#[derive(Clone, Debug)]
pub(crate) struct Bound {
    pub app: u64,
    pub placement: String,
    pub handler: String,
    title: String,
    description: String,
}

/// The places that exist for this app.
#[expect(
    clippy::unnecessary_wraps,
    reason = "the table of methods wants one shape"
)]
pub(super) fn list(call: &mut Call) -> Result<Answer, Refusal> {
    Ok(Answer::read(json!(places(call))))
}

/// The app's own handlers.
pub(super) fn get(call: &mut Call) -> Result<Answer, Refusal> {
    let app = administrator(call)?;
    let own = call.portal.bound.iter().filter(|bound| bound.app == app);
    let shown: Vec<Value> = own
        .map(|bound| {
            json!({
                "placement": bound.placement,
                "userId": 0,
                "handler": bound.handler,
                "title": bound.title,
                "description": bound.description,
                "options": [],
                "langAll": {},
            })
        })
        .collect();
    Ok(Answer::read(json!(shown)))
}

pub(super) fn bind(call: &mut Call) -> Result<Answer, Refusal> {
    let app = administrator(call)?;
    let params = php::fold_keys_once(call.params);
    let text = |name: &str| params.get(name).map(php::text).unwrap_or_default();
    let (placement, handler) = (
        required(&params, "PLACEMENT")?,
        required(&params, "HANDLER")?,
    );
    if !places(call).contains(&placement.as_str()) {
        return Err(Refusal::new(
            400,
            "ERROR_PLACEMENT_NOT_FOUND",
            "Placement not found",
        ));
    }
    let mut there = call
        .portal
        .bound
        .iter()
        .filter(|bound| bound.app == app && bound.placement == placement);
    if there.any(|bound| bound.handler == handler || placement == LINK) {
        return Err(Refusal::new(
            400,
            "ERROR_CORE",
            "Unable to set placement handler: Handler already binded",
        ));
    }
    let bound = Bound {
        app,
        placement,
        handler,
        title: text("TITLE"),
        description: text("DESCRIPTION"),
    };
    call.portal.bound.push(bound);
    Ok(Answer::saved(json!(true)))
}

pub(super) fn unbind(call: &mut Call) -> Result<Answer, Refusal> {
    let app = administrator(call)?;
    let params = php::fold_keys_once(call.params);
    let placement = required(&params, "PLACEMENT")?;
    let handler = params.get("HANDLER").map(php::text);
    let before = call.portal.bound.len();
    call.portal.bound.retain(|bound| {
        bound.app != app
            || bound.placement != placement
            || handler
                .as_ref()
                .is_some_and(|handler| *handler != bound.handler)
    });
    let count = before - call.portal.bound.len();
    Ok(Answer::saved(json!({"count": count})))
}

fn places(call: &Call) -> Vec<&'static str> {
    let crm = CRM
        .into_iter()
        .filter(|_| call.actor.scopes.has(crate::operator::Scope::Crm));
    std::iter::once(LINK).chain(crm).collect()
}

/// The app that asks, through an administrator.
fn administrator(call: &Call) -> Result<u64, Refusal> {
    let app = app::asking(call)?;
    if !call.actor.rights.admin {
        return Err(Refusal::new(403, "ACCESS_DENIED", "Access denied!"));
    }
    Ok(app)
}

fn required(params: &serde_json::Map<String, Value>, name: &str) -> Result<String, Refusal> {
    match params.get(name).map(php::text) {
        Some(text) if !text.is_empty() => Ok(text),
        _ => Err(Refusal::new(
            400,
            "ERROR_ARGUMENT",
            format!("Argument '{name}' is null or empty"),
        )),
    }
}
