//! Layouts as text: the bit diagram of RFCs, a table of fields, an overview of a protocol.

mod abbreviate;
mod blocks;
mod diagram;
mod fields;
mod overview;
mod session;
mod values;

pub(crate) use fields::places;
pub(crate) use overview::{framing, ids};
pub use overview::{outline, overview};
pub(crate) use session::session;

use super::table::{one_line, paragraph};
use super::types::{history_notes, range};
use packet_schema::layout::{Layout, Packet, StructId, Unknown};

/// The packet or type called `name`: a struct as in [`describe`], or the values of an enum or flag set.
pub fn named(layout: &Layout, name: &str) -> Option<String> {
    let structs = layout.struct_named(name).map(|id| describe(layout, id));
    structs
        .or_else(|| {
            Some(values::enumeration(
                layout.enums.iter().find(|found| found.name == name)?,
            ))
        })
        .or_else(|| {
            Some(values::flags(
                layout.flags.iter().find(|found| found.name == name)?,
            ))
        })
}

/// All names that [`named`] knows.
pub fn names(layout: &Layout) -> impl Iterator<Item = &str> + Clone {
    let structs = layout.structs.iter().map(|found| found.name.as_str());
    let enums = layout.enums.iter().map(|found| found.name.as_str());
    let flags = layout.flags.iter().map(|found| found.name.as_str());
    structs.chain(enums).chain(flags)
}

/// A struct or packet with its sizes, its [`diagram`] and a table of its fields.
pub fn describe(layout: &Layout, id: StructId) -> String {
    let described = layout.get(id);
    let mut title = vec![described.name.clone()];
    if let Some(packet) = layout.packet_of(id) {
        let ids = packet.ids.map(overview::ids);
        title.extend(ids.map(|ids| format!("id {ids}")));
    }
    title.push(match layout.packet_of(id) {
        Some(packet) => packet_bytes(layout, packet),
        None => bytes(described.min_size, described.max_size),
    });
    if let Some(packet) = layout.packet_of(id) {
        title.extend(history_notes(&packet.history));
    }
    if layout.needs_allocator(id) {
        title.push("owned form needs an allocator".to_owned());
    }
    let mut text = one_line(&title.join("  ")) + "\n";
    if let Some(doc) = &described.doc {
        text.push_str(&paragraph(doc));
    }
    if !described.fields.is_empty() {
        text.push('\n');
        text.push_str(&diagram(layout, id));
        text.push('\n');
        text.push_str(&fields::table(layout, id));
    }
    text
}

/// The bits of a struct or packet in wire order, 32 to a row, as RFCs draw them.
///
/// The most significant bit of a byte comes first. Fields whose size depends on data stand in rows
/// of their own between tildes. A bit field that the byte order tears apart shows in every piece which
/// of its bits are there, as in `offset[7:0]`. Names too long for their cell are abbreviated, with
/// a legend below.
pub fn diagram(layout: &Layout, id: StructId) -> String {
    diagram::draw(&blocks::blocks(layout, id))
}

/// The width of an enum or flag set.
fn bits(bits: u32) -> String {
    match bits {
        bits if bits.is_multiple_of(8) => bytes((bits / 8).into(), Some((bits / 8).into())),
        1 => "1 bit".to_owned(),
        bits => format!("{bits} bits"),
    }
}

/// What becomes of values without a name.
fn policy(unknown: Unknown) -> &'static str {
    match unknown {
        Unknown::Reject => "unknown ones are refused",
        Unknown::Keep => "unknown ones are kept",
        Unknown::Skip => "unknown ones are dropped",
    }
}

/// The bytes that a packet can have.
pub(crate) fn packet_bytes(layout: &Layout, packet: &Packet) -> String {
    let body = layout.get(packet.body);
    // A frame over the limit is refused, whatever the fields could hold.
    let limit = layout.framing_of(packet);
    let limit = limit.map(|framing| framing.max_size as u64);
    let most = match (body.max_size, limit) {
        (Some(size), Some(limit)) => Some(size.min(limit)),
        (size, limit) => size.or(limit),
    };
    bytes(body.min_size, most)
}

/// A number of bytes, or a range of them, with the unit.
fn bytes(min: u64, max: Option<u64>) -> String {
    let unit = if (min, max) == (1, Some(1)) {
        "byte"
    } else {
        "bytes"
    };
    format!("{} {unit}", range(min, max))
}
