//! The page a flow runs in: its clock, its locks and journal, and who has the turn inside it.

use std::fmt;
use std::rc::Rc;

use crate::portal::{Clock, Journal, Locks, Pending};
use crate::turn::Turns;

/// Starts a future on this thread that goes on although nobody waits for it, as `wasm_bindgen_futures::spawn_local`
/// does. Each call of the flow is one. An executor that drops one, as when it ends first or catches a panic of a portal's, ends that
/// call as an abort does: what was sent is unwatched then, and its entry stays in the journal.
pub type Spawn = Rc<dyn Fn(Pending<'static, ()>)>;

/// Everything that calls in one page share.
pub struct Page {
    /// The page's clock.
    pub clock: Rc<dyn Clock>,
    /// Locks across tabs.
    pub locks: Rc<dyn Locks>,
    /// The journal across tabs.
    pub journal: Rc<dyn Journal>,
    /// Starts what goes on after its callers have gone.
    pub spawn: Spawn,
    /// Who has the turn, payment by payment.
    pub turns: Turns,
}

impl Page {
    /// A page in which nothing is under way.
    #[must_use]
    pub fn new(
        clock: Rc<dyn Clock>,
        locks: Rc<dyn Locks>,
        journal: Rc<dyn Journal>,
        spawn: Spawn,
    ) -> Rc<Self> {
        Rc::new(Self {
            clock,
            locks,
            journal,
            spawn,
            turns: Turns::default(),
        })
    }
}

impl fmt::Debug for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Page")
    }
}
