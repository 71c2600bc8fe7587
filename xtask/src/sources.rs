//! A copy of the sources in another folder: all that the crate and its native tests are built from.

use std::ffi::OsString;
use std::path::Path;

use anyhow::Result;
use fs_err as fs;

use crate::project;

const COPIED: [&str; 8] = [
    "Cargo.toml",
    "Cargo.lock",
    "rust-toolchain.toml",
    "examples",
    "npm",
    "src",
    "tests",
    "xtask",
];

/// Copies them; what is the same there already keeps its time, so that little is built anew, and what has gone here goes there.
pub fn copy(to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for part in COPIED {
        copied(&project::root().join(part), &to.join(part))?;
    }
    Ok(())
}

fn copied(from: &Path, to: &Path) -> Result<()> {
    // What has become a file here, or a folder.
    if to.exists() && to.is_dir() != from.is_dir() {
        remove(to)?;
    }
    if from.is_file() {
        let fresh = fs::read(from)?;
        if fs::read(to).ok().as_ref() != Some(&fresh) {
            fs::write(to, fresh)?;
        }
        return Ok(());
    }
    fs::create_dir_all(to)?;
    let wanted = names(from)?;
    for old in names(to)? {
        // What has gone must not be tested.
        if !wanted.contains(&old) {
            remove(&to.join(old))?;
        }
    }
    for name in wanted {
        copied(&from.join(&name), &to.join(&name))?;
    }
    Ok(())
}

/// What lies in a folder, without what is brought or made there.
fn names(folder: &Path) -> Result<Vec<OsString>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        if name != "node_modules" && name != "target" {
            names.push(name);
        }
    }
    Ok(names)
}

fn remove(old: &Path) -> Result<()> {
    if old.is_dir() {
        fs::remove_dir_all(old)?;
    } else {
        fs::remove_file(old)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::process;

    use anyhow::{Context, Result};
    use fs_err as fs;

    use serde_json::Value;

    use super::{COPIED, copied};
    use crate::{project, run};

    #[test]
    fn whatever_cargo_compiles_is_copied() -> Result<()> {
        let mut cargo = run::cargo();
        cargo.args(["metadata", "--no-deps", "--format-version", "1"]);
        let known: Value = serde_json::from_str(&run::output(&mut cargo)?)?;
        let packages = known.pointer("/packages").and_then(Value::as_array);
        let targets = packages
            .context("no packages")?
            .iter()
            .filter_map(|package| package.pointer("/targets")?.as_array())
            .flatten();
        let mut seen = 0;
        for target in targets {
            let path = target.pointer("/src_path").and_then(Value::as_str);
            let path = Path::new(path.context("no path")?).strip_prefix(project::root())?;
            let is_copied = COPIED.iter().any(|part| path.starts_with(part));
            assert!(is_copied, "{} is not copied", path.display());
            seen += 1;
        }
        assert!(seen > 3);
        Ok(())
    }

    #[test]
    fn what_has_gone_is_gone_in_the_copy_whatever_it_was() -> Result<()> {
        let folder = std::env::temp_dir().join(format!("b24pay sources {}", process::id()));
        let (here, there) = (folder.join("here"), folder.join("there"));
        let lay = |root: &Path, file: &str| -> Result<()> {
            let file = root.join(file);
            fs::create_dir_all(file.parent().context("a folder")?)?;
            Ok(fs::write(file, "")?)
        };
        lay(&here, "kept/main.rs")?;
        lay(&here, "now a file")?;
        lay(&here, "now a folder/main.rs")?;
        for old in [
            "gone.rs",
            "gone/main.rs",
            "now a file/main.rs",
            "now a folder",
        ] {
            lay(&there, old)?;
        }
        let ended = copied(&here, &there);
        let is_there = |name: &str| there.join(name).is_file();
        let left = [
            "kept/main.rs",
            "now a file",
            "now a folder/main.rs",
            "gone.rs",
            "gone/main.rs",
        ]
        .map(is_there);
        fs::remove_dir_all(folder)?;
        ended?;
        assert_eq!(left, [true, true, true, false, false]);
        Ok(())
    }
}
