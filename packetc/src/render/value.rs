//! Decoded values as an indented tree.

use packet_schema::value::Value;

/// The entries of a map, one to a line, each line beginning with `indent`; maps and lists of maps
/// stand below their name.
///
/// ```
/// use packet_schema::value::Value;
///
/// let position = Value::Map(vec![("x".to_owned(), Value::F32(100.5)), ("y".to_owned(), Value::F32(0.0))]);
/// let value = Value::Map(vec![("player".to_owned(), Value::Unsigned(7)), ("position".to_owned(), position)]);
/// assert_eq!(
///     packetc::render::value::tree(&value, ""),
///     "player    7\nposition\n  x  100.5\n  y  0.0\n"
/// );
/// ```
pub fn tree(value: &Value, indent: &str) -> String {
    let mut lines = Vec::new();
    add(value, indent, &mut lines);
    lines.push(String::new());
    lines.join("\n")
}

fn add(value: &Value, indent: &str, lines: &mut Vec<String>) {
    match value {
        Value::Map(entries) => {
            let width = entries.iter().map(|(name, _)| name.chars().count()).max();
            for (name, value) in entries {
                add_entry(name, width.unwrap_or(0), value, indent, lines);
            }
        }
        Value::List(items) => {
            for (index, item) in items.iter().enumerate() {
                add_entry(&format!("[{index}]"), 0, item, indent, lines);
            }
        }
        value => lines.push(format!("{indent}{}", scalar(value))),
    }
}

fn add_entry(name: &str, width: usize, value: &Value, indent: &str, lines: &mut Vec<String>) {
    if is_nested(value) {
        lines.push(format!("{indent}{name}"));
        add(value, &format!("{indent}  "), lines);
    } else {
        lines.push(format!("{indent}{name:width$}  {}", scalar(value)));
    }
}

/// Whether a value has lines of its own.
fn is_nested(value: &Value) -> bool {
    match value {
        Value::Map(entries) => !entries.is_empty(),
        Value::List(items) => items.iter().any(is_nested),
        _ => false,
    }
}

/// A value on one line.
fn scalar(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Unsigned(value) => value.to_string(),
        Value::Signed(value) => value.to_string(),
        // As Rust's literals: the shortest digits that give the same number, and never without a point.
        Value::F32(value) => format!("{value:?}"),
        Value::F64(value) => format!("{value:?}"),
        Value::Text(text) => visible(text),
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(scalar).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Map(entries) => {
            let entries: Vec<String> = entries
                .iter()
                .map(|(name, value)| format!("{name}: {}", scalar(value)))
                .collect();
            format!("{{{}}}", entries.join(", "))
        }
    }
}

/// Text as it is if it is a plain word, else quoted, so that nothing from the wire can steer a
/// terminal.
fn visible(text: &str) -> String {
    let is_word = !text.is_empty()
        && text
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'));
    if is_word {
        text.to_owned()
    } else {
        format!("{text:?}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(entries: &[(&str, Value)]) -> Value {
        Value::Map(
            entries
                .iter()
                .map(|(name, value)| ((*name).to_owned(), value.clone()))
                .collect(),
        )
    }

    #[test]
    fn lists_of_numbers_stay_on_a_line_and_lists_of_structs_do_not() {
        let server = map(&[
            ("name", Value::Text("eu 1".to_owned())),
            ("port", Value::Unsigned(7)),
        ]);
        let value = map(&[
            (
                "codes",
                Value::List(vec![Value::Unsigned(1), Value::Unsigned(2)]),
            ),
            ("servers", Value::List(vec![server])),
            ("token", Value::Null),
        ]);
        assert_eq!(
            tree(&value, "  "),
            "  codes    [1, 2]\n  servers\n    [0]\n      name  \"eu 1\"\n      port  7\n  token    -\n"
        );
    }

    #[test]
    fn control_characters_are_escaped() {
        let value = map(&[("text", Value::Text("\u{1b}[31m".to_owned()))]);
        assert_eq!(tree(&value, ""), "text  \"\\u{1b}[31m\"\n");
    }
}
