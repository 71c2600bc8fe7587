//! Texts of the module that nothing reads: what its traps would say if they said something. The linker keeps them, for it
//! runs before anything is a trap.

use std::collections::{BTreeSet, HashSet};
use std::mem;
use std::ops::Range;

use anyhow::Result;
use walrus::ir::{Call, Const, Instr, InstrLocId, Value, Visitor, dfs_in_order};
use walrus::{ConstExpr, Data, DataId, DataKind, FunctionId, Module};

/// What the library puts numbers together from: each two digits in a row. Only functions that format texts read it.
const DIGITS: &[u8] = b"00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748495051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899";

/// What stands in a template for a value that is shown as it usually is.
const VALUE: u8 = 0xc0;

/// What the numbers in the functions of a module may lead to.
#[derive(Default)]
pub struct Numbers {
    /// Each two, in either order, that a function leads to nothing with, as a text's place and its length.
    unread: BTreeSet<(u32, u32)>,
    /// All others, places in memory among them.
    read: BTreeSet<u32>,
}

/// The numbers of a module in which these functions will say nothing, and those can be reached.
pub fn numbers(
    module: &Module,
    silent: &HashSet<FunctionId>,
    reached: &HashSet<FunctionId>,
) -> Numbers {
    let mut row = Row {
        silent,
        is_read: false,
        numbers: Vec::new(),
        all: Numbers::default(),
    };
    for (id, function) in module.funcs.iter_local() {
        row.is_read = reached.contains(&id) && !silent.contains(&id);
        dfs_in_order(&mut row, function, function.entry_block());
        row.end(row.is_read);
    }
    row.all
}

/// Puts zeros in the place of every text that is not read, unless something that is read, or a table, leads into it.
pub fn forget(module: &mut Module, numbers: Numbers) -> Result<()> {
    let Numbers { unread, mut read } = numbers;
    for data in module.data.iter() {
        let words = data.value.as_chunks::<4>().0;
        read.extend(words.iter().map(|word| u32::from_le_bytes(*word)));
    }
    let segments: Vec<DataId> = module.data.iter().map(Data::id).collect();
    for segment in segments {
        let data = module.data.get_mut(segment);
        let DataKind::Active {
            offset: ConstExpr::Value(Value::I32(offset)),
            ..
        } = data.kind
        else {
            continue;
        };
        let offset = u32::try_from(offset)?;
        let digits = data.value.windows(DIGITS.len()).position(|it| it == DIGITS);
        let digits = digits.map(|at| at..at + DIGITS.len());
        let texts = unread
            .iter()
            .flat_map(|pair| texts(&data.value, offset, *pair));
        let texts: Vec<Range<usize>> = texts.chain(digits).collect();
        for text in texts {
            let start = offset + u32::try_from(text.start)?;
            let end = offset + u32::try_from(text.end)?;
            if read.range(start..end).next().is_none()
                && let Some(text) = data.value.get_mut(text)
            {
                text.fill(0);
            }
        }
    }
    Ok(())
}

/// Where a text lies in a segment, if two numbers are one's place and its length, or the first is a template's place. With nothing
/// to fill in, the library adds one to the double of the length.
fn texts(data: &[u8], offset: u32, (place, length): (u32, u32)) -> Vec<Range<usize>> {
    let Some(start) = place.checked_sub(offset) else {
        return Vec::new();
    };
    let start = start as usize;
    [length, length / 2]
        .into_iter()
        .filter_map(|length| Some(start..start.checked_add(length as usize)?))
        .filter(|text| is_text(data, text))
        .chain(template(data, start))
        .collect()
}

fn is_text(data: &[u8], place: &Range<usize>) -> bool {
    let bytes = data.get(place.clone());
    bytes.is_some_and(|bytes| bytes.iter().all(|byte| matches!(byte, b' '..=b'~')))
}

/// A template that begins there: texts, each with its length before it, and a sign for each value to be filled in, up to a zero.
fn template(data: &[u8], start: usize) -> Option<Range<usize>> {
    let mut end = start;
    loop {
        end += match *data.get(end)? {
            0 => return Some(start..end),
            VALUE => 1,
            length => {
                let behind = end + 1 + usize::from(length);
                is_text(data, &(end + 1..behind)).then_some(behind - end)?
            }
        }
    }
}

/// The numbers in a row before an instruction, and those before them.
struct Row<'a> {
    silent: &'a HashSet<FunctionId>,
    /// Whether the function that they are in is one that can be reached and does something.
    is_read: bool,
    numbers: Vec<u32>,
    all: Numbers,
}

impl Row<'_> {
    fn end(&mut self, is_read: bool) {
        let numbers = mem::take(&mut self.numbers);
        if is_read {
            self.all.read.extend(numbers);
        } else {
            let pairs = numbers
                .array_windows()
                .flat_map(|[one, other]| [(*one, *other), (*other, *one)]);
            self.all.unread.extend(pairs);
        }
    }
}

impl Visitor<'_> for Row<'_> {
    fn visit_instr(&mut self, instruction: &Instr, _: &InstrLocId) {
        let led_to = match instruction {
            Instr::Const(Const {
                value: Value::I32(number),
            }) => return self.numbers.push(number.cast_unsigned()),
            Instr::Call(Call { func }) if self.is_read => {
                return self.end(!self.silent.contains(func));
            }
            Instr::Load(load) => load.arg.offset,
            Instr::Store(store) => store.arg.offset,
            // A place and a length that are written at once.
            Instr::Const(Const {
                value: Value::I64(both),
            }) => both.cast_unsigned(),
            _ => 0,
        };
        // Those of a function that is not read are one row, for a place and a length may be stored one by one.
        if self.is_read {
            self.end(true);
            let halves = [led_to & u64::from(u32::MAX), led_to >> 32];
            self.all
                .read
                .extend(halves.map(u32::try_from).into_iter().flatten());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use anyhow::{Context, Result};
    use walrus::ir::Value;
    use walrus::{ConstExpr, Data, DataKind, FunctionBuilder, FunctionId, Module, ValType};

    use super::{DIGITS, forget, numbers};

    const TEXTS: &[u8] = b"said by a trapread by another one";

    /// A module whose second function hands to its first one: a place, and a length.
    fn handing(place: i32, length: i32) -> (Module, [FunctionId; 2]) {
        let mut module = Module::default();
        let kinds = [ValType::I32, ValType::I32];
        let arguments = kinds.map(|kind| module.locals.add(kind)).to_vec();
        let mut end = FunctionBuilder::new(&mut module.types, &kinds, &[]);
        end.func_body().unreachable();
        let end = end.finish(arguments, &mut module.funcs);
        let mut caller = FunctionBuilder::new(&mut module.types, &[], &[]);
        caller
            .func_body()
            .i32_const(place)
            .i32_const(length)
            .call(end);
        let caller = caller.finish(Vec::new(), &mut module.funcs);
        let memory = module.memories.add_local(false, false, 1, None, None);
        let at_1024 = DataKind::Active {
            memory,
            offset: ConstExpr::Value(Value::I32(1024)),
        };
        module.data.add(at_1024, [TEXTS, DIGITS].concat());
        (module, [end, caller])
    }

    fn left(module: &Module) -> Vec<u8> {
        module
            .data
            .iter()
            .flat_map(|data| data.value.clone())
            .collect()
    }

    #[test]
    fn what_is_handed_to_a_silent_function_is_forgotten() -> Result<()> {
        for length in [14, 2 * 14 + 1] {
            let (mut module, [end, caller]) = handing(1024, length);
            let numbers = numbers(&module, &HashSet::from([end]), &HashSet::from([caller]));
            forget(&mut module, numbers)?;
            let left = left(&module);
            assert_eq!(left.get(..14), Some([0; 14].as_slice()), "{length}");
            assert!(left.ends_with(&[0; DIGITS.len()]), "{length}");
        }
        Ok(())
    }

    #[test]
    fn what_a_silent_function_itself_leads_to_is_forgotten() -> Result<()> {
        const TEMPLATE: &[u8] = b"\x09index (is\xc0\x01)\0";
        let (mut module, [end, caller]) = handing(1024, 1);
        let data = module.data.iter().next().map(Data::id);
        let data = module.data.get_mut(data.context("it has texts")?);
        data.value.extend(TEMPLATE);
        let template = 1024 + i32::try_from(TEXTS.len() + DIGITS.len())?;
        let mut silent = FunctionBuilder::new(&mut module.types, &[], &[]);
        silent
            .func_body()
            .i32_const(14)
            .drop()
            .i32_const(1024)
            .drop()
            .i32_const(template)
            .drop();
        let silent = silent.finish(Vec::new(), &mut module.funcs);
        let numbers = numbers(
            &module,
            &HashSet::from([end, silent]),
            &HashSet::from([caller]),
        );
        forget(&mut module, numbers)?;
        let left = left(&module);
        assert_eq!(left.get(..14), Some([0; 14].as_slice()));
        assert!(left.ends_with(&[0; TEMPLATE.len()]), "{left:?}");
        Ok(())
    }

    #[test]
    fn what_is_read_stays() -> Result<()> {
        let (mut module, [end, caller]) = handing(1024, 14);
        let silent = HashSet::new();
        let numbers = numbers(&module, &silent, &HashSet::from([end, caller]));
        forget(&mut module, numbers)?;
        assert!(left(&module).starts_with(TEXTS));
        Ok(())
    }

    #[test]
    fn a_place_that_is_written_together_with_a_length_is_read() -> Result<()> {
        let (mut module, [end, caller]) = handing(1024, 14);
        let mut writer = FunctionBuilder::new(&mut module.types, &[], &[]);
        writer.func_body().i64_const(14 << 32 | 1024).drop();
        let writer = writer.finish(Vec::new(), &mut module.funcs);
        let reached = HashSet::from([caller, writer]);
        let numbers = numbers(&module, &HashSet::from([end]), &reached);
        forget(&mut module, numbers)?;
        assert!(left(&module).starts_with(TEXTS));
        Ok(())
    }

    #[test]
    fn what_something_that_is_read_leads_into_stays() -> Result<()> {
        let (mut module, [end, caller]) = handing(1024, 2 * 14 + 1);
        let mut numbers = numbers(&module, &HashSet::from([end]), &HashSet::from([caller]));
        numbers.read.extend([1024 + 3, 1024 + 40]);
        forget(&mut module, numbers)?;
        let left = left(&module);
        assert!(left.starts_with(TEXTS) && left.ends_with(DIGITS));
        Ok(())
    }
}
