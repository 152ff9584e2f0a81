//! The first step: measure all fields, compute the derived ones, verify the rest.
//!
//! In: a struct of the layout. Out: the body of `derive_fields`, which ends with the private struct that
//! holds what was found. Locals with raw values are bound before the expressions that read them.

use super::super::expr::wide;
use super::super::names::suffixed;
use super::super::types::tag_type;
use super::super::{Body, scalar};
use super::check::value_tests;
use super::measure::{is_measured, measure, static_value};
use super::verify::verify;
use super::{kept, operands};
use packet_schema::layout::{Derivation, Extent, Part, Role, ScalarKind, Type, Unknown};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

pub(super) fn derive(body: &Body<'_>) -> TokenStream {
    let names = body.names();
    let derived = &names.derived;
    let mut statements = TokenStream::new();
    let mut total: usize = 0;
    let mut sizes: Vec<TokenStream> = Vec::new();
    for part in &body.layout.parts {
        match part {
            Part::Static { size, fields } => {
                total += size;
                for index in fields.clone() {
                    statements.extend(static_value(body, index));
                }
            }
            Part::Dynamic { field } => {
                let (tokens, size) = measure(body, *field);
                statements.extend(tokens);
                sizes.push(size);
            }
        }
    }
    for index in &body.layout.derive_order {
        statements.extend(derived_value(body, *index));
    }
    for index in 0..body.layout.fields.len() {
        statements.extend(verify(body, index));
    }
    let sum = if let (0, [first, rest @ ..]) = (total, sizes.as_slice()) {
        quote! { #first #(+ #rest)* }
    } else {
        let total = Literal::usize_unsuffixed(total);
        quote! { #total #(+ #sizes)* }
    };
    statements.extend(quote! { let encoded_len = #sum; });
    statements.extend(packet_limits(body));
    let kept = kept(body).map(|index| &names.fields[index].local);
    quote! { #statements Ok(#derived { encoded_len, #(#kept),* }) }
}

/// A derived field's value, bound to its local.
fn derived_value(body: &Body<'_>, index: usize) -> TokenStream {
    let field = body.field(index);
    let local = &body.names().fields[index].local;
    let (Type::Scalar(kind), Role::Derived(derivation)) = (&field.ty, &field.role) else {
        return TokenStream::new();
    };
    let raw = scalar::raw_type(kind);
    let site = body.encode_site(body.shape_index(index));
    match derivation {
        Derivation::Presence { of, inverted } => {
            let member = &body.names().fields[*of].member;
            let method = if *inverted {
                quote! { is_none }
            } else {
                quote! { is_some }
            };
            quote! { let #local = #raw::from(self.#member.#method()); }
        }
        Derivation::Tag { of } => {
            let Type::Variant(variant) = &body.field(*of).ty else {
                return TokenStream::new();
            };
            let Some(names) = &body.names().fields[*of].variant else {
                return TokenStream::new();
            };
            let member = &body.names().fields[*of].member;
            let owned = &names.owned;
            let cases = names.cases.iter().zip(&variant.cases).map(|(ident, case)| {
                let tag = Literal::u64_unsuffixed(case.tag);
                quote! { #owned::#ident(_) => #tag, }
            });
            let otherwise = variant.otherwise.as_ref().map(|_| {
                let ident = &names.otherwise;
                quote! { #owned::#ident { tag, .. } => *tag, }
            });
            let ty = tag_type(body, variant);
            let mut tests = value_tests(body, &site, kind, &quote! { #local });
            if let ScalarKind::Enum(id) = kind.kind
                && body.emitter.layout.enumeration(id).unknown == Unknown::Reject
            {
                let ident = &body.emitter.names.enums[id.0].ident;
                let value = if scalar::container(kind.bits) == 64 {
                    quote! { #local }
                } else {
                    quote! { u64::from(#local) }
                };
                tests = quote! {
                    if !#ident::is_known(#local) {
                        return Err(#site.error(::packet_runtime::EncodeErrorKind::UnknownValue { value: #value }));
                    }
                };
            }
            let tests = variant.otherwise.as_ref().map(|_| tests);
            quote! {
                let #local: #ty = match &self.#member { #(#cases)* #otherwise };
                #tests
            }
        }
        Derivation::Length { of, scale, offset } => {
            let target = body.field(*of);
            let names = &body.names().fields[*of];
            let measured = suffixed(&names.local, "measured");
            let of_site = body.encode_site(body.shape_index(*of));
            let offset = wide(offset, &operands(body));
            let (min, max) = kind.range.unwrap_or(kind.limits());
            let (min, max) = (Literal::i128_unsuffixed(min), Literal::i128_unsuffixed(max));
            let scale = Literal::i128_unsuffixed(*scale);
            if !is_measured(target) {
                // A case's length: nothing but a case that has one can be measured.
                return case_length(body, index, *of, &quote! { (#min, #max) }, &scale, &offset);
            }
            let solve = quote! { ::packet_runtime::encode::solve(#site, #of_site, #measured, #scale, #offset, (#min, #max))? };
            if target.when.is_some() {
                let member = &names.member;
                quote! {
                    let #local: #raw = if self.#member.is_some() {
                        #solve
                    } else {
                        ::packet_runtime::encode::solve_absent(#scale, #offset, (#min, #max))
                    };
                }
            } else {
                quote! { let #local: #raw = #solve; }
            }
        }
    }
}

/// The value of a length field that only some cases of a variant have.
fn case_length(
    body: &Body<'_>,
    index: usize,
    of: usize,
    range: &TokenStream,
    scale: &Literal,
    offset: &TokenStream,
) -> TokenStream {
    let field = body.field(index);
    let local = &body.names().fields[index].local;
    let (Type::Scalar(kind), Type::Variant(variant), Some(names)) = (
        &field.ty,
        &body.field(of).ty,
        &body.names().fields[of].variant,
    ) else {
        return TokenStream::new();
    };
    let raw = scalar::raw_type(kind);
    let site = body.encode_site(body.shape_index(index));
    let member = &body.names().fields[of].member;
    let owned = &names.owned;
    let counted = |ty: &Type| matches!(ty, Type::Bytes(Extent::Counted(expr)) | Type::Text(Extent::Counted(expr), _) if expr.fields().contains(&index));
    let arm = |pattern: TokenStream, entry: u16| {
        let of_site = body.encode_site(entry);
        quote! { #pattern => ::packet_runtime::encode::solve(#site, #of_site, value.len(), #scale, #offset, #range)?, }
    };
    let cases = names
        .cases
        .iter()
        .zip(&variant.cases)
        .enumerate()
        .filter(|(_, (_, case))| counted(&case.ty))
        .map(|(number, (ident, _))| {
            let pattern = if body.field(of).when.is_some() {
                quote! { Some(#owned::#ident(value)) }
            } else {
                quote! { #owned::#ident(value) }
            };
            arm(pattern, body.case_index(of, number))
        });
    let otherwise = variant
        .otherwise
        .as_ref()
        .filter(|ty| counted(ty))
        .map(|_| {
            let ident = &names.otherwise;
            let pattern = if body.field(of).when.is_some() {
                quote! { Some(#owned::#ident { value, .. }) }
            } else {
                quote! { #owned::#ident { value, .. } }
            };
            arm(pattern, body.case_index(of, variant.cases.len()))
        });
    quote! {
        #[allow(unreachable_patterns)]
        let #local: #raw = match &self.#member {
            #(#cases)*
            #otherwise
            _ => ::packet_runtime::encode::solve_absent(#scale, #offset, #range),
        };
    }
}

/// A packet's largest size, and the value of its size field.
fn packet_limits(body: &Body<'_>) -> TokenStream {
    let layout = body.emitter.layout;
    let Some((framing, _)) = layout.framing.as_ref().zip(layout.packet_of(body.id)) else {
        return TokenStream::new();
    };
    let shape = &body.names().shape;
    let fits = body
        .layout
        .max_size
        .is_some_and(|max| max <= framing.max_size as u64);
    let limit = (!fits).then(|| {
        let max = Literal::usize_unsuffixed(framing.max_size);
        let min = Literal::u64_unsuffixed(body.layout.min_size);
        quote! {
            if encoded_len > #max {
                return Err(::packet_runtime::EncodeError::whole(
                    &#shape,
                    ::packet_runtime::EncodeErrorKind::OutOfRange { value: encoded_len as i128, min: #min, max: #max },
                ));
            }
        }
    });
    let size = body.size_field().map(|(index, excluded)| {
        let field = body.field(index);
        let local = &body.names().fields[index].local;
        let Type::Scalar(kind) = &field.ty else {
            return TokenStream::new();
        };
        let raw = scalar::raw_type(kind);
        let site = body.encode_site(body.shape_index(index));
        let (min, max) = kind.limits();
        let (min, max) = (Literal::i128_unsuffixed(min), Literal::i128_unsuffixed(max));
        let counted = if excluded == 0 {
            quote! { encoded_len as i128 }
        } else {
            let excluded = Literal::i64_unsuffixed(excluded);
            quote! { encoded_len as i128 - #excluded }
        };
        quote! { let #local: #raw = ::packet_runtime::encode::fitting(#site, #counted, #min, #max)?; }
    });
    quote! { #limit #size }
}
