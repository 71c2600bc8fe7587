//! What a steering call may hold. A misspelt name or a value of another kind would be a default unnoticed: a fault that strikes
//! nothing, and a test that is green for nothing.

use serde_json::Value;

/// What the value of a member must be.
pub(super) enum Kind {
    Text,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A list of such words.
    Words(&'static [&'static str]),
    Flag,
    /// A whole number from the first to the second.
    Whole(i64, i64),
    /// A number, or its text as a form sends it.
    Id,
    Anything,
}

impl Kind {
    fn is_met_by(&self, given: &Value) -> bool {
        match self {
            Self::Text => given.is_string(),
            Self::Word(words) => given.as_str().is_some_and(|word| words.contains(&word)),
            Self::Words(words) => given
                .as_array()
                .is_some_and(|all| all.iter().all(|one| Self::Word(words).is_met_by(one))),
            Self::Flag => given.is_boolean(),
            Self::Whole(least, most) => given
                .as_i64()
                .is_some_and(|number| (*least..=*most).contains(&number)),
            Self::Id => given.is_u64() || given.is_string(),
            Self::Anything => true,
        }
    }

    fn expected(&self) -> String {
        match self {
            Self::Text => "a text".to_owned(),
            Self::Word(words) => format!("one of {}", words.join(", ")),
            Self::Words(words) => format!("a list of {}", words.join(", ")),
            Self::Flag => "true or false".to_owned(),
            Self::Whole(least, most) => format!("a whole number from {least} to {most}"),
            Self::Id => "a number".to_owned(),
            Self::Anything => "anything".to_owned(),
        }
    }
}

/// The members of a call, each with what it must be.
pub(super) type Members = [(&'static str, Kind)];

/// What is wrong with a call, in words.
pub(super) fn check(wanted: &Value, members: &Members) -> Result<(), String> {
    let Value::Object(given) = wanted else {
        return Err(format!("the body must be an object, got {wanted}"));
    };
    for (name, value) in given {
        let Some((_, kind)) = members.iter().find(|(known, _)| known == name) else {
            let known: Vec<&str> = members.iter().map(|(name, _)| *name).collect();
            return Err(format!(
                "there is no member {name:?}; known are {}",
                known.join(", ")
            ));
        };
        if !kind.is_met_by(value) {
            return Err(format!("{name} must be {}, got {value}", kind.expected()));
        }
    }
    Ok(())
}
