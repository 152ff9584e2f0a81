//! Where the frame at the read position ends, as far as that is known.
//!
//! Knows the framing rule, the position on the stream and whether the stream was refused, but not where
//! bytes are stored: any storage can be built on it.

use super::error::FrameError;
use super::framing::{FrameLen, Framing};

/// Before anything is known: ask once a byte is there.
const FRESH: FrameLen = FrameLen::Unknown { ask_at: 1 };

#[derive(Clone, Debug)]
pub(super) struct Boundary<F> {
    framing: F,
    frame_len: FrameLen,
    /// How many bytes of the frame the framing rule has looked at.
    seen: usize,
    /// Bytes from the stream's start to the frame.
    position: u64,
    refused: Option<FrameError>,
}

impl<F> Boundary<F> {
    pub(super) const fn new(framing: F) -> Self {
        Self {
            framing,
            frame_len: FRESH,
            seen: 0,
            position: 0,
            refused: None,
        }
    }

    pub(super) const fn position(&self) -> u64 {
        self.position
    }

    pub(super) const fn is_refused(&self) -> bool {
        self.refused.is_some()
    }

    /// What is known about the frame's length.
    pub(super) const fn frame_len(&self) -> FrameLen {
        self.frame_len
    }

    /// How many bytes of the frame are worth waiting for: all of it, or what is needed to learn more.
    pub(super) const fn goal(&self) -> usize {
        match self.frame_len {
            FrameLen::Known(len) => len,
            FrameLen::Unknown { ask_at } => ask_at,
        }
    }

    /// Moves on to the frame that follows one of `len` bytes.
    pub(super) fn pass(&mut self, len: usize) {
        self.position = self.position.saturating_add(len as u64);
        self.frame_len = FRESH;
        self.seen = 0;
    }

    pub(super) fn reset(&mut self) {
        self.frame_len = FRESH;
        self.seen = 0;
        self.position = 0;
        self.refused = None;
    }
}

impl<F: Framing> Boundary<F> {
    /// The length of the frame that `bytes` start with, if all of it is there.
    ///
    /// If it is not, [`Boundary::goal`] is more than the number of bytes afterwards. The framing rule is
    /// asked only when there is as much as it wanted, so bytes that dribble in cost nothing.
    ///
    /// # Errors
    /// What the framing rule refuses; once and for all.
    #[inline]
    pub(super) fn look(&mut self, bytes: &[u8]) -> Result<Option<usize>, FrameError> {
        if let Some(error) = self.refused {
            return Err(error);
        }
        while let FrameLen::Unknown { ask_at } = self.frame_len {
            if bytes.len() < ask_at {
                return Ok(None);
            }
            match self.framing.frame_len(bytes, self.seen) {
                // Neither an empty frame nor a question asked twice: both would go on for ever.
                Ok(FrameLen::Known(len)) => self.frame_len = FrameLen::Known(len.max(1)),
                Ok(FrameLen::Unknown { ask_at }) => {
                    let ask_at = ask_at.max(bytes.len().saturating_add(1));
                    self.frame_len = FrameLen::Unknown { ask_at };
                }
                Err(kind) => {
                    let error = FrameError::new(self.position, kind);
                    self.refused = Some(error);
                    return Err(error);
                }
            }
            self.seen = bytes.len();
        }
        let len = self.goal();
        Ok((len <= bytes.len()).then_some(len))
    }
}
