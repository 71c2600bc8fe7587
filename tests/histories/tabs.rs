//! Opens the tabs of a history, and notes every run that starts in one.

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::rc::Rc;

use b24pay::error::Error;
use b24pay::portal::Pending;
use portal::Scopes;

use crate::history::{History, Opening};
use crate::notes::{Notes, Ran};
use crate::setting::OPERATOR;
use crate::support::rules::{By, Making, RulesPortal, Site, Trip};
use crate::support::world::{Habits, Tab, World};

/// Opens one of them, with its two portals; it closes when it is planned to.
pub fn open(
    world: &World,
    site: &Rc<Site>,
    notes: &Rc<Notes>,
    history: &History,
    number: usize,
) -> (Tab, [Rc<RulesPortal>; 2]) {
    let plan = &history.tabs[number];
    let wrap = {
        let (site, notes) = (Rc::clone(site), Rc::clone(notes));
        let bulks = history.callers.iter().map(|caller| caller.bulk);
        let bulks: Vec<_> = bulks.map(|bulk| bulk.map(|bulk| bulk.number)).collect();
        move |future| watched(&site, &notes, &bulks, number, future)
    };
    let tab = world.open(Habits {
        is_bare: plan.is_bare,
        skew_ms: plan.skew_ms as f64,
        freezes: plan
            .freezes
            .iter()
            .map(|(from, to)| (*from as f64, *to as f64))
            .collect(),
        jumps: history
            .jumps
            .iter()
            .map(|(at, ms)| (*at as f64, *ms as f64))
            .collect(),
        timers: plan.timers,
        grant_ms: plan.grant_ms,
        wrap: Some(Rc::new(wrap)),
    });
    if let Some(at) = plan.closes_at {
        let at = world.time.sleep_until(at as f64);
        let life = Rc::clone(&tab.life);
        world.spawn(async move {
            at.await;
            life.close();
        });
    }
    let trips: BTreeMap<usize, Trip> = history
        .trips
        .iter()
        .filter(|plan| plan.tab == number)
        .map(|plan| (plan.nth, plan.trip))
        .collect();
    let opening_asked = || {
        let (site, notes) = (Rc::clone(site), Rc::clone(notes));
        let payments = history.callers.iter().map(|caller| caller.payment);
        let payments: Rc<[u64]> = payments.collect();
        move || {
            let caller = notes.asking.borrow_mut().pop_front().flatten();
            let (site, notes, payments) =
                (Rc::clone(&site), Rc::clone(&notes), Rc::clone(&payments));
            let opened = move || {
                notes.joining.set(caller);
                let Some(caller) = caller else { return };
                // Who starts no run now has a share in the latest one about its payment.
                let latest = notes.runs.borrow().iter().rposition(|run| {
                    let is_about_it = payments[run.by] == payments[caller];
                    run.tab == number && is_about_it && run.ended_at.is_none()
                });
                let seen = &mut notes.seen.borrow_mut()[caller];
                seen.run = latest;
                seen.joined_at = Some(site.time.now());
            };
            Box::new(opened) as Box<dyn Fn()>
        }
    };
    let portals = [(plan.line, trips), (plan.second, BTreeMap::new())].map(|(line, trips)| {
        let scopes = Scopes::of(&history.scopes);
        let making = Making {
            number,
            line,
            token: site.rules.borrow_mut().issue_for(0, OPERATOR, 1, scopes),
            trips,
            usual: Trip {
                out_ms: history.way_ms,
                back_ms: history.way_ms,
                ..Trip::PLAIN
            },
            opening: match plan.opening {
                Opening::Works(ms) => Ok(ms),
                Opening::NotInPortal => Err(Error::not_in_portal("no BX24")),
                Opening::NoHandshake => Err(Error::no_handshake(7_000)),
            },
        };
        RulesPortal::new(&tab, site, making, Box::new(opening_asked()))
    });
    (tab, portals)
}

/// A run's future, which says which run it is whenever it goes on.
fn watched(
    site: &Rc<Site>,
    notes: &Rc<Notes>,
    bulks: &[Option<usize>],
    tab: usize,
    mut future: Pending<'static, ()>,
) -> Pending<'static, ()> {
    // What is started by what works for somebody is no run: the renewal of a token, gathered reads.
    let gathers = match site.at_work.get() {
        None => None,
        Some(By::Bulk(bulk)) => Some(bulk),
        Some(By::Run(run)) => match bulks[notes.runs.borrow()[run].by] {
            None => return future,
            bulk => bulk,
        },
    };
    if let Some(bulk) = gathers {
        let site = Rc::clone(site);
        return Box::pin(poll_fn(move |context| {
            let before = site.at_work.replace(Some(By::Bulk(bulk)));
            let polled = future.as_mut().poll(context);
            site.at_work.set(before);
            polled
        }));
    }
    let run = notes.runs.borrow().len();
    let by = notes.joining.take().expect("a caller starts it");
    let seen = &mut notes.seen.borrow_mut()[by];
    notes.runs.borrow_mut().push(Ran {
        tab,
        by,
        spawned_at: site.time.now(),
        beside: seen.run.replace(run),
        ended_at: None,
    });
    seen.has_spawned = true;
    let (site, notes) = (Rc::clone(site), Rc::clone(notes));
    Box::pin(poll_fn(move |context| {
        let before = site.at_work.replace(Some(By::Run(run)));
        let polled = future.as_mut().poll(context);
        site.at_work.set(before);
        if polled.is_ready() {
            notes.runs.borrow_mut()[run].ended_at = Some(site.time.now());
        }
        polled
    }))
}
