//! What all routes share: the portal behind a lock, the clock, and the frames that are open.

use super::config::Config;
use super::opening::is_whole;
use super::static_app::StaticApp;
use crate::clock::Clock;
use crate::operator::Scopes;
use crate::portal::Portal;
use crate::scenario::Scenario;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// An app's frame on the portal page.
#[derive(Clone, Copy, Debug)]
pub(super) struct Session {
    pub operator: u64,
    pub scopes: Scopes,
}

/// State of the server.
#[derive(Debug)]
pub(super) struct Shared {
    pub config: Config,
    pub static_app: Option<StaticApp>,
    pub portal_port: u16,
    pub app_port: Option<u16>,
    started: Instant,
    epoch_ms: i64,
    portal: Mutex<Portal>,
    sessions: Mutex<HashMap<String, Session>>,
}

impl Shared {
    pub fn new(
        config: Config,
        static_app: Option<StaticApp>,
        portal_port: u16,
        app_port: Option<u16>,
    ) -> Self {
        let since_epoch = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        let epoch_ms = i64::try_from(since_epoch.as_millis()).unwrap_or_default();
        let seed = config
            .seed
            .unwrap_or_else(|| u64::from(since_epoch.subsec_nanos()) ^ epoch_ms.unsigned_abs());
        let shared = Self {
            portal: Mutex::new(Portal::seeded(Scenario::Demo, 0, seed)),
            config,
            static_app,
            portal_port,
            app_port,
            started: Instant::now(),
            epoch_ms,
            sessions: Mutex::new(HashMap::new()),
        };
        shared.arrange(&mut shared.portal(), &Value::Null);
        shared
    }

    /// Starts afresh, with a seed that no earlier token followed from; if wanted the tokens stay, and the frames that have them.
    pub fn reset(&self, scenario: Scenario, wishes: &Value) {
        let mut portal = self.portal();
        let seed = u64::from_str_radix(&portal.secret(16), 16).unwrap_or_default();
        let tokens = std::mem::take(&mut portal.tokens);
        *portal = Portal::seeded(scenario, self.now_ms(), seed);
        self.arrange(&mut portal, wishes);
        if wishes.get("keepTokens").and_then(Value::as_bool) == Some(true) {
            portal.tokens = tokens;
        } else {
            self.sessions().clear();
        }
    }

    /// The server's own settings, then those that a reset asked for.
    fn arrange(&self, portal: &mut Portal, wishes: &Value) {
        use crate::limits::{Limits, Plan};
        use crate::reply::{Codes, Statuses};
        portal.clock = Clock {
            epoch_ms: self.epoch_ms,
            skew_ms: wishes
                .get("clockSkewMs")
                .and_then(Value::as_i64)
                .unwrap_or_default(),
        };
        portal.latency_ms = wishes
            .get("latencyMs")
            .and_then(Value::as_u64)
            .unwrap_or(self.config.latency_ms);
        if let Some(limits) = &self.config.limits {
            portal.limits = limits.clone();
        }
        if let Some(plan) = wishes
            .get("plan")
            .and_then(Value::as_str)
            .and_then(Plan::named)
        {
            portal.limits = Limits::of(plan);
        }
        if wishes.get("codes").is_some_and(|codes| codes == "numbers") {
            portal.codes = Codes::Numbers;
        }
        if wishes
            .get("statuses")
            .is_some_and(|statuses| statuses == "documented")
        {
            portal.statuses = Statuses::Documented;
        }
    }

    pub fn now_ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// The portal, with everything done that has become due.
    pub fn portal(&self) -> MutexGuard<'_, Portal> {
        let mut portal = self.portal.lock().unwrap_or_else(PoisonError::into_inner);
        portal.pass(self.now_ms());
        portal
    }

    pub fn sessions(&self) -> MutexGuard<'_, HashMap<String, Session>> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The portal's host as `DOMAIN` has it.
    pub fn domain(&self) -> String {
        format!("localhost:{}", self.portal_port)
    }

    pub fn portal_origin(&self) -> String {
        format!("http://{}", self.domain())
    }

    /// The handler that is opened for the one that is wanted, and whether it is a static app's, which is opened by GET. A
    /// portal knows that by its own host; the sandbox by what is wanted and by where the uploaded app is.
    pub fn handler(&self, wanted: String, is_wanted_static: bool) -> (String, bool) {
        if self.static_app.is_none() {
            return (wanted, is_wanted_static);
        }
        if StaticApp::is_behind(&wanted, &self.app_origin()) {
            return (wanted, true);
        }
        if is_whole(&wanted) {
            return (wanted, is_wanted_static);
        }
        if is_wanted_static || self.config.app.is_none() {
            return (StaticApp::path(&wanted), true);
        }
        (wanted, false)
    }

    pub fn app_origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.app_port.unwrap_or_default())
    }
}
