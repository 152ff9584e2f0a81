//! The framing, packet ids and their groups.
//!
//! Raises P0501 (a header's size or id that is there twice, or of the wrong type), P0502 (`role` outside
//! a header), P0503 (a packet without an id, or an id without a place), P0504 (two packets with one id),
//! P0505 (an id outside its group), P0506 (an unknown group), P0507 (an id that does not fit), P0508
//! (framing without a size), P0509 (groups that overlap), P0305 (`counts` or `bias` elsewhere), P0335
//! (`checksum_extra` without a checksum of the frame).

use crate::diagnostic::{Diagnostic, Diagnostics, did_you_mean};
use crate::model::{Field, Framing, Packet, Role, ScalarKind, Steps, StructId, Trailing, Type};
use crate::syntax::{self, Counts, HeaderRole, Schema};
use std::collections::HashMap;

/// Largest packet if the schema does not say.
const DEFAULT_MAX_SIZE: u64 = 64 << 10;

/// Checks what the framing says besides its fields.
pub(super) fn framing(schema: &Schema, diagnostics: &mut Diagnostics) -> Option<Framing> {
    let bodies = schema.packets.iter().map(|packet| &packet.fields);
    let structs = schema
        .types
        .iter()
        .filter_map(|definition| match &definition.body {
            syntax::TypeBody::Struct(fields) => Some(fields),
            _ => None,
        });
    for field in bodies.chain(structs).flatten() {
        let attributes = &field.attributes;
        let spans = [
            (attributes.role.map(|role| role.span), "role"),
            (attributes.counts.map(|counts| counts.span), "counts"),
            (attributes.bias.map(|bias| bias.span), "bias"),
        ];
        // One of them is enough to see what is meant.
        if let Some((span, key)) = spans.into_iter().find_map(|(span, key)| Some((span?, key))) {
            diagnostics.push(
                Diagnostic::error(
                    "P0502",
                    span,
                    format!("`{key}` is for fields of the header"),
                )
                .help("move the field to `framing: { header: [ … ] }`"),
            );
        }
    }
    let framing = schema.framing.as_ref()?;
    let with_role = |role: HeaderRole| {
        framing.header.iter().filter(move |field| {
            field
                .attributes
                .role
                .is_some_and(|found| found.value == role)
        })
    };
    for (role, name) in [(HeaderRole::Size, "size"), (HeaderRole::Id, "id")] {
        let mut found = with_role(role);
        if let (Some(first), Some(second)) = (found.next(), found.next()) {
            diagnostics.push(
                Diagnostic::error(
                    "P0501",
                    second.name.span,
                    format!("the header has two fields with `role: {name}`"),
                )
                .label("again here")
                .also(first.name.span, "first here"),
            );
        }
    }
    let size = with_role(HeaderRole::Size).next();
    let partial = diagnostics.is_partial(framing.span);
    if size.is_none() && !partial {
        diagnostics.push(
            Diagnostic::error("P0508", framing.span, "packets cannot be delimited without a size")
                .help("give the header a field `size: { type: u16, role: size }`, or leave `framing` out for datagrams"),
        );
    }
    for field in &framing.header {
        let attributes = &field.attributes;
        let is_size = attributes
            .role
            .is_some_and(|role| role.value == HeaderRole::Size);
        let span = attributes
            .counts
            .map(|counts| counts.span)
            .or(attributes.bias.map(|bias| bias.span));
        if let (Some(span), false) = (span, is_size) {
            diagnostics.push(
                Diagnostic::error(
                    "P0305",
                    span,
                    "`counts` and `bias` are for the field with `role: size`",
                )
                .help("leave them out"),
            );
        }
    }
    let said = size.map(|field| &field.attributes);
    Some(Framing {
        max_size: framing.max_size.map_or(DEFAULT_MAX_SIZE, |size| size.value),
        on_unknown_id: framing.on_unknown_id,
        counts_body: said
            .and_then(|said| said.counts)
            .is_some_and(|counts| counts.value == Counts::Body),
        bias: said.and_then(|said| said.bias).map_or(0, |bias| bias.value),
        partial,
        span: framing.span,
    })
}

/// Gives the header's fields of one packet their roles.
pub(super) fn header_roles(
    schema: &Schema,
    packet: &syntax::Packet,
    fields: &mut [Field],
    diagnostics: &mut Diagnostics,
) {
    let header = schema
        .framing
        .as_ref()
        .map_or(&[][..], |framing| &framing.header);
    for (said, field) in header.iter().zip(fields) {
        let Some(role) = said.attributes.role else {
            continue;
        };
        let whole = matches!(field.ty, Type::Scalar(scalar)
            if scalar.kind == ScalarKind::Unsigned && scalar.bits % 8 == 0 && scalar.bits <= 64 && scalar.range.is_none());
        if !whole || !field.role.is_data() || field.when.is_some() {
            diagnostics.push(
                Diagnostic::error(
                    "P0501",
                    said.name.span,
                    "a size or id is an unsigned integer of whole bytes",
                )
                .help("use a type such as `u16`, without `const`, `range` or `when`"),
            );
            continue;
        }
        field.role = match role.value {
            // What the header itself takes is added when its size is known.
            HeaderRole::Size => Role::Size {
                excluded: said
                    .attributes
                    .bias
                    .map_or(0, |bias| bias.value.saturating_neg()),
            },
            HeaderRole::Id => Role::Id(packet.id.map_or(0, |id| id.value)),
        };
    }
}

/// Checks ids and groups; `bodies` are the packets' structs.
pub(super) fn check(
    schema: &Schema,
    bodies: &[StructId],
    diagnostics: &mut Diagnostics,
) -> Vec<Packet> {
    let header = schema
        .framing
        .as_ref()
        .map_or(&[][..], |framing| &framing.header);
    let id_field = header.iter().find(|field| {
        field
            .attributes
            .role
            .is_some_and(|role| role.value == HeaderRole::Id)
    });
    let ranged: Vec<&syntax::Group> = schema
        .groups
        .iter()
        .filter(|group| !diagnostics.is_partial(group.name.span))
        .collect();
    overlaps(&ranged, diagnostics);
    let groups: HashMap<&str, &syntax::Group> = schema
        .groups
        .iter()
        .rev()
        .map(|group| (group.name.value.as_str(), group))
        .collect();
    let mut ids: HashMap<u64, &syntax::Packet> = HashMap::new();
    let mut packets = Vec::new();
    let header_whole = schema
        .framing
        .as_ref()
        .is_none_or(|framing| !diagnostics.is_partial(framing.span));
    for (packet, body) in schema.packets.iter().zip(bodies) {
        match (packet.id, id_field) {
            (None, Some(_)) if diagnostics.is_partial(packet.name.span) => {}
            (Some(_), None) if !header_whole => {}
            (None, Some(field)) => diagnostics.push(
                Diagnostic::error(
                    "P0503",
                    packet.name.span,
                    format!("`{}` has no id", packet.name.value),
                )
                .label("needs `id: NUMBER`")
                .also(field.name.span, "since the header holds one"),
            ),
            (Some(id), None) => diagnostics.push(
                Diagnostic::error("P0503", id.span, "an id has no place in this protocol")
                    .help("give the header a field with `role: id`, or leave the id out"),
            ),
            (Some(id), Some(field)) => {
                if let Some(limit) = id_limit(schema, field).filter(|limit| id.value > *limit) {
                    diagnostics.push(
                        Diagnostic::error(
                            "P0507",
                            id.span,
                            format!("the id is at most {limit}, not {}", id.value),
                        )
                        .also(field.name.span, "the header's field holds no more"),
                    );
                }
            }
            (None, None) => {}
        }
        if let Some(id) = packet.id
            && let Some(first) = ids.insert(id.value, packet)
        {
            let first_span = first.id.map_or(first.name.span, |id| id.span);
            diagnostics.push(
                Diagnostic::error(
                    "P0504",
                    id.span,
                    format!(
                        "`{}` and `{}` have the same id {}",
                        first.name.value, packet.name.value, id.value
                    ),
                )
                .label("again here")
                .also(first_span, "first here"),
            );
        }
        if let Some(extra) = packet.checksum_extra {
            super::fields::checksums::byte(extra, "checksum_extra", diagnostics);
            let summed = header
                .iter()
                .any(|field| field.attributes.checksum.is_some());
            if !summed && header_whole {
                diagnostics.push(
                    Diagnostic::error(
                        "P0335",
                        extra.span,
                        "there is no checksum that could sum this",
                    )
                    .help("`checksum_extra` is for the checksums of the frame; write `extra: N` in a checksum of the packet's own"),
                );
            }
        }
        if let Some(name) = &packet.group {
            group(schema, &groups, packet, name, diagnostics);
        }
        packets.push(Packet {
            body: *body,
            history: (&packet.history).into(),
            id: packet.id.map(|id| id.value),
            group: packet.group.as_ref().map(|group| group.value.clone()),
            sender: packet.sender,
            steps: Steps::default(),
            size: packet.size,
            trailing: packet.trailing.map_or(Trailing::Reject, |said| {
                super::fields::trailing(said, diagnostics)
            }),
            vectors: packet.vectors.clone(),
        });
    }
    packets
}

/// The largest id that the header's field holds, if its type is an integer.
fn id_limit(schema: &Schema, field: &syntax::Field) -> Option<u64> {
    let syntax::FieldKind::Type(ty) = &field.kind else {
        return None;
    };
    let mut name = ty.value.full_name();
    // Aliases lead to one another at most once each.
    for _ in 0..=schema.types.len() {
        match super::types::builtin(name) {
            Some(super::types::Builtin::Scalar(_, bits, _)) if bits <= 64 => {
                return Some(u64::MAX >> (64 - bits));
            }
            Some(_) => return None,
            None => {}
        }
        let mut definitions = schema.types.iter();
        let target = definitions.find_map(|definition| match &definition.body {
            syntax::TypeBody::Alias(ty, _) if definition.name.value == name => {
                Some(ty.value.full_name())
            }
            _ => None,
        });
        name = target?;
    }
    None
}

/// Groups that share ids: each with one that begins before it.
///
/// Raises P0509.
fn overlaps(groups: &[&syntax::Group], diagnostics: &mut Diagnostics) {
    let mut sorted: Vec<(usize, &syntax::Group)> = groups.iter().copied().enumerate().collect();
    sorted.sort_by_key(|(_, group)| group.range.value);
    let mut furthest: Option<(usize, &syntax::Group)> = None;
    for (index, group) in sorted {
        if let Some((other_index, other)) = furthest
            && group.range.value.0 <= other.range.value.1
        {
            // The second one in the file is at fault.
            let (first, second) = if other_index < index {
                (other, group)
            } else {
                (group, other)
            };
            let (first_name, name) = (&first.name.value, &second.name.value);
            diagnostics.push(
                Diagnostic::error(
                    "P0509",
                    second.range.span,
                    format!("the groups `{first_name}` and `{name}` overlap"),
                )
                .label("this range")
                .also(first.range.span, "shares ids with this one"),
            );
        }
        if furthest.is_none_or(|(_, other)| other.range.value.1 < group.range.value.1) {
            furthest = Some((index, group));
        }
    }
}

fn group(
    schema: &Schema,
    groups: &HashMap<&str, &syntax::Group>,
    packet: &syntax::Packet,
    name: &crate::diagnostic::Spanned<String>,
    diagnostics: &mut Diagnostics,
) {
    let Some(group) = groups.get(name.value.as_str()) else {
        if diagnostics.is_full() {
            return;
        }
        let known = schema.groups.iter().map(|group| group.name.value.as_str());
        diagnostics.push(
            Diagnostic::error(
                "P0506",
                name.span,
                format!("there is no group `{}`", name.value),
            )
            .label("unknown group")
            .maybe_help(did_you_mean(&name.value, known)),
        );
        return;
    };
    if diagnostics.is_partial(group.name.span) {
        return;
    }
    let (low, high) = group.range.value;
    if let Some(id) = packet.id.filter(|id| !(low..=high).contains(&id.value)) {
        diagnostics.push(
            Diagnostic::error(
                "P0505",
                id.span,
                format!("the id {} is not in the group `{}`", id.value, name.value),
            )
            .label(format!("must be in {low}..={high}"))
            .also(group.range.span, "the group's ids"),
        );
    }
}
