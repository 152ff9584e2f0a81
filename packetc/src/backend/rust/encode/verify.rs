//! What must agree with what: presence, cases and lengths against the expressions that say them.
//!
//! In: a field. Out: statements that refuse a value which a reader would understand otherwise. An
//! expression that gave a derived field its value holds by the way that was computed, and is left out.

use super::super::expr::{condition, wide};
use super::super::names::suffixed;
use super::super::{Body, is_owned, is_tag_of};
use super::operands;
use packet_schema::layout::{Bound, Derivation, Expr, Extent, Role, Type, Variant};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// Compares a field with every expression that is not true by the way its derived field was computed.
pub(super) fn verify(body: &Body<'_>, index: usize) -> TokenStream {
    let field = body.field(index);
    if !is_owned(field) {
        return TokenStream::new();
    }
    let names = &body.names().fields[index];
    let member = &names.member;
    let site = body.encode_site(body.shape_index(index));
    let mut statements = TokenStream::new();
    if let Some(when) = &field.when
        && !solves(body, when, index)
    {
        let present = condition(when, &operands(body));
        statements.extend(quote! {
            let present = #present;
            if present != self.#member.is_some() {
                return Err(#site.error(::packet_runtime::EncodeErrorKind::PresenceMismatch));
            }
        });
    }
    if let Type::Variant(variant) = &field.ty {
        statements.extend(verify_case(body, index, variant));
        statements.extend(verify_case_lengths(body, index, variant));
        statements.extend(after_rest(body, index, variant));
    }
    let length = match (&field.bound, &field.ty) {
        (Some(Bound::Sized(expr)), _) => Some(expr),
        (_, Type::Bytes(extent) | Type::Text(extent, _) | Type::Array { extent, .. }) => {
            match extent {
                Extent::Counted(expr) | Extent::Sized(expr) => Some(expr),
                _ => None,
            }
        }
        _ => None,
    };
    if let Some(expr) = length
        && !solves(body, expr, index)
    {
        let measured = suffixed(&names.local, "measured");
        let expected = wide(expr, &operands(body));
        let test = quote! { ::packet_runtime::encode::same_length(#site, #expected, #measured)?; };
        statements.extend(if field.when.is_some() {
            quote! { if self.#member.is_some() { #test } }
        } else {
            test
        });
    }
    statements
}

/// Whether the expression gave the value of a derived field in it, and so holds.
fn solves(body: &Body<'_>, expr: &Expr, of: usize) -> bool {
    expr.fields()
        .iter()
        .any(|field| match &body.field(*field).role {
            Role::Derived(
                Derivation::Length { of: found, .. } | Derivation::Presence { of: found, .. },
            ) => *found == of,
            _ => false,
        })
}

fn verify_case(body: &Body<'_>, index: usize, variant: &Variant) -> TokenStream {
    let field = body.field(index);
    let derived = is_tag_of(body, variant.tag, index);
    if derived && variant.guard.is_none() && variant.otherwise.is_none() {
        return TokenStream::new();
    }
    let Some(names) = &body.names().fields[index].variant else {
        return TokenStream::new();
    };
    let site = body.encode_site(body.shape_index(index));
    let member = &body.names().fields[index].member;
    let tag = &body.names().fields[variant.tag].local;
    let owned = &names.owned;
    let guard = variant.guard.as_ref().map(|guard| {
        let guard = condition(guard, &operands(body));
        quote! { let guard = #guard; }
    });
    let guarded = guard.as_ref().map(|_| quote! { if guard });
    let numbers: Vec<Literal> = (0..variant.cases.len())
        .map(Literal::usize_suffixed)
        .collect();
    let tags = variant
        .cases
        .iter()
        .map(|case| Literal::u64_unsuffixed(case.tag));
    let idents = &names.cases;
    let otherwise = variant.otherwise.as_ref().map(|_| {
        let ident = &names.otherwise;
        quote! { #owned::#ident { .. } => usize::MAX, }
    });
    let value = if field.when.is_some() {
        quote! { value }
    } else {
        quote! { &self.#member }
    };
    let compare = quote! {
        let expected = match #tag { #(#tags #guarded => #numbers,)* _ => usize::MAX };
        let chosen = match #value { #(#owned::#idents(_) => #numbers,)* #otherwise };
        if expected != chosen {
            return Err(#site.error(::packet_runtime::EncodeErrorKind::CaseMismatch));
        }
    };
    if field.when.is_some() {
        quote! { #guard if let Some(value) = &self.#member { #compare } }
    } else {
        quote! { #guard #compare }
    }
}

/// The lengths of cases that have one.
fn verify_case_lengths(body: &Body<'_>, index: usize, variant: &Variant) -> TokenStream {
    let Some(names) = &body.names().fields[index].variant else {
        return TokenStream::new();
    };
    let member = &body.names().fields[index].member;
    let owned = &names.owned;
    let optional = body.field(index).when.is_some();
    let test = |pattern: TokenStream, entry: u16, ty: &Type| {
        let (Type::Bytes(Extent::Counted(expr)) | Type::Text(Extent::Counted(expr), _)) = ty else {
            return TokenStream::new();
        };
        let site = body.encode_site(entry);
        let expected = wide(expr, &operands(body));
        let pattern = if optional {
            quote! { Some(#pattern) }
        } else {
            pattern
        };
        quote! {
            #[allow(irrefutable_let_patterns)]
            if let #pattern = &self.#member {
                ::packet_runtime::encode::same_length(#site, #expected, value.len())?;
            }
        }
    };
    let cases =
        names
            .cases
            .iter()
            .zip(&variant.cases)
            .enumerate()
            .map(|(number, (ident, case))| {
                test(
                    quote! { #owned::#ident(value) },
                    body.case_index(index, number),
                    &case.ty,
                )
            });
    let otherwise = variant.otherwise.as_ref().map(|ty| {
        let ident = &names.otherwise;
        test(
            quote! { #owned::#ident { value, .. } },
            body.case_index(index, variant.cases.len()),
            ty,
        )
    });
    quote! { #(#cases)* #otherwise }
}

/// A rest after a variant must be empty if the case takes everything itself.
fn after_rest(body: &Body<'_>, index: usize, variant: &Variant) -> TokenStream {
    let field = body.field(index);
    let rest = body.layout.fields.get(index + 1).filter(|next| {
        matches!(
            &next.ty,
            Type::Bytes(Extent::Rest { .. })
                | Type::Text(Extent::Rest { .. }, _)
                | Type::Array {
                    extent: Extent::Rest { .. },
                    ..
                }
        )
    });
    let (Some(_), None, Some(names)) = (rest, &field.bound, &body.names().fields[index].variant)
    else {
        return TokenStream::new();
    };
    let layout = body.emitter.layout;
    let owned = &names.owned;
    let optional = field.when.is_some();
    let cases = names
        .cases
        .iter()
        .zip(&variant.cases)
        .filter(|(_, case)| layout.is_greedy(&case.ty))
        .map(|(ident, _)| quote! { #owned::#ident(_) });
    let otherwise = variant
        .otherwise
        .iter()
        .filter(|ty| layout.is_greedy(ty))
        .map(|_| {
            let ident = &names.otherwise;
            quote! { #owned::#ident { .. } }
        });
    let patterns: Vec<TokenStream> = cases
        .chain(otherwise)
        .map(|pattern| {
            if optional {
                quote! { Some(#pattern) }
            } else {
                pattern
            }
        })
        .collect();
    if patterns.is_empty() {
        return TokenStream::new();
    }
    let member = &body.names().fields[index].member;
    let rest = &body.names().fields[index + 1].member;
    let site = body.encode_site(body.shape_index(index + 1));
    quote! {
        if matches!(&self.#member, #(#patterns)|*) && !self.#rest.is_empty() {
            return Err(#site.error(::packet_runtime::EncodeErrorKind::AfterRest));
        }
    }
}
