//! What the flow needs from outside, each a trait: a portal, a clock, locks, a journal.
//! Nothing here knows JavaScript, so that the whole flow runs natively under a virtual clock.
//!
//! A portal that is told what to answer, as for an app's own tests:
//!
//! ```
//! use std::cell::{Cell, RefCell};
//! use std::future::{pending, ready};
//! use std::rc::Rc;
//!
//! use b24pay::confirm::confirm;
//! use b24pay::error::Error;
//! use b24pay::json::Json;
//! use b24pay::outcome::Outcome;
//! use b24pay::page::Page;
//! use b24pay::payment::{PaySystemId, PaymentId};
//! use b24pay::portal::{Answer, Call, Clock, Entry, Held, Journal, Locks, Memory, Pending, Portal, Sent};
//! use b24pay::reply::Reply;
//! use b24pay::request::{Action, Details, PayOptions, PayRequest};
//! use futures_util::task::LocalSpawnExt;
//!
//! /// One process without storage, whose waits are over at once.
//! #[derive(Default)]
//! struct Alone(Rc<Cell<f64>>);
//!
//! impl Clock for Alone {
//!     fn now(&self) -> f64 {
//!         self.0.get()
//!     }
//!     fn wall(&self) -> f64 {
//!         self.0.get()
//!     }
//!     fn sleep(&self, ms: f64) -> Pending<'static, ()> {
//!         let (now, at) = (Rc::clone(&self.0), self.0.get() + ms);
//!         Box::pin(async move { now.set(now.get().max(at)) })
//!     }
//! }
//!
//! impl Locks for Alone {
//!     fn acquire(&self, _: &str) -> Pending<'static, (Held, bool)> {
//!         Box::pin(ready((Held::nothing(), false)))
//!     }
//! }
//!
//! impl Journal for Alone {
//!     fn entries(&self, _: &str) -> Vec<Entry> {
//!         Vec::new()
//!     }
//!     fn write(&self, _: &Entry) {}
//!     fn remove(&self, _: &Entry) {}
//! }
//!
//! struct Told {
//!     page: Rc<Page>,
//!     memory: Memory,
//!     answers: RefCell<Vec<Json>>,
//! }
//!
//! impl Portal for Told {
//!     fn page(&self) -> &Rc<Page> {
//!         &self.page
//!     }
//!     fn memory(&self) -> &Memory {
//!         &self.memory
//!     }
//!     fn open(&self) -> Pending<'_, Result<String, Error>> {
//!         Box::pin(ready(Ok("example.bitrix24.eu".to_owned())))
//!     }
//!     fn send(&self, _: &Call) -> Sent<'_> {
//!         let body = self.answers.borrow_mut().remove(0);
//!         let answer = match Reply::from_body(Some(200), body) {
//!             Some(reply) => Answer::Replied(reply),
//!             None => Answer::Broken { status: Some(200), cause: None, ended: true },
//!         };
//!         Sent { answer: Box::pin(ready(answer)), ended: Box::pin(pending()) }
//!     }
//! }
//!
//! # fn main() -> Result<(), Error> {
//! let result = |result| Json::Map(vec![("result".to_owned(), result)]);
//! let payment = |paid: &str| {
//!     let members = [
//!         ("id", Json::Number(501.0)),
//!         ("paid", Json::Text(paid.to_owned())),
//!         ("paySystemId", Json::Number(11.0)),
//!     ];
//!     result(Json::Map(members.map(|(name, value)| (name.to_owned(), value)).into()))
//! };
//! let mut pool = futures_executor::LocalPool::new();
//! let spawner = pool.spawner();
//! let page = Page::new(
//!     Rc::new(Alone::default()),
//!     Rc::new(Alone::default()),
//!     Rc::new(Alone::default()),
//!     Rc::new(move |task| spawner.spawn_local(task).expect("the pool is there")),
//! );
//! let portal: Rc<dyn Portal> = Rc::new(Told {
//!     page,
//!     memory: Memory::default(),
//!     answers: RefCell::new(vec![payment("N"), result(Json::Bool(true)), payment("Y")]),
//! });
//! let request = PayRequest {
//!     payment: PaymentId::new(501)?,
//!     action: Action::Pay(PaySystemId::new(11)?, Details::default()),
//! };
//! let outcome = pool.run_until(confirm(&portal, &request, &PayOptions::default()))?;
//! assert!(matches!(outcome, Outcome::Done { recovered: false, .. }));
//! # Ok(())
//! # }
//! ```

use std::cell::RefCell;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use crate::error::{Error, Thrown};
use crate::json::{Json, members};
use crate::pace::Pace;
use crate::page::Page;
use crate::read::Unread;
use crate::reply::Reply;
use crate::signal::Line;

/// A future of one page: it never leaves its thread.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// One REST call: a method and its parameters, in the order in which they are sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// The method, as `sale.paysystem.pay.payment`.
    pub method: &'static str,
    /// The parameters by name.
    pub params: Vec<(String, Json)>,
}

impl Call {
    /// A call with these parameters.
    #[must_use]
    pub fn new(method: &'static str, params: Vec<(&str, Json)>) -> Self {
        Self {
            method,
            params: members(params),
        }
    }
}

/// How a request ended.
#[derive(Debug, Clone)]
pub enum Answer {
    /// With a complete JSON answer, a refusal among them.
    Replied(Reply),
    /// Without one: a 5xx, a broken connection, a body that is no JSON. It may have run, and it may
    /// still be running.
    Broken {
        /// The HTTP status, where it was seen.
        status: Option<u16>,
        /// What was thrown.
        cause: Option<Thrown>,
        /// Whether the request is certain to have ended; a throw of `BX24` does not say so.
        ended: bool,
    },
    /// It was never handed over and never will be. The call rejects by this error, which says that nothing was paid.
    NotSent(Error),
}

/// A request that was seen to end although its answer has not come (yet).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ended {
    /// When the request really started, on the page's clock, where that was seen: `BX24` can hold
    /// a call back.
    pub started_at: Option<f64>,
    /// The HTTP status, where it was seen.
    pub status: Option<u16>,
    /// Whether it certainly was this call's request and its last; otherwise it is a hint that only
    /// starts a read earlier.
    pub certain: bool,
}

/// A request under way. Dropping it gives up listening; it does not take the request back.
pub struct Sent<'a> {
    /// The answer; it may stay silent for ever, so whoever waits for it has a deadline.
    pub answer: Pending<'a, Answer>,
    /// The end of the request, where it can be seen apart from its answer; it may never come.
    pub ended: Pending<'a, Ended>,
}

impl fmt::Debug for Sent<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sent")
    }
}

/// A way to reach one portal: `BX24`, HTTP, an SDK, or a double in a test.
pub trait Portal {
    /// The page this portal is used in; the same one for every portal of an app, since its calls take turns there.
    fn page(&self) -> &Rc<Page>;

    /// What has been learned about the portal so far: a [`Memory::default()`] that lives as long as the portal.
    fn memory(&self) -> &Memory;

    /// Gets ready to send, within seconds, and gives the portal's host in lower case, as `example.bitrix24.eu`: payments are told
    /// apart by it, and locks and the journal named. It is asked by each call of the flow, and says the same each time.
    ///
    /// # Errors
    /// Whatever keeps it from sending, such as [`Error::not_in_portal`]; the call then rejects by it, and nothing was sent.
    fn open(&self) -> Pending<'_, Result<String, Error>>;

    /// Sends one call, once: never again by itself, since it may pay. Whether anything certainly never left is said by
    /// [`Answer::NotSent`]. A refusal is a [`Reply`], too, whatever its status.
    fn send(&self, call: &Call) -> Sent<'_>;

    /// Gets a new token after a call that was sent at this time, on the page's clock, was refused for
    /// its token: once for all who wait, and within so many milliseconds. A call that was
    /// refused with the old token after another one had renewed it does not renew it again.
    ///
    /// # Errors
    /// [`Error::auth_expired`] where there is no new token in time, as always here where a portal has none to renew.
    fn renew(&self, sent_at: f64, within_ms: f64) -> Pending<'_, Result<(), Error>> {
        let _ = (sent_at, within_ms);
        Box::pin(async { Err(Error::auth_expired(None)) })
    }

    /// Whether several calls of one method can be told apart while under way. `BX24` cannot: the
    /// end of a silent request is attributed by elimination.
    fn tells_apart(&self) -> bool {
        true
    }

    /// Whether something in the browser may send later what it has told to have failed, as the service worker of a page can. The end of
    /// a request is no end then.
    fn may_send_later(&self) -> bool {
        false
    }

    /// Whether another portal has the place of the one that was opened, as that of a page's `BX24` can be taken. What is under way
    /// stays with the former; calls to come need one of their own.
    fn has_moved(&self) -> bool {
        false
    }
}

/// What has been learned about a portal: scopes that are missing, and the limits' state.
#[derive(Debug, Default)]
pub struct Memory {
    /// Readers that were refused for scope, and how; rights are not remembered, they can change.
    missing: RefCell<Vec<(&'static str, Error)>>,
    /// The portal's two limits.
    pub pace: Pace,
    /// Pay calls wait here for their turn where the portal cannot tell calls apart.
    pub(crate) sending: Rc<Line>,
}

impl Memory {
    /// Begins anew, with another portal in the place of the one that all of it was learned about.
    pub(crate) fn forget(&self) {
        self.missing.take();
        self.pace.forget();
    }

    /// Whether a method is known to be out of scope.
    pub(crate) fn missing(&self, method: &str) -> bool {
        self.missing
            .borrow()
            .iter()
            .any(|(known, _)| *known == method)
    }

    /// Remembers that a method is out of scope.
    pub(crate) fn learn_missing(&self, method: &'static str, error: &Error) {
        if !self.missing(method) {
            self.missing.borrow_mut().push((method, error.clone()));
        }
    }

    /// Why payments may not be read: the scope that is missing, or else what was said now.
    pub(crate) fn refusal(&self, now: Option<Error>) -> Unread {
        let remembered = self
            .missing
            .borrow()
            .first()
            .map(|(_, error)| error.clone());
        Unread::NotAllowed(remembered.or(now).unwrap_or(Error::auth_expired(None)))
    }
}

/// Time, as the page measures it.
pub trait Clock {
    /// Milliseconds on a monotonic clock, from any beginning. It goes on by what [`Clock::sleep`] waits, a double's too: waits end by it.
    fn now(&self) -> f64;
    /// Milliseconds since 1970, comparable between pages. It goes on while the machine sleeps, and jumps where it is set.
    fn wall(&self) -> f64;
    /// Resolves after at least this many milliseconds, at once for none; a frozen tab makes it late. Dropping the future takes the
    /// timer back.
    fn sleep(&self, ms: f64) -> Pending<'static, ()>;
    /// Resolves at this time, on [`Clock::now`], or soon after it.
    fn sleep_until(&self, at: f64) -> Pending<'static, ()> {
        self.sleep((at - self.now()).max(0.0))
    }
}

/// A lock that is held until it is dropped.
pub struct Held(Option<Box<dyn FnOnce()>>);

impl Held {
    /// A lock that is given back by this function.
    #[must_use]
    pub fn new(release: impl FnOnce() + 'static) -> Self {
        Self(Some(Box::new(release)))
    }

    /// No lock at all: where they are missing, the guarantee holds inside one page.
    #[must_use]
    pub fn nothing() -> Self {
        Self(None)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(release) = self.0.take() {
            release();
        }
    }
}

impl fmt::Debug for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Held")
    }
}

/// Locks across the tabs and frames of one origin.
pub trait Locks {
    /// Resolves when the lock of this name is held, until the [`Held`] is dropped, with whether somebody else had it first. Dropping
    /// the future gives up the place in the queue. In this page calls take turns already: where there is one process only,
    /// [`Held::nothing()`] and `false` are enough.
    fn acquire(&self, name: &str) -> Pending<'static, (Held, bool)>;
}

/// One payment under way, as other pages of the origin see it. It holds no secret, and it may be
/// forged: it may cause a read or a delay, never a claim.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The portal's host.
    pub host: String,
    /// The payment.
    pub payment: u64,
    /// The pay system, if one was named.
    pub pay_system: Option<u64>,
    /// Whether it is being paid; otherwise it is being marked as unpaid.
    pub pays: bool,
    /// When it was sent, on [`Clock::wall`].
    pub sent_at: f64,
    /// How long after that it may still change, in milliseconds.
    pub settle_ms: f64,
}

/// The journal of payments under way, which outlives the page. Storage that is missing, full or throws is an empty journal.
pub trait Journal {
    /// Every readable entry of this host.
    fn entries(&self, host: &str) -> Vec<Entry>;
    /// The readable entry of one payment. A journal that can look it up need not go through all that others have in the same storage.
    fn entry(&self, host: &str, payment: u64) -> Option<Entry> {
        let entries = self.entries(host);
        entries.into_iter().find(|entry| entry.payment == payment)
    }
    /// Writes an entry, in the place of an older one for the same payment.
    fn write(&self, entry: &Entry);
    /// Removes an entry, unless a later one has taken its place. An earlier one in its place is ours: the clock was set back since.
    fn remove(&self, entry: &Entry);
}
