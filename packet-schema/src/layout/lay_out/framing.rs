//! Where size and id stand in the header, and what the size counts.
//!
//! Raises P0318 (a header of varying size), P0319 (a packet over the maximum), P0511 (a trailer of varying size), P0512
//! (counting from within a byte), P0516 (no constant to look for), P0518 (size or id at different places), P0520 (a packet
//! that cannot have the fixed size).

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::layout::{Field, Framing, HeaderField, Layout, Mode, Place, Struct};
use crate::model::{self, Counted, OnCorrupt, Role, Type};
use crate::syntax;

/// The framings that have packets, from what the schema says and where these packets' fields lie, each with its number in the
/// schema. Gives the size's role in every packet the number of bytes that it leaves out.
pub(super) fn framings(
    layout: &mut Layout,
    packets: &[model::Packet],
    said: &[model::Framing],
    diagnostics: &mut Diagnostics,
) -> Vec<(usize, Framing)> {
    let mut framings = Vec::new();
    for (number, said) in said.iter().enumerate() {
        let own: Vec<&model::Packet> = packets
            .iter()
            .filter(|packet| packet.framing == Some(number))
            .collect();
        if said.partial {
            continue;
        }
        let Some(framing) = framing(layout, &own, said, diagnostics) else {
            continue;
        };
        for packet in own {
            for field in &mut layout.structs[packet.body.0].fields {
                if let Role::Size { excluded } = &mut field.role {
                    *excluded = framing.excluded;
                }
            }
            check_packet(layout.get(packet.body), &framing, said, diagnostics);
        }
        framings.push((number, framing));
    }
    framings
}

fn framing(
    layout: &Layout,
    packets: &[&model::Packet],
    said: &model::Framing,
    diagnostics: &mut Diagnostics,
) -> Option<Framing> {
    // All headers have the same size, so that of the first packet tells.
    let (first, others) = packets.split_first()?;
    let body = layout.get(first.body);
    let (header, trailer) = parts(body);
    let mut whole = true;
    for (fields, code, what) in [(header, "P0318", "header"), (trailer, "P0511", "trailer")] {
        if let Some(field) = fields.iter().find(|field| field.place == Place::Dynamic) {
            diagnostics.push(
                Diagnostic::error(
                    code,
                    field.span,
                    format!("the {what}'s field `{}` has no fixed size", field.name),
                )
                .help("fields of varying size go into the packets"),
            );
            whole = false;
        }
    }
    if !whole {
        return None;
    }
    let field = |packet: &model::Packet, number: usize| {
        header_field(layout.get(packet.body), packet, said, number)
    };
    let header_size = extent(header);
    let trailer_size = extent(trailer);
    let start = match said.counts {
        Counted::Packet => 0,
        Counted::Body => header_size + trailer_size,
        Counted::From(number) => {
            let from = &body.fields[*first.header.get(number)?];
            if let Place::Bits { .. } = from.place
                && !begins_run(body, first.header[number])
            {
                diagnostics.push(
                    Diagnostic::error(
                        "P0512",
                        from.span,
                        format!("`{}` does not begin at a whole byte", from.name),
                    )
                    .also(said.span, "the size counts from there")
                    .help("count from the first field of the bit run"),
                );
            }
            offset(from.place)
        }
    };
    let excluded = i64::try_from(start)
        .unwrap_or(i64::MAX)
        .saturating_sub(said.bias);
    let size = said.size.and_then(|number| field(first, number));
    let id = said.id.and_then(|number| field(first, number));
    for packet in others {
        let own = layout.get(packet.body);
        let same = said.size.and_then(|number| field(packet, number)) == size
            && said.id.and_then(|number| field(packet, number)) == id
            && extent(parts(own).0) == header_size;
        if !same {
            diagnostics.push(
                Diagnostic::error(
                    "P0518",
                    own.span,
                    format!("the header of `{}` has another layout than others", own.name),
                )
                .also(body.span, format!("such as that of `{}`", body.name))
                .help("the size and the id lie at the same place in all packets: replace a field by fields that form bit runs of the same bytes"),
            );
        }
    }
    let mut max_size = usize::try_from(said.max_size).unwrap_or(usize::MAX);
    let mode = match &said.mode {
        None => Mode::Size,
        Some(syntax::Mode::Fixed(_)) => Mode::Fixed(max_size),
        Some(syntax::Mode::Delimiter(bytes)) => Mode::Delimiter(bytes.clone()),
        Some(syntax::Mode::UntilClose) => Mode::UntilClose,
        Some(syntax::Mode::Datagram) => Mode::Datagram,
    };
    if let Some(size) = &size {
        // No more than the size field can say.
        let largest = u64::MAX >> (64 - size.bits);
        let largest = i128::from(largest) + i128::from(excluded);
        max_size = max_size.min(usize::try_from(largest).unwrap_or(usize::MAX));
    }
    let magic = magic(header);
    if let Some(span) = said.resync.filter(|_| magic.is_empty()) {
        diagnostics.push(
            Diagnostic::error("P0516", span, "a receiver has nothing to look for")
                .help("`resync` needs a header that begins with a constant: `- magic: { type: u8, const: 0xfe }`"),
        );
    }
    Some(Framing {
        name: said.name.clone(),
        mode,
        max_size,
        on_unknown_id: said.on_unknown_id,
        on_corrupt: match said.resync {
            Some(_) => OnCorrupt::Resync,
            None => OnCorrupt::Close,
        },
        magic,
        header_size,
        trailer_size,
        size,
        excluded,
        id,
    })
}

/// The fields of a packet's header and trailer.
fn parts(body: &Struct) -> (&[Field], &[Field]) {
    let (header, rest) = body
        .fields
        .split_at(body.header_fields.min(body.fields.len()));
    let before = rest.len().saturating_sub(body.trailer_fields);
    (header, &rest[before..])
}

/// Where the framing's field `number` lies in a packet.
fn header_field(
    body: &Struct,
    packet: &model::Packet,
    said: &model::Framing,
    number: usize,
) -> Option<HeaderField> {
    let field = body.fields.get(*packet.header.get(number)?)?;
    let Type::Scalar(scalar) = field.ty else {
        return None;
    };
    let (offset, size, endian, shift) = match field.place {
        Place::Bytes { offset, size } => (offset, size, scalar.endian, 0),
        Place::Bits {
            offset,
            size,
            endian,
            shift,
        } => (offset, size, endian, shift),
        Place::Dynamic => return None,
    };
    Some(HeaderField {
        name: said.header.get(number)?.clone(),
        offset,
        size,
        endian,
        shift,
        bits: scalar.bits,
    })
}

/// Bytes of neighbouring fields at fixed places.
fn extent(fields: &[Field]) -> usize {
    let end = |field: &Field| match field.place {
        Place::Bytes { offset, size } | Place::Bits { offset, size, .. } => offset + size,
        Place::Dynamic => 0,
    };
    match (fields.first(), fields.last()) {
        (Some(first), Some(last)) => end(last).saturating_sub(offset(first.place)),
        _ => 0,
    }
}

fn offset(place: Place) -> usize {
    match place {
        Place::Bytes { offset, .. } | Place::Bits { offset, .. } => offset,
        Place::Dynamic => 0,
    }
}

/// Whether the bit field `number` is the first one of its run.
fn begins_run(body: &Struct, number: usize) -> bool {
    let before = number
        .checked_sub(1)
        .and_then(|before| body.fields.get(before));
    !before.is_some_and(|before| {
        matches!(before.place, Place::Bits { .. })
            && offset(before.place) == offset(body.fields[number].place)
    })
}

/// The constants that a header begins with.
fn magic(header: &[Field]) -> Vec<u8> {
    let mut magic = Vec::new();
    for field in header {
        let (Role::Const(value), Type::Scalar(scalar), Place::Bytes { size, .. }) =
            (&field.role, &field.ty, field.place)
        else {
            break;
        };
        let bytes = u128::from(*value).to_be_bytes();
        let bytes = &bytes[bytes.len() - size..];
        match scalar.endian {
            model::Endian::Big => magic.extend_from_slice(bytes),
            model::Endian::Little => magic.extend(bytes.iter().rev()),
        }
    }
    magic
}

/// Compares a packet's size with what its framing allows.
fn check_packet(
    body: &Struct,
    framing: &Framing,
    said: &model::Framing,
    diagnostics: &mut Diagnostics,
) {
    if let Mode::Fixed(size) = framing.mode {
        let size = size as u64;
        if body.min_size > size || body.max_size.is_some_and(|max| max < size) {
            let has = match body.max_size {
                Some(max) if max < size => format!("has at most {max} bytes"),
                _ => format!("has at least {} bytes", body.min_size),
            };
            diagnostics.push(
                Diagnostic::error("P0520", body.span, format!("`{}` {has}", body.name))
                    .also(said.span, format!("every packet has {size} here"))
                    .help("add or remove reserved bytes; a packet with less content ends with `bytes[]`"),
            );
        }
    } else if body.min_size > framing.max_size as u64 {
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
