//! What may be asked at all: identifiers and details, checked before anything is sent.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

use b24pay::amount::Amount;
use b24pay::payment::{LARGEST_ID, PaySystemId, Payment, PaymentId};
use b24pay::request::{Action, Details, PayRequest, Terms};

#[test]
fn ids_are_positive_whole_numbers_in_canonical_digits() {
    for (given, expected) in [
        ("501", 501),
        ("1", 1),
        ("9007199254740991", LARGEST_ID),
        ("1000000000000000", 1_000_000_000_000_000),
    ] {
        assert_eq!(PaymentId::from_text(given).unwrap().get(), expected);
        assert_eq!(PaySystemId::from_text(given).unwrap().get(), expected);
    }
    for given in [
        "",
        "0",
        "-1",
        "1.5",
        "1.0",
        "NaN",
        "Infinity",
        " 501 ",
        "501 ",
        "501abc",
        "15/1",
        "01",
        "+501",
        "5e2",
        "0x1f5",
        "０５０１",
        "٥٠١",
        "null",
        "true",
        "[]",
        "9007199254740992",
        "9999999999999999",
        "18446744073709551616",
        "100000000000000000000000000000",
    ] {
        let error = PaymentId::from_text(given).unwrap_err();
        assert_eq!(error.code(), "INVALID_PAYMENT_ID", "{given:?}");
        assert_eq!(
            error.to_string(),
            format!(
                "payment id must be a positive whole number up to 2^53 - 1, or its plain digits, got {given:?}"
            )
        );
        let error = PaySystemId::from_text(given).unwrap_err();
        assert_eq!(error.code(), "INVALID_PAY_SYSTEM_ID", "{given:?}");
    }
    for given in [0, LARGEST_ID + 1, u64::MAX] {
        let error = PaymentId::new(given).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "payment id must be a positive whole number up to 2^53 - 1, or its plain digits, got {given}"
            )
        );
    }
}

type Set = fn(&mut Details, String);

const FIELDS: [(&str, usize, Set); 4] = [
    ("invoiceId", 255, |details, text| {
        details.invoice_id = Some(text);
    }),
    ("statusCode", 255, |details, text| {
        details.status_code = Some(text);
    }),
    ("statusMessage", 250, |details, text| {
        details.status_message = Some(text);
    }),
    ("statusDescription", 512, |details, text| {
        details.status_description = Some(text);
    }),
];

fn refused(set: Set, text: &str) -> String {
    let mut details = Details::default();
    set(&mut details, text.into());
    let error = details.check().unwrap_err();
    assert_eq!(error.code(), "INVALID_DETAILS");
    error.to_string()
}

#[test]
fn details_are_as_long_as_the_portal_stores_them() {
    for (name, limit, set) in FIELDS {
        // Code points count, not bytes and not UTF-16 units.
        for sign in ["x", "я", "🙂"] {
            let mut details = Details::default();
            set(&mut details, sign.repeat(limit));
            details.check().unwrap();
            let longer = limit + 1;
            assert_eq!(
                refused(set, &sign.repeat(longer)),
                format!(
                    "details.{name} must have at most {limit} characters, which is what the portal \
                     stores, got {longer} characters"
                )
            );
        }
        for dropped in ["", "0"] {
            assert_eq!(
                refused(set, dropped),
                format!(
                    "details.{name} must not be empty or \"0\", which the portal drops, got {dropped:?}"
                )
            );
        }
    }
}

#[test]
fn a_currency_has_three_letters_and_a_sum_is_a_decimal() {
    let currency: Set = |details, text| details.currency = Some(text);
    let sum: Set = |details, text| details.sum = Some(text);
    for given in ["EUR", "eur", "RUB"] {
        let mut details = Details::default();
        currency(&mut details, given.into());
        details.check().unwrap();
    }
    for given in ["EURO", "RU", "E1R", "€UR", "ЕВР", "E R"] {
        assert_eq!(
            refused(currency, given),
            format!("details.currency must be three letters, got {given:?}")
        );
    }
    for given in [
        "59.97",
        "5",
        "5.0",
        "0.5",
        "0.0001",
        "1000",
        "1000.00",
        "0.00",
        "0.0",
        "59.969999999999995",
    ] {
        let mut details = Details::default();
        sum(&mut details, given.into());
        details.check().unwrap();
    }
    for given in [
        "59,97",
        "1,000",
        "1.000,00",
        "1 000",
        "1\u{a0}000",
        "1'000",
        " 5",
        "5 ",
        " ",
        "1e3",
        "1E3",
        "0x5",
        "a",
        "NaN",
        "Infinity",
        "1.",
        "5.",
        ".5",
        ".",
        "1.2.3",
        "+5",
        "-",
        "-.5",
        "-5.",
        "--5",
        "5-",
        "\u{2212}5",
        "٥",
        "５",
        "5 EUR",
        "5€",
        "0 ",
        "+0",
    ] {
        assert_eq!(
            refused(sum, given),
            format!("details.sum must be a decimal number such as \"59.97\", got \"{given}\"")
        );
    }
    for given in ["-5", "-59.97", "-0.0001", "-0", "-0.00"] {
        assert_eq!(
            refused(sum, given),
            format!("details.sum must not be negative, since it is what was paid, got {given:?}")
        );
    }
    for (set, name) in [(currency, "currency"), (sum, "sum")] {
        for dropped in ["", "0"] {
            assert!(
                refused(set, dropped).starts_with(&format!("details.{name} must not be empty"))
            );
        }
    }
}

#[test]
fn nothing_has_to_be_said_about_the_details() {
    Details::default().check().unwrap();
}

#[test]
fn what_is_refused_is_shown_up_to_forty_characters() {
    let sum: Set = |details, text| details.sum = Some(text);
    let expected = "details.sum must be a decimal number such as \"59.97\", got";
    for sign in ["x", "я", "🙂"] {
        let shown = sign.repeat(40);
        assert_eq!(refused(sum, &shown), format!("{expected} \"{shown}\""));
        let longer = sign.repeat(41);
        assert_eq!(refused(sum, &longer), format!("{expected} 41 characters"));
    }
}

#[test]
fn an_address_of_a_portals_rest_is_named_and_not_shown() {
    let sum: Set = |details, text| details.sum = Some(text);
    for given in [
        "https://a.bitrix24.eu/rest/7/s3cret/",
        "a.bitrix24.eu/rest/7/s3cret",
        "/rest/7/s3cret",
        "rest/7/s3cret",
    ] {
        let errors = [
            PaymentId::from_text(given).unwrap_err().to_string(),
            PaySystemId::from_text(given).unwrap_err().to_string(),
            refused(sum, given),
        ];
        for error in errors {
            assert!(error.ends_with(", got an address"), "{error}");
        }
    }
    let error = PaymentId::from_text("arrest/7").unwrap_err().to_string();
    assert!(error.ends_with(", got \"arrest/7\""), "{error}");
}

/// A payment of 59.97 EUR by the pay system 11.
fn payment(returned: Option<bool>) -> Payment {
    Payment {
        id: PaymentId::new(501).unwrap(),
        account_number: "917/1".into(),
        paid: false,
        date_paid: None,
        paid_by: None,
        pay_system_id: 11,
        pay_system_name: "Card".into(),
        sum: Amount::from_text("59.97"),
        currency: "EUR".into(),
        order_id: None,
        returned,
    }
}

fn request(action: Action) -> PayRequest {
    PayRequest {
        payment: PaymentId::new(501).unwrap(),
        action,
    }
}

/// What a call expects, and what its details say: a sum and a currency each, nothing where it is empty.
type Agreed = [&'static str; 4];

fn check(agreed: Agreed, details_may_differ: bool) -> (bool, Option<String>) {
    let text = |at: usize| Some(agreed[at].to_owned()).filter(|text| !text.is_empty());
    let terms = Terms {
        sum: text(0).map(|text| Amount::from_text(&text).unwrap()),
        currency: text(1),
        details_may_differ,
        pay_returned: false,
    };
    let details = Details {
        sum: text(2),
        currency: text(3),
        ..Details::default()
    };
    let request = request(Action::Pay(PaySystemId::new(11).unwrap(), details));
    let checked = request.check(&payment(None), &terms);
    let refused = checked.err().map(|error| {
        assert_eq!(error.code(), "AMOUNT_CHANGED");
        error.to_string()
    });
    (request.needs_read(&terms), refused)
}

#[test]
fn a_payment_has_the_amount_that_was_agreed_and_what_was_expected_is_said_whole() {
    for (agreed, expected) in [
        (["", "", "", ""], ""),
        (["59.97", "", "", ""], ""),
        (["", "EUR", "", ""], ""),
        (["", "", "59.970", ""], ""),
        (["", "", "", "EUR"], ""),
        (["59.97", "EUR", "59.97", "EUR"], ""),
        (["59.98", "", "", ""], "59.98"),
        (["", "USD", "", ""], "USD"),
        (["", "", "59.98", ""], "59.98"),
        (["", "", "", "USD"], "USD"),
        // What differs is named, and beside it what was agreed and is right.
        (["59.97", "USD", "", ""], "59.97 USD"),
        (["59.98", "EUR", "", ""], "59.98 EUR"),
        (["", "", "59.97", "USD"], "59.97 USD"),
        (["", "", "59.98", "EUR"], "59.98 EUR"),
        (["59.97", "EUR", "59.98", ""], "59.98 EUR"),
        (["59.97", "EUR", "", "USD"], "59.97 USD"),
        (["59.98", "", "59.97", "EUR"], "59.98 EUR"),
        // Currencies are compared as text.
        (["59.97", "eur", "", ""], "59.97 eur"),
    ] {
        let message = format!("expected a payment of {expected}, the portal has 59.97 EUR");
        let refused = (!expected.is_empty()).then_some(message);
        let needs_read = agreed.concat() != "";
        assert_eq!(
            check(agreed, false),
            (needs_read, refused.clone()),
            "{agreed:?}"
        );
        // The details alone may differ.
        let needs_read = agreed[..2].concat() != "";
        let by_details = agreed[..2] == ["", ""] || agreed[..2] == ["59.97", "EUR"];
        let refused = refused.filter(|_| !by_details);
        let (reads, said) = check(agreed, true);
        assert_eq!(
            (reads, said.is_some()),
            (needs_read, refused.is_some()),
            "{agreed:?}"
        );
    }
}

#[test]
fn a_returned_payment_is_paid_again_only_where_that_was_agreed() {
    let pay = || Action::Pay(PaySystemId::new(11).unwrap(), Details::default());
    for (action, returned, pay_returned, is_refused) in [
        (pay(), Some(true), false, true),
        (pay(), Some(true), true, false),
        (pay(), Some(false), false, false),
        (pay(), None, false, false),
        (Action::MarkPaid, Some(true), false, true),
        (Action::MarkPaid, Some(true), true, false),
        (Action::MarkUnpaid, Some(true), false, false),
    ] {
        let terms = Terms {
            pay_returned,
            ..Terms::default()
        };
        let checked = request(action.clone()).check(&payment(returned), &terms);
        let code = checked.err().map(|error| error.code());
        let expected = is_refused.then_some("RETURNED");
        assert_eq!(code, expected, "{action:?} {returned:?} {pay_returned}");
    }
}

#[test]
fn a_payment_is_paid_by_its_own_pay_system_only() {
    let by = |system| Action::Pay(PaySystemId::new(system).unwrap(), Details::default());
    for (action, expected) in [
        (by(11), None),
        (by(12), Some("OTHER_PAY_SYSTEM")),
        (Action::MarkPaid, None),
        (Action::MarkUnpaid, None),
    ] {
        let checked = request(action).check(&payment(None), &Terms::default());
        assert_eq!(checked.err().map(|error| error.code()), expected);
    }
}
