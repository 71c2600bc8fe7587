//! `cargo xtask test`: runs every suite to its end, then says in one line each what came of it.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

mod counts;
mod stream;
mod suites;

use counts::Counts;
use suites::{SUITES, Suite};

use crate::{build, run, tools};

/// Runs the named suites, or all of them.
pub fn run(names: &[&str]) -> Result<ExitCode> {
    let chosen = chosen(names)?;
    let mut ready = Ready::default();
    let mut results = Vec::new();
    for suite in chosen {
        println!("\n--- {}: {}", suite.name, suite.what);
        let begun = Instant::now();
        let counts = ready
            .provide(suite)
            .and_then(|()| suite.run())
            .unwrap_or_else(|error| {
                println!("error: {error:#}");
                Counts::one_failure()
            });
        results.push((suite.name, counts, begun.elapsed()));
    }
    Ok(summary(&results))
}

fn chosen(names: &[&str]) -> Result<Vec<&'static Suite>> {
    let known: Vec<&str> = SUITES.iter().map(|suite| suite.name).collect();
    if let Some(unknown) = names.iter().find(|name| !known.contains(name)) {
        bail!("no suite `{unknown}`; there are {}", known.join(", "));
    }
    Ok(SUITES
        .iter()
        .filter(|suite| names.is_empty() || names.contains(&suite.name))
        .collect())
}

/// One line a suite, then the sum.
fn summary(results: &[(&str, Counts, Duration)]) -> ExitCode {
    println!("\n--- results");
    let mut sum = Counts::default();
    for (name, counts, time) in results {
        println!("{name:<10} {counts} ({:.1} s)", time.as_secs_f32());
        sum.add(*counts);
    }
    println!("{sum}");
    if sum.is_green() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// What suites need, provided once before the first that needs it.
#[derive(Default)]
struct Ready {
    provided: Vec<Need>,
}

/// Something that must stand before a suite can run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// The Rust target for wasm.
    WasmTarget,
    /// What `cargo xtask build` makes, and the JavaScript tools with it.
    Build,
    /// The sandbox portal as a program.
    Portal,
    /// The browser of most tests.
    Chromium,
    /// Its two rivals.
    FirefoxAndWebkit,
    /// cURL, OpenSSL, PHP and Python.
    Languages,
    /// Python alone, which installs a program from `PyPI`.
    Python,
    /// nginx and Caddy, and OpenSSL for their certificate.
    WebServers,
}

impl Ready {
    fn provide(&mut self, suite: &Suite) -> Result<()> {
        for need in suite.needs {
            if !self.provided.contains(need) {
                match need {
                    Need::WasmTarget => tools::wasm_target()?,
                    Need::Build => build::everything()?,
                    Need::Portal => portal()?,
                    Need::Chromium => tools::chromium()?,
                    Need::FirefoxAndWebkit => tools::firefox_and_webkit()?,
                    Need::Languages => tools::languages()?,
                    Need::Python => tools::python()?,
                    Need::WebServers => tools::web_servers()?,
                }
                self.provided.push(*need);
            }
        }
        Ok(())
    }
}

/// Built like everything else in the workspace, so that nothing is compiled twice.
fn portal() -> Result<()> {
    run::to_the_end(run::cargo().args(["build", "--workspace", "--bins"]))
}
