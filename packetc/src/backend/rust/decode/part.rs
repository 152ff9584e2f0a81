//! Static parts: neighbouring fields whose places are known.
//!
//! In: the range of fields of a part. Out: statements that take the part's bytes at once as an array, test
//! the values in it, and bind those that computations read.

use super::super::moved::moved;
use super::super::{Body, after, names, place_bytes, scalar, text};
use super::checksum::needs_position;
use packet_schema::layout::Type;
use proc_macro2::{Literal, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;

/// Statements that read a static part.
pub(super) fn static_part(
    body: &Body<'_>,
    number: usize,
    size: usize,
    fields: std::ops::Range<usize>,
) -> TokenStream {
    let ident = names::part(number);
    let at = needs_position(body, &fields).then(|| {
        let at = names::part_at(number);
        quote! { let #at = reader.position(); }
    });
    let first = Literal::u16_unsuffixed(body.shape_index(fields.start));
    let checked = fields
        .clone()
        .any(|index| body.emitter.is_checked(body.field(index)));
    let check = moved(if !checked {
        quote! { |_, _| Ok(()) }
    } else if body.static_size().is_some() {
        quote! { Self::check }
    } else {
        let tests = moved(part_tests(body, fields.clone()));
        quote! { |part, at| { #tests Ok(()) } }
    });
    let length = Literal::usize_unsuffixed(size);
    let locals = fields.filter(|index| body.is_read(*index)).map(|index| {
        let field = body.field(index);
        let Type::Scalar(kind) = &field.ty else {
            return TokenStream::new();
        };
        let local = &body.names().fields[index].local;
        let read = scalar::read(&quote! { #ident }, field.place, kind);
        let read = moved(scalar::kept(body.emitter, kind, &read));
        quote! { let #local = #read; }
    });
    let keep = body
        .layout
        .parts
        .get(number)
        .is_some_and(|part| body.is_shown(part));
    let bind = (keep || body.static_size().is_some()).then(|| quote! { let #ident = });
    quote! {
        #at
        #bind rt::part::<#length>(reader, &SHAPE, #first, #check)?;
        #(#locals)*
    }
}

/// Statements that test the values of `fields` in `part`, which lies `at` bytes from the packet's start.
pub(super) fn part_tests(body: &Body<'_>, fields: std::ops::Range<usize>) -> TokenStream {
    let part = quote! { part };
    let mut statements = TokenStream::new();
    for index in fields {
        let field = body.field(index);
        if !body.emitter.is_checked(field) {
            continue;
        }
        let entry = body.shape_index(index);
        let site = Body::site(entry);
        let number = Literal::u16_unsuffixed(entry);
        let (offset, size) = place_bytes(field.place);
        let place = after(&quote! { at }, offset);
        let (offset, size) = (
            Literal::usize_unsuffixed(offset),
            Literal::usize_unsuffixed(size),
        );
        let sub = quote! { rt::sub::<#offset, #size, _>(part) };
        match &field.ty {
            Type::Scalar(kind) => {
                let read = scalar::read(&part, field.place, kind);
                let read = scalar::kept(body.emitter, kind, &read);
                let tests = scalar::tests(body.emitter, kind, &field.role);
                statements.extend(scalar::checks(&tests, kind, &site, &place, &read));
            }
            Type::Struct(id) => {
                let check = if let Some(ty) = body.emitter.outside_struct(*id) {
                    let view = body.emitter.view_in(*id, &quote! { '_ });
                    quote_spanned! {ty.span()=> <#view as rt::Fixed<'_, #size>>::test }
                } else {
                    let view = &body.emitter.names.structs[id.0].view;
                    quote! { #view::check }
                };
                statements.extend(quote! {
                    #check(#sub, #place)
                        .map_err(|error| error.within(&SHAPE, #number))?;
                });
            }
            Type::Text(_, encoding) => {
                let read = text::padded(*encoding);
                statements.extend(quote! {
                    decode::text(#site, #place, #read(#sub))?;
                });
            }
            Type::Bytes(_)
            | Type::Varint(_)
            | Type::Array { .. }
            | Type::Variant(_)
            | Type::Skipped => {}
        }
    }
    statements
}
