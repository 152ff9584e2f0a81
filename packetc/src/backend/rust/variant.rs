//! Fields that are variants, with the names of what is emitted for them.
//!
//! In: a struct. Out: its variants, and of each the arms in the order of all generated matches: the cases,
//! then `else`. No code but patterns, so that no emitter has to pair cases with names and numbers.

use super::Body;
use super::names::VariantNames;
use packet_schema::layout::{Case, Field, Type, Variant};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

/// A field that is a variant.
pub(super) struct VariantField<'a> {
    pub(super) index: usize,
    pub(super) field: &'a Field,
    pub(super) variant: &'a Variant,
    pub(super) names: &'a VariantNames,
    /// How code that writes calls the enum of what is written.
    pub(super) written: TokenStream,
    pub(super) arms: Vec<Arm<'a>>,
}

impl<'a> VariantField<'a> {
    /// All variants of a struct.
    pub(super) fn all(body: &Body<'a>) -> impl Iterator<Item = Self> {
        (0..body.layout.fields.len()).filter_map(|index| Self::of(body, index))
    }

    /// The field `index` if it is a variant.
    pub(super) fn of(body: &Body<'a>, index: usize) -> Option<Self> {
        let field = body.field(index);
        if body.emitter.outside.variant(field).is_some() {
            return None;
        }
        let (Type::Variant(variant), Some(names)) =
            (&field.ty, &body.names().fields[index].variant)
        else {
            return None;
        };
        let cases = names.cases.iter().zip(&variant.cases);
        let cases = cases.map(|(ident, case)| (ident, &case.ty, case.length, Some(case)));
        let otherwise = variant.otherwise.as_deref();
        let otherwise = otherwise.map(|ty| (&names.otherwise, ty, variant.otherwise_length, None));
        let arms = cases.chain(otherwise).enumerate();
        Some(Self {
            index,
            field,
            variant,
            names,
            written: body.written_variant(variant, names),
            arms: arms
                .map(|(number, (ident, ty, length, case))| Arm {
                    ident,
                    ty,
                    length,
                    case,
                    entry: body.case_index(index, number),
                })
                .collect(),
        })
    }

    /// Whether a view of some case borrows from the bytes.
    pub(super) fn borrows(&self) -> bool {
        self.arms
            .iter()
            .any(|arm| arm.ty.number().is_none() && !matches!(arm.ty, Type::Skipped))
    }

    /// A pattern for the enum of what is written as one for the struct's member.
    pub(super) fn member_pattern(&self, pattern: &TokenStream) -> TokenStream {
        let owned = &self.written;
        if self.field.when.is_some() {
            quote! { Some(#owned::#pattern) }
        } else {
            quote! { #owned::#pattern }
        }
    }
}

/// Whether every value of the tag's Rust type is that of a case, so that a match needs no other arm.
pub(super) fn is_exhaustive(body: &Body<'_>, variant: &Variant) -> bool {
    let byte = matches!(&body.field(variant.tag).ty, Type::Scalar(scalar) if scalar.bits == 8);
    byte && variant.guard.is_none() && variant.cases.len() == 256
}

/// One of a variant's types.
pub(super) struct Arm<'a> {
    /// The name of the enums' variant.
    pub(super) ident: &'a Ident,
    pub(super) ty: &'a Type,
    /// Smallest and largest length.
    pub(super) length: Option<(u64, u64)>,
    /// The case; `None` is `else`, whose variant has the tag besides the value.
    pub(super) case: Option<&'a Case>,
    /// The number in the struct's shape.
    pub(super) entry: u16,
}

impl Arm<'_> {
    /// The pattern, without the enum, that binds `value`, if it holds one.
    pub(super) fn binding(&self) -> TokenStream {
        let ident = self.ident;
        if matches!(self.ty, Type::Skipped) {
            self.ignoring()
        } else if self.case.is_some() {
            quote! { #ident(value) }
        } else {
            quote! { #ident { value, .. } }
        }
    }

    /// The pattern, without the enum, that binds nothing.
    pub(super) fn ignoring(&self) -> TokenStream {
        let ident = self.ident;
        if self.case.is_some() {
            quote! { #ident(_) }
        } else {
            quote! { #ident { .. } }
        }
    }
}
