//! By what a portal over HTTP lets us in: a webhook's address, a token of the caller's, the token of
//! `BX24`, or what the official SDK holds. It is looked up anew for each call.

use std::cell::RefCell;
use std::future::ready;
use std::pin::pin;
use std::rc::Rc;

use wasm_bindgen::JsValue;

use super::frame::{Frame, callback, library};
use super::global::global;
use super::sdk::Sdk;
use super::value::{called, text_of};
use crate::address::Address;
use crate::error::Error;
use crate::page::Page;
use crate::portal::{Pending, Portal};
use crate::read::in_time;
use crate::text::parts;

/// How long `BX24.refreshAuth` may stay silent, in milliseconds; often it stays so for ever.
const REFRESH_MS: f64 = 10_000.0;

/// Gets a new access token, `None` where that failed.
pub type Refresh = Rc<dyn Fn() -> Pending<'static, Option<String>>>;

/// By what a portal lets us in.
pub enum Credential {
    /// The secret is in the address.
    Webhook(Address),
    /// A token, and what gets a new one.
    OAuth {
        address: Address,
        token: RefCell<String>,
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
pub enum Lent {
    /// The address before the method, and the token, if it takes one.
    Address { rest: String, token: Option<String> },
    /// The token is known to have expired.
    Expired,
    /// Nothing can be sent.
    Nothing(Error),
}

impl Credential {
    pub fn oauth(address: Address, token: String, refresh: Option<Refresh>) -> Self {
        Self::OAuth {
            address,
            token: RefCell::new(token),
            refresh,
        }
    }

    /// Gets ready, and gives the portal's host.
    pub fn open(&self) -> Pending<'_, Result<String, Error>> {
        Box::pin(ready(match self {
            Self::Webhook(address) | Self::OAuth { address, .. } => Ok(address.host.clone()),
            Self::Frame(frame) => return frame.open(),
            Self::Sdk(sdk) => sdk.host(),
            Self::Wrong(error) => Err(error.clone()),
        }))
    }

    /// What a call that is sent now is made with.
    pub fn lend(&self) -> Lent {
        match self {
            Self::Webhook(address) => Lent::Address {
                rest: address.rest.clone(),
                token: None,
            },
            Self::OAuth { address, token, .. } => Lent::Address {
                rest: address.rest.clone(),
                token: Some(token.borrow().clone()),
            },
            Self::Frame(_) => match library() {
                Ok(Some(library)) => of_library(&library),
                Ok(None) => Lent::Nothing(Error::not_in_portal("BX24 has gone")),
                Err(error) => Lent::Nothing(error),
            },
            Self::Sdk(sdk) => sdk.lend().unwrap_or_else(Lent::Nothing),
            Self::Wrong(error) => Lent::Nothing(error.clone()),
        }
    }

    /// Gets a new token, and says whether there is one now.
    pub async fn renew(self: Rc<Self>, page: Rc<Page>) -> bool {
        match &*self {
            Self::OAuth {
                token,
                refresh: Some(refresh),
                ..
            } => {
                let newer = refresh().await;
                newer.map(|newer| token.replace(newer)).is_some()
            }
            Self::Frame(_) => {
                let clock = page.clock.as_ref();
                let refreshed = pin!(refreshed_by_library());
                let until = clock.now() + REFRESH_MS;
                in_time(clock, until, refreshed).await == Some(true)
            }
            Self::Sdk(sdk) => sdk.renew().await,
            Self::Webhook(_) | Self::OAuth { refresh: None, .. } | Self::Wrong(_) => false,
        }
    }
}

/// The address and the token that `BX24.getAuth` gives; it says `false` once the token has expired.
fn of_library(library: &JsValue) -> Lent {
    let Ok(auth) = called(library, "getAuth", JsValue::UNDEFINED) else {
        return Lent::Nothing(Error::not_in_portal("BX24.getAuth threw"));
    };
    match (text_of(&auth, "access_token"), text_of(&auth, "domain")) {
        (Some(token), Some(domain)) => Lent::Address {
            rest: Address::page(domain, is_https()).rest,
            token: Some(token),
        },
        _ => Lent::Expired,
    }
}

/// Whether the portal's page is served by HTTPS. It names the frame `host|1|session`, or `|0|`.
fn is_https() -> bool {
    let name = global(|global| text_of(global, "name")).unwrap_or_default();
    parts(&name, b'|').nth(1) != Some("0")
}

/// Has `BX24` get a new token; resolves only when it says so.
async fn refreshed_by_library() -> bool {
    let Ok(Some(library)) = library() else {
        return false;
    };
    let (answered, callback) = callback();
    if called(&library, "refreshAuth", callback).is_err() {
        return false;
    }
    answered.wait().await;
    matches!(of_library(&library), Lent::Address { .. })
}

/// A function of the caller's that resolves with a new token. What it throws says nothing: it may
/// hold a secret.
pub fn refresh(function: js_sys::Function) -> Refresh {
    Rc::new(move || {
        let called = function.call1(&JsValue::UNDEFINED, &JsValue::UNDEFINED);
        Box::pin(async move {
            let promise = js_sys::Promise::resolve(&called.ok()?);
            let token = wasm_bindgen_futures::JsFuture::from(promise).await.ok()?;
            token.as_string().filter(|token| !token.is_empty())
        })
    })
}
