//! Everything that knows JavaScript. The rest of the crate is told about it in plain values.

mod abort;
mod bulk;
mod bx24;
mod exports;
mod frame;
mod inlet;
mod observe;
mod outlet;
mod page;
mod value;
