//! Random histories: whatever goes wrong between an operator and a portal, nobody is lied to,
//! nobody waits for ever, and nothing is paid twice.
//!
//! `HISTORIES` and `SEED` in the environment set how many are played and where they begin.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    reason = "tests"
)]

mod bound;
mod generate;
mod history;
mod judge;
mod play;
mod shrink;
#[path = "../support/mod.rs"]
mod support;
mod tally;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use generate::generate;
use history::History;
use tally::Tally;

/// How many are played by `cargo test`.
const HISTORIES: u64 = 10_000;
/// Where they begin: the same histories every time.
const SEED: u64 = 1;

fn from_environment(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| {
        text.parse()
            .unwrap_or_else(|_| panic!("{name} must be a whole number, got {text:?}"))
    })
}

/// Plays a history and says which promises were broken.
fn broken(history: &History, tally: Option<&mut Tally>) -> Vec<String> {
    let played = catch_unwind(AssertUnwindSafe(|| play::play(history)));
    match played {
        Ok(played) => {
            if let Some(tally) = tally {
                tally.count(history, &played);
            }
            judge::judge(history, &played)
        }
        Err(_) => vec!["it panicked, or a promise hangs".into()],
    }
}

/// Plays some histories; ends with the first one that breaks a promise.
fn play_all(seeds: impl Iterator<Item = u64>) -> Result<Tally, String> {
    let mut tally = Tally::default();
    for seed in seeds {
        let history = generate(seed);
        let lies = broken(&history, Some(&mut tally));
        if lies.is_empty() {
            continue;
        }
        let shrunk = shrink::shrink(&history, &|one| !broken(one, None).is_empty());
        let left = broken(&shrunk, None);
        let asked = play::play(&shrunk);
        return Err(format!(
            "seed {seed} breaks promises: {lies:#?}\n\nshrunk to {shrunk:#?}\n\nwhich breaks {left:#?}\n\n\
             the requests: {:#?}\n\nthe portal's log: {:#?}",
            asked.handed,
            asked.rules.log()
        ));
    }
    Ok(tally)
}

#[test]
fn whatever_goes_wrong_nobody_is_lied_to() {
    let (count, first) = (
        from_environment("HISTORIES", HISTORIES),
        from_environment("SEED", SEED),
    );
    let threads = std::thread::available_parallelism().map_or(1, |many| many.get() as u64);
    let started = Instant::now();
    let tally = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|worker| {
                scope.spawn(move || {
                    play_all(
                        (0..count)
                            .filter(move |at| at % threads == worker)
                            .map(|at| first.wrapping_mul(1_000_003).wrapping_add(at)),
                    )
                })
            })
            .collect();
        let mut tally = Tally::default();
        for worker in workers {
            match worker.join().unwrap() {
                Ok(part) => tally.add(part),
                Err(lie) => panic!("{lie}"),
            }
        }
        tally
    });
    println!(
        "{count} histories from seed {first} in {:.1} s\n{tally}",
        started.elapsed().as_secs_f64()
    );
    // A generator that never gets somewhere tests nothing there.
    if count >= HISTORIES {
        assert_eq!(tally.missing(), Vec::<&str>::new());
    }
}
