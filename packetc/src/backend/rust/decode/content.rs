//! Dynamic fields: those that no fixed place is known for.
//!
//! In: one such field. Out: statements that read it from `reader` and bind its value to its local. Blocks
//! for the contents are expressions, so that they can stand in an option, a bound or the arm of a variant.

use super::super::expr::{condition, operands};
use super::super::names::suffixed;
use super::super::types::element_type;
use super::super::variant::{VariantField, is_exhaustive};
use super::super::{Body, scalar, text, varint};
use super::extent::{expr_length, length, rest_length};
use packet_schema::layout::{Bound, Checksum, Extent, Field, Place, Role, Scalar, StructId, Type};
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;

/// Statements that read a dynamic field, and remember where it lies if a checksum asks.
pub(super) fn dynamic_field(body: &Body<'_>, index: usize) -> TokenStream {
    let field = body.field(index);
    let local = &body.names().fields[index].local;
    let content = content(body, index, field);
    let value = if let Some(when) = &field.when {
        let present = condition(when, &operands(body));
        quote! { if #present { Some({ #content }) } else { None } }
    } else {
        quote! { { #content } }
    };
    let bounds = |of: fn(&Checksum) -> usize| {
        body.layout
            .fields
            .iter()
            .any(|field| matches!(&field.role, Role::Checksum(checksum) if of(checksum) == index))
    };
    let (start, end) = (suffixed(local, "start"), suffixed(local, "end"));
    let before =
        bounds(|checksum| checksum.from).then(|| quote! { let #start = reader.position(); });
    let after = bounds(|checksum| checksum.to).then(|| quote! { let #end = reader.position(); });
    if field.is_named() {
        quote! { #before let #local = #value; #after }
    } else {
        quote! { #before let _ = #value; #after }
    }
}

/// A block's contents that decode the field from `reader`.
fn content(body: &Body<'_>, index: usize, field: &Field) -> TokenStream {
    let entry = body.shape_index(index);
    let decode = if let Some(found) = VariantField::of(body, index) {
        choose(body, &found)
    } else {
        plain(body, entry, &field.ty, field.length, &field.role)
    };
    let site = body.decode_site(entry);
    let length = match &field.bound {
        None => return decode,
        Some(Bound::Sized(expr)) => expr_length(body, &site, expr),
        Some(Bound::Rest { after }) => rest_length(&site, *after),
    };
    quote! {
        let length = #length;
        let mut inner = ::packet_runtime::decode::bounded(reader, #site, length)?;
        let value = { let reader = &mut inner; #decode };
        ::packet_runtime::decode::used_up(&inner, #site)?;
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
        let value = plain(body, arm.entry, arm.ty, None, &Role::Data);
        if let Some(case) = arm.case {
            let number = Literal::u64_unsuffixed(case.tag);
            quote! { #number #guarded => #view::#ident({ #value }), }
        } else if exhaustive {
            TokenStream::new()
        } else {
            quote! { tag => #view::#ident { tag, value: { #value } }, }
        }
    });
    let unknown = (found.variant.otherwise.is_none() && !exhaustive).then(|| {
        let site = body.decode_site(body.shape_index(found.index));
        let value = if let Some(kind) = body.field(tag).ty.number() {
            scalar::to_u64(&kind, &quote! { tag })
        } else {
            quote! { tag }
        };
        quote! { tag => return Err(#site.error(reader.position(), ::packet_runtime::ErrorKind::UnknownValue { value: #value })), }
    });
    let tag = &body.names().fields[tag].local;
    quote! { #guard match #tag { #(#arms)* #unknown } }
}

/// A block's contents that decode a type other than a variant from `reader`.
fn plain(
    body: &Body<'_>,
    entry: u16,
    ty: &Type,
    limits: Option<(u64, u64)>,
    role: &Role,
) -> TokenStream {
    let site = body.decode_site(entry);
    match ty {
        Type::Scalar(kind) => {
            let size = Literal::usize_unsuffixed(kind.bytes());
            let bytes = quote! { ::packet_runtime::decode::prefix::<#size>(reader, #site)? };
            let read = scalar::read(&quote! { bytes }, Place::Dynamic, kind);
            single(
                body,
                &site,
                kind,
                role,
                (quote! { let bytes = #bytes; }, read),
            )
        }
        Type::Varint(varint) => {
            let read = varint::read(varint, &site);
            let scalar = varint.scalar();
            single(body, &site, &scalar, role, (TokenStream::new(), read))
        }
        Type::Struct(id) => nested(body, entry, *id),
        Type::Bytes(Extent::Fixed(size)) => {
            let size = Literal::usize_unsuffixed(*size);
            quote! { ::packet_runtime::decode::prefix::<#size>(reader, #site)? }
        }
        Type::Bytes(extent) => {
            let length = length(body, &site, extent, limits);
            quote! { #length ::packet_runtime::decode::bytes(reader, #site, length)? }
        }
        Type::Text(Extent::Fixed(size), encoding) => {
            let size = Literal::usize_unsuffixed(*size);
            let read = text::padded(*encoding);
            quote! {
                let start = reader.position();
                #read(::packet_runtime::decode::prefix::<#size>(reader, #site)?)
                    .map_err(|wrong| #site.error(start + wrong, ::packet_runtime::ErrorKind::InvalidText))?
            }
        }
        Type::Text(Extent::Terminated, encoding) => {
            let (of, unit) = (
                text::of_bytes(*encoding),
                Literal::usize_unsuffixed(encoding.unit()),
            );
            let (min, max) = limits.unwrap_or((0, u64::MAX));
            let max = if max == u64::MAX {
                quote! { u64::MAX }
            } else {
                let max = Literal::u64_unsuffixed(max);
                quote! { #max }
            };
            let min = Literal::u64_unsuffixed(min);
            quote! { ::packet_runtime::decode::terminated(reader, #site, #unit, (#min, #max), #of)? }
        }
        Type::Text(extent, encoding) => {
            let length = length(body, &site, extent, limits);
            let read = text::counted(*encoding);
            quote! { #length #read(reader, #site, length)? }
        }
        Type::Array { element, extent } => array(body, &site, element, extent, limits),
        Type::Variant(_) => TokenStream::new(),
    }
}

/// A number that is not in a static part: `read` is its raw value after the statements `before`.
fn single(
    body: &Body<'_>,
    site: &TokenStream,
    kind: &Scalar,
    role: &Role,
    (before, read): (TokenStream, TokenStream),
) -> TokenStream {
    let value = quote! { value };
    let tests: Vec<TokenStream> = scalar::tests(body.emitter, kind, role, &value)
        .into_iter()
        .map(|(wrong, kind)| quote! { if #wrong { return Err(#site.error(at, #kind)); } })
        .collect();
    if tests.is_empty() {
        let converted = scalar::from_raw(body.emitter, kind, &read);
        return quote! { #before #converted };
    }
    let converted = scalar::from_raw(body.emitter, kind, &value);
    quote! {
        let at = reader.position();
        #before
        let value = #read;
        #(#tests)*
        #converted
    }
}

fn nested(body: &Body<'_>, entry: u16, id: StructId) -> TokenStream {
    let view = &body.emitter.names.structs[id.0].view;
    let shape = &body.names().shape;
    quote! {
        <#view<'a> as ::packet_runtime::View<'a>>::decode(reader).map_err(|error| error.within(&#shape, #entry))?
    }
}

fn array(
    body: &Body<'_>,
    site: &TokenStream,
    element: &Type,
    extent: &Extent,
    limits: Option<(u64, u64)>,
) -> TokenStream {
    let ty = element_type(body, element);
    let to_end = matches!(extent, Extent::Sized(_) | Extent::Rest { .. });
    // The number of elements that fill some bytes is known only afterwards.
    let length = length(body, site, extent, limits.filter(|_| !to_end));
    let check = |kind: &Scalar| {
        let tests = scalar::tests(body.emitter, kind, &Role::Data, &quote! { value });
        if tests.is_empty() {
            return quote! { |_| None };
        }
        let tests = tests
            .into_iter()
            .map(|(wrong, kind)| quote! { if #wrong { return Some(#kind); } });
        quote! { |value| { #(#tests)* None } }
    };
    let (step, arguments) = match element {
        Type::Scalar(kind) => {
            let width = Literal::usize_unsuffixed(kind.bytes());
            let check = check(kind);
            (
                if to_end { "scalars_to_end" } else { "scalars" },
                quote! { , #width, #check },
            )
        }
        Type::Varint(varint) => {
            let rule = varint::rule(varint);
            let check = check(&varint.scalar());
            (
                if to_end { "varints_to_end" } else { "varints" },
                quote! { , #rule, #check },
            )
        }
        _ => (
            if to_end { "structs_to_end" } else { "structs" },
            TokenStream::new(),
        ),
    };
    let step = Ident::new(step, Span::call_site());
    if !to_end {
        return quote! { #length ::packet_runtime::decode::#step::<#ty>(reader, #site, length #arguments)? };
    }
    let limits = limits.map(|(min, max)| {
        let (min, max) = (Literal::u64_suffixed(min), Literal::u64_suffixed(max));
        quote! { ::packet_runtime::decode::limits(#site, start, elements.len(), #min, #max)?; }
    });
    let elements = quote! { ::packet_runtime::decode::#step::<#ty>(inner, #site #arguments)? };
    let (start, elements) = match limits {
        Some(limits) => (
            Some(quote! { let start = reader.position(); }),
            quote! { let elements = #elements; #limits elements },
        ),
        None => (None, elements),
    };
    quote! {
        #start
        #length
        let inner = ::packet_runtime::decode::bounded(reader, #site, length)?;
        #elements
    }
}
