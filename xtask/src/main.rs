//! The project's commands. `cargo xtask` alone says which there are; each command installs what it needs.

use std::ffi::OsString;
use std::io::{self, Write};
use std::panic;
use std::process::{self, ExitCode};

use anyhow::{Result, anyhow, bail};

mod bench;
mod build;
mod demo;
mod marked;
mod mutants;
mod once;
mod options;
mod project;
mod run;
mod soak;
mod sources;
mod test;
mod tools;

const USAGE: &str = "\
cargo xtask build [--by-part [--write] | --elsewhere [--built]]
    the npm package in target/npm, the page in target/app and, for an upload to a portal,
    in target/b24pay-app.zip, with the size of each file; --by-part says which parts of the
    module its bytes are in, --write puts that into docs/size.md;
    --elsewhere builds the module in another folder, too, and says whether the bytes are the same;
    with --built it is compared with what lies here already
cargo xtask demo [--port 8024] [--app-port 8025] [--settle-ms N]
    builds, then serves the sandbox portal and the page until Ctrl-C; port 0 picks a free one,
    --settle-ms shortens how long the page waits for a payment that may still turn paid
cargo xtask test [suite]...
    every test suite, or only those named
cargo xtask programs [suite]...
    installs the programs that every suite runs with, or those named; `test` does so by itself
cargo xtask size --write
    builds, and takes the weights as they are into tests/size/budgets.json, which the tests compare with
cargo xtask bench [--rounds 16] [--long] [--write]
    b24pay beside what people would use instead; --long pays five hundred payments in real time too,
    --write puts the table into the README
cargo xtask soak [--histories 1000000] [--seed N] | --history N
    random histories of the flow; the seed is printed, a failing history is shrunk, and --history
    plays it alone by its printed number
cargo xtask mutants [name]...
    breaks the flow on purpose, one place at a time, and says which test notices";

fn main() -> ExitCode {
    end_with_the_reader();
    let given = std::env::args_os().skip(1);
    let ended = texts(given).and_then(|words| {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        command(&words)
    });
    match ended {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Whoever reads what is printed may have read enough, as `head` has, and a disk may be full: then this ends, without a word of a
/// panic.
fn end_with_the_reader() {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |why| {
        let said = why.payload_as_str().unwrap_or_default();
        let Some(error) = said.strip_prefix("failed printing to stdout: ") else {
            return usual(why);
        };
        if !error.starts_with("Broken pipe") {
            // Nor may there be a place for that.
            let _ = writeln!(io::stderr(), "error: nothing can be printed: {error}");
        }
        process::exit(1);
    }));
}

/// The words of the command line as texts; names of files may be none.
fn texts(words: impl Iterator<Item = OsString>) -> Result<Vec<String>> {
    let text = |word: OsString| {
        word.into_string()
            .map_err(|word| anyhow!("{} is no UTF-8", word.display()))
    };
    words.map(text).collect()
}

fn command(words: &[&str]) -> Result<ExitCode> {
    match words {
        ["build"] => build::everything(),
        ["build", "--by-part"] => build::by_part(false),
        ["build", "--by-part", "--write"] => build::by_part(true),
        ["build", "--elsewhere"] => {
            build::everything().and_then(|()| build::compare_with_elsewhere())
        }
        ["build", "--elsewhere", "--built"] => build::compare_with_elsewhere(),
        ["build", extra, ..] => {
            bail!("build takes --by-part, --elsewhere or nothing, got `{extra}`")
        }
        ["demo", options @ ..] => demo::serve(options),
        // A suite that is red is told, and no error of this program.
        ["test", suites @ ..] => return test::run(suites),
        ["programs", suites @ ..] => test::programs(suites),
        ["size", "--write"] => build::take_weights(),
        ["size", ..] => bail!("size takes --write; `build` prints the sizes"),
        ["bench", options @ ..] => bench::compare(options),
        ["soak", options @ ..] => soak::play(options),
        ["mutants", names @ ..] => mutants::try_all(names),
        ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            Ok(())
        }
        [] => bail!("which command? There are\n\n{USAGE}"),
        [unknown, ..] => bail!("no command `{unknown}`; there are\n\n{USAGE}"),
    }
    .map(|()| ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;
    use std::os::unix::ffi::OsStringExt;

    use super::{USAGE, bench, demo, soak, texts};

    #[test]
    fn a_word_that_is_no_text_is_refused_and_not_a_panic() {
        let words = |last: &[u8]| [b"test".to_vec(), last.to_vec()].map(OsString::from_vec);
        let said = |last| texts(words(last).into_iter()).map_err(|error| error.to_string());
        assert_eq!(said(b"www"), Ok(vec!["test".to_owned(), "www".to_owned()]));
        assert_eq!(said(b"w\xff"), Err("w\u{fffd} is no UTF-8".to_owned()));
    }

    #[test]
    fn the_usage_says_what_is_taken_where_nothing_is_said() {
        for taken in [
            format!(
                "demo [--port {}] [--app-port {}]",
                demo::PORT,
                demo::APP_PORT
            ),
            format!("bench [--rounds {}]", bench::ROUNDS),
            format!("soak [--histories {}]", soak::HISTORIES),
        ] {
            assert!(USAGE.contains(&taken), "{taken}");
        }
    }
}
