//! What the server does about packets that it does not obey: one table.
//!
//! In: a [`Reject`]. Out: the code of the `Error` that answers it, and what becomes of the session.
//!
//! | What is wrong | `Error` | The session |
//! |---|---|---|
//! | the stream cannot be cut into packets | `malformed` | is closed, `protocol_violation` |
//! | a frame is longer than the protocol or, before the login, the server allows | `too_large` | is closed, `protocol_violation` |
//! | a packet does not decode | `malformed` | is closed, `protocol_violation` |
//! | no packet has the id | `unknown_packet` | is closed, `protocol_violation` |
//! | only a server sends it, or it comes before the greeting | `not_allowed_now` | is closed, `protocol_violation` |
//! | the session's state does not allow it | `not_allowed_now` | gets a strike, then `protocol_violation` |
//! | too many of its group came | `rate_limited` | gets a strike, then `flooding` |
//!
//! Who was wrong about the bytes cannot be trusted to find the next packet, so there is no way on. Who was wrong about
//! the moment may have crossed with a packet of ours, and goes on as long as that stays rare.

use crate::game::{CLOSE_ON_UNKNOWN_ID, ErrorCode, KickReason, State};
use packet_runtime::{DecodeError, FrameError, FrameErrorKind};
use std::fmt;

/// Why a packet is not obeyed. Its text is safe to log and to send: it holds names from the schema and numbers, and
/// nothing that a peer wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reject {
    /// The stream cannot be cut into packets any further.
    Frame(FrameError),
    /// A packet does not decode.
    Decode(DecodeError),
    /// The protocol has no such packet.
    UnknownId,
    /// Only a server sends this packet.
    WrongSide {
        /// Its name.
        packet: &'static str,
    },
    /// The session's state does not allow it.
    WrongState {
        /// Its name.
        packet: &'static str,
        /// The session's state.
        state: State,
    },
    /// Too many packets of its group came in too short a time.
    TooMany {
        /// Its name.
        packet: &'static str,
    },
}

/// What becomes of a session that sent what is not obeyed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consequence {
    /// Nothing: the packet is passed over.
    GoesOn,
    /// It goes on, unless it has had too many of these lately: then it is closed for this reason.
    Strike(KickReason),
    /// It is closed for this reason.
    Close(KickReason),
}

impl Reject {
    /// The table above.
    pub fn verdict(&self) -> (ErrorCode, Consequence) {
        let close = Consequence::Close(KickReason::PROTOCOL_VIOLATION);
        match self {
            Self::Frame(error) => match error.kind() {
                FrameErrorKind::TooLong { .. }
                | FrameErrorKind::TooLongForId { .. }
                | FrameErrorKind::TooManyBytes { .. } => (ErrorCode::TOO_LARGE, close),
                _ => (ErrorCode::MALFORMED, close),
            },
            Self::Decode(_) => (ErrorCode::MALFORMED, close),
            Self::UnknownId if CLOSE_ON_UNKNOWN_ID => (ErrorCode::UNKNOWN_PACKET, close),
            Self::UnknownId => (ErrorCode::UNKNOWN_PACKET, Consequence::GoesOn),
            Self::WrongSide { .. }
            | Self::WrongState {
                state: State::Connected,
                ..
            } => (ErrorCode::NOT_ALLOWED_NOW, close),
            Self::WrongState { .. } => (
                ErrorCode::NOT_ALLOWED_NOW,
                Consequence::Strike(KickReason::PROTOCOL_VIOLATION),
            ),
            Self::TooMany { .. } => (
                ErrorCode::RATE_LIMITED,
                Consequence::Strike(KickReason::FLOODING),
            ),
        }
    }

    /// A stable name for metrics.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Frame(error) => error.kind().name(),
            Self::Decode(_) => "malformed",
            Self::UnknownId => "unknown_id",
            Self::WrongSide { .. } => "wrong_side",
            Self::WrongState { .. } => "wrong_state",
            Self::TooMany { .. } => "rate_limited",
        }
    }
}

impl fmt::Display for Reject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Frame(error) => error.fmt(f),
            Self::Decode(error) => error.fmt(f),
            Self::UnknownId => f.write_str("the protocol has no packet with this id"),
            Self::WrongSide { packet } => write!(f, "the client does not send `{packet}`"),
            Self::WrongState { packet, state } => {
                write!(f, "`{packet}` is not sent in the state `{state}`")
            }
            Self::TooMany { packet } => {
                write!(f, "too many packets like `{packet}` in a short time")
            }
        }
    }
}

impl std::error::Error for Reject {}

impl From<FrameError> for Reject {
    fn from(error: FrameError) -> Self {
        Self::Frame(error)
    }
}

impl From<DecodeError> for Reject {
    fn from(error: DecodeError) -> Self {
        Self::Decode(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(reject: Reject, code: ErrorCode, consequence: Consequence) {
        assert_eq!(reject.verdict(), (code, consequence), "{reject}");
    }

    fn frame(kind: FrameErrorKind) -> Reject {
        Reject::Frame(FrameError::new(7, kind))
    }

    const CLOSE: Consequence = Consequence::Close(KickReason::PROTOCOL_VIOLATION);

    #[test]
    fn what_is_wrong_about_bytes_closes_the_session() {
        let short = FrameErrorKind::TooShort { claimed: 0, min: 4 };
        check(frame(short), ErrorCode::MALFORMED, CLOSE);
        let long = FrameErrorKind::TooLong {
            claimed: 70_000,
            max: 65_535,
        };
        check(frame(long), ErrorCode::TOO_LARGE, CLOSE);
        let granted = FrameErrorKind::TooManyBytes {
            claimed: 600,
            left: 512,
        };
        check(frame(granted), ErrorCode::TOO_LARGE, CLOSE);
        check(Reject::UnknownId, ErrorCode::UNKNOWN_PACKET, CLOSE);
    }

    #[test]
    fn what_comes_at_the_wrong_moment_is_a_strike_once_greeted() {
        let packet = "Move";
        let strike = Consequence::Strike(KickReason::PROTOCOL_VIOLATION);
        let wrong = |state| Reject::WrongState { packet, state };
        let code = ErrorCode::NOT_ALLOWED_NOW;
        check(wrong(State::Greeted), code, strike);
        check(wrong(State::Connected), code, CLOSE);
        check(Reject::WrongSide { packet }, code, CLOSE);
        let strike = Consequence::Strike(KickReason::FLOODING);
        check(Reject::TooMany { packet }, ErrorCode::RATE_LIMITED, strike);
    }
}
