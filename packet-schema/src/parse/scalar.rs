//! YAML nodes that are single values: text, hex, test values, and everything that [`word`] reads.

use super::expr::integer;
use super::word;
use super::yaml::{Kind, Node};
use crate::diagnostic::{Diagnostic, Diagnostics, Span, Spanned};
use crate::syntax::{Expr, PacketId, TypeExpr};
use crate::value::Value;

/// The text of a scalar.
///
/// Raises P0104 (a list or map).
pub(super) fn text(
    node: Node,
    what: &str,
    diagnostics: &mut Diagnostics,
) -> Option<Spanned<String>> {
    let found = node.describe();
    match node.kind {
        Kind::Scalar { text, plain } if !(plain && text.is_empty()) => {
            Some(Spanned::new(text, node.span))
        }
        _ => {
            diagnostics.push(
                Diagnostic::error(
                    "P0104",
                    node.span,
                    format!("{what} is text, this is {found}"),
                )
                .maybe_help(
                    (found != "nothing")
                        .then(|| "text that begins with `{` or `[` needs quotes".to_owned()),
                ),
            );
            None
        }
    }
}

/// An integer from 0.
///
/// Raises P0114 (not such a number).
pub(super) fn unsigned(
    node: Node,
    what: &str,
    diagnostics: &mut Diagnostics,
) -> Option<Spanned<u64>> {
    word::unsigned(&text(node, what, diagnostics)?, what, diagnostics)
}

/// An integer.
///
/// Raises P0114 (not such a number).
pub(super) fn signed(
    node: Node,
    what: &str,
    diagnostics: &mut Diagnostics,
) -> Option<Spanned<i64>> {
    word::signed(&text(node, what, diagnostics)?, what, diagnostics)
}

/// A number other than 0, perhaps with a fraction.
///
/// Raises P0114 (not such a number).
pub(super) fn factor(
    node: Node,
    what: &str,
    diagnostics: &mut Diagnostics,
) -> Option<Spanned<f64>> {
    word::factor(&text(node, what, diagnostics)?, what, diagnostics)
}

/// `true` or `false`.
///
/// Raises P0115 (neither).
pub(super) fn boolean(
    node: Node,
    what: &str,
    diagnostics: &mut Diagnostics,
) -> Option<Spanned<bool>> {
    word::boolean(&text(node, what, diagnostics)?, what, diagnostics)
}

/// One of some words.
///
/// Raises P0115 (none of them).
pub(super) fn one_of<T: Clone>(
    node: Node,
    what: &str,
    choices: &[(&str, T)],
    diagnostics: &mut Diagnostics,
) -> Option<Spanned<T>> {
    word::one_of(&text(node, what, diagnostics)?, what, choices, diagnostics)
}

/// A number of bytes: `512`, `64KiB`, `1MiB`.
///
/// Raises P0114 (not such a number).
pub(super) fn byte_size(
    node: Node,
    what: &str,
    diagnostics: &mut Diagnostics,
) -> Option<Spanned<u64>> {
    word::byte_size(&text(node, what, diagnostics)?, what, diagnostics)
}

/// A range of integers.
///
/// Raises P0116 (not a range).
pub(super) fn range(node: Node, diagnostics: &mut Diagnostics) -> Option<Spanned<(i128, i128)>> {
    word::range(&text(node, "`range`", diagnostics)?, diagnostics)
}

/// A range of packet ids.
///
/// Raises P0116 (not a range).
pub(super) fn id_range(node: Node, diagnostics: &mut Diagnostics) -> Option<Spanned<(u64, u64)>> {
    word::id_range(&text(node, "a group", diagnostics)?, diagnostics)
}

/// A packet's id.
///
/// Raises P0114, P0116 (not one).
pub(super) fn packet_id(node: Node, diagnostics: &mut Diagnostics) -> Option<Spanned<PacketId>> {
    word::packet_id(&text(node, "`id`", diagnostics)?, diagnostics)
}

/// A size or a range of sizes.
///
/// Raises P0116 (neither).
pub(super) fn size_range(node: Node, diagnostics: &mut Diagnostics) -> Option<Spanned<(u64, u64)>> {
    word::size_range(&text(node, "`size`", diagnostics)?, diagnostics)
}

/// Bytes as hexadecimal digits, in pairs, with spaces anywhere between pairs.
///
/// Raises P0117 (something else).
pub(super) fn hex(node: Node, diagnostics: &mut Diagnostics) -> Option<Spanned<Vec<u8>>> {
    let text = match &node.kind {
        // No bytes at all are a legitimate vector.
        Kind::Scalar { text, plain: false } if text.is_empty() => {
            return Some(Spanned::new(Vec::new(), node.span));
        }
        _ => text(node, "`hex`", diagnostics)?,
    };
    let bytes = crate::value::parse_hex(&text.value);
    if bytes.is_none() {
        diagnostics.push(
            Diagnostic::error("P0117", text.span, "`hex` is pairs of hexadecimal digits")
                .help("write two digits for each byte, such as `hex: \"0014 03e9\"`, in quotes"),
        );
    }
    Some(Spanned::new(bytes?, text.span))
}

/// A type as it is written.
///
/// Raises P0108, P0109 (not a type).
pub(super) fn type_expr(node: Node, diagnostics: &mut Diagnostics) -> Option<Spanned<TypeExpr>> {
    let (text, base) = written(node, "a type", diagnostics)?;
    word::type_expr(&text, base, diagnostics)
}

/// An expression.
///
/// Raises P0108 (not an expression).
pub(super) fn expression(
    node: Node,
    what: &str,
    diagnostics: &mut Diagnostics,
) -> Option<Spanned<Expr>> {
    let (text, base) = written(node, what, diagnostics)?;
    word::expression(&text, base, diagnostics)
}

/// A scalar's text and the source offset of its first character, past an opening quote.
fn written(
    node: Node,
    what: &str,
    diagnostics: &mut Diagnostics,
) -> Option<(Spanned<String>, usize)> {
    let quoted = matches!(node.kind, Kind::Scalar { plain: false, .. });
    let text = text(node, what, diagnostics)?;
    let base = text.span.start + usize::from(quoted);
    Some((text, base))
}

/// Any value, for test vectors. Quoted scalars are text; plain ones are what they look like.
pub(super) fn value(node: Node, diagnostics: &mut Diagnostics) -> Value {
    match node.kind {
        Kind::Scalar { text, plain: false } => Value::Text(text),
        Kind::Scalar { text, .. } => match text.as_str() {
            "" | "null" | "~" => Value::Null,
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            _ => integer(&text).map_or_else(
                || {
                    let float = text.starts_with(|c: char| c.is_ascii_digit() || c == '-');
                    match text.parse() {
                        Ok(number) if float => Value::F64(number),
                        _ => Value::Text(text),
                    }
                },
                Value::integer,
            ),
        },
        Kind::Sequence(items) => Value::List(
            items
                .into_iter()
                .map(|item| value(item, diagnostics))
                .collect(),
        ),
        Kind::Mapping(entries) => {
            let mut map: Vec<(String, Value)> = Vec::with_capacity(entries.len());
            let mut seen: std::collections::HashMap<String, Span> =
                std::collections::HashMap::new();
            for (key, node) in entries {
                let Some(key) = text(key, "a key", diagnostics) else {
                    continue;
                };
                if let Some(first) = seen.insert(key.value.clone(), key.span) {
                    diagnostics.push(
                        Diagnostic::error(
                            "P0106",
                            key.span,
                            format!("`{}` is there twice", key.value),
                        )
                        .label("again here")
                        .also(first, "first here"),
                    );
                    continue;
                }
                map.push((key.value, value(node, diagnostics)));
            }
            Value::Map(map)
        }
    }
}
