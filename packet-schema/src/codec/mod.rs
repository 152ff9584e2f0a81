//! The dynamic codec: turns bytes into a [`Value`] and back by following a [`Layout`], without generated code.
//!
//! In: a layout and bytes, or a layout and a value. Out: the other one, or an error that names packet,
//! field and reason. This is the second implementation of every rule of the wire; generated code is tested
//! against it. It therefore shares the error kinds with `packet-runtime`, and nothing else.
//!
//! ```
//! # use packet_schema::codec::{decode, encode};
//! # use packet_schema::layout::{Layout, StructId};
//! /// The bytes with all derived fields (lengths, checksums) computed anew.
//! fn normalized(layout: &Layout, packet: StructId, bytes: &[u8]) -> Option<Vec<u8>> {
//!     let decoded = decode(layout, packet, bytes).ok()?;
//!     encode(layout, packet, &decoded.value).ok()
//! }
//! ```
//!
//! [`Value`]: crate::value::Value
//! [`Layout`]: crate::layout::Layout

mod checksum;
mod decode;
mod encode;
mod error;
mod scalar;
mod trace;

#[cfg(test)]
mod tests;

pub use decode::decode;
pub use encode::encode;
pub use error::{DecodeError, EncodeError, EncodeProblem};
pub use trace::{Decoded, Leaf, LeafBits, LeafRole};
