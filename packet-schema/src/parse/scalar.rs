//! Single values: text, numbers, ranges, sizes, hex, types.

use super::expr::{integer, type_expression};
use super::yaml::{Kind, Node};
use crate::diagnostic::{Diagnostic, Diagnostics, Span, Spanned, did_you_mean};
use crate::syntax::{Expr, TypeExpr};
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

fn not_a_number(
    code: &'static str,
    text: &Spanned<String>,
    what: &str,
    expected: &str,
) -> Diagnostic {
    let digits = text.value.trim_start_matches('-');
    let help = if digits.contains('_') {
        Some("write the digits without `_`")
    } else if digits.len() > 1
        && digits.starts_with('0')
        && digits.bytes().all(|byte| byte.is_ascii_digit())
    {
        Some("a leading 0 means octal to some and nothing to others: leave it out, or write `0x…`")
    } else if digits.contains(['e', 'E']) && !digits.starts_with("0x") {
        Some("write the number without an exponent")
    } else {
        None
    };
    Diagnostic::error(
        code,
        text.span,
        format!("{what} is {expected}, not `{}`", text.value),
    )
    .maybe_help(help.map(str::to_owned))
}

/// An integer from 0.
///
/// Raises P0114 (not such a number).
pub(super) fn unsigned(
    node: Node,
    what: &str,
    diagnostics: &mut Diagnostics,
) -> Option<Spanned<u64>> {
    let text = text(node, what, diagnostics)?;
    let value = integer(&text.value).and_then(|value| u64::try_from(value).ok());
    if value.is_none() {
        diagnostics.push(not_a_number(
            "P0114",
            &text,
            what,
            "an integer from 0 to 18446744073709551615",
        ));
    }
    Some(Spanned::new(value?, text.span))
}

/// An integer.
///
/// Raises P0114 (not such a number).
pub(super) fn signed(
    node: Node,
    what: &str,
    diagnostics: &mut Diagnostics,
) -> Option<Spanned<i64>> {
    let text = text(node, what, diagnostics)?;
    let value = integer(&text.value).and_then(|value| i64::try_from(value).ok());
    if value.is_none() {
        diagnostics.push(not_a_number("P0114", &text, what, "an integer of 64 bits"));
    }
    Some(Spanned::new(value?, text.span))
}

/// `true` or `false`.
///
/// Raises P0115 (neither).
pub(super) fn boolean(
    node: Node,
    what: &str,
    diagnostics: &mut Diagnostics,
) -> Option<Spanned<bool>> {
    one_of(node, what, &[("true", true), ("false", false)], diagnostics)
}

/// One of some words.
///
/// Raises P0115 (none of them).
pub(super) fn one_of<T: Copy>(
    node: Node,
    what: &str,
    choices: &[(&str, T)],
    diagnostics: &mut Diagnostics,
) -> Option<Spanned<T>> {
    let text = text(node, what, diagnostics)?;
    let found = choices.iter().find(|(word, _)| *word == text.value);
    if found.is_none() {
        let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
        diagnostics.push(
            Diagnostic::error(
                "P0115",
                text.span,
                format!("{what} is `{}`, not `{}`", words.join("` or `"), text.value),
            )
            .maybe_help(did_you_mean(&text.value, words.iter().copied())),
        );
    }
    found.map(|(_, value)| Spanned::new(*value, text.span))
}

/// A number of bytes: `512`, `64KiB`, `1MiB`.
///
/// Raises P0114 (not such a number).
pub(super) fn byte_size(
    node: Node,
    what: &str,
    diagnostics: &mut Diagnostics,
) -> Option<Spanned<u64>> {
    let text = text(node, what, diagnostics)?;
    let (digits, unit) = [("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30)]
        .iter()
        .find_map(|(name, unit)| Some((text.value.strip_suffix(name)?.trim_end(), *unit)))
        .unwrap_or((&text.value, 1));
    let value = integer(digits)
        .and_then(|value| u64::try_from(value).ok())
        .and_then(|value| value.checked_mul(unit));
    if value.is_none() {
        diagnostics.push(not_a_number(
            "P0114",
            &text,
            what,
            "a number of bytes such as `512` or `64KiB`",
        ));
    }
    Some(Spanned::new(value?, text.span))
}

/// `a..=b` as two integers.
fn bounds(text: &str) -> Option<(i128, i128)> {
    let (low, high) = text.split_once("..=")?;
    let (low, high) = (integer(low.trim())?, integer(high.trim())?);
    (low <= high).then_some((low, high))
}

fn bounds_u64(text: &str) -> Option<(u64, u64)> {
    let (low, high) = bounds(text)?;
    Some((u64::try_from(low).ok()?, u64::try_from(high).ok()?))
}

fn not_a_range(text: &Spanned<String>, what: &str) -> Diagnostic {
    let help = if text.value.contains("..") && !text.value.contains("..=") {
        "a range includes both ends and is written `1000..=1099`"
    } else {
        "write the smaller number first: `1000..=1099`"
    };
    Diagnostic::error(
        "P0116",
        text.span,
        format!("{what} is a range, not `{}`", text.value),
    )
    .help(help)
}

/// A range of integers.
///
/// Raises P0116 (not a range).
pub(super) fn range(node: Node, diagnostics: &mut Diagnostics) -> Option<Spanned<(i128, i128)>> {
    let text = text(node, "`range`", diagnostics)?;
    let found = bounds(&text.value);
    if found.is_none() {
        diagnostics.push(not_a_range(&text, "`range`"));
    }
    Some(Spanned::new(found?, text.span))
}

/// A range of packet ids.
///
/// Raises P0116 (not a range).
pub(super) fn id_range(node: Node, diagnostics: &mut Diagnostics) -> Option<Spanned<(u64, u64)>> {
    let text = text(node, "a group", diagnostics)?;
    let found = bounds_u64(&text.value);
    if found.is_none() {
        diagnostics.push(not_a_range(&text, "a group"));
    }
    Some(Spanned::new(found?, text.span))
}

/// A size or a range of sizes.
///
/// Raises P0116 (neither).
pub(super) fn size_range(node: Node, diagnostics: &mut Diagnostics) -> Option<Spanned<(u64, u64)>> {
    let text = text(node, "`size`", diagnostics)?;
    let single = integer(&text.value).and_then(|value| u64::try_from(value).ok());
    let found = single
        .map(|size| (size, size))
        .or_else(|| bounds_u64(&text.value));
    if found.is_none() {
        diagnostics.push(
            not_a_range(&text, "a packet's `size`").help("write `size: 20` or `size: 20..=1024`"),
        );
    }
    Some(Spanned::new(found?, text.span))
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
    match type_expression(&text.value, base) {
        Ok(ty) => Some(Spanned::new(ty, text.span)),
        Err(problem) => {
            diagnostics.push(*problem);
            None
        }
    }
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
    match super::expr::expression(&text.value, base) {
        Ok(expr) => Some(Spanned::new(expr, text.span)),
        Err(problem) => {
            diagnostics.push(*problem);
            None
        }
    }
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
