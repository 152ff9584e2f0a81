//! Floats: numbers where there are such, texts for those that JSON lacks.

use super::how::{Read, Write};
use ::serde::de::{self, Unexpected, Visitor};
use ::serde::{Deserialize, Deserializer, Serialize, Serializer};
use core::fmt::{self, Write as _};
use core::marker::PhantomData;

/// Floats, of which JSON lacks some.
pub struct Float;

/// Numbers of IEEE 754.
pub trait Real: Copy + Serialize + for<'de> Deserialize<'de> {
    /// What it is, as long as it is a number.
    fn class(self) -> Class;
    /// From a number of double precision as JSON has it: rounded once, from what was written.
    fn of_double(value: f64) -> Option<Self>;
    /// From bits that are a NaN's.
    fn of_nan(bits: u64) -> Option<Self>;
    /// The NaN that platforms make: quiet, positive, without payload.
    const NAN: Self;
    /// Infinity.
    const INFINITY: Self;
    /// Negative infinity.
    const NEGATIVE: Self;
}

/// What kind of number a float is.
pub enum Class {
    /// A number.
    Finite,
    /// An infinity.
    Infinite {
        /// The sign.
        negative: bool,
    },
    /// The usual NaN.
    Nan,
    /// Any other NaN, by its bits.
    Other(u64),
}

macro_rules! real {
    ($real:ident, $bits:ident, $nan:literal, |$double:ident| $of_double:expr) => {
        impl Real for $real {
            fn class(self) -> Class {
                let bits = self.to_bits();
                if self.is_finite() {
                    Class::Finite
                } else if !self.is_nan() {
                    let negative = self.is_sign_negative();
                    Class::Infinite { negative }
                } else if bits == $nan {
                    Class::Nan
                } else {
                    Class::Other(bits.into())
                }
            }

            fn of_double($double: f64) -> Option<Self> {
                $of_double
            }

            fn of_nan(bits: u64) -> Option<Self> {
                let value = Self::from_bits($bits::try_from(bits).ok()?);
                value.is_nan().then_some(value)
            }

            const NAN: Self = Self::from_bits($nan);
            const INFINITY: Self = Self::INFINITY;
            const NEGATIVE: Self = Self::NEG_INFINITY;
        }
    };
}

real!(f64, u64, 0x7ff8_0000_0000_0000, |double| Some(double));
real!(f32, u32, 0x7fc0_0000, |double| single(double));

/// The number of single precision that is nearest to the decimal text of `double`: rounding `double` itself would round what
/// was written twice.
fn single(double: f64) -> Option<f32> {
    let mut text = Short::default();
    write!(text, "{double:e}").ok()?;
    let value: f32 = text.as_str().parse().ok()?;
    value.is_finite().then_some(value)
}

/// A number's shortest decimal text, which has at most 17 digits, a sign, a point and an exponent.
#[derive(Default)]
struct Short {
    bytes: [u8; 32],
    len: usize,
}

impl Short {
    fn as_str(&self) -> &str {
        let bytes = self.bytes.get(..self.len).unwrap_or_default();
        core::str::from_utf8(bytes).unwrap_or_default()
    }
}

impl fmt::Write for Short {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.len.checked_add(text.len()).ok_or(fmt::Error)?;
        let room = self.bytes.get_mut(self.len..end).ok_or(fmt::Error)?;
        room.copy_from_slice(text.as_bytes());
        self.len = end;
        Ok(())
    }
}

impl<T: Real> Write<T> for Float {
    fn write<S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
        if !serializer.is_human_readable() {
            return value.serialize(serializer);
        }
        match value.class() {
            Class::Finite => value.serialize(serializer),
            Class::Infinite { negative: false } => serializer.serialize_str("Infinity"),
            Class::Infinite { negative: true } => serializer.serialize_str("-Infinity"),
            Class::Nan => serializer.serialize_str("NaN"),
            Class::Other(bits) => serializer.collect_str(&format_args!("NaN({bits:#x})")),
        }
    }
}

impl<'de, T: Real> Read<'de, T> for Float {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
        if deserializer.is_human_readable() {
            deserializer.deserialize_any(FloatVisitor(PhantomData))
        } else {
            T::deserialize(deserializer)
        }
    }
}

struct FloatVisitor<T>(PhantomData<T>);

impl<T: Real> Visitor<'_> for FloatVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number, `NaN`, `NaN(0x…)`, `Infinity` or `-Infinity`")
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<T, E> {
        let found = match value.is_finite() {
            true => T::of_double(value),
            // Of formats that have them.
            false if value.is_nan() => Some(T::NAN),
            false if value > 0.0 => Some(T::INFINITY),
            false => Some(T::NEGATIVE),
        };
        found.ok_or_else(|| {
            E::invalid_value(
                Unexpected::Float(value),
                &"a number of single precision, below 3.5e38",
            )
        })
    }

    #[allow(clippy::cast_precision_loss)] // that is what a float does
    fn visit_u64<E: de::Error>(self, value: u64) -> Result<T, E> {
        self.visit_f64(value as f64)
    }

    #[allow(clippy::cast_precision_loss)] // that is what a float does
    fn visit_i64<E: de::Error>(self, value: i64) -> Result<T, E> {
        self.visit_f64(value as f64)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        let found = match text {
            "NaN" => Some(T::NAN),
            "Infinity" => Some(T::INFINITY),
            "-Infinity" => Some(T::NEGATIVE),
            _ => text
                .strip_prefix("NaN(0x")
                .and_then(|rest| rest.strip_suffix(')'))
                .and_then(|digits| u64::from_str_radix(digits, 16).ok())
                .and_then(T::of_nan),
        };
        found.ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
    }
}
