//! Names of REST methods that callers choose. Each is kept once for the life of the page, so that
//! calls, errors and the pace carry it like the names that are known beforehand.

use std::cell::RefCell;

use crate::text::is_dotted;

/// The longest name; the portal's own have at most half of it.
const LONGEST: usize = 100;
/// How many different names one page may use. A portal has some hundreds of methods.
const MOST: usize = 2_000;

thread_local! {
    static NAMES: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
}

/// The name of a method, or `None` for a text that cannot be one.
#[must_use]
pub fn named(text: &str) -> Option<&'static str> {
    if text.len() > LONGEST || !is_dotted(text, b"_") {
        return None;
    }
    NAMES.with_borrow_mut(|names| {
        if let Some(known) = names.iter().find(|known| **known == text) {
            return Some(*known);
        }
        if names.len() >= MOST {
            return None;
        }
        let name: &'static str = Box::leak(text.into());
        names.push(name);
        Some(name)
    })
}
