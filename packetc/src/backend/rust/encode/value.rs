//! Computed values: what the schema says that a field is.
//!
//! In: such a field. Out: its value, from the fields' raw values and what was measured before.

use super::super::decode::known_size;
use super::super::expr::{measuring, wide};
use super::super::names::suffixed;
use super::super::{Body, scalar};
use super::measure::measure as measure_field;
use packet_schema::layout::{Expr, Extent, Measure, Scalar, Type};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// The statement that binds the value of the field `index`.
pub(super) fn computed_value(
    body: &Body<'_>,
    index: usize,
    kind: &Scalar,
    value: &Expr,
) -> TokenStream {
    let local = &body.names().fields[index].local;
    let raw = scalar::raw_type(kind);
    let site = Body::site(body.shape_index(index));
    let (min, max) = scalar::literals(kind.allowed());
    let value = wide(
        value,
        &measuring(body, |measure, field| measured(body, measure, field)),
    );
    quote! { let #local: #raw = encode::fitting(#site, #value, #min, #max)?; }
}

/// What is known of a field that is to be written.
fn measured(body: &Body<'_>, measure: Measure, index: usize) -> TokenStream {
    let field = body.field(index);
    let names = &body.names().fields[index];
    let (local, member) = (&names.local, &names.member);
    match measure {
        Measure::Present => quote! { u64::from(self.#member.is_some()) },
        Measure::Size => {
            if let Some(size) = known_size(field) {
                let size = Literal::u64_suffixed(size as u64);
                quote! { #size }
            } else {
                let (_, size) = measure_field(body, index);
                quote! { (#size as u64) }
            }
        }
        Measure::Len => match &field.ty {
            Type::Bytes(Extent::Fixed(size)) | Type::Text(Extent::Fixed(size), _)
                if field.when.is_none() =>
            {
                let size = Literal::u64_suffixed(*size as u64);
                quote! { #size }
            }
            // What an expression counts of an array may be its bytes.
            Type::Array { .. } if field.when.is_some() => {
                quote! { self.#member.as_ref().map_or(0, |value| value.len() as u64) }
            }
            Type::Array { .. } => quote! { (self.#member.len() as u64) },
            _ => {
                let measured = suffixed(local, "measured");
                quote! { (#measured as u64) }
            }
        },
    }
}
