//! How often each outcome occurred.

use std::collections::BTreeMap;
use std::fmt;

use b24pay::error::Error;
use b24pay::outcome::Outcome;

use crate::history::History;
use crate::play::Played;

/// What has to occur among ten thousand histories.
const EXPECTED: [&str; 28] = [
    "done",
    "done, recovered",
    "already",
    "already, sent",
    "notApplied",
    "notApplied after NO_ANSWER",
    "notApplied after NONSENSE",
    "notApplied after REFUSED",
    "unverified",
    "unknown after NO_ANSWER",
    "unknown after NONSENSE",
    "unknown after ABORTED",
    "unknown after REFUSED",
    "rejected: INVALID_DETAILS",
    "rejected: AMOUNT_CHANGED",
    "rejected: OTHER_PAY_SYSTEM",
    "rejected: RETURNED",
    "rejected: UNDER_WAY",
    "rejected: NOT_IN_PORTAL",
    "rejected: NO_HANDSHAKE",
    "rejected: ABORTED",
    "rejected: REFUSED",
    "rejected: ACCESS_DENIED",
    "rejected: MISSING_SCOPE",
    "rejected: AUTH_EXPIRED",
    "rejected: LIMITED",
    "rejected: NO_ANSWER",
    "rejected: NONSENSE",
];

#[derive(Default)]
pub struct Tally(BTreeMap<String, u64>);

impl Tally {
    pub fn count(&mut self, _history: &History, played: &Played) {
        for seen in &played.seen {
            let name = match &seen.told {
                None => "closed before it was told".into(),
                Some((_, said)) => name(said),
            };
            *self.0.entry(name).or_default() += 1;
        }
    }

    pub fn add(&mut self, other: Self) {
        for (name, count) in other.0 {
            *self.0.entry(name).or_default() += count;
        }
    }

    pub fn missing(&self) -> Vec<&'static str> {
        let never = |name: &&str| !self.0.contains_key(*name);
        EXPECTED.into_iter().filter(|name| never(name)).collect()
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, count) in &self.0 {
            writeln!(f, "{count:>9} {name}")?;
        }
        Ok(())
    }
}

fn name(said: &Result<Outcome, Error>) -> String {
    match said {
        Ok(Outcome::Done { recovered, .. }) => {
            format!("done{}", if *recovered { ", recovered" } else { "" })
        }
        Ok(Outcome::Already { sent, .. }) => {
            format!("already{}", if *sent { ", sent" } else { "" })
        }
        Ok(Outcome::NotApplied { cause: None, .. }) => "notApplied".into(),
        Ok(Outcome::NotApplied {
            cause: Some(cause), ..
        }) => format!("notApplied after {}", cause.code()),
        Ok(Outcome::Unverified { .. }) => "unverified".into(),
        Ok(Outcome::Unknown { cause, .. }) => format!("unknown after {}", cause.code()),
        Err(error) => format!("rejected: {}", error.code()),
    }
}
