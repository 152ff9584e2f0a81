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
//! | `default` | `Default` for what is owned |
//! | `owned` | the struct with its own data, the enums of its variants |
//! | `view` | the view of a struct's bytes with its getters, the view enums of its variants |
//! | `convert` | `From<View>` for what is owned |
//! | `borrowed` | the struct with borrowed data, the enums of its variants, `From<View>` for them |
//! | `writer` | the writer in place and its setters |

mod borrowed;
mod convert;
mod default;
mod named;
mod owned;
mod shape;
mod view;
mod writer;

pub(super) use borrowed::{borrowed, from_view};
pub(super) use convert::{convert, convert_variant};
pub(super) use default::value as default_value;
pub(super) use named::{enumeration, flags};
pub(super) use owned::{owned, owned_type, scaled_members};
pub(super) use shape::{shape, shape_entry};
pub(super) use view::{element_type, getters, raw_element, view, view_variant};
pub(super) use writer::{setters, writer};

use super::variant::{Arm, VariantField};
use super::{Body, docs, scalar};
use packet_schema::layout::{Coding, HeaderField, Type, Variant};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

/// The raw type of a variant's tag.
pub(super) fn tag_type(body: &Body<'_>, variant: &Variant) -> TokenStream {
    if let Some(scalar) = body.field(variant.tag).ty.number() {
        let raw = scalar::raw_type(&scalar);
        quote! { #raw }
    } else {
        quote! { u64 }
    }
}

/// The documentation of a variant's enum and the declarations in it; `content` gives the type of what a
/// case holds, `given` what stands in front of it besides its documentation.
fn declare_arms(
    body: &Body<'_>,
    found: &VariantField<'_>,
    content: impl Fn(&Type) -> TokenStream,
    given: impl Fn(&str) -> TokenStream,
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
            if matches!(arm.ty, Type::Skipped) {
                return quote! {
                    /// Anything else, whose content is ignored.
                    #ident {
                        /// The tag.
                        tag: #tag,
                    },
                };
            }
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
        let given = given(&case.name);
        quote! { #doc #given #ident(#ty), }
    };
    (doc, found.arms.iter().map(declare).collect())
}

/// A function that gives the value of a scaled field in its unit; `value` is the integer on the wire.
fn scaled(body: &Body<'_>, index: usize, value: &TokenStream) -> Option<TokenStream> {
    let field = body.field(index);
    let name = body.names().fields[index].scaled.as_ref()?;
    let (scale, number) = field.scale.zip(field.ty.number())?;
    let factor = scalar::decimal(&format!("{:?}", scale.abs()));
    let factor = if scale < 0.0 {
        quote! { -#factor }
    } else {
        quote! { #factor }
    };
    let exact = number.bits <= 32;
    let scaled = |value: &TokenStream| {
        if exact {
            quote! { f64::from(#value) * #factor }
        } else {
            quote! { #value as f64 * #factor }
        }
    };
    let (ty, scaled) = if field.when.is_some() {
        let scaled = scaled(&quote! { value });
        (
            quote! { Option<f64> },
            quote! { #value.map(|value| #scaled) },
        )
    } else {
        (quote! { f64 }, scaled(value))
    };
    let allow = (!exact).then(|| quote! { #[allow(clippy::cast_precision_loss)] });
    let unit = field.unit.as_ref().map(|unit| format!(" {unit}"));
    let doc = docs::text(&format!(
        "`{}` × {scale}{}.",
        field.name,
        unit.unwrap_or_default()
    ));
    Some(quote! {
        #doc
        #allow
        #[inline]
        pub fn #name(&self) -> #ty {
            #scaled
        }
    })
}

/// The packet's id as a constant, if it has one, or its ids.
pub(super) fn id_constant(body: &Body<'_>) -> TokenStream {
    let layout = body.emitter.layout;
    let found = layout.packet_of(body.id).and_then(|packet| {
        let id = layout.framing_of(packet)?.id.as_ref()?;
        Some((id_type(id), packet.ids?))
    });
    let Some((ty, (low, high))) = found else {
        return TokenStream::new();
    };
    let (first, last) = (Literal::u64_unsuffixed(low), Literal::u64_unsuffixed(high));
    if low == high {
        return quote! {
            /// The packet's id.
            pub const ID: #ty = #first;
        };
    }
    quote! {
        /// The packet's ids.
        pub const IDS: ::core::ops::RangeInclusive<#ty> = #first..=#last;
    }
}

/// The Rust type of packet ids.
pub(super) fn id_type(id: &HeaderField) -> Ident {
    match id.coding {
        Coding::Fixed { bits, .. } => scalar::unsigned(bits),
        Coding::Varint(_) => scalar::unsigned(64),
    }
}
