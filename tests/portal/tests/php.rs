//! PHP's ways with queries and arrays, by example.
#![allow(clippy::unwrap_used, reason = "tests")]

use portal::php::{parse_str, shape};
use serde_json::{Value, json};

#[test]
fn queries_become_nested_arrays() {
    let table = [
        ("a=1&&b=2&", json!({"a": "1", "b": "2"})),
        ("a=1&a=2", json!({"a": "2"})),
        ("a[0]=x&a[1]=y", json!({"a": ["x", "y"]})),
        ("a[]=x&a[]=y&a[]=z", json!({"a": ["x", "y", "z"]})),
        ("a[1]=x&a[2]=y", json!({"a": {"1": "x", "2": "y"}})),
        (
            "a[b][c]=1&a[b][d]=2",
            json!({"a": {"b": {"c": "1", "d": "2"}}}),
        ),
        ("a%5Bb%5D=1", json!({"a": {"b": "1"}})),
        ("a=1&a[b]=2", json!({"a": {"b": "2"}})),
        ("a.b c=1", json!({"a_b_c": "1"})),
        ("a=x+y%20z%2B", json!({"a": "x y z+"})),
        ("a", json!({"a": ""})),
        ("=1&[x]=2", json!({"_x]": "2"})),
        ("%D0%B6=%D1%8F", json!({"ж": "я"})),
    ];
    for (query, parsed) in table {
        assert_eq!(Value::Object(parse_str(query)), parsed, "{query}");
    }
}

#[test]
fn what_is_nested_deeper_than_php_goes_is_dropped() {
    let query = |brackets: usize| format!("a{}=1&b=2", "[c]".repeat(brackets));
    assert_eq!(parse_str(&query(63)).len(), 2);
    assert_eq!(Value::Object(parse_str(&query(64))), json!({"b": "2"}));
}

#[test]
fn arrays_are_lists_only_while_their_keys_run_from_zero() {
    let table = [
        (json!({}), json!([])),
        (json!({"0": "a", "1": "b"}), json!(["a", "b"])),
        (json!({"1": "a"}), json!({"1": "a"})),
        (json!({"1": "a", "0": "b"}), json!({"1": "a", "0": "b"})),
        (json!({"x": "a"}), json!({"x": "a"})),
    ];
    for (keys, shown) in table {
        assert_eq!(shape(keys.as_object().unwrap().clone()), shown, "{keys}");
    }
}
