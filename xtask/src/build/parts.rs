//! `cargo xtask build --by-part`: where the bytes of the module are, by module of the crate and by library.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use anyhow::Result;
use fs_err as fs;
use wasmparser::{KnownCustom, Name, Parser, Payload};

use super::module;
use super::streams::imported_functions;
use crate::{marked, project};

/// What the parts are for: the crate's own modules and the libraries that only they need.
const PURPOSES: [(&str, &[&str]); 8] = [
    (
        "the flow of one payment: read, send, read back, turns, limits",
        &[
            "confirm",
            "settle",
            "known",
            "turn",
            "read",
            "again",
            "unsettled",
            "outcome",
            "signal",
            "page",
            "pace",
        ],
    ),
    ("many payments", &["gather", "bulk", "js::bulk"]),
    (
        "requests, answers, amounts, errors",
        &[
            "request", "payment", "amount", "digits", "text", "error", "reply", "refusal", "json",
            "instant", "method", "portal", "list",
        ],
    ),
    (
        "`BX24`: callbacks, handshake, ends of requests",
        &["js::frame", "js::observe"],
    ),
    (
        "HTTP: webhook, OAuth, SDK",
        &[
            "js::http",
            "js::form",
            "js::credential",
            "js::sdk",
            "js::ways",
            "address",
            "renewal",
            "gloo_net",
            "gloo_utils",
            "http",
        ],
    ),
    (
        "what callers hand in and get",
        &[
            "js::exports",
            "js::inlet",
            "js::outlet",
            "js::call",
            "js::copy",
            "js::value",
            "js::abort",
            "serde_core",
            "serde_wasm_bindgen",
        ],
    ),
    (
        "the page: the global object, timers, locks, journal",
        &["js::global", "js::page"],
    ),
    (
        "the standard library and the allocator",
        &["core", "alloc", "std", "talc"],
    ),
];
/// What no row of the table names: calls into JavaScript and out of it, and running futures.
const BINDINGS: &str = "bindings of JavaScript: `wasm_bindgen`, `js_sys`, `web_sys`";
const TEXTS: &str = "texts and tables";

/// Builds everything, then prints Markdown tables of the purposes and of the parts, the heaviest first. The first one is
/// written into the documentation where that is asked for.
pub fn print(is_written: bool) -> Result<()> {
    super::everything()?;
    let wasm = fs::read(module::with_names()?.wasm())?;
    let parts = parts(&wasm)?;
    let mut purposes: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for (part, (functions, bytes)) in &parts {
        let purpose = purposes.entry(purpose_of(part).to_owned()).or_default();
        purpose.0 += functions;
        purpose.1 += bytes;
    }
    let short = table("what for", &purposes);
    println!("\n{short}\n{}", table("part of the module", &parts));
    if is_written {
        marked::write(&project::root().join("docs/size.md"), "parts", &short)?;
    }
    Ok(())
}

/// A Markdown table, the heaviest row first.
fn table(title: &str, parts: &BTreeMap<String, (usize, usize)>) -> String {
    let sum: usize = parts.values().map(|(_, bytes)| bytes).sum();
    let mut rows: Vec<_> = parts.iter().collect();
    rows.sort_by_key(|(_, (_, bytes))| Reverse(*bytes));
    let lines = rows.into_iter().map(|(part, (functions, bytes))| {
        let per_mille = bytes * 1000 / sum.max(1);
        let share = format!("{}.{} %", per_mille / 10, per_mille % 10);
        format!("| {part} | {functions} | {bytes} | {share} |\n")
    });
    let lines: Vec<String> = lines.collect();
    format!(
        "| {title} | functions | bytes | share |\n|---|---|---|---|\n{}| all | | {sum} | |\n",
        lines.concat()
    )
}

/// What a part is for.
fn purpose_of(part: &str) -> &'static str {
    if part == TEXTS {
        return TEXTS;
    }
    let name = part.trim_matches('`').trim_start_matches("b24pay::");
    let row = PURPOSES.iter().find(|(_, parts)| parts.contains(&name));
    row.map_or(BINDINGS, |(purpose, _)| purpose)
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
                imported = imported_functions(imports)?;
                parts.insert("names of imports".to_owned(), (0, range.len()));
            }
            Payload::CodeSectionEntry(body) => bodies.push(body.range().len()),
            Payload::DataSection(data) => {
                parts.insert(TEXTS.to_owned(), (0, data.range().len()));
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
    use super::{BINDINGS, PURPOSES, TEXTS, part_of, purpose_of};
    use crate::project;
    use std::path::Path;

    #[test]
    fn a_part_has_one_purpose() {
        for (part, purpose) in [
            ("`b24pay::js::http`", "HTTP: webhook, OAuth, SDK"),
            ("`gloo_net`", "HTTP: webhook, OAuth, SDK"),
            ("`core`", "the standard library and the allocator"),
            ("`web_sys`", BINDINGS),
            ("the border to JavaScript", BINDINGS),
            (TEXTS, TEXTS),
        ] {
            assert_eq!(purpose_of(part), purpose, "{part}");
        }
    }

    #[test]
    fn every_module_of_the_crate_has_a_purpose() {
        let named = |module: &str| PURPOSES.iter().any(|(_, parts)| parts.contains(&module));
        for (folder, prefix) in [("src", ""), ("src/js", "js::")] {
            for entry in fs_err::read_dir(project::root().join(folder))
                .into_iter()
                .flatten()
                .flatten()
            {
                let file = entry.file_name();
                let file = Path::new(&file);
                let module = file.file_stem().unwrap_or_default().to_string_lossy();
                if file.extension().is_some_and(|kind| kind == "rs")
                    && !["lib", "mod"].contains(&&*module)
                {
                    assert!(
                        named(&format!("{prefix}{module}")),
                        "{module} is missing from PURPOSES"
                    );
                }
            }
        }
    }

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
