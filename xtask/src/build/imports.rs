//! What the module imports as a list, in the order in which it names them. Beside each function its name would cost two bytes
//! after compression; so the names are made from the places in the list.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};

/// Where the generated functions begin, and where they end.
const BEGINS: &str = "const import0 = {\n        __proto__: null,\n";
const ENDS: &str = "\n    };\n";
/// What stands between a name and its function.
const FUNCTION: &str = ": function(";

/// Numbers in this base have letters, too.
const BASE: usize = 36;
/// The first number of two signs.
const FIRST: usize = BASE;

/// The name of an import by its place.
pub fn name(place: usize) -> String {
    let number = place + FIRST;
    let sign = |digit: usize| char::from_digit(u32::try_from(digit % BASE).ok()?, 36);
    [number / BASE, number]
        .into_iter()
        .filter_map(sign)
        .collect()
}

/// The generated JavaScript with a list in the place of the object, of what the module still imports.
pub fn listed(glue: &str, count: usize) -> Result<String> {
    ensure!(
        count <= BASE * BASE - FIRST,
        "{count} imports are too many for two signs"
    );
    let (before, rest) = glue.split_once(BEGINS).context("the object of imports")?;
    let (functions, after) = rest.split_once(ENDS).context("the end of the imports")?;
    let functions = by_name(functions)?;
    let mut list = String::new();
    for place in 0..count {
        let function = functions
            .get(&*name(place))
            .context("an import without a function")?;
        ensure!(
            !function.contains("this"),
            "an import reads `this`: {function}"
        );
        let (parameters, body) = function
            .split_once(") {")
            .context("an import's parameters")?;
        list.extend(["        (", parameters, ") => {", body, "\n"]);
    }
    let names = format!("].map((run, place) => [(place + {FIRST}).toString({BASE}), run]));\n");
    let parts = [
        before,
        "const import0 = Object.fromEntries([\n",
        &list,
        "    ",
        &names,
        after,
    ];
    Ok(parts.concat())
}

/// Each function behind its name, from its parameters to its comma.
fn by_name(functions: &str) -> Result<BTreeMap<&str, &str>> {
    let mut found = BTreeMap::new();
    let mut rest = functions;
    while let Some((name, function)) = rest.split_once(FUNCTION) {
        let mut ends = function.match_indices('\n').map(|(at, _)| at + 1);
        let next = ends.find(|&end| {
            let line = function.get(end..).and_then(|lines| lines.lines().next());
            line.is_some_and(|line| line.contains(FUNCTION))
        });
        let (function, after) = function.split_at(next.unwrap_or(function.len()));
        let earlier = found.insert(name.trim(), function.trim_end());
        ensure!(earlier.is_none(), "two imports are called {}", name.trim());
        rest = after;
    }
    Ok(found)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed test may panic")]
mod tests {
    use super::{listed, name};

    const GLUE: &str = "function imports() {\n    const import0 = {\n        __proto__: null,\n        11: function(x) { try {\n            f(x);\n        } catch (e) { g(e); } },\n        10: function() {\n            return 1;\n        },\n    };\n    return { \"b\": import0 };\n}\n";

    #[test]
    fn names_go_on_with_two_signs() {
        assert_eq!(
            [0, 9, 10, 35, 36, 1259].map(name),
            ["10", "19", "1a", "1z", "20", "zz"]
        );
    }

    #[test]
    fn the_functions_stand_in_the_order_of_their_names() {
        let listed = listed(GLUE, 2).unwrap();
        let expected = "function imports() {\n    const import0 = Object.fromEntries([\n        () => {\n            return 1;\n        },\n        (x) => { try {\n            f(x);\n        } catch (e) { g(e); } },\n    ].map((run, place) => [(place + 36).toString(36), run]));\n    return { \"b\": import0 };\n}\n";
        assert_eq!(listed, expected);
    }

    #[test]
    fn an_object_of_another_shape_is_refused() {
        for (glue, count) in [
            ("", 0),
            (GLUE, 3),
            (&*GLUE.replace("10", "12"), 2),
            (&*GLUE.replace("10", "11"), 2),
            (&*GLUE.replace("return 1", "return this"), 2),
        ] {
            assert!(listed(glue, count).is_err(), "{glue}");
        }
    }

    #[test]
    fn what_is_no_longer_imported_is_left_out() {
        let listed = listed(&GLUE.replace("11", "__wbg_f"), 1).unwrap();
        assert!(listed.contains("return 1;") && !listed.contains("f(x);"));
    }
}
