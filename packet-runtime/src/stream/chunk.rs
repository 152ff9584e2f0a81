//! A chunk that was read elsewhere, on its way through a reassembler.

use super::boundary::{Glance, Look};
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

/// What [`next_slowly`] found. The frame and the error are fetched where they are returned: handed out of a function that
/// is out of line they would go through memory, and with them every frame of a loop.
enum Step {
    /// The chunk goes on with a frame of this length.
    Here(usize),
    /// A frame of this length is stored.
    Stored(usize),
    /// There is no whole frame.
    Incomplete,
    /// The stream is refused.
    Refused,
}

impl<'r, 'c, F: Framing, S: Storage> Chunk<'r, 'c, F, S> {
    #[inline]
    pub(super) fn new(reassembler: &'r mut Reassembler<F, S>, chunk: &'c [u8]) -> Self {
        reassembler.boundary.keep_last();
        let direct = reassembler.storage.len() == 0;
        let (rest, run) = if direct {
            (chunk, reassembler.boundary.free_run(chunk.len()))
        } else {
            (join(reassembler, chunk), 0)
        };
        Self {
            reassembler,
            whole: chunk,
            rest,
            told: rest.len(),
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
            match boundary.glance(self.rest, storage.limit()) {
                Glance::Whole(len) => {
                    if let Some((frame, rest)) = self.rest.split_at_checked(len) {
                        self.rest = rest;
                        self.run -= 1;
                        self.last = len;
                        return Ok(Some(frame));
                    }
                }
                Glance::Part(len) => {
                    tell(self.reassembler, &mut self.at());
                    if keep(self.reassembler, self.rest, len) {
                        self.rest = &[];
                        self.told = 0;
                        self.run = 0;
                        return Ok(None);
                    }
                    self.told = self.rest.len();
                }
                Glance::Unclear if self.rest.is_empty() && self.told > 0 => {
                    // The chunk ends where a frame does. That one cannot be rejected any more.
                    self.last = 0;
                    return Ok(None);
                }
                Glance::Unclear => {}
            }
        } else if let Some(len) = self.reassembler.boundary.known_len() {
            // A frame that began in an earlier chunk. All that this one has of it was stored.
            let held = self.reassembler.storage.len();
            if held >= len {
                self.reassembler.boundary.pass(len);
                if held == len {
                    self.run = self.reassembler.boundary.free_run(self.rest.len());
                }
                self.direct = false;
                return Ok(Some(self.reassembler.storage.take(len)));
            }
            if self.rest.is_empty() {
                return Ok(None);
            }
        }
        let mut at = self.at();
        let step = next_slowly(self.reassembler, &mut at);
        self.rest = at.rest;
        self.told = at.told;
        self.run = at.run;
        self.last = at.last;
        self.direct = at.direct;
        match step {
            Step::Here(len) => {
                let (frame, rest) = self.rest.split_at(len.min(self.rest.len()));
                self.rest = rest;
                Ok(Some(frame))
            }
            Step::Stored(len) => Ok(Some(self.reassembler.storage.take(len))),
            Step::Incomplete => Ok(None),
            Step::Refused => self.reassembler.boundary.refusal(),
        }
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
        let Reassembler {
            boundary,
            storage,
            read_len,
        } = &mut *self.reassembler;
        boundary.keep_last();
        if !self.rest.is_empty() {
            store(self.reassembler, self.rest);
        } else if storage.len() == 0 {
            storage.settle(*read_len);
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

/// Stores what a chunk has of a frame that began in an earlier one, if its length is known, and returns what follows: that
/// can be returned from the chunk.
#[inline]
fn join<'c, F: Framing, S: Storage>(
    reassembler: &mut Reassembler<F, S>,
    chunk: &'c [u8],
) -> &'c [u8] {
    let Reassembler {
        boundary,
        storage,
        read_len,
    } = reassembler;
    let Some(len) = boundary.known_len() else {
        return chunk;
    };
    let missing = len.saturating_sub(storage.len());
    let (moved, rest) = chunk.split_at(missing.min(chunk.len()));
    storage.append(moved, len, *read_len);
    rest
}

/// Stores the beginning of a frame of `len` bytes, if the peer may send one; otherwise [`next_slowly`] says what is wrong.
#[inline]
fn keep<F: Framing, S: Storage>(
    reassembler: &mut Reassembler<F, S>,
    beginning: &[u8],
    len: usize,
) -> bool {
    let Reassembler {
        boundary,
        storage,
        read_len,
    } = reassembler;
    if !boundary.begin(len, beginning.len()) {
        return false;
    }
    boundary.keep_last();
    storage.append(beginning, len, *read_len);
    storage.settle(*read_len);
    true
}

/// The next frame, wherever it starts.
#[inline(never)]
fn next_slowly<F: Framing, S: Storage>(
    reassembler: &mut Reassembler<F, S>,
    at: &mut At<'_>,
) -> Step {
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
                return Step::Stored(len);
            }
            Ok(Look::Part) if at.rest.is_empty() => {
                boundary.keep_last();
                storage.settle(*read_len);
                return Step::Incomplete;
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
                    return Step::Incomplete;
                }
            }
            Ok(Look::Skip(count)) => {
                storage.take(count);
            }
            Err(_) => {
                storage.clear();
                return Step::Refused;
            }
        }
    }
    at.direct = true;
    let step = loop {
        match boundary.look(at.rest, limit) {
            Ok(Look::Whole(len)) => {
                boundary.pass(len);
                break Step::Here(len);
            }
            Ok(Look::Part) => {
                boundary.keep_last();
                storage.append(at.rest, boundary.goal(), *read_len);
                storage.settle(*read_len);
                at.rest = &[];
                break Step::Incomplete;
            }
            Ok(Look::Skip(count)) => at.rest = at.rest.get(count..).unwrap_or_default(),
            Err(_) => {
                storage.clear();
                break Step::Refused;
            }
        }
    };
    let taken = match step {
        Step::Here(len) => len,
        _ => 0,
    };
    at.told = at.rest.len().saturating_sub(taken);
    at.run = boundary.free_run(at.told);
    step
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
