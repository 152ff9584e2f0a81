//! Why a stream cannot be cut into frames.

use core::fmt;

/// What is wrong with a frame's length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FrameErrorKind {
    /// The frame claims to be shorter than its own header.
    TooShort {
        /// Length of the whole frame in bytes, by its size field.
        claimed: i128,
        /// Fewest bytes that a frame has.
        min: usize,
    },
    /// The frame is longer than the limit.
    TooLong {
        /// Length of the whole frame in bytes, by its size field.
        claimed: i128,
        /// Most bytes that a frame may have.
        max: usize,
    },
    /// The size is a varint that does not end where it must.
    InvalidSize {
        /// Most bytes that the size may have.
        max_width: usize,
    },
    /// The frame is shorter than any packet with its id.
    TooShortForId {
        /// The id in its header.
        id: u64,
        /// Length of the whole frame in bytes, by its size field.
        claimed: i128,
        /// Fewest bytes of a packet with this id.
        min: usize,
    },
    /// The frame is longer than any packet with its id.
    TooLongForId {
        /// The id in its header.
        id: u64,
        /// Length of the whole frame in bytes, by its size field.
        claimed: i128,
        /// Most bytes of a packet with this id.
        max: usize,
    },
    /// The frame does not begin with the bytes that all frames begin with.
    NoMagic,
    /// Whoever decoded the frame found it broken.
    Rejected,
    /// The stream ended inside the frame.
    CutOff {
        /// How many bytes of it there were.
        received: usize,
        /// How many it has, or as many as there must be to tell.
        needed: usize,
    },
    /// The peer sent as many frames as it was granted.
    TooManyFrames {
        /// How many that were.
        max: u64,
    },
    /// The frame is longer than what is left of the bytes that the peer was granted.
    TooManyBytes {
        /// Bytes of the frame, or of what was to be skipped.
        claimed: usize,
        /// Bytes that are left.
        left: u64,
    },
    /// Bytes of the frame were lost: a chunk was dropped before its frames were taken, and storage of fixed
    /// capacity could not hold what was left.
    Lost {
        /// How many bytes there was no room for.
        bytes: usize,
    },
}

impl FrameErrorKind {
    /// The kind's stable name in JSON and in metrics.
    ///
    /// ```
    /// use packet_runtime::FrameErrorKind;
    ///
    /// let kind = FrameErrorKind::TooLong { claimed: 70_000, max: 65_536 };
    /// assert_eq!(kind.name(), "too_long");
    /// ```
    pub const fn name(&self) -> &'static str {
        match self {
            Self::TooShort { .. } => "too_short",
            Self::TooLong { .. } => "too_long",
            Self::InvalidSize { .. } => "invalid_size",
            Self::TooShortForId { .. } => "too_short_for_id",
            Self::TooLongForId { .. } => "too_long_for_id",
            Self::NoMagic => "no_magic",
            Self::Rejected => "rejected",
            Self::CutOff { .. } => "cut_off",
            Self::TooManyFrames { .. } => "too_many_frames",
            Self::TooManyBytes { .. } => "too_many_bytes",
            Self::Lost { .. } => "lost",
        }
    }
}

impl fmt::Display for FrameErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::TooShort { claimed, min } => {
                write!(f, "claims {claimed} bytes, the minimum is {min}")
            }
            Self::TooLong { claimed, max } => {
                write!(f, "claims {claimed} bytes, the maximum is {max}")
            }
            Self::InvalidSize { max_width } => {
                write!(f, "has a size of more than {max_width} bytes")
            }
            Self::TooShortForId { id, claimed, min } => {
                write!(
                    f,
                    "has id {id} and claims {claimed} bytes, the minimum for it is {min}"
                )
            }
            Self::TooLongForId { id, claimed, max } => {
                write!(
                    f,
                    "has id {id} and claims {claimed} bytes, the maximum for it is {max}"
                )
            }
            Self::NoMagic => f.write_str("does not begin as frames do"),
            Self::Rejected => f.write_str("was rejected"),
            Self::CutOff { received, needed } => {
                let missing = needed.saturating_sub(received);
                write!(
                    f,
                    "is cut off after {received} bytes, at least {missing} are missing"
                )
            }
            Self::TooManyFrames { max } => {
                write!(f, "is one more than the {max} that were granted")
            }
            Self::TooManyBytes { claimed, left } => {
                write!(
                    f,
                    "needs {claimed} bytes, {left} are left of those that were granted"
                )
            }
            Self::Lost { bytes } => {
                write!(
                    f,
                    "lost {bytes} bytes, for which there was no room when a chunk was dropped"
                )
            }
        }
    }
}

/// A stream cannot be cut into frames any further: where and why.
///
/// Without a magic there is no way to find the next frame behind one whose length is wrong, so the connection is
/// to be closed. With one, this is also why bytes were skipped.
///
/// ```
/// use packet_runtime::{FrameError, FrameErrorKind};
///
/// let error = FrameError::new(120, FrameErrorKind::TooLong { claimed: 70_000, max: 65_536 });
/// assert_eq!(
///     error.to_string(),
///     "frame at byte 120 of the stream claims 70000 bytes, the maximum is 65536",
/// );
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FrameError {
    position: u64,
    kind: FrameErrorKind,
}

impl FrameError {
    /// An error in the frame that starts `position` bytes after the stream's start.
    #[cold]
    pub const fn new(position: u64, kind: FrameErrorKind) -> Self {
        Self { position, kind }
    }

    /// Bytes from the stream's start to the frame.
    pub const fn position(&self) -> u64 {
        self.position
    }

    /// What is wrong.
    pub const fn kind(&self) -> FrameErrorKind {
        self.kind
    }
}

impl fmt::Display for FrameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "frame at byte {} of the stream {}",
            self.position, self.kind
        )
    }
}

impl core::error::Error for FrameError {}
