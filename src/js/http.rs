//! A portal over HTTP: one POST a call, by `fetch`, in a page or on a server. No redirect is followed,
//! no cookie sent, nothing kept by a cache, and no text of a thrown error passed on, since it can
//! hold the address.

use std::fmt;
use std::future::{pending, ready};
use std::rc::Rc;

use gloo_net::http::Response;
use js_sys::{Array, Object, Promise};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortController;

use super::copy::json;
use super::credential::{Credential, Lent, Refresh};
use super::form::form;
use super::frame::Frame;
use super::value::{called, member, number_of, parse, set};
use crate::address::Address;
use crate::error::{Error, Thrown};
use crate::json::Json;
use crate::page::Page;
use crate::portal::{Answer, Call, Memory, Pending, Portal, Sent};
use crate::renewal::Renewal;
use crate::reply::Reply;
use crate::text::{cut_last, joined, without_end};

#[wasm_bindgen]
extern "C" {
    // gloo-net's own sending has no catch, and what it is called by differs between page and server.
    #[wasm_bindgen(catch)]
    fn fetch(address: &str, init: &Object) -> Result<Promise, JsValue>;

    type TextDecoder;
    #[wasm_bindgen(constructor)]
    fn new(encoding: &str, options: &Object) -> TextDecoder;
    #[wasm_bindgen(method, structural, catch)]
    fn decode(this: &TextDecoder, bytes: &JsValue, options: &Object) -> Result<JsValue, JsValue>;
}

/// What stands in an answer where our secret stood.
const HIDDEN: &str = "***";

/// The longest body that is read, in bytes. The longest that the portal sends has a tenth of it.
const LONGEST: f64 = 8_388_608.0;

const REDIRECTS: &str =
    "the portal redirects, which is not followed; it may have been renamed, so use its new address";
const TOO_LONG: &str = "the answer is longer than 8 MB";
const CUT: &str = "the answer broke off";
const NOT_JSON: &str = "the answer is no JSON of the portal's REST";
const BROKEN: &str =
    "the connection failed, the answer was not allowed to be read (CORS), or the address is wrong";

/// A portal that is called over HTTP.
pub struct Http {
    page: Rc<Page>,
    memory: Memory,
    credential: Rc<Credential>,
    renewal: Rc<Renewal>,
}

impl fmt::Debug for Http {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Http")
    }
}

impl Http {
    pub(super) fn with(page: Rc<Page>, credential: Credential) -> Self {
        Self {
            page,
            memory: Memory::default(),
            credential: Rc::new(credential),
            renewal: Rc::default(),
        }
    }

    /// A portal by one of its webhooks. **Whoever has the address has the webhook's rights**: it
    /// belongs on a server, never into a public page.
    ///
    /// # Errors
    /// [`Error::invalid_request`] with the part of the address that is wrong.
    pub fn webhook(page: Rc<Page>, address: &str) -> Result<Self, Error> {
        let address = Address::webhook(address)?;
        Ok(Self::with(page, Credential::Webhook(address)))
    }

    /// A portal by an access token, and by what gets a new one.
    ///
    /// # Errors
    /// [`Error::invalid_request`] with the part of the domain that is wrong.
    pub fn oauth(
        page: Rc<Page>,
        domain: &str,
        access_token: String,
        refresh: Option<Refresh>,
    ) -> Result<Self, Error> {
        let address = Address::domain(domain)?;
        let credential = Credential::oauth(address, access_token, refresh);
        Ok(Self::with(page, credential))
    }

    /// The portal around this page, by the token of its `BX24`: unlike `BX24.callMethod` it sees
    /// statuses, bodies and ends.
    #[must_use]
    pub fn frame(page: Rc<Page>) -> Self {
        Self::around(Frame::new(page))
    }

    /// The same, where there is a frame already.
    pub(super) fn around(frame: Frame) -> Self {
        let page = Rc::clone(frame.page());
        Self::with(page, Credential::Frame(frame))
    }
}

impl Portal for Http {
    fn page(&self) -> &Rc<Page> {
        &self.page
    }

    fn memory(&self) -> &Memory {
        &self.memory
    }

    fn open(&self) -> Pending<'_, Result<String, Error>> {
        self.credential.open()
    }

    fn send(&self, call: &Call) -> Sent<'_> {
        let answer: Pending<'_, Answer> = match self.credential.lend() {
            Lent::Address { rest, token } => match post(&rest, token, call) {
                Some(answer) => Box::pin(answer),
                None => Box::pin(ready(broken(None, BROKEN))),
            },
            // As the portal would say, a round trip earlier.
            Lent::Expired => Box::pin(ready(Answer::Replied(Reply::from_fields(
                None,
                vec![("error", Json::Text("expired_token".into()))],
            )))),
            Lent::Nothing(error) => Box::pin(ready(Answer::NotSent(error))),
        };
        Sent {
            answer,
            // Its end is its answer.
            ended: Box::pin(pending()),
        }
    }

    fn renew(&self, sent_at: f64, within_ms: f64) -> Pending<'_, Result<(), Error>> {
        Box::pin(async move {
            let (credential, page) = (&self.credential, &self.page);
            let start = || -> Pending<'static, bool> {
                Box::pin(Rc::clone(credential).renew(Rc::clone(page)))
            };
            self.renewal.share(page, sent_at, within_ms, start).await
        })
    }
}

fn broken(status: Option<u16>, reason: &'static str) -> Answer {
    Answer::Broken {
        status,
        cause: Some(Thrown::reason(reason)),
        ended: true,
    }
}

/// Breaks a request off when nobody listens any more.
struct Breaker(AbortController);

impl Drop for Breaker {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Sends at once, and gives what listens to the answer; `None` where nothing could be sent.
fn post(
    rest: &str,
    token: Option<String>,
    call: &Call,
) -> Option<impl Future<Output = Answer> + use<>> {
    let body = form(&call.params, token.as_deref());
    // A webhook's secret is the last part of its address.
    let last = || {
        let (_, last) = cut_last(without_end(rest, b'/'), b'/')?;
        Some(last.to_owned())
    };
    let secret = token.or_else(last).unwrap_or_default();
    let breaker = Breaker(AbortController::new().ok()?);
    // The builder of gloo-net takes the address apart and puts it together again, with four kilobytes of wasm; each setter of
    // web-sys is another function to be imported.
    let headers = Object::new();
    set(
        &headers,
        "Content-Type",
        "application/x-www-form-urlencoded",
    );
    let init = Object::new();
    set(&init, "headers", headers);
    set(&init, "method", "POST");
    set(&init, "redirect", "manual");
    set(&init, "credentials", "omit");
    set(&init, "cache", "no-store");
    set(&init, "signal", breaker.0.signal());
    set(&init, "body", body);
    let address = joined(&[rest, call.method, ".json"]);
    // Something is listened for at once, so that no rejection goes unheard.
    let response = JsFuture::from(fetch(&address, &init).ok()?);
    Some(async move {
        let mut status = None;
        let said = reply(response, &secret, &mut status).await;
        drop(breaker);
        match said {
            Ok(reply) => Answer::Replied(reply),
            Err(reason) => broken(status, reason),
        }
    })
}

/// Reads an answer to its end, its status first; or says why that is none.
async fn reply(
    response: JsFuture,
    secret: &str,
    seen: &mut Option<u16>,
) -> Result<Reply, &'static str> {
    let response = response.await.map_err(|_| BROKEN)?;
    let response: web_sys::Response = response.dyn_into().map_err(|_| BROKEN)?;
    let response = Response::from(response);
    let status = response.status();
    *seen = (status > 0).then_some(status);
    // Servers are shown where a redirect leads. Pages are not, and nothing else that they are shown has the status 0.
    if matches!(status, 0 | 300..400) {
        return Err(REDIRECTS);
    }
    let parts = Array::new();
    if let Some(stream) = response.body() {
        let cut = |_| CUT;
        // What gloo-net gives of a body is all of it, however long.
        let reader = called(&stream, "getReader", JsValue::UNDEFINED).map_err(cut)?;
        // A mark of the byte order in front is no part of the text, and what is no text is no JSON.
        let strictly = Object::new();
        set(&strictly, "fatal", true);
        let decoder = TextDecoder::new("utf-8", &strictly);
        let mut left = LONGEST;
        loop {
            let reading = called(&reader, "read", JsValue::UNDEFINED).map_err(cut)?;
            let reading = JsFuture::from(Promise::resolve(&reading));
            let chunk = member(&reading.await.map_err(cut)?, "value").map_err(cut)?;
            let is_last = chunk.is_undefined();
            if let Some(length) = number_of(&chunk, "byteLength") {
                left -= length;
            }
            if left < 0.0 {
                return Err(TOO_LONG);
            }
            let more = Object::new();
            set(&more, "stream", !is_last);
            parts.push(&decoder.decode(&chunk, &more).map_err(|_| NOT_JSON)?);
            if is_last {
                break;
            }
        }
    }
    let mut text = parts.join("");
    // What stands in front of a portal may quote what it was asked.
    if !secret.is_empty() {
        text = text.split(secret).join(HIDDEN);
    }
    let body = parse(&text).ok().and_then(|body| json(&body));
    body.and_then(|body| Reply::from_body(Some(status), body))
        .ok_or(NOT_JSON)
}
