//! Decoded values as an indented tree.

use super::table::one_line;
use packet_schema::layout::{Field, Layout, StructId, Type, Variant};
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
    Tree::of(None, value, indent)
}

/// The [`tree`] of a value of the struct `id`, in which scaled numbers are followed by what they mean.
///
/// ```
/// let source = "
/// protocol: battery
/// packets:
///   State: { fields: [ voltage: { type: u16, scale: 0.1, unit: V } ] }
/// ";
/// let layout = packet_schema::compile(source).unwrap().layout;
/// let state = layout.struct_named("State").unwrap();
/// let decoded = packet_schema::codec::decode(&layout, state, &[0, 123]).unwrap();
/// let tree = packetc::render::value::tree_of(&layout, state, &decoded.value, "");
/// assert_eq!(tree, "voltage  123 (12.3 V)\n");
/// ```
pub fn tree_of(layout: &Layout, id: StructId, value: &Value, indent: &str) -> String {
    Tree::of(Some(Known { layout, id }), value, indent)
}

/// The struct that a map is a value of.
#[derive(Clone, Copy)]
struct Known<'a> {
    layout: &'a Layout,
    id: StructId,
}

impl<'a> Known<'a> {
    fn field(self, name: &str) -> Option<&'a Field> {
        let fields = &self.layout.get(self.id).fields;
        fields.iter().find(|field| field.name == name)
    }

    /// The struct that values of type `ty` are, or hold; `name` chooses among those of a variant.
    fn inside(self, ty: &'a Type) -> Option<Inside<'a>> {
        match ty {
            Type::Struct(id) => Some(Inside::Struct(Self { id: *id, ..self })),
            Type::Array { element, .. } => self.inside(element),
            Type::Variant(variant) => Some(Inside::Variant(self, variant)),
            _ => None,
        }
    }
}

/// What a value that has lines of its own is a value of.
#[derive(Clone, Copy)]
enum Inside<'a> {
    Struct(Known<'a>),
    Variant(Known<'a>, &'a Variant),
}

impl<'a> Inside<'a> {
    /// What the entry `name` of the map is.
    fn entry(self, name: &str) -> (Option<&'a Field>, Option<Inside<'a>>) {
        match self {
            Self::Struct(known) => {
                let field = known.field(name);
                (field, field.and_then(|field| known.inside(&field.ty)))
            }
            Self::Variant(known, variant) => {
                let case = variant.cases.iter().find(|case| case.name == name);
                let ty = case.map(|case| &case.ty).or(variant.otherwise.as_deref());
                (None, ty.and_then(|ty| known.inside(ty)))
            }
        }
    }
}

struct Tree {
    lines: Vec<String>,
}

impl Tree {
    fn of(known: Option<Known<'_>>, value: &Value, indent: &str) -> String {
        let mut tree = Self { lines: Vec::new() };
        tree.add(value, known.map(Inside::Struct), indent);
        tree.lines.push(String::new());
        tree.lines.join("\n")
    }

    fn add(&mut self, value: &Value, inside: Option<Inside<'_>>, indent: &str) {
        match value {
            Value::Map(entries) => {
                let width = entries.iter().map(|(name, _)| name.chars().count()).max();
                for (name, value) in entries {
                    let (field, inside) = inside.map_or((None, None), |inside| inside.entry(name));
                    let width = width.unwrap_or(0);
                    self.add_entry(&format!("{name:width$}"), value, (field, inside), indent);
                }
            }
            Value::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.add_entry(&format!("[{index}]"), item, (None, inside), indent);
                }
            }
            value => self.lines.push(format!("{indent}{}", line(value))),
        }
    }

    fn add_entry(
        &mut self,
        name: &str,
        value: &Value,
        (field, inside): (Option<&Field>, Option<Inside<'_>>),
        indent: &str,
    ) {
        if is_nested(value) {
            self.lines.push(format!("{indent}{}", name.trim_end()));
            self.add(value, inside, &format!("{indent}  "));
        } else {
            let meaning = field.and_then(|field| meaning(field, value));
            let meaning = meaning.map_or(String::new(), |text| format!(" ({text})"));
            self.lines
                .push(format!("{indent}{name}  {}{meaning}", line(value)));
        }
    }
}

/// What a scaled number means, in its unit.
#[expect(
    clippy::cast_precision_loss,
    reason = "numbers that large are not measured"
)]
fn meaning(field: &Field, value: &Value) -> Option<String> {
    let scale = field.scale?;
    let number = match value {
        Value::Unsigned(value) => *value as f64,
        Value::Signed(value) => *value as f64,
        _ => return None,
    };
    // As many digits as the scale has, so that 3 × 0.1 is not 0.30000000000000004.
    let scale_text = scale.to_string();
    let digits = scale_text
        .split_once('.')
        .map_or(0, |(_, digits)| digits.len());
    let text = format!("{:.digits$}", number * scale);
    Some(match &field.unit {
        Some(unit) => format!("{text} {}", one_line(unit)),
        None => text,
    })
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
pub(super) fn line(value: &Value) -> String {
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
            let items: Vec<String> = items.iter().map(line).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Map(entries) => {
            let entries: Vec<String> = entries
                .iter()
                .map(|(name, value)| format!("{name}: {}", line(value)))
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
