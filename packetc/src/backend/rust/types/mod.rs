//! The types of a protocol in Rust, one file for each thing that is emitted.
//!
//! In: a struct, an enum or a flag set of the layout. Out: items, in the order that a reader of the
//! generated file meets them. How bytes become values is in `decode`, how values become bytes in
//! `encode`.
//!
//! | Module | Emits |
//! |---|---|
//! | `named` | enums and flags |
//! | `shape` | the static table of a struct's field names |
//! | `owned` | the struct with its own data, the enums of its variants |
//! | `view` | the view of a struct's bytes with its getters, the view enums of its variants |
//! | `convert` | `From<View>` for what is owned |

mod convert;
mod named;
mod owned;
mod shape;
mod view;

pub(super) use convert::convert;
pub(super) use named::{enumeration, flags};
pub(super) use owned::owned;
pub(super) use shape::shape;
pub(super) use view::{element_type, padded, view};

use super::variant::{Arm, VariantField};
use super::{Body, Emitter, docs, scalar};
use packet_schema::layout::{Coding, Type, Variant};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

/// The raw type of a variant's tag.
pub(super) fn tag_type(body: &Body<'_>, variant: &Variant) -> TokenStream {
    if let Type::Scalar(scalar) = &body.field(variant.tag).ty {
        let raw = scalar::raw_type(scalar);
        quote! { #raw }
    } else {
        quote! { u64 }
    }
}

/// The documentation of a variant's enum and the declarations in it; `content` gives the type of what a
/// case holds.
fn declare_arms(
    body: &Body<'_>,
    found: &VariantField<'_>,
    content: impl Fn(&Type) -> TokenStream,
) -> (TokenStream, Vec<TokenStream>) {
    let doc = docs::or(
        found.field.doc.as_deref(),
        &format!("The cases of `{}`.", found.field.name),
    );
    let declare = |arm: &Arm<'_>| {
        let ident = arm.ident;
        let ty = content(arm.ty);
        let Some(case) = arm.case else {
            let tag = tag_type(body, found.variant);
            return quote! {
                /// Anything else.
                #ident {
                    /// The tag.
                    tag: #tag,
                    /// The content.
                    value: #ty,
                },
            };
        };
        let doc = docs::text(&format!("`{}`, tag {}.", case.name, case.tag));
        quote! { #doc #ident(#ty), }
    };
    (doc, found.arms.iter().map(declare).collect())
}

/// The packet's id as a constant, if it has one.
fn id_constant(body: &Body<'_>) -> TokenStream {
    let Some(id) = body
        .emitter
        .layout
        .packet_of(body.id)
        .and_then(packet_schema::layout::Packet::id)
    else {
        return TokenStream::new();
    };
    let Some(ty) = id_type(body.emitter) else {
        return TokenStream::new();
    };
    let id = Literal::u64_unsuffixed(id);
    quote! {
        /// The packet's id.
        pub const ID: #ty = #id;
    }
}

/// The Rust type of packet ids.
pub(super) fn id_type(emitter: &Emitter<'_>) -> Option<Ident> {
    let id = emitter.layout.framings.first()?.id.as_ref()?;
    Some(match id.coding {
        Coding::Fixed { size, .. } => scalar::unsigned(u32::try_from(size * 8).unwrap_or(64)),
        Coding::Varint(_) => scalar::unsigned(64),
    })
}
