//! Which field owns which bits on the wire.
//!
//! In: a struct's layout. Out: [`Block`]s in wire order, whose cells are bits that neighbour each
//! other on the wire and, of a bit field, in the number as well.

use crate::render::types::{expression, field_type};
use packet_schema::layout::{Endian, Field, Layout, Part, Place, Role, Struct, StructId, Type};

/// Some bytes on the wire.
pub(super) enum Block {
    /// Fields at fixed places; the cells are in wire order and leave no gaps.
    Static {
        /// Size in bits.
        bits: usize,
        /// What is there.
        cells: Vec<Cell>,
    },
    /// A field whose size depends on data.
    Dynamic {
        /// Its name.
        name: String,
        /// Its name with its type and the condition for its presence.
        long: String,
    },
}

/// Neighbouring bits of one field.
pub(super) struct Cell {
    /// The field's path, or what stands for a field without a name.
    pub(super) name: String,
    /// The field's highest and lowest bit in the cell, if that is not all of them.
    pub(super) piece: Option<(usize, usize)>,
    /// First bit, counted from the block's start.
    pub(super) start: usize,
    /// Number of bits.
    pub(super) len: usize,
}

/// The blocks of a struct. Structs of fixed size inside it are taken apart.
pub(super) fn blocks(layout: &Layout, id: StructId) -> Vec<Block> {
    let owner = layout.get(id);
    owner
        .parts
        .iter()
        .map(|part| match part {
            Part::Static { size, fields } => {
                let mut cells = Vec::new();
                let fields = &owner.fields[fields.clone()];
                static_cells(layout, fields, "", 0, &mut cells);
                cells.sort_by_key(|cell| cell.start);
                Block::Static {
                    bits: size * 8,
                    cells,
                }
            }
            Part::Dynamic { field } => dynamic_block(layout, owner, &owner.fields[*field]),
            Part::Align { field, to } => {
                let condition = condition(owner, &owner.fields[*field]);
                let name = PADDING.to_owned();
                let long = format!("{name} to a multiple of {to}{condition}");
                Block::Dynamic { name, long }
            }
        })
        .collect()
}

fn dynamic_block(layout: &Layout, owner: &Struct, field: &Field) -> Block {
    let name = display_name(field, "");
    let condition = condition(owner, field);
    let long = format!("{name}: {}{condition}", field_type(layout, owner, field));
    Block::Dynamic { name, long }
}

/// When the field is there, unless it always is.
fn condition(owner: &Struct, field: &Field) -> String {
    match &field.when {
        Some(condition) => format!(", when {}", expression(owner, condition)),
        None => String::new(),
    }
}

/// What stands for bytes in front of a field that bring it to a multiple.
const PADDING: &str = "padding";

/// Appends the cells of fields that lie at fixed places from `base`, a bit.
fn static_cells(
    layout: &Layout,
    fields: &[Field],
    prefix: &str,
    base: usize,
    cells: &mut Vec<Cell>,
) {
    for field in fields {
        let name = display_name(field, prefix);
        if let (Place::Bytes { offset, .. }, 1..) = (field.place, field.gap) {
            cells.push(Cell {
                name: PADDING.to_owned(),
                piece: None,
                start: base + (offset - field.gap) * 8,
                len: field.gap * 8,
            });
        }
        match (&field.ty, field.place) {
            (Type::Struct(id), Place::Bytes { offset, .. }) => static_cells(
                layout,
                &layout.get(*id).fields,
                &format!("{name}."),
                base + offset * 8,
                cells,
            ),
            (_, Place::Bytes { offset, size }) if size > 0 => cells.push(Cell {
                name,
                piece: None,
                start: base + offset * 8,
                len: size * 8,
            }),
            (
                Type::Scalar(scalar),
                Place::Bits {
                    offset,
                    size,
                    endian,
                    shift,
                },
            ) => {
                let run = Run {
                    start: base + offset * 8,
                    size,
                    endian,
                };
                bit_cells(&name, run, shift as usize, scalar.bits as usize, cells);
            }
            // Takes no bits, or lies in a part of its own.
            _ => {}
        }
    }
}

/// A bit run: whole bytes that are one number.
#[derive(Clone, Copy)]
struct Run {
    /// First bit on the wire.
    start: usize,
    /// Size in bytes.
    size: usize,
    endian: Endian,
}

impl Run {
    /// Where the number's bit `bit` is on the wire; 0 is the least significant one.
    fn wire_bit(self, bit: usize) -> usize {
        let byte = match self.endian {
            Endian::Big => self.size - 1 - bit / 8,
            Endian::Little => bit / 8,
        };
        self.start + byte * 8 + (7 - bit % 8)
    }
}

/// Appends the cells of a bit field: from its highest bit down, a new one wherever the wire does not
/// go on.
fn bit_cells(name: &str, run: Run, shift: usize, bits: usize, cells: &mut Vec<Cell>) {
    let mut pieces: Vec<(usize, usize, usize)> = Vec::new();
    for bit in (0..bits).rev() {
        let at = run.wire_bit(shift + bit);
        match pieces.last_mut() {
            Some((start, high, low)) if *start + (*high - *low) + 1 == at => *low = bit,
            _ => pieces.push((at, bit, bit)),
        }
    }
    let whole = pieces.len() == 1;
    cells.extend(pieces.into_iter().map(|(start, high, low)| Cell {
        name: name.to_owned(),
        piece: (!whole).then_some((high, low)),
        start,
        len: high - low + 1,
    }));
}

/// A field's path, or what a field without a name is for.
fn display_name(field: &Field, prefix: &str) -> String {
    match &field.role {
        _ if field.is_named() => format!("{prefix}{}", field.name),
        Role::Const(value) => format!("{value:#x}"),
        _ => "reserved".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use packet_schema::codec::decode;
    use packet_schema::value::Value;

    /// Sets each bit on the wire by itself: the codec must find it in the field, and at the place in the
    /// field's number, that the cells say.
    fn check(schema: &str) {
        let source = format!("protocol: example\n{schema}");
        let layout = packet_schema::compile(&source)
            .unwrap_or_else(|problems| panic!("{problems:#?}"))
            .layout;
        let id = layout.packets[0].body;
        let blocks = blocks(&layout, id);
        let [Block::Static { bits, cells }] = blocks.as_slice() else {
            panic!("{schema}: not one static block");
        };
        for bit in 0..*bits {
            let mut bytes = vec![0; bits / 8];
            bytes[bit / 8] = 0x80 >> (bit % 8);
            let decoded = decode(&layout, id, &bytes)
                .expect("any bits are a packet")
                .value;
            let owners: Vec<&Cell> = cells
                .iter()
                .filter(|cell| (cell.start..cell.start + cell.len).contains(&bit))
                .collect();
            let [owner] = owners.as_slice() else {
                panic!("{schema}: bit {bit} is in {} cells", owners.len());
            };
            let low = owner.piece.map_or(0, |(_, low)| low);
            let number = 1_u128 << (low + owner.start + owner.len - 1 - bit);
            for (name, value) in leaves(&decoded, "") {
                let expected = if name == owner.name { number } else { 0 };
                assert_eq!(value, expected, "{schema}: {name} with bit {bit} set");
            }
        }
    }

    fn leaves(value: &Value, path: &str) -> Vec<(String, u128)> {
        match value {
            Value::Map(entries) => entries
                .iter()
                .flat_map(|(name, value)| leaves(value, &format!("{path}.{name}")))
                .collect(),
            Value::Unsigned(number) => vec![(path[1..].to_owned(), *number)],
            Value::Bool(set) => vec![(path[1..].to_owned(), u128::from(*set))],
            value => panic!("{path} is {}", value.kind()),
        }
    }

    #[test]
    fn every_bit_belongs_to_the_field_that_the_codec_reads_it_into() {
        let fields = [
            "a: u4, b: u4",
            "a: u3, b: u13",
            "a: bit, b: u20, c: u3",
            "a: u7, b: u9, c: u16, d: u5, e: u3",
            "a: u1, b: u63",
            "a: u12, b: u20, c: u1, d: u31",
            "a: u24, b: u4, c: u12, d: u8",
        ];
        for endian in ["big", "little"] {
            for order in ["msb", "lsb"] {
                for fields in fields {
                    // Numbers of whole bytes lie in the wire's order only if that is big-endian.
                    let fields = fields.replace("u24", "u24be").replace("u16", "u16be");
                    check(&format!(
                        "endian: {endian}\nbit_order: {order}\npackets: {{ P: {{ fields: [{fields}] }} }}"
                    ));
                }
            }
        }
    }

    #[test]
    fn structs_of_fixed_size_are_taken_apart() {
        check(
            "types: { In: { struct: [x: u3, y: u5] }, Out: { struct: [l: In, r: In] } }
packets: { P: { fields: [a: u8, b: Out, c: u8] } }",
        );
    }
}
