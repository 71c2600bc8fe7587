//! A local stand-in for a Bitrix24 portal: its payments, its REST rules, its faults.
//! It knows nothing of the crate under test, and nothing outside `server` does I/O or reads a clock.
//!
//! ```
//! use portal::{Credential, Portal, Reply, Request, Scenario};
//! use serde_json::json;
//!
//! let mut portal = Portal::new(Scenario::Demo, 0);
//! let token = portal.issue(7).access;
//! let request = Request::new(
//!     "sale.paysystem.pay.payment",
//!     json!({"PAYMENT_ID": 501, "PAY_SYSTEM_ID": 11}),
//!     Credential::Token(token),
//! );
//! let exchange = portal.receive(1_000, &request);
//! assert!(matches!(exchange.reply, Reply::Json { status: 200, .. }));
//! assert!(portal.payment(501).is_some_and(|payment| payment.paid));
//! ```

mod access;
mod batch;
mod batch_results;
mod clock;
mod demo;
mod envelope;
mod fault_kind;
mod faults;
mod filter;
mod installation;
mod limits;
mod log;
mod methods;
mod operator;
mod order;
mod pay_system;
mod payment;
pub mod php;
mod portal;
mod receive;
mod reply;
mod request;
mod scenario;
mod secrets;
mod struck;
mod tokens;
mod truth;

#[cfg(feature = "server")]
pub mod server;

pub use access::Webhook;
pub use clock::{Clock, FIXED_EPOCH_MS};
pub use fault_kind::FaultKind;
pub use faults::Fault;
pub use limits::{Bucket, Limits, OperatingLimit, Plan};
pub use log::Entry;
pub use methods::old_invoice::OldInvoice;
pub use operator::{Operator, Rights, Scope, Scopes};
pub use order::{Order, Owner};
pub use pay_system::{Handler, Kind, PaySystem, Registry};
pub use payment::{BankFields, Payment, Return};
pub use portal::Portal;
pub use reply::{Codes, Exchange, Reply, Statuses};
pub use request::{Arrived, Credential, Request};
pub use scenario::{Scenario, Setting};
pub use tokens::Token;

/// The README's example runs with the tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
