//! A field of the struct, with what its attributes put around it on the wire.

use super::attribute::Keys;
use super::extent::Extents;
use super::outside::{self, StandIn};
use super::{Context, Origin, Shape, container, doc, history, types, wire};
use packet_schema::diagnostic::{Diagnostic, Span, Spanned};
use packet_schema::parse::word;
use packet_schema::syntax::{
    Attributes, Expr, Field, FieldKind, Match, Otherwise, Said, Suffix, Target, TypeExpr,
};
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
    if keys.place("header").is_some() {
        header(found, &mut keys, context);
    } else if let Some((field, shape)) = own(found, &mut keys, context) {
        push(field, Origin::Struct(shape));
    }
    for field in wire::fields("wire_after", &mut keys, context) {
        push(field, Origin::Wire);
    }
    keys.finish(context);
}

/// A field that the header has: what it is on the wire is said there.
fn header(found: &syn::Field, keys: &mut Keys, context: &mut Context) {
    let is_header = keys
        .flag("header", context)
        .is_some_and(|header| header.value);
    let Some(ident) = found.ident.as_ref().filter(|_| is_header) else {
        return;
    };
    let name = context.spans.spanned(ident.unraw().to_string(), ident);
    if let Some(ty) = types::read(&found.ty, context) {
        context.header.push((name, ty.shape));
    }
}

/// The field itself, with its type in Rust.
fn own(
    found: &syn::Field,
    keys: &mut Keys,
    context: &mut Context,
) -> Option<(Field, Spanned<Shape>)> {
    let ident = found.ident.as_ref()?;
    let name = context.spans.spanned(ident.unraw().to_string(), ident);
    content(name, &found.ty, &found.attrs, keys, context)
}

/// What is called `name` and has the type `ty`: a field, or the content of a variant.
pub(super) fn content(
    name: Spanned<String>,
    ty: &syn::Type,
    attributes: &[syn::Attribute],
    keys: &mut Keys,
    context: &mut Context,
) -> Option<(Field, Spanned<Shape>)> {
    let ty = types::read(ty, context);
    // All keys are asked for even if the type is of no use, or they would seem to be unknown.
    let said = OfType::read(keys, context);
    let extents = Extents::read(keys, context);
    let when = keys.place("when");
    let attributes = self::attributes(attributes, keys, context);
    let ty = ty?;
    let shape = ty.shape;
    presence(&name, ty.optional, when, shape.span, context);
    let (rest, sized) = (extents.is_rest(), extents.is_sized());
    let (in_schema, suffixes) = extents.ty(&name.value, shape, context)?;
    if shape.value.is_array() {
        context.strangers.outside.arrays.insert(name.value.clone());
    }
    let kind = if let Some(other) = ty.other {
        said.of_other(&name, &other, shape, (rest || sized, suffixes), context)?
    } else {
        let number = said.of_number(shape, context);
        FieldKind::Type(Spanned::new(
            TypeExpr {
                name: number.unwrap_or_else(|| Spanned::new(in_schema.to_owned(), shape.span)),
                target: Target::Written,
                suffixes,
            },
            shape.span,
        ))
    };
    let field = Field {
        name,
        kind,
        attributes: attributes.into(),
    };
    Some((field, shape))
}

/// What is said about the type of a field.
struct OfType {
    /// `type`
    number: Option<Spanned<TypeExpr>>,
    /// `fixed`
    fixed: Option<(Span, Option<u64>)>,
    /// `match`
    tag: Option<Spanned<String>>,
    /// `guard`
    guard: Option<(Span, Option<Spanned<Expr>>)>,
}

impl OfType {
    fn read(keys: &mut Keys, context: &mut Context) -> Self {
        let number = keys
            .text("type", context)
            .and_then(|text| word::type_expr(&text, text.span.start, &mut context.diagnostics));
        let fixed = keys.place("fixed").map(|place| {
            let text = keys.text("fixed", context);
            let size =
                text.and_then(|text| word::unsigned(&text, "`fixed`", &mut context.diagnostics));
            (place, size.map(|size| size.value))
        });
        let guard = keys
            .place("guard")
            .map(|place| (place, expression("guard", keys, context)));
        Self {
            number,
            fixed,
            tag: keys.text("match", context),
            guard,
        }
    }

    /// The width on the wire that a number is given with `type`.
    ///
    /// Raises P0707 (at something that is no number, or not a number's type), P0710.
    fn of_number(self, shape: Spanned<Shape>, context: &mut Context) -> Option<Spanned<String>> {
        let others = [
            ("fixed", self.fixed.map(|(place, _)| place)),
            ("match", self.tag.map(|tag| tag.span)),
            ("guard", self.guard.map(|(place, _)| place)),
        ];
        for (key, place) in others {
            if let Some(place) = place {
                misplaced(
                    key,
                    place,
                    shape.span,
                    "is for types with `#[derive(Packet)]`",
                    context,
                );
            }
        }
        let ty = self.number?;
        let number = matches!(
            shape.value,
            Shape::Number(_) | Shape::Array(_) | Shape::FixedArray(..)
        );
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

    /// What stands for a type that another item defines; `greedy` if it is given a size or takes the rest.
    ///
    /// Raises P0710 (keys that cannot be together), P0314 (the item itself).
    fn of_other(
        self,
        name: &Spanned<String>,
        other: &syn::Type,
        shape: Spanned<Shape>,
        (greedy, suffixes): (bool, Vec<Spanned<Suffix>>),
        context: &mut Context,
    ) -> Option<FieldKind> {
        let is_list = shape.value != Shape::Other;
        if context.strangers.is_item(other) {
            let message = format!("`{}` contains itself", name.value);
            let help = "a packet says how deep it is: use another type inside";
            context.error("P0314", shape.span, message, help);
            return None;
        }
        if let Some(tag) = &self.tag {
            let others = [
                ("type", self.number.as_ref().map(|ty| ty.span)),
                ("fixed", self.fixed.map(|(place, _)| place)),
                ("match", is_list.then_some(tag.span)),
            ];
            if let Some((key, place)) = others
                .iter()
                .find_map(|(key, place)| Some((key, (*place)?)))
            {
                let message = if is_list {
                    "chooses one case, not those of several elements"
                } else {
                    "says something else of the type than `match`"
                };
                misplaced(key, place, shape.span, message, context);
                return None;
            }
            let kind = if greedy { StandIn::Rest } else { StandIn::Open };
            let content = context.strangers.name(other, &kind, shape.span);
            let enumeration = outside::anywhere(other);
            let variants = &mut context.strangers.outside.variants;
            variants.insert(name.value.clone(), enumeration);
            let content = outside::type_expr(&content, None, shape.span);
            return Some(FieldKind::Match(Match {
                tag: tag.clone(),
                guard: self.guard.and_then(|(_, guard)| guard),
                cases: Vec::new(),
                otherwise: Otherwise::Type(Spanned::new(content, shape.span), Said::default()),
            }));
        }
        if let Some((place, _)) = self.guard {
            misplaced(
                "guard",
                place,
                shape.span,
                "is for a field with `match`",
                context,
            );
        }
        let kind = match (self.number, self.fixed) {
            (Some(number), Some((place, _))) => {
                misplaced(
                    "fixed",
                    place,
                    number.span,
                    "says something else than `type`",
                    context,
                );
                return None;
            }
            (Some(number), None) => {
                if let Some(suffix) = number.value.suffixes.first() {
                    context.error(
                        "P0707",
                        suffix.span,
                        "`type` is the number that an enum or flags are on the wire",
                        "write a number's type, such as `type = \"u8\"`; lengths have keys of their own",
                    );
                    return None;
                }
                StandIn::Named(number.value)
            }
            (None, Some((_, size))) => StandIn::Fixed(size?),
            (None, None) if greedy && !is_list => StandIn::Rest,
            (None, None) => StandIn::Open,
        };
        let name = context.strangers.name(other, &kind, shape.span);
        let ty = TypeExpr {
            suffixes,
            ..outside::type_expr(&name, None, shape.span)
        };
        Some(FieldKind::Type(Spanned::new(ty, shape.span)))
    }
}

/// Raises P0710.
fn misplaced(key: &str, place: Span, other: Span, message: &str, context: &mut Context) {
    context.diagnostics.push(
        Diagnostic::error("P0710", place, format!("`{key}` {message}"))
            .also(other, "this one")
            .help("leave it out"),
    );
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
    let trailing = keys.text("trailing", context).and_then(|text| {
        word::one_of(
            &text,
            "`trailing`",
            word::TRAILING,
            &mut context.diagnostics,
        )
    });
    Attributes {
        trailing,
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
