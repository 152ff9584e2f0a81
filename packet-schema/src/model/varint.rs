//! Numbers whose size follows from their value, and lengths that may be such numbers.
//!
//! In: nothing but numbers. Out: what their bytes can be. The bytes themselves are read and written by
//! [`crate::codec`] and by generated code.

use super::{Endian, Scalar, ScalarKind};

/// An integer in LEB128: seven bits a byte, the least significant first; every byte but the last has its
/// highest bit set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Varint {
    /// Whether it is zigzag-mapped: 0, −1, 1, −2 … are written as 0, 1, 2, 3 …
    pub signed: bool,
    /// Whether more bytes than the number needs are refused when it is read.
    pub canonical: bool,
    /// Smallest and largest allowed value, if the schema says so.
    pub range: Option<(i128, i128)>,
}

impl Varint {
    /// Smallest and largest number that it can be: its range, else all of 64 bits.
    pub const fn limits(&self) -> (i128, i128) {
        match (self.range, self.signed) {
            (Some(range), _) => range,
            (None, true) => (i64::MIN as i128, i64::MAX as i128),
            (None, false) => (0, u64::MAX as i128),
        }
    }

    /// The integer of 64 bits that has the same values.
    pub const fn scalar(&self) -> Scalar {
        let mut scalar = Scalar::unsigned(64, Endian::Big);
        scalar.range = self.range;
        if self.signed {
            scalar.kind = ScalarKind::Signed;
        }
        scalar
    }

    /// The number that stands on the wire for `value`, which is within [`Self::limits`].
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the limits are those of 64 bits"
    )]
    #[expect(clippy::cast_sign_loss, reason = "the mapping has no sign")]
    pub const fn encoded(&self, value: i128) -> u64 {
        if self.signed {
            ((value << 1) ^ (value >> 127)) as u64
        } else {
            value as u64
        }
    }

    /// The value that `encoded` stands for on the wire.
    pub const fn decoded(&self, encoded: u64) -> i128 {
        if !self.signed {
            return encoded as i128;
        }
        let half = (encoded >> 1) as i128;
        if encoded & 1 == 0 { half } else { -1 - half }
    }

    /// Bytes of `value`, which is within [`Self::limits`], in its shortest form.
    pub const fn bytes_of(&self, value: i128) -> usize {
        bytes(self.encoded(value))
    }

    /// Fewest bytes: what the shortest allowed number needs.
    pub const fn min_bytes(&self) -> usize {
        let (min, max) = self.limits();
        let nearest = if min > 0 {
            min
        } else if max < 0 {
            max
        } else {
            0
        };
        bytes(self.encoded(nearest))
    }

    /// Most bytes, also where a number may have more than it needs: what the longest allowed number needs.
    pub const fn max_bytes(&self) -> usize {
        let (min, max) = self.limits();
        let (min, max) = (bytes(self.encoded(min)), bytes(self.encoded(max)));
        if min > max { min } else { max }
    }
}

/// Bytes of the shortest LEB128 form of `encoded`, 1 to 10.
const fn bytes(encoded: u64) -> usize {
    let bits = u64::BITS - (encoded | 1).leading_zeros();
    bits.div_ceil(7) as usize
}

/// The number in front of a field that says how long the field is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prefix {
    /// An unsigned integer of whole bytes, at most 64 bits.
    Fixed(Scalar),
    /// An unsigned integer whose size follows from its value.
    Varint(Varint),
}

impl Prefix {
    /// Smallest and largest length that it can say.
    pub const fn limits(&self) -> (i128, i128) {
        match self {
            Self::Fixed(scalar) => scalar.allowed(),
            Self::Varint(varint) => varint.limits(),
        }
    }

    /// Fewest and most bytes that it has in front of what is `min` to `max` long.
    pub const fn sizes(&self, min: u64, max: u64) -> (u64, u64) {
        let (shortest, longest) = match self {
            Self::Fixed(scalar) => (scalar.bytes(), scalar.bytes()),
            Self::Varint(varint) if varint.canonical => (bytes(min), bytes(max)),
            Self::Varint(varint) => (bytes(min), varint.max_bytes()),
        };
        (shortest as u64, longest as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn varint(signed: bool, range: Option<(i128, i128)>) -> Varint {
        Varint {
            signed,
            canonical: true,
            range,
        }
    }

    #[track_caller]
    fn check(varint: Varint, min: usize, max: usize) {
        assert_eq!((varint.min_bytes(), varint.max_bytes()), (min, max));
    }

    #[test]
    fn a_range_limits_the_bytes() {
        check(varint(false, None), 1, 10);
        check(varint(true, None), 1, 10);
        check(varint(false, Some((0, 127))), 1, 1);
        check(varint(false, Some((0, 128))), 1, 2);
        check(varint(false, Some((0, 268_435_455))), 1, 4);
        check(varint(false, Some((128, 16_384))), 2, 3);
        check(varint(true, Some((-64, 63))), 1, 1);
        check(varint(true, Some((-65, 0))), 1, 2);
        check(varint(true, Some((64, 100))), 2, 2);
        check(varint(true, Some((-9000, -65))), 2, 3);
    }

    #[test]
    fn a_prefix_is_as_long_as_what_it_says_needs() {
        let fixed = Prefix::Fixed(Scalar::unsigned(24, crate::model::Endian::Big));
        assert_eq!(
            (fixed.sizes(0, 9), fixed.limits()),
            ((3, 3), (0, 0xff_ffff))
        );
        let mut prefix = varint(false, Some((0, 16_384)));
        assert_eq!(Prefix::Varint(prefix).sizes(1, 200), (1, 2));
        prefix.canonical = false;
        assert_eq!(Prefix::Varint(prefix).sizes(1, 200), (1, 3));
    }

    #[test]
    fn zigzag_gives_small_numbers_to_small_values_of_either_sign() {
        let zigzag = varint(true, None);
        let all = [0, -1, 1, -2, 2].map(|value| zigzag.encoded(value));
        assert_eq!(all, [0, 1, 2, 3, 4]);
        assert_eq!(zigzag.encoded(i64::MAX.into()), u64::MAX - 1);
        assert_eq!(zigzag.encoded(i64::MIN.into()), u64::MAX);
        assert_eq!(varint(false, None).encoded(u64::MAX.into()), u64::MAX);
        for encoded in [0, 1, 2, 3, u64::MAX - 1, u64::MAX] {
            assert_eq!(zigzag.encoded(zigzag.decoded(encoded)), encoded);
        }
    }
}
