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
    /// How many bytes were left when the boundary was told last: of frames that lie whole in the chunk, it is told
    /// together.
    told: usize,
    /// How many frames can be returned before the boundary is asked; 0 if the next frame does not start in the rest.
    run: u64,
    /// How many bytes the frame has that was returned last, if the boundary was not told.
    last: usize,
    /// Whether nothing was stored when the boundary was told last, so that the last frame lies in the chunk.
    direct: bool,
}

/// What of a [`Chunk`] changes.
///
/// It goes to and fro where functions are called that are out of line, so that no reference to the chunk itself leaves
/// a loop that takes frames: then it stays in registers there.
struct At<'c> {
    rest: &'c [u8],
    told: usize,
    run: u64,
    last: usize,
    direct: bool,
}

impl<'r, 'c, F: Framing, S: Storage> Chunk<'r, 'c, F, S> {
    #[inline]
    pub(super) fn new(reassembler: &'r mut Reassembler<F, S>, chunk: &'c [u8]) -> Self {
        reassembler.boundary.keep_last();
        let direct = reassembler.storage.len() == 0;
        let run = if direct {
            reassembler.boundary.free_run(chunk.len())
        } else {
            0
        };
        Self {
            reassembler,
            whole: chunk,
            rest: chunk,
            told: chunk.len(),
            run,
            last: 0,
            direct,
        }
    }

    /// Takes the next frame; `None` if it is not whole yet. What there is of it is then stored.
    ///
    /// # Errors
    /// A frame that breaks the limits; then the same error until [`Reassembler::reset`].
    #[inline]
    pub fn next_frame(&mut self) -> Result<Option<&[u8]>, FrameError> {
        if self.run > 0 {
            let Reassembler {
                boundary, storage, ..
            } = &*self.reassembler;
            if let Some(len) = boundary.whole_in(self.rest, storage.limit())
                && let Some((frame, rest)) = self.rest.split_at_checked(len)
            {
                self.rest = rest;
                self.run -= 1;
                self.last = len;
                return Ok(Some(frame));
            }
        }
        let mut at = self.at();
        let next = next_slowly(self.reassembler, &mut at);
        self.rest = at.rest;
        self.told = at.told;
        self.run = at.run;
        self.last = at.last;
        self.direct = at.direct;
        next
    }

    /// Tells that the frame returned last is broken: as [`Reassembler::reject`] does.
    #[inline]
    pub fn reject(&mut self) {
        let mut at = self.at();
        reject(self.reassembler, self.whole, &mut at);
        self.rest = at.rest;
        self.told = at.told;
        self.run = at.run;
        self.last = at.last;
        self.direct = at.direct;
    }

    #[inline]
    fn at(&self) -> At<'c> {
        At {
            rest: self.rest,
            told: self.told,
            run: self.run,
            last: self.last,
            direct: self.direct,
        }
    }

    /// Bytes from the stream's start to the next byte that was neither returned in a frame nor skipped.
    pub const fn position(&self) -> u64 {
        let untold = self.told - self.rest.len();
        self.reassembler.position() + untold as u64
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
        let rest = self.rest;
        tell(self.reassembler, &mut self.at());
        self.rest = &[];
        self.told = 0;
        rest
    }
}

impl<F: Framing, S: Storage> Drop for Chunk<'_, '_, F, S> {
    #[inline]
    fn drop(&mut self) {
        tell(self.reassembler, &mut self.at());
        self.reassembler.boundary.keep_last();
        if !self.rest.is_empty() {
            store(self.reassembler, self.rest);
        }
    }
}

/// Tells the boundary of the frames that were returned without it.
#[inline]
fn tell<F, S>(reassembler: &mut Reassembler<F, S>, at: &mut At<'_>) {
    let bytes = at.told - at.rest.len();
    if bytes > 0 {
        reassembler.boundary.ran(bytes, at.last, at.run);
        at.told = at.rest.len();
    }
}

/// The next frame, wherever it starts.
#[inline(never)]
fn next_slowly<'a, 'c: 'a, F: Framing, S: Storage>(
    reassembler: &'a mut Reassembler<F, S>,
    at: &mut At<'c>,
) -> Result<Option<&'a [u8]>, FrameError> {
    tell(reassembler, at);
    let Reassembler {
        boundary,
        storage,
        read_len,
    } = reassembler;
    let limit = storage.limit();
    while storage.len() > 0 {
        at.direct = false;
        match boundary.look(storage.held(), limit) {
            Ok(Look::Whole(len)) => {
                boundary.pass(len);
                if storage.len() == len {
                    at.run = boundary.free_run(at.rest.len());
                }
                return Ok(Some(storage.take(len)));
            }
            Ok(Look::Part) if at.rest.is_empty() => {
                boundary.keep_last();
                storage.settle(*read_len);
                return Ok(None);
            }
            Ok(Look::Part) => {
                // No more than the frame needs: what follows it can be returned from the chunk.
                let goal = boundary.goal().min(limit);
                let missing = goal.saturating_sub(storage.len());
                let (moved, rest) = at.rest.split_at(missing.min(at.rest.len()));
                storage.append(moved, goal, *read_len);
                at.rest = rest;
                at.told = rest.len();
                if moved.len() < missing {
                    boundary.keep_last();
                    return Ok(None);
                }
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
    at.direct = true;
    let next = loop {
        match boundary.look(at.rest, limit) {
            Ok(Look::Whole(len)) => {
                let (frame, rest) = at.rest.split_at(len.min(at.rest.len()));
                boundary.pass(len);
                at.rest = rest;
                break Ok(Some(frame));
            }
            Ok(Look::Part) => {
                boundary.keep_last();
                storage.append(at.rest, boundary.goal(), *read_len);
                storage.settle(*read_len);
                at.rest = &[];
                break Ok(None);
            }
            Ok(Look::Skip(count)) => at.rest = at.rest.get(count..).unwrap_or_default(),
            Err(error) => {
                storage.clear();
                break Err(error);
            }
        }
    };
    at.told = at.rest.len();
    at.run = boundary.free_run(at.told);
    next
}

/// Takes back the frame that was returned last.
#[cold]
fn reject<'c, F: Framing, S: Storage>(
    reassembler: &mut Reassembler<F, S>,
    whole: &'c [u8],
    at: &mut At<'c>,
) {
    // Frames that the boundary was not told of lie in the chunk.
    at.direct |= at.told > at.rest.len();
    tell(reassembler, at);
    let Reassembler {
        boundary, storage, ..
    } = reassembler;
    let Some(last) = boundary.take_last() else {
        return;
    };
    let rejected = if at.direct {
        let before = whole.len() - at.rest.len();
        at.rest = whole.get(before.saturating_sub(last)..).unwrap_or(at.rest);
        boundary.reject(last, at.rest)
    } else {
        storage.untake(last);
        boundary.reject(last, storage.held())
    };
    match rejected {
        Ok(Look::Skip(count)) if at.direct => {
            at.rest = at.rest.get(count..).unwrap_or_default();
        }
        Ok(Look::Skip(count)) => {
            storage.take(count);
        }
        Ok(_) => {}
        Err(_) => storage.clear(), // `next_frame` reports it
    }
    at.told = at.rest.len();
    at.run = if at.direct {
        boundary.free_run(at.told)
    } else {
        0
    };
}

/// Stores what was not taken of a chunk that is dropped.
#[cold]
fn store<F: Framing, S: Storage>(reassembler: &mut Reassembler<F, S>, rest: &[u8]) {
    let Reassembler {
        boundary,
        storage,
        read_len,
    } = reassembler;
    if boundary.is_refused() || matches!(boundary.ends(), Ends::Read { .. }) {
        return;
    }
    let bytes = storage.append(rest, 0, *read_len);
    if bytes > 0 {
        storage.clear();
        boundary.refuse(FrameErrorKind::Lost { bytes });
    }
}
