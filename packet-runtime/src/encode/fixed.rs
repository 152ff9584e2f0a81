//! Tests of what a packet of fixed size holds, which a constant can be made by too.
//!
//! They are those of [`encode`](super) for values of known types.

use super::Site;
use crate::error::{EncodeError, EncodeErrorKind};
use crate::shape::Shape;

/// Goes on if a test was passed, or else returns its error: `?` where constants are made.
#[doc(hidden)]
#[macro_export]
macro_rules! __test {
    ($result:expr) => {
        if let Err(error) = $result {
            return Err(error);
        }
    };
}

/// Tests that a number is in `min..=max`.
///
/// # Errors
/// [`EncodeErrorKind::OutOfRange`].
#[inline]
pub const fn range(site: Site, value: i128, min: i128, max: i128) -> Result<(), EncodeError> {
    if value >= min && value <= max {
        return Ok(());
    }
    Err(site.refused(EncodeErrorKind::OutOfRange { value, min, max }))
}

/// Tests that a number is in `min..=max`. A larger one than `i128` holds is reported as the largest of that.
///
/// # Errors
/// [`EncodeErrorKind::OutOfRange`].
#[inline]
pub const fn range_u128(site: Site, value: u128, min: i128, max: i128) -> Result<(), EncodeError> {
    let value = if value > i128::MAX.cast_unsigned() {
        // `max` may be the largest that can be said, but not more.
        return Err(site.refused(EncodeErrorKind::OutOfRange {
            value: i128::MAX,
            min,
            max,
        }));
    } else {
        value.cast_signed()
    };
    range(site, value, min, max)
}

/// Tests that a float is a number and not infinite.
///
/// # Errors
/// [`EncodeErrorKind::NotFinite`].
#[inline]
pub const fn finite_f32(site: Site, value: f32) -> Result<(), EncodeError> {
    if value.is_finite() {
        return Ok(());
    }
    Err(site.refused(EncodeErrorKind::NotFinite))
}

/// Tests that a float is a number and not infinite.
///
/// # Errors
/// [`EncodeErrorKind::NotFinite`].
#[inline]
pub const fn finite_f64(site: Site, value: f64) -> Result<(), EncodeError> {
    if value.is_finite() {
        return Ok(());
    }
    Err(site.refused(EncodeErrorKind::NotFinite))
}

/// Tests that no flags are set but those of `all`.
///
/// # Errors
/// [`EncodeErrorKind::UnknownValue`] with the others.
#[inline]
pub const fn flags(site: Site, value: u64, all: u64) -> Result<(), EncodeError> {
    let value = value & !all;
    if value == 0 {
        return Ok(());
    }
    Err(site.refused(EncodeErrorKind::UnknownValue { value }))
}

/// What a nested struct says of itself, as its surroundings say it.
///
/// # Errors
/// The struct's, seen from field number `field` of `shape`.
#[inline]
pub const fn within(
    tested: Result<(), EncodeError>,
    shape: &'static Shape,
    field: u16,
) -> Result<(), EncodeError> {
    match tested {
        Ok(()) => Ok(()),
        Err(error) => Err(error.within(shape, field)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encode;
    use crate::shape::FieldShape;
    use std::string::ToString;

    static SHAPE: Shape = Shape {
        name: "Point",
        fields: &[FieldShape::fixed("x", 4)],
    };

    const SITE: Site = Site::new(&SHAPE, 0);

    /// Made when the program is compiled.
    const TESTED: Result<(), EncodeError> = {
        match range(SITE, 5, 0, 4) {
            Ok(()) => Ok(()),
            Err(error) => within(Err(error), &SHAPE, 0),
        }
    };

    #[test]
    fn a_constant_knows_why_it_is_wrong() {
        let error = TESTED.unwrap_err();
        assert_eq!(error.field().to_string(), "x.?");
        let (value, min, max) = (5, 0, 4);
        assert_eq!(
            error.kind(),
            EncodeErrorKind::OutOfRange { value, min, max }
        );
    }

    #[test]
    fn says_what_the_tests_of_any_type_say() {
        for value in [i128::MIN, -1, 0, 4, 5, i128::MAX] {
            assert_eq!(range(SITE, value, 0, 4), encode::range(SITE, value, 0, 4));
        }
        for value in [0.0, -1.5, f32::MAX, f32::INFINITY, f32::NAN] {
            assert_eq!(finite_f32(SITE, value), encode::finite(SITE, value));
            let wide = f64::from(value);
            assert_eq!(finite_f64(SITE, wide), encode::finite(SITE, wide));
        }
        for value in [0, 1, 2, 7, u64::MAX] {
            assert_eq!(flags(SITE, value, 5), encode::flags(SITE, value, 5));
        }
    }

    #[test]
    fn a_number_over_the_largest_that_can_be_told_is_out_of_every_range() {
        assert_eq!(range_u128(SITE, 7, 0, 7), Ok(()));
        assert!(range_u128(SITE, 8, 0, 7).is_err());
        let error = range_u128(SITE, u128::MAX, 0, i128::MAX).unwrap_err();
        let (value, min, max) = (i128::MAX, 0, i128::MAX);
        assert_eq!(
            error.kind(),
            EncodeErrorKind::OutOfRange { value, min, max }
        );
    }
}
