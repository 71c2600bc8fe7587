//! Tokens and other secrets: they look like real ones and follow from a seed.

use std::fmt::Write;

/// A source of secrets.
#[derive(Clone, Debug)]
pub(crate) struct Secrets {
    state: u64,
}

impl Secrets {
    pub fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// Hexadecimal digits, as many as asked for.
    pub fn hex(&mut self, digits: usize) -> String {
        let mut text = String::with_capacity(digits + 16);
        while text.len() < digits {
            // Writing to a String does not fail.
            let _ = write!(text, "{:016x}", self.next());
        }
        text.truncate(digits);
        text
    }

    /// One step of splitmix64.
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}
