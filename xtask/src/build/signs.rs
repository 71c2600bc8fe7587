//! The module as text that every bundler, browser and server carries as it is: plain signs, none of which is ever escaped.
//!
//! Base64 hides from a compressor where a byte begins, and so costs 20 kB of 72 after brotli; this costs under one. The 64
//! most frequent bytes, nine of ten in a module, are one sign each. The others are three groups of 64: a sign for the group,
//! then one of the same 64 signs. `npm/inlined.js` reads it.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write;

/// One sign for each byte of a group.
const SIGNS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/// What precedes the sign of a byte in each of the four groups.
const GROUPS: [&str; 4] = ["", "!", "#", "%"];

/// A JavaScript module of the bytes: the 64 most frequent ones in hexadecimal, and all of them in signs.
pub fn module(bytes: &[u8]) -> String {
    let frequent = frequent(bytes);
    let mut hex = String::new();
    for byte in &frequent {
        let _ = write!(hex, "{byte:02x}");
    }
    format!(
        "export const frequent = \"{hex}\";\nexport default \"{}\";\n",
        text(bytes, &frequent)
    )
}

/// The 64 most frequent bytes, the most frequent first.
fn frequent(bytes: &[u8]) -> Vec<u8> {
    let mut counts: BTreeMap<u8, usize> = (0..=u8::MAX).map(|byte| (byte, 0)).collect();
    for byte in bytes {
        *counts.entry(*byte).or_default() += 1;
    }
    let mut order: Vec<u8> = counts.keys().copied().collect();
    order.sort_by_key(|byte| Reverse(counts.get(byte)));
    order.truncate(SIGNS.len());
    order
}

fn text(bytes: &[u8], frequent: &[u8]) -> String {
    let others = (0..=u8::MAX).filter(|byte| !frequent.contains(byte));
    let order = frequent.iter().copied().chain(others);
    let signs = GROUPS
        .iter()
        .flat_map(|group| SIGNS.chars().map(move |sign| format!("{group}{sign}")));
    let signs: BTreeMap<u8, String> = order.zip(signs).collect();
    bytes
        .iter()
        .filter_map(|byte| signs.get(byte).map(String::as_str))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{module, text};

    #[test]
    fn a_frequent_byte_is_one_sign_and_another_two() {
        let frequent: Vec<u8> = (1..=64).collect();
        let bytes = [1, 2, 64, 0, 65, 127, 128, 191, 192, 255];
        assert_eq!(text(&bytes, &frequent), "AB/!A!B!/#A#/%A%/");
    }

    #[test]
    fn the_order_of_the_frequent_ones_is_told() {
        let written = module(&[0xff, 0xff, 0x61]);
        assert!(
            written.starts_with("export const frequent = \"ff61000102"),
            "{written}"
        );
        assert!(written.ends_with("export default \"AAB\";\n"), "{written}");
    }
}
