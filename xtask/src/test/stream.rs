//! Shows what a program prints while it runs, and keeps the lines for counting.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

use crate::run;

/// How a program ended, and what it had printed to standard output.
#[derive(Debug)]
pub struct Ended {
    pub success: bool,
    pub lines: Vec<String>,
}

/// Runs to the end; failing is a result like another.
pub fn lines(command: &mut Command) -> Result<Ended> {
    let line = run::line(command);
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("could not start {line}"))?;
    let mut lines = Vec::new();
    if let Some(stdout) = child.stdout.take() {
        for printed in BufReader::new(stdout).split(b'\n') {
            let printed = String::from_utf8_lossy(&printed?).into_owned();
            println!("{printed}");
            lines.push(printed);
        }
    }
    Ok(Ended {
        success: child.wait()?.success(),
        lines,
    })
}
