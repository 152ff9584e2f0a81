//! A raw connection: writes whatever it is told to, and waits for what the server does, for so long and no longer.
//!
//! In: bytes and packets of a check. Out: packets of the server, each of which was judged by
//! [`conduct`](super::conduct::Watch), or why the check ends here. It keeps the transcript, answers heartbeats, and knows
//! no rule of the game. It is not the client library, which would refuse to send what is wrong on purpose.

use super::check::{Outcome, Stop};
use super::conduct::{Rule, Watch};
use super::players::Account;
use super::requests::{Received, number};
use super::trial::Trial;
use crate::client::Stream;
use crate::game::{
    ChatMessage, EchoReply, EchoRequest, Error, ErrorCode, FINGERPRINT, Framing, HeartbeatReply,
    Hello, KickNotice, KickReason, LoginRequest, LoginRequestCredential, LoginResponse,
    LoginResult, Packet, PacketView, SessionGrant, State, Welcome, WelcomeResult,
};
use packet_runtime::{Encode, Reassembler};
use std::io::ErrorKind;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::{Instant, sleep, timeout, timeout_at};

/// Version of the protocol that is tested.
pub(super) const VERSION: u16 = crate::PROTOCOL_VERSION;

/// How many times longer what needs a password may take: servers compute few of these at a time.
const PASSWORD_PATIENCE: u32 = 10;

/// How often a request is repeated that comes too soon for the server.
const REPEATS: u32 = 5;

/// How long to wait before a request is repeated.
const PAUSE: Duration = Duration::from_millis(400);

/// A connection to the server.
#[derive(Debug)]
pub(super) struct Peer {
    label: String,
    trial: Trial,
    stream: Stream,
    reassembler: Reassembler<Framing>,
    watch: Watch,
    numbers: u32,
    is_closed: bool,
    /// Whether heartbeats of the server are left unanswered.
    pub(super) is_mute: bool,
    /// Whether the server may cut the stream inside a packet, since this side did not read.
    pub(super) is_slow: bool,
}

/// What happens next on a connection.
#[derive(Debug)]
pub(super) enum Event {
    /// A packet came. Heartbeats of the server were answered and do not count, neither do its notices.
    Packet(Packet),
    /// The server closed the connection.
    Closed,
    /// Nothing came in time.
    Quiet,
}

/// How a packet was refused.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// By an answer; the connection goes on.
    Error(ErrorCode),
    /// The connection was closed, with or without a word.
    Closed,
}

impl Peer {
    pub(super) async fn connect(trial: &Trial, label: &str) -> Outcome<Self> {
        let connecting = trial.target.dialer.dial();
        let stream = match timeout(trial.patience(), connecting).await {
            Ok(Ok(stream)) => stream,
            Ok(Err(error)) => return Err(Stop::failed("a connection", error.to_string())),
            Err(_) => return Err(Stop::failed("a connection", quiet(trial.patience()))),
        };
        Ok(Self {
            label: label.to_owned(),
            trial: trial.clone(),
            stream,
            reassembler: Reassembler::new(Framing),
            watch: Watch::default(),
            numbers: 0,
            is_closed: false,
            is_mute: false,
            is_slow: false,
        })
    }

    /// The state that the server's packets led to.
    pub(super) fn state(&self) -> State {
        self.watch.state()
    }

    /// A number for a request.
    pub(super) fn next_number(&mut self) -> u32 {
        self.numbers += 1;
        self.numbers
    }

    /// Writes bytes as they are. That the server has closed shows when the connection is read.
    pub(super) async fn write(&mut self, bytes: &[u8]) -> Outcome {
        self.trial.transcript().wrote(&self.label, bytes);
        self.watch.wrote(bytes);
        let writing = async {
            self.stream.write_all(bytes).await?;
            self.stream.flush().await
        };
        match timeout(self.trial.patience(), writing).await {
            Ok(_) => Ok(()),
            Err(_) => Err(Stop::failed(
                "the server reads",
                quiet(self.trial.patience()),
            )),
        }
    }

    /// Writes as much as fits within `patience`, and returns how many bytes that were.
    pub(super) async fn write_some(&mut self, bytes: &[u8], patience: Duration) -> usize {
        let written = match timeout(patience, self.stream.write(bytes)).await {
            Ok(Ok(count)) => count,
            Ok(Err(_)) => {
                self.is_closed = true;
                0
            }
            Err(_) => 0,
        };
        self.watch.wrote(&bytes[..written]);
        written
    }

    /// Says that nothing more will be written.
    pub(super) async fn finish(&mut self) {
        // If it is closed already, so much the better.
        let _ = self.stream.shutdown().await;
    }

    /// Sends a packet.
    pub(super) async fn send(&mut self, packet: impl Into<Packet>) -> Outcome {
        let bytes = encode(&packet.into())?;
        self.write(&bytes).await
    }

    /// Waits for what happens next.
    pub(super) async fn next(&mut self, deadline: Instant) -> Outcome<Event> {
        loop {
            match self.take_frame()? {
                Some(Packet::Heartbeat(heartbeat)) if !self.is_mute => {
                    self.send(HeartbeatReply {
                        sequence: heartbeat.sequence,
                        sent_at: heartbeat.sent_at,
                    })
                    .await?;
                    continue;
                }
                Some(Packet::Heartbeat(_) | Packet::ServerNotice(_)) => continue,
                Some(packet) => return Ok(Event::Packet(packet)),
                None => {}
            }
            if self.is_closed {
                return Ok(Event::Closed);
            }
            let read = self.stream.read(self.reassembler.spare_mut());
            match timeout_at(deadline, read).await {
                Err(_) => return Ok(Event::Quiet),
                Ok(Ok(0)) => {
                    self.is_closed = true;
                    if self.reassembler.buffered() > 0 && !self.is_slow {
                        return Err(self.undecodable("the connection ended inside a packet"));
                    }
                }
                Ok(Ok(count)) => self.reassembler.advance(count),
                Ok(Err(error)) if error.kind() == ErrorKind::Interrupted => {}
                Ok(Err(_)) => self.is_closed = true,
            }
        }
    }

    /// The next packet that is there already.
    fn take_frame(&mut self) -> Outcome<Option<Packet>> {
        let judged = match self.reassembler.next_frame() {
            Ok(None) => return Ok(None),
            Err(error) => Err(error.to_string()),
            Ok(Some(frame)) => {
                self.trial.transcript().read(&self.label, frame);
                match PacketView::parse(frame) {
                    Ok(PacketView::Unknown { id, .. }) => Err(format!("no packet has the id {id}")),
                    Ok(view) => Ok((self.watch.read(&view), Packet::from(view))),
                    Err(error) => Err(error.to_string()),
                }
            }
        };
        match judged {
            Ok((breaches, packet)) => {
                for (rule, what) in breaches {
                    self.trial.breach(rule, what);
                }
                Ok(Some(packet))
            }
            Err(what) => Err(self.undecodable(&what)),
        }
    }

    fn undecodable(&self, what: &str) -> Stop {
        self.trial.breach(Rule::Decodes, what.to_owned());
        Stop::failed("packets of the schema", what)
    }

    /// Waits for a packet, whatever else comes before.
    pub(super) async fn expect<T: Received>(&mut self) -> Outcome<T> {
        self.expect_that("", |_| true).await
    }

    /// Waits for a packet of which something is true, whatever else comes before. An Error and the end of the
    /// connection end the wait, too.
    pub(super) async fn expect_that<T: Received>(
        &mut self,
        what: &str,
        is_it: impl Fn(&T) -> bool,
    ) -> Outcome<T> {
        let wanted = || format!("{} {what} for {}", T::NAME, self.label);
        let wanted = wanted().replace("  ", " ");
        let deadline = Instant::now() + self.trial.patience();
        let mut other = None;
        loop {
            let found = match self.next(deadline).await? {
                Event::Packet(packet) => {
                    let name = packet.name();
                    match T::pick(packet) {
                        Ok(packet) if is_it(&packet) => return Ok(packet),
                        Ok(_) => {
                            other = Some(format!("{name} of another content"));
                            continue;
                        }
                        Err(packet) => match *packet {
                            packet @ (Packet::Error(_) | Packet::KickNotice(_)) => summary(&packet),
                            _ => continue,
                        },
                    }
                }
                Event::Closed => "the connection was closed".to_owned(),
                Event::Quiet => quiet(self.trial.patience()),
            };
            let found = match other {
                Some(other) => format!("{found}, after {other}"),
                None => found,
            };
            return Err(Stop::failed(wanted, found));
        }
    }

    /// Sends a request and waits for the packet that carries its number, an Error perhaps. A request that came too soon
    /// for the server is repeated.
    pub(super) async fn request(&mut self, packet: impl Into<Packet>) -> Outcome<Packet> {
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
    pub(super) async fn ask<T: Received>(&mut self, packet: impl Into<Packet>) -> Outcome<T> {
        let packet = packet.into();
        let wanted = format!("{} in answer to {}", T::NAME, packet.name());
        let answer = self.request(packet).await?;
        T::pick(answer).map_err(|other| Stop::failed(wanted, summary(&other)))
    }

    /// Sends a request that has to be refused by Error with one of these codes.
    pub(super) async fn refused(
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
    pub(super) async fn refusal(&mut self, id: Option<u16>) -> Outcome<Refusal> {
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
    pub(super) async fn closed(&mut self, when: &str) -> Outcome {
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

    /// Sends an echo, and returns what came before its answer: the server has dealt with all that was sent earlier, as
    /// far as that needs nobody else.
    pub(super) async fn fence(&mut self) -> Outcome<Vec<Packet>> {
        let request = self.next_number();
        self.send(EchoRequest {
            request,
            payload: Vec::new(),
        })
        .await?;
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
    pub(super) async fn say(
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
    pub(super) async fn outlives(&mut self) -> Outcome {
        let request = self.next_number();
        self.send(EchoRequest {
            request,
            payload: Vec::new(),
        })
        .await?;
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
    pub(super) async fn greet(&mut self) -> Outcome<Welcome> {
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
    pub(super) async fn log_in(&mut self, account: &mut Account) -> Outcome<SessionGrant> {
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
    pub(super) async fn try_login(
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
    pub(super) async fn echo(&mut self, payload: Vec<u8>) -> Outcome {
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

/// The greeting of a client that fits.
pub(super) fn hello() -> Hello {
    Hello {
        version: VERSION,
        fingerprint: FINGERPRINT,
        client: concat!("packet-client conform/", env!("CARGO_PKG_VERSION")).to_owned(),
    }
}

/// The bytes of a packet.
pub(super) fn encode(packet: &Packet) -> Outcome<Vec<u8>> {
    let bytes = packet.to_vec();
    bytes.map_err(|error| Stop::skipped(format!("the packet has no bytes: {error}")))
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

/// A packet on one line.
pub(super) fn summary(packet: &Packet) -> String {
    const MOST: usize = 240;
    let text = match packet {
        Packet::Error(Error {
            request,
            packet,
            code,
            text,
        }) => {
            let code = code
                .name()
                .map_or_else(|| format!("{code:?}"), |name| format!("`{name}`"));
            format!("Error with {code} about packet {packet}, request {request}: {text:?}")
        }
        other => format!("{other:?}"),
    };
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// What came, if nothing did.
pub(super) fn quiet(patience: Duration) -> String {
    format!("nothing of the kind within {patience:?}")
}

/// Codes by their names in the schema.
pub(super) fn names(codes: &[ErrorCode]) -> String {
    let names: Vec<String> = codes
        .iter()
        .map(|code| format!("`{}`", code.name().unwrap_or("?")))
        .collect();
    names.join(" or ")
}
