//! `cargo xtask build`: the crate becomes an npm package in `target/npm` and a page in `target/app`,
//! which is also zipped for an upload.

use std::fs::{File, TryLockError};
use std::path::Path;

use anyhow::Result;
use fs_err as fs;

mod bundle;
mod constants;
mod docs;
mod elder;
mod element;
mod elsewhere;
mod esbuild;
mod glue;
mod imports;
mod markup;
mod module;
mod order;
mod package;
mod packed;
mod page;
mod panics;
mod parts;
mod places;
mod self_contained;
mod short_texts;
mod streams;
mod unread;
mod upload;

pub use elsewhere::compare as compare_with_elsewhere;
pub use parts::print as by_part;

use crate::{project, run, tools};

/// Builds all that is published or served, and prints what it weighs.
pub fn everything() -> Result<()> {
    tools::node()?;
    tools::wasm_target()?;
    let _alone = alone()?;
    let compiled = module::compile(tools::npm)?;
    bundle::package(&compiled)?;
    element::write()?;
    package::complete()?;
    page::lay(&compiled)?;
    docs::render()?;
    upload::write()?;
    sizes()
}

/// Builds the sandbox portal as a program; like everything else in the workspace, so that nothing is compiled twice.
pub fn portal() -> Result<()> {
    run::to_the_end(run::cargo().args(["build", "--workspace", "--bins"]))
}

/// Builds, and makes the weights of what came of it the numbers that the suite `size` compares with.
pub fn take_weights() -> Result<()> {
    everything()?;
    let mut node = run::command("node");
    node.arg(project::tests().join("size/weights.js"))
        .arg("--write");
    node.env("B24PAY_TARGET", project::target());
    run::to_the_end(&mut node)
}

/// Waits for another command that makes the same things in the same folder: each would publish halves of the other's.
fn alone() -> Result<File> {
    fs::create_dir_all(project::target())?;
    let lock = fs::File::create(project::target().join("xtask.lock"))?.into_file();
    // Where the file system has no locks, nobody waits.
    if let Err(TryLockError::WouldBlock) = lock.try_lock() {
        println!("another command builds here; waiting for it");
        lock.lock()?;
    }
    Ok(lock)
}

/// Copies the files of a folder, without folders in it.
fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        fs::copy(entry.path(), to.join(entry.file_name()))?;
    }
    Ok(())
}

fn sizes() -> Result<()> {
    let mut node = run::command("node");
    node.arg(project::root().join("xtask/sizes.js"));
    for weighed in [project::package(), project::page(), project::upload()] {
        node.arg(weighed);
    }
    run::to_the_end(&mut node)
}
