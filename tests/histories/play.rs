//! Plays a history: tabs, callers and strangers against the portal's rules, until all is at rest.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use portal::{Credential, Request};
use serde_json::json;

use crate::callers::{Many, call, call_many};
use crate::history::History;
use crate::notes::{Ended, Notes, Ran, Seen};
use crate::setting::{OPERATOR, SECRET, STRANGER, rules};
use crate::support::rules::{Handed, RulesPortal, Site};
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
    let tabs: Vec<(Tab, Rc<RulesPortal>)> = (0..history.tabs.len())
        .map(|number| open(&world, &site, &notes, history, number))
        .collect();
    for (number, items) in history.bulks() {
        let (tab, portal) = &tabs[history.callers[items[0]].tab];
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
        let (tab, portal) = &tabs[caller.tab];
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
