//! Numbers: reading them from a static part, testing them, writing them.
//!
//! A number has three forms: its bytes; its *raw* value, the smallest unsigned or signed Rust integer
//! that holds it; and the type that users see.

use super::Emitter;
use packet_schema::layout::{Endian, Place, Role, Scalar, ScalarKind, Unknown};
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;

/// Bits of the smallest Rust integer with at least `bits`.
pub(super) const fn container(bits: u32) -> u32 {
    match bits {
        0..=8 => 8,
        9..=16 => 16,
        17..=32 => 32,
        33..=64 => 64,
        _ => 128,
    }
}

fn ident(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}

/// The smallest unsigned integer type with at least `bits`.
pub(super) fn unsigned(bits: u32) -> Ident {
    ident(&format!("u{}", container(bits)))
}

/// The raw type; of a float, the float.
pub(super) fn raw_type(scalar: &Scalar) -> Ident {
    let bits = container(scalar.bits);
    match scalar.kind {
        ScalarKind::Signed => ident(&format!("i{bits}")),
        ScalarKind::Float => ident(&format!("f{bits}")),
        _ => unsigned(scalar.bits),
    }
}

/// The type that users see.
pub(super) fn rust_type(emitter: &Emitter<'_>, scalar: &Scalar) -> TokenStream {
    if let Some(ty) = emitter.outside_scalar(scalar) {
        return ty.clone();
    }
    match scalar.kind {
        ScalarKind::Bool => quote! { bool },
        ScalarKind::Enum(id) => {
            let ident = &emitter.names.enums[id.0].ident;
            quote! { #ident }
        }
        ScalarKind::Flags(id) => {
            let ident = &emitter.names.flags[id.0].ident;
            quote! { #ident }
        }
        _ => {
            let raw = raw_type(scalar);
            quote! { #raw }
        }
    }
}

/// The user's value from a raw one that was tested.
pub(super) fn from_raw(emitter: &Emitter<'_>, scalar: &Scalar, raw: &TokenStream) -> TokenStream {
    if let Some(number) = emitter.outside_number(scalar) {
        return quote! { #number::from_tested(#raw) };
    }
    match scalar.kind {
        ScalarKind::Bool => quote! { #raw != 0 },
        ScalarKind::Enum(id) => {
            let ident = &emitter.names.enums[id.0].ident;
            match emitter.layout.enumeration(id).unknown {
                Unknown::Reject => quote! { #ident::from_tested(#raw) },
                Unknown::Keep | Unknown::Skip => quote! { #ident(#raw) },
            }
        }
        ScalarKind::Flags(id) => {
            let ident = &emitter.names.flags[id.0].ident;
            quote! { #ident(#raw) }
        }
        _ => raw.clone(),
    }
}

/// The raw value from the user's.
pub(super) fn to_raw(emitter: &Emitter<'_>, scalar: &Scalar, value: &TokenStream) -> TokenStream {
    if let Some(number) = emitter.outside_number(scalar) {
        return quote! { #number::to_raw(#value) };
    }
    match scalar.kind {
        ScalarKind::Bool => quote! { (#value as u8) },
        ScalarKind::Enum(id) => match emitter.layout.enumeration(id).unknown {
            Unknown::Reject => quote! { #value.value() },
            Unknown::Keep | Unknown::Skip => quote! { #value.0 },
        },
        ScalarKind::Flags(_) => kept(emitter, scalar, &quote! { #value.0 }),
        _ => value.clone(),
    }
}

/// The raw value `raw` without the flags that are dropped.
pub(super) fn kept(emitter: &Emitter<'_>, scalar: &Scalar, raw: &TokenStream) -> TokenStream {
    if let Some(number) = emitter.outside_number(scalar) {
        return quote! { #number::kept(#raw) };
    }
    match scalar.kind {
        ScalarKind::Flags(id) if emitter.layout.flag_set(id).unknown == Unknown::Skip => {
            let ident = &emitter.names.flags[id.0].ident;
            quote! { (#raw & #ident::ALL.0) }
        }
        _ => raw.clone(),
    }
}

/// Whether some bytes of this size are no value of the field.
pub(super) fn can_be_wrong(emitter: &Emitter<'_>, scalar: &Scalar, role: &Role) -> bool {
    let layout = emitter.layout;
    match role {
        Role::Const(_) | Role::Id(_) => return true,
        Role::Reserved { strict } => return *strict,
        _ => {}
    }
    if emitter.outside_scalar(scalar).is_some() {
        return true;
    }
    match scalar.kind {
        ScalarKind::Bool => scalar.bits > 1,
        ScalarKind::Enum(id) => layout.enumeration(id).unknown == Unknown::Reject,
        ScalarKind::Flags(id) => layout.flag_set(id).unknown == Unknown::Reject,
        ScalarKind::Float => scalar.finite,
        // A range of all the numbers there are leaves nothing to test.
        ScalarKind::Unsigned | ScalarKind::Signed => scalar
            .range
            .is_some_and(|(min, max)| outside(scalar, &TokenStream::new(), min, max).is_some()),
    }
}

/// Reads the raw value (of a float, the float) from `bytes`, an array.
pub(super) fn read(bytes: &TokenStream, place: Place, scalar: &Scalar) -> TokenStream {
    match place {
        Place::Bits {
            offset,
            size,
            endian,
            shift,
        } => {
            // A run has at most 8 bytes.
            let run = u32::try_from(size).unwrap_or(8) * 8;
            let value = integer(bytes, offset, size, endian, &unsigned(run), false);
            let shift_by = Literal::u32_unsuffixed(shift);
            let shifted = if shift == 0 {
                value
            } else {
                quote! { (#value >> #shift_by) }
            };
            let masked = if scalar.bits + shift == container(run) {
                shifted
            } else {
                let mask = mask(scalar.bits);
                quote! { (#shifted & #mask) }
            };
            let (from, to) = (container(run), container(scalar.bits));
            let target = unsigned(scalar.bits);
            let cast = if from == to {
                masked
            } else {
                quote! { (#masked as #target) }
            };
            if scalar.kind == ScalarKind::Signed {
                let up = Literal::u32_unsuffixed(to - scalar.bits);
                if to == scalar.bits {
                    quote! { #cast.cast_signed() }
                } else {
                    quote! { ((#cast << #up).cast_signed() >> #up) }
                }
            } else {
                cast
            }
        }
        Place::Bytes { offset, .. } => integer(
            bytes,
            offset,
            scalar.bytes(),
            scalar.endian,
            &raw_type(scalar),
            scalar.kind == ScalarKind::Signed,
        ),
        Place::Dynamic => {
            let size = scalar.bytes();
            let ty = raw_type(scalar);
            if size > 1 && size * 8 == container(scalar.bits) as usize {
                let from = from_bytes(scalar.endian);
                return quote! { #ty::#from(*#bytes) };
            }
            integer(
                bytes,
                0,
                size,
                scalar.endian,
                &ty,
                scalar.kind == ScalarKind::Signed,
            )
        }
    }
}

/// The lowest `bits` bits set, in hexadecimal.
fn mask(bits: u32) -> TokenStream {
    let mask = if bits >= 128 {
        u128::MAX
    } else {
        (1 << bits) - 1
    };
    hexadecimal(mask)
}

/// A number in hexadecimal digits, in groups of four if they are many.
pub(super) fn hexadecimal(number: u128) -> TokenStream {
    let digits = format!("{number:x}");
    let mut text = "0x".to_owned();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && digits.len() > 4 && (digits.len() - index).is_multiple_of(4) {
            text.push('_');
        }
        text.push(digit);
    }
    text.parse().unwrap_or_else(|_| quote! { 0 })
}

/// A number from 0 with a fraction, its digits in groups of three if they are many. It reads back as the
/// same number.
pub(super) fn decimal(text: &str) -> TokenStream {
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, ""));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    let grouped = |digits: &str, from_end: bool| {
        let mut text = String::new();
        for (index, digit) in digits.chars().enumerate() {
            let before = if from_end {
                digits.len() - index
            } else {
                index
            };
            if index > 0 && digits.len() > 4 && before.is_multiple_of(3) {
                text.push('_');
            }
            text.push(digit);
        }
        text
    };
    let mut text = format!("{}.{}", grouped(whole, true), grouped(fraction, false));
    if !exponent.is_empty() {
        text.push('e');
        text.push_str(exponent);
    }
    text.parse().unwrap_or_else(|_| quote! { 0.0 })
}

/// `size` bytes at `offset` as a number of type `ty`, which may be wider.
fn integer(
    bytes: &TokenStream,
    offset: usize,
    size: usize,
    endian: Endian,
    ty: &Ident,
    signed: bool,
) -> TokenStream {
    let width = width(ty);
    let byte = |at: usize| {
        let at = Literal::usize_unsuffixed(at);
        quote! { #bytes[#at] }
    };
    if size == 1 && width == 1 {
        let byte = byte(offset);
        return if signed {
            quote! { #byte.cast_signed() }
        } else {
            byte
        };
    }
    let from = from_bytes(endian);
    if size == width {
        let (at, size) = (
            Literal::usize_unsuffixed(offset),
            Literal::usize_unsuffixed(size),
        );
        return quote! { #ty::#from(*rt::sub::<#at, #size, _>(#bytes)) };
    }
    let own = (offset..offset + size).map(byte);
    let missing = width - size;
    let zeros = std::iter::repeat_n(quote! { 0 }, missing);
    // A signed number is put at the upper end, so that shifting it down extends its sign.
    let upper = signed && missing > 0;
    let list: Vec<TokenStream> = match (endian, upper) {
        (Endian::Big, false) | (Endian::Little, true) => zeros.chain(own).collect(),
        (Endian::Big, true) | (Endian::Little, false) => own.chain(zeros).collect(),
    };
    let value = quote! { #ty::#from([#(#list),*]) };
    if upper {
        let down = Literal::usize_unsuffixed(missing * 8);
        quote! { (#value >> #down) }
    } else {
        value
    }
}

/// The number of `kind` that `bytes` are, as a literal.
pub(super) fn number(kind: &Scalar, bytes: &[u8]) -> Literal {
    let fold = |number: u128, byte: &u8| number << 8 | u128::from(*byte);
    let raw = match kind.endian {
        Endian::Big => bytes.iter().fold(0, fold),
        Endian::Little => bytes.iter().rev().fold(0, fold),
    };
    if kind.kind == ScalarKind::Signed {
        let above = 128 - kind.bits.clamp(1, 128);
        return Literal::i128_unsuffixed((raw << above).cast_signed() >> above);
    }
    Literal::u128_unsuffixed(raw)
}

fn from_bytes(endian: Endian) -> Ident {
    ident(match endian {
        Endian::Big => "from_be_bytes",
        Endian::Little => "from_le_bytes",
    })
}

fn to_bytes(endian: Endian) -> Ident {
    ident(match endian {
        Endian::Big => "to_be_bytes",
        Endian::Little => "to_le_bytes",
    })
}

/// The bytes of the raw value as an array, if they are all of its Rust type's.
pub(super) fn whole_bytes(scalar: &Scalar, raw: &TokenStream) -> Option<TokenStream> {
    let ty = raw_type(scalar);
    let to = to_bytes(scalar.endian);
    (scalar.bits == container(scalar.bits)).then(|| quote! { #ty::#to(#raw) })
}

/// The bytes of the raw value as an expression.
pub(super) fn to_bytes_of(scalar: &Scalar, raw: &TokenStream) -> TokenStream {
    lowest(scalar.bytes(), scalar.endian, &raw_type(scalar), raw)
}

/// The lowest `size` bytes of `value`, of type `ty`, as an array.
fn lowest(size: usize, endian: Endian, ty: &Ident, value: &TokenStream) -> TokenStream {
    let to = to_bytes(endian);
    let all = quote! { #ty::#to(#value) };
    let width = width(ty);
    if width == size {
        return all;
    }
    let skip = Literal::usize_unsuffixed(match endian {
        Endian::Big => width - size,
        Endian::Little => 0,
    });
    let size = Literal::usize_unsuffixed(size);
    quote! { *rt::sub::<#skip, #size, _>(&#all) }
}

/// Bytes of a number type.
fn width(ty: &Ident) -> usize {
    let text = ty.to_string();
    let bits = text.trim_start_matches(['u', 'i', 'f']).parse();
    bits.unwrap_or(8) / 8
}

/// Two limits as they stand in code.
pub(super) fn literals((min, max): (i128, i128)) -> (Literal, Literal) {
    (Literal::i128_unsuffixed(min), Literal::i128_unsuffixed(max))
}

/// The number `value`, which is of the raw type, as a `u64`; the largest one if it is none.
pub(super) fn to_u64(scalar: &Scalar, value: &TokenStream) -> TokenStream {
    match (container(scalar.bits), scalar.kind) {
        (128, _) | (_, ScalarKind::Signed) => {
            quote! { u64::try_from(#value).unwrap_or(u64::MAX) }
        }
        (64, _) => value.clone(),
        _ => quote! { u64::from(#value) },
    }
}

/// The bits of `value`, which is of the raw type, as a `u64`; the largest one if they are more.
pub(super) fn as_u64(scalar: &Scalar, value: &TokenStream) -> TokenStream {
    let width = container(scalar.bits);
    let bits = match scalar.kind {
        ScalarKind::Float => quote! { #value.to_bits() },
        ScalarKind::Signed if scalar.bits == width => quote! { #value.cast_unsigned() },
        ScalarKind::Signed => {
            let mask = mask(scalar.bits);
            quote! { (#value.cast_unsigned() & #mask) }
        }
        _ => value.clone(),
    };
    match width {
        64 => bits,
        128 => quote! { u64::try_from(#bits).unwrap_or(u64::MAX) },
        _ => quote! { u64::from(#bits) },
    }
}

/// The expression `value` of the raw type as an `i128`.
pub(super) fn as_i128(scalar: &Scalar, value: &TokenStream) -> TokenStream {
    match (container(scalar.bits), scalar.kind) {
        (128, ScalarKind::Signed) => value.clone(),
        (128, _) => quote! { i128::try_from(#value).unwrap_or(i128::MAX) },
        _ => quote! { i128::from(#value) },
    }
}

/// A test that a raw value (of a float, the float) must pass.
pub(super) enum Test<'a> {
    Constant(u64),
    Boolean,
    Known(&'a Ident),
    Flags(&'a Ident),
    /// A type that is not emitted here knows its values.
    Outside(&'a TokenStream),
    Finite,
    Range(i128, i128),
}

/// The tests of a field's value, in the order of the wire rules.
pub(super) fn tests<'a>(emitter: &'a Emitter<'_>, scalar: &Scalar, role: &Role) -> Vec<Test<'a>> {
    let mut tests = Vec::new();
    match role {
        Role::Const(value) | Role::Id(value) => tests.push(Test::Constant(*value)),
        Role::Reserved { strict } => {
            return strict.then_some(Test::Constant(0)).into_iter().collect();
        }
        _ => {}
    }
    if let Some(ty) = emitter.outside_scalar(scalar) {
        tests.push(Test::Outside(ty));
        return tests;
    }
    match scalar.kind {
        ScalarKind::Bool if scalar.bits > 1 => tests.push(Test::Boolean),
        ScalarKind::Enum(id) if emitter.layout.enumeration(id).unknown == Unknown::Reject => {
            tests.push(Test::Known(&emitter.names.enums[id.0].ident));
        }
        ScalarKind::Flags(id) if emitter.layout.flag_set(id).unknown == Unknown::Reject => {
            tests.push(Test::Flags(&emitter.names.flags[id.0].ident));
        }
        ScalarKind::Float if scalar.finite => tests.push(Test::Finite),
        ScalarKind::Unsigned | ScalarKind::Signed => {
            if let Some((min, max)) = scalar.range
                && outside(scalar, &TokenStream::new(), min, max).is_some()
            {
                tests.push(Test::Range(min, max));
            }
        }
        _ => {}
    }
    tests
}

/// Statements that test the value `raw`, which lies at `at`.
pub(super) fn checks(
    tests: &[Test<'_>],
    scalar: &Scalar,
    site: &TokenStream,
    at: &TokenStream,
    raw: &TokenStream,
) -> TokenStream {
    let checks = tests.iter().map(|test| match test {
        Test::Constant(value) if is_in_u64(scalar) => {
            let value = Literal::u64_unsuffixed(*value);
            quote! { decode::constant(#site, #at, #raw, #value)?; }
        }
        Test::Boolean if is_in_u64(scalar) => quote! { decode::boolean(#site, #at, #raw)?; },
        Test::Known(ident) => quote! { decode::known(#site, #at, #raw, #ident::is_known)?; },
        Test::Flags(ident) => quote! { decode::flags(#site, #at, #raw, #ident::ALL.0)?; },
        Test::Outside(ty) => quote! { rt::decode_named::<#ty, _>(#site, #at, #raw)?; },
        Test::Finite => quote! { decode::finite(#site, #at, #raw)?; },
        Test::Range(min, max) if is_in_i128(scalar) => {
            let (min, max) = literals((*min, *max));
            quote! { decode::range(#site, #at, #raw, #min, #max)?; }
        }
        test => {
            let (wrong, kind) = test.spelled_out(scalar, &quote! { value });
            quote! { { let value = #raw; if #wrong { return Err(#site.error(#at, #kind)); } } }
        }
    });
    checks.collect()
}

impl Test<'_> {
    /// The condition that the value `raw` is wrong, and the kind of the error.
    pub(super) fn spelled_out(
        &self,
        scalar: &Scalar,
        raw: &TokenStream,
    ) -> (TokenStream, TokenStream) {
        let kind = quote! { rt::ErrorKind };
        match self {
            Self::Constant(constant) => {
                let expected = Literal::u64_unsuffixed(*constant);
                // A reserved float is zero if its bits are, which those of -0.0 are not.
                let found = if scalar.kind == ScalarKind::Float {
                    quote! { #raw.to_bits() }
                } else {
                    raw.clone()
                };
                let actual = as_u64(scalar, raw);
                (
                    quote! { #found != #expected },
                    quote! { #kind::ConstMismatch { expected: #expected, actual: #actual } },
                )
            }
            Self::Boolean => {
                let value = as_u64(scalar, raw);
                (
                    quote! { #raw > 1 },
                    quote! { #kind::UnknownValue { value: #value } },
                )
            }
            Self::Known(ident) => {
                let value = as_u64(scalar, raw);
                (
                    quote! { !#ident::is_known(#raw) },
                    quote! { #kind::UnknownValue { value: #value } },
                )
            }
            Self::Flags(ident) => {
                let unknown = as_u64(scalar, &quote! { (#raw & !#ident::ALL.0) });
                (
                    quote! { #raw & !#ident::ALL.0 != 0 },
                    quote! { #kind::UnknownValue { value: #unknown } },
                )
            }
            Self::Outside(ty) => (
                quote! { let Some(unknown) = <#ty as rt::Named<_>>::unknown(#raw) },
                quote! { #kind::UnknownValue { value: unknown } },
            ),
            Self::Finite => (quote! { !#raw.is_finite() }, quote! { #kind::NotFinite }),
            Self::Range(min, max) => {
                let value = as_i128(scalar, raw);
                let outside = outside(scalar, raw, *min, *max).unwrap_or_else(|| quote! { false });
                let (min, max) = literals((*min, *max));
                (
                    outside,
                    quote! { #kind::OutOfRange { value: #value, min: #min, max: #max } },
                )
            }
        }
    }
}

/// Whether `u64::from` takes the raw value.
fn is_in_u64(scalar: &Scalar) -> bool {
    container(scalar.bits) < 128 && !matches!(scalar.kind, ScalarKind::Signed | ScalarKind::Float)
}

/// Whether `i128::from` takes the raw value.
pub(super) fn is_in_i128(scalar: &Scalar) -> bool {
    container(scalar.bits) < 128 || scalar.kind == ScalarKind::Signed
}

/// The condition that `raw` is not in `min..=max`; `None` if its type cannot be. A test that the type
/// decides is left out: the compiler warns of those.
pub(super) fn outside(
    scalar: &Scalar,
    raw: &TokenStream,
    min: i128,
    max: i128,
) -> Option<TokenStream> {
    let whole = Scalar {
        bits: container(scalar.bits),
        ..*scalar
    };
    let (lowest, highest) = whole.limits();
    let (low, high) = literals((min, max));
    // The limit of a `u128` cannot be told from the largest `i128`.
    let open =
        max >= highest && (container(scalar.bits) < 128 || scalar.kind == ScalarKind::Signed);
    match (min > lowest, !open) {
        (true, true) if min == max => Some(quote! { #raw != #low }),
        (true, true) => Some(quote! { !(#low..=#high).contains(&#raw) }),
        (true, false) => Some(quote! { #raw < #low }),
        (false, true) => Some(quote! { #raw > #high }),
        (false, false) => None,
    }
}

/// A field of a static part that is to be written: the raw value (of a float, the float).
pub(super) struct Written {
    pub(super) place: Place,
    pub(super) scalar: Scalar,
    pub(super) raw: TokenStream,
}

/// Statements that write neighbouring fields to `bytes`, an array.
pub(super) fn write(bytes: &TokenStream, fields: &[Written]) -> TokenStream {
    let mut statements = TokenStream::new();
    let mut fields = fields.iter().peekable();
    while let Some(field) = fields.next() {
        match field.place {
            Place::Bits {
                offset,
                size,
                endian,
                ..
            } => {
                let mut terms = Vec::new();
                terms.extend(term(field, size));
                while let Some(next) = fields.next_if(|next| matches!(next.place, Place::Bits { offset: other, .. } if other == offset)) {
                    terms.extend(term(next, size));
                }
                let run = container(u32::try_from(size).unwrap_or(8) * 8);
                let zero = Literal::u8_unsuffixed(0);
                let ty = unsigned(run);
                let value = if terms.is_empty() {
                    quote! { #zero }
                } else {
                    quote! { #(#terms)|* }
                };
                statements.extend(store(bytes, offset, size, endian, &ty, &value));
            }
            Place::Bytes { offset, .. } => {
                let ty = raw_type(&field.scalar);
                statements.extend(store(
                    bytes,
                    offset,
                    field.scalar.bytes(),
                    field.scalar.endian,
                    &ty,
                    &field.raw,
                ));
            }
            Place::Dynamic => {}
        }
    }
    statements
}

/// A bit field's contribution to its run of `size` bytes; `None` if that is nothing.
fn term(field: &Written, size: usize) -> Option<TokenStream> {
    let Place::Bits { shift, .. } = field.place else {
        return None;
    };
    let raw = &field.raw;
    if raw.to_string() == "0" {
        return None;
    }
    let run = container(u32::try_from(size).unwrap_or(8) * 8);
    let own = container(field.scalar.bits);
    let is_literal = raw.to_string().starts_with(|c: char| c.is_ascii_digit());
    let natural = if field.scalar.kind == ScalarKind::Signed {
        let mask = mask(field.scalar.bits);
        quote! { (#raw.cast_unsigned() & #mask) }
    } else {
        raw.clone()
    };
    let ty = unsigned(run);
    let wide = if run == own || is_literal {
        natural
    } else {
        // `from` is no function for constants.
        quote! { (#natural as #ty) }
    };
    let shift = Literal::u32_unsuffixed(shift);
    Some(if shift.to_string() == "0" {
        wide
    } else {
        quote! { (#wide << #shift) }
    })
}

/// A statement that writes the lowest `size` bytes of `value`, of type `ty`, to `bytes` at `offset`.
fn store(
    bytes: &TokenStream,
    offset: usize,
    size: usize,
    endian: Endian,
    ty: &Ident,
    value: &TokenStream,
) -> TokenStream {
    let (start, len) = (
        Literal::usize_unsuffixed(offset),
        Literal::usize_unsuffixed(size),
    );
    if width(ty) == 1 {
        return if ty == "i8" && value.to_string() != "0" {
            quote! { #bytes[#start] = #value.cast_unsigned(); }
        } else {
            quote! { #bytes[#start] = #value; }
        };
    }
    let lowest = lowest(size, endian, ty, value);
    quote! { rt::put::<#start, #len, _>(#bytes, #lowest); }
}

/// Statements that write one field to `bytes`, an array, and leave all others as they are.
pub(super) fn replace(bytes: &TokenStream, field: &Written) -> TokenStream {
    let Place::Bits {
        offset,
        size,
        endian,
        shift,
    } = field.place
    else {
        return write(bytes, std::slice::from_ref(field));
    };
    // A run has at most 8 bytes.
    let run = u32::try_from(size).unwrap_or(8) * 8;
    let ty = unsigned(run);
    let own = mask(field.scalar.bits);
    let old = integer(bytes, offset, size, endian, &ty, false);
    let new = term(field, size).unwrap_or_else(|| quote! { 0 });
    let value = if field.scalar.bits == run {
        new
    } else if shift == 0 {
        quote! { #old & !#own | #new }
    } else {
        let shift = Literal::u32_unsuffixed(shift);
        quote! { #old & !(#own << #shift) | #new }
    };
    store(bytes, offset, size, endian, &ty, &value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn int(kind: ScalarKind, bits: u32, endian: Endian) -> Scalar {
        Scalar {
            kind,
            ..Scalar::unsigned(bits, endian)
        }
    }

    fn bit_field(size: usize, shift: u32) -> Place {
        Place::Bits {
            offset: 1,
            size,
            endian: Endian::Big,
            shift,
        }
    }

    fn check(found: &TokenStream, expected: &str) {
        // Where blanks stand hangs on where the tokens come from.
        let text = |tokens: &TokenStream| tokens.to_string().replace(' ', "");
        let expected: TokenStream = expected.parse().expect(expected);
        assert_eq!(text(found), text(&expected));
    }

    /// Reading a number, and writing `raw` in its place.
    fn check_both(place: Place, scalar: Scalar, reading: &str, writing: &str) {
        let bytes = quote! { b };
        check(&read(&bytes, place, &scalar), reading);
        let raw = quote! { raw };
        check(&write(&bytes, &[Written { place, scalar, raw }]), writing);
    }

    #[test]
    fn a_container_is_the_next_width_of_rust() {
        let widths = [
            (1, 8),
            (8, 8),
            (9, 16),
            (24, 32),
            (33, 64),
            (64, 64),
            (65, 128),
        ];
        for (bits, expected) in widths {
            assert_eq!(container(bits), expected, "{bits}");
            assert_eq!(unsigned(bits).to_string(), format!("u{expected}"));
        }
    }

    #[test]
    fn whole_bytes_are_read_and_written_in_their_order() {
        use Endian::{Big, Little};
        use ScalarKind::{Signed, Unsigned};
        let at = |size| Place::Bytes { offset: 2, size };
        check_both(at(1), int(Unsigned, 8, Big), "b[2]", "b[2] = raw;");
        check_both(
            at(1),
            int(Signed, 8, Big),
            "b[2].cast_signed()",
            "b[2] = raw.cast_unsigned();",
        );
        check_both(
            at(2),
            int(Unsigned, 16, Big),
            "u16::from_be_bytes(*rt::sub::<2, 2, _>(b))",
            "rt::put::<2, 2, _>(b, u16::to_be_bytes(raw));",
        );
        check_both(
            at(2),
            int(Signed, 16, Little),
            "i16::from_le_bytes(*rt::sub::<2, 2, _>(b))",
            "rt::put::<2, 2, _>(b, i16::to_le_bytes(raw));",
        );
        check_both(
            at(4),
            int(ScalarKind::Float, 32, Big),
            "f32::from_be_bytes(*rt::sub::<2, 4, _>(b))",
            "rt::put::<2, 4, _>(b, f32::to_be_bytes(raw));",
        );
    }

    #[test]
    fn an_odd_number_of_bytes_is_filled_up_on_the_side_of_its_sign() {
        use Endian::{Big, Little};
        use ScalarKind::{Signed, Unsigned};
        let at = Place::Bytes { offset: 0, size: 3 };
        check_both(
            at,
            int(Unsigned, 24, Big),
            "u32::from_be_bytes([0, b[0], b[1], b[2]])",
            "rt::put::<0, 3, _>(b, *rt::sub::<1, 3, _>(&u32::to_be_bytes(raw)));",
        );
        check_both(
            at,
            int(Unsigned, 24, Little),
            "u32::from_le_bytes([b[0], b[1], b[2], 0])",
            "rt::put::<0, 3, _>(b, *rt::sub::<0, 3, _>(&u32::to_le_bytes(raw)));",
        );
        check_both(
            at,
            int(Signed, 24, Big),
            "(i32::from_be_bytes([b[0], b[1], b[2], 0]) >> 8)",
            "rt::put::<0, 3, _>(b, *rt::sub::<1, 3, _>(&i32::to_be_bytes(raw)));",
        );
        check_both(
            at,
            int(Signed, 24, Little),
            "(i32::from_le_bytes([0, b[0], b[1], b[2]]) >> 8)",
            "rt::put::<0, 3, _>(b, *rt::sub::<0, 3, _>(&i32::to_le_bytes(raw)));",
        );
    }

    #[test]
    fn a_bit_field_is_shifted_and_masked_only_as_far_as_needed() {
        use Endian::Big;
        use ScalarKind::{Signed, Unsigned};
        check_both(
            bit_field(1, 0),
            int(Unsigned, 3, Big),
            "(b[1] & 0x7)",
            "b[1] = raw;",
        );
        check_both(
            bit_field(1, 5),
            int(Unsigned, 3, Big),
            "(b[1] >> 5)",
            "b[1] = (raw << 5);",
        );
        check_both(
            bit_field(1, 2),
            int(Signed, 3, Big),
            "((((b[1] >> 2) & 0x7) << 5).cast_signed() >> 5)",
            "b[1] = ((raw.cast_unsigned() & 0x7) << 2);",
        );
        check_both(
            bit_field(2, 8),
            int(Signed, 8, Big),
            "((u16::from_be_bytes(*rt::sub::<1, 2, _>(b)) >> 8) as u8).cast_signed()",
            "rt::put::<1, 2, _>(b, u16::to_be_bytes((((raw.cast_unsigned() & 0xff) as u16) << 8)));",
        );
        check_both(
            bit_field(3, 4),
            int(Unsigned, 17, Big),
            "((u32::from_be_bytes([0, b[1], b[2], b[3]]) >> 4) & 0x1_ffff)",
            "rt::put::<1, 3, _>(b, *rt::sub::<1, 3, _>(&u32::to_be_bytes((raw << 4))));",
        );
    }

    #[test]
    fn fields_of_one_run_are_written_at_once() {
        let written = |shift, raw| Written {
            place: bit_field(1, shift),
            scalar: int(ScalarKind::Unsigned, 2, Endian::Big),
            raw,
        };
        let run = [
            written(6, quote! { x }),
            written(4, quote! { 0 }),
            written(2, quote! { 3 }),
            written(0, quote! { y }),
        ];
        let bytes = quote! { b };
        check(&write(&bytes, &run), "b[1] = (x << 6) | (3 << 2) | y;");
        check(&write(&bytes, &run[1..2]), "b[1] = 0;");
    }

    #[test]
    fn one_field_of_a_run_is_replaced_among_the_others() {
        let written = |size, shift, bits| Written {
            place: bit_field(size, shift),
            scalar: int(ScalarKind::Unsigned, bits, Endian::Big),
            raw: quote! { x },
        };
        let bytes = quote! { b };
        let replaced = |size, shift, bits| replace(&bytes, &written(size, shift, bits));
        check(&replaced(1, 0, 3), "b[1] = b[1] & !0x7 | x;");
        check(&replaced(1, 5, 3), "b[1] = b[1] & !(0x7 << 5) | (x << 5);");
        check(&replaced(1, 0, 8), "b[1] = x;");
        check(
            &replaced(2, 12, 4),
            "rt::put::<1, 2, _>(b, u16::to_be_bytes(
                u16::from_be_bytes(*rt::sub::<1, 2, _>(b)) & !(0xf << 12) | ((x as u16) << 12)));",
        );
    }

    #[test]
    fn a_test_that_the_type_decides_is_left_out() {
        use ScalarKind::{Signed, Unsigned};
        let test = |kind, bits, min, max, expected: Option<&str>| {
            let scalar = int(kind, bits, Endian::Big);
            let found = outside(&scalar, &quote! { x }, min, max);
            match (found, expected) {
                (Some(found), Some(expected)) => check(&found, expected),
                (found, expected) => assert_eq!(
                    found.map(|found| found.to_string()),
                    expected.map(str::to_owned)
                ),
            }
        };
        let largest = i128::MAX.to_string();
        let above = format!("x > {largest}");
        test(Unsigned, 8, 0, 255, None);
        test(Unsigned, 8, 1, 255, Some("x < 1"));
        test(Unsigned, 8, 0, 254, Some("x > 254"));
        test(Unsigned, 8, 1, 9, Some("!(1..=9).contains(&x)"));
        test(Unsigned, 8, 7, 7, Some("x != 7"));
        // Twelve bits are held by sixteen.
        test(Unsigned, 12, 0, 4095, Some("x > 4095"));
        test(Signed, 8, -128, 127, None);
        test(Signed, 8, -127, 127, Some("x < -127"));
        test(Signed, 128, i128::MIN, i128::MAX, None);
        test(Unsigned, 128, 0, i128::MAX, Some(&above));
    }
}
