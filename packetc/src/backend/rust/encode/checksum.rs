//! Checksums, put in place when all other bytes are written.
//!
//! In: a checksum field. Out: statements that compute it from the written bytes, and for the code before
//! them whether a part's position must be remembered.

use super::super::decode::{compute, extra};
use super::super::{Body, after, place_bytes, scalar};
use super::part_at;
use packet_schema::layout::{Checksum, Endian, Part, Role, Scalar, Type};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

pub(super) fn write_checksum(body: &Body<'_>, index: usize, checksum: &Checksum) -> TokenStream {
    let Type::Scalar(kind) = &body.field(index).ty else {
        return TokenStream::new();
    };
    let (own, _) = written_extent(body, index);
    let (from, to) = match (checksum.first(), checksum.last()) {
        (Some(first), Some(last)) => (written_extent(body, first).0, written_extent(body, last).1),
        _ => (own.clone(), own.clone()),
    };
    let size = Literal::usize_unsuffixed(kind.bytes());
    let compute = compute(checksum.algorithm);
    let extra = extra(checksum);
    let bytes = bytes(kind);
    quote! {
        let value = #compute(&rt::checksum::around(
            writer.written(0, writer.position()),
            #from,
            #to,
            #own,
            #size,
            #extra,
        ));
        writer.patch(#own, &value.#bytes);
    }
}

/// The method that makes a checksum's bytes of its value. Of a number wider than the field, such as a `u32` for three
/// bytes, the highest ones are left out.
pub(in super::super) fn bytes(kind: &Scalar) -> TokenStream {
    let size = Literal::usize_unsuffixed(kind.bytes());
    let left_out = scalar::container(kind.bits) as usize / 8 - kind.bytes();
    match (kind.endian, left_out) {
        (Endian::Big, 0) => quote! { to_be_bytes() },
        (Endian::Little, 0) => quote! { to_le_bytes() },
        (Endian::Big, left_out) => {
            let left_out = Literal::usize_unsuffixed(left_out);
            quote! { to_be_bytes()[#left_out..] }
        }
        (Endian::Little, _) => quote! { to_le_bytes()[..#size] },
    }
}

/// The position where a field begins in the buffer, and where it ends.
fn written_extent(body: &Body<'_>, index: usize) -> (TokenStream, TokenStream) {
    let number = body.part_number(index);
    let part = &body.layout.parts[number];
    let at = part_at(body, part);
    let at = quote! { #at };
    if let Part::Static { .. } = part {
        let (offset, size) = place_bytes(body.field(index).place);
        return (after(&at, offset), after(&at, offset + size));
    }
    let end = if let Some(next) = body.layout.parts.get(number + 1) {
        let end = part_at(body, next);
        quote! { #end }
    } else {
        quote! { writer.position() }
    };
    (at, end)
}

/// Whether a checksum needs to know where the part begins: it lies in it, begins with it, or ends where
/// a part before it does.
pub(super) fn position_needed(body: &Body<'_>, number: usize) -> bool {
    let is_static = |part: usize| matches!(body.layout.parts.get(part), Some(Part::Static { .. }));
    body.layout
        .fields
        .iter()
        .enumerate()
        .any(|(index, field)| match &field.role {
            Role::Checksum(checksum) => {
                let first = checksum.first().map(|first| body.part_number(first));
                let end = checksum.last().map(|last| {
                    let part = body.part_number(last);
                    if is_static(part) { part } else { part + 1 }
                });
                [Some(body.part_number(index)), first, end].contains(&Some(number))
            }
            _ => false,
        })
}
