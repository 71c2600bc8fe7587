//! A portal over `BX24.callMethod`: a callback that may come once, twice, late or never becomes a
//! future, and a page outside a portal is told so within seconds.

use std::cell::{Cell, OnceCell, RefCell};
use std::fmt;
use std::future::poll_fn;
use std::pin::pin;
use std::rc::Rc;

use js_sys::JsString;
use wasm_bindgen::{JsCast, JsValue};

use super::copy::json;
use super::global::{has_worker, of_page};
use super::observe::{Observer, Watched};
use super::value::{
    callback, called, called3, heard_by, is_given, member, object, text_by, text_of, thrown,
    without,
};
use crate::error::Error;
use crate::json::Json;
use crate::page::Page;
use crate::portal::{Answer, Call, Memory, Pending, Portal, Sent};
use crate::read::in_time;
use crate::reply::Reply;
use crate::signal::Slot;

/// How long the library's script may take to load once a call was made.
const SCRIPT_MS: f64 = 3_000.0;
/// How long the portal may take to answer `BX24.init`.
const HANDSHAKE_MS: f64 = 7_000.0;
/// How often it is looked whether the script has loaded.
const LOOK_MS: f64 = 50.0;

thread_local! {
    /// The page has one `BX24`, and whose silent request has ended is found out by elimination: there is one that watches it.
    static FIRST: Cell<Option<Rc<Frame>>> = const { Cell::new(None) };
}

/// The portal that is kept in a place, made anew where another one has its place by now.
pub(super) fn kept_in<P: Portal + ?Sized>(
    place: &Cell<Option<Rc<P>>>,
    make: impl FnOnce() -> Rc<P>,
) -> Rc<P> {
    let kept = place.take().filter(|kept| !kept.has_moved());
    let portal = kept.unwrap_or_else(make);
    place.set(Some(Rc::clone(&portal)));
    portal
}

/// The `BX24` of this page.
pub struct Frame {
    page: Rc<Page>,
    memory: Memory,
    /// The library whose handshake has ended, and its portal's host.
    opened: RefCell<Option<(JsValue, String)>>,
    /// What the loader has begun with, for the first handshake only: a library that it has asked already, and an `init` that
    /// answers when that library does.
    begun: Cell<JsValue>,
    observer: OnceCell<Observer>,
}

impl fmt::Debug for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Frame")
    }
}

impl Frame {
    /// The `BX24` of the page that this is. An app makes one and keeps it: whose silent request has ended is found out by
    /// elimination among the calls of one.
    #[must_use]
    pub fn new(page: Rc<Page>) -> Self {
        Self::begun(page, JsValue::UNDEFINED)
    }

    /// The same, with what the loader has begun with.
    pub(super) fn begun(page: Rc<Page>, begun: JsValue) -> Self {
        Self {
            page,
            memory: Memory::default(),
            opened: RefCell::new(None),
            begun: Cell::new(begun),
            observer: OnceCell::new(),
        }
    }

    /// The one that all callers of the module share, as long as `BX24` is the same portal's.
    pub(super) fn first(page: Rc<Page>, begun: JsValue) -> Rc<Self> {
        FIRST.with(|first| kept_in(first, || Rc::new(Self::begun(page, begun))))
    }

    async fn library(&self) -> Result<JsValue, Error> {
        let until = self.page.clock.now() + SCRIPT_MS;
        loop {
            match library()? {
                Some(library) => return Ok(library),
                None if self.page.clock.now() < until => self.page.clock.sleep(LOOK_MS).await,
                None => {
                    return Err(Error::not_in_portal(
                        "BX24 is not there; load https://api.bitrix24.com/api/v1/ before the first call, or give options.portal",
                    ));
                }
            }
        }
    }

    async fn handshake(&self) -> Result<String, Error> {
        // Before the look at what is kept: a getter may call this again.
        let now = of_page("BX24");
        if let Some((known, host)) = &*self.opened.borrow()
            && now.is_ok_and(|now| *known == now)
        {
            return Ok(host.clone());
        }
        let library = self.library().await?;
        let (answered, callback) = callback();
        called(&self.asked(&library), "init", callback)
            .map_err(|_| Error::not_in_portal("BX24.init threw"))?;
        let clock = self.page.clock.as_ref();
        let until = clock.now() + HANDSHAKE_MS;
        let is_answered = in_time(clock, until, pin!(answered.wait())).await;
        is_answered.ok_or_else(|| Error::no_handshake(7_000))?;
        let host = text_by(&library, "getDomain", JsValue::UNDEFINED).unwrap_or_default();
        let before = self.opened.replace(Some((library, host.clone())));
        if before.is_some_and(|(_, before)| before != host) {
            self.memory.forget();
        }
        Ok(host)
    }

    /// The library whose handshake has ended. Another one may have its place in the page by now: that one waits for a handshake of
    /// its own, and may be another portal's than the one that was read.
    pub(super) fn opened(&self) -> Result<JsValue, Error> {
        let opened = self.opened.borrow().clone();
        match opened {
            Some((library, _)) if has(&library, "callMethod") => Ok(library),
            _ => Err(Error::not_in_portal("BX24 has no callMethod any more")),
        }
    }

    /// What `init` is called on: what the loader has begun with this very library, since that answers first, or else the library.
    fn asked(&self, library: &JsValue) -> JsValue {
        let begun = self.begun.take();
        let is_of = |it: JsValue| it == *library;
        if member(&begun, "library").is_ok_and(is_of) {
            begun
        } else {
            library.clone()
        }
    }
}

impl Portal for Frame {
    fn page(&self) -> &Rc<Page> {
        &self.page
    }

    fn memory(&self) -> &Memory {
        &self.memory
    }

    fn open(&self) -> Pending<'_, Result<String, Error>> {
        Box::pin(self.handshake())
    }

    fn send(&self, call: &Call) -> Sent<'_> {
        let observer = self
            .observer
            .get_or_init(|| Observer::new(Rc::clone(&self.page)));
        let (watched, ended) = observer.watch(call.method);
        let library = self.opened();
        let slot = Rc::new(Handed {
            answer: Slot::default(),
            watched,
            library: library.clone().unwrap_or_default(),
        });
        // The library keeps it for as long as it likes; the slot goes with whoever waits. What comes late or twice finds nothing to fill.
        let callback = heard_by(&slot, |slot, result| {
            slot.fill(answer(&result, &slot.library));
        });
        let params = object(&call.params);
        match library {
            Ok(library) => {
                let method = call.method.into();
                let sent = called3(&library, "callMethod", &method, &params, callback);
                slot.watched.returned(self.page.clock.now());
                if let Err(error) = sent {
                    // It may have thrown after it had sent.
                    slot.fill(Answer::Broken {
                        status: None,
                        cause: Some(thrown(error)),
                        ended: false,
                    });
                }
            }
            Err(error) => slot.fill(Answer::NotSent(error)),
        }
        let answer = poll_fn(move |context| slot.answer.poll(context));
        Sent {
            answer: Box::pin(answer),
            ended: Box::pin(ended),
        }
    }

    fn tells_apart(&self) -> bool {
        false
    }

    fn may_send_later(&self) -> bool {
        has_worker()
    }

    fn has_moved(&self) -> bool {
        let Some((library, host)) = self.opened.borrow().clone() else {
            return false;
        };
        // It says so before its handshake.
        of_page("BX24").is_ok_and(|now| {
            now != library
                && text_by(&now, "getDomain", JsValue::UNDEFINED).is_some_and(|now| now != host)
        })
    }
}

/// Where the first callback leaves its answer.
struct Handed {
    answer: Slot<Answer>,
    watched: Rc<Watched>,
    /// Which library was called, for another one may have its place in the page by then.
    library: JsValue,
}

impl Handed {
    fn fill(&self, answer: Answer) {
        self.watched.answered();
        self.answer.fill(answer);
    }
}

/// The library, `None` while its script has not run.
fn library() -> Result<Option<JsValue>, Error> {
    let not_there = |found| Err(Error::not_in_portal(found));
    match of_page("BX24") {
        Err(_) => not_there("looking BX24 up threw"),
        Ok(value) if value.is_undefined() => Ok(None),
        Ok(value) if value.is_null() => not_there(
            "BX24 is null, as it is outside of a portal's frame; open the app from the portal",
        ),
        Ok(value) => {
            if has(&value, "callMethod") && has(&value, "init") {
                Ok(Some(value))
            } else {
                not_there("BX24 has no callMethod and init; something else uses that name")
            }
        }
    }
}

fn has(library: &JsValue, name: &str) -> bool {
    member(library, name).is_ok_and(|it| it.is_function())
}

/// Reads what `callMethod` hands to its callback, field by field; its `error()` is circular. An object that throws while it is read says nothing.
fn answer(result: &JsValue, library: &JsValue) -> Answer {
    match reply(result, library) {
        Ok(reply) => Answer::Replied(reply),
        Err(cause) => Answer::Broken {
            status: None,
            cause: Some(thrown(cause)),
            ended: true,
        },
    }
}

fn reply(result: &JsValue, library: &JsValue) -> Result<Reply, JsValue> {
    let status = member(result, "status")?;
    let body = member(result, "answer")?;
    let names = ["error", "error_description", "result", "time"];
    let mut fields = [const { JsValue::UNDEFINED }; 4];
    let is_object = body.is_object();
    if is_object {
        for (field, name) in fields.iter_mut().zip(names) {
            *field = member(&body, name)?;
        }
    }
    let [error, description, data, _] = &mut fields;
    if error.is_undefined() {
        // Where the library hides the answer, its error object leads to the code.
        let hidden = called(result, "error", JsValue::UNDEFINED)?;
        if is_given(&hidden) {
            *error = hidden_code(&hidden)?;
            *description = called(result, "error_description", JsValue::UNDEFINED)?;
        }
    }
    if error.is_undefined() && !is_object {
        *data = called(result, "data", JsValue::UNDEFINED)?;
    }
    if !error.is_undefined()
        && let Some(token) = token(library)
    {
        for field in [error, description] {
            if let Some(text) = field.dyn_ref::<JsString>() {
                *field = without(text.clone(), &token).into();
            }
        }
    }
    let mut copied = Vec::new();
    for (field, name) in fields.iter().zip(names) {
        if field.is_undefined() {
            continue;
        }
        // What cannot be copied is no result, and an error all the same.
        let instead = (name == "error").then_some(Json::Bool(true));
        // BX24 makes an empty object of an empty body, the portal an empty list of everything that is empty.
        let is_made_up =
            |value: &Json| name == "result" && matches!(value, Json::Map(none) if none.is_empty());
        let copy = json(field).filter(|value| !is_made_up(value));
        copied.extend(copy.or(instead).map(|copy| (name, copy)));
    }
    Ok(Reply::from_fields(
        status.as_f64().and_then(status_of),
        copied,
    ))
}

/// The token that the library calls with now.
fn token(library: &JsValue) -> Option<String> {
    let auth = called(library, "getAuth", JsValue::UNDEFINED).ok()?;
    text_of(&auth, "access_token")
}

/// The code in `{status, ex}`, where `ex` is the code, or the answer itself.
fn hidden_code(hidden: &JsValue) -> Result<JsValue, JsValue> {
    let ex = member(hidden, "ex")?;
    if !ex.is_object() {
        return Ok(if is_given(&ex) {
            ex
        } else {
            JsValue::from_str("")
        });
    }
    member(&ex, "error")
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "checked to fit"
)]
pub(super) fn status_of(status: f64) -> Option<u16> {
    (0.0..1000.0).contains(&status).then_some(status as u16)
}
