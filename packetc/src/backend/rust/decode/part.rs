//! Static parts: neighbouring fields whose places are known.
//!
//! In: the range of fields of a part. Out: statements that take the part's bytes at once as an array, test
//! the values in it, and bind those that computations read.

use super::super::{Body, after, names, place_bytes, scalar, text};
use super::checksum::needs_position;
use packet_schema::layout::{Place, Type};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

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
    let shape = &body.names().shape;
    let table = part_fields(body, fields.clone(), 0, &[]);
    let checked = fields
        .clone()
        .any(|index| body.emitter.is_checked(body.field(index)));
    let check = if !checked {
        quote! { |_, _| Ok(()) }
    } else if body.static_size().is_some() {
        quote! { Self::check }
    } else {
        let tests = part_tests(body, fields.clone());
        quote! { |part, at| { #tests Ok(()) } }
    };
    let length = Literal::usize_unsuffixed(size);
    let locals = fields.filter(|index| body.is_read(*index)).map(|index| {
        let field = body.field(index);
        let Type::Scalar(kind) = &field.ty else {
            return TokenStream::new();
        };
        let local = &body.names().fields[index].local;
        let read = scalar::read(&quote! { #ident }, field.place, kind);
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
        #bind ::packet_runtime::codec::part::<#length>(reader, &#shape, &[#(#table),*], #check)?;
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
        let site = body.decode_site(entry);
        let (offset, size) = place_bytes(field.place);
        let place = after(&quote! { at }, offset);
        let (offset, size) = (
            Literal::usize_unsuffixed(offset),
            Literal::usize_unsuffixed(size),
        );
        let whole = body.part_of(index).map_or(0, |(_, size)| size);
        let whole = Literal::usize_unsuffixed(whole);
        let sub = quote! { ::packet_runtime::codec::sub::<#offset, #size, #whole>(part) };
        match &field.ty {
            Type::Scalar(kind) => {
                let value = quote! { value };
                let tests = scalar::tests(body.emitter, kind, &field.role, &value);
                if tests.is_empty() {
                    continue;
                }
                let read = scalar::read(&part, field.place, kind);
                let tests = tests.into_iter().map(|(wrong, kind)| quote! { if #wrong { return Err(#site.error(#place, #kind)); } });
                statements.extend(quote! { { let value = #read; #(#tests)* } });
            }
            Type::Struct(id) => {
                let view = &body.emitter.names.structs[id.0].view;
                let shape = &body.names().shape;
                statements.extend(quote! {
                    #view::check(#sub, #place)
                        .map_err(|error| error.within(&#shape, #entry))?;
                });
            }
            Type::Text(_, encoding) => {
                let read = text::padded(*encoding);
                statements.extend(quote! {
                    if let Err(wrong) = #read(#sub) {
                        return Err(#site.error(#place + wrong, ::packet_runtime::ErrorKind::InvalidText));
                    }
                });
            }
            Type::Bytes(_) | Type::Varint(_) | Type::Array { .. } | Type::Variant(_) => {}
        }
    }
    statements
}

/// The table that says where in a static part each field lies, down to the fields of nested structs.
fn part_fields(
    body: &Body<'_>,
    fields: std::ops::Range<usize>,
    base: usize,
    path: &[u16],
) -> Vec<TokenStream> {
    let mut entries = Vec::new();
    let mut last_run = None;
    for index in fields {
        let field = body.field(index);
        let (offset, size) = place_bytes(field.place);
        if matches!(field.place, Place::Bits { .. }) {
            // All fields of a run are missing together; the first one speaks for them.
            if last_run.replace(offset) == Some(offset) {
                continue;
            }
        }
        let mut path = path.to_vec();
        path.push(body.shape_index(index));
        if let Type::Struct(id) = field.ty {
            let inner = Body::new(body.emitter, id);
            entries.extend(part_fields(
                &inner,
                0..inner.layout.fields.len(),
                base + offset,
                &path,
            ));
            continue;
        }
        let codes = path.iter().map(|code| Literal::u16_unsuffixed(*code));
        let (start, end) = (
            Literal::usize_unsuffixed(base + offset),
            Literal::usize_unsuffixed(base + offset + size),
        );
        entries.push(quote! { ::packet_runtime::codec::PartField { path: &[#(#codes),*], start: #start, end: #end } });
    }
    entries
}
