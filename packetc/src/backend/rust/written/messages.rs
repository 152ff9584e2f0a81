//! The choice of a packet by its id, among packets that other items define.
//!
//! In: an enum that the user wrote with a packet in each variant, and a layout with the header that these have.
//! Out: an enum of their views, which reads an id and goes on with the packet that has it, and `Encode`.

use super::super::Owner;
use super::super::body::Body;
use super::super::dispatch::read_id;
use super::super::types::id_type;
use super::super::{docs, inner};
use super::{Written, id_place};
use packet_schema::layout::Layout;
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned as _;

/// A variant of the user's enum.
pub struct Message {
    /// Its name.
    pub ident: Ident,
    /// The packet in it, with `'static` for a lifetime.
    pub ty: TokenStream,
    /// Its documentation.
    pub doc: Option<String>,
}

/// The codec of an enum of packets, whose header is that of the only packet in `layout`. The variant `unknown`, if
/// there is one, holds the id and the bytes of packets that are none of them.
pub fn messages(
    layout: &Layout,
    written: &Written<'_>,
    messages: &[Message],
    unknown: Option<&Ident>,
) -> TokenStream {
    let id = layout
        .framings
        .first()
        .and_then(|framing| framing.id.as_ref());
    let (Some(id), Some(place)) = (id, id_place(layout, 0)) else {
        return TokenStream::new();
    };
    let owner = Owner::written(written.ident, written.generics);
    let ident = written.ident;
    let view = format_ident!("{ident}View");
    let visibility = written.visibility;
    let name = ident.to_string();
    let field = id.name.as_str();
    let ty = id_type(id);
    let (find, read) = read_id(id, None, None);
    let idents: Vec<&Ident> = messages.iter().map(|message| &message.ident).collect();
    let texts: Vec<String> = idents.iter().map(ToString::to_string).collect();
    let types: Vec<&TokenStream> = messages.iter().map(|message| &message.ty).collect();
    let documented = messages
        .iter()
        .map(|message| docs::or(message.doc.as_deref(), &format!("`{}`.", message.ident)));
    let lows: Vec<Ident> = (0..messages.len())
        .map(|at| format_ident!("LOW_{at}"))
        .collect();
    let highs: Vec<Ident> = (0..messages.len())
        .map(|at| format_ident!("HIGH_{at}"))
        .collect();
    let assertions = messages.iter().map(|message| {
        let ty = &message.ty;
        let text = format!(
            "`{}` has its id at another place than this enum: give both the same `header`",
            message.ident
        );
        quote_spanned! {ty.span()=>
            const _: () = assert!(<#ty as rt::Identified>::ID_PLACE.is(&#place), #text);
        }
    });
    let twice = format!("two packets of `{ident}` have the same id");
    let with_lifetime = &owner.with_lifetime;
    let (generics, arguments, clause) = owner.generics.split_for_impl();
    let convert = convert(&view, &idents, with_lifetime, unknown);
    let site = Body::site_function();
    let unknown_id = unknown.map(|unknown| quote! { Self::#unknown { id, .. } => u64::from(*id), });
    let unknown_name = unknown.map(|unknown| quote! { Self::#unknown { .. } => "Unknown", });
    let unknown_len =
        unknown.map(|unknown| quote! { Self::#unknown { bytes, .. } => Ok(bytes.len()), });
    let unknown_write = unknown.map(|unknown| {
        quote! { Self::#unknown { bytes, .. } => writer.bytes(&SHAPE, bytes), }
    });
    let numbers: Vec<Literal> = (0..messages.len()).map(Literal::usize_unsuffixed).collect();
    let count = Literal::usize_unsuffixed(messages.len());
    let inner = inner(quote! {
        static SHAPE: rt::Shape = rt::shape(#name, &[rt::leaf(#field)]);

        #site

        const IDS: [(u64, u64); #count] = [#(<#types as rt::Identified>::IDS),*];
        #(
            const #lows: u64 = IDS[#numbers].0;
            const #highs: u64 = IDS[#numbers].1;
        )*
        const _: () = assert!(!rt::share_ids(&IDS), #twice);
        #(#assertions)*

        impl<'a> #view<'a> {
            /// Validates `bytes` as exactly one packet with its header; the id in it says which.
            ///
            /// # Errors
            /// The first thing, in wire order, that is wrong.
            #[allow(unreachable_patterns)]
            pub fn parse(bytes: &'a [u8]) -> rt::Decoded<Self> {
                let packet = bytes;
                #find
                let id: #ty = #read;
                Ok(match u64::from(id) {
                    #(#lows..=#highs => Self::#idents(<<#types as rt::Nested>::View<'a> as rt::View<'a>>::parse(packet)?),)*
                    _ => Self::Unknown { id, bytes: packet },
                })
            }

            /// The packet's name; of an unknown one `Unknown`.
            pub const fn name(&self) -> &'static str {
                match self {
                    #(Self::#idents(_) => #texts,)*
                    Self::Unknown { .. } => "Unknown",
                }
            }
        }

        impl #generics #ident #arguments #clause {
            /// The packet's id.
            pub fn id(&self) -> u64 {
                match self {
                    #(Self::#idents(packet) => rt::Identified::id(packet),)*
                    #unknown_id
                }
            }

            /// The packet's name.
            pub const fn name(&self) -> &'static str {
                match self {
                    #(Self::#idents(_) => #texts,)*
                    #unknown_name
                }
            }
        }

        #convert

        impl #generics rt::Encode for #ident #arguments #clause {
            const SHAPE: &'static rt::Shape = &SHAPE;

            fn encoded_len(&self) -> rt::Encoded<usize> {
                match self {
                    #(Self::#idents(packet) => rt::Encode::encoded_len(packet),)*
                    #unknown_len
                }
            }

            fn write(&self, writer: &mut rt::Writer<'_>) -> rt::Encoded<()> {
                match self {
                    #(Self::#idents(packet) => rt::Encode::write(packet, writer),)*
                    #unknown_write
                }
            }
        }
    });
    let doc = docs::text(&format!("A view of any packet of [`{ident}`]."));
    quote! {
        #doc
        #[allow(clippy::all, dead_code)]
        #[derive(Clone, Copy, Debug)]
        #[non_exhaustive]
        #visibility enum #view<'a> {
            #(#documented #idents(<#types as ::packet_runtime::generated::Nested>::View<'a>),)*
            /// A packet with an id that none of them has.
            Unknown {
                /// The id.
                id: #ty,
                /// The whole packet with its header.
                bytes: &'a [u8],
            },
        }

        #inner
    }
}

/// The way from the view to the enum, which is not always there if that has no place for unknown packets.
fn convert(
    view: &Ident,
    idents: &[&Ident],
    ty: &TokenStream,
    unknown: Option<&Ident>,
) -> TokenStream {
    if let Some(unknown) = unknown {
        return quote! {
            impl<'a> From<#view<'a>> for #ty {
                fn from(view: #view<'a>) -> Self {
                    match view {
                        #(#view::#idents(view) => Self::#idents(view.into()),)*
                        #view::Unknown { id, bytes } => Self::#unknown { id, bytes: bytes.into() },
                    }
                }
            }
        };
    }
    quote! {
        impl<'a> TryFrom<#view<'a>> for #ty {
            /// The view of a packet that is none of them.
            type Error = #view<'a>;

            fn try_from(view: #view<'a>) -> Result<Self, #view<'a>> {
                Ok(match view {
                    #(#view::#idents(view) => Self::#idents(view.into()),)*
                    #view::Unknown { .. } => return Err(view),
                })
            }
        }
    }
}
