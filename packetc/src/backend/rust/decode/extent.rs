//! How many bytes or elements there are.
//!
//! In: the extent of a field, its limits. Out: statements that leave the number in `length`. Whether the
//! input has that many is tested by whoever reads them.

use super::super::expr::{operands, wide};
use super::super::{Body, scalar, varint};
use packet_schema::layout::{Expr, Extent, Place, Prefix, Role, Scalar};
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
    let Some((min, max)) = limits else {
        let value = value(body, site, extent);
        return quote! { let length = #value; };
    };
    let (min, max) = (Literal::u64_unsuffixed(min), Literal::u64_unsuffixed(max));
    // A length that some machine's `usize` does not hold is tested, and reported, as it is.
    let (wide, length) = match extent {
        Extent::Prefixed(prefix) if prefix_number(prefix).bits > 32 => (
            prefixed(body, site, prefix, |read| quote! { i128::from(#read) }),
            quote! { usize::try_from(wide).unwrap_or(usize::MAX) },
        ),
        Extent::Counted(expr) | Extent::Sized(expr) if expr.max > u32::MAX.into() => (
            wide(expr, &operands(body)),
            checked(site, &quote! { wide }, expr),
        ),
        _ => {
            let value = value(body, site, extent);
            return quote! {
                let start = reader.position();
                let length = #value;
                decode::limits(#site, start, length, #min, #max)?;
            };
        }
    };
    quote! {
        let start = reader.position();
        let wide = #wide;
        let length = #length;
        decode::wide_limits(#site, start, wide, #min, #max)?;
    }
}

/// The extent's number as a `usize`.
fn value(body: &Body<'_>, site: &TokenStream, extent: &Extent) -> TokenStream {
    match extent {
        Extent::Fixed(count) => {
            let count = Literal::usize_unsuffixed(*count);
            quote! { #count }
        }
        Extent::Prefixed(prefix) => prefixed(body, site, prefix, |read| {
            match scalar::container(prefix_number(prefix).bits) {
                8 | 16 => quote! { usize::from(#read) },
                // More than memory can hold is more than any input has.
                _ => quote! { usize::try_from(#read).unwrap_or(usize::MAX) },
            }
        }),
        Extent::Counted(expr) | Extent::Sized(expr) => expr_length(body, site, expr),
        Extent::Rest { after } => rest_length(site, *after),
        // Its NUL is looked for when it is read, or its end when that is met.
        Extent::Terminated | Extent::Until(_) => quote! { 0 },
    }
}

/// The number in front of a field, converted.
fn prefixed(
    body: &Body<'_>,
    site: &TokenStream,
    prefix: &Prefix,
    convert: impl Fn(TokenStream) -> TokenStream,
) -> TokenStream {
    let number = prefix_number(prefix);
    let (before, value) = match prefix {
        Prefix::Fixed(scalar) => {
            let size = Literal::usize_unsuffixed(scalar.bytes());
            let bytes = quote! { decode::prefix::<#size>(reader, #site)? };
            let value = scalar::read(&quote! { prefix }, Place::Dynamic, scalar);
            (quote! { let prefix = #bytes; }, value)
        }
        Prefix::Varint(varint) => (TokenStream::new(), varint::read(varint, site)),
    };
    let tests = scalar::tests(body.emitter, &number, &Role::Data);
    if tests.is_empty() {
        let value = convert(value);
        return if before.is_empty() {
            value
        } else {
            quote! { { #before #value } }
        };
    }
    let read = quote! { value };
    let checks = scalar::checks(&tests, &number, site, &quote! { at }, &read);
    let converted = convert(read);
    quote! {
        {
            let at = reader.position();
            #before
            let value = #value;
            #checks
            #converted
        }
    }
}

/// What the number in front of a field means.
fn prefix_number(prefix: &Prefix) -> Scalar {
    match prefix {
        Prefix::Fixed(scalar) => *scalar,
        Prefix::Varint(varint) => varint.scalar(),
    }
}

pub(super) fn expr_length(body: &Body<'_>, site: &TokenStream, expr: &Expr) -> TokenStream {
    checked(site, &wide(expr, &operands(body)), expr)
}

fn checked(site: &TokenStream, value: &TokenStream, expr: &Expr) -> TokenStream {
    let max = Literal::i128_unsuffixed(expr.max);
    quote! { decode::length(reader, #site, #value, #max)? }
}

pub(super) fn rest_length(site: &TokenStream, after: usize) -> TokenStream {
    let after = Literal::usize_unsuffixed(after);
    quote! { decode::rest(reader, #site, #after)? }
}
