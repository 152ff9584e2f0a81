//! Rows of players: who has which name, password and rights.
//!
//! In: a connection and names that were checked. Out: rows. This module knows neither how passwords are hashed nor when
//! a transaction ends.

use super::error::{Fault, RegisterError};
use crate::server::names::Name;
use crate::server::player::{Player, Rights};
use rusqlite::{Connection, OptionalExtension, Row};

/// What a login by password needs to know.
#[derive(Debug)]
pub(super) struct Account {
    pub(super) player: Player,
    /// The hash of the password as a PHC string.
    pub(super) password: String,
}

/// Makes an account and says its number.
pub(super) fn create(
    db: &Connection,
    now: i64,
    name: &Name,
    password: &str,
) -> Result<u32, Fault<RegisterError>> {
    let id = db
        .prepare_cached(
            "INSERT INTO players (name, name_fold, password, created_at) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (name_fold) DO NOTHING RETURNING id",
        )?
        .query_row((name.text(), name.fold(), password, now), |row| row.get(0))
        .optional()?;
    id.ok_or(Fault::Refused(RegisterError::NameTaken))
}

/// The account whose name has this fold.
pub(super) fn find(db: &Connection, fold: &str) -> rusqlite::Result<Option<Account>> {
    db.prepare_cached("SELECT id, name, may_broadcast, password FROM players WHERE name_fold = ?1")?
        .query_row([fold], |row| {
            Ok(Account {
                player: player(row)?,
                password: row.get(3)?,
            })
        })
        .optional()
}

/// Puts a new hash of the same password in place of `old`, unless the password was changed meanwhile.
pub(super) fn replace_password(
    db: &Connection,
    player: u32,
    old: &str,
    new: &str,
) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE players SET password = ?3 WHERE id = ?1 AND password = ?2")?
        .execute((player, old, new))
        .map(drop)
}

/// Gives or takes the right to broadcast, and says whether there is such a player.
pub(super) fn set_broadcast(db: &Connection, fold: &str, may: bool) -> rusqlite::Result<bool> {
    let changed = db
        .prepare_cached("UPDATE players SET may_broadcast = ?2 WHERE name_fold = ?1")?
        .execute((fold, may))?;
    Ok(changed > 0)
}

/// The player in a row that begins with number, name and rights.
pub(super) fn player(row: &Row<'_>) -> rusqlite::Result<Player> {
    Ok(Player {
        id: row.get(0)?,
        name: row.get::<_, String>(1)?.into(),
        rights: Rights {
            broadcast: row.get(2)?,
        },
    })
}
