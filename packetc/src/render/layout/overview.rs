//! What a protocol consists of, on one page.

use super::{bits, bytes, packet_bytes, policy, session};
use crate::render::hex::spaced;
use crate::render::table::{columns, paragraph};
use packet_schema::layout::{
    Coding, Endian, Framing, HeaderField, Layout, Mode, OnCorrupt, Packet, StructId,
};

/// The protocol's framing, packets and types with their sizes.
pub fn overview(layout: &Layout) -> String {
    let mut text = match layout.version {
        Some(version) => format!("protocol {}  version {version}\n", layout.protocol),
        None => format!("protocol {}\n", layout.protocol),
    };
    if let Some(doc) = &layout.doc {
        text.push_str(&paragraph(doc));
    }
    let outline = outline(layout);
    if !outline.is_empty() {
        text.push('\n');
        text.push_str(&outline);
    }
    text
}

/// As [`overview`], without the protocol's name and description.
pub fn outline(layout: &Layout) -> String {
    let framings = layout.framings.iter();
    let framings = framings.map(framing);
    let sections = [packet_rows(layout), type_rows(layout)];
    let sections = sections.iter().filter(|section| section.len() > 1);
    let sections = sections.map(|section| columns(section));
    let session = layout.session.iter();
    let session = session.map(|session| session::session(layout, session));
    let parts: Vec<String> = framings.chain(sections).chain(session).collect();
    parts.join("\n")
}

/// How packets are delimited.
pub(crate) fn framing(framing: &Framing) -> String {
    columns(&framing_rows(framing))
}

fn framing_rows(framing: &Framing) -> Vec<Vec<String>> {
    let row = |what: &str, text: String| vec![what.to_owned(), text];
    let always = |size: usize| bytes(size as u64, Some(size as u64));
    let amount = |size: i64| bytes(size.unsigned_abs(), Some(size.unsigned_abs()));
    let mut rows = Vec::new();
    rows.extend(
        framing
            .name
            .as_ref()
            .map(|name| row("framing", name.clone())),
    );
    let varies = [&framing.size, &framing.id]
        .into_iter()
        .flatten()
        .any(|field| field.behind.is_some() || matches!(field.coding, Coding::Varint(_)));
    rows.push(row(
        "header",
        if varies {
            bytes(framing.header_size as u64, None)
        } else {
            always(framing.header_size)
        },
    ));
    rows.extend(framing.size.as_ref().map(|size| {
        let counts = match framing.excluded {
            excluded if matches!(size.coding, Coding::Varint(_)) => match excluded {
                0 => ", counts what follows it".to_owned(),
                excluded => format!(", counts what follows it less {}", amount(excluded)),
            },
            0 => ", counts the whole packet".to_owned(),
            excluded if excluded > 0 => format!(", counts the packet less {}", amount(excluded)),
            excluded => format!(", counts the packet plus {}", amount(excluded)),
        };
        row("size", place(size) + &counts)
    }));
    rows.extend(framing.id.as_ref().map(|id| row("id", place(id))));
    if framing.trailer_size > 0 {
        rows.push(row("trailer", always(framing.trailer_size)));
    }
    let end = match &framing.mode {
        Mode::Size => None,
        Mode::Fixed(size) => Some(format!("every packet has {}", always(*size))),
        Mode::Delimiter(delimiter) => Some(format!("every packet ends with {}", spaced(delimiter))),
        Mode::UntilClose => Some("a stream is one packet".to_owned()),
        Mode::Datagram => Some("a datagram is one packet".to_owned()),
    };
    rows.extend(end.map(|end| row("end", end)));
    if framing.on_corrupt == OnCorrupt::Resync {
        let text = format!("look for {} after a broken packet", spaced(&framing.magic));
        rows.push(row("resync", text));
    }
    rows.push(row("limit", always(framing.max_size)));
    rows
}

fn place(field: &HeaderField) -> String {
    let HeaderField { name, offset, .. } = field;
    let ty = match field.coding {
        Coding::Fixed {
            size, endian, bits, ..
        } => match endian {
            Endian::Little if size > 1 => format!("u{bits}le"),
            _ => format!("u{bits}"),
        },
        Coding::Varint(_) => "varint".to_owned(),
    };
    let behind = match field.behind {
        Some(_) => " behind a varint",
        None => "",
    };
    let below = match field.coding {
        Coding::Fixed {
            shift, bits, size, ..
        } if bits as usize != 8 * size => {
            format!(", above {shift} bits")
        }
        _ => String::new(),
    };
    format!("{name}, {ty} at byte {offset}{behind}{below}")
}

fn packet_rows(layout: &Layout) -> Vec<Vec<String>> {
    let named = layout.framings.iter().any(|framing| framing.name.is_some());
    let header: Vec<&str> = [
        "packet",
        "id",
        "group",
        "from",
        "framing",
        "size",
        "allocator",
    ]
    .into_iter()
    .filter(|column| named || *column != "framing")
    .collect();
    let rows = layout.packets.iter().map(|packet: &Packet| {
        let body = layout.get(packet.body);
        let framing = layout.framing_of(packet);
        let name = framing.and_then(|framing| framing.name.clone());
        let mut row = vec![
            body.name.clone(),
            packet.ids.map(ids).unwrap_or_default(),
            packet.group.clone().unwrap_or_default(),
            packet.sender.to_string(),
        ];
        row.extend(named.then(|| name.unwrap_or_default()));
        row.push(packet_bytes(layout, packet));
        row.push(allocator(layout, packet.body).to_owned());
        row
    });
    with_header(&header, rows)
}

/// An id or a range of ids.
pub(crate) fn ids((low, high): (u64, u64)) -> String {
    if low == high {
        return low.to_string();
    }
    format!("{low}..={high}")
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
    with_header(&["type", "", "size"], structs.chain(enums).chain(flags))
}

/// What needs an allocator. Views of bytes never do.
fn allocator(layout: &Layout, id: StructId) -> &'static str {
    if layout.needs_allocator(id) {
        "for the owned form"
    } else {
        "no"
    }
}

fn with_header(header: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> Vec<Vec<String>> {
    let header = header.iter().map(|column| (*column).to_owned());
    std::iter::once(header.collect()).chain(rows).collect()
}
