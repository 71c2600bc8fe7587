//! What lets us into a portal over HTTP: a webhook's address, a token of the caller's, the token of
//! `BX24`, or what the official SDK holds. It is looked up anew for each call.

use std::cell::RefCell;
use std::future::ready;
use std::rc::Rc;

use wasm_bindgen::JsValue;

use super::frame::Frame;
use super::global::global;
use super::sdk::Sdk;
use super::value::{callback, called, settled, text_of, trimmed};
use crate::address::Address;
use crate::error::Error;
use crate::json::Json;
use crate::portal::{Answer, Pending, Portal};
use crate::reply::Reply;
use crate::text::parts;

/// Gets a new access token, `None` where that failed.
pub type Refresh = Rc<dyn Fn() -> Pending<'static, Option<String>>>;

/// What lets us into a portal.
pub enum Credential {
    /// An address, a token where no secret is in it, and what gets a new one.
    Given {
        address: Address,
        token: RefCell<Option<String>>,
        refresh: Option<Refresh>,
    },
    /// The token of this page's `BX24`.
    Frame(Frame),
    /// What an instance of the official SDK holds.
    Sdk(Sdk),
    /// Something that is wrong.
    Wrong(Error),
}

/// What one call is made with.
pub struct Lent {
    /// The address before the method.
    pub rest: String,
    /// The token, where the address takes one.
    pub token: Option<String>,
}

impl Credential {
    pub fn given(address: Address, token: Option<String>, refresh: Option<Refresh>) -> Self {
        Self::Given {
            address,
            token: RefCell::new(token),
            refresh,
        }
    }

    /// Gets ready, and gives the portal's host.
    pub fn open(&self) -> Pending<'_, Result<String, Error>> {
        Box::pin(ready(match self {
            Self::Given { address, .. } => Ok(address.host.clone()),
            Self::Frame(frame) => return frame.open(),
            Self::Sdk(sdk) => sdk.host(),
            Self::Wrong(error) => Err(error.clone()),
        }))
    }

    /// Whether it is another portal's by now.
    pub fn has_moved(&self) -> bool {
        match self {
            Self::Frame(frame) => frame.has_moved(),
            _ => false,
        }
    }

    /// What a call that is sent now is made with, or else its answer.
    pub fn lend(&self) -> Result<Lent, Answer> {
        let lent = match self {
            Self::Given { address, token, .. } => Ok(Some(Lent {
                rest: address.rest.clone(),
                token: token.borrow().clone(),
            })),
            Self::Frame(frame) => of_library(frame),
            Self::Sdk(sdk) => sdk.lend(),
            Self::Wrong(error) => Err(error.clone()),
        };
        let lent = lent.map_err(Answer::NotSent)?;
        // As the portal would say, a round trip earlier.
        let expired = || vec![("error", Json::Text("expired_token".into()))];
        lent.ok_or_else(|| Answer::Replied(Reply::from_fields(None, expired())))
    }

    /// How long a new token is waited for at the most, in milliseconds. `BX24.refreshAuth` often stays silent for ever.
    pub fn patience_ms(&self) -> f64 {
        match self {
            Self::Frame(_) => 10_000.0,
            _ => 30_000.0,
        }
    }

    /// Gets a new token, and says whether there is one now.
    pub async fn renew(self: Rc<Self>) -> bool {
        match &*self {
            Self::Given {
                token,
                refresh: Some(refresh),
                ..
            } => {
                let Some(newer) = refresh().await else {
                    return false;
                };
                token.replace(Some(newer));
                true
            }
            Self::Frame(frame) => {
                let (answered, callback) = callback();
                let library = frame.opened();
                if !library.is_ok_and(|library| called(&library, "refreshAuth", callback).is_ok()) {
                    return false;
                }
                // It calls back only where there is one, often never.
                answered.wait().await;
                of_library(frame).is_ok_and(|lent| lent.is_some())
            }
            Self::Sdk(sdk) => sdk.renew().await,
            Self::Given { refresh: None, .. } | Self::Wrong(_) => false,
        }
    }
}

/// The address and the token that `BX24.getAuth` gives; it says `false` once the token has expired, which is `None`.
fn of_library(frame: &Frame) -> Result<Option<Lent>, Error> {
    let auth = called(&frame.opened()?, "getAuth", JsValue::UNDEFINED)
        .map_err(|_| Error::not_in_portal("BX24.getAuth threw"))?;
    let token = text_of(&auth, "access_token");
    let domain = text_of(&auth, "domain").filter(|_| token.is_some());
    Ok(domain.map(|domain| Lent {
        rest: Address::page(domain, is_https()).rest,
        token,
    }))
}

/// Whether the portal's page is served by HTTPS. It names the frame `host|1|session`, or `|0|`.
fn is_https() -> bool {
    let name = global(|global| text_of(global, "name")).unwrap_or_default();
    parts(&name, b'|').nth(1) != Some("0")
}

/// A function of the caller's that resolves with a new token. What it throws says nothing: it may
/// hold a secret.
pub fn refresh(function: js_sys::Function) -> Refresh {
    Rc::new(move || {
        let called = function.call1(&JsValue::UNDEFINED, &JsValue::UNDEFINED);
        Box::pin(async move { trimmed(&settled(&called.ok()?).await.ok()?) })
    })
}
