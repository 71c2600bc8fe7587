//! Plays a history: tabs, callers and strangers against the portal's rules, until all is at rest.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::rc::Rc;

use b24pay::amount::Amount;
use b24pay::bulk::{Item, confirm_all};
use b24pay::confirm::confirm;
use b24pay::error::Error;
use b24pay::outcome::Outcome;
use b24pay::payment::{PaySystemId, Payment, PaymentId};
use b24pay::portal::{Pending, Portal};
use b24pay::request::{Action, Details, PayOptions, PayRequest, Terms};
use b24pay::signal::Signal;
use portal::{
    Bucket, Codes, Credential, Fault, Kind, Limits, OperatingLimit, Order, Owner, PaySystem, Plan,
    Request, Rights, Scenario, Scopes, Setting, Statuses,
};
use serde_json::json;

use crate::history::{
    CANCELLED, CARD, CASH, Caller, DetailsPlan, Doing, Expect, GATEWAY, History, LimitPlan, MORE,
    OTHER_ORDER, Opening, PAID, REFUSES, RETURNED, SAVES_THEN_TEXT, SIBLING,
};
use crate::support::rules::{By, Handed, Making, RulesPortal, Site, Trip};
use crate::support::world::{Habits, Tab, World};

/// The operator whose tabs these are, and somebody else.
const OPERATOR: u64 = 7;
const STRANGER: u64 = 8;
const SECRET: &str = "stranger";

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

/// Everything that happened.
pub struct Played {
    pub runs: Vec<Ran>,
    pub seen: Vec<Seen>,
    pub bulks: BTreeMap<usize, Ended>,
    pub handed: Vec<Handed>,
    pub rules: portal::Portal,
}

#[derive(Default)]
struct Notes {
    runs: RefCell<Vec<Ran>>,
    seen: RefCell<Vec<Seen>>,
    bulks: RefCell<BTreeMap<usize, Ended>>,
    /// Who asks for handshakes in turn while its future is polled: a caller, or a bulk call and then
    /// each of its items.
    asking: RefCell<VecDeque<Option<usize>>>,
    /// Whose handshake has just ended: a run that starts now is its.
    joining: Cell<Option<usize>>,
}

thread_local! {
    static BEGINNING: portal::Portal = beginning();
}

fn beginning() -> portal::Portal {
    let deal = Some(Owner::deal(7));
    let payment = portal::Payment::new;
    let setting = Setting::new()
        .order(Order::new(917, "EUR", deal))
        .order(Order::new(918, "USD", deal))
        .order(Order::new(77, "KWD", deal).cancelled("Заказ №77 отменен"))
        .pay_system(PaySystem::new(6, "Cash", Kind::Offline))
        .pay_system(PaySystem::rest(11, "Card"))
        .pay_system(PaySystem::new(14, "Gateway", Kind::Gateway))
        .pay_system(PaySystem::new(15, "Talkative gateway", Kind::SavesThenText))
        .pay_system(PaySystem::new(16, "Bank", Kind::Refuses(vec!["No".into()])))
        .payment(payment(CARD, 917, "917/1", 11, 59.97))
        .payment(payment(CASH, 917, "917/2", 6, 68.12))
        .payment(payment(SIBLING, 917, "917/3", 11, 1000.0))
        .payment(payment(CANCELLED, 77, "77/1", 11, 12.345))
        .payment(payment(RETURNED, 918, "918/1", 11, 5.0).returned())
        .payment(payment(OTHER_ORDER, 918, "918/2", 11, 12.0))
        .payment(payment(PAID, 918, "918/3", 11, 250.0).already_paid(1))
        .payment(payment(GATEWAY, 918, "918/4", 14, 1.0))
        .payment(payment(SAVES_THEN_TEXT, 918, "918/5", 15, 2.0))
        .payment(payment(REFUSES, 918, "918/6", 16, 3.0))
        .order(Order::new(919, "EUR", deal))
        .order(Order::new(920, "EUR", deal))
        .order(Order::new(921, "EUR", deal))
        .order(Order::new(922, "EUR", deal))
        .operator(OPERATOR, Rights::MANAGER)
        .operator(STRANGER, Rights::ADMIN)
        .webhook(STRANGER, SECRET, Scopes::ALL);
    let setting = MORE.fold(setting, |setting, id| {
        let (order, place) = (919 + (id - MORE.start) / 3, (id - MORE.start) % 3 + 1);
        setting.payment(payment(id, order, &format!("{order}/{place}"), 11, 7.0))
    });
    portal::Portal::new(Scenario::Of(setting), 0)
}

fn rules(history: &History) -> portal::Portal {
    let mut rules = BEGINNING.with(Clone::clone);
    rules.operator_mut(OPERATOR).unwrap().rights = history.rights;
    rules.limits = match history.limits {
        LimitPlan::Off => Limits::off(),
        LimitPlan::Standard => Limits::of(Plan::Standard),
        LimitPlan::Free => Limits::of(Plan::Free),
        LimitPlan::Tight(holds) => Limits {
            bucket: Some(Bucket::new(0.5, holds as f64)),
            ..Limits::off()
        },
        LimitPlan::Operating(ms) => Limits {
            operating: Some(OperatingLimit::of(ms)),
            ..Limits::off()
        },
    };
    if history.is_documented {
        rules.statuses = Statuses::Documented;
        rules.codes = Codes::Numbers;
    }
    for plan in &history.faults {
        let mut fault = Fault::new(plan.kind, plan.method)
            .nth(plan.nth)
            .times(plan.times)
            .ms(plan.ms)
            .commit_ms(plan.commit_ms);
        fault.commit = plan.commit;
        rules.arm(fault);
    }
    rules
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

fn open(
    world: &World,
    site: &Rc<Site>,
    notes: &Rc<Notes>,
    history: &History,
    number: usize,
) -> (Tab, Rc<RulesPortal>) {
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
    let scopes = Scopes::of(&history.scopes);
    let token = site.rules.borrow_mut().issue_for(0, OPERATOR, 1, scopes);
    let trips: BTreeMap<usize, Trip> = history
        .trips
        .iter()
        .filter(|plan| plan.tab == number)
        .map(|plan| (plan.nth, plan.trip))
        .collect();
    let opening_asked = {
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
    let portal = RulesPortal::new(
        &tab,
        site,
        Making {
            number,
            line: plan.line,
            token,
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
        },
        Box::new(opening_asked),
    );
    (tab, portal)
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

/// One caller, from its request to what it is told.
async fn call(
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
struct Many {
    number: usize,
    /// The callers that are its items.
    items: Vec<(usize, Caller)>,
}

/// Many payments, from the request to what is told of each.
async fn call_many(
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

/// A future that is polled while these ask for handshakes in turn.
async fn asking<T>(
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

fn options(site: &Site, caller: &Caller, abort: Option<Rc<Signal>>) -> PayOptions {
    PayOptions {
        deadline_ms: caller.deadline_ms as f64,
        settle_ms: caller.settle_ms as f64,
        known: None,
        terms: terms(site, caller),
        abort,
    }
}

/// A payment as the portal would have shown it now.
fn payment(site: &Site, id: u64) -> Rc<Payment> {
    let rules = site.rules.borrow();
    let truth = rules.payment(id).unwrap();
    Rc::new(Payment {
        id: PaymentId::new(id).unwrap(),
        account_number: truth.account_number.clone(),
        paid: truth.paid,
        date_paid: truth.date_paid_ms.map(|at| rules.clock.iso(at)),
        paid_by: truth.paid_by,
        pay_system_id: truth.pay_system,
        pay_system_name: "known".into(),
        sum: Amount::from_number(truth.sum),
        currency: truth.currency.clone(),
        order_id: None,
        returned: None,
    })
}

fn request(caller: &Caller) -> PayRequest {
    let action = match caller.doing {
        Doing::Pay { system, details } => {
            let mark = Details {
                invoice_id: Some(format!("mark-{}", caller.mark)),
                ..Details::default()
            };
            let sum = Some("1.23".to_owned());
            let details = match details {
                DetailsPlan::Mark => mark,
                DetailsPlan::Fee | DetailsPlan::WrongSum => Details { sum, ..mark },
                DetailsPlan::TooLong => Details {
                    status_message: Some("x".repeat(251)),
                    ..mark
                },
            };
            Action::Pay(PaySystemId::new(system).unwrap(), details)
        }
        Doing::MarkPaid => Action::MarkPaid,
        Doing::MarkUnpaid => Action::MarkUnpaid,
    };
    PayRequest {
        payment: PaymentId::new(caller.payment).unwrap(),
        action,
    }
}

fn terms(site: &Site, caller: &Caller) -> Terms {
    let rules = site.rules.borrow();
    let truth = rules.payment(caller.payment).unwrap();
    let mut terms = Terms {
        details_may_differ: caller.may_differ(),
        pay_returned: caller.expect == Expect::Returned,
        ..Terms::default()
    };
    match caller.expect {
        Expect::Nothing | Expect::Returned => {}
        Expect::Right => {
            terms.sum = Amount::from_number(truth.sum);
            terms.currency = Some(truth.currency.clone());
        }
        Expect::WrongSum => terms.sum = Amount::from_number(truth.sum + 0.0001),
        Expect::WrongCurrency => terms.currency = Some("RUB".into()),
    }
    terms
}
