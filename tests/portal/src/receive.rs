//! The way of a call through the portal: limits, faults, access, the method, and the log of it all.

use crate::access::Actor;
use crate::batch;
use crate::fault_kind::FaultKind;
use crate::faults::Met;
use crate::log::{Entry, without_secrets};
use crate::methods::{self, Call, Method, Veto};
use crate::php;
use crate::portal::Portal;
use crate::reply::{Answer, Exchange, Refusal, Reply};
use crate::request::{Credential, Request};
use crate::struck::{html, query_limit};
use serde_json::{Map, Value};

/// A call that was let in and runs later.
#[derive(Clone, Debug)]
pub(crate) struct Late {
    pub at_ms: u64,
    pub n: u64,
    pub ready: Ready,
    pub veto: Option<Veto>,
}

/// A call that passed every check before the method's own.
#[derive(Clone, Debug)]
pub(crate) struct Ready {
    /// `None` is a batch.
    pub method: Option<&'static Method>,
    pub params: Map<String, Value>,
    pub start: Option<i64>,
    pub actor: Actor,
}

/// Names that the core takes for itself: methods never see them.
const RESERVED: [&str; 8] = [
    "auth",
    "access_token",
    "auth_connector",
    "aplogin",
    "ap",
    "sessid",
    "start",
    "state",
];

impl Portal {
    /// Runs the late calls that have become due, each at its own time.
    pub fn pass(&mut self, now_ms: u64) {
        while let Some(place) = (0..self.late.len())
            .filter(|place| {
                self.late
                    .get(*place)
                    .is_some_and(|late| late.at_ms <= now_ms)
            })
            .min_by_key(|place| self.late.get(*place).map(|late| late.at_ms))
        {
            let late = self.late.remove(place);
            let ran = self.perform(late.at_ms, late.n, &late.ready, late.veto);
            self.note_commit(late.n, &ran);
        }
    }

    /// Whether a call that was received still waits to run.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        !self.late.is_empty()
    }

    /// Receives a call.
    pub fn receive(&mut self, now_ms: u64, request: &Request) -> Exchange {
        self.pass(now_ms);
        let n = self.log.len() as u64 + 1;
        let name = request.method.to_lowercase();
        self.log.push(Entry {
            n,
            at_ms: now_ms,
            method: request.method.clone(),
            params: without_secrets(request),
            status: None,
            committed: false,
            fault: None,
        });
        methods::count(self, &name, &request.params);
        let exchange = self.exchange(now_ms, n, &name, request);
        if let Some(entry) = self.log.last_mut() {
            entry.status = exchange.reply.status();
        }
        exchange
    }

    fn exchange(&mut self, now_ms: u64, n: u64, name: &str, request: &Request) -> Exchange {
        let mut exchange = Exchange {
            n,
            reply: Reply::Never,
            after_ms: self.latency_ms,
            cors: true,
            keeps_connection: self.faults.keep_connections(),
        };
        if self
            .limits
            .bucket
            .as_mut()
            .is_some_and(|bucket| !bucket.admits(now_ms))
        {
            exchange.reply = self.refuse(&query_limit());
            return exchange;
        }
        let met = Met::Request {
            reused_connection: request.reused_connection,
        };
        let Some(fault) = self.faults.strike(name, met) else {
            let ran = match self.prepare(now_ms, name, &request.params, &request.auth) {
                Ok(ready) => self.perform(now_ms, n, &ready, None),
                Err(refusal) => Err(refusal),
            };
            self.note_commit(n, &ran);
            exchange.reply = self.reply(ran);
            return exchange;
        };
        if let Some(entry) = self.log.last_mut() {
            entry.fault = Some(fault.kind.name());
        }
        exchange.cors = fault.kind != FaultKind::NoCors;
        if fault.kind != FaultKind::CommitLate {
            exchange.after_ms += fault.ms;
        }
        exchange.reply = self.struck(now_ms, n, name, request, &fault);
        exchange
    }

    /// Every check that comes before the method's own.
    pub(crate) fn prepare(
        &mut self,
        now_ms: u64,
        name: &str,
        params: &Map<String, Value>,
        auth: &Credential,
    ) -> Result<Ready, Refusal> {
        let method = methods::find(name);
        if params.contains_key("token") || (method.is_none() && name != "batch") {
            return Err(methods::not_found());
        }
        let actor = self.recognise(now_ms, auth)?;
        self.ready(now_ms, method, params, actor)
    }

    /// The checks that each command of a batch passes too.
    pub(crate) fn ready(
        &mut self,
        now_ms: u64,
        method: Option<&'static Method>,
        params: &Map<String, Value>,
        actor: Actor,
    ) -> Result<Ready, Refusal> {
        if let Some(method) = method {
            self.admit(now_ms, method, &actor)?;
        }
        let start = params.get("start").map(php::int);
        let mut params = params.clone();
        params.retain(|key, _| !RESERVED.contains(&key.as_str()));
        Ok(Ready {
            method,
            params,
            start,
            actor,
        })
    }

    /// Runs a call that is ready; the answer is the whole body of a success.
    pub(crate) fn perform(
        &mut self,
        now_ms: u64,
        n: u64,
        ready: &Ready,
        veto: Option<Veto>,
    ) -> Result<Answer, Refusal> {
        let Some(method) = ready.method else {
            return Ok(batch::run(self, now_ms, n, ready));
        };
        let ran = (method.run)(&mut Call {
            now_ms,
            n,
            actor: ready.actor,
            params: &ready.params,
            start: ready.start,
            veto,
            portal: self,
        });
        let caller = ready.actor.counted_as();
        if let Some(limit) = &mut self.limits.operating {
            limit.record(now_ms, caller, method.name, method.takes_ms);
        }
        let answer = ran?;
        let time = self.time(now_ms, caller, Some(method));
        Ok(answer.with_envelope(time))
    }

    pub(crate) fn note_commit(&mut self, n: u64, ran: &Result<Answer, Refusal>) {
        let saved = matches!(ran, Ok(answer) if answer.saved);
        let place = usize::try_from(n.saturating_sub(1)).unwrap_or(usize::MAX);
        if let Some(entry) = self.log.get_mut(place) {
            entry.committed = saved;
        }
    }

    pub(crate) fn reply(&self, ran: Result<Answer, Refusal>) -> Reply {
        match ran {
            Ok(Answer {
                own_text: Some(text),
                ..
            }) => html(200, text),
            Ok(answer) => Reply::Json {
                status: 200,
                body: answer.result,
            },
            Err(refusal) => self.refuse(&refusal),
        }
    }

    pub(crate) fn refuse(&self, refusal: &Refusal) -> Reply {
        refusal.reply(self.codes, self.statuses)
    }
}
