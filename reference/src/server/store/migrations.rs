//! The tables, and how a database of an earlier version gets them.
//!
//! In: an open connection. Out: the same with the tables of the latest version, or why that cannot be. This module does not
//! know what the rows mean to anybody.
//!
//! A migration is never changed once it has been released; what comes later is a new one at the end of the list.

use super::error::StoreError;
use rusqlite::{Connection, TransactionBehavior};
use std::path::Path;
use tracing::info;

/// Marks our files, so that a database of another program is left alone: "pack" in ASCII.
const APPLICATION_ID: i32 = 0x7061_636b;

/// What makes version 1 of an empty database, version 2 of version 1, and so on.
const MIGRATIONS: &[&str] = &[VERSION_1];

/// Where SQLite keeps the number of migrations that a database has had.
const VERSION: &str = "user_version";

/// Times are in seconds since 1970. Numbers of players and guilds are never used again, since others may remember them.
const VERSION_1: &str = "
    CREATE TABLE players (
        id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id BETWEEN 1 AND 4294967295),
        name TEXT NOT NULL,
        name_fold TEXT NOT NULL UNIQUE,
        password TEXT NOT NULL,
        may_broadcast INTEGER NOT NULL DEFAULT 0 CHECK (may_broadcast IN (0, 1)),
        created_at INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE tokens (
        hash BLOB PRIMARY KEY CHECK (length(hash) = 32),
        player INTEGER NOT NULL REFERENCES players (id) ON DELETE CASCADE,
        device BLOB NOT NULL CHECK (length(device) = 16),
        expires_at INTEGER NOT NULL,
        forget_at INTEGER NOT NULL,
        UNIQUE (player, device)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX tokens_by_end ON tokens (forget_at);

    CREATE TABLE guilds (
        id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id BETWEEN 1 AND 4294967295),
        name TEXT NOT NULL,
        name_fold TEXT NOT NULL UNIQUE,
        tag TEXT NOT NULL,
        tag_fold TEXT NOT NULL UNIQUE,
        leader INTEGER NOT NULL REFERENCES players (id),
        created_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX guilds_by_leader ON guilds (leader);

    -- The number grows with each who joins, so the smallest is the oldest member's.
    CREATE TABLE guild_members (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        guild INTEGER NOT NULL REFERENCES guilds (id) ON DELETE CASCADE,
        player INTEGER NOT NULL UNIQUE REFERENCES players (id) ON DELETE CASCADE
    ) STRICT;
    CREATE INDEX guild_members_by_guild ON guild_members (guild);

    CREATE TABLE guild_invitations (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        guild INTEGER NOT NULL REFERENCES guilds (id) ON DELETE CASCADE,
        player INTEGER NOT NULL REFERENCES players (id) ON DELETE CASCADE,
        UNIQUE (guild, player)
    ) STRICT;
    CREATE INDEX guild_invitations_by_player ON guild_invitations (player);

    CREATE TABLE guild_wars (
        attacker INTEGER NOT NULL REFERENCES guilds (id) ON DELETE CASCADE,
        defender INTEGER NOT NULL REFERENCES guilds (id) ON DELETE CASCADE,
        started_at INTEGER NOT NULL,
        PRIMARY KEY (attacker, defender),
        CHECK (attacker <> defender)
    ) STRICT, WITHOUT ROWID;
    CREATE UNIQUE INDEX guild_wars_by_pair ON guild_wars (min(attacker, defender), max(attacker, defender));
    CREATE INDEX guild_wars_by_defender ON guild_wars (defender);
";

/// Refuses a database that is not ours, is of a later version, or is damaged. Changes nothing.
pub(super) fn inspect(db: &Connection, path: &Path) -> Result<(), StoreError> {
    let failed = |error| StoreError::Database {
        path: path.into(),
        error,
    };
    let application = pragma(db, "application_id").map_err(failed)?;
    let empty = db
        .query_row("SELECT count(*) = 0 FROM sqlite_schema", [], |row| {
            row.get(0)
        })
        .map_err(failed)?;
    if application != APPLICATION_ID && !(application == 0 && empty) {
        return Err(StoreError::Foreign {
            path: path.into(),
            application,
        });
    }
    let found = pragma(db, VERSION).map_err(failed)?;
    let known = latest(MIGRATIONS);
    if !(0..=known).contains(&found) {
        return Err(StoreError::TooNew {
            path: path.into(),
            found,
            known,
        });
    }
    let found: String = db
        .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
        .map_err(failed)?;
    if found == "ok" {
        Ok(())
    } else {
        Err(StoreError::Damaged {
            path: path.into(),
            found,
        })
    }
}

/// Brings a database that passed [`inspect`] up to the latest version, a transaction for each.
pub(super) fn migrate(db: &mut Connection) -> rusqlite::Result<()> {
    migrate_by(db, MIGRATIONS)
}

fn migrate_by(db: &mut Connection, migrations: &[&str]) -> rusqlite::Result<()> {
    for (version, migration) in (1..).zip(migrations) {
        let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        // Read inside the transaction: another server may be starting on the same file.
        if pragma(&transaction, VERSION)? >= version {
            continue;
        }
        transaction.execute_batch(migration)?;
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, VERSION, version)?;
        transaction.commit()?;
        info!(version, "migrated the database");
    }
    Ok(())
}

fn latest(migrations: &[&str]) -> i32 {
    i32::try_from(migrations.len()).unwrap_or(i32::MAX)
}

fn pragma(db: &Connection, name: &str) -> rusqlite::Result<i32> {
    db.pragma_query_value(None, name, |row| row.get(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn empty() -> Connection {
        Connection::open_in_memory().unwrap()
    }

    fn migrated() -> Connection {
        let mut db = empty();
        migrate(&mut db).unwrap();
        db
    }

    fn inspected(db: &Connection) -> Result<(), String> {
        inspect(db, Path::new("game.db")).map_err(|error| error.to_string())
    }

    fn schema(db: &Connection) -> Vec<String> {
        let mut statement = db
            .prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name")
            .unwrap();
        let rows = statement.query_map([], |row| row.get(0)).unwrap();
        rows.collect::<rusqlite::Result<_>>().unwrap()
    }

    #[test]
    fn every_earlier_version_becomes_the_latest() {
        let wanted = schema(&migrated());
        assert!(!wanted.is_empty());
        for earlier in 0..=MIGRATIONS.len() {
            let mut db = empty();
            migrate_by(&mut db, &MIGRATIONS[..earlier]).unwrap();
            assert_eq!(inspected(&db), Ok(()), "version {earlier}");
            migrate(&mut db).unwrap();
            assert_eq!(
                pragma(&db, VERSION),
                Ok(latest(MIGRATIONS)),
                "version {earlier}"
            );
            assert_eq!(schema(&db), wanted, "version {earlier}");
        }
    }

    #[test]
    fn a_migration_that_fails_leaves_the_version_before_it() {
        let mut db = migrated();
        let before = schema(&db);
        let mut migrations = MIGRATIONS.to_vec();
        migrations.push(
            "CREATE TABLE extra (id INTEGER) STRICT; CREATE TABLE players (id INTEGER) STRICT;",
        );
        migrate_by(&mut db, &migrations).unwrap_err();
        assert_eq!(pragma(&db, VERSION), Ok(latest(MIGRATIONS)));
        assert_eq!(schema(&db), before);
    }

    #[test]
    fn refuses_a_later_version() {
        let db = migrated();
        db.pragma_update(None, VERSION, latest(MIGRATIONS) + 1)
            .unwrap();
        assert_eq!(
            inspected(&db).unwrap_err(),
            format!(
                "the database game.db has version {}, this server knows versions up to {}; run the server that wrote \
                 it, or a later one",
                MIGRATIONS.len() + 1,
                MIGRATIONS.len()
            )
        );
    }

    #[test]
    fn refuses_the_database_of_another_program() {
        let db = empty();
        db.execute_batch("CREATE TABLE notes (text TEXT)").unwrap();
        assert!(inspected(&db).unwrap_err().contains("of another program"));
        let db = empty();
        db.pragma_update(None, "application_id", 7).unwrap();
        assert!(
            inspected(&db)
                .unwrap_err()
                .contains("application id 0x00000007")
        );
    }

    #[test]
    fn all_tables_are_strict() {
        let tables: i64 = migrated()
            .query_row(
                "SELECT count(*) FROM pragma_table_list
                 WHERE schema = 'main' AND name NOT LIKE 'sqlite_%' AND NOT strict",
                [],
                |row| row.get(0),
            )
            .unwrap();
        assert_eq!(tables, 0);
    }
}
