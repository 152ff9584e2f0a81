//! Cuts frames out of a buffer of the crate `bytes`, which somebody else reads into.

use super::boundary::{Boundary, Look};
use super::error::FrameError;
use super::framing::Framing;
use super::limits::Budget;
use bytes::{Buf, Bytes, BytesMut};

/// Cuts frames out of a `BytesMut` as parts of it: no byte is copied, and a frame can outlive the buffer.
///
/// It is for frames that go elsewhere, to another task say: each of them counts references, which costs more than cutting
/// it. Where frames are used on the spot, a [`Reassembler`](super::Reassembler) is faster. Between two calls the
/// bytes at the buffer's front stay as they are, and others are added at its end.
///
/// With the feature `tokio` it is a `Decoder` and an `Encoder` of `tokio_util`. It reserves no memory, so a buffer grows with
/// what has arrived and not with what a peer claims. As frames do not come back, it passes over those with a broken header
/// alone if there is a [magic](super::Resync); those that are broken inside are the caller's.
///
/// ```
/// use bytes::{Bytes, BytesMut};
/// use packet_runtime::stream::{BytesCutter, FixedSize};
///
/// let mut cutter = BytesCutter::new(FixedSize { len: 2 });
/// let mut buffer = BytesMut::from(&b"aabbc"[..]);
/// let first: Bytes = cutter.next_frame(&mut buffer)?.expect("two bytes are one frame");
/// assert_eq!(cutter.next_frame(&mut buffer)?.as_deref(), Some(&b"bb"[..]));
/// assert_eq!(cutter.next_frame(&mut buffer)?, None);
/// assert_eq!((&first[..], &buffer[..]), (&b"aa"[..], &b"c"[..]));
/// # Ok::<(), packet_runtime::FrameError>(())
/// ```
#[derive(Clone, Debug)]
pub struct BytesCutter<F> {
    boundary: Boundary<F>,
}

impl<F> BytesCutter<F> {
    /// A cutter at the start of a stream.
    pub const fn new(framing: F) -> Self {
        Self {
            boundary: Boundary::new(framing),
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

    /// What is left of the peer's budget.
    pub const fn budget(&self) -> Budget {
        self.boundary.budget()
    }

    /// Lets the peer send this much from now on, as
    /// [`Reassembler::refill`](super::Reassembler::refill) does.
    pub fn refill(&mut self, budget: Budget) {
        self.boundary.refill(budget);
    }
}

impl<F: Framing> BytesCutter<F> {
    /// Takes the next frame from the front of `buffer`; `None` if it is not whole yet.
    ///
    /// # Errors
    /// A frame that breaks the limits; then the same error for ever.
    pub fn next_frame(&mut self, buffer: &mut BytesMut) -> Result<Option<Bytes>, FrameError> {
        loop {
            let looked = self.boundary.look(buffer, usize::MAX);
            match self.follow(looked, buffer)? {
                Step::Frame(frame) => return Ok(Some(frame)),
                Step::Part => return Ok(None),
                Step::Skipped => {}
            }
        }
    }

    /// Tells that the stream has ended, and takes what there still is of it; `None` at its end. As
    /// [`Reassembler::finish`](super::Reassembler::finish).
    ///
    /// # Errors
    /// A frame that breaks the limits, or one that is cut off.
    pub fn finish(&mut self, buffer: &mut BytesMut) -> Result<Option<Bytes>, FrameError> {
        loop {
            if let Some(frame) = self.next_frame(buffer)? {
                return Ok(Some(frame));
            }
            let ended = self.boundary.end(buffer);
            match self.follow(ended, buffer)? {
                Step::Frame(frame) => return Ok(Some(frame)),
                Step::Part => return Ok(None),
                Step::Skipped => {}
            }
        }
    }

    fn follow(
        &mut self,
        look: Result<Look, FrameError>,
        buffer: &mut BytesMut,
    ) -> Result<Step, FrameError> {
        match look {
            Ok(Look::Whole(len)) => {
                self.boundary.pass(len);
                let frame = buffer.split_to(len.min(buffer.len()));
                Ok(Step::Frame(frame.freeze()))
            }
            Ok(Look::Part) => Ok(Step::Part),
            Ok(Look::Skip(count)) => {
                buffer.advance(count.min(buffer.len()));
                Ok(Step::Skipped)
            }
            Err(error) => {
                buffer.clear(); // nobody will read it
                Err(error)
            }
        }
    }
}

enum Step {
    Frame(Bytes),
    Part,
    Skipped,
}
