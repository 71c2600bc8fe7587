//! Runs other programs from the workspace's folder; a program that fails is an error that names the command line.

use std::ffi::OsStr;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::project;

/// A program to be run in the workspace's folder.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(project::root());
    command
}

/// The cargo that started xtask, so that the toolchain is the same. What it builds lies where xtask looks for it, whatever cargo's
/// own configuration says.
pub fn cargo() -> Command {
    let mut cargo = command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.env("CARGO_TARGET_DIR", project::target());
    cargo
}

/// Runs to the end with the terminal's own output.
pub fn to_the_end(command: &mut Command) -> Result<()> {
    let status = command
        .status()
        .with_context(|| format!("could not start {}", line(command)))?;
    if !status.success() {
        bail!("{} failed with {status}", line(command));
    }
    Ok(())
}

/// Runs to the end and hands back what was printed to standard output.
pub fn output(command: &mut Command) -> Result<String> {
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("could not start {}", line(command)))?;
    if !output.status.success() {
        bail!("{} failed with {}", line(command), output.status);
    }
    String::from_utf8(output.stdout).with_context(|| format!("{} printed no UTF-8", line(command)))
}

/// A command as one would type it.
pub fn line(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words
        .map(|word| word.to_string_lossy().into_owned())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::cargo;
    use crate::project;

    #[test]
    fn cargo_builds_where_xtask_looks_for_what_it_built() {
        let cargo = cargo();
        let said = cargo
            .get_envs()
            .find(|(name, _)| *name == "CARGO_TARGET_DIR");
        let folder = said.and_then(|(_, folder)| folder);
        assert_eq!(folder, Some(project::target().as_os_str()));
        assert!(project::portal_program().starts_with(project::target()));
    }
}
