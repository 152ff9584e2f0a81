//! Whether a number can be written: the tests that Rust's types do not make needless.
//!
//! In: a scalar, and the code of its raw value. Out: statements that return the error, or nothing.

use super::super::{Body, Emitter, is_owned, scalar};
use packet_schema::layout::{Scalar, ScalarKind, StructId, Type, Unknown};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

/// What a number must be, besides what its Rust type says.
pub(super) enum Test<'a> {
    Finite,
    Flags(&'a Ident),
    /// A type that is not emitted here knows its values, which have fewer bits than their Rust type if these
    /// are the limits.
    Outside(&'a TokenStream, Option<(i128, i128)>),
    Range(i128, i128),
}

/// The test that a number needs.
pub(super) fn test<'a>(emitter: &'a Emitter<'_>, kind: &Scalar) -> Option<Test<'a>> {
    if let Some(ty) = emitter.outside_scalar(kind) {
        let narrow = kind.bits != scalar::container(kind.bits);
        return Some(Test::Outside(ty, narrow.then(|| kind.limits())));
    }
    match kind.kind {
        ScalarKind::Bool => return None,
        ScalarKind::Float => return kind.finite.then_some(Test::Finite),
        ScalarKind::Enum(id) if emitter.layout.enumeration(id).unknown == Unknown::Reject => {
            return None;
        }
        ScalarKind::Flags(id) => match emitter.layout.flag_set(id).unknown {
            Unknown::Reject => return Some(Test::Flags(&emitter.names.flags[id.0].ident)),
            // What is written has only bits with names.
            Unknown::Skip => return None,
            Unknown::Keep => {}
        },
        _ => {}
    }
    if kind.range.is_none() && kind.bits == scalar::container(kind.bits) {
        return None;
    }
    let (min, max) = kind.allowed();
    scalar::outside(kind, &TokenStream::new(), min, max)?;
    Some(Test::Range(min, max))
}

/// Whether a struct of fixed size has a function that tests its values.
pub(in super::super) fn is_tested(emitter: &Emitter<'_>, id: StructId) -> bool {
    let mut fields = emitter.layout.get(id).fields.iter();
    fields.any(|field| {
        is_owned(field)
            && match &field.ty {
                Type::Scalar(kind) => test(emitter, kind).is_some(),
                Type::Struct(id) => emitter.is_outside(*id) || is_tested(emitter, *id),
                Type::Text(..) => true,
                _ => false,
            }
    })
}

/// Tests that a raw value (of a float, the float) can be written.
pub(in super::super) fn value_tests(
    body: &Body<'_>,
    site: &TokenStream,
    kind: &Scalar,
    raw: &TokenStream,
) -> TokenStream {
    match test(body.emitter, kind) {
        None => TokenStream::new(),
        Some(Test::Finite) => quote! { encode::finite(#site, #raw)?; },
        Some(Test::Flags(ident)) => quote! { encode::flags(#site, #raw, #ident::ALL.0)?; },
        Some(Test::Outside(ty, limits)) => {
            let limits = limits.map(|limits| {
                let (min, max) = scalar::literals(limits);
                quote! { encode::range(#site, #raw, #min, #max)?; }
            });
            quote! { rt::encode_named::<#ty, _>(#site, #raw)?; #limits }
        }
        Some(Test::Range(min, max)) if scalar::is_in_i128(kind) => {
            let (min, max) = scalar::literals((min, max));
            quote! { encode::range(#site, #raw, #min, #max)?; }
        }
        Some(Test::Range(min, max)) => {
            let (outside, error) = out_of_range(kind, raw, min, max);
            quote! { if #outside { return Err(#site.refused(#error)); } }
        }
    }
}

/// Tests of an array's element, whose raw value is `raw`, at the index `at`.
pub(super) fn element_tests(
    body: &Body<'_>,
    site: &TokenStream,
    kind: &Scalar,
    raw: &TokenStream,
) -> TokenStream {
    let (wrong, error) = match test(body.emitter, kind) {
        None => return TokenStream::new(),
        Some(Test::Finite) => (
            quote! { !#raw.is_finite() },
            quote! { rt::EncodeErrorKind::NotFinite },
        ),
        Some(Test::Flags(ident)) => {
            let value = scalar::as_u64(kind, &quote! { (#raw & !#ident::ALL.0) });
            (
                quote! { #raw & !#ident::ALL.0 != 0 },
                quote! { rt::EncodeErrorKind::UnknownValue { value: #value } },
            )
        }
        Some(Test::Outside(ty, limits)) => {
            let narrow = limits.map(|(min, max)| {
                let (wrong, error) = out_of_range(kind, raw, min, max);
                quote! { if #wrong { return Err(#site.element_refused(at, #error)); } }
            });
            return quote! {
                if let Some(value) = <#ty as rt::Named<_>>::unknown(#raw) {
                    return Err(#site.element_refused(at, rt::EncodeErrorKind::UnknownValue { value }));
                }
                #narrow
            };
        }
        Some(Test::Range(min, max)) => out_of_range(kind, raw, min, max),
    };
    quote! { if #wrong { return Err(#site.element_refused(at, #error)); } }
}

/// The condition that [`element_tests`] refuse an element, if they refuse any.
pub(super) fn element_wrong(
    body: &Body<'_>,
    kind: &Scalar,
    raw: &TokenStream,
) -> Option<TokenStream> {
    Some(match test(body.emitter, kind)? {
        Test::Finite => quote! { !#raw.is_finite() },
        Test::Flags(ident) => quote! { #raw & !#ident::ALL.0 != 0 },
        Test::Outside(ty, limits) => {
            let narrow = limits.map(|(min, max)| {
                let wrong = out_of_range(kind, raw, min, max).0;
                quote! { || #wrong }
            });
            quote! { <#ty as rt::Named<_>>::unknown(#raw).is_some() #narrow }
        }
        Test::Range(min, max) => out_of_range(kind, raw, min, max).0,
    })
}

/// The condition that a value is outside of its range, and the kind of the error.
fn out_of_range(
    kind: &Scalar,
    raw: &TokenStream,
    min: i128,
    max: i128,
) -> (TokenStream, TokenStream) {
    let outside = scalar::outside(kind, raw, min, max).unwrap_or_else(|| quote! { false });
    let value = scalar::as_i128(kind, raw);
    let (min, max) = scalar::literals((min, max));
    (
        outside,
        quote! { rt::EncodeErrorKind::OutOfRange { value: #value, min: #min, max: #max } },
    )
}
