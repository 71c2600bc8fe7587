//! Makes a history from a seed.

use std::collections::BTreeMap;

use portal::{FaultKind, Rights, Scope};

use crate::history::{
    Bulk, CANCELLED, CARD, CASH, Caller, DetailsPlan, Doing, Expect, FaultPlan, Forged, GATEWAY,
    History, LimitPlan, MORE, OTHER_ORDER, Opening, Other, PAID, REFUSES, RETURNED,
    SAVES_THEN_TEXT, SIBLING, TabPlan, TripPlan,
};
use crate::support::chance::Chance;
use crate::support::rules::{BATCH, Line, Trip};
use crate::support::script::{GET, PAY, SALE_GET};
use crate::support::world::Timers;

const MARK_PAID: &str = "crm.item.payment.pay";
const MARK_UNPAID: &str = "crm.item.payment.unpay";

pub fn generate(seed: u64) -> History {
    let chance = &mut Chance::new(seed);
    let count = chance.weighed(&[(50, 1), (40, 2), (10, 3)]);
    let tabs: Vec<TabPlan> = (0..count).map(|_| tab(chance)).collect();
    let mut callers = callers(chance, tabs.len());
    bulks(chance, tabs.len(), &mut callers);
    let has_bulk = callers.iter().any(|caller| caller.bulk.is_some());
    let shortest = callers.iter().map(|caller| caller.settle_ms).min();
    // The portal goes on for at most so long after it has received a request.
    let longest_run = shortest.unwrap_or(65_000).saturating_sub(5_000).min(60_000);
    let way_ms = chance.weighed(&[(60, 100), (20, 20), (15, 900), (5, 5_000)]);
    let count = chance.weighed(&[(20, 0), (40, 1), (25, 2), (10, 3), (5, 5)]);
    let faults = (0..count)
        .map(|_| fault(chance, longest_run, has_bulk))
        .collect();
    let count = chance.weighed(&[(45, 0), (25, 1), (15, 2), (15, 6)]);
    let trips = (0..count)
        .map(|_| trip(chance, tabs.len(), way_ms))
        .collect();
    let count = chance.weighed(&[(70, 0), (20, 1), (10, 2)]);
    let others = (0..count).map(|_| other(chance)).collect();
    let mut history = History {
        others,
        forged: Vec::new(),
        faults,
        trips,
        promotion: chance
            .percent(6)
            .then(|| (chance.below(30_000), rights(chance))),
        rights: rights(chance),
        scopes: scopes(chance),
        limits: limits(chance),
        way_ms,
        is_documented: chance.percent(30),
        jumps: Vec::new(),
        tabs,
        callers,
    };
    coincide(chance, &mut history, longest_run);
    mistime(chance, &mut history);
    let count = chance.weighed(&[(85, 0), (10, 1), (5, 3)]);
    history.forged = (0..count).map(|_| forged(chance)).collect();
    surround(chance, &mut history);
    history
}

/// An entry that another app writes, be it sense or none.
fn forged(chance: &mut Chance) -> Forged {
    let longest = chance.one(&[2_000, 90_000]);
    Forged {
        at: chance.below(longest),
        payment: chance.weighed(&[(80, CARD), (10, SIBLING), (10, PAID)]),
        pays: chance.percent(70),
        sent_in_ms: chance.one(&[
            0.0,
            0.0,
            -30_000.0,
            -1e12,
            60_000.0,
            1e12,
            f64::INFINITY,
            f64::NEG_INFINITY,
            f64::NAN,
        ]),
        settle_ms: chance.one(&[
            65_000.0,
            65_000.0,
            1_000.0,
            0.0,
            -5.0,
            1e300,
            f64::INFINITY,
            f64::NAN,
        ]),
    }
}

/// Has browsers take their time to answer for a lock, callers go by a second portal of their page, and abort when something arrives.
fn surround(chance: &mut Chance, history: &mut History) {
    for tab in &mut history.tabs {
        tab.grant_ms = chance.weighed(&[(80, 1.0), (10, 0.0), (5, 50.0), (5, 1_500.0)]);
        tab.second = chance.one(&[Line::Chromium, Line::Http]);
    }
    if chance.percent(20) {
        let mut bulks = BTreeMap::new();
        for caller in &mut history.callers {
            let is_second = chance.percent(50);
            // Items of one call go one way.
            caller.is_second = match caller.bulk {
                Some(bulk) => *bulks.entry(bulk.number).or_insert(is_second),
                None => is_second,
            };
        }
    }
    for caller in &mut history.callers {
        if caller.abort_ms.is_some() && caller.bulk.is_none() && chance.percent(30) {
            let trips = chance.between(1, 8);
            caller.abort_ms = Some(trips * history.way_ms + chance.below(2));
        }
    }
}

/// Sets the machine's clock, and has browsers round it, hurry their timers or keep them back.
fn mistime(chance: &mut Chance, history: &mut History) {
    let count = chance.weighed(&[(80, 0), (15, 1), (5, 2)]);
    for _ in 0..count {
        let longest = chance.one(&[2_000, 100_000]);
        let at = chance.below(longest);
        let ms = chance.one(&[1_000, 30_000, 3_600_000, 86_400_000]);
        history.jumps.push((at, chance.one(&[ms, -ms])));
    }
    for tab in &mut history.tabs {
        tab.timers = Timers {
            coarse_ms: chance.weighed(&[(85, 0.0), (5, 1.0), (10, 70.0)]),
            early_ms: chance.weighed(&[(85, 0.0), (15, 2.0)]),
            grid_ms: chance.weighed(&[(80, 0.0), (10, 1_000.0), (10, 60_000.0)]),
        };
    }
}

/// Some coincidences are too rare to be waited for.
fn coincide(chance: &mut Chance, history: &mut History, longest_run: u64) {
    match chance.below(100) {
        // Held back by `BX24`, then answered with nothing while the portal still runs.
        0..=3 => {
            let trip = Trip {
                hold_ms: chance.one(&[900, 10_000, 40_000]),
                out_ms: 5_000,
                ..Trip::PLAIN
            };
            let kind = chance.one(&[FaultKind::EmptyBody, FaultKind::Empty403]);
            end_unanswered(history, trip, kind, longest_run);
        }
        // The order is not known before a second look, while another payment of it is being sent.
        4..=7 => {
            let mut other = history.callers[0].clone();
            other.bulk = None;
            other.payment = match other.payment {
                SIBLING => CARD,
                _ => SIBLING,
            };
            other.mark += 100;
            other.at = chance.between(9_000, 12_000);
            history.callers.push(other);
            for (method, ms) in [(GET, 11_000), (SALE_GET, 0)] {
                history.faults.insert(
                    0,
                    FaultPlan {
                        kind: FaultKind::Denied,
                        method,
                        nth: 1,
                        times: 1,
                        ms,
                        commit: None,
                        commit_ms: 0,
                    },
                );
            }
        }
        // Every read takes longer than what was read may be old.
        8..=10 => {
            history.way_ms = 5_000;
            for method in [BATCH, GET, SALE_GET] {
                history.faults.push(FaultPlan {
                    kind: FaultKind::Delay,
                    method,
                    nth: 1,
                    times: 500,
                    ms: 3_000,
                    commit: None,
                    commit_ms: 0,
                });
            }
        }
        // Kept waiting for a connection by the browser, then broken off while the portal still runs.
        11..=14 => {
            let trip = Trip {
                queue_ms: chance.one(&[900, 10_000, 40_000]),
                ..Trip::PLAIN
            };
            let kind = chance.one(&[FaultKind::Http502, FaultKind::DropBeforeCommit]);
            end_unanswered(history, trip, kind, longest_run);
        }
        _ => {}
    }
}

/// The second request of the first caller's tab, where nothing else comes between its pay call, makes this trip, and the first pay call
/// ends so while the portal runs as long as it can.
fn end_unanswered(history: &mut History, trip: Trip, kind: FaultKind, longest_run: u64) {
    history.trips.push(TripPlan {
        tab: history.callers[0].tab,
        nth: 1,
        trip,
    });
    history.faults.insert(
        0,
        FaultPlan {
            kind,
            method: PAY,
            nth: 1,
            times: 1,
            ms: 0,
            commit: Some(true),
            commit_ms: longest_run,
        },
    );
}

fn tab(chance: &mut Chance) -> TabPlan {
    let freezes = chance.weighed(&[(85, 0), (12, 1), (3, 2)]);
    TabPlan {
        line: chance.weighed(&[
            (35, Line::Chromium),
            (15, Line::WebKit),
            (10, Line::Blind),
            (40, Line::Http),
        ]),
        is_bare: chance.percent(20),
        skew_ms: chance.weighed(&[
            (85, 0),
            (5, 3_000),
            (5, -40_000),
            (3, 600_000),
            (2, -600_000),
        ]),
        timers: Timers::default(),
        freezes: (0..freezes)
            .map(|_| {
                let from = chance.below(100_000);
                (from, from + chance.between(1_000, 400_000))
            })
            .collect(),
        closes_at: chance.percent(15).then(|| chance.below(20_000)),
        grant_ms: 1.0,
        second: Line::Http,
        opening: match chance.below(100) {
            0..=1 => Opening::NotInPortal,
            2..=3 => Opening::NoHandshake,
            _ => Opening::Works(chance.below(500)),
        },
    }
}

fn callers(chance: &mut Chance, tabs: usize) -> Vec<Caller> {
    let count = chance.weighed(&[(40, 1), (30, 2), (20, 3), (10, 5)]);
    let mut callers: Vec<Caller> = Vec::new();
    for mark in 0..count {
        if !callers.is_empty() && chance.percent(35) {
            let mut same = chance.one(&callers);
            same.at += chance.weighed(&[(40, 0), (40, 1_000), (20, 40_000)]);
            same.abort_ms = abort(chance);
            callers.push(same);
            continue;
        }
        let (payment, system) = chance.weighed(&[
            (60, (CARD, 11)),
            (10, (SIBLING, 11)),
            (4, (CASH, 6)),
            (3, (CANCELLED, 11)),
            (5, (RETURNED, 11)),
            (4, (OTHER_ORDER, 11)),
            (5, (PAID, 11)),
            (2, (GATEWAY, 14)),
            (4, (SAVES_THEN_TEXT, 15)),
            (3, (REFUSES, 16)),
        ]);
        let details = chance.weighed(&[
            (88, DetailsPlan::Mark),
            (6, DetailsPlan::Fee),
            (4, DetailsPlan::WrongSum),
            (2, DetailsPlan::TooLong),
        ]);
        let system = if chance.percent(5) { 6 } else { system };
        let doing = chance.weighed(&[
            (76, Doing::Pay { system, details }),
            (14, Doing::MarkPaid),
            (10, Doing::MarkUnpaid),
        ]);
        callers.push(Caller {
            is_second: false,
            tab: usize::try_from(chance.below(tabs as u64)).unwrap(),
            at: chance.weighed(&[(40, 0), (30, 200), (20, 3_000), (10, 15_000)])
                + chance.below(200),
            payment,
            doing,
            mark,
            expect: chance.weighed(&[
                (75, Expect::Nothing),
                (14, Expect::Right),
                (3, Expect::WrongSum),
                (3, Expect::WrongCurrency),
                (5, Expect::Returned),
            ]),
            deadline_ms: chance.weighed(&[(70, 30_000), (15, 5_000), (8, 70_000), (7, 90_000)]),
            settle_ms: chance.weighed(&[(75, 65_000), (15, 20_000), (10, 90_000)]),
            known_ms: chance.percent(12).then(|| chance.below(14_000)),
            abort_ms: abort(chance),
            bulk: None,
        });
    }
    callers
}

/// Calls about many payments, some of one order, some of which single callers are about too.
fn bulks(chance: &mut Chance, tabs: usize, callers: &mut Vec<Caller>) {
    let count = chance.weighed(&[(75, 0), (20, 1), (5, 2)]);
    let singles = callers.clone();
    for number in 0..count {
        let bulk = Bulk {
            number,
            concurrency: chance.weighed(&[(40, 1), (20, 2), (40, 4)]),
            may_differ: chance.percent(10),
        };
        let all = Caller {
            tab: usize::try_from(chance.below(tabs as u64)).unwrap(),
            at: chance.weighed(&[(60, 0), (20, 3_000), (20, 15_000)]) + chance.below(200),
            expect: chance.weighed(&[(85, Expect::Nothing), (15, Expect::Returned)]),
            known_ms: None,
            abort_ms: abort(chance),
            bulk: Some(bulk),
            ..chance.one(&singles)
        };
        let items = chance.weighed(&[(10, 1), (35, 3), (35, 6), (15, 12), (5, 30)]);
        for _ in 0..items {
            let mut item = Caller {
                mark: 1000,
                ..all.clone()
            };
            let single = chance.one(&singles);
            if chance.percent(20) && matches!(single.doing, Doing::Pay { .. }) {
                item.payment = single.payment;
                item.doing = single.doing;
                item.mark = single.mark;
            } else {
                let ordinary = chance.between(MORE.start, MORE.end - 1);
                let (payment, system) = chance.weighed(&[
                    (70, (ordinary, 11)),
                    (8, (CARD, 11)),
                    (5, (SIBLING, 11)),
                    (3, (CASH, 6)),
                    (2, (CANCELLED, 11)),
                    (4, (RETURNED, 11)),
                    (3, (PAID, 11)),
                    (3, (SAVES_THEN_TEXT, 15)),
                    (2, (REFUSES, 16)),
                ]);
                let details = chance.weighed(&[
                    (90, DetailsPlan::Mark),
                    (7, DetailsPlan::WrongSum),
                    (3, DetailsPlan::TooLong),
                ]);
                item.payment = payment;
                item.doing = Doing::Pay { system, details };
            }
            // Whether amounts may differ is said for all of them.
            if let Doing::Pay { details, .. } = &mut item.doing {
                match (bulk.may_differ, *details) {
                    (true, DetailsPlan::WrongSum) => *details = DetailsPlan::Fee,
                    (false, DetailsPlan::Fee) => *details = DetailsPlan::WrongSum,
                    _ => {}
                }
            }
            callers.push(item);
        }
    }
}

fn abort(chance: &mut Chance) -> Option<u64> {
    chance.percent(12).then(|| {
        let longest = chance.one(&[500, 2_000, 40_000]);
        chance.below(longest)
    })
}

fn fault(chance: &mut Chance, longest_run: u64, has_bulk: bool) -> FaultPlan {
    use FaultKind as Kind;
    let (kind, _) = chance.one(&FaultKind::ALL);
    let method = chance.weighed(&[
        (52, PAY),
        (25, GET),
        (6, SALE_GET),
        (8, MARK_PAID),
        (5, MARK_UNPAID),
        (4, "*"),
        (if has_bulk { 25 } else { 0 }, BATCH),
    ]);
    // After these the portal may still be running, whatever they look like.
    let is_open = matches!(
        kind,
        Kind::DropBeforeCommit
            | Kind::CommitThenDrop
            | Kind::CommitThen502
            | Kind::CommitThenHtml
            | Kind::Hang
            | Kind::Http502
            | Kind::Http500Json
            | Kind::EmptyBody
            | Kind::Empty403
            | Kind::NullBody
            | Kind::TruncatedJson
            | Kind::NoCors
    );
    // After this one it has ended, and may have run.
    let may_have_run = is_open || kind == Kind::NumericError;
    let run_ms = |chance: &mut Chance| match chance.below(3) {
        0 => 0,
        1 => longest_run,
        _ => chance.below(longest_run),
    };
    FaultPlan {
        kind,
        method,
        nth: chance.weighed(&[(75, 1), (15, 2), (10, 3)]),
        times: chance.weighed(&[(70, 1), (10, 2), (10, 4), (10, 30)]),
        ms: if kind == Kind::CommitLate {
            run_ms(chance)
        } else {
            chance.weighed(&[(60, 0), (20, 3_000), (10, 35_000), (10, 100_000)])
        },
        commit: (may_have_run && chance.percent(50)).then(|| chance.percent(50)),
        commit_ms: if is_open && chance.percent(40) {
            run_ms(chance)
        } else {
            0
        },
    }
}

fn trip(chance: &mut Chance, tabs: usize, way_ms: u64) -> TripPlan {
    let way = |chance: &mut Chance| {
        let longest = chance.one(&[way_ms, 5_000]);
        chance.below(longest + 1)
    };
    TripPlan {
        tab: usize::try_from(chance.below(tabs as u64)).unwrap(),
        // The second request of a tab is usually the one that pays.
        nth: chance.weighed(&[(50, 1), (15, 0), (15, 2), (10, 3), (5, 4), (5, 7)]),
        trip: Trip {
            hold_ms: chance.weighed(&[(70, 0), (8, 900), (8, 2_000), (8, 40_000), (6, 200_000)]),
            queue_ms: chance.weighed(&[(75, 0), (10, 3_000), (10, 40_000), (5, 200_000)]),
            out_ms: way(chance),
            back_ms: way(chance),
            is_reused: chance.percent(15),
            throws: chance.percent(5).then(|| chance.percent(50)),
            is_lost: chance.percent(4),
            hint_ms: chance.percent(12).then(|| chance.below(20_000)),
            renewal_ms: chance.weighed(&[(60, 300), (40, 90_000)]),
        },
    }
}

fn other(chance: &mut Chance) -> Other {
    let longest = chance.one(&[2_000, 90_000]);
    Other {
        at: chance.below(longest),
        payment: chance.weighed(&[(80, CARD), (10, SIBLING), (10, PAID)]),
        pays: chance.percent(60),
    }
}

fn rights(chance: &mut Chance) -> Rights {
    chance.weighed(&[
        (72, Rights::MANAGER),
        (8, Rights::PAYER),
        (6, Rights::READER),
        (4, Rights::NONE),
        (
            10,
            Rights {
                sale: false,
                ..Rights::MANAGER
            },
        ),
    ])
}

fn scopes(chance: &mut Chance) -> Vec<Scope> {
    chance.weighed(&[
        (76, Scope::ALL.to_vec()),
        (6, vec![Scope::PaySystem, Scope::Crm]),
        (6, vec![Scope::PaySystem, Scope::Sale]),
        (6, vec![Scope::PaySystem]),
        (4, vec![Scope::Crm, Scope::Sale]),
        (2, Vec::new()),
    ])
}

fn limits(chance: &mut Chance) -> LimitPlan {
    match chance.below(100) {
        0..=69 => LimitPlan::Off,
        70..=79 => LimitPlan::Standard,
        80..=81 => LimitPlan::Free,
        82..=91 => LimitPlan::Tight(chance.between(1, 6)),
        _ => LimitPlan::Operating(chance.one(&[0, 350, 700])),
    }
}
