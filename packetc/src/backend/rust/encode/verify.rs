//! What must agree with what: presence, cases and lengths against the expressions that say them.
//!
//! In: a field. Out: statements that refuse a value which a reader would understand otherwise. An
//! expression that gave a derived field its value holds by the way that was computed, and is left out.

use super::super::decode::guard;
use super::super::expr::{condition, operands, wide};
use super::super::names::suffixed;
use super::super::variant::{Arm, VariantField, is_exhaustive};
use super::super::{Body, is_owned, scalar, text};
use packet_schema::layout::{Bound, Derivation, Expr, Extent, Field, Role, Type, Variant};
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
    let site = Body::site(body.shape_index(index));
    let mut statements = TokenStream::new();
    if let Some(when) = &field.when
        && !gives_presence(body, when, index)
    {
        let present = condition(when, &operands(body));
        statements.extend(quote! {
            encode::presence(#site, #present, self.#member.is_some())?;
        });
    }
    if let Some(found) = VariantField::of(body, index) {
        statements.extend(verify_case(body, &found));
        statements.extend(verify_case_lengths(body, &found));
        statements.extend(after_rest(body, &found));
    }
    if let (Some(_), Type::Variant(variant)) = (body.emitter.outside.variant(field), &field.ty) {
        statements.extend(verify_outside(body, index, variant));
    }
    let length = match (&field.bound, &field.ty) {
        (Some(Bound::Sized(expr)), _) => Some(expr),
        (_, Type::Bytes(extent) | Type::Text(extent, _) | Type::Array { extent, .. }) => {
            extent.length()
        }
        _ => None,
    };
    if let Some(expr) = length
        && !gives_length(body, expr, index)
    {
        let measured = suffixed(&names.local, "measured");
        let expected = wide(expr, &operands(body));
        let test = quote! { encode::same_length(#site, #expected, #measured)?; };
        statements.extend(if field.when.is_some() {
            quote! { if self.#member.is_some() { #test } }
        } else {
            test
        });
    }
    statements
}

/// Whether the length gave the value of a derived field in it, and so holds.
fn gives_length(body: &Body<'_>, length: &Expr, of: usize) -> bool {
    length.fields().iter().any(|field| {
        matches!(&body.field(*field).role, Role::Derived(Derivation::Length { of: found, .. }) if *found == of)
    })
}

/// Whether the condition is a flag that was derived from it, and so holds.
fn gives_presence(body: &Body<'_>, when: &Expr, of: usize) -> bool {
    when.fields().iter().any(|field| {
        matches!(&body.field(*field).role, Role::Derived(Derivation::Presence { of: found, .. }) if *found == of)
    })
}

/// Tests that the case is the one that the tag and the guard select.
fn verify_case(body: &Body<'_>, found: &VariantField<'_>) -> TokenStream {
    let (index, variant) = (found.index, found.variant);
    let derived = is_tag_of(body, variant.tag, index);
    if derived && variant.guard.is_none() && variant.otherwise.is_none() {
        return TokenStream::new();
    }
    let site = Body::site(body.shape_index(index));
    let member = &body.names().fields[index].member;
    let tag = &body.names().fields[variant.tag].local;
    let owned = &found.written;
    let guard = variant.guard.as_ref().map(|guard| {
        let guard = condition(guard, &operands(body));
        quote! { let guard = #guard; }
    });
    let guarded = guard.as_ref().map(|_| quote! { if guard });
    // Cases are compared by their numbers; `else` has one that no case has.
    let number = |number: usize, arm: &Arm<'_>| {
        if arm.case.is_none() {
            return quote! { usize::MAX };
        }
        let number = Literal::usize_suffixed(number);
        quote! { #number }
    };
    let arms = || found.arms.iter().enumerate();
    let expected = arms().filter_map(|(at, arm)| {
        let tag = Literal::u64_unsuffixed(arm.case?.tag);
        let number = number(at, arm);
        Some(quote! { #tag #guarded => #number, })
    });
    let chosen = arms().map(|(at, arm)| {
        let (pattern, number) = (arm.ignoring(), number(at, arm));
        quote! { #owned::#pattern => #number, }
    });
    let value = if found.field.when.is_some() {
        quote! { value }
    } else {
        quote! { &self.#member }
    };
    let none = (!is_exhaustive(body, variant)).then(|| quote! { _ => usize::MAX });
    let compare = quote! {
        let expected = match #tag { #(#expected)* #none };
        let chosen = match #value { #(#chosen)* };
        if expected != chosen {
            return Err(#site.refused(rt::EncodeErrorKind::CaseMismatch));
        }
    };
    if found.field.when.is_some() {
        quote! { #guard if let Some(value) = &self.#member { #compare } }
    } else {
        quote! { #guard #compare }
    }
}

/// Tests that the case of a variant that is not emitted here is the one that the tag and the guard select, and
/// that nothing follows where it takes the rest.
fn verify_outside(body: &Body<'_>, index: usize, variant: &Variant) -> TokenStream {
    let site = Body::site(body.shape_index(index));
    let field = body.field(index);
    let member = &body.names().fields[index].member;
    let tag = &body.names().fields[variant.tag].local;
    let tag = if let Some(kind) = body.field(variant.tag).ty.number() {
        scalar::to_u64(&kind, &quote! { #tag })
    } else {
        quote! { #tag }
    };
    let guard = guard(body, variant);
    let next = index + 1;
    let followed = field.bound.is_none() && body.layout.fields.get(next).is_some_and(is_rest);
    let rest = followed.then(|| {
        let rest = &body.names().fields[next].member;
        let site = Body::site(body.shape_index(next));
        quote! {
            if rt::Cases::takes_rest(value) && !self.#rest.is_empty() {
                return Err(#site.refused(rt::EncodeErrorKind::AfterRest));
            }
        }
    });
    let compare = quote! {
        if !rt::Cases::is_chosen(value, #tag, #guard) {
            return Err(#site.refused(rt::EncodeErrorKind::CaseMismatch));
        }
        #rest
    };
    if field.when.is_some() {
        quote! { if let Some(value) = &self.#member { #compare } }
    } else {
        quote! { { let value = &self.#member; #compare } }
    }
}

/// The lengths of cases that have one.
fn verify_case_lengths(body: &Body<'_>, found: &VariantField<'_>) -> TokenStream {
    let member = &body.names().fields[found.index].member;
    let tests = found.arms.iter().filter_map(|arm| {
        let value = quote! { value };
        let (extent, length) = match arm.ty {
            Type::Bytes(extent) | Type::Array { extent, .. } => (extent, quote! { value.len() }),
            Type::Text(extent, encoding) => (extent, text::len(*encoding, &value)),
            _ => return None,
        };
        let Extent::Counted(expr) = extent else {
            return None;
        };
        let site = Body::site(arm.entry);
        let expected = wide(expr, &operands(body));
        let pattern = found.member_pattern(&arm.binding());
        Some(quote! {
            #[allow(irrefutable_let_patterns)]
            if let #pattern = &self.#member {
                encode::same_length(#site, #expected, #length)?;
            }
        })
    });
    quote! { #(#tests)* }
}

/// A rest after a variant must be empty if the case takes everything itself.
fn after_rest(body: &Body<'_>, found: &VariantField<'_>) -> TokenStream {
    let next = found.index + 1;
    if found.field.bound.is_some() || !body.layout.fields.get(next).is_some_and(is_rest) {
        return TokenStream::new();
    }
    let greedy = |arm: &&Arm<'_>| body.emitter.layout.is_greedy(arm.ty);
    let patterns: Vec<TokenStream> = found
        .arms
        .iter()
        .filter(greedy)
        .map(|arm| found.member_pattern(&arm.ignoring()))
        .collect();
    if patterns.is_empty() {
        return TokenStream::new();
    }
    let member = &body.names().fields[found.index].member;
    let rest = &body.names().fields[next].member;
    let site = Body::site(body.shape_index(next));
    quote! {
        if matches!(&self.#member, #(#patterns)|*) && !self.#rest.is_empty() {
            return Err(#site.refused(rt::EncodeErrorKind::AfterRest));
        }
    }
}

/// Whether a field takes all bytes that are left.
fn is_rest(field: &Field) -> bool {
    matches!(
        &field.ty,
        Type::Bytes(Extent::Rest { .. })
            | Type::Text(Extent::Rest { .. }, _)
            | Type::Array {
                extent: Extent::Rest { .. },
                ..
            }
    )
}

/// Whether the derived field `index` is computed from the variant `of`.
fn is_tag_of(body: &Body<'_>, index: usize, of: usize) -> bool {
    matches!(&body.field(index).role, Role::Derived(Derivation::Tag { of: found }) if *found == of)
}
