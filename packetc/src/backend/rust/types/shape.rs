//! The static table of a struct's names, which errors refer to by number.
//!
//! In: a struct of the layout. Out: one `static`. Its numbers are those of `Body::shape_index` and
//! `Body::case_index`: a field, then the cases of its variant, then the next field.

use super::super::variant::VariantField;
use super::super::{Body, place_bytes};
use packet_schema::layout::{ELSE, Place, Type};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// The static table of a struct's names.
pub(in super::super) fn shape(body: &Body<'_>) -> TokenStream {
    let name = &body.layout.name;
    let mut last_run = None;
    let entries = body
        .layout
        .fields
        .iter()
        .enumerate()
        .flat_map(|(index, field)| {
            // All fields of a run are missing together: the first one speaks for them.
            let run = match field.place {
                Place::Bits { offset, .. } => Some((body.part_number(index), offset)),
                _ => None,
            };
            let is_in_run = run.is_some() && std::mem::replace(&mut last_run, run) == run;
            let size = if is_in_run {
                0
            } else {
                place_bytes(field.place).1
            };
            let mut own = shape_entry(body, &field.name, &field.ty, size);
            if field.gap > 0 {
                let gap = Literal::usize_unsuffixed(field.gap);
                own = quote! { #own.behind(#gap) };
            }
            if let Some(ty) = body.emitter.outside.variant(field) {
                let name = &field.name;
                own = quote! { rt::nested(#name, <#ty as rt::Cases>::SHAPE) };
            }
            let arms = VariantField::of(body, index)
                .into_iter()
                .flat_map(|found| found.arms);
            let arms = arms.map(|arm| {
                let case = arm.case.map_or(ELSE, |case| &case.name);
                shape_entry(body, &format!("{}.{case}", field.name), arm.ty, 0)
            });
            std::iter::once(own).chain(arms).collect::<Vec<_>>()
        });
    quote! {
        static SHAPE: rt::Shape = rt::shape(#name, &[#(#entries),*]);
    }
}

pub(in super::super) fn shape_entry(
    body: &Body<'_>,
    name: &str,
    ty: &Type,
    size: usize,
) -> TokenStream {
    let inner = match ty {
        Type::Struct(id) => Some(*id),
        Type::Array { element, .. } => match element.as_ref() {
            Type::Struct(id) => Some(*id),
            _ => None,
        },
        _ => None,
    };
    if let Some(id) = inner {
        let inner = if body.emitter.is_outside(id) {
            body.emitter.view_in(id, &quote! { 'static })
        } else {
            let view = &body.emitter.names.structs[id.0].view;
            quote! { #view }
        };
        quote! { rt::nested(#name, <#inner as rt::View>::SHAPE) }
    } else if size > 0 {
        let size = Literal::usize_unsuffixed(size);
        quote! { rt::fixed(#name, #size) }
    } else {
        quote! { rt::leaf(#name) }
    }
}
