//! From a view to what is owned: `From<View>` for the owned struct and for the enums of its variants that there are.
//!
//! In: a struct of the layout, and the header of its owned form, which a macro's user may have written.
//! Out: `impl` blocks that cannot fail, since the view is valid.

use super::super::moved::moved;
use super::super::variant::VariantField;
use super::super::{Body, Owner};
use super::id_constant;
use super::owned::owned_fields;
use packet_schema::layout::{Extent, Field, Type};
use proc_macro2::TokenStream;
use quote::quote;

/// `From<View>` for the owned struct and the owned enums of its variants.
pub(in super::super) fn convert(body: &Body<'_>, owner: &Owner) -> TokenStream {
    let names = body.names();
    let view = &names.view;
    let target = &owner.with_lifetime;
    let members = owned_fields(body).map(|(index, field)| {
        let (member, getter) = (&names.fields[index].member, &names.fields[index].getter);
        let value = if field.when.is_some() {
            let value = into_owned(body, &field.ty, &quote! { value });
            match &field.ty {
                Type::Scalar(_) | Type::Varint(_) => quote! { view.#getter() },
                Type::Bytes(Extent::Fixed(_)) => quote! { view.#getter().copied() },
                Type::Array { .. } => quote! { view.#getter().map(|value| #value) },
                _ => quote! { view.#getter().map(Into::into) },
            }
        } else {
            into_owned(body, &field.ty, &quote! { view.#getter() })
        };
        let value = match &field.ty {
            Type::Array { element, .. } if body.emitter.outside.is_array(field) => {
                array(field, element, &quote! { view.#getter() })
            }
            _ => value,
        };
        let value = moved(value);
        moved(quote! { #member: #value, })
    });
    let argument = if owned_fields(body).next().is_some() {
        quote! { view }
    } else {
        quote! { _ }
    };
    let emitter = body.emitter;
    let has_owned = emitter.has_owned(body.id);
    let variants = VariantField::all(body)
        .filter(|found| has_owned || !found.variant.types().any(|ty| emitter.borrows(ty)));
    let variants = variants.map(|found| {
        let owned = &found.names.owned;
        convert_variant(body, &found, &quote! { #owned })
    });
    if !has_owned {
        return quote! { #(#variants)* };
    }
    let id = id_constant(body);
    let (generics, arguments, clause) = owner.generics.split_for_impl();
    let ident = &owner.ident;
    let id = if id.is_empty() {
        id
    } else {
        quote! { impl #generics #ident #arguments #clause { #id } }
    };
    quote! {
        #id

        impl<'a> From<#view<'a>> for #target {
            #[inline]
            fn from(#argument: #view<'a>) -> Self {
                Self { #(#members)* }
            }
        }

        #(#variants)*
    }
}

/// The owned form of `value`, what the getter of a field that is `[T; N]` returned.
fn array(field: &Field, element: &Type, value: &TokenStream) -> TokenStream {
    let elements = if element.number().is_some() {
        quote! { value.iter() }
    } else {
        quote! { value.iter().map(Into::into) }
    };
    if field.when.is_some() {
        quote! { #value.map(|value| rt::array(#elements)) }
    } else {
        quote! { { let value = #value; rt::array(#elements) } }
    }
}

/// The owned form of `value`, what a getter returned.
fn into_owned(body: &Body<'_>, ty: &Type, value: &TokenStream) -> TokenStream {
    match ty {
        Type::Scalar(_) | Type::Varint(_) => value.clone(),
        Type::Bytes(Extent::Fixed(_)) => quote! { *#value },
        Type::Array { element, .. } => {
            let is_fixed = match element.as_ref() {
                Type::Scalar(_) => true,
                Type::Struct(id) => {
                    body.emitter.element_size(*id).is_some() && !body.emitter.is_outside(*id)
                }
                _ => false,
            };
            if is_fixed {
                quote! { #value.to_vec() }
            } else if element.number().is_some() {
                quote! { #value.iter().collect() }
            } else {
                quote! { #value.iter().map(Into::into).collect() }
            }
        }
        _ => quote! { #value.into() },
    }
}

/// `From<View>` for the enum of a variant, whose type is `owned`.
pub(in super::super) fn convert_variant(
    body: &Body<'_>,
    found: &VariantField<'_>,
    owned: &TokenStream,
) -> TokenStream {
    let view = &found.names.view;
    let arms = found.arms.iter().map(|arm| {
        let ident = arm.ident;
        let value = into_owned(body, arm.ty, &quote! { value });
        if arm.case.is_some() {
            return quote! { #view::#ident(value) => Self::#ident(#value), };
        }
        if matches!(arm.ty, Type::Skipped) {
            return quote! { #view::#ident { tag } => Self::#ident { tag }, };
        }
        let value = if arm.ty.number().is_some() {
            quote! { value }
        } else {
            quote! { value: #value }
        };
        quote! { #view::#ident { tag, value } => Self::#ident { tag, #value }, }
    });
    let phantom = if found.borrows() {
        TokenStream::new()
    } else {
        quote! { #view::__Borrowed(never, _) => match never {}, }
    };
    quote! {
        impl<'a> From<#view<'a>> for #owned {
            fn from(view: #view<'a>) -> Self {
                match view { #(#arms)* #phantom }
            }
        }
    }
}
