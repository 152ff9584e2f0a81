//! What generated code calls by short names. Not meant for code written by hand, and without a promise.

pub use crate::__test as test;
pub use crate::codec::{aligned, part, sub};
pub use crate::place::{fixed_mut, offset, overwrite, part_mut, put, set, sub_mut, valid};
#[cfg(feature = "proptest")]
pub use crate::proptest;
#[cfg(feature = "serde")]
pub use crate::serde;
pub use crate::shape::Site;
pub use crate::written::*;
pub use crate::{
    Array, Be, DecodeError, Encode, EncodeError, EncodeErrorKind, ErrorKind, FieldShape,
    FixedElement, Le, Reader, Shape, View, Writer, checksum, decode, encode, session, text, varint,
};

/// What decoding gives.
pub type Decoded<T> = Result<T, DecodeError>;

/// What encoding gives.
pub type Encoded<T> = Result<T, EncodeError>;

/// The names in a struct.
pub const fn shape(name: &'static str, fields: &'static [FieldShape]) -> Shape {
    Shape { name, fields }
}

/// [`FieldShape::leaf`].
pub const fn leaf(name: &'static str) -> FieldShape {
    FieldShape::leaf(name)
}

/// [`FieldShape::fixed`].
pub const fn fixed(name: &'static str, size: usize) -> FieldShape {
    FieldShape::fixed(name, size)
}

/// [`FieldShape::nested`].
pub const fn nested(name: &'static str, inner: &'static Shape) -> FieldShape {
    FieldShape::nested(name, inner)
}
