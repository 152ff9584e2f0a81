//! Enums whose cases a field of another item tells apart.

use super::{Choice, Found, misplaced, one};
use crate::input::attribute::Keys;
use crate::input::outside::type_expr;
use crate::input::{Context, Item, Kind, container, doc, field, newest, types};
use packet_schema::diagnostic::{Diagnostic, Span, Spanned};
use packet_schema::syntax::{Case, Field, FieldKind, Match, Otherwise, Said, TypeExpr};
use packetc::backend::rust::{Variants, field_name};
use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{DeriveInput, Fields, Variant};

/// Reads an enum whose cases a field of another item tells apart.
pub(super) fn read(
    input: &DeriveInput,
    variants: Vec<Found<'_>>,
    mut keys: Keys,
    context: &mut Context,
) -> Item {
    let order = container::order(&mut keys, context);
    keys.finish(context);
    let span = context.spans.place(&input.ident);
    let mut found_cases = Vec::new();
    let mut idents = Vec::new();
    let mut tags = Tags::default();
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
        let said = found.keys.text("name", context);
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
        let (key, named) = tags.read(tag, context);
        idents.push(variant.ident.clone());
        found_cases.push(Case {
            key,
            ty,
            name: said.or(named).or(Some(name)),
            attributes,
        });
    }
    tags.are_alike(context);
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
    schema.version = newest(&schema);
    Item {
        schema,
        kind: Kind::Choice(Choice::Cases(Variants {
            cases: idents,
            otherwise: otherwise_ident.map(|(ident, _)| ident),
            tags: tags.values,
        })),
    }
}

/// The tags that were read.
#[derive(Default)]
struct Tags {
    /// Those that are values of an enum, `Kind::Echo`, as Rust has them.
    values: Vec<TokenStream>,
    /// Where the first of these stands, and the first number.
    first_value: Option<Span>,
    first_number: Option<Span>,
}

impl Tags {
    /// A tag as the schema has it, and what it calls the case if that is not said.
    ///
    /// The number of an enum's value is known to the compiler alone: one in its place tells it from the others.
    fn read(
        &mut self,
        tag: Spanned<String>,
        context: &Context,
    ) -> (Spanned<String>, Option<Spanned<String>>) {
        let Some((value, name)) = value(&tag, context) else {
            self.first_number.get_or_insert(tag.span);
            return (tag, None);
        };
        self.first_value.get_or_insert(tag.span);
        let number = self.values.len().to_string();
        self.values.push(value);
        let name = Spanned::new(name, tag.span);
        (Spanned::new(number, tag.span), Some(name))
    }

    /// Raises P0711 (numbers beside values).
    fn are_alike(&self, context: &mut Context) {
        if let (Some(value), Some(number)) = (self.first_value, self.first_number) {
            context.diagnostics.push(
                Diagnostic::error(
                    "P0711",
                    number,
                    "this tag is a number, and others are values of an enum",
                )
                .also(value, "such as this one")
                .help(
                    "write all tags as numbers, or all as values: a macro cannot compare the two",
                ),
            );
        }
    }
}

/// The value of an enum that a tag is, if it is no number: `Kind::Echo`, and the name of `Echo` in a schema.
fn value(tag: &Spanned<String>, context: &Context) -> Option<(TokenStream, String)> {
    let path: syn::Path = syn::parse_str(&tag.value).ok()?;
    let plain = path.segments.iter().all(|found| found.arguments.is_none());
    let name = &path
        .segments
        .last()
        .filter(|_| plain && path.segments.len() > 1)?
        .ident;
    let name = field_name(&name.unraw().to_string());
    // What is wrong with the value is wrong where it stands.
    let (first, last) = context.spans.in_rust(tag.span);
    let tokens: Vec<TokenTree> = path.to_token_stream().into_iter().collect();
    let count = tokens.len();
    let placed = tokens.into_iter().enumerate().map(|(at, mut token)| {
        token.set_span(if at + 1 < count { first } else { last });
        token
    });
    Some((placed.collect(), name))
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
