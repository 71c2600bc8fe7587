//! `cargo xtask test`: runs every suite to its end, then says in one line each what came of it.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

mod ahead;
mod counts;
mod stream;
mod suites;

use ahead::{Ahead, Work};
use counts::Counts;
use suites::{SUITES, Suite};

use crate::tools::{self, Package};
use crate::{build, run};

/// Runs the named suites, or all of them.
pub fn run(names: &[&str]) -> Result<ExitCode> {
    let chosen = chosen(names)?;
    if chosen.iter().any(|suite| suite.is_in_node()) {
        tools::node()?;
    }
    let mut ready = Ready::beside(&chosen)?;
    let mut results = Vec::new();
    for suite in chosen {
        println!("\n--- {}: {}", suite.name, suite.what);
        let begun = Instant::now();
        let counts = ready
            .provide(suite)
            .and_then(|()| suite.run(&mut ready.ahead))
            .unwrap_or_else(|error| {
                println!("error: {error:#}");
                Counts::one_failure()
            });
        results.push((suite.name, counts, begun.elapsed()));
    }
    Ok(summary(&results))
}

/// Installs the programs that the named suites, or all of them, run with.
pub fn programs(names: &[&str]) -> Result<()> {
    let chosen = chosen(names)?;
    let mut packages: Vec<Package> = Vec::new();
    for need in needs(&chosen) {
        if let Need::Programs(more) = need {
            packages.extend(more);
        }
    }
    packages.sort_unstable();
    packages.dedup();
    tools::debian(&packages)
}

fn needs(suites: &[&Suite]) -> impl Iterator<Item = Need> {
    suites.iter().flat_map(|suite| suite.needs).copied()
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
    ahead: Ahead,
}

/// Something that must stand before a suite can run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// The Rust target for wasm.
    WasmTarget,
    /// The programs of the native tests.
    NativeTests,
    /// What `cargo xtask build` makes, and the JavaScript tools with it.
    Build,
    /// The sandbox portal as a program.
    Portal,
    /// Programs of Debian.
    Programs(&'static [Package]),
    /// What the tests themselves install, by a name that `tests/installs.js` knows.
    Installed(&'static str),
}

impl Need {
    /// What can be made ahead for it.
    fn work(self) -> Option<Work> {
        match self {
            Self::Build => Some(Work::Build),
            Self::Installed(name) => Some(Work::Installs(name)),
            Self::Programs(_) => Some(Work::Programs),
            _ => None,
        }
    }
}

impl Ready {
    /// Begins what the chosen suites need beside the first of them, where that only compiles.
    fn beside(chosen: &[&Suite]) -> Result<Self> {
        let mut works: Vec<Work> = Vec::new();
        let wanted = needs(chosen).filter_map(Need::work);
        for work in wanted.chain(chosen.iter().filter_map(|suite| suite.work())) {
            if !works.contains(&work) {
                works.push(work);
            }
        }
        // What it compiles with first: two at once must not fetch it. What is wrong with it is told by the suite that needs it.
        let begins = !works.is_empty()
            && chosen.first().is_some_and(|suite| suite.only_compiles())
            && tools::wasm_target().is_ok();
        Ok(Self {
            ahead: if begins {
                let suites = chosen.iter().map(|suite| suite.name).collect();
                Ahead::begin(works, suites)?
            } else {
                Ahead::default()
            },
            ..Self::default()
        })
    }

    /// What could not be installed ahead is tried again by the suite or the test that needs it, which then says why.
    fn installed(&mut self, work: Work) {
        if let Err(error) = self.ahead.done(work) {
            println!("{error:#}");
        }
    }

    fn programs(&mut self, packages: &[Package]) -> Result<()> {
        self.installed(Work::Programs);
        tools::debian(packages)
    }

    fn provide(&mut self, suite: &Suite) -> Result<()> {
        for need in suite.needs {
            if !self.provided.contains(need) {
                match need {
                    Need::WasmTarget => tools::wasm_target()?,
                    Need::NativeTests => run::to_the_end(suites::native().arg("--no-run"))?,
                    Need::Build => self.ahead.done(Work::Build)?,
                    Need::Portal => build::portal()?,
                    Need::Installed(name) => self.installed(Work::Installs(name)),
                    Need::Programs(packages) => self.programs(packages)?,
                }
                self.provided.push(*need);
            }
        }
        Ok(())
    }
}
