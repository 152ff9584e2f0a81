//! Values from JSON text.

use packet_schema::value::Value;
use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::collections::HashSet;
use std::fmt;

/// The values in a text that holds one JSON value after the other, each with its line.
///
/// `serde_json` alone would read integers beyond 64 bits as floating point, and so lose digits; hence
/// every number is taken from the text itself.
pub(super) fn values(text: &str) -> Result<Vec<Value>, serde_json::Error> {
    serde_json::Deserializer::from_str(text)
        .into_iter::<&RawValue>()
        .map(|raw| value(raw?, 0))
        .collect()
}

/// Nesting beyond this is refused, as `serde_json` does; the deepest packets have some 16 levels.
const MAX_DEPTH: usize = 128;

fn value(raw: &RawValue, depth: usize) -> Result<Value, serde_json::Error> {
    if depth == MAX_DEPTH {
        let problem = format_args!("more than {MAX_DEPTH} values inside each other");
        return Err(serde_json::Error::custom(problem));
    }
    let text = raw.get();
    match text.as_bytes().first() {
        Some(b'{') => {
            let Entries(entries) = serde_json::from_str(text)?;
            let entries = entries
                .into_iter()
                .map(|(key, raw)| Ok((key, value(raw, depth + 1)?)))
                .collect::<Result<_, serde_json::Error>>()?;
            Ok(Value::Map(entries))
        }
        Some(b'[') => {
            let items: Vec<&RawValue> = serde_json::from_str(text)?;
            let items: Result<_, _> = items.into_iter().map(|raw| value(raw, depth + 1)).collect();
            Ok(Value::List(items?))
        }
        _ => match (text.parse::<u128>(), text.parse::<i128>()) {
            (Ok(number), _) => Ok(Value::Unsigned(number)),
            (_, Ok(number)) => Ok(Value::integer(number)),
            _ => serde_json::from_str(text),
        },
    }
}

/// A map's entries in order, each with its value's text.
struct Entries<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Entries<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(EntriesVisitor)
    }
}

struct EntriesVisitor;

impl<'de> Visitor<'de> for EntriesVisitor {
    type Value = Entries<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    /// Refuses a key that is there twice: one of the two values would be lost.
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        let mut seen = HashSet::new();
        while let Some((key, value)) = map.next_entry::<String, &'de RawValue>()? {
            if !seen.insert(key.clone()) {
                return Err(A::Error::custom(format_args!(
                    "the key `{key}` is there twice"
                )));
            }
            entries.push((key, value));
        }
        Ok(Entries(entries))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[Value]) {
        assert_eq!(values(text).expect("valid JSON"), expected, "{text}");
    }

    #[test]
    fn integers_keep_all_their_digits() {
        check(
            "340282366920938463463374607431768211455",
            &[Value::Unsigned(u128::MAX)],
        );
        check(
            "-170141183460469231731687303715884105728",
            &[Value::Signed(i128::MIN)],
        );
        check(
            "18446744073709551615 -1 0",
            &[
                Value::Unsigned(u64::MAX.into()),
                Value::Signed(-1),
                Value::Unsigned(0),
            ],
        );
        let nested = Value::Map(vec![(
            "a".to_owned(),
            Value::List(vec![Value::Unsigned(1 << 100)]),
        )]);
        check(r#"{"a": [1267650600228229401496703205376]}"#, &[nested]);
    }

    #[test]
    fn everything_else_is_as_usual() {
        check(
            "[1.5, \"1\", null, true]\n",
            &[Value::List(vec![
                Value::F64(1.5),
                Value::Text("1".to_owned()),
                Value::Null,
                Value::Bool(true),
            ])],
        );
        check("", &[]);
    }

    #[test]
    fn refuses_broken_text_and_double_keys() {
        for (text, problem) in [
            ("{\"a\":1} {", "EOF"),
            ("{\"a\": {\"b\": 1, \"b\": 2}}", "`b` is there twice"),
            ("[1,]", "expected value"),
            ("1e999", "out of range"),
            ("+1", "expected value"),
        ] {
            let error = values(text).expect_err(text).to_string();
            assert!(error.contains(problem), "{text}: {error}");
        }
        let deep = "[".repeat(100_000) + &"]".repeat(100_000);
        let error = values(&deep).expect_err("too deep").to_string();
        assert!(
            error.contains("more than 128 values inside each other"),
            "{error}"
        );
    }
}
