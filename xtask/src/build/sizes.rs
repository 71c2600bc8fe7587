//! Prints what each built file weighs: as it is, and as servers send it.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Result;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::project;

/// One line a file: raw, gzip -9, brotli 11.
pub fn print() -> Result<()> {
    for folder in [project::package(), project::page()] {
        println!(
            "\n{:<44} {:>9} {:>9} {:>9}",
            folder.display(),
            "raw",
            "gzip -9",
            "brotli 11"
        );
        for file in files(&folder)? {
            let bytes = fs::read(&file)?;
            let name = file
                .strip_prefix(&folder)
                .unwrap_or(&file)
                .display()
                .to_string();
            println!(
                "  {name:<42} {:>9} {:>9} {:>9}",
                bytes.len(),
                gzip(&bytes)?,
                brotli(&bytes)?
            );
        }
    }
    Ok(())
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(self::files(&path)?);
        } else {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// The size after `gzip -9`.
fn gzip(bytes: &[u8]) -> Result<usize> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?.len())
}

/// The size after `brotli -q 11`.
fn brotli(bytes: &[u8]) -> Result<usize> {
    let mut compressed = Vec::new();
    let mut encoder = brotli::CompressorWriter::new(&mut compressed, 4096, 11, 22);
    encoder.write_all(bytes)?;
    encoder.flush()?;
    drop(encoder);
    Ok(compressed.len())
}
