//! The constants that say how packets are delimited on a stream.
//!
//! In: the framings of a layout. Out: for each that the runtime can cut frames by, a constant that does it, and
//! what a receiver does with unknown ids.

use super::docs;
use super::names::framing_constant;
use crate::render::layout;
use packet_schema::layout::{Coding, Endian, Framing, HeaderField, Layout, Mode, OnUnknownId};
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
    let name = framing_constant(layout, number, "CLOSE_ON_UNKNOWN_ID");
    let close = quote! {
        /// Whether a receiver ends the connection on a packet that it does not know, or else skips it.
        #[allow(clippy::all, dead_code)]
        pub const #name: bool = #close;
    };
    let Some((ty, value)) = rule(framing) else {
        return close;
    };
    let name = framing_constant(layout, number, "FRAMING");
    let drawn = docs::block(&layout::framing(framing));
    quote! {
        /// How packets are delimited on a stream.
        #drawn
        #[allow(clippy::all, dead_code)]
        pub const #name: #ty = #ty #value;

        #close
    }
}

/// The type of the rule that cuts frames, and its members; `None` if nothing is to be cut.
fn rule(framing: &Framing) -> Option<(TokenStream, TokenStream)> {
    let max = Literal::usize_unsuffixed(framing.max_size);
    Some(match &framing.mode {
        Mode::Size => by_size(framing, framing.size.as_ref()?),
        Mode::Fixed(size) => {
            let size = Literal::usize_unsuffixed(*size);
            (
                quote! { ::packet_runtime::stream::FixedSize },
                quote! { { len: #size } },
            )
        }
        Mode::Delimiter(delimiter) => {
            let before = framing.min_size().saturating_sub(delimiter.len());
            let before = Literal::usize_unsuffixed(before);
            let delimiter = Literal::byte_string(delimiter);
            (
                quote! { ::packet_runtime::stream::Delimiter },
                quote! { { bytes: #delimiter, min_before: #before, max_len: #max } },
            )
        }
        Mode::UntilClose | Mode::Datagram => return None,
    })
}

fn by_size(framing: &Framing, size: &HeaderField) -> (TokenStream, TokenStream) {
    let offset = Literal::usize_unsuffixed(size.offset);
    let excluded = Literal::i64_unsuffixed(framing.excluded);
    let max = Literal::usize_unsuffixed(framing.max_size);
    let (width, little, shift, bits) = match size.coding {
        Coding::Fixed {
            size,
            endian,
            shift,
            bits,
        } => (size, endian == Endian::Little, shift, bits),
        Coding::Varint(varint) => {
            let width = Literal::usize_unsuffixed(varint.max_bytes());
            let before = size.offset + varint.min_bytes();
            let rest = Literal::usize_unsuffixed(framing.min_size().saturating_sub(before));
            return (
                quote! { ::packet_runtime::stream::SizeVarint },
                quote! {
                    { size_offset: #offset, max_width: #width, excluded: #excluded, min_rest: #rest, max_len: #max }
                },
            );
        }
    };
    let whole = bits as usize == 8 * width;
    let header = Literal::usize_unsuffixed(framing.min_size());
    let width = Literal::usize_unsuffixed(width);
    let ty = quote! { ::packet_runtime::SizeHeader };
    let value = quote! {
        {
            header_len: #header,
            size_offset: #offset,
            size_width: #width,
            little_endian: #little,
            excluded: #excluded,
            max_len: #max,
        }
    };
    if whole {
        return (ty, value);
    }
    let (shift, bits) = (
        Literal::u32_unsuffixed(shift),
        Literal::u32_unsuffixed(bits),
    );
    (
        quote! { ::packet_runtime::stream::SizeBits },
        quote! { { header: #ty #value, shift: #shift, bits: #bits } },
    )
}
