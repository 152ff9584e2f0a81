//! `View::decode` and `View::parse`: part after part in wire order, each validated as it is read.
//!
//! In: a struct of the layout. Out: its `impl View`, with a function that tests its values if it lies in
//! other structs' static parts. The generated code reads from `reader` and names the field and the offset
//! of the first thing that is wrong.
//!
//! | Module | Emits |
//! |---|---|
//! | `part` | a static part: one length test, then the values |
//! | `content` | a dynamic field: whether it is there, how far it reaches, what it holds |
//! | `extent` | how many bytes or elements there are |
//! | `checksum` | the comparison of checksums |

mod checksum;
mod content;
mod extent;
mod part;

pub(super) use checksum::compute;

use super::{Body, names, place_bytes, scalar};
use checksum::verify;
use content::dynamic_field;
use packet_schema::layout::{Part, Role, Type};
use part::{part_tests, static_part};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// `impl View` for a struct, and the test of its values if it lies in other structs' static parts.
pub(super) fn view(body: &Body<'_>) -> TokenStream {
    let names = body.names();
    let (view, shape) = (&names.view, &names.shape);
    let min = Literal::u64_unsuffixed(body.layout.min_size);
    // More than 32 bits is no `usize` on some machines, and no limit in practice.
    let max = if let Some(max) = body.layout.max_size.and_then(|max| u32::try_from(max).ok()) {
        let max = Literal::u32_unsuffixed(max);
        quote! { Some(#max) }
    } else {
        quote! { None }
    };
    let check = check(body);
    let decode = decode(body);
    let as_bytes = if body.static_size().is_some() {
        quote! { self.part_0 }
    } else {
        quote! { self.bytes }
    };
    let parse = parse(body);
    // Comparing the size asks the getter for it.
    let allow = body
        .size_field()
        .and_then(|(index, _)| body.field(index).history.deprecated.as_ref())
        .map(|_| quote! { #[allow(deprecated)] });
    let inline = body.inline();
    quote! {
        #check

        #allow
        impl<'a> ::packet_runtime::View<'a> for #view<'a> {
            const SHAPE: &'static ::packet_runtime::Shape = &#shape;
            const MIN_LEN: usize = #min;
            const MAX_LEN: Option<usize> = #max;

            #inline
            fn decode(reader: &mut ::packet_runtime::Reader<'a>) -> Result<Self, ::packet_runtime::DecodeError> {
                #decode
            }

            #[inline]
            fn as_bytes(&self) -> &'a [u8] {
                #as_bytes
            }

            #parse
        }
    }
}

/// The body of `View::decode`.
fn decode(body: &Body<'_>) -> TokenStream {
    let names = body.names();
    let whole = body.static_size();
    let mut statements = TokenStream::new();
    if whole.is_none() {
        statements.extend(quote! { let input = reader.rest(); let start = reader.position(); });
    }
    if whole == Some(0) {
        // A struct without fields still has a view of its no bytes.
        return quote! { let _ = reader; Ok(Self { part_0: &[] }) };
    }
    for (number, part) in body.layout.parts.iter().enumerate() {
        match part {
            Part::Static { size, fields } => {
                statements.extend(static_part(body, number, *size, fields.clone()));
            }
            Part::Dynamic { field } => statements.extend(dynamic_field(body, *field)),
        }
        for (index, field) in body.layout.fields.iter().enumerate() {
            if let Role::Checksum(checksum) = &field.role
                && body.part_number(index.max(checksum.to)) == number
            {
                statements.extend(verify(body, index, checksum));
            }
        }
    }
    let members = body
        .layout
        .parts
        .iter()
        .enumerate()
        .filter(|(_, part)| whole.is_some() || body.is_shown(part))
        .map(|(number, part)| match part {
            Part::Static { .. } => names::part(number),
            Part::Dynamic { field } => names.fields[*field].local.clone(),
        });
    let bytes = if whole.is_some() {
        TokenStream::new()
    } else {
        quote! { bytes: input.get(..reader.position() - start).unwrap_or_default(), }
    };
    quote! { #statements Ok(Self { #bytes #(#members),* }) }
}

/// A packet's size field is compared when all else is read.
fn parse(body: &Body<'_>) -> TokenStream {
    let Some((index, excluded)) = body.size_field() else {
        return TokenStream::new();
    };
    let site = body.decode_site(body.shape_index(index));
    let field = body.field(index);
    let excluded = Literal::i64_unsuffixed(excluded);
    let getter = &body.names().fields[index].getter;
    let (offset, value, counted) = match &field.ty {
        Type::Scalar(kind) => {
            let (offset, _) = place_bytes(field.place);
            let value = if scalar::container(kind.bits) == 64 {
                quote! { view.#getter() }
            } else {
                quote! { view.#getter().into() }
            };
            (offset, value, quote! { bytes.len() })
        }
        Type::Varint(varint) => {
            let layout = body.emitter.layout;
            let framing = layout
                .packet_of(body.id)
                .and_then(|packet| layout.framing_of(packet));
            let offset = framing
                .and_then(|framing| framing.size.as_ref())
                .map_or(0, |size| size.offset);
            let (from, most) = (
                Literal::usize_unsuffixed(offset),
                Literal::usize_unsuffixed(varint.max_bytes()),
            );
            let counted = quote! { ::packet_runtime::decode::behind_varint(bytes, #from, #most) };
            (offset, quote! { view.#getter() }, counted)
        }
        _ => return TokenStream::new(),
    };
    let offset = Literal::usize_unsuffixed(offset);
    let shape = &body.names().shape;
    let inline = body.inline();
    quote! {
        #inline
        fn parse(bytes: &'a [u8]) -> Result<Self, ::packet_runtime::DecodeError> {
            let mut reader = ::packet_runtime::Reader::new(bytes);
            let view = <Self as ::packet_runtime::View<'a>>::decode(&mut reader)?;
            ::packet_runtime::decode::size(#site, #offset, #value, #counted, #excluded)?;
            ::packet_runtime::decode::end(&reader, &#shape)?;
            Ok(view)
        }
    }
}

/// The function that tests the values of a struct of fixed size.
fn check(body: &Body<'_>) -> TokenStream {
    let Some(size) = body
        .static_size()
        .filter(|_| body.emitter.has_checks(body.id))
    else {
        return TokenStream::new();
    };
    let view = &body.names().view;
    let tests = part_tests(body, 0..body.layout.fields.len());
    let size = Literal::usize_unsuffixed(size);
    quote! {
        impl #view<'_> {
            #[allow(clippy::trivially_copy_pass_by_ref)]
            #[inline]
            fn check(part: &[u8; #size], at: usize) -> Result<(), ::packet_runtime::DecodeError> {
                #tests
                Ok(())
            }
        }
    }
}
