//! What is written down while a history is played, for the judge.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};
use std::future::{Future, poll_fn};
use std::pin::pin;

use b24pay::error::Error;
use b24pay::outcome::Outcome;

/// A run of the flow, as its page started it.
#[derive(Clone, Debug)]
pub struct Ran {
    pub tab: usize,
    pub by: usize,
    pub spawned_at: f64,
    /// The latest run about the same payment that was still going on in its tab.
    pub beside: Option<usize>,
    /// When it gave its turn back.
    pub ended_at: Option<f64>,
}

/// What a caller saw.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    pub started_at: Option<f64>,
    /// When its own handshake had ended.
    pub joined_at: Option<f64>,
    /// The run that it has a share in.
    pub run: Option<usize>,
    pub has_spawned: bool,
    /// The payment that it handed in as known was paid.
    pub knew_paid: Option<bool>,
    pub aborted_at: Option<f64>,
    pub told: Option<(f64, Result<Outcome, Error>)>,
    /// How often it was told something: an item of many.
    pub times_told: usize,
    pub is_not_started: bool,
}

/// What became of a call about many payments.
#[derive(Clone, Debug, Default)]
pub struct Ended {
    /// When it ended.
    pub at: Option<f64>,
    /// Something was told of what is no item of it.
    pub has_strays: bool,
}

/// All of it.
#[derive(Default)]
pub struct Notes {
    pub runs: RefCell<Vec<Ran>>,
    pub seen: RefCell<Vec<Seen>>,
    pub bulks: RefCell<BTreeMap<usize, Ended>>,
    /// Who asks for handshakes in turn while its future is polled: a caller, or a bulk call and then
    /// each of its items.
    pub asking: RefCell<VecDeque<Option<usize>>>,
    /// Whose handshake has just ended: a run that starts now is its.
    pub joining: Cell<Option<usize>>,
}

/// A future that is polled while these ask for handshakes in turn.
pub async fn asking<T>(
    notes: &Notes,
    mut asks: VecDeque<Option<usize>>,
    future: impl Future<Output = T>,
) -> T {
    let mut future = pin!(future);
    poll_fn(|context| {
        notes.asking.replace(std::mem::take(&mut asks));
        let polled = future.as_mut().poll(context);
        asks = notes.asking.take();
        polled
    })
    .await
}
