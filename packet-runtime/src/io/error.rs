//! Why a packet was not read or written.

use crate::error::{DecodeError, EncodeError};
use crate::stream::FrameError;
use core::fmt;
use std::io;

/// Why no packet was read.
#[derive(Debug)]
#[non_exhaustive]
pub enum ReadError {
    /// The stream cannot be read. No byte is lost: after an error that passes, such as a read that would block, reading
    /// goes on where it was.
    Io(io::Error),
    /// The stream cannot be cut into frames, or ended inside one. It cannot be read any further.
    Frame(FrameError),
    /// The frame is no valid packet. The next one read is the one behind it, or, if the framing has a
    /// [magic](crate::stream::Resync), whatever begins inside of it.
    Decode {
        /// Bytes from the stream's start to the frame.
        position: u64,
        /// What is wrong with it.
        error: DecodeError,
    },
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => write!(f, "the stream cannot be read: {error}"),
            Self::Frame(error) => error.fmt(f),
            Self::Decode { position, error } => {
                write!(f, "frame at byte {position} of the stream: {error}")
            }
        }
    }
}

impl core::error::Error for ReadError {}

impl From<io::Error> for ReadError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<FrameError> for ReadError {
    fn from(error: FrameError) -> Self {
        Self::Frame(error)
    }
}

/// Why a packet was not written.
#[derive(Debug)]
#[non_exhaustive]
pub enum WriteError {
    /// The stream cannot be written. What was not written waits for the next attempt.
    Io(io::Error),
    /// The packet cannot be encoded. Nothing of it is written.
    Encode(EncodeError),
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => write!(f, "the stream cannot be written: {error}"),
            Self::Encode(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for WriteError {}

impl From<io::Error> for WriteError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<EncodeError> for WriteError {
    fn from(error: EncodeError) -> Self {
        Self::Encode(error)
    }
}
