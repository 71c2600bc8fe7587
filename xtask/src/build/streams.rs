//! A module taken apart into streams of one kind each. Beside its like a compressor finds again what it does not find where an
//! instruction, the number of a local and an offset take turns: a tenth less is left after brotli. `npm/unpack` puts it
//! together again, and describes the streams.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, ensure};
use unpack::{AROUND, CLASSES, CODES, FOLLOWED, INSTRUCTIONS, LENGTH, LISTS, STREAMS};
use wasmparser::{FunctionBody, ImportSectionReader, Parser, Payload, TypeRef};

use super::places;

// The other streams, all of numbers. Which numbers share one was tried out, as were the classes below.
const OTHERS: usize = LISTS + 1;
const SET: usize = LISTS + 2;
const LOADED: usize = LISTS + 3;
const STORED: usize = LISTS + 4;
const FUNCTIONS: usize = LISTS + 5;
const BRANCHES: usize = LISTS + 6;
const CONDITIONS: usize = LISTS + 7;
const GOT: usize = FOLLOWED;
const CONSTANTS: usize = FOLLOWED + CLASSES;

/// Of calls and of i32.const so many are codes as a whole: those that stand in the module most often. What they are about shows
/// in the instructions around them, and not in the numbers.
const WHOLE: [(u8, usize); 2] = [(0x10, 16), (0x41, 2)];

/// What an instruction begins with, and the streams of the numbers that follow. Nothing is spelled where a function begins.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Code {
    spelled: Vec<u8>,
    numbers: &'static [usize],
}

/// A module in streams.
#[derive(Debug, Default)]
pub struct Streams {
    /// How many bytes stand before the functions.
    pub before: usize,
    /// The bytes of each stream.
    pub bytes: [Vec<u8>; STREAMS],
}

impl Streams {
    /// Takes a module apart whose functions have lengths of [`LENGTH`] bytes.
    ///
    /// # Errors
    /// When it is none, or has more codes than a byte tells apart.
    pub fn of(module: &[u8]) -> Result<Self> {
        let mut streams = Self::default();
        let whole = frequent(module)?;
        let mut written = Vec::new();
        let mut ends = 0;
        for payload in Parser::new(0).parse_all(module) {
            if let Payload::CodeSectionEntry(body) = payload? {
                let range = body.range();
                // A function's length is told by what it has.
                let begins = range.start - LENGTH;
                if written.is_empty() {
                    streams.before = begins;
                    streams.bytes[AROUND].extend(part(module, 0, begins)?);
                } else {
                    ensure!(ends == begins, "a function's length is written short");
                }
                ends = range.end;
                streams.take(&body, module, &whole, &mut written)?;
            }
        }
        streams.bytes[AROUND].extend(part(module, ends, module.len())?);
        streams.order(&written)?;
        Ok(streams)
    }

    fn take(
        &mut self,
        body: &FunctionBody<'_>,
        module: &[u8],
        whole: &BTreeSet<&[u8]>,
        written: &mut Vec<Code>,
    ) -> Result<()> {
        let range = body.range();
        let mut begins = body.get_operators_reader()?.original_position();
        let locals = part(module, range.start, begins)?;
        written.push(Code {
            spelled: Vec::new(),
            numbers: self.numbers_of(&[LISTS], locals, 0)?,
        });
        for instruction in instructions(body, module)? {
            begins += instruction.len();
            let next = class(part(module, begins, range.end)?);
            let (length, numbers) = if whole.contains(instruction) {
                (instruction.len(), [].as_slice())
            } else {
                shape(instruction)
            };
            let (spelled, rest) = instruction.split_at(length);
            written.push(Code {
                spelled: spelled.to_vec(),
                numbers: self.numbers_of(numbers, rest, next)?,
            });
        }
        Ok(())
    }

    /// Puts numbers into their streams; `next` is the class of the instruction after them.
    fn numbers_of(
        &mut self,
        streams: &'static [usize],
        bytes: &[u8],
        next: usize,
    ) -> Result<&'static [usize]> {
        if streams == [LISTS] {
            let count = bytes.iter().filter(|byte| **byte < 0x80).count();
            // One byte of LEB128.
            ensure!(count < 0x80, "a list of more than 127 numbers");
            self.bytes[LISTS].extend(leb(count));
            self.bytes[LISTS].extend(bytes);
        } else {
            let numbers = bytes.split_inclusive(|byte| *byte < 0x80);
            for (stream, number) in streams.iter().zip(numbers) {
                let stream = stream + if *stream < FOLLOWED { 0 } else { next };
                let stream = self.bytes.get_mut(stream);
                stream.context("a stream of that number")?.extend(number);
            }
        }
        Ok(streams)
    }

    /// Gives each code its place, and writes the functions by places.
    fn order(&mut self, written: &[Code]) -> Result<()> {
        let mut counts: BTreeMap<&Code, usize> = BTreeMap::new();
        for code in written {
            *counts.entry(code).or_default() += 1;
        }
        let mut codes: Vec<&Code> = counts.keys().copied().collect();
        codes.sort_by_key(|code| Reverse(counts.get(code)));
        let numbers: BTreeMap<&Code, usize> = codes.iter().copied().zip(0..).collect();
        let written: Vec<usize> = written
            .iter()
            .filter_map(|code| numbers.get(code).copied())
            .collect();
        let places = places::of(&written, codes.len());
        for code in written {
            let place = places.get(code).context("a code without a place")?;
            let place = u8::try_from(*place).context("the module has more than 256 codes")?;
            self.bytes[INSTRUCTIONS].push(place);
        }
        let ordered: BTreeMap<usize, &Code> = places.into_iter().zip(codes).collect();
        for Code { spelled, numbers } in ordered.into_values() {
            self.bytes[CODES].push(u8::try_from(class(spelled))?);
            self.bytes[CODES].push(u8::try_from(spelled.len())?);
            self.bytes[CODES].extend(spelled);
            self.bytes[CODES].push(u8::try_from(numbers.len())?);
            for stream in *numbers {
                self.bytes[CODES].push(u8::try_from(*stream)?);
            }
        }
        Ok(())
    }
}

/// The instructions that are codes as a whole although numbers follow.
fn frequent(module: &[u8]) -> Result<BTreeSet<&[u8]>> {
    let mut counts: BTreeMap<&[u8], usize> = BTreeMap::new();
    for payload in Parser::new(0).parse_all(module) {
        if let Payload::CodeSectionEntry(body) = payload? {
            for instruction in instructions(&body, module)? {
                *counts.entry(instruction).or_default() += 1;
            }
        }
    }
    let mut frequent = BTreeSet::new();
    for (kind, most) in WHOLE {
        let mut of_kind: Vec<&[u8]> = counts.keys().copied().collect();
        of_kind.retain(|instruction| instruction.first() == Some(&kind));
        of_kind.sort_by_key(|instruction| Reverse(counts.get(instruction)));
        frequent.extend(of_kind.into_iter().take(most));
    }
    Ok(frequent)
}

/// How many of the imports are functions: these have the first indices.
pub fn imported_functions(imports: ImportSectionReader<'_>) -> Result<u32> {
    let mut functions = 0;
    for import in imports.into_imports() {
        functions += u32::from(matches!(import?.ty, TypeRef::Func(_)));
    }
    Ok(functions)
}

/// The instructions of a function of a module, each with its numbers.
pub fn instructions<'m>(body: &FunctionBody<'_>, module: &'m [u8]) -> Result<Vec<&'m [u8]>> {
    let mut offsets = Vec::new();
    for operator in body.get_operators_reader()?.into_iter_with_offsets() {
        offsets.push(operator?.1);
    }
    let ends = offsets.iter().skip(1).copied().chain([body.range().end]);
    let ranges = offsets.iter().copied().zip(ends);
    ranges
        .map(|(begins, ends)| part(module, begins, ends))
        .collect()
}

/// How many bytes of an instruction are its code, and the streams of the numbers after them. What is not named here is a code
/// as a whole, with constants and all.
pub fn shape(instruction: &[u8]) -> (usize, &'static [usize]) {
    match instruction {
        // br, br_if
        [0x0c, ..] => (1, &[BRANCHES]),
        [0x0d, ..] => (1, &[CONDITIONS]),
        // br_table
        [0x0e, ..] => (1, &[LISTS]),
        // call
        [0x10, ..] => (1, &[FUNCTIONS]),
        // call_indirect: a type and a table
        [0x11, ..] => (1, &[OTHERS, OTHERS]),
        // local.get, local.set, local.tee
        [0x20, ..] => (1, &[GOT]),
        [0x21 | 0x22, ..] => (1, &[SET]),
        // Loads and stores, of which each alignment is a code of its own.
        [0x28..=0x35, ..] => (2, &[LOADED]),
        [0x36..=0x3e, ..] => (2, &[STORED]),
        // i32.const
        [0x41, ..] => (1, &[CONSTANTS]),
        // i64.const, but for numbers that have more digits than an u64 holds
        [0x42, number @ ..] if number.len() < 10 => (1, &[OTHERS]),
        all => (all.len(), &[]),
    }
}

/// The class of an instruction, which the one before it is told apart by.
fn class(instruction: &[u8]) -> usize {
    match instruction {
        // i32.and
        [0x71, ..] => 1,
        // local.set, and stores other than that of an i32
        [0x21 | 0x37..=0x3e, ..] => 2,
        // local.get, i32.const, and loads
        [0x20 | 0x41 | 0x28..=0x35, ..] => 3,
        // call
        [0x10, ..] => 4,
        // i32.add
        [0x6a, ..] => 5,
        // local.tee, i32.sub
        [0x22 | 0x6b, ..] => 6,
        // br_if, comparisons, i32.store
        [0x0d | 0x45..=0x66 | 0x36, ..] => 7,
        _ => 0,
    }
}

pub fn part(module: &[u8], from: usize, to: usize) -> Result<&[u8]> {
    module.get(from..to).context("a module that breaks off")
}

/// A number as LEB128, as short as it can be.
pub fn leb(number: usize) -> Vec<u8> {
    let mut number = number as u64;
    let mut bytes = Vec::new();
    loop {
        let low = (number & 0x7f) as u8;
        number >>= 7;
        if number == 0 {
            bytes.push(low);
            return bytes;
        }
        bytes.push(low | 0x80);
    }
}
