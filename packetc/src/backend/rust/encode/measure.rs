//! How long fields are, with the tests of what they hold.
//!
//! In: a field. Out: statements that refuse what its bytes cannot hold. Of a dynamic field, they also bind
//! `…_measured`, the length that an expression counts, and `…_size`, its bytes with a prefix.

use super::super::moved::moved;
use super::super::names::suffixed;
use super::super::variant::VariantField;
use super::super::{Body, begins_with_number, byte_array, is_owned, scalar, text, varint};
use super::Source;
use super::check::{element_tests, element_wrong, is_tested, value_tests};
use packet_schema::layout::{Bound, Extent, Field, Measure, Prefix, Role, StructId, Type, Varint};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// Tests a field of a static part, and binds its raw value if an expression reads it.
pub(super) fn static_value(body: &Body<'_>, index: usize) -> TokenStream {
    let field = body.field(index);
    let names = &body.names().fields[index];
    let entry = body.shape_index(index);
    let site = Body::site(entry);
    let number = Literal::u16_unsuffixed(entry);
    let member = &names.member;
    match &field.ty {
        Type::Scalar(kind) => {
            let raw = match &field.role {
                Role::Data => scalar::to_raw(body.emitter, kind, &quote! { self.#member }),
                Role::Const(value) | Role::Id(value) => {
                    let ty = scalar::raw_type(kind);
                    let value = Literal::u64_unsuffixed(*value);
                    return if body.is_read(index) {
                        let local = &names.local;
                        quote! { let #local: #ty = #value; }
                    } else {
                        TokenStream::new()
                    };
                }
                Role::Reserved { .. }
                | Role::Derived(_)
                | Role::Checksum(_)
                | Role::Size { .. } => return TokenStream::new(),
            };
            let tests = value_tests(body, &site, kind, &raw);
            let bind = body.is_read(index).then(|| {
                let local = &names.local;
                quote! { let #local = #raw; }
            });
            quote! { #tests #bind }
        }
        Type::Struct(id) if body.emitter.is_outside(*id) => quote! {
            rt::Encode::encoded_len(&self.#member).map_err(|error| error.within(&SHAPE, #number))?;
        },
        Type::Struct(id) if is_tested(body.emitter, *id) => quote! {
            encode::fixed::within(self.#member.check_fields(), &SHAPE, #number)?;
        },
        Type::Text(Extent::Fixed(size), encoding) if is_owned(field) => {
            let size = Literal::usize_unsuffixed(*size);
            let (reference, place) = (quote! { &self.#member }, quote! { self.#member });
            text::padded_test(*encoding, &site, (&reference, &place), &size)
        }
        _ => TokenStream::new(),
    }
}

/// Measures a dynamic field: statements that test it and bind its length, and its size in bytes.
pub(super) fn measure(body: &Body<'_>, index: usize) -> (TokenStream, TokenStream) {
    let field = body.field(index);
    let names = &body.names().fields[index];
    let (member, local) = (&names.member, &names.local);
    if let (Type::Varint(varint), None) = (&field.ty, &field.when) {
        return varint_measure(body, index, varint);
    }
    let (measured, size) = (suffixed(local, "measured"), suffixed(local, "size"));
    let block = |value: &Source| {
        if let Some(found) = VariantField::of(body, index) {
            return variant_measure(body, &found, value);
        }
        let entry = body.shape_index(index);
        let block = plain_measure(body, entry, &field.ty, field.length, value);
        let Some(size) = field.pad_to else {
            return block;
        };
        let site = Body::site(entry);
        let size = Literal::usize_unsuffixed(size);
        quote! {
            let (length, size): (usize, usize) = { #block };
            encode::limits(#site, size, 0, #size)?;
            (length, #size)
        }
    };
    let tuple = moved(if field.when.is_some() {
        let block = moved(block(&Source::bound()));
        quote! { if let Some(value) = &self.#member { #block } else { (0, 0) } }
    } else {
        let block = moved(block(&Source::member(member)));
        quote! { { #block } }
    });
    let len = body.is_measured_by(index, Measure::Len) && !matches!(field.ty, Type::Array { .. });
    let mut bound = None;
    let pattern = if matches!(field.bound, Some(Bound::Sized(_))) {
        // What has a size is measured with all of its bytes.
        bound = Some(quote! { let #measured = #size; });
        quote! { (_, #size) }
    } else if is_measured(field) || len {
        quote! { (#measured, #size) }
    } else {
        quote! { (_, #size) }
    };
    (
        quote! { let #pattern: (usize, usize) = #tuple; #bound },
        quote! { #size },
    )
}

/// Measures a varint that is always there. Its value may be the schema's, or derived: then it is known only when
/// all fields are measured.
fn varint_measure(body: &Body<'_>, index: usize, varint: &Varint) -> (TokenStream, TokenStream) {
    let field = body.field(index);
    let names = &body.names().fields[index];
    let local = &names.local;
    let local = quote! { #local };
    let len = varint::len(varint, &local);
    match &field.role {
        Role::Const(value) | Role::Id(value) => {
            let size = Literal::usize_unsuffixed(varint.bytes_of((*value).into()));
            let value = Literal::u64_unsuffixed(*value);
            let bind = body
                .is_read(index)
                .then(|| quote! { let #local: u64 = #value; });
            (quote! { #bind }, quote! { #size })
        }
        Role::Data => {
            let member = &names.member;
            let site = Body::site(body.shape_index(index));
            let tests = value_tests(body, &site, &varint.scalar(), &local);
            (quote! { let #local = self.#member; #tests }, len)
        }
        Role::Derived(_) | Role::Size { .. } | Role::Reserved { .. } | Role::Checksum(_) => {
            (TokenStream::new(), len)
        }
    }
}

/// Whether an expression says how long the field is.
pub(super) fn is_measured(field: &Field) -> bool {
    let counted = |extent: &Extent| extent.length().is_some();
    matches!(field.bound, Some(Bound::Sized(_)))
        || match &field.ty {
            Type::Bytes(extent) | Type::Text(extent, _) | Type::Array { extent, .. } => {
                counted(extent)
            }
            _ => false,
        }
}

/// A block's contents: the length that an expression counts, and the size in bytes.
fn plain_measure(
    body: &Body<'_>,
    entry: u16,
    ty: &Type,
    limits: Option<(u64, u64)>,
    value: &Source,
) -> TokenStream {
    let site = Body::site(entry);
    let number = Literal::u16_unsuffixed(entry);
    let Source {
        reference,
        place,
        copy,
    } = value;
    match ty {
        Type::Scalar(kind) => {
            let raw = scalar::to_raw(body.emitter, kind, copy);
            let tests = value_tests(body, &site, kind, &raw);
            let size = Literal::usize_unsuffixed(kind.bytes());
            let unused = tests.is_empty().then(|| quote! { let _ = #reference; });
            quote! { #unused #tests (#size, #size) }
        }
        Type::Varint(varint) => {
            let value = quote! { value };
            let tests = value_tests(body, &site, &varint.scalar(), &value);
            let len = varint::len(varint, &value);
            quote! { let value = #copy; #tests let size = #len; (size, size) }
        }
        Type::Struct(_) => quote! {
            let size = rt::Encode::encoded_len(#reference).map_err(|error| error.within(&SHAPE, #number))?;
            (size, size)
        },
        Type::Bytes(Extent::Fixed(size)) => {
            let size = Literal::usize_unsuffixed(*size);
            quote! { let _ = #reference; (#size, #size) }
        }
        Type::Text(Extent::Fixed(size), encoding) => {
            let size = Literal::usize_unsuffixed(*size);
            let tests = text::padded_test(*encoding, &site, (reference, place), &size);
            quote! { #tests (#size, #size) }
        }
        Type::Bytes(extent) => {
            let (tests, prefix) = extent_tests(&site, extent, limits);
            quote! { let length = #place.len(); #tests (length, length #prefix) }
        }
        Type::Text(extent, encoding) => {
            let (tests, prefix) = extent_tests(&site, extent, limits);
            let terminated = matches!(extent, Extent::Terminated);
            let nul = terminated.then(|| quote! { encode::without_nul(#site, #reference)?; });
            let end = terminated.then(|| {
                let unit = Literal::usize_unsuffixed(encoding.unit());
                quote! { + #unit }
            });
            let characters = text::test(*encoding, &site, reference);
            let length = text::len(*encoding, place);
            quote! { let length = #length; #tests #nul #characters (length, length #prefix #end) }
        }
        Type::Array { element, extent } => {
            let (tests, prefix) = extent_tests(&site, extent, limits);
            let size = if let Type::Varint(varint) = element.as_ref() {
                let value = quote! { value };
                let mut checks = element_tests(body, &site, &varint.scalar(), &value);
                if let Extent::Until(sentinel) = extent {
                    let end = varint.decoded(leb128(&sentinel.bytes));
                    checks.extend(sentinel_test(&site, &Literal::i128_unsuffixed(end), &value));
                }
                let index = if checks.is_empty() {
                    quote! { value in #place.iter().copied() }
                } else {
                    quote! { (at, value) in #place.iter().copied().enumerate() }
                };
                let len = varint::len(varint, &value);
                quote! { let mut size = 0; for #index { #checks size += #len; } }
            } else if let Type::Scalar(kind) = element.as_ref() {
                let raw = scalar::to_raw(body.emitter, kind, &quote! { value });
                let (mut checks, mut wrong) = (
                    element_tests(body, &site, kind, &raw),
                    element_wrong(body, kind, &raw),
                );
                if let Extent::Until(sentinel) = extent {
                    let end = scalar::number(kind, &sentinel.bytes);
                    checks.extend(sentinel_test(&site, &end, &raw));
                    wrong = Some(if let Some(wrong) = wrong {
                        quote! { (#wrong) | (#raw == #end) }
                    } else {
                        quote! { #raw == #end }
                    });
                }
                let checks = (!checks.is_empty()).then(|| {
                    quote! {
                        if encode::any(#reference, |value| #wrong) {
                            for (at, value) in #place.iter().copied().enumerate() { #checks }
                        }
                    }
                });
                let width = Literal::usize_unsuffixed(kind.bytes());
                if kind.bytes() == 1 {
                    quote! { #checks let size = length; }
                } else {
                    quote! { #checks let size = length * #width; }
                }
            } else if let (Extent::Until(sentinel), Type::Struct(id)) = (extent, element.as_ref()) {
                let ends = ends(body, *id, &sentinel.bytes);
                quote! { let size = encode::structs_until(#site, #reference, |element| #ends)?; }
            } else {
                quote! { let size = encode::structs(#site, #reference)?; }
            };
            let measured = if matches!(extent, Extent::Sized(_)) {
                quote! { size }
            } else {
                quote! { length }
            };
            let counted = matches!(element.as_ref(), Type::Scalar(_))
                || !matches!(extent, Extent::Sized(_))
                || !tests.is_empty();
            let length = counted.then(|| quote! { let length = #place.len(); });
            quote! { #length #tests #size (#measured, size #prefix) }
        }
        Type::Skipped => quote! { (0, 0) },
        // One that is not emitted here.
        Type::Variant(_) => quote! {
            let size = rt::Cases::encoded_len(#reference).map_err(|error| error.within(&SHAPE, #number))?;
            (size, size)
        },
    }
}

/// The test that a number does not end its array.
fn sentinel_test(site: &TokenStream, end: &Literal, raw: &TokenStream) -> TokenStream {
    quote! {
        if #raw == #end {
            return Err(#site.element_refused(at, rt::EncodeErrorKind::Sentinel));
        }
    }
}

/// The number that `bytes` are in LEB128.
fn leb128(bytes: &[u8]) -> u64 {
    let seven = |number: u64, byte: &u8| number << 7 | u64::from(byte & 0x7f);
    bytes.iter().rev().fold(0, seven)
}

/// Whether the struct `element` begins like the end of its array.
fn ends(body: &Body<'_>, id: StructId, sentinel: &[u8]) -> TokenStream {
    let fields = &body.emitter.layout.get(id).fields;
    if let Some(Type::Scalar(kind)) = fields.first().map(|field| &field.ty)
        && begins_with_number(body.emitter.layout, id)
    {
        let member = &body.emitter.names.structs[id.0].fields[0].member;
        let raw = scalar::to_raw(body.emitter, kind, &quote! { element.#member });
        let end = scalar::number(kind, sentinel);
        return quote! { #raw == #end };
    }
    let sentinel = byte_array(sentinel);
    quote! { encode::begins_with(element, &#sentinel) }
}

/// Tests of `length` against what the extent's prefix holds and the field's limits, and what the prefix
/// adds to the size.
fn extent_tests(
    site: &TokenStream,
    extent: &Extent,
    limits: Option<(u64, u64)>,
) -> (TokenStream, TokenStream) {
    let mut tests = TokenStream::new();
    let mut prefix = TokenStream::new();
    match extent {
        Extent::Prefixed(kind) => {
            let (min, max) = scalar::literals(kind.limits());
            tests.extend(quote! { encode::limits(#site, length, #min, #max)?; });
            prefix = match kind {
                Prefix::Fixed(scalar) => {
                    let size = Literal::usize_unsuffixed(scalar.bytes());
                    quote! { + #size }
                }
                Prefix::Varint(_) => quote! { + rt::varint::prefix_len(length) },
            };
        }
        Extent::Fixed(count) => {
            let count = Literal::usize_unsuffixed(*count);
            tests.extend(quote! { encode::same_length(#site, #count, length)?; });
        }
        Extent::Until(sentinel) => {
            let size = Literal::usize_unsuffixed(sentinel.bytes.len());
            prefix = quote! { + #size };
        }
        Extent::Terminated | Extent::Counted(_) | Extent::Sized(_) | Extent::Rest { .. } => {}
    }
    if let Some((min, max)) = limits {
        let (min, max) = (Literal::u64_unsuffixed(min), Literal::u64_unsuffixed(max));
        tests.extend(quote! { encode::limits(#site, length, #min, #max)?; });
    }
    (tests, prefix)
}

pub(in super::super) fn variant_measure(
    body: &Body<'_>,
    found: &VariantField<'_>,
    value: &Source,
) -> TokenStream {
    let owned = &found.written;
    let arms = found.arms.iter().map(|arm| {
        let pattern = arm.binding();
        let block = plain_measure(body, arm.entry, arm.ty, arm.length, &Source::bound());
        quote! { #owned::#pattern => { #block } }
    });
    let value = &value.reference;
    quote! { match #value { #(#arms)* } }
}
