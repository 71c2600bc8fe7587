//! The module as text that every bundler, browser and server carries as it is, in streams that compress well. Base64 hides
//! from a compressor where a byte begins, and so would cost 20 kB of 72 after brotli.

use std::fmt::Write;

use anyhow::{Context, Result, ensure};
use unpack::{AROUND, END, INSTRUCTIONS, LENGTH};
use wasmparser::{Parser, Payload};

use super::streams::{Streams, leb, part};

/// A JavaScript module with the text of the module, and with what unpacks it. `npm/inlined.js` uses both.
pub fn module(wasm: &[u8], unpacker: &[u8]) -> Result<String> {
    let wasm = lengthened(wasm)?;
    let streams = Streams::of(&wasm)?;
    let text = text(&streams);
    ensure!(
        unpacked(&text, streams.before, wasm.len()) == wasm,
        "what is unpacked is not the module that was packed"
    );
    Ok(format!(
        "export const length = {};\nexport const before = {};\nexport const unpacker = \"{}\";\nexport default \"{text}\";\n",
        wasm.len(),
        streams.before,
        hex(unpacker),
    ))
}

/// The same module with [`LENGTH`] bytes for the length of each function, as it is unpacked.
fn lengthened(wasm: &[u8]) -> Result<Vec<u8>> {
    let mut code = Vec::new();
    let mut section = 0..0;
    for payload in Parser::new(0).parse_all(wasm) {
        match payload? {
            Payload::CodeSectionStart { count, range, .. } => {
                code.extend(leb(count as usize));
                section = range;
            }
            Payload::CodeSectionEntry(body) => {
                let range = body.range();
                let length = range.len();
                ensure!(length >> (7 * LENGTH) == 0, "a function of {length} bytes");
                let begins = code.len();
                code.extend([0; LENGTH]);
                code.extend(part(wasm, range.start, range.end)?);
                let end = code.len();
                unpack::close(&mut code, begins, end);
            }
            _ => {}
        }
    }
    let begins = section.start.checked_sub(leb(section.len()).len());
    let before = part(wasm, 0, begins.context("a module without functions")?)?;
    let after = part(wasm, section.end, wasm.len())?;
    Ok([before, &leb(code.len()), &code, after].concat())
}

/// What the unpacker makes of a text, in a memory as the browser gives it.
fn unpacked(text: &str, before: usize, length: usize) -> Vec<u8> {
    let mut memory = text.as_bytes().to_vec();
    memory.resize(text.len() + length, 0);
    unpack::unpack(&mut memory, text.len(), before);
    memory.split_off(text.len())
}

/// All streams, each with the sign that ends it.
fn text(streams: &Streams) -> String {
    let mut text = String::new();
    for (stream, bytes) in streams.bytes.iter().enumerate() {
        let moved = if stream == AROUND { 0 } else { 0x40 };
        let mut write = |byte: &u8| text.push_str(&sign(byte ^ moved));
        if stream > INSTRUCTIONS {
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
    use super::{digits, lengthened, module, sign};
    use crate::build::streams::{Streams, leb};
    use anyhow::Result;
    use unpack::LENGTH;

    /// A module of functions with these instructions, each after a local of its own.
    fn wasm(functions: &[Vec<u8>]) -> Vec<u8> {
        let mut code = leb(functions.len());
        for instructions in functions {
            let body = [&[1, 2, 0x7f], instructions.as_slice(), &[0x0b]].concat();
            code.extend(leb(body.len()));
            code.extend(body);
        }
        let mut wasm = b"\0asm\x01\0\0\0".to_vec();
        wasm.extend([1, 4, 1, 0x60, 0, 0, 3]);
        wasm.extend(leb(functions.len() + 1));
        wasm.extend(leb(functions.len()));
        wasm.extend(functions.iter().map(|_| 0));
        wasm.extend([5, 3, 1, 0, 1, 10]);
        wasm.extend(leb(code.len()));
        wasm.extend(code);
        wasm.extend([11, 9, 1, 0, 0x41, 0, 0x0b, 3]);
        wasm.extend(b"a\"\\");
        wasm
    }

    /// `br_table` with so many targets beside the last.
    fn table(targets: usize) -> Vec<u8> {
        let mut table = vec![0x02, 0x40, 0x41, 0xf8, 0x00, 0x0e];
        table.extend(leb(targets));
        table.extend(vec![0; targets + 1]);
        table.push(0x0b);
        table
    }

    #[test]
    fn what_is_packed_is_unpacked() -> Result<()> {
        let float = [0x44, 0, 0, 0, 0, 0, 0, 0xf8, 0x3f, 0x1a];
        let stored = [0x41, 0x80, 0x80, 0x7c, 0x20, 1, 0x36, 2, 0x84, 1];
        let loaded = [0x41, 0x7f, 0x28, 0, 0, 0x1a, 0x10, 1];
        let of_nine_bytes = [&[0x42], [0x80; 8].as_slice(), &[0x01, 0x1a]].concat();
        let of_ten_bytes = [&[0x42], [0x80; 9].as_slice(), &[0x7f, 0x1a]].concat();
        let wasm = wasm(&[
            [float.as_slice(), &table(2), &stored, &loaded].concat(),
            vec![],
            table(125),
            of_nine_bytes,
            of_ten_bytes,
            // Longer than what one byte of a length says, and than what two say.
            [0x42, 0x80, 0x7f, 0x1a].repeat(99),
            [0x41, 0x01, 0x1a].repeat(9_999),
        ]);
        let length = lengthened(&wasm)?.len();
        let text = module(&wasm, b"unpacker")?;
        assert!(text.contains(&format!("length = {length};")), "{text}");
        Ok(())
    }

    #[test]
    fn each_length_takes_as_many_bytes_and_nothing_else_is_changed() -> Result<()> {
        let functions = [vec![], [0x41, 0x01, 0x1a].repeat(99)];
        let wasm = wasm(&functions);
        let long = lengthened(&wasm)?;
        // Lengths of one and two bytes.
        assert_eq!(long.len(), wasm.len() + 2 * LENGTH - 3);
        assert_eq!(wasm.get(..25), long.get(..25));
        let first = [2, 0x84, 0x80, 0, 1, 2, 0x7f, 0x0b];
        let code = [[0xb8, 2].as_slice(), &first, &[0xad, 0x82, 0, 1, 2, 0x7f]].concat();
        assert_eq!(long.get(25..25 + code.len()), Some(code.as_slice()));
        assert!(long.ends_with(b"a\"\\"));
        Ok(())
    }

    #[test]
    fn functions_whose_lengths_are_written_short_are_not_taken_apart() {
        let wasm = wasm(&[vec![], vec![]]);
        assert!(Streams::of(&wasm).is_err());
        assert!(
            lengthened(&wasm)
                .and_then(|wasm| Streams::of(&wasm))
                .is_ok()
        );
    }

    #[test]
    fn what_cannot_be_packed_is_refused() {
        for bytes in [
            &wasm(&[table(126)]),
            b"\0asm\x01\0\0\0".as_slice(),
            b"\0asm",
            b"",
        ] {
            assert!(module(bytes, b"unpacker").is_err(), "{bytes:?}");
        }
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
