//! The static table of a struct's names, which errors refer to by number.
//!
//! In: a struct of the layout. Out: one `static`. Its numbers are those of `Body::shape_index` and
//! `Body::case_index`: a field, then the cases of its variant, then the next field.

use super::super::Body;
use super::super::variant::VariantField;
use packet_schema::layout::{ELSE, Type};
use proc_macro2::TokenStream;
use quote::quote;

/// The static table of a struct's names.
pub(in super::super) fn shape(body: &Body<'_>) -> TokenStream {
    let shape = &body.names().shape;
    let name = &body.layout.name;
    let entries = body
        .layout
        .fields
        .iter()
        .enumerate()
        .flat_map(|(index, field)| {
            let own = shape_entry(body, &field.name, &field.ty);
            let arms = VariantField::of(body, index)
                .into_iter()
                .flat_map(|found| found.arms);
            let arms = arms.map(|arm| {
                let case = arm.case.map_or(ELSE, |case| &case.name);
                shape_entry(body, &format!("{}.{case}", field.name), arm.ty)
            });
            std::iter::once(own).chain(arms)
        });
    quote! {
        static #shape: ::packet_runtime::Shape = ::packet_runtime::Shape {
            name: #name,
            fields: &[#(#entries),*],
        };
    }
}

fn shape_entry(body: &Body<'_>, name: &str, ty: &Type) -> TokenStream {
    let inner = match ty {
        Type::Struct(id) => Some(*id),
        Type::Array { element, .. } => match element.as_ref() {
            Type::Struct(id) => Some(*id),
            _ => None,
        },
        _ => None,
    };
    if let Some(id) = inner {
        let inner = &body.emitter.names.structs[id.0].shape;
        quote! { ::packet_runtime::FieldShape::nested(#name, &#inner) }
    } else {
        quote! { ::packet_runtime::FieldShape::leaf(#name) }
    }
}
