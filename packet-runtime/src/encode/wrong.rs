//! The errors of the steps, made out of line: a test that does not fail costs its caller a comparison and a jump.

use super::Site;
use crate::error::{EncodeError, EncodeErrorKind};
use crate::shape::Shape;

#[cold]
#[inline(never)]
pub(super) fn range<T: Into<i128>>(site: Site, value: T, min: T, max: T) -> EncodeError {
    let (value, min, max) = (value.into(), min.into(), max.into());
    site.refused(EncodeErrorKind::OutOfRange { value, min, max })
}

#[cold]
#[inline(never)]
pub(super) fn not_finite(site: Site) -> EncodeError {
    site.refused(EncodeErrorKind::NotFinite)
}

#[cold]
#[inline(never)]
pub(super) fn unknown(site: Site, value: u64) -> EncodeError {
    site.refused(EncodeErrorKind::UnknownValue { value })
}

#[cold]
#[inline(never)]
pub(super) const fn packet(
    shape: &'static Shape,
    length: usize,
    min: u64,
    max: usize,
) -> EncodeError {
    let (length, min, max) = (length as i128, min as i128, max as i128);
    EncodeError::whole(
        shape,
        EncodeErrorKind::LengthOutOfRange { length, min, max },
    )
}

#[cold]
#[inline(never)]
pub(super) fn limits(site: Site, length: usize, min: u64, max: u64) -> EncodeError {
    let (length, min, max) = (length as i128, min.into(), max.into());
    site.refused(EncodeErrorKind::LengthOutOfRange { length, min, max })
}

#[cold]
#[inline(never)]
pub(super) fn presence(site: Site) -> EncodeError {
    site.refused(EncodeErrorKind::PresenceMismatch)
}

#[cold]
#[inline(never)]
pub(super) fn length(site: Site, expected: i128, actual: i128) -> EncodeError {
    site.refused(EncodeErrorKind::LengthMismatch { expected, actual })
}

#[cold]
#[inline(never)]
pub(super) fn inexact(site: Site, length: i128) -> EncodeError {
    site.refused(EncodeErrorKind::LengthNotRepresentable { length })
}
