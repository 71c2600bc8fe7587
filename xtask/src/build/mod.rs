//! `cargo xtask build`: the crate becomes an npm package in `target/npm` and a page in `target/app`.

use anyhow::Result;

mod bundle;
mod glue;
mod module;
mod package;
mod page;
mod sizes;

use crate::tools;

/// Builds all that is published or served, and prints what it weighs.
pub fn everything() -> Result<()> {
    tools::wasm_target()?;
    tools::npm()?;
    let module = module::compile()?;
    bundle::write(&module)?;
    package::complete()?;
    page::lay()?;
    sizes::print()
}
