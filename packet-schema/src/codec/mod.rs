//! The dynamic codec: turns bytes into a [`Value`] and back by following a [`Layout`], without generated code.
//!
//! In: a layout and bytes, or a layout and a value. Out: the other one, or an error that names packet,
//! field and reason. This is the second implementation of every rule of the wire; generated code is tested
//! against it. It therefore shares the error kinds with `packet-runtime`, and nothing else.
//!
//! ```
//! use packet_schema::codec::{decode, encode};
//!
//! let schema = "
//! protocol: example
//! packets:
//!   Name: { fields: [ length: u8, text: 'string[length]' ] }
//! ";
//! let layout = packet_schema::compile(schema).unwrap().layout;
//! let name = layout.struct_named("Name").unwrap();
//!
//! let decoded = decode(&layout, name, b"\x03ada").unwrap();
//! assert_eq!(encode(&layout, name, &decoded.value).unwrap(), b"\x03ada");
//! assert_eq!(decoded.trace[1].path, "text");
//!
//! let error = decode(&layout, name, b"\x03ad").unwrap_err();
//! assert_eq!(error.to_string(), "Name.text at byte 1: needs 3 bytes, 2 are left");
//! // What came before the error is there.
//! assert_eq!(error.value.get("length").and_then(|length| length.as_integer()), Some(3));
//! ```
//!
//! [`Value`]: crate::value::Value
//! [`Layout`]: crate::layout::Layout

mod checksum;
mod decode;
mod encode;
mod error;
mod scalar;
mod text;
mod trace;

use crate::layout::{Layout, Scalar};
use crate::value::Value;

/// The bits that `value` has as a number; `None` if it is none that the number can be.
pub fn bits(layout: &Layout, number: &Scalar, value: &Value) -> Option<u128> {
    scalar::raw(layout, number, value).ok()
}

#[cfg(test)]
mod tests;

pub use decode::decode;
pub(crate) use encode::accepts;
pub use encode::encode;
pub use error::{DecodeError, EncodeError, EncodeProblem};
pub use trace::{Decoded, Leaf, LeafBits, LeafRole};

/// What expressions see of a number's value; `None` if it is none of the number's.
pub(crate) fn number(layout: &Layout, scalar: &Scalar, value: &Value) -> Option<i128> {
    let raw = scalar::raw(layout, scalar, value).ok()?;
    Some(scalar::number(scalar, raw))
}
