//! Whole numbers in decimal digits. The formatting and parsing of std would be kilobytes of wasm, which no other
//! part of the module needs.

use crate::payment::LARGEST_ID;

/// A number as text.
#[must_use]
pub fn text(number: u64) -> String {
    let mut text = String::new();
    push(number, &mut text);
    text
}

fn push(number: u64, text: &mut String) {
    if number > 9 {
        push(number / 10, text);
    }
    text.push(char::from(b'0' + (number % 10) as u8));
}

/// A number of digits alone; `None` for anything else, the empty text and what is above 2^53 - 1 included.
#[must_use]
pub fn number(text: &str) -> Option<u64> {
    let mut number = None;
    for sign in text.bytes() {
        if !sign.is_ascii_digit() {
            return None;
        }
        let next = number.unwrap_or(0) * 10 + u64::from(sign - b'0');
        number = Some(next).filter(|&next| next <= LARGEST_ID);
        number?;
    }
    number
}

#[cfg(test)]
mod tests {
    use super::{number, text};
    use crate::payment::LARGEST_ID;

    #[test]
    fn a_number_is_written_as_std_writes_it() {
        for some in [0, 9, 10, 99, 100, 501, 1_000_000, LARGEST_ID, u64::MAX] {
            assert_eq!(text(some), some.to_string());
        }
    }

    #[test]
    fn digits_are_read_up_to_the_largest_number_of_javascript() {
        for some in [0, 7, 10, 501, LARGEST_ID] {
            assert_eq!(number(&some.to_string()), Some(some));
        }
        assert_eq!(number("007"), Some(7));
        let over = [
            (LARGEST_ID + 1).to_string(),
            u64::MAX.to_string(),
            "9".repeat(400),
        ];
        for text in over
            .iter()
            .map(String::as_str)
            .chain(["", "-1", "+1", " 1", "1.0", "1e3", "٣"])
        {
            assert_eq!(number(text), None, "{text}");
        }
    }
}
