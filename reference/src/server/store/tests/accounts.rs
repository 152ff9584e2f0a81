//! Registering, logging in by password, and rights.

use super::*;
use crate::server::store::{LoginError, RegisterError};

async fn check_register(store: &Store, name: &str, password: &str, expected: RegisterError) {
    assert_eq!(
        store.register(name, password).await,
        Err(expected),
        "{name:?}"
    );
}

async fn check_login(store: &Store, name: &str, password: &str, expected: Result<u32, LoginError>) {
    let granted = store.login_by_password(name, password, PHONE).await;
    assert_eq!(granted.map(|grant| grant.player.id), expected, "{name:?}");
}

#[tokio::test]
async fn who_registered_can_log_in() {
    let store = store_with(&["Ada"], options()).await;
    let grant = store
        .login_by_password("Ada", PASSWORD, PHONE)
        .await
        .unwrap();
    assert_eq!((grant.player.id, &*grant.player.name), (1, "Ada"));
    assert!(!grant.player.rights.broadcast);
    assert_eq!(grant.lifetime, Duration::from_secs(86_400));
}

#[tokio::test]
async fn logging_in_does_not_depend_on_how_the_name_is_written() {
    let store = store_with(&["Zoë"], options()).await;
    for name in ["zoë", "ZOË", "Zoe\u{308}", " Ｚoë "] {
        let grant = store
            .login_by_password(name, PASSWORD, PHONE)
            .await
            .unwrap();
        assert_eq!(&*grant.player.name, "Zoë");
    }
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_name_are_the_same_error() {
    let store = store_with(&["ada"], options()).await;
    for (name, password) in [
        ("ada", "wrong horse"),
        ("grace", PASSWORD),
        ("", PASSWORD),
        ("a\0", ""),
    ] {
        check_login(&store, name, password, Err(LoginError::BadCredentials)).await;
    }
    check_login(&store, "ada", PASSWORD, Ok(1)).await;
}

#[tokio::test]
async fn a_name_is_given_once() {
    let store = store_with(&["Ada"], options()).await;
    for name in ["Ada", "ada", "ＡＤＡ", " ada "] {
        check_register(&store, name, PASSWORD, RegisterError::NameTaken).await;
    }
}

#[tokio::test]
async fn of_many_who_want_a_name_at_once_one_gets_it() {
    let store = store(Options {
        password_waiters: 100,
        ..options()
    });
    let tasks: Vec<_> = (0..50)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move { store.register("ada", PASSWORD).await })
        })
        .collect();
    let mut made = 0;
    for task in tasks {
        match task.await.unwrap() {
            Ok(_) => made += 1,
            Err(error) => assert_eq!(error, RegisterError::NameTaken),
        }
    }
    assert_eq!(made, 1);
}

#[tokio::test]
async fn names_and_passwords_have_rules() {
    let store = store(options());
    check_register(&store, "", PASSWORD, RegisterError::NameNotAllowed).await;
    check_register(
        &store,
        "a\u{202e}b",
        PASSWORD,
        RegisterError::NameNotAllowed,
    )
    .await;
    check_register(&store, "ada", "seven77", RegisterError::WeakPassword).await;
    check_register(
        &store,
        "Ada Lovelace",
        "ada lovelace",
        RegisterError::WeakPassword,
    )
    .await;
}

#[tokio::test]
async fn a_closed_store_of_accounts_makes_none() {
    let store = store(Options {
        registration: false,
        ..options()
    });
    check_register(&store, "ada", PASSWORD, RegisterError::Closed).await;
}

#[tokio::test]
async fn a_password_hashed_at_another_cost_is_hashed_again() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::Folder(folder.path().to_owned());
    let cost = |passes| PasswordCost {
        passes,
        ..options().password_cost
    };
    let stored = async |store: &Store| {
        let account: Result<_, crate::server::store::StoreError> = store
            .shared
            .thread
            .read(|db, _| {
                Ok(db.query_row("SELECT password FROM players", [], |row| {
                    row.get::<_, String>(0)
                })?)
            })
            .await;
        account.unwrap()
    };

    let store = Store::open(
        &place,
        Options {
            password_cost: cost(1),
            ..options()
        },
    )
    .unwrap();
    store.register("ada", PASSWORD).await.unwrap();
    assert!(
        stored(&store)
            .await
            .starts_with("$argon2id$v=19$m=8,t=1,p=1$")
    );
    store.close().await;

    let store = Store::open(
        &place,
        Options {
            password_cost: cost(2),
            ..options()
        },
    )
    .unwrap();
    check_login(
        &store,
        "ada",
        "wrong horse",
        Err(LoginError::BadCredentials),
    )
    .await;
    assert!(
        stored(&store).await.contains("t=1"),
        "only the right password is hashed again"
    );
    check_login(&store, "ada", PASSWORD, Ok(1)).await;
    let replaced = stored(&store).await;
    assert!(replaced.contains("t=2"), "{replaced}");
    check_login(&store, "ada", PASSWORD, Ok(1)).await;
    assert_eq!(stored(&store).await, replaced);
}

#[tokio::test]
async fn passwords_beyond_those_that_may_wait_are_refused_at_once() {
    let store = store(Options {
        password_waiters: 0,
        ..options()
    });
    let seats: Vec<_> = std::iter::from_fn(|| store.shared.hasher.enter().ok()).collect();
    check_login(&store, "ada", PASSWORD, Err(LoginError::Busy)).await;
    check_register(&store, "ada", PASSWORD, RegisterError::Unavailable).await;
    drop(seats);
    assert_eq!(store.register("ada", PASSWORD).await, Ok(1));
}

#[tokio::test]
async fn the_right_to_broadcast_is_given_and_taken() {
    let store = store_with(&["Ada", "Grace"], options()).await;
    let may = async |name| {
        let grant = store
            .login_by_password(name, PASSWORD, PHONE)
            .await
            .unwrap();
        grant.player.rights.broadcast
    };
    assert!(store.grant_broadcast("ada", true).await.unwrap());
    assert!(may("Ada").await);
    assert!(!may("Grace").await);
    assert!(store.grant_broadcast("ada", false).await.unwrap());
    assert!(!may("Ada").await);
    assert!(!store.grant_broadcast("nobody", true).await.unwrap());
}

#[tokio::test]
async fn players_are_found_by_name() {
    let store = store_with(&["Ada"], options()).await;
    let found = store.player_named("ADA").await.unwrap().unwrap();
    assert_eq!((found.id, &*found.name), (1, "Ada"));
    assert!(store.player_named("grace").await.unwrap().is_none());
}
