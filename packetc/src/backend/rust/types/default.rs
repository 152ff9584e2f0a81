//! `Default` for owned structs of which the schema gives all values.
//!
//! In: a struct of the layout. Out: its `impl Default`, if every field of it has a default or can be absent.

use super::super::{Body, Emitter, is_owned, scalar};
use super::owned::owned_fields;
use packet_schema::codec;
use packet_schema::layout::{Extent, Field, Layout, Scalar, ScalarKind, StructId, Type, Unknown};
use packet_schema::value::{Value, parse_hex};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// `impl Default` for the owned struct, if it has one.
pub(super) fn default(body: &Body<'_>) -> TokenStream {
    if !has_default(body.emitter.layout, body.id) {
        return TokenStream::new();
    }
    let names = body.names();
    let ident = &names.owned;
    let members = owned_fields(body).map(|(index, field)| {
        let member = &names.fields[index].member;
        let value = match (&field.default, &field.ty) {
            (Some(default), ty) => value(body.emitter, ty, default),
            (None, Type::Struct(id)) if field.when.is_none() => {
                let inner = &body.emitter.names.structs[id.0].owned;
                quote! { <#inner as ::core::default::Default>::default() }
            }
            (None, _) => quote! { None },
        };
        quote! { #member: #value, }
    });
    quote! {
        #[allow(clippy::derivable_impls)]
        impl ::core::default::Default for #ident {
            fn default() -> Self {
                Self { #(#members)* }
            }
        }
    }
}

/// Whether every field of the owned struct has a value that the schema gives, and there is one.
fn has_default(layout: &Layout, id: StructId) -> bool {
    let fields = &layout.get(id).fields;
    let given: Vec<&Field> = fields.iter().filter(|field| is_owned(field)).collect();
    let has = |field: &&Field| match &field.ty {
        _ if field.when.is_some() || field.default.is_some() => true,
        Type::Struct(id) => has_default(layout, *id),
        _ => false,
    };
    !given.is_empty() && given.iter().all(has)
}

/// A default as the type that users see. It was tested to be a value of the type.
pub(in super::super) fn value(emitter: &Emitter<'_>, ty: &Type, default: &Value) -> TokenStream {
    let text = match default {
        Value::Text(text) => text.as_str(),
        _ => "",
    };
    match ty {
        Type::Scalar(kind) => number(emitter, kind, default),
        Type::Varint(varint) => number(emitter, &varint.scalar(), default),
        Type::Text(..) if text.is_empty() => {
            quote! { ::packet_runtime::alloc::string::String::new() }
        }
        Type::Text(..) => quote! { ::packet_runtime::alloc::string::String::from(#text) },
        Type::Bytes(extent) => {
            let bytes = parse_hex(text).unwrap_or_default();
            let bytes = bytes.iter().map(|byte| Literal::u8_unsuffixed(*byte));
            match extent {
                Extent::Fixed(_) => quote! { [#(#bytes),*] },
                _ if text.is_empty() => quote! { ::packet_runtime::alloc::vec::Vec::new() },
                _ => quote! { ::packet_runtime::alloc::vec::Vec::from([#(#bytes),*]) },
            }
        }
        // They have no default of their own.
        Type::Struct(_) | Type::Array { .. } | Type::Variant(_) | Type::Skipped => {
            TokenStream::new()
        }
    }
}

fn number(emitter: &Emitter<'_>, kind: &Scalar, default: &Value) -> TokenStream {
    let bits = codec::bits(emitter.layout, kind, default).unwrap_or(0);
    let narrow = u64::try_from(bits).unwrap_or(u64::MAX);
    match kind.kind {
        ScalarKind::Unsigned => {
            let value = Literal::u128_unsuffixed(bits);
            quote! { #value }
        }
        ScalarKind::Signed => {
            let above = 128 - kind.bits.clamp(1, 128);
            let value = Literal::i128_unsuffixed((bits << above).cast_signed() >> above);
            quote! { #value }
        }
        ScalarKind::Float => float(kind.bits, narrow),
        ScalarKind::Bool => {
            let value = bits != 0;
            quote! { #value }
        }
        ScalarKind::Enum(id) => {
            let (found, names) = (emitter.layout.enumeration(id), &emitter.names.enums[id.0]);
            let ident = &names.ident;
            let known = found.values.iter().position(|value| value.value == narrow);
            match (known, found.unknown) {
                (Some(index), Unknown::Keep) => {
                    let constant = &names.constants[index];
                    quote! { #ident::#constant }
                }
                (Some(index), _) => {
                    let variant = &names.values[index];
                    quote! { #ident::#variant }
                }
                (None, _) => {
                    let value = Literal::u64_unsuffixed(narrow);
                    quote! { #ident(#value) }
                }
            }
        }
        ScalarKind::Flags(_) => {
            let value = Literal::u64_unsuffixed(narrow);
            scalar::from_raw(emitter, kind, &quote! { #value })
        }
    }
}

/// A float whose bits are `bits`.
fn float(width: u32, bits: u64) -> TokenStream {
    let from_bits = |ty: TokenStream| {
        let bits = Literal::u64_unsuffixed(bits);
        quote! { #ty::from_bits(#bits) }
    };
    let (magnitude, negative) = if width == 32 {
        let value = f32::from_bits(u32::try_from(bits).unwrap_or(0));
        if !value.is_finite() {
            return from_bits(quote! { f32 });
        }
        (
            scalar::decimal(&format!("{:?}", value.abs())),
            value.is_sign_negative(),
        )
    } else {
        let value = f64::from_bits(bits);
        if !value.is_finite() {
            return from_bits(quote! { f64 });
        }
        (
            scalar::decimal(&format!("{:?}", value.abs())),
            value.is_sign_negative(),
        )
    };
    if negative {
        quote! { -#magnitude }
    } else {
        quote! { #magnitude }
    }
}
