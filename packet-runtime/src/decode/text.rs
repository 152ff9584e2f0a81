//! Text of every encoding and extent.

use super::{Site, bytes, truncated, wide_limits, wrong};
use crate::codec::Reader;
use crate::error::DecodeError;
#[cfg(doc)]
use crate::error::ErrorKind;
use crate::text::{self as encodings, Latin1, Unit, Utf16};

/// The next `length` bytes as UTF-8.
///
/// # Errors
/// As [`bytes()`], and [`ErrorKind::InvalidText`] at the first byte that is wrong.
#[inline]
pub fn utf8<'a>(
    reader: &mut Reader<'a>,
    site: Site,
    length: usize,
) -> Result<&'a str, DecodeError> {
    counted(reader, site, length, encodings::utf8)
}

/// The next `length` bytes as ASCII.
///
/// # Errors
/// As [`bytes()`], and [`ErrorKind::InvalidText`] at the first byte that is wrong.
#[inline]
pub fn ascii<'a>(
    reader: &mut Reader<'a>,
    site: Site,
    length: usize,
) -> Result<&'a str, DecodeError> {
    counted(reader, site, length, encodings::ascii)
}

/// The next `length` bytes as Latin-1.
///
/// # Errors
/// As [`bytes()`].
#[inline]
pub fn latin1<'a>(
    reader: &mut Reader<'a>,
    site: Site,
    length: usize,
) -> Result<Latin1<'a>, DecodeError> {
    counted(reader, site, length, encodings::latin1)
}

/// The next `length` bytes as UTF-16.
///
/// # Errors
/// As [`bytes()`], and [`ErrorKind::InvalidText`] at the first code unit that is wrong.
#[inline]
pub fn utf16<'a, E: Unit>(
    reader: &mut Reader<'a>,
    site: Site,
    length: usize,
) -> Result<Utf16<'a, E>, DecodeError> {
    let trusted = reader.is_trusted();
    counted(reader, site, length, |bytes| {
        if trusted {
            return Ok(Utf16::new(bytes));
        }
        encodings::utf16(bytes)
    })
}

/// The next `length` bytes, which are UTF-8, as bytes: [`tested`](crate::text::tested) makes a `str` of them. That they
/// are UTF-8 is tested only once.
///
/// # Errors
/// As [`utf8`].
#[inline]
pub fn utf8_bytes<'a>(
    reader: &mut Reader<'a>,
    site: Site,
    length: usize,
) -> Result<&'a [u8], DecodeError> {
    let of = untested_if(reader.is_trusted(), encodings::utf8_bytes);
    counted(reader, site, length, of)
}

/// The next `length` bytes, which are ASCII, as bytes: [`tested`](crate::text::tested) makes a `str` of them. That they
/// are ASCII is tested only once.
///
/// # Errors
/// As [`ascii()`].
#[inline]
pub fn ascii_bytes<'a>(
    reader: &mut Reader<'a>,
    site: Site,
    length: usize,
) -> Result<&'a [u8], DecodeError> {
    let of = untested_if(reader.is_trusted(), encodings::ascii_bytes);
    counted(reader, site, length, of)
}

/// The bytes themselves where they were tested before, else what `of` says.
#[inline]
fn untested_if<'a>(
    trusted: bool,
    of: impl Fn(&'a [u8]) -> Result<&'a [u8], usize>,
) -> impl Fn(&'a [u8]) -> Result<&'a [u8], usize> {
    move |bytes| if trusted { Ok(bytes) } else { of(bytes) }
}

#[inline]
fn counted<'a, T>(
    reader: &mut Reader<'a>,
    site: Site,
    length: usize,
    of: impl Fn(&'a [u8]) -> Result<T, usize>,
) -> Result<T, DecodeError> {
    let offset = reader.position();
    text(site, offset, of(bytes(reader, site, length)?))
}

/// Text that lies at `offset`, or the place in it of the first byte that is wrong.
///
/// # Errors
/// [`ErrorKind::InvalidText`].
#[inline]
pub fn text<T>(site: Site, offset: usize, text: Result<T, usize>) -> Result<T, DecodeError> {
    text.map_err(|place| wrong::text(site, offset + place))
}

/// The text up to the next NUL of `unit` bytes, which is taken too. The text has `min` to `max` bytes, and no
/// further is looked for its end.
///
/// # Errors
/// [`ErrorKind::LengthOutOfRange`], [`ErrorKind::Truncated`] if there is no NUL, and
/// [`ErrorKind::InvalidText`] at what `of` finds wrong.
pub fn terminated<'a, T>(
    reader: &mut Reader<'a>,
    site: Site,
    unit: usize,
    (min, max): (u64, u64),
    of: impl Fn(&'a [u8]) -> Result<T, usize>,
) -> Result<T, DecodeError> {
    let offset = reader.position();
    let all = reader.rest();
    let units = usize::try_from(max).unwrap_or(usize::MAX) / unit;
    let window = units.saturating_add(1).saturating_mul(unit);
    let Some(length) = encodings::nul(all.get(..window).unwrap_or(all), unit) else {
        if all.len() >= window {
            wide_limits(site, offset, window as i128, min, max)?;
        }
        return Err(truncated(reader, site, all.len().saturating_add(1)));
    };
    wide_limits(site, offset, length as i128, min, max)?;
    let all = bytes(reader, site, length + unit)?;
    text(site, offset, of(all.get(..length).unwrap_or(all)))
}

/// [`terminated`] by one NUL, of text that stays bytes: `of` tests them once.
///
/// # Errors
/// As [`terminated`].
pub fn terminated_bytes<'a>(
    reader: &mut Reader<'a>,
    site: Site,
    limits: (u64, u64),
    of: impl Fn(&'a [u8]) -> Result<&'a [u8], usize>,
) -> Result<&'a [u8], DecodeError> {
    let of = untested_if(reader.is_trusted(), of);
    terminated(reader, site, 1, limits, of)
}

/// UTF-8 text that is padded with NULs at its end.
///
/// # Errors
/// The place of the first byte that is not UTF-8 or is a NUL inside the text.
pub fn padded_utf8(bytes: &[u8]) -> Result<&str, usize> {
    padded(bytes, 1, encodings::utf8)
}

/// ASCII text that is padded with NULs at its end.
///
/// # Errors
/// The place of the first byte that is not ASCII or is a NUL inside the text.
pub fn padded_ascii(bytes: &[u8]) -> Result<&str, usize> {
    padded(bytes, 1, encodings::ascii)
}

/// Latin-1 text that is padded with NULs at its end.
///
/// # Errors
/// The place of the first NUL inside the text.
pub fn padded_latin1(bytes: &[u8]) -> Result<Latin1<'_>, usize> {
    padded(bytes, 1, encodings::latin1)
}

/// UTF-16 text that is padded with NULs of two bytes at its end.
///
/// # Errors
/// The place of the first code unit that is wrong or is a NUL inside the text.
pub fn padded_utf16<E: Unit>(bytes: &[u8]) -> Result<Utf16<'_, E>, usize> {
    padded(bytes, 2, encodings::utf16)
}

fn padded<'a, T>(
    bytes: &'a [u8],
    unit: usize,
    of: impl Fn(&'a [u8]) -> Result<T, usize>,
) -> Result<T, usize> {
    let content = encodings::without_padding(bytes, unit);
    match (of(content), encodings::nul(content, unit)) {
        (text, None) => text,
        (Ok(_), Some(nul)) => Err(nul),
        (Err(wrong), Some(nul)) => Err(wrong.min(nul)),
    }
}
