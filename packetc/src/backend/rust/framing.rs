//! The constants that say how packets are delimited on a stream.
//!
//! In: the framings of a layout. Out: for each a constant that cuts frames, a type that does so within the limits of
//! each packet, and what a receiver does with unknown ids.

use super::docs;
use super::names::{framing_constant, framing_type};
use crate::framing::{Limits, id_field, limits, magic, rule};
use crate::render::layout;
use packet_runtime::SizeHeader;
use packet_runtime::stream::{AnyFraming, IdCoding, IdField};
use packet_schema::layout::{Layout, OnUnknownId};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// The constants of all framings.
pub(super) fn framings(layout: &Layout) -> TokenStream {
    (0..layout.framings.len())
        .map(|number| constants(layout, number))
        .collect()
}

fn constants(layout: &Layout, number: usize) -> TokenStream {
    let framing = &layout.framings[number];
    let close = framing.on_unknown_id == OnUnknownId::Close;
    let close_name = framing_constant(layout, number, "CLOSE_ON_UNKNOWN_ID");
    let name = framing_constant(layout, number, "FRAMING");
    let ty = framing_type(layout, number);
    let drawn = docs::block(&layout::framing(framing));
    let Some((rule_type, value)) = rule(framing).map(printed) else {
        return TokenStream::new();
    };
    let (mut full_type, mut full) = (rule_type.clone(), quote! { #name });
    let mut extras = Vec::new();
    let limits = limits(layout, number);
    if let (Some(id), false) = (&framing.id, limits.is_empty()) {
        let id = id_tokens(id_field(id));
        let arms = limits.iter().map(arm);
        full_type = quote! { ::packet_runtime::stream::PerId<#full_type> };
        full = quote! {
            ::packet_runtime::stream::PerId {
                framing: #full,
                id: #id,
                limits: |id| Some(match id {
                    #(#arms)*
                    _ => return None,
                }),
            }
        };
        extras.push("the sizes that packets of each id can have");
    }
    let magic = magic(framing);
    if !magic.is_empty() {
        let magic = Literal::byte_string(magic);
        full_type = quote! { ::packet_runtime::stream::Resync<'static, #full_type> };
        full = quote! { ::packet_runtime::stream::Resync { framing: #full, magic: #magic } };
        extras.push("a search for the next packet behind a broken one");
    }
    let with = match extras.as_slice() {
        [] => String::new(),
        extras => format!(", with {}", extras.join(" and ")),
    };
    let type_doc = docs::text(&format!("[`{name}`] as a type{with}: for a `Reassembler`."));
    quote! {
        /// How packets are delimited on a stream.
        #drawn
        #[allow(clippy::all, dead_code)]
        pub const #name: #rule_type = #value;

        #type_doc
        #[allow(clippy::all, dead_code)]
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct #ty;

        #[allow(clippy::all, clippy::pedantic)]
        impl ::packet_runtime::stream::ConstFraming for #ty {
            type Rule = #full_type;
            const RULE: &'static Self::Rule = &#full;
        }

        /// Whether a receiver ends the connection on a packet that it does not know, or else skips it.
        #[allow(clippy::all, dead_code)]
        pub const #close_name: bool = #close;
    }
}

/// The sizes of packets with some ids.
fn arm(limits: &Limits) -> TokenStream {
    let Limits {
        first,
        last,
        min,
        max,
    } = *limits;
    let (low, high) = (
        Literal::u64_unsuffixed(first),
        Literal::u64_unsuffixed(last),
    );
    let (min, max) = (number(min), number(max));
    if first == last {
        quote! { #low => (#min, #max), }
    } else {
        quote! { #low..=#high => (#min, #max), }
    }
}

fn number(value: usize) -> Literal {
    Literal::usize_unsuffixed(value)
}

/// A rule's type and its value.
fn printed(rule: AnyFraming<'_>) -> (TokenStream, TokenStream) {
    let in_stream = |ty: TokenStream, generics: TokenStream, members: TokenStream| {
        let ty = quote! { ::packet_runtime::stream::#ty };
        (quote! { #ty #generics }, quote! { #ty { #members } })
    };
    let none = TokenStream::new;
    match rule {
        AnyFraming::SizeHeader(header) => {
            let ty = quote! { ::packet_runtime::SizeHeader };
            (ty, size_header(header))
        }
        AnyFraming::SizeBits(rule) => {
            let header = size_header(rule.header);
            let (shift, bits) = (
                Literal::u32_unsuffixed(rule.shift),
                Literal::u32_unsuffixed(rule.bits),
            );
            in_stream(
                quote! { SizeBits },
                none(),
                quote! { header: #header, shift: #shift, bits: #bits },
            )
        }
        AnyFraming::SizeVarint(rule) => {
            let (offset, width) = (number(rule.size_offset), number(rule.max_width));
            let excluded = Literal::i64_unsuffixed(rule.excluded);
            let (rest, max) = (number(rule.min_rest), number(rule.max_len));
            in_stream(
                quote! { SizeVarint },
                none(),
                quote! { size_offset: #offset, max_width: #width, excluded: #excluded, min_rest: #rest, max_len: #max },
            )
        }
        AnyFraming::FixedSize(rule) => {
            let len = number(rule.len);
            in_stream(quote! { FixedSize }, none(), quote! { len: #len })
        }
        AnyFraming::Delimiter(rule) => {
            let bytes = Literal::byte_string(rule.bytes);
            let (before, max) = (number(rule.min_before), number(rule.max_len));
            in_stream(
                quote! { Delimiter },
                quote! { <'static> },
                quote! { bytes: #bytes, min_before: #before, max_len: #max },
            )
        }
        AnyFraming::UntilClose(rule) => {
            let (min, max) = (number(rule.min_len), number(rule.max_len));
            in_stream(
                quote! { UntilClose },
                none(),
                quote! { min_len: #min, max_len: #max },
            )
        }
        AnyFraming::Datagram(rule) => {
            let (min, max) = (number(rule.min_len), number(rule.max_len));
            in_stream(
                quote! { Datagram },
                none(),
                quote! { min_len: #min, max_len: #max },
            )
        }
    }
}

fn size_header(rule: SizeHeader) -> TokenStream {
    let (header, offset) = (number(rule.header_len), number(rule.size_offset));
    let (width, max) = (number(rule.size_width), number(rule.max_len));
    let excluded = Literal::i64_unsuffixed(rule.excluded);
    let little = rule.little_endian;
    quote! {
        ::packet_runtime::SizeHeader {
            header_len: #header,
            size_offset: #offset,
            size_width: #width,
            little_endian: #little,
            excluded: #excluded,
            max_len: #max,
        }
    }
}

fn id_tokens(id: IdField) -> TokenStream {
    let offset = number(id.offset);
    let behind = match id.behind {
        None => quote! { None },
        Some((at, width)) => {
            let (at, width) = (number(at), number(width));
            quote! { Some((#at, #width)) }
        }
    };
    let coding = match id.coding {
        IdCoding::Fixed {
            width,
            little_endian,
            shift,
            bits,
        } => {
            let width = number(width);
            let (shift, bits) = (
                Literal::u32_unsuffixed(shift),
                Literal::u32_unsuffixed(bits),
            );
            quote! { Fixed { width: #width, little_endian: #little_endian, shift: #shift, bits: #bits } }
        }
        IdCoding::Varint { max_width } => {
            let width = number(max_width);
            quote! { Varint { max_width: #width } }
        }
    };
    quote! {
        ::packet_runtime::stream::IdField {
            behind: #behind,
            offset: #offset,
            coding: ::packet_runtime::stream::IdCoding::#coding,
        }
    }
}
