//! `Serialize` and `Deserialize` of variants and of the enums of all packets: a map with one entry.
//!
//! In: a field that is a variant, or a set of packets. Out: `impl` blocks of its enums.

use super::super::names::DispatchNames;
use super::super::types::id_type;
use super::super::variant::{Arm, VariantField};
use super::super::{Emitter, inner};
use super::how;
use packet_schema::layout::{ELSE, StructId, Type};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

/// Both enums of a variant. One with an `else` is read as a part of its struct only, since the tag stands there.
pub(super) fn variant(found: &VariantField<'_>, has_owned: bool) -> TokenStream {
    let owned = &found.names.owned;
    let view = &found.names.view;
    let name = owned.to_string();
    let cases: Vec<&str> = found.arms.iter().map(case_name).collect();
    let show = |number: usize, arm: &Arm<'_>| {
        let (index, case) = (
            Literal::u32_unsuffixed(u32::try_from(number).unwrap_or(u32::MAX)),
            case_name(arm),
        );
        let (pattern, how) = (arm.binding(), how(arm.ty));
        let value = if matches!(arm.ty, Type::Skipped) {
            quote! { &() }
        } else {
            quote! { value }
        };
        quote! {
            Self::#pattern => rt::serde::case::<#how, _, __S>(serializer, #name, (#index, #case), #value),
        }
    };
    let show: Vec<TokenStream> = found
        .arms
        .iter()
        .enumerate()
        .map(|(number, arm)| show(number, arm))
        .collect();
    let phantom =
        (!found.borrows()).then(|| quote! { Self::__Borrowed(never, _) => match *never {}, });
    let read = found.arms.iter().enumerate().map(|(number, arm)| {
        let (ident, how) = (arm.ident, how(arm.ty));
        let pattern = if number + 1 == found.arms.len() {
            quote! { _ }
        } else {
            let number = Literal::usize_unsuffixed(number);
            quote! { #number }
        };
        let value = if arm.case.is_some() {
            quote! { value.read::<#how, _>().map(Self::#ident) }
        } else if matches!(arm.ty, Type::Skipped) {
            quote! { value.read::<#how, ()>().map(|()| Self::#ident { tag: 0 }) }
        } else {
            quote! { value.read::<#how, _>().map(|value| Self::#ident { tag: 0, value }) }
        };
        quote! { #pattern => #value, }
    });
    let deserialize = found.variant.otherwise.is_none().then(|| {
        quote! {
            impl<'de> rt::serde::Deserialize<'de> for #owned {
                fn deserialize<__D: rt::serde::Deserializer<'de>>(deserializer: __D) -> Result<Self, __D::Error> {
                    rt::serde::variant(deserializer)
                }
            }
        }
    });
    let serialize = |ty: TokenStream, phantom: Option<TokenStream>| {
        quote! {
            impl rt::serde::Serialize for #ty {
                fn serialize<__S: rt::serde::Serializer>(&self, serializer: __S) -> Result<__S::Ok, __S::Error> {
                    match self { #(#show)* #phantom }
                }
            }
        }
    };
    let (of_view, of_owned) = (
        serialize(quote! { #view<'_> }, phantom),
        serialize(quote! { #owned }, None),
    );
    if !has_owned {
        return of_view;
    }
    quote! {
        #of_view

        #of_owned

        impl<'de> rt::serde::Cases<'de> for #owned {
            const NAME: &'static str = #name;
            const CASES: &'static [&'static str] = &[#(#cases),*];

            fn read<__C: rt::serde::Case<'de>>(case: usize, value: __C) -> Result<Self, __C::Error> {
                match case { #(#read)* }
            }
        }

        #deserialize
    }
}

fn case_name<'a>(arm: &Arm<'a>) -> &'a str {
    arm.case.map_or(ELSE, |case| &case.name)
}

/// Those of the enums of a set of packets: a packet is shown as a variant is.
pub(super) fn dispatch(emitter: &Emitter<'_>, names: &DispatchNames) -> TokenStream {
    let layout = emitter.layout;
    let DispatchNames {
        dispatch,
        view,
        packet,
    } = names;
    let Some(id) = &layout.framings[dispatch.framing].id else {
        return TokenStream::new();
    };
    let (name, id) = (packet.to_string(), id_type(id));
    let packets = dispatch.packets.iter();
    let packets: Vec<Shown<'_>> = packets
        .map(|number| layout.packets[*number].body)
        .map(|body| Shown {
            body,
            variant: &emitter.names.structs[body.0].variant,
            text: &layout.get(body).name,
        })
        .collect();
    let mut unknown = "Unknown".to_owned();
    while packets.iter().any(|packet| packet.text == unknown) {
        unknown.push('_');
    }
    let show = |has: &dyn Fn(StructId) -> bool, has_unknown: bool| -> TokenStream {
        let known = packets
            .iter()
            .enumerate()
            .filter(|(_, packet)| has(packet.body));
        let known = known.map(|(number, Shown { variant, text, .. })| {
            let number = Literal::usize_unsuffixed(number);
            quote! {
                Self::#variant(packet) => {
                    rt::serde::case::<rt::serde::Plain, _, __S>(serializer, #name, (#number, #text), packet)
                }
            }
        });
        let number = Literal::usize_unsuffixed(packets.len());
        let unknown = has_unknown.then(|| {
            quote! {
                Self::Unknown { id, bytes } => {
                    let packet = rt::serde::Unknown { id: *id, bytes };
                    rt::serde::case::<rt::serde::Plain, _, __S>(serializer, #name, (#number, #unknown), &packet)
                }
            }
        });
        quote! {
            fn serialize<__S: rt::serde::Serializer>(&self, serializer: __S) -> Result<__S::Ok, __S::Error> {
                match self { #(#known)* #unknown }
            }
        }
    };
    let of_view = show(&|_| true, true);
    let all = emitter.options.alloc;
    let has_owned = all || packets.iter().any(|packet| emitter.has_owned(packet.body));
    let of_owned = has_owned.then(|| {
        let of_owned = show(&|body| emitter.has_owned(body), all);
        quote! { impl rt::serde::Serialize for #packet { #of_owned } }
    });
    // Without an allocator there would be no place for some of them.
    let deserialize = all.then(|| {
        let texts = packets.iter().map(|packet| packet.text);
        let reads = packets.iter().enumerate().map(|(number, Shown { variant, .. })| {
            let number = Literal::usize_unsuffixed(number);
            quote! { #number => value.read::<rt::serde::Plain, _>().map(Self::#variant), }
        });
        quote! {
            impl<'de> rt::serde::Cases<'de> for #packet {
                const NAME: &'static str = #name;
                const CASES: &'static [&'static str] = &[#(#texts,)* #unknown];

                fn read<__C: rt::serde::Case<'de>>(case: usize, value: __C) -> Result<Self, __C::Error> {
                    match case {
                        #(#reads)*
                        _ => {
                            let packet: rt::serde::Unknown<#id, _> = value.read::<rt::serde::Plain, _>()?;
                            Ok(Self::Unknown { id: packet.id, bytes: packet.bytes })
                        }
                    }
                }
            }

            impl<'de> rt::serde::Deserialize<'de> for #packet {
                fn deserialize<__D: rt::serde::Deserializer<'de>>(deserializer: __D) -> Result<Self, __D::Error> {
                    rt::serde::variant(deserializer)
                }
            }
        }
    });
    inner(quote! {
        impl rt::serde::Serialize for #view<'_> { #of_view }

        #of_owned

        #deserialize
    })
}

/// A packet among those of its set.
struct Shown<'a> {
    body: StructId,
    variant: &'a Ident,
    text: &'a str,
}
