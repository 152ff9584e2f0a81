//! Why a client cannot go on.

use crate::game::LoginResult;
use packet_runtime::{DecodeError, EncodeError, FrameError};
use std::fmt;
use std::io;

/// Why a client cannot go on.
#[derive(Debug)]
#[non_exhaustive]
pub enum ClientError {
    /// The network failed.
    Io(io::Error),
    /// Nothing happened for too long.
    Timeout {
        /// What the client waited for.
        waiting_for: &'static str,
    },
    /// The server closed the connection between two packets.
    Closed,
    /// The server closed the connection inside a packet.
    CutOff {
        /// Bytes of the packet that had arrived.
        buffered: usize,
    },
    /// What the server sends cannot be cut into packets.
    Frame(FrameError),
    /// The server sent a packet that does not decode.
    Decode(DecodeError),
    /// The server sent a packet that the protocol does not have.
    UnknownId(u16),
    /// A packet to be sent cannot be encoded. Nothing was sent, and the client can go on.
    Encode(EncodeError),
    /// The server sent another packet than the one that has to come now.
    Unexpected {
        /// Name of the packet that has to come.
        expected: &'static str,
        /// Name of the packet that came.
        found: &'static str,
    },
    /// The server refused the login. The client can try again.
    LoginRefused {
        /// Why, for programs.
        result: LoginResult,
        /// Why, for people.
        message: String,
    },
}

impl fmt::Display for ClientError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => error.fmt(f),
            Self::Timeout { waiting_for } => write!(f, "timed out waiting for {waiting_for}"),
            Self::Closed => f.write_str("the server closed the connection"),
            Self::CutOff { buffered } => write!(
                f,
                "the server closed the connection after {buffered} bytes of a packet"
            ),
            Self::Frame(error) => error.fmt(f),
            Self::Decode(error) => error.fmt(f),
            Self::UnknownId(id) => write!(f, "the server sent a packet with the unknown id {id}"),
            Self::Encode(error) => error.fmt(f),
            Self::Unexpected { expected, found } => {
                write!(f, "expected {expected}, the server sent {found}")
            }
            Self::LoginRefused { result, message } => {
                // The server's text is quoted, so that it cannot steer a terminal.
                match result.name() {
                    Some(name) => write!(f, "the login was refused: {name} ({message:?})"),
                    None => write!(f, "the login was refused: {} ({message:?})", result.0),
                }
            }
        }
    }
}

impl std::error::Error for ClientError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        // Errors that are shown as they are have no further source.
        match self {
            Self::Io(error) => error.source(),
            _ => None,
        }
    }
}

impl From<io::Error> for ClientError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<FrameError> for ClientError {
    fn from(error: FrameError) -> Self {
        Self::Frame(error)
    }
}

impl From<DecodeError> for ClientError {
    fn from(error: DecodeError) -> Self {
        Self::Decode(error)
    }
}

impl From<EncodeError> for ClientError {
    fn from(error: EncodeError) -> Self {
        Self::Encode(error)
    }
}
