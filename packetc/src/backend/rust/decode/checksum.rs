//! Checksums, compared as soon as the last byte that they cover is read.
//!
//! In: a checksum field. Out: a statement that fails if it differs, and for the code before it the
//! positions that must be remembered.

use super::super::names::{self, suffixed};
use super::super::{Body, after, place_bytes, scalar};
use packet_schema::layout::{Algorithm, Checksum, Derivation, Role, Type};
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;

/// The comparison of the checksum `index`.
pub(super) fn verify(body: &Body<'_>, index: usize, checksum: &Checksum) -> TokenStream {
    let site = Body::site(body.shape_index(index));
    let (own, _) = extent_of(body, index);
    let (from, to) = match (checksum.first(), checksum.last()) {
        (Some(first), Some(last)) => (extent_of(body, first).0, extent_of(body, last).1),
        _ => (own.clone(), own.clone()),
    };
    let field = body.field(index);
    let (Type::Scalar(kind), Some((part, _))) = (&field.ty, body.part_of(index)) else {
        return TokenStream::new();
    };
    let part = names::part(part);
    let actual = scalar::read(&quote! { #part }, field.place, kind);
    let size = Literal::usize_unsuffixed(kind.bytes());
    let compute = compute(checksum.algorithm);
    let extra = extra(checksum);
    // A conversion of a number into its own type would be a warning.
    let widen = (kind.bits <= 32).then(|| quote! { .into() });
    quote! {
        decode::checksum(
            #site,
            #own,
            #compute(&rt::checksum::around(input.rest(), #from - start, #to - start, #own - start, #size, #extra)) #widen,
            #actual #widen,
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
            Role::Checksum(checksum) => [Some(index), checksum.first(), checksum.last()]
                .iter()
                .flatten()
                .any(|index| fields.contains(index)),
            Role::Derived(Derivation::Value(_)) => fields.contains(&index),
            _ => false,
        })
}

/// The bytes that a checksum sums behind those that it covers.
pub(in super::super) fn extra(checksum: &Checksum) -> TokenStream {
    let extra = checksum.extra.map(Literal::u8_unsuffixed);
    let extra = extra.into_iter();
    quote! { &[#(#extra)*] }
}

/// The function that computes a checksum from parts of bytes.
pub(in super::super) fn compute(algorithm: Algorithm) -> TokenStream {
    let name = |name: &str| Ident::new(name, Span::call_site());
    if let Algorithm::Crc(crc) = algorithm {
        let function = name(&crc.name.replace('-', "_"));
        return quote! { rt::checksum::crc::#function };
    }
    let function = name(algorithm.name());
    quote! { rt::checksum::#function }
}
