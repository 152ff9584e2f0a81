//! A chunk that was read elsewhere, on its way through a reassembler.

use super::boundary::Look;
use super::error::{FrameError, FrameErrorKind};
use super::framing::{Ends, Framing};
use super::reassembler::Reassembler;
use super::storage::Storage;

/// A chunk of the stream on its way through a [`Reassembler`].
///
/// Frames that lie whole in the chunk are returned as slices of it and are not copied. Only a frame that
/// began in an earlier chunk, or ends in a later one, passes through the reassembler's storage.
///
/// Once [`Chunk::next_frame`] has returned `None`, all of the chunk is consumed. If it is dropped before
/// that, whatever was not returned yet is stored, and comes first from the next chunk or from
/// [`Reassembler::next_frame`]: dropping loses no byte. (Only `core::mem::forget`, which suppresses the
/// drop, does, and [`Fixed`](super::Fixed) storage that has no room for it: then the stream is refused.)
#[derive(Debug)]
pub struct Chunk<'r, 'c, F: Framing, S: Storage> {
    reassembler: &'r mut Reassembler<F, S>,
    whole: &'c [u8],
    rest: &'c [u8],
    /// Whether nothing is stored, so that the next frame starts in the rest, and the last one came from there.
    direct: bool,
}

impl<'r, 'c, F: Framing, S: Storage> Chunk<'r, 'c, F, S> {
    #[inline]
    pub(super) fn new(reassembler: &'r mut Reassembler<F, S>, chunk: &'c [u8]) -> Self {
        reassembler.boundary.keep_last();
        let direct = reassembler.storage.len() == 0;
        Self {
            reassembler,
            whole: chunk,
            rest: chunk,
            direct,
        }
    }

    /// Takes the next frame; `None` if it is not whole yet. What there is of it is then stored.
    ///
    /// # Errors
    /// A frame that breaks the limits; then the same error until [`Reassembler::reset`].
    #[inline]
    pub fn next_frame(&mut self) -> Result<Option<&[u8]>, FrameError> {
        if self.direct {
            let Reassembler {
                boundary, storage, ..
            } = &mut *self.reassembler;
            if let Some(len) = boundary.whole(self.rest, storage.limit())
                && let Some((frame, rest)) = self.rest.split_at_checked(len)
            {
                boundary.pass(len);
                self.rest = rest;
                return Ok(Some(frame));
            }
        }
        self.next_slowly()
    }

    #[inline(never)]
    fn next_slowly(&mut self) -> Result<Option<&[u8]>, FrameError> {
        let Reassembler {
            boundary,
            storage,
            read_len,
        } = &mut *self.reassembler;
        let limit = storage.limit();
        while storage.len() > 0 {
            self.direct = false;
            match boundary.look(storage.held(), limit) {
                Ok(Look::Whole(len)) => {
                    boundary.pass(len);
                    return Ok(Some(storage.take(len)));
                }
                Ok(Look::Part) if self.rest.is_empty() => {
                    boundary.keep_last();
                    storage.settle(*read_len);
                    return Ok(None);
                }
                Ok(Look::Part) => {
                    // No more than the frame needs: what follows it can be returned from the chunk.
                    let goal = boundary.goal().min(limit);
                    let missing = goal.saturating_sub(storage.len());
                    let (moved, rest) = self.rest.split_at(missing.min(self.rest.len()));
                    storage.append(moved, goal, *read_len);
                    self.rest = rest;
                }
                Ok(Look::Skip(count)) => {
                    storage.take(count);
                }
                Err(error) => {
                    storage.clear();
                    return Err(error);
                }
            }
        }
        self.direct = true;
        loop {
            match boundary.look(self.rest, limit) {
                Ok(Look::Whole(len)) => {
                    let (frame, rest) = self.rest.split_at(len.min(self.rest.len()));
                    boundary.pass(len);
                    self.rest = rest;
                    return Ok(Some(frame));
                }
                Ok(Look::Part) => {
                    boundary.keep_last();
                    storage.append(self.rest, boundary.goal(), *read_len);
                    storage.settle(*read_len);
                    self.rest = &[];
                    self.direct = false;
                    return Ok(None);
                }
                Ok(Look::Skip(count)) => {
                    self.rest = self.rest.get(count..).unwrap_or_default();
                }
                Err(error) => {
                    storage.clear();
                    return Err(error);
                }
            }
        }
    }

    /// Tells that the frame returned last is broken: as [`Reassembler::reject`] does.
    pub fn reject(&mut self) {
        let Reassembler {
            boundary, storage, ..
        } = &mut *self.reassembler;
        let Some(last) = boundary.take_last() else {
            return;
        };
        let rejected = if self.direct {
            let before = self.whole.len() - self.rest.len();
            self.rest = self.whole.get(before.saturating_sub(last)..).unwrap_or(self.rest);
            boundary.reject(last, self.rest)
        } else {
            storage.untake(last);
            boundary.reject(last, storage.held())
        };
        match rejected {
            Ok(Look::Skip(count)) if self.direct => {
                self.rest = self.rest.get(count..).unwrap_or_default();
            }
            Ok(Look::Skip(count)) => {
                storage.take(count);
            }
            Ok(_) => {}
            Err(_) => storage.clear(), // `next_frame` reports it
        }
    }

    /// Bytes from the stream's start to the next byte that was neither returned in a frame nor skipped.
    pub const fn position(&self) -> u64 {
        self.reassembler.position()
    }

    /// How many bytes of the stream were passed over so far to find the next frame behind a broken one.
    pub const fn skipped(&self) -> u64 {
        self.reassembler.skipped()
    }

    /// What is left of the chunk, which is then not stored: the caller feeds it again.
    ///
    /// ```
    /// use packet_runtime::stream::{FixedSize, Reassembler};
    ///
    /// let mut reassembler = Reassembler::new(FixedSize { len: 2 });
    /// let mut chunk = reassembler.feed(b"aabbc");
    /// assert_eq!(chunk.next_frame(), Ok(Some(&b"aa"[..])));
    /// assert_eq!(chunk.into_rest(), b"bbc");
    /// assert_eq!(reassembler.buffered(), 0);
    /// ```
    #[must_use]
    pub fn into_rest(mut self) -> &'c [u8] {
        core::mem::take(&mut self.rest)
    }
}

impl<F: Framing, S: Storage> Drop for Chunk<'_, '_, F, S> {
    #[inline]
    fn drop(&mut self) {
        let Reassembler {
            boundary,
            storage,
            read_len,
        } = &mut *self.reassembler;
        boundary.keep_last();
        let is_datagram = matches!(boundary.ends(), Ends::Read { .. });
        if self.rest.is_empty() || boundary.is_refused() || is_datagram {
            return;
        }
        let bytes = storage.append(self.rest, 0, *read_len);
        if bytes > 0 {
            storage.clear();
            boundary.refuse(FrameErrorKind::Lost { bytes });
        }
    }
}
