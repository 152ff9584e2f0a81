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
//! | `headers` | each packet's header and trailer | P0501, P0507, P0513–P0515, P0517 |
//! | `packets` | framings, ids, groups | P0305, P0335, P0501–P0510, P0512, P0521 |
//! | `session` | states, and what packets do to them | P0801–P0809 |

mod derive;
mod expr;
mod fields;
mod foreign;
mod headers;
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
            trailer_fields: 0,
            derive_order: Vec::new(),
            checksum_order: Vec::new(),
            broken: !whole || diagnostics.is_partial(definition.name.span),
            span: definition.name.span,
        });
    }
    let header_scope = fields::Scope {
        types: &types,
        order: schema.order,
        header_whole: true,
        frame: true,
    };
    let mut framings = Vec::new();
    let mut headers = Vec::new();
    packets::roles_elsewhere(schema, diagnostics);
    for said in headers::framings(schema) {
        let errors = diagnostics.errors();
        let mut header = headers::Header::new(&header_scope, said, diagnostics);
        let framing = packets::framing(said, diagnostics);
        header.whole &= diagnostics.errors() == errors && !framing.partial;
        framings.push(framing);
        headers.push(header);
    }
    let mut states = session::states(schema, diagnostics);
    let mut steps = Vec::new();
    let mut frames = Vec::new();
    let excess = headers::excess(schema);
    if let Some((framing, copies)) = excess {
        let message =
            format!("the headers of all packets have {copies} fields, more than {MAX_HEADERS}");
        let problem = Diagnostic::error("P0102", framing, message);
        diagnostics.push(problem.help("split the schema"));
    }
    let by_name = headers::by_name(schema);
    for packet in &schema.packets {
        if excess.is_some() || diagnostics.is_full() {
            for framing in &mut framings {
                framing.partial = true;
            }
            // Nothing is known of what the packets left out do to it.
            states = None;
            frames.push(packets::Frame {
                body: StructId(structs.len()),
                framing: None,
                header: Vec::new(),
                ids: None,
            });
            structs.push(Struct {
                name: packet.name.value.clone(),
                doc: None,
                fields: Vec::new(),
                header_fields: 0,
                trailer_fields: 0,
                derive_order: Vec::new(),
                checksum_order: Vec::new(),
                broken: true,
                span: packet.name.span,
            });
            continue;
        }
        let framing = headers::framing_of(&by_name, packet, diagnostics);
        let known = framing.is_ok();
        let framing = framing.unwrap_or_default();
        let header = framing.and_then(|number| headers.get_mut(number));
        let (mut fields, mut map, mut whole, mut ids) = (Vec::new(), Vec::new(), known, None);
        if let Some(header) = &header {
            (fields, map, whole) = header.of_packet(&header_scope, packet, diagnostics);
            if whole {
                ids = header.assign_roles(&header_scope, packet, &mut fields, &map, diagnostics);
                whole = ids.is_some() == packet.id.is_some();
            }
        }
        let header_fields = fields.len();
        let scope = fields::Scope {
            types: &types,
            order: inherit(packet.order, schema.order),
            header_whole: whole,
            frame: false,
        };
        let (body, body_whole) = fields::check(&scope, &packet.fields, &fields, diagnostics);
        fields.extend(body);
        let mut trailer_fields = 0;
        if let Some(header) = header {
            let before = fields.len();
            whole &= header.close(
                &header_scope,
                packet,
                &mut fields,
                header_fields,
                diagnostics,
            );
            trailer_fields = fields.len() - before;
        }
        steps.extend(states.as_mut().map(|states| {
            let whole = whole && body_whole;
            states.steps(packet, whole.then_some(&fields), &types, diagnostics)
        }));
        frames.push(packets::Frame {
            body: StructId(structs.len()),
            framing,
            header: map,
            ids,
        });
        structs.push(Struct {
            name: packet.name.value.clone(),
            doc: packet.doc.clone(),
            fields,
            header_fields,
            trailer_fields,
            derive_order: Vec::new(),
            checksum_order: Vec::new(),
            broken: !body_whole || !whole || diagnostics.is_partial(packet.name.span),
            span: packet.name.span,
        });
    }
    for (framing, header) in framings.iter_mut().zip(&headers) {
        framing.partial |= !header.whole;
    }
    let (enums, flags) = types.into_named();
    let mut packets = packets::check(schema, frames, diagnostics);
    let session = states.map(|states| states.finish(steps.iter(), diagnostics));
    for (packet, steps) in packets.iter_mut().zip(steps) {
        packet.steps = steps;
    }
    let named = derive::Named {
        enums: &enums,
        flags: &flags,
    };
    for body in structs.iter_mut().filter(|body| !body.broken) {
        let errors = diagnostics.errors();
        derive::check(body, named, diagnostics);
        body.broken = diagnostics.errors() != errors;
    }
    Protocol {
        name: schema.protocol.value.clone(),
        version: schema.version.map(|version| version.value),
        doc: schema.doc.clone(),
        framings,
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
