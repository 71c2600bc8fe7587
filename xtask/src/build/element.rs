//! Bundles the operator's element with its markup and its style, and lays the words of each language beside it.

use std::path::Path;

use anyhow::{Context, Result};
use fs_err as fs;
use serde_json::Value;

use super::{esbuild, markup};
use crate::project;

/// What a bundle of the page leaves to the browser: the files that lie beside it.
pub const BESIDE: [&str; 3] = [
    "--external:./b24pay.js",
    "--external:./element.js",
    "--external:./words/*",
];

/// Writes `element.js` and `words/` into the package.
pub fn write() -> Result<()> {
    let www = project::root().join("www");
    let made = project::target().join("element");
    fs::create_dir_all(&made)?;
    let (shown, style) = (made.join("element.html"), made.join("style.css"));
    let html = fs::read_to_string(www.join("element.html"))?;
    let html = markup::without_words(&markup::compact(&html));
    fs::write(&shown, markup::without_ends(&html))?;
    esbuild::style(&www.join("style.css"), &style)?;
    let options = [
        esbuild::alias("#markup", &shown),
        esbuild::alias("#style", &style),
        "--loader:.html=text".to_owned(),
        "--loader:.css=text".to_owned(),
    ];
    let beside = BESIDE.map(str::to_owned);
    esbuild::module(
        &www.join("element.js"),
        &project::package().join("element.js"),
        options.into_iter().chain(beside),
    )?;
    words(&www.join("words"), &project::package().join("words"))
}

/// Each language as a module, which every bundler and every browser can load by itself.
fn words(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        let words: Value = serde_json::from_slice(&fs::read(&path)?)
            .with_context(|| path.display().to_string())?;
        let name = path.with_extension("js");
        let name = name.file_name().context("a file")?;
        fs::write(to.join(name), format!("export default {words};\n"))?;
    }
    Ok(())
}
