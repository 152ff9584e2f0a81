//! A field of the struct, with what its attributes put around it on the wire.

use super::attribute::Keys;
use super::extent::Extents;
use super::types::{self, FieldType};
use super::{Context, Origin, Shape, container, doc, history, wire};
use packet_schema::diagnostic::{Diagnostic, Span, Spanned};
use packet_schema::parse::word;
use packet_schema::syntax::{Attributes, Expr, Field, FieldKind, Target, TypeExpr};
use syn::ext::IdentExt;

/// Reads one field into `fields` and `origins`: those of `wire`, itself, those of `wire_after`.
pub(super) fn read(
    found: &syn::Field,
    fields: &mut Vec<Field>,
    origins: &mut Vec<Origin>,
    context: &mut Context,
) {
    let mut keys = Keys::read("a field", &found.attrs, context);
    let mut push = |field, origin| {
        fields.push(field);
        origins.push(origin);
    };
    for field in wire::fields("wire", &mut keys, context) {
        push(field, Origin::Wire);
    }
    if let Some((field, shape)) = own(found, &mut keys, context) {
        push(field, Origin::Struct(shape));
    }
    for field in wire::fields("wire_after", &mut keys, context) {
        push(field, Origin::Wire);
    }
    keys.finish(context);
}

/// The field itself, with its type in Rust.
fn own(
    found: &syn::Field,
    keys: &mut Keys,
    context: &mut Context,
) -> Option<(Field, Spanned<Shape>)> {
    let ident = found.ident.as_ref()?;
    let name = context.spans.spanned(ident.unraw().to_string(), ident);
    let ty = types::read(&found.ty, context);
    // All keys are asked for even if the type is of no use, or they would seem to be unknown.
    let number = wire_number(keys, ty.as_ref().map(|ty| ty.shape), context);
    let extents = Extents::read(keys, context);
    let when = keys.place("when");
    let attributes = attributes(&found.attrs, keys, context);
    let FieldType { shape, optional } = ty?;
    presence(&name, optional, when, shape.span, context);
    let (in_schema, suffixes) = extents.ty(&name.value, shape, context)?;
    let ty = TypeExpr {
        name: number.unwrap_or_else(|| Spanned::new(in_schema.to_owned(), shape.span)),
        target: Target::Written,
        suffixes,
    };
    let field = Field {
        name,
        kind: FieldKind::Type(Spanned::new(ty, shape.span)),
        attributes: attributes.into(),
    };
    Some((field, shape))
}

/// What may be said about a field as in YAML, and means the same.
pub(super) fn attributes(
    found: &[syn::Attribute],
    keys: &mut Keys,
    context: &mut Context,
) -> Attributes {
    let history = history(found, keys, context);
    let order = container::order(keys, context);
    let unit = keys.text("unit", context).map(|unit| unit.value);
    let range = keys
        .text("range", context)
        .and_then(|text| word::range(&text, &mut context.diagnostics));
    let scale = keys
        .text("scale", context)
        .and_then(|text| word::factor(&text, "`scale`", &mut context.diagnostics));
    let canonical = keys.flag("canonical", context);
    let finite = keys.flag("finite", context);
    let mut number = |key, what| {
        let text = keys.text(key, context)?;
        word::unsigned(&text, what, &mut context.diagnostics)
    };
    let min = number("min", "`min`");
    let max = number("max", "`max`");
    let pad_to = number("pad_to", "`pad_to`");
    let align = number("align", "`align`");
    let when = expression("when", keys, context);
    let size = expression("size", keys, context);
    let until = keys.text("until", context);
    let encoding = keys.text("encoding", context).and_then(|text| {
        word::one_of(
            &text,
            "`encoding`",
            word::ENCODINGS,
            &mut context.diagnostics,
        )
    });
    Attributes {
        doc: doc(found),
        history,
        unit,
        scale,
        order,
        range,
        canonical,
        finite,
        min,
        max,
        when,
        size,
        until,
        pad_to,
        align,
        encoding,
        ..Attributes::default()
    }
}

pub(super) fn expression(
    key: &'static str,
    keys: &mut Keys,
    context: &mut Context,
) -> Option<Spanned<Expr>> {
    let text = keys.text(key, context)?;
    word::expression(&text, text.span.start, &mut context.diagnostics)
}

/// An optional field has a condition, and a field with a condition is optional.
///
/// Raises P0706.
fn presence(
    name: &Spanned<String>,
    optional: Option<Span>,
    when: Option<Span>,
    ty: Span,
    context: &mut Context,
) {
    match (optional, when) {
        (Some(optional), None) => context.error(
            "P0706",
            optional,
            format!("nothing says when `{}` is there", name.value),
            "give it a condition on fields before it, such as `#[packet(wire(has_it: bool), when = \"has_it\")]`",
        ),
        (None, Some(when)) => context.diagnostics.push(
            Diagnostic::error(
                "P0706",
                when,
                format!("`{}` is not always there, and so must be an `Option`", name.value),
            )
            .also(ty, "its type"),
        ),
        _ => {}
    }
}

/// The width on the wire that a number is given with `type`.
///
/// Raises P0707 (at something that is no number, or not a number's type).
fn wire_number(
    keys: &mut Keys,
    shape: Option<Spanned<Shape>>,
    context: &mut Context,
) -> Option<Spanned<String>> {
    let text = keys.text("type", context)?;
    let ty = word::type_expr(&text, text.span.start, &mut context.diagnostics)?;
    let number = matches!(shape?.value, Shape::Number(_) | Shape::Array(_));
    if number && ty.value.suffixes.is_empty() {
        return Some(ty.value.name);
    }
    context.error(
        "P0707",
        ty.span,
        "`type` is for numbers, whose width on the wire it says",
        "write a number's type, such as `type = \"u24\"` for a `u32`; lengths have keys of their own",
    );
    None
}
