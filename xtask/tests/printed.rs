//! Where nothing can be printed, xtask ends with a sentence and not with a panic.
#![cfg(target_os = "linux")]

use std::error::Error;
use std::fs::File;
use std::io::pipe;
use std::process::{Command, Stdio};

/// The exit code of the usage, printed to this output, and what was said beside.
fn printed_to(output: impl Into<Stdio>) -> Result<(Option<i32>, String), Box<dyn Error>> {
    let mut xtask = Command::new(env!("CARGO_BIN_EXE_xtask"));
    let ended = xtask.arg("help").stdout(output).stderr(Stdio::piped());
    let ended = ended.spawn()?.wait_with_output()?;
    Ok((ended.status.code(), String::from_utf8(ended.stderr)?))
}

#[test]
fn a_full_disk_is_told_and_a_reader_that_has_gone_is_not() -> Result<(), Box<dyn Error>> {
    let full = File::options().write(true).open("/dev/full")?;
    let sentence = "error: nothing can be printed: No space left on device (os error 28)\n";
    assert_eq!(printed_to(full)?, (Some(1), sentence.to_owned()));
    let (reader, writer) = pipe()?;
    drop(reader);
    assert_eq!(printed_to(writer)?, (Some(1), String::new()));
    Ok(())
}
