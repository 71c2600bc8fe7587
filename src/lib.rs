//! Marks payments of a Bitrix24 order as paid, and says only what is known about them.
//!
//! The portal answers `true` for payments that stay unpaid, `BX24` calls nobody back when a
//! request fails, and a repeated call may pay again. So every call here keeps one promise:
//!
//! > **A rejection means: this call paid nothing. A resolution says what is known. Nothing is
//! > called paid that was not read back as paid.**
//!
//! The story, in the order in which it is best read:
//!
//! - [`payment`], [`amount`], [`request`]: what a payment is and what may be asked of it; values
//!   that are valid because they exist.
//! - [`error`], [`outcome`]: what can be said afterwards.
//! - [`portal`]: the few things the flow needs from outside, each a trait; [`page`] holds those of
//!   the page it runs in.
//! - [`json`], [`reply`], [`refusal`], [`instant`]: from an answer of the portal to its meaning.
//! - [`pace`]: the portal's limits, kept from our side; `again`: what a refused call waits for. [`signal`]: what futures wait for.
//! - [`read`]: one payment, read; [`list`]: those of a deal, an invoice or an order.
//! - [`confirm`]: the flow itself: read, pay, read back, wait until it can no longer change. What comes after sending is `settle`,
//!   which listens, and `known`, which judges. [`turn`]: one sender for one payment.
//! - [`bulk`]: many payments, each through the same flow; `gather`: their reads, put into batches.
//! - [`unsettled`]: what was under way when a page was closed. [`method`]: the names of methods that callers choose.
#![cfg_attr(
    feature = "http",
    doc = "- [`address`], [`renewal`]: what portals over HTTP need beside."
)]
//! - `digits`, `text`: numbers and texts without what std brings for them, which weighs more.
//! - [`js`]: the only place that knows JavaScript: `BX24`, `fetch`, timers, locks, storage, exports.
//!
//! `examples/ways.rs` is an app over each way to reach a portal. Outside of JavaScript the traits of [`portal`] are to be implemented:
//! a [`portal::Portal`] that sends, and for [`page::Page::new`] a clock, locks and a journal; [`confirm::confirm`] is then called as in a page.
//! [`portal`] begins with an example of all.
//!
//! Without the default feature `http` there is the portal of the page's frame only, by `BX24`: no webhook, no OAuth, and in
//! the package no official SDK, for which the crate has nothing public. The operator's page is built so.

#[cfg(feature = "http")]
pub mod address;
mod again;
pub mod amount;
pub mod bulk;
pub mod confirm;
mod digits;
pub mod error;
mod gather;
pub mod instant;
pub mod js;
pub mod json;
mod known;
pub mod list;
pub mod method;
pub mod outcome;
pub mod pace;
pub mod page;
pub mod payment;
pub mod portal;
pub mod read;
pub mod refusal;
#[cfg(feature = "http")]
pub mod renewal;
pub mod reply;
pub mod request;
mod settle;
pub mod signal;
mod text;
pub mod turn;
pub mod unsettled;

/// Half the bytes of the usual allocator. Only the package's own module chooses one.
#[cfg(all(feature = "module", target_family = "wasm"))]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();
