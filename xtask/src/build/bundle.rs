//! Bundles the loader, the glue and the module with esbuild: once with the module inlined, once with it as a file.

use std::fs;
use std::path::Path;

use anyhow::Result;

use super::esbuild;
use super::module::Module;
use super::packed;
use crate::project;

/// Writes `b24pay.js`, `slim.js` and `b24pay.wasm`.
pub fn write(module: &Module) -> Result<()> {
    let package = project::package();
    if package.exists() {
        fs::remove_dir_all(&package)?;
    }
    fs::create_dir_all(&package)?;
    let wasm = fs::read(module.wasm())?;
    fs::write(
        module.text(),
        packed::module(&wasm, &fs::read(module.unpacker())?)?,
    )?;
    bundle(module, "inlined.js", &package.join("b24pay.js"))?;
    bundle(module, "separate.js", &package.join("slim.js"))?;
    fs::copy(module.wasm(), package.join("b24pay.wasm"))?;
    Ok(())
}

/// The loader imports `#glue`, `#bytes` and `#wasm`; here is what they are.
fn bundle(module: &Module, bytes: &str, file: &Path) -> Result<()> {
    let npm = project::root().join("npm");
    let aliases = [
        ("#glue", module.glue()),
        ("#bytes", npm.join(bytes)),
        ("#wasm", module.text()),
    ];
    esbuild::module(
        &npm.join("index.js"),
        file,
        aliases.map(|(name, file)| esbuild::alias(name, &file)),
    )
}
