//! Where fields lie, whatever parts and bit runs the layout puts them in.
//!
//! In: the parts of a struct, or the place of a number in a header. Out: bits in the fewest bytes, and what is in front of a
//! field to bring it to a multiple.

use super::canonical::Canonical;
use super::types::byte_order;
use crate::layout::{Endian, Field, Part, Place};

/// What a field's place says that does not follow from the fields before it.
#[derive(Clone, Debug, Default)]
pub(super) struct Placed {
    /// Bytes in front of it that mean nothing.
    gap: usize,
    /// It begins at a multiple of this, wherever the fields before it end.
    align: Option<usize>,
    /// Its bits, if it is not whole bytes of its own.
    bits: Option<Window>,
}

impl Placed {
    pub(super) fn write(&self, out: &mut Canonical) {
        let Self { gap, align, bits } = self;
        out.said(1, Some(*gap).filter(|gap| *gap > 0), Canonical::size);
        out.said(2, *align, Canonical::size);
        out.said(3, bits.as_ref(), |out, bits| bits.write(out));
        out.end();
    }
}

/// Bits in the fewest whole bytes that hold them. Which bytes the layout takes for one number makes no difference to bits that
/// lie in some of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Window {
    /// The first byte, counted from the last field in front of it whose place depends on data, or else from the start.
    offset: usize,
    size: usize,
    endian: Endian,
    /// Bits of these bytes below the field.
    shift: u32,
}

impl Window {
    /// The window of `bits` bits above the `shift` lowest ones of a number of `size` bytes.
    pub(super) fn new(offset: usize, size: usize, endian: Endian, shift: u32, bits: u32) -> Self {
        let lowest = (shift / 8) as usize;
        let highest = ((shift + bits).saturating_sub(1) / 8) as usize;
        let before = match endian {
            Endian::Big => size.saturating_sub(1 + highest),
            Endian::Little => lowest,
        };
        let size = 1 + highest.saturating_sub(lowest);
        Self {
            offset: offset + before,
            size,
            endian: if size > 1 { endian } else { Endian::Big },
            shift: shift % 8,
        }
    }

    pub(super) fn write(&self, out: &mut Canonical) {
        let Self {
            offset,
            size,
            endian,
            shift,
        } = self;
        out.size(*offset);
        out.size(*size);
        byte_order(*endian, out);
        out.number(u64::from(*shift));
    }
}

/// The places of a struct's fields.
pub(super) fn places(fields: &[Field], parts: &[Part]) -> Vec<Placed> {
    let mut places = vec![Placed::default(); fields.len()];
    // Bytes from the struct's start, as long as that is known, and bytes since then.
    let mut known = Some(0);
    let mut since = 0;
    for part in parts {
        match part {
            Part::Static { size, fields: own } => {
                for index in own.clone() {
                    places[index].gap += fields[index].gap;
                    places[index].bits = window(&fields[index], since);
                }
                since += size;
                known = known.map(|known| known + size);
            }
            Part::Dynamic { field: _ } => (known, since) = (None, 0),
            Part::Align { field, to } => match known {
                // Where it begins is known, whether the layout needed to know it or not.
                Some(at) if fields[*field].when.is_none() => {
                    let gap = at.next_multiple_of(*to) - at;
                    places[*field].gap += gap;
                    since += gap;
                    known = Some(at + gap);
                }
                _ if *to > 1 => {
                    places[*field].align = Some(*to);
                    (known, since) = (None, 0);
                }
                _ => {}
            },
        }
    }
    places
}

/// The bits of a field in a static part that begins at `start`.
fn window(field: &Field, start: usize) -> Option<Window> {
    match field.place {
        Place::Bits {
            offset,
            size,
            endian,
            shift,
        } => {
            let bits = field.ty.number().map_or(0, |scalar| scalar.bits);
            Some(Window::new(start + offset, size, endian, shift, bits))
        }
        Place::Bytes { offset: _, size: _ } | Place::Dynamic => None,
    }
}
