//! `cargo xtask mutants`: breaks the flow on purpose, one place at a time, in a copy of the source,
//! and says which test notices. A mutant that no test notices fails, and so does one whose place has
//! gone.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Result, bail};
use fs_err as fs;

use crate::{project, run, sources};

mod rows;

use rows::{MUTANTS, Mutant};

/// Tests that run for longer than this hang: a mutant may make the flow wait for ever.
const LONGEST: Duration = Duration::from_mins(5);

/// What became of a mutant.
enum Fate {
    /// The tests that failed, or why they did not get that far.
    Caught(String),
    Survived,
    DoesNotCompile(String),
    /// The tests were broken off from outside: nobody noticed, and nobody could.
    BrokenOff(String),
}

/// Tries every mutant, or only those whose names are given.
pub fn try_all(names: &[&str]) -> Result<()> {
    if let Some(unknown) = names
        .iter()
        .find(|name| !MUTANTS.iter().any(|mutant| mutant.name == **name))
    {
        bail!("no mutant `{unknown}`");
    }
    let folder = project::target().join("mutants");
    let tree = folder.join("tree");
    sources::copy(&tree)?;
    println!("the crate as it is");
    match tested(&tree, &folder, LONGEST)? {
        Fate::Survived => {}
        Fate::Caught(by) => bail!("the tests fail without any mutation: {by}"),
        Fate::DoesNotCompile(why) => bail!("the copy does not compile: {why}"),
        Fate::BrokenOff(why) => bail!("the tests were broken off: {why}"),
    }
    let chosen = MUTANTS
        .iter()
        .filter(|mutant| names.is_empty() || names.contains(&mutant.name));
    let (mut caught, mut failed) = (0, Vec::new());
    for mutant in chosen {
        let fate = mutated(mutant, &tree, &folder)?;
        let said = match &fate {
            Ok(Fate::Caught(by)) => {
                caught += 1;
                format!("caught    {by}")
            }
            Ok(Fate::Survived) => "SURVIVED".into(),
            Ok(Fate::DoesNotCompile(why)) => format!("NO RUST   {why}"),
            Ok(Fate::BrokenOff(why)) => format!("NO TEST   {why}"),
            Err(lost) => format!("NO PLACE  {lost}"),
        };
        println!("{:<44} {said}", mutant.name);
        if !matches!(fate, Ok(Fate::Caught(_))) {
            failed.push(mutant.name);
        }
    }
    println!("\n{caught} caught, {} not", failed.len());
    if !failed.is_empty() {
        bail!("not caught: {}", failed.join(", "));
    }
    Ok(())
}

/// One mutation, tested and taken back. The inner error is a place that is not there once.
fn mutated(mutant: &Mutant, tree: &Path, folder: &Path) -> Result<Result<Fate, String>> {
    let path = tree.join("src").join(mutant.file);
    let source = fs::read_to_string(&path)?;
    let places = source.matches(mutant.from).count();
    if places != 1 {
        return Ok(Err(format!(
            "its text occurs {places} times in {}",
            mutant.file
        )));
    }
    fs::write(&path, source.replacen(mutant.from, mutant.to, 1))?;
    let mut fate = tested(tree, folder, LONGEST);
    if matches!(fate, Ok(Fate::BrokenOff(_))) {
        fate = tested(tree, folder, LONGEST);
    }
    fs::write(&path, source)?;
    fate.map(Ok)
}

/// Runs the native tests in the copy.
fn tested(tree: &Path, folder: &Path, longest: Duration) -> Result<Fate> {
    let (out, err) = (folder.join("stdout.txt"), folder.join("stderr.txt"));
    let mut cargo: Command = run::cargo();
    // Building takes its time; only tests that have begun can hang. Cargo that is ended would leave them running.
    let ended_after = format!("'timeout', '--foreground', '{}'", longest.as_secs());
    let status = cargo
        .args(["test", "--package", "b24pay", "--tests", "--config"])
        .arg(format!("target.'cfg(all())'.runner = [{ended_after}]"))
        .current_dir(tree)
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .env("RUSTFLAGS", "-Awarnings")
        .env("RUST_BACKTRACE", "0")
        .stdin(Stdio::null())
        .stdout(fs::File::create(&out)?.into_file())
        .stderr(fs::File::create(&err)?.into_file())
        .status()?;
    if status.success() {
        return Ok(Fate::Survived);
    }
    let printed = fs::read_to_string(&out)?;
    let failed: BTreeSet<&str> = printed
        .lines()
        .filter_map(|line| line.strip_prefix("test ")?.strip_suffix(" ... FAILED"))
        .collect();
    if let Some(first) = failed.first() {
        let others = match failed.len() - 1 {
            0 => String::new(),
            more => format!(" and {more} more of its file"),
        };
        return Ok(Fate::Caught(format!("{first}{others}")));
    }
    let said = fs::read_to_string(&err)?;
    if said.contains("(exit status: 124)") {
        return Ok(Fate::Caught("the tests hang".into()));
    }
    let why = said.lines().find(|line| line.starts_with("error"));
    let why = why.unwrap_or("it ended without a word").to_owned();
    Ok(if printed.is_empty() {
        Fate::DoesNotCompile(why)
    } else {
        Fate::BrokenOff(why)
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::time::Duration;
    use std::{env, process};

    use anyhow::Result;
    use fs_err as fs;

    use super::{Fate, tested};

    #[test]
    fn tests_that_hang_are_noticed_and_ended() -> Result<()> {
        let folder = env::temp_dir().join(format!("b24pay mutants {}", process::id()));
        let tree = folder.join("tree");
        fs::create_dir_all(tree.join("src"))?;
        let manifest = "[package]\nname = \"b24pay\"\nedition = \"2024\"\n[workspace]\n";
        fs::write(tree.join("Cargo.toml"), manifest)?;
        let hanging = "#[test] fn hangs() {
            std::fs::write(\"pid\", std::process::id().to_string()).unwrap();
            loop { std::thread::park() }
        }";
        fs::write(tree.join("src/lib.rs"), hanging)?;
        let fate = tested(&tree, &folder, Duration::from_secs(1));
        let number = fs::read_to_string(tree.join("pid"));
        fs::remove_dir_all(folder)?;
        assert!(matches!(fate?, Fate::Caught(by) if by == "the tests hang"));
        assert!(!Path::new("/proc").join(number?).exists());
        Ok(())
    }
}
