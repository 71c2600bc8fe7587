//! `cargo xtask build --by-part`: where the bytes of the module are, by module of the crate and by library.

use std::collections::BTreeMap;
use std::fs;

use anyhow::Result;
use wasmparser::{KnownCustom, Name, Parser, Payload, TypeRef};

use super::module;

/// Builds everything, then prints a Markdown table of the parts, the heaviest first.
pub fn print() -> Result<()> {
    super::everything()?;
    let wasm = fs::read(module::with_names()?.wasm())?;
    let parts = parts(&wasm)?;
    let sum: usize = parts.values().map(|(_, bytes)| bytes).sum();
    let mut rows: Vec<_> = parts.iter().collect();
    rows.sort_by_key(|(_, (_, bytes))| std::cmp::Reverse(*bytes));
    println!("\n| part of the module | functions | bytes | share |\n|---|---|---|---|");
    for (part, (functions, bytes)) in rows {
        let per_mille = bytes * 1000 / sum.max(1);
        let share = format!("{}.{} %", per_mille / 10, per_mille % 10);
        println!("| {part} | {functions} | {bytes} | {share} |");
    }
    println!("| all | | {sum} | |");
    Ok(())
}

/// How many functions and bytes each part has, before compression.
fn parts(wasm: &[u8]) -> Result<BTreeMap<String, (usize, usize)>> {
    let mut names = BTreeMap::new();
    let mut bodies = Vec::new();
    let mut imported = 0;
    let mut parts: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for payload in Parser::new(0).parse_all(wasm) {
        match payload? {
            Payload::ImportSection(imports) => {
                let range = imports.range();
                for import in imports.into_imports() {
                    imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                }
                parts.insert("names of imports".to_owned(), (0, range.len()));
            }
            Payload::CodeSectionEntry(body) => bodies.push(body.range().len()),
            Payload::DataSection(data) => {
                parts.insert("texts and tables".to_owned(), (0, data.range().len()));
            }
            Payload::CustomSection(section) => {
                if let KnownCustom::Name(subsections) = section.as_known() {
                    for subsection in subsections {
                        if let Name::Function(functions) = subsection? {
                            for function in functions {
                                let function = function?;
                                names.insert(function.index, function.name.to_owned());
                            }
                        }
                    }
                }
            }
            _ => {}
        }
    }
    for (index, bytes) in (imported..).zip(bodies) {
        let name = names.get(&index).map_or("", String::as_str);
        let part = parts.entry(part_of(name)).or_default();
        part.0 += 1;
        part.1 += bytes;
    }
    Ok(parts)
}

/// The module of the crate, or the library, that a function belongs to.
fn part_of(name: &str) -> String {
    // `<b24pay::settle::Settling as core::ops::drop::Drop>::drop` belongs to the first that it names.
    let path: String = name
        .trim_start_matches(['<', '&', '(', '[', '*'])
        .chars()
        .take_while(|sign| sign.is_alphanumeric() || "_:".contains(*sign))
        .collect();
    let mut steps = path.split("::");
    match (steps.next().unwrap_or_default(), steps.next()) {
        ("b24pay", Some("js")) => format!("`b24pay::js::{}`", steps.next().unwrap_or_default()),
        ("b24pay", Some(module)) => format!("`b24pay::{module}`"),
        ("core" | "alloc" | "std", Some(_)) => {
            // What the library does for a type of the crate stands in the angle brackets behind.
            match name.find("b24pay::") {
                Some(at) if at > 0 => part_of(name.get(at..).unwrap_or_default()),
                _ => format!("`{}`", path.split("::").next().unwrap_or_default()),
            }
        }
        (library, Some(_)) => format!("`{library}`"),
        _ => "the border to JavaScript".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::part_of;

    #[test]
    fn a_function_belongs_to_the_first_that_it_names() {
        for (name, part) in [
            ("b24pay::settle::settle::{{closure}}", "`b24pay::settle`"),
            (
                "b24pay::js::frame::FramePortal::send",
                "`b24pay::js::frame`",
            ),
            (
                "<b24pay::turn::Turn as core::ops::drop::Drop>::drop",
                "`b24pay::turn`",
            ),
            (
                "core::ptr::drop_in_place<b24pay::json::Json>",
                "`b24pay::json`",
            ),
            ("alloc::raw_vec::finish_grow", "`alloc`"),
            (
                "wasm_bindgen_futures::queue::Queue::push",
                "`wasm_bindgen_futures`",
            ),
            ("__wbindgen_malloc", "the border to JavaScript"),
            ("", "the border to JavaScript"),
        ] {
            assert_eq!(part_of(name), part, "{name}");
        }
    }
}
