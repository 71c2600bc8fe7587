//! Brings what the commands need and the machine lacks, and says so: the wasm target, the npm tools, Chromium.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use fs_err as fs;

use crate::{once, project, run};

/// What is compiled for the browser is compiled for this target.
pub const WASM: &str = "wasm32-unknown-unknown";

/// Where the compiler's libraries are.
pub fn sysroot() -> Result<PathBuf> {
    let sysroot = run::output(run::command("rustc").args(["--print", "sysroot"]))?;
    Ok(sysroot.trim().into())
}

/// Where those for [`WASM`] are, if they are there.
pub fn wasm_libraries() -> Result<PathBuf> {
    Ok(sysroot()?.join("lib/rustlib").join(WASM))
}

/// The standard library for wasm, which rustup fetches by itself only where that is not switched off.
pub fn wasm_target() -> Result<()> {
    if wasm_libraries()?.exists() {
        return Ok(());
    }
    println!("the target {WASM} is missing: rustup target add {WASM}");
    run::to_the_end(run::command("rustup").args(["target", "add", WASM]))
        .with_context(|| format!("this project needs the Rust target {WASM}"))
}

/// The oldest Node that runs the tools and the tests.
const NODE: (u32, u32) = (20, 12);

/// Node, in a version that will do. An older one would fail somewhere on the way, by what it does not know.
pub fn node() -> Result<()> {
    let (major, minor) = NODE;
    let needed = || format!("this project needs Node {major}.{minor} or newer with npm");
    let said = run::output(run::command("node").arg("--version")).with_context(needed)?;
    if !will_do(&said) {
        bail!("{}; `node` here is {}", needed(), said.trim());
    }
    Ok(())
}

/// Whether a Node that says this of its version is new enough.
fn will_do(said: &str) -> bool {
    version(said).is_some_and(|version| version >= NODE)
}

/// Of `v20.12.1` the first two numbers.
fn version(said: &str) -> Option<(u32, u32)> {
    let mut numbers = said.trim().strip_prefix('v')?.split('.');
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

/// The JavaScript tools, exactly as the lock file names them.
pub fn npm() -> Result<()> {
    let modules = project::tests().join("node_modules");
    let record = modules.join(".installed-from.json");
    let lock = fs::read(project::lock_file())?;
    once::made(&modules, &record, &lock, || {
        println!("the npm tools are not those of tests/package-lock.json: npm ci");
        let mut npm = run::command("npm");
        npm.current_dir(project::tests()).args([
            "ci",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
        ]);
        run::to_the_end(&mut npm).context("this project needs npm, which comes with Node")
    })
}

/// A package of Debian, and a file of it.
pub type Package = (&'static str, &'static str);

/// Debian's Chromium, and its headless shell: the same engine without a window, in which most tests run.
pub const CHROMIUM: &[Package] = &[
    ("chromium", "/usr/bin/chromium"),
    (
        "chromium-headless-shell",
        "/usr/bin/chromium-headless-shell",
    ),
];

/// Debian's Firefox and its `WebKit`, which needs a screen.
pub const FIREFOX_AND_WEBKIT: &[Package] = &[
    ("firefox-esr", "/usr/bin/firefox-esr"),
    ("webkit2gtk-driver", "/usr/bin/WebKitWebDriver"),
    ("xvfb", "/usr/bin/Xvfb"),
];

/// What programs from `PyPI` are installed with.
const VENV: Package = ("python3-venv", "/usr/share/doc/python3-venv");

/// Python alone.
pub const PYTHON: &[Package] = &[VENV];

/// What public clients of other languages run with; `openssl` makes the certificate that some of them ask for.
pub const LANGUAGES: &[Package] = &[
    ("curl", "/usr/bin/curl"),
    ("openssl", "/usr/bin/openssl"),
    ("php-cli", "/usr/bin/php"),
    VENV,
];

/// The servers of the hosting guide, as programs: what starts of itself with the machine is Debian's affair.
pub const WEB_SERVERS: &[Package] = &[
    ("nginx", "/usr/sbin/nginx"),
    ("caddy", "/usr/bin/caddy"),
    ("openssl", "/usr/bin/openssl"),
];

/// Packages and a file of each. Where one is missing all are named to apt, which then brings those that are there to the version
/// that the missing one asks for, and takes none away.
///
/// # Errors
///
/// Where one is absent and cannot be installed: a test that needs it is never skipped.
pub fn debian(packages: &[Package]) -> Result<()> {
    let missing: Vec<&str> = packages
        .iter()
        .map(|(_, file)| *file)
        .filter(|file| !Path::new(file).exists())
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let missing = missing.join(" ");
    let names: Vec<&str> = packages.iter().map(|(name, _)| *name).collect();
    let user = run::output(run::command("id").arg("-u")).unwrap_or_default();
    if user.trim() != "0" || !Path::new("/usr/bin/apt-get").exists() {
        let names = names.join(" ");
        bail!("missing: {missing}; install first: sudo apt-get install {names}");
    }
    println!("missing: {missing}; apt-get install {}", names.join(" "));
    run::to_the_end(run::command("apt-get").args(["-qq", "update"]))?;
    let mut install = run::command("apt-get");
    install.env("DEBIAN_FRONTEND", "noninteractive");
    install.args(["-qq", "install", "--yes", "--no-install-recommends"]);
    run::to_the_end(install.args(names))?;
    if let Some((name, file)) = packages.iter().find(|(_, file)| !Path::new(file).exists()) {
        bail!("{name} was installed, and {file} is still missing");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::will_do;

    #[test]
    fn a_node_that_is_new_enough_will_do_and_no_other() {
        for said in ["v20.12.0\n", "v20.20.2\n", "v100.0.0\n"] {
            assert!(will_do(said), "{said}");
        }
        for said in ["v20.9.0\n", "v18.20.4\n", "v9.99.0\n", "20.12.0", "v20", ""] {
            assert!(!will_do(said), "{said}");
        }
    }
}
