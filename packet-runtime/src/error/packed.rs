//! What errors hold, in a form in which every pattern of bits means something.
//!
//! The compiler would else keep the difference between `Ok` and `Err` in a pattern that means nothing, deep inside
//! the error. It could then no longer see that a function that made an error returns one, and code that decodes
//! a packet would test it again and again on its way out, with the error copied each time.

use super::{EncodeErrorKind, ErrorKind};
use crate::shape::{Path, Shape};

/// The names of what failed, and the path there.
#[derive(Clone, Copy)]
pub(super) struct Source {
    /// Always there: a reference alone could not be null.
    shape: Option<&'static Shape>,
    pub(super) path: Path,
}

impl Source {
    pub(super) const fn new(shape: &'static Shape, path: Path) -> Self {
        Self {
            shape: Some(shape),
            path,
        }
    }

    pub(super) fn shape(&self) -> &'static Shape {
        static NONE: Shape = Shape {
            name: "",
            fields: &[],
        };
        self.shape.unwrap_or(&NONE)
    }
}

impl PartialEq for Source {
    fn eq(&self, other: &Self) -> bool {
        self.shape().name == other.shape().name && self.path == other.path
    }
}

/// A kind of either family: its number, and its numbers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Packed {
    code: u8,
    numbers: [Wide; 3],
}

/// A number of 128 bits that lies on every eighth byte.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Wide {
    high: u64,
    low: u64,
}

/// Numbers of 128 bits.
mod number {
    use super::Wide;

    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // the halves
    pub(super) const fn pack(number: i128) -> Wide {
        Wide {
            high: (number >> 64) as u64,
            low: number as u64,
        }
    }

    #[allow(clippy::cast_possible_wrap, clippy::cast_lossless)] // the sign is in the upper half
    pub(super) const fn read(wide: Wide) -> i128 {
        ((wide.high as u128) << 64 | wide.low as u128) as i128
    }
}

/// Numbers of 64 bits.
mod half {
    use super::Wide;

    pub(super) const fn pack(low: u64) -> Wide {
        Wide { high: 0, low }
    }

    pub(super) const fn read(wide: Wide) -> u64 {
        wide.low
    }
}

/// Numbers of bytes.
mod size {
    use super::Wide;

    pub(super) const fn pack(size: usize) -> Wide {
        super::half::pack(size as u64)
    }

    #[allow(clippy::cast_possible_truncation)] // it was a `usize`
    pub(super) const fn read(wide: Wide) -> usize {
        wide.low as usize
    }
}

impl Packed {
    const fn new<const N: usize>(code: u8, given: [Wide; N]) -> Self {
        let mut numbers = [Wide { high: 0, low: 0 }; 3];
        let mut index = 0;
        while index < N {
            numbers[index] = given[index];
            index += 1;
        }
        Self { code, numbers }
    }
}

/// Both ways between a kind and its numbers: code, variant, fields with what they are made of. The last is for the
/// codes that are left.
macro_rules! kinds {
    ($kind:ident, $pack:ident: $($code:literal $variant:ident { $($field:ident: $read:ident),* },)* _ $last:ident) => {
        impl Packed {
            pub(super) const fn $pack(kind: $kind) -> Self {
                match kind {
                    $($kind::$variant { $($field),* } => Self::new($code, [$($read::pack($field)),*]),)*
                    $kind::$last => Self::new(u8::MAX, []),
                }
            }
        }

        impl From<Packed> for $kind {
            fn from(packed: Packed) -> Self {
                match packed.code {
                    $($code => {
                        let [$($field,)* ..] = packed.numbers;
                        Self::$variant { $($field: $read::read($field)),* }
                    })*
                    _ => Self::$last,
                }
            }
        }
    };
}

kinds! {
    ErrorKind, decode:
    0 Truncated { needed: size, available: size },
    1 Trailing { extra: size },
    2 OutOfRange { value: number, min: number, max: number },
    3 LengthOutOfRange { length: number, min: number, max: number },
    4 UnknownValue { value: half },
    5 ConstMismatch { expected: half, actual: half },
    6 SizeMismatch { expected: half, actual: half },
    7 ValueMismatch { expected: number, actual: number },
    8 ChecksumMismatch { expected: half, actual: half },
    9 InvalidVarint {},
    10 InvalidText {},
    _ NotFinite
}

kinds! {
    EncodeErrorKind, encode:
    0 BufferTooSmall { needed: size, available: size },
    1 OutOfRange { value: number, min: number, max: number },
    2 LengthOutOfRange { length: number, min: number, max: number },
    3 LengthMismatch { expected: number, actual: number },
    4 LengthNotRepresentable { length: number },
    5 PresenceMismatch {},
    6 CaseMismatch {},
    7 UnknownValue { value: half },
    8 InvalidText {},
    9 NotFinite {},
    10 AfterRest {},
    _ Sentinel
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{DecodeError, EncodeError};

    #[test]
    fn kinds_keep_their_numbers() {
        let wide = [i128::MIN, -1, i128::MAX];
        for kind in [
            ErrorKind::Truncated {
                needed: usize::MAX,
                available: 1,
            },
            ErrorKind::OutOfRange {
                value: wide[0],
                min: wide[1],
                max: wide[2],
            },
            ErrorKind::ChecksumMismatch {
                expected: u64::MAX,
                actual: 7,
            },
            ErrorKind::InvalidVarint,
            ErrorKind::InvalidText,
            ErrorKind::NotFinite,
        ] {
            assert_eq!(ErrorKind::from(Packed::decode(kind)), kind);
        }
        for kind in [
            EncodeErrorKind::LengthMismatch {
                expected: wide[0],
                actual: wide[1],
            },
            EncodeErrorKind::PresenceMismatch,
            EncodeErrorKind::CaseMismatch,
            EncodeErrorKind::AfterRest,
            EncodeErrorKind::Sentinel,
        ] {
            assert_eq!(EncodeErrorKind::from(Packed::encode(kind)), kind);
        }
    }

    #[test]
    fn results_say_by_themselves_whether_they_are_errors() {
        // Were a pattern of bits left over, `Option` would take it.
        assert!(size_of::<Option<DecodeError>>() > size_of::<DecodeError>());
        assert!(size_of::<Option<EncodeError>>() > size_of::<EncodeError>());
        assert!(size_of::<DecodeError>() <= 112);
    }
}
