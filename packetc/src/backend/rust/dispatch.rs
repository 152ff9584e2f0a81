//! The enums that hold any packet of a set of which ids tell one from the other.
//!
//! In: the layout. Out: for each set a view and an owned enum. Mostly there is one set, of all packets.

use super::moved::moved;
use super::names::DispatchNames;
use super::types::id_type;
use super::{Body, Emitter, attributes, docs, inner, scalar};
use packet_schema::layout::{Coding, HeaderField, Packet, Place, Role, Scalar, Sender};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

/// The enums of all sets of packets.
pub(super) fn dispatches(emitter: &Emitter<'_>) -> TokenStream {
    let mut all = TokenStream::new();
    for names in &emitter.names.dispatches {
        all.extend(enums(emitter, names));
    }
    all
}

fn enums(emitter: &Emitter<'_>, names: &DispatchNames) -> TokenStream {
    let layout = emitter.layout;
    let DispatchNames {
        dispatch,
        view,
        packet,
    } = names;
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
    let packet_name = packet.to_string();
    let field = id.name.as_str();
    let (find, read) = read_id(id, views.first().copied(), variants.first().copied());
    let from = match dispatch.sender {
        Sender::Both => "",
        Sender::Client => " that the client sends",
        Sender::Server => " that the server sends",
    };
    let listed = packets().map(|(packet, names)| (packet, &names.view));
    let table = docs::packets(layout, listed);
    let view_doc = docs::text(&format!("A view of any packet{from}."));
    let view_doc = quote! { #view_doc #table };
    let given = given(emitter, &packet_name);
    let packet_doc = docs::text(&format!(
        "Any packet{from}, with its own data; [`{view}`] lists them."
    ));
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
    let site = Body::site_function();
    let inner = moved(inner(quote! {
        static SHAPE: rt::Shape = rt::shape(#packet_name, &[rt::leaf(#field)]);

        #site

        impl<'a> #view<'a> {
            /// Validates `bytes` as exactly one packet with its header; the id in it says which.
            ///
            /// # Errors
            /// The first thing, in wire order, that is wrong.
            #ranged
            pub fn parse(bytes: &'a [u8]) -> rt::Decoded<Self> {
                let packet = bytes;
                #find
                Ok(match #read {
                    #(#ids => Self::#variants(<#views<'a> as rt::View<'a>>::parse(packet)?),)*
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

        impl rt::Encode for #packet {
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
        #view_doc
        #[allow(clippy::all, dead_code)]
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

        #packet_doc
        #[allow(clippy::all, dead_code)]
        #[derive(Clone, Debug, PartialEq)]
        #given
        #[non_exhaustive]
        pub enum #packet {
            #(#variant_docs #variants(#owned),)*
        }

        #inner
    }
}

/// The user's attributes for an enum of owned packets; a type of the schema that has its name has them instead.
fn given(emitter: &Emitter<'_>, name: &str) -> TokenStream {
    let structs = &emitter.layout.structs;
    let is_taken = structs.iter().any(|body| body.name == name);
    let path = if is_taken { "" } else { name };
    attributes::on_type(emitter, path, &["Clone", "Debug", "PartialEq"])
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

/// Statements that find the id in `packet`, and the expression that reads it.
pub(super) fn read_id(
    id: &HeaderField,
    view: Option<&Ident>,
    variant: Option<&Ident>,
) -> (TokenStream, TokenStream) {
    let offset = Literal::usize_unsuffixed(id.offset);
    // Where the header's size varies, any packet's decoder says what is wrong with it: at the latest that it ends.
    let otherwise =
        quote! { return <#view<'a> as rt::View<'a>>::parse(packet).map(Self::#variant); };
    let rest = match id.behind {
        None => quote! { packet.get(#offset..) },
        Some(varint) => {
            let (at, most) = (
                Literal::usize_unsuffixed(varint.offset),
                Literal::usize_unsuffixed(varint.max_bytes),
            );
            quote! { decode::after_varint(packet, #at, #most).and_then(|rest| rest.get(#offset..)) }
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
                let Some((id, _)) = found.and_then(|rest| rt::varint::read(rest, #most, false).ok()) else {
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
                let available = packet.len().saturating_sub(#offset);
                return Err(site(0).error(#offset, rt::ErrorKind::Truncated { needed: #len, available }));
            };
        }
    };
    (find, read)
}
