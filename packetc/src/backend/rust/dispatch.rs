//! What concerns all packets: the framing, and the enums that hold any one of them.

use super::moved::moved;
use super::types::id_type;
use super::{Body, Emitter, docs, inner};
use packet_schema::layout::{Endian, Framing, OnUnknownId};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// The framing's constants, and the enums of all packets if packets have ids.
pub(super) fn dispatch(emitter: &Emitter<'_>) -> TokenStream {
    let Some(framing) = &emitter.layout.framing else {
        return TokenStream::new();
    };
    let constants = moved(constants(framing));
    let enums = moved(enums(emitter, framing));
    quote! { #constants #enums }
}

fn constants(framing: &Framing) -> TokenStream {
    let close = framing.on_unknown_id == OnUnknownId::Close;
    let close = quote! {
        /// Whether a receiver ends the connection on a packet that it does not know, or else skips it.
        #[allow(dead_code)]
        pub const CLOSE_ON_UNKNOWN_ID: bool = #close;
    };
    let Some(size) = framing.size else {
        return close;
    };
    let little = size.endian == Endian::Little;
    let header = Literal::usize_unsuffixed(framing.header_size);
    let (offset, width) = (
        Literal::usize_unsuffixed(size.offset),
        Literal::usize_unsuffixed(size.size),
    );
    let excluded = Literal::i64_unsuffixed(framing.excluded);
    let max = Literal::usize_unsuffixed(framing.max_size);
    quote! {
        /// How packets are delimited on a stream.
        #[allow(dead_code)]
        pub const FRAMING: ::packet_runtime::SizeHeader = ::packet_runtime::SizeHeader {
            header_len: #header,
            size_offset: #offset,
            size_width: #width,
            little_endian: #little,
            excluded: #excluded,
            max_len: #max,
        };

        #close
    }
}

fn enums(emitter: &Emitter<'_>, framing: &Framing) -> TokenStream {
    let (Some(id), Some(ty)) = (framing.id, id_type(emitter)) else {
        return TokenStream::new();
    };
    let layout = emitter.layout;
    let packets = || {
        layout
            .packets
            .iter()
            .map(|packet| (packet, &emitter.names.structs[packet.body.0]))
    };
    let variants: Vec<_> = packets().map(|(_, names)| &names.variant).collect();
    let views: Vec<_> = packets().map(|(_, names)| &names.view).collect();
    let owned: Vec<_> = packets().map(|(_, names)| &names.owned).collect();
    let ids: Vec<Literal> = packets()
        .map(|(packet, _)| Literal::u64_unsuffixed(packet.id.unwrap_or(0)))
        .collect();
    let texts: Vec<&str> = packets()
        .map(|(packet, _)| layout.get(packet.body).name.as_str())
        .collect();
    let variant_docs: Vec<TokenStream> = packets()
        .map(|(packet, names)| {
            let body = layout.get(packet.body);
            docs::or(body.doc.as_deref(), &format!("`{}`.", names.variant))
        })
        .collect();
    let (start, end) = (
        Literal::usize_unsuffixed(id.offset),
        Literal::usize_unsuffixed(id.offset + id.size),
    );
    let field = layout.packets.first().map_or("id", |packet| {
        layout.get(packet.body).fields[id.field].name.as_str()
    });
    let size = Literal::usize_unsuffixed(id.size);
    let read = super::scalar::read(
        &quote! { bytes },
        packet_schema::layout::Place::Dynamic,
        &packet_schema::layout::Scalar::unsigned(
            u32::try_from(id.size * 8).unwrap_or(64),
            id.endian,
        ),
    );
    let site = Body::site_function();
    let inner = moved(inner(quote! {
        static SHAPE: rt::Shape = rt::shape("Packet", &[rt::leaf(#field)]);

        #site

        impl<'a> PacketView<'a> {
            /// Validates `bytes` as exactly one packet with its header; the id in it says which.
            ///
            /// # Errors
            /// The first thing, in wire order, that is wrong.
            pub fn parse(bytes: &'a [u8]) -> rt::Decoded<Self> {
                let packet = bytes;
                let Some(bytes) = packet.get(#start..#end).and_then(|bytes| bytes.first_chunk::<#size>()) else {
                    let available = packet.len().saturating_sub(#start);
                    return Err(site(0).error(#start, rt::ErrorKind::Truncated { needed: #size, available }));
                };
                Ok(match #read {
                    #(#ids => Self::#variants(<#views<'a> as rt::View<'a>>::parse(packet)?),)*
                    id => Self::Unknown { id, bytes: packet },
                })
            }

            /// The packet's id.
            pub const fn id(&self) -> #ty {
                match self {
                    #(Self::#variants(_) => #ids,)*
                    Self::Unknown { id, .. } => *id,
                }
            }

            /// The packet's name in the schema; of an unknown one `Unknown`.
            pub const fn name(&self) -> &'static str {
                match self {
                    #(Self::#variants(_) => #texts,)*
                    Self::Unknown { .. } => "Unknown",
                }
            }
        }

        impl Packet {
            /// The packet that a view shows; `None` for one that the protocol does not define.
            pub fn from_view(view: PacketView<'_>) -> Option<Self> {
                match view {
                    #(PacketView::#variants(view) => Some(Self::#variants(view.into())),)*
                    PacketView::Unknown { .. } => None,
                }
            }

            /// The packet's id.
            pub const fn id(&self) -> #ty {
                match self {
                    #(Self::#variants(_) => #ids,)*
                }
            }

            /// The packet's name in the schema.
            pub const fn name(&self) -> &'static str {
                match self {
                    #(Self::#variants(_) => #texts,)*
                }
            }
        }

        #(
            impl From<#owned> for Packet {
                fn from(packet: #owned) -> Self {
                    Self::#variants(packet)
                }
            }
        )*

        impl rt::Encode for Packet {
            const SHAPE: &'static rt::Shape = &SHAPE;

            fn encoded_len(&self) -> rt::Encoded<usize> {
                match self {
                    #(Self::#variants(packet) => packet.encoded_len(),)*
                }
            }

            fn write(&self, writer: &mut rt::Writer<'_>) -> rt::Encoded<()> {
                match self {
                    #(Self::#variants(packet) => packet.write(writer),)*
                }
            }
        }
    }));
    quote! {
        /// A view of any packet.
        #[allow(dead_code)]
        #[derive(Clone, Copy, Debug)]
        #[non_exhaustive]
        pub enum PacketView<'a> {
            #(#variant_docs #variants(#views<'a>),)*
            /// A packet with an id that the protocol does not define.
            Unknown {
                /// The id.
                id: #ty,
                /// The whole packet with its header.
                bytes: &'a [u8],
            },
        }

        /// Any packet, with its own data.
        #[allow(dead_code)]
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum Packet {
            #(#variant_docs #variants(#owned),)*
        }

        #inner
    }
}
