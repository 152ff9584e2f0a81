//! What generated sessions share: the two sides, and why a packet does not belong.
//!
//! The states, and what leads from one to another, are generated from a schema.

use core::fmt;

/// One of the two sides of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// The side that connects.
    Client,
    /// The side that listens.
    Server,
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Client => "client",
            Self::Server => "server",
        })
    }
}

/// A packet that may not be sent by this side in this state.
///
/// ```
/// use packet_runtime::session::{Reason, Refused, Side};
///
/// let refused = Refused { state: "connected", side: Side::Client, packet: "Move", reason: Reason::State };
/// assert_eq!(refused.to_string(), "`Move` is not sent in the state `connected`");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused<State> {
    /// The state, which stays.
    pub state: State,
    /// The side that sent it.
    pub side: Side,
    /// The packet's name in the schema; of one that the protocol does not define `Unknown`.
    pub packet: &'static str,
    /// What is wrong with it.
    pub reason: Reason,
}

/// What is wrong with a packet in a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// The other side sends it.
    Side,
    /// It is not sent in this state.
    State,
    /// The protocol does not define it.
    Unknown,
}

impl<State: fmt::Display> fmt::Display for Refused<State> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            state,
            side,
            packet,
            reason,
        } = self;
        match reason {
            Reason::Side => write!(f, "the {side} does not send `{packet}`"),
            Reason::State => write!(f, "`{packet}` is not sent in the state `{state}`"),
            Reason::Unknown => f.write_str("the protocol does not define this packet"),
        }
    }
}

impl<State: fmt::Debug + fmt::Display> core::error::Error for Refused<State> {}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::ToString;

    #[test]
    fn a_refusal_says_what_is_wrong() {
        let check = |reason, expected: &str| {
            let refused = Refused {
                state: "idle",
                side: Side::Server,
                packet: "Login",
                reason,
            };
            assert_eq!(refused.to_string(), expected);
        };
        check(Reason::Side, "the server does not send `Login`");
        check(Reason::State, "`Login` is not sent in the state `idle`");
        check(Reason::Unknown, "the protocol does not define this packet");
    }
}
