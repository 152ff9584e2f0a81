//! Strategies of what a field or a variant's case holds, as far as that does not depend on other fields.

use super::super::variant::VariantField;
use super::super::{Body, scalar};
use super::{counts_bytes, element_size};
use packet_schema::layout::{
    Bound, Derivation, Encoding, Expr, ExprOp, Extent, Field, Prefix, Role, Scalar, ScalarKind,
    StructId, Type, Unknown, Variant,
};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// How many bytes, or elements that are numbers, there are at most more than there must be.
const MOST: u64 = 32;

/// How many structs likewise.
const MOST_STRUCTS: u64 = 8;

/// How much larger than it must be a number is at most that says a length.
const MOST_COUNTED: i128 = 24;

pub(super) fn literal(number: u64) -> Literal {
    Literal::u64_unsuffixed(number)
}

/// The largest number of so many bits, up to 64.
pub(super) const fn mask(bits: u32) -> u64 {
    match bits {
        64.. => u64::MAX,
        _ => (1 << bits) - 1,
    }
}

/// The strategy of a field's value where it is there.
pub(super) fn content(body: &Body<'_>, index: usize, field: &Field) -> TokenStream {
    if let Some(number) = field.ty.number() {
        return read_number(body, index, &number);
    }
    if let (Some(room), Type::Struct(id)) = (field.pad_to, &field.ty) {
        return within(body, *id, room);
    }
    strategy(body, index, &field.ty, field.length)
}

/// The strategy of structs of at most `room` bytes.
fn within(body: &Body<'_>, id: StructId, room: usize) -> TokenStream {
    let ident = &body.emitter.names.structs[id.0].owned;
    let room = Literal::usize_unsuffixed(room);
    quote! { rt::proptest::within::<#ident>(#room) }
}

/// The strategy of a number that other fields may follow.
fn read_number(body: &Body<'_>, index: usize, kind: &Scalar) -> TokenStream {
    if !matches!(kind.kind, ScalarKind::Unsigned | ScalarKind::Signed) {
        return number(body, kind, &[]);
    }
    let mut kind = *kind;
    let mut special = Vec::new();
    for field in &body.layout.fields {
        let size = match &field.bound {
            Some(Bound::Sized(size)) => Some(size),
            _ => None,
        };
        let mut lengths = field.ty.lengths().chain(size);
        if lengths.any(|length| length.fields().contains(&index)) {
            let (min, max) = kind.range.unwrap_or(kind.limits());
            let min = min.max(0).min(max);
            kind.range = Some((min, max.min(min + MOST_COUNTED)));
        }
        let mut conditions: Vec<&Expr> = field.when.iter().collect();
        if let Type::Variant(Variant {
            tag, guard, cases, ..
        }) = &field.ty
        {
            conditions.extend(guard);
            if *tag == index {
                special.extend(cases.iter().map(|case| i128::from(case.tag)));
            }
        }
        for condition in conditions {
            if condition.fields().contains(&index) {
                constants(condition, &mut special);
            }
        }
    }
    let (min, max) = kind.range.unwrap_or(kind.limits());
    special.retain(|value| (min..=max).contains(value));
    special.sort_unstable();
    special.dedup();
    number(body, &kind, &special)
}

/// The numbers that an expression compares with.
fn constants(expr: &Expr, found: &mut Vec<i128>) {
    match &expr.op {
        ExprOp::Int(value) => found.push(*value),
        ExprOp::Field(_) | ExprOp::Measure(..) => {}
        ExprOp::Not(inner) => constants(inner, found),
        ExprOp::Binary(_, a, b) => {
            constants(a, found);
            constants(b, found);
        }
    }
}

/// The strategy of a number, and which values are of interest.
fn number(body: &Body<'_>, kind: &Scalar, special: &[i128]) -> TokenStream {
    match kind.kind {
        ScalarKind::Unsigned | ScalarKind::Signed => integer(kind, special),
        ScalarKind::Float => {
            let (raw, finite) = (scalar::raw_type(kind), kind.finite);
            quote! { rt::proptest::float::<#raw>(#finite) }
        }
        ScalarKind::Bool | ScalarKind::Enum(_) | ScalarKind::Flags(_) => {
            let ty = scalar::rust_type(body.emitter, kind);
            quote! { rt::proptest::any::<#ty>() }
        }
    }
}

fn integer(kind: &Scalar, special: &[i128]) -> TokenStream {
    let raw = scalar::raw_type(kind);
    let special = special.iter().map(|value| Literal::i128_unsuffixed(*value));
    let (min, max) = scalar::literals(kind.range.unwrap_or(kind.limits()));
    let max = match (kind.kind, kind.bits, kind.range) {
        (ScalarKind::Unsigned, 128, None) => Literal::u128_unsuffixed(u128::MAX),
        (ScalarKind::Unsigned, 127, None) => Literal::u128_unsuffixed(u128::MAX >> 1),
        _ => max,
    };
    quote! { rt::proptest::integer::<#raw>(&[#(#special),*], #min, #max) }
}

/// The strategy of what a type holds in the field `index`, whose length is in `limits`.
pub(super) fn strategy(
    body: &Body<'_>,
    index: usize,
    ty: &Type,
    limits: Option<(u64, u64)>,
) -> TokenStream {
    if let Some(kind) = ty.number() {
        return number(body, &kind, &[]);
    }
    match ty {
        Type::Struct(id) => {
            let ident = &body.emitter.names.structs[id.0].owned;
            quote! { rt::proptest::any::<#ident>() }
        }
        Type::Variant(_) => {
            let names = body.names().fields[index].variant.as_ref();
            let ident = names.map(|names| &names.owned);
            quote! { rt::proptest::any::<#ident>() }
        }
        Type::Bytes(Extent::Fixed(size)) => {
            let size = Literal::usize_unsuffixed(*size);
            quote! { rt::proptest::byte_array::<#size>() }
        }
        Type::Bytes(extent) => {
            let (min, max) = lengths(body, index, extent, limits, Some(1), MOST);
            quote! { rt::proptest::bytes(#min, #max) }
        }
        Type::Text(extent, encoding) => {
            let (min, max) = if let Extent::Fixed(size) = extent {
                (literal(0), Literal::usize_unsuffixed(*size))
            } else {
                lengths(body, index, extent, limits, Some(1), MOST)
            };
            let encoding = self::encoding(*encoding);
            let nul = !matches!(extent, Extent::Fixed(_) | Extent::Terminated);
            quote! { rt::proptest::text(#encoding, #min, #max, #nul) }
        }
        Type::Array { element, extent } => {
            let most = match element.as_ref() {
                Type::Struct(_) => MOST_STRUCTS,
                _ => MOST,
            };
            let size = element_size(body, element);
            let (min, max) = lengths(body, index, extent, limits, size, most);
            let element = match (body.field(index).pad_to, element.as_ref(), size) {
                // There is one at most, if any.
                (Some(room), Type::Struct(id), None) => {
                    within(body, *id, room - extra(extent).min(room))
                }
                _ => strategy(body, index, element, None),
            };
            quote! { rt::proptest::list(#element, #min, #max) }
        }
        Type::Scalar(_) | Type::Varint(_) | Type::Skipped => quote! { rt::proptest::any::<()>() },
    }
}

fn encoding(encoding: Encoding) -> TokenStream {
    match encoding {
        Encoding::Utf8 => quote! { rt::proptest::Encoding::Utf8 },
        Encoding::Ascii => quote! { rt::proptest::Encoding::Ascii },
        Encoding::Latin1 => quote! { rt::proptest::Encoding::Latin1 },
        Encoding::Utf16(_) => quote! { rt::proptest::Encoding::Utf16 },
    }
}

/// The shortest and the longest length to try, in bytes or elements of `unit` bytes.
fn lengths(
    body: &Body<'_>,
    index: usize,
    extent: &Extent,
    limits: Option<(u64, u64)>,
    unit: Option<usize>,
    most: u64,
) -> (Literal, Literal) {
    if let Extent::Fixed(count) = extent {
        let count = Literal::usize_unsuffixed(*count);
        return (count.clone(), count);
    }
    let (mut min, mut max) = limits.unwrap_or((0, u64::MAX));
    let mut within = |low: i128, high: i128| {
        min = min.max(u64::try_from(low).unwrap_or(0));
        max = max.min(u64::try_from(high.max(0)).unwrap_or(u64::MAX));
    };
    if let Extent::Prefixed(prefix) = extent {
        let (low, high) = prefix.limits();
        within(low, high);
    }
    if let Some(size) = body.field(index).pad_to {
        let room = size.saturating_sub(extra(extent));
        within(0, (room / unit.unwrap_or(room).max(1)) as i128);
    }
    let mut is_free = extent.length().is_none();
    // The unit of what counts bytes, and how many elements that is.
    let unit = if counts_bytes(extent) {
        unit.unwrap_or(1).max(1) as i128
    } else {
        1
    };
    for field in &body.layout.fields {
        if let Role::Derived(Derivation::Length { of, scale, offset }) = &field.role
            && *of == index
            && let Some(kind) = field.ty.number()
        {
            is_free = true;
            let (low, high) = kind.range.unwrap_or(kind.limits());
            let end = |number: i128, rest: i128| number.checked_mul(*scale)?.checked_add(rest);
            // Between the two, whatever the other fields in the expression are.
            let ends = [end(low, offset.min), end(high, offset.min)];
            let ends = ends
                .into_iter()
                .chain([end(low, offset.max), end(high, offset.max)]);
            if let Some(ends) = ends.collect::<Option<Vec<i128>>>() {
                let low = ends.iter().min().copied().unwrap_or(0);
                let high = ends.iter().max().copied().unwrap_or(i128::MAX);
                within(low / unit, high / unit);
            }
        }
    }
    if !is_free {
        // What is there can be repeated to get longer.
        min = min.max(1);
    }
    let max = max.min(min.saturating_add(most)).max(min);
    (literal(min), literal(max))
}

/// Most bytes of an extent besides those that it counts.
fn extra(extent: &Extent) -> usize {
    match extent {
        Extent::Prefixed(Prefix::Fixed(scalar)) => scalar.bytes(),
        Extent::Prefixed(Prefix::Varint(varint)) => varint.max_bytes(),
        Extent::Until(sentinel) => sentinel.bytes.len(),
        Extent::Terminated => 2,
        _ => 0,
    }
}

/// An expression that makes the content of a field as long as an error asks for; whether it could. `None` if it
/// always has the same length.
pub(super) fn fits(body: &Body<'_>, ty: &Type, place: &TokenStream) -> Option<TokenStream> {
    match ty {
        Type::Bytes(Extent::Fixed(_))
        | Type::Text(Extent::Fixed(_), _)
        | Type::Array {
            extent: Extent::Fixed(_),
            ..
        } => None,
        Type::Bytes(_) => Some(quote! { rt::proptest::fit(#place, kind, 1) }),
        Type::Text(_, encoding) => {
            let encoding = self::encoding(*encoding);
            Some(quote! { rt::proptest::fit_text(#place, kind, #encoding) })
        }
        Type::Array { element, extent } => {
            let width = if counts_bytes(extent) {
                element_size(body, element).unwrap_or(0)
            } else {
                1
            };
            let width = Literal::usize_unsuffixed(width);
            Some(quote! { rt::proptest::fit(#place, kind, #width) })
        }
        Type::Scalar(_) | Type::Varint(_) | Type::Struct(_) | Type::Variant(_) | Type::Skipped => {
            None
        }
    }
}

/// The strategy of the tag of a variant's `else`, if there is one that no case has.
pub(super) fn tag(body: &Body<'_>, found: &VariantField<'_>) -> Option<TokenStream> {
    let layout = body.emitter.layout;
    let kind = body.field(found.variant.tag).ty.number()?;
    let raw = scalar::raw_type(&kind);
    // Where a guard decides, the tag may be that of a case.
    let taken: Vec<u64> = match found.variant.guard {
        Some(_) => Vec::new(),
        None => found.variant.cases.iter().map(|case| case.tag).collect(),
    };
    let select = |values: Vec<u64>| {
        let values: Vec<Literal> = values
            .into_iter()
            .filter(|value| !taken.contains(value))
            .map(literal)
            .collect();
        (!values.is_empty()).then(|| quote! { rt::proptest::select::<#raw>(&[#(#values),*]) })
    };
    let kind = match kind.kind {
        ScalarKind::Bool => return select(vec![0, 1]),
        ScalarKind::Enum(id) if layout.enumeration(id).unknown == Unknown::Reject => {
            let values = &layout.enumeration(id).values;
            return select(values.iter().map(|value| value.value).collect());
        }
        ScalarKind::Flags(id) if layout.flag_set(id).unknown != Unknown::Keep => {
            let bits = layout.flag_set(id).values.iter().map(|flag| 1 << flag.bit);
            return select(std::iter::once(0).chain(bits).collect());
        }
        ScalarKind::Signed => kind,
        _ => Scalar {
            kind: ScalarKind::Unsigned,
            ..kind
        },
    };
    let (min, max) = kind.range.unwrap_or(kind.limits());
    let is_all_taken = max.checked_sub(min).is_some_and(|more| {
        let in_range = |tag: &&u64| (min..=max).contains(&i128::from(**tag));
        taken.iter().filter(in_range).count() as i128 > more
    });
    if is_all_taken {
        return None;
    }
    let any = integer(&kind, &[]);
    if taken.is_empty() {
        return Some(any);
    }
    let taken = taken.into_iter().map(literal);
    Some(quote! { rt::proptest::except(#any, &[#(#taken),*]) })
}
