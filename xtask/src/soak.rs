//! `cargo xtask soak`: random histories by the million, optimised, from a seed that is printed.

use anyhow::Result;

use crate::options::Options;
use crate::run;

/// How many histories are played unless told otherwise.
const HISTORIES: u64 = 1_000_000;
/// The profile in which they are played: fast to run, and its checks still on.
const PROFILE: [&str; 5] = [
    "profile.soak.inherits=\"release\"",
    "profile.soak.opt-level=3",
    "profile.soak.lto=false",
    "profile.soak.codegen-units=16",
    "profile.soak.overflow-checks=true",
];

/// Plays them; the first history that breaks a promise is shrunk, printed, and fails.
pub fn play(words: &[&str]) -> Result<()> {
    let options = Options::read(words, &["--histories", "--seed"])?;
    let histories = options.number("--histories")?.unwrap_or(HISTORIES);
    let seed: u64 = match options.number("--seed")? {
        Some(seed) => seed,
        None => std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)?
            .as_secs(),
    };
    println!("{histories} histories from seed {seed}");
    let mut cargo = run::cargo();
    cargo.args([
        "test",
        "--package",
        "b24pay",
        "--test",
        "histories",
        "--profile",
        "soak",
    ]);
    for setting in PROFILE {
        cargo.args(["--config", setting]);
    }
    cargo.args(["--", "--nocapture"]);
    cargo.env("HISTORIES", histories.to_string());
    cargo.env("SEED", seed.to_string());
    run::to_the_end(&mut cargo)
}
