//! Tokens: secrets that prove a login without the password.
//!
//! In: tokens as clients show them, devices, times. Out: whose they are, as rows of the database. This module knows
//! neither passwords nor names.
//!
//! A token is 32 random bytes. The database has its SHA-256 only, so who reads it can log in as nobody; a slow hash is
//! not needed, as nobody guesses 256 random bits. A token is found by that hash in an index. How long this takes may
//! depend on how much of the hash agrees, which tells nothing: nobody can make tokens whose hash begins as they like.
//!
//! A player has one token for each device, on a bounded number of devices. With each use a new one takes its place in
//! the same transaction. An expired token is remembered for one more lifetime, so that its owner is told why it is
//! refused, and then forgotten.

use super::accounts;
use super::error::Trouble;
use crate::server::player::Player;
use rusqlite::{Connection, OptionalExtension};
use sha2::{Digest as _, Sha256};
use std::num::NonZeroU16;
use tracing::error;

/// A secret that proves a login.
pub type Token = [u8; 32];

/// Drawn once by each installation of a client.
pub type Device = [u8; 16];

/// What the database has of a token.
pub(super) type Digest = [u8; 32];

/// Expired tokens that are forgotten at a time.
const PURGE_BATCH: usize = 256;

/// How long tokens are good, and on how many devices of a player.
#[derive(Clone, Copy, Debug)]
pub(super) struct Terms {
    /// In seconds.
    pub(super) lifetime: u32,
    pub(super) max_devices: NonZeroU16,
}

/// Whom a token belongs to.
#[derive(Debug)]
pub(super) struct Holder {
    pub(super) player: Player,
    /// What the player's name is compared by.
    pub(super) fold: String,
    pub(super) device: Device,
    /// In seconds since 1970.
    pub(super) expires_at: i64,
}

/// Whether there may be more tokens to be forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purged {
    All,
    Some,
}

/// Draws a token.
pub(super) fn draw() -> Result<Token, Trouble> {
    let mut token = Token::default();
    getrandom::fill(&mut token).map_err(|error| {
        error!(%error, "cannot draw a token");
        Trouble::Unavailable
    })?;
    Ok(token)
}

pub(super) fn digest(token: &Token) -> Digest {
    Sha256::digest(token).into()
}

/// Whose token this is, good or expired.
pub(super) fn find(db: &Connection, hash: &Digest) -> rusqlite::Result<Option<Holder>> {
    db.prepare_cached(
        "SELECT players.id, name, may_broadcast, name_fold, device, expires_at
         FROM tokens JOIN players ON players.id = tokens.player WHERE hash = ?1",
    )?
    .query_row([hash], |row| {
        Ok(Holder {
            player: accounts::player(row)?,
            fold: row.get(3)?,
            device: row.get(4)?,
            expires_at: row.get(5)?,
        })
    })
    .optional()
}

/// Gives a device of a player a token, in place of the one it had. If these are too many devices, the one that did not
/// log in for longest loses its own.
pub(super) fn issue(
    db: &Connection,
    now: i64,
    player: u32,
    device: &Device,
    hash: &Digest,
    terms: Terms,
) -> rusqlite::Result<()> {
    let (expires_at, forget_at) = terms.ends(now);
    let replaced = db
        .prepare_cached(
            "UPDATE tokens SET hash = ?3, expires_at = ?4, forget_at = ?5 WHERE player = ?1 AND device = ?2",
        )?
        .execute((player, device, hash, expires_at, forget_at))?;
    if replaced > 0 {
        return Ok(());
    }
    db.prepare_cached(
        "INSERT INTO tokens (player, device, hash, expires_at, forget_at) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute((player, device, hash, expires_at, forget_at))?;
    db.prepare_cached(
        "DELETE FROM tokens WHERE hash IN (
             SELECT hash FROM tokens WHERE player = ?1 AND device <> ?2
             ORDER BY expires_at DESC LIMIT -1 OFFSET ?3)",
    )?
    .execute((player, device, terms.max_devices.get() - 1))
    .map(drop)
}

/// Makes a token worth nothing.
pub(super) fn revoke(db: &Connection, hash: &Digest) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM tokens WHERE hash = ?1")?
        .execute([hash])
        .map(drop)
}

/// Forgets tokens that expired long ago, a bounded number.
pub(super) fn purge(db: &Connection, now: i64) -> rusqlite::Result<Purged> {
    let forgotten = db
        .prepare_cached(
            "DELETE FROM tokens WHERE hash IN (
                 SELECT hash FROM tokens WHERE forget_at <= ?1 ORDER BY forget_at LIMIT ?2)",
        )?
        .execute((now, i64::try_from(PURGE_BATCH).unwrap_or(i64::MAX)))?;
    Ok(if forgotten < PURGE_BATCH {
        Purged::All
    } else {
        Purged::Some
    })
}

impl Terms {
    /// When a token of now expires, and when it is forgotten.
    fn ends(self, now: i64) -> (i64, i64) {
        let lifetime = i64::from(self.lifetime);
        let expires_at = now.saturating_add(lifetime);
        (expires_at, expires_at.saturating_add(lifetime))
    }
}
