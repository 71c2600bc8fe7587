//! Instants as the portal writes them, `2026-09-10T01:52:39+03:00`, on the portal's own clock.

use crate::digits;
use crate::text::{before, cut, parts};

/// Seconds since 1970 of an ISO 8601 instant with an offset; `None` for any other text.
#[must_use]
pub fn seconds(text: &str) -> Option<i64> {
    let (date, rest) = cut(text, b'T')?;
    let (time, offset) = before(rest, b"+-Z");
    let [year, month, day] = numbers(date, b'-')?;
    let [hour, minute, second] = numbers(before(time, b".").0, b':')?;
    let east = if offset == "Z" {
        0
    } else {
        let (hours, minutes) = cut(offset.get(1..)?, b':')?;
        let size = number(hours)? * 3600 + number(minutes)? * 60;
        if offset.starts_with('-') { -size } else { size }
    };
    Some(days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - east)
}

fn numbers(text: &str, separator: u8) -> Option<[i64; 3]> {
    let mut parts = parts(text, separator).map(number);
    Some([parts.next()??, parts.next()??, parts.next()??])
}

fn number(text: &str) -> Option<i64> {
    let number = digits::number(text).filter(|_| text.len() <= 4)?;
    i64::try_from(number).ok()
}

/// Days since 1970 of a Gregorian date. Years begin in March here, so that the leap day is last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month < 3 {
        (year - 1, month + 9)
    } else {
        (year, month - 3)
    };
    let leap_days = year / 4 - year / 100 + year / 400;
    365 * year + leap_days + (153 * month + 2) / 5 + day - 719_469
}
