//! Turns what wasm-bindgen generates for the web into a function that makes the glue of one instance.
//!
//! The generated module keeps one instance for ever. Ours must be able to start anew after a trap, while callbacks of
//! the dead instance may still come: so every instance gets variables of its own, and the loading is the loader's.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail, ensure};
use wasm_bindgen_cli_support::Output;

use super::imports;

/// Where the generated code for loading begins, which runs to the end of the file.
const LOADING: &str = "async function __wbg_load(";

const HEAD: &str = "\
// Made from wasm-bindgen's output: the imports of one instance, and what it exports once it has started.
export default function glue() {
";

const TAIL: &str = "
return {
    imports: __wbg_get_imports(),
    start(instance) {
        __wbg_finalize_init(instance);
        return over;
    },
};
}
";

/// The module from which wasm-bindgen lets the wasm import its glue.
const IMPORTED: &str = "./b24pay_bg.js";

/// Every long name at the border between the wasm and its glue, with the short one it gets.
///
/// They carry hashes that no compression shrinks, and stand in both files.
#[derive(Debug, Default)]
pub struct Names {
    imports: BTreeMap<String, String>,
    exports: BTreeMap<String, String>,
}

impl Names {
    /// Shortens the names inside the wasm.
    pub fn shorten(output: &mut Output) -> Self {
        let wasm = output.wasm_mut();
        let names = Self {
            imports: wasm
                .imports
                .iter()
                .enumerate()
                .map(|(place, import)| (import.name.clone(), imports::name(place)))
                .collect(),
            exports: numbered(wasm.exports.iter().map(|export| export.name.clone())),
        };
        for import in wasm.imports.iter_mut() {
            "b".clone_into(&mut import.module);
            if let Some(short) = names.imports.get(&import.name) {
                import.name.clone_from(short);
            }
        }
        for export in wasm.exports.iter_mut() {
            if let Some(short) = names.exports.get(&export.name) {
                export.name.clone_from(short);
            }
        }
        names
    }

    /// The same in the JavaScript: `wasm.<export>`, and the keys of the imports.
    fn replaced(&self, glue: &str) -> String {
        let mut glue = glue.to_owned();
        for (long, short) in &self.imports {
            glue = glue.replace(
                &format!(" {long}: function("),
                &format!(" {short}: function("),
            );
        }
        glue = glue.replace(&format!("\"{IMPORTED}\": "), "\"b\": ");
        for (long, short) in &self.exports {
            glue = replace_member(&glue, long, short);
        }
        glue
    }
}

/// The glue of one instance as an ES module with a single function.
pub fn factory(generated: &str, names: &Names) -> Result<String> {
    let (kept, _) = generated
        .split_once(LOADING)
        .with_context(|| format!("the generated JavaScript has no `{LOADING}`"))?;
    let kept = kept.replace("export function ", "function ");
    if let Some(line) = kept
        .lines()
        .find(|line| line.starts_with("export ") || line.starts_with("import "))
    {
        bail!("the generated JavaScript has `{line}`, which cannot stand in a function");
    }
    let kept = caught_in_place(&names.replaced(&kept))?;
    let kept = imports::listed(&kept, names.imports.len())?;
    Ok(format!("{HEAD}{kept}{TAIL}"))
}

/// The generated JavaScript with other words in the one place of these.
pub fn exchanged(glue: &str, generated: &str, ours: &str) -> Result<String> {
    let places = glue.matches(generated).count();
    ensure!(
        places == 1,
        "the generated JavaScript has {places} places of `{generated}`, and should have one"
    );
    Ok(glue.replace(generated, ours))
}

/// Catches in each import what it throws. As generated, each call of such an import makes a function and a list of arguments.
fn caught_in_place(glue: &str) -> Result<String> {
    const CALL: &str = "function() { return handleError(function (";
    const HANDLER: &str = "function handleError(f, args) {\n    try {\n        return f.apply(this, args);\n    } catch (e) {\n";
    let Some((before, handler)) = glue.split_once(HANDLER) else {
        ensure!(
            !glue.contains("handleError"),
            "the generated JavaScript handles errors in another way"
        );
        return Ok(glue.to_owned());
    };
    let (_, after) = handler
        .split_once("\n    }\n}\n")
        .context("the end of handleError")?;
    let stored = handler.lines().next().unwrap_or_default().trim();
    let mut pieces = before.split(CALL);
    let mut caught = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (parameters, rest) = piece.split_once(") {").context("an import's parameters")?;
        let (body, rest) = rest
            .split_once("}, arguments); }")
            .context("an import's end")?;
        let parts = [
            "function(",
            parameters,
            ") { try {",
            body,
            "} catch (e) { ",
            stored,
            " } }",
            rest,
        ];
        caught.extend(parts);
    }
    caught.push_str(after);
    ensure!(
        !caught.contains("handleError"),
        "an import of another shape handles errors"
    );
    Ok(caught)
}

/// Short names in the order of the long ones, so that two builds agree.
fn numbered(names: impl Iterator<Item = String>) -> BTreeMap<String, String> {
    let mut numbered: BTreeMap<String, String> = names.map(|name| (name, String::new())).collect();
    for (number, short) in numbered.values_mut().enumerate() {
        *short = letters(number);
    }
    numbered
}

/// `a` to `z`, then `aa`, `ab` and so on.
fn letters(mut number: usize) -> String {
    let mut letters = String::new();
    loop {
        let letter = u8::try_from(number % 26).unwrap_or_default();
        letters.insert(0, char::from(b'a' + letter));
        number /= 26;
        if number == 0 {
            return letters;
        }
        number -= 1;
    }
}

fn replace_member(glue: &str, long: &str, short: &str) -> String {
    let member = format!("wasm.{long}");
    let mut replaced = String::with_capacity(glue.len());
    let mut pieces = glue.split(&member);
    replaced.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        let name_goes_on =
            piece.starts_with(|next: char| next.is_ascii_alphanumeric() || next == '_');
        replaced.push_str("wasm.");
        replaced.push_str(if name_goes_on { long } else { short });
        replaced.push_str(piece);
    }
    replaced
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test may panic")]
mod tests {
    use super::{Names, caught_in_place, factory, letters, numbered, replace_member};

    #[test]
    fn letters_go_on_after_z() {
        let some = [0, 1, 25, 26, 27, 51, 52, 701, 702].map(letters);
        assert_eq!(some, ["a", "b", "z", "aa", "ab", "az", "ba", "zz", "aaa"]);
    }

    #[test]
    fn a_name_that_only_begins_alike_is_left_alone() {
        let glue = "wasm.free(1); wasm.free_all(2); wasm.free";
        assert_eq!(
            replace_member(glue, "free", "a"),
            "wasm.a(1); wasm.free_all(2); wasm.a"
        );
    }

    #[test]
    fn the_loading_is_cut_and_the_rest_becomes_a_function() {
        let imports = "const import0 = {\n        __proto__: null,\n        __wbg_log: function(x) {\n            wasm.run(x);\n        },\n    };\n";
        let generated = format!(
            "export function over() {{}}\n{imports}async function __wbg_load(module) {{}}\nexport {{ x }};"
        );
        let names = Names {
            imports: [("__wbg_log".to_owned(), super::imports::name(0))].into(),
            exports: numbered(["run".to_owned()].into_iter()),
        };
        let glue = factory(&generated, &names).unwrap();
        assert!(
            glue.contains("glue() {\nfunction over() {}\n")
                && glue.contains("(x) => {\n            wasm.a(x);\n"),
            "{glue}"
        );
        assert!(
            !glue.contains("__wbg_load") && !glue.contains("{ x }"),
            "{glue}"
        );
    }

    #[test]
    fn an_import_catches_in_its_own_place() {
        let handler = "function handleError(f, args) {\n    try {\n        return f.apply(this, args);\n    } catch (e) {\n        wasm.e(add(e));\n    }\n}\n";
        let import =
            "a: function() { return handleError(function (x, y) { return f(x); }, arguments); },\n";
        let imports = format!(
            "{import}b: function(z) {{}},\n{}",
            import.replace("a: ", "c: ")
        );
        let caught = caught_in_place(&format!("{imports}{handler}let heap;\n")).unwrap();
        let in_place =
            "a: function(x, y) { try { return f(x); } catch (e) { wasm.e(add(e)); } },\n";
        assert!(
            caught.starts_with(&format!("{in_place}b: function(z) {{}},\nc: function(x")),
            "{caught}"
        );
        assert!(
            caught.ends_with("},\nlet heap;\n") && !caught.contains("handleError"),
            "{caught}"
        );
        assert!(caught_in_place(&imports).is_err());
    }

    #[test]
    fn an_output_of_another_shape_is_refused() {
        let refused = |generated| {
            factory(generated, &Names::default())
                .unwrap_err()
                .to_string()
        };
        assert_eq!(
            refused("let wasm;"),
            "the generated JavaScript has no `async function __wbg_load(`"
        );
        assert_eq!(
            refused("import { x } from './snippet.js';\nasync function __wbg_load("),
            "the generated JavaScript has `import { x } from './snippet.js';`, which cannot stand in a function"
        );
    }
}
