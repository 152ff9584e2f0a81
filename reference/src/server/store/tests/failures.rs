//! What happens when the disk, the database or the number of requests is the problem.

use super::*;
use crate::server::store::error::Fault::Refused;
use crate::server::store::error::Trouble;
use crate::server::store::{FILE_NAME, LoginError, RegisterError, ResumeError, StoreError};
use rusqlite::Connection;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::mpsc;
use tempfile::{TempDir, tempdir};

fn open(folder: &Path, options: Options) -> Result<Store, StoreError> {
    Store::open(&Place::Folder(folder.to_owned()), options)
}

fn in_folder(options: Options) -> (TempDir, Store) {
    let folder = tempdir().unwrap();
    let store = open(folder.path(), options).unwrap();
    (folder, store)
}

fn impatient() -> Options {
    Options {
        busy_timeout: Duration::from_millis(10),
        ..options()
    }
}

/// Changes a setting of the store's own connection.
async fn set(store: &Store, sql: String) {
    let set: Result<(), StoreError> = store
        .shared
        .thread
        .read(move |db, _| {
            // A `COMMIT` first, as settings do not change inside of a transaction.
            db.execute_batch("COMMIT")?;
            db.query_row(&sql, [], |_| Ok(()))
                .or_else(|error| match error {
                    rusqlite::Error::QueryReturnedNoRows => Ok(()),
                    other => Err(other),
                })?;
            Ok(())
        })
        .await;
    set.unwrap();
}

/// What only reads works, what writes is refused.
async fn check_refused(store: &Store, token: [u8; 32]) {
    assert_eq!(
        store.register("grace", PASSWORD).await,
        Err(RegisterError::Unavailable)
    );
    assert_eq!(
        store
            .login_by_password("ada", PASSWORD, DESK)
            .await
            .unwrap_err(),
        LoginError::Unavailable
    );
    assert!(store.revoke(token).await.is_err());
    assert_eq!(
        store.register("ada", PASSWORD).await,
        Err(RegisterError::NameTaken)
    );
    assert!(store.player_named("ada").await.unwrap().is_some());
    assert_eq!(store.guild_of(1).await, Ok(None));
    assert!(store.list_guilds(0, 10).await.is_ok());
}

async fn check_works(store: &Store, token: [u8; 32]) {
    assert_eq!(store.register("grace", PASSWORD).await, Ok(2));
    store.resume(token, PHONE).await.unwrap();
}

async fn ada(store: &Store) -> [u8; 32] {
    store.register("ada", PASSWORD).await.unwrap();
    store
        .login_by_password("ada", PASSWORD, PHONE)
        .await
        .unwrap()
        .token
}

#[tokio::test]
async fn a_locked_database_refuses_writes_until_it_is_unlocked() {
    let (folder, store) = in_folder(impatient());
    let token = ada(&store).await;
    let other = Connection::open(folder.path().join(FILE_NAME)).unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    check_refused(&store, token).await;
    assert_eq!(
        store.resume(token, PHONE).await.unwrap_err(),
        ResumeError::Unavailable
    );
    other.execute_batch("COMMIT").unwrap();
    check_works(&store, token).await;
}

#[tokio::test]
async fn a_database_that_is_locked_for_a_moment_is_waited_for() {
    let (folder, store) = in_folder(Options {
        busy_timeout: Duration::from_secs(30),
        ..options()
    });
    let other = Connection::open(folder.path().join(FILE_NAME)).unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let registered = tokio::spawn(async move { store.register("ada", PASSWORD).await });
    tokio::time::sleep(Duration::from_millis(50)).await;
    other.execute_batch("COMMIT").unwrap();
    assert_eq!(registered.await.unwrap(), Ok(1));
}

#[tokio::test]
async fn a_file_system_that_turned_read_only_refuses_writes_until_it_is_back() {
    let (_folder, store) = in_folder(options());
    let token = ada(&store).await;
    set(&store, "PRAGMA query_only = 1".to_owned()).await;
    check_refused(&store, token).await;
    set(&store, "PRAGMA query_only = 0".to_owned()).await;
    check_works(&store, token).await;
}

/// Makes accounts until there is no place for another one.
async fn fill(store: &Store) {
    set(store, "PRAGMA max_page_count = 40".to_owned()).await;
    for i in 0.. {
        let name = format!("somebody with a long name {i}");
        match store.register(&name, PASSWORD).await {
            Ok(_) => {}
            Err(error) => return assert_eq!(error, RegisterError::Unavailable),
        }
    }
}

#[tokio::test]
async fn a_full_disk_refuses_accounts_until_there_is_place() {
    let (folder, store) = in_folder(options());
    let token = ada(&store).await;
    fill(&store).await;
    assert_eq!(
        store.register("grace", PASSWORD).await,
        Err(RegisterError::Unavailable)
    );
    assert_eq!(store.guild_of(1).await, Ok(None));
    set(&store, "PRAGMA max_page_count = 1000000".to_owned()).await;
    store.register("grace", PASSWORD).await.unwrap();
    store.resume(token, PHONE).await.unwrap();

    let found = store
        .player_named("somebody with a long name 0")
        .await
        .unwrap();
    store.close().await;
    let store = open(folder.path(), options()).unwrap();
    let again = store
        .player_named("somebody with a long name 0")
        .await
        .unwrap();
    assert_eq!(found.unwrap().id, again.unwrap().id);
    assert!(store.player_named("grace").await.unwrap().is_some());
}

/// Holds the store's thread until the sender is dropped, so that what is asked meanwhile becomes one batch.
async fn hold(store: &Store) -> mpsc::Sender<()> {
    let (release, held) = mpsc::channel::<()>();
    let (begun, beginning) = tokio::sync::oneshot::channel();
    let mut begun = Some(begun);
    let store = store.clone();
    tokio::spawn(async move {
        let _: Result<(), StoreError> = store
            .shared
            .thread
            .read(move |_, _| {
                begun.take().unwrap().send(()).unwrap();
                // An error says that the sender was dropped.
                let _ = held.recv();
                Ok(())
            })
            .await;
    });
    beginning.await.unwrap();
    release
}

/// Has these statements executed as requests of one batch.
async fn batch(store: &Store, statements: &[&'static str]) -> Vec<Result<(), Trouble>> {
    let held = hold(store).await;
    let tasks: Vec<_> = statements
        .iter()
        .map(|sql| {
            let (store, sql) = (store.clone(), *sql);
            tokio::spawn(async move {
                store
                    .shared
                    .thread
                    .write(move |db, _| match sql.strip_prefix("REFUSE ") {
                        Some(sql) => {
                            db.execute_batch(sql)?;
                            Err(Refused(Trouble::Busy))
                        }
                        None => Ok(db.execute_batch(sql)?),
                    })
                    .await
            })
        })
        .collect();
    // Lets all of them reach the queue.
    while store.shared.thread.waiting() < statements.len() {
        tokio::task::yield_now().await;
    }
    drop(held);
    let mut outcomes = Vec::new();
    for task in tasks {
        outcomes.push(task.await.unwrap());
    }
    outcomes
}

async fn names(store: &Store) -> Vec<String> {
    let names: Result<_, StoreError> = store
        .shared
        .thread
        .read(|db, _| {
            let mut statement = db.prepare("SELECT name FROM players ORDER BY id")?;
            let names = statement.query_map([], |row| row.get(0))?;
            Ok(names.collect::<rusqlite::Result<_>>()?)
        })
        .await;
    names.unwrap()
}

const ADD_ADA: &str =
    "INSERT INTO players (name, name_fold, password, created_at) VALUES ('ada', 'ada', '', 0)";
const ADD_JOAN: &str =
    "INSERT INTO players (name, name_fold, password, created_at) VALUES ('joan', 'joan', '', 0)";

#[tokio::test]
async fn a_request_that_fails_or_is_refused_leaves_the_others_of_its_batch_alone() {
    let store = store(options());
    let outcomes = batch(
        &store,
        &[
            ADD_ADA,
            "REFUSE UPDATE players SET name = 'nobody'",
            "UPDATE players SET name = 'nobody'; SELECT * FROM nothing",
            ADD_ADA,
            ADD_JOAN,
        ],
    )
    .await;
    let (busy, unavailable) = (Err(Trouble::Busy), Err(Trouble::Unavailable));
    assert_eq!(outcomes, [Ok(()), busy, unavailable, unavailable, Ok(())]);
    assert_eq!(names(&store).await, ["ada", "joan"]);
}

#[tokio::test]
async fn a_request_that_ruins_the_whole_transaction_fails_alone() {
    let store = store(options());
    // As a full disk can do.
    let outcomes = batch(
        &store,
        &[ADD_ADA, "ROLLBACK; SELECT * FROM nothing", ADD_JOAN],
    )
    .await;
    assert_eq!(outcomes, [Ok(()), Err(Trouble::Unavailable), Ok(())]);
    assert_eq!(names(&store).await, ["ada", "joan"]);
}

#[tokio::test]
async fn requests_beyond_the_queue_are_refused_at_once() {
    let store = store(Options {
        queue: NonZeroUsize::new(2).unwrap(),
        ..options()
    });
    let held = hold(&store).await;
    let waiting: Vec<_> = (0..2)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move { store.guild_of(1).await })
        })
        .collect();
    while store.shared.thread.waiting() < 2 {
        tokio::task::yield_now().await;
    }
    assert!(matches!(store.revoke([0; 32]).await, Err(StoreError::Busy)));
    assert_eq!(
        store
            .login_by_token("ada", [0; 32], PHONE)
            .await
            .unwrap_err(),
        LoginError::Busy
    );
    drop(held);
    for task in waiting {
        assert_eq!(task.await.unwrap(), Ok(None));
    }
}

#[tokio::test]
async fn closing_serves_what_waits_and_then_nothing() {
    let (folder, store) = in_folder(options());
    ada(&store).await;
    let held = hold(&store).await;
    let founding = tokio::spawn({
        let store = store.clone();
        async move { store.create_guild(1, "Dawn", "DWN").await }
    });
    while store.shared.thread.waiting() < 1 {
        tokio::task::yield_now().await;
    }
    let closing = tokio::spawn(store.clone().close());
    while store.shared.thread.waiting() < 2 {
        tokio::task::yield_now().await;
    }
    drop(held);
    closing.await.unwrap();
    assert_eq!(founding.await.unwrap(), Ok(1));
    assert_eq!(
        store.register("grace", PASSWORD).await,
        Err(RegisterError::Unavailable)
    );
    store.close().await;

    let files: Vec<_> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(
        files,
        [FILE_NAME],
        "the write-ahead log is written back and gone"
    );
    let store = open(folder.path(), options()).unwrap();
    assert_eq!(store.guild_of(1).await, Ok(Some(1)));
}

#[tokio::test]
async fn what_was_acknowledged_is_there_after_a_crash() {
    let (folder, store) = in_folder(options());
    let token = ada(&store).await;
    // What a process that is killed now leaves behind.
    let left = tempdir().unwrap();
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), left.path().join(entry.file_name())).unwrap();
    }
    let store = open(left.path(), options()).unwrap();
    store.resume(token, PHONE).await.unwrap();
}

#[tokio::test]
async fn the_log_is_synced_with_each_commit_and_references_are_kept() {
    let (_folder, store) = in_folder(options());
    let settings: Result<_, StoreError> = store
        .shared
        .thread
        .read(|db, _| {
            let setting = |name| db.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
            let journal: String = db.pragma_query_value(None, "journal_mode", |row| row.get(0))?;
            Ok((journal, setting("synchronous")?, setting("foreign_keys")?))
        })
        .await;
    assert_eq!(settings.unwrap(), ("wal".to_owned(), 2, 1));
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_else_may_read_the_files() {
    use std::os::unix::fs::PermissionsExt;
    let parent = tempdir().unwrap();
    let folder = parent.path().join("data/game");
    let store = open(&folder, options()).unwrap();
    ada(&store).await;
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    let mut files = 0;
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
        files += 1;
    }
    assert_eq!(files, 3, "the database, its log and the log's index");
}

#[test]
fn a_place_that_is_no_folder_is_an_error_that_names_it() {
    let folder = tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let error = open(&file, options()).unwrap_err();
    assert!(
        matches!(&error, StoreError::Create { path, .. } if *path == file),
        "{error}"
    );
}

/// For the super-user, whom permissions do not stop, the folder can be written and the store has to work.
#[cfg(unix)]
#[tokio::test]
async fn a_store_opens_if_and_only_if_its_folder_can_be_written() {
    use std::fs::{Permissions, set_permissions};
    use std::os::unix::fs::PermissionsExt;
    let folder = tempdir().unwrap();
    set_permissions(folder.path(), Permissions::from_mode(0o500)).unwrap();
    let writable = std::fs::write(folder.path().join("probe"), "").is_ok();
    match open(folder.path(), options()) {
        Ok(store) => {
            assert!(writable);
            assert_eq!(store.register("ada", PASSWORD).await, Ok(1));
        }
        Err(error) => assert!(
            !writable && matches!(error, StoreError::Create { .. }),
            "{error}"
        ),
    }
}

/// Nobody may make files there, not even the super-user.
#[cfg(target_os = "linux")]
#[test]
fn a_folder_in_which_nothing_can_be_made_is_an_error_that_names_the_file() {
    let error = open(Path::new("/proc"), options()).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("cannot create /proc/game.db: "),
        "{error}"
    );
}

#[test]
fn refuses_a_file_that_is_no_database() {
    let folder = tempdir().unwrap();
    std::fs::write(
        folder.path().join(FILE_NAME),
        "no database, but long enough to be looked at".repeat(100),
    )
    .unwrap();
    let error = open(folder.path(), options()).unwrap_err();
    assert!(matches!(error, StoreError::Database { .. }), "{error}");
}

#[tokio::test]
async fn refuses_a_damaged_database() {
    let (folder, store) = in_folder(options());
    ada(&store).await;
    store.close().await;
    let path = folder.path().join(FILE_NAME);
    let mut bytes = std::fs::read(&path).unwrap();
    let pages = bytes.len() / 4096;
    // The first page has the tables' names; behind it are rows.
    bytes[4096 * 2..4096 * pages].fill(0x55);
    std::fs::write(&path, bytes).unwrap();
    let error = open(folder.path(), options()).unwrap_err();
    assert!(
        matches!(
            error,
            StoreError::Damaged { .. } | StoreError::Database { .. }
        ),
        "{error}"
    );
}

#[test]
fn leaves_the_database_of_another_program_alone() {
    let folder = tempdir().unwrap();
    let path = folder.path().join(FILE_NAME);
    let other = Connection::open(&path).unwrap();
    other
        .execute_batch("CREATE TABLE notes (text TEXT)")
        .unwrap();
    drop(other);
    let before = std::fs::read(&path).unwrap();
    let error = open(folder.path(), options()).unwrap_err();
    assert!(matches!(error, StoreError::Foreign { .. }), "{error}");
    assert_eq!(std::fs::read(&path).unwrap(), before);
}
