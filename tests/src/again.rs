//! What becomes of bytes that are decoded and encoded again, in a form that all implementations share.
//!
//! The crates of random schemas are compiled with a copy of this file, so that it knows the runtime and nothing else.

use packet_runtime::{DecodeError, Encode, ErrorKind, View};
use std::fmt::Debug;

/// What a decoder found wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// Path of the field.
    pub field: String,
    /// Byte offset from the packet's start.
    pub offset: usize,
    /// What is wrong.
    pub kind: ErrorKind,
}

impl From<DecodeError> for Wrong {
    fn from(error: DecodeError) -> Self {
        Self {
            field: error.field().to_string(),
            offset: error.offset(),
            kind: error.kind(),
        }
    }
}

/// The bytes of what was decoded, or why it has none; or what is wrong with the bytes that were to be decoded.
pub type Again = Result<Result<Vec<u8>, String>, Wrong>;

/// Decodes bytes with generated code, takes the view over into the owned form, and encodes that.
///
/// # Errors
/// What is wrong with the bytes.
///
/// # Panics
/// If a view has other bytes than those that it was parsed from, or cannot be shown.
pub fn again<'a, V, O>(bytes: &'a [u8]) -> Again
where
    V: View<'a> + Debug,
    O: From<V> + Encode + PartialEq + Clone + Debug,
{
    let view = V::parse(bytes)?;
    // What a packet ignores behind its last field is none of its bytes.
    assert!(bytes.starts_with(view.as_bytes()), "a view has its bytes");
    assert!(!format!("{view:?}").is_empty(), "a view can be shown");
    Ok(O::from(view).to_vec().map_err(|error| error.to_string()))
}
