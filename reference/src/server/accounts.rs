//! Registering, logging in, resuming and logging out: what the store says, as packets.
//!
//! In: a request of one session, which has no other one under way. Out: its answer in the session's queue, and a player
//! who is logged in: known to the registry, and to the world. The session reads nothing in the meantime, so its answers
//! are in order.

use super::context::Context;
use super::mailbox::{Identity, Mailbox};
use super::player::Player;
use super::simulation::Command;
use super::store::{Grant, LoginError, RegisterError, ResumeError};
use crate::game::{
    LoginRequest, LoginRequestCredential, LoginResponse, LoginResult, Logout, LogoutResponse,
    Packet, RegisterRequest, RegisterResponse, RegisterResult, ResumeRequest, ResumeResponse,
    ResumeResult, ServerInfo, SessionGrant,
};
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::sync::oneshot;
use tracing::info;

/// Makes an account.
pub(super) async fn register(context: &Context, mailbox: &Mailbox, asked: RegisterRequest) {
    let registered = context.store.register(&asked.name, &asked.password).await;
    let result = match registered {
        Ok(player) => {
            // The name is the peer's, so it is shown with what it could do to a terminal escaped.
            info!(session = mailbox.session().0, player, name = ?asked.name, "registered");
            RegisterResult::OK
        }
        Err(RegisterError::NameTaken) => RegisterResult::NAME_TAKEN,
        Err(RegisterError::NameNotAllowed) => RegisterResult::NAME_NOT_ALLOWED,
        Err(RegisterError::WeakPassword) => RegisterResult::WEAK_PASSWORD,
        Err(RegisterError::Closed) => RegisterResult::CLOSED,
        Err(RegisterError::Unavailable) => RegisterResult::UNAVAILABLE,
    };
    let request = asked.request;
    mailbox.answer(&Packet::from(RegisterResponse { request, result }));
}

/// Lets a player in. `local` is the address at which the client reached the server.
pub(super) async fn login(
    context: &Context,
    mailbox: &Arc<Mailbox>,
    asked: LoginRequest,
    local: SocketAddr,
) {
    let store = &context.store;
    let granted = match &asked.credential {
        LoginRequestCredential::Password(password) => {
            let login = store.login_by_password(&asked.name, password, asked.device);
            login.await
        }
        LoginRequestCredential::Token(token) => {
            let login = store.login_by_token(&asked.name, *token, asked.device);
            login.await
        }
    };
    let request = asked.request;
    let grant = match granted {
        Ok(grant) => grant,
        Err(error) => return mailbox.answer(&refused(request, error)),
    };
    let answer = Packet::from(LoginResponse {
        request,
        result: LoginResult::OK,
        message: String::new(),
        session: Some(session_grant(&grant)),
        servers: vec![this_server(context, local)],
    });
    enter(context, mailbox, grant, |player, older| {
        // In front of all that the world has to say.
        mailbox.answer(&answer);
        Command::Join {
            mailbox: Arc::clone(mailbox),
            player,
            older,
        }
    });
}

/// Lets a player go on whose connection was lost.
pub(super) async fn resume(context: &Context, mailbox: &Arc<Mailbox>, asked: ResumeRequest) {
    let granted = context.store.resume(asked.token, asked.device).await;
    let request = asked.request;
    let grant = match granted {
        Ok(grant) => grant,
        Err(error) => {
            let result = match error {
                ResumeError::UnknownToken => ResumeResult::UNKNOWN_TOKEN,
                ResumeError::ExpiredToken => ResumeResult::EXPIRED_TOKEN,
                ResumeError::WrongDevice => ResumeResult::WRONG_DEVICE,
                ResumeError::Unavailable => ResumeResult::UNAVAILABLE,
            };
            return mailbox.answer(&Packet::from(ResumeResponse {
                request,
                result,
                session: None,
                arrival: None,
            }));
        }
    };
    let session = session_grant(&grant);
    enter(context, mailbox, grant, |player, older| Command::Resume {
        mailbox: Arc::clone(mailbox),
        player,
        older,
        request,
        grant: session,
    });
}

/// Lets a player go, and makes the token worthless if that is wanted.
pub(super) async fn logout(context: &Context, mailbox: &Arc<Mailbox>, asked: Logout) {
    let Some(identity) = mailbox.identity() else {
        return; // the schema lets nobody log out who is not logged in
    };
    let mut token_revoked = false;
    if asked.revoke_token {
        token_revoked = context.store.revoke(identity.token).await.is_ok();
    }
    let (done, answered) = oneshot::channel();
    context.simulation.command(Command::Logout {
        mailbox: Arc::clone(mailbox),
        answer: LogoutResponse {
            request: asked.request,
            token_revoked,
        },
        done,
    });
    // Until then nothing more is read. A world that has ended answers nobody.
    let _ = answered.await;
}

/// Makes the session the player's and tells the world. The registry's lock is held meanwhile, so the world hears of two
/// logins of one player in the order in which they count.
fn enter(
    context: &Context,
    mailbox: &Mailbox,
    grant: Grant,
    command: impl FnOnce(Player, Option<super::player::SessionId>) -> Command,
) {
    let Grant { player, token, .. } = grant;
    let session = mailbox.session().0;
    info!(session, player = player.id, name = ?player.name, "logged in");
    let identity = Identity {
        player: player.clone(),
        token,
    };
    let limit = context.settings.queues.outgoing;
    context.registry.claim(mailbox, identity, limit, |older| {
        context.simulation.command(command(player, older));
    });
}

fn refused(request: u32, error: LoginError) -> Packet {
    let result = match error {
        LoginError::BadCredentials => LoginResult::BAD_CREDENTIALS,
        LoginError::ExpiredToken => LoginResult::EXPIRED_TOKEN,
        LoginError::Unavailable | LoginError::Busy => LoginResult::UNAVAILABLE,
    };
    Packet::from(LoginResponse {
        request,
        result,
        message: error.to_string(),
        session: None,
        servers: Vec::new(),
    })
}

fn session_grant(grant: &Grant) -> SessionGrant {
    SessionGrant {
        token: grant.token,
        token_lifetime_seconds: u32::try_from(grant.lifetime.as_secs()).unwrap_or(u32::MAX),
        player: grant.player.id,
    }
}

/// This server, as clients see it: the only one that it knows of.
fn this_server(context: &Context, local: SocketAddr) -> ServerInfo {
    let most = context.settings.limits.connections.max(1);
    let players = u32::try_from(context.registry.players()).unwrap_or(u32::MAX);
    let percent = u64::from(players.min(most)) * 100 / u64::from(most);
    // A client of IPv4 reaches a listener for both versions by an address of IPv4.
    let reached = local.ip().to_canonical().to_string();
    let public = context.settings.listen.public();
    let (address, port) = public.unwrap_or((&reached, local.port()));
    ServerInfo {
        id: 1,
        name: "reference".to_owned(),
        address: address.to_owned(),
        port,
        players: u16::try_from(players).unwrap_or(u16::MAX),
        capacity: u16::try_from(most).unwrap_or(u16::MAX),
        load: u8::try_from(percent).unwrap_or(100),
    }
}
