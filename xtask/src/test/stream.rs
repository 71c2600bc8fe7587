//! Shows what a program prints while it runs, and keeps the lines for counting.

use std::io::{self, BufRead, BufReader, PipeReader};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};

use crate::run;

/// How a program ended, and the lines that it had printed.
#[derive(Debug)]
pub struct Ended {
    pub success: bool,
    pub lines: Vec<String>,
}

/// Runs to the end; failing is a result like another.
pub fn lines(command: &mut Command) -> Result<Ended> {
    let (reader, writer) = io::pipe()?;
    ended(spawned(command.stdout(writer))?, reader)
}

/// The same, with what it printed to standard error among the lines.
pub fn lines_of_both(command: &mut Command) -> Result<Ended> {
    let (child, both) = begun(command)?;
    ended(child, both)
}

/// Begins it; what goes to both outputs comes in its order.
pub fn begun(command: &mut Command) -> Result<(Child, PipeReader)> {
    let (reader, writer) = io::pipe()?;
    command.stdout(writer.try_clone()?).stderr(writer);
    Ok((spawned(command)?, reader))
}

fn spawned(command: &mut Command) -> Result<Child> {
    let child = command
        .stdin(Stdio::null())
        .spawn()
        .with_context(|| format!("could not start {}", run::line(command)))?;
    // Its own ends of the pipe would keep the pipe open.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    Ok(child)
}

fn ended(mut child: Child, printed: PipeReader) -> Result<Ended> {
    let mut lines = Vec::new();
    for printed in BufReader::new(printed).split(b'\n') {
        let printed = String::from_utf8_lossy(&printed?).into_owned();
        println!("{printed}");
        lines.push(printed);
    }
    Ok(Ended {
        success: child.wait()?.success(),
        lines,
    })
}
