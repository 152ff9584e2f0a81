//! Guilds: founding, inviting, joining, leaving, and wars.
//!
//! In: a connection, and numbers of players and guilds. Out: changed rows, or which rule forbids that. This module knows
//! neither who is online nor when a transaction ends.
//!
//! - A player is in one guild at most. Who founds a guild leads it; only who leads it invites and wages war.
//! - When the leader leaves, who has been a member for longest leads. A guild ends with its last member, and so do its
//!   invitations and its wars.
//! - An invitation is good until it is used. A guild has [`MAX_INVITATIONS`]; a further one takes the oldest one's place.
//! - Between two guilds there is one war, whoever declared it, and only the side that did can end it. A guild is in
//!   [`MAX_WARS`] wars, those that others declared included.

use super::error::Fault::Refused;
use super::error::{Fault, GuildError};
use crate::server::names::Name;
use rusqlite::{Connection, OptionalExtension};

/// Wars that a guild is in at most, as in the protocol.
pub const MAX_WARS: u16 = 8;

/// Guilds in a page at most, as in the protocol.
pub const MAX_PAGE: u16 = 500;

/// Invitations of a guild at most that nobody has used yet.
pub const MAX_INVITATIONS: u16 = 100;

/// What everybody may know of a guild.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guild {
    /// Its number, which no other guild ever gets.
    pub id: u32,
    /// Its name.
    pub name: String,
    /// Short form of the name.
    pub tag: String,
    /// How many members it has.
    pub members: u16,
    /// The guilds that it is at war with, in the order of their numbers.
    pub at_war_with: Vec<u32>,
}

/// A part of the list of all guilds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuildPage {
    /// In the order of their numbers.
    pub guilds: Vec<Guild>,
    /// Whether there are guilds behind the last one.
    pub more: bool,
}

/// A guild that a player was invited into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// Number of the guild.
    pub guild: u32,
    /// Its name.
    pub name: String,
}

/// What became of a guild that a player left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Departure {
    /// Number of the guild.
    pub guild: u32,
    /// Who leads it now; nobody if it has ended.
    pub leader: Option<u32>,
    /// The wars that ended with the guild.
    pub ended_wars: Vec<War>,
}

/// A war between two guilds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct War {
    /// The guild that declared it.
    pub attacker: u32,
    /// The other one.
    pub defender: u32,
}

type Outcome<T> = Result<T, Fault<GuildError>>;

pub(super) fn create(
    db: &Connection,
    now: i64,
    player: u32,
    name: &Name,
    tag: &Name,
) -> Outcome<u32> {
    if guild_of(db, player)?.is_some() {
        return Err(Refused(GuildError::AlreadyExists));
    }
    let guild = db
        .prepare_cached(
            "INSERT INTO guilds (name, name_fold, tag, tag_fold, leader, created_at)
             SELECT ?1, ?2, ?3, ?4, id, ?6 FROM players WHERE id = ?5
             ON CONFLICT DO NOTHING RETURNING id",
        )?
        .query_row(
            (
                name.text(),
                name.fold(),
                tag.text(),
                tag.fold(),
                player,
                now,
            ),
            |row| row.get(0),
        )
        .optional()?;
    let guild = guild.ok_or(Refused(GuildError::AlreadyExists))?;
    add_member(db, guild, player)?;
    Ok(guild)
}

pub(super) fn invite(db: &Connection, by: u32, player: u32) -> Outcome<Invitation> {
    let guild = led_by(db, by)?;
    let known = db
        .prepare_cached("SELECT 1 FROM players WHERE id = ?1")?
        .exists([player])?;
    if !known {
        return Err(Refused(GuildError::NotFound));
    }
    if guild_of(db, player)? == Some(guild) {
        return Err(Refused(GuildError::AlreadyExists));
    }
    // A repeated invitation is as young as a first one.
    db.prepare_cached("REPLACE INTO guild_invitations (guild, player) VALUES (?1, ?2)")?
        .execute([guild, player])?;
    db.prepare_cached(
        "DELETE FROM guild_invitations WHERE number IN (
             SELECT number FROM guild_invitations WHERE guild = ?1
             ORDER BY number DESC LIMIT -1 OFFSET ?2)",
    )?
    .execute((guild, MAX_INVITATIONS))?;
    let name = db
        .prepare_cached("SELECT name FROM guilds WHERE id = ?1")?
        .query_row([guild], |row| row.get(0))?;
    Ok(Invitation { guild, name })
}

pub(super) fn join(db: &Connection, player: u32, guild: u32, max_members: u16) -> Outcome<()> {
    if !exists(db, guild)? {
        return Err(Refused(GuildError::NotFound));
    }
    if guild_of(db, player)?.is_some() {
        return Err(Refused(GuildError::AlreadyExists));
    }
    let invited = db
        .prepare_cached("DELETE FROM guild_invitations WHERE guild = ?1 AND player = ?2")?
        .execute([guild, player])?;
    if invited == 0 {
        return Err(Refused(GuildError::PermissionDenied));
    }
    let members: u32 = db
        .prepare_cached("SELECT count(*) FROM guild_members WHERE guild = ?1")?
        .query_row([guild], |row| row.get(0))?;
    if members >= u32::from(max_members) {
        // With the refusal the invitation comes back.
        return Err(Refused(GuildError::Full));
    }
    add_member(db, guild, player)?;
    Ok(())
}

pub(super) fn leave(db: &Connection, player: u32) -> Outcome<Departure> {
    let guild = guild_of(db, player)?.ok_or(Refused(GuildError::NotFound))?;
    db.prepare_cached("DELETE FROM guild_members WHERE player = ?1")?
        .execute([player])?;
    let leader: u32 = db
        .prepare_cached("SELECT leader FROM guilds WHERE id = ?1")?
        .query_row([guild], |row| row.get(0))?;
    if leader != player {
        return Ok(Departure {
            guild,
            leader: Some(leader),
            ended_wars: Vec::new(),
        });
    }
    let heir: Option<u32> = db
        .prepare_cached(
            "SELECT player FROM guild_members WHERE guild = ?1 ORDER BY number LIMIT 1",
        )?
        .query_row([guild], |row| row.get(0))
        .optional()?;
    let mut ended_wars = Vec::new();
    if let Some(heir) = heir {
        db.prepare_cached("UPDATE guilds SET leader = ?2 WHERE id = ?1")?
            .execute([guild, heir])?;
    } else {
        ended_wars = wars_of(db, guild)?;
        // Invitations and wars go with it.
        db.prepare_cached("DELETE FROM guilds WHERE id = ?1")?
            .execute([guild])?;
    }
    Ok(Departure {
        guild,
        leader: heir,
        ended_wars,
    })
}

pub(super) fn list(db: &Connection, after: u32, limit: u16) -> rusqlite::Result<GuildPage> {
    let limit = limit.clamp(1, MAX_PAGE);
    let mut statement = db.prepare_cached(
        "SELECT id, name, tag, (SELECT count(*) FROM guild_members WHERE guild = guilds.id)
         FROM guilds WHERE id > ?1 ORDER BY id LIMIT ?2",
    )?;
    // One more than is wanted tells whether there are more.
    let rows = statement.query_map((after, u32::from(limit) + 1), |row| {
        Ok(Guild {
            id: row.get(0)?,
            name: row.get(1)?,
            tag: row.get(2)?,
            members: row.get(3)?,
            at_war_with: Vec::new(),
        })
    })?;
    let mut guilds = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    let more = guilds.len() > usize::from(limit);
    guilds.truncate(usize::from(limit));
    for guild in &mut guilds {
        let wars = wars_of(db, guild.id)?;
        guild.at_war_with = wars.into_iter().map(|war| war.enemy_of(guild.id)).collect();
        guild.at_war_with.sort_unstable();
    }
    Ok(GuildPage { guilds, more })
}

pub(super) fn start_war(db: &Connection, now: i64, player: u32, enemy: u32) -> Outcome<War> {
    let guild = led_by(db, player)?;
    if enemy == guild {
        return Err(Refused(GuildError::InvalidArgument));
    }
    if !exists(db, enemy)? {
        return Err(Refused(GuildError::NotFound));
    }
    let wars = wars_of(db, guild)?;
    if wars.iter().any(|war| war.enemy_of(guild) == enemy) {
        return Err(Refused(GuildError::AlreadyExists));
    }
    let most = usize::from(MAX_WARS);
    if wars.len() >= most || wars_of(db, enemy)?.len() >= most {
        return Err(Refused(GuildError::Full));
    }
    db.prepare_cached(
        "INSERT INTO guild_wars (attacker, defender, started_at) VALUES (?1, ?2, ?3)",
    )?
    .execute((guild, enemy, now))?;
    Ok(War {
        attacker: guild,
        defender: enemy,
    })
}

pub(super) fn end_war(db: &Connection, player: u32, enemy: u32) -> Outcome<War> {
    let guild = led_by(db, player)?;
    let wars = wars_of(db, guild)?;
    let war = wars.into_iter().find(|war| war.enemy_of(guild) == enemy);
    let war = war.ok_or(Refused(GuildError::NotFound))?;
    if war.attacker != guild {
        return Err(Refused(GuildError::PermissionDenied));
    }
    db.prepare_cached("DELETE FROM guild_wars WHERE attacker = ?1 AND defender = ?2")?
        .execute([war.attacker, war.defender])?;
    Ok(war)
}

/// Those who have been members for longest come first.
pub(super) fn members(db: &Connection, guild: u32) -> rusqlite::Result<Vec<u32>> {
    db.prepare_cached("SELECT player FROM guild_members WHERE guild = ?1 ORDER BY number")?
        .query_map([guild], |row| row.get(0))?
        .collect()
}

pub(super) fn guild_of(db: &Connection, player: u32) -> rusqlite::Result<Option<u32>> {
    db.prepare_cached("SELECT guild FROM guild_members WHERE player = ?1")?
        .query_row([player], |row| row.get(0))
        .optional()
}

impl War {
    /// The other side.
    fn enemy_of(self, guild: u32) -> u32 {
        if self.attacker == guild {
            self.defender
        } else {
            self.attacker
        }
    }
}

/// The guild that a player leads; others may not do what this is asked for.
fn led_by(db: &Connection, player: u32) -> Outcome<u32> {
    let guild = db
        .prepare_cached("SELECT id FROM guilds WHERE leader = ?1")?
        .query_row([player], |row| row.get(0))
        .optional()?;
    guild.ok_or(Refused(GuildError::PermissionDenied))
}

fn exists(db: &Connection, guild: u32) -> rusqlite::Result<bool> {
    db.prepare_cached("SELECT 1 FROM guilds WHERE id = ?1")?
        .exists([guild])
}

fn add_member(db: &Connection, guild: u32, player: u32) -> rusqlite::Result<()> {
    db.prepare_cached("INSERT INTO guild_members (guild, player) VALUES (?1, ?2)")?
        .execute([guild, player])
        .map(drop)
}

fn wars_of(db: &Connection, guild: u32) -> rusqlite::Result<Vec<War>> {
    db.prepare_cached(
        "SELECT attacker, defender FROM guild_wars WHERE attacker = ?1
         UNION ALL SELECT attacker, defender FROM guild_wars WHERE defender = ?1",
    )?
    .query_map([guild], |row| {
        Ok(War {
            attacker: row.get(0)?,
            defender: row.get(1)?,
        })
    })?
    .collect()
}
