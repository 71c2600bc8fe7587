//! What was under way when a page of this app was closed.

use std::future::poll_fn;
use std::pin::pin;
use std::rc::Rc;
use std::task::Poll;

use crate::error::Error;
use crate::portal::{Entry, Portal};
use crate::read::in_time;
use crate::turn::payment_name;

/// How long an entry is kept for the report, in milliseconds: one day.
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
    let mut looked: Vec<_> = page
        .journal
        .entries(&host)
        .into_iter()
        .filter(|entry| !page.turns.is_under_way(&host, entry.payment))
        .map(|entry| {
            let lock = page.locks.acquire(&payment_name(&host, entry.payment));
            (entry, lock)
        })
        .collect();
    let mut free = Vec::new();
    let all = pin!(poll_fn(|context| {
        let mut at = 0;
        while let Some((_, lock)) = looked.get_mut(at) {
            if let Poll::Ready((lock, _)) = lock.as_mut().poll(context) {
                free.push((looked.swap_remove(at).0, lock));
            } else {
                at += 1;
            }
        }
        if looked.is_empty() {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    }));
    let until = page.clock.now() + LOOK_MS;
    in_time(page.clock.as_ref(), until, all).await;
    let mut left = Vec::new();
    for (mut entry, _lock) in free {
        // Whoever lived to see the end has removed it before the lock was given back.
        if !page.journal.entries(&host).contains(&entry) {
            continue;
        }
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
        if age <= KEPT_MS {
            let after = |known: &Entry| known.sent_at <= entry.sent_at;
            left.insert(left.partition_point(after), entry);
        }
    }
    Ok(left)
}
