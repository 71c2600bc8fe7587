//! What an instance of `@bitrix24/b24jssdk` 2.x holds: where the portal is, and the token. Only these
//! are taken from it. Its own requests repeat a write up to three times, so none of ours goes
//! through them.

use wasm_bindgen::JsValue;

use super::credential::Lent;
use super::value::{called, member, settled, text_by, text_of};
use crate::address::Address;
use crate::error::Error;

/// An instance: of its frame, hook or OAuth class.
pub struct Sdk(pub JsValue);

/// What can be asked of it.
struct Auth {
    auth: JsValue,
    /// `https://host/rest/<user>/<secret>` or `https://host/rest/`
    rest: String,
}

impl Sdk {
    /// Its portal's host.
    pub fn host(&self) -> Result<String, Error> {
        Ok(Address::of_sdk(&self.auth()?.rest)?.0.host)
    }

    /// What it would make a call with, `None` where it has no token.
    pub fn lend(&self) -> Result<Option<Lent>, Error> {
        let auth = self.auth()?;
        let (address, takes_token) = Address::of_sdk(&auth.rest)?;
        let mut token = None;
        if takes_token {
            let data = auth.call("getAuthData").ok_or_else(unusable)?;
            token = text_of(&data, "access_token");
            if token.is_none() {
                return Ok(None);
            }
        }
        Ok(Some(Lent {
            rest: address.rest,
            token,
        }))
    }

    /// Has it get a new token, and says whether it has one now. Where it fails, a call of its own may have renewed it meanwhile: a
    /// refresh token works once.
    pub async fn renew(&self) -> bool {
        let renewed = self.auth().ok().and_then(|auth| auth.call("refreshAuth"));
        if let Some(promise) = renewed {
            let _ = settled(&promise).await;
        }
        self.lend().is_ok_and(|lent| lent.is_some())
    }

    fn auth(&self) -> Result<Auth, Error> {
        let auth = member(&self.0, "auth").map_err(|_| unusable())?;
        // It answers with a Map from the REST version to the address.
        let addresses = asked(&auth, "getTargetOriginWithPath").ok_or_else(unusable)?;
        let rest = text_by(&addresses, "get", "v2".into());
        Ok(Auth {
            auth,
            rest: rest.ok_or_else(unusable)?,
        })
    }
}

impl Auth {
    fn call(&self, name: &str) -> Option<JsValue> {
        asked(&self.auth, name)
    }
}

fn asked(object: &JsValue, name: &str) -> Option<JsValue> {
    called(object, name, JsValue::UNDEFINED).ok()
}

fn unusable() -> Error {
    Error::invalid_request(
        "the argument of sdk",
        "must be an initialised instance of @bitrix24/b24jssdk 2, such as `await initializeB24Frame()`",
        "something else",
    )
}
