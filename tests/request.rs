//! What may be asked at all: identifiers and details, checked before anything is sent.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

use b24pay::payment::{LARGEST_ID, PaySystemId, PaymentId};
use b24pay::request::Details;

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
