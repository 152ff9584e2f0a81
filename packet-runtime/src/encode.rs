//! Steps of encoding that generated code is put together from.
//!
//! All of them run before the first byte is written.

mod elements;
pub mod fixed;
mod wrong;

#[cfg(feature = "alloc")]
pub use elements::begins_with;
pub use elements::{any, put_scalars, put_structs, structs, structs_until};

use crate::codec::too_small;
use crate::decode::Float;
use crate::error::{EncodeError, EncodeErrorKind};
use crate::shape::Shape;

pub use crate::shape::Site;

/// The first `needed` bytes of a buffer.
///
/// # Errors
/// [`EncodeErrorKind::BufferTooSmall`].
#[inline]
pub fn room<'b>(
    shape: &'static Shape,
    buffer: &'b mut [u8],
    needed: usize,
) -> Result<&'b mut [u8], EncodeError> {
    let available = buffer.len();
    match buffer.get_mut(..needed) {
        Some(room) => Ok(room),
        None => Err(too_small(shape, needed, available)),
    }
}

/// Tests that a number is in `min..=max`.
///
/// # Errors
/// [`EncodeErrorKind::OutOfRange`].
#[inline]
pub fn range<T: Copy + PartialOrd + Into<i128>>(
    site: Site,
    value: T,
    min: T,
    max: T,
) -> Result<(), EncodeError> {
    if value >= min && value <= max {
        return Ok(());
    }
    Err(wrong::range(site, value, min, max))
}

/// Tests that a float is a number and not infinite.
///
/// # Errors
/// [`EncodeErrorKind::NotFinite`].
#[inline]
pub fn finite(site: Site, value: impl Float) -> Result<(), EncodeError> {
    if value.is_finite() {
        return Ok(());
    }
    Err(wrong::not_finite(site))
}

/// Tests that a number has a meaning.
///
/// # Errors
/// [`EncodeErrorKind::UnknownValue`].
#[inline]
pub fn known<T: Copy + Into<u64>>(
    site: Site,
    value: T,
    is_known: impl Fn(T) -> bool,
) -> Result<(), EncodeError> {
    if is_known(value) {
        return Ok(());
    }
    Err(wrong::unknown(site, value.into()))
}

/// Tests that no flags are set but those of `all`.
///
/// # Errors
/// [`EncodeErrorKind::UnknownValue`] with the others.
#[inline]
pub fn flags<T: Into<u64>>(site: Site, value: T, all: T) -> Result<(), EncodeError> {
    known(site, value.into() & !all.into(), |unknown| unknown == 0)
}

/// Tests that a packet has from `min` to `max` bytes.
///
/// # Errors
/// [`EncodeErrorKind::LengthOutOfRange`].
#[inline]
pub const fn packet_limits(
    shape: &'static Shape,
    length: usize,
    min: u64,
    max: usize,
) -> Result<(), EncodeError> {
    if length <= max && length as u64 >= min {
        return Ok(());
    }
    Err(wrong::packet(shape, length, min, max))
}

/// The error that a condition and the field that it governs do not agree, if they do not.
///
/// # Errors
/// [`EncodeErrorKind::PresenceMismatch`].
#[inline]
pub fn presence(site: Site, expected: bool, actual: bool) -> Result<(), EncodeError> {
    if expected == actual {
        return Ok(());
    }
    Err(wrong::presence(site))
}

/// Tests a length against its limits.
///
/// # Errors
/// [`EncodeErrorKind::LengthOutOfRange`].
#[inline]
pub fn limits(site: Site, length: usize, min: u64, max: u64) -> Result<(), EncodeError> {
    let wide = length as u64;
    if wide >= min && wide <= max {
        return Ok(());
    }
    Err(wrong::limits(site, length, min, max))
}

/// Compares a length with what other fields say it is.
///
/// # Errors
/// [`EncodeErrorKind::LengthMismatch`].
#[inline]
pub fn same_length(site: Site, expected: i128, actual: usize) -> Result<(), EncodeError> {
    let actual = actual as i128;
    if expected == actual {
        return Ok(());
    }
    Err(wrong::length(site, expected, actual))
}

/// The value of a length field: (`length` − `offset`) / `scale`. `measured` is the field that has the
/// length, `site` the one that holds the value, which is from `min` to `max`.
///
/// # Errors
/// [`EncodeErrorKind::LengthNotRepresentable`] if the division is not exact,
/// [`EncodeErrorKind::OutOfRange`] if the value does not fit.
#[inline]
pub fn solve<T: TryFrom<i128>>(
    site: Site,
    measured: Site,
    length: usize,
    scale: i128,
    offset: i128,
    (min, max): (i128, i128),
) -> Result<T, EncodeError> {
    let length = length as i128;
    let inexact = || wrong::inexact(measured, length);
    let product = length.checked_sub(offset).ok_or_else(inexact)?;
    if product.checked_rem(scale) != Some(0) {
        return Err(inexact());
    }
    let value = product.checked_div(scale).ok_or_else(inexact)?;
    fitting(site, value, min, max)
}

/// A number that must be in `min..=max` and fit its type.
///
/// # Errors
/// [`EncodeErrorKind::OutOfRange`].
#[inline]
pub fn fitting<T: TryFrom<i128>>(
    site: Site,
    value: i128,
    min: i128,
    max: i128,
) -> Result<T, EncodeError> {
    range(site, value, min, max)?;
    T::try_from(value).map_err(|_| wrong::range(site, value, min, max))
}

/// A length as the number in front of a field. It was tested to fit; of a length that does not, the upper bits
/// are left out.
#[inline]
pub fn prefix<T: Prefix>(length: usize) -> T {
    T::of(length)
}

/// A number that can stand in front of a field.
pub trait Prefix {
    /// The number, whose upper bits are left out if it is too large.
    fn of(length: usize) -> Self;
}

macro_rules! prefixes {
    ($($number:ty)*) => {$(
        impl Prefix for $number {
            #[inline]
            #[allow(clippy::cast_possible_truncation)] // tested before
            fn of(length: usize) -> Self {
                length as Self
            }
        }
    )*};
}

prefixes! { u8 u16 u32 u64 u128 }

/// The value of a length field whose measured field is absent: the one for a length of 0, or else the
/// nearest that fits.
pub fn solve_absent<T: TryFrom<i128> + Default>(
    scale: i128,
    offset: i128,
    (min, max): (i128, i128),
) -> T {
    let product = offset.checked_neg().unwrap_or(0);
    let value = product.checked_div(scale).unwrap_or(0).clamp(min, max);
    T::try_from(value).unwrap_or_default()
}

/// Tests text that is padded with NULs to `width` bytes.
///
/// # Errors
/// [`EncodeErrorKind::LengthOutOfRange`] if it is too long, [`EncodeErrorKind::InvalidText`] if it contains
/// a NUL.
pub fn padded(site: Site, text: &str, width: usize) -> Result<(), EncodeError> {
    limits(site, text.len(), 0, width as u64)?;
    without_nul(site, text)
}

/// Tests that text has no NUL: one would end it, or be taken for padding.
///
/// # Errors
/// [`EncodeErrorKind::InvalidText`].
#[inline]
pub fn without_nul(site: Site, text: &str) -> Result<(), EncodeError> {
    if text.bytes().any(|byte| byte == 0) {
        return Err(site.refused(EncodeErrorKind::InvalidText));
    }
    Ok(())
}

/// Tests that Latin-1 has all characters of a text.
///
/// # Errors
/// [`EncodeErrorKind::InvalidText`].
#[inline]
pub fn latin1(site: Site, text: &str) -> Result<(), EncodeError> {
    if text.chars().all(|character| u32::from(character) <= 0xff) {
        return Ok(());
    }
    Err(site.refused(EncodeErrorKind::InvalidText))
}

/// Tests that text is ASCII.
///
/// # Errors
/// [`EncodeErrorKind::InvalidText`].
#[inline]
pub fn ascii(site: Site, text: &str) -> Result<(), EncodeError> {
    if text.is_ascii() {
        return Ok(());
    }
    Err(site.refused(EncodeErrorKind::InvalidText))
}
