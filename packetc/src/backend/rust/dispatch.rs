//! The enums that hold any packet of a set of which ids tell one from the other.
//!
//! In: the layout. Out: for each set a view and an owned enum. Mostly there is one set, of all packets.

use super::names::{prefixed, prefixed_constant};
use super::types::id_type;
use super::{Emitter, docs, scalar};
use packet_schema::layout::{Coding, Dispatch, HeaderField, Packet, Place, Role, Scalar, Sender};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// The enums of all sets of packets.
pub(super) fn dispatches(emitter: &Emitter<'_>) -> TokenStream {
    let dispatches = emitter.layout.dispatches();
    dispatches
        .iter()
        .map(|dispatch| enums(emitter, dispatch))
        .collect()
}

fn enums(emitter: &Emitter<'_>, dispatch: &Dispatch) -> TokenStream {
    let layout = emitter.layout;
    let Some(id) = &layout.framings[dispatch.framing].id else {
        return TokenStream::new();
    };
    let ty = id_type(id);
    let packets = || {
        let packets = dispatch
            .packets
            .iter()
            .map(|number| &layout.packets[*number]);
        packets.map(|packet| (packet, &emitter.names.structs[packet.body.0]))
    };
    let variants: Vec<_> = packets().map(|(_, names)| &names.variant).collect();
    let views: Vec<_> = packets().map(|(_, names)| &names.view).collect();
    let owned: Vec<_> = packets().map(|(_, names)| &names.owned).collect();
    let ids: Vec<TokenStream> = packets().map(|(packet, _)| ids(packet)).collect();
    let texts: Vec<&str> = packets()
        .map(|(packet, _)| layout.get(packet.body).name.as_str())
        .collect();
    let variant_docs: Vec<TokenStream> = packets()
        .map(|(packet, names)| {
            let body = layout.get(packet.body);
            docs::or(body.doc.as_deref(), &format!("`{}`.", names.variant))
        })
        .collect();
    let (view, packet) = (
        prefixed(&dispatch.prefix, "PacketView"),
        prefixed(&dispatch.prefix, "Packet"),
    );
    let packet_name = packet.to_string();
    let shape = prefixed_constant(&dispatch.prefix, "PACKET_SHAPE");
    let field = id.name.as_str();
    let (find, read) = read_id(id, &shape, views.first().zip(variants.first()));
    let from = match dispatch.sender {
        Sender::Both => "",
        Sender::Client => " that the client sends",
        Sender::Server => " that the server sends",
    };
    let view_doc = docs::text(&format!("A view of any packet{from}."));
    let packet_doc = docs::text(&format!("Any packet{from}, with its own data."));
    // Packets with several ids know which one it is only at run time.
    let is_const = (!packets().any(|(packet, _)| packet.id().is_none())).then(|| quote! { const });
    let id_of_view = packets().map(|(packet, names)| {
        let variant = &names.variant;
        if let Some(id) = packet.id() {
            let id = Literal::u64_unsuffixed(id);
            quote! { Self::#variant(_) => #id, }
        } else {
            let getter = packet.id_field.map(|field| &names.fields[field].getter);
            quote! { Self::#variant(packet) => packet.#getter(), }
        }
    });
    let id_of_owned = packets().map(|(packet, names)| {
        let variant = &names.variant;
        let (Some(field), None) = (packet.id_field, packet.id()) else {
            let id = Literal::u64_unsuffixed(packet.id().unwrap_or(0));
            return quote! { Self::#variant(_) => #id, };
        };
        let names = &names.fields[field];
        if matches!(layout.get(packet.body).fields[field].role, Role::Data) {
            let member = &names.member;
            return quote! { Self::#variant(packet) => packet.#member, };
        }
        let low = Literal::u64_unsuffixed(packet.ids.map_or(0, |(low, _)| low));
        let local = &names.local;
        quote! { Self::#variant(packet) => packet.derive_fields().map_or(#low, |derived| derived.#local), }
    });
    let ranged = is_const
        .is_none()
        .then(|| quote! { #[allow(unreachable_patterns)] });
    quote! {
        static #shape: ::packet_runtime::Shape = ::packet_runtime::Shape {
            name: #packet_name,
            fields: &[::packet_runtime::FieldShape::leaf(#field)],
        };

        #view_doc
        #[allow(dead_code)]
        #[derive(Clone, Copy, Debug)]
        #[non_exhaustive]
        pub enum #view<'a> {
            #(#variant_docs #variants(#views<'a>),)*
            /// A packet with an id that the protocol does not define.
            Unknown {
                /// The id.
                id: #ty,
                /// The whole packet with its header.
                bytes: &'a [u8],
            },
        }

        #[allow(dead_code)]
        impl<'a> #view<'a> {
            /// Validates `bytes` as exactly one packet with its header; the id in it says which.
            ///
            /// # Errors
            /// The first thing, in wire order, that is wrong.
            #ranged
            pub fn parse(bytes: &'a [u8]) -> Result<Self, ::packet_runtime::DecodeError> {
                let packet = bytes;
                #find
                Ok(match #read {
                    #(#ids => Self::#variants(<#views<'a> as ::packet_runtime::View<'a>>::parse(packet)?),)*
                    id => Self::Unknown { id, bytes: packet },
                })
            }

            /// The packet's id.
            pub #is_const fn id(&self) -> #ty {
                match self {
                    #(#id_of_view)*
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

        #packet_doc
        #[allow(dead_code)]
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum #packet {
            #(#variant_docs #variants(#owned),)*
        }

        #[allow(dead_code)]
        impl #packet {
            /// The packet that a view shows; `None` for one that the protocol does not define.
            pub fn from_view(view: #view<'_>) -> Option<Self> {
                match view {
                    #(#view::#variants(view) => Some(Self::#variants(view.into())),)*
                    #view::Unknown { .. } => None,
                }
            }

            /// The packet's id.
            pub #is_const fn id(&self) -> #ty {
                match self {
                    #(#id_of_owned)*
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
            impl From<#owned> for #packet {
                fn from(packet: #owned) -> Self {
                    Self::#variants(packet)
                }
            }
        )*

        impl ::packet_runtime::Encode for #packet {
            const SHAPE: &'static ::packet_runtime::Shape = &#shape;

            fn encoded_len(&self) -> Result<usize, ::packet_runtime::EncodeError> {
                match self {
                    #(Self::#variants(packet) => packet.encoded_len(),)*
                }
            }

            fn write(&self, writer: &mut ::packet_runtime::Writer<'_>) -> Result<(), ::packet_runtime::EncodeError> {
                match self {
                    #(Self::#variants(packet) => packet.write(writer),)*
                }
            }
        }
    }
}

/// A packet's ids as a pattern.
fn ids(packet: &Packet) -> TokenStream {
    let (low, high) = packet.ids.unwrap_or((0, 0));
    let (first, last) = (Literal::u64_unsuffixed(low), Literal::u64_unsuffixed(high));
    if low == high {
        quote! { #first }
    } else {
        quote! { #first..=#last }
    }
}

/// Statements that find the bytes of the id in `packet`, and the expression that reads it from them.
fn read_id(
    id: &HeaderField,
    shape: &proc_macro2::Ident,
    any: Option<(&&proc_macro2::Ident, &&proc_macro2::Ident)>,
) -> (TokenStream, TokenStream) {
    let offset = Literal::usize_unsuffixed(id.offset);
    // Where the header's size varies, any packet's decoder says what is wrong with it: at the latest that it ends.
    let otherwise = any.map(|(view, variant)| {
        quote! { return <#view<'a> as ::packet_runtime::View<'a>>::parse(packet).map(Self::#variant); }
    });
    let rest = match id.behind {
        None => quote! { packet.get(#offset..) },
        Some(varint) => {
            let (at, most) = (
                Literal::usize_unsuffixed(varint.offset),
                Literal::usize_unsuffixed(varint.max_bytes),
            );
            let skip = if id.offset == 0 {
                quote! { len }
            } else {
                quote! { len + #offset }
            };
            quote! {
                packet.get(#at..).and_then(|rest| {
                    let (_, len) = ::packet_runtime::varint::read(rest, #most, false).ok()?;
                    rest.get(#skip..)
                })
            }
        }
    };
    let (size, endian, shift, bits) = match id.coding {
        Coding::Fixed {
            size,
            endian,
            shift,
            bits,
        } => (size, endian, shift, bits),
        Coding::Varint(varint) => {
            let most = Literal::usize_unsuffixed(varint.max_bytes());
            let find = quote! {
                let found = #rest;
                let Some((id, _)) = found.and_then(|rest| ::packet_runtime::varint::read(rest, #most, false).ok()) else {
                    #otherwise
                };
            };
            return (find, quote! { id });
        }
    };
    let place = if bits as usize == 8 * size {
        Place::Dynamic
    } else {
        Place::Bits {
            offset: 0,
            size,
            endian,
            shift,
        }
    };
    let read = scalar::read(&quote! { bytes }, place, &Scalar::unsigned(bits, endian));
    let len = Literal::usize_unsuffixed(size);
    let find = if id.behind.is_some() {
        quote! {
            let found = #rest;
            let Some(bytes) = found.and_then(|rest| rest.first_chunk::<#len>()) else {
                #otherwise
            };
        }
    } else {
        let end = Literal::usize_unsuffixed(id.offset + size);
        quote! {
            let Some(bytes) = packet.get(#offset..#end).and_then(|bytes| bytes.first_chunk::<#len>()) else {
                return Err(::packet_runtime::DecodeError::new(
                    &#shape,
                    0,
                    #offset,
                    ::packet_runtime::ErrorKind::Truncated { needed: #len, available: packet.len().saturating_sub(#offset) },
                ));
            };
        }
    };
    (find, read)
}
