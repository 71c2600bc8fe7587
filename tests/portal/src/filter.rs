//! Lists over rows: filters with their prefixes, order, selection of fields, pages of fifty.

use crate::php;
use crate::reply::Refusal;
use serde_json::{Map, Value};
use std::cmp::Ordering;

pub(crate) type Row = Map<String, Value>;

const PAGE: usize = 50;

/// One page of rows.
pub(crate) struct Page {
    pub rows: Vec<Row>,
    pub total: usize,
    pub next: Option<usize>,
}

/// The rows that a list method's `filter` and `order` ask for.
pub(crate) fn chosen(rows: Vec<Row>, params: &Map<String, Value>) -> Result<Vec<Row>, Refusal> {
    let known = rows.first().cloned();
    let is_known = |field: &str| known.as_ref().is_none_or(|row| row.contains_key(field));
    let mut chosen = rows;
    if let Some(Value::Object(filter)) = params.get("filter") {
        for (key, wanted) in filter {
            let (test, field) = split(key);
            if !is_known(field) {
                return Err(unknown(field));
            }
            chosen.retain(|row| {
                row.get(field)
                    .is_some_and(|value| test.passes(value, wanted))
            });
        }
    }
    if let Some(Value::Object(order)) = params.get("order") {
        for (field, direction) in order.iter().rev() {
            if !is_known(field) {
                return Err(unknown(field));
            }
            let descends = php::text(direction).eq_ignore_ascii_case("desc");
            chosen.sort_by(|left, right| {
                let ordering = match (left.get(field), right.get(field)) {
                    (Some(left), Some(right)) => compare(left, right),
                    _ => Ordering::Equal,
                };
                if descends {
                    ordering.reverse()
                } else {
                    ordering
                }
            });
        }
    }
    Ok(chosen)
}

/// Fifty rows from `start` on, with the fields that `select` names.
pub(crate) fn page(rows: Vec<Row>, params: &Map<String, Value>, start: Option<i64>) -> Page {
    let total = rows.len();
    let from = usize::try_from(start.unwrap_or_default()).unwrap_or_default();
    let next = (from + PAGE < total).then_some(from + PAGE);
    let wanted: Vec<String> = match params.get("select") {
        Some(Value::Array(names)) => names.iter().map(php::text).collect(),
        Some(Value::Object(names)) => names.values().map(php::text).collect(),
        _ => Vec::new(),
    };
    let is_wanted = |key: &String| {
        wanted.is_empty() || wanted.contains(key) || wanted.iter().any(|name| name == "*")
    };
    let rows = rows
        .into_iter()
        .skip(from)
        .take(PAGE)
        .map(|row| row.into_iter().filter(|(key, _)| is_wanted(key)).collect())
        .collect();
    Page { rows, total, next }
}

fn unknown(field: &str) -> Refusal {
    Refusal::numbered(0, format!("Unknown field definition `{field}`"))
}

#[derive(Clone, Copy)]
enum Test {
    Equal,
    Unequal,
    Below,
    AtMost,
    Above,
    AtLeast,
    Contains,
}

const PREFIXES: [(&str, Test); 10] = [
    ("!=", Test::Unequal),
    ("!@", Test::Unequal),
    (">=", Test::AtLeast),
    ("<=", Test::AtMost),
    ("=", Test::Equal),
    ("@", Test::Equal),
    ("!", Test::Unequal),
    (">", Test::Above),
    ("<", Test::Below),
    ("%", Test::Contains),
];

fn split(key: &str) -> (Test, &str) {
    PREFIXES
        .into_iter()
        .find_map(|(prefix, test)| Some((test, key.strip_prefix(prefix)?)))
        .unwrap_or((Test::Equal, key))
}

impl Test {
    fn passes(self, value: &Value, wanted: &Value) -> bool {
        match wanted {
            Value::Array(any) if matches!(self, Self::Unequal) => {
                any.iter().all(|one| self.passes_one(value, one))
            }
            Value::Array(any) => any.iter().any(|one| self.passes_one(value, one)),
            one => self.passes_one(value, one),
        }
    }

    fn passes_one(self, value: &Value, wanted: &Value) -> bool {
        let ordering = compare(value, wanted);
        match self {
            Self::Equal => ordering.is_eq(),
            Self::Unequal => ordering.is_ne(),
            Self::Below => ordering.is_lt(),
            Self::AtMost => ordering.is_le(),
            Self::Above => ordering.is_gt(),
            Self::AtLeast => ordering.is_ge(),
            Self::Contains => php::text(value)
                .to_lowercase()
                .contains(&php::text(wanted).to_lowercase()),
        }
    }
}

/// Numbers by size where both are numbers, everything else as text.
fn compare(left: &Value, right: &Value) -> Ordering {
    let (left, right) = (php::text(left), php::text(right));
    match (left.parse::<f64>(), right.parse::<f64>()) {
        (Ok(left), Ok(right)) => left.total_cmp(&right),
        _ => left.cmp(&right),
    }
}
