//! The portal itself: it receives calls in virtual time and answers as the real one does.
//! No I/O, no clock, no threads, no randomness: the same calls at the same times give the same answers.

use crate::access::{
    Actor, TOKEN_LIFE_MS, Token, Webhook, expired_token, missing_scope, operation_limit,
};
use crate::batch;
use crate::clock::Clock;
use crate::demo;
use crate::faults::{Fault, FaultKind, Faults, Met};
use crate::limits::Limits;
use crate::log::{Entry, without_secrets};
use crate::methods::{self, Call, Method, Veto, timeline::Comment};
use crate::operator::{Operator, Scopes};
use crate::order::Order;
use crate::pay_system::{Handler, PaySystem};
use crate::payment::Payment;
use crate::php;
use crate::reply::{Answer, Codes, Exchange, Refusal, Reply, Statuses};
use crate::request::{Credential, Request};
use crate::scenario::Scenario;
use crate::secrets::Secrets;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// A portal's whole state.
#[derive(Clone, Debug)]
pub struct Portal {
    /// Its clock.
    pub clock: Clock,
    /// Its limits; `limits.plan` is the tariff.
    pub limits: Limits,
    /// How numeric error codes are written.
    pub codes: Codes,
    /// Which statuses authorization errors have.
    pub statuses: Statuses,
    /// How long every answer takes.
    pub latency_ms: u64,
    pub(crate) orders: BTreeMap<u64, Order>,
    pub(crate) payments: BTreeMap<u64, Payment>,
    pub(crate) pay_systems: BTreeMap<u64, PaySystem>,
    pub(crate) operators: BTreeMap<u64, Operator>,
    pub(crate) handlers: BTreeMap<u64, Handler>,
    pub(crate) comments: Vec<Comment>,
    pub(crate) tokens: Vec<Token>,
    pub(crate) webhooks: Vec<Webhook>,
    pub(crate) faults: Faults,
    secrets: Secrets,
    late: Vec<Late>,
    log: Vec<Entry>,
}

/// A call that was let in and runs later.
#[derive(Clone, Debug)]
struct Late {
    at_ms: u64,
    n: u64,
    ready: Ready,
    veto: Option<Veto>,
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
    /// A portal as it is at the beginning of a scenario.
    #[must_use]
    pub fn new(scenario: Scenario, now_ms: u64) -> Self {
        Self::seeded(scenario, now_ms, 0x00b2_4ba7)
    }

    /// The same with secrets that follow from another seed.
    #[must_use]
    pub fn seeded(scenario: Scenario, now_ms: u64, seed: u64) -> Self {
        let setting = scenario.setting();
        let orders: BTreeMap<u64, Order> = setting
            .orders
            .into_iter()
            .map(|order| (order.id, order))
            .collect();
        let mut payments = BTreeMap::new();
        for mut payment in setting.payments {
            if payment.currency.is_empty()
                && let Some(order) = orders.get(&payment.order)
            {
                payment.currency.clone_from(&order.currency);
            }
            if payment.paid {
                payment.date_paid_ms = Some(now_ms);
            }
            payments.insert(payment.id, payment);
        }
        Self {
            clock: Clock::default(),
            limits: setting.limits,
            codes: Codes::default(),
            statuses: Statuses::default(),
            latency_ms: 0,
            orders,
            payments,
            pay_systems: setting
                .pay_systems
                .into_iter()
                .map(|system| (system.id, system))
                .collect(),
            operators: setting
                .operators
                .into_iter()
                .map(|person| (person.id, person))
                .collect(),
            handlers: setting
                .handlers
                .into_iter()
                .map(|handler| (handler.id, handler))
                .collect(),
            comments: Vec::new(),
            tokens: Vec::new(),
            webhooks: setting.webhooks,
            faults: Faults::default(),
            secrets: Secrets::new(seed),
            late: Vec::new(),
            log: Vec::new(),
        }
    }

    /// The truth about a payment.
    #[must_use]
    pub fn payment(&self, id: u64) -> Option<&Payment> {
        self.payments.get(&id)
    }

    /// A payment, to be changed behind everybody's back.
    pub fn payment_mut(&mut self, id: u64) -> Option<&mut Payment> {
        self.payments.get_mut(&id)
    }

    /// All payments, by number.
    pub fn payments(&self) -> impl Iterator<Item = &Payment> {
        self.payments.values()
    }

    /// All orders, by number.
    pub fn orders(&self) -> impl Iterator<Item = &Order> {
        self.orders.values()
    }

    /// An order, to be changed behind everybody's back.
    pub fn order_mut(&mut self, id: u64) -> Option<&mut Order> {
        self.orders.get_mut(&id)
    }

    /// All operators, by number.
    pub fn operators(&self) -> impl Iterator<Item = &Operator> {
        self.operators.values()
    }

    /// An operator, to be given other rights.
    pub fn operator_mut(&mut self, id: u64) -> Option<&mut Operator> {
        self.operators.get_mut(&id)
    }

    /// The webhooks.
    #[must_use]
    pub fn webhooks(&self) -> &[Webhook] {
        &self.webhooks
    }

    /// Texts of the comments on a timeline, oldest first: owner's kind, owner's number, text.
    pub fn comments(&self) -> impl Iterator<Item = (&str, u64, &str)> {
        self.comments.iter().map(|comment| {
            (
                comment.owner_type.as_str(),
                comment.owner,
                comment.text.as_str(),
            )
        })
    }

    /// What was received, in order.
    #[must_use]
    pub fn log(&self) -> &[Entry] {
        &self.log
    }

    /// Arms a fault. Of several that wait for one call the first armed strikes, and all count it.
    pub fn arm(&mut self, fault: Fault) {
        self.faults.arm(fault);
    }

    /// A new secret of so many hexadecimal digits.
    pub fn secret(&mut self, digits: usize) -> String {
        self.secrets.hex(digits)
    }

    /// Tokens of the demo's app for an operator, with every scope, as if made at time 0.
    pub fn issue(&mut self, operator: u64) -> Token {
        self.issue_for(0, operator, demo::APP, Scopes::ALL)
    }

    /// Tokens of an app for an operator.
    pub fn issue_for(&mut self, now_ms: u64, operator: u64, app: u64, scopes: Scopes) -> Token {
        let token = Token {
            access: self.secrets.hex(70),
            refresh: self.secrets.hex(70),
            operator,
            app,
            scopes,
            expires_at_ms: now_ms + TOKEN_LIFE_MS,
            is_renewed: false,
        };
        self.tokens.push(token.clone());
        token
    }

    /// Renews by a refresh token, which works once. `None` when it is unknown or spent.
    pub fn renew(&mut self, now_ms: u64, refresh: &str) -> Option<Token> {
        let token = self
            .tokens
            .iter_mut()
            .find(|token| token.refresh == refresh && !token.is_renewed)?;
        token.is_renewed = true;
        let (operator, app, scopes) = (token.operator, token.app, token.scopes);
        Some(self.issue_for(now_ms, operator, app, scopes))
    }

    /// Lets a token expire now.
    pub fn expire(&mut self, access: &str) {
        for token in self
            .tokens
            .iter_mut()
            .filter(|token| token.access == access)
        {
            token.expires_at_ms = 0;
        }
    }

    /// Whether a renewal that arrives now is answered; asked once per renewal.
    pub fn renewal_is_answered(&mut self) -> bool {
        self.faults.strike("", Met::Renewal).is_none()
    }

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

    /// What a fault makes of a call.
    fn struck(
        &mut self,
        now_ms: u64,
        n: u64,
        name: &str,
        request: &Request,
        fault: &Fault,
    ) -> Reply {
        let ran = self.run_under(now_ms, n, name, request, fault);
        match fault.kind {
            FaultKind::DropBeforeCommit
            | FaultKind::CommitThenDrop
            | FaultKind::DropReusedSocket => Reply::Drop,
            FaultKind::Hang | FaultKind::CommitLate | FaultKind::RefreshNeverAnswers => {
                Reply::Never
            }
            FaultKind::CommitThen502 | FaultKind::Http502 => bad_gateway(),
            FaultKind::CommitThenHtml => html(200, "<html><body>OK</body></html>"),
            FaultKind::EmptyBody => html(200, ""),
            FaultKind::Empty403 => html(403, ""),
            FaultKind::NullBody => Reply::Json {
                status: 200,
                body: Value::Null,
            },
            FaultKind::NumericError => Reply::Json {
                status: 400,
                body: Refusal::numbered(0, "Insufficient permissions").body(Codes::Numbers),
            },
            FaultKind::Http500Json => self.refuse(&Refusal::new(
                500,
                "INTERNAL_SERVER_ERROR",
                "Internal server error",
            )),
            FaultKind::QueryLimit => self.refuse(&query_limit()),
            FaultKind::ExpiredToken => {
                if let Credential::Token(access) = &request.auth {
                    self.expire(access);
                }
                self.refuse(&expired_token())
            }
            FaultKind::TruncatedJson => cut(&ran.map_or_else(
                || self.reply(Ok(Answer::read(json!({"result": true})))),
                |ran| self.reply(ran),
            )),
            FaultKind::ErrorCoreAfterCommit => match ran {
                Some(Err(refusal)) => self.refuse(&refusal),
                _ => self.refuse(&error_core()),
            },
            FaultKind::OperationLimit
            | FaultKind::Denied
            | FaultKind::MissingScope
            | FaultKind::BatchRefused => {
                let refusal = refusal_of(fault.kind).unwrap_or_else(error_core);
                self.refuse(&refusal)
            }
            FaultKind::Delay
            | FaultKind::NoCors
            | FaultKind::YesButUnpaid
            | FaultKind::YesButUnpaidOrderPaid => {
                // Without a run there is no answer of the method: the gateway speaks.
                ran.map_or_else(bad_gateway, |ran| self.reply(ran))
            }
        }
    }

    /// Runs the call now, puts it off, or leaves it, as the fault says.
    fn run_under(
        &mut self,
        now_ms: u64,
        n: u64,
        name: &str,
        request: &Request,
        fault: &Fault,
    ) -> Option<Result<Answer, Refusal>> {
        if !fault.commits() {
            return None;
        }
        let veto = Veto::of(fault.kind);
        let ready = match self.prepare(now_ms, name, &request.params, &request.auth) {
            Ok(ready) => ready,
            Err(refusal) => return Some(Err(refusal)),
        };
        if fault.runs_after_ms() > 0 {
            self.late.push(Late {
                at_ms: now_ms + fault.runs_after_ms(),
                n,
                ready,
                veto,
            });
            return None;
        }
        let ran = self.perform(now_ms, n, &ready, veto);
        self.note_commit(n, &ran);
        Some(ran)
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
            return Err(Refusal::new(
                404,
                "ERROR_METHOD_NOT_FOUND",
                "Method not found!",
            ));
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
            return batch::run(self, now_ms, n, ready);
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

    pub(crate) fn time(
        &mut self,
        now_ms: u64,
        caller: u64,
        method: Option<&'static Method>,
    ) -> Value {
        let took_ms = method.map_or(0, |method| method.takes_ms);
        let seconds = |ms: u64| php::number(self.clock.unix_seconds(ms));
        #[expect(clippy::cast_precision_loss, reason = "milliseconds of one call")]
        let duration = took_ms as f64 / 1000.0;
        let mut time = Map::new();
        time.insert("start".to_owned(), seconds(now_ms));
        time.insert("finish".to_owned(), seconds(now_ms + took_ms));
        time.insert("duration".to_owned(), php::number(duration));
        time.insert("processing".to_owned(), php::number(duration));
        time.insert("date_start".to_owned(), Value::from(self.clock.iso(now_ms)));
        time.insert(
            "date_finish".to_owned(),
            Value::from(self.clock.iso(now_ms + took_ms)),
        );
        if let (Some(limit), Some(method)) = (&mut self.limits.operating, method) {
            if let Some(resets_at_ms) = limit.resets_at_ms(caller, method.name) {
                let resets_at = self.clock.unix_ms(resets_at_ms) / 1000;
                time.insert("operating_reset_at".to_owned(), Value::from(resets_at));
            }
            #[expect(clippy::cast_precision_loss, reason = "milliseconds of ten minutes")]
            let operating = limit.spent_ms(now_ms, caller, method.name) as f64 / 1000.0;
            time.insert("operating".to_owned(), php::number(operating));
        }
        Value::Object(time)
    }

    fn note_commit(&mut self, n: u64, ran: &Result<Answer, Refusal>) {
        let saved = matches!(ran, Ok(answer) if answer.saved);
        let place = usize::try_from(n.saturating_sub(1)).unwrap_or(usize::MAX);
        if let Some(entry) = self.log.get_mut(place) {
            entry.committed |= saved;
        }
    }

    fn reply(&self, ran: Result<Answer, Refusal>) -> Reply {
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

    fn refuse(&self, refusal: &Refusal) -> Reply {
        refusal.reply(self.codes, self.statuses)
    }
}

impl Answer {
    fn with_envelope(mut self, time: Value) -> Self {
        let mut body = Map::new();
        body.insert("result".to_owned(), self.result);
        if let Some(total) = self.total {
            body.insert("total".to_owned(), Value::from(total));
        }
        if let Some(next) = self.next {
            body.insert("next".to_owned(), Value::from(next));
        }
        body.insert("time".to_owned(), time);
        self.result = Value::Object(body);
        self
    }
}

/// The refusals that can strike a single command too.
pub(crate) fn refusal_of(kind: FaultKind) -> Option<Refusal> {
    match kind {
        FaultKind::OperationLimit => Some(operation_limit()),
        FaultKind::Denied => Some(Refusal::new(403, "ACCESS_DENIED", "Access denied!")),
        FaultKind::MissingScope => Some(missing_scope()),
        FaultKind::BatchRefused => Some(batch::not_allowed()),
        _ => None,
    }
}

pub(crate) fn error_core() -> Refusal {
    Refusal::new(400, "ERROR_CORE", "Internal error in an event handler")
}

fn query_limit() -> Refusal {
    Refusal::new(503, "QUERY_LIMIT_EXCEEDED", "Too many requests")
}

fn html(status: u16, body: &str) -> Reply {
    Reply::Text {
        status,
        content_type: "text/html; charset=UTF-8",
        body: body.to_owned(),
    }
}

fn bad_gateway() -> Reply {
    const PAGE: &str = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n\
        <center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n";
    html(502, PAGE)
}

/// The first half of an answer.
fn cut(reply: &Reply) -> Reply {
    let (status, whole) = match reply {
        Reply::Json { status, body } => (*status, body.to_string()),
        Reply::Text { status, body, .. } => (*status, body.clone()),
        _ => (200, String::new()),
    };
    let body = whole.chars().take(whole.chars().count() / 2).collect();
    Reply::Truncated {
        status,
        body,
        announced: whole.len(),
    }
}
