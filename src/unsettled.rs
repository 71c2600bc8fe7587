//! What was under way when a page of this app was closed.

use std::cell::RefCell;
use std::pin::pin;
use std::rc::Rc;

use crate::error::Error;
use crate::portal::{Entry, Pending, Portal};
use crate::read::in_time;
use crate::signal::all;
use crate::turn::payment_name;

/// How long an entry is reported again and again at the most, in milliseconds: one day.
const KEPT_MS: f64 = 86_400_000.0;
/// How long a lock is waited for, in milliseconds: after that, somebody alive has it. A browser that
/// is busy may take a good part of it to let go of what a page had that was just closed.
const LOOK_MS: f64 = 1000.0;
/// How far ahead of this page's clock an entry may lie, in milliseconds. Further ahead it was forged,
/// or the clock was set back.
const AHEAD_MS: f64 = 60_000.0;

/// The payments whose calls were sent by a page that did not live to see the end, oldest first.
/// A payment that can no longer change by them is reported once; until then it stays.
///
/// # Errors
/// Whatever keeps the portal from being opened.
pub async fn unsettled(portal: &Rc<dyn Portal>) -> Result<Vec<Entry>, Error> {
    let host = portal.open().await?;
    let page = portal.page();
    let until = page.clock.now() + LOOK_MS;
    let left = RefCell::new(Vec::new());
    let entries = page.journal.entries(&host);
    let mut looks: Vec<Pending<'_, ()>> = Vec::new();
    for entry in &entries {
        let (host, left) = (&host, &left);
        looks.push(Box::pin(async move {
            if page.turns.is_under_way(host, entry.payment) {
                return;
            }
            let name = payment_name(host, entry.payment);
            let lock = pin!(page.locks.acquire(&name));
            let lock = in_time(page.clock.as_ref(), until, lock).await;
            // Whoever lived to see the end has removed it before the lock was given back.
            if lock.is_none() || page.journal.entry(host, entry.payment).as_ref() != Some(entry) {
                return;
            }
            let mut entry = entry.clone();
            let now = page.clock.wall();
            if entry.sent_at > now + AHEAD_MS {
                // It counts from now on, or it would be reported for ever.
                entry.sent_at = now;
                page.journal.write(&entry);
            }
            let age = now - entry.sent_at;
            if age > entry.settle_ms.min(KEPT_MS) {
                page.journal.remove(&entry);
            }
            let after = |known: &Entry| known.sent_at <= entry.sent_at;
            let mut left = left.borrow_mut();
            let at = left.partition_point(after);
            left.insert(at, entry);
        }));
    }
    all(looks).await;
    Ok(left.take())
}
