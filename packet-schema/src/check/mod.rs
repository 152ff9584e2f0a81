//! Syntax into the checked model.
//!
//! In: a schema as it was written. Out: a [`Protocol`] in which every name is resolved and every rule
//! that does not need offsets is kept, or the problems, all of them. Rules about places and sizes are
//! [`crate::layout`]'s. What could not be resolved is left out and not reported again where it is used.
//!
//! | Step | Rules | Codes |
//! |---|---|---|
//! | `names` | identifiers, duplicates, casing | P0201–P0204 |
//! | `types` | references, aliases, enums, flags, widths | P0205–P0211 |
//! | `history` | versions | P0212 |
//! | `fields` | what fields may hold and say | P0301–P0310, P0322, P0323, P0325, P0327–P0331, P0335, P0336, P0407 |
//! | `expr` | what expressions may read and give | P0401–P0404, P0408 |
//! | `derive` | which fields are computed, and whether they can be | P0325, P0405, P0406, P0409 |
//! | `packets` | headers, ids, groups | P0305, P0335, P0501–P0509 |
//! | `session` | states, and what packets do to them | P0801–P0809 |

mod derive;
mod expr;
mod fields;
mod foreign;
mod history;
mod names;
mod packets;
mod session;
mod types;

pub(crate) use fields::{MAX_ENTRIES, too_many};
pub(crate) use history::check as check_history;
pub(crate) use types::is_builtin;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Protocol, Struct, StructId};
use crate::syntax::{Order, Schema, TypeBody};

/// Most fields that the headers of all packets have together.
const MAX_HEADERS: usize = 1 << 16;

/// Checks a schema. The result is `None` if anything is wrong; warnings alone don't count.
pub fn check(schema: &Schema, diagnostics: &mut Diagnostics) -> Option<Protocol> {
    let protocol = resolve(schema, diagnostics);
    (!diagnostics.has_errors()).then_some(protocol)
}

/// Checks a schema. If anything is wrong, the structs that are concerned are marked as broken, so that
/// the others can be laid out and their problems be shown as well.
pub(crate) fn resolve(schema: &Schema, diagnostics: &mut Diagnostics) -> Protocol {
    names::check(schema, diagnostics);
    history::check(schema, diagnostics);
    let types = types::Types::collect(schema, diagnostics);
    let mut structs = Vec::new();
    for definition in &schema.types {
        let TypeBody::Struct(fields) = &definition.body else {
            continue;
        };
        let scope = fields::Scope {
            types: &types,
            order: inherit(definition.order, schema.order),
            header_whole: true,
            frame: false,
        };
        let (fields, whole) = fields::check(&scope, fields, &[], diagnostics);
        structs.push(Struct {
            name: definition.name.value.clone(),
            doc: definition.doc.clone(),
            fields,
            header_fields: 0,
            derive_order: Vec::new(),
            broken: !whole || diagnostics.is_partial(definition.name.span),
            span: definition.name.span,
        });
    }
    let errors = diagnostics.errors();
    let framing = packets::framing(schema, diagnostics);
    let mut header_whole =
        diagnostics.errors() == errors && framing.as_ref().is_none_or(|found| !found.partial);
    let header = schema
        .framing
        .as_ref()
        .map_or(&[][..], |framing| &framing.header);
    let mut states = session::states(schema, diagnostics);
    let mut steps = Vec::new();
    let mut bodies = Vec::new();
    // Every packet has the header's fields.
    let copies = header.len().saturating_mul(schema.packets.len());
    if let (Some(framing), true) = (&schema.framing, copies > MAX_HEADERS) {
        let message =
            format!("the headers of all packets have {copies} fields, more than {MAX_HEADERS}");
        let problem = Diagnostic::error("P0102", framing.span, message);
        diagnostics.push(problem.help("split the schema"));
    }
    for packet in &schema.packets {
        if copies > MAX_HEADERS || diagnostics.is_full() {
            header_whole = false;
            // Nothing is known of what the packets left out do to it.
            states = None;
            bodies.push(StructId(structs.len()));
            structs.push(Struct {
                name: packet.name.value.clone(),
                doc: None,
                fields: Vec::new(),
                header_fields: 0,
                derive_order: Vec::new(),
                broken: true,
                span: packet.name.span,
            });
            continue;
        }
        let header_scope = fields::Scope {
            types: &types,
            order: schema.order,
            header_whole: true,
            frame: true,
        };
        // Mistakes in the header are reported once, not again for each packet.
        let mut again = Diagnostics::after(diagnostics);
        let first = bodies.is_empty();
        let into = if first { &mut *diagnostics } else { &mut again };
        let errors = into.errors();
        let (mut fields, whole) = fields::check(&header_scope, header, &[], into);
        let header_fields = fields.len();
        packets::header_roles(schema, packet, &mut fields, into);
        header_whole &= whole && into.errors() == errors;
        let scope = fields::Scope {
            types: &types,
            order: inherit(packet.order, schema.order),
            header_whole,
            frame: false,
        };
        let (body, whole) = fields::check(&scope, &packet.fields, &fields, diagnostics);
        fields.extend(body);
        if header_whole {
            let into = if first { &mut *diagnostics } else { &mut again };
            let reach = fields::checksums::Reach {
                first: 0,
                body: Some(header_fields..fields.len()),
                extra: packet.checksum_extra.map(|extra| extra.value),
            };
            let wholes = vec![true; fields.len()];
            let errors = into.errors();
            fields::checksums::check(header, &mut fields, &wholes, &reach, into);
            header_whole = into.errors() == errors;
        }
        steps.extend(states.as_mut().map(|states| {
            let whole = whole && header_whole;
            states.steps(packet, whole.then_some(&fields), &types, diagnostics)
        }));
        bodies.push(StructId(structs.len()));
        structs.push(Struct {
            name: packet.name.value.clone(),
            doc: packet.doc.clone(),
            fields,
            header_fields,
            derive_order: Vec::new(),
            broken: !whole || !header_whole || diagnostics.is_partial(packet.name.span),
            span: packet.name.span,
        });
    }
    let (enums, flags) = types.into_named();
    let mut packets = packets::check(schema, &bodies, diagnostics);
    let session = states.map(|states| states.finish(steps.iter(), diagnostics));
    for (packet, steps) in packets.iter_mut().zip(steps) {
        packet.steps = steps;
    }
    for body in structs.iter_mut().filter(|body| !body.broken) {
        let errors = diagnostics.errors();
        derive::check(body, diagnostics);
        body.broken = diagnostics.errors() != errors;
    }
    Protocol {
        name: schema.protocol.value.clone(),
        version: schema.version.map(|version| version.value),
        doc: schema.doc.clone(),
        framing: framing.filter(|_| header_whole),
        structs,
        enums,
        flags,
        packets,
        session,
    }
}

/// The order that `inner` asks for, else that of `outer`.
fn inherit(inner: Order, outer: Order) -> Order {
    Order {
        endian: inner.endian.or(outer.endian),
        bit_order: inner.bit_order.or(outer.bit_order),
    }
}
