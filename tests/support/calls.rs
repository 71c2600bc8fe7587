//! Calls of the flow over a scripted portal: one that is waited for, or callers beside each other, and what each was told.

use std::cell::RefCell;
use std::rc::Rc;

use b24pay::confirm::confirm;
use b24pay::error::Error;
use b24pay::outcome::Outcome;
use b24pay::payment::{PaySystemId, PaymentId};
use b24pay::portal::Portal;
use b24pay::request::{Action, Details, PayOptions, PayRequest};
use serde_json::json;

use super::script::{
    Act, GET, PAY, SALE_GET, ScriptedPortal, Step, no, on, shows, shows_with, yes,
};
use super::world::World;

pub const MARK: &str = "crm.item.payment.pay";

pub fn paying(payment: u64) -> PayRequest {
    paying_with(payment, Details::default())
}

pub fn paying_with(payment: u64, details: Details) -> PayRequest {
    PayRequest {
        payment: PaymentId::new(payment).unwrap(),
        action: Action::Pay(PaySystemId::new(11).unwrap(), details),
    }
}

pub fn with_invoice(id: &str) -> PayRequest {
    let details = Details {
        invoice_id: Some(id.into()),
        ..Details::default()
    };
    paying_with(501, details)
}

pub fn marking() -> PayRequest {
    PayRequest {
        payment: PaymentId::new(501).unwrap(),
        action: Action::MarkPaid,
    }
}

pub fn patient(settle_ms: f64, deadline_ms: f64) -> PayOptions {
    PayOptions {
        settle_ms,
        deadline_ms,
        ..PayOptions::default()
    }
}

pub type Said = Result<Outcome, Error>;

/// Runs one call over a script that must be used up, and says when it ended.
#[track_caller]
pub fn pay_with(request: &PayRequest, options: &PayOptions, steps: Vec<Step>) -> (Said, f64) {
    pay_by(true, request, options, steps)
}

/// The same, by a portal that can tell calls apart or, as `BX24`, cannot.
#[track_caller]
pub fn pay_by(
    tells_apart: bool,
    request: &PayRequest,
    options: &PayOptions,
    steps: Vec<Step>,
) -> (Said, f64) {
    let set = |portal: &ScriptedPortal| portal.tells_apart.set(tells_apart);
    pay_over(set, request, options, steps)
}

/// The same, by a portal that is set up first.
#[track_caller]
pub fn pay_over(
    set: impl FnOnce(&ScriptedPortal),
    request: &PayRequest,
    options: &PayOptions,
    steps: Vec<Step>,
) -> (Said, f64) {
    let world = World::new();
    let portal = ScriptedPortal::new(&world, world.tab(), steps);
    set(&portal);
    let said = {
        let portal: Rc<dyn Portal> = Rc::clone(&portal) as _;
        let (request, options) = (request.clone(), options.clone());
        world.run(async move { confirm(&portal, &request, &options).await })
    };
    let ended_at = world.time.now();
    world.rest();
    portal.finished();
    assert!(
        world.origin.journal.borrow().is_empty(),
        "the journal keeps nothing that is over"
    );
    (said, ended_at)
}

#[track_caller]
pub fn pay(steps: Vec<Step>) -> Said {
    pay_with(&paying(501), &PayOptions::default(), steps).0
}

/// A short form of what was said, for comparisons.
pub fn short(said: &Said) -> String {
    if let Ok(outcome) = said {
        let is_unread = matches!(
            outcome,
            Outcome::Unverified { .. } | Outcome::Unknown { payment: None, .. }
        );
        assert_eq!(outcome.payment().is_none(), is_unread);
    }
    match said {
        Ok(Outcome::Done { payment, recovered }) => {
            assert!(payment.paid);
            format!("paid, recovered {recovered}")
        }
        Ok(Outcome::Already { payment, sent }) => {
            assert!(payment.paid);
            format!("already paid, sent {sent}")
        }
        Ok(Outcome::NotApplied { payment, cause }) => {
            assert!(!payment.paid);
            format!(
                "not applied, {}",
                cause.as_ref().map_or("answered", Error::code)
            )
        }
        Ok(Outcome::Unverified { cause }) => format!("unverified, {}", cause.code()),
        Ok(Outcome::Unknown { cause, payment }) => {
            format!(
                "unknown, {}, {}",
                cause.code(),
                if payment.is_some() { "read" } else { "unread" }
            )
        }
        Err(error) => format!("rejected, {}", error.code()),
    }
}

#[track_caller]
pub fn says(expected: &str, steps: Vec<Step>) {
    assert_eq!(short(&pay(steps)), expected);
}

/// What a caller was told, and when.
pub type Told = Rc<RefCell<Option<(String, f64)>>>;

/// Starts a caller after so long.
pub fn start(
    world: &World,
    portal: &Rc<ScriptedPortal>,
    after_ms: f64,
    request: PayRequest,
    options: PayOptions,
) -> Told {
    let told: Told = Rc::default();
    let (slot, time) = (Rc::clone(&told), Rc::clone(&world.time));
    let portal: Rc<dyn Portal> = Rc::clone(portal) as _;
    world.spawn(async move {
        if after_ms > 0.0 {
            time.sleep(after_ms).await;
        }
        let said = confirm(&portal, &request, &options).await;
        slot.replace(Some((short(&said), time.now())));
    });
    told
}

/// The same with the usual options.
pub fn later(
    world: &World,
    portal: &Rc<ScriptedPortal>,
    after_ms: f64,
    request: PayRequest,
) -> Told {
    start(world, portal, after_ms, request, PayOptions::default())
}

/// The same now.
pub fn begin(world: &World, portal: &Rc<ScriptedPortal>, request: PayRequest) -> Told {
    later(world, portal, 0.0, request)
}

#[track_caller]
pub fn was_told(told: &Told, expected: &str) {
    assert_eq!(told.borrow().clone().unwrap().0, expected);
}

#[track_caller]
pub fn was_told_at(told: &Told, expected: &str, at: f64) {
    assert_eq!(told.borrow().clone().unwrap(), (expected.into(), at));
}

/// When calls of a method were handed over.
pub fn times(portal: &ScriptedPortal, method: &str) -> Vec<f64> {
    let conversation = portal.conversation.borrow();
    let asked = conversation.iter().map(|line| line.trim());
    asked
        .filter(|line| line.split(' ').nth(1) == Some(method))
        .map(|line| line.split(' ').next().unwrap().parse().unwrap())
        .collect()
}

pub fn paid_once() -> Vec<Step> {
    vec![
        on(GET, shows(501, false)),
        on(PAY, yes()).after(3_000.0),
        on(GET, shows(501, true)),
    ]
}

pub fn of_order(id: u64, account_number: &str, paid: bool) -> Act {
    shows_with(id, paid, &json!({"accountNumber": account_number}))
}

/// Paying takes so many milliseconds.
pub fn pays_slowly(id: u64, account_number: &str, ms: f64) -> Vec<Step> {
    vec![
        on(GET, of_order(id, account_number, false)),
        on(PAY, yes()).after(ms),
        on(GET, of_order(id, account_number, true)),
    ]
}

pub fn broken() -> Step {
    on(PAY, Act::Breaks(Some(502)))
}

pub fn denied() -> Act {
    no(400, "ACCESS_DENIED", "Access denied")
}

pub fn unscoped() -> Act {
    no(401, "insufficient_scope", "")
}

/// Neither reader may be used, which is said at once.
pub fn unread() -> [Step; 2] {
    let refused = [(GET, denied()), (SALE_GET, no(400, "200040300010", ""))];
    refused.map(|(method, act)| on(method, act).after(0.0))
}
