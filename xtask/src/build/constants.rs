//! `undefined`, `null`, `true` and `false` have numbers of their own in the glue's table of values. Where every value of theirs
//! goes by these, the module knows them without a way out to JavaScript, and has nothing of them to give back.

use anyhow::{Context, Result, ensure};
use walrus::ir::BinaryOp;
use walrus::{FunctionId, InstrSeqBuilder, LocalId, Module};

use super::glue::exchanged;

/// How the generated glue fills the table: with these, behind as many places as it keeps for values that are lent.
const TABLE: &str = "let heap = new Array(1024).fill(undefined);
heap.push(undefined, null, true, false);
";
const UNDEFINED: i32 = 1024;
const NULL: i32 = 1025;
const TRUE: i32 = 1026;
const FALSE: i32 = 1027;
/// What stands for neither `true` nor `false`.
const NO_BOOLEAN: i32 = 0x00FF_FFFF;

/// How it gives a value a number.
const NUMBERED: &str = "function addHeapObject(obj) {\n";

/// Lent values would have numbers that are none of these.
const LENT: &str = "addBorrowedObject";

/// Has the module ask by the numbers.
pub fn known(module: &mut Module) -> Result<()> {
    let undefined = asked(module, "is_undefined")?;
    module.replace_imported_func(undefined, |(body, given)| is(body, given, UNDEFINED))?;
    let null = asked(module, "is_null")?;
    module.replace_imported_func(null, |(body, given)| is(body, given, NULL))?;
    let boolean = asked(module, "boolean_get")?;
    module.replace_imported_func(boolean, |(body, given)| {
        is(body, given, TRUE);
        body.i32_const(NO_BOOLEAN);
        is(body, given, TRUE);
        is(body, given, FALSE);
        body.binop(BinaryOp::I32Or).select(None);
    })?;
    Ok(())
}

fn is(body: &mut InstrSeqBuilder, given: &[LocalId], number: i32) {
    for &value in given {
        body.local_get(value);
    }
    body.i32_const(number).binop(BinaryOp::I32Eq);
}

/// The import by which wasm-bindgen asks; its name ends with a hash.
fn asked(module: &Module, question: &str) -> Result<FunctionId> {
    let start = format!("__wbg___wbindgen_{question}_");
    let import = module.imports.iter().find(|import| {
        let hash = import.name.strip_prefix(&start);
        hash.is_some_and(|hash| hash.bytes().all(|sign| sign.is_ascii_hexdigit()))
    });
    import
        .and_then(|import| module.imports.get_func(&import.module, &import.name).ok())
        .with_context(|| format!("the module does not ask `{question}`"))
}

/// The generated JavaScript that gives them no other numbers.
pub fn numbered(generated: &str) -> Result<String> {
    ensure!(
        generated.contains(TABLE),
        "the generated JavaScript keeps values in another way"
    );
    ensure!(
        !generated.contains(LENT),
        "the generated JavaScript lends values, which the module would not know"
    );
    let known = [
        ("undefined", UNDEFINED),
        ("null", NULL),
        ("true", TRUE),
        ("false", FALSE),
    ];
    let known = known.map(|(value, number)| format!("    if (obj === {value}) return {number};\n"));
    exchanged(generated, NUMBERED, &[NUMBERED, &known.concat()].concat())
}

#[cfg(test)]
mod tests {
    use walrus::{Module, ValType};

    use super::{LENT, NUMBERED, TABLE, known, numbered};

    #[test]
    fn the_module_asks_nobody_what_the_numbers_say() -> anyhow::Result<()> {
        let mut module = Module::default();
        let kind = module.types.add(&[ValType::I32], &[ValType::I32]);
        for name in ["is_null_or_undefined_1", "is_undefined_2", "boolean_get_3"] {
            module.add_import_func("b", &format!("__wbg___wbindgen_{name}"), kind);
        }
        // It is another question that begins like the third.
        assert!(known(&mut module).is_err());
        let mut module = Module::default();
        let kind = module.types.add(&[ValType::I32], &[ValType::I32]);
        for name in [
            "is_null_or_undefined_1",
            "is_undefined_2",
            "boolean_get_3",
            "is_null_4",
        ] {
            module.add_import_func("b", &format!("__wbg___wbindgen_{name}"), kind);
        }
        known(&mut module)?;
        let left: Vec<_> = module.imports.iter().map(|import| &*import.name).collect();
        assert_eq!(left, ["__wbg___wbindgen_is_null_or_undefined_1"]);
        Ok(())
    }

    #[test]
    fn values_that_are_known_get_their_own_numbers() -> anyhow::Result<()> {
        let glue = numbered(&format!("{TABLE}{NUMBERED}"))?;
        assert!(glue.contains("if (obj === undefined) return 1024;\n"));
        assert!(glue.contains("if (obj === false) return 1027;\n"));
        Ok(())
    }

    #[test]
    fn a_glue_of_another_shape_is_refused() {
        assert!(numbered(NUMBERED).is_err());
        assert!(numbered(TABLE).is_err());
        assert!(numbered(&format!("{TABLE}{NUMBERED}{LENT}")).is_err());
    }
}
