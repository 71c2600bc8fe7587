//! Texts taken apart at single ASCII signs. What std offers for it searches for patterns of any kind, in more wasm than
//! everything that is read by it.

/// What stands before and behind the first such sign.
pub fn cut(text: &str, sign: u8) -> Option<(&str, &str)> {
    let at = text.bytes().position(|byte| byte == sign)?;
    around(text, at)
}

/// What stands before and behind the last such sign.
pub fn cut_last(text: &str, sign: u8) -> Option<(&str, &str)> {
    let at = text.bytes().rposition(|byte| byte == sign)?;
    around(text, at)
}

fn around(text: &str, at: usize) -> Option<(&str, &str)> {
    Some((text.get(..at)?, text.get(at + 1..)?))
}

/// The parts between such signs, an empty text as one empty part.
pub fn parts(text: &str, sign: u8) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let whole = rest?;
        let (part, behind) = match cut(whole, sign) {
            Some((part, behind)) => (part, Some(behind)),
            None => (whole, None),
        };
        rest = behind;
        Some(part)
    })
}

/// The text up to the first of these signs, and the rest from there on.
pub fn before<'a>(text: &'a str, signs: &[u8]) -> (&'a str, &'a str) {
    let at = text.bytes().position(|byte| signs.contains(&byte));
    text.split_at_checked(at.unwrap_or(text.len()))
        .unwrap_or((text, ""))
}

/// The text without such signs at its end.
pub fn without_end(mut text: &str, sign: u8) -> &str {
    while text.bytes().next_back() == Some(sign) {
        text = text.get(..text.len() - 1).unwrap_or_default();
    }
    text
}

/// Whether it has no other signs than ASCII letters, digits, and these.
pub fn is_of(text: &str, others: &[u8]) -> bool {
    text.bytes()
        .all(|sign| sign.is_ascii_alphanumeric() || others.contains(&sign))
}

/// Whether all its parts between dots are such texts, none of them empty.
pub fn is_dotted(text: &str, others: &[u8]) -> bool {
    parts(text, b'.').all(|part| !part.is_empty() && is_of(part, others))
}

/// One text after the other. Std's own way counts how long they are together, in more code than it saves.
pub fn joined(texts: &[&str]) -> String {
    let mut joined = String::new();
    for text in texts {
        joined.push_str(text);
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::{before, cut, cut_last, parts, without_end};

    const TEXTS: [&str; 9] = [
        "",
        "/",
        "//",
        "a",
        "a/b",
        "a/b/c",
        "/a/",
        "é/ü",
        "ключ/секрет//",
    ];

    #[test]
    fn texts_are_taken_apart_as_std_does_it() {
        for text in TEXTS {
            assert_eq!(cut(text, b'/'), text.split_once('/'), "{text}");
            assert_eq!(cut_last(text, b'/'), text.rsplit_once('/'), "{text}");
            assert!(parts(text, b'/').eq(text.split('/')), "{text}");
            assert_eq!(
                without_end(text, b'/'),
                text.trim_end_matches('/'),
                "{text}"
            );
            let at = text.find(['/', 'b']).unwrap_or(text.len());
            assert_eq!(before(text, b"/b"), text.split_at(at), "{text}");
        }
    }
}
