//! Where size and id stand in the header, which all packets share.
//!
//! Raises P0318 (a header of varying size), P0319 (a packet over the maximum).

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::layout::{Framing, HeaderField, Layout, Place};
use crate::model::{self, Role, Scalar, Type};

/// The framing, from what the schema says and the first packet's header. Gives the size's role in every
/// packet the number of bytes that it leaves out.
pub(super) fn framing(
    layout: &mut Layout,
    packets: &[model::Packet],
    said: &model::Framing,
    diagnostics: &mut Diagnostics,
) -> Option<Framing> {
    let mut framing = Framing {
        max_size: usize::try_from(said.max_size).unwrap_or(usize::MAX),
        on_unknown_id: said.on_unknown_id,
        header_size: 0,
        size: None,
        excluded: said.bias.saturating_neg(),
        id: None,
    };
    // The header is the same in all packets, so that of the first one tells.
    let first = layout.get(packets.first()?.body);
    let mut offset = 0;
    let mut last_run = None;
    for (number, field) in first.fields.iter().enumerate().take(first.header_fields) {
        let size = match field.place {
            Place::Bytes { size, .. } => size,
            Place::Bits { offset, size, .. } if last_run != Some(offset) => {
                last_run = Some(offset);
                size
            }
            Place::Bits { .. } => 0,
            Place::Dynamic => {
                diagnostics.push(
                    Diagnostic::error(
                        "P0318",
                        field.span,
                        format!("the header's field `{}` has no fixed size", field.name),
                    )
                    .help("fields of varying size go into the packets"),
                );
                return None;
            }
        };
        if let Type::Scalar(Scalar { endian, .. }) = field.ty {
            let place = HeaderField {
                field: number,
                offset,
                size,
                endian,
            };
            match field.role {
                Role::Size { .. } => framing.size = Some(place),
                Role::Id(_) => framing.id = Some(place),
                _ => {}
            }
        }
        offset += size;
    }
    framing.header_size = offset;
    if said.counts_body {
        framing.excluded = framing
            .excluded
            .saturating_add(i64::try_from(offset).unwrap_or(i64::MAX));
    }
    if let Some(size) = framing.size {
        // No more than the size field can say.
        let largest = u64::MAX >> (64 - 8 * size.size);
        let largest = i128::from(largest) + i128::from(framing.excluded);
        framing.max_size = framing
            .max_size
            .min(usize::try_from(largest).unwrap_or(usize::MAX));
    }
    let excluded = framing.excluded;
    for packet in packets {
        for field in &mut layout.structs[packet.body.0].fields {
            if let Role::Size { excluded: known } = &mut field.role {
                *known = excluded;
            }
        }
        let body = layout.get(packet.body);
        if body.min_size > framing.max_size as u64 {
            diagnostics.push(
                Diagnostic::error(
                    "P0319",
                    body.span,
                    format!("`{}` has at least {} bytes", body.name, body.min_size),
                )
                .also(
                    said.span,
                    format!("packets have at most {}", framing.max_size),
                ),
            );
        }
    }
    Some(framing)
}
