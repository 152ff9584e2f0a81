//! What a client hears.

use super::ClientError;
use crate::game::Packet;
use std::time::Duration;

/// What happened, in the order in which it did.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Event {
    /// The server sent a packet that answers no [request](super::Client::request) and is no matter of the client's own, such as a
    /// heartbeat.
    Packet(Packet),
    /// The connection was lost and will be made again. Requests that were written and have no answer have failed.
    Disconnected {
        /// Why.
        error: ClientError,
        /// The pause before the next attempt. There is an event for each that fails.
        retry_in: Duration,
    },
    /// The connection was made again. What waited to be written goes out now.
    Reconnected {
        /// The session goes on; otherwise it is a new one. Rooms have to be joined again in any case.
        resumed: bool,
        /// The player's entity is still in the world.
        in_world: bool,
    },
    /// A packet that waited to be written is not allowed in the session as it is after the connection was made again, and was
    /// thrown away.
    NotSent {
        /// Its name.
        packet: &'static str,
    },
    /// Events that were not received in time were thrown away, the oldest first.
    Missed {
        /// How many.
        count: u64,
    },
}
