//! Everything that knows JavaScript. The rest of the crate is told about it in plain values.

mod abort;
mod bx24;
mod exports;
mod frame;
mod inlet;
mod outlet;
mod page;
mod value;
