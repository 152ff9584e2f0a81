//! A struct beside the struct or packet that a schema has.

use super::{Described, name_of, nothing_called, written};
use crate::input::attribute::Keys;
use crate::input::{Context, Held, Shape, anywhere, types};
use crate::owned::{in_rust, on_the_wire};
use packet_schema::diagnostic::{Diagnostic, Span, Spanned};
use packet_schema::layout::{Encoding, Extent, Field, Layout, Scalar, Struct, Type};
use packet_schema::parse::word;
use packetc::backend::rust::{self, Outside, type_name};
use proc_macro2::TokenStream;
use syn::ext::IdentExt;
use syn::{DeriveInput, FieldsNamed};

/// The code of the struct, if it is as the schema has it.
pub(super) fn expand(
    input: &DeriveInput,
    fields: &FieldsNamed,
    described: &Described<'_>,
    name: &Spanned<String>,
    keys: &mut Keys,
    context: &mut Context,
) -> Option<TokenStream> {
    let layout = described.layout;
    let Some(id) = layout.struct_named(&name.value) else {
        let names = layout
            .structs
            .iter()
            .map(|body| body.name.as_str())
            .collect();
        nothing_called(name, "packet and no struct", names, context);
        return None;
    };
    let body = layout.get(id);
    packet(described, id, keys, context);
    let outside = compare(input, fields, described, body, context);
    let view = Some(written(input, layout, id, outside));
    view.filter(|_| !context.diagnostics.has_errors())
        .map(|written| rust::derived(layout, id, written))
}

/// Compares what is said of the packet.
fn packet(
    described: &Described<'_>,
    id: packet_schema::layout::StructId,
    keys: &mut Keys,
    context: &mut Context,
) {
    let layout = described.layout;
    let body = layout.get(id);
    if let Some(text) = keys.text("id", context)
        && let Some(said) = word::unsigned(&text, "`id`", &mut context.diagnostics)
    {
        let ids = layout.packet_of(id).and_then(|packet| packet.ids);
        if ids != Some((said.value, said.value)) {
            let has = match ids {
                Some((low, high)) if low == high => format!("the id {low}"),
                Some((low, high)) => format!("the ids {low}..={high}"),
                None => "no id".to_owned(),
            };
            differs(
                said.span,
                format!("schema {} has {has} here", described.place(body.span)),
                context,
            );
        }
    }
    if let Some(text) = keys.text("size", context)
        && let Some(said) = word::size_range(&text, &mut context.diagnostics)
    {
        let (low, high) = said.value;
        if body.min_size < low || body.max_size.is_none_or(|max| max > high) {
            let most = body
                .max_size
                .map_or_else(|| "…".to_owned(), |max| max.to_string());
            let message = format!(
                "schema {} has {} to {most} bytes here",
                described.place(body.span),
                body.min_size
            );
            differs(said.span, message, context);
        }
    }
}

/// Compares the fields; what is left is what the code needs to know of them.
fn compare(
    input: &DeriveInput,
    fields: &FieldsNamed,
    described: &Described<'_>,
    body: &Struct,
    context: &mut Context,
) -> Outside {
    let mut outside = Outside::default();
    let given: Vec<&Field> = body
        .fields
        .iter()
        .filter(|field| field.is_named() && field.role.is_data())
        .collect();
    let mut found: Vec<&Field> = Vec::new();
    for own in &fields.named {
        let Some(ident) = &own.ident else { continue };
        let name = context.spans.spanned(ident.unraw().to_string(), ident);
        let mut keys = Keys::read("a field that a schema describes", &own.attrs, context);
        let Some(field) = given.iter().find(|field| field.name == name.value) else {
            extra(described, body, &name, context);
            continue;
        };
        // It must come behind all those that it comes behind in the schema.
        if let Some(later) = found
            .iter()
            .find(|later| later.span.start > field.span.start && !is_framed(body, later))
        {
            let message = format!(
                "schema {} has `{}` in front of `{}`",
                described.place(field.span),
                field.name,
                later.name
            );
            differs(name.span, message, context);
        }
        found.push(field);
        said(described, field, &mut keys, context);
        keys.finish(context);
        if let Some(read) = types::read(&own.ty, context) {
            let (accepts, text) = expected(described.layout, body, field);
            let optional = read.optional.is_some() == field.when.is_some();
            if !accepts(read.shape.value) || !optional {
                let text = if field.when.is_some() {
                    format!("Option<{text}>")
                } else {
                    text
                };
                let span = context.spans.place(&own.ty);
                let message = format!(
                    "schema {} has `{}: {text}` here",
                    described.place(field.span),
                    field.name
                );
                differs(span, message, context);
                continue;
            }
            if matches!(&field.ty, Type::Array { .. })
                && (read.shape.value.is_array() || matches!(read.shape.value, Shape::Fixed(_)))
            {
                outside.arrays.insert(field.name.clone());
            }
            if let Some(other) = &read.other {
                let tokens = anywhere(other);
                if let Some(name) = name_of(described.layout, &field.ty) {
                    outside.types.insert(name.to_owned(), tokens);
                } else {
                    outside.variants.insert(field.name.clone(), tokens);
                }
            }
        }
    }
    for field in &given {
        if !found.iter().any(|found| found.name == field.name) {
            let (_, text) = expected(described.layout, body, field);
            let text = if field.when.is_some() {
                format!("Option<{text}>")
            } else {
                text
            };
            let span = context.spans.place(&input.ident);
            let message = format!(
                "a field is missing: schema {} has `{}: {text}`",
                described.place(field.span),
                field.name
            );
            differs(span, message, context);
        }
    }
    outside
}

/// Whether a field stands in the header or the trailer, which are written at another place than the packet.
fn is_framed(body: &Struct, field: &Field) -> bool {
    let own = body.header_fields..body.fields.len().saturating_sub(body.trailer_fields);
    let at = body
        .fields
        .iter()
        .position(|other| other.name == field.name);
    !at.is_some_and(|at| own.contains(&at))
}

/// A field that the schema does not have, or that it computes.
fn extra(described: &Described<'_>, body: &Struct, name: &Spanned<String>, context: &mut Context) {
    let computed = body.fields.iter().find(|field| field.name == name.value);
    let message = match computed {
        Some(field) => format!(
            "`{}` follows from other fields in schema {}, and is not in the struct",
            name.value,
            described.place(field.span)
        ),
        None => format!(
            "schema {} has no field `{}` in `{}`",
            described.place(body.span),
            name.value,
            body.name
        ),
    };
    let known = body
        .fields
        .iter()
        .filter(|field| field.role.is_data())
        .map(|field| field.name.as_str());
    let help = packet_schema::diagnostic::did_you_mean(&name.value, known)
        .unwrap_or_else(|| "leave it out, or write it into the schema".to_owned());
    let problem = Diagnostic::error("P0712", name.span, message).help(help);
    context.diagnostics.push(problem);
}

/// Compares what is said of a field that the schema says too.
fn said(described: &Described<'_>, field: &Field, keys: &mut Keys, context: &mut Context) {
    let element = match &field.ty {
        Type::Array { element, .. } => element,
        ty => ty,
    };
    let number = element.number();
    let wrong = |span: Span, has: String, context: &mut Context| {
        let place = described.place(field.span);
        differs(span, format!("schema {place} has {has} here"), context);
    };
    if let Some(text) = keys.text("range", context)
        && let Some(said) = word::range(&text, &mut context.diagnostics)
    {
        let range = number.and_then(|number| number.range);
        if range != Some(said.value) {
            let has = range.map_or("no range".to_owned(), |(min, max)| {
                format!("the range {min}..={max}")
            });
            wrong(said.span, has, context);
        }
    }
    for (key, what) in [("min", "`min`"), ("max", "`max`")] {
        if let Some(text) = keys.text(key, context)
            && let Some(said) = word::unsigned(&text, what, &mut context.diagnostics)
        {
            let (low, high) = field.length.unwrap_or((0, u64::MAX));
            let has = if key == "min" { low } else { high };
            if has != said.value {
                let limit = field
                    .length
                    .map_or("no limit".to_owned(), |_| format!("{key} {has}"));
                wrong(said.span, limit, context);
            }
        }
    }
    if let Some(said) = keys.flag("finite", context) {
        let finite = number.is_some_and(|number| number.finite);
        if finite != said.value {
            let has = if finite {
                "only finite numbers"
            } else {
                "all numbers"
            };
            wrong(said.span, has.to_owned(), context);
        }
    }
    if let Some(said) = keys.text("type", context) {
        let wire = number.map(|_| on_the_wire(element));
        if wire.as_ref() != Some(&said.value) {
            let has = wire.map_or("no number".to_owned(), |wire| format!("`{wire}`"));
            wrong(said.span, has, context);
        }
    }
}

/// A type that holds what the field does: a test, and what is written in the schema's own Rust.
fn expected(layout: &Layout, body: &Struct, field: &Field) -> (Accepts, String) {
    if let Type::Variant(_) = field.ty {
        let name = format!("{}{}", type_name(&body.name), type_name(&field.name));
        return (Box::new(|shape| shape == Shape::Other), name);
    }
    of_type(layout, &field.ty)
}

/// Whether a type of Rust holds something.
type Accepts = Box<dyn Fn(Shape) -> bool>;

/// A type that holds values of `ty`, which is no variant.
pub(super) fn of_type(layout: &Layout, ty: &Type) -> (Accepts, String) {
    if let Some(name) = name_of(layout, ty) {
        let name = type_name(name);
        let Type::Array { extent, .. } = ty else {
            return (Box::new(|shape| shape == Shape::Other), name);
        };
        let fixed = fixed(extent);
        let accepts = move |shape| {
            shape == Shape::List || fixed.is_some_and(|n| shape == Shape::FixedList(n))
        };
        return (Box::new(accepts), format!("Vec<{name}>"));
    }
    match ty {
        Type::Array { element, extent } => {
            let number = element
                .number()
                .map_or("u8", |number: Scalar| in_rust(number));
            let fixed = fixed(extent);
            let accepts = move |shape| match shape {
                Shape::Array(found) => found == number,
                Shape::FixedArray(found, count) => found == number && fixed == Some(count),
                Shape::Bytes(Held::Owned) => number == "u8",
                Shape::Fixed(count) => number == "u8" && fixed == Some(count),
                _ => false,
            };
            (Box::new(accepts), format!("Vec<{number}>"))
        }
        Type::Bytes(Extent::Fixed(size)) => {
            let size = *size as u64;
            (
                Box::new(move |shape| shape == Shape::Fixed(size)),
                format!("[u8; {size}]"),
            )
        }
        Type::Bytes(_) => (
            Box::new(|shape| matches!(shape, Shape::Bytes(_))),
            "Vec<u8>".to_owned(),
        ),
        Type::Text(_, encoding) => {
            let own = matches!(encoding, Encoding::Latin1 | Encoding::Utf16(_));
            let accepts = move |shape| match shape {
                Shape::Text(held) => held == Held::Owned || !own,
                _ => false,
            };
            (Box::new(accepts), "String".to_owned())
        }
        ty => {
            let number = ty.number().map_or("", in_rust);
            (
                Box::new(move |shape| shape == Shape::Number(number)),
                number.to_owned(),
            )
        }
    }
}

fn fixed(extent: &Extent) -> Option<u64> {
    match extent {
        Extent::Fixed(count) => Some(*count as u64),
        _ => None,
    }
}

/// Raises P0712.
pub(super) fn differs(span: Span, message: String, context: &mut Context) {
    let problem = Diagnostic::error("P0712", span, message).help("change the one or the other");
    context.diagnostics.push(problem);
}
