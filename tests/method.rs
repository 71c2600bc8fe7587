//! Names of methods that callers choose: what can be one, and how many are kept.
#![allow(clippy::unwrap_used, reason = "a failed test may panic")]

use b24pay::method::named;

#[test]
fn a_name_is_letters_digits_and_underscores_between_dots() {
    for name in ["profile", "crm.item.payment.get", "a_b.c1", "A.B"] {
        assert_eq!(named(name), Some(name));
    }
    for text in [
        "",
        ".",
        "a.",
        ".a",
        "a..b",
        "a b",
        "a/b",
        "a?b",
        "a-b",
        "a:b",
        "a\n",
        "метод",
        "../profile",
    ] {
        assert_eq!(named(text), None, "{text:?}");
    }
    assert!(named(&"a".repeat(100)).is_some());
    assert_eq!(named(&"a".repeat(101)), None);
}

#[test]
fn each_name_is_kept_once_and_two_thousand_at_most() {
    let kept: Vec<_> = (0..2_000)
        .map(|at| named(&format!("a{at}")).unwrap())
        .collect();
    assert_eq!(named("another"), None);
    for (at, name) in kept.iter().enumerate() {
        let text = format!("a{at}");
        assert_eq!(*name, text);
        assert!(std::ptr::eq(named(&text).unwrap(), *name));
    }
}
