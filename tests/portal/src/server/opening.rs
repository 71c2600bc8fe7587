//! One display of an app: the address, the form and the first message by which it learns where it is.

use crate::php;
use serde_json::{Map, Value, json};

pub(super) const MEMBER_ID: &str = "5f0e9d3c2b1a48679d3c2b1a4867f0e9";

/// One display of the app.
pub(super) struct Opening {
    pub domain: String,
    pub app_origin: String,
    pub portal_origin: String,
    pub sid: String,
    pub path: String,
    pub lang: String,
    pub placement: String,
    pub options: Value,
    pub is_admin: bool,
    /// Whether the portal waits for the app's installer.
    pub installs: bool,
    pub app_options: Value,
    pub is_static: bool,
    pub access: String,
    pub refresh: String,
}

/// How long a token lives, in seconds, as text: the portal sends it so.
pub(super) const EXPIRES: &str = "3600";

impl Opening {
    pub fn shown(&self) -> Value {
        json!({
            "sid": self.sid,
            "action": self.action(),
            "method": if self.is_static { "GET" } else { "POST" },
            "frameName": format!("{}|0|{}", self.domain, self.sid),
            "fields": if self.is_static { Map::new() } else { self.fields() },
            "init": self.init(),
        })
    }

    /// The handler's address with the four parameters that even a static app gets. A handler of another server is given by
    /// its whole address.
    fn action(&self) -> String {
        let handler = if is_whole(&self.path) {
            self.path.clone()
        } else {
            format!("{}/{}", self.app_origin, self.path.trim_start_matches('/'))
        };
        let mark = if handler.contains('?') { '&' } else { '?' };
        let domain = self.domain.replace(':', "%3A");
        let lang: String = self
            .lang
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .collect();
        format!(
            "{handler}{mark}DOMAIN={domain}&PROTOCOL=0&LANG={lang}&APP_SID={}",
            self.sid
        )
    }

    fn fields(&self) -> Map<String, Value> {
        let mut fields = Map::new();
        let mut put = |name: &str, value: &str| fields.insert(name.to_owned(), Value::from(value));
        put("AUTH_ID", &self.access);
        put("AUTH_EXPIRES", EXPIRES);
        put("REFRESH_ID", &self.refresh);
        put("SERVER_ENDPOINT", &format!("{}/rest/", self.portal_origin));
        put("member_id", MEMBER_ID);
        put("status", "L");
        put("PLACEMENT", &self.placement);
        if let Some(options) = self.named_options() {
            put("PLACEMENT_OPTIONS", &options.to_string());
        }
        fields
    }

    fn named_options(&self) -> Option<Value> {
        (!php::is_empty(Some(&self.options))).then(|| as_texts(&self.options))
    }

    /// The reply to `getInitData`: an empty PHP array is `[]`, every scalar is text.
    fn init(&self) -> Value {
        json!({
            "LANG": self.lang,
            "DOMAIN": self.domain,
            "PROTOCOL": 0,
            "PATH": "/rest",
            "AUTH_ID": self.access,
            "AUTH_EXPIRES": EXPIRES,
            "REFRESH_ID": self.refresh,
            "MEMBER_ID": MEMBER_ID,
            "FIRST_RUN": true,
            "IS_ADMIN": self.is_admin,
            "INSTALL": self.installs,
            "USER_OPTIONS": [],
            "APP_OPTIONS": as_php(&self.app_options),
            "PLACEMENT": self.placement,
            "PLACEMENT_OPTIONS": self.named_options().unwrap_or_else(|| json!([])),
        })
    }
}

/// A PHP array: the empty one is a list.
fn as_php(options: &Value) -> Value {
    if php::is_empty(Some(options)) {
        json!([])
    } else {
        as_texts(options)
    }
}

/// Whether a handler is given by its whole address, and not by a path of the app that is served here.
pub(super) fn is_whole(handler: &str) -> bool {
    handler.starts_with("http://") || handler.starts_with("https://")
}

fn as_texts(value: &Value) -> Value {
    match value {
        Value::Object(map) => Value::Object(
            map.iter()
                .map(|(key, value)| (key.clone(), as_texts(value)))
                .collect(),
        ),
        Value::Array(items) => items.iter().map(as_texts).collect(),
        scalar => Value::from(php::text(scalar)),
    }
}
