//! `Serialize` and `Deserialize` of enums and flags.
//!
//! In: a named set of the layout. Out: a table of its names, and what asks the runtime to look there.

use super::super::{Emitter, inner, scalar};
use packet_schema::layout::{Enum, Flags, Unknown};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

/// Those of an enum.
pub(super) fn enumeration(emitter: &Emitter<'_>, index: usize, found: &Enum) -> TokenStream {
    let names = &emitter.names.enums[index];
    let raw = scalar::unsigned(found.bits);
    let values = found.values.iter();
    let values = values.map(|value| (value.name.as_str(), value.value));
    let (number, of_number) = match found.unknown {
        Unknown::Keep | Unknown::Skip => (
            quote! { u64::from(self.0) },
            quote! { #raw::try_from(number).ok().map(Self) },
        ),
        Unknown::Reject => {
            let numbers = values.clone().map(|(_, number)| literal(number));
            let variants = &names.values;
            (
                quote! { u64::from(self.value()) },
                quote! { match number { #(#numbers => Some(Self::#variants),)* _ => None } },
            )
        }
    };
    named(
        &names.ident,
        &found.name,
        [quote! { Named }, quote! { VALUES }],
        [quote! { write_named }, quote! { read_named }],
        &pairs(values),
        [number, of_number],
    )
}

/// Those of a flag set.
pub(super) fn flags(emitter: &Emitter<'_>, index: usize, found: &Flags) -> TokenStream {
    let raw = scalar::unsigned(found.bits);
    let values = found.values.iter();
    let values = values.map(|flag| (flag.name.as_str(), 1 << flag.bit));
    named(
        &emitter.names.flags[index].ident,
        &found.name,
        [quote! { Bits }, quote! { FLAGS }],
        [quote! { write_bits }, quote! { read_bits }],
        &pairs(values),
        [
            quote! { u64::from(self.0) },
            quote! { #raw::try_from(number).ok().map(Self) },
        ],
    )
}

fn literal(number: u64) -> Literal {
    Literal::u64_unsuffixed(number)
}

/// Names with their numbers.
fn pairs<'a>(values: impl Iterator<Item = (&'a str, u64)>) -> TokenStream {
    let values = values.map(|(name, number)| {
        let number = literal(number);
        quote! { (#name, #number) }
    });
    quote! { &[#(#values),*] }
}

fn named(
    ident: &Ident,
    name: &str,
    [kind, table]: [TokenStream; 2],
    [write, read]: [TokenStream; 2],
    values: &TokenStream,
    [number, of_number]: [TokenStream; 2],
) -> TokenStream {
    inner(quote! {
        impl rt::serde::#kind for #ident {
            const NAME: &'static str = #name;
            const #table: &'static [(&'static str, u64)] = #values;

            fn number(self) -> u64 {
                #number
            }

            fn of_number(number: u64) -> Option<Self> {
                #of_number
            }
        }

        impl rt::serde::Serialize for #ident {
            fn serialize<__S: rt::serde::Serializer>(&self, serializer: __S) -> Result<__S::Ok, __S::Error> {
                rt::serde::#write(*self, serializer)
            }
        }

        impl<'de> rt::serde::Deserialize<'de> for #ident {
            fn deserialize<__D: rt::serde::Deserializer<'de>>(deserializer: __D) -> Result<Self, __D::Error> {
                rt::serde::#read(deserializer)
            }
        }
    })
}
