//! The table of a struct's fields.

use crate::render::table::columns;
use crate::render::types::{field_type, notes, range, type_name};
use packet_schema::layout::{
    ELSE, Endian, Field, Layout, Part, Place, ScalarKind, Struct, StructId, Type, Variant,
};

/// Field, type, offset, size and notes, in wire order; structs of fixed size are taken apart.
pub(super) fn table(layout: &Layout, id: StructId) -> String {
    let owner = layout.get(id);
    let header = ["field", "type", "offset", "size", "notes"];
    let mut rows = vec![header.map(str::to_owned).to_vec()];
    let mut offset = Offset {
        min: 0,
        max: Some(0),
    };
    for part in &owner.parts {
        match part {
            Part::Static { size, fields } => {
                for field in &owner.fields[fields.clone()] {
                    static_rows(layout, owner, field, "", offset, &mut rows);
                }
                offset = offset.plus(*size as u64, Some(*size as u64));
            }
            Part::Dynamic { field } => {
                let field = &owner.fields[*field];
                let mut row = row(layout, owner, field, &field.name, offset);
                row[3] = range(field.min_size, field.max_size);
                rows.push(row);
                if let Type::Variant(variant) = &field.ty {
                    rows.extend(case_rows(layout, owner, variant));
                }
                offset = offset.plus(field.min_size, field.max_size);
            }
            Part::Align { field, to } => {
                offset = offset.aligned(*to as u64, owner.fields[*field].when.is_some());
            }
        }
    }
    let mut text = columns(&rows);
    if rows.iter().any(|row| row[2].contains(BIT)) {
        text.push_str(
            "\nOffsets and sizes are in bytes; 6:3 is bit 3 of byte 6, counted from its most \
             significant bit.\n",
        );
    }
    text
}

/// Where each field of a struct begins, by its number: `at byte 4`, or `in bits 3:0 of a u8 at byte 0`.
pub(crate) fn places(layout: &Layout, id: StructId) -> Vec<String> {
    let owner = layout.get(id);
    let mut places = vec![String::new(); owner.fields.len()];
    let mut before = Offset {
        min: 0,
        max: Some(0),
    };
    for part in &owner.parts {
        match part {
            Part::Static { size, fields } => {
                for index in fields.clone() {
                    places[index] = place(&owner.fields[index], before);
                }
                before = before.plus(*size as u64, Some(*size as u64));
            }
            Part::Dynamic { field } => {
                places[*field] = at_byte(before);
                let field = &owner.fields[*field];
                before = before.plus(field.min_size, field.max_size);
            }
            Part::Align { field, to } => {
                before = before.aligned(*to as u64, owner.fields[*field].when.is_some());
            }
        }
    }
    places
}

fn at_byte(offset: Offset) -> String {
    match offset.max {
        Some(_) => format!("at byte {}", range(offset.min, offset.max)),
        None => format!("at byte {} or behind", offset.min),
    }
}

/// Where a field of a static part begins, which itself begins at `part`.
fn place(field: &Field, part: Offset) -> String {
    let (Place::Bytes { offset, .. } | Place::Bits { offset, .. }) = field.place else {
        return at_byte(part);
    };
    let run = at_byte(part.plus(offset as u64, Some(offset as u64)));
    let (
        Place::Bits {
            size,
            endian,
            shift,
            ..
        },
        Some(scalar),
    ) = (field.place, field.ty.number())
    else {
        return run;
    };
    let (low, high) = (shift as usize, shift as usize + scalar.bits as usize - 1);
    format!("in {} {run}", run_note(low, high, size, endian))
}

/// Stands between the byte and the bit of an offset.
const BIT: char = ':';

/// Bytes before a field.
#[derive(Clone, Copy)]
struct Offset {
    min: u64,
    max: Option<u64>,
}

impl Offset {
    fn plus(self, min: u64, max: Option<u64>) -> Self {
        Self {
            min: self.min.saturating_add(min),
            max: self.max.zip(max).map(|(a, b)| a.saturating_add(b)),
        }
    }

    /// The next multiple, of the smallest offset only if it must be one.
    fn aligned(self, to: u64, optional: bool) -> Self {
        let up = |offset: u64| offset.checked_next_multiple_of(to).unwrap_or(offset);
        Self {
            min: if optional { self.min } else { up(self.min) },
            max: self.max.map(up),
        }
    }

    /// The offset, if it is always the same.
    fn fixed(self) -> Option<u64> {
        self.max.filter(|max| *max == self.min)
    }
}

fn static_rows(
    layout: &Layout,
    owner: &Struct,
    field: &Field,
    prefix: &str,
    part: Offset,
    rows: &mut Vec<Vec<String>>,
) {
    let name = format!("{prefix}{}", field.name);
    let bytes_before = match field.place {
        Place::Bytes { offset, .. } | Place::Bits { offset, .. } => offset as u64,
        Place::Dynamic => 0,
    };
    let offset = part.plus(bytes_before, Some(bytes_before));
    rows.push(row(layout, owner, field, &name, offset));
    if let Type::Struct(id) = field.ty {
        let inner = layout.get(id);
        for field in &inner.fields {
            static_rows(layout, inner, field, &format!("{name}."), offset, rows);
        }
    }
}

fn row(layout: &Layout, owner: &Struct, field: &Field, name: &str, offset: Offset) -> Vec<String> {
    let mut notes = notes(layout, owner, field);
    let mut at = range(offset.min, offset.max);
    let mut size = range(field.min_size, field.max_size);
    match (field.place, &field.ty) {
        (Place::Bytes { size: bytes, .. }, _) => size = bytes.to_string(),
        (
            Place::Bits {
                size: bytes,
                endian,
                shift,
                ..
            },
            Type::Scalar(scalar),
        ) => {
            let (low, high) = (shift as usize, shift as usize + scalar.bits as usize - 1);
            size = if low == high {
                "1 bit".to_owned()
            } else {
                format!("{} bits", scalar.bits)
            };
            match offset.fixed() {
                Some(run) if endian == Endian::Big || bytes == 1 => {
                    let bit = bytes * 8 - 1 - high;
                    at = format!("{}{BIT}{}", run + (bit / 8) as u64, bit % 8);
                }
                // The field's bits are not in one place, or that place is not always the same.
                _ => notes.insert(0, run_note(low, high, bytes, endian)),
            }
        }
        _ => {}
    }
    vec![
        name.to_owned(),
        field_type(layout, owner, field),
        at,
        size,
        notes.join("; "),
    ]
}

fn run_note(low: usize, high: usize, bytes: usize, endian: Endian) -> String {
    let bits = if low == high {
        format!("bit {low}")
    } else {
        format!("bits {high}:{low}")
    };
    let order = match endian {
        Endian::Little if bytes > 1 => "a little-endian ",
        _ => "a ",
    };
    format!("{bits} of {order}u{}", bytes * 8)
}

/// A row for each type that a variant can be.
fn case_rows(layout: &Layout, owner: &Struct, variant: &Variant) -> Vec<Vec<String>> {
    let tag_enum = owner.fields.get(variant.tag).and_then(|tag| match &tag.ty {
        Type::Scalar(scalar) => match scalar.kind {
            ScalarKind::Enum(id) => Some(layout.enumeration(id)),
            _ => None,
        },
        _ => None,
    });
    let case_row = |name: String, ty: &Type, note: String| {
        let size = match ty {
            Type::Struct(id) => {
                let inner = layout.get(*id);
                range(inner.min_size, inner.max_size)
            }
            Type::Scalar(scalar) => scalar.bytes().to_string(),
            _ => String::new(),
        };
        vec![
            format!("  {name}"),
            type_name(layout, owner, ty),
            String::new(),
            size,
            note,
        ]
    };
    let cases = variant.cases.iter().map(|case| {
        let tag = match tag_enum.and_then(|tags| tags.name_of(case.tag)) {
            Some(name) => format!("tag {name} ({:#x})", case.tag),
            None => format!("tag {:#x}", case.tag),
        };
        case_row(case.name.clone(), &case.ty, tag)
    });
    let otherwise = variant
        .otherwise
        .iter()
        .map(|ty| case_row(ELSE.to_owned(), ty, "other tags".to_owned()));
    cases.chain(otherwise).collect()
}
