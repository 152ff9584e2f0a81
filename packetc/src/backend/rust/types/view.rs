//! Views: a struct's validated bytes with a getter for each field, and the view enums of its variants.
//!
//! In: a struct of the layout. Out: items that hold references to the bytes, one array for each static
//! part, and what the dynamic fields gave when they were read. A getter tests nothing: `View::decode` did.

use super::super::moved::moved;
use super::super::variant::VariantField;
use super::super::{Body, docs, names, scalar, text, varint};
use super::{declare_arms, id_constant, scaled};
use crate::render::layout;
use packet_schema::layout::{Endian, Extent, Field, Part, Place, Scalar, Type};
use proc_macro2::{Literal, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;

/// The view struct, and the view enums of its variants.
pub(in super::super) fn view(body: &Body<'_>) -> TokenStream {
    let ident = &body.names().view;
    let visibility = &body.visibility;
    let doc = moved(docs::view(body));
    let members = moved(members(body));
    let variants = VariantField::all(body).map(|found| view_variant(body, &found));
    let copy = (!body.holds_outside()).then(|| quote! { #[derive(Clone, Copy)] });
    quote! {
        #doc
        #[allow(clippy::all, dead_code)]
        #copy
        #visibility struct #ident<'a> { #members }

        #(#variants)*
    }
}

/// What the view can do besides decoding: its getters, its `Debug`.
pub(in super::super) fn getters(body: &Body<'_>) -> TokenStream {
    let names = body.names();
    let ident = &names.view;
    let fields = body.layout.fields.iter().enumerate();
    let named = fields.filter(|(_, field)| field.is_named());
    let places = layout::places(body.emitter.layout, body.id);
    let getters = named
        .clone()
        .map(|(index, field)| moved(getter(body, index, field, &places[index])));
    let debug = named.map(|(index, field)| {
        let (name, getter) = (&field.name, &names.fields[index].getter);
        moved(quote! { .field(#name, &self.#getter()) })
    });
    let id = id_constant(body);
    let name = &body.layout.name;
    let borrows = |field: &Field| field.is_named() && field.ty.number().is_none();
    let header = if body.layout.fields.iter().any(borrows) {
        quote! { impl<'a> #ident<'a> }
    } else {
        quote! { impl #ident<'_> }
    };
    quote! {
        #header {
            #id
            #(#getters)*
        }

        impl ::core::fmt::Debug for #ident<'_> {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.debug_struct(#name)#(#debug)*.finish()
            }
        }
    }
}

/// The view's members: its bytes, its static parts, and what its dynamic fields hold.
fn members(body: &Body<'_>) -> TokenStream {
    if let Some(size) = body.static_size() {
        let size = Literal::usize_unsuffixed(size);
        return quote! { part_0: &'a [u8; #size], };
    }
    let parts = body
        .layout
        .parts
        .iter()
        .enumerate()
        .filter(|(_, part)| body.is_shown(part))
        .map(|(number, part)| match part {
            Part::Static { size, .. } => {
                let ident = names::part(number);
                let size = Literal::usize_unsuffixed(*size);
                quote! { #ident: &'a [u8; #size], }
            }
            Part::Dynamic { field: index } => {
                let (member, field) = (&body.names().fields[*index].local, body.field(*index));
                let ty = match (body.keeps_bytes(*index, field), &field.when) {
                    (true, None) => quote! { &'a [u8] },
                    (true, Some(_)) => quote! { Option<&'a [u8]> },
                    (false, _) => view_type(body, *index, field),
                };
                quote! { #member: #ty, }
            }
            Part::Align { .. } => TokenStream::new(),
        });
    if body.holds_outside() {
        // What is wrong with a type of another item would be wrong with all that depends on the size of the
        // view, if it stood last.
        return quote! { #(#parts)* bytes: &'a [u8], };
    }
    quote! { bytes: &'a [u8], #(#parts)* }
}

/// What a getter returns.
fn view_type(body: &Body<'_>, index: usize, field: &Field) -> TokenStream {
    let plain = match &field.ty {
        Type::Variant(_) if body.emitter.outside.variant(field).is_some() => {
            let ty = body.emitter.outside.variant(field);
            quote! { <#ty as ::packet_runtime::generated::Cases>::View<'a> }
        }
        Type::Variant(_) => {
            let variant = body.names().fields[index]
                .variant
                .as_ref()
                .map(|names| &names.view);
            quote! { #variant<'a> }
        }
        ty => view_plain(body, ty),
    };
    if field.when.is_some() {
        quote! { Option<#plain> }
    } else {
        plain
    }
}

fn view_plain(body: &Body<'_>, ty: &Type) -> TokenStream {
    let emitter = body.emitter;
    match ty {
        Type::Scalar(scalar) => scalar::rust_type(emitter, scalar),
        Type::Varint(varint) => scalar::rust_type(emitter, &varint.scalar()),
        Type::Struct(id) => emitter.view(*id),
        Type::Bytes(Extent::Fixed(size)) => {
            let size = Literal::usize_unsuffixed(*size);
            quote! { &'a [u8; #size] }
        }
        Type::Bytes(_) => quote! { &'a [u8] },
        Type::Text(_, encoding) => text::view_type(*encoding),
        Type::Array { element, .. } => {
            let element = element_type(body, element);
            quote! { ::packet_runtime::Array<'a, #element> }
        }
        Type::Variant(_) | Type::Skipped => TokenStream::new(),
    }
}

/// How `packet_runtime::Array` reads one element.
pub(in super::super) fn element_type(body: &Body<'_>, element: &Type) -> TokenStream {
    match element {
        Type::Struct(id) => body.emitter.view(*id),
        Type::Scalar(scalar) => {
            let raw = raw_element(scalar);
            if scalar.kind.is_named() {
                let ty = scalar::rust_type(body.emitter, scalar);
                quote! { ::packet_runtime::As<#raw, #ty> }
            } else {
                raw
            }
        }
        Type::Varint(varint) => varint::element(varint),
        _ => TokenStream::new(),
    }
}

/// How `packet_runtime::Array` reads the raw value of an element that is a number.
pub(in super::super) fn raw_element(scalar: &Scalar) -> TokenStream {
    let raw = scalar::raw_type(scalar);
    let odd = scalar.bits != scalar::container(scalar.bits);
    let width = Literal::usize_unsuffixed(scalar.bytes());
    match (scalar.endian, odd) {
        (Endian::Big, false) => quote! { ::packet_runtime::Be<#raw> },
        (Endian::Little, false) => quote! { ::packet_runtime::Le<#raw> },
        (Endian::Big, true) => quote! { ::packet_runtime::BeWidth<#raw, #width> },
        (Endian::Little, true) => quote! { ::packet_runtime::LeWidth<#raw, #width> },
    }
}

fn getter(body: &Body<'_>, index: usize, field: &Field, place: &str) -> TokenStream {
    let names = &body.names().fields[index];
    let getter = &names.getter;
    let ty = moved(view_type(body, index, field));
    let doc = moved(docs::getter(body, index, place));
    let called = docs::called(&field.name, names::snake, getter);
    let value = moved(match body.part_of(index) {
        None => {
            let member = &names.local;
            match (body.keeps_bytes(index, field), &field.when) {
                (true, None) => quote! { rt::text::tested(self.#member) },
                (true, Some(_)) => quote! { self.#member.map(rt::text::tested) },
                (false, _) => quote! { self.#member },
            }
        }
        Some((part, _)) => {
            let part = names::part(part);
            static_value(body, field, &quote! { self.#part })
        }
    });
    let deprecated = field.history.deprecated.as_deref().map(|text| match text {
        "" => quote! { #[deprecated] },
        note => quote! { #[deprecated(note = #note)] },
    });
    let scaled = scaled(body, index, &quote! { self.#getter() });
    quote! {
        #doc
        #called
        #deprecated
        #[inline]
        pub fn #getter(&self) -> #ty {
            #value
        }

        #scaled
    }
}

/// The value of a field of a static part, from `part`, a reference to the part's array.
fn static_value(body: &Body<'_>, field: &Field, part: &TokenStream) -> TokenStream {
    let sub = |size: usize| {
        let Place::Bytes { offset, .. } = field.place else {
            return TokenStream::new();
        };
        let (at, size) = (
            Literal::usize_unsuffixed(offset),
            Literal::usize_unsuffixed(size),
        );
        quote! { rt::sub::<#at, #size, _>(#part) }
    };
    match &field.ty {
        Type::Scalar(scalar) => scalar::from_raw(
            body.emitter,
            scalar,
            &scalar::kept(
                body.emitter,
                scalar,
                &scalar::read(part, field.place, scalar),
            ),
        ),
        Type::Struct(id) => {
            let bytes = sub(body.emitter.layout.get(*id).static_size().unwrap_or(0));
            if let Some(ty) = body.emitter.outside_struct(*id) {
                let view = body.emitter.view(*id);
                let size = body.emitter.layout.get(*id).static_size().unwrap_or(0);
                let size = Literal::usize_unsuffixed(size);
                return quote_spanned! {ty.span()=>
                    <#view as rt::Fixed<'_, #size>>::of_tested(#bytes)
                };
            }
            let view = &body.emitter.names.structs[id.0].view;
            quote! { #view { part_0: #bytes } }
        }
        Type::Bytes(Extent::Fixed(size)) => sub(*size),
        Type::Text(Extent::Fixed(size), encoding) => {
            let bytes = sub(*size);
            let read = text::padded(*encoding);
            // The text was tested when the view was made.
            quote! { #read(#bytes).unwrap_or_default() }
        }
        _ => TokenStream::new(),
    }
}

pub(in super::super) fn view_variant(body: &Body<'_>, found: &VariantField<'_>) -> TokenStream {
    let ident = &found.names.view;
    let (doc, arms) = declare_arms(
        body,
        found,
        |ty| view_plain(body, ty),
        |_| TokenStream::new(),
    );
    // Without a case that borrows, the lifetime that all views have would be unused.
    let phantom = if found.borrows() {
        TokenStream::new()
    } else {
        quote! { #[doc(hidden)] __Borrowed(::core::convert::Infallible, ::core::marker::PhantomData<&'a ()>), }
    };
    let visibility = &body.visibility;
    quote! {
        #doc
        #[allow(clippy::all, dead_code)]
        #[derive(Clone, Copy, Debug)]
        #visibility enum #ident<'a> { #(#arms)* #phantom }
    }
}
