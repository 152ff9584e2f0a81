//! Why sessions end: for metrics, for the client, and for the log.

use super::policy::Reject;
use super::session::Expiry;
use crate::game::KickReason;
use std::io;
use std::net::SocketAddr;
use tracing::{info, warn};

/// Why a session is over.
#[derive(Debug)]
pub(super) enum Ending {
    /// The client closed it between two packets.
    Closed,
    /// The client closed it inside a packet.
    CutOff { buffered: usize },
    /// The network failed.
    Lost(io::Error),
    /// A packet, or one packet too many, was not to be forgiven.
    Rejected { reject: Reject, reason: KickReason },
    /// The client let the server wait.
    Expired(Expiry),
    /// The client takes nothing of what is sent.
    Stalled,
    /// Somebody else ended it.
    Kicked(KickReason),
    /// A packet that was sent ended it: a refusal, or the answer to a logout.
    Left,
    /// The server does not wait any longer.
    Aborted,
}

impl Ending {
    /// A stable name for metrics.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::CutOff { .. } => "cut_off",
            Self::Lost(_) => "lost",
            Self::Rejected { reject, .. } => reject.name(),
            Self::Expired(expiry) => expiry.name(),
            Self::Stalled => "slow",
            Self::Kicked(reason) => reason.name().unwrap_or("kicked"),
            Self::Left => "left",
            Self::Aborted => "aborted",
        }
    }

    /// What the client is told, if it can be told something.
    pub(super) fn reason(&self) -> Option<KickReason> {
        match self {
            Self::Rejected { reason, .. } | Self::Kicked(reason) => Some(*reason),
            Self::Expired(_) => Some(KickReason::IDLE),
            Self::Stalled => Some(KickReason::SLOW),
            _ => None,
        }
    }

    /// One line for each session that is over. Nothing in it was written by the client, save for numbers.
    pub(super) fn log(&self, session: u64, peer: SocketAddr) {
        match self {
            Self::Closed => info!(session, %peer, "closed by the client"),
            Self::CutOff { buffered } => {
                warn!(session, %peer, buffered, "closed by the client inside a packet");
            }
            Self::Lost(error) => info!(session, %peer, %error, "connection lost"),
            Self::Rejected { reject, .. } => warn!(session, %peer, "rejected: {reject}"),
            Self::Expired(expiry) => info!(session, %peer, "timed out: {expiry}"),
            Self::Stalled => warn!(session, %peer, "the client reads too slowly"),
            Self::Kicked(reason) => {
                let reason = reason.name().unwrap_or("unknown");
                info!(session, %peer, reason, "closed by the server");
            }
            Self::Left => info!(session, %peer, "left"),
            Self::Aborted => info!(session, %peer, "aborted"),
        }
    }
}
