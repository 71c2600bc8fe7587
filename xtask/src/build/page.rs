//! Lays the page: `www` as it stands, together with the module it imports.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::project;

/// Writes the folder that is served, uploaded or zipped.
pub fn lay() -> Result<()> {
    let page = project::page();
    if page.exists() {
        fs::remove_dir_all(&page)?;
    }
    copy_folder(&project::root().join("www"), &page).context("the page in www")?;
    fs::copy(project::package().join("b24pay.js"), page.join("b24pay.js"))?;
    Ok(())
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let copy = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &copy)?;
        } else {
            fs::copy(entry.path(), copy)?;
        }
    }
    Ok(())
}
