//! A client without its network: greeting, login, requests, heartbeats, the queue, and what becomes of a lost connection.
//!
//! In: packets to be sent, frames that came, that a connection was made or lost, and the time. Out: bytes to write, events,
//! answers, and what to do next. It does no IO, and has neither a clock nor randomness of its own. The way to a session that is
//! ready is in `login`, and what happens on the network in `network`.
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
mod network;
mod outbox;
mod requests;
mod rules;
#[cfg(test)]
mod tests;

use super::error::name_of;
use super::exchange::{self, Own};
use super::options::Options;
use super::{ClientError, Event, Grant, RequestError, SendError};
use crate::game::{LoginResult, Packet, PacketKind, ServerInfo, Session, Side, State, Welcome};
use backoff::Backoff;
use heartbeats::Heartbeats;
use outbox::{Outbox, Waiting};
use packet_runtime::session::{Reason, Refused};
use packet_runtime::{Encode, EncodeError};
use requests::{Pending, Requests};
use rules::Rules;
use std::collections::VecDeque;
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
