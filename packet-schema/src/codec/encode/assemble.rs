//! How long a value is, and its bytes.

use super::{Encoder, Slot, Step, varint};
use crate::codec::{checksum, scalar};
use crate::layout::{Bound, Checksum, Field, Part, Place, Struct, Type};
use std::ops::Range;

impl Encoder<'_> {
    /// Puts the slots together.
    pub(super) fn assemble(&mut self, shape: &Struct, slots: &[Slot]) -> Step<Vec<u8>> {
        let mut out = Vec::with_capacity(length(shape, slots));
        let mut places = Vec::with_capacity(slots.len());
        for part in &shape.parts {
            let start = out.len();
            match part {
                Part::Static { size, fields } => {
                    out.resize(start + size, 0);
                    for index in fields.clone() {
                        let (field, slot) = (&shape.fields[index], &slots[index]);
                        places.push(place(field, slot, &mut out, start));
                    }
                }
                Part::Dynamic { field: index } => {
                    let (field, slot) = (&shape.fields[*index], &slots[*index]);
                    out.resize(start + dynamic_size(field, slot), 0);
                    places.push(place(field, slot, &mut out, start));
                }
                Part::Align { field, to } => {
                    if slots[*field].present {
                        out.resize(start.next_multiple_of(*to), 0);
                    }
                }
            }
        }
        for (index, sum) in shape.checksums() {
            let field = &shape.fields[index];
            self.inside(&field.name, |inside| {
                inside.checksum(field, &slots[index], sum, (index, &places), &mut out)
            })?;
        }
        Ok(out)
    }

    fn checksum(
        &self,
        field: &Field,
        slot: &Slot,
        sum: Checksum,
        (index, places): (usize, &[Range<usize>]),
        out: &mut [u8],
    ) -> Step<()> {
        let own = places[index].clone();
        if !slot.present {
            return Ok(());
        }
        let covered = checksum::covered(&sum, index, places);
        let value = checksum::compute(&sum, out, covered, own.clone());
        let mut slot = Slot {
            given: slot.given,
            present: true,
            ..Slot::default()
        };
        self.set_computed(field, &mut slot, value.into())?;
        let start = match field.place {
            Place::Bytes { offset, .. } | Place::Bits { offset, .. } => own.start - offset,
            Place::Dynamic => own.start,
        };
        place(field, &slot, out, start);
        Ok(())
    }
}

/// The packet's size field, if it has one, and what it has to say.
pub(super) fn size_field<'a>(
    shape: &'a Struct,
    slots: &[Slot],
) -> Option<(usize, &'a Field, i128)> {
    let (index, excluded) = shape.size_field()?;
    let field = &shape.fields[index];
    // A varint does not count itself and what is in front of it.
    let first = match field.ty {
        Type::Varint(_) => shape
            .parts
            .iter()
            .position(|part| matches!(part, Part::Dynamic { field } if *field == index))
            .map_or(0, |part| part + 1),
        _ => 0,
    };
    let counted = length_of(&shape.parts[first..], shape, slots) as i128;
    Some((index, field, counted - i128::from(excluded)))
}

/// Bytes of the whole struct.
pub(super) fn length(shape: &Struct, slots: &[Slot]) -> usize {
    length_of(&shape.parts, shape, slots)
}

/// Bytes of some of its parts; of those that are aligned all in front have to be among them.
fn length_of(parts: &[Part], shape: &Struct, slots: &[Slot]) -> usize {
    parts.iter().fold(0, |before, part| match part {
        Part::Static { size, .. } => before + size,
        Part::Dynamic { field } => before + dynamic_size(&shape.fields[*field], &slots[*field]),
        Part::Align { field, to } if slots[*field].present => before.next_multiple_of(*to),
        Part::Align { .. } => before,
    })
}

pub(super) fn dynamic_size(field: &Field, slot: &Slot) -> usize {
    match &field.ty {
        _ if !slot.present => 0,
        Type::Scalar(ty) => ty.bytes(),
        Type::Varint(ty) => varint::len(ty, slot.number),
        _ => slot.content.bytes.len(),
    }
}

/// Whether decoding would let the field take all bytes up to the end.
pub(super) fn takes_rest(field: &Field, slot: &Slot) -> bool {
    match field.bound {
        Some(Bound::Rest { .. }) => true,
        Some(Bound::Sized(_)) => false,
        None => slot.content.greedy,
    }
}

/// Writes a field into its part, which begins at `start`, and says where it lies.
fn place(field: &Field, slot: &Slot, out: &mut [u8], start: usize) -> Range<usize> {
    let range = match (field.place, &field.ty) {
        (Place::Bytes { offset, size } | Place::Bits { offset, size, .. }, _) => {
            start + offset..start + offset + size
        }
        (Place::Dynamic, _) => start..start + dynamic_size(field, slot),
    };
    let bytes = &mut out[range.clone()];
    match (&field.ty, field.place) {
        _ if !slot.present => {}
        (Type::Scalar(ty), Place::Bits { endian, shift, .. }) => {
            let others = scalar::read(bytes, endian) & !(scalar::mask(ty.bits) << shift);
            scalar::write(bytes, endian, others | slot.raw << shift);
        }
        (Type::Scalar(ty), _) => scalar::write(bytes, ty.endian, slot.raw),
        (Type::Varint(ty), _) => varint::write(bytes, ty, slot.number),
        // What nobody gives, such as reserved bytes, stays zero.
        _ => bytes
            .iter_mut()
            .zip(&slot.content.bytes)
            .for_each(|(to, from)| *to = *from),
    }
    range
}
