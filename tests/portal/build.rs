//! Lists what `assets/` holds, so that the server can carry every file of it.

use std::fmt::Write;
use std::{env, fs, io, path::Path};

fn main() -> io::Result<()> {
    let assets =
        Path::new(&env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?).join("assets");
    println!("cargo::rerun-if-changed={}", assets.display());
    let mut paths: Vec<_> = fs::read_dir(&assets)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    paths.sort();
    let mut list = String::from("&[\n");
    for path in paths
        .iter()
        .filter(|path| path.extension().is_some_and(|kind| kind != "md"))
    {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let _ = writeln!(
            list,
            "    ({name:?}, include_str!({:?})),",
            path.display().to_string()
        );
    }
    list.push_str("]\n");
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    fs::write(Path::new(&out).join("assets.rs"), list)
}
