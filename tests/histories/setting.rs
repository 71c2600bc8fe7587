//! The portal as a history finds it: its payments, rights, limits and faults.

use portal::{
    Bucket, Codes, Fault, Kind, Limits, OperatingLimit, Order, Owner, PaySystem, Plan, Rights,
    Scenario, Scopes, Setting, Statuses,
};

use crate::history::{
    CANCELLED, CARD, CASH, GATEWAY, History, LimitPlan, MORE, OTHER_ORDER, PAID, REFUSES, RETURNED,
    SAVES_THEN_TEXT, SIBLING,
};

/// The operator whose tabs these are, and somebody else.
pub const OPERATOR: u64 = 7;
pub const STRANGER: u64 = 8;
pub const SECRET: &str = "stranger";

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

/// The rules of its portal before anything has happened.
pub fn rules(history: &History) -> portal::Portal {
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
