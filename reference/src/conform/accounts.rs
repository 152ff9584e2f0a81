//! Registering, logging in and out, and resuming.

use super::check::{Check, Group, Outcome, Stop, ensure};
use super::peer::Peer;
use super::players::{Account, PASSWORD, device};
use super::trial::{InWorld, Trial};
use crate::game::{
    EnterWorld, KickNotice, KickReason, LoginRequestCredential, LoginResult, Logout,
    LogoutResponse, RegisterRequest, RegisterResponse, RegisterResult, ResumeRequest,
    ResumeResponse, ResumeResult, State, WorldEntered,
};
use std::time::Duration;
use tokio::time::sleep;

const GROUP: Group = Group::Accounts;

/// A token that no server has given, as far as chance goes.
const NO_TOKEN: [u8; 32] = [0xa5; 32];

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new(
            GROUP,
            "register",
            "Who registers a name that nobody has gets `ok`, is not logged in by that, and can log in.",
            register,
        ),
        Check::new(
            GROUP,
            "register_twice",
            "A name that somebody has is not registered again: `name_taken`.",
            register_twice,
        ),
        Check::new(
            GROUP,
            "weak_password",
            "A password of one letter is refused: `weak_password`.",
            weak_password,
        ),
        Check::new(
            GROUP,
            "wrong_password",
            "A wrong password is `bad_credentials`, gives no session, and leaves the client another try.",
            wrong_password,
        ),
        Check::new(
            GROUP,
            "unknown_name",
            "A name that nobody has is `bad_credentials`, as a wrong password is.",
            unknown_name,
        ),
        Check::new(
            GROUP,
            "login_by_password",
            "The right name and password let in, with a token that lasts and the player's number, the same each time.",
            login_by_password,
        ),
        Check::new(
            GROUP,
            "login_by_token",
            "The latest token of a device lets in on it, and as the same player.",
            login_by_token,
        ),
        Check::new(
            GROUP,
            "token_rotates",
            "A login gives another token, and the device's earlier one is void.",
            token_rotates,
        ),
        Check::new(
            GROUP,
            "token_of_another_device",
            "A token lets in on no other device than its own.",
            token_of_another_device,
        ),
        Check::new(
            GROUP,
            "wrong_token",
            "A token that was never given does not let in.",
            wrong_token,
        ),
        Check::new(
            GROUP,
            "second_login",
            "A player is on one connection at most: the earlier one is kicked (`logged_in_elsewhere`), or the later one \
             refused (`already_online`).",
            second_login,
        ),
        Check::new(
            GROUP,
            "logout",
            "Logout gets LogoutResponse, the connection is closed, and the token stays good unless it was revoked.",
            logout,
        ),
        Check::new(
            GROUP,
            "logout_with_revoke",
            "Logout that revokes the token says so, and the token neither lets in nor resumes any more.",
            logout_with_revoke,
        ),
        Check::new(
            GROUP,
            "resume",
            "Who lost the connection outside of the world resumes by token outside of it, and gets a new token.",
            resume,
        ),
        Check::new(
            GROUP,
            "resume_in_world",
            "Who lost the connection in the world resumes there with a snapshot, or is told to be outside of it.",
            resume_in_world,
        ),
        Check::new(
            GROUP,
            "resume_kicks",
            "ResumeRequest while the old connection is there kicks that one.",
            resume_kicks,
        ),
        Check::new(
            GROUP,
            "resume_wrong_token",
            "A token that was never given does not resume: `unknown_token`, and the client may log in.",
            resume_wrong_token,
        ),
        Check::new(
            GROUP,
            "resume_old_token",
            "A token that was replaced does not resume.",
            resume_old_token,
        ),
        Check::new(
            GROUP,
            "resume_wrong_device",
            "A token does not resume on another device than its own: `wrong_device`.",
            resume_wrong_device,
        ),
    ]
}

async fn try_register(peer: &mut Peer, name: &str, password: &str) -> Outcome<RegisterResult> {
    let request = peer.next_number();
    let register = RegisterRequest {
        request,
        name: name.to_owned(),
        password: password.to_owned(),
    };
    let response = peer.ask::<RegisterResponse>(register).await?;
    match response.result {
        RegisterResult::CLOSED => Err(Stop::skipped("the server makes no accounts")),
        result => Ok(result),
    }
}

async fn register(trial: Trial) -> Outcome {
    let (mut peer, _) = trial.greeted("ada").await?;
    let mut account = Account::new(trial.fresh_name(), PASSWORD);
    let result = try_register(&mut peer, &account.name, PASSWORD).await?;
    ensure(
        result == RegisterResult::OK,
        "RegisterResponse with `ok`",
        || format!("RegisterResponse with {result:?}"),
    )?;
    // It is in `greeted` still, where a login is allowed.
    peer.log_in(&mut account).await.map(drop)
}

async fn register_twice(trial: Trial) -> Outcome {
    let players = trial.players(1).await?;
    let (mut peer, _) = trial.greeted("ada").await?;
    let result = try_register(&mut peer, &players[0].name, PASSWORD).await?;
    ensure(
        result == RegisterResult::NAME_TAKEN,
        "RegisterResponse with `name_taken`",
        || format!("RegisterResponse with {result:?}"),
    )
}

async fn weak_password(trial: Trial) -> Outcome {
    let (mut peer, _) = trial.greeted("ada").await?;
    let result = try_register(&mut peer, &trial.fresh_name(), "a").await?;
    ensure(
        result == RegisterResult::WEAK_PASSWORD,
        "RegisterResponse with `weak_password`",
        || format!("RegisterResponse with {result:?}"),
    )
}

/// Tries to log in, which has to fail with one of these.
async fn not_let_in(
    peer: &mut Peer,
    account: &Account,
    credential: LoginRequestCredential,
    results: &[LoginResult],
) -> Outcome {
    let response = peer.try_login(account, credential).await?;
    ensure(
        results.contains(&response.result) && peer.state() == State::Greeted,
        format!("LoginResponse with {results:?}"),
        || format!("LoginResponse with {:?}", response.result),
    )
}

async fn wrong_password(trial: Trial) -> Outcome {
    let mut players = trial.players(1).await?;
    let (mut peer, _) = trial.greeted("ada").await?;
    let wrong = LoginRequestCredential::Password("not the password".to_owned());
    not_let_in(
        &mut peer,
        &players[0],
        wrong,
        &[LoginResult::BAD_CREDENTIALS],
    )
    .await?;
    peer.log_in(&mut players[0]).await.map(drop)
}

async fn unknown_name(trial: Trial) -> Outcome {
    let (mut peer, _) = trial.greeted("ada").await?;
    let nobody = Account::new(trial.fresh_name(), PASSWORD);
    let password = LoginRequestCredential::Password(PASSWORD.to_owned());
    not_let_in(
        &mut peer,
        &nobody,
        password,
        &[LoginResult::BAD_CREDENTIALS],
    )
    .await
}

async fn login_by_password(trial: Trial) -> Outcome {
    let mut players = trial.players(1).await?;
    let account = &mut players[0];
    account.token = None;
    let mut numbers = Vec::new();
    for _ in 0..2 {
        let (mut peer, _) = trial.greeted("ada").await?;
        account.token = None;
        let session = peer.log_in(account).await?;
        ensure(
            session.token_lifetime_seconds > 0,
            "a token that lasts",
            || "one of 0 seconds".to_owned(),
        )?;
        numbers.push(session.player);
        peer.fence().await?;
    }
    ensure(numbers[0] == numbers[1], "the same player twice", || {
        format!("players {numbers:?}")
    })
}

async fn login_by_token(trial: Trial) -> Outcome {
    let mut players = trial.players(1).await?;
    let account = &mut players[0];
    let (mut peer, _) = trial.greeted("ada").await?;
    let first = peer.log_in(account).await?;
    drop(peer);
    let (mut peer, _) = trial.greeted("ada").await?;
    let response = peer
        .try_login(account, LoginRequestCredential::Token(first.token))
        .await?;
    let Some(session) = response.session else {
        account.token = None;
        return Err(Stop::failed(
            "LoginResponse with `ok`",
            format!("LoginResponse with {:?}", response.result),
        ));
    };
    account.token = Some(session.token);
    ensure(
        session.player == first.player,
        format!("player {}", first.player),
        || format!("player {}", session.player),
    )
}

async fn token_rotates(trial: Trial) -> Outcome {
    let mut players = trial.players(1).await?;
    let account = &mut players[0];
    let (mut peer, _) = trial.greeted("ada").await?;
    let first = peer.log_in(account).await?;
    drop(peer);
    let (mut peer, _) = trial.greeted("ada").await?;
    let second = peer.log_in(account).await?;
    ensure(first.token != second.token, "another token", || {
        "the same one".to_owned()
    })?;
    drop(peer);
    let (mut peer, _) = trial.greeted("ada").await?;
    let old = LoginRequestCredential::Token(first.token);
    let results = [LoginResult::BAD_CREDENTIALS, LoginResult::EXPIRED_TOKEN];
    let outcome = not_let_in(&mut peer, account, old, &results).await;
    // Whatever a server does on seeing an old token, the next check has to get in.
    account.token = None;
    outcome
}

async fn token_of_another_device(trial: Trial) -> Outcome {
    let mut players = trial.players(1).await?;
    let account = &mut players[0];
    let (mut peer, _) = trial.greeted("ada").await?;
    let session = peer.log_in(account).await?;
    drop(peer);
    let thief = Account {
        device: device(),
        ..account.clone()
    };
    let (mut peer, _) = trial.greeted("thief").await?;
    let stolen = LoginRequestCredential::Token(session.token);
    let outcome = not_let_in(&mut peer, &thief, stolen, &[LoginResult::BAD_CREDENTIALS]).await;
    account.token = None;
    outcome
}

async fn wrong_token(trial: Trial) -> Outcome {
    let players = trial.players(1).await?;
    let (mut peer, _) = trial.greeted("ada").await?;
    let wrong = LoginRequestCredential::Token(NO_TOKEN);
    not_let_in(
        &mut peer,
        &players[0],
        wrong,
        &[LoginResult::BAD_CREDENTIALS],
    )
    .await
}

async fn second_login(trial: Trial) -> Outcome {
    let mut players = trial.players(1).await?;
    let account = &mut players[0];
    let mut first = trial.log_in("first", account).await?;
    let (mut second, _) = trial.greeted("second").await?;
    let Some(token) = account.token.take() else {
        return Err(Stop::failed("a token with the login", "none"));
    };
    let response = second
        .try_login(account, LoginRequestCredential::Token(token))
        .await?;
    account.token = response.session.map(|session| session.token);
    match response.result {
        LoginResult::OK => kicked(&mut first).await,
        LoginResult::ALREADY_ONLINE => first.fence().await.map(drop),
        other => Err(Stop::failed(
            "LoginResponse with `ok` or `already_online`",
            format!("LoginResponse with {other:?}"),
        )),
    }
}

/// Waits until a connection is told that its player is elsewhere, and is closed.
async fn kicked(peer: &mut Peer) -> Outcome {
    let kick = peer.expect::<KickNotice>().await?;
    ensure(
        kick.reason == KickReason::LOGGED_IN_ELSEWHERE,
        "KickNotice with `logged_in_elsewhere`",
        || format!("KickNotice with {:?}", kick.reason),
    )?;
    peer.closed("after KickNotice").await
}

async fn log_out(peer: &mut Peer, revoke_token: bool) -> Outcome {
    let request = peer.next_number();
    let response = peer
        .ask::<LogoutResponse>(Logout {
            request,
            revoke_token,
        })
        .await?;
    ensure(
        response.token_revoked == revoke_token,
        format!("LogoutResponse with token_revoked {revoke_token}"),
        || format!("token_revoked {}", response.token_revoked),
    )?;
    peer.closed("after LogoutResponse").await
}

async fn logout(trial: Trial) -> Outcome {
    let mut players = trial.players(1).await?;
    let account = &mut players[0];
    let mut peer = trial.log_in("ada", account).await?;
    log_out(&mut peer, false).await?;
    let Some(token) = account.token.take() else {
        return Err(Stop::failed("a token with the login", "none"));
    };
    let (mut peer, _) = trial.greeted("ada").await?;
    let response = peer
        .try_login(account, LoginRequestCredential::Token(token))
        .await?;
    account.token = response.session.map(|session| session.token);
    ensure(
        account.token.is_some(),
        "LoginResponse with `ok` by the token",
        || format!("LoginResponse with {:?}", response.result),
    )
}

async fn logout_with_revoke(trial: Trial) -> Outcome {
    let mut players = trial.players(1).await?;
    let account = &mut players[0];
    let mut peer = trial.log_in("ada", account).await?;
    log_out(&mut peer, true).await?;
    let Some(token) = account.token.take() else {
        return Err(Stop::failed("a token with the login", "none"));
    };
    let (mut peer, _) = trial.greeted("ada").await?;
    let revoked = LoginRequestCredential::Token(token);
    let results = [LoginResult::BAD_CREDENTIALS, LoginResult::EXPIRED_TOKEN];
    not_let_in(&mut peer, account, revoked, &results).await?;
    let response = try_resume(&mut peer, token, account.device).await?;
    let results = [ResumeResult::UNKNOWN_TOKEN, ResumeResult::EXPIRED_TOKEN];
    not_resumed(&response, &results)
}

async fn try_resume(peer: &mut Peer, token: [u8; 32], device: [u8; 16]) -> Outcome<ResumeResponse> {
    let request = peer.next_number();
    peer.ask::<ResumeResponse>(ResumeRequest {
        request,
        token,
        device,
    })
    .await
}

fn not_resumed(response: &ResumeResponse, results: &[ResumeResult]) -> Outcome {
    ensure(
        results.contains(&response.result) && response.arrival.is_none(),
        format!("ResumeResponse with {results:?}, outside of the world"),
        || format!("ResumeResponse with {:?}", response.result),
    )
}

/// Resumes on a new connection, and keeps the new token.
async fn resumed(trial: &Trial, account: &mut Account) -> Outcome<(Peer, ResumeResponse)> {
    let (mut peer, _) = trial.greeted("again").await?;
    let Some(token) = account.token.take() else {
        return Err(Stop::failed("a token with the login", "none"));
    };
    let response = try_resume(&mut peer, token, account.device).await?;
    let Some(session) = &response.session else {
        return Err(Stop::failed(
            "ResumeResponse with `ok`",
            format!("ResumeResponse with {:?}", response.result),
        ));
    };
    account.token = Some(session.token);
    ensure(session.token != token, "a new token", || {
        "the same one".to_owned()
    })?;
    Ok((peer, response))
}

async fn resume(trial: Trial) -> Outcome {
    let mut players = trial.players(1).await?;
    drop(trial.log_in("ada", &mut players[0]).await?);
    let (mut peer, response) = resumed(&trial, &mut players[0]).await?;
    ensure(response.arrival.is_none(), "outside of the world", || {
        "in the world, which the player never entered".to_owned()
    })?;
    let request = peer.next_number();
    peer.ask::<WorldEntered>(EnterWorld {
        request,
        spawn: None,
    })
    .await
    .map(drop)
}

async fn resume_in_world(trial: Trial) -> Outcome {
    let mut players = trial.players(1).await?;
    let InWorld { peer, .. } = trial.enter("ada", &mut players[0], None).await?;
    drop(peer);
    // The server is given a moment to notice.
    sleep(Duration::from_millis(50)).await;
    let (mut peer, response) = resumed(&trial, &mut players[0]).await?;
    let Some(arrival) = response.arrival else {
        let request = peer.next_number();
        let enter = EnterWorld {
            request,
            spawn: None,
        };
        return peer.ask::<WorldEntered>(enter).await.map(drop);
    };
    let entities = peer.snapshot().await?;
    let seen = entities.iter().any(|entity| entity.id == arrival.entity);
    ensure(seen, "a snapshot with the player's own entity", || {
        format!("one of {} others", entities.len())
    })
}

async fn resume_kicks(trial: Trial) -> Outcome {
    let mut players = trial.players(1).await?;
    let mut old = trial.log_in("old", &mut players[0]).await?;
    let (mut peer, _) = resumed(&trial, &mut players[0]).await?;
    old.expect::<KickNotice>().await?;
    old.closed("after KickNotice").await?;
    peer.fence().await.map(drop)
}

async fn resume_wrong_token(trial: Trial) -> Outcome {
    let mut players = trial.players(1).await?;
    let (mut peer, _) = trial.greeted("ada").await?;
    let response = try_resume(&mut peer, NO_TOKEN, players[0].device).await?;
    not_resumed(&response, &[ResumeResult::UNKNOWN_TOKEN])?;
    peer.log_in(&mut players[0]).await.map(drop)
}

async fn resume_old_token(trial: Trial) -> Outcome {
    let mut players = trial.players(1).await?;
    let account = &mut players[0];
    let (mut peer, _) = trial.greeted("ada").await?;
    let old = peer.log_in(account).await?.token;
    drop(peer);
    drop(resumed(&trial, account).await?);
    let (mut peer, _) = trial.greeted("ada").await?;
    let response = try_resume(&mut peer, old, account.device).await?;
    account.token = None;
    let results = [ResumeResult::UNKNOWN_TOKEN, ResumeResult::EXPIRED_TOKEN];
    not_resumed(&response, &results)
}

async fn resume_wrong_device(trial: Trial) -> Outcome {
    let mut players = trial.players(1).await?;
    let account = &mut players[0];
    drop(trial.log_in("ada", account).await?);
    let Some(token) = account.token.take() else {
        return Err(Stop::failed("a token with the login", "none"));
    };
    let (mut peer, _) = trial.greeted("thief").await?;
    let response = try_resume(&mut peer, token, device()).await?;
    not_resumed(&response, &[ResumeResult::WRONG_DEVICE])
}
