//! `crm.timeline.comment.add`: a note on the timeline of a deal, an invoice or an order.

use super::Call;
use crate::php;
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
        return Err(Refusal::new(400, "", "Empty bindings"));
    }
    if text("COMMENT").is_empty() {
        return Err(Refusal::new(400, "", "Empty comment message"));
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
