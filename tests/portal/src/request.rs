//! One REST call as it reached the portal.
//! Whatever carried it (query, form, JSON, BX24's plain text) has been decoded by now.

use serde_json::{Map, Value};

/// Who calls.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Credential {
    /// Nobody: no token and no webhook.
    None,
    /// An access token of an app.
    Token(String),
    /// A webhook's owner and secret.
    Webhook {
        /// The owner.
        user: u64,
        /// The secret part of the address.
        secret: String,
    },
}

/// In which form the parameters came. The rules do not depend on it; the log keeps it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Arrived {
    /// Parameters of the address only.
    Query,
    /// `application/json`.
    #[default]
    Json,
    /// `application/x-www-form-urlencoded`.
    Form,
    /// Anything else: parsed like a query, which is how BX24's calls are read.
    Text,
}

/// One REST call.
#[derive(Clone, Debug)]
pub struct Request {
    /// The method as it stands in the address, without `.json`.
    pub method: String,
    /// The parameters, reserved names included.
    pub params: Map<String, Value>,
    /// Who calls.
    pub auth: Credential,
    /// In which form the parameters came.
    pub arrived: Arrived,
    /// Whether an earlier request came over the same connection.
    pub reused_connection: bool,
}

impl Request {
    /// A call with JSON parameters over a connection of its own; parameters that are no object count as none.
    #[must_use]
    pub fn new(method: &str, params: Value, auth: Credential) -> Self {
        let params = match params {
            Value::Object(map) => map,
            _ => Map::new(),
        };
        Self {
            method: method.to_owned(),
            params,
            auth,
            arrived: Arrived::Json,
            reused_connection: false,
        }
    }
}
