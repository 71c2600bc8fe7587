//! The module as text that every bundler, browser and server carries as it is, in streams that compress well. Base64 hides
//! from a compressor where a byte begins, and so would cost 20 kB of 72 after brotli.

use std::fmt::Write;

use anyhow::{Result, ensure};
use unpack::{AROUND, DIGITS, END, LENGTH};

use super::streams::Streams;

/// A JavaScript module with the text of the module, and with what unpacks it. `npm/inlined.js` uses both.
pub fn module(wasm: &[u8], unpacker: &[u8]) -> Result<String> {
    let streams = Streams::of(wasm)?;
    let text = text(&streams);
    let mut again = vec![0; wasm.len() + LENGTH];
    let length = unpack::unpack(text.as_bytes(), streams.before, &mut again);
    again.truncate(length.unwrap_or_default());
    ensure!(
        again == wasm,
        "what is unpacked is not the module that was packed"
    );
    Ok(format!(
        "export const length = {};\nexport const before = {};\nexport const unpacker = \"{}\";\nexport default \"{text}\";\n",
        wasm.len(),
        streams.before,
        hex(unpacker),
    ))
}

/// All streams, each with the sign that ends it.
fn text(streams: &Streams) -> String {
    let mut text = String::new();
    for (stream, bytes) in streams.bytes.iter().enumerate() {
        let moved = if stream == AROUND { 0 } else { 0x40 };
        let mut write = |byte: &u8| text.push_str(&sign(byte ^ moved));
        if stream >= DIGITS {
            for number in bytes.split_inclusive(|byte| *byte < 0x80) {
                digits(number).iter().for_each(&mut write);
            }
        } else {
            bytes.iter().for_each(&mut write);
        }
        text.push(char::from(END));
    }
    text
}

/// A number in LEB128 as digits of five bits.
fn digits(number: &[u8]) -> Vec<u8> {
    let mut rest = 0_u64;
    for (at, byte) in number.iter().rev().enumerate() {
        rest = (rest + u64::from(at > 0)) << 7 | u64::from(byte & 0x7f);
    }
    let mut digits = vec![(rest & 31) as u8];
    rest >>= 5;
    while rest > 0 {
        rest -= 1;
        digits.push((rest & 31) as u8 | 32);
        rest >>= 5;
    }
    digits.reverse();
    digits
}

/// How a byte is written.
pub fn sign(byte: u8) -> String {
    let group = char::from(b'$' + (byte >> 6));
    let sign = |byte: u8| char::from(if byte == b'\\' { b'!' } else { byte });
    match byte {
        // A slash would make tags and addresses where texts meet by chance.
        b' ' | b'('..=b'.' | b'0'..=b'~' => sign(byte).to_string(),
        _ => [group, sign(b'?' + (byte & 0x3f))].iter().collect(),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::{digits, module, sign, text};
    use crate::build::streams::{Streams, leb};
    use anyhow::Result;

    /// Two functions: `br_table` over three targets with a float, a load, a store and a call; and one that is longer than
    /// the longest length in one byte.
    fn wasm() -> Vec<u8> {
        let mut first = vec![1, 2, 0x7f];
        first.extend([0x44, 0, 0, 0, 0, 0, 0, 0xf8, 0x3f, 0x1a]);
        first.extend([0x02, 0x40, 0x41, 0xf8, 0x00, 0x0e, 2, 0, 0, 1, 0x0b]);
        first.extend([0x41, 0x80, 0x80, 0x7c, 0x20, 1, 0x36, 2, 0x84, 1]);
        first.extend([0x41, 0x7f, 0x28, 0, 0, 0x1a, 0x10, 1, 0x0b]);
        let mut second = vec![0];
        for _ in 0..99 {
            second.extend([0x42, 0x80, 0x7f, 0x1a]);
        }
        second.push(0x0b);
        let mut code = vec![2];
        for body in [first, second] {
            code.extend(leb(body.len()));
            code.extend(body);
        }
        let mut wasm = b"\0asm\x01\0\0\0".to_vec();
        wasm.extend([1, 4, 1, 0x60, 0, 0, 3, 3, 2, 0, 0, 5, 3, 1, 0, 1]);
        wasm.push(10);
        wasm.extend(leb(code.len()));
        wasm.extend(code);
        wasm.extend([11, 9, 1, 0, 0x41, 0, 0x0b, 3]);
        wasm.extend(b"a\"\\");
        wasm
    }

    #[test]
    fn what_is_packed_is_unpacked() -> Result<()> {
        let wasm = wasm();
        let text = module(&wasm, b"unpacker")?;
        assert!(
            text.contains(&format!("length = {};", wasm.len())),
            "{text}"
        );
        Ok(())
    }

    #[test]
    fn a_text_that_breaks_off_is_no_module() -> Result<()> {
        let streams = Streams::of(&wasm())?;
        let text = text(&streams);
        let unpacked = |text: &str| unpack::unpack(text.as_bytes(), streams.before, &mut [0; 600]);
        assert_eq!(unpacked(&text), Some(wasm().len()));
        for end in 0..text.len() {
            let part = text.get(..end).unwrap_or_default();
            assert_eq!(unpacked(part), None, "{part}");
        }
        let room = wasm().len() - 1;
        let narrow = unpack::unpack(text.as_bytes(), streams.before, &mut vec![0; room]);
        assert_eq!(narrow, None);
        Ok(())
    }

    #[test]
    fn a_sign_is_itself_unless_it_means_something_here_or_elsewhere() {
        let signs = |bytes: &[u8]| -> String { bytes.iter().map(|byte| sign(*byte)).collect() };
        assert_eq!(signs(b"Id: a"), "Id: a");
        assert_eq!(signs(b"\"!#'\\/"), "$a$`$b$f!$n");
        assert_eq!(signs(&[0, 29, 31, 127, 128, 255]), "$?$!$^%~&?\'~");
    }

    #[test]
    fn a_number_has_the_digits_that_its_place_among_all_needs() {
        assert_eq!(digits(&[0]), [0]);
        assert_eq!(digits(&[31]), [31]);
        assert_eq!(digits(&[32]), [32, 0]);
        // The first one of two bytes comes after the 128 of one.
        assert_eq!(digits(&[0x80, 0]), [32 + 3, 0]);
        assert_eq!(digits(&[0x80, 0x40]), [39, 35, 0]);
    }
}
