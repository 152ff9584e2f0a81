//! What went wrong on the wire: which packet, which field, at which byte, what was expected and found.
//!
//! Both families are `Copy` and hold no text: they cost nothing until they happen and need no allocator.

mod packed;

use crate::shape::{FieldPath, Path, Shape};
use core::fmt;
use packed::{Packed, Source};

/// Why bytes are not the packet that they were read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The packet, or the part of it that a length field grants, ends inside a field.
    Truncated {
        /// Bytes that the field needs.
        needed: usize,
        /// Bytes that are left for it.
        available: usize,
    },
    /// Bytes are left where the packet or a bounded field should have ended.
    Trailing {
        /// Number of bytes left over.
        extra: usize,
    },
    /// A number is outside its range.
    OutOfRange {
        /// What was found.
        value: i128,
        /// Smallest allowed value.
        min: i128,
        /// Largest allowed value.
        max: i128,
    },
    /// The length of a text or byte string in bytes, or of an array in elements, is outside its range.
    LengthOutOfRange {
        /// What was found; negative if other fields gave such a length.
        length: i128,
        /// Smallest allowed length.
        min: i128,
        /// Largest allowed length.
        max: i128,
    },
    /// An enum value, a tag, a packet id or flag bits that the schema does not name.
    UnknownValue {
        /// The value; of flags, the unknown bits only.
        value: u64,
    },
    /// A constant or a strictly reserved field holds another value.
    ConstMismatch {
        /// Value in the schema.
        expected: u64,
        /// Value found.
        actual: u64,
    },
    /// The packet's size field contradicts the number of bytes in the packet.
    SizeMismatch {
        /// Bytes in the packet, counted as the size field counts.
        expected: u64,
        /// Value of the size field.
        actual: u64,
    },
    /// A field does not hold what the schema computes from other fields.
    ValueMismatch {
        /// Value that the other fields give.
        expected: i128,
        /// Value found.
        actual: i128,
    },
    /// A checksum does not match the bytes that it covers.
    ChecksumMismatch {
        /// Checksum of the bytes.
        expected: u64,
        /// Checksum in the packet.
        actual: u64,
    },
    /// A LEB128 number that is longer than its limits allow, or than it needs to be where the schema wants
    /// the shortest form.
    InvalidVarint,
    /// Text that is not valid in its encoding; the offset is the first bad byte's.
    InvalidText,
    /// A float that is infinite or not a number where the schema wants a finite one.
    NotFinite,
}

impl ErrorKind {
    /// The kind's stable name in JSON and in test vectors.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Truncated { .. } => "truncated",
            Self::Trailing { .. } => "trailing",
            Self::OutOfRange { .. } | Self::LengthOutOfRange { .. } => "out_of_range",
            Self::UnknownValue { .. } => "unknown_value",
            Self::ConstMismatch { .. } => "const_mismatch",
            Self::SizeMismatch { .. } => "size_mismatch",
            Self::ValueMismatch { .. } => "value_mismatch",
            Self::ChecksumMismatch { .. } => "checksum_mismatch",
            Self::InvalidVarint => "invalid_varint",
            Self::InvalidText => "invalid_text",
            Self::NotFinite => "not_finite",
        }
    }

    /// All names that [`ErrorKind::name`] returns.
    pub const NAMES: &'static [&'static str] = &[
        "truncated",
        "trailing",
        "out_of_range",
        "unknown_value",
        "const_mismatch",
        "size_mismatch",
        "value_mismatch",
        "checksum_mismatch",
        "invalid_varint",
        "invalid_text",
        "not_finite",
    ];
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Truncated { needed, available } => {
                let unit = bytes(needed);
                let verb = if available == 1 { "is" } else { "are" };
                write!(f, "needs {needed} {unit}, {available} {verb} left")
            }
            Self::Trailing { extra } => {
                let unit = bytes(extra);
                let verb = if extra == 1 { "is" } else { "are" };
                write!(f, "{extra} {unit} {verb} left over")
            }
            Self::OutOfRange { value, min, max } => {
                write!(f, "{value} is not in {min}..={max}")
            }
            Self::LengthOutOfRange { length, min, max } => wrong_length(f, length, min, max),
            Self::UnknownValue { value } => write!(f, "unknown value {value} ({value:#x})"),
            Self::ConstMismatch { expected, actual } => {
                write!(f, "expected the constant {expected:#x}, found {actual:#x}")
            }
            Self::SizeMismatch { expected, actual } => {
                write!(f, "says {actual}, must say {expected} for these bytes")
            }
            Self::ValueMismatch { expected, actual } => {
                write!(f, "is {actual}, but {expected} follows from other fields")
            }
            Self::ChecksumMismatch { expected, actual } => {
                write!(
                    f,
                    "the bytes give checksum {expected:#x}, the packet says {actual:#x}"
                )
            }
            Self::InvalidVarint => {
                f.write_str("not a variable-length number, or longer than allowed")
            }
            Self::InvalidText => f.write_str("not valid text in its encoding"),
            Self::NotFinite => f.write_str("not a finite number"),
        }
    }
}

fn wrong_length(f: &mut fmt::Formatter<'_>, length: i128, min: i128, max: i128) -> fmt::Result {
    write!(f, "has length {length}, must have ")?;
    match (min, max) {
        // No limit but that of the number.
        (min, max) if max >= i128::from(u64::MAX) => write!(f, "at least {min}"),
        (min, max) if min == max => write!(f, "{min}"),
        (0, max) => write!(f, "at most {max}"),
        (min, max) => write!(f, "{min} to {max}"),
    }
}

const fn bytes(count: usize) -> &'static str {
    if count == 1 { "byte" } else { "bytes" }
}

/// Bytes could not be decoded: which packet, which field, where and why.
///
/// ```
/// use packet_runtime::{DecodeError, ErrorKind, FieldShape, Shape};
///
/// static MOVE: Shape = Shape { name: "Move", fields: &[FieldShape::leaf("player")] };
/// let error = DecodeError::new(&MOVE, 0, 4, ErrorKind::Truncated { needed: 4, available: 1 });
/// assert_eq!(error.to_string(), "Move.player at byte 4: needs 4 bytes, 1 is left");
/// ```
#[derive(Clone, Copy)]
pub struct DecodeError {
    source: Source,
    offset: usize,
    kind: Packed,
}

impl DecodeError {
    /// An error at field number `field` of `shape`, `offset` bytes after the packet's start.
    #[cold]
    pub fn new(shape: &'static Shape, field: u16, offset: usize, kind: ErrorKind) -> Self {
        Self::at(shape, Path::field(field), offset, kind)
    }

    /// An error at `path` in `shape`, `offset` bytes after the packet's start.
    #[cold]
    pub fn at(shape: &'static Shape, path: Path, offset: usize, kind: ErrorKind) -> Self {
        Self {
            source: Source::new(shape, path),
            offset,
            kind: Packed::decode(kind),
        }
    }

    /// The same error seen from `shape`, whose field `field` holds what failed.
    #[cold]
    #[must_use]
    pub fn within(self, shape: &'static Shape, field: u16) -> Self {
        Self {
            source: Source::new(shape, self.source.path.within(field)),
            ..self
        }
    }

    /// The same error seen from `shape`, whose array `field` holds what failed at `index`.
    #[cold]
    #[must_use]
    pub fn within_element(self, shape: &'static Shape, field: u16, index: usize) -> Self {
        Self {
            source: Source::new(shape, self.source.path.within_element(field, index)),
            ..self
        }
    }

    /// Name of the packet, or of the struct if that was decoded by itself.
    pub fn packet(&self) -> &'static str {
        self.source.shape().name
    }

    /// Path of the field, such as `servers[2].name`. Empty if the packet as a whole is meant.
    pub fn field(&self) -> FieldPath<'_> {
        FieldPath {
            shape: self.source.shape(),
            path: &self.source.path,
        }
    }

    /// Byte offset of the field from the packet's start.
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// What is wrong.
    pub fn kind(&self) -> ErrorKind {
        self.kind.into()
    }
}

impl PartialEq for DecodeError {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source && self.offset == other.offset && self.kind == other.kind
    }
}

impl Eq for DecodeError {}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.packet())?;
        if self.source.path != Path::fields(&[]) {
            write!(f, ".{}", self.field())?;
        }
        write!(f, " at byte {}: {}", self.offset, self.kind())
    }
}

impl fmt::Debug for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl core::error::Error for DecodeError {}

/// Why a value has no bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EncodeErrorKind {
    /// The buffer is smaller than the packet.
    BufferTooSmall {
        /// Bytes that the packet needs.
        needed: usize,
        /// Bytes in the buffer.
        available: usize,
    },
    /// A number does not fit its range.
    OutOfRange {
        /// The value.
        value: i128,
        /// Smallest value that can be written.
        min: i128,
        /// Largest value that can be written.
        max: i128,
    },
    /// The length of a text or byte string in bytes, of an array in elements, or of the whole packet does not
    /// fit its range or its length field.
    LengthOutOfRange {
        /// The length.
        length: i128,
        /// Smallest length that can be written.
        min: i128,
        /// Largest length that can be written.
        max: i128,
    },
    /// The length contradicts what another field says.
    LengthMismatch {
        /// Length that the other fields give.
        expected: i128,
        /// Length of the value.
        actual: i128,
    },
    /// No value of the length field stands for this length, for instance 21 bytes counted in
    /// units of 4.
    LengthNotRepresentable {
        /// The length.
        length: i128,
    },
    /// An optional field is there although its condition says no, or the other way round.
    PresenceMismatch,
    /// A variant holds another case than its tag selects.
    CaseMismatch,
    /// A value that the schema does not name where it refuses unknown ones.
    UnknownValue {
        /// The value; of flags, the unknown bits only.
        value: u64,
    },
    /// Text that its encoding cannot express, such as a NUL in NUL-padded text.
    InvalidText,
    /// A float that is infinite or not a number where the schema wants a finite one.
    NotFinite,
    /// Bytes would follow a field that takes everything up to the end.
    AfterRest,
    /// An element that a reader would take for the end of its array.
    Sentinel,
}

impl EncodeErrorKind {
    /// The kind's stable name in JSON.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::BufferTooSmall { .. } => "buffer_too_small",
            Self::OutOfRange { .. } | Self::LengthOutOfRange { .. } => "out_of_range",
            Self::LengthMismatch { .. } => "length_mismatch",
            Self::LengthNotRepresentable { .. } => "length_not_representable",
            Self::PresenceMismatch => "presence_mismatch",
            Self::CaseMismatch => "case_mismatch",
            Self::UnknownValue { .. } => "unknown_value",
            Self::InvalidText => "invalid_text",
            Self::NotFinite => "not_finite",
            Self::AfterRest => "after_rest",
            Self::Sentinel => "sentinel",
        }
    }
}

impl fmt::Display for EncodeErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::BufferTooSmall { needed, available } => {
                let unit = bytes(needed);
                write!(f, "needs {needed} {unit}, the buffer has {available}")
            }
            Self::OutOfRange { value, min, max } => write!(f, "{value} is not in {min}..={max}"),
            Self::LengthOutOfRange { length, min, max } => wrong_length(f, length, min, max),
            Self::LengthMismatch { expected, actual } => {
                write!(f, "has length {actual}, must have {expected}")
            }
            Self::LengthNotRepresentable { length } => {
                write!(f, "its length field has no value for a length of {length}")
            }
            Self::PresenceMismatch => {
                f.write_str("present although its condition says absent, or the other way round")
            }
            Self::CaseMismatch => f.write_str("holds another case than its tag selects"),
            Self::UnknownValue { value } => write!(f, "unknown value {value} ({value:#x})"),
            Self::InvalidText => f.write_str("text that its encoding cannot express"),
            Self::NotFinite => f.write_str("not a finite number"),
            Self::AfterRest => {
                f.write_str("must be empty after a field that takes everything up to the end")
            }
            Self::Sentinel => f.write_str("begins like the end of its array"),
        }
    }
}

/// A value could not be encoded: which packet, which field and why. Nothing was written.
#[derive(Clone, Copy)]
pub struct EncodeError {
    source: Source,
    kind: Packed,
}

impl EncodeError {
    /// An error at field number `field` of `shape`.
    #[cold]
    pub const fn new(shape: &'static Shape, field: u16, kind: EncodeErrorKind) -> Self {
        Self::at(shape, Path::field(field), kind)
    }

    /// An error at `path` in `shape`.
    #[cold]
    pub const fn at(shape: &'static Shape, path: Path, kind: EncodeErrorKind) -> Self {
        Self {
            source: Source::new(shape, path),
            kind: Packed::encode(kind),
        }
    }

    /// An error that concerns the packet as a whole.
    #[cold]
    pub const fn whole(shape: &'static Shape, kind: EncodeErrorKind) -> Self {
        Self::at(shape, Path::fields(&[]), kind)
    }

    /// The same error seen from `shape`, whose field `field` holds what failed.
    #[cold]
    #[must_use]
    pub const fn within(self, shape: &'static Shape, field: u16) -> Self {
        Self {
            source: Source::new(shape, self.source.path.within(field)),
            ..self
        }
    }

    /// The same error seen from `shape`, whose array `field` holds what failed at `index`.
    #[cold]
    #[must_use]
    pub fn within_element(self, shape: &'static Shape, field: u16, index: usize) -> Self {
        Self {
            source: Source::new(shape, self.source.path.within_element(field, index)),
            ..self
        }
    }

    /// Name of the packet, or of the struct if that was encoded by itself.
    pub fn packet(&self) -> &'static str {
        self.source.shape().name
    }

    /// Path of the field; empty if the packet as a whole is meant.
    pub fn field(&self) -> FieldPath<'_> {
        FieldPath {
            shape: self.source.shape(),
            path: &self.source.path,
        }
    }

    /// What is wrong.
    pub fn kind(&self) -> EncodeErrorKind {
        self.kind.into()
    }

    /// The number of the outermost field; `None` if the packet as a whole is meant.
    #[cfg(feature = "proptest")]
    pub(crate) fn first_field(&self) -> Option<u16> {
        self.source.path.first_field()
    }
}

impl PartialEq for EncodeError {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source && self.kind == other.kind
    }
}

impl Eq for EncodeError {}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.source.path == Path::fields(&[]) {
            write!(f, "{}: {}", self.packet(), self.kind())
        } else {
            write!(f, "{}.{}: {}", self.packet(), self.field(), self.kind())
        }
    }
}

impl fmt::Debug for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl core::error::Error for EncodeError {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shape::FieldShape;
    use std::collections::BTreeSet;
    use std::format;
    use std::string::ToString;

    static POINT: Shape = Shape {
        name: "Point",
        fields: &[FieldShape::leaf("x")],
    };
    static MOVE: Shape = Shape {
        name: "Move",
        fields: &[
            FieldShape::leaf("player"),
            FieldShape::nested("path", &POINT),
        ],
    };

    #[test]
    fn decode_errors_say_packet_field_offset_and_reason() {
        let kind = ErrorKind::OutOfRange {
            value: 7,
            min: 0,
            max: 5,
        };
        let error = DecodeError::new(&POINT, 0, 12, kind).within_element(&MOVE, 1, 3);
        assert_eq!(
            error.to_string(),
            "Move.path[3].x at byte 12: 7 is not in 0..=5"
        );
        assert_eq!(format!("{error:?}"), error.to_string());
        assert_eq!(error.packet(), "Move");
        assert_eq!(error.field().to_string(), "path[3].x");
        assert_eq!((error.offset(), error.kind()), (12, kind));
    }

    #[test]
    fn errors_of_the_packet_as_a_whole_name_no_field() {
        let kind = ErrorKind::Trailing { extra: 2 };
        let error = DecodeError::at(&MOVE, Path::fields(&[]), 20, kind);
        assert_eq!(error.to_string(), "Move at byte 20: 2 bytes are left over");
        let kind = EncodeErrorKind::BufferTooSmall {
            needed: 4,
            available: 1,
        };
        let error = EncodeError::whole(&MOVE, kind);
        assert_eq!(error.to_string(), "Move: needs 4 bytes, the buffer has 1");
        assert_eq!(error.field().to_string(), "");
    }

    #[test]
    fn encode_errors_say_packet_field_and_reason() {
        let error = EncodeError::new(&POINT, 0, EncodeErrorKind::NotFinite).within(&MOVE, 1);
        assert_eq!(error.to_string(), "Move.path.x: not a finite number");
        assert_eq!(format!("{error:?}"), error.to_string());
        assert_eq!(
            (error.packet(), error.kind()),
            ("Move", EncodeErrorKind::NotFinite)
        );
    }

    #[test]
    fn errors_differ_in_shape_path_offset_and_kind() {
        let error = DecodeError::new(&MOVE, 0, 4, ErrorKind::InvalidText);
        assert_eq!(error, DecodeError::new(&MOVE, 0, 4, ErrorKind::InvalidText));
        assert_ne!(
            error,
            DecodeError::new(&POINT, 0, 4, ErrorKind::InvalidText)
        );
        assert_ne!(error, DecodeError::new(&MOVE, 1, 4, ErrorKind::InvalidText));
        assert_ne!(error, DecodeError::new(&MOVE, 0, 5, ErrorKind::InvalidText));
        assert_ne!(error, DecodeError::new(&MOVE, 0, 4, ErrorKind::NotFinite));
    }

    #[test]
    fn every_decode_kind_has_a_name_of_its_own_and_a_text() {
        let kinds = [
            ErrorKind::Truncated {
                needed: 2,
                available: 1,
            },
            ErrorKind::Trailing { extra: 1 },
            ErrorKind::OutOfRange {
                value: -1,
                min: 0,
                max: 1,
            },
            ErrorKind::UnknownValue { value: 1 },
            ErrorKind::ConstMismatch {
                expected: 1,
                actual: 2,
            },
            ErrorKind::SizeMismatch {
                expected: 1,
                actual: 2,
            },
            ErrorKind::ValueMismatch {
                expected: 1,
                actual: 2,
            },
            ErrorKind::ChecksumMismatch {
                expected: 1,
                actual: 2,
            },
            ErrorKind::InvalidVarint,
            ErrorKind::InvalidText,
            ErrorKind::NotFinite,
        ];
        let names: BTreeSet<_> = kinds.iter().map(ErrorKind::name).collect();
        assert_eq!(names, ErrorKind::NAMES.iter().copied().collect());
        assert_eq!(names.len(), kinds.len());
        assert!(kinds.iter().all(|kind| !kind.to_string().is_empty()));
    }
}
