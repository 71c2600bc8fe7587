//! Batches: up to fifty commands in one request, with the shapes PHP gives to their results.

use crate::batch_results::Results;
use crate::fault_kind::FaultKind;
use crate::faults::Met;
use crate::methods::{self, Veto};
use crate::php;
use crate::portal::Portal;
use crate::receive::Ready;
use crate::reply::{Answer, Codes, Refusal};
use crate::struck::{error_core, refusal_of};
use serde_json::{Map, Value};

const LONGEST: usize = 50;

pub(crate) fn not_allowed() -> Refusal {
    Refusal::new(
        403,
        "ERROR_BATCH_METHOD_NOT_ALLOWED",
        "Method is not allowed for batch usage",
    )
}

/// Runs a batch. It succeeds even if every command fails.
pub(crate) fn run(portal: &mut Portal, now_ms: u64, n: u64, ready: &Ready) -> Answer {
    let folded = php::fold_keys_once(&ready.params);
    let commands = match folded.get("CMD") {
        Some(Value::Array(items)) => items
            .iter()
            .enumerate()
            .map(|(key, item)| (key.to_string(), item.clone()))
            .collect(),
        Some(Value::Object(map)) => map.clone(),
        _ => Map::new(),
    };
    let halts = !php::is_empty(folded.get("HALT"));
    let mut results = Results::default();
    let mut saved = false;
    let texts = commands
        .into_iter()
        .filter_map(|(key, command)| Some((key, command.as_str()?.to_owned())));
    for (place, (key, command)) in texts.enumerate() {
        let ran = if place < LONGEST {
            run_command(portal, now_ms, n, ready, &command, &results)
        } else {
            Err(Refusal::new(
                400,
                "ERROR_BATCH_LENGTH_EXCEEDED",
                "Max batch length exceeded",
            ))
        };
        match ran {
            Ok(answer) => {
                saved |= answer.saved;
                results.keep(&key, answer.result);
            }
            Err(refusal) => {
                results.error.insert(key, refusal.body(portal.codes));
                if halts {
                    break;
                }
            }
        }
    }
    let mut body = Map::new();
    body.insert("result".to_owned(), results.shaped());
    body.insert(
        "time".to_owned(),
        portal.time(now_ms, ready.actor.counted_as(), None),
    );
    Answer {
        saved,
        ..Answer::read(Value::Object(body))
    }
}

fn run_command(
    portal: &mut Portal,
    now_ms: u64,
    n: u64,
    batch: &Ready,
    command: &str,
    results: &Results,
) -> Result<Answer, Refusal> {
    let (name, query) = command.split_once('?').unwrap_or((command, ""));
    if matches!(name, "batch" | "upload" | "download") {
        return Err(not_allowed());
    }
    let Some(method) = methods::find(&name.to_lowercase()) else {
        return Err(methods::not_found());
    };
    let params: Map<String, Value> = php::parse_str(query)
        .into_iter()
        .map(|(key, value)| {
            (
                php::text(&results.substituted(Value::from(key))),
                results.substituted(value),
            )
        })
        .collect();
    methods::count(portal, method.name, &params);
    let fault = portal
        .faults
        .strike(method.name, Met::Command)
        .map(|fault| fault.kind);
    if fault == Some(FaultKind::NumericError) {
        return Err(Refusal::numbered(0, "Insufficient permissions"));
    }
    if let Some(refusal) = fault.and_then(refusal_of) {
        return Err(refusal);
    }
    let ready = portal
        .ready(now_ms, Some(method), &params, batch.actor)
        .map_err(without_text)?;
    let ran = portal.perform(now_ms, n, &ready, fault.and_then(Veto::of));
    if fault == Some(FaultKind::ErrorCoreAfterCommit) {
        return Err(ran.err().unwrap_or_else(error_core));
    }
    ran.map(|answer| Answer {
        // A gateway that prints its own text and exits takes the whole batch with it; here it spoils its own command.
        result: answer.own_text.map_or(answer.result, Value::from),
        ..answer
    })
}

/// Inside a batch the missing scope has no text.
fn without_text(refusal: Refusal) -> Refusal {
    let is_scope = refusal
        .body(Codes::Texts)
        .get("error")
        .is_some_and(|code| code == "insufficient_scope");
    if is_scope {
        Refusal {
            text: String::new(),
            ..refusal
        }
    } else {
        refusal
    }
}
