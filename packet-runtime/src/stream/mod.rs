//! The sans-IO reassembler: a byte stream goes in, in pieces of any size, and whole frames come out.
//!
//! A *frame* is one packet as it stands on the stream, with its header and trailer. This module does no
//! IO and knows nothing of what is inside a frame; it only finds out where the frame ends.
//!
//! | Part | Purpose |
//! |---|---|
//! | [`Framing`], [`SizeHeader`], [`SizeBits`], [`SizeVarint`] | how the length of a frame follows from its first bytes |
//! | [`FixedSize`], [`Delimiter`] | frames that all have the same length, and frames that end with certain bytes |
//! | [`UntilClose`], [`Datagram`] | frames that end with the stream, or with what carries them |
//! | [`PerId`], [`Resync`] | limits for each id, and going on behind broken frames |
//! | [`ConstFraming`], [`AnyFraming`] | framings whose numbers are in the type, and such that are chosen at run time |
//! | [`FrameError`] | a frame that breaks the limits, with its position on the stream |
//! | [`Reassembler`], [`Chunk`] | cuts a stream into frames and stores what straddles two reads |
//! | [`Growable`], [`Fixed`] | what it stores them in; with the first it needs the feature `alloc` |
//! | [`Budget`] | how much a peer may still send |
//! | `Backlog` | the way out: packets that wait to be written together; with the feature `alloc` |
//! | `BytesCutter` | cuts frames out of a buffer of the crate `bytes`; with the feature `bytes` |

mod any;
#[cfg(feature = "alloc")]
mod backlog;
mod boundary;
#[cfg(feature = "alloc")]
mod buffer;
mod chunk;
#[cfg(feature = "bytes")]
mod cutter;
mod end;
mod error;
mod framing;
mod limits;
mod reassembler;
mod resync;
mod size;
mod storage;

pub use any::AnyFraming;
#[cfg(feature = "alloc")]
pub use backlog::Backlog;
pub use chunk::Chunk;
#[cfg(feature = "bytes")]
pub use cutter::BytesCutter;
pub use end::{Datagram, Delimiter, FixedSize, UntilClose};
pub use error::{FrameError, FrameErrorKind};
pub use framing::{ConstFraming, Ends, FrameLen, Framing, SizeHeader};
pub use limits::{Budget, IdCoding, IdField, PerId};
pub use reassembler::{DEFAULT_READ_LEN, Reassembler};
pub use resync::Resync;
pub use size::{SizeBits, SizeVarint};
pub use storage::{Fixed, Growable, Storage};
