//! The table of suites. A new one is a row here and a folder of tests.

use std::process::Command;
use std::thread;

use anyhow::{Result, bail};
use fs_err as fs;

use super::Need;
use super::ahead::{Ahead, Work};
use super::counts::{self, Counts};
use super::stream;
use crate::{project, run, tools};

/// One row of the table.
#[derive(Debug)]
pub struct Suite {
    /// What it is called on the command line.
    pub name: &'static str,
    /// What a green one means.
    pub what: &'static str,
    /// What must stand before it runs.
    pub needs: &'static [Need],
    /// How it runs.
    runner: Runner,
}

#[derive(Debug)]
enum Runner {
    /// A cargo command that either succeeds or does not.
    Check(&'static [&'static str]),
    /// Clippy over what these words choose, where nothing runs; whatever it finds is an error.
    Lints(&'static [&'static str]),
    /// Clippy while what these words choose is compiled; whatever it finds is an error, and compiles all the same.
    LintedBuild(&'static [&'static str]),
    /// A cargo command that runs tests and counts them.
    Cargo(&'static [&'static str]),
    /// Something that was made ahead, and either has come to a good end or has not.
    Made(Work),
    /// The `*.test.js` of a folder under `tests/`, run by Node, as many files at once as there are cores.
    Node(&'static str),
    /// The same for what is judged by how quick it is: one file after another.
    Quick(&'static str),
}

const NATIVE: &[&str] = &[
    "test",
    "--workspace",
    "--lib",
    "--bins",
    "--tests",
    "--no-fail-fast",
];

/// The command of the suite `native`.
pub fn native() -> Command {
    let mut cargo = linting();
    cargo.args(NATIVE);
    cargo
}

/// Cargo with clippy in the compiler's place. `cargo clippy` would check all that the tests are compiled of, and then they would
/// compile it.
fn linting() -> Command {
    let mut cargo = run::cargo();
    cargo.env("RUSTC_WORKSPACE_WRAPPER", "clippy-driver");
    cargo
}

/// All suites: first those that only compile, beside which the rest is built, then the quickest to fail.
pub const SUITES: &[Suite] = &[
    Suite {
        name: "format",
        what: "every Rust file is formatted",
        needs: &[],
        runner: Runner::Check(&["fmt", "--all", "--check"]),
    },
    Suite {
        name: "lints",
        what: "clippy finds nothing, and all that the native tests need compiles",
        needs: &[],
        runner: Runner::LintedBuild(&["build", "--workspace", "--all-targets"]),
    },
    Suite {
        name: "wasm-lints",
        what: "clippy finds nothing in what is compiled for the browser",
        needs: &[Need::WasmTarget],
        runner: Runner::Lints(&[
            "--package",
            "b24pay",
            "--package",
            "unpack",
            "--lib",
            "--features",
            "b24pay/module",
            "--target",
            tools::WASM,
        ]),
    },
    Suite {
        name: "page-lints",
        what: "clippy finds nothing in what is compiled for the page, without HTTP",
        needs: &[Need::WasmTarget],
        runner: Runner::Lints(&[
            "--package",
            "b24pay",
            "--lib",
            "--examples",
            "--no-default-features",
            "--features",
            "module",
            "--target",
            tools::WASM,
        ]),
    },
    Suite {
        name: "app-lints",
        what: "clippy finds nothing in what an app in Rust compiles, and the package's own export is none of it",
        needs: &[Need::WasmTarget],
        runner: Runner::Lints(&["--package", "b24pay", "--lib", "--target", tools::WASM]),
    },
    Suite {
        name: "docs",
        what: "the crate's documentation is complete and its links lead somewhere",
        needs: &[Need::WasmTarget],
        runner: Runner::Check(&[
            "doc",
            "--package",
            "b24pay",
            "--package",
            "unpack",
            "--no-deps",
            "--document-private-items",
            // For it everything was compiled by the lints; natively it would be compiled anew.
            "--target",
            tools::WASM,
        ]),
    },
    Suite {
        name: "frame-docs",
        what: "the same of the crate as it is without its feature http, by what is public",
        needs: &[Need::WasmTarget],
        runner: Runner::Check(&[
            "doc",
            "--package",
            "b24pay",
            "--no-deps",
            "--no-default-features",
            "--target",
            tools::WASM,
        ]),
    },
    Suite {
        name: "native",
        what: "the crate, the sandbox portal and xtask without a browser",
        needs: &[Need::NativeTests],
        runner: Runner::Cargo(NATIVE),
    },
    Suite {
        name: "doctests",
        what: "the examples in the documentation run",
        needs: &[],
        runner: Runner::Cargo(&["test", "--workspace", "--doc", "--no-fail-fast"]),
    },
    Suite {
        name: "package",
        what: "the package: its types in two compilers, its module without traces of the machine",
        needs: &[Need::Build],
        runner: Runner::Node("package"),
    },
    Suite {
        name: "docs-pages",
        what: "the documentation: its examples compile, its links lead somewhere, its reference is the types', the demo serves it",
        needs: &[Need::Build, Need::Portal],
        runner: Runner::Node("docs"),
    },
    Suite {
        name: "release",
        what: "what would be published: one version, the crate's files, the licences, the workflow",
        needs: &[
            Need::Build,
            Need::Programs(tools::PYTHON),
            Need::Installed("cargo-deny"),
        ],
        runner: Runner::Node("release"),
    },
    Suite {
        name: "bundlers",
        what: "the packed package in every bundler, in Node, Deno and Bun, and under the checkers of packages",
        needs: &[
            Need::Build,
            Need::Portal,
            Need::Programs(tools::CHROMIUM),
            Need::Installed("bundlers"),
        ],
        runner: Runner::Node("bundlers"),
    },
    Suite {
        name: "same-bytes",
        what: "two builds in two folders are the same, byte by byte",
        needs: &[Need::Build],
        runner: Runner::Made(Work::Elsewhere),
    },
    Suite {
        name: "size",
        what: "nothing that a page loads is heavier than its number",
        needs: &[Need::Build],
        runner: Runner::Node("size"),
    },
    Suite {
        name: "www",
        what: "the page's states and words, without a browser",
        needs: &[],
        runner: Runner::Node("www"),
    },
    Suite {
        name: "boundary",
        what: "the built package against a scripted BX24",
        needs: &[Need::Build],
        runner: Runner::Node("boundary"),
    },
    Suite {
        name: "pages",
        what: "random histories of pages over the built package",
        needs: &[Need::Build],
        runner: Runner::Node("pages"),
    },
    Suite {
        name: "http",
        what: "webhook, token and SDK from Node against the sandbox portal",
        needs: &[Need::Build, Need::Portal, Need::Programs(tools::LANGUAGES)],
        runner: Runner::Node("http"),
    },
    Suite {
        name: "clients",
        what: "public clients that we did not write do the same to the sandbox portal",
        needs: &[
            Need::Build,
            Need::Portal,
            Need::Programs(tools::LANGUAGES),
            Need::Installed("clients"),
        ],
        runner: Runner::Node("clients"),
    },
    Suite {
        name: "frame",
        what: "the sandbox portal's own BX24 and its page",
        needs: &[Need::Programs(tools::CHROMIUM)],
        runner: Runner::Node("frame"),
    },
    Suite {
        name: "e2e",
        what: "an operator in headless Chromium",
        needs: &[Need::Build, Need::Portal, Need::Programs(tools::CHROMIUM)],
        runner: Runner::Node("e2e"),
    },
    Suite {
        name: "bench",
        what: "the comparison runs, what it says of b24pay besides times is so, and Lighthouse finds the page fast",
        needs: &[Need::Build, Need::Portal, Need::Programs(tools::CHROMIUM)],
        runner: Runner::Quick("bench"),
    },
    Suite {
        name: "hosting",
        what: "the page on nginx, Caddy and Node as the guide configures them",
        needs: &[
            Need::Build,
            Need::Portal,
            Need::Programs(tools::CHROMIUM),
            Need::Programs(tools::WEB_SERVERS),
        ],
        runner: Runner::Node("hosting"),
    },
    Suite {
        name: "engines",
        what: "the same page and package in Firefox and WebKit beside Chromium",
        needs: &[
            Need::Build,
            Need::Portal,
            Need::Programs(tools::CHROMIUM),
            Need::Programs(tools::FIREFOX_AND_WEBKIT),
        ],
        runner: Runner::Node("engines"),
    },
];

impl Suite {
    /// Whether it runs no test, which a busy machine could make slow.
    pub fn only_compiles(&self) -> bool {
        matches!(
            self.runner,
            Runner::Check(_) | Runner::Lints(_) | Runner::LintedBuild(_)
        )
    }

    /// Whether it runs in Node.
    pub fn is_in_node(&self) -> bool {
        matches!(self.runner, Runner::Node(_) | Runner::Quick(_))
    }

    /// What it tells of, if that can be made ahead of its turn.
    pub fn work(&self) -> Option<Work> {
        match self.runner {
            Runner::Made(work) => Some(work),
            _ => None,
        }
    }

    /// Runs to the end, whatever fails on the way.
    pub fn run(&self, ahead: &mut Ahead) -> Result<Counts> {
        if !self.only_compiles() {
            ahead.finish()?;
        }
        match self.runner {
            Runner::Check(words) => checked(run::cargo().args(words)),
            Runner::Lints(words) => {
                let mut clippy = run::cargo();
                clippy.arg("clippy").args(words);
                checked(clippy.args(["--", "-D", "warnings"]))
            }
            Runner::LintedBuild(words) => {
                let ended = stream::lines_of_both(linting().args(words))?;
                let success = ended.success && !counts::has_warnings(&ended.lines);
                Ok(Counts::one(success))
            }
            Runner::Cargo(words) => {
                let ended = stream::lines(linting().args(words))?;
                Ok(counts::of_cargo(&ended.lines).after(ended.success))
            }
            Runner::Made(work) => {
                ahead.done(work)?;
                Ok(Counts::one(true))
            }
            Runner::Node(folder) => in_node(folder, thread::available_parallelism()?.get()),
            Runner::Quick(folder) => in_node(folder, 1),
        }
    }
}

/// Runs what either succeeds or does not.
fn checked(cargo: &mut Command) -> Result<Counts> {
    let ended = stream::lines(cargo.env("RUSTDOCFLAGS", "-D warnings"))?;
    Ok(Counts::one(ended.success))
}

/// Runs the tests of a folder, so many files at once, and counts them.
fn in_node(folder: &str, at_once: usize) -> Result<Counts> {
    let ended = stream::lines(&mut node(folder, at_once)?)?;
    Ok(counts::of_node(&ended.lines).after(ended.success))
}

/// Node's own test runner over the tests of a folder.
fn node(folder: &str, at_once: usize) -> Result<Command> {
    let mut files = Vec::new();
    for entry in fs::read_dir(project::tests().join(folder))? {
        let path = entry?.path();
        if path.to_string_lossy().ends_with(".test.js") {
            files.push(path);
        }
    }
    if files.is_empty() {
        bail!("there is no test in tests/{folder}");
    }
    files.sort();
    let mut node = run::command("node");
    // What hangs fails: no file of tests comes near ten minutes.
    node.args(["--test", "--test-reporter=spec", "--test-timeout=600000"])
        .arg(format!("--test-concurrency={at_once}"))
        .args(files);
    node.env("B24PAY_TARGET", project::target());
    node.env("B24PAY_PORTAL_BIN", project::portal_program());
    Ok(node)
}
