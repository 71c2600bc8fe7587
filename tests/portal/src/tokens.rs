//! Tokens: given to an app for an operator, renewed once, and let expire.

use crate::demo;
use crate::faults::Met;
use crate::operator::Scopes;
use crate::portal::Portal;

/// How long an access token lives.
const TOKEN_LIFE_MS: u64 = 3_600_000;

/// A pair of tokens of an app and an operator.
#[derive(Clone, Debug)]
pub struct Token {
    /// The access token.
    pub access: String,
    /// The token that renews it, once.
    pub refresh: String,
    /// Whose rights it carries.
    pub operator: u64,
    /// The app.
    pub app: u64,
    /// What the app may touch.
    pub scopes: Scopes,
    /// When it expires.
    pub expires_at_ms: u64,
    /// Whether it was renewed already.
    pub is_renewed: bool,
}

impl Portal {
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
}
