//! `serde`, if it is asked for: values as `packetc decode` shows and `packetc encode` takes them.
//!
//! In: what the other emitters made a type of. Out: its `Serialize` and `Deserialize`, which hand each field with the way
//! in which it is shown to `packet_runtime::serde`. A view shows all of its fields, an owned form its own ones. The
//! tag of a variant's `else` follows from nothing, so it is shown with the owned form too.
//!
//! | Module | Emits |
//! |---|---|
//! | `named` | enums and flags |
//! | `structure` | structs |
//! | `cases` | variants, and the enums of all packets |

mod cases;
mod named;
mod structure;

use super::moved::moved;
use super::variant::VariantField;
use super::{Body, Emitter, inner};
use cases::{dispatch, variant};
use named::{enumeration, flags};
use packet_schema::layout::{Field, ScalarKind, Type};
use proc_macro2::TokenStream;
use quote::quote;
use structure::{deserialize, serialize_owned, serialize_view};

/// `Serialize` and `Deserialize` of everything but structs.
pub(super) fn all(emitter: &Emitter<'_>) -> TokenStream {
    let layout = emitter.layout;
    let dispatches = emitter.names.dispatches.iter();
    let dispatches = dispatches.map(|names| dispatch(emitter, names));
    let enums = layout.enums.iter().enumerate();
    let enums = enums.map(|(index, found)| enumeration(emitter, index, found));
    let sets = layout.flags.iter().enumerate();
    let sets = sets.map(|(index, found)| flags(emitter, index, found));
    dispatches.chain(enums).chain(sets).collect()
}

/// `Serialize` of a struct's view and owned form, `Deserialize` of what is owned, and both of its variants.
pub(super) fn structure(body: &Body<'_>) -> TokenStream {
    let has_owned = body.emitter.has_owned(body.id);
    let view = moved(serialize_view(body));
    let owned = has_owned.then(|| moved(serialize_owned(body)));
    let deserialize = has_owned.then(|| moved(deserialize(body)));
    let variants = VariantField::all(body).map(|found| moved(variant(&found, has_owned)));
    inner(quote! { #view #owned #deserialize #(#variants)* })
}

/// How a value of a type is shown and read.
fn how(ty: &Type) -> TokenStream {
    match ty {
        Type::Scalar(scalar) if scalar.kind == ScalarKind::Float => quote! { rt::serde::Float },
        Type::Bytes(_) => quote! { rt::serde::Hex },
        Type::Array { element, .. } => {
            let element = how(element);
            quote! { rt::serde::List<#element> }
        }
        Type::Variant(_) => quote! { rt::serde::Variant },
        Type::Scalar(_) | Type::Varint(_) | Type::Struct(_) | Type::Text(..) | Type::Skipped => {
            quote! { rt::serde::Plain }
        }
    }
}

fn field_how(field: &Field) -> TokenStream {
    let plain = how(&field.ty);
    if field.when.is_some() {
        quote! { rt::serde::Opt<#plain> }
    } else {
        plain
    }
}

/// How the number of a variant's tag is shown and read, which need not be one that its type allows.
fn tag_how(emitter: &Emitter<'_>, tag: &Field) -> TokenStream {
    match tag.ty.number().map(|scalar| scalar.kind) {
        Some(ScalarKind::Enum(id)) => {
            let ident = &emitter.names.enums[id.0].ident;
            quote! { rt::serde::RawEnum<#ident> }
        }
        Some(ScalarKind::Flags(id)) => {
            let ident = &emitter.names.flags[id.0].ident;
            quote! { rt::serde::RawFlags<#ident> }
        }
        Some(ScalarKind::Bool) => quote! { rt::serde::RawBool },
        _ => quote! { rt::serde::Plain },
    }
}
