//! Brings what the commands need and the machine lacks, and says so: the wasm target, the npm tools, Chromium.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::{project, run};

const WASM: &str = "wasm32-unknown-unknown";

/// The standard library for wasm, which rustup fetches by itself only where that is not switched off.
pub fn wasm_target() -> Result<()> {
    let sysroot = run::output(run::command("rustc").args(["--print", "sysroot"]))?;
    if Path::new(sysroot.trim())
        .join("lib/rustlib")
        .join(WASM)
        .exists()
    {
        return Ok(());
    }
    println!("the target {WASM} is missing: rustup target add {WASM}");
    run::to_the_end(run::command("rustup").args(["target", "add", WASM]))
        .with_context(|| format!("this project needs the Rust target {WASM}"))
}

/// The JavaScript tools, exactly as the lock file names them.
pub fn npm() -> Result<()> {
    let lock = fs::read(project::tests().join("package-lock.json"))?;
    let modules = project::tests().join("node_modules");
    let installed = modules.join(".installed-from.json");
    if fs::read(&installed).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    println!("the npm tools are not those of tests/package-lock.json: npm ci");
    let mut npm = run::command("npm");
    npm.current_dir(project::tests())
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
    run::to_the_end(&mut npm).context("this project needs Node 20 or newer with npm")?;
    fs::write(installed, lock)?;
    Ok(())
}

/// Debian's Chromium.
///
/// # Errors
///
/// Where it is absent and cannot be installed: a browser test is never skipped.
pub fn chromium() -> Result<()> {
    debian_package("chromium", "/usr/bin/chromium")
}

/// Debian's Firefox.
///
/// # Errors
///
/// As for [`chromium`].
pub fn firefox() -> Result<()> {
    debian_package("firefox-esr", "/usr/bin/firefox-esr")
}

/// Debian's `WebKit`, which needs a screen.
///
/// # Errors
///
/// As for [`chromium`].
pub fn webkit() -> Result<()> {
    debian_package("webkit2gtk-driver", "/usr/bin/WebKitWebDriver")?;
    debian_package("xvfb", "/usr/bin/Xvfb")
}

/// What public clients of other languages run with; `openssl` makes the certificate that some of them ask for.
///
/// # Errors
///
/// As [`chromium`].
pub fn languages() -> Result<()> {
    for (package, there) in [
        ("curl", "/usr/bin/curl"),
        ("openssl", "/usr/bin/openssl"),
        ("php-cli", "/usr/bin/php"),
    ] {
        debian_package(package, there)?;
    }
    python()
}

/// What programs from `PyPI` are installed with.
///
/// # Errors
///
/// As for [`chromium`].
pub fn python() -> Result<()> {
    debian_package("python3-venv", "/usr/share/doc/python3-venv")
}

/// The servers of the hosting guide, as programs: what starts of itself with the machine is Debian's affair.
///
/// # Errors
///
/// As for [`chromium`].
pub fn web_servers() -> Result<()> {
    debian_package("nginx", "/usr/sbin/nginx")?;
    debian_package("caddy", "/usr/bin/caddy")?;
    debian_package("openssl", "/usr/bin/openssl")
}

fn debian_package(package: &str, program: &str) -> Result<()> {
    if Path::new(program).exists() {
        return Ok(());
    }
    let user = run::output(run::command("id").arg("-u")).unwrap_or_default();
    if user.trim() != "0" || !Path::new("/usr/bin/apt-get").exists() {
        bail!("{program} is missing; install it first: sudo apt-get install {package}");
    }
    println!("{program} is missing: apt-get install {package}");
    run::to_the_end(run::command("apt-get").args(["-qq", "update"]))?;
    let mut install = run::command("apt-get");
    install.env("DEBIAN_FRONTEND", "noninteractive");
    run::to_the_end(install.args([
        "-qq",
        "install",
        "--yes",
        "--no-install-recommends",
        package,
    ]))?;
    if !Path::new(program).exists() {
        bail!("{package} was installed, and {program} is still missing");
    }
    Ok(())
}
