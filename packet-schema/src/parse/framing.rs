//! The framing, and what packets say about its header.

use super::field::fields;
use super::keys;
use super::mapping::Mapping;
use super::scalar::{boolean, byte_size, one_of, text};
use super::yaml::{Kind, Node};
use crate::diagnostic::{Diagnostic, Diagnostics, Span, Spanned};
use crate::model::{Endian, OnCorrupt, OnUnknownId};
use crate::syntax::{
    Attributes, Field, FieldKind, Framing, HeaderOverride, Mode, Order, Replacement, Said, Target,
    TypeExpr,
};

/// What stands under `framing`, or under a name in `framings`.
pub(super) fn framing(
    span: Span,
    name: Option<Spanned<String>>,
    node: Node,
    diagnostics: &mut Diagnostics,
) -> Option<Framing> {
    let mut map = Mapping::new(node, "`framing`", diagnostics)?.keyed(&keys::FRAMING);
    let gaps = diagnostics.gaps();
    let mode = mode(&mut map, diagnostics);
    let end = mode.as_ref().and_then(end_mark);
    let framing = Framing {
        span,
        name,
        mode,
        max_size: map
            .take("max_size")
            .and_then(|node| byte_size(node, "`max_size`", diagnostics)),
        on_unknown_id: map
            .take("on_unknown_id")
            .and_then(|node| {
                let choices = [("skip", OnUnknownId::Skip), ("close", OnUnknownId::Close)];
                one_of(node, "`on_unknown_id`", &choices, diagnostics)
            })
            .map_or(OnUnknownId::Close, |found| found.value),
        resync: map
            .take("on_corrupt")
            .and_then(|node| {
                let choices = [("close", OnCorrupt::Close), ("resync", OnCorrupt::Resync)];
                one_of(node, "`on_corrupt`", &choices, diagnostics)
            })
            .filter(|found| found.value == OnCorrupt::Resync)
            .map(|found| found.span),
        header: map
            .take("header")
            .map_or_else(Vec::new, |node| fields(node, "`header`", diagnostics)),
        trailer: map
            .take("trailer")
            .map_or_else(Vec::new, |node| fields(node, "`trailer`", diagnostics))
            .into_iter()
            .chain(end)
            .collect(),
    };
    map.finish("`framing`", diagnostics);
    if diagnostics.gaps() != gaps {
        diagnostics.note_partial(span);
    }
    Some(framing)
}

/// The one of the keys `fixed`, `delimiter`, `until_close` and `datagram` that is there.
///
/// Raises P0510 (several of them).
fn mode(map: &mut Mapping, diagnostics: &mut Diagnostics) -> Option<Spanned<Mode>> {
    let mut found: Vec<(&str, Span, Option<Spanned<Mode>>)> = Vec::new();
    if let Some((span, node)) = map.take_with_key("fixed") {
        let size = byte_size(node, "`fixed`", diagnostics);
        found.push(("fixed", span, size.map(|size| size.map(Mode::Fixed))));
    }
    if let Some((span, node)) = map.take_with_key("delimiter") {
        let bytes = delimiter(node, diagnostics);
        found.push((
            "delimiter",
            span,
            bytes.map(|bytes| bytes.map(Mode::Delimiter)),
        ));
    }
    for (key, mode) in [
        ("until_close", Mode::UntilClose),
        ("datagram", Mode::Datagram),
    ] {
        if let Some((span, node)) = map.take_with_key(key) {
            let set = boolean(node, &format!("`{key}`"), diagnostics);
            if set.is_none_or(|set| set.value) {
                found.push((key, span, set.map(|set| set.map(|_| mode))));
            }
        }
    }
    if let [(first, at, _), (second, span, _), ..] = found.as_slice() {
        diagnostics.push(
            Diagnostic::error(
                "P0510",
                *span,
                format!("packets are delimited by `{first}` or by `{second}`, not by both"),
            )
            .also(*at, "the other one")
            .help("leave one of them out"),
        );
    }
    found.into_iter().next()?.2
}

/// The field at the end of a packet that is the delimiter.
fn end_mark(mode: &Spanned<Mode>) -> Option<Field> {
    let Mode::Delimiter(bytes) = &mode.value else {
        return None;
    };
    let number = bytes
        .iter()
        .fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    let span = mode.span;
    let ty = TypeExpr {
        name: Spanned::new(format!("u{}", 8 * bytes.len()), span),
        suffixes: Vec::new(),
        target: Target::Written,
    };
    Some(Field {
        name: Spanned::new("_".to_owned(), span),
        kind: FieldKind::Type(Spanned::new(ty, span)),
        attributes: Said::from(Attributes {
            order: Order {
                endian: Some(Endian::Big),
                bit_order: None,
            },
            constant: Some(Spanned::new(number.to_string(), span)),
            ..Attributes::default()
        }),
    })
}

/// Text of 1 to 8 bytes, in which `\r`, `\n`, `\t`, `\0` and `\xNN` may stand.
///
/// Raises P0510 (not such a text).
fn delimiter(node: Node, diagnostics: &mut Diagnostics) -> Option<Spanned<Vec<u8>>> {
    let text = text(node, "`delimiter`", diagnostics)?;
    let bytes = unescaped(&text.value).filter(|bytes| (1..=8).contains(&bytes.len()));
    if bytes.is_none() {
        diagnostics.push(
            Diagnostic::error("P0510", text.span, "a delimiter has 1 to 8 bytes").help(
                "write text in double quotes, such as `\"\\r\\n\"`; single bytes are `\\x00`",
            ),
        );
    }
    Some(Spanned::new(bytes?, text.span))
}

/// The bytes of a text. YAML leaves escapes as they are where there are no double quotes.
fn unescaped(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        if c != '\\' {
            // A byte that YAML wrote as `\xNN` is a character up to U+00FF by now.
            bytes.push(u8::try_from(u32::from(c)).ok()?);
            continue;
        }
        bytes.push(match rest.next()? {
            'r' => b'\r',
            'n' => b'\n',
            't' => b'\t',
            '0' => 0,
            '\\' => b'\\',
            'x' => {
                let digits: String = rest.by_ref().take(2).collect();
                u8::from_str_radix(&digits, 16).ok()?
            }
            _ => return None,
        });
    }
    Some(bytes)
}

/// `header: { FIELD: VALUE, FIELD: [ … ] }` of a packet.
pub(super) fn header_overrides(node: Node, diagnostics: &mut Diagnostics) -> Vec<HeaderOverride> {
    let Some(mut map) = Mapping::new(node, "a packet's `header`", diagnostics) else {
        return Vec::new();
    };
    let read = |(name, node): (Spanned<String>, Node)| {
        let with = match node.kind {
            Kind::Sequence(_) => {
                let what = format!("`{}`", name.value);
                Replacement::Fields(fields(node, &what, diagnostics))
            }
            _ => Replacement::Value(text(node, "a constant", diagnostics)?),
        };
        Some(HeaderOverride { name, with })
    };
    map.take_all().into_iter().filter_map(read).collect()
}
