//! Functions beside their likes: a compressor finds in the one before what is in the next one as well. wasm-opt leaves them in
//! the order in which the linker has them, and its own order, by how often each is called, compresses worse.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

use anyhow::{Context, Result};
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{CodeSection, FunctionSection, Module};
use wasmparser::{CodeSectionReader, FunctionSectionReader, Parser, Payload};

use super::streams::{imported_functions, instructions, shape};

/// So many instructions in a row are what functions have in common, or not.
const ROW: usize = 5;

/// The same module with its functions in another order.
pub fn by_likeness(wasm: &[u8]) -> Result<Vec<u8>> {
    let (imported, rows) = rows(wasm)?;
    let order = order(&rows);
    let places: BTreeMap<usize, usize> = order.iter().copied().zip(0..).collect();
    let mut ordered = Ordered {
        imported,
        order,
        places,
    };
    let mut module = Module::new();
    ordered
        .parse_core_module(&mut module, Parser::new(0), wasm)
        .context("the module is written in another order")?;
    Ok(module.finish())
}

/// What a function is compared by: its rows of instructions, without the numbers in them.
type Rows = BTreeSet<Vec<u8>>;

/// How many functions are imported, and the rows of each that is not.
fn rows(wasm: &[u8]) -> Result<(usize, Vec<Rows>)> {
    let mut imported = 0;
    let mut all = Vec::new();
    for payload in Parser::new(0).parse_all(wasm) {
        match payload? {
            Payload::ImportSection(imports) => imported = imported_functions(imports)? as usize,
            Payload::CodeSectionEntry(body) => {
                let codes: Vec<&[u8]> = instructions(&body, wasm)?
                    .into_iter()
                    .map(|instruction| instruction.split_at(shape(instruction).0).0)
                    .collect();
                all.push(codes.windows(ROW).map(<[&[u8]]>::concat).collect());
            }
            _ => {}
        }
    }
    Ok((imported, all))
}

/// After each function the one of those left that has most in common with it; the first of several.
fn order(rows: &[Rows]) -> Vec<usize> {
    let mut holders: BTreeMap<&[u8], Vec<usize>> = BTreeMap::new();
    for (function, rows) in rows.iter().enumerate() {
        for row in rows {
            holders.entry(row).or_default().push(function);
        }
    }
    let mut left: BTreeMap<usize, &Rows> = rows.iter().enumerate().collect();
    let mut order = Vec::new();
    while let Some(next) = next(
        order.last().and_then(|last| rows.get(*last)),
        &left,
        &holders,
    ) {
        left.remove(&next);
        order.push(next);
    }
    order
}

fn next(
    last: Option<&Rows>,
    left: &BTreeMap<usize, &Rows>,
    holders: &BTreeMap<&[u8], Vec<usize>>,
) -> Option<usize> {
    let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
    for row in last.into_iter().flatten() {
        for function in holders.get(row.as_slice()).into_iter().flatten() {
            *shared.entry(*function).or_default() += 1;
        }
    }
    let length = last.map_or(0, BTreeSet::len);
    let mut best = None;
    for (function, rows) in left {
        // The share of what both have in all that either has, as a fraction.
        let likeness = (
            shared.get(function).copied().unwrap_or_default(),
            (length + rows.len()).max(1),
        );
        let is_better = best
            .is_none_or(|(_, best): (_, (usize, usize))| likeness.0 * best.1 > best.0 * likeness.1);
        if is_better {
            best = Some((*function, likeness));
        }
    }
    best.map(|(function, _)| function)
}

/// Writes a module with its functions in another order.
struct Ordered {
    imported: usize,
    /// Which function of the module comes at each place.
    order: Vec<usize>,
    /// Where each comes to stand.
    places: BTreeMap<usize, usize>,
}

impl Reencode for Ordered {
    type Error = Infallible;

    fn function_index(&mut self, function: u32) -> Result<u32, Error<Infallible>> {
        let place = (function as usize)
            .checked_sub(self.imported)
            .and_then(|own| self.places.get(&own));
        let place = place.map(|place| u32::try_from(self.imported + place));
        Ok(place.and_then(Result::ok).unwrap_or(function))
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: FunctionSectionReader<'_>,
    ) -> Result<(), Error<Infallible>> {
        let types = section.into_iter().collect::<Result<Vec<_>, _>>()?;
        for own in self.order.clone() {
            if let Some(ty) = types.get(own) {
                functions.function(self.type_index(*ty)?);
            }
        }
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        section: CodeSectionReader<'_>,
    ) -> Result<(), Error<Infallible>> {
        let bodies = section.into_iter().collect::<Result<Vec<_>, _>>()?;
        for own in self.order.clone() {
            if let Some(body) = bodies.get(own) {
                self.parse_function_body(code, body.clone())?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Rows, by_likeness, order, rows};
    use anyhow::{Context, Result, ensure};
    use wasm_encoder::{
        CodeSection, EntityType, ExportKind, ExportSection, Function, FunctionSection,
        ImportSection, Module, TypeSection, ValType,
    };
    use wasmparser::{Operator, Parser, Payload};

    const IMPORTED: u32 = 1;

    /// Exports `f0` to `f2`, each with a number of its own; the first calls the last, which is made as it is, and the second
    /// is made otherwise.
    fn wasm() -> Vec<u8> {
        let mut types = TypeSection::new();
        types.ty().function([], [ValType::I32]);
        let mut imports = ImportSection::new();
        imports.import("", "f", EntityType::Function(0));
        let mut functions = FunctionSection::new();
        let mut exports = ExportSection::new();
        let mut code = CodeSection::new();
        for own in 0..3_u32 {
            functions.function(0);
            exports.export(&format!("f{own}"), ExportKind::Func, IMPORTED + own);
            let mut body = Function::new([]);
            let mut write = body.instructions();
            write.i32_const(own.cast_signed());
            for _ in 0..9 {
                match own {
                    0 => write.call(IMPORTED + 2).i32_add(),
                    1 => write.i32_eqz().i32_clz(),
                    _ => write.call(0).i32_add(),
                };
            }
            write.end();
            code.function(&body);
        }
        let mut module = Module::new();
        module.section(&types).section(&imports).section(&functions);
        module.section(&exports).section(&code);
        module.finish()
    }

    /// What a module has: the number of each own function in its order, what that calls, and what the exports lead to.
    #[derive(Debug, Default)]
    struct Read {
        numbers: Vec<i32>,
        calls: Vec<Option<u32>>,
        exported: Vec<u32>,
    }

    fn read(wasm: &[u8]) -> Result<Read> {
        let mut read = Read::default();
        for payload in Parser::new(0).parse_all(wasm) {
            match payload? {
                Payload::ExportSection(exports) => {
                    for export in exports {
                        read.exported.push(export?.index);
                    }
                }
                Payload::CodeSectionEntry(body) => {
                    let mut operators = body.get_operators_reader()?;
                    let Operator::I32Const { value } = operators.read()? else {
                        anyhow::bail!("no number");
                    };
                    read.numbers.push(value);
                    read.calls.push(match operators.read()? {
                        Operator::Call { function_index } => Some(function_index),
                        _ => None,
                    });
                }
                _ => {}
            }
        }
        Ok(read)
    }

    #[test]
    fn what_is_alike_stands_together_and_is_reached_as_before() -> Result<()> {
        let wasm = wasm();
        assert_eq!(rows(&wasm)?.0, IMPORTED as usize);
        let read = read(&by_likeness(&wasm)?)?;
        assert_eq!(read.numbers, [0, 2, 1]);
        assert_eq!(read.calls, [Some(2), Some(0), None]);
        assert_eq!(read.exported, [1, 3, 2]);
        Ok(())
    }

    #[test]
    fn what_has_the_greater_share_in_common_comes_next_and_not_what_has_most() {
        let rows = |all: &[u8]| -> Rows { all.iter().map(|&row| vec![row]).collect() };
        let functions = [rows(b"ab"), rows(b"abcdefghijkl"), rows(b"a")];
        assert_eq!(order(&functions), [0, 2, 1]);
    }

    #[test]
    fn an_order_once_found_stays() -> Result<()> {
        let once = by_likeness(&wasm())?;
        ensure!(once == by_likeness(&once)?, "ordered anew");
        read(&once).map(drop).context("it can be read")
    }
}
