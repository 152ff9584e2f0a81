//! Borrowed types: what a packet is written from without memory of its own.
//!
//! In: a struct of the layout whose owned form needs an allocator. Out: the same members, but that texts, bytes and
//! arrays are references, the enums of its variants likewise, and the way from its view where that needs no
//! memory either: the elements of an array in bytes are no slice of Rust's.

use super::super::moved::moved;
use super::super::variant::VariantField;
use super::super::{Body, Emitter, docs, is_owned};
use super::declare_arms;
use super::owned::{members, owned_fields, owned_plain, owned_variant};
use packet_schema::layout::{Encoding, Extent, Field, Scalar, ScalarKind, StructId, Type};
use proc_macro2::TokenStream;
use quote::quote;

/// The borrowed struct, and the enums of its variants. Without an owned form, also those that borrow nothing.
pub(in super::super) fn borrowed(body: &Body<'_>) -> TokenStream {
    let ident = &body.names().borrowed;
    let doc = docs::borrowed(body);
    let members = members(
        body,
        |index, field| borrowed_type(body, index, field),
        false,
    );
    let is_alone = !body.emitter.has_owned(body.id);
    let variants = VariantField::all(body).filter_map(|found| {
        if borrows(body.emitter, &found) {
            Some(borrowed_variant(body, &found))
        } else {
            is_alone.then(|| owned_variant(body, &found))
        }
    });
    quote! {
        #doc
        #[allow(clippy::all, dead_code)]
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub struct #ident<'a> { #members }

        #(#variants)*
    }
}

/// Whether a variant has an enum of its own in the borrowed form.
fn borrows(emitter: &Emitter<'_>, found: &VariantField<'_>) -> bool {
    found.variant.types().any(|ty| emitter.borrows(ty))
}

fn borrowed_type(body: &Body<'_>, index: usize, field: &Field) -> TokenStream {
    let plain = match VariantField::of(body, index) {
        Some(found) if borrows(body.emitter, &found) => {
            let ident = &found.names.borrowed;
            quote! { #ident<'a> }
        }
        Some(found) => {
            let ident = &found.names.owned;
            quote! { #ident }
        }
        None => borrowed_plain(body, &field.ty),
    };
    if field.when.is_some() {
        quote! { Option<#plain> }
    } else {
        plain
    }
}

fn borrowed_plain(body: &Body<'_>, ty: &Type) -> TokenStream {
    match ty {
        Type::Struct(id) if body.emitter.needs_allocator(*id) => {
            let ident = &body.emitter.names.structs[id.0].borrowed;
            quote! { #ident<'a> }
        }
        Type::Text(..) => quote! { &'a str },
        Type::Bytes(extent) if !matches!(extent, Extent::Fixed(_)) => quote! { &'a [u8] },
        Type::Array { element, .. } => {
            let element = borrowed_plain(body, element);
            quote! { &'a [#element] }
        }
        ty => owned_plain(body, ty),
    }
}

fn borrowed_variant(body: &Body<'_>, found: &VariantField<'_>) -> TokenStream {
    let ident = &found.names.borrowed;
    let (doc, arms) = declare_arms(
        body,
        found,
        |ty| borrowed_plain(body, ty),
        |_| TokenStream::new(),
    );
    quote! {
        #doc
        #[allow(clippy::all, dead_code)]
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub enum #ident<'a> { #(#arms)* }
    }
}

/// `From<View>` for the borrowed struct and the enums of its variants, if all that they borrow is in the bytes.
pub(in super::super) fn from_view(body: &Body<'_>) -> TokenStream {
    let emitter = body.emitter;
    let names = body.names();
    let (view, target) = (&names.view, &names.borrowed);
    let variants = VariantField::all(body).filter(|found| {
        let borrows = borrows(emitter, found);
        borrows && found.variant.types().all(|ty| lies_in_bytes(emitter, ty))
    });
    let variants = variants.map(|found| variant_from_view(&found));
    if !is_in_bytes(emitter, body.id) {
        return quote! { #(#variants)* };
    }
    let members = owned_fields(body).map(|(index, field)| {
        let (member, getter) = (&names.fields[index].member, &names.fields[index].getter);
        let value = if field.when.is_some() {
            let value = quote! { value };
            let found = in_bytes(&field.ty, &value);
            if found.to_string() == "value" {
                quote! { view.#getter() }
            } else {
                quote! { view.#getter().map(|value| #found) }
            }
        } else {
            in_bytes(&field.ty, &quote! { view.#getter() })
        };
        moved(quote! { #member: #value, })
    });
    quote! {
        impl<'a> From<#view<'a>> for #target<'a> {
            fn from(view: #view<'a>) -> Self {
                Self { #(#members)* }
            }
        }

        #(#variants)*
    }
}

/// Whether all that the borrowed form of a struct borrows lies in the bytes of its view.
fn is_in_bytes(emitter: &Emitter<'_>, id: StructId) -> bool {
    let mut fields = emitter.layout.get(id).fields.iter();
    fields.all(|field| !is_owned(field) || lies_in_bytes(emitter, &field.ty))
}

fn lies_in_bytes(emitter: &Emitter<'_>, ty: &Type) -> bool {
    match ty {
        Type::Struct(id) => !emitter.needs_allocator(*id) || is_in_bytes(emitter, *id),
        Type::Text(_, encoding) => matches!(encoding, Encoding::Utf8 | Encoding::Ascii),
        Type::Array { element, .. } => is_byte(element),
        Type::Variant(variant) => variant.types().all(|ty| lies_in_bytes(emitter, ty)),
        Type::Scalar(_) | Type::Varint(_) | Type::Bytes(_) | Type::Skipped => true,
    }
}

/// Whether elements of an array are bytes.
fn is_byte(element: &Type) -> bool {
    let byte = |kind: &Scalar| kind.bits == 8 && kind.kind == ScalarKind::Unsigned;
    matches!(element, Type::Scalar(kind) if byte(kind))
}

/// The borrowed form of `value`, what a getter returned.
fn in_bytes(ty: &Type, value: &TokenStream) -> TokenStream {
    match ty {
        Type::Bytes(Extent::Fixed(_)) => quote! { *#value },
        Type::Array { .. } => quote! { #value.as_bytes() },
        Type::Struct(_) | Type::Variant(_) => quote! { #value.into() },
        Type::Scalar(_) | Type::Varint(_) | Type::Bytes(_) | Type::Text(..) | Type::Skipped => {
            value.clone()
        }
    }
}

fn variant_from_view(found: &VariantField<'_>) -> TokenStream {
    let (target, view) = (&found.names.borrowed, &found.names.view);
    let arms = found.arms.iter().map(|arm| {
        let ident = arm.ident;
        let value = in_bytes(arm.ty, &quote! { value });
        if arm.case.is_some() {
            return quote! { #view::#ident(value) => Self::#ident(#value), };
        }
        if matches!(arm.ty, Type::Skipped) {
            return quote! { #view::#ident { tag } => Self::#ident { tag }, };
        }
        let value = if value.to_string() == "value" {
            value
        } else {
            quote! { value: #value }
        };
        quote! { #view::#ident { tag, value } => Self::#ident { tag, #value }, }
    });
    quote! {
        impl<'a> From<#view<'a>> for #target<'a> {
            fn from(view: #view<'a>) -> Self {
                match view { #(#arms)* }
            }
        }
    }
}
