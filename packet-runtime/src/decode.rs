//! Steps of decoding that generated code is put together from.
//!
//! Each takes from a [`Reader`] and says in its error which field it was about. The order of the tests
//! inside a step is part of the wire rules: two implementations report the same error.

mod elements;
mod ends;
mod text;
mod varint;
mod wrong;

use elements::enough;
pub use elements::{read_structs, scalars, scalars_to_end, structs, structs_to_end};
pub use ends::{align, scalars_until, structs_until, value};
pub use text::{
    ascii, ascii_bytes, latin1, padded_ascii, padded_latin1, padded_utf8, padded_utf16, terminated,
    terminated_bytes, text, utf8, utf8_bytes, utf16,
};
pub use varint::{VarintRule, after_varint, varint, varints, varints_to_end, varints_until};

use crate::codec::{Reader, View};
use crate::error::DecodeError;
#[cfg(doc)]
use crate::error::ErrorKind;
use crate::shape::Shape;

pub use crate::shape::Site;

/// Compares a number, which lies at `offset`, with the only value that it may have.
///
/// # Errors
/// [`ErrorKind::ConstMismatch`].
#[inline]
pub fn constant(
    site: Site,
    offset: usize,
    value: impl Into<u64>,
    expected: u64,
) -> Result<(), DecodeError> {
    let actual = value.into();
    if actual == expected {
        return Ok(());
    }
    Err(wrong::constant(site, offset, expected, actual))
}

/// Tests that a number, which lies at `offset`, has a meaning.
///
/// # Errors
/// [`ErrorKind::UnknownValue`].
#[inline]
pub fn known<T: Copy + Into<u64>>(
    site: Site,
    offset: usize,
    value: T,
    is_known: impl Fn(T) -> bool,
) -> Result<(), DecodeError> {
    if is_known(value) {
        return Ok(());
    }
    Err(wrong::unknown(site, offset, value.into()))
}

/// Tests that a number, which lies at `offset`, is 0 or 1.
///
/// # Errors
/// [`ErrorKind::UnknownValue`].
#[inline]
pub fn boolean(site: Site, offset: usize, value: impl Into<u64>) -> Result<(), DecodeError> {
    known(site, offset, value.into(), |value| value <= 1)
}

/// Tests that no flags are set but those of `all`.
///
/// # Errors
/// [`ErrorKind::UnknownValue`] with the others.
#[inline]
pub fn flags<T: Into<u64>>(site: Site, offset: usize, value: T, all: T) -> Result<(), DecodeError> {
    known(site, offset, value.into() & !all.into(), |unknown| {
        unknown == 0
    })
}

/// Tests that a float, which lies at `offset`, is a number and not infinite.
///
/// # Errors
/// [`ErrorKind::NotFinite`].
#[inline]
pub fn finite(site: Site, offset: usize, value: impl Float) -> Result<(), DecodeError> {
    if value.is_finite() {
        return Ok(());
    }
    Err(wrong::not_finite(site, offset))
}

/// Tests that a number, which lies at `offset`, is in `min..=max`.
///
/// # Errors
/// [`ErrorKind::OutOfRange`].
#[inline]
pub fn range<T: Copy + PartialOrd + Into<i128>>(
    site: Site,
    offset: usize,
    value: T,
    min: T,
    max: T,
) -> Result<(), DecodeError> {
    if value >= min && value <= max {
        return Ok(());
    }
    Err(wrong::range(site, offset, value, min, max))
}

/// A float of some width.
pub trait Float: Copy {
    /// Whether it is a number and not infinite.
    fn is_finite(self) -> bool;
}

impl Float for f32 {
    #[inline]
    fn is_finite(self) -> bool {
        self.is_finite()
    }
}

impl Float for f64 {
    #[inline]
    fn is_finite(self) -> bool {
        self.is_finite()
    }
}

/// A length or count that an expression gave.
///
/// # Errors
/// [`ErrorKind::LengthOutOfRange`] if it is negative; `max` is the largest that the expression can give.
#[inline]
pub fn length(
    reader: &Reader<'_>,
    site: Site,
    value: i128,
    max: i128,
) -> Result<usize, DecodeError> {
    if value < 0 {
        return Err(wrong::length(site, reader.position(), value, 0, max));
    }
    // More than memory can hold is more than any input has, and is reported as missing.
    Ok(usize::try_from(value).unwrap_or(usize::MAX))
}

/// The bytes of a length in front of a field.
///
/// # Errors
/// [`ErrorKind::Truncated`] if they are not all there.
#[inline]
pub fn prefix<'a, const N: usize>(
    reader: &mut Reader<'a>,
    site: Site,
) -> Result<&'a [u8; N], DecodeError> {
    match reader.array::<N>() {
        Some(prefix) => Ok(prefix),
        None => Err(truncated(reader, site, N)),
    }
}

/// Tests a length against the limits of its field, which begins at `offset`.
///
/// # Errors
/// [`ErrorKind::LengthOutOfRange`].
#[inline]
pub fn limits(
    site: Site,
    offset: usize,
    length: usize,
    min: u64,
    max: u64,
) -> Result<(), DecodeError> {
    let wide = length as u64;
    if wide >= min && wide <= max {
        return Ok(());
    }
    Err(wrong::limits(site, offset, length, min, max))
}

/// [`limits`] of a length that may be more than a `usize` holds, so that the error has all of it.
///
/// # Errors
/// [`ErrorKind::LengthOutOfRange`].
#[inline]
pub fn wide_limits(
    site: Site,
    offset: usize,
    length: i128,
    min: u64,
    max: u64,
) -> Result<(), DecodeError> {
    let (min, max) = (i128::from(min), i128::from(max));
    if length >= min && length <= max {
        return Ok(());
    }
    Err(wrong::length(site, offset, length, min, max))
}

/// The error that a field needs more bytes than the reader has.
#[inline]
fn truncated(reader: &Reader<'_>, site: Site, needed: usize) -> DecodeError {
    wrong::truncated(site, reader.position(), needed, reader.remaining())
}

/// How many bytes there are up to the last `after`.
///
/// # Errors
/// [`ErrorKind::Truncated`] if there are not even those.
#[inline]
pub fn rest(reader: &Reader<'_>, site: Site, after: usize) -> Result<usize, DecodeError> {
    match reader.remaining().checked_sub(after) {
        Some(length) => Ok(length),
        None => Err(truncated(reader, site, after)),
    }
}

/// The next `length` bytes.
///
/// # Errors
/// [`ErrorKind::Truncated`] if there are fewer.
#[inline]
pub fn bytes<'a>(
    reader: &mut Reader<'a>,
    site: Site,
    length: usize,
) -> Result<&'a [u8], DecodeError> {
    match reader.take(length) {
        Some(bytes) => Ok(bytes),
        None => Err(truncated(reader, site, length)),
    }
}

/// The next `length` bytes as a reader of their own.
///
/// # Errors
/// [`ErrorKind::Truncated`] if there are fewer.
#[inline]
pub fn bounded<'a>(
    reader: &mut Reader<'a>,
    site: Site,
    length: usize,
) -> Result<Reader<'a>, DecodeError> {
    match reader.bounded(length) {
        Some(inner) => Ok(inner),
        None => Err(truncated(reader, site, length)),
    }
}

/// Tests that a field has used up the bytes it was given.
///
/// # Errors
/// [`ErrorKind::Trailing`].
#[inline]
pub fn used_up(reader: &Reader<'_>, site: Site) -> Result<(), DecodeError> {
    match reader.remaining() {
        0 => Ok(()),
        extra => Err(wrong::trailing(site, reader.position(), extra)),
    }
}

/// Tests that a packet has used up all its bytes.
///
/// # Errors
/// [`ErrorKind::Trailing`].
#[inline]
pub fn end(reader: &Reader<'_>, shape: &'static Shape) -> Result<(), DecodeError> {
    match reader.remaining() {
        0 => Ok(()),
        extra => Err(wrong::end(shape, reader.position(), extra)),
    }
}

/// `bytes` as exactly one packet with a size field, that `says` how many bytes there are.
///
/// # Errors
/// The first thing, in wire order, that is wrong; then what [`size`] and [`end`] say.
#[inline(always)]
pub fn sized<'a, V: View<'a>>(
    bytes: &'a [u8],
    site: Site,
    offset: usize,
    excluded: i64,
    says: impl Fn(V) -> u64,
) -> Result<V, DecodeError> {
    if is_fixed::<V>() && bytes.len() != V::MIN_LEN {
        return Err(missized(bytes, site, offset, excluded, says));
    }
    whole(bytes, site, offset, excluded, says)
}

/// As [`sized`], for packets of `N` bytes that always begin with `head`: their size and what else is constant. `rest` tests what
/// comes behind that, and `of` is the packet that the bytes are.
///
/// # Errors
/// As [`sized`].
#[inline(always)]
#[expect(clippy::too_many_arguments, reason = "only generated code calls it")]
pub fn headed<'a, V: View<'a>, const H: usize, const N: usize>(
    bytes: &'a [u8],
    head: &[u8; H],
    rest: impl Fn(&[u8; N], usize) -> Result<(), DecodeError>,
    of: impl Fn(&'a [u8; N]) -> V,
    site: Site,
    offset: usize,
    excluded: i64,
    says: impl Fn(V) -> u64,
) -> Result<V, DecodeError> {
    match <&[u8; N]>::try_from(bytes) {
        // One comparison instead of one for each field.
        Ok(part) if part.starts_with(head) => {
            rest(part, 0)?;
            Ok(of(part))
        }
        // Which of them differs, and whether something else is wrong in front of it, is found out of line.
        _ => Err(missized(bytes, site, offset, excluded, says)),
    }
}

/// Whether all valid values have the same length.
#[inline(always)]
fn is_fixed<'a, V: View<'a>>() -> bool {
    V::MAX_LEN == Some(V::MIN_LEN)
}

/// What [`sized`] says of bytes whose number or beginning alone is wrong: apart from the rest, which knows how many it has.
#[cold]
#[inline(never)]
fn missized<'a, V: View<'a>>(
    bytes: &'a [u8],
    site: Site,
    offset: usize,
    excluded: i64,
    says: impl Fn(V) -> u64,
) -> DecodeError {
    match whole(bytes, site, offset, excluded, says) {
        Err(error) => error,
        // What has another length, or begins with other bytes, cannot be valid.
        Ok(_) => wrong::end(site.shape, bytes.len(), 0),
    }
}

#[inline(always)]
fn whole<'a, V: View<'a>>(
    bytes: &'a [u8],
    site: Site,
    offset: usize,
    excluded: i64,
    says: impl Fn(V) -> u64,
) -> Result<V, DecodeError> {
    let mut reader = Reader::new(bytes);
    let view = V::decode(&mut reader)?;
    size(site, offset, says(view), bytes.len(), excluded)?;
    end(&reader, site.shape)?;
    Ok(view)
}

/// As [`sized`], with a size that is a varint of at most `most` bytes at `offset`, and counts what is behind it.
///
/// # Errors
/// As [`sized`].
#[inline]
pub fn sized_varint<'a, V: View<'a>>(
    bytes: &'a [u8],
    site: Site,
    place: (usize, usize),
    excluded: i64,
    says: impl Fn(V) -> u64,
) -> Result<V, DecodeError> {
    let mut reader = Reader::new(bytes);
    let view = V::decode(&mut reader)?;
    size_varint(bytes, site, place, excluded, says(view))?;
    end(&reader, site.shape)?;
    Ok(view)
}

/// Like [`sized_varint`] of a packet that may have more bytes than its fields, which are ignored.
///
/// # Errors
/// The first thing, in wire order, that is wrong; then what [`size`] says.
#[inline]
pub fn sized_varint_start<'a, V: View<'a>>(
    bytes: &'a [u8],
    site: Site,
    place: (usize, usize),
    excluded: i64,
    says: impl Fn(V) -> u64,
) -> Result<V, DecodeError> {
    let view = V::decode(&mut Reader::new(bytes))?;
    size_varint(bytes, site, place, excluded, says(view))?;
    Ok(view)
}

fn size_varint(
    bytes: &[u8],
    site: Site,
    (offset, most): (usize, usize),
    excluded: i64,
    actual: u64,
) -> Result<(), DecodeError> {
    // It was read before.
    let behind = after_varint(bytes, offset, most).map_or(0, <[u8]>::len);
    size(site, offset, actual, behind, excluded)
}

/// Like [`sized`] of a packet that may have more bytes than its fields, which are ignored.
///
/// # Errors
/// The first thing, in wire order, that is wrong; then what [`size`] says.
#[inline(always)]
pub fn sized_start<'a, V: View<'a>>(
    bytes: &'a [u8],
    site: Site,
    offset: usize,
    excluded: i64,
    says: impl Fn(V) -> u64,
) -> Result<V, DecodeError> {
    let view = V::decode(&mut Reader::new(bytes))?;
    size(site, offset, says(view), bytes.len(), excluded)?;
    Ok(view)
}

/// Compares a size field, which lies at `offset`, with the number of bytes in the packet, of which it
/// leaves out `excluded`.
///
/// # Errors
/// [`ErrorKind::SizeMismatch`].
#[inline]
pub fn size(
    site: Site,
    offset: usize,
    actual: u64,
    total: usize,
    excluded: i64,
) -> Result<(), DecodeError> {
    let expected = total as i128 - i128::from(excluded);
    let expected = u64::try_from(expected).unwrap_or(0);
    if expected == actual {
        return Ok(());
    }
    Err(wrong::size(site, offset, expected, actual))
}

/// Compares a checksum, which lies at `offset`, with the one that the bytes give.
///
/// # Errors
/// [`ErrorKind::ChecksumMismatch`].
#[inline]
pub fn checksum(site: Site, offset: usize, expected: u64, actual: u64) -> Result<(), DecodeError> {
    if expected == actual {
        return Ok(());
    }
    Err(wrong::checksum(site, offset, expected, actual))
}
