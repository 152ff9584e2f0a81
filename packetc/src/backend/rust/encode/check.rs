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
    tests(body, kind, raw, &|kind| quote! { #site.error(#kind) })
}

/// Tests of an array's element, whose raw value is `raw`, at the index `at`.
pub(super) fn element_tests(
    body: &Body<'_>,
    site: &TokenStream,
    kind: &Scalar,
    raw: &TokenStream,
) -> TokenStream {
    tests(
        body,
        kind,
        raw,
        &|kind| quote! { #site.element_error(at, #kind) },
    )
}

/// The tests, with the code of an error from that of its kind.
fn tests(
    body: &Body<'_>,
    kind: &Scalar,
    raw: &TokenStream,
    wrong: &dyn Fn(TokenStream) -> TokenStream,
) -> TokenStream {
    let error = quote! { ::packet_runtime::EncodeErrorKind };
    match kind.kind {
        ScalarKind::Bool => return TokenStream::new(),
        ScalarKind::Float if kind.finite => {
            let wrong = wrong(quote! { #error::NotFinite });
            return quote! { if !#raw.is_finite() { return Err(#wrong); } };
        }
        ScalarKind::Float => return TokenStream::new(),
        ScalarKind::Enum(id) if body.emitter.layout.enumeration(id).unknown == Unknown::Reject => {
            return TokenStream::new();
        }
        ScalarKind::Flags(id) => match body.emitter.layout.flag_set(id).unknown {
            Unknown::Reject => {
                let ident = &body.emitter.names.flags[id.0].ident;
                let value = scalar::as_u64(kind, &quote! { (#raw & !#ident::ALL.0) });
                let wrong = wrong(quote! { #error::UnknownValue { value: #value } });
                return quote! { if #raw & !#ident::ALL.0 != 0 { return Err(#wrong); } };
            }
            // What is written has only bits with names.
            Unknown::Skip => return TokenStream::new(),
            Unknown::Keep => {}
        },
        _ => {}
    }
    if kind.range.is_none() && kind.bits == scalar::container(kind.bits) {
        return TokenStream::new();
    }
    let (min, max) = kind.range.unwrap_or(kind.limits());
    let Some(outside) = scalar::outside(kind, raw, min, max) else {
        return TokenStream::new();
    };
    let value = scalar::as_i128(kind, raw);
    let (min, max) = scalar::literals((min, max));
    let wrong = wrong(quote! { #error::OutOfRange { value: #value, min: #min, max: #max } });
    quote! { if #outside { return Err(#wrong); } }
}
