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

/// What it prints is read: it has no colours, and nothing is left out, whatever cargo and Node are asked for elsewhere.
fn spawned(command: &mut Command) -> Result<Child> {
    let child = command
        .env("CARGO_TERM_COLOR", "never")
        .env("CARGO_TERM_QUIET", "false")
        .env_remove("FORCE_COLOR")
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

#[cfg(test)]
mod tests {
    use super::lines;
    use crate::run;

    #[test]
    fn what_is_read_has_no_colours_and_is_not_quiet() -> anyhow::Result<()> {
        let mut shell = run::command("sh");
        for (name, value) in [
            ("CARGO_TERM_COLOR", "always"),
            ("CARGO_TERM_QUIET", "true"),
            ("FORCE_COLOR", "1"),
        ] {
            shell.env(name, value);
        }
        let told = "echo $CARGO_TERM_COLOR $CARGO_TERM_QUIET ${FORCE_COLOR-none}";
        let ended = lines(shell.args(["-c", told]))?;
        assert_eq!(ended.lines, ["never false none"]);
        Ok(())
    }
}
