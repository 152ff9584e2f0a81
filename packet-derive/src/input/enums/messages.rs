//! Enums of packets.

use super::{Choice, Found, one};
use crate::input::attribute::Keys;
use crate::input::outside::anywhere;
use crate::input::{Context, Item, Kind, container, doc, types};
use packet_schema::diagnostic::{Span, Spanned};
use packet_schema::syntax::PacketId;
use packetc::backend::rust::Message;
use proc_macro2::Ident;
use syn::DeriveInput;

/// Reads an enum of packets.
pub(super) fn read(
    input: &DeriveInput,
    variants: Vec<Found<'_>>,
    mut keys: Keys,
    context: &mut Context,
) -> Item {
    let span = context.spans.place(&input.ident);
    let order = container::order(&mut keys, context);
    let framing = container::framing(&mut keys, Some(span), context);
    keys.finish(context);
    let mut unknown: Option<(Ident, Span)> = None;
    let mut found_messages = Vec::new();
    for found in variants {
        let variant = found.variant;
        let name = context
            .spans
            .spanned(variant.ident.to_string(), &variant.ident);
        found.keys.finish(context);
        if let Some(place) = found.unknown {
            if let Some((_, first)) = unknown {
                context.twice(&Spanned::new("unknown".to_owned(), place), first);
            }
            let mut names = variant.fields.iter().map(|field| field.ident.as_ref());
            let has = |name: &str| {
                names
                    .clone()
                    .any(|found| found.is_some_and(|found| found == name))
            };
            if !has("id") || !has("bytes") || names.by_ref().count() != 2 {
                context.error(
                    "P0711",
                    name.span,
                    format!(
                        "`{}` does not hold an id and the bytes of a packet",
                        name.value
                    ),
                    &format!("write `{} {{ id: u16, bytes: Vec<u8> }}`", name.value),
                );
            }
            unknown = Some((variant.ident.clone(), place));
            continue;
        }
        let Some(ty) = one(variant, &name, context) else {
            continue;
        };
        if types::read_other(ty).is_none() {
            let span = context.spans.place(ty);
            context.error(
                "P0711",
                span,
                format!("`{}` does not hold a packet", name.value),
                "write a struct with `#[derive(Packet)]` and an `id`; what a field chooses has `#[packet(tag = 1)]`",
            );
            continue;
        }
        found_messages.push(Message {
            ident: variant.ident.clone(),
            ty: anywhere(ty),
            doc: doc(&variant.attrs),
        });
    }
    let mut schema = container::schema(span);
    schema.order = order;
    schema.framing = framing;
    let mut packet = container::packet(Spanned::new(input.ident.to_string(), span));
    packet.id = Some(Spanned::new(PacketId::Numbers(0, 0), span));
    schema.packets.push(packet);
    Item {
        schema,
        kind: Kind::Choice(Choice::Messages {
            messages: found_messages,
            unknown: unknown.map(|(ident, _)| ident),
        }),
    }
}
