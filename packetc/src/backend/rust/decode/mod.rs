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
//! | `read` | a value that was validated before |
//! | `value` | the comparison of computed values |

mod checksum;
mod content;
mod extent;
mod part;
mod read;
mod value;

pub(super) use checksum::{compute, extra};

pub(super) use value::known_size;

use super::body::computed;
use super::expr::{condition, operands};
use super::moved::moved;
use super::{Body, byte_array, names, place_bytes, scalar, written};
use checksum::verify;
use content::dynamic_field;
pub(super) use content::{guard, plain, scoped};
use packet_schema::layout::{Endian, Field, Part, Place, Role, Trailing, Type};
use part::{part_tests, static_part};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;
use read::read;
use value::compare;

/// `impl View` for a struct, and the test of its values if it lies in other structs' static parts.
pub(super) fn view(body: &Body<'_>) -> TokenStream {
    let names = body.names();
    let view = &names.view;
    let (min, max) = lengths(body);
    let check = moved(check(body));
    let decode = moved(decode(body));
    let input = if body.static_size().is_some() {
        quote! { reader }
    } else {
        quote! { input }
    };
    let as_bytes = if body.static_size().is_some() {
        quote! { self.part_0 }
    } else {
        quote! { self.bytes }
    };
    let parse = moved(parse(body));
    let inline = body.inline_decode();
    let unchecked = (body.emitter.element_size(body.id).is_some()
        && !body.emitter.has_checks(body.id))
    .then(|| quote! { const CHECKED: bool = false; });
    let read = moved(read(body));
    let element = moved(element(body));
    quote! {
        #check

        impl<'a> rt::View<'a> for #view<'a> {
            const SHAPE: &'static rt::Shape = &SHAPE;
            const MIN_LEN: usize = #min;
            const MAX_LEN: Option<usize> = #max;
            #unchecked

            #inline
            fn decode(#input: &mut rt::Reader<'a>) -> rt::Decoded<Self> {
                #decode
            }

            #read

            #[inline]
            fn as_bytes(&self) -> &'a [u8] {
                #as_bytes
            }

            #parse
        }

        #element
    }
}

/// A struct of fixed size as an element of arrays.
fn element(body: &Body<'_>) -> TokenStream {
    let Some(size) = body.emitter.element_size(body.id) else {
        return TokenStream::new();
    };
    let view = &body.names().view;
    let size = Literal::usize_unsuffixed(size);
    quote! {
        impl<'a> rt::FixedElement<'a> for #view<'a> {
            #[inline]
            fn of(bytes: &'a [u8]) -> Self {
                Self { part_0: bytes.first_chunk().unwrap_or(&[0; #size]) }
            }
        }
    }
}

/// The values of `View::MIN_LEN` and `View::MAX_LEN`.
fn lengths(body: &Body<'_>) -> (TokenStream, TokenStream) {
    if body.has_outside() {
        return written::lengths(body);
    }
    let min = Literal::u64_unsuffixed(body.layout.min_size);
    // More than 32 bits is no `usize` on some machines, and no limit in practice.
    let max = body.layout.max_size.and_then(|max| u32::try_from(max).ok());
    let max = if let Some(max) = max {
        let max = Literal::u32_unsuffixed(max);
        quote! { Some(#max) }
    } else {
        quote! { None }
    };
    (quote! { #min }, max)
}

/// The body of `View::decode`.
fn decode(body: &Body<'_>) -> TokenStream {
    let whole = body.static_size();
    let comparisons = comparisons(body);
    let mut parts = body.layout.parts.iter();
    let mut fields = body.layout.fields.iter();
    let counts = parts.any(|part| matches!(part, Part::Align { .. }))
        || fields.any(|field| matches!(field.role, Role::Checksum(_)));
    let mut statements = TokenStream::new();
    if whole.is_none() {
        // A copy of its own stays in registers.
        statements.extend(quote! { let reader = &mut { *input }; });
        if counts {
            statements.extend(quote! { let start = reader.position(); });
        }
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
            Part::Align { field, to } => {
                statements.extend(align(body, *field, *to));
                continue;
            }
        }
        let behind = comparisons.iter().filter(|(part, _)| *part == number);
        statements.extend(behind.map(|(_, compare)| compare.clone()));
    }
    let members = members(body);
    statements.extend(if whole.is_some() {
        quote! { Ok(Self { #(#members),* }) }
    } else {
        quote! {
            let view = Self { bytes: reader.since(input.rest()), #(#members),* };
            *input = *reader;
            Ok(view)
        }
    });
    statements
}

/// The names of the view's members besides its bytes, which are locals too.
fn members(body: &Body<'_>) -> Vec<Ident> {
    let whole = body.static_size();
    let parts = body.layout.parts.iter().enumerate();
    parts
        .filter(|(_, part)| whole.is_some() || body.is_shown(part))
        .map(|(number, part)| match part {
            Part::Static { .. } => names::part(number),
            Part::Dynamic { field } | Part::Align { field, .. } => {
                body.names().fields[*field].local.clone()
            }
        })
        .collect()
}

/// Checksums and computed values, in the order of their fields: the number of the part with which all is read
/// that each takes, and its comparison.
fn comparisons(body: &Body<'_>) -> Vec<(usize, TokenStream)> {
    let compare = |(index, field): (usize, &Field)| match &field.role {
        Role::Checksum(checksum) => Some((
            body.part_number(checksum.verified_at(index)),
            verify(body, index, checksum),
        )),
        _ => computed(field)
            .map(|value| (body.value_part(index, value), compare(body, index, value))),
    };
    let fields = body.layout.fields.iter().enumerate();
    fields.filter_map(compare).collect()
}

/// Statements that go on to a multiple, if the field that begins there is there.
fn align(body: &Body<'_>, index: usize, to: usize) -> TokenStream {
    let site = Body::site(body.shape_index(index));
    let to = Literal::usize_unsuffixed(to);
    let align = quote! { decode::align(reader, #site, start, #to)?; };
    match &body.field(index).when {
        Some(when) => {
            let present = condition(when, &operands(body));
            quote! { if #present { #align } }
        }
        None => align,
    }
}

/// A packet's size field is compared when all else is read. What is left over is an error, unless the
/// schema says that it is skipped.
fn parse(body: &Body<'_>) -> TokenStream {
    let skips = body.layout.trailing == Trailing::Skip;
    let Some((index, excluded)) = body.layout.size_field() else {
        if !skips {
            return TokenStream::new();
        }
        return quote! {
            fn parse(bytes: &'a [u8]) -> rt::Decoded<Self> {
                <Self as rt::View<'a>>::decode(&mut rt::Reader::new(bytes))
            }
        };
    };
    let site = Body::site(body.shape_index(index));
    let field = body.field(index);
    let excluded = Literal::i64_unsuffixed(excluded);
    let getter = &body.names().fields[index].getter;
    let parse = match &field.ty {
        Type::Scalar(kind) => {
            let (offset, _) = place_bytes(field.place);
            let offset = Literal::usize_unsuffixed(offset);
            let value = if scalar::container(kind.bits) == 64 {
                quote! { view.#getter() }
            } else {
                quote! { view.#getter().into() }
            };
            let place = quote! { #site, #offset, #excluded, |view: Self| #value };
            match head(body).filter(|_| !skips) {
                Some((head, fields)) => {
                    let rest = part_tests(body, fields..body.layout.fields.len());
                    let rest = if rest.is_empty() {
                        quote! { |_, _| Ok(()) }
                    } else {
                        quote! { |part, at| { #rest Ok(()) } }
                    };
                    quote! {
                        decode::headed(bytes, &#head, #rest, |part_0| Self { part_0 }, #place)
                    }
                }
                None if skips => quote! { decode::sized_start(bytes, #place) },
                None => quote! { decode::sized(bytes, #place) },
            }
        }
        Type::Varint(varint) => {
            let layout = body.emitter.layout;
            let packet = layout.packet_of(body.id);
            let framing = packet.and_then(|packet| layout.framing_of(packet));
            let size = framing.and_then(|framing| framing.size.as_ref());
            let offset = Literal::usize_unsuffixed(size.map_or(0, |size| size.offset));
            let most = Literal::usize_unsuffixed(varint.max_bytes());
            let sized = if skips {
                quote! { sized_varint_start }
            } else {
                quote! { sized_varint }
            };
            quote! { decode::#sized(bytes, #site, (#offset, #most), #excluded, |view: Self| view.#getter()) }
        }
        _ => return TokenStream::new(),
    };
    let inline = body.inline_decode();
    quote! {
        #inline
        fn parse(bytes: &'a [u8]) -> rt::Decoded<Self> {
            #parse
        }
    }
}

/// The bytes that a packet of fixed size always begins with, if they are those of several fields, its size and constants, and
/// how many fields these are.
fn head(body: &Body<'_>) -> Option<(TokenStream, usize)> {
    let size = body.static_size()?;
    let mut head = Vec::new();
    let mut known = 0;
    for field in &body.layout.fields {
        let number = match field.role {
            Role::Size { excluded } => i128::from(size as u64) - i128::from(excluded),
            Role::Const(number) | Role::Id(number) => number.into(),
            _ => break,
        };
        let (Type::Scalar(scalar), Place::Bytes { offset, size }) = (&field.ty, field.place) else {
            break;
        };
        if offset != head.len() || size > 8 {
            break;
        }
        let bytes = number.to_be_bytes();
        let bytes = &bytes[bytes.len() - size..];
        match scalar.endian {
            Endian::Big => head.extend_from_slice(bytes),
            Endian::Little => head.extend(bytes.iter().rev()),
        }
        known += 1;
    }
    (known > 1).then(|| (byte_array(&head), known))
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
    let tests = moved(part_tests(body, 0..body.layout.fields.len()));
    let size = Literal::usize_unsuffixed(size);
    quote! {
        impl #view<'_> {
            #[inline]
            fn check(part: &[u8; #size], at: usize) -> rt::Decoded<()> {
                #tests
                Ok(())
            }
        }
    }
}
