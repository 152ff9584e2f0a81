//! Whether a number can be written: the tests that Rust's types do not make needless.
//!
//! In: a scalar, and the code of its raw value. Out: statements that return the error, or nothing.

use super::super::{Body, scalar};
use packet_schema::layout::{Scalar, ScalarKind, Unknown};
use proc_macro2::TokenStream;
use quote::quote;

/// Tests that a raw value (of a float, the float) can be written.
pub(super) fn value_tests(
    body: &Body<'_>,
    site: &TokenStream,
    kind: &Scalar,
    raw: &TokenStream,
) -> TokenStream {
    match kind.kind {
        ScalarKind::Bool => return TokenStream::new(),
        ScalarKind::Float if kind.finite => return quote! { encode::finite(#site, #raw)?; },
        ScalarKind::Float => return TokenStream::new(),
        ScalarKind::Enum(id) if body.emitter.layout.enumeration(id).unknown == Unknown::Reject => {
            return TokenStream::new();
        }
        ScalarKind::Flags(id) if body.emitter.layout.flag_set(id).unknown == Unknown::Reject => {
            let ident = &body.emitter.names.flags[id.0].ident;
            return quote! { encode::flags(#site, #raw, #ident::ALL.0)?; };
        }
        _ => {}
    }
    if kind.range.is_none() && kind.bits == scalar::container(kind.bits) {
        return TokenStream::new();
    }
    let (min, max) = kind.range.unwrap_or(kind.limits());
    let Some(outside) = scalar::outside(kind, raw, min, max) else {
        return TokenStream::new();
    };
    let (min, max) = scalar::literals((min, max));
    if scalar::is_in_i128(kind) {
        return quote! { encode::range(#site, #raw, #min, #max)?; };
    }
    let value = scalar::as_i128(kind, raw);
    quote! { if #outside { return Err(#site.refused(rt::EncodeErrorKind::OutOfRange { value: #value, min: #min, max: #max })); } }
}

/// Tests of an array's element `value` at the index `at`.
pub(super) fn element_tests(site: &TokenStream, kind: &Scalar, raw: &TokenStream) -> TokenStream {
    let error = quote! { rt::EncodeErrorKind };
    if kind.kind == ScalarKind::Float {
        return if kind.finite {
            quote! { if !#raw.is_finite() { return Err(#site.element_refused(at, #error::NotFinite)); } }
        } else {
            TokenStream::new()
        };
    }
    let Some((outside, min, max)) = kind
        .range
        .and_then(|(min, max)| Some((scalar::outside(kind, raw, min, max)?, min, max)))
    else {
        return TokenStream::new();
    };
    let value = scalar::as_i128(kind, raw);
    let (min, max) = scalar::literals((min, max));
    quote! { if #outside { return Err(#site.element_refused(at, #error::OutOfRange { value: #value, min: #min, max: #max })); } }
}
