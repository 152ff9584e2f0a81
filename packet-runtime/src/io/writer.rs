//! Packets to a stream that is written.

use crate::codec::Encode;
use crate::error::EncodeError;
use crate::stream::Backlog;
use std::io::{self, IoSlice, Write};

/// Most pieces that are written at once; systems take 1024 or fewer.
const PIECES: usize = 64;

/// Writes packets to a `Write`, many of them at once: [`PacketWriter::feed`] encodes, [`PacketWriter::flush`] writes all that was
/// fed in one vectored write, if the stream takes that much.
///
/// What is fed and never flushed is not written: neither when the writer is dropped nor at any length.
///
/// ```
/// use packet_runtime::io::PacketWriter;
/// # use packet_runtime::{Encode, EncodeError, Shape, Writer};
/// # static PING: Shape = Shape { name: "Ping", fields: &[] };
/// # struct Ping(u16);
/// # impl Encode for Ping {
/// #     const SHAPE: &'static Shape = &PING;
/// #     fn encoded_len(&self) -> Result<usize, EncodeError> { Ok(2) }
/// #     fn write(&self, writer: &mut Writer<'_>) -> Result<(), EncodeError> {
/// #         writer.put(&PING, self.0.to_be_bytes())
/// #     }
/// # }
///
/// let mut writer = PacketWriter::new(Vec::new()); // a socket
/// writer.feed(&Ping(1))?;
/// writer.feed(&Ping(2))?;
/// assert!(writer.get_ref().is_empty());
/// writer.flush()?;
/// assert_eq!(writer.get_ref(), &[0, 1, 0, 2]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct PacketWriter<W> {
    io: W,
    backlog: Backlog,
}

impl<W> PacketWriter<W> {
    /// A writer with nothing to write.
    pub const fn new(io: W) -> Self {
        Self {
            io,
            backlog: Backlog::new(),
        }
    }

    /// Encodes a packet that the next flush writes, and returns its length.
    ///
    /// # Errors
    /// The first field that cannot be represented. Nothing is fed then.
    pub fn feed(&mut self, packet: &(impl Encode + ?Sized)) -> Result<usize, EncodeError> {
        self.backlog.push(packet)
    }

    /// Feeds a frame that was encoded elsewhere.
    pub fn feed_frame(&mut self, frame: &[u8]) {
        self.backlog.push_frame(frame);
    }

    /// What is written to.
    pub const fn get_ref(&self) -> &W {
        &self.io
    }

    /// What is written to. What is written to it directly comes before what waits.
    pub const fn get_mut(&mut self) -> &mut W {
        &mut self.io
    }

    /// What waits to be written.
    pub const fn backlog(&self) -> &Backlog {
        &self.backlog
    }

    /// What waits to be written, to add frames of the crate `bytes` or to give memory back.
    pub const fn backlog_mut(&mut self) -> &mut Backlog {
        &mut self.backlog
    }

    /// What was written to; what waits is gone.
    pub fn into_inner(self) -> W {
        self.io
    }
}

impl<W: Write> PacketWriter<W> {
    /// Writes all that waits, and flushes the stream.
    ///
    /// # Errors
    /// The stream cannot be written. What was not written still waits, and the next flush goes on where this one stopped: also
    /// where a write would block.
    pub fn flush(&mut self) -> io::Result<()> {
        while !self.backlog.is_empty() {
            match gather(&self.backlog, |pieces| self.io.write_vectored(pieces)) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(count) => self.backlog.advance(count),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        self.io.flush()
    }
}

/// Has `write` write what waits, or the front of it if that is in very many pieces.
pub(crate) fn gather<T>(backlog: &Backlog, write: impl FnOnce(&[IoSlice<'_>]) -> T) -> T {
    let mut slices = [IoSlice::new(&[]); PIECES];
    let mut count = 0;
    for (slice, piece) in slices.iter_mut().zip(backlog.pieces()) {
        *slice = IoSlice::new(piece);
        count += 1;
    }
    write(slices.get(..count).unwrap_or(&slices))
}
