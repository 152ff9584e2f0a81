//! `View::decode`: part after part in wire order, each validated as it is read.

use super::expr::{Operand, condition, wide};
use super::names::suffixed;
use super::types::{element_type, padded, part_ident};
use super::{Body, place_bytes, scalar};
use packet_schema::layout::{
    Algorithm, Bound, Checksum, Encoding, Expr, Extent, Field, Part, Place, Role, Scalar, StructId,
    Type, Variant,
};
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;

/// `impl View` for a struct, and the test of its values if it lies in other structs' static parts.
pub(super) fn view(body: &Body<'_>) -> TokenStream {
    let names = body.names();
    let (view, shape) = (&names.view, &names.shape);
    let min = Literal::u64_unsuffixed(body.layout.min_size);
    let max = if let Some(max) = body
        .layout
        .max_size
        .and_then(|max| usize::try_from(max).ok())
    {
        let max = Literal::usize_unsuffixed(max);
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
    quote! {
        #check

        impl<'a> ::packet_runtime::View<'a> for #view<'a> {
            const SHAPE: &'static ::packet_runtime::Shape = &#shape;
            const MIN_LEN: usize = #min;
            const MAX_LEN: Option<usize> = #max;

            fn decode(reader: &mut ::packet_runtime::Reader<'a>) -> Result<Self, ::packet_runtime::DecodeError> {
                #decode
            }

            fn as_bytes(&self) -> &'a [u8] {
                #as_bytes
            }

            #parse
        }
    }
}

/// A packet's size field is compared when all else is read.
fn parse(body: &Body<'_>) -> TokenStream {
    let Some((index, excluded)) = body.size_field() else {
        return TokenStream::new();
    };
    let site = body.decode_site(body.shape_index(index));
    let field = body.field(index);
    let (offset, _) = place_bytes(field.place);
    let offset = Literal::usize_unsuffixed(offset);
    let excluded = Literal::i64_unsuffixed(excluded);
    let getter = &body.names().fields[index].getter;
    let Type::Scalar(kind) = &field.ty else {
        return TokenStream::new();
    };
    let value = if scalar::container(kind.bits) == 64 {
        quote! { view.#getter() }
    } else {
        quote! { view.#getter().into() }
    };
    let shape = &body.names().shape;
    quote! {
        fn parse(bytes: &'a [u8]) -> Result<Self, ::packet_runtime::DecodeError> {
            let mut reader = ::packet_runtime::Reader::new(bytes);
            let view = <Self as ::packet_runtime::View<'a>>::decode(&mut reader)?;
            ::packet_runtime::decode::size(#site, #offset, #value, bytes.len(), #excluded)?;
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
            fn check(part: &[u8; #size], at: usize) -> Result<(), ::packet_runtime::DecodeError> {
                #tests
                Ok(())
            }
        }
    }
}

/// Statements that test the values of `fields` in `part`, which lies `at` bytes from the packet's start.
fn part_tests(body: &Body<'_>, fields: std::ops::Range<usize>) -> TokenStream {
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
        let place = if offset == 0 {
            quote! { at }
        } else {
            let offset = Literal::usize_unsuffixed(offset);
            quote! { at + #offset }
        };
        let offset = Literal::usize_unsuffixed(offset);
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
                let whole = body.part_of(index).map_or(0, |(_, size)| size);
                let (inner, whole) = (
                    Literal::usize_unsuffixed(size),
                    Literal::usize_unsuffixed(whole),
                );
                statements.extend(quote! {
                    #view::check(::packet_runtime::codec::sub::<#offset, #inner, #whole>(part), #place)
                        .map_err(|error| error.within(&#shape, #entry))?;
                });
            }
            Type::Text(_, encoding) => {
                let read = padded(*encoding);
                let whole = body.part_of(index).map_or(0, |(_, size)| size);
                let (inner, whole) = (
                    Literal::usize_unsuffixed(size),
                    Literal::usize_unsuffixed(whole),
                );
                statements.extend(quote! {
                    if let Err(wrong) = #read(::packet_runtime::codec::sub::<#offset, #inner, #whole>(part)) {
                        return Err(#site.error(#place + wrong, ::packet_runtime::ErrorKind::InvalidText));
                    }
                });
            }
            Type::Bytes(_) | Type::Array { .. } | Type::Variant(_) => {}
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
                && part_number(body, index.max(checksum.to)) == number
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
        .map(|(number, part)| match part {
            Part::Static { .. } => part_ident(number),
            Part::Dynamic { field } => names.fields[*field].local.clone(),
        });
    let bytes = if whole.is_some() {
        TokenStream::new()
    } else {
        quote! { bytes: input.get(..reader.position() - start).unwrap_or_default(), }
    };
    quote! { #statements Ok(Self { #bytes #(#members),* }) }
}

fn static_part(
    body: &Body<'_>,
    number: usize,
    size: usize,
    fields: std::ops::Range<usize>,
) -> TokenStream {
    let ident = part_ident(number);
    let at = needs_position(body, &fields).then(|| {
        let at = position_ident(number);
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
    quote! {
        #at
        let #ident = ::packet_runtime::codec::part::<#length>(reader, &#shape, &[#(#table),*], #check)?;
        #(#locals)*
    }
}

fn position_ident(part: usize) -> Ident {
    Ident::new(&format!("part_{part}_at"), Span::call_site())
}

/// Number of the part that a field lies in.
pub(super) fn part_number(body: &Body<'_>, index: usize) -> usize {
    body.layout
        .parts
        .iter()
        .position(|part| match part {
            Part::Static { fields, .. } => fields.contains(&index),
            Part::Dynamic { field } => *field == index,
        })
        .unwrap_or(0)
}

/// Whether a checksum covers, or is, one of `fields`.
fn needs_position(body: &Body<'_>, fields: &std::ops::Range<usize>) -> bool {
    body.layout
        .fields
        .iter()
        .enumerate()
        .any(|(index, field)| match &field.role {
            Role::Checksum(checksum) => [index, checksum.from, checksum.to]
                .iter()
                .any(|index| fields.contains(index)),
            _ => false,
        })
}

/// The position where a field begins, and where it ends.
fn extent_of(body: &Body<'_>, index: usize) -> (TokenStream, TokenStream) {
    if let Some((part, _)) = body.part_of(index) {
        let at = position_ident(part);
        let (offset, size) = place_bytes(body.field(index).place);
        let (start, end) = (
            Literal::usize_unsuffixed(offset),
            Literal::usize_unsuffixed(offset + size),
        );
        let begin = if offset == 0 {
            quote! { #at }
        } else {
            quote! { #at + #start }
        };
        (begin, quote! { #at + #end })
    } else {
        let local = &body.names().fields[index].local;
        let (start, end) = (suffixed(local, "start"), suffixed(local, "end"));
        (quote! { #start }, quote! { #end })
    }
}

fn verify(body: &Body<'_>, index: usize, checksum: &Checksum) -> TokenStream {
    let site = body.decode_site(body.shape_index(index));
    let (own, _) = extent_of(body, index);
    let (from, _) = extent_of(body, checksum.from);
    let (_, to) = extent_of(body, checksum.to);
    let field = body.field(index);
    let (Type::Scalar(kind), Some((part, _))) = (&field.ty, body.part_of(index)) else {
        return TokenStream::new();
    };
    let part = part_ident(part);
    let actual = scalar::read(&quote! { #part }, field.place, kind);
    let size = Literal::usize_unsuffixed(kind.bytes());
    let compute = compute(checksum.algorithm);
    quote! {
        ::packet_runtime::decode::checksum(
            #site,
            #own,
            #compute(&::packet_runtime::checksum::around(input, #from - start, #to - start, #own - start, #size)).into(),
            #actual.into(),
        )?;
    }
}

/// The function that computes a checksum from parts of bytes.
pub(super) fn compute(algorithm: Algorithm) -> TokenStream {
    match algorithm {
        Algorithm::Internet => quote! { ::packet_runtime::checksum::internet },
    }
}

/// How expressions read fields while decoding: from the locals with their raw values.
fn operands<'a>(body: &'a Body<'_>) -> impl Fn(usize) -> Operand + 'a {
    |index| {
        let local = &body.names().fields[index].local;
        let (bits, signed) = match &body.field(index).ty {
            Type::Scalar(kind) => (
                scalar::container(kind.bits),
                kind.kind == packet_schema::layout::ScalarKind::Signed,
            ),
            _ => (64, false),
        };
        Operand {
            tokens: quote! { #local },
            bits,
            signed,
        }
    }
}

fn dynamic_field(body: &Body<'_>, index: usize) -> TokenStream {
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
    quote! { #before let #local = #value; #after }
}

/// A block's contents that decode the field from `reader`.
fn content(body: &Body<'_>, index: usize, field: &Field) -> TokenStream {
    let entry = body.shape_index(index);
    let decode = match &field.ty {
        Type::Variant(variant) => choose(body, index, variant),
        ty => plain(body, entry, ty, field.length, &field.role),
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

fn expr_length(body: &Body<'_>, site: &TokenStream, expr: &Expr) -> TokenStream {
    let value = wide(expr, &operands(body));
    let max = Literal::i128_unsuffixed(expr.max);
    quote! { ::packet_runtime::decode::length(reader, #site, #value, #max)? }
}

fn rest_length(site: &TokenStream, after: usize) -> TokenStream {
    let after = Literal::usize_unsuffixed(after);
    quote! { ::packet_runtime::decode::rest(reader, #site, #after)? }
}

/// Statements that leave the extent's number in `length`, tested against the field's limits. `start`
/// is where the field begins.
fn length(
    body: &Body<'_>,
    site: &TokenStream,
    extent: &Extent,
    limits: Option<(u64, u64)>,
) -> TokenStream {
    let value = match extent {
        Extent::Fixed(count) => {
            let count = Literal::usize_unsuffixed(*count);
            quote! { #count }
        }
        Extent::Prefixed(prefix) => {
            let size = Literal::usize_unsuffixed(prefix.bytes());
            let read = scalar::read(&quote! { prefix }, Place::Dynamic, prefix);
            let convert = match scalar::container(prefix.bits) {
                8 | 16 => quote! { usize::from(#read) },
                // More than memory can hold is more than any input has.
                _ => quote! { usize::try_from(#read).unwrap_or(usize::MAX) },
            };
            quote! { { let prefix = ::packet_runtime::decode::prefix::<#size>(reader, #site)?; #convert } }
        }
        Extent::Counted(expr) | Extent::Sized(expr) => expr_length(body, site, expr),
        Extent::Rest { after } => rest_length(site, *after),
    };
    let limits = limits.map(|(min, max)| {
        let (min, max) = (Literal::u64_suffixed(min), Literal::u64_suffixed(max));
        quote! { ::packet_runtime::decode::limits(#site, start, length, #min, #max)?; }
    });
    let start = limits
        .as_ref()
        .map(|_| quote! { let start = reader.position(); });
    quote! { #start let length = #value; #limits }
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
        Type::Scalar(kind) => single(body, &site, kind, role),
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
            let read = padded(*encoding);
            quote! {
                let start = reader.position();
                #read(::packet_runtime::decode::prefix::<#size>(reader, #site)?)
                    .map_err(|wrong| #site.error(start + wrong, ::packet_runtime::ErrorKind::InvalidText))?
            }
        }
        Type::Text(extent, encoding) => {
            let length = length(body, &site, extent, limits);
            let read = match encoding {
                Encoding::Utf8 => quote! { ::packet_runtime::decode::utf8 },
                Encoding::Ascii => quote! { ::packet_runtime::decode::ascii },
            };
            quote! { #length #read(reader, #site, length)? }
        }
        Type::Array { element, extent } => array(body, &site, element, extent, limits),
        Type::Variant(_) => TokenStream::new(),
    }
}

/// A number that is not in a static part.
fn single(body: &Body<'_>, site: &TokenStream, kind: &Scalar, role: &Role) -> TokenStream {
    let size = Literal::usize_unsuffixed(kind.bytes());
    let read = scalar::read(&quote! { bytes }, Place::Dynamic, kind);
    let value = quote! { value };
    let tests: Vec<TokenStream> = scalar::tests(body.emitter, kind, role, &value)
        .into_iter()
        .map(|(wrong, kind)| quote! { if #wrong { return Err(#site.error(at, #kind)); } })
        .collect();
    if tests.is_empty() {
        let converted = scalar::from_raw(body.emitter, kind, &read);
        return quote! {
            let bytes = ::packet_runtime::decode::prefix::<#size>(reader, #site)?;
            #converted
        };
    }
    let converted = scalar::from_raw(body.emitter, kind, &value);
    quote! {
        let at = reader.position();
        let bytes = ::packet_runtime::decode::prefix::<#size>(reader, #site)?;
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
    let (step, arguments) = match element {
        Type::Scalar(kind) => {
            let width = Literal::usize_unsuffixed(kind.bytes());
            let value = quote! { value };
            let tests = scalar::tests(body.emitter, kind, &Role::Data, &value);
            let check = if tests.is_empty() {
                quote! { |_| None }
            } else {
                let tests = tests
                    .into_iter()
                    .map(|(wrong, kind)| quote! { if #wrong { return Some(#kind); } });
                quote! { |value| { #(#tests)* None } }
            };
            (
                if to_end { "scalars_to_end" } else { "scalars" },
                quote! { , #width, #check },
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

/// The case that a variant's tag selects.
fn choose(body: &Body<'_>, index: usize, variant: &Variant) -> TokenStream {
    let names = &body.names().fields[index];
    let Some(enum_names) = &names.variant else {
        return TokenStream::new();
    };
    let view = &enum_names.view;
    let tag = &body.names().fields[variant.tag].local;
    let guard = variant.guard.as_ref().map(|guard| {
        let guard = condition(guard, &operands(body));
        quote! { let guard = #guard; }
    });
    let guarded = guard.as_ref().map(|_| quote! { if guard });
    let cases =
        enum_names
            .cases
            .iter()
            .zip(&variant.cases)
            .enumerate()
            .map(|(number, (ident, case))| {
                let value = plain(
                    body,
                    body.case_index(index, number),
                    &case.ty,
                    None,
                    &Role::Data,
                );
                let number = Literal::u64_unsuffixed(case.tag);
                quote! { #number #guarded => #view::#ident({ #value }), }
            });
    let otherwise = if let Some(ty) = &variant.otherwise {
        let ident = &enum_names.otherwise;
        let value = plain(
            body,
            body.case_index(index, variant.cases.len()),
            ty,
            None,
            &Role::Data,
        );
        quote! { tag => #view::#ident { tag, value: { #value } }, }
    } else {
        let site = body.decode_site(body.shape_index(index));
        let value = match &body.field(variant.tag).ty {
            Type::Scalar(kind) if scalar::container(kind.bits) == 64 => quote! { tag },
            _ => quote! { u64::from(tag) },
        };
        quote! { tag => return Err(#site.error(reader.position(), ::packet_runtime::ErrorKind::UnknownValue { value: #value })), }
    };
    quote! { #guard match #tag { #(#cases)* #otherwise } }
}
