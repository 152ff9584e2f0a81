//! One number: its bytes, its meaning, and its value in a tree.
//!
//! Between bytes and meaning stands the *raw* number: the field's bits as an unsigned integer.

use super::error::EncodeProblem;
use crate::diagnostic::did_you_mean;
use crate::layout::{Endian, Enum, Flags, Layout, Scalar, ScalarKind, Unknown};
use crate::value::Value;
use byteorder::{BE, ByteOrder, LE};
use packet_runtime::{EncodeErrorKind, ErrorKind};

/// The unsigned number that 1 to 16 bytes are.
pub(super) fn read(bytes: &[u8], endian: Endian) -> u128 {
    match endian {
        Endian::Big => BE::read_uint128(bytes, bytes.len()),
        Endian::Little => LE::read_uint128(bytes, bytes.len()),
    }
}

/// Writes a number over all of `bytes`, 1 to 16. It must fit.
pub(super) fn write(bytes: &mut [u8], endian: Endian, raw: u128) {
    let size = bytes.len();
    match endian {
        Endian::Big => BE::write_uint128(bytes, raw, size),
        Endian::Little => LE::write_uint128(bytes, raw, size),
    }
}

/// The lowest `bits` bits.
pub(super) const fn mask(bits: u32) -> u128 {
    match bits {
        128.. => u128::MAX,
        _ => (1 << bits) - 1,
    }
}

/// The raw number without the flags that are dropped.
pub(super) fn kept(layout: &Layout, scalar: &Scalar, raw: u128) -> u128 {
    match scalar.kind {
        ScalarKind::Flags(id) => {
            let known = layout.flag_set(id);
            match known.unknown {
                Unknown::Skip => raw & u128::from(known.known()),
                Unknown::Reject | Unknown::Keep => raw,
            }
        }
        _ => raw,
    }
}

/// What expressions and ranges see of a raw number. Beyond the largest `i128` it is that.
pub(super) fn number(scalar: &Scalar, raw: u128) -> i128 {
    match scalar.kind {
        ScalarKind::Signed => signed(scalar.bits, raw),
        _ => i128::try_from(raw).unwrap_or(i128::MAX),
    }
}

/// The two's complement number in the lowest `bits` bits.
fn signed(bits: u32, raw: u128) -> i128 {
    let above = 128 - bits.clamp(1, 128);
    (raw << above).cast_signed() >> above
}

/// Whether a raw number is one that the schema allows.
pub(super) fn check(layout: &Layout, scalar: &Scalar, raw: u128) -> Result<(), ErrorKind> {
    match scalar.kind {
        ScalarKind::Bool if raw > 1 => return Err(unknown(raw)),
        ScalarKind::Enum(id) => {
            let known = layout.enumeration(id);
            if known.unknown == Unknown::Reject && enum_name(known, raw).is_none() {
                return Err(unknown(raw));
            }
        }
        ScalarKind::Flags(id) => {
            let known = layout.flag_set(id);
            let others = raw & !u128::from(known.known());
            if known.unknown == Unknown::Reject && others != 0 {
                return Err(unknown(others));
            }
        }
        _ => {}
    }
    if let Some((min, max)) = scalar.range {
        let value = number(scalar, raw);
        if !(min..=max).contains(&value) {
            return Err(ErrorKind::OutOfRange { value, min, max });
        }
    }
    if scalar.finite && scalar.kind == ScalarKind::Float && !is_finite(scalar, raw) {
        return Err(ErrorKind::NotFinite);
    }
    Ok(())
}

fn unknown(raw: u128) -> ErrorKind {
    ErrorKind::UnknownValue {
        value: saturate(raw),
    }
}

/// A number as errors show it.
pub(super) fn saturate(raw: u128) -> u64 {
    u64::try_from(raw).unwrap_or(u64::MAX)
}

/// The value that a raw number stands for.
pub(super) fn value(layout: &Layout, scalar: &Scalar, raw: u128) -> Value {
    match scalar.kind {
        ScalarKind::Signed => Value::integer(signed(scalar.bits, raw)),
        ScalarKind::Float => float_value(scalar, raw),
        ScalarKind::Bool if raw <= 1 => Value::Bool(raw == 1),
        ScalarKind::Unsigned | ScalarKind::Bool => Value::Unsigned(raw),
        ScalarKind::Enum(id) => match enum_name(layout.enumeration(id), raw) {
            Some(name) => Value::Text(name.to_owned()),
            None => Value::Unsigned(raw),
        },
        ScalarKind::Flags(id) => flags_value(layout.flag_set(id), raw),
    }
}

fn enum_name(known: &Enum, raw: u128) -> Option<&str> {
    known.name_of(u64::try_from(raw).ok()?)
}

fn flags_value(known: &Flags, raw: u128) -> Value {
    let set = known.values.iter().filter(|flag| raw >> flag.bit & 1 == 1);
    let mut list: Vec<Value> = set.map(|flag| Value::Text(flag.name.clone())).collect();
    let others = raw & !u128::from(known.known());
    if others != 0 {
        list.push(Value::Unsigned(others));
    }
    Value::List(list)
}

/// Finite numbers as numbers. JSON has no others, so those are texts that keep every bit.
fn float_value(scalar: &Scalar, raw: u128) -> Value {
    let (value, canonical) = match scalar.bits {
        32 => (Value::F32(f32::from_bits(low32(raw))), CANONICAL_NAN_32),
        _ => (Value::F64(f64::from_bits(low64(raw))), CANONICAL_NAN_64),
    };
    let (is_finite, is_nan, is_negative) = match value {
        Value::F32(float) => (float.is_finite(), float.is_nan(), float.is_sign_negative()),
        Value::F64(float) => (float.is_finite(), float.is_nan(), float.is_sign_negative()),
        _ => return value,
    };
    if is_finite {
        return value;
    }
    Value::Text(if is_nan && raw == canonical {
        "NaN".to_owned()
    } else if is_nan {
        format!("NaN({raw:#x})")
    } else if is_negative {
        "-Infinity".to_owned()
    } else {
        "Infinity".to_owned()
    })
}

/// The NaN that platforms make: quiet, positive, without payload.
const CANONICAL_NAN_32: u128 = 0x7fc0_0000;
const CANONICAL_NAN_64: u128 = 0x7ff8_0000_0000_0000;

fn is_finite(scalar: &Scalar, raw: u128) -> bool {
    match scalar.bits {
        32 => f32::from_bits(low32(raw)).is_finite(),
        _ => f64::from_bits(low64(raw)).is_finite(),
    }
}

#[allow(clippy::cast_possible_truncation)] // the field has no more bits
fn low32(raw: u128) -> u32 {
    raw as u32
}

#[allow(clippy::cast_possible_truncation)] // the field has no more bits
fn low64(raw: u128) -> u64 {
    raw as u64
}

/// A number's value for humans.
pub(super) fn text(layout: &Layout, scalar: &Scalar, raw: u128) -> String {
    let plain = |value: Value| match value {
        Value::Bool(value) => value.to_string(),
        Value::Unsigned(value) => value.to_string(),
        Value::Signed(value) => value.to_string(),
        Value::F32(value) => value.to_string(),
        Value::F64(value) => value.to_string(),
        Value::Text(text) => text,
        Value::Null | Value::List(_) | Value::Map(_) => String::new(),
    };
    match value(layout, scalar, raw) {
        Value::List(flags) if flags.is_empty() => "none".to_owned(),
        Value::List(flags) => flags.into_iter().map(plain).collect::<Vec<_>>().join(" | "),
        value => plain(value),
    }
}

/// The raw number that stands for a value.
///
/// # Errors
/// The value is of another type, names something unknown, or breaks a rule of the schema.
pub(super) fn raw(layout: &Layout, scalar: &Scalar, value: &Value) -> Result<u128, EncodeProblem> {
    let raw = match (scalar.kind, value) {
        (ScalarKind::Unsigned | ScalarKind::Signed, _) => integer_raw(scalar, value)?,
        (ScalarKind::Float, _) => float_raw(scalar, value)?,
        (ScalarKind::Bool, Value::Bool(value)) => u128::from(*value),
        (ScalarKind::Bool, _) => return Err(wrong_type("true or false", value)),
        (ScalarKind::Enum(id), Value::Text(name)) => {
            let known = layout.enumeration(id);
            match known.value_of(name) {
                Some(value) => value.into(),
                None => return Err(unknown_name(name, known.values.iter().map(|v| &*v.name))),
            }
        }
        (ScalarKind::Enum(_), Value::Unsigned(raw)) => *raw,
        (ScalarKind::Enum(_), _) => return Err(wrong_type("a name or its number", value)),
        (ScalarKind::Flags(id), _) => flags_raw(layout.flag_set(id), value)?,
    };
    let raw = kept(layout, scalar, raw);
    check(layout, scalar, raw).map_err(|kind| match kind {
        ErrorKind::UnknownValue { value } => EncodeErrorKind::UnknownValue { value },
        ErrorKind::OutOfRange { value, min, max } => {
            EncodeErrorKind::OutOfRange { value, min, max }
        }
        _ => EncodeErrorKind::NotFinite,
    })?;
    // A kept number without a name can still be too wide.
    if raw > mask(scalar.bits) {
        let value = i128::try_from(raw).unwrap_or(i128::MAX);
        return Err(out_of_range(scalar, value));
    }
    Ok(raw)
}

/// JSON readers hand out integers of at most 64 bits; wider ones can be given as text.
fn integer_raw(scalar: &Scalar, value: &Value) -> Result<u128, EncodeProblem> {
    let parsed = match value {
        Value::Text(digits) if scalar.bits > 64 => match digits.parse() {
            Ok(value) => Some(Value::Unsigned(value)),
            Err(_) => digits.parse().ok().map(Value::Signed),
        },
        _ => None,
    };
    match parsed.as_ref().unwrap_or(value) {
        Value::Unsigned(raw) => match i128::try_from(*raw) {
            Ok(value) => signed_raw(scalar, value),
            Err(_) if scalar.kind == ScalarKind::Unsigned => Ok(*raw),
            Err(_) => Err(out_of_range(scalar, i128::MAX)),
        },
        Value::Signed(value) => signed_raw(scalar, *value),
        _ if scalar.bits > 64 => Err(wrong_type("an integer, or its digits as text", value)),
        _ => Err(wrong_type("an integer", value)),
    }
}

fn signed_raw(scalar: &Scalar, value: i128) -> Result<u128, EncodeProblem> {
    let (min, max) = scalar.allowed();
    if !(min..=max).contains(&value) {
        return Err(out_of_range(scalar, value));
    }
    Ok(value.cast_unsigned() & mask(scalar.bits))
}

/// `value` is not one that the field can hold.
pub(super) fn out_of_range(scalar: &Scalar, value: i128) -> EncodeProblem {
    let (min, max) = scalar.allowed();
    EncodeErrorKind::OutOfRange { value, min, max }.into()
}

fn flags_raw(known: &Flags, value: &Value) -> Result<u128, EncodeProblem> {
    let expected = "a list of names, or a number";
    let list = match value {
        Value::Unsigned(raw) => return Ok(*raw),
        Value::List(list) => list,
        _ => return Err(wrong_type(expected, value)),
    };
    let mut raw = 0;
    for item in list {
        raw |= match item {
            Value::Unsigned(bits) => *bits,
            Value::Text(name) => match known.values.iter().find(|flag| flag.name == *name) {
                Some(flag) => 1 << flag.bit,
                None => return Err(unknown_name(name, known.values.iter().map(|v| &*v.name))),
            },
            _ => return Err(wrong_type("the name of a flag, or a number", item)),
        };
    }
    Ok(raw)
}

/// Numbers go through their shortest decimal text: that rounds once, from what the user wrote.
fn float_raw(scalar: &Scalar, value: &Value) -> Result<u128, EncodeProblem> {
    let digits = match value {
        Value::F32(value) if scalar.bits == 32 => return Ok(value.to_bits().into()),
        Value::F32(value) => return Ok(f64::from(*value).to_bits().into()),
        Value::F64(value) if scalar.bits != 32 => return Ok(value.to_bits().into()),
        Value::F64(value) => value.to_string(),
        Value::Unsigned(value) => value.to_string(),
        Value::Signed(value) => value.to_string(),
        Value::Text(text) => {
            return float_from_text(scalar, text).ok_or_else(|| {
                wrong_type(
                    "a number, `NaN`, `NaN(0x…)`, `Infinity` or `-Infinity`",
                    value,
                )
            });
        }
        _ => return Err(wrong_type("a number", value)),
    };
    let was_finite = !matches!(value, Value::F64(value) if !value.is_finite());
    let raw = match scalar.bits {
        32 => digits
            .parse::<f32>()
            .map(|float| u128::from(float.to_bits())),
        _ => digits
            .parse::<f64>()
            .map(|float| u128::from(float.to_bits())),
    };
    match raw {
        Ok(raw) if !was_finite || is_finite(scalar, raw) => Ok(raw),
        _ => Err(wrong_type(
            "a number of single precision, below 3.5e38",
            value,
        )),
    }
}

/// The numbers that JSON does not have, bit for bit.
fn float_from_text(scalar: &Scalar, text: &str) -> Option<u128> {
    let single = scalar.bits == 32;
    let raw = match text {
        "NaN" if single => CANONICAL_NAN_32,
        "NaN" => CANONICAL_NAN_64,
        "Infinity" if single => f32::INFINITY.to_bits().into(),
        "Infinity" => f64::INFINITY.to_bits().into(),
        "-Infinity" if single => f32::NEG_INFINITY.to_bits().into(),
        "-Infinity" => f64::NEG_INFINITY.to_bits().into(),
        _ => {
            let digits = text.strip_prefix("NaN(0x")?.strip_suffix(')')?;
            let raw = u128::from_str_radix(digits, 16).ok()?;
            let is_nan = match scalar.bits {
                32 => f32::from_bits(u32::try_from(raw).ok()?).is_nan(),
                _ => f64::from_bits(u64::try_from(raw).ok()?).is_nan(),
            };
            is_nan.then_some(raw)?
        }
    };
    Some(raw)
}

/// `value` is not what the field takes.
pub(super) fn wrong_type(expected: &str, value: &Value) -> EncodeProblem {
    const SHOWN: usize = 40;
    let found = match value {
        Value::Bool(value) => value.to_string(),
        Value::Unsigned(value) => value.to_string(),
        Value::Signed(value) => value.to_string(),
        Value::F32(value) => value.to_string(),
        Value::F64(value) => value.to_string(),
        Value::Text(text) if text.chars().count() <= SHOWN => format!("the text {text:?}"),
        Value::Text(text) => {
            let start: String = text.chars().take(SHOWN).collect();
            format!("a text that starts with {start:?}")
        }
        Value::Null | Value::List(_) | Value::Map(_) => value.kind().to_owned(),
    };
    EncodeProblem::WrongType {
        expected: expected.to_owned(),
        found,
    }
}

/// None of the `known` names is `name`.
pub(super) fn unknown_name<'a>(
    name: &str,
    known: impl Iterator<Item = &'a str> + Clone,
) -> EncodeProblem {
    const LISTED: usize = 8;
    let help = suggest(name, known.clone()).or_else(|| {
        let names: Vec<String> = known.map(|name| format!("`{name}`")).collect();
        (1..=LISTED)
            .contains(&names.len())
            .then(|| format!("use one of {}", names.join(", ")))
    });
    EncodeProblem::UnknownName {
        name: name.to_owned(),
        help,
    }
}

/// Which of the `known` names may be meant. Compares no text that is far longer than any name.
pub(super) fn suggest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    const LONGEST: usize = 100;
    (name.len() <= LONGEST)
        .then(|| did_you_mean(name, known))
        .flatten()
}
