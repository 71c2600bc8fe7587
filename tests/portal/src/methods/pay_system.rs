//! `sale.paysystem.add`, `update`, `delete`, `list`: pay systems of REST handlers.

use super::Call;
use super::owned::{
    admins_only, check_failure, denied, folded, given, handler_missing, number, own_system, owns,
    required, yes,
};
use crate::pay_system::{Kind, PaySystem, Registry};
use crate::php;
use crate::reply::{Answer, Refusal};
use crate::truth::letter;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Private persons and companies.
const PERSON_TYPES: [u64; 2] = [1, 2];
/// Fields that are kept as they were sent.
const KEPT: [&str; 4] = ["DESCRIPTION", "NEW_WINDOW", "XML_ID", "LOGOTYPE"];

pub(super) fn add(call: &mut Call) -> Result<Answer, Refusal> {
    admins_only(call)?;
    let params = folded(call);
    let name = php::text(required(&params, "NAME")?);
    let person_type = person_type(required(&params, "PERSON_TYPE_ID")?)?;
    let handler = own_handler(call, required(&params, "BX_REST_HANDLER")?)?;
    let id = call
        .portal
        .pay_systems
        .keys()
        .next_back()
        .map_or(1, |last| last + 1);
    let is_for_orders = params
        .get("ENTITY_REGISTRY_TYPE")
        .is_some_and(|kind| kind == "ORDER");
    let mut settings = BTreeMap::new();
    if let Some(Value::Object(given)) = params.get("SETTINGS") {
        settings.insert(0, given.clone());
    }
    let system = PaySystem {
        registry: if is_for_orders {
            Registry::Order
        } else {
            Registry::CrmInvoice
        },
        is_active: params.get("ACTIVE").is_some_and(|active| active == "Y"),
        person_type,
        fields: kept(&params),
        settings,
        ..PaySystem::new(id, &name, Kind::Rest { handler })
    };
    call.portal.pay_systems.insert(id, system);
    Ok(Answer::saved(json!(id)))
}

pub(super) fn update(call: &mut Call) -> Result<Answer, Refusal> {
    admins_only(call)?;
    let params = folded(call);
    let mut system = own_system(call, required(&params, "ID")?)?;
    let fields = match params.get("FIELDS") {
        Some(Value::Object(fields)) => php::fold_keys_once(fields),
        _ => Map::new(),
    };
    if let Some(name) = given(&fields, "NAME") {
        system.name = php::text(name);
    }
    if let Some(active) = fields.get("ACTIVE") {
        system.is_active = active == "Y";
    }
    if let Some(given) = fields.get("PERSON_TYPE_ID") {
        system.person_type = person_type(given)?;
    }
    if let Some(handler) = given(&fields, "BX_REST_HANDLER") {
        system.kind = Kind::Rest {
            handler: own_handler(call, handler)?,
        };
    }
    system.fields.extend(kept(&fields));
    call.portal.pay_systems.insert(system.id, system);
    Ok(yes())
}

pub(super) fn delete(call: &mut Call) -> Result<Answer, Refusal> {
    admins_only(call)?;
    let params = folded(call);
    let system = own_system(call, required(&params, "ID")?)?;
    call.portal.pay_systems.remove(&system.id);
    Ok(yes())
}

/// No pages, and operators in front of a filter's field are dropped, as they are in a portal.
pub(super) fn list(call: &mut Call) -> Result<Answer, Refusal> {
    admins_only(call)?;
    let params = folded(call);
    let mut rows: Vec<Map<String, Value>> = call.portal.pay_systems.values().map(row).collect();
    let template = rows.first().cloned().unwrap_or_default();
    let check = |field: &str, place: &str| {
        if template.contains_key(field) {
            Ok(())
        } else {
            Err(check_failure(format!("{field} not allowed for {place}")))
        }
    };
    if let Some(Value::Object(filter)) = params.get("FILTER") {
        for (key, wanted) in filter {
            let field = key.trim_start_matches(|sign: char| !sign.is_ascii_alphanumeric());
            check(field, "filter")?;
            let wanted: Vec<String> = match wanted {
                Value::Array(any) => any.iter().map(php::text).collect(),
                one => vec![php::text(one)],
            };
            rows.retain(|row| {
                row.get(field)
                    .is_some_and(|value| wanted.contains(&php::text(value)))
            });
        }
    }
    if let Some(Value::Object(order)) = params.get("ORDER") {
        for (field, direction) in order.iter().rev() {
            check(field, "order")?;
            let key = |row: &Map<String, Value>| {
                row.get(field)
                    .map(|value| (value.as_u64(), php::text(value)))
                    .unwrap_or_default()
            };
            rows.sort_by_key(key);
            if php::text(direction).eq_ignore_ascii_case("desc") {
                rows.reverse();
            }
        }
    }
    if let Some(Value::Array(names)) = params.get("SELECT") {
        let names: Vec<String> = names.iter().map(php::text).collect();
        for name in &names {
            check(name, "select")?;
        }
        for row in &mut rows {
            row.retain(|key, _| names.contains(key));
        }
    }
    Ok(Answer::read(rows.into_iter().map(Value::Object).collect()))
}

fn person_type(given: &Value) -> Result<u64, Refusal> {
    let id = number(given);
    if PERSON_TYPES.contains(&id) {
        return Ok(id);
    }
    Err(Refusal::new(
        400,
        "ERROR_PERSON_TYPE_NOT_FOUND",
        "Incorrect person type id!",
    ))
}

fn own_handler(call: &Call, code: &Value) -> Result<String, Refusal> {
    let code = php::text(code);
    let mut handlers = call.portal.handlers.values();
    let handler = handlers
        .find(|handler| handler.code == code)
        .ok_or_else(handler_missing)?;
    if owns(call, handler) {
        Ok(code)
    } else {
        Err(denied())
    }
}

fn kept(params: &Map<String, Value>) -> Map<String, Value> {
    let kept = KEPT
        .into_iter()
        .filter_map(|name| Some((name.to_owned(), params.get(name)?.clone())));
    kept.collect()
}

fn row(system: &PaySystem) -> Map<String, Value> {
    let action_file = match &system.kind {
        Kind::Rest { handler } => handler,
        Kind::Offline => "cash",
        Kind::InternalAccount => "inner",
        Kind::Gateway => "yandexcheckout",
        Kind::SavesThenText => "platon",
        Kind::Refuses(_) => "webmoney",
    };
    let registry = match system.registry {
        Registry::Order => "ORDER",
        Registry::CrmInvoice => "CRM_INVOICE",
    };
    let field = |name: &str| {
        system
            .fields
            .get(name)
            .map_or(Value::Null, |value| json!(php::text(value)))
    };
    let columns = [
        ("ID", json!(system.id)),
        ("PERSON_TYPE_ID", json!(system.person_type)),
        ("NAME", json!(system.name)),
        ("DESCRIPTION", field("DESCRIPTION")),
        ("SORT", json!(100)),
        ("ACTIVE", json!(letter(system.is_active))),
        ("ACTION_FILE", json!(action_file)),
        (
            "NEW_WINDOW",
            json!(
                system
                    .fields
                    .get("NEW_WINDOW")
                    .map_or_else(|| "N".to_owned(), php::text)
            ),
        ),
        ("IS_CASH", json!(letter(system.kind == Kind::Offline))),
        ("ENTITY_REGISTRY_TYPE", json!(registry)),
        ("XML_ID", field("XML_ID")),
        ("LOGOTYPE", field("LOGOTYPE")),
        ("TARIFF", Value::Null),
    ];
    columns
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}
