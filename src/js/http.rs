//! A portal over HTTP: one POST a call, by `fetch`, in a page or on a server. No redirect is followed,
//! no cookie sent, nothing kept by a cache, and nothing of a thrown error passed on but its code, since
//! its text can hold the address.

use std::fmt;
use std::future::pending;
use std::rc::Rc;

use gloo_net::http::Response;
use js_sys::{Array, Object};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::AbortController;

use super::copy::json;
use super::credential::{Credential, Lent, Refresh};
use super::form::form;
use super::frame::{Frame, status_of};
use super::global::has_worker;
use super::value::{Settled, called, member, number_of, parse, set, settled, text_of, without};
use crate::address::Address;
use crate::error::{Error, Thrown};
use crate::page::Page;
use crate::portal::{Answer, Call, Memory, Pending, Portal, Sent};
use crate::renewal::Renewal;
use crate::reply::Reply;
use crate::text::{cut_last, joined, without_end};

#[wasm_bindgen]
extern "C" {
    // gloo-net's own sending has no catch, and what it is called by differs between page and server.
    #[wasm_bindgen(catch)]
    fn fetch(address: &str, init: &Object) -> Result<JsValue, JsValue>;

    type TextDecoder;
    #[wasm_bindgen(constructor)]
    fn new(encoding: &str, options: &Object) -> TextDecoder;
    #[wasm_bindgen(method, structural, catch)]
    fn decode(this: &TextDecoder, bytes: &JsValue, options: &Object) -> Result<JsValue, JsValue>;
}

/// The longest body that is read, in bytes. The longest that the portal sends has a tenth of it.
const LONGEST: f64 = 8_388_608.0;

const REDIRECTS: &str =
    "the portal redirects, which is not followed; it may have been renamed, so use its new address";
const TOO_LONG: &str = "the answer is longer than 8 MB";
const TOO_MUCH: &str = "the answer has more than 200,000 values, or is nested deeper than 16 times";
const CUT: &str = "the answer broke off";
const NOT_JSON: &str = "the answer is no JSON of the portal's REST";
const BROKEN: &str = "the connection failed or was blocked (CORS, the page's connect-src, an extension), or the address is wrong or redirects";

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
            renewal: Rc::new(Renewal::within(credential.patience_ms())),
            credential: Rc::new(credential),
        }
    }

    /// A portal by one of its webhooks. **Whoever has the address has the webhook's rights**: it
    /// belongs on a server, never into a public page.
    ///
    /// # Errors
    /// [`Error::invalid_request`] with the part of the address that is wrong.
    pub fn webhook(page: Rc<Page>, address: &str) -> Result<Self, Error> {
        let address = Address::webhook(address)?;
        Ok(Self::with(page, Credential::given(address, None, None)))
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
        let credential = Credential::given(address, Some(access_token), refresh);
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

    fn has_moved(&self) -> bool {
        self.credential.has_moved()
    }

    fn send(&self, call: &Call) -> Sent<'_> {
        let posted = self.credential.lend().and_then(|lent| post(lent, call));
        let answer = async {
            match posted {
                Ok(mut posted) => match posted.reply().await {
                    Ok(reply) => Answer::Replied(reply),
                    Err(reason) => {
                        broken(posted.status, posted.failure.as_deref().unwrap_or(reason))
                    }
                },
                Err(answer) => answer,
            }
        };
        Sent {
            answer: Box::pin(answer),
            // Its end is its answer.
            ended: Box::pin(pending()),
        }
    }

    fn renew(&self, sent_at: f64, within_ms: f64) -> Pending<'_, Result<(), Error>> {
        let start = || -> Pending<'static, bool> { Box::pin(Rc::clone(&self.credential).renew()) };
        Box::pin(self.renewal.share(&self.page, sent_at, within_ms, start))
    }

    fn may_send_later(&self) -> bool {
        has_worker()
    }
}

fn broken(status: Option<u16>, reason: &str) -> Answer {
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

/// A request under way.
struct Posted {
    response: Settled,
    /// What must not be seen in its answer.
    secret: String,
    /// The status of its answer, once it was seen.
    status: Option<u16>,
    /// What is known of why there is no response.
    failure: Option<String>,
    _breaker: Breaker,
}

/// Sends at once; `Err` where nothing could be sent.
fn post(Lent { rest, token }: Lent, call: &Call) -> Result<Posted, Answer> {
    let unsent = |_| broken(None, BROKEN);
    let body = form(&call.params, token.as_deref());
    // A webhook's secret is the last part of its address.
    let last = || {
        let (_, last) = cut_last(without_end(&rest, b'/'), b'/')?;
        Some(last.to_owned())
    };
    let secret = token.or_else(last).unwrap_or_default();
    let breaker = Breaker(AbortController::new().map_err(unsent)?);
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
    let address = joined(&[&rest, call.method, ".json"]);
    Ok(Posted {
        // Something is listened for at once, so that no rejection goes unheard.
        response: settled(&fetch(&address, &init).map_err(unsent)?),
        secret,
        status: None,
        failure: None,
        _breaker: breaker,
    })
}

impl Posted {
    /// Reads an answer to its end, its status first; or says why that is none.
    async fn reply(&mut self) -> Result<Reply, &'static str> {
        let response = match (&mut self.response).await {
            Ok(response) => response,
            Err(thrown) => {
                self.failure = failure(&thrown, &self.secret);
                return Err(BROKEN);
            }
        };
        // What only looks like a response throws when it is asked, and gloo-net would let that past us.
        let status = number_of(&response, "status").ok_or(BROKEN)?;
        member(&response, "body").map_err(|_| BROKEN)?;
        // By its members, since the class of another library's fetch is not this page's.
        let response: web_sys::Response = response.unchecked_into();
        let response = Response::from(response);
        let status = status_of(status).unwrap_or(0);
        self.status = (status > 0).then_some(status);
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
                let reading = settled(&reading).await.map_err(cut)?;
                let chunk = member(&reading, "value").map_err(cut)?;
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
        let text = without(parts.join(""), &self.secret);
        let body = json(&parse(&text).map_err(|_| NOT_JSON)?).ok_or(TOO_MUCH)?;
        Reply::from_body(Some(status), body).ok_or(NOT_JSON)
    }
}

/// Of what a server throws the code is passed on, such as `ECONNREFUSED` or that of a certificate: Node has it on the cause, Bun on
/// the error. Pages are told none.
fn failure(thrown: &JsValue, secret: &str) -> Option<String> {
    let cause = member(thrown, "cause").unwrap_or_default();
    let code = text_of(&cause, "code").or_else(|| text_of(thrown, "code"))?;
    let code = String::from(without(code.into(), secret));
    let is_word = |sign: u8| sign.is_ascii_alphanumeric() || sign == b'_';
    let is_clean = code.bytes().all(is_word);
    is_clean.then(|| joined(&["the connection failed: ", &code]))
}
