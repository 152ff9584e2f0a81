//! Where size and id stand in the header, and what the size counts.
//!
//! Raises P0318 (a header of varying size), P0319 (a packet over the maximum), P0511 (a trailer of varying size), P0512
//! (counting from within a byte, or from where nobody knows), P0516 (no constant to look for), P0518 (size or id at
//! different places), P0519 (size or id behind what varies), P0520 (a packet that cannot have the fixed size), P0521
//! (alignment behind a size of varying size).

use super::places::{Header, fixed_size};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::layout::{
    Coding, Field, Framing, HeaderField, Layout, Mode, Part, Place, Struct, Varint, VarintPlace,
};
use crate::model::{self, Counted, OnCorrupt, Prefix, Role, Type};
use crate::syntax;

/// The framings that have packets, from what the schema says and where these packets' fields lie, each with its number in the
/// schema. Gives the size's role in every packet the number of bytes that it leaves out.
pub(super) fn framings(
    layout: &mut Layout,
    packets: &[model::Packet],
    said: &[model::Framing],
    diagnostics: &mut Diagnostics,
) -> Vec<(usize, Framing)> {
    let mut own = vec![Vec::new(); said.len()];
    for packet in packets {
        if let Some(own) = packet.framing.and_then(|number| own.get_mut(number)) {
            own.push(packet);
        }
    }
    let mut framings = Vec::new();
    for ((number, said), own) in said.iter().enumerate().zip(own) {
        if said.partial {
            continue;
        }
        let Some(framing) = framing(layout, &own, said, diagnostics) else {
            continue;
        };
        for packet in own {
            set_size(&mut layout.structs[packet.body.0], framing.excluded);
            check_packet(layout.get(packet.body), &framing, said, diagnostics);
        }
        framings.push((number, framing));
    }
    framings
}

/// Tells a packet's size how many bytes it leaves out, and how many bytes it has itself, if it is a varint.
fn set_size(body: &mut Struct, excluded: i64) {
    let Some((index, _)) = body.size_field() else {
        return;
    };
    let before = Header::of(body).fields[index].offset as u64;
    let field = &mut body.fields[index];
    field.role = Role::Size { excluded };
    if let Type::Varint(varint) = field.ty {
        let counted = |whole: u64, own: u64| {
            let behind = whole.saturating_sub(before).saturating_sub(own);
            let counted = i128::from(behind) - i128::from(excluded);
            let (low, high) = varint.limits();
            u64::try_from(counted.clamp(low, high)).unwrap_or(0)
        };
        let (old_min, old_max) = (field.min_size, field.max_size);
        let largest = u64::try_from(varint.limits().1).unwrap_or(u64::MAX);
        let low = counted(body.min_size, old_min);
        let high = body.max_size.zip(old_max);
        let high = high.map_or(largest, |(whole, own)| counted(whole, own));
        let (min, max) = Prefix::Varint(varint).sizes(low, high);
        (field.min_size, field.max_size) = (min, Some(max));
        body.min_size = body.min_size - old_min + min;
        body.max_size = body
            .max_size
            .zip(old_max)
            .map(|(whole, own)| whole - own + max);
    }
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
        let varies = |field: &&Field| {
            let varint =
                code == "P0318" && matches!(field.ty, Type::Varint(_)) && field.when.is_none();
            field.place == Place::Dynamic && !varint
        };
        if let Some(field) = fields.iter().find(varies) {
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
    let places = Header::of(body);
    if let Some(field) = places.aligned.and_then(|number| header.get(number)) {
        diagnostics.push(
            Diagnostic::error(
                "P0521",
                field.span,
                format!(
                    "`{}` cannot be aligned in a header of varying size",
                    field.name
                ),
            )
            .help("put it in front of the fields of varying size, or into the packets"),
        );
        return None;
    }
    let trailer_size = fixed_size(&body.fields, &body.parts, body.fields.len() - trailer.len());
    let size = said
        .size
        .and_then(|number| header_field(body, &places, first, said, number));
    let id = said
        .id
        .and_then(|number| header_field(body, &places, first, said, number));
    for (number, what) in [(said.size, "size"), (said.id, "id")] {
        let Some(number) = number.and_then(|number| first.header.get(number).copied()) else {
            continue;
        };
        let limit = usize::from(what == "id");
        if let Some(varint) = places.fields[number].behind.get(limit) {
            let varint = &header[*varint];
            diagnostics.push(
                Diagnostic::error(
                    "P0519",
                    header[number].span,
                    format!("the {what} cannot be found behind `{}`", varint.name),
                )
                .also(varint.span, "its size varies")
                .help(match what {
                    "id" => "at most one field of varying size stands in front of the id",
                    _ => "no field of varying size stands in front of the size",
                }),
            );
        }
    }
    let start = counting_start(header, &places, first, said, diagnostics)?;
    let start = match said.counts {
        Counted::Body => start + trailer_size,
        Counted::Packet | Counted::From(_) => start,
    };
    let excluded = i64::try_from(start)
        .unwrap_or(i64::MAX)
        .saturating_sub(said.bias);
    let mut header_size = least_size(header, &places);
    for packet in others {
        let own = layout.get(packet.body);
        let (own_header, _) = parts(own);
        let own_places = Header::of(own);
        header_size = header_size.min(least_size(own_header, &own_places));
        let field = |number| header_field(own, &own_places, packet, said, number);
        let same = said.size.and_then(field) == size
            && said.id.and_then(field) == id
            && own_places.fixed == places.fixed;
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
        let (counted, before) = match size.coding {
            Coding::Fixed { bits, .. } => (i128::from(u64::MAX >> (64 - bits)), 0),
            Coding::Varint(varint) => (varint.limits().1, size.offset + varint.max_bytes()),
        };
        let largest = counted + i128::from(excluded) + before as i128;
        max_size = max_size.min(usize::try_from(largest.max(0)).unwrap_or(usize::MAX));
    }
    let magic = magic(header, &places);
    let alone = matches!(mode, Mode::Datagram | Mode::UntilClose);
    if let Some(span) = said.resync.filter(|_| alone) {
        diagnostics.push(
            Diagnostic::error("P0516", span, "nothing comes after a broken packet").help(
                "leave `on_corrupt` out: a datagram, or a stream up to its end, is one packet",
            ),
        );
    } else if let Some(span) = said.resync.filter(|_| magic.is_empty()) {
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

/// Where counting begins: bytes from the packet's start, or from the end of the size if that is a varint. To count the body,
/// the trailer's bytes are still to be added.
fn counting_start(
    header: &[Field],
    places: &Header,
    packet: &model::Packet,
    said: &model::Framing,
    diagnostics: &mut Diagnostics,
) -> Option<usize> {
    let Some(size) = said
        .size
        .and_then(|number| packet.header.get(number).copied())
    else {
        return Some(0);
    };
    let varint = matches!(header[size].ty, Type::Varint(_));
    let mut problem = |span, message: String, help: &str| {
        let mut problem = Diagnostic::error("P0512", span, message).help(help);
        if span != header[size].span {
            problem = problem.also(header[size].span, "the size");
        }
        diagnostics.push(problem);
        None
    };
    let (from, place) = match said.counts {
        Counted::Packet | Counted::From(_) if varint && counts_itself(packet, said, size) => {
            let message = "a size of varying size cannot count itself".to_owned();
            return problem(
                header[size].span,
                message,
                "say `counts: body`, or `counts: { from: FIELD }` with a field behind the size",
            );
        }
        Counted::Packet => return Some(0),
        // The body begins where a field behind the header would.
        Counted::Body => (None, &places.end),
        Counted::From(number) => {
            let number = *packet.header.get(number)?;
            if !begins_byte(header, number) {
                return problem(
                    header[number].span,
                    format!("`{}` does not begin at a whole byte", header[number].name),
                    "count from the first field of the bit run",
                );
            }
            (Some(&header[number]), &places.fields[number])
        }
    };
    let before = if varint {
        place.behind == [size]
    } else {
        place.behind.is_empty()
    };
    if before {
        return Some(place.offset);
    }
    let (span, what) = match from {
        Some(field) => (field.span, format!("`{}`", field.name)),
        None => (header[size].span, "the body".to_owned()),
    };
    problem(
        span,
        format!("the size cannot count from {what}: where that begins varies"),
        if varint {
            "count from the field right behind the size"
        } else {
            "count the whole packet, or from a field in front of those of varying size"
        },
    )
}

/// Whether a size that is said to count the packet, or from a field on, counts the size.
fn counts_itself(packet: &model::Packet, said: &model::Framing, size: usize) -> bool {
    match said.counts {
        Counted::Packet => true,
        Counted::Body => false,
        Counted::From(number) => packet.header.get(number).is_none_or(|from| *from <= size),
    }
}

/// Fewest bytes of a header.
fn least_size(header: &[Field], places: &Header) -> usize {
    let varints = header.iter().map(|field| match field.ty {
        Type::Varint(varint) => varint.min_bytes(),
        _ => 0,
    });
    places.fixed + varints.sum::<usize>()
}

/// Where the framing's field `number` lies in a packet.
fn header_field(
    body: &Struct,
    places: &Header,
    packet: &model::Packet,
    said: &model::Framing,
    number: usize,
) -> Option<HeaderField> {
    let index = *packet.header.get(number)?;
    let place = places.fields.get(index)?;
    let behind = place.behind.first().and_then(|varint| {
        let Type::Varint(ty) = body.fields[*varint].ty else {
            return None;
        };
        Some(VarintPlace {
            offset: places.fields[*varint].offset,
            max_bytes: ty.max_bytes(),
        })
    });
    let field = body.fields.get(index)?;
    let coding = match (&field.ty, field.place) {
        // The range of an id is the packet's own.
        (Type::Varint(varint), _) => Coding::Varint(Varint {
            range: varint.range.filter(|_| said.id != Some(number)),
            ..*varint
        }),
        (Type::Scalar(scalar), Place::Bytes { size, .. }) => Coding::Fixed {
            size,
            endian: scalar.endian,
            shift: 0,
            bits: scalar.bits,
        },
        (
            Type::Scalar(scalar),
            Place::Bits {
                size,
                endian,
                shift,
                ..
            },
        ) => Coding::Fixed {
            size,
            endian,
            shift,
            bits: scalar.bits,
        },
        _ => return None,
    };
    Some(HeaderField {
        name: said.header.get(number)?.clone(),
        behind,
        offset: place.offset,
        coding,
    })
}

/// Whether the field `number` begins at a whole byte of its own.
fn begins_byte(header: &[Field], number: usize) -> bool {
    let before = number.checked_sub(1).and_then(|before| header.get(before));
    let run = |place| match place {
        Place::Bits { offset, .. } => Some(offset),
        _ => None,
    };
    run(header[number].place).is_none()
        || before.and_then(|before| run(before.place)) != run(header[number].place)
}

/// The constants that a header begins with.
fn magic(header: &[Field], places: &Header) -> Vec<u8> {
    let mut magic = Vec::new();
    for (field, place) in header.iter().zip(&places.fields) {
        let (Role::Const(value), Type::Scalar(scalar), Place::Bytes { size, .. }) =
            (&field.role, &field.ty, field.place)
        else {
            break;
        };
        // What a gap holds is ignored.
        if place.offset != magic.len() {
            break;
        }
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
    let varint = framing
        .size
        .as_ref()
        .filter(|size| matches!(size.coding, Coding::Varint(_)));
    let aligned = body.parts.iter().find_map(|part| match part {
        Part::Align { field, .. } => Some(&body.fields[*field]),
        _ => None,
    });
    if let (Some(size), Some(field)) = (varint, aligned) {
        diagnostics.push(
            Diagnostic::error(
                "P0521",
                field.span,
                format!("`{}` cannot be aligned behind `{}`", field.name, size.name),
            )
            .also(
                said.span,
                "the size counts the gap, and the gap depends on the size's own bytes",
            )
            .help("put the aligned fields into a struct: they are aligned from its start then"),
        );
    }
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
    } else if let (Some(least), Some(max)) = (least_claim(framing), body.max_size)
        && least > i128::from(max)
    {
        diagnostics.push(
            Diagnostic::error(
                "P0319",
                body.span,
                format!("`{}` has at most {max} bytes", body.name),
            )
            .also(said.span, format!("a size of 0 means {least} here"))
            .help("make `bias` larger, or the packet"),
        );
    }
}

/// The fewest bytes that a packet's size can say it has.
fn least_claim(framing: &Framing) -> Option<i128> {
    let size = framing.size.as_ref()?;
    let start = match size.coding {
        Coding::Fixed { .. } => 0,
        Coding::Varint(varint) => size.offset + varint.min_bytes(),
    };
    Some(i128::from(framing.excluded) + start as i128)
}
