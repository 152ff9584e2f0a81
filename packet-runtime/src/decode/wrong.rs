//! The errors of the steps, made out of line: a test that does not fail costs its caller a comparison and a jump.
//!
//! Numbers come in as they lie in registers; the kinds are put together here.

use super::Site;
use crate::error::{DecodeError, ErrorKind};
use crate::shape::{Path, Shape};

#[cold]
#[inline(never)]
pub(super) fn constant(site: Site, offset: usize, expected: u64, actual: u64) -> DecodeError {
    site.error(offset, ErrorKind::ConstMismatch { expected, actual })
}

#[cold]
#[inline(never)]
pub(super) fn unknown(site: Site, offset: usize, value: u64) -> DecodeError {
    site.error(offset, ErrorKind::UnknownValue { value })
}

#[cold]
#[inline(never)]
pub(super) fn not_finite(site: Site, offset: usize) -> DecodeError {
    site.error(offset, ErrorKind::NotFinite)
}

#[cold]
#[inline(never)]
pub(super) fn range<T: Into<i128>>(
    site: Site,
    offset: usize,
    value: T,
    min: T,
    max: T,
) -> DecodeError {
    let (value, min, max) = (value.into(), min.into(), max.into());
    site.error(offset, ErrorKind::OutOfRange { value, min, max })
}

#[cold]
#[inline(never)]
pub(super) fn limits(site: Site, offset: usize, length: usize, min: u64, max: u64) -> DecodeError {
    self::length(site, offset, length as i128, min.into(), max.into())
}

#[cold]
#[inline(never)]
pub(super) fn length(site: Site, offset: usize, length: i128, min: i128, max: i128) -> DecodeError {
    site.error(offset, ErrorKind::LengthOutOfRange { length, min, max })
}

#[cold]
#[inline(never)]
pub(super) fn truncated(site: Site, offset: usize, needed: usize, available: usize) -> DecodeError {
    site.error(offset, ErrorKind::Truncated { needed, available })
}

#[cold]
#[inline(never)]
pub(super) fn trailing(site: Site, offset: usize, extra: usize) -> DecodeError {
    site.error(offset, ErrorKind::Trailing { extra })
}

#[cold]
#[inline(never)]
pub(super) fn end(shape: &'static Shape, offset: usize, extra: usize) -> DecodeError {
    let kind = ErrorKind::Trailing { extra };
    DecodeError::at(shape, Path::fields(&[]), offset, kind)
}

#[cold]
#[inline(never)]
pub(super) fn size(site: Site, offset: usize, expected: u64, actual: u64) -> DecodeError {
    site.error(offset, ErrorKind::SizeMismatch { expected, actual })
}

#[cold]
#[inline(never)]
pub(super) fn checksum(site: Site, offset: usize, expected: u64, actual: u64) -> DecodeError {
    site.error(offset, ErrorKind::ChecksumMismatch { expected, actual })
}

#[cold]
#[inline(never)]
pub(super) fn text(site: Site, offset: usize) -> DecodeError {
    site.error(offset, ErrorKind::InvalidText)
}
