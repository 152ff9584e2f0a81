//! Where the fields of a packet's header lie, and how many bytes fields of fixed size take together.
//!
//! A field's own place counts from the start of its static part, of which a header can have several: varints stand
//! between them, and a part ends where a computed value is compared. So this walks the parts.

use crate::layout::{Field, Part, Place, Struct};

/// Where something begins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Start {
    /// Numbers of the fields of varying size in front of it.
    pub(super) behind: Vec<usize>,
    /// Bytes from the end of the last of these, or from the packet's start.
    pub(super) offset: usize,
}

/// Where everything in a header begins.
#[derive(Debug, Default)]
pub(super) struct Header {
    /// Its fields. One in a bit run begins where the run does.
    pub(super) fields: Vec<Start>,
    /// What follows it.
    pub(super) end: Start,
    /// Bytes of all its fields of fixed size, with the gaps between them.
    pub(super) fixed: usize,
    /// The first field that is brought to a multiple behind one of varying size. What follows begins where nobody knows.
    pub(super) aligned: Option<usize>,
}

impl Header {
    pub(super) fn of(body: &Struct) -> Self {
        let mut header = Self::default();
        let mut next = Start::default();
        for part in &body.parts {
            if header.fields.len() >= body.header_fields {
                break;
            }
            match part {
                Part::Static { size, fields } => {
                    for field in &body.fields[fields.start..fields.end.min(body.header_fields)] {
                        let (start, end) = within(field);
                        header.fields.push(next.after(start));
                        header.end = next.after(end);
                    }
                    next.offset += size;
                }
                Part::Dynamic { field } => {
                    header.fixed += next.offset;
                    header.fields.push(next.clone());
                    next.behind.push(*field);
                    next.offset = 0;
                    header.end = next.clone();
                }
                Part::Align { to, .. } if next.behind.is_empty() => {
                    next.offset = next.offset.next_multiple_of(*to);
                }
                Part::Align { field, .. } => header.aligned = header.aligned.or(Some(*field)),
            }
        }
        header.fixed += header.end.offset;
        header
    }
}

impl Start {
    fn after(&self, bytes: usize) -> Self {
        Self {
            behind: self.behind.clone(),
            offset: self.offset + bytes,
        }
    }
}

/// Where a field begins and ends in its part.
fn within(field: &Field) -> (usize, usize) {
    match field.place {
        Place::Bytes { offset, size } | Place::Bits { offset, size, .. } => (offset, offset + size),
        Place::Dynamic => (0, 0),
    }
}

/// Bytes of the fields from number `first` on, which all have a fixed size.
pub(super) fn fixed_size(fields: &[Field], parts: &[Part], first: usize) -> usize {
    let size = |part: &Part| match part {
        Part::Static { fields: own, .. } if own.end <= first => 0,
        Part::Static { size, fields: own } if own.start < first => size - within(&fields[first]).0,
        Part::Static { size, .. } => *size,
        Part::Dynamic { field } if *field >= first => fields[*field].pad_to.unwrap_or(0),
        Part::Dynamic { .. } | Part::Align { .. } => 0,
    };
    parts.iter().map(size).sum()
}
