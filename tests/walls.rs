//! The walls that the README's architecture names: who may know whom.
#![allow(clippy::unwrap_used, reason = "a failed test may panic")]

use std::fs;
use std::path::{Path, PathBuf};

/// The source files of a folder of the project and of those below it.
fn sources(folder: &str) -> Vec<PathBuf> {
    let mut waiting = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    let mut files = Vec::new();
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting.extend(
                fs::read_dir(path)
                    .unwrap()
                    .map(|entry| entry.unwrap().path()),
            );
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            files.push(path);
        }
    }
    files
}

/// The lines of a file that are code and name one of these.
fn naming(file: &Path, names: &[&str]) -> Vec<String> {
    let text = fs::read_to_string(file).unwrap();
    let code = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    let found = code.filter(|line| names.iter().any(|name| line.contains(name)));
    found
        .map(|line| format!("{}: {line}", file.display()))
        .collect()
}

#[test]
fn javascript_is_known_under_js_only() {
    let names = [
        "wasm_bindgen",
        "js_sys",
        "web_sys",
        "gloo_net",
        "JsValue",
        "crate::js::",
        "super::js::",
    ];
    let mut seen = 0;
    for file in sources("src") {
        if file.components().any(|part| part.as_os_str() == "js") {
            seen += usize::from(!naming(&file, &names).is_empty());
        } else {
            assert_eq!(naming(&file, &names), [""; 0]);
        }
    }
    assert!(seen > 5, "the files under src/js are not found");
}

#[test]
fn the_rules_of_the_sandbox_portal_know_nothing_of_the_crate_under_test() {
    let portal = sources("tests/portal/src");
    assert!(portal.len() > 20, "the sandbox portal is not found");
    for file in portal {
        assert_eq!(naming(&file, &["b24pay::"]), [""; 0]);
    }
}

#[test]
fn nothing_outside_of_the_server_does_io_or_reads_a_clock() {
    let names = [
        "std::fs",
        "std::net",
        "std::time",
        "std::thread",
        "tokio",
        "SystemTime",
        "Instant",
    ];
    for file in sources("tests/portal/src") {
        let is_outside = file.components().any(|part| part.as_os_str() == "server");
        if !is_outside && !file.ends_with("main.rs") {
            assert_eq!(naming(&file, &names), [""; 0]);
        }
    }
}
