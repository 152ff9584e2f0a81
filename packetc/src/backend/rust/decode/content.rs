//! Dynamic fields: those that no fixed place is known for.
//!
//! In: one such field. Out: statements that read it from `reader` and bind its value to its local. Blocks
//! for the contents are expressions, so that they can stand in an option, a bound or the arm of a variant.

use super::super::body::computed;
use super::super::expr::{condition, operands};
use super::super::moved::moved;
use super::super::names::suffixed;
use super::super::types::{element_type, raw_element};
use super::super::variant::{VariantField, is_exhaustive};
use super::super::{Body, byte_array, scalar, text, varint};
use super::extent::{expr_length, length, rest_length};
use super::value::known_size;
use packet_schema::layout::{
    Bound, Checksum, Encoding, Extent, Field, Measure, Place, Role, Scalar, StructId, Trailing,
    Type, Variant,
};
use proc_macro2::{Ident, Literal, Span, TokenStream, TokenTree};
use quote::quote;

/// Statements that read a dynamic field, and remember where it lies if a checksum asks.
pub(super) fn dynamic_field(body: &Body<'_>, index: usize) -> TokenStream {
    let field = body.field(index);
    let local = &body.names().fields[index].local;
    let content = content(body, index, field);
    let value = if let Some(when) = &field.when {
        let present = condition(when, &operands(body));
        let content = moved(scoped(content));
        quote! { if #present { Some(#content) } else { None } }
    } else {
        scoped(content)
    };
    let sized = known_size(field).is_none() && body.is_measured_by(index, Measure::Size);
    let bounds = |of: fn(&Checksum) -> Option<usize>| {
        sized
            || body.layout.fields.iter().any(
                |field| matches!(&field.role, Role::Checksum(checksum) if of(checksum) == Some(index)),
            )
    };
    let (start, end) = (suffixed(local, "start"), suffixed(local, "end"));
    let compared = computed(field).is_some();
    let before =
        (compared || bounds(Checksum::first)).then(|| quote! { let #start = reader.position(); });
    let after = bounds(Checksum::last).then(|| quote! { let #end = reader.position(); });
    let value = moved(value);
    if field.is_named() {
        quote! { #before let #local = #value; #after }
    } else {
        quote! { #before let _ = #value; #after }
    }
}

/// The contents of a block as an expression: in braces if there are statements among them.
pub(in super::super) fn scoped(content: TokenStream) -> TokenStream {
    let is_end = |token| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ';');
    if content.clone().into_iter().any(is_end) {
        quote! { { #content } }
    } else {
        content
    }
}

/// A block's contents that decode the field from `reader`.
fn content(body: &Body<'_>, index: usize, field: &Field) -> TokenStream {
    let entry = body.shape_index(index);
    let decode = if let Some(found) = VariantField::of(body, index) {
        choose(body, &found)
    } else if let (Some(ty), Type::Variant(variant)) =
        (body.emitter.outside.variant(field), &field.ty)
    {
        choose_outside(body, entry, variant, ty)
    } else {
        match &field.ty {
            Type::Text(extent, encoding) if body.keeps_bytes(index, field) => varying_text(
                body,
                &Body::site(entry),
                (extent, *encoding),
                field.length,
                true,
            ),
            ty => plain(body, entry, ty, field.length, &field.role),
        }
    };
    let site = Body::site(entry);
    let length = match &field.bound {
        None => {
            let Some(size) = field.pad_to else {
                return decode;
            };
            let size = Literal::usize_unsuffixed(size);
            return quote! {
                let mut inner = decode::bounded(reader, #site, #size)?;
                let reader = &mut inner;
                #decode
            };
        }
        Some(Bound::Sized(expr)) => expr_length(body, &site, expr),
        Some(Bound::Rest { after }) => rest_length(&site, *after),
    };
    if field.trailing == Trailing::Skip {
        return quote! {
            let length = #length;
            let mut inner = decode::bounded(reader, #site, length)?;
            let reader = &mut inner;
            #decode
        };
    }
    quote! {
        let length = #length;
        let mut inner = decode::bounded(reader, #site, length)?;
        let value = { let reader = &mut inner; #decode };
        decode::used_up(&inner, #site)?;
        value
    }
}

/// The case that a variant's tag selects.
fn choose(body: &Body<'_>, found: &VariantField<'_>) -> TokenStream {
    let view = &found.names.view;
    let tag = found.variant.tag;
    let guard = found.variant.guard.as_ref().map(|guard| {
        let guard = condition(guard, &operands(body));
        quote! { let guard = #guard; }
    });
    let guarded = guard.as_ref().map(|_| quote! { if guard });
    let exhaustive = is_exhaustive(body, found.variant);
    let arms = found.arms.iter().map(|arm| {
        let ident = arm.ident;
        if matches!(arm.ty, Type::Skipped) {
            return quote! { tag => { reader.take(reader.remaining()); #view::#ident { tag } } };
        }
        let value = moved(scoped(plain(
            body,
            arm.entry,
            arm.ty,
            arm.length,
            &Role::Data,
        )));
        if let Some(case) = arm.case {
            let number = Literal::u64_unsuffixed(case.tag);
            quote! { #number #guarded => #view::#ident(#value), }
        } else if exhaustive {
            TokenStream::new()
        } else {
            quote! { tag => #view::#ident { tag, value: #value }, }
        }
    });
    let unknown = (found.variant.otherwise.is_none() && !exhaustive).then(|| {
        let site = Body::site(body.shape_index(found.index));
        let value = if let Some(kind) = body.field(tag).ty.number() {
            scalar::to_u64(&kind, &quote! { tag })
        } else {
            quote! { tag }
        };
        quote! { tag => return Err(#site.error(reader.position(), rt::ErrorKind::UnknownValue { value: #value })), }
    });
    let tag = &body.names().fields[tag].local;
    quote! { #guard match #tag { #(#arms)* #unknown } }
}

/// The case of a variant that is not emitted here.
fn choose_outside(body: &Body<'_>, entry: u16, variant: &Variant, ty: &TokenStream) -> TokenStream {
    let local = &body.names().fields[variant.tag].local;
    let tag = if let Some(kind) = body.field(variant.tag).ty.number() {
        scalar::to_u64(&kind, &quote! { #local })
    } else {
        quote! { #local }
    };
    let guard = guard(body, variant);
    let site = Body::site(entry);
    let entry = Literal::u16_unsuffixed(entry);
    quote! {
        match <#ty as rt::Cases>::decode(reader, #tag, #guard).map_err(|error| error.within(&SHAPE, #entry))? {
            Some(value) => value,
            None => return Err(#site.error(reader.position(), rt::ErrorKind::UnknownValue { value: #tag })),
        }
    }
}

/// Whether the cases of a variant apply.
pub(in super::super) fn guard(body: &Body<'_>, variant: &Variant) -> TokenStream {
    let guard = variant.guard.as_ref();
    guard.map_or_else(
        || quote! { true },
        |guard| condition(guard, &operands(body)),
    )
}

/// A block's contents that decode a type other than a variant from `reader`.
pub(in super::super) fn plain(
    body: &Body<'_>,
    entry: u16,
    ty: &Type,
    limits: Option<(u64, u64)>,
    role: &Role,
) -> TokenStream {
    let site = Body::site(entry);
    match ty {
        Type::Scalar(kind) => {
            let size = Literal::usize_unsuffixed(kind.bytes());
            let bytes = quote! { let bytes = decode::prefix::<#size>(reader, #site)?; };
            let read = scalar::read(&quote! { bytes }, Place::Dynamic, kind);
            single(body, &site, kind, role, (bytes, read))
        }
        Type::Varint(varint) => {
            let (scalar, read) = (varint.scalar(), varint::read(varint, &site));
            single(body, &site, &scalar, role, (TokenStream::new(), read))
        }
        Type::Struct(id) => nested(body, entry, *id),
        Type::Bytes(Extent::Fixed(size)) => {
            let size = Literal::usize_unsuffixed(*size);
            quote! { decode::prefix::<#size>(reader, #site)? }
        }
        Type::Bytes(extent) => {
            let length = moved(length(body, &site, extent, limits));
            quote! { #length decode::bytes(reader, #site, length)? }
        }
        Type::Text(Extent::Fixed(size), encoding) => {
            let size = Literal::usize_unsuffixed(*size);
            let read = text::padded(*encoding);
            quote! {
                let start = reader.position();
                decode::text(#site, start, #read(decode::prefix::<#size>(reader, #site)?))?
            }
        }
        Type::Text(extent, encoding) => {
            varying_text(body, &site, (extent, *encoding), limits, false)
        }
        Type::Array { element, extent } => array(body, &site, element, extent, limits),
        Type::Variant(_) | Type::Skipped => TokenStream::new(),
    }
}

/// A block's contents that decode text of varying length, which may stay bytes.
fn varying_text(
    body: &Body<'_>,
    site: &TokenStream,
    (extent, encoding): (&Extent, Encoding),
    limits: Option<(u64, u64)>,
    as_bytes: bool,
) -> TokenStream {
    if !matches!(extent, Extent::Terminated) {
        let length = moved(length(body, site, extent, limits));
        let read = text::counted(encoding, as_bytes);
        return quote! { #length #read(reader, #site, length)? };
    }
    let (min, max) = limits.unwrap_or((0, u64::MAX));
    let max = if max == u64::MAX {
        quote! { u64::MAX }
    } else {
        let max = Literal::u64_unsuffixed(max);
        quote! { #max }
    };
    let min = Literal::u64_unsuffixed(min);
    if as_bytes {
        let of = text::of_bytes_as_bytes(encoding);
        return quote! { decode::terminated_bytes(reader, #site, (#min, #max), #of)? };
    }
    let of = text::of_bytes(encoding);
    let unit = Literal::usize_unsuffixed(encoding.unit());
    quote! { decode::terminated(reader, #site, #unit, (#min, #max), #of)? }
}

/// A number that is not in a static part: `read` is its raw value after the statements `before`.
fn single(
    body: &Body<'_>,
    site: &TokenStream,
    kind: &Scalar,
    role: &Role,
    (before, read): (TokenStream, TokenStream),
) -> TokenStream {
    let read = scalar::kept(body.emitter, kind, &read);
    let tests = scalar::tests(body.emitter, kind, role);
    if tests.is_empty() {
        let converted = scalar::from_raw(body.emitter, kind, &read);
        return quote! { #before #converted };
    }
    let value = quote! { value };
    let converted = scalar::from_raw(body.emitter, kind, &value);
    let checks = scalar::checks(&tests, kind, site, &quote! { at }, &value);
    quote! {
        let at = reader.position();
        #before
        let value = #read;
        #checks
        #converted
    }
}

/// A function that tests an element of an array.
fn element_check(body: &Body<'_>, kind: &Scalar) -> TokenStream {
    let tests = scalar::tests(body.emitter, kind, &Role::Data);
    if tests.is_empty() {
        return quote! { |_| None };
    }
    let value = quote! { value };
    let tests = tests.iter().map(|test| {
        let (wrong, kind) = test.spelled_out(kind, &value);
        quote! { if #wrong { return Some(#kind); } }
    });
    quote! { |value| { #(#tests)* None } }
}

fn nested(body: &Body<'_>, entry: u16, id: StructId) -> TokenStream {
    let view = body.emitter.view(id);
    let entry = Literal::u16_unsuffixed(entry);
    quote! {
        <#view as rt::View<'a>>::decode(reader).map_err(|error| error.within(&SHAPE, #entry))?
    }
}

fn array(
    body: &Body<'_>,
    site: &TokenStream,
    element: &Type,
    extent: &Extent,
    limits: Option<(u64, u64)>,
) -> TokenStream {
    let known = matches!(
        extent,
        Extent::Fixed(_) | Extent::Prefixed(_) | Extent::Counted(_)
    );
    // The number of elements up to an end is known only afterwards.
    let length = length(body, site, extent, limits.filter(|_| known));
    let (reader, ends, count) = match extent {
        Extent::Until(sentinel) => {
            let sentinel = byte_array(&sentinel.bytes);
            (quote! { reader }, "_until", quote! { , &#sentinel })
        }
        Extent::Sized(_) | Extent::Rest { .. } => (quote! { inner }, "_to_end", TokenStream::new()),
        _ => (quote! { reader }, "", quote! { , length }),
    };
    let elements = match element {
        Type::Scalar(kind) => {
            let step = Ident::new(&format!("scalars{ends}"), Span::call_site());
            let raw = raw_element(kind);
            let width = (ends != "_until").then(|| {
                let width = Literal::usize_unsuffixed(kind.bytes());
                quote! { , #width }
            });
            let check = element_check(body, kind);
            let cast = (kind.kind.is_named()).then(|| {
                let ty = element_type(body, element);
                quote! { .cast::<#ty>() }
            });
            quote! { decode::#step::<#raw>(#reader, #site #count #width, #check)?#cast }
        }
        Type::Varint(varint) => {
            let step = Ident::new(&format!("varints{ends}"), Span::call_site());
            let ty = element_type(body, element);
            let rule = varint::rule(varint);
            let check = element_check(body, &varint.scalar());
            quote! { decode::#step::<#ty>(#reader, #site #count, #rule, #check)? }
        }
        _ => {
            let step = Ident::new(&format!("structs{ends}"), Span::call_site());
            let ty = element_type(body, element);
            quote! { decode::#step::<#ty>(#reader, #site #count)? }
        }
    };
    if known {
        return quote! { #length #elements };
    }
    let inner = matches!(extent, Extent::Sized(_) | Extent::Rest { .. }).then(|| {
        quote! { #length let inner = decode::bounded(reader, #site, length)?; }
    });
    let Some((min, max)) = limits else {
        return quote! { #inner #elements };
    };
    let (min, max) = (Literal::u64_unsuffixed(min), Literal::u64_unsuffixed(max));
    quote! {
        let start = reader.position();
        #inner
        let elements = #elements;
        decode::limits(#site, start, elements.len(), #min, #max)?;
        elements
    }
}
