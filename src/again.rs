//! What a refused call waits for before it is sent again: once for a new token, a few times for a limit.

use crate::error::Error;
use crate::pace::RESENDS;
use crate::portal::Portal;
use crate::read::Limits;
use crate::refusal::Said;

/// What one call has been through.
pub(crate) struct Tries<'a> {
    portal: &'a dyn Portal,
    method: &'static str,
    /// How long a new token is waited for, in milliseconds.
    deadline_ms: f64,
    /// How often a limit has refused it.
    refusals: u32,
    is_renewed: bool,
}

impl<'a> Tries<'a> {
    /// A call that was not sent yet.
    pub(crate) fn of(
        portal: &'a dyn Portal,
        method: &'static str,
        deadline_ms: f64,
        limits: Limits,
    ) -> Self {
        Self {
            portal,
            method,
            deadline_ms,
            // As if it had been sent again as often as may be.
            refusals: if limits == Limits::Wait { 0 } else { RESENDS },
            is_renewed: false,
        }
    }

    /// Waits until what was sent at this time and refused may be sent again; false where it may not.
    ///
    /// # Errors
    /// [`Error::auth_expired`] where there is no new token: nothing else need be sent with the old one.
    pub(crate) async fn again(&mut self, said: Said, sent_at: f64) -> Result<bool, Error> {
        let portal = self.portal;
        if said == Said::Expired && !self.is_renewed {
            self.is_renewed = true;
            portal.renew(sent_at, self.deadline_ms).await?;
            return Ok(true);
        }
        self.refusals += 1;
        let clock = &portal.page().clock;
        let pace = &portal.memory().pace;
        let Some(pause) = pace.pause(said, self.method, clock.now(), self.refusals) else {
            return Ok(false);
        };
        clock.sleep(pause).await;
        Ok(true)
    }
}
