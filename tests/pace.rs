//! The portal's two limits kept from our side: how long a request waits for its place, and a refused call for its next try.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::float_cmp,
    reason = "tests"
)]

mod support;

use b24pay::json::Json;
use b24pay::pace::Pace;
use b24pay::refusal::Said;
use serde_json::json;
use support::script::{GET, PAY};

/// Takes so many places at once, and says how long the last of them waits.
fn take(pace: &Pace, places: usize, now: f64) -> f64 {
    let waits: Vec<f64> = (0..places).map(|_| pace.take(now)).collect();
    waits[places - 1]
}

#[test]
fn forty_eight_requests_go_at_once_and_two_a_second_after_them() {
    let pace = Pace::default();
    assert_eq!(take(&pace, 1, 5.0), 0.0);
    assert_eq!(take(&pace, 47, 5.0), 0.0);
    for wait in [500.0, 1_000.0, 1_500.0, 2_000.0] {
        assert_eq!(take(&pace, 1, 5.0), wait);
    }
}

#[test]
fn places_are_free_again_as_they_leak_and_never_more_than_there_are() {
    let pace = Pace::default();
    assert_eq!(take(&pace, 50, 0.0), 1_000.0);
    // Ten seconds: twenty places.
    assert_eq!(take(&pace, 18, 10_000.0), 0.0);
    assert_eq!(take(&pace, 1, 10_000.0), 500.0);
    // Each time counts from the one before it.
    assert_eq!(take(&pace, 1, 10_500.0), 500.0);
    assert_eq!(take(&pace, 2, 11_500.0), 500.0);
    // However long nothing was sent.
    assert_eq!(take(&pace, 48, 1e9), 0.0);
    assert_eq!(take(&pace, 1, 1e9), 500.0);
}

/// The time of a good answer after which the method's operating time is reset so many seconds later.
fn reset_in(seconds: f64) -> Json {
    support::json(&json!({"finish": 1000, "operating_reset_at": 1000.0 + seconds}))
}

#[test]
fn a_limit_is_waited_for_twice_as_long_each_time_and_three_times() {
    let pace = Pace::default();
    let waits = [0, 1, 2, 3, 4, 5].map(|refusals| pace.pause(Said::Limit, PAY, 0.0, refusals));
    let waited = [1_000.0, 1_000.0, 2_000.0, 4_000.0].map(Some);
    assert_eq!(waits[..4], waited);
    assert_eq!(waits[4..], [None, None]);
}

#[test]
fn the_operating_limit_is_waited_for_until_the_methods_own_reset() {
    let pace = Pace::default();
    let pause = |method, now, refusals| pace.pause(Said::Operating, method, now, refusals);
    assert_eq!(pause(PAY, 0.0, 1), None, "its reset is not known");
    pace.learn(GET, 100.0, &reset_in(300.0));
    assert_eq!(pause(PAY, 100.0, 1), None, "that of another method is none");
    pace.learn(PAY, 200.0, &reset_in(20.0));
    assert_eq!(pause(PAY, 200.0, 1), Some(20_000.0));
    assert_eq!(pause(GET, 200.0, 1), Some(299_900.0));
    assert_eq!(pause(PAY, 5_200.0, 1), Some(15_000.0));
    // The latest answer counts, and an answer that says nothing of it changes nothing.
    pace.learn(PAY, 1_000.0, &reset_in(2.0));
    pace.learn(PAY, 1_000.0, &Json::Null);
    assert_eq!(pause(PAY, 1_000.0, 1), Some(2_000.0));
    assert_eq!(pause(GET, 1_000.0, 1), Some(299_100.0));
    // Where it is over or soon will be, as for the other limit.
    for (now, refusals, wait) in [
        (2_500.0, 1, 1_000.0),
        (9e9, 2, 2_000.0),
        (1_000.0, 3, 4_000.0),
    ] {
        assert_eq!(pause(PAY, now, refusals), Some(wait));
    }
    assert_eq!(pause(PAY, 1_000.0, 4), None);
}

#[test]
fn a_reset_is_waited_for_ten_minutes_at_most() {
    for (seconds, wait) in [
        (599.0, 599_000.0),
        (600.0, 600_000.0),
        (601.0, 600_000.0),
        (1e12, 600_000.0),
        (-5.0, 1_000.0),
        (-1e12, 1_000.0),
    ] {
        let pace = Pace::default();
        pace.learn(PAY, 50.0, &reset_in(seconds));
        assert_eq!(pace.pause(Said::Operating, PAY, 50.0, 1), Some(wait));
    }
}

#[test]
fn nothing_else_is_waited_for() {
    let pace = Pace::default();
    pace.learn(PAY, 0.0, &reset_in(20.0));
    for said in [
        Said::Expired,
        Said::Rights,
        Said::Scope,
        Said::Unchecked,
        Said::Blocked,
        Said::No,
        Said::MayRun,
        Said::ReadDecides,
    ] {
        assert_eq!(pace.pause(said, PAY, 0.0, 1), None, "{said:?}");
    }
}
