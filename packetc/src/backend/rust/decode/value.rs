//! Computed values, compared as soon as the last field that they depend on is read.
//!
//! In: a field of which the schema says what it is. Out: a statement that fails if it is something else.

use super::super::expr::{measuring, wide};
use super::super::names::suffixed;
use super::super::{Body, place_bytes, scalar};
use super::checksum::extent_of;
use packet_schema::layout::{Encoding, Expr, Extent, Field, Measure, Place, Type};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// The comparison of the field `index` with its value.
pub(super) fn compare(body: &Body<'_>, index: usize, value: &Expr) -> TokenStream {
    let site = Body::site(body.shape_index(index));
    let (at, _) = extent_of(body, index);
    let local = &body.names().fields[index].local;
    let Some(kind) = body.field(index).ty.number() else {
        return TokenStream::new();
    };
    let actual = scalar::as_i128(&kind, &quote! { #local });
    let expected = wide(
        value,
        &measuring(body, |measure, field| measured(body, measure, field)),
    );
    quote! { decode::value(#site, #at, #expected, #actual)?; }
}

/// What is known of a field that was read.
fn measured(body: &Body<'_>, measure: Measure, index: usize) -> TokenStream {
    let field = body.field(index);
    let local = &body.names().fields[index].local;
    match measure {
        Measure::Present => quote! { u64::from(#local.is_some()) },
        Measure::Size => {
            if let Some(size) = known_size(field) {
                let size = Literal::u64_suffixed(size as u64);
                quote! { #size }
            } else {
                let (start, end) = (suffixed(local, "start"), suffixed(local, "end"));
                quote! { (#end - #start) as u64 }
            }
        }
        Measure::Len => {
            let length = match &field.ty {
                Type::Bytes(Extent::Fixed(size)) | Type::Text(Extent::Fixed(size), _) => {
                    let size = Literal::u64_suffixed(*size as u64);
                    if field.when.is_none() {
                        return quote! { #size };
                    }
                    return quote! { #local.map_or(0, |_| #size) };
                }
                Type::Text(_, Encoding::Latin1 | Encoding::Utf16(_)) => {
                    quote! { .as_bytes().len() }
                }
                _ => quote! { .len() },
            };
            if field.when.is_some() {
                quote! { #local.map_or(0, |value| value #length as u64) }
            } else {
                quote! { (#local #length as u64) }
            }
        }
    }
}

/// The bytes of a field that always has as many.
pub(in super::super) fn known_size(field: &Field) -> Option<usize> {
    match field.place {
        Place::Bytes { .. } => Some(place_bytes(field.place).1),
        Place::Bits { .. } => Some(0),
        Place::Dynamic if field.when.is_none() => field.pad_to,
        Place::Dynamic => None,
    }
}
