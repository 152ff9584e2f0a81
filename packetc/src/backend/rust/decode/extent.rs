//! How many bytes or elements there are.
//!
//! In: the extent of a field, its limits. Out: statements that leave the number in `length`. Whether the
//! input has that many is tested by whoever reads them.

use super::super::expr::{operands, wide};
use super::super::{Body, scalar};
use packet_schema::layout::{Expr, Extent, Place};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// Statements that leave the extent's number in `length`, tested against the field's limits. `start`
/// is where the field begins.
pub(super) fn length(
    body: &Body<'_>,
    site: &TokenStream,
    extent: &Extent,
    limits: Option<(u64, u64)>,
) -> TokenStream {
    let value = match extent {
        Extent::Fixed(count) => {
            let count = Literal::usize_unsuffixed(*count);
            quote! { #count }
        }
        Extent::Prefixed(prefix) => {
            let size = Literal::usize_unsuffixed(prefix.bytes());
            let read = scalar::read(&quote! { prefix }, Place::Dynamic, prefix);
            let convert = match scalar::container(prefix.bits) {
                8 | 16 => quote! { usize::from(#read) },
                // More than memory can hold is more than any input has.
                _ => quote! { usize::try_from(#read).unwrap_or(usize::MAX) },
            };
            quote! { { let prefix = ::packet_runtime::decode::prefix::<#size>(reader, #site)?; #convert } }
        }
        Extent::Counted(expr) | Extent::Sized(expr) => expr_length(body, site, expr),
        Extent::Rest { after } => rest_length(site, *after),
    };
    let limits = limits.map(|(min, max)| {
        let (min, max) = (Literal::u64_suffixed(min), Literal::u64_suffixed(max));
        quote! { ::packet_runtime::decode::limits(#site, start, length, #min, #max)?; }
    });
    let start = limits
        .as_ref()
        .map(|_| quote! { let start = reader.position(); });
    quote! { #start let length = #value; #limits }
}

pub(super) fn expr_length(body: &Body<'_>, site: &TokenStream, expr: &Expr) -> TokenStream {
    let value = wide(expr, &operands(body));
    let max = Literal::i128_unsuffixed(expr.max);
    quote! { ::packet_runtime::decode::length(reader, #site, #value, #max)? }
}

pub(super) fn rest_length(site: &TokenStream, after: usize) -> TokenStream {
    let after = Literal::usize_unsuffixed(after);
    quote! { ::packet_runtime::decode::rest(reader, #site, #after)? }
}
