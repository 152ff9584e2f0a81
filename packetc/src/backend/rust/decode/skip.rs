//! `View::skip`: the way over a value that was validated before, by lengths alone.
//!
//! In: a struct that is an element of arrays, and varies in size. Out: the function, if all its fields are such
//! that nothing but numbers must be read to know where they end. Others are gone over by decoding them.

use super::super::expr::{condition, operands, wide};
use super::super::{Body, names, scalar};
use packet_schema::layout::{Expr, Extent, Field, Part, Place, Prefix, Scalar, Type};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// The function, or nothing.
pub(super) fn skip(body: &Body<'_>) -> TokenStream {
    if !body.emitter.walked[body.id.0] {
        return TokenStream::new();
    }
    let parts = body.layout.parts.iter().enumerate();
    let parts: Option<Vec<TokenStream>> = parts
        .map(|(number, part)| match part {
            Part::Static { size, fields } => Some(static_part(body, number, *size, fields.clone())),
            Part::Dynamic { field } => dynamic(body, *field),
            Part::Align { .. } => None,
        })
        .collect();
    let Some(parts) = parts else {
        return TokenStream::new();
    };
    quote! {
        #[inline]
        fn skip(reader: &mut rt::Reader<'a>) -> Option<()> {
            #(#parts)*
            Some(())
        }
    }
}

/// Statements that go over a static part, and bind what later lengths depend on.
fn static_part(
    body: &Body<'_>,
    number: usize,
    size: usize,
    fields: std::ops::Range<usize>,
) -> TokenStream {
    let part = names::part(number);
    let size = Literal::usize_unsuffixed(size);
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
    if locals.is_empty() {
        return quote! { reader.take(#size)?; };
    }
    quote! {
        let #part = reader.array::<#size>()?;
        #(#locals)*
    }
}

/// Statements that go over a dynamic field.
fn dynamic(body: &Body<'_>, index: usize) -> Option<TokenStream> {
    let field = body.field(index);
    if field.bound.is_some() || (field.when.is_some() && body.is_read(index)) {
        return None;
    }
    let skip = if let Some(size) = field.pad_to {
        let size = Literal::usize_unsuffixed(size);
        quote! { reader.take(#size)?; }
    } else {
        plain(body, index, field)?
    };
    let Some(when) = &field.when else {
        return Some(skip);
    };
    let present = condition(when, &operands(body));
    Some(quote! { if #present { #skip } })
}

fn plain(body: &Body<'_>, index: usize, field: &Field) -> Option<TokenStream> {
    match &field.ty {
        Type::Scalar(kind) => {
            let size = Literal::usize_unsuffixed(kind.bytes());
            if !body.is_read(index) {
                return Some(quote! { reader.take(#size)?; });
            }
            let local = &body.names().fields[index].local;
            let read = scalar::read(&quote! { bytes }, Place::Dynamic, kind);
            let read = scalar::kept(body.emitter, kind, &read);
            Some(quote! { let bytes = reader.array::<#size>()?; let #local = #read; })
        }
        Type::Struct(id) => Some(one(body, *id)),
        Type::Bytes(extent) | Type::Text(extent, _) => {
            let length = length(body, extent)?;
            Some(quote! { #length reader.take(length)?; })
        }
        Type::Array { element, extent } => {
            let length = length(body, extent)?;
            let width = match element.as_ref() {
                Type::Scalar(kind) => kind.bytes(),
                Type::Struct(id) => match body.emitter.layout.get(*id).static_size() {
                    Some(size) => size,
                    None => {
                        let skip = one(body, *id);
                        return Some(quote! { #length for _ in 0..length { #skip } });
                    }
                },
                _ => return None,
            };
            if width == 1 {
                return Some(quote! { #length reader.take(length)?; });
            }
            let width = Literal::usize_unsuffixed(width);
            Some(quote! { #length reader.take(length.checked_mul(#width)?)?; })
        }
        Type::Varint(_) | Type::Variant(_) | Type::Skipped => None,
    }
}

/// A statement that goes over a struct.
fn one(body: &Body<'_>, id: packet_schema::layout::StructId) -> TokenStream {
    if let Some(size) = body.emitter.layout.get(id).static_size() {
        let size = Literal::usize_unsuffixed(size);
        return quote! { reader.take(#size)?; };
    }
    let view = &body.emitter.names.structs[id.0].view;
    quote! { <#view<'a> as rt::View<'a>>::skip(reader)?; }
}

/// Statements that leave in `length` how many bytes or elements there are.
fn length(body: &Body<'_>, extent: &Extent) -> Option<TokenStream> {
    let expr = |expr: &Expr| {
        let value = wide(expr, &operands(body));
        quote! { let length = usize::try_from(#value).ok()?; }
    };
    match extent {
        Extent::Fixed(length) => {
            let length = Literal::usize_unsuffixed(*length);
            Some(quote! { let length = #length; })
        }
        Extent::Prefixed(Prefix::Fixed(kind)) => Some(prefix(kind)),
        Extent::Counted(length) => Some(expr(length)),
        Extent::Prefixed(Prefix::Varint(_))
        | Extent::Sized(_)
        | Extent::Rest { .. }
        | Extent::Terminated
        | Extent::Until(_) => None,
    }
}

/// The number in front of a field.
fn prefix(kind: &Scalar) -> TokenStream {
    let size = Literal::usize_unsuffixed(kind.bytes());
    let read = scalar::read(&quote! { prefix }, Place::Dynamic, kind);
    let length = match scalar::container(kind.bits) {
        8 | 16 => quote! { usize::from(#read) },
        _ => quote! { usize::try_from(#read).ok()? },
    };
    quote! { let prefix = reader.array::<#size>()?; let length = #length; }
}
