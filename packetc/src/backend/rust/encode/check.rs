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
    let error = quote! { ::packet_runtime::EncodeErrorKind };
    let mut tests = TokenStream::new();
    match kind.kind {
        ScalarKind::Bool => return tests,
        ScalarKind::Float => {
            if kind.finite {
                tests.extend(
                    quote! { if !#raw.is_finite() { return Err(#site.error(#error::NotFinite)); } },
                );
            }
            return tests;
        }
        ScalarKind::Enum(id) if body.emitter.layout.enumeration(id).unknown == Unknown::Reject => {
            return tests;
        }
        ScalarKind::Flags(id) if body.emitter.layout.flag_set(id).unknown == Unknown::Reject => {
            let ident = &body.emitter.names.flags[id.0].ident;
            let unknown = quote! { (#raw & !#ident::ALL.0) };
            let value = scalar::as_u64(kind, &unknown);
            tests.extend(quote! { if #raw & !#ident::ALL.0 != 0 { return Err(#site.error(#error::UnknownValue { value: #value })); } });
            return tests;
        }
        _ => {}
    }
    if kind.range.is_none() && kind.bits == scalar::container(kind.bits) {
        return tests;
    }
    let (min, max) = kind.range.unwrap_or(kind.limits());
    if let Some(outside) = scalar::outside(kind, raw, min, max) {
        let value = scalar::as_i128(kind, raw);
        let (min, max) = scalar::literals((min, max));
        tests.extend(quote! { if #outside { return Err(#site.error(#error::OutOfRange { value: #value, min: #min, max: #max })); } });
    }
    tests
}

/// Tests of an array's element `value` at the index `at`.
pub(super) fn element_tests(site: &TokenStream, kind: &Scalar, raw: &TokenStream) -> TokenStream {
    let error = quote! { ::packet_runtime::EncodeErrorKind };
    if kind.kind == ScalarKind::Float {
        return if kind.finite {
            quote! { if !#raw.is_finite() { return Err(#site.element_error(at, #error::NotFinite)); } }
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
    quote! { if #outside { return Err(#site.element_error(at, #error::OutOfRange { value: #value, min: #min, max: #max })); } }
}
