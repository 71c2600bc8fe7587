//! How often each outcome occurred.

use std::collections::BTreeMap;
use std::fmt;

use b24pay::error::Error;
use b24pay::outcome::Outcome;

use crate::history::History;
use crate::play::Played;

/// What has to occur among ten thousand histories.
const EXPECTED: [&str; 44] = [
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
    "of many: done",
    "of many: done, recovered",
    "of many: already",
    "of many: notApplied",
    "of many: notApplied after NO_ANSWER",
    "of many: unverified",
    "of many: unknown after NO_ANSWER",
    "of many: unknown after ABORTED",
    "of many: notStarted",
    "of many: rejected: INVALID_DETAILS",
    "of many: rejected: AMOUNT_CHANGED",
    "of many: rejected: RETURNED",
    "of many: rejected: UNDER_WAY",
    "of many: rejected: REFUSED",
    "of many: rejected: LIMITED",
    "of many: rejected: NO_ANSWER",
];

#[derive(Default)]
pub struct Tally(BTreeMap<String, u64>);

impl Tally {
    pub fn count(&mut self, history: &History, played: &Played) {
        for (number, seen) in played.seen.iter().enumerate() {
            let name = match &seen.told {
                None => "closed before it was told".into(),
                Some(_) if seen.is_not_started => "notStarted".into(),
                Some((_, said)) => name(said),
            };
            let is_item = history.callers[number].bulk.is_some();
            let name = if is_item {
                format!("of many: {name}")
            } else {
                name
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
