//! Bundles the loader, the glue and a module with esbuild: for the package with the module inlined and with it as a file, for the
//! page with its own inlined.

use std::path::Path;

use anyhow::Result;
use fs_err as fs;

use super::esbuild;
use super::module::{Compiled, Module};
use super::packed;
use crate::project;

/// Writes the package's `b24pay.js`, `slim.js` and `b24pay.wasm`.
pub fn package(compiled: &Compiled) -> Result<()> {
    let package = project::package();
    if package.exists() {
        fs::remove_dir_all(&package)?;
    }
    fs::create_dir_all(&package)?;
    let module = &compiled.package;
    packed(module, compiled)?;
    bundle(module, "index.js", "inlined.js", &package.join("b24pay.js"))?;
    bundle(module, "index.js", "separate.js", &package.join("slim.js"))?;
    fs::copy(module.wasm(), package.join("b24pay.wasm"))?;
    Ok(())
}

/// Writes the page's `b24pay.js`.
pub fn page(compiled: &Compiled, file: &Path) -> Result<()> {
    packed(&compiled.page, compiled)?;
    bundle(&compiled.page, "in_frame.js", "inlined.js", file)
}

fn packed(module: &Module, compiled: &Compiled) -> Result<()> {
    let (wasm, unpacker) = (fs::read(module.wasm())?, fs::read(&compiled.unpacker)?);
    Ok(fs::write(module.text(), packed::module(&wasm, &unpacker)?)?)
}

/// The loader imports `#glue`, `#bytes` and `#wasm`; here is what they are.
fn bundle(module: &Module, exports: &str, bytes: &str, file: &Path) -> Result<()> {
    let npm = project::root().join("npm");
    let aliases = [
        ("#glue", module.glue()),
        ("#bytes", npm.join(bytes)),
        ("#wasm", module.text()),
    ];
    esbuild::module(
        &npm.join(exports),
        file,
        aliases.map(|(name, file)| esbuild::alias(name, &file)),
    )
}
