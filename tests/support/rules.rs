//! A portal over the sandbox portal's rules, under the virtual clock, with a line between the two
//! that behaves as `BX24` or as HTTP does: delays, silences, signs of an end, requests held back.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::poll_fn;
use std::pin::pin;
use std::rc::Rc;
use std::task::Poll;

use b24pay::error::Error;
use b24pay::json::Json;
use b24pay::page::Page;
use b24pay::portal::{Answer, Call, Ended, Memory, Pending, Portal, Sent};
use b24pay::renewal::Renewal;
use b24pay::reply::Reply;
use b24pay::signal::Signal;
use portal::{Credential, Exchange, Reply as Wire, Request, Token};

use super::script::{GET, PAY, SALE_GET};
use super::world::{Life, Tab, Time};
use super::{json, params, reply};

/// The portal's host.
pub const HOST: &str = "portal.example";
/// The method that holds others.
pub const BATCH: &str = "batch";

/// What is between the page and the portal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// `BX24` where every end of a request is seen.
    Chromium,
    /// `BX24` where an end is seen without its status: it is only a hint.
    WebKit,
    /// `BX24` where no end is seen.
    Blind,
    /// `fetch`.
    Http,
}

/// What happens to one request on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trip {
    /// How long `BX24` holds it back.
    pub hold_ms: u64,
    /// How long the browser then keeps it waiting for a connection, which is no part of the start that it tells.
    pub queue_ms: u64,
    /// The way to the portal, and back.
    pub out_ms: u64,
    pub back_ms: u64,
    /// Its connection was used before: where it breaks, the browser repeats the request.
    pub is_reused: bool,
    /// Handing it over throws; it has left all the same, or not.
    pub throws: Option<bool>,
    /// It is never handed over.
    pub is_lost: bool,
    /// A hint that it has ended, which it may not have.
    pub hint_ms: Option<u64>,
    /// How long a new token takes.
    pub renewal_ms: u64,
}

impl Trip {
    pub const PLAIN: Self = Self {
        hold_ms: 0,
        queue_ms: 0,
        out_ms: 100,
        back_ms: 100,
        is_reused: false,
        throws: None,
        is_lost: false,
        hint_ms: None,
        renewal_ms: 300,
    };
}

/// What a run of the flow heard of its request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    Yes,
    Other,
    Refused(String),
    Broken,
    NotSent,
}

/// Whose future hands a call over, by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// A run of the flow.
    Run(usize),
    /// The gathered reads of a bulk call.
    Bulk(usize),
}

/// One call as it was handed over.
#[derive(Clone, Debug)]
pub struct Handed {
    /// Its place among all calls.
    pub number: usize,
    pub tab: usize,
    pub by: Option<By>,
    pub method: &'static str,
    /// The payments that it is about: several in a batch.
    pub payments: Vec<u64>,
    pub at: f64,
    /// The requests that came of it, by their numbers in the portal's log.
    pub wires: Vec<u64>,
    /// Whether each payment was paid when the last of them arrived; what an answer did not show is
    /// no longer here.
    pub truth: Vec<(u64, bool)>,
    pub heard: Option<(f64, Heard)>,
    /// When its end was seen apart from its answer.
    pub ended_at: Option<f64>,
    /// Nothing unusual happened to it.
    pub is_plain: bool,
    /// The browser sent it twice.
    pub is_repeated: bool,
}

impl Handed {
    pub fn reads(&self) -> bool {
        self.method == GET || self.method == SALE_GET || self.method == BATCH
    }

    pub fn is_about(&self, payment: u64) -> bool {
        self.payments.contains(&payment)
    }

    /// Whether a payment was paid when this arrived.
    pub fn truth_of(&self, payment: u64) -> Option<bool> {
        let truth = self.truth.iter().find(|(id, _)| *id == payment);
        truth.map(|(_, is_paid)| *is_paid)
    }

    /// Whether a good answer was heard that shows the payment.
    pub fn has_shown(&self, payment: u64) -> bool {
        matches!(self.heard, Some((_, Heard::Other))) && self.truth_of(payment).is_some()
    }
}

/// The portal, and what is known about everything that reached it.
pub struct Site {
    pub rules: RefCell<portal::Portal>,
    pub time: Rc<Time>,
    pub handed: RefCell<Vec<Handed>>,
    /// Whose future is polled at the moment.
    pub at_work: Cell<Option<By>>,
}

impl Site {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "test times are small"
    )]
    pub fn receive(&self, request: &Request) -> Exchange {
        self.rules
            .borrow_mut()
            .receive(self.time.now() as u64, request)
    }

    pub fn is_paid(&self, id: u64) -> bool {
        self.rules.borrow().payment(id).is_some_and(|one| one.paid)
    }
}

pub struct RulesPortal {
    page: Rc<Page>,
    memory: Memory,
    wire: Rc<Between>,
    /// Unusual trips by the number of the request, counted from 0 in this tab.
    trips: BTreeMap<usize, Trip>,
    usual: Trip,
    count: Cell<usize>,
    /// How long the handshake takes, or how it fails.
    opening: Result<u64, Error>,
    /// Told when a handshake is asked for; what it gives back is told when that one has ended.
    opening_asked: Asked,
}

/// What is done when a handshake is asked for, and when that one has ended.
pub type Asked = Box<dyn Fn() -> Box<dyn Fn()>>;

/// The way of a request, which outlives the page that sent it.
struct Between {
    tab: usize,
    line: Line,
    life: Rc<Life>,
    site: Rc<Site>,
    token: RefCell<Token>,
    renewal: Rc<Renewal>,
}

/// What a tab's portal is made of.
pub struct Making {
    pub number: usize,
    pub line: Line,
    pub token: Token,
    pub trips: BTreeMap<usize, Trip>,
    pub usual: Trip,
    pub opening: Result<u64, Error>,
}

impl RulesPortal {
    pub fn new(tab: &Tab, site: &Rc<Site>, making: Making, opening_asked: Asked) -> Rc<Self> {
        Rc::new(Self {
            page: Rc::clone(&tab.page),
            memory: Memory::default(),
            wire: Rc::new(Between {
                tab: making.number,
                line: making.line,
                life: Rc::clone(&tab.life),
                site: Rc::clone(site),
                token: RefCell::new(making.token),
                renewal: Rc::new(Renewal::within(30_000.0)),
            }),
            trips: making.trips,
            usual: making.usual,
            count: Cell::new(0),
            opening: making.opening,
            opening_asked,
        })
    }
}

/// Where an answer and an end arrive.
#[derive(Default)]
struct Slot {
    answer: RefCell<Option<Answer>>,
    answered: Signal,
    end: Cell<Option<Ended>>,
    ended: Signal,
}

impl Slot {
    /// The first callback counts.
    fn fill(&self, answer: Answer) {
        if !self.answered.is_set() {
            self.answer.replace(Some(answer));
            self.answered.set();
        }
    }

    fn end(&self, ended: Ended) {
        if !self.ended.is_set() {
            self.end.set(Some(ended));
            self.ended.set();
        }
    }
}

impl Portal for RulesPortal {
    fn page(&self) -> &Rc<Page> {
        &self.page
    }

    fn memory(&self) -> &Memory {
        &self.memory
    }

    fn open(&self) -> Pending<'_, Result<String, Error>> {
        let ms = self.opening.as_ref().map_or(7_000, |ms| *ms);
        let opened = (self.opening_asked)();
        Box::pin(async move {
            self.page.clock.sleep(ms as f64).await;
            self.opening.clone().map(|_| {
                opened();
                HOST.into()
            })
        })
    }

    fn send(&self, call: &Call) -> Sent<'_> {
        let number = self.count.get();
        self.count.set(number + 1);
        let trip = *self.trips.get(&number).unwrap_or(&self.usual);
        let site = &self.wire.site;
        let at = site.handed.borrow().len();
        site.handed.borrow_mut().push(Handed {
            number: at,
            tab: self.wire.tab,
            by: site.at_work.get(),
            method: call.method,
            payments: payments_of(call),
            at: site.time.now(),
            wires: Vec::new(),
            truth: Vec::new(),
            heard: None,
            ended_at: None,
            is_plain: trip == self.usual,
            is_repeated: false,
        });
        let slot = Rc::new(Slot::default());
        if trip.is_lost {
            slot.fill(Answer::NotSent(Error::not_in_portal(
                "BX24 has no callMethod any more",
            )));
        } else if self.wire.line != Line::Http && trip.throws.is_some() {
            slot.fill(Answer::Broken {
                status: None,
                cause: None,
                ended: false,
            });
        }
        if !trip.is_lost && trip.throws != Some(false) {
            let way = Rc::clone(&self.wire).carry(at, call.clone(), trip, Rc::clone(&slot));
            self.wire.life.outlive(way);
        }
        let heard = Rc::clone(&slot);
        let answer = poll_fn(move |context| {
            if pin!(heard.answered.wait()).poll(context).is_pending() {
                return Poll::Pending;
            }
            let Some(answer) = heard.answer.take() else {
                return Poll::Pending;
            };
            let mut handed = site.handed.borrow_mut();
            let handed = &mut handed[at];
            handed.heard = Some((site.time.now(), heard_as(&answer)));
            if handed.method == BATCH {
                handed.truth.retain(|(id, _)| is_shown(&answer, *id));
            }
            Poll::Ready(answer)
        });
        let ended = poll_fn(move |context| {
            if pin!(slot.ended.wait()).poll(context).is_pending() {
                return Poll::Pending;
            }
            let Some(ended) = slot.end.take() else {
                return Poll::Pending;
            };
            site.handed.borrow_mut()[at].ended_at = Some(site.time.now());
            Poll::Ready(ended)
        });
        Sent {
            answer: Box::pin(answer),
            ended: Box::pin(ended),
        }
    }

    fn renew(&self, sent_at: f64, within_ms: f64) -> Pending<'_, Result<(), Error>> {
        Box::pin(async move {
            let wire = Rc::clone(&self.wire);
            let ms = self.usual.renewal_ms as f64;
            let start = || -> Pending<'static, bool> {
                Box::pin(async move {
                    if !wire.site.rules.borrow_mut().renewal_is_answered() {
                        return std::future::pending().await;
                    }
                    wire.life.sleep_until(wire.site.time.now() + ms).await;
                    wire.renew()
                })
            };
            let renewal = &self.wire.renewal;
            renewal.share(&self.page, sent_at, within_ms, start).await
        })
    }

    fn tells_apart(&self) -> bool {
        self.wire.line == Line::Http
    }
}

/// The payments that a call is about. The commands of a batch are named by them.
fn payments_of(call: &Call) -> Vec<u64> {
    let named = |name: &String| name.strip_prefix('p').and_then(|id| id.parse().ok());
    let about = call.params.iter().map(|(name, value)| match value {
        Json::Map(commands) => commands
            .iter()
            .filter_map(|(name, _)| named(name))
            .collect(),
        id if name == "id" || name == "PAYMENT_ID" => id.whole().into_iter().collect(),
        _ => Vec::new(),
    });
    about.flatten().collect()
}

/// Whether the answer to a batch holds something about a payment.
fn is_shown(answer: &Answer, payment: u64) -> bool {
    let Answer::Replied(reply) = answer else {
        return false;
    };
    let name = format!("p{payment}");
    *reply.result().get("result").get(&name) != Json::Null
}

fn heard_as(answer: &Answer) -> Heard {
    match answer {
        Answer::Replied(reply) => match reply.refusal() {
            Some(refusal) => Heard::Refused(refusal.code.to_lowercase()),
            None if reply.is_yes() => Heard::Yes,
            None => Heard::Other,
        },
        Answer::Broken { .. } => Heard::Broken,
        Answer::NotSent(_) => Heard::NotSent,
    }
}

/// What the page's side of the line makes of a reply.
enum Told {
    Answer(Answer),
    Expired,
    Silence(Option<u16>),
}

impl Between {
    fn renew(&self) -> bool {
        let mut token = self.token.borrow_mut();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "test times are small"
        )]
        let now = self.site.time.now() as u64;
        let newer = self.site.rules.borrow_mut().renew(now, &token.refresh);
        if let Some(newer) = newer {
            *token = newer;
            return true;
        }
        false
    }

    /// Takes a request to the portal and the answer back. Nothing that happens to the page stops it.
    async fn carry(self: Rc<Self>, at: usize, call: Call, trip: Trip, slot: Rc<Slot>) {
        let time = &self.site.time;
        if let Some(ms) = trip.hint_ms {
            let (life, slot) = (Rc::clone(&self.life), Rc::clone(&slot));
            let hinted_at = life.thawed(time.now() + ms as f64);
            let arrives = time.sleep_until(hinted_at);
            self.life.outlive(async move {
                arrives.await;
                slot.end(Ended {
                    started_at: None,
                    status: None,
                    certain: false,
                });
            });
        }
        if self.line != Line::Http && trip.hold_ms > 0 {
            time.sleep(trip.hold_ms as f64).await;
        }
        let (mut is_reused, mut queue_ms) = (trip.is_reused, trip.queue_ms);
        loop {
            let started_at = self.life.coarse(time.now());
            let waits_ms = std::mem::take(&mut queue_ms);
            time.sleep((waits_ms + trip.out_ms) as f64).await;
            let mut request = Request::new(
                call.method,
                params(&call),
                Credential::Token(self.token.borrow().access.clone()),
            );
            request.reused_connection = is_reused;
            let exchange = self.site.receive(&request);
            self.note(at, &exchange);
            if exchange.reply == Wire::Never {
                return;
            }
            time.sleep(exchange.after_ms as f64 + trip.back_ms as f64)
                .await;
            if exchange.reply == Wire::Drop && is_reused {
                is_reused = false;
                self.site.handed.borrow_mut()[at].is_repeated = true;
                continue;
            }
            time.sleep_until(self.life.thawed(time.now())).await;
            match self.told(exchange) {
                Told::Answer(answer) => {
                    slot.fill(answer);
                    return;
                }
                Told::Expired => {
                    if !self.site.rules.borrow_mut().renewal_is_answered() {
                        return;
                    }
                    time.sleep(trip.renewal_ms as f64).await;
                    if !self.renew() {
                        return;
                    }
                }
                Told::Silence(status) => {
                    // The browser tells of the end a moment later, the flow waits for a callback.
                    let seen_at = self.life.thawed(time.now() + 200.0);
                    time.sleep_until(seen_at).await;
                    match (self.line, status) {
                        (Line::Chromium, status) => slot.end(Ended {
                            started_at: Some(started_at),
                            status: Some(status.unwrap_or(0)),
                            certain: true,
                        }),
                        (Line::WebKit, Some(_)) => slot.end(Ended {
                            started_at: Some(started_at),
                            status: None,
                            certain: false,
                        }),
                        _ => {}
                    }
                    return;
                }
            }
        }
    }

    fn note(&self, at: usize, exchange: &Exchange) {
        let mut handed = self.site.handed.borrow_mut();
        let handed = &mut handed[at];
        handed.wires.push(exchange.n);
        let shown = |id: &u64| (*id, self.site.is_paid(*id));
        handed.truth = handed.payments.iter().map(shown).collect();
        let rules = self.site.rules.borrow();
        let entry = rules.log().last();
        handed.is_plain &= entry.is_some_and(|entry| entry.fault.is_none());
    }

    fn told(&self, exchange: Exchange) -> Told {
        let cors = exchange.cors;
        let status = exchange.reply.status().filter(|_| cors);
        if self.line == Line::Http {
            let complete = match &exchange.reply {
                Wire::Json { status, body } if cors => Reply::from_body(Some(*status), json(body)),
                _ => None,
            };
            return Told::Answer(complete.map_or(
                Answer::Broken {
                    status,
                    cause: None,
                    ended: true,
                },
                Answer::Replied,
            ));
        }
        match exchange.reply {
            Wire::Json { status, body } if cors && status < 500 && body.is_object() => {
                if body["error"] == "expired_token" {
                    return Told::Expired;
                }
                Told::Answer(Answer::Replied(reply(status, &body)))
            }
            // An empty body below 500 looks like an empty answer.
            Wire::Text { status, body, .. } if cors && status < 500 && body.is_empty() => {
                Told::Answer(Answer::Replied(reply(status, &serde_json::json!({}))))
            }
            _ => Told::Silence(status),
        }
    }
}

/// Whether a method changes something.
pub fn changes(method: &str) -> bool {
    method == PAY || method == "crm.item.payment.pay" || method == "crm.item.payment.unpay"
}
