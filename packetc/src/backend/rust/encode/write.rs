//! The second step: all fields in wire order, which no value can make fail any more.
//!
//! In: a struct of the layout. Out: the body of the function that writes it, in which `derived` is what the
//! first step found. Only a buffer that is too short is left to go wrong.

use super::super::moved::moved;
use super::super::variant::VariantField;
use super::super::{Body, byte_array, is_owned, place_bytes, scalar, text, varint};
use super::checksum::{position_needed, write_checksum};
use super::fixed::size_value;
use super::{Source, part_at};
use packet_schema::layout::{Extent, Part, Place, Prefix, Role, Scalar, ScalarKind, Type};
use proc_macro2::{Literal, TokenStream};
use quote::quote;
use std::ops::Range;

/// The statements that write a struct.
pub(super) fn write(body: &Body<'_>) -> TokenStream {
    let mut statements = TokenStream::new();
    let mut parts = body.layout.parts.iter();
    if parts.any(|part| matches!(part, Part::Align { .. })) {
        statements.extend(quote! { let start = writer.position(); });
    }
    for (number, part) in body.layout.parts.iter().enumerate() {
        if position_needed(body, number) {
            let at = part_at(body, part);
            statements.extend(quote! { let #at = writer.position(); });
        }
        statements.extend(match part {
            Part::Static { size, fields } => write_part(body, *size, fields.clone()),
            Part::Dynamic { field } => write_dynamic(body, *field),
            Part::Align { field, to } => write_gap(body, *field, *to),
        });
    }
    for (index, checksum) in body.layout.checksums() {
        statements.extend(write_checksum(body, index, &checksum));
    }
    let ignored = body
        .layout
        .parts
        .is_empty()
        .then(|| quote! { let _ = writer; });
    let statements = moved(statements);
    quote! { #ignored #statements Ok(()) }
}

/// Zeros up to a multiple, if the field that begins there is there.
fn write_gap(body: &Body<'_>, index: usize, to: usize) -> TokenStream {
    let to = Literal::usize_unsuffixed(to);
    let zeros = quote! {
        writer.zeros(&SHAPE, start + rt::aligned(writer.position() - start, #to))?;
    };
    if body.field(index).when.is_none() {
        return zeros;
    }
    let member = &body.names().fields[index].member;
    quote! { if self.#member.is_some() { #zeros } }
}

fn write_part(body: &Body<'_>, size: usize, fields: Range<usize>) -> TokenStream {
    let store = moved(write_fields(body, fields));
    let size = Literal::usize_unsuffixed(size);
    quote! {
        let part = writer.array::<#size>(&SHAPE)?;
        #store
    }
}

/// The statements that write fields of a static part to `part`.
pub(super) fn write_fields(body: &Body<'_>, fields: Range<usize>) -> TokenStream {
    let part = quote! { part };
    let mut numbers: Vec<scalar::Written> = Vec::new();
    let mut others = TokenStream::new();
    for index in fields {
        let field = body.field(index);
        let names = &body.names().fields[index];
        let (member, local) = (&names.member, &names.local);
        let (offset, bytes) = place_bytes(field.place);
        if field.gap > 0 {
            let (at, gap) = (
                Literal::usize_unsuffixed(offset - field.gap),
                Literal::usize_unsuffixed(field.gap),
            );
            others.extend(quote! { rt::put::<#at, #gap, _>(part, [0; #gap]); });
        }
        let (at, size) = (
            Literal::usize_unsuffixed(offset),
            Literal::usize_unsuffixed(bytes),
        );
        match &field.ty {
            Type::Scalar(kind) => {
                let raw = match (&field.role, body.static_size()) {
                    (Role::Data, _) => scalar::to_raw(body.emitter, kind, &quote! { self.#member }),
                    (Role::Const(value) | Role::Id(value), _) => {
                        let value = Literal::u64_unsuffixed(*value);
                        quote! { #value }
                    }
                    (Role::Size { excluded }, Some(size)) => size_value(kind, size, *excluded),
                    (Role::Derived(_) | Role::Size { .. }, _) => quote! { derived.#local },
                    (Role::Reserved { .. } | Role::Checksum(_), _) => {
                        if kind.kind == ScalarKind::Float {
                            quote! { 0.0 }
                        } else {
                            quote! { 0 }
                        }
                    }
                };
                numbers.push(scalar::Written {
                    place: field.place,
                    scalar: *kind,
                    raw,
                });
            }
            // It was tested, and there is room.
            Type::Struct(id) if body.emitter.is_outside(*id) => others.extend(quote! {
                let _ = rt::Encode::write(&self.#member, &mut rt::Writer::new(rt::sub_mut::<#at, #size, _>(part)));
            }),
            Type::Struct(_) => others.extend(quote! {
                self.#member.put_fields(rt::sub_mut::<#at, #size, _>(part));
            }),
            Type::Bytes(_) => {
                let bytes = if is_owned(field) {
                    quote! { self.#member }
                } else {
                    quote! { [0; #size] }
                };
                others.extend(quote! { rt::put::<#at, #size, _>(part, #bytes); });
            }
            Type::Text(_, encoding) => {
                let out = quote! { rt::sub_mut::<#at, #size, _>(part) };
                others.extend(text::put(*encoding, &out, &quote! { self.#member }));
            }
            Type::Varint(_) | Type::Array { .. } | Type::Variant(_) | Type::Skipped => {}
        }
    }
    let numbers = moved(scalar::write(&part, &numbers));
    let others = moved(others);
    quote! { #numbers #others }
}

fn write_dynamic(body: &Body<'_>, index: usize) -> TokenStream {
    let field = body.field(index);
    let member = &body.names().fields[index].member;
    if let (Type::Varint(varint), false) = (&field.ty, field.role.is_data()) {
        let value = match &field.role {
            Role::Const(value) | Role::Id(value) => {
                let value = Literal::u64_unsuffixed(*value);
                quote! { #value }
            }
            Role::Derived(_) | Role::Size { .. } => {
                let local = &body.names().fields[index].local;
                quote! { derived.#local }
            }
            Role::Data | Role::Reserved { .. } | Role::Checksum(_) => quote! { 0 },
        };
        return varint::write(varint, &value);
    }
    let block = |value: &Source| {
        if let Some(found) = VariantField::of(body, index) {
            return write_variant(body, &found, value);
        }
        let write = write_plain(body, &field.ty, value);
        let Some(size) = field.pad_to else {
            return write;
        };
        let size = Literal::usize_unsuffixed(size);
        quote! {
            let end = writer.position() + #size;
            #write
            writer.zeros(&SHAPE, end)?;
        }
    };
    if field.when.is_some() {
        let block = block(&Source::bound());
        quote! { if let Some(value) = &self.#member { #block } }
    } else {
        block(&Source::member(member))
    }
}

pub(in super::super) fn write_variant(
    body: &Body<'_>,
    found: &VariantField<'_>,
    value: &Source,
) -> TokenStream {
    let owned = &found.written;
    let arms = found.arms.iter().map(|arm| {
        let pattern = arm.binding();
        let block = write_plain(body, arm.ty, &Source::bound());
        quote! { #owned::#pattern => { #block } }
    });
    let value = &value.reference;
    quote! { match #value { #(#arms)* } }
}

/// Statements that write a value other than a variant.
fn write_plain(body: &Body<'_>, ty: &Type, value: &Source) -> TokenStream {
    let Source {
        reference,
        place,
        copy,
    } = value;
    match ty {
        Type::Scalar(kind) => write_number(body, kind, copy),
        Type::Varint(varint) => varint::write(varint, copy),
        Type::Struct(_) => quote! { rt::Encode::write(#reference, writer)?; },
        Type::Bytes(extent) => {
            let prefix = write_prefix(extent, &quote! { #place.len() });
            quote! { #prefix writer.bytes(&SHAPE, #reference)?; }
        }
        Type::Text(Extent::Fixed(size), encoding) => {
            let size = Literal::usize_unsuffixed(*size);
            text::put(*encoding, &quote! { writer.array::<#size>(&SHAPE)? }, place)
        }
        Type::Text(extent, encoding) => {
            let prefix = write_prefix(extent, &text::len(*encoding, place));
            let nul = match extent {
                Extent::Terminated => encoding.unit(),
                _ => 0,
            };
            let text = text::write(*encoding, place, nul);
            quote! { #prefix #text }
        }
        Type::Array { element, extent } => {
            let prefix = write_prefix(extent, &quote! { #place.len() });
            let elements = match element.as_ref() {
                Type::Scalar(Scalar {
                    bits: 8,
                    kind: ScalarKind::Unsigned,
                    ..
                }) => quote! { writer.bytes(&SHAPE, #reference)?; },
                Type::Scalar(kind) => {
                    let bytes = scalar::to_bytes_of(
                        kind,
                        &scalar::to_raw(body.emitter, kind, &quote! { value }),
                    );
                    quote! { encode::put_scalars(writer, &SHAPE, #reference, |value| #bytes)?; }
                }
                Type::Struct(_) => quote! { encode::put_structs(writer, #reference)?; },
                element => {
                    let write = write_plain(body, element, &Source::bound());
                    quote! { for value in #place.iter() { #write } }
                }
            };
            let end = match extent {
                Extent::Until(sentinel) => {
                    let sentinel = byte_array(&sentinel.bytes);
                    Some(quote! { writer.bytes(&SHAPE, &#sentinel)?; })
                }
                _ => None,
            };
            quote! { #prefix #elements #end }
        }
        // One that is not emitted here.
        Type::Variant(_) => quote! { rt::Cases::write(#reference, writer)?; },
        Type::Skipped => TokenStream::new(),
    }
}

/// Statements that write a number outside of a static part.
fn write_number(body: &Body<'_>, kind: &Scalar, value: &TokenStream) -> TokenStream {
    let raw = scalar::to_raw(body.emitter, kind, value);
    write_raw(kind, raw)
}

fn write_raw(kind: &Scalar, raw: TokenStream) -> TokenStream {
    let size = Literal::usize_unsuffixed(kind.bytes());
    if let Some(bytes) = scalar::whole_bytes(kind, &raw) {
        return quote! { writer.put(&SHAPE, #bytes)?; };
    }
    let place = Place::Bytes {
        offset: 0,
        size: kind.bytes(),
    };
    let store = scalar::write(
        &quote! { part },
        &[scalar::Written {
            place,
            scalar: *kind,
            raw,
        }],
    );
    quote! { let part = writer.array::<#size>(&SHAPE)?; #store }
}

/// Writes `length` in front of a value. It was tested to fit.
fn write_prefix(extent: &Extent, length: &TokenStream) -> TokenStream {
    match extent {
        Extent::Prefixed(Prefix::Fixed(kind)) => {
            let raw = scalar::raw_type(kind);
            write_raw(kind, quote! { encode::prefix::<#raw>(#length) })
        }
        Extent::Prefixed(Prefix::Varint(varint)) => {
            varint::write(varint, &quote! { encode::prefix::<u64>(#length) })
        }
        _ => TokenStream::new(),
    }
}
