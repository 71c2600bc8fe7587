//! `cargo xtask soak`: random histories by the million, optimised, from a seed that is printed.

use std::num::NonZeroU64;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Result, bail};

use crate::options::Options;
use crate::run;

/// How many histories are played unless told otherwise.
pub const HISTORIES: u64 = 1_000_000;
/// The profile in which they are played: fast to run, and its checks still on.
const PROFILE: [&str; 5] = [
    "profile.soak.inherits=\"release\"",
    "profile.soak.opt-level=3",
    "profile.soak.lto=false",
    "profile.soak.codegen-units=16",
    "profile.soak.overflow-checks=true",
];

/// Plays them, or a single one; the first history that breaks a promise is shrunk, printed, and fails.
pub fn play(words: &[&str]) -> Result<()> {
    let options = Options::read(words, &["--histories", "--seed", "--history"])?;
    // None of them would break a promise.
    let histories = options.number("--histories")?.map(NonZeroU64::get);
    let seed = options.number("--seed")?;
    let which = match options.number::<u64>("--history")? {
        Some(_) if histories.is_some() || seed.is_some() => {
            bail!("--history plays a single one, without --histories and --seed")
        }
        Some(number) => vec![("HISTORY", number)],
        None => {
            let histories = histories.unwrap_or(HISTORIES);
            let seed = match seed {
                Some(seed) => seed,
                None => SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs(),
            };
            println!("{histories} histories from seed {seed}");
            vec![("HISTORIES", histories), ("SEED", seed)]
        }
    };
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
    for (name, number) in which {
        cargo.env(name, number.to_string());
    }
    run::to_the_end(&mut cargo)
}
