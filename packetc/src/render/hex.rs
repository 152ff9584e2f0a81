//! Bytes in hexadecimal, with the fields that they are.

use super::table::columns;
use packet_schema::codec::{Leaf, LeafBits};

/// Bytes to a line.
const LINE: usize = 8;

/// A bit run of at most this many bytes shows its fields' bits as a mask.
const MASKED_RUN: usize = 4;

/// Characters of a value to show.
const VALUE: usize = 40;

/// A dump of a packet in which every line says which field its bytes are, and what they mean, each
/// beginning with `indent`.
///
/// The leaves come in wire order, as the dynamic codec reports them. Bytes that no leaf takes are marked
/// as not decoded. Fields that share bytes stand below them, each with its bits:
///
/// ```text
/// 0006  40 00
///       0... .... .... ....  reserved
///       .1.. .... .... ....  df               1
///       ..0. .... .... ....  mf               0
///       ...0 0000 0000 0000  fragment_offset  0
/// 0008  40                   ttl              64
/// ```
pub fn annotated(bytes: &[u8], leaves: &[Leaf], indent: &str) -> String {
    let mut dump = Dump {
        bytes,
        rows: Vec::new(),
    };
    let mut position = 0;
    let mut run = None;
    for leaf in leaves {
        let end = leaf.offset.saturating_add(leaf.len).min(bytes.len());
        let start = leaf.offset.min(end);
        if position < start {
            dump.bytes(position..start, NOT_DECODED, "");
        }
        match leaf.bits {
            None => dump.bytes(start..end, &leaf.path, &value(leaf)),
            Some(bits) => {
                if run != Some((start, end)) {
                    dump.bytes(start..end, "", "");
                }
                dump.bits(start..end, bits, &leaf.path, &value(leaf));
            }
        }
        run = leaf.bits.map(|_| (start, end));
        position = position.max(end);
    }
    if position < bytes.len() {
        dump.bytes(position..bytes.len(), NOT_DECODED, "");
    }
    let text = columns(&dump.rows);
    let lines: Vec<String> = text
        .lines()
        .map(|line| format!("{indent}{line}\n"))
        .collect();
    lines.concat()
}

const NOT_DECODED: &str = "(not decoded)";

/// A leaf's value, cut to one line.
fn value(leaf: &Leaf) -> String {
    match leaf.text.char_indices().nth(VALUE) {
        Some((end, _)) => format!("{}...", &leaf.text[..end]),
        None => leaf.text.clone(),
    }
}

/// Lines of four cells: offset, bytes or bits, field, value.
struct Dump<'a> {
    bytes: &'a [u8],
    rows: Vec<Vec<String>>,
}

impl Dump<'_> {
    /// Lines for some bytes; the first one says what they are.
    fn bytes(&mut self, range: std::ops::Range<usize>, name: &str, value: &str) {
        let mut row = vec![
            offset(range.start),
            String::new(),
            name.to_owned(),
            value.to_owned(),
        ];
        for (line, bytes) in self.bytes[range.clone()].chunks(LINE).enumerate() {
            if line > 0 {
                self.rows.push(row);
                row = vec![offset(range.start + line * LINE)];
                row.push(String::new());
            }
            row[1] = spaced(bytes);
        }
        self.rows.push(row);
    }

    /// A line for a field that shares these bytes with others.
    fn bits(&mut self, range: std::ops::Range<usize>, bits: LeafBits, name: &str, value: &str) {
        let shown = if range.len() <= MASKED_RUN {
            mask(&self.bytes[range], bits)
        } else {
            format!("bits {}:{}", bits.shift + bits.width - 1, bits.shift)
        };
        self.rows.push(vec![
            String::new(),
            shown,
            name.to_owned(),
            value.to_owned(),
        ]);
    }
}

fn offset(offset: usize) -> String {
    format!("{offset:04x}")
}

/// Bytes as pairs of hexadecimal digits with spaces between them.
pub fn spaced(bytes: &[u8]) -> String {
    let pairs: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    pairs.join(" ")
}

/// The field's bits as they lie on the wire, and dots for those of other fields.
fn mask(run: &[u8], bits: LeafBits) -> String {
    let nibbles: Vec<String> = (0..run.len() * 2)
        .map(|nibble| {
            (nibble * 4..nibble * 4 + 4)
                .map(|at| mask_bit(run, bits, at))
                .collect()
        })
        .collect();
    nibbles.join(" ")
}

/// The bit number `at` on the wire, if it is the field's.
fn mask_bit(run: &[u8], bits: LeafBits, at: usize) -> char {
    let (byte, below) = (at / 8, 7 - at % 8);
    let bytes_below = match bits.endian {
        packet_schema::layout::Endian::Big => run.len() - 1 - byte,
        packet_schema::layout::Endian::Little => byte,
    };
    let number_bit = bytes_below * 8 + below;
    let (shift, width) = (bits.shift as usize, bits.width as usize);
    if !(shift..shift + width).contains(&number_bit) {
        '.'
    } else if run[byte] >> below & 1 == 1 {
        '1'
    } else {
        '0'
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use packet_schema::codec::LeafRole;
    use packet_schema::layout::Endian;

    fn leaf(path: &str, offset: usize, len: usize, text: &str) -> Leaf {
        Leaf {
            path: path.to_owned(),
            offset,
            len,
            bits: None,
            text: text.to_owned(),
            role: LeafRole::Data,
        }
    }

    fn bits(path: &str, offset: usize, len: usize, endian: Endian, bits: (u32, u32)) -> Leaf {
        let (shift, width) = bits;
        Leaf {
            bits: Some(LeafBits {
                shift,
                width,
                endian,
            }),
            ..leaf(path, offset, len, "1")
        }
    }

    #[test]
    fn says_which_bytes_are_which_field() {
        let leaves = [
            leaf("id", 0, 2, "1"),
            leaf("name", 2, 10, "\"abcdefghij\""),
            leaf("empty", 12, 0, "\"\""),
        ];
        assert_eq!(
            annotated(b"\x00\x01abcdefghij!", &leaves, ""),
            "\
0000  00 01                    id             1
0002  61 62 63 64 65 66 67 68  name           \"abcdefghij\"
000a  69 6a
000c                           empty          \"\"
000c  21                       (not decoded)
"
        );
    }

    #[test]
    fn bit_fields_show_where_they_lie_on_the_wire() {
        let big = [
            bits("high", 0, 2, Endian::Big, (12, 4)),
            bits("low", 0, 2, Endian::Big, (0, 12)),
        ];
        assert_eq!(
            annotated(&[0x12, 0x34], &big, ""),
            "\
0000  12 34
      0001 .... .... ....  high  1
      .... 0010 0011 0100  low   1
"
        );
        let little = [
            bits("low", 0, 2, Endian::Little, (0, 12)),
            bits("high", 0, 2, Endian::Little, (12, 4)),
        ];
        assert_eq!(
            annotated(&[0x34, 0x12], &little, ""),
            "\
0000  34 12
      0011 0100 .... 0010  low   1
      .... .... 0001 ....  high  1
"
        );
    }

    #[test]
    fn leaves_beyond_the_bytes_do_not_panic() {
        let leaves = [
            leaf("a", 0, 9, "1"),
            leaf("b", 70, 2, "2"),
            leaf("c", usize::MAX, 1, "3"),
        ];
        assert!(annotated(&[1, 2], &leaves, "").contains("01 02"));
        assert_eq!(annotated(&[], &[], ""), "");
    }
}
