//! Who plays: what the parts of the server call a session and a player by.

use std::sync::Arc;

/// Number of a session, never used twice by a running server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionId(pub u64);

/// Who is logged in.
#[derive(Clone, Debug)]
pub struct Player {
    /// Number of the account.
    pub id: u32,
    /// Name of the account, 1 to 32 bytes. No two accounts have the same.
    pub name: Arc<str>,
    /// What the player may do that not everybody may.
    pub rights: Rights,
}

/// What a player may do that not everybody may. By default that is nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rights {
    /// Whether it may speak to everybody at once.
    pub broadcast: bool,
}
