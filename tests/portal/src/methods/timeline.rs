//! `crm.timeline.comment.add`: a note on the timeline of a deal, an invoice or an order.

use super::Call;
use crate::php;
use crate::portal::Portal;
use crate::reply::{Answer, Refusal};
use serde_json::{Value, json};

/// A note.
#[derive(Clone, Debug)]
pub(crate) struct Comment {
    pub owner_type: String,
    pub owner: u64,
    pub text: String,
}

/// The parameter is `fields` in lower case, its members are in upper case.
pub(super) fn add(call: &mut Call) -> Result<Answer, Refusal> {
    let Some(Value::Object(fields)) = call.params.get("fields") else {
        return Err(Refusal::numbered(
            100,
            "Could not find value for parameter {fields}",
        ));
    };
    if !call.actor.rights.may_update() {
        return Err(Refusal::new(403, "ACCESS_DENIED", "Access denied."));
    }
    let text = |name: &str| fields.get(name).map(php::text).unwrap_or_default();
    let owner = fields
        .get("ENTITY_ID")
        .map(php::int)
        .and_then(|id| u64::try_from(id).ok())
        .unwrap_or_default();
    if owner == 0 || text("ENTITY_TYPE").is_empty() {
        return Err(Refusal::numbered(100, "Empty bindings"));
    }
    let Some(type_id) = type_id(&text("ENTITY_TYPE")) else {
        return Err(Refusal::new(400, "OWNER_NOT_FOUND", "Owner was not found."));
    };
    if !has_owner(call.portal, type_id, owner) {
        return Err(Refusal::new(400, "NOT_FOUND", "Not found."));
    }
    if text("COMMENT").is_empty() {
        return Err(Refusal::new(
            400,
            "INVALID_ARG_VALUE",
            "Empty comment message",
        ));
    }
    let comment = Comment {
        owner_type: text("ENTITY_TYPE"),
        owner,
        text: text("COMMENT"),
    };
    call.portal.comments.push(comment);
    let id = call.portal.comments.len() + 900;
    Ok(Answer::saved(json!(id)))
}

/// The number of a kind of CRM item by its name, in capitals or not. Smart invoices have a name of their own, smart
/// processes have their number in it, and a smart invoice is found by either.
fn type_id(name: &str) -> Option<u64> {
    match name.to_uppercase().as_str() {
        "LEAD" => Some(1),
        "DEAL" => Some(2),
        "CONTACT" => Some(3),
        "COMPANY" => Some(4),
        "ORDER" => Some(ORDER),
        "SMART_INVOICE" => Some(31),
        other => other.strip_prefix("DYNAMIC_")?.parse().ok(),
    }
}

const ORDER: u64 = 14;

fn has_owner(portal: &Portal, type_id: u64, id: u64) -> bool {
    if type_id == ORDER {
        return portal.orders.contains_key(&id);
    }
    let mut owners = portal.orders().filter_map(|order| order.owner);
    owners.any(|owner| owner.type_id == type_id && owner.id == id)
}
