//! A panic in the module says nothing: nobody could read it, and what it would say is a tenth of the module.
//!
//! Nothing of the crate panics where it can be reached, but the libraries below it keep their checks, and each of them
//! ends in a few functions that put a message together. Here these functions become the trap that they end in anyway,
//! and what only they read becomes zeros (`unread.rs`). The loader takes a trap for what it is, with or without a message.

use std::collections::HashSet;
use std::ops::Range;

use anyhow::{Result, bail};
use walrus::ir::{Value, Visitor, dfs_in_order};
use walrus::{
    ConstExpr, Data, DataKind, ElementItems, ExportItem, Function, FunctionBuilder, FunctionId,
    FunctionKind, Module, ValType,
};

use super::unread;

/// Where the libraries end a program or throw for a fault of their own, and what shows its last values, by the beginning of the function's path.
const ENDS: [&str; 17] = [
    "core::panicking::",
    "core::option::unwrap_failed",
    "core::option::expect_failed",
    "core::result::unwrap_failed",
    "core::str::slice_error_fail",
    "core::slice::index::slice_index_fail",
    "core::slice::copy_from_slice_impl::len_mismatch_fail",
    "<alloc::vec::Vec<_, _>>::insert_mut::assert_failed",
    "<alloc::vec::Vec<_, _>>::remove::assert_failed",
    "std::thread::local::panic_access_error",
    "core::cell::panic_already",
    "alloc::raw_vec::handle_error",
    "std::panicking",
    "wasm_bindgen::throw_str",
    "<std::panicking",
    "<char as core::fmt::Debug>",
    "<core::ops::range::Range<usize> as core::fmt::Debug>",
];

/// What runs a future that may stop in the middle of a function (JSPI), which only attributes ask for that this crate has not.
/// A table of methods still names it.
const STOPPING: [&str; 2] = [
    "js_sys::futures::jspi::task_waker::",
    "js_sys::futures::jspi::SpawnedTask::",
];

/// A place in the source as the compiler lays it out: where its file's name is, how long that is, line and column.
const PLACE: usize = 16;

/// What puts texts together from values, in the library and for types of others.
const FORMATTING: &str = "core::fmt::";

/// Makes every end of the program a trap without words, and whatever formats texts, which only they did.
pub fn silence(module: &mut Module) -> Result<()> {
    let ends = functions(module, ends_the_program);
    if ends.is_empty() {
        bail!("no function of the module ends it; have the names of the library changed?");
    }
    let formatting = functions(module, |path| path.contains(FORMATTING));
    let silent = ends.union(&formatting).copied().collect();
    let numbers = unread::numbers(module, &silent, &reached(module, &silent));
    trap(module, &ends);
    // The tables of methods still name it, for the values that were to be shown. Nothing else may.
    if let Some(caller) = caller(module, &formatting) {
        bail!("{caller} formats a text, which costs kilobytes; put it together from its pieces");
    }
    trap(module, &formatting);
    let stopping = functions(module, |path| {
        STOPPING.iter().any(|begins| path.starts_with(begins))
    });
    trap(module, &stopping);
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
    unread::forget(module, numbers)
}

/// The functions of the module itself whose path is such a one.
pub fn functions(module: &Module, is_such: impl Fn(&str) -> bool) -> HashSet<FunctionId> {
    let local = module
        .funcs
        .iter()
        .filter(|function| matches!(function.kind, FunctionKind::Local(_)));
    local
        .filter(|function| {
            let name = function.name.as_deref();
            name.is_some_and(|name| is_such(&path(name)))
        })
        .map(Function::id)
        .collect()
}

/// Makes them traps.
pub fn trap(module: &mut Module, functions: &HashSet<FunctionId>) {
    for &id in functions {
        let signature = module.types.get(module.funcs.get(id).ty());
        let (params, results) = (signature.params().to_vec(), signature.results().to_vec());
        let arguments = params.iter().map(|&kind: &ValType| module.locals.add(kind));
        let arguments: Vec<_> = arguments.collect();
        let mut trap = FunctionBuilder::new(&mut module.types, &params, &results);
        trap.func_body().unreachable();
        module.funcs.get_mut(id).kind = FunctionKind::Local(trap.local_func(arguments));
    }
}

/// The name of a function outside of these that calls one of them, where it can be reached itself.
fn caller(module: &Module, called: &HashSet<FunctionId>) -> Option<String> {
    let reached = reached(module, called);
    let found = reached
        .difference(called)
        .find(|&&id| calls(module, id).iter().any(|id| called.contains(id)));
    found.map(|&id| module.funcs.get(id).name.clone().unwrap_or_default())
}

/// The functions that can be reached, and of these none that only they lead to.
fn reached(module: &Module, dead_ends: &HashSet<FunctionId>) -> HashSet<FunctionId> {
    let mut seen = roots(module);
    let mut waiting: Vec<FunctionId> = seen.iter().copied().collect();
    while let Some(id) = waiting.pop() {
        if !dead_ends.contains(&id) {
            let calls = calls(module, id);
            waiting.extend(calls.into_iter().filter(|&id| seen.insert(id)));
        }
    }
    seen
}

/// What a function calls or refers to.
fn calls(module: &Module, id: FunctionId) -> Vec<FunctionId> {
    let mut calls = Calls(Vec::new());
    if let FunctionKind::Local(function) = &module.funcs.get(id).kind {
        dfs_in_order(&mut calls, function, function.entry_block());
    }
    calls.0
}

/// The functions that JavaScript calls, and those of the tables of methods.
fn roots(module: &Module) -> HashSet<FunctionId> {
    let exported = module
        .exports
        .iter()
        .filter_map(|export| match export.item {
            ExportItem::Function(id) => Some(id),
            _ => None,
        });
    let in_tables = module
        .elements
        .iter()
        .flat_map(|element| match &element.items {
            ElementItems::Functions(ids) => ids.clone(),
            ElementItems::Expressions(..) => Vec::new(),
        });
    exported.chain(module.start).chain(in_tables).collect()
}

struct Calls(Vec<FunctionId>);

impl Visitor<'_> for Calls {
    fn visit_function_id(&mut self, function: &FunctionId) {
        self.0.push(*function);
    }
}

/// Whether this path is that of an end.
fn ends_the_program(path: &str) -> bool {
    ENDS.iter().any(|end| path.starts_with(end))
}

/// A name without the hashes of crates, as `core[c5930c85a12de822]::option::unwrap_failed`.
fn path(name: &str) -> String {
    let mut path = String::new();
    let mut is_hash = false;
    for sign in name.chars() {
        is_hash |= sign == '[';
        if !is_hash {
            path.push(sign);
        }
        is_hash &= sign != ']';
    }
    path
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
    use super::{ends_the_program, forget_places, path};

    #[test]
    fn the_ends_are_known_by_their_path() {
        for name in [
            "core[c5930c85a12de822]::panicking::panic_fmt",
            "core::option::unwrap_failed",
            "alloc[3ca501edff3f01d4]::raw_vec::handle_error",
        ] {
            assert!(ends_the_program(&path(name)), "{name}");
        }
        for name in [
            "b24pay[4a26720ce390ebe4]::confirm::confirm",
            "core[c5]::option::Option",
        ] {
            assert!(!ends_the_program(&path(name)), "{name}");
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
