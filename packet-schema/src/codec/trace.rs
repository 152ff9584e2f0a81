//! What decoding found, as a tree of values and as a list of leaves in wire order.

use crate::layout::Endian;
use crate::value::Value;

/// A packet that was decoded.
#[derive(Clone, Debug, PartialEq)]
pub struct Decoded {
    /// Its fields, as [`crate::value`] describes.
    pub value: Value,
    /// Its leaves in wire order, for an annotated dump.
    pub trace: Vec<Leaf>,
}

/// A field without fields of its own, and the bytes that it lies in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaf {
    /// Path of the field, such as `servers[2].name`; a length prefix is `servers[2].name length`.
    pub path: String,
    /// Its first byte, counted from the packet's start.
    pub offset: usize,
    /// Bytes that it takes. Neighbouring bit fields share those of their run.
    pub len: usize,
    /// Its bits, if it shares its bytes with others.
    pub bits: Option<LeafBits>,
    /// Its value for humans: a number, names, quoted text or hexadecimal digits.
    pub text: String,
    /// What it is for.
    pub role: LeafRole,
}

/// Bits of the unsigned number that a bit run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeafBits {
    /// Bits below the field.
    pub shift: u32,
    /// Bits that the field has.
    pub width: u32,
    /// Byte order of the run.
    pub endian: Endian,
}

/// What a leaf is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LeafRole {
    /// The user's data.
    Data,
    /// The length in front of a text, bytes or an array.
    Prefix,
    /// A length, count, presence bit or tag that follows from another field.
    Derived,
    /// Reserved or padding.
    Reserved,
    /// Always the same.
    Constant,
    /// A checksum.
    Checksum,
    /// The packet's size.
    Size,
    /// The packet's id.
    Id,
}
