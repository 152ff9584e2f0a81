//! Opens the database: files, permissions, settings.
//!
//! In: a place. Out: a connection that keeps its promises, with the latest tables, or why there is none. This module
//! does not know what the tables are for.
//!
//! What was committed survives a crash of the process and a loss of power: the write-ahead log is synced with each
//! commit (`synchronous = FULL`). `NORMAL` would sync only when the log is written back, and a loss of power would take
//! the last commits, which have been acknowledged. The price is one `fsync` for all who share a commit.

use super::error::StoreError;
use super::migrations;
use rusqlite::{Connection, OpenFlags};
use std::fs::{DirBuilder, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Where a store keeps what it knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In memory, for as long as the store is there.
    Memory,
    /// In a folder, in the file `game.db` and in what SQLite puts beside it. The folder is made if it is not there.
    /// Nobody but the server's user may read what is made.
    Folder(PathBuf),
}

/// Name of the database in its folder.
pub const FILE_NAME: &str = "game.db";

/// Statements that are kept prepared; more than there are.
const STATEMENTS: usize = 64;

pub(super) fn open(place: &Place, busy_timeout: Duration) -> Result<Connection, StoreError> {
    let path = match place {
        Place::Memory => PathBuf::from(":memory:"),
        Place::Folder(folder) => create(folder)?,
    };
    let failed = |error| StoreError::Database {
        path: path.clone(),
        error,
    };
    // One thread uses the connection, so it needs no lock. A path that looks like a URI is a path.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut db = Connection::open_with_flags(&path, flags).map_err(failed)?;
    db.set_prepared_statement_cache_capacity(STATEMENTS);
    db.busy_timeout(busy_timeout).map_err(failed)?;
    migrations::inspect(&db, &path)?;
    if matches!(place, Place::Folder(_)) {
        let mode: String = db
            .pragma_update_and_check(None, "journal_mode", "wal", |row| row.get(0))
            .map_err(failed)?;
        if mode != "wal" {
            return Err(StoreError::NoWriteAheadLog { path });
        }
    }
    db.pragma_update(None, "synchronous", "full")
        .map_err(failed)?;
    db.pragma_update(None, "foreign_keys", true)
        .map_err(failed)?;
    migrations::migrate(&mut db).map_err(failed)?;
    Ok(db)
}

/// Makes the folder if it is not there, for its user alone.
pub(in crate::server) fn create_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Makes folder and file if they are not there, since SQLite would let everybody read the file. It gives the files that
/// it makes itself the same permissions.
fn create(folder: &Path) -> Result<PathBuf, StoreError> {
    let failed = |path: &Path, error| StoreError::Create {
        path: path.into(),
        error,
    };
    create_folder(folder).map_err(|error| failed(folder, error))?;
    let path = folder.join(FILE_NAME);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(&path) {
        Ok(_) => Ok(path),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(path),
        Err(error) => Err(failed(&path, error)),
    }
}
