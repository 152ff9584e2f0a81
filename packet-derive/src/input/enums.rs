//! What is a choice: an enum of numbers, flags, an enum whose cases a field tells apart, an enum of packets.
//!
//! In: such an item. Out: a schema with one type, or with one packet that has what is needed to lay the choice out.
//! The attributes of the variants say which kind it is; without any, variants that hold nothing are numbers and
//! variants that hold something are packets.
//!
//! Raises P0711 (a variant, or something said of an enum, that does not go with its kind).

use super::attribute::{self, Keys};
use super::outside::{anywhere, type_expr};
use super::{Context, Item, Kind, container, doc, field, history, types};
use packet_schema::diagnostic::{Span, Spanned};
use packet_schema::model::Unknown;
use packet_schema::parse::word;
use packet_schema::syntax::{
    Case, Field, FieldKind, Match, Named, Order, Otherwise, PacketId, Said, TypeBody, TypeDef,
    TypeExpr,
};
use packetc::backend::rust::Message;
use proc_macro2::{Ident, TokenStream, TokenTree};
use syn::{DataEnum, DeriveInput, Expr, Fields, FieldsUnnamed, Lit, Variant};

/// A choice, with what it is called in Rust.
pub(crate) enum Choice {
    /// Numbers with names: the variants in the order of the schema, and the one for all other numbers.
    Named {
        values: Vec<Ident>,
        other: Option<Ident>,
    },
    /// Cases: the variants in the order of the schema, and the one for all other tags.
    Cases {
        cases: Vec<Ident>,
        otherwise: Option<Ident>,
    },
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
        return cases(input, variants, keys, context);
    }
    let empty = |found: &Found<'_>| matches!(found.variant.fields, Fields::Unit);
    if variants.iter().any(|found| found.other.is_some()) || variants.iter().all(empty) {
        return numbers(input, variants, keys, context);
    }
    messages(input, variants, keys, context)
}

/// Reads an enum of numbers.
fn numbers(
    input: &DeriveInput,
    variants: Vec<Found<'_>>,
    mut keys: Keys,
    context: &mut Context,
) -> Option<Item> {
    let repr = repr(input, &mut keys, None, context);
    keys.finish(context);
    let mut values = Vec::new();
    let mut named = Vec::new();
    let mut other: Option<(Ident, Span)> = None;
    let mut next = 0_u64;
    for mut found in variants {
        let variant = found.variant;
        let name = context
            .spans
            .spanned(variant.ident.to_string(), &variant.ident);
        let history = history(&variant.attrs, &mut found.keys, context);
        if let Some(span) = found.unknown {
            misplaced("unknown", span, "an enum of packets", context);
        }
        found.keys.finish(context);
        if let Some(span) = found.other {
            if let Some((_, first)) = other {
                let key = Spanned::new("other".to_owned(), span);
                context.twice(&key, first);
            }
            let number = match &variant.fields {
                Fields::Unnamed(fields) if fields.unnamed.len() == 1 => Some(&fields.unnamed[0].ty),
                _ => None,
            };
            let expected = repr.as_ref().and_then(raw);
            if number.and_then(types::number) != expected {
                let expected = expected.unwrap_or("u8");
                context.error(
                    "P0711",
                    name.span,
                    format!("`{}` does not hold the numbers of the enum", name.value),
                    &format!("write `{}({expected})`", name.value),
                );
            }
            other = Some((variant.ident.clone(), span));
            continue;
        }
        if !matches!(variant.fields, Fields::Unit) {
            context.error(
                "P0711",
                name.span,
                format!("`{}` is no number", name.value),
                "a variant of an enum of numbers holds nothing, but for the one with `other`",
            );
            continue;
        }
        let value = match &variant.discriminant {
            None => Spanned::new(next, name.span),
            Some((_, value)) => {
                let span = context.spans.place(value);
                let Some(value) = literal(value) else {
                    context.error(
                        "P0711",
                        span,
                        format!("the number of `{}` cannot be read", name.value),
                        "write it out, as in `= 3`: a macro does not know the values of constants",
                    );
                    continue;
                };
                Spanned::new(value, span)
            }
        };
        next = value.value.wrapping_add(1);
        values.push(variant.ident.clone());
        named.push(Named {
            name,
            value,
            doc: doc(&variant.attrs),
            history,
        });
    }
    let unknown = if other.is_some() {
        Unknown::Keep
    } else {
        Unknown::Reject
    };
    let span = context.spans.place(&input.ident);
    let body = TypeBody::Enum {
        repr: repr?,
        unknown: Spanned::new(unknown, span),
        values: named,
    };
    let other = other.map(|(other, _)| other);
    Some(named_item(
        input,
        span,
        body,
        Choice::Named { values, other },
    ))
}

/// Reads flags, a `struct Name(u8)`.
pub(super) fn flags(
    input: &DeriveInput,
    fields: &FieldsUnnamed,
    mut keys: Keys,
    context: &mut Context,
) -> Option<Item> {
    let number = fields
        .unnamed
        .first()
        .and_then(|field| types::number(&field.ty));
    let repr = repr(input, &mut keys, number, context);
    let unknown = keys.text("unknown", context).and_then(|text| {
        word::one_of(&text, "`unknown`", word::UNKNOWNS, &mut context.diagnostics)
    });
    let bits = keys.list("flags", context).map(|(_, items)| items);
    let bits = bits.unwrap_or_default();
    let bits = bits
        .into_iter()
        .filter_map(|item| flag(item, context))
        .collect();
    keys.finish(context);
    let span = context.spans.place(&input.ident);
    let expected = repr.as_ref().and_then(raw);
    if fields.unnamed.len() != 1 || repr.is_some() && number != expected {
        let expected = expected.unwrap_or("u8");
        context.error(
            "P0711",
            span,
            format!("`{}` does not hold the bits of its flags", input.ident),
            &format!("write `struct {}({expected});`", input.ident),
        );
    }
    let body = TypeBody::Flags {
        repr: repr?,
        unknown: unknown.map_or(Unknown::Reject, |unknown| unknown.value),
        bits,
    };
    let choice = Choice::Named {
        values: Vec::new(),
        other: None,
    };
    Some(named_item(input, span, body, choice))
}

/// `voice = 0`
fn flag(item: TokenStream, context: &mut Context) -> Option<Named> {
    let place = context.spans.place(&item);
    let mut tokens = item.into_iter();
    let (Some(TokenTree::Ident(name)), Some(TokenTree::Punct(_))) = (tokens.next(), tokens.next())
    else {
        context.error(
            "P0711",
            place,
            "this is not a flag",
            "write `name = 0`, with the number of the bit",
        );
        return None;
    };
    let name = context.spans.spanned(name.to_string(), &name);
    let bit = context.spans.text(tokens.collect());
    Some(Named {
        name,
        value: word::unsigned(&bit, "a flag's bit", &mut context.diagnostics)?,
        doc: None,
        history: Default::default(),
    })
}

/// A protocol with nothing but one enum or flag set.
fn named_item(input: &DeriveInput, span: Span, body: TypeBody, choice: Choice) -> Item {
    let name = Spanned::new(input.ident.to_string(), span);
    let mut schema = container::schema(name.span);
    schema.types.push(TypeDef {
        name,
        import: String::new(),
        doc: doc(&input.attrs),
        order: Order::default(),
        body,
    });
    schema.version = super::newest(&schema);
    Item {
        schema,
        kind: Kind::Choice(choice),
    }
}

/// The number's type on the wire: `repr` among the keys, `#[repr(…)]`, or else `number`.
///
/// Raises P0711 (none).
fn repr(
    input: &DeriveInput,
    keys: &mut Keys,
    number: Option<&'static str>,
    context: &mut Context,
) -> Option<Spanned<TypeExpr>> {
    if keys.place("repr").is_some() {
        let text = keys.text("repr", context)?;
        return word::type_expr(&text, text.span.start, &mut context.diagnostics);
    }
    let attribute = input
        .attrs
        .iter()
        .find(|attribute| attribute.path().is_ident("repr"));
    let said = attribute.and_then(|attribute| {
        let syn::Meta::List(list) = &attribute.meta else {
            return None;
        };
        let words = attribute::split(list.tokens.clone());
        let mut words = words
            .into_iter()
            .filter_map(|word| syn::parse2::<Ident>(word).ok());
        words.find(|word| word != "C" && word != "transparent")
    });
    let span = match &said {
        Some(said) => context.spans.place(said),
        None => context.spans.place(&input.ident),
    };
    let Some(name) = said
        .map(|said| said.to_string())
        .or(number.map(str::to_owned))
    else {
        context.error(
            "P0711",
            span,
            format!("how many bits has `{}` on the wire?", input.ident),
            "write `#[repr(u8)]`, or `#[packet(repr = \"u3\")]` for some bits of a byte",
        );
        return None;
    };
    Some(Spanned::new(type_expr(&name, None, span), span))
}

/// The Rust type that holds the numbers of a type on the wire.
fn raw(repr: &Spanned<TypeExpr>) -> Option<&'static str> {
    let name = repr.value.name.value.as_str();
    let digits = name
        .strip_prefix('u')?
        .trim_end_matches(|c: char| c.is_ascii_alphabetic());
    Some(match digits.parse::<u32>().ok()? {
        0..=8 => "u8",
        9..=16 => "u16",
        17..=32 => "u32",
        33..=64 => "u64",
        _ => return None,
    })
}

/// The number that an expression is, if that can be seen.
pub(crate) fn literal(value: &Expr) -> Option<u64> {
    match value {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Int(number) => number.base10_parse().ok(),
            Lit::Byte(byte) => Some(byte.value().into()),
            _ => None,
        },
        Expr::Group(group) => literal(&group.expr),
        Expr::Paren(inner) => literal(&inner.expr),
        _ => None,
    }
}

/// Reads an enum whose cases a field of another item tells apart.
fn cases(
    input: &DeriveInput,
    variants: Vec<Found<'_>>,
    mut keys: Keys,
    context: &mut Context,
) -> Option<Item> {
    let order = container::order(&mut keys, context);
    keys.finish(context);
    let span = context.spans.place(&input.ident);
    let mut found_cases = Vec::new();
    let mut idents = Vec::new();
    let mut otherwise = Otherwise::Reject;
    let mut otherwise_ident: Option<(Ident, Span)> = None;
    let mut tag_type = type_expr("u64", None, span);
    for mut found in variants {
        let variant = found.variant;
        let name = context
            .spans
            .spanned(variant.ident.to_string(), &variant.ident);
        for (key, place) in [("other", found.other), ("unknown", found.unknown)] {
            if let Some(place) = place {
                misplaced(key, place, "another kind of enum", context);
            }
        }
        if found.is_else {
            if let Some((_, first)) = &otherwise_ident {
                let first = *first;
                context.twice(&Spanned::new("else".to_owned(), name.span), first);
            }
            otherwise_ident = Some((variant.ident.clone(), name.span));
            if let Some((tag, content)) = all_others(variant, &name, &mut found.keys, context) {
                tag_type = type_expr(tag, None, name.span);
                otherwise = content;
            }
            found.keys.finish(context);
            continue;
        }
        let content = one(variant, &name, context);
        let content = match content {
            Some(ty) => field::content(name.clone(), ty, &variant.attrs, &mut found.keys, context),
            None => {
                // The keys are somebody's, whatever the content is.
                continue;
            }
        };
        found.keys.finish(context);
        let Some(tag) = found.tag else {
            context.error(
                "P0711",
                name.span,
                format!("`{}` has no tag", name.value),
                "write `#[packet(tag = 1)]`, or `#[packet(else)]` for all tags that no other variant has",
            );
            continue;
        };
        let Some((ty, attributes)) = content.and_then(|(field, _)| case_type(field, context))
        else {
            continue;
        };
        idents.push(variant.ident.clone());
        found_cases.push(Case {
            key: tag,
            ty,
            name: Some(name),
            attributes,
        });
    }
    let mut schema = container::schema(span);
    schema.order = order;
    let tag = Spanned::new("tag".to_owned(), span);
    let mut packet = container::packet(Spanned::new(input.ident.to_string(), span));
    packet.doc = doc(&input.attrs);
    packet.fields = vec![
        Field {
            name: tag.clone(),
            kind: FieldKind::Type(Spanned::new(tag_type, span)),
            attributes: Said::default(),
        },
        Field {
            name: Spanned::new("value".to_owned(), span),
            kind: FieldKind::Match(Match {
                tag,
                guard: None,
                cases: found_cases,
                otherwise,
            }),
            attributes: Said::default(),
        },
    ];
    schema.packets.push(packet);
    schema.types = std::mem::take(&mut context.strangers.types);
    schema.version = super::newest(&schema);
    Some(Item {
        schema,
        kind: Kind::Choice(Choice::Cases {
            cases: idents,
            otherwise: otherwise_ident.map(|(ident, _)| ident),
        }),
    })
}

/// The type of a field as that of a case.
fn case_type(field: Field, context: &mut Context) -> Option<(Spanned<TypeExpr>, Said)> {
    match field.kind {
        FieldKind::Type(ty) => Some((ty, field.attributes)),
        FieldKind::Match(choice) => {
            context.error(
                "P0711",
                choice.tag.span,
                "a case cannot be a choice itself",
                "put it into a struct, and that into the case",
            );
            None
        }
        FieldKind::Unread => None,
    }
}

/// What the variant of all other tags holds: its tag's type and its content.
fn all_others(
    variant: &Variant,
    name: &Spanned<String>,
    keys: &mut Keys,
    context: &mut Context,
) -> Option<(&'static str, Otherwise)> {
    let mut tag = None;
    let mut value = None;
    let mut strange = !matches!(variant.fields, Fields::Named(_));
    for found in &variant.fields {
        match found.ident.as_ref().map(ToString::to_string).as_deref() {
            Some("tag") => tag = types::number(&found.ty).filter(|name| name.starts_with('u')),
            Some("value") => value = Some(found),
            _ => strange = true,
        }
    }
    let Some(tag) = tag.filter(|_| !strange) else {
        context.error(
            "P0711",
            name.span,
            format!("`{}` does not hold a tag and what comes with it", name.value),
            &format!(
                "write `{0} {{ tag: u8, value: Vec<u8> }}`, or `{0} {{ tag: u8 }}` to ignore what comes with it",
                name.value
            ),
        );
        return None;
    };
    let Some(value) = value else {
        return Some((tag, Otherwise::Skip(name.span)));
    };
    // Everything up to the end is what there can be.
    let (field, _) = field::content(name.clone(), &value.ty, &variant.attrs, keys, context)?;
    let (ty, attributes) = case_type(field, context)?;
    Some((tag, Otherwise::Type(ty, attributes)))
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

/// Reads an enum of packets.
fn messages(
    input: &DeriveInput,
    variants: Vec<Found<'_>>,
    mut keys: Keys,
    context: &mut Context,
) -> Option<Item> {
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
    Some(Item {
        schema,
        kind: Kind::Choice(Choice::Messages {
            messages: found_messages,
            unknown: unknown.map(|(ident, _)| ident),
        }),
    })
}

/// Raises P0711.
fn misplaced(key: &str, place: Span, kind: &str, context: &mut Context) {
    let message = format!("`{key}` is for {kind}");
    context.error("P0711", place, message, "leave it out");
}
