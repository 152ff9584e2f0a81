//! Owned types: a struct with its own data, and the enums of its variants.
//!
//! In: a struct of the layout. Out: the items that users fill in to write a packet. Only fields that are
//! the user's to give are in them; what is derived, constant or reserved is not.

use super::super::moved::moved;
use super::super::names::{camel, snake};
use super::super::variant::VariantField;
use super::super::{Body, Owner, attributes, docs, is_owned, scalar};
use super::default::default;
use super::{declare_arms, scaled};
use packet_schema::layout::{Extent, Field, Type};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// The owned struct, and the owned enums of its variants.
pub(in super::super) fn owned(body: &Body<'_>) -> TokenStream {
    let names = body.names();
    let ident = &names.owned;
    let doc = docs::owned(body);
    let called = docs::called(&body.layout.name, camel, ident);
    let members = members(body, |index, field| owned_type(body, index, field), true);
    let mut derived = vec!["Clone", "Debug", "PartialEq"];
    let copy = (!body.emitter.needs_allocator(body.id)).then(|| {
        derived.push("Copy");
        quote! { Copy, }
    });
    let variants = VariantField::all(body).map(|found| owned_variant(body, &found));
    let scaled = scaled_members(body, &Owner::generated(body));
    let default = default(body);
    if !default.is_empty() {
        derived.push("Default");
    }
    let given = attributes::on_type(body.emitter, &body.layout.name, &derived);
    quote! {
        #doc
        #called
        #[allow(clippy::all, dead_code)]
        #[derive(Clone, #copy Debug, PartialEq)]
        #given
        pub struct #ident { #members }

        #scaled

        #default

        #(#variants)*
    }
}

pub(super) fn owned_fields<'a>(body: &'a Body<'_>) -> impl Iterator<Item = (usize, &'a Field)> {
    body.layout
        .fields
        .iter()
        .enumerate()
        .filter(|(_, field)| is_owned(field))
}

/// The members of a struct that users fill in; `content` gives their types. The user's attributes are those of what
/// owns its data.
pub(super) fn members(
    body: &Body<'_>,
    content: impl Fn(usize, &Field) -> TokenStream,
    with_attributes: bool,
) -> TokenStream {
    let members = owned_fields(body).map(|(index, field)| {
        let member = &body.names().fields[index].member;
        let ty = moved(content(index, field));
        let doc = moved(docs::field(field, &format!("`{}`.", field.name)));
        let called = docs::called(&field.name, snake, member);
        let deprecated = docs::deprecated(&field.history);
        let given = with_attributes
            .then(|| attributes::on_member(body.emitter, &body.layout.name, &field.name));
        moved(quote! { #doc #called #deprecated #given pub #member: #ty, })
    });
    quote! { #(#members)* }
}

/// The values of scaled members in their units.
pub(in super::super) fn scaled_members(body: &Body<'_>, owner: &Owner) -> Option<TokenStream> {
    let ident = &owner.ident;
    let (generics, arguments, clause) = owner.generics.split_for_impl();
    let functions: Vec<TokenStream> = owned_fields(body)
        .filter_map(|(index, _)| {
            let member = &body.names().fields[index].member;
            scaled(body, index, &quote! { self.#member })
        })
        .collect();
    (!functions.is_empty()).then(|| {
        quote! {
            #[allow(clippy::all, dead_code)]
            impl #generics #ident #arguments #clause { #(#functions)* }
        }
    })
}

/// The type of a member of the owned struct.
pub(in super::super) fn owned_type(body: &Body<'_>, index: usize, field: &Field) -> TokenStream {
    let plain = match &field.ty {
        Type::Variant(_) => {
            let variant = body.names().fields[index]
                .variant
                .as_ref()
                .map(|names| &names.owned);
            quote! { #variant }
        }
        ty => owned_plain(body, ty),
    };
    if field.when.is_some() {
        quote! { Option<#plain> }
    } else {
        plain
    }
}

pub(super) fn owned_plain(body: &Body<'_>, ty: &Type) -> TokenStream {
    let emitter = body.emitter;
    match ty {
        Type::Scalar(scalar) => scalar::rust_type(emitter, scalar),
        Type::Varint(varint) => scalar::rust_type(emitter, &varint.scalar()),
        Type::Struct(id) => {
            let ident = &emitter.names.structs[id.0].owned;
            quote! { #ident }
        }
        Type::Bytes(Extent::Fixed(size)) => {
            let size = Literal::usize_unsuffixed(*size);
            quote! { [u8; #size] }
        }
        Type::Bytes(_) => quote! { ::packet_runtime::alloc::vec::Vec<u8> },
        Type::Text(..) => quote! { ::packet_runtime::alloc::string::String },
        Type::Array { element, .. } => {
            let element = owned_plain(body, element);
            quote! { ::packet_runtime::alloc::vec::Vec<#element> }
        }
        // A variant is a field's, never inside another type.
        Type::Variant(_) | Type::Skipped => TokenStream::new(),
    }
}

pub(super) fn owned_variant(body: &Body<'_>, found: &VariantField<'_>) -> TokenStream {
    let ident = &found.names.owned;
    let path = format!("{}.{}", body.layout.name, found.field.name);
    let mut derived = vec!["Clone", "Debug", "PartialEq"];
    let copy = (!found.variant.types().any(|ty| body.emitter.borrows(ty))).then(|| {
        derived.push("Copy");
        quote! { Copy, }
    });
    let given = attributes::on_type(body.emitter, &path, &derived);
    let on_case = |case: &str| attributes::on_member(body.emitter, &path, case);
    let (doc, arms) = declare_arms(body, found, |ty| owned_plain(body, ty), on_case);
    quote! {
        #doc
        #[allow(clippy::all, dead_code)]
        #[derive(Clone, #copy Debug, PartialEq)]
        #given
        pub enum #ident { #(#arms)* }
    }
}
