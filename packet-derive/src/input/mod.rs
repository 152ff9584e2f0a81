//! A Rust item into the syntax of a schema.
//!
//! In: what the user derives on. Out: a [`Schema`] with this one packet or type, and what is known about each of
//! its fields in Rust. The wire's rules are the next stage's: here is only what Rust and the attributes
//! mean, and what neither can say.
//!
//! | File | Reads | Codes |
//! |---|---|---|
//! | this one | the struct itself | P0701 |
//! | [`attribute`] | `#[packet(…)]` | P0106, P0107, P0115, P0703 |
//! | [`container`] | the struct's attributes | |
//! | [`wire`] | `wire(…)`, `header(…)` | P0704 |
//! | [`enums`] | enums of each kind, and flags | P0711 |
//! | [`field`] | a field with its attributes | P0706, P0707, P0710 |
//! | [`outside`] | types that other items define | |
//! | [`types`] | a field's type | P0702 |
//! | [`extent`] | how long it is | P0705 |

pub(crate) mod attribute;
mod container;
mod enums;
mod extent;
mod field;
mod outside;
pub(crate) mod types;
mod wire;

pub(crate) use enums::{Choice, literal};
pub(crate) use types::{Held, Shape};

use crate::spans::Spans;
use attribute::Keys;
use outside::Strangers;
pub(crate) use outside::{anywhere, is_open};
use packet_schema::diagnostic::{Diagnostic, Diagnostics, Span, Spanned};
use packet_schema::parse::word;
use packet_schema::syntax::{Field, History, Schema};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Data, DeriveInput, Fields, GenericParam};

/// What reading a struct gathers besides its result.
#[derive(Default)]
pub(crate) struct Context {
    /// Where everything stands.
    pub(crate) spans: Spans,
    /// What is wrong.
    pub(crate) diagnostics: Diagnostics,
    /// The types that other items define.
    pub(crate) strangers: Strangers,
    /// The fields of the struct that stand in the header.
    pub(crate) header: Vec<(Spanned<String>, Spanned<Shape>)>,
}

impl Context {
    pub(crate) fn error(
        &mut self,
        code: &'static str,
        span: Span,
        message: impl Into<String>,
        help: &str,
    ) {
        self.diagnostics
            .push(Diagnostic::error(code, span, message).help(help));
    }

    fn twice(&mut self, key: &Spanned<String>, first: Span) {
        self.diagnostics.push(
            Diagnostic::error("P0106", key.span, format!("`{}` is there twice", key.value))
                .also(first, "first here"),
        );
    }
}

/// An item as it was written.
pub(crate) struct Item {
    /// A protocol with this one packet or type.
    pub(crate) schema: Schema,
    /// What it is.
    pub(crate) kind: Kind,
}

/// What an item is.
pub(crate) enum Kind {
    /// A struct, with what the packet's own fields are in Rust, in wire order; the header is not among them.
    Struct(Vec<Origin>),
    /// Another choice than that of fields.
    Choice(Choice),
}

/// Where a field of the packet comes from.
pub(crate) enum Origin {
    /// A field of the struct, with its type.
    Struct(Spanned<Shape>),
    /// `wire(…)`: it exists in bytes only.
    Wire,
}

/// Reads an item; the problems are in `context`. `None` if there is nothing to go on with.
pub(crate) fn read(input: &DeriveInput, context: &mut Context) -> Option<Item> {
    generics(input, context);
    context.strangers.take(input.ident.to_string());
    let mut keys = Keys::read(what(input), &input.attrs, context);
    let named = match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(named) => named,
            Fields::Unnamed(fields) if keys.place("flags").is_some() => {
                return enums::flags(input, fields, keys, context);
            }
            Fields::Unnamed(_) | Fields::Unit => return not_a_packet(input, context),
        },
        Data::Enum(data) => return enums::read(input, data, keys, context),
        Data::Union(_) => return not_a_packet(input, context),
    };
    let mut schema = container::read(input, &mut keys, context);
    keys.finish(context);
    let mut origins = Vec::new();
    let mut fields = Vec::new();
    for found in &named.named {
        field::read(found, &mut fields, &mut origins, context);
    }
    if let Some(packet) = schema.packets.first_mut() {
        packet.fields = fields;
    }
    schema.types = std::mem::take(&mut context.strangers.types);
    schema.version = newest(&schema);
    Some(Item {
        schema,
        kind: Kind::Struct(origins),
    })
}

/// What attributes of the item stand at, for messages.
fn what(input: &DeriveInput) -> &'static str {
    match input.data {
        Data::Enum(_) => "an enum",
        Data::Struct(_) | Data::Union(_) => "a packet",
    }
}

/// Raises P0701.
fn not_a_packet(input: &DeriveInput, context: &mut Context) -> Option<Item> {
    let span = context.spans.place(&input.ident);
    context.error(
        "P0701",
        span,
        format!("`{}` is not a struct with named fields", input.ident),
        "a packet is a `struct NAME { FIELD: TYPE, … }`; the names are those of its errors. Flags are a `struct \
         NAME(u8)` with `#[packet(flags(name = 0))]`",
    );
    None
}

/// The largest `since`: a struct knows no other version of its protocol.
fn newest(schema: &Schema) -> Option<Spanned<u64>> {
    let header = schema.framing.iter().flat_map(|framing| &framing.header);
    let fields = schema.packets.iter().flat_map(|packet| &packet.fields);
    let of_fields = header
        .chain(fields)
        .map(|field: &Field| &field.attributes.history);
    let of_packets = schema.packets.iter().map(|packet| &packet.history);
    let said = of_fields
        .chain(of_packets)
        .filter_map(|history| history.since);
    said.max_by_key(|since| since.value)
}

/// Since when something is there, and whether Rust says that it should not be used any more.
fn history(attributes: &[syn::Attribute], keys: &mut Keys, context: &mut Context) -> History {
    let since = keys
        .text("since", context)
        .and_then(|text| word::unsigned(&text, "`since`", &mut context.diagnostics));
    let deprecated = attributes
        .iter()
        .find(|attribute| attribute.path().is_ident("deprecated"))
        .map(|attribute| {
            let note = note(attribute).unwrap_or_default();
            context.spans.spanned(note, attribute)
        });
    History { since, deprecated }
}

/// The text of `#[deprecated = "…"]` and `#[deprecated(note = "…")]`.
fn note(attribute: &syn::Attribute) -> Option<String> {
    let literal = |value: &syn::Expr| match value {
        syn::Expr::Lit(syn::ExprLit {
            lit: syn::Lit::Str(text),
            ..
        }) => Some(text.value()),
        _ => None,
    };
    match &attribute.meta {
        syn::Meta::NameValue(pair) => literal(&pair.value),
        syn::Meta::List(list) => {
            // What else is wrong with it is the compiler's to say.
            let pairs = Punctuated::<syn::MetaNameValue, syn::Token![,]>::parse_terminated;
            let pairs = pairs.parse2(list.tokens.clone()).ok()?;
            let note = pairs.iter().find(|pair| pair.path.is_ident("note"))?;
            literal(&note.value)
        }
        syn::Meta::Path(_) => None,
    }
}

/// Raises P0701 (parameters other than one lifetime).
fn generics(input: &DeriveInput, context: &mut Context) {
    let mut lifetimes = 0;
    for parameter in &input.generics.params {
        let lifetime = matches!(parameter, GenericParam::Lifetime(_));
        lifetimes += usize::from(lifetime);
        if !lifetime || lifetimes > 1 {
            let span = context.spans.place(parameter);
            context.error(
                "P0701",
                span,
                "a packet has at most one parameter, a lifetime",
                "its layout is fixed: write the types out; everything borrowed comes from the same bytes",
            );
        }
    }
    if let Some(clause) = &input.generics.where_clause {
        let span = context.spans.place(clause);
        context.error(
            "P0701",
            span,
            "a packet has no `where` clause",
            "leave it out",
        );
    }
}

/// The text of doc comments, without the space that stands in front of each line.
fn doc(attributes: &[syn::Attribute]) -> Option<String> {
    let lines: Vec<String> = attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("doc"))
        .filter_map(|attribute| {
            let syn::Meta::NameValue(pair) = &attribute.meta else {
                return None;
            };
            // Anything but a literal, such as `include_str!`, is not text yet.
            let syn::Expr::Lit(syn::ExprLit {
                lit: syn::Lit::Str(text),
                ..
            }) = &pair.value
            else {
                return None;
            };
            let text = text.value();
            Some(text.strip_prefix(' ').unwrap_or(&text).to_owned())
        })
        .collect();
    let text = lines.join("\n").trim().to_owned();
    (!text.is_empty()).then_some(text)
}
