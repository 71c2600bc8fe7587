//! From an answer of the portal to its meaning: a row per error code, a row per answer file, and
//! the shapes in which codes and results come.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod support;

use b24pay::error::{Refusal, Retry};
use b24pay::json::Json;
use b24pay::payment::PaymentId;
use b24pay::refusal::{self, Said};
use b24pay::reply::{Reply, operating_left_ms, payment, payments};
use serde_json::{Value, json};

const PAY: &str = "sale.paysystem.pay.payment";

/// Each code that the crate knows, what it says, and what a caller is told by it.
const CODES: [(&str, Said, &str); 30] = [
    ("QUERY_LIMIT_EXCEEDED", Said::Limit, "LIMITED"),
    ("OPERATION_TIME_LIMIT", Said::Operating, "LIMITED"),
    ("expired_token", Said::Expired, "AUTH_EXPIRED"),
    ("ACCESS_DENIED", Said::Rights, "ACCESS_DENIED"),
    ("200040300010", Said::Rights, "ACCESS_DENIED"),
    ("200040300020", Said::Rights, "ACCESS_DENIED"),
    ("user_access_error", Said::Rights, "ACCESS_DENIED"),
    ("insufficient_scope", Said::Scope, "MISSING_SCOPE"),
    ("OVERLOAD_LIMIT", Said::Blocked, "LIMITED"),
    ("invalid_token", Said::Expired, "AUTH_EXPIRED"),
    ("invalid_grant", Said::Expired, "AUTH_EXPIRED"),
    ("CONNECTION_ERROR", Said::Unchecked, "AUTH_EXPIRED"),
    ("NO_AUTH_FOUND", Said::No, "REFUSED"),
    ("INVALID_CREDENTIALS", Said::No, "REFUSED"),
    ("INVALID_REQUEST", Said::No, "REFUSED"),
    ("authorization_error", Said::No, "REFUSED"),
    ("APPLICATION_NOT_FOUND", Said::No, "REFUSED"),
    ("session_failed", Said::No, "REFUSED"),
    ("ERROR_METHOD_NOT_FOUND", Said::No, "REFUSED"),
    ("ERROR_BATCH_METHOD_NOT_ALLOWED", Said::No, "REFUSED"),
    ("PORTAL_DELETED", Said::No, "REFUSED"),
    ("WRONG_AUTH_TYPE", Said::No, "REFUSED"),
    ("WRONG_LICENSE", Said::No, "REFUSED"),
    ("METHOD_CONFIRM_WAITING", Said::No, "REFUSED"),
    ("METHOD_CONFIRM_DENIED", Said::No, "REFUSED"),
    ("PAYMENT_REQUIRED", Said::No, "REFUSED"),
    ("ERROR_CHECK_FAILURE", Said::No, "REFUSED"),
    ("ERROR_PROCESS_REQUEST_RESULT", Said::No, "REFUSED"),
    ("INTERNAL_SERVER_ERROR", Said::MayRun, "REFUSED"),
    ("ERROR_UNEXPECTED_ANSWER", Said::MayRun, "REFUSED"),
];

fn refused_by(code: &str) -> Refusal {
    Refusal {
        code: code.into(),
        text: "text".into(),
        status: Some(400),
    }
}

#[test]
fn every_code_has_a_row_whatever_its_case() {
    for (code, said, told) in CODES {
        let mixed: String = code
            .chars()
            .enumerate()
            .map(|(at, sign)| match at % 2 {
                0 => sign.to_ascii_uppercase(),
                _ => sign.to_ascii_lowercase(),
            })
            .collect();
        for spelt in [code.to_uppercase(), code.to_lowercase(), mixed] {
            assert_eq!(refusal::said(&refused_by(&spelt)), said, "{spelt}");
            let error = refusal::error(PAY, refused_by(&spelt));
            assert_eq!(error.code(), told, "{spelt}");
            if let Some(kept) = error.refusal() {
                assert_eq!(
                    kept,
                    &refused_by(&spelt),
                    "the portal's words stay as they came"
                );
            }
        }
    }
}

#[test]
fn what_was_refused_before_it_ran_for_a_reason_that_passes_is_safe_to_repeat() {
    for code in [
        "QUERY_LIMIT_EXCEEDED",
        "OPERATION_TIME_LIMIT",
        "OVERLOAD_LIMIT",
        "expired_token",
        "invalid_token",
        "CONNECTION_ERROR",
    ] {
        let error = refusal::error(PAY, refused_by(code));
        assert_eq!(error.retry(), Retry::Safe, "{code}");
    }
}

#[test]
fn what_may_have_run_has_to_be_read_first() {
    for (code, said, _) in CODES {
        let error = refusal::error(PAY, refused_by(code));
        let may_run = said == Said::MayRun;
        assert_eq!(error.retry() == Retry::ReadFirst, may_run, "{code}");
    }
}

#[test]
fn no_code_is_without_a_row_here() {
    let source = include_str!("../src/refusal.rs");
    let (_, rows) = source.split_once("const ROWS").unwrap();
    let (rows, _) = rows.split_once("];").unwrap();
    let codes = rows.split('"').skip(1).step_by(2);
    let codes = codes.flat_map(|codes| codes.split([' ', '\\', '\n']));
    assert_eq!(codes.filter(|code| !code.is_empty()).count(), CODES.len());
}

#[test]
fn other_codes_leave_it_to_a_read() {
    for code in [
        "0",
        "",
        "100",
        "200640400001",
        "ERROR_CORE",
        "ERROR_ARGUMENT",
        "BX_ERROR",
        "SALE_ORDER_PAID_ORDER_CANCELED",
        "ACCESS_DENIED ",
        "access-denied",
        "invalid_token invalid_grant",
        "QUERY_LIMIT",
        "true",
    ] {
        assert_eq!(
            refusal::said(&refused_by(code)),
            Said::ReadDecides,
            "{code:?}"
        );
        let error = refusal::error(PAY, refused_by(code));
        assert_eq!(
            (error.code(), error.retry()),
            ("REFUSED", Retry::Never),
            "{code:?}"
        );
    }
}

#[test]
fn a_5xx_by_a_code_of_none_of_the_portals_says_that_it_may_run() {
    for (code, status, said, retry) in [
        ("Gateway Timeout", 504, Said::MayRun, Retry::ReadFirst),
        ("", 500, Said::MayRun, Retry::ReadFirst),
        ("504", 504, Said::MayRun, Retry::ReadFirst),
        ("ERROR_CORE", 502, Said::MayRun, Retry::ReadFirst),
        ("FOO", 499, Said::ReadDecides, Retry::Never),
        ("QUERY_LIMIT_EXCEEDED", 503, Said::Limit, Retry::Safe),
        ("ERROR_CHECK_FAILURE", 500, Said::No, Retry::Never),
    ] {
        let mut refusal = refused_by(code);
        refusal.status = Some(status);
        assert_eq!(refusal::said(&refusal), said, "{code:?} {status}");
        let error = refusal::error(PAY, refusal);
        assert_eq!(error.retry(), retry, "{code:?} {status}");
    }
}

#[test]
fn a_missing_scope_is_named() {
    for (method, scope) in [
        (PAY, "pay_system"),
        ("sale.paysystem.list", "pay_system"),
        ("sale.paysystem.settings.payment.get", "pay_system"),
        ("crm.item.payment.pay", "crm"),
        ("crm.item.payment.get", "crm"),
        ("crm.timeline.comment.add", "crm"),
        ("sale.payment.get", "sale"),
        ("sale.order.list", "sale"),
        ("placement.get", "placement"),
        ("placement.bind", "placement"),
        ("catalog.product.list", "catalog"),
        ("user.get", "user"),
    ] {
        let error = refusal::error(method, refused_by("insufficient_scope"));
        assert_eq!(error.scope(), Some(scope), "{method}");
    }
}

fn body(value: &Value) -> Option<Reply> {
    Reply::from_body(Some(200), support::json(value))
}

#[test]
fn codes_come_as_texts_numbers_and_objects() {
    for (answer, code, text) in [
        (
            json!({"error": "ERROR_CORE", "error_description": "a\nb"}),
            "ERROR_CORE",
            "a\nb",
        ),
        (json!({"error": 0, "error_description": "no"}), "0", "no"),
        (json!({"error": "0", "error_description": "no"}), "0", "no"),
        (json!({"error": 100}), "100", ""),
        (json!({"error": -32_601}), "-32601", ""),
        (json!({"error": 200_640_400_001_u64}), "200640400001", ""),
        (json!({"error": ""}), "", ""),
        (json!({"error": "", "error_description": ""}), "", ""),
        (json!({"error": false}), "false", ""),
        (json!({"error": true, "result": true}), "true", ""),
        (json!({"error": [], "result": true}), "", ""),
        (json!({"error": {"code": "A", "message": "b"}}), "A", "b"),
        (
            json!({"error": {"code": 7}, "error_description": "c"}),
            "7",
            "c",
        ),
        (json!({"error": {}, "error_description": "c"}), "", "c"),
        (json!({"error": "A", "error_description": 5}), "A", ""),
        (json!({"error": "A", "error_description": null}), "A", ""),
    ] {
        let reply = body(&answer).unwrap();
        let refusal = reply.refusal().unwrap();
        assert_eq!(
            (refusal.code.as_str(), refusal.text.as_str()),
            (code, text),
            "{answer}"
        );
        assert_eq!(refusal.status, Some(200));
        assert!(!reply.is_yes(), "an error key decides: {answer}");
    }
}

#[test]
fn only_the_word_true_is_a_yes() {
    assert!(body(&json!({"result": true})).unwrap().is_yes());
    assert!(
        body(&json!({"error": null, "result": true}))
            .unwrap()
            .is_yes()
    );
    for result in [
        json!(false),
        json!(1),
        json!("true"),
        json!("Y"),
        json!([true]),
        json!({"result": true}),
        json!([]),
        json!({}),
    ] {
        assert!(
            !body(&json!({"result": result})).unwrap().is_yes(),
            "{result}"
        );
    }
}

#[test]
fn the_result_is_taken_out_wherever_it_stands() {
    for (answer, result) in [
        (json!({"result": 5, "time": {}}), json!(5)),
        (
            json!({"time": {}, "result": [true], "total": 1}),
            json!([true]),
        ),
        (json!({"error": "A", "error_description": "b"}), json!(null)),
    ] {
        let taken = body(&answer).unwrap().into_result();
        assert_eq!(taken, support::json(&result), "{answer}");
    }
}

#[test]
fn a_result_of_null_is_an_answer_and_no_yes() {
    for answer in [json!({"result": null}), json!({"result": null, "time": {}})] {
        let reply = body(&answer).unwrap();
        assert!(reply.has_result() && !reply.is_yes() && reply.refusal().is_none());
    }
    assert!(!body(&json!({"error": 0})).unwrap().has_result());
}

#[test]
fn what_has_neither_a_result_nor_an_error_is_no_answer() {
    for answer in [
        json!(null),
        json!(5),
        json!("text"),
        json!([]),
        json!({}),
        json!({"time": {}}),
        json!({"error": null}),
    ] {
        assert!(body(&answer).is_none(), "{answer}");
    }
}

/// What an answer means, in a word or two.
fn meaning(status: u16, text: &str, method: &str) -> String {
    let Ok(value) = serde_json::from_str::<Value>(text) else {
        return "no JSON".into();
    };
    let Some(reply) = Reply::from_body(Some(status), support::json(&value)) else {
        return "no answer".into();
    };
    if let Some(refusal) = reply.refusal() {
        return format!("{:?} {}", refusal::said(&refusal), refusal.code);
    }
    if reply.is_yes() {
        return "yes".into();
    }
    if method.contains(".list") {
        let rows = payments(reply.result()).unwrap();
        return format!(
            "payments {:?}",
            rows.iter().map(|row| row.id.get()).collect::<Vec<_>>()
        );
    }
    let id = reply.result().get("id").whole();
    let id = id.or(reply.result().get("payment").get("id").whole());
    let Some(found) = id.and_then(|id| payment(reply.result(), PaymentId::new(id).unwrap())) else {
        return "something else".into();
    };
    format!(
        "payment {} {}{}",
        found.id.get(),
        if found.paid { "paid" } else { "unpaid" },
        if found.returned == Some(true) {
            ", returned"
        } else {
            ""
        }
    )
}

/// Each answer file and its meaning.
const ANSWERS: [(&str, &str); 47] = [
    ("unpaid.json", "payment 501 unpaid"),
    ("unpaid_cash.json", "payment 502 unpaid"),
    ("paid.json", "payment 501 paid"),
    ("sale_unpaid.json", "payment 501 unpaid"),
    ("sale_paid.json", "payment 501 paid"),
    ("sale_returned.json", "payment 504 unpaid, returned"),
    ("deal_payments.json", "payments"),
    ("no_payments.json", "payments []"),
    ("order_payments.json", "payments"),
    ("yes.json", "yes"),
    ("yes_with_operating.json", "yes"),
    ("marked.json", "yes"),
    ("check_failure.json", "No ERROR_CHECK_FAILURE"),
    ("no_pay_system.json", "No ERROR_CHECK_FAILURE"),
    ("empty_field.json", "No ERROR_CHECK_FAILURE"),
    ("gateway_refuses.json", "No ERROR_PROCESS_REQUEST_RESULT"),
    ("order_cancelled.json", "No ERROR_PROCESS_REQUEST_RESULT"),
    (
        "order_cancelled_crm.json",
        "ReadDecides SALE_ORDER_PAID_ORDER_CANCELED",
    ),
    ("insufficient_funds.json", "ReadDecides BX_ERROR"),
    ("access_denied.json", "Rights ACCESS_DENIED"),
    ("access_denied_plan.json", "Rights ACCESS_DENIED"),
    ("access_denied_crm.json", "Rights ACCESS_DENIED"),
    ("access_denied_sale.json", "Rights 200040300010"),
    ("not_found_crm.json", "ReadDecides 0"),
    ("not_found_sale.json", "ReadDecides 200640400001"),
    ("no_value.json", "ReadDecides 100"),
    ("missing_scope.json", "Scope insufficient_scope"),
    ("no_auth.json", "No NO_AUTH_FOUND"),
    ("invalid_token.json", "Expired invalid_token"),
    ("no_such_method.json", "No ERROR_METHOD_NOT_FOUND"),
    ("expired_token.json", "Expired expired_token"),
    ("limit_503.json", "Limit QUERY_LIMIT_EXCEEDED"),
    ("operation_limit.json", "Operating OPERATION_TIME_LIMIT"),
    ("error_zero.json", "ReadDecides 0"),
    ("error_core.json", "ReadDecides ERROR_CORE"),
    ("server_error_500.json", "MayRun INTERNAL_SERVER_ERROR"),
    ("null.json", "no answer"),
    ("html_502.txt", "no JSON"),
    ("html_200.txt", "no JSON"),
    ("empty_200.txt", "no JSON"),
    ("empty_403.txt", "no JSON"),
    ("truncated.txt", "no JSON"),
    ("own_text.txt", "no JSON"),
    ("batch_empty.json", "something else"),
    ("batch_with_a_gap.json", "something else"),
    ("batch_named.json", "something else"),
    ("scope.json", "something else"),
];

#[test]
fn every_answer_file_means_what_its_row_says() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/answers");
    let index: Value =
        serde_json::from_str(&std::fs::read_to_string(folder.join("index.json")).unwrap()).unwrap();
    for (name, about) in index.as_object().unwrap() {
        let Some((_, expected)) = ANSWERS.iter().find(|(known, _)| known == name) else {
            // A refusal of a batch as a whole is one of its codes.
            assert_eq!(name, "batch_refused.json", "has no row");
            continue;
        };
        let text = std::fs::read_to_string(folder.join(name)).unwrap();
        let status = u16::try_from(about["status"].as_u64().unwrap()).unwrap();
        let means = meaning(status, &text, about["method"].as_str().unwrap());
        assert!(
            means.starts_with(expected),
            "{name}: {means}, not {expected}"
        );
    }
    for (name, _) in ANSWERS {
        assert!(index.get(name).is_some(), "{name} is not in the index");
    }
}

fn read(result: &Value) -> Option<std::rc::Rc<b24pay::payment::Payment>> {
    payment(&support::json(result), PaymentId::new(501).unwrap())
}

#[test]
fn a_payment_is_read_whatever_types_its_fields_have() {
    for result in [
        json!({"id": 501, "paid": "Y", "sum": 59.969_999_999_999_99, "paySystemId": 11, "empPaidId": 7}),
        json!({"id": "501", "paid": "Y", "sum": "59.97", "paySystemId": "11", "empPaidId": "7"}),
        json!({"payment": {"id": "501", "paid": "Y", "sum": "59.9700", "paySystemId": 11, "empPaidId": 7}}),
    ] {
        let payment = read(&result).unwrap();
        assert!(payment.paid);
        assert_eq!(payment.sum.unwrap().to_text(), "59.97");
        assert_eq!((payment.pay_system_id, payment.paid_by), (11, Some(7)));
        assert_eq!(
            (
                payment.date_paid.clone(),
                payment.returned,
                payment.order_id
            ),
            (None, None, None)
        );
    }
    let bare =
        read(&json!({"id": 501, "paid": "N", "datePaid": "", "isReturn": "P", "orderId": 917}));
    let bare = bare.unwrap();
    assert_eq!(
        (bare.date_paid.clone(), bare.returned, bare.order_id),
        (None, Some(true), Some(917))
    );
    assert_eq!((bare.sum, bare.pay_system_id), (None, 0));
}

#[test]
fn identifiers_are_positive_whole_numbers_or_their_digits() {
    for (given, expected) in [
        (json!(1), Some(1)),
        (json!("1"), Some(1)),
        (
            json!(9_007_199_254_740_991_u64),
            Some(9_007_199_254_740_991),
        ),
        (json!("9007199254740991"), Some(9_007_199_254_740_991)),
        (json!(9_007_199_254_740_992_u64), None),
        (json!("9007199254740992"), None),
        (json!(1e300), None),
        (json!(0), None),
        (json!("0"), None),
        (json!(-1), None),
        (json!(-0.0), None),
        (json!(0.5), None),
        (json!(1.5), None),
        (json!(true), None),
        (json!(null), None),
        (json!([1]), None),
        (json!({"1": 1}), None),
    ] {
        assert_eq!(support::json(&given).whole(), expected, "{given}");
    }
    for given in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        assert_eq!(Json::Number(given).whole(), None, "{given}");
    }
}

#[test]
fn what_is_not_plainly_this_payment_is_none() {
    for result in [
        json!(null),
        json!(true),
        json!([]),
        json!({}),
        json!({"id": 501}),
        json!({"id": 502, "paid": "Y"}),
        json!({"id": 501.5, "paid": "Y"}),
        json!({"id": "501abc", "paid": "Y"}),
        json!({"id": [501], "paid": "Y"}),
        json!({"paid": "Y"}),
        json!({"id": 501, "paid": true}),
        json!({"id": 501, "paid": "y"}),
        json!({"id": 501, "paid": "Yes"}),
        json!({"id": 501, "paid": 1}),
        json!({"id": 501, "paid": ""}),
        json!({"id": 501, "paid": null}),
        json!({"id": 501, "paid": ["Y"]}),
        json!([{"id": 501, "paid": "Y"}]),
        json!({"payment": []}),
        json!({"id": 501, "paid": "Y", "payment": {"id": 502, "paid": "Y"}}),
        // The order's word and the bank's are no proof.
        json!({"id": 501, "psStatus": "Y", "payed": "Y"}),
    ] {
        assert_eq!(read(&result), None, "{result}");
    }
}

#[test]
fn one_unreadable_row_makes_a_list_unreadable() {
    let row = json!({"id": 501, "paid": "N"});
    let list = |value: &Value| payments(&support::json(value)).map(|rows| rows.len());
    assert_eq!(list(&json!([row, row])), Some(2));
    assert_eq!(list(&json!({"payments": [row]})), Some(1));
    assert_eq!(list(&json!({"payments": {"0": row, "2": row}})), Some(2));
    assert_eq!(list(&json!([])), Some(0));
    assert_eq!(list(&json!([row, {"id": 502}])), None);
    assert_eq!(list(&json!([row, null])), None);
    for none in [json!(null), json!(true), json!("[]"), json!(5)] {
        assert_eq!(list(&none), None, "{none}");
    }
}

#[test]
fn the_portals_own_clock_is_read_from_time() {
    let reply = |time: Value| body(&json!({"result": true, "time": time})).unwrap();
    let started = |text: &str| reply(json!({"date_start": text})).started_at();
    assert_eq!(started("2026-09-10T01:52:39+03:00"), Some(1_788_994_359));
    assert_eq!(started("2026-09-09T22:52:39Z"), Some(1_788_994_359));
    assert_eq!(started("2026-09-09T17:22:39.5-05:30"), Some(1_788_994_359));
    assert_eq!(started("1970-01-01T00:00:00+00:00"), Some(0));
    assert_eq!(started("2024-02-29T00:00:00+00:00"), Some(1_709_164_800));
    assert_eq!(started("2024-03-01T00:00:00+00:00"), Some(1_709_251_200));
    for nonsense in [
        "",
        "T",
        "2026-09-10",
        "2026-09-10T01:52",
        "2026-09-10T01:52:39",
        "9007199254740991-09-10T01:52:39Z",
        "yesterday",
    ] {
        assert_eq!(started(nonsense), None, "{nonsense:?}");
    }
    assert_eq!(reply(json!([])).started_at(), None);
    let left = |time| operating_left_ms(reply(time).time());
    assert_eq!(
        left(json!({"finish": 1000.5, "operating_reset_at": 1020})),
        Some(19_500.0)
    );
    assert_eq!(
        left(json!({"finish": "1000", "operating_reset_at": 1020})),
        None
    );
    assert_eq!(left(json!({"operating_reset_at": 1020})), None);
}

#[test]
fn a_code_too_large_for_a_number_does_not_panic() {
    for number in [
        f64::MAX,
        f64::MIN,
        f64::NAN,
        f64::INFINITY,
        1e308,
        -0.0,
        0.5,
    ] {
        let fields = vec![
            ("error", Json::Number(number)),
            ("result", Json::Bool(true)),
        ];
        let reply = Reply::from_fields(None, fields);
        assert!(reply.refusal().is_some());
        assert!(!reply.is_yes());
    }
}
