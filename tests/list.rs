//! The payments of a deal, an invoice or an order: all of them, from whatever pages they come, or none.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod support;

use std::rc::Rc;

use b24pay::error::Error;
use b24pay::list::{Of, list};
use serde_json::{Value, json};
use support::params;
use support::script::{Act, ScriptedPortal, Step, no, on};
use support::world::World;

const CRM: &str = "crm.item.payment.list";
const SALE: &str = "sale.payment.list";

/// The ids that are listed, and with what each page was asked for.
fn listed(of: Of, steps: Vec<Step>) -> (Result<Vec<u64>, Error>, Vec<Value>) {
    let world = World::new();
    let portal = ScriptedPortal::new(&world, world.tab(), steps);
    let asked = Rc::clone(&portal);
    let found = world.run(async move { list(portal.as_ref(), of, 30_000.0).await });
    asked.finished();
    let calls = asked.calls.borrow();
    let found = found.map(|rows| rows.iter().map(|row| row.id.get()).collect());
    (found, calls.iter().map(params).collect())
}

/// Rows from one id on, so many.
fn rows(from: u64, count: u64) -> Value {
    (from..from + count)
        .map(|id| json!({"id": id, "paid": "N"}))
        .collect()
}

/// A page of an order's payments.
fn page(from: u64, count: u64) -> Step {
    on(
        SALE,
        Act::Says(200, json!({"result": {"payments": rows(from, count)}})),
    )
}

/// What the pages of the order 7 after these payments are asked for with.
fn asked<const N: usize>(after: [u64; N]) -> Vec<Value> {
    let filter = |last| match last {
        0 => json!({"=orderId": 7}),
        _ => json!({"=orderId": 7, ">id": last}),
    };
    after
        .map(|last| json!({"filter": filter(last), "order": {"id": "asc"}}))
        .to_vec()
}

#[test]
fn an_order_is_asked_for_page_by_page_until_one_is_not_full() {
    for (steps, last, after) in [
        (vec![page(1, 0)], 0, asked([0])),
        (vec![page(1, 1)], 1, asked([0])),
        (vec![page(1, 49)], 49, asked([0])),
        (vec![page(1, 50), page(51, 0)], 50, asked([0, 50])),
        (vec![page(1, 50), page(51, 1)], 51, asked([0, 50])),
        (
            vec![page(1, 50), page(51, 50), page(101, 20)],
            120,
            asked([0, 50, 100]),
        ),
    ] {
        let (found, params) = listed(Of::Order(7), steps);
        assert_eq!(found.unwrap(), (1..=last).collect::<Vec<_>>());
        assert_eq!(params, after);
    }
}

#[test]
fn of_pages_that_are_not_what_was_asked_for_comes_no_list() {
    let of = |rows: Value| on(SALE, Act::Says(200, json!({"result": {"payments": rows}})));
    let backwards: Value = (1..=50)
        .rev()
        .map(|id| json!({"id": id, "paid": "N"}))
        .collect();
    let other = json!([{"id": 1, "paid": "N", "orderId": 7}, {"id": 2, "paid": "N", "orderId": 8}]);
    for (what, steps) in [
        ("the same page again", vec![page(1, 50), page(1, 50)]),
        ("a part of it again", vec![page(1, 50), page(41, 50)]),
        ("the last of it again", vec![page(1, 50), page(50, 1)]),
        ("a full page in another order", vec![of(backwards)]),
        ("a payment of another order", vec![of(other)]),
    ] {
        let (found, _) = listed(Of::Order(7), steps);
        let error = found.expect_err(what);
        assert_eq!(
            error.to_string(),
            "sale.payment.list was answered with something else than a list of the payments asked for",
            "{what}"
        );
    }
}

#[test]
fn a_page_that_is_not_full_may_be_in_any_order() {
    let rows =
        json!([{"id": 9, "paid": "N", "orderId": 7}, {"id": "3", "paid": "Y", "orderId": "7"}]);
    let answer = Act::Says(200, json!({"result": {"payments": rows}}));
    let (found, _) = listed(Of::Order(7), vec![on(SALE, answer)]);
    assert_eq!(found.unwrap(), [9, 3]);
}

#[test]
fn what_a_limit_refuses_is_asked_for_again_three_times() {
    let limit = |method| on(method, no(503, "QUERY_LIMIT_EXCEEDED", ""));
    for (refusals, expected) in [(1, Ok(vec![1])), (3, Ok(vec![1])), (4, Err("LIMITED"))] {
        let crm = on(CRM, Act::Says(200, json!({"result": rows(1, 1)})));
        for (of, method, answer) in [
            (Of::Order(7), SALE, page(1, 1)),
            (Of::Entity(2, 77), CRM, crm),
        ] {
            let mut steps = vec![limit(method); refusals];
            if expected.is_ok() {
                steps.push(answer);
            }
            let (found, _) = listed(of, steps);
            assert_eq!(
                found.as_deref().map_err(Error::code),
                expected.as_deref().map_err(|code| *code)
            );
        }
    }
}

#[test]
fn a_deal_and_an_invoice_have_one_page_however_long() {
    for (kind, id, count) in [(2, 77, 0), (2, 77, 3), (31, 5, 50), (2, 77, 120)] {
        let answer = Act::Says(200, json!({"result": rows(1, count)}));
        let (found, params) = listed(Of::Entity(kind, id), vec![on(CRM, answer)]);
        assert_eq!(found.unwrap(), (1..=count).collect::<Vec<_>>());
        assert_eq!(params, [json!({"entityId": id, "entityTypeId": kind})]);
    }
}

#[test]
fn a_page_that_cannot_be_read_leaves_no_list() {
    let unreadable = json!({"result": {"payments": [{"id": 51, "paid": "N"}, {"id": 52}]}});
    for (act, code) in [
        (Act::Says(200, json!({"result": true})), "NONSENSE"),
        (
            Act::Says(200, json!({"result": {"payments": 5}})),
            "NONSENSE",
        ),
        (Act::Says(200, unreadable), "NONSENSE"),
        (Act::Breaks(Some(502)), "NO_ANSWER"),
        (no(400, "ACCESS_DENIED", ""), "ACCESS_DENIED"),
    ] {
        for before in [vec![], vec![page(1, 50)]] {
            let steps = [before, vec![on(SALE, act.clone())]].concat();
            let (found, _) = listed(Of::Order(7), steps);
            assert_eq!(found.unwrap_err().code(), code);
        }
        let (found, _) = listed(Of::Entity(2, 77), vec![on(CRM, act)]);
        assert_eq!(found.unwrap_err().code(), code);
    }
}
