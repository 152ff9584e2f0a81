//! What is said about the struct as a whole: `id`, `size`, `endian`, the header.

use super::attribute::Keys;
use super::{Context, doc, history, wire};
use packet_schema::diagnostic::{Span, Spanned};
use packet_schema::model::Sender;
use packet_schema::parse::word;
use packet_schema::syntax::{
    Counts, Field, FieldKind, Framing, HeaderRole, History, Order, Packet, PacketId, Said, Schema,
    Target, TypeExpr,
};
use syn::DeriveInput;

/// A protocol with one packet that has no fields yet.
pub(super) fn read(input: &DeriveInput, keys: &mut Keys, context: &mut Context) -> Schema {
    let name = context.spans.spanned(input.ident.to_string(), &input.ident);
    let id_place = keys.place("id");
    let id = keys
        .text("id", context)
        .and_then(|text| packet_id(&text, context));
    let size = keys
        .text("size", context)
        .and_then(|text| word::size_range(&text, &mut context.diagnostics));
    let order = order(keys, context);
    let trailing = keys.text("trailing", context).and_then(|text| {
        word::one_of(
            &text,
            "`trailing`",
            word::TRAILING,
            &mut context.diagnostics,
        )
    });
    let history = history(&input.attrs, keys, context);
    let framing = framing(keys, id_place, context);
    let mut schema = schema(name.span);
    // The header follows the struct's byte order too, so it is the protocol's.
    schema.order = order;
    schema.framing = framing;
    schema.packets.push(Packet {
        history,
        doc: doc(&input.attrs),
        id,
        size,
        trailing,
        ..packet(name)
    });
    schema
}

/// A protocol without anything.
pub(super) fn schema(span: Span) -> Schema {
    Schema {
        // Names nothing that a user sees: errors name the packet.
        protocol: Spanned::new("derived".to_owned(), span),
        version: None,
        doc: None,
        order: Order::default(),
        imports: Vec::new(),
        framing: None,
        framings: Vec::new(),
        groups: Vec::new(),
        types: Vec::new(),
        packets: Vec::new(),
        session: None,
    }
}

/// A packet of which nothing is said.
pub(super) fn packet(name: Spanned<String>) -> Packet {
    Packet {
        name,
        doc: None,
        history: History::default(),
        order: Order::default(),
        framing: None,
        id: None,
        header: Vec::new(),
        group: None,
        size: None,
        sender: Sender::Both,
        trailing: None,
        states: None,
        then: Vec::new(),
        checksum_extra: None,
        fields: Vec::new(),
        vectors: Vec::new(),
    }
}

/// `endian` and `bit_order`.
pub(super) fn order(keys: &mut Keys, context: &mut Context) -> Order {
    let endian = keys
        .text("endian", context)
        .and_then(|text| word::one_of(&text, "`endian`", word::ENDIANS, &mut context.diagnostics));
    let bit_order = keys.text("bit_order", context).and_then(|text| {
        word::one_of(
            &text,
            "`bit_order`",
            word::BIT_ORDERS,
            &mut context.diagnostics,
        )
    });
    Order {
        endian: endian.map(|found| found.value),
        bit_order: bit_order.map(|found| found.value),
    }
}

/// The header that is written out, or else the usual one for a packet with an id.
///
/// Raises P0703 (something about a header that is not there).
pub(super) fn framing(keys: &mut Keys, id: Option<Span>, context: &mut Context) -> Option<Framing> {
    let header = keys.list("header", context).map(|(span, items)| {
        let fields = items
            .into_iter()
            .filter_map(|item| wire::field(item, context));
        (span, fields.map(with_role).collect())
    });
    let trailer_place = keys.place("trailer");
    let trailer = wire::fields("trailer", keys, context);
    let counts = keys
        .text("counts", context)
        .and_then(|text| self::counts(&text, context));
    let bias_place = keys.place("bias");
    let bias = keys
        .text("bias", context)
        .and_then(|text| self::bias(&text, context));
    let max_place = keys.place("max_size");
    let max_size = keys
        .text("max_size", context)
        .and_then(|text| word::byte_size(&text, "`max_size`", &mut context.diagnostics));
    let Some((span, mut header)) = header.or_else(|| Some((id?, usual_header(id?)))) else {
        let counts = counts.as_ref().map(|counts| counts.span);
        let without = [counts, bias_place, max_place, trailer_place];
        for span in without.into_iter().flatten() {
            context.error(
                "P0703",
                span,
                "this is about a header, and the packet has none",
                "give the packet an `id`, or write the header out: `header(size: u16, id: u16)`",
            );
        }
        return None;
    };
    let is_size = |field: &&mut Field| {
        let role = field.attributes.role.map(|role| role.value);
        role == Some(HeaderRole::Size)
    };
    if let Some(size) = header.iter_mut().find(is_size) {
        size.attributes.counts = counts;
        size.attributes.bias = bias;
    }
    Some(Framing {
        span,
        max_size,
        header,
        trailer,
        ..Framing::default()
    })
}

/// A number or a range of numbers. Names of an enum's values are known to that alone.
///
/// Raises P0114, P0116 (neither).
fn packet_id(text: &Spanned<String>, context: &mut Context) -> Option<Spanned<PacketId>> {
    if text.value.contains("..=") {
        return word::packet_id(text, &mut context.diagnostics);
    }
    let id = word::unsigned(text, "`id`", &mut context.diagnostics)?;
    Some(id.map(|id| PacketId::Numbers(id, id)))
}

/// Raises P0114 (no number).
fn bias(text: &Spanned<String>, context: &mut Context) -> Option<Spanned<i64>> {
    let Ok(bias) = text.value.parse() else {
        let message = format!("`bias` is a whole number, not `{}`", text.value);
        context.error(
            "P0114",
            text.span,
            message,
            "write digits, with `-` in front if need be",
        );
        return None;
    };
    Some(Spanned::new(bias, text.span))
}

/// `packet`, `body`, `from(field)`
fn counts(text: &Spanned<String>, context: &mut Context) -> Option<Spanned<Counts>> {
    let from = text.value.strip_prefix("from(");
    if let Some(field) = from.and_then(|rest| rest.strip_suffix(')')) {
        let field = Spanned::new(field.trim().to_owned(), text.span);
        return Some(Spanned::new(Counts::From(field), text.span));
    }
    word::one_of(text, "`counts`", word::COUNTS, &mut context.diagnostics)
}

/// The header of most protocols of our own: the size of the whole packet and its id, 16 bits each.
fn usual_header(span: Span) -> Vec<Field> {
    let field = |name: &str| Field {
        name: Spanned::new(name.to_owned(), span),
        kind: FieldKind::Type(Spanned::new(
            TypeExpr {
                name: Spanned::new("u16".to_owned(), span),
                target: Target::Written,
                suffixes: Vec::new(),
            },
            span,
        )),
        attributes: Said::default(),
    };
    ["size", "id"].map(|name| with_role(field(name))).into()
}

/// In a header, what a field means to the framing follows from its name.
fn with_role(mut field: Field) -> Field {
    if field.attributes.role.is_some() {
        return field;
    }
    field.attributes.role = match field.name.value.as_str() {
        "size" => Some(HeaderRole::Size),
        "id" => Some(HeaderRole::Id),
        _ => None,
    }
    .map(|role| Spanned::new(role, field.name.span));
    field
}
