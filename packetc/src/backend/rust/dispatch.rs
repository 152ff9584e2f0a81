//! The enums that hold any packet of a set of which ids tell one from the other.
//!
//! In: the layout. Out: for each set a view and an owned enum. Mostly there is one set, of all packets.

use super::moved::moved;
use super::names::{DispatchNames, StructNames};
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

/// A set of packets that code is emitted for.
struct Set<'a> {
    emitter: &'a Emitter<'a>,
    names: &'a DispatchNames,
    packets: Vec<(&'a Packet, &'a StructNames)>,
    id: &'a HeaderField,
    /// The type of ids.
    id_type: Ident,
}

fn enums(emitter: &Emitter<'_>, names: &DispatchNames) -> TokenStream {
    let layout = emitter.layout;
    let Some(id) = &layout.framings[names.dispatch.framing].id else {
        return TokenStream::new();
    };
    let packets = names.dispatch.packets.iter();
    let packets = packets.map(|number| &layout.packets[*number]);
    let packets = packets.map(|packet| (packet, &emitter.names.structs[packet.body.0]));
    let mut set = Set {
        emitter,
        names,
        packets: packets.collect(),
        id,
        id_type: id_type(id),
    };
    let view = moved(set.view_enum());
    let view_code = moved(set.view_code());
    let packet_name = names.packet.to_string();
    let field = id.name.as_str();
    let site = Body::site_function();
    // Without an allocator, those that need none.
    set.packets
        .retain(|(packet, _)| emitter.has_owned(packet.body));
    let has_owned = emitter.options.alloc || !set.packets.is_empty();
    let owned = has_owned.then(|| moved(set.owned_enum()));
    let owned_code = has_owned.then(|| moved(set.owned_code()));
    let inner = moved(inner(quote! {
        static SHAPE: rt::Shape = rt::shape(#packet_name, &[rt::leaf(#field)]);

        #site

        #view_code

        #owned_code
    }));
    quote! { #view #owned #inner }
}

impl Set<'_> {
    fn variants(&self) -> Vec<&Ident> {
        self.packets
            .iter()
            .map(|(_, names)| &names.variant)
            .collect()
    }

    /// The packets' names in the schema.
    fn texts(&self) -> Vec<&str> {
        let name = |packet: &Packet| self.emitter.layout.get(packet.body).name.as_str();
        self.packets
            .iter()
            .map(|(packet, _)| name(packet))
            .collect()
    }

    fn variant_docs(&self) -> Vec<TokenStream> {
        let packets = self.packets.iter();
        let doc = |(packet, names): &(&Packet, &StructNames)| {
            let body = self.emitter.layout.get(packet.body);
            docs::or(body.doc.as_deref(), &format!("`{}`.", names.variant))
        };
        packets.map(doc).collect()
    }

    /// Packets with several ids know which one it is only at run time.
    fn const_id(&self) -> Option<TokenStream> {
        let is_const = self.packets.iter().all(|(packet, _)| packet.id().is_some());
        is_const.then(|| quote! { const })
    }

    /// Whose packets they are.
    fn from(&self) -> &'static str {
        match self.names.dispatch.sender {
            Sender::Both => "",
            Sender::Client => " that the client sends",
            Sender::Server => " that the server sends",
        }
    }

    fn view_enum(&self) -> TokenStream {
        let (view, ty) = (&self.names.view, &self.id_type);
        let doc = docs::text(&format!("A view of any packet{}.", self.from()));
        let listed = self.packets.iter();
        let listed = listed.map(|(packet, names)| (*packet, &names.view));
        let table = docs::packets(self.emitter.layout, listed);
        let doc = quote! { #doc #table };
        let (variants, variant_docs) = (self.variants(), self.variant_docs());
        let views = self.packets.iter().map(|(_, names)| &names.view);
        quote! {
            #doc
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
        }
    }

    fn view_code(&self) -> TokenStream {
        let (view, ty) = (&self.names.view, &self.id_type);
        let (variants, texts) = (self.variants(), self.texts());
        let views: Vec<_> = self.packets.iter().map(|(_, names)| &names.view).collect();
        let ids = self.packets.iter().map(|(packet, _)| ids(packet));
        let (find, read) = read_id(self.id, views.first().copied(), variants.first().copied());
        let is_const = self.const_id();
        let ranged = is_const
            .is_none()
            .then(|| quote! { #[allow(unreachable_patterns)] });
        let id_of = self.packets.iter().map(|(packet, names)| {
            let variant = &names.variant;
            if let Some(id) = packet.id() {
                let id = Literal::u64_unsuffixed(id);
                quote! { Self::#variant(_) => #id, }
            } else {
                let getter = packet.id_field.map(|field| &names.fields[field].getter);
                quote! { Self::#variant(packet) => packet.#getter(), }
            }
        });
        quote! {
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
                        #(#id_of)*
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
        }
    }

    fn owned_enum(&self) -> TokenStream {
        let (packet, ty) = (&self.names.packet, &self.id_type);
        let (variants, variant_docs) = (self.variants(), self.variant_docs());
        let owned = self.packets.iter().map(|(_, names)| &names.owned);
        let (doc, unknown) = if self.emitter.options.alloc {
            let unknown = quote! {
                /// A packet with an id that the protocol does not define. What is written is its bytes.
                Unknown {
                    /// The id.
                    id: #ty,
                    /// The whole packet with its header.
                    bytes: ::packet_runtime::alloc::vec::Vec<u8>,
                },
            };
            (", with its own data", Some(unknown))
        } else {
            (" whose data needs no allocator", None)
        };
        let view = &self.names.view;
        let doc = format!("Any packet{}{doc}; [`{view}`] lists them.", self.from());
        let doc = docs::text(&doc);
        let given = given(self.emitter, &packet.to_string());
        quote! {
            #doc
            #[allow(clippy::all, dead_code)]
            #[derive(Clone, Debug, PartialEq)]
            #given
            #[non_exhaustive]
            pub enum #packet {
                #(#variant_docs #variants(#owned),)*
                #unknown
            }
        }
    }

    fn owned_code(&self) -> TokenStream {
        let (view, packet, ty) = (&self.names.view, &self.names.packet, &self.id_type);
        let (variants, texts) = (self.variants(), self.texts());
        let owned: Vec<_> = self.packets.iter().map(|(_, names)| &names.owned).collect();
        let is_const = self.const_id();
        let id_of = self
            .packets
            .iter()
            .map(|(packet, names)| self.id_of_owned(packet, names));
        let has_unknown = self.emitter.options.alloc;
        let unknown = |arm: TokenStream| has_unknown.then_some(arm);
        let unknown_id = unknown(quote! { Self::Unknown { id, .. } => *id, });
        let unknown_name = unknown(quote! { Self::Unknown { .. } => "Unknown", });
        let unknown_len = unknown(quote! { Self::Unknown { bytes, .. } => Ok(bytes.len()), });
        let unknown_write =
            unknown(quote! { Self::Unknown { bytes, .. } => writer.bytes(&SHAPE, bytes), });
        let unknown_encode = unknown(quote! {
            Self::Unknown { bytes, .. } => {
                rt::Writer::new(room(bytes.len())?).bytes(&SHAPE, bytes)?;
                Ok(bytes.len())
            }
        });
        let (own, from) = if has_unknown {
            let from = quote! {
                impl From<#view<'_>> for #packet {
                    fn from(view: #view<'_>) -> Self {
                        match view {
                            #(#view::#variants(view) => Self::#variants(view.into()),)*
                            #view::Unknown { id, bytes } => Self::Unknown { id, bytes: bytes.into() },
                        }
                    }
                }
            };
            (None, Some(from))
        } else {
            let own = quote! {
                /// The packet that a view shows; `None` for one that needs an allocator, or that the protocol does not
                /// define.
                pub fn from_view(view: #view<'_>) -> Option<Self> {
                    match view {
                        #(#view::#variants(view) => Some(Self::#variants(view.into())),)*
                        _ => None,
                    }
                }
            };
            (Some(own), None)
        };
        quote! {
            impl #packet {
                #own

                /// The packet's id.
                pub #is_const fn id(&self) -> #ty {
                    match self {
                        #(#id_of)*
                        #unknown_id
                    }
                }

                /// The packet's name in the schema; of an unknown one `Unknown`.
                pub const fn name(&self) -> &'static str {
                    match self {
                        #(Self::#variants(_) => #texts,)*
                        #unknown_name
                    }
                }
            }

            #from

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
                        #unknown_len
                    }
                }

                fn write(&self, writer: &mut rt::Writer<'_>) -> rt::Encoded<()> {
                    match self {
                        #(Self::#variants(packet) => packet.write(writer),)*
                        #unknown_write
                    }
                }

                fn encode_with<'b>(
                    &self,
                    room: impl FnOnce(usize) -> rt::Encoded<&'b mut [u8]>,
                ) -> rt::Encoded<usize> {
                    match self {
                        #(Self::#variants(packet) => packet.encode_with(room),)*
                        #unknown_encode
                    }
                }
            }
        }
    }

    /// The arm that gives the id of an owned packet.
    fn id_of_owned(&self, packet: &Packet, names: &StructNames) -> TokenStream {
        let variant = &names.variant;
        let (Some(field), None) = (packet.id_field, packet.id()) else {
            let id = Literal::u64_unsuffixed(packet.id().unwrap_or(0));
            return quote! { Self::#variant(_) => #id, };
        };
        let names = &names.fields[field];
        let role = &self.emitter.layout.get(packet.body).fields[field].role;
        if matches!(role, Role::Data) {
            let member = &names.member;
            return quote! { Self::#variant(packet) => packet.#member, };
        }
        let low = Literal::u64_unsuffixed(packet.ids.map_or(0, |(low, _)| low));
        let local = &names.local;
        quote! { Self::#variant(packet) => packet.derive_fields().map_or(#low, |derived| derived.#local), }
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
