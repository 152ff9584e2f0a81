//! What stands in for the code of a struct that has mistakes.
//!
//! Whoever uses the packet elsewhere would otherwise get an error for each use, and the real one would
//! drown among them. This code is never run: it comes with an error.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{DeriveInput, GenericParam, Lifetime, parse_quote};

/// The view and the traits of `input`, without any content.
pub(crate) fn expand(input: &DeriveInput) -> TokenStream {
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
            const MIN_LEN: usize = 0;
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
        impl #from_generics ::core::convert::From<#view<#lifetime>> for #owned #arguments #clause {
            fn from(_: #view<#lifetime>) -> Self {
                ::core::unreachable!()
            }
        }
    }
}
