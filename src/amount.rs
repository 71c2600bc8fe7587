//! Amounts of money as decimals of at most four places, which is what the portal keeps.
//! They are compared exactly; a float is only ever read, never compared.

use crate::{digits, text};

/// An amount in ten-thousandths of its currency's unit, without the currency.
///
/// ```
/// use b24pay::amount::Amount;
/// assert_eq!(Amount::from_number(59.969999999999995), Amount::from_text("59.97"));
/// assert_eq!(Amount::from_text("1000.00").map(|sum| sum.to_text()), Some("1000".into()));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amount(i64);

const UNIT: i64 = 10_000;
/// Whole units above this leave no room for four places in the representation.
const LARGEST: i64 = i64::MAX / UNIT - 1;

impl Amount {
    /// Reads decimal text: an optional minus, digits, optionally a point and more digits.
    /// The fifth place rounds half away from zero. Anything else is `None`.
    #[must_use]
    pub fn from_text(given: &str) -> Option<Self> {
        let (negative, digits) = match given.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, given),
        };
        let (whole, fraction) = match text::cut(digits, b'.') {
            Some((_, "")) => return None,
            Some(parts) => parts,
            None => (digits, ""),
        };
        if whole.is_empty() {
            return None;
        }
        let mut units = 0_i64;
        for digit in whole.bytes() {
            units = units * 10 + digit_of(digit)?;
            if units > LARGEST {
                return None;
            }
        }
        let mut places = 0;
        for digit in fraction.bytes() {
            let digit = digit_of(digit)?;
            if places < 4 {
                units = units * 10 + digit;
            } else if places == 4 && digit >= 5 {
                units += 1;
            }
            places += 1;
        }
        while places < 4 {
            units *= 10;
            places += 1;
        }
        Some(Self(if negative { -units } else { units }))
    }

    /// Reads a JSON number, in which sums arrive with the noise of binary fractions.
    ///
    /// A double holds fifteen decimal digits for certain, so large amounts are rounded to fewer
    /// than four places. `None` for what is no amount: NaN, infinities, more than the portal keeps.
    #[must_use]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "bounded by LARGEST; the rounding is the purpose"
    )]
    pub fn from_number(number: f64) -> Option<Self> {
        let size = number.abs();
        if size.is_nan() || size > LARGEST as f64 {
            return None;
        }
        let whole = size.trunc();
        let mut units = whole as i64 * UNIT;
        let mut step = 1.0;
        while whole >= 1e11 * step {
            step *= 10.0;
        }
        units += ((size - whole) * (10_000.0 / step) + 0.5) as i64 * step as i64;
        Some(Self(if number < 0.0 { -units } else { units }))
    }

    /// Decimal text without a currency: no exponent, no trailing zeros, at most four places.
    #[must_use]
    pub fn to_text(self) -> String {
        let size = self.0.unsigned_abs();
        let mut out = String::new();
        if self.0 < 0 {
            out.push('-');
        }
        out.push_str(&digits::text(size / UNIT.unsigned_abs()));
        let fraction = size % UNIT.unsigned_abs();
        if fraction > 0 {
            out.push('.');
            // One unit more keeps the leading zeros of the fraction; its own digit is cut off.
            let padded = digits::text(fraction + UNIT.unsigned_abs());
            out.push_str(text::without_end(padded.get(1..).unwrap_or_default(), b'0'));
        }
        out
    }
}

fn digit_of(byte: u8) -> Option<i64> {
    byte.is_ascii_digit().then(|| i64::from(byte - b'0'))
}
