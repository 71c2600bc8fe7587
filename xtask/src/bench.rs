//! `cargo xtask bench`: b24pay beside what people would use instead, measured in one run.
//!
//! The measuring is `tests/bench`; here it gets what it needs, and the README its table.

use std::num::NonZeroU32;

use anyhow::{Context, Result};
use fs_err as fs;

use crate::options::Options;
use crate::{build, marked, project, run, tools};

/// How often each thing is measured unless told otherwise.
pub const ROUNDS: u32 = 16;

/// Measures; `--write` puts the table into the README, `--long` pays five hundred payments in real time too.
pub fn compare(words: &[&str]) -> Result<()> {
    let is = |flag| words.contains(&flag);
    let rest: Vec<&str> = words
        .iter()
        .copied()
        .filter(|word| !["--long", "--write"].contains(word))
        .collect();
    let options = Options::read(&rest, &["--rounds"])?;
    let rounds = options.number("--rounds")?.map_or(ROUNDS, NonZeroU32::get);
    build::everything()?;
    tools::debian(tools::CHROMIUM)?;
    build::portal()?;
    let mut node = run::command("node");
    node.arg(project::tests().join("bench/bench.js"));
    node.args(["--rounds", &rounds.to_string()]);
    node.args(["--virtual", &five_hundred()?]);
    if is("--long") {
        node.arg("--long");
    }
    node.env("B24PAY_TARGET", project::target());
    node.env("B24PAY_PORTAL_BIN", project::portal_program());
    run::to_the_end(&mut node)?;
    if is("--write") {
        let measured = fs::read_to_string(project::target().join("bench.md"))?;
        marked::write(&project::root().join("README.md"), "bench", &measured)?;
    }
    Ok(())
}

/// What a native test says of five hundred payments under its virtual clock.
fn five_hundred() -> Result<String> {
    let printed = run::output(run::cargo().args([
        "test",
        "--quiet",
        "--package",
        "b24pay",
        "--test",
        "bulk",
        "five_hundred",
        "--",
        "--nocapture",
    ]))?;
    let line = printed
        .lines()
        .find_map(|line| line.trim().strip_prefix("500 payments: "));
    Ok(line
        .context("the test of five hundred payments printed no figures")?
        .to_owned())
}
