//! Cuts a byte stream into frames and stores what straddles two reads.

use super::boundary::Boundary;
use super::buffer::Buffer;
use super::error::FrameError;
use super::framing::{FrameLen, Framing};

/// How many bytes [`Reassembler::new`] lends for a read.
pub const DEFAULT_READ_LEN: usize = 8 * 1024;

/// Cuts a byte stream into frames.
///
/// There are two ways in, which can be mixed freely.
///
/// *Lend a buffer* to the reader, so that bytes land where they are needed and are not copied again:
///
/// ```
/// use packet_runtime::{Reassembler, SizeHeader};
/// use std::io::Read;
///
/// // A byte that counts the whole frame.
/// const FRAMING: SizeHeader = SizeHeader {
///     header_len: 1,
///     size_offset: 0,
///     size_width: 1,
///     little_endian: false,
///     excluded: 0,
///     max_len: 255,
/// };
///
/// let mut socket: &[u8] = b"\x03ab\x02c";
/// let mut frames = Vec::new();
/// let mut reassembler = Reassembler::new(FRAMING);
/// loop {
///     let count = socket.read(reassembler.spare_mut())?;
///     if count == 0 {
///         break;
///     }
///     reassembler.advance(count);
///     while let Some(frame) = reassembler.next_frame()? {
///         frames.push(frame.to_vec());
///     }
/// }
/// assert_eq!(frames, [&b"\x03ab"[..], b"\x02c"]);
/// assert_eq!(reassembler.buffered(), 0, "the peer closed between two frames");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// *Feed chunks* that were read elsewhere, for instance into one buffer that all connections of a thread
/// share: [`Reassembler::feed`].
///
/// # Limits
/// A frame's length is judged when its size field is visible, before anything of it is stored. From the
/// first error on the stream is refused, with the same error each time, until [`Reassembler::reset`].
///
/// # Memory
/// As long as frames are taken until there are none: at most the longest frame that the framing allows
/// and one read. Storage grows with what has arrived, to twice as much or by one read, and never
/// because of what a size field claims. When there is no further frame to take, what a large frame left
/// behind is given back, and everything if no byte is buffered: an idle connection holds none.
#[derive(Debug)]
pub struct Reassembler<F> {
    boundary: Boundary<F>,
    buffer: Buffer,
    read_len: usize,
}

impl<F> Reassembler<F> {
    /// A reassembler at the start of a stream. It lends [`DEFAULT_READ_LEN`] bytes for a read and holds
    /// no memory yet.
    pub const fn new(framing: F) -> Self {
        Self::with_read_len(framing, DEFAULT_READ_LEN)
    }

    /// A reassembler at the start of a stream that lends `read_len` bytes for a read, at least 1.
    pub const fn with_read_len(framing: F, read_len: usize) -> Self {
        Self {
            boundary: Boundary::new(framing),
            buffer: Buffer::new(),
            read_len: if read_len == 0 { 1 } else { read_len },
        }
    }

    /// Bytes from the stream's start to the next byte that was not returned in a frame.
    pub const fn position(&self) -> u64 {
        self.boundary.position()
    }

    /// How many bytes arrived that were not returned in a frame. If it is not 0 after the last frame
    /// when the peer closes, the stream was cut off inside a frame.
    pub const fn buffered(&self) -> usize {
        self.buffer.len()
    }

    /// How many bytes of memory are held for this stream.
    pub const fn capacity(&self) -> usize {
        self.buffer.capacity()
    }

    /// Forgets the stream, its errors and what was buffered, and starts at position 0 of another one.
    pub fn reset(&mut self) {
        self.boundary.reset();
        self.buffer = Buffer::new();
    }

    /// Tells that the first `count` bytes of what [`Reassembler::spare_mut`] lent were filled.
    ///
    /// A count of 0 gives the memory back if nothing is buffered. More than was lent counts as no more
    /// than there is room for.
    pub fn advance(&mut self, count: usize) {
        self.buffer.advance(count);
        if count == 0 && self.buffer.len() == 0 {
            self.buffer.settle(self.read_len);
        }
    }
}

impl<F: Framing> Reassembler<F> {
    /// Lends a buffer for the next bytes of the stream; [`Reassembler::advance`] tells how many came.
    ///
    /// Of a long frame that has begun it is the rest, growing with what has arrived; otherwise one read's
    /// length, now and then half of that. It is empty only if the stream is refused or if a whole
    /// frame waits to be taken, so take frames until there are none before lending.
    pub fn spare_mut(&mut self) -> &mut [u8] {
        match self.look() {
            Ok(None) => {}
            // Frames that nobody takes must not make the storage grow.
            Ok(Some(_)) => return self.buffer.room(self.read_len),
            Err(_) => return &mut [], // `next_frame` reports it
        }
        let held = self.buffer.len();
        let rest = match self.boundary.frame_len() {
            FrameLen::Known(len) => len.saturating_sub(held),
            FrameLen::Unknown { .. } => usize::MAX,
        };
        let enough = rest.min(self.read_len.div_ceil(2));
        let wanted = rest.min(held).max(self.read_len);
        self.buffer.make_room(enough, wanted);
        // Not more than a long frame's rest: what follows it then starts in storage of normal size.
        self.buffer.room(rest.max(self.read_len))
    }

    /// Takes the next frame from what was buffered; `None` if it is not whole yet.
    ///
    /// # Errors
    /// A frame whose length breaks the limits; then the same error until [`Reassembler::reset`].
    #[inline]
    pub fn next_frame(&mut self) -> Result<Option<&[u8]>, FrameError> {
        let Some(len) = self.look()? else {
            self.buffer.settle(self.read_len);
            return Ok(None);
        };
        self.boundary.pass(len);
        Ok(Some(self.buffer.take(len)))
    }

    /// Takes a chunk of the stream that was read elsewhere. Its frames come from [`Chunk::next_frame`].
    ///
    /// ```
    /// use packet_runtime::{Reassembler, SizeHeader};
    ///
    /// # const FRAMING: SizeHeader = SizeHeader {
    /// #     header_len: 1, size_offset: 0, size_width: 1, little_endian: false, excluded: 0, max_len: 255,
    /// # };
    /// let mut reassembler = Reassembler::new(FRAMING); // a byte that counts the whole frame
    /// let mut frames = Vec::new();
    /// for bytes in [&b"\x03ab\x03c"[..], b"d\x01"] {
    ///     let mut chunk = reassembler.feed(bytes);
    ///     while let Some(frame) = chunk.next_frame()? {
    ///         frames.push(frame.to_vec());
    ///     }
    /// }
    /// assert_eq!(frames, [&b"\x03ab"[..], b"\x03cd", b"\x01"]);
    /// # Ok::<(), packet_runtime::FrameError>(())
    /// ```
    pub fn feed<'r, 'c>(&'r mut self, chunk: &'c [u8]) -> Chunk<'r, 'c, F> {
        Chunk {
            reassembler: self,
            rest: chunk,
        }
    }

    /// The length of the frame that is buffered, if it is whole.
    #[inline]
    fn look(&mut self) -> Result<Option<usize>, FrameError> {
        let looked = self.boundary.look(self.buffer.held());
        if looked.is_err() {
            self.buffer = Buffer::new(); // nobody will read it
        }
        looked
    }
}

/// A chunk of the stream on its way through a [`Reassembler`].
///
/// Frames that lie whole in the chunk are returned as slices of it and are not copied. Only a frame that
/// began in an earlier chunk, or ends in a later one, passes through the reassembler's storage.
///
/// Once [`Chunk::next_frame`] has returned `None`, all of the chunk is consumed. If it is dropped before
/// that, whatever was not returned yet is stored, and comes first from the next chunk or from
/// [`Reassembler::next_frame`]: dropping loses no byte. (Only `core::mem::forget`, which suppresses the
/// drop, does.)
#[derive(Debug)]
pub struct Chunk<'r, 'c, F> {
    reassembler: &'r mut Reassembler<F>,
    rest: &'c [u8],
}

impl<F: Framing> Chunk<'_, '_, F> {
    /// Takes the next frame; `None` if it is not whole yet. What there is of it is then stored.
    ///
    /// # Errors
    /// A frame whose length breaks the limits; then the same error until [`Reassembler::reset`].
    pub fn next_frame(&mut self) -> Result<Option<&[u8]>, FrameError> {
        let Reassembler {
            boundary,
            buffer,
            read_len,
        } = &mut *self.reassembler;
        while buffer.len() > 0 {
            match boundary.look(buffer.held()) {
                Ok(Some(len)) => {
                    boundary.pass(len);
                    return Ok(Some(buffer.take(len)));
                }
                Ok(None) if self.rest.is_empty() => {
                    buffer.settle(*read_len);
                    return Ok(None);
                }
                Ok(None) => {
                    // No more than the frame needs: what follows it can be returned from the chunk.
                    let missing = boundary.goal().saturating_sub(buffer.len());
                    let (moved, rest) = self.rest.split_at(missing.min(self.rest.len()));
                    buffer.append(moved, boundary.goal());
                    self.rest = rest;
                }
                Err(error) => {
                    *buffer = Buffer::new();
                    return Err(error);
                }
            }
        }
        match boundary.look(self.rest) {
            Ok(Some(len)) => {
                let (frame, rest) = self.rest.split_at(len.min(self.rest.len()));
                boundary.pass(len);
                self.rest = rest;
                Ok(Some(frame))
            }
            Ok(None) => {
                buffer.append(self.rest, boundary.goal());
                buffer.settle(*read_len);
                self.rest = &[];
                Ok(None)
            }
            Err(error) => {
                *buffer = Buffer::new();
                Err(error)
            }
        }
    }
}

impl<F> Drop for Chunk<'_, '_, F> {
    fn drop(&mut self) {
        let Reassembler {
            boundary, buffer, ..
        } = &mut *self.reassembler;
        if !boundary.is_refused() {
            buffer.append(self.rest, 0);
        }
    }
}

#[cfg(test)]
mod tests;
