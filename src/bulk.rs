//! Many payments: each goes through the flow of one, reads are gathered, and no two pay calls of
//! one order are under way at once.

use std::cell::Cell;
use std::pin::pin;
use std::rc::Rc;

use crate::confirm::{confirm_with, unless};
use crate::error::{Code, Error};
use crate::gather::{Gathered, Member};
use crate::outcome::Outcome;
use crate::portal::{Pending, Portal};
use crate::request::{PayOptions, PayRequest};
use crate::signal::{Line, all};

/// How many payments are on their way to being sent at a time. What was read must be at most ten
/// seconds old when it is sent, and the portal takes two calls a second.
pub(crate) const PLACES: u32 = 18;

/// What is known about one payment of many.
#[derive(Debug, Clone)]
pub enum Item {
    /// What [`confirm`](crate::confirm::confirm) says.
    Outcome(Outcome),
    /// This call paid nothing.
    Rejected(Error),
    /// The caller aborted before anything ran for it.
    NotStarted,
}

/// Goes through many requests, in their order as far as possible, and tells of each as it ends, by
/// its position. What the options say of one payment, `known` and an amount in the terms, they say of each.
///
/// `concurrency` is how many pay calls are under way at once, where the portal tells calls apart; none is one. Those of one order
/// never are. A request that could not be made, as `Err`, is told as rejected in its place.
pub async fn confirm_all(
    portal: &Rc<dyn Portal>,
    requests: Vec<Result<PayRequest, Error>>,
    options: &PayOptions,
    concurrency: usize,
    tell: impl Fn(usize, Item),
) {
    // The package's own module has refused that it is none.
    #[cfg(not(feature = "module"))]
    let concurrency = concurrency.max(1);
    let abort = options.abort.as_deref();
    let opened = unless(abort, pin!(portal.open())).await;
    let gathered = Gathered::new(portal, options.deadline_ms, concurrency);
    let places = Rc::new(Line::with(concurrency.max(PLACES as usize)));
    let mut running: Vec<Pending<'_, ()>> = Vec::new();
    for (at, request) in requests.iter().enumerate() {
        let (gathered, opened, tell) = (&gathered, &opened, &tell);
        let turn = Rc::clone(&places).turn();
        running.push(Box::pin(async move {
            let turn = unless(abort, pin!(async { Ok(turn.await) })).await;
            let said = match (request, opened, turn) {
                (Err(error), ..) | (_, Err(error), _) => Err(error.clone()),
                (.., Err(error)) => Err(error),
                (Ok(request), Ok(_), Ok(turn)) => {
                    let reader = Rc::new(Member {
                        gathered: Rc::clone(gathered),
                        at,
                        place: Cell::new(Some(turn)),
                    });
                    confirm_with(portal, reader, request, options).await
                }
            };
            tell(at, item(said));
        }));
    }
    all(running).await;
}

fn item(said: Result<Outcome, Error>) -> Item {
    match said {
        Ok(outcome) => Item::Outcome(outcome),
        Err(error) if error.is(Code::Aborted) => Item::NotStarted,
        Err(error) => Item::Rejected(error),
    }
}
