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
        }
    }
}

/// A stream cannot be cut into frames any further: where and why.
///
/// There is no way to find the next frame behind one whose length is wrong, so the connection is to be
/// closed.
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
