//! esbuild, as every bundle of this project is made, and terser, which makes a module of it smaller still.

use std::path::Path;

use anyhow::{Context, Result};

use crate::{project, run};

/// Bundles what begins at `entry` into one minified ES module.
pub fn module<I: AsRef<str>>(
    entry: &Path,
    bundle: &Path,
    options: impl IntoIterator<Item = I>,
) -> Result<()> {
    let mut all = vec![
        "--format=esm".to_owned(),
        "--target=es2022".to_owned(),
        "--charset=utf8".to_owned(),
    ];
    all.extend(options.into_iter().map(|option| option.as_ref().to_owned()));
    minified(entry, bundle, &all)?;
    let mut terser = run::command(project::npm_tool("terser"));
    terser.arg(bundle).args(["--module", "--ecma=2022"]);
    terser
        .args(["--compress", "--mangle", "--output"])
        .arg(bundle);
    run::to_the_end(&mut terser).context("terser")
}

/// Bundles a style sheet with those that it imports.
pub fn style(entry: &Path, bundle: &Path) -> Result<()> {
    minified(entry, bundle, &[])
}

/// An option that says what a name such as `#glue` stands for.
pub fn alias(name: &str, file: &Path) -> String {
    format!("--alias:{name}={}", file.display())
}

fn minified(entry: &Path, bundle: &Path, options: &[String]) -> Result<()> {
    let mut esbuild = run::command(project::npm_tool("esbuild"));
    esbuild.arg(entry).args(["--bundle", "--minify"]);
    esbuild.args(["--legal-comments=none", "--log-level=warning"]);
    esbuild.args(options);
    esbuild.arg(format!("--outfile={}", bundle.display()));
    run::to_the_end(&mut esbuild).context("esbuild")
}
