//! Cuts a byte stream into frames and stores what straddles two reads.

use super::boundary::{Boundary, Look};
use super::chunk::Chunk;
use super::error::FrameError;
use super::framing::{Ends, Framing};
use super::limits::Budget;
use super::storage::{Growable, Storage};

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
/// assert_eq!(reassembler.finish()?, None, "the peer closed between two frames");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// *Feed chunks* that were read elsewhere, for instance into one buffer that all connections of a thread
/// share: [`Reassembler::feed`].
///
/// # Limits
/// A frame's length is judged when its size field is visible, before anything of it is stored, and so are the limits
/// for its [id](super::PerId), the [budget](Reassembler::refill) of the peer and what storage can hold. From the
/// first error on the stream is refused, with the same error each time, until [`Reassembler::reset`]; with
/// [`Resync`](super::Resync) framing a broken frame is no error, and only the budget ends a stream.
///
/// # Memory
/// As long as frames are taken until there are none: at most the longest frame that the framing allows
/// and one read. Storage grows with what has arrived, to twice as much or by one read, and never
/// because of what a size field claims. When there is no further frame to take, what a large frame left
/// behind is given back; the rest is used again, so that a connection under load takes no memory. One that falls idle is
/// told so by [`Reassembler::release`], and then holds no more than what is buffered. Without an allocator there is
/// [`Fixed`](super::Fixed) storage.
#[derive(Debug)]
pub struct Reassembler<F, S = Growable> {
    pub(super) boundary: Boundary<F>,
    pub(super) storage: S,
    pub(super) read_len: usize,
}

#[cfg(feature = "alloc")]
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
            storage: Growable::new(),
            read_len: if read_len == 0 { 1 } else { read_len },
        }
    }
}

impl<F, S: Storage> Reassembler<F, S> {
    /// A reassembler at the start of a stream that stores bytes in `storage`, and lends all of it for a read.
    pub fn with_storage(framing: F, storage: S) -> Self {
        Self {
            boundary: Boundary::new(framing),
            read_len: storage.limit().clamp(1, DEFAULT_READ_LEN),
            storage,
        }
    }

    /// Bytes from the stream's start to the next byte that was neither returned in a frame nor skipped.
    pub const fn position(&self) -> u64 {
        self.boundary.position()
    }

    /// How many bytes were passed over to find the next frame behind a broken one.
    pub const fn skipped(&self) -> u64 {
        self.boundary.skipped()
    }

    /// The frame that was passed over last, and why.
    pub const fn broken(&self) -> Option<FrameError> {
        self.boundary.broken()
    }

    /// How many bytes arrived that were neither returned in a frame nor skipped.
    pub fn buffered(&self) -> usize {
        self.storage.len()
    }

    /// How many bytes of memory are held for this stream.
    pub fn capacity(&self) -> usize {
        self.storage.capacity()
    }

    /// What is left of the peer's budget.
    pub const fn budget(&self) -> Budget {
        self.boundary.budget()
    }

    /// Lets the peer send this much from now on, in place of what is left; without that it is
    /// [`Budget::UNLIMITED`].
    ///
    /// A reassembler knows no time: whoever does refills in every interval. A frame that was granted when its size
    /// became visible stays granted. One that was not refuses the stream: a caller that would rather wait looks at
    /// [`Reassembler::budget`] before it takes a frame.
    pub fn refill(&mut self, budget: Budget) {
        self.boundary.refill(budget);
    }

    /// Forgets the stream, its errors and what was buffered, and starts at position 0 of another one. What is left of
    /// the budget stays.
    pub fn reset(&mut self) {
        self.boundary.reset();
        self.storage.clear();
    }

    /// Tells that the first `count` bytes of what [`Reassembler::spare_mut`] lent were filled.
    ///
    /// A count of 0, of a read that would block, [gives memory back](Reassembler::release). More than was lent counts as
    /// no more than there is room for.
    #[inline]
    pub fn advance(&mut self, count: usize) {
        self.boundary.keep_last();
        self.storage.advance(count);
        if count == 0 {
            self.release();
        }
    }

    /// Gives back the memory that no buffered byte needs: all of it, if none is buffered. For a connection that falls
    /// idle.
    ///
    /// ```
    /// use packet_runtime::stream::{FixedSize, Reassembler};
    ///
    /// let mut reassembler = Reassembler::new(FixedSize { len: 2 });
    /// assert_eq!(reassembler.feed(b"aab").next_frame(), Ok(Some(&b"aa"[..])));
    /// assert_eq!(reassembler.feed(b"b").next_frame(), Ok(Some(&b"bb"[..])));
    /// assert!(reassembler.capacity() > 0);
    /// reassembler.release();
    /// assert_eq!(reassembler.capacity(), 0);
    /// ```
    pub fn release(&mut self) {
        self.boundary.keep_last();
        match self.storage.len() {
            0 => self.storage.clear(),
            _ => self.storage.settle(0),
        }
    }
}

impl<F: Framing, S: Storage> Reassembler<F, S> {
    /// Lends a buffer for the next bytes of the stream; [`Reassembler::advance`] tells how many came.
    ///
    /// Of a long frame that has begun it is the rest, growing with what has arrived; otherwise one read's
    /// length, now and then half of that. It is empty only if the stream is refused or if a whole
    /// frame waits to be taken, so take frames until there are none before lending. For datagrams it has room for the
    /// longest one, and a byte more that tells if one is too long.
    pub fn spare_mut(&mut self) -> &mut [u8] {
        self.boundary.keep_last();
        match self.look() {
            Ok(None) => {}
            // Frames that nobody takes must not make the storage grow.
            Ok(Some(_)) => return self.storage.room(self.read_len),
            Err(_) => return &mut [], // `next_frame` reports it
        }
        if let Ends::Read { max_len } = self.boundary.ends() {
            let most = max_len.saturating_add(1);
            self.storage.make_room(most, most);
            return self.storage.room(most);
        }
        let held = self.storage.len();
        let rest = match self.boundary.known_len() {
            Some(len) => len.saturating_sub(held),
            None => usize::MAX,
        };
        let enough = rest.min(self.read_len.div_ceil(2));
        let wanted = rest.min(held).max(self.read_len);
        self.storage.make_room(enough, wanted);
        // Not more than a long frame's rest: what follows it then starts in storage of normal size.
        self.storage.room(rest.max(self.read_len))
    }

    /// Takes the next frame from what was buffered; `None` if it is not whole yet.
    ///
    /// # Errors
    /// A frame that breaks the limits; then the same error until [`Reassembler::reset`].
    #[inline]
    pub fn next_frame(&mut self) -> Result<Option<&[u8]>, FrameError> {
        let limit = self.storage.limit();
        if let Some(len) = self.boundary.whole(self.storage.held(), limit) {
            self.boundary.pass_fresh(len);
            return Ok(Some(self.storage.take(len)));
        }
        self.next_slowly()
    }

    #[inline(never)]
    fn next_slowly(&mut self) -> Result<Option<&[u8]>, FrameError> {
        let Some(len) = self.look()? else {
            self.boundary.keep_last();
            self.storage.settle(self.read_len);
            return Ok(None);
        };
        self.boundary.pass(len);
        Ok(Some(self.storage.take(len)))
    }

    /// Tells that the stream has ended, and takes what there still is of it; `None` at its end.
    ///
    /// Call it until there is no further frame. Where a [stream is one frame](super::UntilClose), this is how it comes
    /// out. With [`Resync`](super::Resync) framing a frame that is not whole is broken, and what it held up comes
    /// out. Before the reassembler is used for another stream, [reset](Reassembler::reset) it.
    ///
    /// ```
    /// use packet_runtime::stream::{FixedSize, FrameErrorKind, Reassembler, UntilClose};
    ///
    /// let mut reassembler = Reassembler::new(UntilClose { min_len: 0, max_len: 100 });
    /// for bytes in [&b"ab"[..], b"c"] {
    ///     assert_eq!(reassembler.feed(bytes).next_frame(), Ok(None));
    /// }
    /// assert_eq!(reassembler.finish(), Ok(Some(&b"abc"[..])));
    /// assert_eq!(reassembler.finish(), Ok(None));
    ///
    /// let mut reassembler = Reassembler::new(FixedSize { len: 4 });
    /// assert_eq!(reassembler.feed(b"abcdef").next_frame(), Ok(Some(&b"abcd"[..])));
    /// let error = reassembler.finish().unwrap_err();
    /// assert_eq!(error.position(), 4);
    /// assert_eq!(error.kind(), FrameErrorKind::CutOff { received: 2, needed: 4 });
    /// ```
    ///
    /// # Errors
    /// A frame that breaks the limits, or one that is cut off.
    pub fn finish(&mut self) -> Result<Option<&[u8]>, FrameError> {
        let len = loop {
            if let Some(len) = self.look()? {
                break len;
            }
            match self.boundary.end(self.storage.held()) {
                Ok(Look::Whole(len)) => break len,
                Ok(Look::Part) => {
                    self.release();
                    return Ok(None);
                }
                Ok(Look::Skip(count)) => {
                    self.storage.take(count);
                }
                Err(error) => {
                    self.storage.clear();
                    return Err(error);
                }
            }
        };
        self.boundary.pass(len);
        Ok(Some(self.storage.take(len)))
    }

    /// The frame of `len` bytes that was returned last. It is there until anything else is called: who asks for a frame
    /// in a loop learns its length first, and borrows the reassembler when the loop is over.
    #[cfg(feature = "std")]
    #[inline]
    pub(crate) fn returned(&self, len: usize) -> &[u8] {
        self.storage.taken(len)
    }

    /// Whether reading can go on behind a broken frame.
    #[cfg(feature = "std")]
    pub(crate) fn resynchronises(&self) -> bool {
        self.boundary.resynchronises()
    }

    /// Tells that the frame returned last is broken: its checksum is wrong, say, or a constant of the schema.
    ///
    /// With [`Resync`](super::Resync) framing, the next frame is then looked for inside of it. Otherwise the stream is
    /// refused. It concerns a frame right after it was returned, and nothing once anything else was called.
    ///
    /// ```
    /// use packet_runtime::stream::{FixedSize, FrameErrorKind, Reassembler};
    ///
    /// let mut reassembler = Reassembler::new(FixedSize { len: 2 });
    /// reassembler.spare_mut()[..4].copy_from_slice(b"okno");
    /// reassembler.advance(4);
    /// while let Ok(Some(frame)) = reassembler.next_frame() {
    ///     if frame != b"ok" {
    ///         reassembler.reject();
    ///     }
    /// }
    /// let error = reassembler.next_frame().unwrap_err();
    /// assert_eq!((error.position(), error.kind()), (2, FrameErrorKind::Rejected));
    /// ```
    pub fn reject(&mut self) {
        let Some(last) = self.boundary.take_last() else {
            return;
        };
        self.storage.untake(last);
        match self.boundary.reject(last, self.storage.held()) {
            Ok(Look::Skip(count)) => {
                self.storage.take(count);
            }
            Ok(_) => {}
            Err(_) => self.storage.clear(), // `next_frame` reports it
        }
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
    #[inline]
    pub fn feed<'r, 'c>(&'r mut self, chunk: &'c [u8]) -> Chunk<'r, 'c, F, S> {
        Chunk::new(self, chunk)
    }

    /// The length of the frame that is buffered, if it is whole.
    #[inline]
    fn look(&mut self) -> Result<Option<usize>, FrameError> {
        let limit = self.storage.limit();
        loop {
            match self.boundary.look(self.storage.held(), limit) {
                Ok(Look::Whole(len)) => return Ok(Some(len)),
                Ok(Look::Part) => return Ok(None),
                Ok(Look::Skip(count)) => {
                    self.storage.take(count);
                }
                Err(error) => {
                    self.storage.clear(); // nobody will read it
                    return Err(error);
                }
            }
        }
    }
}

#[cfg(all(test, feature = "alloc"))]
mod tests;
