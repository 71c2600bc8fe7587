//! Many payments: each goes through the flow of one, reads are gathered, and no two pay calls of
//! one order are under way at once.

use std::cell::RefCell;
use std::rc::Rc;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;

use crate::confirm::{confirm_with, unless};
use crate::error::{Code, Error};
use crate::gather::{Gathered, Member};
use crate::outcome::Outcome;
use crate::portal::Portal;
use crate::request::{PayOptions, PayRequest};
use crate::signal::Line;

/// How many payments are on their way to being sent at a time. What was read must be at most ten
/// seconds old when it is sent, and the portal takes two calls a second.
const PLACES: usize = 18;

/// What is known about one payment of many.
#[derive(Debug, Clone)]
pub enum Item {
    /// What [`confirm`](crate::confirm::confirm) says.
    Outcome(Outcome),
    /// This call paid nothing.
    Rejected(Error),
    /// The caller aborted before anything was sent for it.
    NotStarted,
}

/// Goes through many requests, in their order as far as possible, and tells of each as it ends, by
/// its position. `known` and `expect` of the options do not apply.
pub async fn confirm_all(
    portal: &Rc<dyn Portal>,
    requests: Vec<Result<PayRequest, Error>>,
    options: &PayOptions,
    concurrency: usize,
    mut tell: impl FnMut(usize, Item),
) {
    let abort = options.abort.as_deref();
    if let Err(error) = unless(abort, portal.open()).await {
        for (at, request) in requests.into_iter().enumerate() {
            tell(at, item(request.and_then(|_| Err(error.clone()))));
        }
        return;
    }
    let gathered = Gathered::new(portal, options.deadline_ms, concurrency);
    let places = Rc::new(Line::with(PLACES.max(concurrency)));
    let mut running = FuturesUnordered::new();
    for (at, request) in requests.into_iter().enumerate() {
        let (gathered, places) = (Rc::clone(&gathered), Rc::clone(&places));
        running.push(async move {
            let outcome = async {
                let request = request?;
                let place = unless(abort, async { Ok(places.turn().await) }).await?;
                let reader = Rc::new(Member {
                    gathered,
                    place: RefCell::new(Some(place)),
                });
                confirm_with(portal, reader, &request, options).await
            };
            (at, item(outcome.await))
        });
    }
    while let Some((at, item)) = running.next().await {
        tell(at, item);
    }
}

fn item(said: Result<Outcome, Error>) -> Item {
    match said {
        Ok(outcome) => Item::Outcome(outcome),
        Err(error) if error.is(Code::Aborted) => Item::NotStarted,
        Err(error) => Item::Rejected(error),
    }
}
