//! Bundles the loader, the glue and the module with esbuild: once with the module inlined, once with it as a file.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::module::Module;
use crate::{project, run};

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
        format!("export default \"{}\";\n", letters(&wasm)),
    )?;
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

/// The bytes as letters, two each: the low half from A to P, the high half from a to p.
///
/// Base64 hides from a compressor where a byte begins. These letters are 4 % larger than the module after brotli, where
/// base64 is 30 % larger, and no bundler escapes them.
fn letters(bytes: &[u8]) -> String {
    let halves = bytes
        .iter()
        .flat_map(|byte| [b'A' + (byte & 15), b'a' + (byte >> 4)]);
    halves.map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::letters;

    #[test]
    fn a_byte_becomes_its_low_and_its_high_half() {
        assert_eq!(letters(&[0x00, 0x61, 0x73, 0x6d, 0xff]), "AaBgDhNgPp");
    }
}
