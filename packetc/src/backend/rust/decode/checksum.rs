//! Checksums, compared as soon as the last byte that they cover is read.
//!
//! In: a checksum field. Out: a statement that fails if it differs, and for the code before it the
//! positions that must be remembered.

use super::super::names::{self, suffixed};
use super::super::{Body, after, place_bytes, scalar};
use packet_schema::layout::{Algorithm, Checksum, Derivation, Role, Type};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// The comparison of the checksum `index`.
pub(super) fn verify(body: &Body<'_>, index: usize, checksum: &Checksum) -> TokenStream {
    let site = Body::site(body.shape_index(index));
    let (own, _) = extent_of(body, index);
    let (from, _) = extent_of(body, checksum.from);
    let (_, to) = extent_of(body, checksum.to);
    let field = body.field(index);
    let (Type::Scalar(kind), Some((part, _))) = (&field.ty, body.part_of(index)) else {
        return TokenStream::new();
    };
    let part = names::part(part);
    let actual = scalar::read(&quote! { #part }, field.place, kind);
    let size = Literal::usize_unsuffixed(kind.bytes());
    let compute = compute(checksum.algorithm);
    quote! {
        decode::checksum(
            #site,
            #own,
            #compute(&rt::checksum::around(input, #from - start, #to - start, #own - start, #size)).into(),
            #actual.into(),
        )?;
    }
}

/// The position where a field begins, and where it ends.
pub(super) fn extent_of(body: &Body<'_>, index: usize) -> (TokenStream, TokenStream) {
    if let Some((part, _)) = body.part_of(index) {
        let at = names::part_at(part);
        let at = quote! { #at };
        let (offset, size) = place_bytes(body.field(index).place);
        (after(&at, offset), after(&at, offset + size))
    } else {
        let local = &body.names().fields[index].local;
        let (start, end) = (suffixed(local, "start"), suffixed(local, "end"));
        (quote! { #start }, quote! { #end })
    }
}

/// Whether a checksum covers, or is, one of `fields`, or one of them is compared with a computed value.
pub(super) fn needs_position(body: &Body<'_>, fields: &std::ops::Range<usize>) -> bool {
    body.layout
        .fields
        .iter()
        .enumerate()
        .any(|(index, field)| match &field.role {
            Role::Checksum(checksum) => [index, checksum.from, checksum.to]
                .iter()
                .any(|index| fields.contains(index)),
            Role::Derived(Derivation::Value(_)) => fields.contains(&index),
            _ => false,
        })
}

/// The function that computes a checksum from parts of bytes.
pub(in super::super) fn compute(algorithm: Algorithm) -> TokenStream {
    match algorithm {
        Algorithm::Internet => quote! { rt::checksum::internet },
    }
}
