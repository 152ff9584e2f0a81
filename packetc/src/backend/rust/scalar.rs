//! Numbers: reading them from a static part, testing them, writing them.
//!
//! A number has three forms: its bytes; its *raw* value, the smallest unsigned or signed Rust integer
//! that holds it; and the type that users see.

use super::Emitter;
use packet_schema::layout::{Endian, Layout, Place, Role, Scalar, ScalarKind, Unknown};
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

/// The unsigned integer type with this many bits.
fn unsigned(bits: u32) -> Ident {
    ident(&format!("u{bits}"))
}

/// The raw type; of a float, the float.
pub(super) fn raw_type(scalar: &Scalar) -> Ident {
    let bits = container(scalar.bits);
    match scalar.kind {
        ScalarKind::Signed => ident(&format!("i{bits}")),
        ScalarKind::Float => ident(&format!("f{bits}")),
        _ => unsigned(bits),
    }
}

/// The type that users see.
pub(super) fn rust_type(emitter: &Emitter<'_>, scalar: &Scalar) -> TokenStream {
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
    match scalar.kind {
        ScalarKind::Bool => quote! { #raw != 0 },
        ScalarKind::Enum(id) => {
            let ident = &emitter.names.enums[id.0].ident;
            match emitter.layout.enumeration(id).unknown {
                Unknown::Reject => quote! { #ident::from_tested(#raw) },
                Unknown::Keep => quote! { #ident(#raw) },
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
    match scalar.kind {
        ScalarKind::Bool => quote! { u8::from(#value) },
        ScalarKind::Enum(id) => match emitter.layout.enumeration(id).unknown {
            Unknown::Reject => quote! { #value.value() },
            Unknown::Keep => quote! { #value.0 },
        },
        ScalarKind::Flags(_) => quote! { #value.0 },
        _ => value.clone(),
    }
}

/// Whether some bytes of this size are no value of the field.
pub(super) fn can_be_wrong(layout: &Layout, scalar: &Scalar, role: &Role) -> bool {
    match role {
        Role::Const(_) | Role::Id(_) => return true,
        Role::Reserved { strict } => return *strict,
        _ => {}
    }
    match scalar.kind {
        ScalarKind::Bool => scalar.bits > 1,
        ScalarKind::Enum(id) => layout.enumeration(id).unknown == Unknown::Reject,
        ScalarKind::Flags(id) => layout.flag_set(id).unknown == Unknown::Reject,
        ScalarKind::Float => scalar.finite,
        ScalarKind::Unsigned | ScalarKind::Signed => scalar.range.is_some(),
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
            let value = integer(
                bytes,
                offset,
                size,
                endian,
                &unsigned(container(run)),
                false,
            );
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
            let target = unsigned(to);
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
        Place::Dynamic => integer(
            bytes,
            0,
            scalar.bytes(),
            scalar.endian,
            &raw_type(scalar),
            scalar.kind == ScalarKind::Signed,
        ),
    }
}

/// The lowest `bits` bits set, in hexadecimal.
fn mask(bits: u32) -> TokenStream {
    let mask = if bits >= 64 {
        u64::MAX
    } else {
        (1 << bits) - 1
    };
    let digits = format!("{mask:x}");
    let mut text = "0x".to_owned();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && digits.len() > 4 && (digits.len() - index).is_multiple_of(4) {
            text.push('_');
        }
        text.push(digit);
    }
    text.parse().unwrap_or_else(|_| quote! { 0 })
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
    let text = ty.to_string();
    let width: usize = text
        .trim_start_matches(['u', 'i', 'f'])
        .parse()
        .unwrap_or(8)
        / 8;
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
    let own = (offset..offset + size).map(byte);
    let missing = width - size;
    let zeros = std::iter::repeat_n(quote! { 0 }, missing);
    // A signed number is put at the upper end, so that shifting it down extends its sign.
    let upper = signed && missing > 0;
    let list: Vec<TokenStream> = match (endian, upper) {
        (Endian::Big, false) | (Endian::Little, true) => zeros.chain(own).collect(),
        (Endian::Big, true) | (Endian::Little, false) => own.chain(zeros).collect(),
    };
    let from = match endian {
        Endian::Big => ident("from_be_bytes"),
        Endian::Little => ident("from_le_bytes"),
    };
    let value = quote! { #ty::#from([#(#list),*]) };
    if upper {
        let down = Literal::usize_unsuffixed(missing * 8);
        quote! { (#value >> #down) }
    } else {
        value
    }
}

/// The expression `value` of the raw type as a `u64`.
fn as_u64(scalar: &Scalar, value: &TokenStream) -> TokenStream {
    match container(scalar.bits) {
        64 => value.clone(),
        128 => quote! { (#value as u64) },
        _ => quote! { u64::from(#value) },
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

/// Tests the raw value `raw` (of a float, the float): an `ErrorKind` in a condition that is true if it is
/// wrong. Pairs of condition and kind, in the order of the wire rules.
pub(super) fn tests(
    emitter: &Emitter<'_>,
    scalar: &Scalar,
    role: &Role,
    raw: &TokenStream,
) -> Vec<(TokenStream, TokenStream)> {
    let kind = quote! { ::packet_runtime::ErrorKind };
    let wide = as_u64(scalar, raw);
    let mut tests = Vec::new();
    let constant = match role {
        Role::Const(value) | Role::Id(value) => Some(*value),
        Role::Reserved { strict: true } => Some(0),
        _ => None,
    };
    if let (Some(constant), true) = (constant, scalar.kind != ScalarKind::Float) {
        let expected = Literal::u64_unsuffixed(constant);
        tests.push((
            quote! { #raw != #expected },
            quote! { #kind::ConstMismatch { expected: #expected, actual: #wide } },
        ));
    }
    if matches!(role, Role::Reserved { .. }) {
        return tests;
    }
    match scalar.kind {
        ScalarKind::Bool if scalar.bits > 1 => tests.push((
            quote! { #raw > 1 },
            quote! { #kind::UnknownValue { value: #wide } },
        )),
        ScalarKind::Enum(id) if emitter.layout.enumeration(id).unknown == Unknown::Reject => {
            let ident = &emitter.names.enums[id.0].ident;
            tests.push((
                quote! { !#ident::is_known(#raw) },
                quote! { #kind::UnknownValue { value: #wide } },
            ));
        }
        ScalarKind::Flags(id) if emitter.layout.flag_set(id).unknown == Unknown::Reject => {
            let ident = &emitter.names.flags[id.0].ident;
            let unknown = as_u64(scalar, &quote! { (#raw & !#ident::ALL.0) });
            tests.push((
                quote! { #raw & !#ident::ALL.0 != 0 },
                quote! { #kind::UnknownValue { value: #unknown } },
            ));
        }
        ScalarKind::Float if scalar.finite => {
            tests.push((quote! { !#raw.is_finite() }, quote! { #kind::NotFinite }));
        }
        ScalarKind::Unsigned | ScalarKind::Signed => {
            if let Some((min, max)) = scalar.range
                && let Some(outside) = outside(scalar, raw, min, max)
            {
                let value = as_i128(scalar, raw);
                let (min, max) = (Literal::i128_unsuffixed(min), Literal::i128_unsuffixed(max));
                tests.push((
                    outside,
                    quote! { #kind::OutOfRange { value: #value, min: #min, max: #max } },
                ));
            }
        }
        _ => {}
    }
    tests
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
    let (low, high) = (Literal::i128_unsuffixed(min), Literal::i128_unsuffixed(max));
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
        quote! { #ty::from(#natural) }
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
    let text = ty.to_string();
    let width: usize = text
        .trim_start_matches(['u', 'i', 'f'])
        .parse()
        .unwrap_or(8)
        / 8;
    let (start, end) = (
        Literal::usize_unsuffixed(offset),
        Literal::usize_unsuffixed(offset + size),
    );
    if width == 1 {
        return if text == "i8" {
            quote! { #bytes[#start] = #value.cast_unsigned(); }
        } else {
            quote! { #bytes[#start] = #value; }
        };
    }
    let to = match endian {
        Endian::Big => ident("to_be_bytes"),
        Endian::Little => ident("to_le_bytes"),
    };
    let all = quote! { #ty::#to(#value) };
    if width == size {
        return quote! { #bytes[#start..#end].copy_from_slice(&#all); };
    }
    let part = match endian {
        Endian::Big => {
            let skip = Literal::usize_unsuffixed(width - size);
            quote! { [#skip..] }
        }
        Endian::Little => {
            let size = Literal::usize_unsuffixed(size);
            quote! { [..#size] }
        }
    };
    quote! { #bytes[#start..#end].copy_from_slice(&#all #part); }
}
