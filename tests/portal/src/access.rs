//! Who is calling: tokens, webhooks, and the checks that come before any method runs.

use crate::limits::Plan;
use crate::methods::Method;
use crate::operator::{Rights, Scopes};
use crate::portal::Portal;
use crate::reply::Refusal;
use crate::request::Credential;

/// A webhook.
#[derive(Clone, Debug)]
pub struct Webhook {
    /// Its owner, whose rights it carries.
    pub user: u64,
    /// The secret part of its address.
    pub secret: String,
    /// What it may touch.
    pub scopes: Scopes,
}

/// The caller, once it is known.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Actor {
    /// The operator.
    pub user: u64,
    /// The operator's rights.
    pub rights: Rights,
    /// The app; a webhook has none.
    pub app: Option<u64>,
    /// What the app or webhook may touch.
    pub scopes: Scopes,
}

impl Actor {
    /// Under which key execution time is counted.
    pub(crate) fn counted_as(&self) -> u64 {
        self.app.unwrap_or(1_000_000_000 + self.user)
    }
}

pub(crate) fn missing_scope() -> Refusal {
    const TEXT: &str = "The request requires higher privileges than provided by the access token";
    Refusal::new(401, "insufficient_scope", TEXT).documented(403)
}

pub(crate) fn expired_token() -> Refusal {
    Refusal::new(
        401,
        "expired_token",
        "The access token provided has expired.",
    )
}

pub(crate) fn operation_limit() -> Refusal {
    Refusal::new(
        429,
        "OPERATION_TIME_LIMIT",
        "Method is blocked due to operation time limit.",
    )
}

impl Portal {
    /// The caller behind a credential.
    pub(crate) fn recognise(&self, now_ms: u64, auth: &Credential) -> Result<Actor, Refusal> {
        if self.limits.plan == Plan::Free {
            return Err(Refusal::new(
                401,
                "ACCESS_DENIED",
                "REST is available only on commercial plans.",
            )
            .documented(403));
        }
        let (user, app, scopes) = match auth {
            Credential::None => {
                return Err(Refusal::new(
                    401,
                    "NO_AUTH_FOUND",
                    "Wrong authorization data",
                ));
            }
            Credential::Token(access) => {
                let token = self.tokens.iter().find(|token| token.access == *access);
                let Some(token) = token else {
                    return Err(Refusal::new(
                        401,
                        "invalid_token",
                        "Unable to get application by token",
                    ));
                };
                if token.expires_at_ms <= now_ms {
                    return Err(expired_token());
                }
                (token.operator, Some(token.app), token.scopes)
            }
            Credential::Webhook { user, secret } => {
                let mut known = self.webhooks.iter();
                let Some(webhook) = known.find(|hook| hook.user == *user && hook.secret == *secret)
                else {
                    return Err(Refusal::new(
                        401,
                        "INVALID_CREDENTIALS",
                        "Invalid request credentials",
                    )
                    .documented(403));
                };
                (webhook.user, None, webhook.scopes)
            }
        };
        let Some(operator) = self.operators.get(&user) else {
            return Err(Refusal::new(
                401,
                "authorization_error",
                "Unable to authorize user",
            ));
        };
        Ok(Actor {
            user,
            rights: operator.rights,
            app,
            scopes,
        })
    }

    /// Scope first, then the method's execution time.
    pub(crate) fn admit(
        &mut self,
        now_ms: u64,
        method: &Method,
        actor: &Actor,
    ) -> Result<(), Refusal> {
        if method.scope.is_some_and(|scope| !actor.scopes.has(scope)) {
            return Err(missing_scope());
        }
        let limit = self.limits.operating.as_mut();
        if limit.is_some_and(|limit| !limit.admits(now_ms, actor.counted_as(), method.name)) {
            return Err(operation_limit());
        }
        Ok(())
    }
}
