//! Amounts: exact, rounded to four places half away from zero, and the same as text and as number.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    reason = "tests"
)]

mod support;

use b24pay::amount::Amount;
use support::chance::Chance;

#[track_caller]
fn text(given: &str, expected: &str) {
    let read = Amount::from_text(given).map(Amount::to_text);
    assert_eq!(read.as_deref(), Some(expected), "{given:?}");
}

#[track_caller]
fn number(given: f64, expected: &str) {
    let read = Amount::from_number(given).map(Amount::to_text);
    assert_eq!(read.as_deref(), Some(expected), "{given:?}");
}

#[test]
fn text_is_read_exactly() {
    for (given, expected) in [
        ("0", "0"),
        ("-0", "0"),
        ("-0.0000", "0"),
        ("68.12", "68.12"),
        ("68.1200", "68.12"),
        ("1000", "1000"),
        ("1000.00", "1000"),
        ("12.345", "12.345"),
        ("0.0001", "0.0001"),
        ("0.001", "0.001"),
        ("10.05", "10.05"),
        ("-1.5", "-1.5"),
        ("007", "7"),
        ("922337203685476.9999", "922337203685476.9999"),
        ("-922337203685476.9999", "-922337203685476.9999"),
    ] {
        text(given, expected);
    }
}

#[test]
fn the_fifth_place_rounds_half_away_from_zero() {
    for (given, expected) in [
        ("0.00005", "0.0001"),
        ("0.00004999999", "0"),
        ("0.00014", "0.0001"),
        ("0.00015", "0.0002"),
        ("-0.00005", "-0.0001"),
        ("1.99995", "2"),
        ("-1.99995", "-2"),
        ("59.969999999999995", "59.97"),
        ("0.99994999999999999999999999999999999", "0.9999"),
    ] {
        text(given, expected);
    }
}

#[test]
fn what_is_no_decimal_is_no_amount() {
    for given in [
        "",
        "-",
        ".",
        ".5",
        "5.",
        "-.5",
        "1e3",
        "1,5",
        "1 000",
        " 1",
        "1 ",
        "+1",
        "--1",
        "0x10",
        "1.2.3",
        "NaN",
        "Infinity",
        "٣",
        "０５",
        "1.5-",
        "922337203685477",
        "99999999999999999999999999",
    ] {
        assert_eq!(Amount::from_text(given), None, "{given:?}");
    }
}

#[test]
fn numbers_lose_the_noise_of_binary_fractions() {
    for (given, expected) in [
        (59.969_999_999_999_99, "59.97"),
        (0.1 + 0.2, "0.3"),
        (1.1 * 3.0, "3.3"),
        (68.12, "68.12"),
        (12.345, "12.345"),
        (1000.0, "1000"),
        (-68.12, "-68.12"),
        (0.0, "0"),
        (-0.0, "0"),
        (0.00005, "0.0001"),
        // Fifteen digits are certain, from twelve on before the point three after it.
        (99_999_999_999.123_4, "99999999999.1234"),
        (100_000_000_000.123_4, "100000000000.123"),
        (922_337_203_685_476.0, "922337203685476"),
        (123_456_789_012.34, "123456789012.34"),
        (1e14, "100000000000000"),
    ] {
        number(given, expected);
    }
    for none in [
        f64::NAN,
        f64::INFINITY,
        f64::NEG_INFINITY,
        1e15,
        -1e15,
        f64::MAX,
    ] {
        assert_eq!(Amount::from_number(none), None, "{none}");
    }
}

#[test]
fn amounts_that_differ_by_a_ten_thousandth_differ() {
    assert_ne!(Amount::from_text("59.97"), Amount::from_text("59.9701"));
    assert_ne!(Amount::from_number(59.97), Amount::from_number(59.9701));
    assert_ne!(Amount::from_text("1"), Amount::from_text("-1"));
    // As doubles these two are the same.
    assert_ne!(
        Amount::from_text("922337203685476.0001"),
        Amount::from_text("922337203685476.0002")
    );
}

#[test]
fn text_makes_the_round_trip_and_numbers_agree_with_it() {
    let chance = &mut Chance::new(77);
    for _ in 0..50_000 {
        let digits = chance.between(1, 11);
        let whole = chance.below(10_u64.pow(u32::try_from(digits).unwrap()));
        let places = usize::try_from(chance.below(5)).unwrap();
        let fraction = chance.below(10_u64.pow(u32::try_from(places).unwrap()));
        let minus = if chance.percent(20) { "-" } else { "" };
        let written = if places == 0 {
            format!("{minus}{whole}")
        } else {
            format!("{minus}{whole}.{fraction:0places$}")
        };
        let amount = Amount::from_text(&written).unwrap();
        assert_eq!(
            Amount::from_text(&amount.to_text()),
            Some(amount),
            "{written}"
        );
        let as_double: f64 = written.parse().unwrap();
        assert_eq!(Amount::from_number(as_double), Some(amount), "{written}");
    }
}

#[test]
fn any_number_is_an_amount_or_none_and_never_a_panic() {
    let chance = &mut Chance::new(7);
    for _ in 0..50_000 {
        let given = f64::from_bits(chance.next());
        if let Some(amount) = Amount::from_number(given) {
            let read: f64 = amount.to_text().parse().unwrap();
            let slack = (given.abs() * 1e-14).max(0.000_05);
            assert!((read - given).abs() <= slack, "{given} became {read}");
        }
        let near = given % 1e15;
        if near.abs() < 9e14 {
            assert!(Amount::from_number(near).is_some(), "{near}");
        }
    }
}
