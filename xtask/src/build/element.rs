//! Bundles the operator's element with its markup and its style, and lays the words of each language beside it.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use super::esbuild;
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
    let (markup, style) = (made.join("element.html"), made.join("style.css"));
    let html = fs::read_to_string(www.join("element.html"))?;
    fs::write(&markup, without_words(&compact(&html)))?;
    esbuild::style(&www.join("style.css"), &style)?;
    let options = [
        esbuild::alias("#markup", &markup),
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

/// Markup without its indentation and without comments on lines of their own; that a space stands somewhere is kept.
fn compact(html: &str) -> String {
    let mut kept = String::new();
    let mut rest = html;
    while let Some((before, after)) = rest.split_once("<!--") {
        kept.push_str(before);
        rest = after.split_once("-->").map_or("", |(_, after)| after);
    }
    kept.push_str(rest);
    let lines = kept.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

/// What can be seen before the words of a language are there, or where they do not come.
const SEEN_WITHOUT_WORDS: [&str; 4] = ["page.title", "list.loading", "list.slow", "list.reload"];

/// Markup without the English that the words of a language replace before anybody sees it.
fn without_words(html: &str) -> String {
    let mut kept = String::new();
    let mut is_replaced = false;
    for part in html.split_inclusive('>') {
        let (text, tag) = part.split_at(part.find('<').unwrap_or(part.len()));
        if !is_replaced {
            kept.push_str(text);
        }
        is_replaced =
            attribute(tag, "data-word").is_some_and(|key| !SEEN_WITHOUT_WORDS.contains(&key));
        let mut tag = tag.to_owned();
        for (key, name) in [
            ("data-word-label", "aria-label"),
            ("data-word-placeholder", "placeholder"),
        ] {
            let Some(value) = attribute(&tag, key).and_then(|_| attribute(&tag, name)) else {
                continue;
            };
            tag = tag.replace(&format!(" {name}=\"{value}\""), "");
        }
        kept.push_str(&tag);
    }
    kept
}

/// The value of an attribute of a tag.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, value) = tag.split_once(&format!(" {name}=\""))?;
    value.split_once('"').map(|(value, _)| value)
}

#[cfg(test)]
mod tests {
    use super::{compact, without_words};

    #[test]
    fn what_the_words_replace_is_left_out_and_what_is_seen_without_them_stays() {
        let html = r#"<h1 data-word="page.title">Payments</h1> <p data-word="none.text">No <b aria-label="x">payments</b></p>
<input data-word-placeholder="a" placeholder="Number"> <i data-word-label="b" aria-label="Details"></i>"#;
        let left = r#"<h1 data-word="page.title">Payments</h1> <p data-word="none.text"><b aria-label="x">payments</b></p>
<input data-word-placeholder="a"> <i data-word-label="b"></i>"#;
        assert_eq!(without_words(html), left);
    }

    #[test]
    fn markup_keeps_its_spaces_and_loses_indentation_and_comments() {
        let html = "<!-- what\n it is -->\n<p>\n  a <b>c</b>\n\n</p><!-- end -->\n";
        assert_eq!(compact(html), "<p>\na <b>c</b>\n</p>");
    }
}
