//! An enum beside the enum that a schema has, or beside the cases of a variant; a `struct NAME(u8)` beside flags.

use super::fields::{differs, of_type};
use super::{Described, name_of, nothing_called, written};
use crate::input::{Context, anywhere, literal, types};
use packet_schema::diagnostic::Spanned;
use packet_schema::layout::{Enum, Extent, StructId, Type, Unknown, Variant};
use packetc::backend::rust::{self, Number, Outside, Variants, type_name};
use proc_macro2::{Ident, TokenStream};
use syn::{DataEnum, DeriveInput, Fields};

/// The code of an enum, if it is as the schema has it.
pub(super) fn enumeration(
    input: &DeriveInput,
    data: &DataEnum,
    described: &Described<'_>,
    name: &Spanned<String>,
    context: &mut Context,
) -> Option<TokenStream> {
    let layout = described.layout;
    if let Some(found) = layout.enums.iter().find(|found| found.name == name.value) {
        return numbers(input, data, described, found, context);
    }
    // The cases of a variant are called after the field.
    let variant = name.value.rsplit_once('.').and_then(|(body, field)| {
        let id = layout.struct_named(body)?;
        let mut fields = layout.get(id).fields.iter();
        let at = fields.position(|found| found.name == field)?;
        match &layout.get(id).fields[at].ty {
            Type::Variant(variant) => Some((id, at, variant)),
            _ => None,
        }
    });
    let Some((id, at, variant)) = variant else {
        let names = layout
            .enums
            .iter()
            .map(|found| found.name.as_str())
            .collect();
        nothing_called(name, "enum, and no variant `STRUCT.FIELD`,", names, context);
        return None;
    };
    cases(input, data, described, (id, at, variant), context)
}

fn numbers(
    input: &DeriveInput,
    data: &DataEnum,
    described: &Described<'_>,
    found: &Enum,
    context: &mut Context,
) -> Option<TokenStream> {
    let mut values: Vec<Option<Ident>> = vec![None; found.values.len()];
    let mut other = None;
    let mut next = Some(0);
    let place = described.place(found.span);
    for variant in &data.variants {
        let span = context.spans.place(&variant.ident);
        if let Fields::Unnamed(_) = variant.fields {
            if found.unknown == Unknown::Reject {
                let message = format!("schema {place} refuses other values than the named ones");
                differs(span, message, context);
            }
            other = Some(variant.ident.clone());
            continue;
        }
        let value = match &variant.discriminant {
            Some((_, value)) => literal(value),
            None => next,
        };
        next = value.and_then(|value: u64| value.checked_add(1));
        let known = found
            .values
            .iter()
            .position(|known| variant.ident == type_name(&known.name));
        let Some(at) = known else {
            differs(
                span,
                format!("schema {place} has no value `{}`", variant.ident),
                context,
            );
            continue;
        };
        if value != Some(found.values[at].value) {
            let message = format!(
                "schema {place} has the number {} here",
                found.values[at].value
            );
            differs(span, message, context);
        }
        values[at] = Some(variant.ident.clone());
    }
    let span = context.spans.place(&input.ident);
    for (value, ident) in found.values.iter().zip(&values) {
        if ident.is_none() {
            let message = format!(
                "a value is missing: schema {place} has `{} = {}`",
                type_name(&value.name),
                value.value
            );
            differs(span, message, context);
        }
    }
    if found.unknown != Unknown::Reject && other.is_none() {
        let message =
            format!("schema {place} keeps other values: add a variant such as `Other(u8)`");
        differs(span, message, context);
    }
    if context.diagnostics.has_errors() {
        return None;
    }
    let values: Vec<Ident> = values.into_iter().flatten().collect();
    Some(rust::named(
        Number::Enum(found),
        &input.ident,
        &values,
        other.as_ref(),
    ))
}

/// The code of flags, if the schema has such.
pub(super) fn flags(
    input: &DeriveInput,
    fields: &Fields,
    described: &Described<'_>,
    name: &Spanned<String>,
    context: &mut Context,
) -> Option<TokenStream> {
    let flags = &described.layout.flags;
    let Some(found) = flags.iter().find(|found| found.name == name.value) else {
        let names = flags.iter().map(|found| found.name.as_str()).collect();
        nothing_called(name, "flags", names, context);
        return None;
    };
    let number = match fields {
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
            types::number(&fields.unnamed[0].ty)
        }
        _ => None,
    };
    let bits = found.bits.div_ceil(8).next_power_of_two() * 8;
    let expected = format!("u{bits}");
    if number != Some(expected.as_str()) {
        let message = format!(
            "schema {} has `struct {}({expected})` here",
            described.place(found.span),
            input.ident
        );
        let span = context.spans.place(&input.ident);
        differs(span, message, context);
        return None;
    }
    Some(rust::named(Number::Flags(found), &input.ident, &[], None))
}

fn cases(
    input: &DeriveInput,
    data: &DataEnum,
    described: &Described<'_>,
    (id, at, found): (StructId, usize, &Variant),
    context: &mut Context,
) -> Option<TokenStream> {
    let layout = described.layout;
    let field = &layout.get(id).fields[at];
    let place = described.place(field.span);
    let mut outside = Outside::default();
    let mut idents: Vec<Option<Ident>> = vec![None; found.cases.len()];
    let mut otherwise = None;
    for variant in &data.variants {
        let span = context.spans.place(&variant.ident);
        let known = found
            .cases
            .iter()
            .position(|case| variant.ident == type_name(&case.name));
        let (ty, content) = match (&variant.fields, known) {
            (Fields::Unnamed(fields), Some(at)) if fields.unnamed.len() == 1 => {
                idents[at] = Some(variant.ident.clone());
                (&found.cases[at].ty, &fields.unnamed[0].ty)
            }
            (Fields::Named(fields), None) if found.otherwise.is_some() && otherwise.is_none() => {
                otherwise = Some(variant.ident.clone());
                let mut fields = fields.named.iter();
                let value =
                    fields.find(|field| field.ident.as_ref().is_some_and(|ident| ident == "value"));
                let (Some(value), Some(ty)) = (value, &found.otherwise) else {
                    continue;
                };
                (&**ty, &value.ty)
            }
            _ => {
                let message = format!(
                    "schema {place} has no case `{}` that holds this",
                    variant.ident
                );
                differs(span, message, context);
                continue;
            }
        };
        let counted = matches!(
            ty,
            Type::Bytes(Extent::Counted(_))
                | Type::Text(Extent::Counted(_), _)
                | Type::Array {
                    extent: Extent::Counted(_),
                    ..
                }
        );
        if counted {
            let message = format!(
                "schema {place} counts this case by a field of the struct, which an enum cannot see: put it into a struct there"
            );
            differs(span, message, context);
        }
        let Some(read) = types::read(content, context) else {
            continue;
        };
        let (accepts, text) = of_type(layout, ty);
        if !accepts(read.shape.value) || read.optional.is_some() {
            let span = context.spans.place(content);
            differs(span, format!("schema {place} has `{text}` here"), context);
        }
        if let (Some(other), Some(name)) = (&read.other, name_of(layout, ty)) {
            outside.types.insert(name.to_owned(), anywhere(other));
        }
    }
    let span = context.spans.place(&input.ident);
    for (case, ident) in found.cases.iter().zip(&idents) {
        if ident.is_none() {
            let (_, text) = of_type(layout, &case.ty);
            let message = format!(
                "a case is missing: schema {place} has `{}({text})`",
                type_name(&case.name)
            );
            differs(span, message, context);
        }
    }
    if found.otherwise.is_some() && otherwise.is_none() {
        let message = format!(
            "a case is missing: schema {place} has one for all other tags, `Else {{ tag, value }}`"
        );
        differs(span, message, context);
    }
    if context.diagnostics.has_errors() {
        return None;
    }
    let idents = idents.into_iter().flatten().collect();
    let written = written(input, layout, id, outside);
    let variants = Variants {
        cases: idents,
        otherwise,
        tags: Vec::new(),
    };
    Some(rust::cases(layout, (id, at), written, variants))
}
