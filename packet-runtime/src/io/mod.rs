//! Packets over `std::io`: a reader and a writer that block.
//!
//! In: a `Read` and a `Write`. Out: frames and packets, and packets that are written. What a frame is, which ones are
//! refused and what is written together, [`stream`](crate::stream) decides; here bytes are only carried.
//!
//! ```
//! use packet_runtime::SizeHeader;
//! use packet_runtime::io::{PacketReader, PacketWriter};
//!
//! // A byte that counts the whole frame. Generated code has a type `Framing`.
//! const FRAMING: SizeHeader = SizeHeader {
//!     header_len: 1, size_offset: 0, size_width: 1, little_endian: false, excluded: 0, max_len: 255,
//! };
//!
//! let mut writer = PacketWriter::new(Vec::new()); // a socket
//! writer.feed_frame(b"\x03ab");
//! writer.feed_frame(b"\x02c");
//! writer.flush()?; // both in one write
//!
//! let written = writer.into_inner();
//! let mut reader = PacketReader::frames(&written[..], FRAMING);
//! assert_eq!(reader.next_frame()?, Some(&b"\x03ab"[..]));
//! assert_eq!(reader.next_frame()?, Some(&b"\x02c"[..]));
//! assert_eq!(reader.next_frame()?, None);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod error;
mod incoming;
mod reader;
mod writer;

pub use error::{ReadError, WriteError};
pub(crate) use incoming::Incoming;
pub use reader::PacketReader;
pub use writer::PacketWriter;
#[cfg(feature = "tokio")]
pub(crate) use writer::gather;

use crate::error::DecodeError;

/// Makes a packet of a whole frame: `|frame| Ok(PacketView::parse(frame)?.into())` with generated code.
pub type Parse<P> = fn(&[u8]) -> Result<P, DecodeError>;
