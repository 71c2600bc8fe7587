//! What goes back to the caller: answers, refusals, and everything that is neither.

use serde_json::{Map, Value};

/// What the caller's side of the wire gets.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    /// A complete JSON answer.
    Json {
        /// HTTP status.
        status: u16,
        /// The body.
        body: Value,
    },
    /// A complete answer that is no JSON, the empty one included.
    Text {
        /// HTTP status.
        status: u16,
        /// `Content-Type`.
        content_type: &'static str,
        /// The body.
        body: String,
    },
    /// The answer breaks off: fewer bytes come than were announced, then the connection closes.
    Truncated {
        /// HTTP status.
        status: u16,
        /// The bytes that come.
        body: String,
        /// The length that was announced.
        announced: usize,
    },
    /// The connection breaks without an answer.
    Drop,
    /// Nothing comes, and the connection stays open.
    Never,
}

impl Reply {
    /// The HTTP status, where there is an answer.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Json { status, .. }
            | Self::Text { status, .. }
            | Self::Truncated { status, .. } => Some(*status),
            Self::Drop | Self::Never => None,
        }
    }

    /// The JSON body, where there is one.
    #[must_use]
    pub fn json(&self) -> Option<&Value> {
        match self {
            Self::Json { body, .. } => Some(body),
            _ => None,
        }
    }
}

/// A reply and how it travels.
#[derive(Clone, Debug, PartialEq)]
pub struct Exchange {
    /// The number of the call in the log; the payment names it as the call that paid.
    pub n: u64,
    /// What comes back.
    pub reply: Reply,
    /// How long the answer takes.
    pub after_ms: u64,
    /// Whether the answer carries the CORS header.
    pub cors: bool,
    /// Whether the connection may be used again.
    pub keeps_connection: bool,
}

/// How the numeric codes of controller methods are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Codes {
    /// `"0"`, as current builds do.
    #[default]
    Texts,
    /// `0`, as the documentation and older builds do.
    Numbers,
}

/// Which statuses the errors of the authorization stage have: the source and the documentation disagree.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Statuses {
    /// As the published source sets them.
    #[default]
    Source,
    /// As the documentation lists them.
    Documented,
}

/// An error code before it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Code {
    Text(&'static str),
    Number(u64),
}

/// The portal says no.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Refusal {
    pub code: Code,
    pub text: String,
    pub status: u16,
    /// The status that the documentation lists, where it is another one.
    pub documented: u16,
}

impl Refusal {
    pub fn new(status: u16, code: &'static str, text: impl Into<String>) -> Self {
        Self {
            code: Code::Text(code),
            text: text.into(),
            status,
            documented: status,
        }
    }

    /// A refusal of a controller method, whose codes are numbers; always 400.
    pub fn numbered(code: u64, text: impl Into<String>) -> Self {
        Self {
            code: Code::Number(code),
            text: text.into(),
            status: 400,
            documented: 400,
        }
    }

    pub fn documented(mut self, status: u16) -> Self {
        self.documented = status;
        self
    }

    /// The body; it never has a `time`.
    pub fn body(&self, codes: Codes) -> Value {
        let code = match (&self.code, codes) {
            (Code::Text(code), _) => Value::from(*code),
            (Code::Number(code), Codes::Texts) => Value::from(code.to_string()),
            (Code::Number(code), Codes::Numbers) => Value::from(*code),
        };
        let mut body = Map::new();
        body.insert("error".to_owned(), code);
        body.insert(
            "error_description".to_owned(),
            Value::from(self.text.clone()),
        );
        Value::Object(body)
    }

    pub fn reply(&self, codes: Codes, statuses: Statuses) -> Reply {
        let status = match statuses {
            Statuses::Source => self.status,
            Statuses::Documented => self.documented,
        };
        Reply::Json {
            status,
            body: self.body(codes),
        }
    }
}

/// The portal says yes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Answer {
    pub result: Value,
    pub total: Option<usize>,
    pub next: Option<usize>,
    /// Whether something was saved as the call asked.
    pub saved: bool,
    /// A gateway's own text, sent instead of the JSON.
    pub own_text: Option<&'static str>,
}

impl Answer {
    pub fn read(result: Value) -> Self {
        Self {
            result,
            total: None,
            next: None,
            saved: false,
            own_text: None,
        }
    }

    pub fn saved(result: Value) -> Self {
        Self {
            saved: true,
            ..Self::read(result)
        }
    }
}
