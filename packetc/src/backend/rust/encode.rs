//! `Encode`: first everything is computed and tested, then everything is written.
//!
//! A private struct holds what the first step found: the encoded length and the values of derived
//! fields. Nothing is written before that step has succeeded.

use super::decode::{compute, part_number};
use super::expr::{Operand, condition, wide};
use super::names::suffixed;
use super::types::tag_type;
use super::{Body, Owner, is_owned, is_tag_of, place_bytes, scalar};
use packet_schema::layout::{
    Bound, Checksum, Derivation, Encoding, Expr, Extent, Field, Part, Place, Role, Scalar,
    ScalarKind, Type, Unknown, Variant,
};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

/// `impl Encode` for a struct's owned form.
pub(super) fn encode(body: &Body<'_>, owner: &Owner) -> TokenStream {
    let names = body.names();
    let (derived, shape) = (&names.derived, &names.shape);
    let ident = &owner.ident;
    let (generics, arguments, clause) = owner.generics.split_for_impl();
    let members = kept(body).map(|index| {
        let local = &names.fields[index].local;
        let ty = kept_type(body, index);
        quote! { #local: #ty, }
    });
    let derive = derive(body);
    let write = write(body);
    let fixed = to_bytes(body);
    let fixed = if fixed.is_empty() {
        fixed
    } else {
        quote! { impl #generics #ident #arguments #clause { #fixed } }
    };
    quote! {
        #[derive(Clone, Copy)]
        struct #derived { encoded_len: usize, #(#members)* }

        impl #generics #ident #arguments #clause {
            #[allow(clippy::match_same_arms, clippy::trivially_copy_pass_by_ref, clippy::unnecessary_wraps, clippy::unused_self)]
            fn derive_fields(&self) -> Result<#derived, ::packet_runtime::EncodeError> {
                #derive
            }
        }

        #fixed

        impl #generics ::packet_runtime::Encode for #ident #arguments #clause {
            const SHAPE: &'static ::packet_runtime::Shape = &#shape;

            fn encoded_len(&self) -> Result<usize, ::packet_runtime::EncodeError> {
                Ok(self.derive_fields()?.encoded_len)
            }

            #[allow(clippy::match_same_arms)]
            fn write(&self, writer: &mut ::packet_runtime::Writer<'_>) -> Result<(), ::packet_runtime::EncodeError> {
                #write
            }
        }
    }
}

/// Encoding into an array, for structs of fixed size.
fn to_bytes(body: &Body<'_>) -> TokenStream {
    let Some(size) = body.static_size() else {
        return TokenStream::new();
    };
    let size = Literal::usize_unsuffixed(size);
    quote! {
        /// The length in bytes.
        pub const LEN: usize = #size;

        /// The value as bytes.
        ///
        /// # Errors
        /// The first field that cannot be represented.
        #[allow(clippy::trivially_copy_pass_by_ref)]
        pub fn to_bytes(&self) -> Result<[u8; #size], ::packet_runtime::EncodeError> {
            let mut bytes = [0; #size];
            ::packet_runtime::Encode::encode_into(self, &mut bytes)?;
            Ok(bytes)
        }
    }
}

/// The fields whose values the first step finds: derived ones and the size.
fn kept<'a>(body: &'a Body<'_>) -> impl Iterator<Item = usize> + 'a {
    let fields = body.layout.fields.iter().enumerate();
    fields
        .filter(|(_, field)| matches!(field.role, Role::Derived(_) | Role::Size { .. }))
        .map(|(index, _)| index)
}

fn kept_type(body: &Body<'_>, index: usize) -> TokenStream {
    if let Type::Scalar(kind) = &body.field(index).ty {
        let raw = scalar::raw_type(kind);
        quote! { #raw }
    } else {
        quote! { u64 }
    }
}

/// The value of a field as expressions read it: a local with its raw value, or a constant.
fn operands<'a>(body: &'a Body<'_>) -> impl Fn(usize) -> Operand + 'a {
    |index| {
        let field = body.field(index);
        let local = &body.names().fields[index].local;
        let (bits, signed) = match &field.ty {
            Type::Scalar(kind) => (
                scalar::container(kind.bits),
                kind.kind == ScalarKind::Signed,
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

fn derive(body: &Body<'_>) -> TokenStream {
    let names = body.names();
    let derived = &names.derived;
    let mut statements = TokenStream::new();
    let mut total: usize = 0;
    let mut sizes: Vec<TokenStream> = Vec::new();
    for part in &body.layout.parts {
        match part {
            Part::Static { size, fields } => {
                total += size;
                for index in fields.clone() {
                    statements.extend(static_value(body, index));
                }
            }
            Part::Dynamic { field } => {
                let (tokens, size) = measure(body, *field);
                statements.extend(tokens);
                sizes.push(size);
            }
        }
    }
    for index in &body.layout.derive_order {
        statements.extend(derived_value(body, *index));
    }
    for index in 0..body.layout.fields.len() {
        statements.extend(verify(body, index));
    }
    let sum = if let (0, [first, rest @ ..]) = (total, sizes.as_slice()) {
        quote! { #first #(+ #rest)* }
    } else {
        let total = Literal::usize_unsuffixed(total);
        quote! { #total #(+ #sizes)* }
    };
    statements.extend(quote! { let encoded_len = #sum; });
    statements.extend(packet_limits(body));
    let kept = kept(body).map(|index| &names.fields[index].local);
    quote! { #statements Ok(#derived { encoded_len, #(#kept),* }) }
}

/// A packet's largest size, and the value of its size field.
fn packet_limits(body: &Body<'_>) -> TokenStream {
    let layout = body.emitter.layout;
    let Some((framing, _)) = layout.framing.as_ref().zip(layout.packet_of(body.id)) else {
        return TokenStream::new();
    };
    let shape = &body.names().shape;
    let fits = body
        .layout
        .max_size
        .is_some_and(|max| max <= framing.max_size as u64);
    let limit = (!fits).then(|| {
        let max = Literal::usize_unsuffixed(framing.max_size);
        let min = Literal::u64_unsuffixed(body.layout.min_size);
        quote! {
            if encoded_len > #max {
                return Err(::packet_runtime::EncodeError::whole(
                    &#shape,
                    ::packet_runtime::EncodeErrorKind::OutOfRange { value: encoded_len as i128, min: #min, max: #max },
                ));
            }
        }
    });
    let size = body.size_field().map(|(index, excluded)| {
        let field = body.field(index);
        let local = &body.names().fields[index].local;
        let Type::Scalar(kind) = &field.ty else {
            return TokenStream::new();
        };
        let raw = scalar::raw_type(kind);
        let site = body.encode_site(body.shape_index(index));
        let (min, max) = kind.limits();
        let (min, max) = (Literal::i128_unsuffixed(min), Literal::i128_unsuffixed(max));
        let counted = if excluded == 0 {
            quote! { encoded_len as i128 }
        } else {
            let excluded = Literal::i64_unsuffixed(excluded);
            quote! { encoded_len as i128 - #excluded }
        };
        quote! { let #local: #raw = ::packet_runtime::encode::fitting(#site, #counted, #min, #max)?; }
    });
    quote! { #limit #size }
}

/// Tests a field of a static part, and binds its raw value if an expression reads it.
fn static_value(body: &Body<'_>, index: usize) -> TokenStream {
    let field = body.field(index);
    let names = &body.names().fields[index];
    let entry = body.shape_index(index);
    let site = body.encode_site(entry);
    let shape = &body.names().shape;
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
        Type::Struct(id) if body.emitter.has_checks(*id) || has_narrow(body, *id) => quote! {
            ::packet_runtime::Encode::encoded_len(&self.#member).map_err(|error| error.within(&#shape, #entry))?;
        },
        Type::Text(Extent::Fixed(size), encoding) if is_owned(field) => {
            let size = Literal::usize_unsuffixed(*size);
            let ascii = (*encoding == Encoding::Ascii)
                .then(|| quote! { ::packet_runtime::encode::ascii(#site, &self.#member)?; });
            quote! { ::packet_runtime::encode::padded(#site, &self.#member, #size)?; #ascii }
        }
        _ => TokenStream::new(),
    }
}

/// Whether a struct has values that its Rust types hold but its bits do not.
fn has_narrow(body: &Body<'_>, id: packet_schema::layout::StructId) -> bool {
    body.emitter
        .layout
        .get(id)
        .fields
        .iter()
        .any(|field| match &field.ty {
            Type::Scalar(kind) => {
                kind.bits != scalar::container(kind.bits) && kind.kind != ScalarKind::Bool
            }
            Type::Struct(id) => has_narrow(body, *id),
            _ => false,
        })
}

/// Tests that a raw value (of a float, the float) can be written.
fn value_tests(
    body: &Body<'_>,
    site: &TokenStream,
    kind: &Scalar,
    raw: &TokenStream,
) -> TokenStream {
    let error = quote! { ::packet_runtime::EncodeErrorKind };
    let mut tests = TokenStream::new();
    match kind.kind {
        ScalarKind::Bool => return tests,
        ScalarKind::Float => {
            if kind.finite {
                tests.extend(
                    quote! { if !#raw.is_finite() { return Err(#site.error(#error::NotFinite)); } },
                );
            }
            return tests;
        }
        ScalarKind::Enum(id) if body.emitter.layout.enumeration(id).unknown == Unknown::Reject => {
            return tests;
        }
        ScalarKind::Flags(id) if body.emitter.layout.flag_set(id).unknown == Unknown::Reject => {
            let ident = &body.emitter.names.flags[id.0].ident;
            let unknown = quote! { (#raw & !#ident::ALL.0) };
            let value = if scalar::container(kind.bits) == 64 {
                unknown.clone()
            } else {
                quote! { u64::from #unknown }
            };
            tests.extend(quote! { if #raw & !#ident::ALL.0 != 0 { return Err(#site.error(#error::UnknownValue { value: #value })); } });
            return tests;
        }
        _ => {}
    }
    if kind.range.is_none() && kind.bits == scalar::container(kind.bits) {
        return tests;
    }
    let (min, max) = kind.range.unwrap_or(kind.limits());
    if let Some(outside) = scalar::outside(kind, raw, min, max) {
        let value = scalar::as_i128(kind, raw);
        let (min, max) = (Literal::i128_unsuffixed(min), Literal::i128_unsuffixed(max));
        tests.extend(quote! { if #outside { return Err(#site.error(#error::OutOfRange { value: #value, min: #min, max: #max })); } });
    }
    tests
}

/// How code refers to a value of the owned struct.
#[derive(Clone)]
struct Source {
    /// A reference to it.
    reference: TokenStream,
    /// What methods are called on.
    place: TokenStream,
    /// A copy of it, if it is a number.
    copy: TokenStream,
}

impl Source {
    /// A member of `self`.
    fn member(member: &Ident) -> Self {
        Self {
            reference: quote! { &self.#member },
            place: quote! { self.#member },
            copy: quote! { self.#member },
        }
    }

    /// The reference `value`.
    fn bound() -> Self {
        Self {
            reference: quote! { value },
            place: quote! { value },
            copy: quote! { (*value) },
        }
    }
}

/// Measures a dynamic field: statements that test it and bind its length, and its size in bytes.
fn measure(body: &Body<'_>, index: usize) -> (TokenStream, TokenStream) {
    let field = body.field(index);
    let names = &body.names().fields[index];
    let (member, local) = (&names.member, &names.local);
    let (measured, size) = (suffixed(local, "measured"), suffixed(local, "size"));
    let block = |value: &Source| match &field.ty {
        Type::Variant(variant) => variant_measure(body, index, variant, value),
        ty => plain_measure(body, body.shape_index(index), ty, field.length, value),
    };
    let tuple = if field.when.is_some() {
        let block = block(&Source::bound());
        quote! { if let Some(value) = &self.#member { #block } else { (0, 0) } }
    } else {
        let block = block(&Source::member(member));
        quote! { { #block } }
    };
    let is_measured = is_measured(field);
    let pattern = if is_measured {
        quote! { (#measured, #size) }
    } else {
        quote! { (_, #size) }
    };
    (
        quote! { let #pattern: (usize, usize) = #tuple; },
        quote! { #size },
    )
}

/// Whether an expression says how long the field is.
fn is_measured(field: &Field) -> bool {
    let counted = |extent: &Extent| matches!(extent, Extent::Counted(_) | Extent::Sized(_));
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
    let site = body.encode_site(entry);
    let shape = &body.names().shape;
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
        Type::Struct(_) => quote! {
            let size = ::packet_runtime::Encode::encoded_len(#reference).map_err(|error| error.within(&#shape, #entry))?;
            (size, size)
        },
        Type::Bytes(Extent::Fixed(size)) => {
            let size = Literal::usize_unsuffixed(*size);
            quote! { let _ = #reference; (#size, #size) }
        }
        Type::Text(Extent::Fixed(size), encoding) => {
            let size = Literal::usize_unsuffixed(*size);
            let ascii = (*encoding == Encoding::Ascii)
                .then(|| quote! { ::packet_runtime::encode::ascii(#site, #reference)?; });
            quote! { ::packet_runtime::encode::padded(#site, #reference, #size)?; #ascii (#size, #size) }
        }
        Type::Bytes(extent) => {
            let (tests, prefix) = extent_tests(&site, extent, limits);
            quote! { let length = #place.len(); #tests (length, length #prefix) }
        }
        Type::Text(extent, encoding) => {
            let (tests, prefix) = extent_tests(&site, extent, limits);
            let ascii = (*encoding == Encoding::Ascii)
                .then(|| quote! { ::packet_runtime::encode::ascii(#site, #reference)?; });
            quote! { let length = #place.len(); #tests #ascii (length, length #prefix) }
        }
        Type::Array { element, extent } => {
            let (tests, prefix) = extent_tests(&site, extent, limits);
            let size = if let Type::Scalar(kind) = element.as_ref() {
                let checks = element_tests(&site, kind, &quote! { value });
                let checks = (!checks.is_empty()).then(
                    || quote! { for (at, value) in #place.iter().copied().enumerate() { #checks } },
                );
                let width = Literal::usize_unsuffixed(kind.bytes());
                if kind.bytes() == 1 {
                    quote! { #checks let size = length; }
                } else {
                    quote! { #checks let size = length * #width; }
                }
            } else {
                quote! { let size = ::packet_runtime::encode::structs(#site, #reference)?; }
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
        Type::Variant(_) => TokenStream::new(),
    }
}

/// Tests of an array's element `value` at the index `at`.
fn element_tests(site: &TokenStream, kind: &Scalar, raw: &TokenStream) -> TokenStream {
    let error = quote! { ::packet_runtime::EncodeErrorKind };
    if kind.kind == ScalarKind::Float {
        return if kind.finite {
            quote! { if !#raw.is_finite() { return Err(#site.element_error(at, #error::NotFinite)); } }
        } else {
            TokenStream::new()
        };
    }
    let Some((outside, min, max)) = kind
        .range
        .and_then(|(min, max)| Some((scalar::outside(kind, raw, min, max)?, min, max)))
    else {
        return TokenStream::new();
    };
    let value = scalar::as_i128(kind, raw);
    let (min, max) = (Literal::i128_unsuffixed(min), Literal::i128_unsuffixed(max));
    quote! { if #outside { return Err(#site.element_error(at, #error::OutOfRange { value: #value, min: #min, max: #max })); } }
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
            let max = Literal::i128_unsuffixed(kind.limits().1);
            tests.extend(
                quote! { ::packet_runtime::encode::range(#site, length as i128, 0, #max)?; },
            );
            let size = Literal::usize_unsuffixed(kind.bytes());
            prefix = quote! { + #size };
        }
        Extent::Fixed(count) => {
            let count = Literal::usize_unsuffixed(*count);
            tests.extend(quote! { ::packet_runtime::encode::same_length(#site, #count, length)?; });
        }
        Extent::Counted(_) | Extent::Sized(_) | Extent::Rest { .. } => {}
    }
    if let Some((min, max)) = limits {
        let (min, max) = (Literal::u64_unsuffixed(min), Literal::u64_unsuffixed(max));
        tests.extend(
            quote! { ::packet_runtime::encode::range(#site, length as i128, #min, #max)?; },
        );
    }
    (tests, prefix)
}

fn variant_measure(
    body: &Body<'_>,
    index: usize,
    variant: &Variant,
    value: &Source,
) -> TokenStream {
    let Some(names) = &body.names().fields[index].variant else {
        return TokenStream::new();
    };
    let owned = &names.owned;
    let cases =
        names
            .cases
            .iter()
            .zip(&variant.cases)
            .enumerate()
            .map(|(number, (ident, case))| {
                let block = plain_measure(
                    body,
                    body.case_index(index, number),
                    &case.ty,
                    None,
                    &Source::bound(),
                );
                quote! { #owned::#ident(value) => { #block } }
            });
    let otherwise = variant.otherwise.as_ref().map(|ty| {
        let ident = &names.otherwise;
        let block = plain_measure(
            body,
            body.case_index(index, variant.cases.len()),
            ty,
            None,
            &Source::bound(),
        );
        quote! { #owned::#ident { value, .. } => { #block } }
    });
    let value = &value.reference;
    quote! { match #value { #(#cases)* #otherwise } }
}

/// A derived field's value, bound to its local.
fn derived_value(body: &Body<'_>, index: usize) -> TokenStream {
    let field = body.field(index);
    let local = &body.names().fields[index].local;
    let (Type::Scalar(kind), Role::Derived(derivation)) = (&field.ty, &field.role) else {
        return TokenStream::new();
    };
    let raw = scalar::raw_type(kind);
    let site = body.encode_site(body.shape_index(index));
    match derivation {
        Derivation::Presence { of, inverted } => {
            let member = &body.names().fields[*of].member;
            let method = if *inverted {
                quote! { is_none }
            } else {
                quote! { is_some }
            };
            quote! { let #local = #raw::from(self.#member.#method()); }
        }
        Derivation::Tag { of } => {
            let Type::Variant(variant) = &body.field(*of).ty else {
                return TokenStream::new();
            };
            let Some(names) = &body.names().fields[*of].variant else {
                return TokenStream::new();
            };
            let member = &body.names().fields[*of].member;
            let owned = &names.owned;
            let cases = names.cases.iter().zip(&variant.cases).map(|(ident, case)| {
                let tag = Literal::u64_unsuffixed(case.tag);
                quote! { #owned::#ident(_) => #tag, }
            });
            let otherwise = variant.otherwise.as_ref().map(|_| {
                let ident = &names.otherwise;
                quote! { #owned::#ident { tag, .. } => *tag, }
            });
            let ty = tag_type(body, variant);
            let mut tests = value_tests(body, &site, kind, &quote! { #local });
            if let ScalarKind::Enum(id) = kind.kind
                && body.emitter.layout.enumeration(id).unknown == Unknown::Reject
            {
                let ident = &body.emitter.names.enums[id.0].ident;
                let value = if scalar::container(kind.bits) == 64 {
                    quote! { #local }
                } else {
                    quote! { u64::from(#local) }
                };
                tests = quote! {
                    if !#ident::is_known(#local) {
                        return Err(#site.error(::packet_runtime::EncodeErrorKind::UnknownValue { value: #value }));
                    }
                };
            }
            let tests = variant.otherwise.as_ref().map(|_| tests);
            quote! {
                let #local: #ty = match &self.#member { #(#cases)* #otherwise };
                #tests
            }
        }
        Derivation::Length { of, scale, offset } => {
            let target = body.field(*of);
            let names = &body.names().fields[*of];
            let measured = suffixed(&names.local, "measured");
            let of_site = body.encode_site(body.shape_index(*of));
            let offset = wide(offset, &operands(body));
            let (min, max) = kind.range.unwrap_or(kind.limits());
            let (min, max) = (Literal::i128_unsuffixed(min), Literal::i128_unsuffixed(max));
            let scale = Literal::i128_unsuffixed(*scale);
            if !is_measured(target) {
                // A case's length: nothing but a case that has one can be measured.
                return case_length(body, index, *of, &quote! { (#min, #max) }, &scale, &offset);
            }
            let solve = quote! { ::packet_runtime::encode::solve(#site, #of_site, #measured, #scale, #offset, (#min, #max))? };
            if target.when.is_some() {
                let member = &names.member;
                quote! {
                    let #local: #raw = if self.#member.is_some() {
                        #solve
                    } else {
                        ::packet_runtime::encode::solve_absent(#scale, #offset, (#min, #max))
                    };
                }
            } else {
                quote! { let #local: #raw = #solve; }
            }
        }
    }
}

/// The value of a length field that only some cases of a variant have.
fn case_length(
    body: &Body<'_>,
    index: usize,
    of: usize,
    range: &TokenStream,
    scale: &Literal,
    offset: &TokenStream,
) -> TokenStream {
    let field = body.field(index);
    let local = &body.names().fields[index].local;
    let (Type::Scalar(kind), Type::Variant(variant), Some(names)) = (
        &field.ty,
        &body.field(of).ty,
        &body.names().fields[of].variant,
    ) else {
        return TokenStream::new();
    };
    let raw = scalar::raw_type(kind);
    let site = body.encode_site(body.shape_index(index));
    let member = &body.names().fields[of].member;
    let owned = &names.owned;
    let counted = |ty: &Type| matches!(ty, Type::Bytes(Extent::Counted(expr)) | Type::Text(Extent::Counted(expr), _) if expr.fields().contains(&index));
    let arm = |pattern: TokenStream, entry: u16| {
        let of_site = body.encode_site(entry);
        quote! { #pattern => ::packet_runtime::encode::solve(#site, #of_site, value.len(), #scale, #offset, #range)?, }
    };
    let cases = names
        .cases
        .iter()
        .zip(&variant.cases)
        .enumerate()
        .filter(|(_, (_, case))| counted(&case.ty))
        .map(|(number, (ident, _))| {
            let pattern = if body.field(of).when.is_some() {
                quote! { Some(#owned::#ident(value)) }
            } else {
                quote! { #owned::#ident(value) }
            };
            arm(pattern, body.case_index(of, number))
        });
    let otherwise = variant
        .otherwise
        .as_ref()
        .filter(|ty| counted(ty))
        .map(|_| {
            let ident = &names.otherwise;
            let pattern = if body.field(of).when.is_some() {
                quote! { Some(#owned::#ident { value, .. }) }
            } else {
                quote! { #owned::#ident { value, .. } }
            };
            arm(pattern, body.case_index(of, variant.cases.len()))
        });
    quote! {
        #[allow(unreachable_patterns)]
        let #local: #raw = match &self.#member {
            #(#cases)*
            #otherwise
            _ => ::packet_runtime::encode::solve_absent(#scale, #offset, #range),
        };
    }
}

/// Compares a field with every expression that is not true by the way its derived field was computed.
fn verify(body: &Body<'_>, index: usize) -> TokenStream {
    let field = body.field(index);
    if !is_owned(field) {
        return TokenStream::new();
    }
    let names = &body.names().fields[index];
    let member = &names.member;
    let site = body.encode_site(body.shape_index(index));
    let mut statements = TokenStream::new();
    if let Some(when) = &field.when
        && !solves(body, when, index)
    {
        let present = condition(when, &operands(body));
        statements.extend(quote! {
            let present = #present;
            if present != self.#member.is_some() {
                return Err(#site.error(::packet_runtime::EncodeErrorKind::PresenceMismatch));
            }
        });
    }
    if let Type::Variant(variant) = &field.ty {
        statements.extend(verify_case(body, index, variant));
        statements.extend(verify_case_lengths(body, index, variant));
        statements.extend(after_rest(body, index, variant));
    }
    let length = match (&field.bound, &field.ty) {
        (Some(Bound::Sized(expr)), _) => Some(expr),
        (_, Type::Bytes(extent) | Type::Text(extent, _) | Type::Array { extent, .. }) => {
            match extent {
                Extent::Counted(expr) | Extent::Sized(expr) => Some(expr),
                _ => None,
            }
        }
        _ => None,
    };
    if let Some(expr) = length
        && !solves(body, expr, index)
    {
        let measured = suffixed(&names.local, "measured");
        let expected = wide(expr, &operands(body));
        let test = quote! { ::packet_runtime::encode::same_length(#site, #expected, #measured)?; };
        statements.extend(if field.when.is_some() {
            quote! { if self.#member.is_some() { #test } }
        } else {
            test
        });
    }
    statements
}

/// Whether the expression gave the value of a derived field in it, and so holds.
fn solves(body: &Body<'_>, expr: &Expr, of: usize) -> bool {
    expr.fields()
        .iter()
        .any(|field| match &body.field(*field).role {
            Role::Derived(
                Derivation::Length { of: found, .. } | Derivation::Presence { of: found, .. },
            ) => *found == of,
            _ => false,
        })
}

fn verify_case(body: &Body<'_>, index: usize, variant: &Variant) -> TokenStream {
    let field = body.field(index);
    let derived = is_tag_of(body, variant.tag, index);
    if derived && variant.guard.is_none() && variant.otherwise.is_none() {
        return TokenStream::new();
    }
    let Some(names) = &body.names().fields[index].variant else {
        return TokenStream::new();
    };
    let site = body.encode_site(body.shape_index(index));
    let member = &body.names().fields[index].member;
    let tag = &body.names().fields[variant.tag].local;
    let owned = &names.owned;
    let guard = variant.guard.as_ref().map(|guard| {
        let guard = condition(guard, &operands(body));
        quote! { let guard = #guard; }
    });
    let guarded = guard.as_ref().map(|_| quote! { if guard });
    let numbers: Vec<Literal> = (0..variant.cases.len())
        .map(Literal::usize_suffixed)
        .collect();
    let tags = variant
        .cases
        .iter()
        .map(|case| Literal::u64_unsuffixed(case.tag));
    let idents = &names.cases;
    let otherwise = variant.otherwise.as_ref().map(|_| {
        let ident = &names.otherwise;
        quote! { #owned::#ident { .. } => usize::MAX, }
    });
    let value = if field.when.is_some() {
        quote! { value }
    } else {
        quote! { &self.#member }
    };
    let compare = quote! {
        let expected = match #tag { #(#tags #guarded => #numbers,)* _ => usize::MAX };
        let chosen = match #value { #(#owned::#idents(_) => #numbers,)* #otherwise };
        if expected != chosen {
            return Err(#site.error(::packet_runtime::EncodeErrorKind::CaseMismatch));
        }
    };
    if field.when.is_some() {
        quote! { #guard if let Some(value) = &self.#member { #compare } }
    } else {
        quote! { #guard #compare }
    }
}

/// The lengths of cases that have one.
fn verify_case_lengths(body: &Body<'_>, index: usize, variant: &Variant) -> TokenStream {
    let Some(names) = &body.names().fields[index].variant else {
        return TokenStream::new();
    };
    let member = &body.names().fields[index].member;
    let owned = &names.owned;
    let optional = body.field(index).when.is_some();
    let test = |pattern: TokenStream, entry: u16, ty: &Type| {
        let (Type::Bytes(Extent::Counted(expr)) | Type::Text(Extent::Counted(expr), _)) = ty else {
            return TokenStream::new();
        };
        let site = body.encode_site(entry);
        let expected = wide(expr, &operands(body));
        let pattern = if optional {
            quote! { Some(#pattern) }
        } else {
            pattern
        };
        quote! {
            #[allow(irrefutable_let_patterns)]
            if let #pattern = &self.#member {
                ::packet_runtime::encode::same_length(#site, #expected, value.len())?;
            }
        }
    };
    let cases =
        names
            .cases
            .iter()
            .zip(&variant.cases)
            .enumerate()
            .map(|(number, (ident, case))| {
                test(
                    quote! { #owned::#ident(value) },
                    body.case_index(index, number),
                    &case.ty,
                )
            });
    let otherwise = variant.otherwise.as_ref().map(|ty| {
        let ident = &names.otherwise;
        test(
            quote! { #owned::#ident { value, .. } },
            body.case_index(index, variant.cases.len()),
            ty,
        )
    });
    quote! { #(#cases)* #otherwise }
}

/// A rest after a variant must be empty if the case takes everything itself.
fn after_rest(body: &Body<'_>, index: usize, variant: &Variant) -> TokenStream {
    let field = body.field(index);
    let rest = body.layout.fields.get(index + 1).filter(|next| {
        matches!(
            &next.ty,
            Type::Bytes(Extent::Rest { .. })
                | Type::Text(Extent::Rest { .. }, _)
                | Type::Array {
                    extent: Extent::Rest { .. },
                    ..
                }
        )
    });
    let (Some(_), None, Some(names)) = (rest, &field.bound, &body.names().fields[index].variant)
    else {
        return TokenStream::new();
    };
    let layout = body.emitter.layout;
    let owned = &names.owned;
    let optional = field.when.is_some();
    let cases = names
        .cases
        .iter()
        .zip(&variant.cases)
        .filter(|(_, case)| layout.is_greedy(&case.ty))
        .map(|(ident, _)| quote! { #owned::#ident(_) });
    let otherwise = variant
        .otherwise
        .iter()
        .filter(|ty| layout.is_greedy(ty))
        .map(|_| {
            let ident = &names.otherwise;
            quote! { #owned::#ident { .. } }
        });
    let patterns: Vec<TokenStream> = cases
        .chain(otherwise)
        .map(|pattern| {
            if optional {
                quote! { Some(#pattern) }
            } else {
                pattern
            }
        })
        .collect();
    if patterns.is_empty() {
        return TokenStream::new();
    }
    let member = &body.names().fields[index].member;
    let rest = &body.names().fields[index + 1].member;
    let site = body.encode_site(body.shape_index(index + 1));
    quote! {
        if matches!(&self.#member, #(#patterns)|*) && !self.#rest.is_empty() {
            return Err(#site.error(::packet_runtime::EncodeErrorKind::AfterRest));
        }
    }
}

fn write(body: &Body<'_>) -> TokenStream {
    let names = body.names();
    let shape = &names.shape;
    let mut statements = TokenStream::new();
    for (number, part) in body.layout.parts.iter().enumerate() {
        let (range, tokens) = match part {
            Part::Static { size, fields } => {
                (fields.clone(), write_part(body, *size, fields.clone()))
            }
            Part::Dynamic { field } => (*field..*field + 1, write_dynamic(body, *field)),
        };
        if position_needed(body, number) {
            let at = suffixed(&names.fields[range.start].local, "at");
            statements.extend(quote! { let #at = writer.position(); });
        }
        statements.extend(tokens);
    }
    for (index, field) in body.layout.fields.iter().enumerate() {
        if let Role::Checksum(checksum) = &field.role {
            statements.extend(write_checksum(body, index, checksum));
        }
    }
    let derive = kept(body)
        .next()
        .map(|_| quote! { let derived = self.derive_fields()?; });
    let ignored = body
        .layout
        .parts
        .is_empty()
        .then(|| quote! { let _ = (writer, &#shape); });
    quote! { #derive #ignored #statements Ok(()) }
}

/// Whether a checksum needs to know where the part begins: it lies in it, begins with it, or ends where
/// a part before it does.
fn position_needed(body: &Body<'_>, number: usize) -> bool {
    let is_static = |part: usize| matches!(body.layout.parts.get(part), Some(Part::Static { .. }));
    body.layout
        .fields
        .iter()
        .enumerate()
        .any(|(index, field)| match &field.role {
            Role::Checksum(checksum) => {
                let to = part_number(body, checksum.to);
                let end = if is_static(to) { to } else { to + 1 };
                [
                    part_number(body, index),
                    part_number(body, checksum.from),
                    end,
                ]
                .contains(&number)
            }
            _ => false,
        })
}

/// The position where a field begins in the buffer, and where it ends.
fn written_extent(body: &Body<'_>, index: usize) -> (TokenStream, TokenStream) {
    let names = body.names();
    for (number, part) in body.layout.parts.iter().enumerate() {
        match part {
            Part::Static { fields, .. } if fields.contains(&index) => {
                let at = suffixed(&names.fields[fields.start].local, "at");
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
                return (begin, quote! { #at + #end });
            }
            Part::Dynamic { field } if *field == index => {
                let at = suffixed(&names.fields[index].local, "at");
                let end = match body.layout.parts.get(number + 1) {
                    Some(Part::Static { fields, .. }) => {
                        suffixed(&names.fields[fields.start].local, "at")
                    }
                    Some(Part::Dynamic { field }) => suffixed(&names.fields[*field].local, "at"),
                    None => return (quote! { #at }, quote! { writer.position() }),
                };
                return (quote! { #at }, quote! { #end });
            }
            _ => {}
        }
    }
    (TokenStream::new(), TokenStream::new())
}

fn write_checksum(body: &Body<'_>, index: usize, checksum: &Checksum) -> TokenStream {
    let Type::Scalar(kind) = &body.field(index).ty else {
        return TokenStream::new();
    };
    let (own, _) = written_extent(body, index);
    let (from, _) = written_extent(body, checksum.from);
    let (_, to) = written_extent(body, checksum.to);
    let size = Literal::usize_unsuffixed(kind.bytes());
    let compute = compute(checksum.algorithm);
    let bytes = match kind.endian {
        packet_schema::layout::Endian::Big => quote! { to_be_bytes },
        packet_schema::layout::Endian::Little => quote! { to_le_bytes },
    };
    quote! {
        let value = #compute(&::packet_runtime::checksum::around(
            writer.written(0, writer.position()),
            #from,
            #to,
            #own,
            #size,
        ));
        writer.patch(#own, &value.#bytes());
    }
}

fn write_part(body: &Body<'_>, size: usize, fields: std::ops::Range<usize>) -> TokenStream {
    let shape = &body.names().shape;
    let part = quote! { part };
    let mut numbers: Vec<scalar::Written> = Vec::new();
    let mut others = TokenStream::new();
    for index in fields {
        let field = body.field(index);
        let names = &body.names().fields[index];
        let (member, local) = (&names.member, &names.local);
        let (offset, bytes) = place_bytes(field.place);
        let (start, end) = (
            Literal::usize_unsuffixed(offset),
            Literal::usize_unsuffixed(offset + bytes),
        );
        match &field.ty {
            Type::Scalar(kind) => {
                let raw = match &field.role {
                    Role::Data => scalar::to_raw(body.emitter, kind, &quote! { self.#member }),
                    Role::Const(value) | Role::Id(value) => {
                        let value = Literal::u64_unsuffixed(*value);
                        quote! { #value }
                    }
                    Role::Derived(_) | Role::Size { .. } => quote! { derived.#local },
                    Role::Reserved { .. } | Role::Checksum(_) => {
                        if kind.kind == ScalarKind::Float { quote! { 0.0 } } else { quote! { 0 } }
                    }
                };
                numbers.push(scalar::Written { place: field.place, scalar: *kind, raw });
            }
            Type::Struct(_) => others.extend(quote! {
                ::packet_runtime::Encode::write(&self.#member, &mut ::packet_runtime::Writer::new(&mut part[#start..#end]))?;
            }),
            Type::Bytes(_) if is_owned(field) => others.extend(quote! { part[#start..#end].copy_from_slice(&self.#member); }),
            Type::Bytes(_) => others.extend(quote! { part[#start..#end].fill(0); }),
            Type::Text(..) => others.extend(quote! {
                let (text, padding) = part[#start..#end].split_at_mut(self.#member.len());
                text.copy_from_slice(self.#member.as_bytes());
                padding.fill(0);
            }),
            Type::Array { .. } | Type::Variant(_) => {}
        }
    }
    let numbers = scalar::write(&part, &numbers);
    let size = Literal::usize_unsuffixed(size);
    quote! {
        let part = writer.array::<#size>(&#shape)?;
        #numbers
        #others
    }
}

fn write_dynamic(body: &Body<'_>, index: usize) -> TokenStream {
    let field = body.field(index);
    let member = &body.names().fields[index].member;
    let block = |value: &Source| match &field.ty {
        Type::Variant(variant) => write_variant(body, index, variant, value),
        ty => write_plain(body, ty, value),
    };
    if field.when.is_some() {
        let block = block(&Source::bound());
        quote! { if let Some(value) = &self.#member { #block } }
    } else {
        block(&Source::member(member))
    }
}

/// Statements that write a value other than a variant.
fn write_plain(body: &Body<'_>, ty: &Type, value: &Source) -> TokenStream {
    let shape = &body.names().shape;
    let Source {
        reference,
        place,
        copy,
    } = value;
    match ty {
        Type::Scalar(kind) => write_number(body, kind, copy),
        Type::Struct(_) => quote! { ::packet_runtime::Encode::write(#reference, writer)?; },
        Type::Bytes(extent) => {
            let prefix = write_prefix(shape, extent, place);
            quote! { #prefix writer.bytes(&#shape, #reference)?; }
        }
        Type::Text(Extent::Fixed(size), _) => {
            let size = Literal::usize_unsuffixed(*size);
            quote! {
                let (text, padding) = writer.array::<#size>(&#shape)?.split_at_mut(#place.len());
                text.copy_from_slice(#place.as_bytes());
                padding.fill(0);
            }
        }
        Type::Text(extent, _) => {
            let prefix = write_prefix(shape, extent, place);
            quote! { #prefix writer.bytes(&#shape, #place.as_bytes())?; }
        }
        Type::Array { element, extent } => {
            let prefix = write_prefix(shape, extent, place);
            let elements = match element.as_ref() {
                Type::Scalar(Scalar {
                    bits: 8,
                    kind: ScalarKind::Unsigned,
                    ..
                }) => quote! { writer.bytes(&#shape, #reference)?; },
                element => {
                    let write = write_plain(body, element, &Source::bound());
                    quote! { for value in #reference { #write } }
                }
            };
            quote! { #prefix #elements }
        }
        Type::Variant(_) => TokenStream::new(),
    }
}

/// Statements that write a number outside of a static part.
fn write_number(body: &Body<'_>, kind: &Scalar, value: &TokenStream) -> TokenStream {
    let raw = scalar::to_raw(body.emitter, kind, value);
    write_raw(&body.names().shape, kind, raw)
}

fn write_raw(shape: &Ident, kind: &Scalar, raw: TokenStream) -> TokenStream {
    let size = Literal::usize_unsuffixed(kind.bytes());
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
    quote! { let part = writer.array::<#size>(&#shape)?; #store }
}

/// Writes the length in front of a value. It was tested to fit.
fn write_prefix(shape: &Ident, extent: &Extent, place: &TokenStream) -> TokenStream {
    let Extent::Prefixed(kind) = extent else {
        return TokenStream::new();
    };
    let raw = scalar::raw_type(kind);
    write_raw(
        shape,
        kind,
        quote! { ::packet_runtime::encode::prefix::<#raw>(#place.len()) },
    )
}

fn write_variant(body: &Body<'_>, index: usize, variant: &Variant, value: &Source) -> TokenStream {
    let Some(names) = &body.names().fields[index].variant else {
        return TokenStream::new();
    };
    let owned = &names.owned;
    let cases = names.cases.iter().zip(&variant.cases).map(|(ident, case)| {
        let block = write_plain(body, &case.ty, &Source::bound());
        quote! { #owned::#ident(value) => { #block } }
    });
    let otherwise = variant.otherwise.as_ref().map(|ty| {
        let ident = &names.otherwise;
        let block = write_plain(body, ty, &Source::bound());
        quote! { #owned::#ident { value, .. } => { #block } }
    });
    let value = &value.reference;
    quote! { match #value { #(#cases)* #otherwise } }
}
