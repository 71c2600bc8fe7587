//! Renewals of a token under a virtual clock: one per expiry, shared, bounded, not broken off.
#![expect(
    clippy::unwrap_used,
    clippy::float_cmp,
    reason = "a failed test may panic, and virtual times are whole"
)]

mod support;

use std::cell::Cell;
use std::rc::Rc;

use b24pay::error::{Code, Error};
use b24pay::page::Page;
use b24pay::portal::Pending;
use b24pay::renewal::Renewal;
use futures_util::future::{join, join3};
use support::world::World;

/// What gets a token, and how often it was asked.
#[derive(Default)]
struct Source {
    asked: Cell<u32>,
}

impl Source {
    /// Brings a token, or none, after so long.
    fn after(&self, page: &Page, ms: f64, brings: bool) -> Pending<'static, bool> {
        self.asked.set(self.asked.get() + 1);
        let late = page.clock.sleep(ms);
        Box::pin(async move {
            late.await;
            brings
        })
    }
}

/// A renewal that nobody has asked for yet, in a page of its own.
fn begun(world: &World) -> (Rc<Page>, Rc<Renewal>, Rc<Source>) {
    let renewal = Renewal::within(30_000.0);
    (world.tab(), Rc::new(renewal), Rc::default())
}

fn is_expired(result: &Result<(), Error>) -> bool {
    matches!(result, Err(error) if error.is(Code::AuthExpired) && error.refusal().is_none())
}

#[test]
fn parallel_calls_share_one_renewal() {
    let world = World::new();
    let (page, renewal, source) = begun(&world);
    let asked = Rc::clone(&source);
    let all = world.run(async move {
        page.clock.sleep(5.0).await;
        let renew = || renewal.share(&page, 0.0, 1000.0, || source.after(&page, 300.0, true));
        join3(renew(), renew(), renew()).await
    });
    assert!(all.0.is_ok() && all.1.is_ok() && all.2.is_ok());
    assert_eq!(asked.asked.get(), 1);
}

#[test]
fn a_call_refused_with_the_old_token_after_the_renewal_does_not_renew_again() {
    let world = World::new();
    let (page, renewal, source) = begun(&world);
    let asked = Rc::clone(&source);
    world.run(async move {
        let sent_at = page.clock.now();
        page.clock.sleep(5.0).await;
        let renew =
            |sent_at| renewal.share(&page, sent_at, 1000.0, || source.after(&page, 10.0, true));
        renew(sent_at).await.unwrap();
        page.clock.sleep(700.0).await;
        renew(sent_at).await.unwrap();
        assert_eq!(source.asked.get(), 1);
        // Sent with the new token and refused all the same: that one has expired too.
        renew(page.clock.now()).await.unwrap();
    });
    assert_eq!(asked.asked.get(), 2);
}

#[test]
fn a_failed_renewal_is_shared_too_and_the_next_call_tries_again() {
    let world = World::new();
    let (page, renewal, source) = begun(&world);
    let asked = Rc::clone(&source);
    world.run(async move {
        page.clock.sleep(5.0).await;
        let fail =
            |sent_at| renewal.share(&page, sent_at, 1000.0, || source.after(&page, 10.0, false));
        let (first, second) = join(fail(0.0), fail(0.0)).await;
        assert!(is_expired(&first) && is_expired(&second));
        page.clock.sleep(5.0).await;
        assert!(
            is_expired(&fail(1.0).await),
            "it was sent before the renewal failed"
        );
        assert_eq!(source.asked.get(), 1);
        let now = page.clock.now();
        renewal
            .share(&page, now, 1000.0, || source.after(&page, 10.0, true))
            .await
            .unwrap();
    });
    assert_eq!(asked.asked.get(), 2);
}

#[test]
fn a_renewal_that_never_answers_ends_with_the_deadline_of_each_call_and_after_30_s() {
    let world = World::new();
    let (page, renewal, source) = begun(&world);
    world.run(async move {
        let hang =
            |within| renewal.share(&page, 0.0, within, || source.after(&page, f64::MAX, true));
        page.clock.sleep(1.0).await;
        assert!(is_expired(&hang(200.0).await));
        assert_eq!(page.clock.now(), 201.0, "the caller's own deadline");
        assert!(is_expired(&hang(90_000.0).await));
        assert_eq!(
            page.clock.now(),
            30_001.0,
            "30 s after it began, whatever the deadline"
        );
        assert_eq!(source.asked.get(), 1);
    });
}

#[test]
fn a_renewal_that_is_still_under_way_is_not_taken_for_the_one_before_it() {
    let world = World::new();
    let (page, renewal, source) = begun(&world);
    world.run(async move {
        page.clock.sleep(5.0).await;
        let renewed = renewal.share(&page, 0.0, 1000.0, || source.after(&page, 10.0, true));
        renewed.await.unwrap();
        let now = page.clock.now();
        let slow = renewal.share(&page, now, 200.0, || source.after(&page, 300.0, true));
        assert!(is_expired(&slow.await));
    });
}

#[test]
fn a_renewal_that_may_take_less_time_ends_after_that_and_is_then_begun_anew() {
    let world = World::new();
    let (page, renewal, source) = (
        world.tab(),
        Rc::new(Renewal::within(10_000.0)),
        Rc::new(Source::default()),
    );
    world.run(async move {
        page.clock.sleep(1.0).await;
        let hang = |sent_at| {
            let silent = || source.after(&page, f64::MAX, true);
            renewal.share(&page, sent_at, 90_000.0, silent)
        };
        assert!(is_expired(&hang(0.0).await));
        assert_eq!(page.clock.now(), 10_001.0);
        assert!(is_expired(&hang(10_001.0).await));
        assert_eq!((source.asked.get(), page.clock.now()), (2, 20_001.0));
    });
}

#[test]
fn a_renewal_goes_on_when_whoever_asked_for_it_has_gone() {
    let world = World::new();
    let (page, renewal, source) = begun(&world);
    world.run(async move {
        page.clock.sleep(1.0).await;
        let impatient = renewal.share(&page, 0.0, 50.0, || source.after(&page, 300.0, true));
        assert!(is_expired(&impatient.await));
        let patient = renewal.share(&page, 0.0, 1000.0, || source.after(&page, 300.0, true));
        patient.await.unwrap();
        assert_eq!((source.asked.get(), page.clock.now()), (1, 301.0));
    });
}
