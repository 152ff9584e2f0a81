//! Checksums, put in place when all other bytes are written.
//!
//! In: a checksum field. Out: statements that compute it from the written bytes, and for the code before
//! them whether a part's position must be remembered.

use super::super::decode::{compute, part_number};
use super::super::names::suffixed;
use super::super::{Body, place_bytes};
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
        let value = #compute(&::packet_runtime::checksum::around(
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
    let names = body.names();
    for (number, part) in body.layout.parts.iter().enumerate() {
        match part {
            Part::Static { fields, .. } if fields.contains(&index) => {
                let at = suffixed(&names.fields[fields.start].local, "at");
                let (offset, size) = place_bytes(body.field(index).place);
                let (start, end) = (
                    Literal::usize_unsuffixed(offset),
                    Literal::usize_unsuffixed(offset + size),
                );
                let begin = if offset == 0 {
                    quote! { #at }
                } else {
                    quote! { #at + #start }
                };
                return (begin, quote! { #at + #end });
            }
            Part::Dynamic { field } if *field == index => {
                let at = suffixed(&names.fields[index].local, "at");
                let end = match body.layout.parts.get(number + 1) {
                    Some(Part::Static { fields, .. }) => {
                        suffixed(&names.fields[fields.start].local, "at")
                    }
                    Some(Part::Dynamic { field }) => suffixed(&names.fields[*field].local, "at"),
                    None => return (quote! { #at }, quote! { writer.position() }),
                };
                return (quote! { #at }, quote! { #end });
            }
            _ => {}
        }
    }
    (TokenStream::new(), TokenStream::new())
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
                let to = part_number(body, checksum.to);
                let end = if is_static(to) { to } else { to + 1 };
                [
                    part_number(body, index),
                    part_number(body, checksum.from),
                    end,
                ]
                .contains(&number)
            }
            _ => false,
        })
}
