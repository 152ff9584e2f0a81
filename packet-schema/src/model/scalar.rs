//! Numbers of fixed width.

use super::{Endian, EnumId, FlagsId};

/// What a number on the wire means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScalarKind {
    /// An integer from 0.
    Unsigned,
    /// A two's complement integer.
    Signed,
    /// IEEE 754 binary32 or binary64.
    Float,
    /// 0 or 1.
    Bool,
    /// One of an enum's values.
    Enum(EnumId),
    /// A set of flags.
    Flags(FlagsId),
}

impl ScalarKind {
    /// Whether the numbers stand for something else: true or false, or what has a name.
    pub const fn is_named(self) -> bool {
        matches!(self, Self::Bool | Self::Enum(_) | Self::Flags(_))
    }
}

/// A number of fixed width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scalar {
    /// What it means.
    pub kind: ScalarKind,
    /// Width in bits, 1 to 128. Not a multiple of 8 only inside a bit run.
    pub bits: u32,
    /// Byte order. A bit field follows its run's.
    pub endian: Endian,
    /// Smallest and largest allowed value of an integer, if the schema says so.
    pub range: Option<(i128, i128)>,
    /// Whether infinities and NaN are refused.
    pub finite: bool,
}

impl Scalar {
    /// An unsigned integer without constraints.
    pub const fn unsigned(bits: u32, endian: Endian) -> Self {
        Self {
            kind: ScalarKind::Unsigned,
            bits,
            endian,
            range: None,
            finite: false,
        }
    }

    /// Width in whole bytes.
    pub const fn bytes(&self) -> usize {
        (self.bits as usize).div_ceil(8)
    }

    /// Smallest and largest number that the width can hold. Unsigned 128-bit values beyond the
    /// largest `i128` are cut off there.
    pub const fn limits(&self) -> (i128, i128) {
        match self.kind {
            ScalarKind::Signed if self.bits >= 128 => (i128::MIN, i128::MAX),
            ScalarKind::Signed => (-(1 << (self.bits - 1)), (1 << (self.bits - 1)) - 1),
            _ if self.bits >= 127 => (0, i128::MAX),
            _ => (0, (1 << self.bits) - 1),
        }
    }

    /// Smallest and largest number that it can be: its range, else all of its width.
    pub const fn allowed(&self) -> (i128, i128) {
        match self.range {
            Some(range) => range,
            None => self.limits(),
        }
    }
}
