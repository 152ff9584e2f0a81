//! Bit runs: which fields share bytes, and in which bits of them each lies.
//!
//! Raises P0308 (a checksum in a run), P0311 (a bit run that is not whole bytes), P0312 (a run over 64 bits),
//! P0320 (a run with two orders).

use super::Placer;
use crate::diagnostic::{Diagnostic, Span};
use crate::layout::Place;
use crate::model::{self, BitOrder, Endian, Role, ScalarKind, Type};

/// Bit fields that share bytes.
pub(super) struct Run {
    /// Each field's place, with the offset 0.
    pub(super) places: Vec<Place>,
    /// Bytes of the run.
    pub(super) size: usize,
}

impl Placer<'_> {
    /// The bit run that begins at field `first`, if one does.
    pub(super) fn run(&mut self, body: &model::Struct, first: usize) -> Option<Run> {
        let bits_of = |field: &model::Field| match &field.ty {
            Type::Scalar(scalar) if field.when.is_none() && field.align.is_none() => Some(*scalar),
            _ => None,
        };
        let start = bits_of(body.fields.get(first)?)?;
        if start.bits % 8 == 0 {
            return None;
        }
        let bit_order = body.fields[first].bit_order;
        // Most significant bits first in big-endian bytes is the same in any whole number of bytes, so
        // the smallest runs are taken. In other orders the neighbours are one number.
        let smallest = start.endian == Endian::Big && bit_order == BitOrder::Msb;
        let mut widths: Vec<u32> = Vec::new();
        let mut total = 0;
        let mut end = first;
        // Header, body and trailer have whole bytes each.
        let body_end = body.fields.len() - body.trailer_fields;
        let border = [body.header_fields, body_end]
            .into_iter()
            .find(|border| *border > first)
            .unwrap_or(body.fields.len());
        while let Some(scalar) = body.fields[..border].get(end).and_then(bits_of) {
            let same = scalar.endian == start.endian && body.fields[end].bit_order == bit_order;
            let begins = end == first || (!smallest && same);
            let joins = total % 8 != 0 || (scalar.bits % 8 != 0 && begins);
            if !joins || scalar.kind == ScalarKind::Float {
                break;
            }
            if !same {
                self.diagnostics.push(
                    Diagnostic::error(
                        "P0320",
                        body.fields[end].type_span,
                        "the fields of a bit run have one byte order and one bit order",
                    )
                    .label("differs from the run's")
                    .also(body.fields[first].span, "the run begins here")
                    .help("say `endian` and `bit_order` at the struct or packet, or at all fields of the run"),
                );
            }
            widths.push(scalar.bits);
            total += scalar.bits;
            end += 1;
        }
        if total % 8 != 0 {
            // Fields of whole bytes at its end were hardly meant to be in the run.
            let whole = |width: &&u32| width.is_multiple_of(8);
            let tail = widths.iter().rev().take_while(whole);
            let (count, bits) = tail.fold((end - first, total), |(count, bits), width| {
                (count - 1, bits - width)
            });
            let last = &body.fields[first + count - 1];
            let missing = 8 - bits % 8;
            let plural = |number: u32| if number == 1 { "" } else { "s" };
            let mut problem = Diagnostic::error(
                "P0311",
                Span::new(body.fields[first].span.start, last.type_span.end),
                format!(
                    "this bit run has {bits} bit{}, which are not whole bytes",
                    plural(bits)
                ),
            )
            .label(format!("{bits} bit{}", plural(bits)))
            .help(format!(
                "add {missing} reserved bit{} after `{}`: `- _: u{missing}`",
                plural(missing),
                last.name
            ));
            if let Some(next) = body.fields.get(first + count) {
                problem = problem.also(next.span, "would begin inside a byte");
            }
            self.diagnostics.push(problem);
        } else if total > 64 {
            self.diagnostics.push(
                Diagnostic::error(
                    "P0312",
                    Span::new(
                        body.fields[first].span.start,
                        body.fields[end - 1].type_span.end,
                    ),
                    format!("this bit run has {total} bits, more than 64"),
                )
                .help("put a field of whole bytes in between, or part of the fields into a struct"),
            );
        }
        for field in &body.fields[first..end] {
            if !matches!(field.role, Role::Checksum(_)) {
                continue;
            }
            self.diagnostics.push(
                Diagnostic::error(
                    "P0308",
                    field.span,
                    format!(
                        "a checksum has bytes of its own, and `{}` lies in a bit run",
                        field.name
                    ),
                )
                .help("let the bits before it fill whole bytes"),
            );
        }
        let size = (total as usize).div_ceil(8);
        let mut used = 0;
        let places = widths
            .iter()
            .map(|width| {
                let shift = match bit_order {
                    BitOrder::Msb => (total - used).saturating_sub(*width),
                    BitOrder::Lsb => used,
                };
                used += width;
                Place::Bits {
                    offset: 0,
                    size,
                    endian: start.endian,
                    shift,
                }
            })
            .collect();
        Some(Run { places, size })
    }
}
