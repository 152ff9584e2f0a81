//! Layouts as text: the bit diagram of RFCs, a table of fields, an overview of a protocol.

mod abbreviate;
mod blocks;
mod diagram;
mod fields;
mod overview;

pub use overview::overview;

use super::types::range;
use packet_schema::layout::{Layout, StructId};

/// A struct or packet with its sizes, its [`diagram`] and a table of its fields.
pub fn describe(layout: &Layout, id: StructId) -> String {
    let described = layout.get(id);
    let mut title = vec![described.name.clone()];
    if let Some(packet) = layout.packet_of(id) {
        title.extend(packet.id.map(|id| format!("id {id}")));
    }
    title.push(bytes(described.min_size, described.max_size));
    let mut text = title.join("  ") + "\n";
    if let Some(doc) = &described.doc {
        text.push_str(doc.trim_end());
        text.push('\n');
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

/// A number of bytes, or a range of them, with the unit.
fn bytes(min: u64, max: Option<u64>) -> String {
    let unit = if (min, max) == (1, Some(1)) {
        "byte"
    } else {
        "bytes"
    };
    format!("{} {unit}", range(min, max))
}
