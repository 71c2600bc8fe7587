//! Plays a history: tabs, callers and strangers against the portal's rules, until all is at rest.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use b24pay::portal::Entry;
use portal::{Credential, Request};
use serde_json::json;

use crate::callers::{Many, call, call_many};
use crate::history::{Forged, History};
use crate::notes::{Ended, Notes, Ran, Seen};
use crate::setting::{OPERATOR, SECRET, STRANGER, rules};
use crate::support::rules::{HOST, Handed, RulesPortal, Site};
use crate::support::world::{Tab, World};
use crate::tabs::open;

/// Everything that happened.
pub struct Played {
    pub runs: Vec<Ran>,
    pub seen: Vec<Seen>,
    pub bulks: BTreeMap<usize, Ended>,
    pub handed: Vec<Handed>,
    pub rules: portal::Portal,
}

pub fn play(history: &History) -> Played {
    let world = World::new();
    let site = Rc::new(Site {
        rules: RefCell::new(rules(history)),
        time: Rc::clone(&world.time),
        handed: RefCell::default(),
        at_work: Cell::new(None),
    });
    let notes = Rc::new(Notes::default());
    notes
        .seen
        .borrow_mut()
        .resize(history.callers.len(), Seen::default());
    let tabs: Vec<(Tab, [Rc<RulesPortal>; 2])> = (0..history.tabs.len())
        .map(|number| open(&world, &site, &notes, history, number))
        .collect();
    for (number, items) in history.bulks() {
        let first = &history.callers[items[0]];
        let (tab, portals) = &tabs[first.tab];
        let portal = &portals[usize::from(first.is_second)];
        let many = Many {
            number,
            items: items
                .iter()
                .map(|item| (*item, history.callers[*item].clone()))
                .collect(),
        };
        let (site, notes, portal) = (Rc::clone(&site), Rc::clone(&notes), Rc::clone(portal));
        tab.life
            .spawn(call_many(tab.clone(), portal, site, notes, many));
    }
    for (number, caller) in history.callers.iter().enumerate() {
        if caller.bulk.is_some() {
            continue;
        }
        let (tab, portals) = &tabs[caller.tab];
        let portal = &portals[usize::from(caller.is_second)];
        let (site, notes) = (Rc::clone(&site), Rc::clone(&notes));
        let (portal, caller) = (Rc::clone(portal), caller.clone());
        tab.life
            .spawn(call(tab.clone(), portal, site, notes, number, caller));
    }
    for other in history.others.clone() {
        let at = world.time.sleep_until(other.at as f64);
        let site = Rc::clone(&site);
        world.spawn(async move {
            at.await;
            let method = if other.pays {
                "crm.item.payment.pay"
            } else {
                "crm.item.payment.unpay"
            };
            let auth = Credential::Webhook {
                user: STRANGER,
                secret: SECRET.into(),
            };
            site.receive(&Request::new(method, json!({"id": other.payment}), auth));
        });
    }
    for forged in &history.forged {
        forge(&world, &tabs[0].0, *forged);
    }
    if let Some((at, rights)) = history.promotion {
        let at = world.time.sleep_until(at as f64);
        let site = Rc::clone(&site);
        world.spawn(async move {
            at.await;
            site.rules
                .borrow_mut()
                .operator_mut(OPERATOR)
                .unwrap()
                .rights = rights;
        });
    }
    world.rest();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "test times are small"
    )]
    let end = world.time.now() as u64 + 120_000;
    site.rules.borrow_mut().pass(end);
    Played {
        runs: notes.runs.take(),
        seen: notes.seen.take(),
        bulks: notes.bulks.take(),
        handed: site.handed.take(),
        rules: site.rules.borrow().clone(),
    }
}

/// Has an entry stand in the journal from its time on, in the place of the one that was there, by the clock of this tab.
fn forge(world: &World, tab: &Tab, forged: Forged) {
    let at = world.time.sleep_until(forged.at as f64);
    let (life, origin) = (Rc::clone(&tab.life), Rc::clone(&world.origin));
    world.spawn(async move {
        at.await;
        let entry = Entry {
            host: HOST.into(),
            payment: forged.payment,
            pay_system: None,
            pays: forged.pays,
            sent_at: life.wall() + forged.sent_in_ms,
            settle_ms: forged.settle_ms,
        };
        let mut journal = origin.journal.borrow_mut();
        journal.retain(|known| known.payment != entry.payment);
        journal.push(entry);
    });
}
