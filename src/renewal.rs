//! One renewal of a token per expiry: shared by all who wait for it, bounded in time, and not
//! broken off when those who asked for it have gone, since a refresh token works once.

use std::cell::{Cell, RefCell};
use std::pin::pin;
use std::rc::Rc;

use crate::error::Error;
use crate::page::Page;
use crate::portal::Pending;
use crate::read::in_time;
use crate::signal::Signal;

/// The renewals of one token.
#[derive(Debug)]
pub struct Renewal {
    /// The longest that one is waited for, in milliseconds.
    longest_ms: f64,
    /// When the last one ended, on the page's clock, and whether it brought a token.
    ended: Cell<Option<(f64, bool)>>,
    under_way: RefCell<Option<Rc<Signal>>>,
}

impl Renewal {
    /// Renewals of which each is waited for so many milliseconds at the most.
    #[must_use]
    pub fn within(longest_ms: f64) -> Self {
        Self {
            longest_ms,
            ended: Cell::default(),
            under_way: RefCell::default(),
        }
    }

    /// Renews for a call that was sent at this time and refused: by the renewal that has ended
    /// since, by the one under way, or by starting one, which says whether it brought a token.
    ///
    /// # Errors
    /// [`Error::auth_expired`] where it brought none, or none within this many milliseconds.
    pub async fn share(
        self: &Rc<Self>,
        page: &Rc<Page>,
        sent_at: f64,
        within_ms: f64,
        start: impl FnOnce() -> Pending<'static, bool>,
    ) -> Result<(), Error> {
        let expired = || Error::auth_expired(None);
        match self.ended.get() {
            Some((at, true)) if at > sent_at => return Ok(()),
            Some((at, false)) if at > sent_at => return Err(expired()),
            _ => {}
        }
        let known = self.under_way.borrow().clone();
        let over = known.unwrap_or_else(|| self.begin(page, start()));
        let until = page.clock.now() + within_ms;
        let is_over = in_time(page.clock.as_ref(), until, pin!(over.wait())).await;
        match self.ended.get() {
            Some((_, true)) if is_over.is_some() => Ok(()),
            _ => Err(expired()),
        }
    }

    fn begin(self: &Rc<Self>, page: &Rc<Page>, renewed: Pending<'static, bool>) -> Rc<Signal> {
        let over = Rc::new(Signal::default());
        self.under_way.replace(Some(Rc::clone(&over)));
        let (renewal, over_too) = (Rc::clone(self), Rc::clone(&over));
        let clock = Rc::clone(&page.clock);
        (page.spawn)(Box::pin(async move {
            let until = clock.now() + renewal.longest_ms;
            let is_renewed = in_time(clock.as_ref(), until, pin!(renewed)).await == Some(true);
            renewal.ended.set(Some((clock.now(), is_renewed)));
            renewal.under_way.replace(None);
            over_too.set();
        }));
        over
    }
}
