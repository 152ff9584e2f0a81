//! What stands in for the code of an item that has mistakes.
//!
//! Whoever uses the type elsewhere would otherwise get an error for each use, and the real one would
//! drown among them. This code is never run: it comes with an error.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Data, DeriveInput, Fields, GenericParam, Lifetime, parse_quote};

/// The traits of `input`, and its view if it has one, without any content.
pub(crate) fn expand(input: &DeriveInput) -> TokenStream {
    let has = |key| match &input.data {
        Data::Enum(data) => data.variants.iter().any(|variant| says(variant, key)),
        Data::Struct(_) | Data::Union(_) => false,
    };
    if has("tag") || has("else") {
        let (structure, cases) = (structure(input), cases(input));
        return quote! { #structure #cases };
    }
    let empty = match &input.data {
        Data::Enum(data) => {
            let mut variants = data.variants.iter();
            variants.all(|variant| matches!(variant.fields, Fields::Unit))
        }
        Data::Struct(data) => matches!(data.fields, Fields::Unnamed(_)),
        Data::Union(_) => false,
    };
    if empty || has("other") {
        number(input)
    } else {
        structure(input)
    }
}

/// Whether the variant has an attribute with this key.
fn says(variant: &syn::Variant, key: &str) -> bool {
    let mut lists = variant
        .attrs
        .iter()
        .filter(|attribute| attribute.path().is_ident("packet"))
        .filter_map(|attribute| attribute.meta.require_list().ok());
    lists.any(|list| {
        let mut tokens = list.tokens.clone().into_iter();
        tokens.any(|token| token.to_string() == key)
    })
}

/// What makes an enum or flags a number, of whatever width it is asked for.
fn number(input: &DeriveInput) -> TokenStream {
    let ident = &input.ident;
    let (generics, arguments, clause) = input.generics.split_for_impl();
    let mut with_raw = input.generics.clone();
    let raw: GenericParam = parse_quote!(__Raw);
    with_raw.params.push(raw);
    let (with_raw, _, _) = with_raw.split_for_impl();
    quote! {
        #[automatically_derived]
        impl #with_raw ::packet_runtime::generated::Named<__Raw> for #ident #arguments #clause {
            const BITS: u32 = 0;
            fn unknown(_: __Raw) -> ::core::option::Option<u64> { ::core::unreachable!() }
            fn from_tested(_: __Raw) -> Self { ::core::unreachable!() }
            fn kept(_: __Raw) -> __Raw { ::core::unreachable!() }
            fn to_raw(self) -> __Raw { ::core::unreachable!() }
        }

        #[automatically_derived]
        impl #generics #ident #arguments #clause {
            #[doc(hidden)]
            pub const fn __packet_tag(self) -> u64 { ::core::mem::forget(self); 0 }
        }
    }
}

/// What makes an enum one of cases. Its view is that of a struct.
fn cases(input: &DeriveInput) -> TokenStream {
    let ident = &input.ident;
    let view = format_ident!("{ident}View");
    let (generics, arguments, clause) = input.generics.split_for_impl();
    quote! {
        #[automatically_derived]
        impl #generics ::packet_runtime::generated::Cases for #ident #arguments #clause {
            type View<'view> = #view<'view>;
            const SHAPE: &'static ::packet_runtime::Shape =
                &::packet_runtime::Shape { name: "", fields: &[] };
            const MIN_LEN: usize = 0;
            const MAX_LEN: ::core::option::Option<usize> = ::core::option::Option::None;
            const GREEDY: bool = false;
            const DEPTH: usize = 0;
            const LARGEST_TAG: u64 = 0;
            const TAG_BITS: u32 = 64;
            fn decode<'view>(
                _: &mut ::packet_runtime::Reader<'view>,
                _: u64,
                _: bool,
            ) -> ::core::result::Result<
                ::core::option::Option<Self::View<'view>>,
                ::packet_runtime::DecodeError,
            > {
                ::core::unreachable!()
            }
            fn tag(&self) -> u64 { ::core::unreachable!() }
            fn is_chosen(&self, _: u64, _: bool) -> bool { ::core::unreachable!() }
            fn takes_rest(&self) -> bool { ::core::unreachable!() }
            fn encoded_len(
                &self,
            ) -> ::core::result::Result<usize, ::packet_runtime::EncodeError> {
                ::core::unreachable!()
            }
            fn write(
                &self,
                _: &mut ::packet_runtime::Writer<'_>,
            ) -> ::core::result::Result<(), ::packet_runtime::EncodeError> {
                ::core::unreachable!()
            }
        }
    }
}

/// What a struct has, and an enum of packets.
fn structure(input: &DeriveInput) -> TokenStream {
    let owned = &input.ident;
    let name = owned.to_string();
    let visibility = &input.vis;
    let view = format_ident!("{owned}View");
    let (generics, arguments, clause) = input.generics.split_for_impl();
    // The view's lifetime is the struct's own if it borrows, and else one more parameter.
    let mut from_generics = input.generics.clone();
    let lifetime: Lifetime = if let Some(parameter) = input.generics.lifetimes().next() {
        parameter.lifetime.clone()
    } else {
        let parameter: GenericParam = parse_quote!('view);
        from_generics.params.insert(0, parameter);
        parse_quote!('view)
    };
    let (from_generics, _, _) = from_generics.split_for_impl();
    quote! {
        #[doc(hidden)]
        #[derive(Clone, Copy, Debug)]
        #visibility struct #view<'view>(&'view [u8]);

        #[automatically_derived]
        impl<'view> ::packet_runtime::View<'view> for #view<'view> {
            const SHAPE: &'static ::packet_runtime::Shape =
                &::packet_runtime::Shape { name: #name, fields: &[] };
            // An element of an array must have one.
            const MIN_LEN: usize = 1;
            const MAX_LEN: ::core::option::Option<usize> = ::core::option::Option::None;
            fn decode(
                _: &mut ::packet_runtime::Reader<'view>,
            ) -> ::core::result::Result<Self, ::packet_runtime::DecodeError> {
                ::core::unreachable!()
            }
            fn as_bytes(&self) -> &'view [u8] {
                self.0
            }
        }

        #[automatically_derived]
        impl<'view, const __N: usize> ::packet_runtime::generated::Fixed<'view, __N> for #view<'view> {
            fn test(
                _: &[u8; __N],
                _: usize,
            ) -> ::core::result::Result<(), ::packet_runtime::DecodeError> {
                ::core::unreachable!()
            }
            fn of_tested(_: &'view [u8; __N]) -> Self {
                ::core::unreachable!()
            }
        }

        #[automatically_derived]
        impl #generics ::packet_runtime::Encode for #owned #arguments #clause {
            const SHAPE: &'static ::packet_runtime::Shape =
                &::packet_runtime::Shape { name: #name, fields: &[] };
            fn encoded_len(
                &self,
            ) -> ::core::result::Result<usize, ::packet_runtime::EncodeError> {
                ::core::unreachable!()
            }
            fn write(
                &self,
                _: &mut ::packet_runtime::Writer<'_>,
            ) -> ::core::result::Result<(), ::packet_runtime::EncodeError> {
                ::core::unreachable!()
            }
        }

        #[automatically_derived]
        impl #generics ::packet_runtime::generated::Nested for #owned #arguments #clause {
            type View<'__view> = #view<'__view>;
            const GREEDY: bool = false;
            const DEPTH: usize = 0;
        }

        #[automatically_derived]
        impl #from_generics ::core::convert::From<#view<#lifetime>> for #owned #arguments #clause {
            fn from(_: #view<#lifetime>) -> Self {
                ::core::unreachable!()
            }
        }
    }
}
