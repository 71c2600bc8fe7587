//! Errors as Rust apps see them: the code, what may be done next, the sentence, and what is kept beside it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

use b24pay::error::{Error, Refusal, Thrown};

const PAY: &str = "sale.paysystem.pay.payment";
const GET: &str = "crm.item.payment.get";

fn refusal(code: &str, text: &str, status: Option<u16>) -> Refusal {
    Refusal {
        code: code.into(),
        text: text.into(),
        status,
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "a row a reason")]
fn every_reason_has_its_code_its_next_step_and_its_sentence() {
    let no = || refusal("CODE", "text", Some(400));
    for (error, code, retry, sentence) in [
        (
            Error::invalid_request("settleMs", "must be a number", "true"),
            "INVALID_REQUEST",
            "never",
            "settleMs must be a number, got true",
        ),
        (
            Error::invalid_payment_id("0"),
            "INVALID_PAYMENT_ID",
            "never",
            "payment id must be a positive whole number up to 2^53 - 1, or its plain digits, got 0",
        ),
        (
            Error::invalid_pay_system_id("0"),
            "INVALID_PAY_SYSTEM_ID",
            "never",
            "pay system id must be a positive whole number up to 2^53 - 1, or its plain digits, got 0",
        ),
        (
            Error::invalid_details("sum", "must be text", "5"),
            "INVALID_DETAILS",
            "never",
            "details.sum must be text, got 5",
        ),
        (
            Error::amount_changed("5", "7 EUR"),
            "AMOUNT_CHANGED",
            "never",
            "expected a payment of 5, the portal has 7 EUR",
        ),
        (
            Error::other_pay_system(12, 11, "Card"),
            "OTHER_PAY_SYSTEM",
            "never",
            "the payment belongs to pay system 11 (Card), not to 12",
        ),
        (
            Error::returned(),
            "RETURNED",
            "never",
            "the payment was returned; pass payReturned to pay it again",
        ),
        (
            Error::under_way(),
            "UNDER_WAY",
            "safe",
            "a call that goes before this one, in this page or another tab, did not end in time",
        ),
        (
            Error::not_in_portal("BX24 has no callMethod any more"),
            "NOT_IN_PORTAL",
            "safe",
            "expected to run in a Bitrix24 portal's frame with BX24 loaded, but BX24 has no callMethod any more",
        ),
        (
            Error::no_handshake(7_000),
            "NO_HANDSHAKE",
            "safe",
            "the portal did not answer BX24.init within 7000 ms; open the app from the portal, and check that its address does not redirect to another origin",
        ),
        (
            Error::aborted(false),
            "ABORTED",
            "safe",
            "aborted before anything changed",
        ),
        (
            Error::aborted(true),
            "ABORTED",
            "readFirst",
            "aborted after the call was sent; it may still run",
        ),
        (
            Error::refused(PAY, no()),
            "REFUSED",
            "never",
            "sale.paysystem.pay.payment was refused: text (CODE)",
        ),
        (
            Error::undecided(PAY, refusal("", "", None)),
            "REFUSED",
            "readFirst",
            "sale.paysystem.pay.payment was refused: no text ()",
        ),
        (
            Error::access_denied(PAY, no()),
            "ACCESS_DENIED",
            "never",
            "sale.paysystem.pay.payment was denied by the user's rights or the portal's tariff: text (CODE)",
        ),
        (
            Error::missing_scope("pay_system", PAY, no()),
            "MISSING_SCOPE",
            "never",
            "sale.paysystem.pay.payment needs the scope pay_system: text (CODE)",
        ),
        (
            Error::limited(PAY, no()),
            "LIMITED",
            "safe",
            "sale.paysystem.pay.payment is still refused by a limit: text (CODE)",
        ),
        (
            Error::auth_expired(Some(no())),
            "AUTH_EXPIRED",
            "safe",
            "the access token is no longer valid and could not be renewed",
        ),
        (
            Error::no_answer(PAY, None, None),
            "NO_ANSWER",
            "readFirst",
            "sale.paysystem.pay.payment got no answer",
        ),
        (
            Error::no_answer(PAY, Some(502), Some(Thrown::reason("it broke off"))),
            "NO_ANSWER",
            "readFirst",
            "sale.paysystem.pay.payment ended without an answer, HTTP status 502: it broke off",
        ),
        (
            Error::nonsense(GET, "true", Some(200)),
            "NONSENSE",
            "readFirst",
            "crm.item.payment.get was answered with something else than true",
        ),
    ] {
        assert_eq!(error.code(), code, "{error}");
        assert_eq!(error.retry().as_str(), retry, "{error}");
        assert_eq!(error.to_string(), sentence);
        assert_eq!(error.message(), sentence);
        assert_eq!(format!("{error:?}"), format!("{code}: {sentence}"));
    }
}

#[test]
fn the_portals_words_the_status_the_method_and_the_scope_are_kept() {
    let no = refusal("insufficient_scope", "no", Some(403));
    let error = Error::missing_scope("crm", GET, no.clone());
    assert_eq!(error.refusal(), Some(&no));
    assert_eq!(error.status(), Some(403));
    assert_eq!(error.method(), Some(GET));
    assert_eq!(error.scope(), Some("crm"));
    assert!(error.why().is_none() && error.thrown().is_none());
    // Of what an amount could not be read by, with that as its source.
    let amount = Error::amount_unreadable(error.clone());
    assert_eq!(
        amount.message(),
        format!("the agreed amount cannot be checked: {error}")
    );
    assert_eq!(amount.refusal(), Some(&no));
    assert_eq!(
        (amount.status(), amount.method(), amount.scope()),
        (Some(403), Some(GET), Some("crm"))
    );
    assert_eq!(amount.why().unwrap().code(), "MISSING_SCOPE");
    assert_eq!(Error::auth_expired(Some(no)).status(), Some(403));
    assert_eq!(Error::nonsense(GET, "true", Some(200)).status(), Some(200));
}

#[test]
fn a_status_of_zero_is_none() {
    let error = Error::no_answer(GET, Some(0), None);
    assert_eq!(error.to_string(), "crm.item.payment.get got no answer");
    assert_eq!(error.status(), None);
    assert_eq!(Error::no_answer(GET, Some(1), None).status(), Some(1));
}

#[test]
fn what_was_thrown_is_kept() {
    let thrown = || Thrown::reason("it broke off");
    assert!(
        Error::no_answer(GET, None, Some(thrown()))
            .thrown()
            .is_some()
    );
    let error = Error::unreadable("sum", "a getter that throws", thrown());
    assert!(error.thrown().is_some());
    assert_eq!(
        error.to_string(),
        "sum must be readable, got a getter that throws"
    );
}
