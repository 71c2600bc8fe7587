//! A JSON value as the portal gives it, and the lenient readings that its looseness demands.

use crate::digits;

/// A JSON value. Objects keep their order; no value holds anything of JavaScript.
#[derive(Debug, Clone, PartialEq)]
pub enum Json {
    /// `null`, and what is not there.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(f64),
    /// A text.
    Text(String),
    /// An array.
    List(Vec<Json>),
    /// An object.
    Map(Vec<(String, Json)>),
}

static NULL: Json = Json::Null;

/// Members of an object, from names that are known beforehand.
pub(crate) fn members(named: Vec<(&str, Json)>) -> Vec<(String, Json)> {
    let mut members = Vec::new();
    for (name, value) in named {
        members.push((name.to_owned(), value));
    }
    members
}

impl Json {
    /// A whole number, such as an identifier.
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        reason = "an identifier is at most 2^53 - 1"
    )]
    pub fn whole_number(number: u64) -> Self {
        Self::Number(number as f64)
    }

    /// A member of an object, `Null` where there is none.
    #[must_use]
    pub fn get(&self, name: &str) -> &Self {
        match self {
            Self::Map(members) => members
                .iter()
                .find(|(key, _)| key == name)
                .map_or(&NULL, |(_, value)| value),
            _ => &NULL,
        }
    }

    /// Whether it is an object that has this member, be it `null`.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        !std::ptr::eq(self.get(name), &raw const NULL)
    }

    /// Whether it is `null`. Comparing whole values would compare lists and objects, too.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The text, if it is one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A positive whole number, sent as a number or as its digits.
    #[must_use]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "checked to be a whole number from 1 to 2^53 - 1"
    )]
    pub fn whole(&self) -> Option<u64> {
        match self {
            Self::Number(number) => (*number >= 1.0
                && *number <= crate::payment::LARGEST_ID as f64
                && number.fract() == 0.0)
                .then_some(*number as u64),
            Self::Text(text) => digits::number(text).filter(|&number| number > 0),
            _ => None,
        }
    }

    /// The elements of a list; an empty PHP map arrives as a list too, a gapped list as a map.
    #[must_use]
    pub fn elements(&self) -> Vec<&Self> {
        match self {
            Self::List(elements) => elements.iter().collect(),
            Self::Map(members) => members.iter().map(|(_, value)| value).collect(),
            _ => Vec::new(),
        }
    }
}
