//! Checksums, compared as soon as the last byte that they cover is read.
//!
//! In: a checksum field. Out: a statement that fails if it differs, and for the code before it the
//! positions that must be remembered.

use super::super::names::suffixed;
use super::super::types::part_ident;
use super::super::{Body, place_bytes, scalar};
use packet_schema::layout::{Algorithm, Checksum, Part, Role, Type};
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;

pub(super) fn verify(body: &Body<'_>, index: usize, checksum: &Checksum) -> TokenStream {
    let site = body.decode_site(body.shape_index(index));
    let (own, _) = extent_of(body, index);
    let (from, _) = extent_of(body, checksum.from);
    let (_, to) = extent_of(body, checksum.to);
    let field = body.field(index);
    let (Type::Scalar(kind), Some((part, _))) = (&field.ty, body.part_of(index)) else {
        return TokenStream::new();
    };
    let part = part_ident(part);
    let actual = scalar::read(&quote! { #part }, field.place, kind);
    let size = Literal::usize_unsuffixed(kind.bytes());
    let compute = compute(checksum.algorithm);
    quote! {
        ::packet_runtime::decode::checksum(
            #site,
            #own,
            #compute(&::packet_runtime::checksum::around(input, #from - start, #to - start, #own - start, #size)).into(),
            #actual.into(),
        )?;
    }
}

/// The position where a field begins, and where it ends.
fn extent_of(body: &Body<'_>, index: usize) -> (TokenStream, TokenStream) {
    if let Some((part, _)) = body.part_of(index) {
        let at = position_ident(part);
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
        (begin, quote! { #at + #end })
    } else {
        let local = &body.names().fields[index].local;
        let (start, end) = (suffixed(local, "start"), suffixed(local, "end"));
        (quote! { #start }, quote! { #end })
    }
}

/// Whether a checksum covers, or is, one of `fields`.
pub(super) fn needs_position(body: &Body<'_>, fields: &std::ops::Range<usize>) -> bool {
    body.layout
        .fields
        .iter()
        .enumerate()
        .any(|(index, field)| match &field.role {
            Role::Checksum(checksum) => [index, checksum.from, checksum.to]
                .iter()
                .any(|index| fields.contains(index)),
            _ => false,
        })
}

pub(super) fn position_ident(part: usize) -> Ident {
    Ident::new(&format!("part_{part}_at"), Span::call_site())
}

/// Number of the part that a field lies in.
pub(in super::super) fn part_number(body: &Body<'_>, index: usize) -> usize {
    body.layout
        .parts
        .iter()
        .position(|part| match part {
            Part::Static { fields, .. } => fields.contains(&index),
            Part::Dynamic { field } => *field == index,
        })
        .unwrap_or(0)
}

/// The function that computes a checksum from parts of bytes.
pub(in super::super) fn compute(algorithm: Algorithm) -> TokenStream {
    match algorithm {
        Algorithm::Internet => quote! { ::packet_runtime::checksum::internet },
    }
}
