//! Lays the page: the documents of `www` with their scripts bundled, beside the package's element and its words, and a module of its
//! own.

use anyhow::Result;
use fs_err as fs;

use super::module::Compiled;
use super::{bundle, copy_folder, element, esbuild, markup};
use crate::project;

/// The documents of the page, and the scripts and the style sheets that they name.
const DOCUMENTS: [&str; 2] = ["index.html", "install.html"];
const SCRIPTS: [&str; 2] = ["app.js", "install.js"];
const STYLES: [&str; 3] = ["ground.css", "base.css", "install/install.css"];

/// Writes the folder that is served, uploaded or zipped.
pub fn lay(compiled: &Compiled) -> Result<()> {
    let (www, package, page) = (
        project::root().join("www"),
        project::package(),
        project::page(),
    );
    if page.exists() {
        fs::remove_dir_all(&page)?;
    }
    copy_folder(&www.join("install/words"), &page.join("install/words"))?;
    let titles = "install/titles.json";
    fs::copy(www.join(titles), page.join(titles))?;
    for name in DOCUMENTS {
        let html = fs::read_to_string(www.join(name))?;
        fs::write(page.join(name), markup::compact(&html))?;
    }
    for name in SCRIPTS {
        esbuild::module(&www.join(name), &page.join(name), element::BESIDE)?;
    }
    for name in STYLES {
        esbuild::style(&www.join(name), &page.join(name))?;
    }
    fs::copy(package.join("element.js"), page.join("element.js"))?;
    bundle::page(compiled, &page.join("b24pay.js"))?;
    copy_folder(&package.join("words"), &page.join("words"))
}
