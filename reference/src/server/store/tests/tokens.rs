//! Tokens: whose they are, how long they are good, and when they are void.

use super::*;
use crate::server::store::{Grant, LoginError, ResumeError, StoreError, Token};
use std::num::NonZeroU16;

const DAY: u64 = 86_400;

async fn log_in(store: &Store, name: &str, device: Device) -> Grant {
    store
        .login_by_password(name, PASSWORD, device)
        .await
        .unwrap()
}

async fn check_login(
    store: &Store,
    name: &str,
    token: Token,
    device: Device,
    expected: LoginError,
) {
    let refused = store.login_by_token(name, token, device).await;
    assert_eq!(refused.unwrap_err(), expected);
}

async fn check_resume(store: &Store, token: Token, device: Device, expected: ResumeError) {
    assert_eq!(store.resume(token, device).await.unwrap_err(), expected);
}

async fn count(store: &Store) -> i64 {
    let count: Result<_, StoreError> = store
        .shared
        .thread
        .read(|db, _| Ok(db.query_row("SELECT count(*) FROM tokens", [], |row| row.get(0))?))
        .await;
    count.unwrap()
}

#[tokio::test]
async fn each_use_replaces_the_token() {
    let store = store_with(&["ada"], options()).await;
    let first = log_in(&store, "ada", PHONE).await;
    let second = store
        .login_by_token("ADA", first.token, PHONE)
        .await
        .unwrap();
    assert_eq!((second.player.id, &*second.player.name), (1, "ada"));
    check_login(
        &store,
        "ada",
        first.token,
        PHONE,
        LoginError::BadCredentials,
    )
    .await;
    check_resume(&store, first.token, PHONE, ResumeError::UnknownToken).await;

    let third = store.resume(second.token, PHONE).await.unwrap();
    assert_eq!(third.player.id, 1);
    check_login(
        &store,
        "ada",
        second.token,
        PHONE,
        LoginError::BadCredentials,
    )
    .await;
    store
        .login_by_token("ada", third.token, PHONE)
        .await
        .unwrap();
}

#[tokio::test]
async fn of_many_who_use_a_token_at_once_one_succeeds() {
    let store = store_with(&["ada"], options()).await;
    let token = log_in(&store, "ada", PHONE).await.token;
    let tasks: Vec<_> = (0..50)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move { store.resume(token, PHONE).await })
        })
        .collect();
    let mut resumed = 0;
    for task in tasks {
        match task.await.unwrap() {
            Ok(_) => resumed += 1,
            Err(error) => assert_eq!(error, ResumeError::UnknownToken),
        }
    }
    assert_eq!(resumed, 1);
}

#[tokio::test]
async fn a_token_is_good_for_its_player_on_its_device() {
    let store = store_with(&["ada", "grace"], options()).await;
    let token = log_in(&store, "ada", PHONE).await.token;
    check_login(&store, "grace", token, PHONE, LoginError::BadCredentials).await;
    check_login(&store, "nobody", token, PHONE, LoginError::BadCredentials).await;
    check_login(&store, "ada", token, DESK, LoginError::BadCredentials).await;
    check_login(&store, "ada", [0; 32], PHONE, LoginError::BadCredentials).await;
    check_resume(&store, token, DESK, ResumeError::WrongDevice).await;
    check_resume(&store, [0; 32], PHONE, ResumeError::UnknownToken).await;
    // None of this did it any harm.
    store.login_by_token("ada", token, PHONE).await.unwrap();
}

#[tokio::test]
async fn logging_in_by_password_replaces_the_token_of_the_device_only() {
    let store = store_with(&["ada"], options()).await;
    let phone = log_in(&store, "ada", PHONE).await.token;
    let desk = log_in(&store, "ada", DESK).await.token;
    log_in(&store, "ada", PHONE).await;
    check_resume(&store, phone, PHONE, ResumeError::UnknownToken).await;
    store.resume(desk, DESK).await.unwrap();
}

#[tokio::test]
async fn a_token_expires_and_is_forgotten_later() {
    let time = Time::new();
    let store = store_with(
        &["ada"],
        Options {
            clock: time.clock(),
            ..options()
        },
    )
    .await;
    let token = log_in(&store, "ada", PHONE).await.token;
    time.pass(DAY - 1);
    let token = store.resume(token, PHONE).await.unwrap().token;
    time.pass(DAY - 1);
    let token = store
        .login_by_token("ada", token, PHONE)
        .await
        .unwrap()
        .token;
    time.pass(DAY);
    check_login(&store, "ada", token, PHONE, LoginError::ExpiredToken).await;
    check_resume(&store, token, PHONE, ResumeError::ExpiredToken).await;
    check_resume(&store, token, DESK, ResumeError::WrongDevice).await;
    time.pass(DAY);
    assert_eq!(count(&store).await, 1, "forgotten behind this request");
    check_resume(&store, token, PHONE, ResumeError::UnknownToken).await;
    assert_eq!(count(&store).await, 0);
}

#[tokio::test]
async fn expired_tokens_are_forgotten_in_batches() {
    let time = Time::new();
    let store = store_with(
        &["ada"],
        Options {
            clock: time.clock(),
            ..options()
        },
    )
    .await;
    let filled: Result<(), StoreError> = store
        .shared
        .thread
        .write(|db, now| {
            db.execute(
                "INSERT INTO tokens (hash, player, device, expires_at, forget_at)
                 WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 600)
                 SELECT CAST(printf('%032d', i) AS BLOB), 1, CAST(printf('%016d', i) AS BLOB), ?1, ?1 FROM n",
                [now + 100],
            )?;
            Ok(())
        })
        .await;
    filled.unwrap();
    time.pass(100);
    let mut counts = Vec::new();
    for _ in 0..4 {
        counts.push(count(&store).await);
    }
    assert_eq!(counts, [600, 344, 88, 0]);
}

#[tokio::test]
async fn a_revoked_token_is_worth_nothing() {
    let store = store_with(&["ada"], options()).await;
    let token = log_in(&store, "ada", PHONE).await.token;
    store.revoke([0; 32]).await.unwrap();
    store.revoke(token).await.unwrap();
    store.revoke(token).await.unwrap();
    check_resume(&store, token, PHONE, ResumeError::UnknownToken).await;
    check_login(&store, "ada", token, PHONE, LoginError::BadCredentials).await;
}

#[tokio::test]
async fn with_too_many_devices_the_one_unused_for_longest_is_dropped() {
    let time = Time::new();
    let max_devices = NonZeroU16::new(2).unwrap();
    let store = store_with(
        &["ada"],
        Options {
            clock: time.clock(),
            max_devices,
            ..options()
        },
    )
    .await;
    let phone = log_in(&store, "ada", PHONE).await.token;
    time.pass(1);
    let desk = log_in(&store, "ada", DESK).await.token;
    time.pass(1);
    let phone = store.resume(phone, PHONE).await.unwrap().token;
    let tablet = log_in(&store, "ada", [3; 16]).await.token;
    check_resume(&store, desk, DESK, ResumeError::UnknownToken).await;
    store.resume(phone, PHONE).await.unwrap();
    store.resume(tablet, [3; 16]).await.unwrap();
}

#[tokio::test]
async fn neither_tokens_nor_passwords_are_in_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&Place::Folder(folder.path().to_owned()), options()).unwrap();
    store.register("Ada Lovelace", PASSWORD).await.unwrap();
    let token = log_in(&store, "Ada Lovelace", PHONE).await.token;
    store.close().await;
    let file = std::fs::read(folder.path().join("game.db")).unwrap();
    let has = |secret: &[u8]| file.windows(secret.len()).any(|window| window == secret);
    assert!(has(b"Ada Lovelace"));
    assert!(!has(PASSWORD.as_bytes()));
    assert!(!has(&token[..8]));
}

#[tokio::test]
async fn a_grant_is_shown_without_its_token() {
    let store = store_with(&["ada"], options()).await;
    let grant = log_in(&store, "ada", PHONE).await;
    let shown = format!("{grant:?}");
    assert!(
        shown.contains("\"ada\"") && !shown.contains("token"),
        "{shown}"
    );
}
