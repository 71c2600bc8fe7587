//! A portal that follows a script: it records what was asked, fails on a call that is not scripted
//! and on steps left over, and prints the whole conversation when a test fails.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::{pending, ready};
use std::rc::Rc;

use b24pay::error::Error;
use b24pay::page::Page;
use b24pay::portal::{Answer, Call, Ended, Memory, Pending, Portal, Sent};
use serde_json::{Value, json};

use super::world::World;
use super::{params, reply};

/// What happens to one request.
#[derive(Clone, Debug)]
pub enum Act {
    /// A complete JSON answer with this status.
    Says(u16, Value),
    /// It ends without an answer.
    Breaks(Option<u16>),
    /// Nothing is ever heard of it.
    Hangs,
    /// It is seen to end, and its callback never comes.
    EndsSilently(Ended),
    /// The same, and so many milliseconds later its callback comes with this body.
    EndsThenSays(Ended, f64, Value),
    /// Handing it over throws.
    Throws,
    /// It is never handed over.
    NotSent,
}

/// One request that is expected, and when something is heard of it.
#[derive(Clone, Debug)]
pub struct Step {
    method: &'static str,
    after_ms: f64,
    act: Act,
}

pub fn on(method: &'static str, act: Act) -> Step {
    Step {
        method,
        after_ms: 100.0,
        act,
    }
}

impl Step {
    pub fn after(mut self, ms: f64) -> Self {
        self.after_ms = ms;
        self
    }
}

pub const PAY: &str = "sale.paysystem.pay.payment";
pub const GET: &str = "crm.item.payment.get";
pub const SALE_GET: &str = "sale.payment.get";

/// The portal says yes, at this instant of its own clock.
pub fn yes() -> Act {
    Act::Says(
        200,
        json!({"result": true, "time": {"date_start": "2026-09-10T01:52:39+03:00"}}),
    )
}

pub fn no(status: u16, code: impl Into<Value>, text: &str) -> Act {
    Act::Says(
        status,
        json!({"error": code.into(), "error_description": text}),
    )
}

/// A payment of pay system 11 as `crm.item.payment.get` gives it.
pub fn shows(id: u64, paid: bool) -> Act {
    shows_with(id, paid, &json!({}))
}

pub fn shows_with(id: u64, paid: bool, changes: &Value) -> Act {
    let mut fields = json!({
        "id": id, "accountNumber": "917/1", "paid": if paid { "Y" } else { "N" }, "datePaid": null,
        "empPaidId": null, "paySystemId": 11, "sum": 1000, "currency": "EUR", "paySystemName": "Card",
    });
    if paid {
        fields["datePaid"] = json!("2026-09-10T01:52:39+03:00");
        fields["empPaidId"] = json!(7);
    }
    for (name, value) in changes.as_object().unwrap() {
        fields[name] = value.clone();
    }
    Act::Says(200, json!({"result": fields}))
}

pub struct ScriptedPortal {
    page: Rc<Page>,
    memory: Memory,
    steps: RefCell<VecDeque<Step>>,
    /// What was asked and what was done, in order.
    pub conversation: RefCell<Vec<String>>,
    /// The calls as they were handed over.
    pub calls: RefCell<Vec<Call>>,
    time: Rc<super::world::Time>,
    pub tells_apart: Cell<bool>,
    pub may_send_later: Cell<bool>,
    /// What comes of each time that a new token is asked for: whether there is one.
    pub renewals: RefCell<VecDeque<bool>>,
}

impl ScriptedPortal {
    pub fn new(world: &World, page: Rc<Page>, steps: impl IntoIterator<Item = Step>) -> Rc<Self> {
        Rc::new(Self {
            page,
            memory: Memory::default(),
            steps: RefCell::new(steps.into_iter().collect()),
            conversation: RefCell::default(),
            calls: RefCell::default(),
            time: Rc::clone(&world.time),
            tells_apart: Cell::new(true),
            may_send_later: Cell::default(),
            renewals: RefCell::default(),
        })
    }

    pub fn sent(&self, method: &str) -> usize {
        self.calls
            .borrow()
            .iter()
            .filter(|call| call.method == method)
            .count()
    }

    /// Fails when something of the script was not asked for.
    #[track_caller]
    pub fn finished(&self) {
        let left = self.steps.borrow();
        assert!(
            left.is_empty(),
            "not asked for: {left:#?}\nthe conversation: {:#?}",
            self.conversation.borrow()
        );
        assert!(self.renewals.borrow().is_empty(), "no token was asked for");
    }
}

impl Portal for ScriptedPortal {
    fn page(&self) -> &Rc<Page> {
        &self.page
    }

    fn memory(&self) -> &Memory {
        &self.memory
    }

    fn open(&self) -> Pending<'_, Result<String, Error>> {
        Box::pin(ready(Ok("portal.example".into())))
    }

    fn send(&self, call: &Call) -> Sent<'_> {
        let asked = format!("{:>9} {} {}", self.time.now(), call.method, params(call));
        self.calls.borrow_mut().push(call.clone());
        self.conversation.borrow_mut().push(asked.clone());
        let step = self.steps.borrow_mut().pop_front();
        let Some(step) = step.filter(|step| step.method == call.method) else {
            panic!(
                "not scripted: {asked}\nthe conversation: {:#?}",
                self.conversation.borrow()
            );
        };
        let sleep = || self.time.sleep(step.after_ms);
        let answer = |answer| -> Pending<'static, Answer> {
            let sleep = sleep();
            Box::pin(async move {
                sleep.await;
                answer
            })
        };
        let end = |ended| -> Pending<'static, Ended> {
            let sleep = sleep();
            Box::pin(async move {
                sleep.await;
                ended
            })
        };
        let silent = || -> Pending<'static, Answer> { Box::pin(pending()) };
        let broken = |status, ended| Answer::Broken {
            status,
            cause: None,
            ended,
        };
        match step.act {
            Act::Says(status, body) => Sent {
                answer: answer(Answer::Replied(reply(status, &body))),
                ended: Box::pin(pending()),
            },
            Act::Breaks(status) => Sent {
                answer: answer(broken(status, true)),
                ended: Box::pin(pending()),
            },
            Act::Throws => Sent {
                answer: Box::pin(ready(broken(None, false))),
                ended: Box::pin(pending()),
            },
            Act::NotSent => Sent {
                answer: answer(Answer::NotSent(Error::not_in_portal("the test says so"))),
                ended: Box::pin(pending()),
            },
            Act::Hangs => Sent {
                answer: silent(),
                ended: Box::pin(pending()),
            },
            Act::EndsSilently(ended) => Sent {
                answer: silent(),
                ended: end(ended),
            },
            Act::EndsThenSays(ended, later_ms, body) => {
                let late = self.time.sleep(step.after_ms + later_ms);
                Sent {
                    answer: Box::pin(async move {
                        late.await;
                        Answer::Replied(reply(200, &body))
                    }),
                    ended: end(ended),
                }
            }
        }
    }

    fn renew(&self, _sent_at: f64, _within_ms: f64) -> Pending<'_, Result<(), Error>> {
        let is_renewed = self.renewals.borrow_mut().pop_front();
        let is_renewed = is_renewed.expect("a new token is scripted");
        let sleep = self.time.sleep(100.0);
        Box::pin(async move {
            sleep.await;
            if is_renewed {
                Ok(())
            } else {
                Err(Error::auth_expired(None))
            }
        })
    }

    fn tells_apart(&self) -> bool {
        self.tells_apart.get()
    }

    fn may_send_later(&self) -> bool {
        self.may_send_later.get()
    }
}
