//! Source text into [`syntax`](crate::syntax).
//!
//! In: a schema's text. Out: its syntax, and every problem of form: YAML, keys, kinds of values,
//! numbers, types and expressions that cannot be read. What the names mean is the next stage's.

pub(crate) mod expr;
mod field;
mod foreign;
mod framing;
pub mod keys;
mod mapping;
mod scalar;
mod session;
pub mod word;
mod yaml;

use crate::diagnostic::{Diagnostic, Diagnostics, Span, Spanned};
use crate::model::{Sender, Unknown};
use crate::syntax::{
    Group, History, Import, Named, Order, Packet, Schema, TypeBody, TypeDef, Vector,
};
use field::fields;
use framing::{framing, header_overrides};
use mapping::Mapping;
use scalar::{hex, id_range, one_of, packet_id, size_range, text, type_expr, unsigned, value};
use yaml::{Kind, Node};

/// Reads a schema's text. Problems are added to `diagnostics`; the result is as much as could be read,
/// or `None` if that is nothing.
///
/// Raises P0101 to P0119.
pub fn parse(source: &str, diagnostics: &mut Diagnostics) -> Option<Schema> {
    parse_at(source, 0, diagnostics)
}

/// Reads a schema's text, whose first byte has the offset `at`.
pub(crate) fn parse_at(source: &str, at: usize, diagnostics: &mut Diagnostics) -> Option<Schema> {
    let root = yaml::read(source, at, diagnostics)?;
    let mut map = Mapping::new(root, "a schema", diagnostics)?.keyed(&keys::SCHEMA);
    let start = Span::new(map.span.start, map.span.start);
    let protocol = map.take("protocol");
    let named = protocol.is_some();
    let protocol = protocol.and_then(|node| text(node, "`protocol`", diagnostics));
    // Without a whole section, what the others say about it cannot be judged.
    let mut sections = Some(());
    let schema = Schema {
        protocol: protocol.unwrap_or_else(|| Spanned::new("unnamed".to_owned(), start)),
        version: map.take("version").map(|node| {
            // What is said to be there since some version cannot be compared with one that was not read.
            let unread = Spanned::new(u64::MAX, node.span);
            unsigned(node, "`version`", diagnostics).unwrap_or(unread)
        }),
        doc: doc(&mut map, diagnostics),
        order: order(&mut map, diagnostics),
        framing: map.take_with_key("framing").and_then(|(span, node)| {
            let framing = framing(span, None, node, diagnostics);
            sections = sections.filter(|()| framing.is_some());
            framing
        }),
        framings: section(
            &mut map,
            "framings",
            &mut sections,
            diagnostics,
            |name, node, diagnostics| framing(name.span, Some(name), node, diagnostics),
        ),
        imports: section(&mut map, "imports", &mut sections, diagnostics, import),
        groups: section(&mut map, "groups", &mut sections, diagnostics, group),
        types: section(&mut map, "types", &mut sections, diagnostics, type_def),
        packets: section(&mut map, "packets", &mut sections, diagnostics, packet),
        session: map.take_with_key("session").and_then(|(span, node)| {
            let session = session::session(span, node, diagnostics);
            sections = sections.filter(|()| session.is_some());
            session
        }),
    };
    let gaps = diagnostics.gaps();
    let whole = map.finish("a schema", diagnostics);
    let sections = sections.filter(|()| diagnostics.gaps() == gaps);
    if whole && !named {
        diagnostics.push(
            Diagnostic::error("P0110", start, "the schema has no name")
                .help("a schema begins with `protocol: NAME`"),
        );
    }
    sections.map(|()| schema)
}

/// The entries of the map called `key`, if there is one; takes `sections` away if it is something else.
fn section<T>(
    map: &mut Mapping,
    key: &'static str,
    sections: &mut Option<()>,
    diagnostics: &mut Diagnostics,
    read: impl FnMut(Spanned<String>, Node, &mut Diagnostics) -> Option<T>,
) -> Vec<T> {
    let Some(node) = map.take(key) else {
        return Vec::new();
    };
    let entries = named_entries(node, &format!("`{key}`"), diagnostics, read);
    if entries.is_none() {
        *sections = None;
    }
    entries.unwrap_or_default()
}

/// Reads each entry of a map from names to things, and notes the names of those that have gaps.
fn named_entries<T>(
    node: Node,
    what: &str,
    diagnostics: &mut Diagnostics,
    mut read: impl FnMut(Spanned<String>, Node, &mut Diagnostics) -> Option<T>,
) -> Option<Vec<T>> {
    let mut map = Mapping::new(node, what, diagnostics)?;
    let mut entries = Vec::new();
    for (name, node) in map.take_all() {
        if diagnostics.is_full() {
            return None;
        }
        let gaps = diagnostics.gaps();
        let span = name.span;
        entries.extend(read(name, node, diagnostics));
        if diagnostics.gaps() != gaps {
            diagnostics.note_partial(span);
        }
    }
    Some(entries)
}

fn doc(map: &mut Mapping, diagnostics: &mut Diagnostics) -> Option<String> {
    let node = map.take("doc")?;
    text(node, "`doc`", diagnostics).map(|doc| doc.value)
}

/// `since`, and `deprecated`, which is `true` or says what to use instead.
fn history(map: &mut Mapping, diagnostics: &mut Diagnostics) -> History {
    let since = map
        .take("since")
        .and_then(|node| unsigned(node, "`since`", diagnostics));
    let deprecated = map
        .take("deprecated")
        .and_then(|node| text(node, "`deprecated`", diagnostics));
    History {
        since,
        deprecated: match deprecated {
            Some(word) if word.value == "false" => None,
            Some(word) if word.value == "true" => Some(Spanned::new(String::new(), word.span)),
            other => other,
        },
    }
}

fn order(map: &mut Mapping, diagnostics: &mut Diagnostics) -> Order {
    Order {
        endian: map.take("endian").and_then(|node| {
            one_of(node, "`endian`", word::ENDIANS, diagnostics).map(|found| found.value)
        }),
        bit_order: map.take("bit_order").and_then(|node| {
            one_of(node, "`bit_order`", word::BIT_ORDERS, diagnostics).map(|found| found.value)
        }),
    }
}

fn import(name: Spanned<String>, node: Node, diagnostics: &mut Diagnostics) -> Option<Import> {
    let path = text(node, "an import", diagnostics)?;
    Some(Import { name, path })
}

#[expect(clippy::unnecessary_wraps, reason = "as what reads the other sections")]
fn group(name: Spanned<String>, node: Node, diagnostics: &mut Diagnostics) -> Option<Group> {
    // A group without a range has no ids to compare with, but it is there.
    let range = id_range(node, diagnostics).unwrap_or(Spanned::new((0, u64::MAX), name.span));
    Some(Group { name, range })
}

/// A type: text is an alias; a map says by its first key what it is.
#[expect(clippy::unnecessary_wraps, reason = "as what reads the other sections")]
fn type_def(name: Spanned<String>, node: Node, diagnostics: &mut Diagnostics) -> Option<TypeDef> {
    let unread = TypeDef {
        name: name.clone(),
        import: String::new(),
        doc: None,
        order: Order::default(),
        body: TypeBody::Unread,
    };
    Some(type_body(name, node, diagnostics).unwrap_or(unread))
}

fn type_body(name: Spanned<String>, node: Node, diagnostics: &mut Diagnostics) -> Option<TypeDef> {
    if let Kind::Scalar { .. } = node.kind {
        let body = TypeBody::Alias(type_expr(node, diagnostics)?, None);
        return Some(TypeDef {
            name,
            import: String::new(),
            doc: None,
            order: Order::default(),
            body,
        });
    }
    let mut map = Mapping::new(node, "a type", diagnostics)?.keyed(&keys::TYPE);
    let doc = doc(&mut map, diagnostics);
    let body = if let Some(node) = map.take("struct") {
        map = map.keyed(&keys::STRUCT);
        TypeBody::Struct(fields(node, "`struct`", diagnostics))
    } else if let Some(node) = map.take("enum") {
        map = map.keyed(&keys::ENUM);
        let repr = type_expr(node, diagnostics);
        let unknown = unknown(&mut map, diagnostics);
        let values = map
            .take("values")
            .map_or_else(Vec::new, |node| named(node, "`values`", diagnostics));
        TypeBody::Enum {
            repr: repr?,
            unknown: unknown.unwrap_or(Spanned::new(Unknown::Reject, name.span)),
            values,
        }
    } else if let Some(node) = map.take("flags") {
        map = map.keyed(&keys::FLAGS);
        let repr = type_expr(node, diagnostics);
        let unknown = unknown(&mut map, diagnostics);
        let bits = map
            .take("bits")
            .map_or_else(Vec::new, |node| named(node, "`bits`", diagnostics));
        TypeBody::Flags {
            repr: repr?,
            unknown: unknown.map_or(Unknown::Reject, |found| found.value),
            bits,
        }
    } else if let Some(node) = map.take("type") {
        map = map.keyed(&keys::ALIAS);
        let ty = type_expr(node, diagnostics);
        let mut attributes = field::attributes(&mut map, diagnostics);
        attributes.doc.clone_from(&doc);
        map.finish("a type", diagnostics);
        let body = TypeBody::Alias(ty?, Some(Box::new(attributes)));
        return Some(TypeDef {
            name,
            import: String::new(),
            doc,
            order: Order::default(),
            body,
        });
    } else {
        let problem = Diagnostic::error(
            "P0111",
            name.span,
            format!("`{}` does not say what it is", name.value),
        )
        .help("a type has one of the keys `struct`, `enum`, `flags` or `type`");
        let keys = ["struct", "enum", "flags", "type"];
        map.without(&keys, "a type", problem, diagnostics);
        diagnostics.note_partial(name.span);
        return None;
    };
    // An enum's byte order is that of the fields that hold it.
    let order = match &body {
        TypeBody::Struct(_) => order(&mut map, diagnostics),
        _ => Order::default(),
    };
    map.finish("a type", diagnostics);
    Some(TypeDef {
        name,
        import: String::new(),
        doc,
        order,
        body,
    })
}

fn unknown(map: &mut Mapping, diagnostics: &mut Diagnostics) -> Option<Spanned<Unknown>> {
    let node = map.take("unknown")?;
    one_of(node, "`unknown`", word::UNKNOWNS, diagnostics)
}

/// `name: 3` or `name: { value: 3, doc: … }`.
fn named(node: Node, what: &str, diagnostics: &mut Diagnostics) -> Vec<Named> {
    let read = |name: Spanned<String>, node: Node, diagnostics: &mut Diagnostics| {
        if let Kind::Mapping(_) = node.kind {
            let mut map = Mapping::new(node, "a value", diagnostics)?.keyed(&keys::VALUE);
            let doc = doc(&mut map, diagnostics);
            let history = history(&mut map, diagnostics);
            let written = map.take("value");
            let missing = written.is_none();
            let value = written.and_then(|node| unsigned(node, "`value`", diagnostics));
            let whole = map.finish("a value", diagnostics);
            if whole && missing {
                diagnostics.push(
                    Diagnostic::error(
                        "P0112",
                        name.span,
                        format!("`{}` has no number", name.value),
                    )
                    .help("write `name: NUMBER` or `name: { value: NUMBER, doc: TEXT }`"),
                );
            }
            return Some(Named {
                name,
                value: value?,
                doc,
                history,
            });
        }
        let value = unsigned(node, "a value", diagnostics)?;
        Some(Named {
            name,
            value,
            doc: None,
            history: History::default(),
        })
    };
    named_entries(node, what, diagnostics, read).unwrap_or_default()
}

fn packet(name: Spanned<String>, node: Node, diagnostics: &mut Diagnostics) -> Option<Packet> {
    let mut map = Mapping::new(node, "a packet", diagnostics)?.keyed(&keys::PACKET);
    let packet = Packet {
        name,
        doc: doc(&mut map, diagnostics),
        history: history(&mut map, diagnostics),
        order: order(&mut map, diagnostics),
        framing: map
            .take("framing")
            .and_then(|node| text(node, "`framing`", diagnostics)),
        id: map.take("id").and_then(|node| packet_id(node, diagnostics)),
        header: map
            .take("header")
            .map_or_else(Vec::new, |node| header_overrides(node, diagnostics)),
        group: map
            .take("group")
            .and_then(|node| text(node, "`group`", diagnostics)),
        size: map
            .take("size")
            .and_then(|node| size_range(node, diagnostics)),
        sender: map
            .take("from")
            .and_then(|node| {
                let choices = [
                    ("client", Sender::Client),
                    ("server", Sender::Server),
                    ("both", Sender::Both),
                ];
                one_of(node, "`from`", &choices, diagnostics)
            })
            .map_or(Sender::Both, |found| found.value),
        trailing: map
            .take("trailing")
            .and_then(|node| one_of(node, "`trailing`", word::TRAILING, diagnostics)),
        states: map
            .take("in")
            .map(|node| session::names(node, "`in`", diagnostics)),
        then: map
            .take("then")
            .map_or_else(Vec::new, |node| session::then(node, diagnostics)),
        checksum_extra: map
            .take("checksum_extra")
            .and_then(|node| unsigned(node, "`checksum_extra`", diagnostics)),
        fields: map
            .take("fields")
            .map_or_else(Vec::new, |node| fields(node, "`fields`", diagnostics)),
        vectors: map
            .take("vectors")
            .map_or_else(Vec::new, |node| vectors(node, diagnostics)),
    };
    map.finish("a packet", diagnostics);
    Some(packet)
}

fn vectors(node: Node, diagnostics: &mut Diagnostics) -> Vec<Vector> {
    let Kind::Sequence(items) = node.kind else {
        diagnostics.push(Diagnostic::error(
            "P0104",
            node.span,
            format!("`vectors` is a list, this is {}", node.describe()),
        ));
        return Vec::new();
    };
    items
        .into_iter()
        .filter_map(|node| vector(node, diagnostics))
        .collect()
}

fn vector(node: Node, diagnostics: &mut Diagnostics) -> Option<Vector> {
    let mut map = Mapping::new(node, "a vector", diagnostics)?.keyed(&keys::VECTOR);
    let span = map.span;
    let errors = diagnostics.errors();
    let name = map
        .take("name")
        .and_then(|node| text(node, "`name`", diagnostics));
    let bytes = map.take("hex").and_then(|node| hex(node, diagnostics));
    let expected = map.take("value").map(|node| value(node, diagnostics));
    let encoded = map.take("encoded");
    let misplaced = encoded.is_some() && expected.is_none();
    let encoded = encoded.and_then(|node| hex(node, diagnostics));
    let error = map.take("error").and_then(|node| {
        let mut map = Mapping::new(node, "`error`", diagnostics)?.keyed(&keys::ERROR);
        let kind = map
            .take("kind")
            .and_then(|node| text(node, "`kind`", diagnostics));
        let at = map
            .take("at")
            .and_then(|node| text(node, "`at`", diagnostics));
        map.finish("`error`", diagnostics);
        Some((kind?, at))
    });
    let whole = map.finish("a vector", diagnostics) && diagnostics.errors() == errors;
    let one = expected.is_some() != error.is_some();
    if whole && (name.is_none() || bytes.is_none() || !one || misplaced) {
        diagnostics.push(
            Diagnostic::error("P0113", span, "a vector has a name, hex, and either a value or an error; `encoded` goes with a value")
                .help("write `{ name: TEXT, hex: \"00 01\", value: { … } }` or `{ name: TEXT, hex: \"00\", error: { kind: truncated, at: FIELD } }`"),
        );
    }
    Some(Vector {
        name: name?,
        bytes: bytes?,
        value: expected,
        encoded,
        error,
    })
}
