//! A portal over the sandbox portal's rules, with a constant delay each way and no faults but those
//! that are armed there.

use std::cell::{Cell, RefCell};
use std::future::{pending, ready};
use std::rc::Rc;

use b24pay::error::Error;
use b24pay::page::Page;
use b24pay::portal::{Answer, Call, Memory, Pending, Portal, Sent};
use portal::{Credential, Reply, Request, Scenario};

use super::world::{Time, World};
use super::{params, reply};

pub struct ServedPortal {
    page: Rc<Page>,
    memory: Memory,
    time: Rc<Time>,
    pub rules: Rc<RefCell<portal::Portal>>,
    auth: Credential,
    pub tells_apart: Cell<bool>,
    /// How long a request takes to the portal, and its answer back.
    pub way_ms: f64,
    /// How much longer the next one takes there: it has to open a connection.
    pub opening_ms: Cell<f64>,
}

impl ServedPortal {
    pub fn new(world: &World, page: Rc<Page>, scenario: Scenario, way_ms: f64) -> Rc<Self> {
        let mut rules = portal::Portal::new(scenario, 0);
        let auth = Credential::Token(rules.issue(7).access);
        Rc::new(Self {
            page,
            memory: Memory::default(),
            time: Rc::clone(&world.time),
            rules: Rc::new(RefCell::new(rules)),
            auth,
            tells_apart: Cell::new(true),
            way_ms,
            opening_ms: Cell::default(),
        })
    }

    /// How many requests have reached the portal, and how many of them were pay calls.
    pub fn requests(&self) -> (usize, usize) {
        let rules = self.rules.borrow();
        let log = rules.log();
        let pays = log
            .iter()
            .filter(|entry| entry.method == super::script::PAY);
        (log.len(), pays.count())
    }
}

impl Portal for ServedPortal {
    fn page(&self) -> &Rc<Page> {
        &self.page
    }

    fn memory(&self) -> &Memory {
        &self.memory
    }

    fn open(&self) -> Pending<'_, Result<String, Error>> {
        Box::pin(ready(Ok("portal.example".into())))
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "test times are small"
    )]
    fn send(&self, call: &Call) -> Sent<'_> {
        let request = Request::new(call.method, params(call), self.auth.clone());
        let time = Rc::clone(&self.time);
        let rules = Rc::clone(&self.rules);
        let way_ms = self.way_ms;
        let there = time.sleep(way_ms + self.opening_ms.take());
        let answer = async move {
            there.await;
            let exchange = rules.borrow_mut().receive(time.now() as u64, &request);
            time.sleep(exchange.after_ms as f64 + way_ms).await;
            let broken = |status| Answer::Broken {
                status,
                cause: None,
                ended: true,
            };
            match exchange.reply {
                Reply::Json { status, body } if body.is_object() => {
                    Answer::Replied(reply(status, &body))
                }
                Reply::Never => pending().await,
                other => broken(other.status()),
            }
        };
        Sent {
            answer: Box::pin(answer),
            ended: Box::pin(pending()),
        }
    }

    fn tells_apart(&self) -> bool {
        self.tells_apart.get()
    }
}
