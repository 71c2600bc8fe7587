//! Everything that knows JavaScript. The rest of the crate is told about it in plain values.
//!
//! Rust apps that run in a page, a worker or on a server take its [`page()`], one for all they do, and a portal:
//!
//! - [`Frame`] by `BX24.callMethod`
#![cfg_attr(
    feature = "http",
    doc = "- [`Http`] by a webhook, a token, or the token of `BX24`"
)]

mod abort;
mod bulk;
mod call;
mod copy;
#[cfg(feature = "http")]
mod credential;
mod exports;
#[cfg(feature = "http")]
mod form;
mod frame;
mod global;
#[cfg(feature = "http")]
mod http;
mod inlet;
mod observe;
mod outlet;
mod page;
#[cfg(feature = "http")]
mod sdk;
mod value;
#[cfg(feature = "http")]
mod ways;

#[cfg(feature = "http")]
pub use credential::Refresh;
pub use frame::Frame;
#[cfg(feature = "http")]
pub use http::Http;
pub use page::page;
