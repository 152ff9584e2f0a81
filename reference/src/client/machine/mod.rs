//! A client without its network: greeting, login, requests, heartbeats, the queue, and what becomes of a lost connection.
//!
//! In: packets to be sent, frames that came, that a connection was made or lost, and the time. Out: bytes to write, events,
//! answers, and what to do next. It does no IO, and has neither a clock nor randomness of its own. The way to a session that is
//! ready is in `login`.
//!
//! ```text
//! connecting --> greeting --> (registering) --> logging in or resuming --> ready
//!      ^             |               |                     |                 |
//!      |             '---------------'--- lost ------------'-----------------'
//!      |                                    |
//!      '------------------------------- resting          or ended
//! ```

mod backoff;
mod heartbeats;
mod login;
mod outbox;
mod requests;
mod rules;
#[cfg(test)]
mod tests;

use super::error::name_of;
use super::exchange::{self, Own};
use super::options::{Direction, Options};
use super::{ClientError, Event, Grant, PROTOCOL_VERSION, RequestError, SendError};
use crate::game::{
    FINGERPRINT, HeartbeatReply, Hello, LoginResult, Packet, PacketKind, PacketView, ServerInfo,
    Session, Side, State, Welcome,
};
use backoff::Backoff;
use heartbeats::Heartbeats;
use outbox::{Outbox, Waiting};
use packet_runtime::session::{Reason, Refused};
use packet_runtime::{Encode, EncodeError};
use requests::{Pending, Requests};
use rules::Rules;
use std::collections::VecDeque;
use std::io::IoSlice;
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// Who waits for an answer.
type Waiter = oneshot::Sender<Result<Packet, RequestError>>;

/// A client without its network.
#[derive(Debug)]
pub(super) struct Machine {
    options: Options,
    phase: Phase,
    /// Of the connection that there is.
    session: Session,
    /// The state that packets are judged by while there is no session: that of the connection that was lost.
    last_state: State,
    rules: Rules,
    outbox: Outbox,
    requests: Requests<Waiter>,
    next_number: u32,
    heartbeats: Option<Heartbeats>,
    events: VecDeque<Event>,
    missed: u64,
    own: Own,
    grant: Option<Grant>,
    welcome: Option<Welcome>,
    servers: Vec<ServerInfo>,
    backoff: Option<Backoff>,
    /// Of the generator of the numbers that pauses are drawn by.
    random: u64,
    /// Since when a connection is ready; none ever was if there is none.
    ready_since: Option<Instant>,
    /// The client's user wants the end, as soon as all is written.
    finishing: bool,
}

/// How far a client is.
#[derive(Clone, Debug)]
enum Phase {
    /// Somebody makes a network connection.
    Connecting,
    /// Hello was sent.
    Greeting {
        until: Instant,
    },
    /// A request of the login was sent.
    LoggingIn {
        number: u32,
        until: Instant,
    },
    /// Whatever is allowed can be sent.
    Ready,
    /// The next attempt is later.
    Resting {
        until: Instant,
    },
    Ended(ClientError),
}

/// What there is to do for who runs the machine.
#[derive(Debug)]
pub(super) enum Step {
    /// Make a network connection, and report it or its failure.
    Connect,
    /// Wait until [`Machine::deadline`].
    Rest,
    /// Nothing more.
    End,
}

impl Machine {
    /// A client that has to be connected; `random` is any number.
    pub(super) fn new(options: Options, random: u64) -> Self {
        let own = Own {
            name: options.login.name().map(str::to_owned),
            entity: None,
        };
        Self {
            phase: Phase::Connecting,
            session: Session::new(),
            last_state: State::Connected,
            rules: Rules::default(),
            outbox: Outbox::new(options.queue),
            requests: Requests::new(),
            next_number: 1,
            heartbeats: None,
            events: VecDeque::new(),
            missed: 0,
            own,
            grant: None,
            welcome: None,
            servers: Vec::new(),
            backoff: options.reconnect.map(Backoff::new),
            random,
            ready_since: None,
            finishing: false,
            options,
        }
    }

    // What the client's user asks.

    /// The session's state; that of the connection that was lost while there is none.
    pub(super) const fn state(&self) -> State {
        match self.phase {
            Phase::Ready => self.session.state(),
            _ => self.last_state,
        }
    }

    pub(super) const fn is_ready(&self) -> bool {
        matches!(self.phase, Phase::Ready)
    }

    /// Why the client has ended, if it has.
    pub(super) fn end(&self) -> Option<ClientError> {
        match &self.phase {
            Phase::Ended(error) => Some(error.clone()),
            _ => None,
        }
    }

    pub(super) fn round_trip(&self) -> Option<Duration> {
        self.heartbeats.as_ref().and_then(Heartbeats::round_trip)
    }

    pub(super) const fn own(&self) -> &Own {
        &self.own
    }

    pub(super) const fn grant(&self) -> Option<&Grant> {
        self.grant.as_ref()
    }

    pub(super) const fn welcome(&self) -> Option<&Welcome> {
        self.welcome.as_ref()
    }

    pub(super) fn servers(&self) -> &[ServerInfo] {
        &self.servers
    }

    /// The next thing that happened.
    pub(super) fn next_event(&mut self) -> Option<Event> {
        match std::mem::take(&mut self.missed) {
            0 => self.events.pop_front(),
            count => Some(Event::Missed { count }),
        }
    }

    /// Whether all that was sent is written.
    pub(super) fn is_flushed(&self) -> bool {
        self.outbox.waiting().0 == 0
    }

    /// Takes a packet for sending. A request without a number gets one.
    pub(super) fn send(&mut self, mut packet: Packet) -> Result<(), SendError> {
        self.enqueue(&mut packet).map(drop)
    }

    /// Takes a request for sending. `waiter` hears what becomes of it.
    pub(super) fn request(
        &mut self,
        mut packet: Packet,
        patience: Duration,
        now: Instant,
        waiter: Waiter,
    ) {
        if exchange::reply_to(&packet).is_none() {
            let packet = packet.name();
            return answer(waiter, Err(RequestError::NoReply { packet }));
        }
        match self.enqueue(&mut packet) {
            Ok((kind, Some(number))) => {
                self.requests
                    .add((number, kind), packet, patience, now, waiter);
            }
            Ok((kind, None)) => {
                let packet = kind.name();
                answer(waiter, Err(RequestError::NoReply { packet }));
            }
            Err(error) => answer(waiter, Err(error.into())),
        }
    }

    /// The client is to end when all that waits is written.
    pub(super) fn finish(&mut self) {
        self.finishing = true;
        if !self.is_ready() {
            self.end_with(ClientError::Finished);
        }
    }

    fn enqueue(&mut self, packet: &mut Packet) -> Result<(PacketKind, Option<u32>), SendError> {
        if let Phase::Ended(error) = &self.phase {
            return Err(SendError::Ended(error.clone()));
        }
        if self.finishing {
            return Err(SendError::Ended(ClientError::Finished));
        }
        let number = self.number(packet);
        let (bytes, kind) = encode(packet)?;
        let state = self.state();
        let refused = |reason| {
            SendError::NotAllowed(Refused {
                state,
                side: Side::Client,
                packet: name_of(kind),
                reason,
            })
        };
        let Some(kind) = kind else {
            return Err(refused(Reason::Unknown));
        };
        if !kind.is_sent_by(Side::Client) {
            return Err(refused(Reason::Side));
        }
        if !kind.is_sent_in(state) {
            return Err(refused(Reason::State));
        }
        if let Some(behind) = self.rules.holds(packet) {
            let packet = kind.name();
            return Err(SendError::MustWait { packet, behind });
        }
        if !self.outbox.has_room(bytes.len()) {
            let (packets, bytes) = self.outbox.waiting();
            return Err(SendError::QueueFull { packets, bytes });
        }
        self.rules.sent(packet);
        if let Packet::LoginRequest(login) = &*packet {
            self.own.name = Some(login.name.clone());
        }
        self.outbox.push(Waiting {
            bytes,
            kind,
            number,
        });
        Ok((kind, number))
    }

    /// The number of a request, which gets one if it has none or that of another request without an answer.
    fn number(&mut self, packet: &mut Packet) -> Option<u32> {
        let number = exchange::number_mut(packet)?;
        if *number == 0 || self.requests.has(*number) {
            while self.next_number == 0 || self.requests.has(self.next_number) {
                self.next_number = self.next_number.wrapping_add(1);
            }
            *number = self.next_number;
        }
        self.next_number = number.wrapping_add(1);
        Some(*number)
    }

    // What happens on the network.

    /// What there is to do while there is no connection.
    pub(super) const fn step(&self) -> Step {
        match self.phase {
            Phase::Resting { .. } => Step::Rest,
            Phase::Ended(_) => Step::End,
            _ => Step::Connect,
        }
    }

    /// A network connection is there.
    pub(super) fn connected(&mut self, now: Instant) -> Result<(), ClientError> {
        self.session = Session::new();
        self.phase = Phase::Greeting {
            until: now + self.options.login_timeout,
        };
        let hello = Hello {
            version: PROTOCOL_VERSION,
            fingerprint: FINGERPRINT,
            client: self.options.software.clone(),
        };
        self.push_own(hello)
    }

    /// A frame came. An error ends the connection, and is to be reported as its loss.
    pub(super) fn received(&mut self, frame: &[u8], now: Instant) -> Result<(), ClientError> {
        if let Some(tap) = &self.options.tap {
            tap.show(Direction::ToClient, frame);
        }
        if let Some(heartbeats) = &mut self.heartbeats {
            heartbeats.heard(now);
        }
        let view = PacketView::parse(frame).map_err(ClientError::Decode)?;
        self.session
            .advance(Side::Server, &view)
            .map_err(ClientError::NotAllowed)?;
        let packet = Packet::from(view);
        self.learn(&packet);
        match packet {
            Packet::Heartbeat(heartbeat) => self.push_own(HeartbeatReply {
                sequence: heartbeat.sequence,
                sent_at: heartbeat.sent_at,
            }),
            Packet::HeartbeatReply(reply) => {
                let heartbeats = self.heartbeats.as_mut();
                if !heartbeats.is_some_and(|heartbeats| heartbeats.answered(&reply, now)) {
                    self.push_event(Event::Packet(reply.into()));
                }
                Ok(())
            }
            Packet::KickNotice(kick) => Err(ClientError::Kicked {
                reason: kick.reason,
                text: kick.text,
            }),
            packet => match self.phase {
                Phase::Greeting { .. } => self.greeted(packet, now),
                Phase::LoggingIn { number, .. } => self.answered(number, packet, now),
                _ => self.deliver(packet),
            },
        }
    }

    /// Time has passed. An error ends the connection, and is to be reported as its loss.
    pub(super) fn tick(&mut self, now: Instant) -> Result<(), ClientError> {
        for Pending {
            number,
            kind,
            patience,
            waiter,
            ..
        } in self.requests.expired(now)
        {
            // Of a request that is written its answer can still come, so what it holds up stays held up.
            if self.outbox.withdraw(number) {
                self.rules.answered(number);
            }
            let packet = kind.name();
            answer(waiter, Err(RequestError::Timeout { packet, patience }));
        }
        let patience = self.options.login_timeout;
        match self.phase {
            Phase::Greeting { until } if until <= now => {
                let waiting_for = "the answer to the greeting";
                return Err(ClientError::Timeout {
                    waiting_for,
                    patience,
                });
            }
            Phase::LoggingIn { until, .. } if until <= now => {
                let waiting_for = "the answer to the login";
                return Err(ClientError::Timeout {
                    waiting_for,
                    patience,
                });
            }
            Phase::Resting { until } if until <= now => self.phase = Phase::Connecting,
            _ => {}
        }
        let Some(heartbeats) = &mut self.heartbeats else {
            return Ok(());
        };
        if let Some(silence) = heartbeats.silence(now) {
            return Err(ClientError::Silent { silence });
        }
        match heartbeats.due(now) {
            Some(heartbeat) => self.push_own(heartbeat),
            None => Ok(()),
        }
    }

    /// When [`Machine::tick`] has something to do.
    pub(super) fn deadline(&self) -> Option<Instant> {
        let phase = match self.phase {
            Phase::Greeting { until }
            | Phase::LoggingIn { until, .. }
            | Phase::Resting { until } => Some(until),
            _ => None,
        };
        let heartbeat = self.heartbeats.as_ref().map(Heartbeats::deadline);
        [phase, heartbeat, self.requests.deadline()]
            .into_iter()
            .flatten()
            .min()
    }

    /// Whether there is something to write.
    pub(super) fn has_output(&self) -> bool {
        !self.outbox.is_empty(self.is_ready())
    }

    /// What is to be written next, for a vectored write.
    pub(super) fn output(&self) -> Vec<IoSlice<'_>> {
        self.outbox.pieces(self.is_ready())
    }

    /// So many bytes of the output were written.
    pub(super) fn wrote(&mut self, count: usize) {
        for packet in self.outbox.advance(count) {
            if let Some(tap) = &self.options.tap {
                tap.show(Direction::ToServer, &packet.bytes);
            }
        }
    }

    /// Whether the connection is to be closed since the client's user is done.
    pub(super) fn is_finished(&self) -> bool {
        self.finishing && !self.has_output()
    }

    /// The connection is gone, or could not be made.
    pub(super) fn lost(&mut self, error: ClientError, now: Instant) {
        if self.is_ready() {
            self.last_state = self.session.state();
        }
        if let Some(since) = self.ready_since.filter(|_| self.is_ready())
            && let Some(backoff) = &mut self.backoff
        {
            backoff.succeeded(now.saturating_duration_since(since));
        }
        self.heartbeats = None;
        self.outbox.lost();
        let outbox = &self.outbox;
        self.rules.lost(|number| outbox.has(number));
        for Pending { kind, waiter, .. } in self.requests.written(|number| outbox.has(number)) {
            let packet = kind.name();
            answer(waiter, Err(RequestError::Lost { packet }));
        }
        if self.finishing {
            return self.end_with(ClientError::Finished);
        }
        let random = self.random();
        let was_ready = self.ready_since.is_some();
        match &mut self.backoff {
            Some(backoff) if was_ready && error.is_temporary() => {
                if let Some(retry_in) = backoff.pause(random) {
                    self.phase = Phase::Resting {
                        until: now + retry_in,
                    };
                    self.push_event(Event::Disconnected { error, retry_in });
                } else {
                    let attempts = backoff.attempts();
                    let last = Box::new(error);
                    self.end_with(ClientError::GaveUp { attempts, last });
                }
            }
            _ => self.end_with(error),
        }
    }

    fn end_with(&mut self, error: ClientError) {
        for Pending { waiter, .. } in self.requests.written(|_| false) {
            answer(waiter, Err(RequestError::Ended(error.clone())));
        }
        self.phase = Phase::Ended(error);
    }

    // Packets of the server.

    /// Remembers who the client is.
    fn learn(&mut self, packet: &Packet) {
        let (session, arrival) = match packet {
            Packet::LoginResponse(response) => {
                if response.result == LoginResult::OK {
                    self.servers.clone_from(&response.servers);
                }
                (response.session, None)
            }
            Packet::ResumeResponse(response) => (response.session, response.arrival),
            Packet::WorldEntered(entered) => (None, Some(entered.arrival)),
            Packet::WorldLeft(_) => {
                self.own.entity = None;
                return;
            }
            _ => return,
        };
        if let Some(session) = session {
            self.grant = Some(Grant {
                player: session.player,
                token: session.token,
                lifetime: Duration::from_secs(session.token_lifetime_seconds.into()),
            });
            self.own.entity = None;
        }
        if let Some(arrival) = arrival {
            self.own.entity = Some(arrival.entity);
        }
    }

    /// Gives a packet to who waits for it, or to whoever listens.
    fn deliver(&mut self, packet: Packet) -> Result<(), ClientError> {
        if let Some(number) = exchange::answered(&packet, &self.own) {
            self.rules.answered(number);
        }
        let is_end = matches!(packet, Packet::LogoutResponse(_));
        match self.requests.answered_by(&packet, &self.own) {
            Some(Pending { waiter, .. }) => answer(
                waiter,
                match packet {
                    Packet::Error(error) => Err(RequestError::Refused(error)),
                    reply => Ok(reply),
                },
            ),
            None => self.push_event(Event::Packet(packet)),
        }
        if is_end {
            return Err(ClientError::LoggedOut);
        }
        Ok(())
    }

    fn push_event(&mut self, event: Event) {
        if self.events.len() >= self.options.events {
            self.events.pop_front();
            self.missed += 1;
        }
        self.events.push_back(event);
    }

    /// Puts a packet of the client's own in front of the queue.
    fn push_own(&mut self, packet: impl Into<Packet>) -> Result<(), ClientError> {
        let (bytes, kind) = encode(&packet.into()).map_err(ClientError::Unsendable)?;
        if let Some(kind) = kind {
            self.outbox.push_own(bytes, kind);
        }
        Ok(())
    }

    /// The next number of `SplitMix64`, by Steele, Lea and Flood.
    const fn random(&mut self) -> u64 {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.random;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

/// Who waits may have gone, which is no concern of the connection's.
fn answer(waiter: Waiter, result: Result<Packet, RequestError>) {
    let _ = waiter.send(result);
}

/// The bytes of a packet, and which one it is.
fn encode(packet: &Packet) -> Result<(Vec<u8>, Option<PacketKind>), EncodeError> {
    Ok((packet.to_vec()?, exchange::kind_of(packet)))
}
