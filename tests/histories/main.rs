//! Random histories: whatever goes wrong between an operator and a portal, nobody is lied to,
//! nobody waits for ever, and nothing is paid twice.
//!
//! `HISTORIES` and `SEED` in the environment set how many are played and where they begin;
//! `HISTORY` plays only the one with this number.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    reason = "tests"
)]

mod bound;
mod callers;
mod generate;
mod history;
mod judge;
mod notes;
mod play;
mod requests;
mod senders;
mod setting;
mod shrink;
#[path = "../support/mod.rs"]
mod support;
mod tabs;
mod tally;
mod told;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use generate::generate;
use history::History;
use play::Played;
use tally::Tally;

/// How many are played by `cargo test`.
const HISTORIES: u64 = 10_000;
/// Where they begin: the same histories every time.
const SEED: u64 = 1;

fn from_environment(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    let number = text.parse();
    Some(number.unwrap_or_else(|_| panic!("{name} must be a whole number, got {text:?}")))
}

/// Plays a history and says which promises were broken.
fn broken(history: &History) -> (Vec<String>, Option<Played>) {
    let played = catch_unwind(AssertUnwindSafe(|| play::play(history)));
    match played {
        Ok(played) => (judge::judge(history, &played), Some(played)),
        Err(_) => (vec!["it panicked, or a promise hangs".into()], None),
    }
}

/// Plays some histories; ends with the number of the first one that breaks a promise.
fn play_all(numbers: impl Iterator<Item = u64>) -> Result<Tally, u64> {
    let mut tally = Tally::default();
    for number in numbers {
        let history = generate(number);
        match broken(&history) {
            (lies, Some(played)) if lies.is_empty() => tally.count(&history, &played),
            _ => return Err(number),
        }
    }
    Ok(tally)
}

/// What there is to know about a history that breaks promises.
fn report(number: u64) -> String {
    let history = generate(number);
    let (lies, _) = broken(&history);
    // Whoever breaks off the shrinking knows at least this.
    println!(
        "history {number} breaks promises: {lies:#?}\n\
         `cargo xtask soak --history {number}` plays it alone"
    );
    let shrunk = shrink::shrink(&history, &|one| !broken(one).0.is_empty());
    let (left, played) = broken(&shrunk);
    let requests = played.map_or_else(String::new, |played| {
        let (handed, log) = (&played.handed, played.rules.log());
        format!("the requests: {handed:#?}\n\nthe portal's log: {log:#?}")
    });
    format!("shrunk to {shrunk:#?}\n\nwhich breaks {left:#?}\n\n{requests}")
}

#[test]
fn whatever_goes_wrong_nobody_is_lied_to() {
    if let Some(number) = from_environment("HISTORY") {
        match play_all(std::iter::once(number)) {
            Ok(tally) => println!("history {number} breaks no promise\n{tally}"),
            Err(number) => panic!("{}", report(number)),
        }
        return;
    }
    let (count, seed) = (
        from_environment("HISTORIES").unwrap_or(HISTORIES),
        from_environment("SEED").unwrap_or(SEED),
    );
    let first = seed.wrapping_mul(1_000_003);
    let threads = std::thread::available_parallelism().map_or(1, |many| many.get() as u64);
    let started = Instant::now();
    let has_failed = AtomicBool::new(false);
    let tally = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|worker| {
                let has_failed = &has_failed;
                scope.spawn(move || {
                    let numbers = (0..count)
                        .filter(move |at| at % threads == worker)
                        .map(|at| first.wrapping_add(at))
                        .take_while(|_| !has_failed.load(Ordering::Relaxed));
                    let played = play_all(numbers);
                    // Nobody waits for the others when one history has failed.
                    has_failed.fetch_or(played.is_err(), Ordering::Relaxed);
                    played
                })
            })
            .collect();
        let mut tally = Tally::default();
        for worker in workers {
            match worker.join().unwrap() {
                Ok(part) => tally.add(part),
                Err(number) => panic!("{}", report(number)),
            }
        }
        tally
    });
    println!(
        "{count} histories from seed {seed} in {:.1} s\n{tally}",
        started.elapsed().as_secs_f64()
    );
    // A generator that never gets somewhere tests nothing there.
    if count >= HISTORIES {
        assert_eq!(tally.missing(), Vec::<&str>::new());
    }
}
