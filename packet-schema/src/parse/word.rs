//! What a single piece of text stands for: a number, a range, a size, a type, an expression.
//!
//! In: text with its place, wherever it was written. Both front ends, YAML and the derive macro, read
//! their values here, so that they mean the same and are refused in the same words.

use super::expr::integer;
use super::foreign;
use crate::diagnostic::{Diagnostic, Diagnostics, Spanned, did_you_mean};
use crate::model::{BitOrder, Encoding, Endian, Unknown};
use crate::syntax::{Counts, Expr, PacketId, TrailingSaid, TypeExpr};

/// The choices of `endian`.
pub const ENDIANS: &[(&str, Endian)] = &[("big", Endian::Big), ("little", Endian::Little)];
/// The choices of `bit_order`.
pub const BIT_ORDERS: &[(&str, BitOrder)] = &[("msb", BitOrder::Msb), ("lsb", BitOrder::Lsb)];
/// The choices of `counts`.
pub const COUNTS: &[(&str, Counts)] = &[("packet", Counts::Packet), ("body", Counts::Body)];
/// The choices of `unknown`.
pub const UNKNOWNS: &[(&str, Unknown)] = &[
    ("reject", Unknown::Reject),
    ("keep", Unknown::Keep),
    ("skip", Unknown::Skip),
];
/// The choices of `trailing`.
pub const TRAILING: &[(&str, TrailingSaid)] = &[
    ("reject", TrailingSaid::Reject),
    ("skip", TrailingSaid::Skip),
    ("keep", TrailingSaid::Keep),
];
/// The choices of `encoding`.
pub const ENCODINGS: &[(&str, Encoding)] = &[
    ("utf8", Encoding::Utf8),
    ("ascii", Encoding::Ascii),
    ("latin1", Encoding::Latin1),
    // The order is the field's, which is not known here.
    ("utf16", Encoding::Utf16(Endian::Big)),
];

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
    } else if digits.contains(['e', 'E']) && digits.parse::<f64>().is_ok() {
        Some("write the number without an exponent")
    } else if integer(digits).is_some() && !text.value.starts_with('-') {
        Some("it is too large")
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

/// An integer from 0; `what` it is for stands in the message.
///
/// Raises P0114 (not such a number).
pub fn unsigned(
    text: &Spanned<String>,
    what: &str,
    diagnostics: &mut Diagnostics,
) -> Option<Spanned<u64>> {
    let value = integer(&text.value).and_then(|value| u64::try_from(value).ok());
    if value.is_none() {
        diagnostics.push(not_a_number("P0114", text, what, "a whole number from 0"));
    }
    Some(Spanned::new(value?, text.span))
}

/// An integer.
///
/// Raises P0114 (not such a number).
pub(super) fn signed(
    text: &Spanned<String>,
    what: &str,
    diagnostics: &mut Diagnostics,
) -> Option<Spanned<i64>> {
    let value = integer(&text.value).and_then(|value| i64::try_from(value).ok());
    if value.is_none() {
        diagnostics.push(not_a_number(
            "P0114",
            text,
            what,
            "a whole number of 64 bits",
        ));
    }
    Some(Spanned::new(value?, text.span))
}

/// A number other than 0, perhaps with a fraction.
///
/// Raises P0114 (not such a number).
pub fn factor(
    text: &Spanned<String>,
    what: &str,
    diagnostics: &mut Diagnostics,
) -> Option<Spanned<f64>> {
    let digits = text.value.strip_prefix('-').unwrap_or(&text.value);
    let is_number = digits.starts_with(|c: char| c.is_ascii_digit());
    let value = text.value.parse::<f64>().ok();
    let value = value.filter(|value| is_number && value.is_normal());
    if value.is_none() {
        diagnostics.push(
            Diagnostic::error(
                "P0114",
                text.span,
                format!("{what} is a number other than 0, not `{}`", text.value),
            )
            .help("write a number such as `0.1` or `10`"),
        );
    }
    Some(Spanned::new(value?, text.span))
}

/// `true` or `false`.
///
/// Raises P0115 (neither).
pub fn boolean(
    text: &Spanned<String>,
    what: &str,
    diagnostics: &mut Diagnostics,
) -> Option<Spanned<bool>> {
    one_of(text, what, &[("true", true), ("false", false)], diagnostics)
}

/// One of some words.
///
/// Raises P0115 (none of them).
pub fn one_of<T: Clone>(
    text: &Spanned<String>,
    what: &str,
    choices: &[(&str, T)],
    diagnostics: &mut Diagnostics,
) -> Option<Spanned<T>> {
    let found = choices.iter().find(|(word, _)| *word == text.value);
    if found.is_none() {
        let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
        diagnostics.push(
            Diagnostic::error(
                "P0115",
                text.span,
                format!("{what} is {}, not `{}`", either(&words), text.value),
            )
            .maybe_help(match foreign::choice(&text.value, &words) {
                Some(meant) => Some(format!("write `{meant}`")),
                None => did_you_mean(&text.value, words.iter().copied()),
            }),
        );
    }
    found.map(|(_, value)| Spanned::new(value.clone(), text.span))
}

/// `a`, `b` or `c`
fn either(words: &[&str]) -> String {
    match words {
        [others @ .., last] if !others.is_empty() => {
            format!("`{}` or `{last}`", others.join("`, `"))
        }
        _ => format!("`{}`", words.join("`, `")),
    }
}

/// A number of bytes: `512`, `64KiB`, `1MiB`.
///
/// Raises P0114 (not such a number).
pub fn byte_size(
    text: &Spanned<String>,
    what: &str,
    diagnostics: &mut Diagnostics,
) -> Option<Spanned<u64>> {
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
            text,
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
    let help = match text.value.split_once("..=") {
        Some((low, high)) if integer(low.trim()) > integer(high.trim()) => {
            "write the smaller number first: `1000..=1099`"
        }
        _ => "a range includes both ends and is written `1000..=1099`",
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
pub fn range(
    text: &Spanned<String>,
    diagnostics: &mut Diagnostics,
) -> Option<Spanned<(i128, i128)>> {
    let found = bounds(&text.value);
    if found.is_none() {
        diagnostics.push(not_a_range(text, "`range`"));
    }
    Some(Spanned::new(found?, text.span))
}

/// A range of packet ids.
///
/// Raises P0116 (not a range).
pub(super) fn id_range(
    text: &Spanned<String>,
    diagnostics: &mut Diagnostics,
) -> Option<Spanned<(u64, u64)>> {
    let found = bounds_u64(&text.value);
    if found.is_none() {
        diagnostics.push(not_a_range(text, "a group"));
    }
    Some(Spanned::new(found?, text.span))
}

/// A packet's id: a number, a range of numbers, or the name of an enum's value.
///
/// Raises P0114, P0116 (none of them).
pub fn packet_id(
    text: &Spanned<String>,
    diagnostics: &mut Diagnostics,
) -> Option<Spanned<PacketId>> {
    if text.value.contains("..=") {
        let found = bounds_u64(&text.value);
        if found.is_none() {
            diagnostics.push(not_a_range(text, "`id`"));
        }
        return found.map(|(low, high)| Spanned::new(PacketId::Numbers(low, high), text.span));
    }
    if text.value.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return Some(Spanned::new(PacketId::Name(text.value.clone()), text.span));
    }
    let id = unsigned(text, "`id`", diagnostics)?;
    Some(id.map(|id| PacketId::Numbers(id, id)))
}

/// A size or a range of sizes.
///
/// Raises P0116 (neither).
pub fn size_range(
    text: &Spanned<String>,
    diagnostics: &mut Diagnostics,
) -> Option<Spanned<(u64, u64)>> {
    let single = integer(&text.value).and_then(|value| u64::try_from(value).ok());
    let found = single
        .map(|size| (size, size))
        .or_else(|| bounds_u64(&text.value));
    if found.is_none() {
        diagnostics.push(
            not_a_range(text, "a packet's `size`")
                .help("write one number, such as `20`, or both ends, such as `20..=1024`"),
        );
    }
    Some(Spanned::new(found?, text.span))
}

/// A type as it is written, whose first character stands at `base`.
///
/// Raises P0108, P0109 (not a type).
pub fn type_expr(
    text: &Spanned<String>,
    base: usize,
    diagnostics: &mut Diagnostics,
) -> Option<Spanned<TypeExpr>> {
    read(
        super::expr::type_expression(&text.value, base),
        text,
        diagnostics,
    )
}

/// An expression, whose first character stands at `base`.
///
/// Raises P0108 (not an expression).
pub fn expression(
    text: &Spanned<String>,
    base: usize,
    diagnostics: &mut Diagnostics,
) -> Option<Spanned<Expr>> {
    read(
        super::expr::expression(&text.value, base),
        text,
        diagnostics,
    )
}

fn read<T>(
    found: Result<T, Box<Diagnostic>>,
    text: &Spanned<String>,
    diagnostics: &mut Diagnostics,
) -> Option<Spanned<T>> {
    found
        .map(|found| Spanned::new(found, text.span))
        .map_err(|problem| diagnostics.push(*problem))
        .ok()
}
