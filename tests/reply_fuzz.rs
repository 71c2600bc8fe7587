//! Arbitrary JSON and text in the place of answers: no panic, and no success out of nonsense.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod support;

use b24pay::json::Json;
use b24pay::payment::PaymentId;
use b24pay::refusal;
use b24pay::reply::{Reply, operating_left_ms, payment, payments};
use support::chance::Chance;

const VALUES: u64 = 60_000;

/// Words that mean something to the crate, so that chance meets them.
const WORDS: [&str; 22] = [
    "error",
    "error_description",
    "result",
    "time",
    "id",
    "paid",
    "payment",
    "payments",
    "code",
    "message",
    "sum",
    "datePaid",
    "date_start",
    "operating_reset_at",
    "finish",
    "Y",
    "N",
    "501",
    "0",
    "",
    "2026-09-10T01:52:39+03:00",
    "-1é.5T+:",
];

fn value(chance: &mut Chance, depth: u64) -> Json {
    match chance.below(if depth == 0 { 5 } else { 9 }) {
        0 => Json::Null,
        1 => Json::Bool(chance.percent(50)),
        2 => Json::Number(number(chance)),
        3 | 4 => Json::Text(text(chance)),
        5 => {
            let length = chance.below(4);
            Json::List((0..length).map(|_| value(chance, depth - 1)).collect())
        }
        _ => {
            let length = chance.below(7);
            let member = |chance: &mut Chance| (text(chance), value(chance, depth - 1));
            Json::Map((0..length).map(|_| member(chance)).collect())
        }
    }
}

fn number(chance: &mut Chance) -> f64 {
    match chance.below(4) {
        0 => 501.0,
        1 => f64::from_bits(chance.next()),
        2 => chance.one(&[0.0, -1.0, 1.5, 9_007_199_254_740_992.0, f64::MAX, f64::NAN]),
        _ => f64::from(u32::try_from(chance.below(1000)).unwrap()),
    }
}

fn text(chance: &mut Chance) -> String {
    if chance.percent(80) {
        return chance.one(&WORDS).into();
    }
    let length = chance.below(12);
    let sign = |chance: &mut Chance| {
        let code = u32::try_from(chance.below(0x3_0000)).unwrap();
        char::from_u32(code).unwrap_or('T')
    };
    (0..length).map(|_| sign(chance)).collect()
}

/// Everything that is read from an answer; says whether anything was taken for a success.
fn read(body: &Json, id: PaymentId) -> bool {
    let mut is_success = false;
    if let Some(reply) = Reply::from_body(Some(200), body.clone()) {
        let _ = (reply.started_at(), operating_left_ms(reply.time()));
        let has_error = *body.get("error") != Json::Null;
        assert_eq!(
            reply.refusal().is_some(),
            has_error,
            "an error key decides: {body:?}"
        );
        if let Some(refusal) = reply.refusal() {
            let error = refusal::error("crm.item.payment.pay", refusal);
            assert!(!error.to_string().is_empty());
        }
        let is_true = *body.get("result") == Json::Bool(true);
        assert_eq!(reply.is_yes(), is_true && !has_error, "{body:?}");
        is_success |= reply.is_yes();
    }
    if let Some(found) = payment(body, id) {
        let nested = body.get("payment");
        let fields = if *nested == Json::Null { body } else { nested };
        let paid = fields.get("paid").text();
        assert_eq!(paid, Some(if found.paid { "Y" } else { "N" }), "{body:?}");
        assert_eq!(found.id, id);
        is_success = true;
    }
    if let Some(rows) = payments(body) {
        is_success |= !rows.is_empty();
    }
    is_success
}

#[test]
fn arbitrary_values_are_no_success() {
    let chance = &mut Chance::new(20_260_910);
    let id = PaymentId::new(501).unwrap();
    let mut successes = 0;
    for _ in 0..VALUES {
        let mut body = value(chance, 4);
        if chance.percent(50) {
            // Half of them have the right frame.
            body = Json::Map(vec![
                (chance.one(&WORDS).into(), value(chance, 2)),
                ("result".into(), value(chance, 3)),
                ("id".into(), Json::Number(501.0)),
                (
                    chance.one(&["paid", "error", "payment"]).into(),
                    value(chance, 1),
                ),
            ]);
        }
        successes += u32::from(read(&body, id));
    }
    // Real answers occur among them, or the check above has checked nothing.
    assert!(successes > 100, "{successes}");
}

#[test]
fn damaged_answers_say_nothing_they_did_not_say_before() {
    let chance = &mut Chance::new(501);
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/answers");
    let answers: Vec<Vec<u8>> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| std::fs::read(entry.unwrap().path()).unwrap())
        .filter(|bytes| (1..4_000).contains(&bytes.len()))
        .collect();
    assert!(answers.len() > 20);
    let id = PaymentId::new(501).unwrap();
    let mut parsed = 0;
    for _ in 0..VALUES / 2 {
        let mut bytes = chance.one(&answers);
        for _ in 0..chance.between(1, 4) {
            let at = usize::try_from(chance.below(bytes.len() as u64)).unwrap();
            match chance.below(4) {
                0 => bytes.truncate(at.max(1)),
                1 => bytes[at] = chance.one(b"{}[]\",:0Ytrue\x00\xff"),
                2 => bytes.insert(at, chance.one(b"{}[]\",:0Y ")),
                _ => {
                    bytes.remove(at);
                    if bytes.is_empty() {
                        bytes.push(b'{');
                    }
                }
            }
        }
        if let Ok(value) = serde_json::from_slice::<serde_json::Value>(&bytes) {
            parsed += 1;
            read(&support::json(&value), id);
        }
    }
    assert!(parsed > 1_000, "{parsed}");
}
