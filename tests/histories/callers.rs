//! The callers of a history, from what they ask to what they are told.

use std::rc::Rc;

use b24pay::bulk::{Item, confirm_all};
use b24pay::confirm::confirm;
use b24pay::error::Error;
use b24pay::portal::Portal;
use b24pay::request::PayOptions;
use b24pay::signal::Signal;

use crate::history::Caller;
use crate::notes::{Notes, asking};
use crate::requests::{options, payment, request};
use crate::support::rules::{RulesPortal, Site};
use crate::support::world::Tab;

/// One caller, from its request to what it is told.
pub async fn call(
    tab: Tab,
    portal: Rc<RulesPortal>,
    site: Rc<Site>,
    notes: Rc<Notes>,
    number: usize,
    caller: Caller,
) {
    let known_at = caller.known_ms.map(|ms| caller.at as f64 - ms as f64);
    let mut known = None;
    if let Some(at) = known_at {
        tab.life.sleep_until(at).await;
        known = Some((payment(&site, caller.payment), at));
    }
    tab.life.sleep_until(caller.at as f64).await;
    let abort = abort(&tab, &site, &notes, &caller, &[number]);
    {
        let seen = &mut notes.seen.borrow_mut()[number];
        seen.started_at = Some(site.time.now());
        seen.knew_paid = known.as_ref().map(|(payment, _)| payment.paid);
    }
    let options = PayOptions {
        known,
        ..options(&site, &caller, abort)
    };
    let request = request(&caller);
    let portal: Rc<dyn Portal> = portal;
    let flow = confirm(&portal, &request, &options);
    let said = asking(&notes, [Some(number)].into(), flow).await;
    let seen = &mut notes.seen.borrow_mut()[number];
    seen.told = Some((site.time.now(), said));
    seen.times_told += 1;
}

/// A call about many payments.
pub struct Many {
    pub number: usize,
    /// The callers that are its items.
    pub items: Vec<(usize, Caller)>,
}

/// Many payments, from the request to what is told of each.
pub async fn call_many(
    tab: Tab,
    portal: Rc<RulesPortal>,
    site: Rc<Site>,
    notes: Rc<Notes>,
    many: Many,
) {
    let (_, caller) = &many.items[0];
    tab.life.sleep_until(caller.at as f64).await;
    let numbers: Vec<usize> = many.items.iter().map(|(number, _)| *number).collect();
    let abort = abort(&tab, &site, &notes, caller, &numbers);
    for number in &numbers {
        notes.seen.borrow_mut()[*number].started_at = Some(site.time.now());
    }
    notes.bulks.borrow_mut().entry(many.number).or_default();
    let options = options(&site, caller, abort);
    let concurrency = caller.bulk.map_or(1, |bulk| bulk.concurrency);
    let requests = many.items.iter().map(|(_, item)| Ok(request(item)));
    let portal: Rc<dyn Portal> = portal;
    let tell = |at: usize, item: Item| {
        let Some(number) = numbers.get(at) else {
            let mut bulks = notes.bulks.borrow_mut();
            bulks.entry(many.number).or_default().has_strays = true;
            return;
        };
        let seen = &mut notes.seen.borrow_mut()[*number];
        seen.times_told += 1;
        seen.is_not_started = matches!(item, Item::NotStarted);
        let said = match item {
            Item::Outcome(outcome) => Ok(outcome),
            Item::Rejected(error) => Err(error),
            Item::NotStarted => Err(Error::aborted(false)),
        };
        seen.told = Some((site.time.now(), said));
    };
    // They are started in the order in which they were given; what is invalid never gets that far.
    let valid = many.items.iter().filter(|(_, item)| !item.is_invalid());
    let asks = std::iter::once(None).chain(valid.map(|(number, _)| Some(*number)));
    let flow = confirm_all(&portal, requests.collect(), &options, concurrency, tell);
    asking(&notes, asks.collect(), flow).await;
    notes.bulks.borrow_mut().entry(many.number).or_default().at = Some(site.time.now());
}

/// Aborts callers at the planned time.
fn abort(
    tab: &Tab,
    site: &Rc<Site>,
    notes: &Rc<Notes>,
    caller: &Caller,
    numbers: &[usize],
) -> Option<Rc<Signal>> {
    let at = tab.life.sleep_until((caller.at + caller.abort_ms?) as f64);
    let (abort, notes) = (Rc::new(Signal::default()), Rc::clone(notes));
    let (set, time, numbers) = (Rc::clone(&abort), Rc::clone(&site.time), numbers.to_vec());
    tab.life.spawn(async move {
        at.await;
        for number in numbers {
            notes.seen.borrow_mut()[number].aborted_at = Some(time.now());
        }
        set.set();
    });
    Some(abort)
}
