//! Packets over tokio's traits: what [`io`](crate::io) is for programs that wait rather than block.
//!
//! | Part | Purpose |
//! |---|---|
//! | [`Connection`] | reads and writes packets over one stream, by one task |
//! | [`PacketReader`], [`PacketWriter`] | the two halves, for tasks of their own |
//! | [`BytesCutter`](crate::stream::BytesCutter) | a `Decoder` and an `Encoder`, for programs built on `tokio_util::codec::Framed` |
//!
//! Readers are a `Stream` of packets, and writers a `Sink`; all have methods of their own for that, so no other crate is
//! needed. *Any future here can be dropped while it waits*, in a `select!` or at a timeout, and nothing is lost: neither a byte
//! that was read nor one to be written.
//!
//! ```
//! use packet_runtime::SizeHeader;
//! use packet_runtime::tokio::Connection;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // A byte that counts the whole frame. Generated code has a type `Framing`.
//! const FRAMING: SizeHeader = SizeHeader {
//!     header_len: 1, size_offset: 0, size_width: 1, little_endian: false, excluded: 0, max_len: 255,
//! };
//!
//! let (near, far) = tokio::io::duplex(64); // two ends of a socket
//! let mut near = Connection::frames(near, FRAMING);
//! let mut far = Connection::frames(far, FRAMING);
//!
//! near.feed_frame(b"\x03ab");
//! near.feed_frame(b"\x02c");
//! near.flush().await?; // both in one write
//! drop(near);
//!
//! assert_eq!(far.next_frame().await?, Some(&b"\x03ab"[..])); // borrowed, for a view
//! assert_eq!(far.next().await.transpose()?, Some(b"\x02c".to_vec())); // with its own data
//! assert_eq!(far.next_frame().await?, None);
//! # Ok(())
//! # }
//! ```

mod codec;
mod connection;
mod reader;
mod writer;

pub use connection::Connection;
pub use reader::PacketReader;
pub use writer::PacketWriter;
