//! A panic in the module says nothing: nobody could read it, and what it would say is a tenth of the module.
//!
//! Nothing of the crate panics where it can be reached, but the libraries below it keep their checks, and each of them
//! ends in a few functions that put a message together. Here these functions become the trap that they end in anyway,
//! and what only they read becomes zeros. The loader takes a trap for what it is, with or without a message.

use std::ops::Range;

use anyhow::{Result, bail};
use walrus::ir::Value;
use walrus::{ConstExpr, Data, DataKind, FunctionBuilder, FunctionKind, Module, ValType};

/// Where the library ends a program, and what shows its last values, by the beginning of the function's path.
const ENDS: [&str; 12] = [
    "core::panicking::panic",
    "core::option::unwrap_failed",
    "core::option::expect_failed",
    "core::result::unwrap_failed",
    "core::str::slice_error_fail",
    "core::slice::index::slice_index_fail",
    "core::cell::panic_already",
    "alloc::raw_vec::handle_error",
    "std::panicking",
    "<std::panicking",
    "<char as core::fmt::Debug>",
    "<core::ops::range::Range<usize> as core::fmt::Debug>",
];

/// A place in the source as the compiler lays it out: where its file's name is, how long that is, line and column.
const PLACE: usize = 16;

/// Makes every end of the program a trap without words.
pub fn silence(module: &mut Module) -> Result<()> {
    let ends: Vec<_> = module
        .funcs
        .iter()
        .filter(|function| matches!(function.kind, FunctionKind::Local(_)))
        .filter(|function| function.name.as_deref().is_some_and(ends_the_program))
        .map(|function| (function.id(), function.ty()))
        .collect();
    if ends.is_empty() {
        bail!("no function of the module ends it; have the names of the library changed?");
    }
    for (id, signature) in ends {
        let signature = module.types.get(signature);
        let (params, results) = (signature.params().to_vec(), signature.results().to_vec());
        let arguments = params.iter().map(|&kind: &ValType| module.locals.add(kind));
        let arguments: Vec<_> = arguments.collect();
        let mut trap = FunctionBuilder::new(&mut module.types, &params, &results);
        trap.func_body().unreachable();
        module.funcs.get_mut(id).kind = FunctionKind::Local(trap.local_func(arguments));
    }
    let segments: Vec<_> = module.data.iter().map(Data::id).collect();
    for segment in segments {
        let data = module.data.get_mut(segment);
        if let DataKind::Active { offset, .. } = &data.kind
            && let ConstExpr::Value(Value::I32(offset)) = offset
        {
            let offset = usize::try_from(*offset)?;
            forget_places(&mut data.value, offset);
        }
    }
    Ok(())
}

/// Whether this is one of them, whose name carries its crate's hash: `core[c5930c85a12de822]::option::unwrap_failed`.
fn ends_the_program(name: &str) -> bool {
    let mut path = String::new();
    let mut is_hash = false;
    for sign in name.chars() {
        is_hash |= sign == '[';
        if !is_hash {
            path.push(sign);
        }
        is_hash &= sign != ']';
    }
    ENDS.iter().any(|end| path.starts_with(end))
}

/// Puts zeros in the place of every place in the source, and of the name of its file.
fn forget_places(data: &mut [u8], offset: usize) {
    let mut forgotten: Vec<Range<usize>> = Vec::new();
    let first = offset.wrapping_neg() % 4;
    for at in (first..data.len().saturating_sub(PLACE - 1)).step_by(4) {
        if let Some(file) = file_of_place(data, at, offset) {
            forgotten.extend([at..at + PLACE, file]);
        }
    }
    for bytes in forgotten {
        if let Some(bytes) = data.get_mut(bytes) {
            bytes.fill(0);
        }
    }
}

/// Where the name of the file stands, if this is a place in the source.
fn file_of_place(data: &[u8], at: usize, offset: usize) -> Option<Range<usize>> {
    let word = |nth: usize| -> Option<usize> {
        let bytes = data.get(at + 4 * nth..at + 4 * nth + 4)?;
        usize::try_from(u32::from_le_bytes(bytes.try_into().ok()?)).ok()
    };
    let (start, length, line, column) =
        (word(0)?.checked_sub(offset)?, word(1)?, word(2)?, word(3)?);
    let file = start..start.checked_add(length)?;
    let name = data.get(file.clone())?;
    let is_place =
        name.ends_with(b".rs") && (1..100_000).contains(&line) && (1..1_000).contains(&column);
    is_place.then_some(file)
}

#[cfg(test)]
mod tests {
    use super::{ends_the_program, forget_places};

    #[test]
    fn the_ends_are_known_by_their_path() {
        for name in [
            "core[c5930c85a12de822]::panicking::panic_fmt",
            "core::option::unwrap_failed",
            "alloc[3ca501edff3f01d4]::raw_vec::handle_error",
        ] {
            assert!(ends_the_program(name), "{name}");
        }
        for name in [
            "b24pay[4a26720ce390ebe4]::confirm::confirm",
            "core[c5]::option::Option",
        ] {
            assert!(!ends_the_program(name), "{name}");
        }
    }

    #[test]
    fn a_place_and_its_file_are_forgotten_and_nothing_else() {
        let words = |words: [u32; 4]| words.map(u32::to_le_bytes).concat();
        let place = words([1024, 8, 77, 5]);
        let text = words([1032, 4, 77, 5]);
        let mut data = [b"src/a.rstext".as_slice(), &place, &text].concat();
        forget_places(&mut data, 1024);
        assert_eq!(data, [[0; 8].as_slice(), b"text", &[0; 16], &text].concat());
    }
}
