//! `View::read`: decoding that does not say what is wrong, and of a value that was validated before tests nothing.
//!
//! In: a struct that is an element of arrays. Out: the function, if nothing but numbers must be read to know where its
//! fields end. Others are decoded as if they were no elements.

use super::super::expr::{condition, operands, wide};
use super::super::moved::moved;
use super::super::{Body, names, scalar, text};
use super::content::scoped;
use super::part::part_tests;
use super::{comparisons, members};
use packet_schema::layout::{
    Encoding, Expr, Extent, Field, Part, Place, Prefix, Role, Scalar, StructId, Type,
};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// The function, or nothing.
pub(super) fn read(body: &Body<'_>) -> TokenStream {
    let content = if body.emitter.element_size(body.id).is_some() {
        if body.emitter.has_checks(body.id) {
            quote! { reader.part(Self::check).map(|part_0| Self { part_0 }) }
        } else {
            quote! { reader.array().map(|part_0| Self { part_0 }) }
        }
    } else if body.emitter.walked[body.id.0] && comparisons(body).is_empty() {
        let parts = body.layout.parts.iter().enumerate();
        let parts: Option<Vec<TokenStream>> = parts
            .map(|(number, part)| match part {
                Part::Static { size, fields } => {
                    Some(static_part(body, number, *size, fields.clone()))
                }
                Part::Dynamic { field } => dynamic(body, *field),
                Part::Align { .. } => None,
            })
            .collect();
        let Some(parts) = parts else {
            return TokenStream::new();
        };
        let members = members(body);
        quote! {
            let input = reader.rest();
            #(#parts)*
            Some(Self { bytes: reader.since(input), #(#members),* })
        }
    } else {
        return TokenStream::new();
    };
    let content = moved(content);
    // What a trusted reader makes needless is left out only where callers see through it.
    quote! {
        #[inline(always)]
        fn read(reader: &mut rt::Reader<'a>) -> Option<Self> {
            #content
        }
    }
}

/// Statements that take a static part, and bind what later lengths depend on.
fn static_part(
    body: &Body<'_>,
    number: usize,
    size: usize,
    fields: std::ops::Range<usize>,
) -> TokenStream {
    let part = names::part(number);
    let size = Literal::usize_unsuffixed(size);
    let tests = part_tests(body, fields.clone());
    let take = moved(if tests.is_empty() {
        quote! { reader.array::<#size>()? }
    } else {
        quote! { reader.part::<#size>(|part, at| { #tests Ok(()) })? }
    });
    let locals: Vec<TokenStream> = fields
        .filter(|index| body.is_read(*index))
        .filter_map(|index| {
            let field = body.field(index);
            let Type::Scalar(kind) = &field.ty else {
                return None;
            };
            let local = &body.names().fields[index].local;
            let read = scalar::read(&quote! { #part }, field.place, kind);
            let read = scalar::kept(body.emitter, kind, &read);
            Some(quote! { let #local = #read; })
        })
        .collect();
    if locals.is_empty() && !body.is_shown(&body.layout.parts[number]) {
        return quote! { #take; };
    }
    quote! {
        let #part = #take;
        #(#locals)*
    }
}

/// The statement that takes a dynamic field.
fn dynamic(body: &Body<'_>, index: usize) -> Option<TokenStream> {
    let field = body.field(index);
    if field.bound.is_some() || (field.when.is_some() && body.is_read(index)) {
        return None;
    }
    let value = plain(body, index, field)?;
    let value = match field.pad_to {
        None => value,
        Some(size) => {
            let size = Literal::usize_unsuffixed(size);
            quote! { let mut inner = reader.bounded(#size)?; let reader = &mut inner; #value }
        }
    };
    let value = moved(scoped(value));
    let value = match &field.when {
        None => quote! { #value },
        Some(when) => {
            let present = condition(when, &operands(body));
            quote! { if #present { Some(#value) } else { None } }
        }
    };
    let value = moved(value);
    let local = &body.names().fields[index].local;
    Some(if field.is_named() {
        quote! { let #local = #value; }
    } else {
        quote! { let _ = #value; }
    })
}

/// A block's contents that take a field's value.
fn plain(body: &Body<'_>, index: usize, field: &Field) -> Option<TokenStream> {
    match &field.ty {
        Type::Scalar(kind) => {
            if !scalar::tests(body.emitter, kind, &field.role).is_empty() {
                return None;
            }
            let size = Literal::usize_unsuffixed(kind.bytes());
            let read = scalar::read(&quote! { bytes }, Place::Dynamic, kind);
            let read = scalar::kept(body.emitter, kind, &read);
            let value = scalar::from_raw(body.emitter, kind, &read);
            Some(quote! { let bytes = reader.array::<#size>()?; #value })
        }
        Type::Struct(id) => Some(one(body, *id)),
        Type::Bytes(Extent::Fixed(size)) => {
            let size = Literal::usize_unsuffixed(*size);
            Some(quote! { reader.array::<#size>()? })
        }
        Type::Bytes(extent) => {
            let length = length(body, extent, field.length)?;
            Some(quote! { #length reader.take(length)? })
        }
        Type::Text(extent, encoding) if !matches!(extent, Extent::Fixed(_)) => {
            let length = length(body, extent, field.length)?;
            let bytes = quote! { reader.take(length)? };
            let is_str = matches!(encoding, Encoding::Utf8 | Encoding::Ascii);
            let tested = match encoding {
                Encoding::Utf8 | Encoding::Ascii if !body.keeps_bytes(index, field) => return None,
                Encoding::Latin1 => bytes,
                Encoding::Utf8 | Encoding::Ascii | Encoding::Utf16(_) => {
                    let test = if is_str {
                        text::of_bytes_as_bytes(*encoding)
                    } else {
                        text::of_bytes(*encoding)
                    };
                    quote! { reader.tested(length, #test)? }
                }
            };
            let text = if is_str {
                tested
            } else {
                text::untested(*encoding, &tested)
            };
            Some(quote! { #length #text })
        }
        Type::Array { element, extent } => {
            let length = length(body, extent, field.length)?;
            let kind = match element.as_ref() {
                Type::Scalar(kind) => kind,
                Type::Struct(_) => {
                    return Some(quote! { #length decode::read_structs(reader, length)? });
                }
                _ => return None,
            };
            if !scalar::tests(body.emitter, kind, &Role::Data).is_empty() {
                return None;
            }
            let width = kind.bytes();
            let size = if width == 1 {
                quote! { length }
            } else {
                let width = Literal::usize_unsuffixed(width);
                quote! { length.checked_mul(#width)? }
            };
            Some(quote! { #length rt::Array::new(reader.take(#size)?, length) })
        }
        Type::Text(..) | Type::Varint(_) | Type::Variant(_) | Type::Skipped => None,
    }
}

/// A struct's value.
fn one(body: &Body<'_>, id: StructId) -> TokenStream {
    let view = body.emitter.view(id);
    quote! { <#view as rt::View<'a>>::read(reader)? }
}

/// Statements that leave in `length` how many bytes or elements there are, tested against the field's limits.
fn length(body: &Body<'_>, extent: &Extent, limits: Option<(u64, u64)>) -> Option<TokenStream> {
    let limits = limits.map(|(min, max)| {
        let (min, max) = (Literal::u64_unsuffixed(min), Literal::u64_unsuffixed(max));
        quote! { let length = reader.within(length, #min, #max)?; }
    });
    let length = unlimited(body, extent)?;
    Some(quote! { #length #limits })
}

fn unlimited(body: &Body<'_>, extent: &Extent) -> Option<TokenStream> {
    let expr = |expr: &Expr| {
        let value = wide(expr, &operands(body));
        quote! { let length = usize::try_from(#value).ok()?; }
    };
    match extent {
        Extent::Fixed(length) => {
            let length = Literal::usize_unsuffixed(*length);
            Some(quote! { let length: usize = #length; })
        }
        Extent::Prefixed(Prefix::Fixed(kind))
            if scalar::tests(body.emitter, kind, &Role::Data).is_empty() =>
        {
            Some(prefix(kind))
        }
        Extent::Counted(length) => Some(expr(length)),
        Extent::Prefixed(_)
        | Extent::Sized(_)
        | Extent::Rest { .. }
        | Extent::Terminated
        | Extent::Until(_) => None,
    }
}

/// [`length`] of the number in front of a field.
fn prefix(kind: &Scalar) -> TokenStream {
    let size = Literal::usize_unsuffixed(kind.bytes());
    let read = scalar::read(&quote! { prefix }, Place::Dynamic, kind);
    let length = match scalar::container(kind.bits) {
        8 | 16 => quote! { usize::from(#read) },
        _ => quote! { usize::try_from(#read).ok()? },
    };
    quote! { let prefix = reader.array::<#size>()?; let length = #length; }
}
