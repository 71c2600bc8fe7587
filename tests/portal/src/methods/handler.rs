//! `sale.paysystem.handler.*`: handlers that apps register for their pay systems.

use super::Call;
use super::owned::{
    admins_only, check_failure, folded, given, handler_missing, number, owns, required, yes,
};
use crate::pay_system::Handler;
use crate::php;
use crate::reply::{Answer, Refusal};
use serde_json::{Value, json};

pub(super) fn add(call: &mut Call) -> Result<Answer, Refusal> {
    admins_only(call)?;
    let params = folded(call);
    let name = php::text(required(&params, "NAME")?);
    let code = php::text(required(&params, "CODE")?);
    let settings = required(&params, "SETTINGS")?.clone();
    check_settings(&settings)?;
    refuse_known(call, &code, None)?;
    let id = call
        .portal
        .handlers
        .keys()
        .next_back()
        .map_or(1, |last| last + 1);
    let sort = given(&params, "SORT").map_or(100, php::int);
    call.portal.handlers.insert(
        id,
        Handler {
            id,
            name,
            code,
            sort,
            settings,
            app: call.actor.app,
        },
    );
    Ok(Answer::saved(json!(id)))
}

pub(super) fn update(call: &mut Call) -> Result<Answer, Refusal> {
    admins_only(call)?;
    let params = folded(call);
    let id = number(required(&params, "ID")?);
    let Value::Object(fields) = required(&params, "FIELDS")? else {
        return Err(check_failure("Empty field FIELDS!"));
    };
    let fields = php::fold_keys_once(fields);
    own_handler(call, id)?;
    if let Some(settings) = fields.get("SETTINGS") {
        check_settings(settings)?;
    }
    if let Some(code) = given(&fields, "CODE") {
        refuse_known(call, &php::text(code), Some(id))?;
    }
    let handler = call
        .portal
        .handlers
        .get_mut(&id)
        .ok_or_else(handler_missing)?;
    if let Some(name) = given(&fields, "NAME") {
        handler.name = php::text(name);
    }
    if let Some(code) = given(&fields, "CODE") {
        handler.code = php::text(code);
    }
    if let Some(sort) = given(&fields, "SORT") {
        handler.sort = php::int(sort);
    }
    if let Some(settings) = given(&fields, "SETTINGS") {
        handler.settings = settings.clone();
    }
    Ok(yes())
}

pub(super) fn delete(call: &mut Call) -> Result<Answer, Refusal> {
    admins_only(call)?;
    let params = folded(call);
    let id = given(&params, "ID").map(number).unwrap_or_default();
    let handler = own_handler(call, id)?;
    let mut systems = call.portal.pay_systems.values();
    if systems.any(|system| system.handler() == Some(&handler.code)) {
        let text = "There are pay systems with this handler";
        return Err(Refusal::new(400, "ERROR_PAY_SYSTEM_DELETE", text));
    }
    call.portal.handlers.remove(&id);
    Ok(yes())
}

/// Handlers of all apps, numbers as text.
pub(super) fn list(call: &mut Call) -> Result<Answer, Refusal> {
    admins_only(call)?;
    let rows = call.portal.handlers.values().map(|handler| {
        json!({
            "ID": handler.id.to_string(),
            "NAME": handler.name,
            "CODE": handler.code,
            "SORT": handler.sort.to_string(),
            "SETTINGS": handler.settings,
        })
    });
    Ok(Answer::read(rows.collect()))
}

fn own_handler(call: &Call, id: u64) -> Result<Handler, Refusal> {
    let handler = call.portal.handlers.get(&id).ok_or_else(handler_missing)?;
    if owns(call, handler) {
        Ok(handler.clone())
    } else {
        Err(super::owned::denied())
    }
}

fn refuse_known(call: &Call, code: &str, but: Option<u64>) -> Result<(), Refusal> {
    let mut others = call
        .portal
        .handlers
        .values()
        .filter(|handler| Some(handler.id) != but);
    if others.any(|handler| handler.code == code) {
        return Err(Refusal::new(
            400,
            "ERROR_HANDLER_ALREADY_EXIST",
            "Handler already exists!",
        ));
    }
    Ok(())
}

/// There must be parameters, and a way to pay that says where to.
fn check_settings(settings: &Value) -> Result<(), Refusal> {
    let Value::Object(settings) = settings else {
        return Err(check_failure("Empty field SETTINGS!"));
    };
    if given(settings, "CODES").is_none() {
        return Err(check_failure("Empty field SETTINGS[CODES]!"));
    }
    let ways = ["FORM_DATA", "CHECKOUT_DATA", "IFRAME_DATA"];
    let Some((name, Value::Object(way))) = ways
        .into_iter()
        .find_map(|name| Some((name, settings.get(name)?)))
    else {
        return Err(check_failure(format!(
            "Empty one of fields {}!",
            ways.join(", ")
        )));
    };
    if given(way, "ACTION_URI").is_none() {
        return Err(check_failure(format!(
            "Empty field SETTINGS[{name}][ACTION_URI]!"
        )));
    }
    Ok(())
}
