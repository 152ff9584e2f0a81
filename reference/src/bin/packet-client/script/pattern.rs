//! Whether a packet is what is expected, and what its variables are.
//!
//! In: a pattern and fields as JSON. Out: the first thing that differs, and the values of variables.

use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Values by the names of their variables, without `$`.
pub(super) type Variables = BTreeMap<String, Value>;

/// Fields with the values of their variables in place of `"$name"`.
pub(super) fn fill(fields: &Value, variables: &Variables) -> Result<Value, String> {
    if let Some(name) = variable(fields) {
        return variables.get(name).cloned().ok_or_else(|| {
            format!("`${name}` has no value yet: an `expect` before has to take it")
        });
    }
    Ok(match fields {
        Value::Object(entries) => {
            let filled = entries
                .iter()
                .map(|(key, value)| Ok((key.clone(), fill(value, variables)?)));
            Value::Object(filled.collect::<Result<Map<_, _>, String>>()?)
        }
        Value::Array(items) => {
            let filled = items.iter().map(|item| fill(item, variables));
            Value::Array(filled.collect::<Result<_, _>>()?)
        }
        other => other.clone(),
    })
}

/// A pattern with the values of the variables that have some.
pub(super) fn known(pattern: &Value, variables: &Variables) -> Value {
    match pattern {
        Value::Object(entries) => {
            let known_entry = |(key, value): (&String, _)| (key.clone(), known(value, variables));
            Value::Object(entries.iter().map(known_entry).collect())
        }
        Value::Array(items) => items.iter().map(|item| known(item, variables)).collect(),
        other => fill(other, variables).unwrap_or_else(|_| other.clone()),
    }
}

/// What differs first, by the path of its field; variables without a value take what is found.
pub(super) fn mismatch(
    pattern: &Value,
    found: &Value,
    variables: &mut Variables,
) -> Option<String> {
    compare("", pattern, found, variables)
}

fn compare(
    path: &str,
    pattern: &Value,
    found: &Value,
    variables: &mut Variables,
) -> Option<String> {
    if let Some(name) = variable(pattern) {
        let Some(value) = variables.get(name) else {
            variables.insert(name.to_owned(), found.clone());
            return None;
        };
        let value = value.clone();
        return compare(path, &value, found, variables);
    }
    match (pattern, found) {
        (Value::Object(expected), Value::Object(fields)) => {
            expected.iter().find_map(|(key, value)| {
                let path = match path {
                    "" => key.clone(),
                    path => format!("{path}.{key}"),
                };
                match fields.get(key) {
                    Some(field) => compare(&path, value, field, variables),
                    None => Some(format!("`{path}` is not there")),
                }
            })
        }
        (Value::Array(expected), Value::Array(items)) => {
            let mut items = items.iter();
            expected.iter().enumerate().find_map(|(index, value)| {
                let is_like = |item: &Value| {
                    let mut taken = variables.clone();
                    let matches = compare(path, value, item, &mut taken).is_none();
                    if matches {
                        *variables = taken;
                    }
                    matches
                };
                let found = items.any(is_like);
                (!found).then(|| format!("`{path}` has no element for [{index}], {value}"))
            })
        }
        _ if equal(pattern, found) => None,
        _ => Some(format!("`{path}` is {found}, not {pattern}")),
    }
}

/// The name of the variable that a text stands for.
fn variable(value: &Value) -> Option<&str> {
    let name = value.as_str()?.strip_prefix('$')?;
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    is_name.then_some(name)
}

/// Numbers are equal if they are worth the same, `1` and `1.0`. Fractions of packets have single precision.
fn equal(pattern: &Value, found: &Value) -> bool {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "coordinates on the wire are that short"
    )]
    let single = |value: &Value| value.as_f64().map(|number| number as f32);
    match (pattern, found) {
        _ if pattern == found => true,
        (Value::Number(a), Value::Number(b)) if a.is_f64() || b.is_f64() => {
            single(pattern) == single(found)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    #[expect(clippy::needless_pass_by_value, reason = "a case is a line")]
    fn check(pattern: Value, found: Value, expected: Option<&str>) -> Variables {
        let mut variables = Variables::new();
        let mismatch = mismatch(&pattern, &found, &mut variables);
        assert_eq!(mismatch.as_deref(), expected);
        variables
    }

    #[test]
    fn fields_that_are_not_named_may_be_anything() {
        let found = json!({"request": 3, "arrival": {"entity": 42, "tick_hz": 20}});
        check(json!({}), found.clone(), None);
        check(json!({"arrival": {"tick_hz": 20}}), found.clone(), None);
        check(
            json!({"arrival": {"tick_hz": 30}}),
            found.clone(),
            Some("`arrival.tick_hz` is 20, not 30"),
        );
        check(json!({"arrivl": {}}), found, Some("`arrivl` is not there"));
    }

    #[test]
    fn elements_are_found_among_others_in_order() {
        let found = json!({"rooms": [{"id": 1}, {"id": 2}, {"id": 3}]});
        check(
            json!({"rooms": [{"id": 1}, {"id": 3}]}),
            found.clone(),
            None,
        );
        check(
            json!({"rooms": [{"id": 3}, {"id": 1}]}),
            found,
            Some(r#"`rooms` has no element for [1], {"id":1}"#),
        );
    }

    #[test]
    fn numbers_are_compared_by_value() {
        check(json!({"x": 1}), json!({"x": 1.0}), None);
        check(
            json!({"x": 100.3}),
            json!({"x": f64::from(100.3_f32)}),
            None,
        );
        check(
            json!({"x": 1}),
            json!({"x": 2.0}),
            Some("`x` is 2.0, not 1"),
        );
    }

    #[test]
    fn a_variable_takes_a_value_once_and_keeps_it() {
        let variables = check(json!({"room": "$room"}), json!({"room": 3}), None);
        assert_eq!(variables["room"], json!(3));
        let pattern = json!({"a": "$v", "b": "$v"});
        check(pattern.clone(), json!({"a": 1, "b": 1}), None);
        check(pattern, json!({"a": 1, "b": 2}), Some("`b` is 2, not 1"));
    }

    #[test]
    fn variables_are_filled_in_with_their_types() {
        let variables: Variables = [("room".to_owned(), json!(3))].into();
        let filled = fill(&json!({"room": "$room", "text": "$ 5"}), &variables);
        assert_eq!(filled, Ok(json!({"room": 3, "text": "$ 5"})));
        assert!(
            fill(&json!(["$rom"]), &variables)
                .unwrap_err()
                .contains("`$rom` has no value")
        );
    }
}
