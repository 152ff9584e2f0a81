//! Where the frame at the read position ends, as far as that is known, and what becomes of one that is broken.
//!
//! Knows the framing rule, the position on the stream and whether the stream was refused, but not where
//! bytes are stored: any storage can be built on it.

use super::error::{FrameError, FrameErrorKind};
use super::framing::{Ends, FrameLen, Framing};
use super::limits::Budget;
use super::resync::next_magic;

/// What is known about the frame at the read position.
#[derive(Clone, Copy, Debug)]
enum State {
    /// Nothing: its bytes were not looked at yet.
    Fresh,
    /// More will be known when this many of its bytes are there.
    AskAt(usize),
    /// It has this many bytes, and the peer may send as many.
    Known(usize),
    /// The stream was refused for this reason.
    Refused(FrameError),
}

/// What the bytes at the read position are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// They start with a frame of this length.
    Whole(usize),
    /// They are the beginning of a frame.
    Part,
    /// This many of them were passed over, and are to be dropped.
    Skip(usize),
}

/// What can be told of the next frame in a [free run](Boundary::free_run) at a glance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Glance {
    /// All of it is there, and it has this length.
    Whole(usize),
    /// It has this length, and its end is still to come.
    Part(usize),
    /// [`Boundary::look`] tells.
    Unclear,
}

#[derive(Clone, Debug)]
pub(super) struct Boundary<F> {
    framing: F,
    state: State,
    /// How many bytes of the frame the framing rule has looked at.
    seen: usize,
    /// Length of the frame that was returned last, as long as it can be rejected.
    last: usize,
    /// Bytes from the stream's start to the frame.
    position: u64,
    /// Position up to which the peer may send.
    granted: u64,
    /// Frames that the peer may still send.
    frames: u64,
    /// Frames that the peer was granted last.
    frames_granted: u64,
    skipped: u64,
    /// The frame that was passed over last.
    broken: Option<FrameError>,
    /// Whether the frame was returned that the end of the stream ends.
    ended: bool,
}

impl<F> Boundary<F> {
    pub(super) const fn new(framing: F) -> Self {
        Self {
            framing,
            state: State::Fresh,
            seen: 0,
            last: 0,
            position: 0,
            granted: u64::MAX,
            frames: u64::MAX,
            frames_granted: u64::MAX,
            skipped: 0,
            broken: None,
            ended: false,
        }
    }

    pub(super) const fn position(&self) -> u64 {
        self.position
    }

    pub(super) const fn skipped(&self) -> u64 {
        self.skipped
    }

    pub(super) const fn broken(&self) -> Option<FrameError> {
        self.broken
    }

    pub(super) const fn is_refused(&self) -> bool {
        matches!(self.state, State::Refused(_))
    }

    /// The length of the frame, if that is known and the frame is not whole yet.
    pub(super) const fn known_len(&self) -> Option<usize> {
        match self.state {
            State::Known(len) => Some(len),
            _ => None,
        }
    }

    /// How many bytes of the frame are worth waiting for: all of it, or what is needed to learn more.
    pub(super) const fn goal(&self) -> usize {
        match self.state {
            State::Known(len) => len,
            State::AskAt(ask_at) => ask_at,
            State::Fresh | State::Refused(_) => 1,
        }
    }

    /// Moves on to the frame that follows one of `len` bytes.
    #[inline]
    pub(super) fn pass(&mut self, len: usize) {
        self.state = State::Fresh;
        self.seen = 0;
        self.pass_fresh(len);
    }

    /// [`Boundary::pass`] for a frame of which [`Boundary::whole`] told the length.
    #[inline]
    pub(super) fn pass_fresh(&mut self, len: usize) {
        self.position = self.position.wrapping_add(len as u64);
        self.frames = self.frames.wrapping_sub(1);
        self.last = len;
    }

    /// How many frames can be passed by one who looks for whole ones alone in the next `bytes` bytes; 0 if the
    /// frame at the read position has begun.
    #[inline]
    pub(super) fn free_run(&self, bytes: usize) -> u64 {
        let granted = bytes as u64 <= self.granted.saturating_sub(self.position);
        match self.state {
            State::Fresh if granted => self.frames,
            _ => 0,
        }
    }

    /// Moves on by `bytes` bytes of whole frames, the last of which had `last`, and of which so many are left that
    /// [`Boundary::free_run`] told of.
    #[inline]
    pub(super) fn ran(&mut self, bytes: usize, last: usize, frames: u64) {
        self.position = self.position.wrapping_add(bytes as u64);
        self.frames = frames;
        self.last = last;
    }

    /// From now on the frame that was returned last cannot be rejected: its bytes are gone.
    #[inline]
    pub(super) fn keep_last(&mut self) {
        self.last = 0;
    }

    /// The length of the frame that was returned last and can be rejected now, if there is one.
    pub(super) fn take_last(&mut self) -> Option<usize> {
        let last = core::mem::take(&mut self.last);
        (last > 0).then_some(last)
    }

    pub(super) const fn budget(&self) -> Budget {
        Budget {
            frames: self.frames,
            bytes: self.granted.saturating_sub(self.position),
        }
    }

    pub(super) fn refill(&mut self, budget: Budget) {
        self.frames = budget.frames;
        self.frames_granted = budget.frames;
        self.granted = self.position.saturating_add(budget.bytes);
    }

    pub(super) fn reset(&mut self) {
        self.granted = self.granted.saturating_sub(self.position);
        self.state = State::Fresh;
        self.seen = 0;
        self.last = 0;
        self.position = 0;
        self.skipped = 0;
        self.broken = None;
        self.ended = false;
    }

    /// The error with which the stream was refused, if it was.
    #[cold]
    pub(super) fn refusal<T>(&self) -> Result<Option<T>, FrameError> {
        match self.state {
            State::Refused(error) => Err(error),
            _ => Ok(None),
        }
    }

    /// Refuses the stream, once and for all.
    #[cold]
    pub(super) fn refuse(&mut self, kind: FrameErrorKind) -> FrameError {
        let error = FrameError::new(self.position, kind);
        self.state = State::Refused(error);
        self.last = 0;
        error
    }
}

impl<F: Framing> Boundary<F> {
    pub(super) fn ends(&self) -> Ends {
        self.framing.ends()
    }

    #[cfg(feature = "std")]
    pub(super) fn resynchronises(&self) -> bool {
        !self.framing.magic().is_empty()
    }

    /// The length of the frame that `bytes` start with, if all of it is there and nothing is wrong: the short way
    /// of [`Boundary::look`] for a frame that was not looked at yet.
    #[inline]
    pub(super) fn whole(&self, bytes: &[u8], capacity: usize) -> Option<usize> {
        if self.frames == 0 || !matches!(self.state, State::Fresh) {
            return None;
        }
        let Glance::Whole(len) = self.glance(bytes, capacity) else {
            return None;
        };
        let end = self.position.checked_add(len as u64)?;
        (end <= self.granted).then_some(len)
    }

    /// The frame that `bytes` start with, in a [free run](Boundary::free_run).
    #[inline]
    pub(super) fn glance(&self, bytes: &[u8], capacity: usize) -> Glance {
        if bytes.is_empty() {
            return Glance::Unclear;
        }
        match self.framing.frame_len(bytes, 0) {
            Ok(FrameLen::Known(len)) if len > 0 && len <= capacity => {
                if len <= bytes.len() {
                    Glance::Whole(len)
                } else {
                    Glance::Part(len)
                }
            }
            _ => Glance::Unclear,
        }
    }

    /// Whether a frame of `len` bytes, of which the framing rule saw `seen`, may begin at the read position, where nothing
    /// was looked at yet. If so, it has begun.
    #[inline]
    pub(super) fn begin(&mut self, len: usize, seen: usize) -> bool {
        let may = self.frames > 0 && len as u64 <= self.granted.saturating_sub(self.position);
        if may {
            self.state = State::Known(len);
            self.seen = seen;
        }
        may
    }

    /// What `bytes` start with. Storage has room for `capacity` of them.
    ///
    /// If that is [`Look::Part`], [`Boundary::goal`] is more than the number of bytes afterwards. The framing rule is
    /// asked only when there is as much as it wanted, so bytes that dribble in cost nothing.
    ///
    /// # Errors
    /// What the framing rule refuses; once and for all.
    #[inline]
    pub(super) fn look(&mut self, bytes: &[u8], capacity: usize) -> Result<Look, FrameError> {
        match self.state {
            State::AskAt(goal) | State::Known(goal) if bytes.len() < goal => Ok(Look::Part),
            State::Known(len) => Ok(Look::Whole(len)),
            _ => self.look_closely(bytes, capacity),
        }
    }

    #[inline(never)]
    fn look_closely(&mut self, bytes: &[u8], capacity: usize) -> Result<Look, FrameError> {
        loop {
            let ask_at = match self.state {
                State::Refused(error) => return Err(error),
                State::Known(len) if len <= bytes.len() => return Ok(Look::Whole(len)),
                State::Known(_) => return Ok(Look::Part),
                State::AskAt(ask_at) => ask_at,
                State::Fresh => 1,
            };
            if bytes.len() < ask_at {
                return Ok(Look::Part);
            }
            match self.ask(bytes, capacity) {
                Ok(FrameLen::Known(len)) => {
                    self.grant(len)?;
                    self.state = State::Known(len);
                }
                Ok(FrameLen::Unknown { ask_at }) => self.state = State::AskAt(ask_at),
                Err(kind) => return self.broke(kind, bytes),
            }
            self.seen = bytes.len();
        }
    }

    /// What the framing rule says, within what storage can hold.
    fn ask(&self, bytes: &[u8], capacity: usize) -> Result<FrameLen, FrameErrorKind> {
        let too_long = |len: usize| FrameErrorKind::TooLong {
            claimed: len as i128,
            max: capacity,
        };
        // What storage cannot hold is not looked at, so that it doesn't matter in which pieces bytes come.
        let within = match self.framing.ends() {
            Ends::Read { .. } => bytes,
            Ends::Inside | Ends::Stream { .. } => bytes.get(..capacity).unwrap_or(bytes),
        };
        // Neither an empty frame nor a question asked twice: both would go on for ever.
        match self.framing.frame_len(within, self.seen)? {
            FrameLen::Known(len) if len > capacity => Err(too_long(len)),
            FrameLen::Known(len) => Ok(FrameLen::Known(len.max(1))),
            FrameLen::Unknown { .. } if bytes.len() >= capacity => {
                Err(too_long(capacity.saturating_add(1)))
            }
            FrameLen::Unknown { ask_at } => Ok(FrameLen::Unknown {
                // Storage that is full has no room for what the rule is waiting for.
                ask_at: ask_at.min(capacity).max(bytes.len().saturating_add(1)),
            }),
        }
    }

    /// Whether the peer may send a frame of `len` bytes.
    fn grant(&mut self, len: usize) -> Result<(), FrameError> {
        if self.frames == 0 {
            let max = self.frames_granted;
            return Err(self.refuse(FrameErrorKind::TooManyFrames { max }));
        }
        self.grant_bytes(len)
    }

    fn grant_bytes(&mut self, len: usize) -> Result<(), FrameError> {
        let left = self.budget().bytes;
        if len as u64 > left {
            let claimed = len;
            return Err(self.refuse(FrameErrorKind::TooManyBytes { claimed, left }));
        }
        Ok(())
    }

    /// The frame that starts with `bytes` is broken: passes over it, up to where the next one may begin, or refuses the
    /// stream.
    #[cold]
    fn broke(&mut self, kind: FrameErrorKind, bytes: &[u8]) -> Result<Look, FrameError> {
        let magic = self.framing.magic();
        if magic.is_empty() {
            return Err(self.refuse(kind));
        }
        let error = FrameError::new(self.position, kind);
        let count = next_magic(magic, bytes);
        self.grant_bytes(count)?;
        self.broken = Some(error);
        self.position = self.position.saturating_add(count as u64);
        self.skipped = self.skipped.saturating_add(count as u64);
        self.state = State::Fresh;
        self.seen = 0;
        Ok(Look::Skip(count))
    }

    /// The frame of `len` bytes that was returned last is broken; `bytes` start with it.
    pub(super) fn reject(&mut self, len: usize, bytes: &[u8]) -> Result<Look, FrameError> {
        self.position = self.position.saturating_sub(len as u64);
        self.broke(FrameErrorKind::Rejected, bytes)
    }

    /// There are only these bytes of the frame, and no more will come.
    pub(super) fn end(&mut self, bytes: &[u8]) -> Result<Look, FrameError> {
        if let State::Refused(error) = self.state {
            return Err(error);
        }
        let received = bytes.len();
        let needed = match self.framing.ends() {
            Ends::Stream { min_len } if received >= min_len => {
                if self.ended {
                    return Ok(Look::Part);
                }
                self.grant(received)?;
                self.ended = true;
                return Ok(Look::Whole(received));
            }
            Ends::Stream { min_len } => min_len,
            Ends::Inside | Ends::Read { .. } if received == 0 => return Ok(Look::Part),
            Ends::Inside | Ends::Read { .. } => self.goal(),
        };
        if self.ended {
            return Ok(Look::Part);
        }
        self.broke(FrameErrorKind::CutOff { received, needed }, bytes)
    }
}
