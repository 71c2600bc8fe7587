//! Bundles the loader, the glue and the module with esbuild: once with the module inlined, once with it as a file.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::module::Module;
use super::signs;
use crate::{project, run};

/// Writes `b24pay.js`, `slim.js` and `b24pay.wasm`.
pub fn write(module: &Module) -> Result<()> {
    let package = project::package();
    if package.exists() {
        fs::remove_dir_all(&package)?;
    }
    fs::create_dir_all(&package)?;
    let wasm = fs::read(module.wasm())?;
    fs::write(module.text(), signs::module(&wasm))?;
    esbuild(module, "inlined.js", &package.join("b24pay.js"))?;
    esbuild(module, "separate.js", &package.join("slim.js"))?;
    fs::copy(module.wasm(), package.join("b24pay.wasm"))?;
    Ok(())
}

/// The loader imports `#glue`, `#bytes` and `#wasm`; here is what they are.
fn esbuild(module: &Module, bytes: &str, bundle: &Path) -> Result<()> {
    let npm = project::root().join("npm");
    let mut esbuild = run::command(project::npm_tool("esbuild"));
    esbuild.arg(npm.join("index.js"));
    esbuild.args([
        "--bundle",
        "--minify",
        "--format=esm",
        "--target=es2022",
        "--charset=utf8",
    ]);
    esbuild.args(["--legal-comments=none", "--log-level=warning"]);
    for (name, file) in [
        ("#glue", module.glue()),
        ("#bytes", npm.join(bytes)),
        ("#wasm", module.text()),
    ] {
        esbuild.arg(format!("--alias:{name}={}", file.display()));
    }
    esbuild.arg(format!("--outfile={}", bundle.display()));
    run::to_the_end(&mut esbuild).context("esbuild")
}
