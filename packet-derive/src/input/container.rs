//! What is said about the struct as a whole: `id`, `size`, `endian`, the header.

use super::attribute::Keys;
use super::{Context, doc, history, wire};
use packet_schema::diagnostic::{Span, Spanned};
use packet_schema::model::Sender;
use packet_schema::parse::word;
use packet_schema::syntax::{
    Counts, Field, FieldKind, Framing, HeaderRole, Order, Packet, PacketId, Said, Schema, Target,
    TypeExpr,
};
use syn::DeriveInput;

/// A protocol with one packet that has no fields yet.
pub(super) fn read(input: &DeriveInput, keys: &mut Keys, context: &mut Context) -> Schema {
    let name = context.spans.spanned(input.ident.to_string(), &input.ident);
    let id_place = keys.place("id");
    let id = keys
        .text("id", context)
        .and_then(|text| word::unsigned(&text, "`id`", &mut context.diagnostics))
        .map(|id| id.map(|id| PacketId::Numbers(id, id)));
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
    Schema {
        // Names nothing that a user sees: errors name the packet.
        protocol: Spanned::new("derived".to_owned(), name.span),
        version: None,
        doc: None,
        order,
        imports: Vec::new(),
        framing,
        framings: Vec::new(),
        groups: Vec::new(),
        types: Vec::new(),
        packets: vec![Packet {
            history,
            name,
            doc: doc(&input.attrs),
            // The header follows the struct's byte order too, so it is the protocol's.
            order: Order::default(),
            framing: None,
            id,
            header: Vec::new(),
            group: None,
            size,
            sender: Sender::Both,
            trailing,
            states: None,
            then: Vec::new(),
            checksum_extra: None,
            fields: Vec::new(),
            vectors: Vec::new(),
        }],
        session: None,
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
fn framing(keys: &mut Keys, id: Option<Span>, context: &mut Context) -> Option<Framing> {
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
    let max_place = keys.place("max_size");
    let max_size = keys
        .text("max_size", context)
        .and_then(|text| word::byte_size(&text, "`max_size`", &mut context.diagnostics));
    let Some((span, mut header)) = header.or_else(|| Some((id?, usual_header(id?)))) else {
        let counts = counts.as_ref().map(|counts| counts.span);
        let without = [counts, max_place, trailer_place];
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
    if let Some(size) = header
        .iter_mut()
        .find(|field: &&mut Field| field.name.value == "size")
    {
        size.attributes.counts = counts;
    }
    Some(Framing {
        span,
        max_size,
        header,
        trailer,
        ..Framing::default()
    })
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
    field.attributes.role = match field.name.value.as_str() {
        "size" => Some(HeaderRole::Size),
        "id" => Some(HeaderRole::Id),
        _ => None,
    }
    .map(|role| Spanned::new(role, field.name.span));
    field
}
