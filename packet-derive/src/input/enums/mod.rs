//! What is a choice: an enum of numbers, flags, an enum whose cases a field tells apart, an enum of packets.
//!
//! In: such an item. Out: a schema with one type, or with one packet that has what is needed to lay the choice out.
//! The attributes of the variants say which kind it is; without any, variants that hold nothing are numbers and
//! variants that hold something are packets.
//!
//! Raises P0711 (a variant, or something said of an enum, that does not go with its kind).

mod cases;
mod messages;
mod numbers;

pub(super) use numbers::flags;
pub(crate) use numbers::literal;

use super::attribute::Keys;
use super::{Context, Item};
use packet_schema::diagnostic::{Span, Spanned};
use packetc::backend::rust::{Message, Variants};
use proc_macro2::Ident;
use syn::{DataEnum, DeriveInput, Fields, Variant};

/// A choice, with what it is called in Rust.
pub(crate) enum Choice {
    /// Numbers with names: the variants in the order of the schema, and the one for all other numbers.
    Named {
        values: Vec<Ident>,
        other: Option<Ident>,
    },
    /// Cases that a tag chooses.
    Cases(Variants),
    /// Packets, and the variant for all others.
    Messages {
        messages: Vec<Message>,
        unknown: Option<Ident>,
    },
}

/// A variant with its attributes.
struct Found<'a> {
    variant: &'a Variant,
    keys: Keys,
    tag: Option<Spanned<String>>,
    is_else: bool,
    other: Option<Span>,
    unknown: Option<Span>,
}

/// Reads an enum.
pub(super) fn read(
    input: &DeriveInput,
    data: &DataEnum,
    keys: Keys,
    context: &mut Context,
) -> Option<Item> {
    let mut variants: Vec<Found<'_>> = Vec::new();
    for variant in &data.variants {
        let mut keys = Keys::read("a variant", &variant.attrs, context);
        let tag = keys.text("tag", context);
        let is_else = keys.flag("else", context).is_some();
        let other = keys.flag("other", context).map(|other| other.span);
        let unknown = keys.flag("unknown", context).map(|unknown| unknown.span);
        variants.push(Found {
            variant,
            keys,
            tag,
            is_else,
            other,
            unknown,
        });
    }
    if variants.is_empty() {
        let span = context.spans.place(&input.ident);
        let message = format!("`{}` has no variants", input.ident);
        context.error("P0711", span, message, "give it one");
        return None;
    }
    if variants
        .iter()
        .any(|found| found.tag.is_some() || found.is_else)
    {
        return Some(cases::read(input, variants, keys, context));
    }
    let empty = |found: &Found<'_>| matches!(found.variant.fields, Fields::Unit);
    if variants.iter().any(|found| found.other.is_some()) || variants.iter().all(empty) {
        return numbers::read(input, variants, keys, context);
    }
    Some(messages::read(input, variants, keys, context))
}

/// The type of the only thing that a variant holds.
///
/// Raises P0711 (nothing, or more).
fn one<'a>(
    variant: &'a Variant,
    name: &Spanned<String>,
    context: &mut Context,
) -> Option<&'a syn::Type> {
    if let Fields::Unnamed(fields) = &variant.fields
        && let (Some(first), 1) = (fields.unnamed.first(), fields.unnamed.len())
    {
        return Some(&first.ty);
    }
    context.error(
        "P0711",
        name.span,
        format!("`{}` does not hold one type", name.value),
        &format!(
            "write `{0}(TYPE)`, with a struct if there are several fields; nothing is `{0}([u8; 0])`",
            name.value
        ),
    );
    None
}

/// Raises P0711.
fn misplaced(key: &str, place: Span, kind: &str, context: &mut Context) {
    let message = format!("`{key}` is for {kind}");
    context.error("P0711", place, message, "leave it out");
}
