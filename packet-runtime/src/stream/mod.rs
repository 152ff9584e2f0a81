//! The sans-IO reassembler: a byte stream goes in, in pieces of any size, and whole frames come out.
//!
//! A *frame* is one packet as it stands on the stream, with its header and trailer. This module does no
//! IO and knows nothing of what is inside a frame; it only finds out where the frame ends.
//!
//! | Part | Purpose |
//! |---|---|
//! | [`Framing`], [`SizeHeader`], [`SizeBits`], [`SizeVarint`] | how the length of a frame follows from its first bytes |
//! | [`FixedSize`], [`Delimiter`] | frames that all have the same length, and frames that end with certain bytes |
//! | [`FrameError`] | a frame that breaks the limits, with its position on the stream |
//! | `Reassembler` (feature `alloc`) | cuts a stream into frames and stores what straddles two reads |

// Needs no allocator itself, but all storage so far does.
#[cfg(feature = "alloc")]
mod boundary;
#[cfg(feature = "alloc")]
mod buffer;
mod end;
mod error;
mod framing;
#[cfg(feature = "alloc")]
mod reassembler;
mod size;

pub use end::{Delimiter, FixedSize};
pub use error::{FrameError, FrameErrorKind};
pub use framing::{FrameLen, Framing, SizeHeader};
#[cfg(feature = "alloc")]
pub use reassembler::{Chunk, DEFAULT_READ_LEN, Reassembler};
pub use size::{SizeBits, SizeVarint};
