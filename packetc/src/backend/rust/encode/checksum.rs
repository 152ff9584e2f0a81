//! Checksums, put in place when all other bytes are written.
//!
//! In: a checksum field. Out: statements that compute it from the written bytes, and for the code before
//! them whether a part's position must be remembered.

use super::super::decode::compute;
use super::super::{Body, after, place_bytes};
use super::part_at;
use packet_schema::layout::{Checksum, Part, Role, Type};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

pub(super) fn write_checksum(body: &Body<'_>, index: usize, checksum: &Checksum) -> TokenStream {
    let Type::Scalar(kind) = &body.field(index).ty else {
        return TokenStream::new();
    };
    let (own, _) = written_extent(body, index);
    let (from, _) = written_extent(body, checksum.from);
    let (_, to) = written_extent(body, checksum.to);
    let size = Literal::usize_unsuffixed(kind.bytes());
    let compute = compute(checksum.algorithm);
    let bytes = match kind.endian {
        packet_schema::layout::Endian::Big => quote! { to_be_bytes },
        packet_schema::layout::Endian::Little => quote! { to_le_bytes },
    };
    quote! {
        let value = #compute(&rt::checksum::around(
            writer.written(0, writer.position()),
            #from,
            #to,
            #own,
            #size,
        ));
        writer.patch(#own, &value.#bytes());
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
                let to = body.part_number(checksum.to);
                let end = if is_static(to) { to } else { to + 1 };
                [
                    body.part_number(index),
                    body.part_number(checksum.from),
                    end,
                ]
                .contains(&number)
            }
            _ => false,
        })
}
