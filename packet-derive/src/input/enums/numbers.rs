//! Enums of numbers, and flags.

use super::{Choice, Found, misplaced};
use crate::input::attribute::{self, Keys};
use crate::input::outside::type_expr;
use crate::input::{Context, Item, Kind, container, doc, history, newest, types};
use packet_schema::diagnostic::{Span, Spanned};
use packet_schema::model::Unknown;
use packet_schema::parse::word;
use packet_schema::syntax::{History, Named, Order, TypeBody, TypeDef, TypeExpr};
use proc_macro2::{Ident, TokenStream, TokenTree};
use syn::{DeriveInput, Expr, Fields, FieldsUnnamed, Lit};

/// Reads an enum of numbers.
pub(super) fn read(
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
pub(crate) fn flags(
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
        history: History::default(),
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
    schema.version = newest(&schema);
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
