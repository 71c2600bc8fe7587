//! Builds the module once more, in a copy of the sources in another folder with another cargo home, and where rustup's
//! `rust-src` is installed: the bytes are the same.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use fs_err as fs;

use super::module::{self, For, Module};
use crate::project::Checkout;
use crate::{sources, tools};

/// Compares what was just built here with what another folder makes of the same sources, as far as they can differ: what wasm-opt
/// and esbuild are given.
pub fn compare() -> Result<()> {
    tools::wasm_target()?;
    let folder = Folder(env::temp_dir().join(format!("b24pay elsewhere {}", std::process::id())));
    let elsewhere = copied(&folder.0)?;
    module::bound(&elsewhere)?;
    let made = |checkout| {
        let [package, page] = [For::Package, For::Page].map(|whose| Module::of(checkout, whose));
        let modules = [package.bound(), package.glue(), page.bound(), page.glue()];
        let unpacker = module::compiled(checkout, "unpack");
        modules.into_iter().chain([unpacker])
    };
    let _alone = super::alone()?;
    for (here, there) in made(&Checkout::here()).zip(made(&elsewhere)) {
        let name = here.file_name().context("a file")?.to_string_lossy();
        let (ours, theirs) = (fs::read(&here)?, fs::read(&there)?);
        if ours != theirs {
            let at = ours
                .iter()
                .zip(&theirs)
                .position(|(ours, theirs)| ours != theirs);
            bail!(
                "{name} has {} bytes here and {} elsewhere, and differs from byte {} on",
                ours.len(),
                theirs.len(),
                at.unwrap_or(ours.len().min(theirs.len()))
            );
        }
        println!("{name}: {} bytes, the same in two folders", ours.len());
    }
    Ok(())
}

/// A folder that goes with its owner.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        // What cannot be removed lies in the folder for such things.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The sources, and a cargo home that shares only what was downloaded.
fn copied(folder: &Path) -> Result<Checkout> {
    let elsewhere = Checkout {
        root: folder.join("another place"),
        target: folder.join("built"),
        cargo_home: folder.join("home of cargo"),
        sysroot: Some(with_sources(&folder.join("compiler"))?),
    };
    sources::copy(&elsewhere.root)?;
    let registry = Checkout::here().cargo_home.join("registry");
    ensure!(registry.is_dir(), "cargo has downloaded nothing");
    fs::create_dir_all(&elsewhere.cargo_home)?;
    std::os::unix::fs::symlink(registry, elsewhere.cargo_home.join("registry"))?;
    Ok(elsewhere)
}

/// The compiler's libraries, and beside them what it looks for to know whether the sources of the standard library are there.
fn with_sources(sysroot: &Path) -> Result<PathBuf> {
    let library = sysroot.join(module::LIBRARY).join("library/std/src");
    fs::create_dir_all(&library)?;
    fs::write(library.join("lib.rs"), "")?;
    let libraries = sysroot.join("lib/rustlib").join(tools::WASM);
    std::os::unix::fs::symlink(tools::wasm_libraries()?, libraries)?;
    Ok(sysroot.to_path_buf())
}
