//! Frames and packets from a stream that is read.

use super::{Incoming, Parse, ReadError};
use crate::stream::{Framing, Reassembler};
use alloc::vec::Vec;
use std::io::{self, Read};

/// Reads frames or packets from a `Read`, by a [`Reassembler`]: no buffer is needed around it.
///
/// [`PacketReader::next_frame`] lends whole frames, for views that borrow from them. As an iterator the reader gives packets with
/// their own data, made by the function that it was given.
///
/// ```
/// use packet_runtime::io::PacketReader;
/// use packet_runtime::stream::FixedSize;
/// use packet_runtime::{DecodeError, FrameErrorKind};
///
/// // With generated code: `PacketReader::new(socket, Framing, |frame| Ok(PacketView::parse(frame)?.into()))`.
/// let parse = |frame: &[u8]| Ok(frame.iter().map(|byte| u32::from(*byte)).sum());
/// let mut reader = PacketReader::new(&[1, 2, 3, 4, 5][..], FixedSize { len: 2 }, parse);
/// let sums: Vec<u32> = reader.by_ref().take(2).collect::<Result<_, _>>()?;
/// assert_eq!(sums, [3, 7]);
///
/// let error = reader.next_frame().unwrap_err();
/// assert_eq!(error.to_string(), "frame at byte 4 of the stream is cut off after 1 bytes, at least 1 are missing");
/// # Ok::<(), packet_runtime::io::ReadError>(())
/// ```
#[derive(Debug)]
pub struct PacketReader<R, F, P = Vec<u8>> {
    io: R,
    incoming: Incoming<F, P>,
}

impl<R, F> PacketReader<R, F> {
    /// A reader whose packets are frames as they came.
    pub const fn frames(io: R, framing: F) -> Self {
        Self::new(io, framing, |frame| Ok(Vec::from(frame)))
    }
}

impl<R, F, P> PacketReader<R, F, P> {
    /// A reader that makes packets by `parse`.
    pub const fn new(io: R, framing: F, parse: Parse<P>) -> Self {
        Self::with_reassembler(io, Reassembler::new(framing), parse)
    }

    /// A reader around a reassembler with a read length or a budget of its own, or with bytes that were read already.
    pub const fn with_reassembler(io: R, reassembler: Reassembler<F>, parse: Parse<P>) -> Self {
        Self {
            io,
            incoming: Incoming::new(reassembler, parse),
        }
    }

    /// What is read from.
    pub const fn get_ref(&self) -> &R {
        &self.io
    }

    /// What is read from. Bytes that are read from it directly are not part of the stream.
    pub const fn get_mut(&mut self) -> &mut R {
        &mut self.io
    }

    /// What cuts the stream: its position, what was skipped, and what is left of the peer's budget.
    pub const fn reassembler(&self) -> &Reassembler<F> {
        &self.incoming.reassembler
    }

    /// What cuts the stream, to refill the budget or to reject the frame that was returned last.
    pub const fn reassembler_mut(&mut self) -> &mut Reassembler<F> {
        &mut self.incoming.reassembler
    }

    /// What is read from, and the reassembler with what was read and not returned.
    pub fn into_parts(self) -> (R, Reassembler<F>) {
        (self.io, self.incoming.reassembler)
    }
}

impl<R: Read, F: Framing, P> PacketReader<R, F, P> {
    /// Waits for the next frame; `None` if the stream ended behind the last one.
    ///
    /// # Errors
    /// The stream cannot be read, or a frame breaks the limits or is cut off. Nothing is lost by a read that fails or
    /// would block.
    pub fn next_frame(&mut self) -> Result<Option<&[u8]>, ReadError> {
        let len = self.next_len()?;
        Ok(len.map(|len| self.incoming.frame(len)))
    }

    fn next_len(&mut self) -> Result<Option<usize>, ReadError> {
        loop {
            let len = self.incoming.next_len()?;
            if len.is_some() || self.incoming.has_ended() {
                return Ok(len);
            }
            match self.io.read(self.incoming.room()?) {
                Ok(count) => self.incoming.came(count),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.incoming.reassembler.release(); // it may be long until there is more
                    return Err(error.into());
                }
            }
        }
    }
}

/// Packets up to the end of the stream, or until it is refused. After [other errors](ReadError) there can be more.
impl<R: Read, F: Framing, P> Iterator for PacketReader<R, F, P> {
    type Item = Result<P, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        let len = self.next_len();
        self.incoming.item(len)
    }
}
