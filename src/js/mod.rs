//! Everything that knows JavaScript. The rest of the crate is told about it in plain values.
//!
//! Rust apps that run in a page take its [`page()`], one for all they do, and a portal: [`Frame`] by
//! `BX24.callMethod`, or [`Http`] by a webhook, a token, or the token of `BX24`.

mod abort;
mod bulk;
mod call;
mod copy;
mod credential;
mod exports;
mod form;
mod frame;
mod global;
mod http;
mod inlet;
mod observe;
mod outlet;
mod page;
mod sdk;
mod value;
mod ways;

pub use credential::Refresh;
pub use frame::Frame;
pub use http::Http;
pub use page::page;
