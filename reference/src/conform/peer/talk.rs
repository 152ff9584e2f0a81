//! What checks say to a server, and wait for: requests and their answers, refusals, logins, proofs that it still lives.

use super::super::check::{Outcome, Stop};
use super::super::conduct::Rule;
use super::super::players::Account;
use super::super::requests::{Received, number};
use super::{Event, Peer, Refusal, hello, names, quiet, summary};
use crate::game::{
    ChatMessage, EchoReply, EchoRequest, Error, ErrorCode, KickNotice, KickReason, LoginRequest,
    LoginRequestCredential, LoginResponse, LoginResult, Packet, SessionGrant, State, Welcome,
    WelcomeResult,
};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// How many times longer what needs a password may take: servers compute few of these at a time.
const PASSWORD_PATIENCE: u32 = 10;

/// How often a request is repeated that comes too soon for the server.
const REPEATS: u32 = 5;

/// How long to wait before a request is repeated.
const PAUSE: Duration = Duration::from_millis(400);

impl Peer {
    /// Sends a request and waits for the packet that carries its number, an Error perhaps. A request that came too soon
    /// for the server is repeated.
    pub(in super::super) async fn request(&mut self, packet: impl Into<Packet>) -> Outcome<Packet> {
        let packet = packet.into();
        let patience = match packet {
            Packet::LoginRequest(_) | Packet::RegisterRequest(_) => {
                self.trial.patience() * PASSWORD_PATIENCE
            }
            _ => self.trial.patience(),
        };
        for attempt in 0.. {
            self.send(packet.clone()).await?;
            match self.answer(&packet, patience).await? {
                Packet::Error(error)
                    if error.code == ErrorCode::RATE_LIMITED && attempt < REPEATS =>
                {
                    sleep(PAUSE).await;
                }
                answer => return Ok(answer),
            }
        }
        Err(Stop::failed("an answer", "none"))
    }

    async fn answer(&mut self, request: &Packet, patience: Duration) -> Outcome<Packet> {
        let wanted = || format!("an answer to {} with its number", request.name());
        let deadline = Instant::now() + patience;
        loop {
            match self.next(deadline).await? {
                Event::Packet(packet) if self.watch.answered(&packet) == number(request) => {
                    return Ok(packet);
                }
                Event::Packet(Packet::Error(error)) if error.packet == request.id() => {
                    return Ok(error.into());
                }
                Event::Packet(packet @ Packet::KickNotice(_)) => {
                    return Err(Stop::failed(wanted(), summary(&packet)));
                }
                Event::Packet(_) => {}
                Event::Closed => return Err(Stop::failed(wanted(), "the connection was closed")),
                Event::Quiet => return Err(Stop::failed(wanted(), quiet(patience))),
            }
        }
    }

    /// Sends a request and waits for its answer, which has to be of this kind.
    pub(in super::super) async fn ask<T: Received>(
        &mut self,
        packet: impl Into<Packet>,
    ) -> Outcome<T> {
        let packet = packet.into();
        let wanted = format!("{} in answer to {}", T::NAME, packet.name());
        let answer = self.request(packet).await?;
        T::pick(answer).map_err(|other| Stop::failed(wanted, summary(&other)))
    }

    /// Sends a request that has to be refused by Error with one of these codes.
    pub(in super::super) async fn refused(
        &mut self,
        packet: impl Into<Packet>,
        codes: &[ErrorCode],
    ) -> Outcome {
        let packet = packet.into();
        let wanted = format!("Error with {} in answer to {}", names(codes), packet.name());
        match self.request(packet).await? {
            Packet::Error(error) if codes.contains(&error.code) => Ok(()),
            other => Err(Stop::failed(wanted, summary(&other))),
        }
    }

    /// Waits until the server refuses what was written: by an Error about a packet with this id, or by closing.
    pub(in super::super) async fn refusal(&mut self, id: Option<u16>) -> Outcome<Refusal> {
        let wanted = "the packet is refused, by Error or by closing the connection";
        let deadline = Instant::now() + self.trial.patience();
        loop {
            match self.next(deadline).await? {
                Event::Packet(Packet::Error(error)) if id.is_none_or(|id| id == error.packet) => {
                    return Ok(Refusal::Error(error.code));
                }
                Event::Packet(packet @ Packet::KickNotice(_)) => {
                    kicked_for_violation(packet)?;
                    self.closed("after KickNotice").await?;
                    return Ok(Refusal::Closed);
                }
                Event::Packet(_) => {}
                Event::Closed => return Ok(Refusal::Closed),
                Event::Quiet => return Err(Stop::failed(wanted, quiet(self.trial.patience()))),
            }
        }
    }

    /// Waits until the server closes the connection.
    pub(in super::super) async fn closed(&mut self, when: &str) -> Outcome {
        let deadline = Instant::now() + self.trial.patience();
        loop {
            match self.next(deadline).await? {
                Event::Closed => return Ok(()),
                Event::Packet(_) => {}
                Event::Quiet => {
                    if self.state() == State::Leaving {
                        self.trial
                            .breach(Rule::Ends, format!("the connection stays open {when}"));
                    }
                    return Err(Stop::failed(
                        format!("the server closes the connection {when}"),
                        format!("it is still open after {:?}", self.trial.patience()),
                    ));
                }
            }
        }
    }

    /// Sends an empty echo, and returns its number.
    async fn knock(&mut self) -> Outcome<u32> {
        let request = self.next_number();
        let payload = Vec::new();
        self.send(EchoRequest { request, payload }).await?;
        Ok(request)
    }

    /// Sends an echo, and returns what came before its answer: the server has dealt with all that was sent earlier, as
    /// far as that needs nobody else.
    pub(in super::super) async fn fence(&mut self) -> Outcome<Vec<Packet>> {
        let request = self.knock().await?;
        let deadline = Instant::now() + self.trial.patience();
        let mut before = Vec::new();
        let found = loop {
            match self.next(deadline).await? {
                Event::Packet(Packet::EchoReply(reply)) if reply.request == request => {
                    return Ok(before);
                }
                Event::Packet(packet) => before.push(packet),
                Event::Closed => break "the connection was closed".to_owned(),
                Event::Quiet => break quiet(self.trial.patience()),
            }
        };
        Err(Stop::failed("EchoReply, as the connection goes on", found))
    }

    /// Sends something that is said, and waits until the speaker hears it as well, or is told by an Error why nobody
    /// does.
    pub(in super::super) async fn say(
        &mut self,
        packet: impl Into<Packet>,
        speaker: &str,
    ) -> Outcome<Result<ChatMessage, Error>> {
        let packet = packet.into();
        for attempt in 0.. {
            self.send(packet.clone()).await?;
            let deadline = Instant::now() + self.trial.patience();
            loop {
                let found = match self.next(deadline).await? {
                    Event::Packet(Packet::ChatMessage(said)) if said.sender == speaker => {
                        return Ok(Ok(said));
                    }
                    Event::Packet(Packet::Error(error))
                        if error.code == ErrorCode::RATE_LIMITED && attempt < REPEATS =>
                    {
                        sleep(PAUSE).await;
                        break;
                    }
                    Event::Packet(Packet::Error(error)) => return Ok(Err(error)),
                    Event::Packet(_) => continue,
                    Event::Closed => "the connection was closed".to_owned(),
                    Event::Quiet => quiet(self.trial.patience()),
                };
                let wanted = format!("ChatMessage to who sent {}, or Error", packet.name());
                return Err(Stop::failed(wanted, found));
            }
        }
        Err(Stop::failed("an answer", "none"))
    }

    /// After a refusal by Error: the connection answers an echo, or is closed in spite of that. Anything but silence.
    pub(in super::super) async fn outlives(&mut self) -> Outcome {
        let request = self.knock().await?;
        let deadline = Instant::now() + self.trial.patience();
        loop {
            match self.next(deadline).await? {
                Event::Packet(Packet::EchoReply(reply)) if reply.request == request => {
                    return Ok(());
                }
                Event::Closed => return Ok(()),
                Event::Packet(_) => {}
                Event::Quiet => {
                    return Err(Stop::failed(
                        "after the refusal an answer to an echo, or the end of the connection",
                        quiet(self.trial.patience()),
                    ));
                }
            }
        }
    }

    /// Says Hello as it should be, and waits for a Welcome that lets in.
    pub(in super::super) async fn greet(&mut self) -> Outcome<Welcome> {
        self.send(hello()).await?;
        let welcome = self.expect::<Welcome>().await?;
        match welcome.result {
            WelcomeResult::OK => Ok(welcome),
            other => Err(Stop::failed(
                "Welcome with `ok`",
                format!("Welcome with {other:?}"),
            )),
        }
    }

    /// Logs in, by the account's token if it has one, and keeps the new token.
    pub(in super::super) async fn log_in(
        &mut self,
        account: &mut Account,
    ) -> Outcome<SessionGrant> {
        if let Some(token) = account.token.take() {
            let credential = LoginRequestCredential::Token(token);
            let response = self.try_login(account, credential).await?;
            if let Some(session) = response.session {
                account.token = Some(session.token);
                return Ok(session);
            }
        }
        let credential = LoginRequestCredential::Password(account.password.clone());
        let response = self.try_login(account, credential).await?;
        let Some(session) = response.session else {
            return Err(Stop::failed(
                format!("LoginResponse with `ok` for {}", account.name),
                format!(
                    "LoginResponse with {:?} ({:?})",
                    response.result, response.message
                ),
            ));
        };
        account.token = Some(session.token);
        Ok(session)
    }

    /// Asks to be let in, and returns what the server says.
    pub(in super::super) async fn try_login(
        &mut self,
        account: &Account,
        credential: LoginRequestCredential,
    ) -> Outcome<LoginResponse> {
        let request = self.next_number();
        let login = LoginRequest {
            request,
            name: account.name.clone(),
            credential,
            client_version: 1,
            device: account.device,
        };
        for _ in 0..REPEATS {
            let response = self.ask::<LoginResponse>(login.clone()).await?;
            if response.result != LoginResult::UNAVAILABLE {
                return Ok(response);
            }
            // Many log in by password at once; that is no fault.
            sleep(PAUSE).await;
        }
        self.ask::<LoginResponse>(login).await
    }

    /// Sends an echo of a payload, which has to come back as it is.
    pub(in super::super) async fn echo(&mut self, payload: Vec<u8>) -> Outcome {
        let request = self.next_number();
        let len = payload.len();
        let reply = self
            .ask::<EchoReply>(EchoRequest {
                request,
                payload: payload.clone(),
            })
            .await?;
        if reply.payload == payload {
            Ok(())
        } else {
            Err(Stop::failed(
                format!("EchoReply with the same {len} bytes"),
                format!("EchoReply with {} other ones", reply.payload.len()),
            ))
        }
    }
}

/// Whether who broke a rule was told so.
fn kicked_for_violation(packet: Packet) -> Outcome {
    match packet {
        Packet::KickNotice(KickNotice {
            reason: KickReason::PROTOCOL_VIOLATION | KickReason::FLOODING,
            ..
        }) => Ok(()),
        other => Err(Stop::failed(
            "KickNotice with `protocol_violation`",
            summary(&other),
        )),
    }
}
