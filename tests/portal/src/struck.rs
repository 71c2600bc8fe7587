//! What each fault makes of a call: whether it runs, when, and what comes back instead.

use crate::access::{expired_token, missing_scope, operation_limit};
use crate::batch;
use crate::fault_kind::FaultKind;
use crate::faults::Fault;
use crate::methods::Veto;
use crate::portal::Portal;
use crate::receive::Late;
use crate::reply::{Answer, Codes, Refusal, Reply};
use crate::request::{Credential, Request};
use serde_json::{Value, json};

impl Portal {
    /// What a fault makes of a call.
    pub(crate) fn struck(
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

pub(crate) fn query_limit() -> Refusal {
    Refusal::new(503, "QUERY_LIMIT_EXCEEDED", "Too many requests")
}

pub(crate) fn html(status: u16, body: &str) -> Reply {
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
