//! What a protocol consists of, on one page.

use super::{bits, bytes, policy, session};
use crate::render::table::{columns, paragraph};
use packet_schema::layout::{Endian, Framing, HeaderField, Layout, Packet, StructId};

/// The protocol's framing, packets and types with their sizes.
pub fn overview(layout: &Layout) -> String {
    let mut text = match layout.version {
        Some(version) => format!("protocol {}  version {version}\n", layout.protocol),
        None => format!("protocol {}\n", layout.protocol),
    };
    if let Some(doc) = &layout.doc {
        text.push_str(&paragraph(doc));
    }
    if let Some(framing) = &layout.framing {
        text.push('\n');
        text.push_str(&columns(&framing_rows(layout, framing)));
    }
    for section in [packet_rows(layout), type_rows(layout)] {
        if section.len() > 1 {
            text.push('\n');
            text.push_str(&columns(&section));
        }
    }
    if let Some(session) = &layout.session {
        text.push('\n');
        text.push_str(&session::session(layout, session));
    }
    text
}

fn framing_rows(layout: &Layout, framing: &Framing) -> Vec<Vec<String>> {
    let row = |what: &str, text: String| vec![what.to_owned(), text];
    let mut rows = vec![row(
        "header",
        bytes(framing.header_size as u64, Some(framing.header_size as u64)),
    )];
    let field = |field: HeaderField| {
        // All packets begin with the header, so any of them knows the field's name.
        let name = layout
            .packets
            .first()
            .and_then(|packet| layout.get(packet.body).fields.get(field.field))
            .map_or("_", |field| field.name.as_str());
        let endian = match field.endian {
            Endian::Little if field.size > 1 => "le",
            _ => "",
        };
        format!(
            "{name}, u{}{endian} at byte {}",
            field.size * 8,
            field.offset
        )
    };
    rows.extend(framing.size.map(|size| {
        let counts = match framing.excluded {
            0 => ", counts the whole packet".to_owned(),
            excluded if excluded > 0 => format!(", counts the packet less {excluded} bytes"),
            excluded => format!(", counts the packet plus {} bytes", excluded.unsigned_abs()),
        };
        row("size", field(size) + &counts)
    }));
    rows.extend(framing.id.map(|id| row("id", field(id))));
    rows.push(row(
        "limit",
        bytes(0, Some(framing.max_size as u64)).replace("0..=", ""),
    ));
    rows
}

fn packet_rows(layout: &Layout) -> Vec<Vec<String>> {
    let header = ["packet", "id", "group", "from", "size", "allocator"];
    let limit = layout
        .framing
        .as_ref()
        .map(|framing| framing.max_size as u64);
    let rows = layout.packets.iter().map(|packet: &Packet| {
        let body = layout.get(packet.body);
        // A frame over the limit is refused, whatever the fields could hold.
        let most = match (body.max_size, limit) {
            (Some(size), Some(limit)) => Some(size.min(limit)),
            (size, limit) => size.or(limit),
        };
        vec![
            body.name.clone(),
            packet.id.map(|id| id.to_string()).unwrap_or_default(),
            packet.group.clone().unwrap_or_default(),
            packet.sender.to_string(),
            bytes(body.min_size, most),
            allocator(layout, packet.body).to_owned(),
        ]
    });
    with_header(header, rows)
}

fn type_rows(layout: &Layout) -> Vec<Vec<String>> {
    let structs = layout
        .structs
        .iter()
        .enumerate()
        .filter(|(number, _)| layout.packet_of(StructId(*number)).is_none())
        .map(|(_, inner)| {
            vec![
                inner.name.clone(),
                "struct".to_owned(),
                bytes(inner.min_size, inner.max_size),
            ]
        });
    let enums = layout.enums.iter().map(|inner| {
        let kind = format!(
            "enum, {} values; {}",
            inner.values.len(),
            policy(inner.unknown)
        );
        vec![inner.name.clone(), kind, bits(inner.bits)]
    });
    let flags = layout.flags.iter().map(|inner| {
        let kind = format!(
            "flags, {} named; {}",
            inner.values.len(),
            policy(inner.unknown)
        );
        vec![inner.name.clone(), kind, bits(inner.bits)]
    });
    with_header(["type", "", "size"], structs.chain(enums).chain(flags))
}

/// What needs an allocator. Views of bytes never do.
fn allocator(layout: &Layout, id: StructId) -> &'static str {
    if layout.needs_allocator(id) {
        "for the owned form"
    } else {
        "no"
    }
}

fn with_header<const N: usize>(
    header: [&str; N],
    rows: impl IntoIterator<Item = Vec<String>>,
) -> Vec<Vec<String>> {
    std::iter::once(header.map(str::to_owned).to_vec())
        .chain(rows)
        .collect()
}
