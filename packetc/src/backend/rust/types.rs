//! Types: enums, flags, owned structs, views with their getters, and the conversion between the two.

use super::{Body, Emitter, Owner, docs, is_owned, scalar};
use packet_schema::layout::{
    Encoding, Endian, Enum, Extent, Field, Flags, Part, Place, Scalar, Type, Unknown, Variant,
};
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;

/// The Rust type of an enum: a real enum if unknown values are refused, else a number with names.
pub(super) fn enumeration(emitter: &Emitter<'_>, index: usize, found: &Enum) -> TokenStream {
    let names = &emitter.names.enums[index];
    let ident = &names.ident;
    let raw = Ident::new(
        &format!("u{}", scalar::container(found.bits)),
        Span::call_site(),
    );
    let doc = docs::or(
        found.doc.as_deref(),
        &format!("The values of `{}`.", found.name),
    );
    let value_docs = found.values.iter().map(|value| {
        docs::or(
            value.doc.as_deref(),
            &format!("`{}`, {}.", value.name, value.value),
        )
    });
    let texts: Vec<&str> = found
        .values
        .iter()
        .map(|value| value.name.as_str())
        .collect();
    let numbers: Vec<Literal> = found
        .values
        .iter()
        .map(|value| Literal::u64_unsuffixed(value.value))
        .collect();
    match found.unknown {
        Unknown::Keep => {
            let constants = &names.constants;
            quote! {
                #doc
                ///
                /// Other values than the named ones are kept.
                #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
                pub struct #ident(
                    /// The value on the wire.
                    pub #raw,
                );

                impl #ident {
                    #(#value_docs pub const #constants: Self = Self(#numbers);)*

                    /// The value's name in the schema, if it has one.
                    pub const fn name(self) -> Option<&'static str> {
                        match self.0 {
                            #(#numbers => Some(#texts),)*
                            _ => None,
                        }
                    }
                }
            }
        }
        Unknown::Reject => {
            let variants = &names.values;
            let all = numbers.len() as u64 == 1 << found.bits.min(63);
            let known = if all && found.bits == scalar::container(found.bits) {
                quote! { true }
            } else {
                {
                    let ranges = ranges(found);
                    quote! { matches!(value, #(#ranges)|*) }
                }
            };
            let argument = if all && found.bits == scalar::container(found.bits) {
                quote! { _ }
            } else {
                quote! { value }
            };
            let (last, before) = variants.split_last().expect("an enum has values");
            let before_numbers = numbers.iter().take(before.len());
            let from_argument = if before.is_empty() {
                quote! { _ }
            } else {
                quote! { value }
            };
            let from = if before.is_empty() {
                quote! { Self::#last }
            } else {
                // Values are tested before: whatever is none of the others is the last.
                quote! { match value { #(#before_numbers => Self::#before,)* _ => Self::#last, } }
            };
            quote! {
                #doc
                #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
                pub enum #ident {
                    #(#value_docs #variants,)*
                }

                impl #ident {
                    /// The value on the wire.
                    pub const fn value(self) -> #raw {
                        match self {
                            #(Self::#variants => #numbers,)*
                        }
                    }

                    /// The value's name in the schema.
                    pub const fn name(self) -> &'static str {
                        match self {
                            #(Self::#variants => #texts,)*
                        }
                    }

                    /// Whether a number is one of the values.
                    pub const fn is_known(#argument: #raw) -> bool {
                        #known
                    }

                    const fn from_tested(#from_argument: #raw) -> Self {
                        #from
                    }
                }
            }
        }
    }
}

/// An enum's values as patterns: neighbours are one range.
fn ranges(found: &Enum) -> Vec<TokenStream> {
    let mut values: Vec<u64> = found.values.iter().map(|value| value.value).collect();
    values.sort_unstable();
    let mut ranges: Vec<(u64, u64)> = Vec::new();
    for value in values {
        match ranges.last_mut() {
            Some((_, end)) if end.checked_add(1) == Some(value) => *end = value,
            _ => ranges.push((value, value)),
        }
    }
    let pattern = |(start, end): (u64, u64)| {
        let (low, high) = (Literal::u64_unsuffixed(start), Literal::u64_unsuffixed(end));
        if start == end {
            quote! { #low }
        } else {
            quote! { #low..=#high }
        }
    };
    ranges.into_iter().map(pattern).collect()
}

/// The Rust type of a flag set: a number with named bits.
pub(super) fn flags(emitter: &Emitter<'_>, index: usize, found: &Flags) -> TokenStream {
    let names = &emitter.names.flags[index];
    let ident = &names.ident;
    let raw = Ident::new(
        &format!("u{}", scalar::container(found.bits)),
        Span::call_site(),
    );
    let doc = docs::or(
        found.doc.as_deref(),
        &format!("The flags of `{}`.", found.name),
    );
    let value_docs = found.values.iter().map(|flag| {
        docs::or(
            flag.doc.as_deref(),
            &format!("`{}`, bit {}.", flag.name, flag.bit),
        )
    });
    let constants = &names.constants;
    let bits = found
        .values
        .iter()
        .map(|flag| Literal::u32_unsuffixed(flag.bit));
    let all: TokenStream = format!("{:#x}", found.known()).parse().unwrap_or_default();
    quote! {
        #doc
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        pub struct #ident(
            /// The bits on the wire.
            pub #raw,
        );

        impl #ident {
            #(#value_docs pub const #constants: Self = Self(1 << #bits);)*

            /// All flags that have a name.
            pub const ALL: Self = Self(#all);

            /// Whether all of `flags` are set.
            pub const fn contains(self, flags: Self) -> bool {
                self.0 & flags.0 == flags.0
            }
        }

        impl ::core::ops::BitOr for #ident {
            type Output = Self;

            fn bitor(self, other: Self) -> Self {
                Self(self.0 | other.0)
            }
        }
    }
}

/// The static table of a struct's names.
pub(super) fn shape(body: &Body<'_>) -> TokenStream {
    let shape = &body.names().shape;
    let name = &body.layout.name;
    let entries = body.layout.fields.iter().flat_map(|field| {
        let own = shape_entry(body, &field.name, &field.ty);
        let cases: Vec<TokenStream> = match &field.ty {
            Type::Variant(variant) => variant
                .cases
                .iter()
                .map(|case| (case.name.as_str(), &case.ty))
                .chain(
                    variant
                        .otherwise
                        .iter()
                        .map(|ty| (packet_schema::layout::ELSE, ty.as_ref())),
                )
                .map(|(case, ty)| shape_entry(body, &format!("{}.{case}", field.name), ty))
                .collect(),
            _ => Vec::new(),
        };
        std::iter::once(own).chain(cases)
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

/// The owned struct, and the owned enums of its variants.
pub(super) fn owned(body: &Body<'_>) -> TokenStream {
    let names = body.names();
    let ident = &names.owned;
    let doc = docs::or(
        body.layout.doc.as_deref(),
        &format!("`{}` with its own data.", body.layout.name),
    );
    let members = owned_fields(body).map(|(index, field)| {
        let member = &names.fields[index].member;
        let ty = owned_type(body, index, field);
        let doc = docs::field(field, &format!("`{}`.", field.name));
        quote! { #doc pub #member: #ty, }
    });
    let copy = if is_copy(body.emitter, body.layout) {
        quote! { Copy, }
    } else {
        quote! {}
    };
    let variants =
        body.layout
            .fields
            .iter()
            .enumerate()
            .filter_map(|(index, field)| match &field.ty {
                Type::Variant(variant) => Some(owned_variant(body, index, field, variant)),
                _ => None,
            });
    quote! {
        #doc
        #[derive(Clone, #copy Debug, PartialEq)]
        pub struct #ident { #(#members)* }

        #(#variants)*
    }
}

fn owned_fields<'a>(body: &'a Body<'_>) -> impl Iterator<Item = (usize, &'a Field)> {
    body.layout
        .fields
        .iter()
        .enumerate()
        .filter(|(_, field)| is_owned(field))
}

/// Whether the owned struct has no memory of its own.
fn is_copy(emitter: &Emitter<'_>, body: &packet_schema::layout::Struct) -> bool {
    body.fields
        .iter()
        .filter(|field| is_owned(field))
        .all(|field| match &field.ty {
            Type::Scalar(_) | Type::Bytes(Extent::Fixed(_)) => true,
            Type::Struct(id) => is_copy(emitter, emitter.layout.get(*id)),
            _ => false,
        })
}

fn owned_type(body: &Body<'_>, index: usize, field: &Field) -> TokenStream {
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

fn owned_plain(body: &Body<'_>, ty: &Type) -> TokenStream {
    let emitter = body.emitter;
    match ty {
        Type::Scalar(scalar) => scalar::rust_type(emitter, scalar),
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
        Type::Variant(_) => TokenStream::new(),
    }
}

fn owned_variant(body: &Body<'_>, index: usize, field: &Field, variant: &Variant) -> TokenStream {
    let Some(names) = &body.names().fields[index].variant else {
        return TokenStream::new();
    };
    let ident = &names.owned;
    let doc = docs::or(
        field.doc.as_deref(),
        &format!("The cases of `{}`.", field.name),
    );
    let cases = names.cases.iter().zip(&variant.cases).map(|(ident, case)| {
        let ty = owned_plain(body, &case.ty);
        let doc = docs::text(&format!("`{}`, tag {}.", case.name, case.tag));
        quote! { #doc #ident(#ty), }
    });
    let otherwise = variant.otherwise.as_ref().map(|ty| {
        let ident = &names.otherwise;
        let tag = tag_type(body, variant);
        let ty = owned_plain(body, ty);
        quote! {
            /// Anything else.
            #ident {
                /// The tag.
                tag: #tag,
                /// The content.
                value: #ty,
            },
        }
    });
    quote! {
        #doc
        #[derive(Clone, Debug, PartialEq)]
        pub enum #ident { #(#cases)* #otherwise }
    }
}

/// The raw type of a variant's tag.
pub(super) fn tag_type(body: &Body<'_>, variant: &Variant) -> TokenStream {
    if let Type::Scalar(scalar) = &body.field(variant.tag).ty {
        let raw = scalar::raw_type(scalar);
        quote! { #raw }
    } else {
        quote! { u64 }
    }
}

/// The view struct, its getters, and the view enums of its variants.
pub(super) fn view(body: &Body<'_>) -> TokenStream {
    let names = body.names();
    let ident = &names.view;
    let visibility = &body.visibility;
    let doc = docs::view(body);
    let members = members(body);
    let getters = body
        .layout
        .fields
        .iter()
        .enumerate()
        .filter(|(_, field)| field.is_named())
        .map(|(index, field)| getter(body, index, field));
    let debug = body
        .layout
        .fields
        .iter()
        .enumerate()
        .filter(|(_, field)| field.is_named())
        .map(|(index, field)| {
            let (name, getter) = (&field.name, &names.fields[index].getter);
            quote! { .field(#name, &self.#getter()) }
        });
    let variants =
        body.layout
            .fields
            .iter()
            .enumerate()
            .filter_map(|(index, field)| match &field.ty {
                Type::Variant(variant) => Some(view_variant(body, index, field, variant)),
                _ => None,
            });
    let id = id_constant(body);
    let name = &body.layout.name;
    let borrows = |field: &Field| field.is_named() && !matches!(field.ty, Type::Scalar(_));
    let header = if body.layout.fields.iter().any(borrows) {
        quote! { impl<'a> #ident<'a> }
    } else {
        quote! { impl #ident<'_> }
    };
    quote! {
        #doc
        #[derive(Clone, Copy)]
        #visibility struct #ident<'a> { #members }

        #header {
            #id
            #(#getters)*
        }

        impl ::core::fmt::Debug for #ident<'_> {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.debug_struct(#name)#(#debug)*.finish()
            }
        }

        #(#variants)*
    }
}

/// The packet's id as a constant, if it has one.
pub(super) fn id_constant(body: &Body<'_>) -> TokenStream {
    let Some(id) = body
        .emitter
        .layout
        .packet_of(body.id)
        .and_then(|packet| packet.id)
    else {
        return TokenStream::new();
    };
    let Some(ty) = id_type(body.emitter) else {
        return TokenStream::new();
    };
    let id = Literal::u64_unsuffixed(id);
    quote! {
        /// The packet's id.
        pub const ID: #ty = #id;
    }
}

/// The Rust type of packet ids.
pub(super) fn id_type(emitter: &Emitter<'_>) -> Option<Ident> {
    let id = emitter.layout.framing.as_ref()?.id?;
    let bits = scalar::container(u32::try_from(id.size * 8).unwrap_or(64));
    Some(Ident::new(&format!("u{bits}"), Span::call_site()))
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
        .map(|(number, part)| match part {
            Part::Static { size, .. } => {
                let ident = part_ident(number);
                let size = Literal::usize_unsuffixed(*size);
                quote! { #ident: &'a [u8; #size], }
            }
            Part::Dynamic { field } => {
                let member = &body.names().fields[*field].local;
                let ty = view_type(body, *field, body.field(*field));
                quote! { #member: #ty, }
            }
        });
    quote! { bytes: &'a [u8], #(#parts)* }
}

pub(super) fn part_ident(number: usize) -> Ident {
    Ident::new(&format!("part_{number}"), Span::call_site())
}

/// What a getter returns.
fn view_type(body: &Body<'_>, index: usize, field: &Field) -> TokenStream {
    let plain = match &field.ty {
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
        Type::Struct(id) => {
            let ident = &emitter.names.structs[id.0].view;
            quote! { #ident<'a> }
        }
        Type::Bytes(Extent::Fixed(size)) => {
            let size = Literal::usize_unsuffixed(*size);
            quote! { &'a [u8; #size] }
        }
        Type::Bytes(_) => quote! { &'a [u8] },
        Type::Text(..) => quote! { &'a str },
        Type::Array { element, .. } => {
            let element = element_type(body, element);
            quote! { ::packet_runtime::Array<'a, #element> }
        }
        Type::Variant(_) => TokenStream::new(),
    }
}

/// How `packet_runtime::Array` reads one element.
pub(super) fn element_type(body: &Body<'_>, element: &Type) -> TokenStream {
    match element {
        Type::Struct(id) => {
            let ident = &body.emitter.names.structs[id.0].view;
            quote! { #ident<'a> }
        }
        Type::Scalar(Scalar { endian, .. }) => {
            let Type::Scalar(scalar) = element else {
                return TokenStream::new();
            };
            let raw = scalar::raw_type(scalar);
            match endian {
                Endian::Big => quote! { ::packet_runtime::Be<#raw> },
                Endian::Little => quote! { ::packet_runtime::Le<#raw> },
            }
        }
        _ => TokenStream::new(),
    }
}

fn getter(body: &Body<'_>, index: usize, field: &Field) -> TokenStream {
    let names = &body.names().fields[index];
    let getter = &names.getter;
    let ty = view_type(body, index, field);
    let doc = docs::field(field, &format!("`{}`.", field.name));
    let value = match body.part_of(index) {
        None => {
            let member = &names.local;
            quote! { self.#member }
        }
        Some((part, part_size)) => {
            let part = part_ident(part);
            static_value(body, field, &quote! { self.#part }, part_size)
        }
    };
    quote! {
        #doc
        pub fn #getter(&self) -> #ty {
            #value
        }
    }
}

/// The value of a field of a static part, from `part`, a reference to the part's array.
fn static_value(
    body: &Body<'_>,
    field: &Field,
    part: &TokenStream,
    part_size: usize,
) -> TokenStream {
    let sub = |size: usize| {
        let Place::Bytes { offset, .. } = field.place else {
            return TokenStream::new();
        };
        let (at, size, whole) = (
            Literal::usize_unsuffixed(offset),
            Literal::usize_unsuffixed(size),
            Literal::usize_unsuffixed(part_size),
        );
        quote! { ::packet_runtime::codec::sub::<#at, #size, #whole>(#part) }
    };
    match &field.ty {
        Type::Scalar(scalar) => scalar::from_raw(
            body.emitter,
            scalar,
            &scalar::read(part, field.place, scalar),
        ),
        Type::Struct(id) => {
            let view = &body.emitter.names.structs[id.0].view;
            let bytes = sub(body.emitter.layout.get(*id).static_size().unwrap_or(0));
            quote! { #view { part_0: #bytes } }
        }
        Type::Bytes(Extent::Fixed(size)) => sub(*size),
        Type::Text(Extent::Fixed(size), encoding) => {
            let bytes = sub(*size);
            let read = padded(*encoding);
            // The text was tested when the view was made.
            quote! { #read(#bytes).unwrap_or_default() }
        }
        _ => TokenStream::new(),
    }
}

pub(super) fn padded(encoding: Encoding) -> TokenStream {
    match encoding {
        Encoding::Utf8 => quote! { ::packet_runtime::decode::padded_utf8 },
        Encoding::Ascii => quote! { ::packet_runtime::decode::padded_ascii },
    }
}

fn view_variant(body: &Body<'_>, index: usize, field: &Field, variant: &Variant) -> TokenStream {
    let Some(names) = &body.names().fields[index].variant else {
        return TokenStream::new();
    };
    let ident = &names.view;
    let doc = docs::or(
        field.doc.as_deref(),
        &format!("The cases of `{}`.", field.name),
    );
    let uses_lifetime = variant
        .cases
        .iter()
        .map(|case| &case.ty)
        .chain(variant.otherwise.as_deref())
        .any(|ty| !matches!(ty, Type::Scalar(_)));
    let cases = names.cases.iter().zip(&variant.cases).map(|(ident, case)| {
        let ty = view_plain(body, &case.ty);
        let doc = docs::text(&format!("`{}`, tag {}.", case.name, case.tag));
        quote! { #doc #ident(#ty), }
    });
    let otherwise = variant.otherwise.as_ref().map(|ty| {
        let ident = &names.otherwise;
        let tag = tag_type(body, variant);
        let ty = view_plain(body, ty);
        quote! {
            /// Anything else.
            #ident {
                /// The tag.
                tag: #tag,
                /// The content.
                value: #ty,
            },
        }
    });
    // Without a case that borrows, the lifetime that all views have would be unused.
    let phantom = if uses_lifetime {
        TokenStream::new()
    } else {
        quote! { #[doc(hidden)] __Borrowed(::core::convert::Infallible, ::core::marker::PhantomData<&'a ()>), }
    };
    let visibility = &body.visibility;
    quote! {
        #doc
        #[derive(Clone, Copy, Debug)]
        #visibility enum #ident<'a> { #(#cases)* #otherwise #phantom }
    }
}

/// `From<View>` for the owned struct and the owned enums of its variants.
pub(super) fn convert(body: &Body<'_>, owner: &Owner) -> TokenStream {
    let names = body.names();
    let view = &names.view;
    let target = &owner.with_lifetime;
    let members = owned_fields(body).map(|(index, field)| {
        let (member, getter) = (&names.fields[index].member, &names.fields[index].getter);
        let value = if field.when.is_some() {
            let value = into_owned(&field.ty, &quote! { value });
            match &field.ty {
                Type::Scalar(_) => quote! { view.#getter() },
                Type::Bytes(Extent::Fixed(_)) => quote! { view.#getter().copied() },
                Type::Array { .. } => quote! { view.#getter().map(|value| #value) },
                _ => quote! { view.#getter().map(Into::into) },
            }
        } else {
            into_owned(&field.ty, &quote! { view.#getter() })
        };
        quote! { #member: #value, }
    });
    let argument = if owned_fields(body).next().is_some() {
        quote! { view }
    } else {
        quote! { _ }
    };
    let variants =
        body.layout
            .fields
            .iter()
            .enumerate()
            .filter_map(|(index, field)| match &field.ty {
                Type::Variant(variant) => Some(convert_variant(body, index, variant)),
                _ => None,
            });
    let id = id_constant(body);
    let (generics, _, clause) = owner.generics.split_for_impl();
    let ident = &owner.ident;
    let (_, arguments, _) = owner.generics.split_for_impl();
    let id = if id.is_empty() {
        id
    } else {
        quote! { impl #generics #ident #arguments #clause { #id } }
    };
    quote! {
        #id

        impl<'a> From<#view<'a>> for #target {
            fn from(#argument: #view<'a>) -> Self {
                Self { #(#members)* }
            }
        }

        #(#variants)*
    }
}

/// The owned form of `value`, what a getter returned.
fn into_owned(ty: &Type, value: &TokenStream) -> TokenStream {
    match ty {
        Type::Scalar(_) => value.clone(),
        Type::Bytes(Extent::Fixed(_)) => quote! { *#value },
        Type::Array { element, .. } => {
            if let Type::Scalar(_) = element.as_ref() {
                quote! { #value.iter().collect() }
            } else {
                quote! { #value.iter().map(Into::into).collect() }
            }
        }
        _ => quote! { #value.into() },
    }
}

fn convert_variant(body: &Body<'_>, index: usize, variant: &Variant) -> TokenStream {
    let Some(names) = &body.names().fields[index].variant else {
        return TokenStream::new();
    };
    let (owned, view) = (&names.owned, &names.view);
    let cases = names.cases.iter().zip(&variant.cases).map(|(ident, case)| {
        let value = into_owned(&case.ty, &quote! { value });
        quote! { #view::#ident(value) => Self::#ident(#value), }
    });
    let otherwise = variant.otherwise.as_ref().map(|ty| {
        let ident = &names.otherwise;
        let value = into_owned(ty, &quote! { value });
        let value = if matches!(ty.as_ref(), Type::Scalar(_)) {
            quote! { value }
        } else {
            quote! { value: #value }
        };
        quote! { #view::#ident { tag, value } => Self::#ident { tag, #value }, }
    });
    let uses_lifetime = variant
        .cases
        .iter()
        .map(|case| &case.ty)
        .chain(variant.otherwise.as_deref())
        .any(|ty| !matches!(ty, Type::Scalar(_)));
    let phantom = if uses_lifetime {
        TokenStream::new()
    } else {
        quote! { #view::__Borrowed(never, _) => match never {}, }
    };
    quote! {
        impl<'a> From<#view<'a>> for #owned {
            fn from(view: #view<'a>) -> Self {
                match view { #(#cases)* #otherwise #phantom }
            }
        }
    }
}
