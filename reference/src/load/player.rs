//! An honest connection: comes in, sends what it is told to, and judges the answers.
//!
//! In: frames of the server, what is to be sent, and the time. Out: packets in a [`Backlog`], and what they led to in a
//! [`Tally`]. This knows no sockets.

use super::flight::{Flight, Sent};
use super::login::{Login, Outcome};
use super::mix::Kind;
use super::tally::{Tally, count};
use super::walk::Walk;
use crate::game::{
    Broadcast, ChatMessageScopeView, EchoRequestRef, GuildListRequest, Heartbeat, HeartbeatReply,
    PacketView, RoomListRequest, SayRef, TimeSyncRequest,
};
use packet_runtime::stream::Backlog;
use packet_runtime::{DecodeError, EncodeError};
use std::fmt;
use std::time::Instant;

/// Bytes that may wait for a server that does not read. What comes on top is not sent.
const MOST_WAITING: usize = 1024 * 1024;
/// What players say.
const WORDS: &str = "Is anybody there? I have been walking in circles.";

/// An honest client.
#[derive(Debug)]
pub(super) struct Player {
    login: Login,
    /// What is to be written.
    pub(super) out: Backlog,
    flight: Flight,
    /// The player's entity and its way, in the world.
    body: Option<(u32, Walk)>,
    ready: bool,
    /// The last thing that the server said about the connection's end.
    farewell: Option<String>,
    /// The request of a broadcast that has not been answered by an error.
    broadcast: u32,
}

/// What a packet of the server led to.
#[derive(Debug)]
pub(super) enum Event {
    /// Nothing that anybody has to know.
    None,
    /// A request was answered, so the next one may follow.
    Answered,
    /// The connection is in: it can send.
    Ready,
    /// The server gave a token, and perhaps the connection is in now.
    Granted { token: [u8; 32], ready: bool },
    /// [`Player::again`] is to be called then.
    Pause(Instant),
    /// The server does not let this one in.
    Refused(String),
    /// The server ends the connection, and waits for this side to close it.
    Kicked,
}

/// The server sends what is no packet, or something cannot be said in the protocol.
#[derive(Debug)]
pub(super) enum Broken {
    Decode(DecodeError),
    Encode(EncodeError),
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Decode(error) => write!(f, "the server sends what is no packet: {error}"),
            Self::Encode(error) => write!(f, "a packet cannot be encoded: {error}"),
        }
    }
}

impl From<DecodeError> for Broken {
    fn from(error: DecodeError) -> Self {
        Self::Decode(error)
    }
}

impl From<EncodeError> for Broken {
    fn from(error: EncodeError) -> Self {
        Self::Encode(error)
    }
}

impl Player {
    /// A player who is coming in, or is in already if there is nobody to greet.
    pub(super) const fn new(login: Login, out: Backlog, ready: bool) -> Self {
        Self {
            login,
            out,
            flight: Flight::new(),
            body: None,
            ready,
            farewell: None,
            broadcast: 0,
        }
    }

    /// Whether all answers are there.
    pub(super) fn is_quiet(&self) -> bool {
        self.flight.is_empty() && self.out.is_empty()
    }

    /// Name of the account.
    pub(super) fn name(&self) -> Option<&str> {
        self.login.name()
    }

    /// Why the connection ended, as far as the server said.
    pub(super) fn farewell(&self) -> &str {
        self.farewell.as_deref().unwrap_or("without a word")
    }

    /// Asks again to be let in.
    ///
    /// # Errors
    /// Something cannot be said in the protocol.
    pub(super) fn again(&mut self) -> Result<(), Broken> {
        self.login.again(&mut self.out)?;
        Ok(())
    }

    /// Sends a packet that was due at `due`.
    ///
    /// # Errors
    /// Something cannot be said in the protocol.
    pub(super) fn send(
        &mut self,
        kind: Kind,
        payload: &[u8],
        due: Instant,
        now: Instant,
        tally: &mut Tally,
    ) -> Result<(), Broken> {
        if self.out.len() > MOST_WAITING || !self.ready {
            tally.unsent(kind, due);
            return Ok(());
        }
        let request = self.flight.number();
        let out = &mut self.out;
        match kind {
            Kind::Echo => out.push(&EchoRequestRef { request, payload })?,
            Kind::Heartbeat => out.push(&Heartbeat {
                sequence: request,
                sent_at: 0,
                rtt: 0,
            })?,
            Kind::Time => out.push(&TimeSyncRequest {
                request,
                client_sent_at: 0,
            })?,
            Kind::Move => {
                let Some((_, walk)) = &mut self.body else {
                    tally.unsent(kind, due);
                    return Ok(());
                };
                out.push(&walk.step(now))?
            }
            Kind::Say => out.push(&SayRef {
                request,
                text: WORDS,
            })?,
            Kind::Rooms => out.push(&RoomListRequest { request, after: 0 })?,
            Kind::Guilds => out.push(&GuildListRequest { request, after: 0 })?,
        };
        if kind.is_answered() {
            self.flight.sent(request, kind, due);
        }
        tally.sent(kind, due, now);
        Ok(())
    }

    /// Sends a broadcast.
    ///
    /// # Errors
    /// It cannot be said in the protocol.
    pub(super) fn broadcast(&mut self, now: Instant, tally: &mut Tally) -> Result<(), Broken> {
        let text = tally.broadcasts.next(now);
        self.broadcast = self.flight.number();
        let request = self.broadcast;
        self.out.push(&Broadcast { request, text })?;
        Ok(())
    }

    /// Takes a frame of the server.
    ///
    /// # Errors
    /// The connection makes no sense any more.
    pub(super) fn receive(
        &mut self,
        frame: &[u8],
        payload: &[u8],
        now: Instant,
        tally: &mut Tally,
    ) -> Result<Event, Broken> {
        let packet = PacketView::parse(frame)?;
        if !self.ready {
            return self.come_in(&packet, now, tally);
        }
        let answered = match &packet {
            PacketView::EchoReply(reply) => {
                let right = reply.payload() == payload;
                self.answered(reply.request(), right, now, tally)
            }
            // Of a peer that sends back what it gets.
            PacketView::EchoRequest(echo) => {
                let right = echo.payload() == payload;
                self.answered(echo.request(), right, now, tally)
            }
            PacketView::HeartbeatReply(reply) => self.answered(reply.sequence(), true, now, tally),
            PacketView::TimeSyncResponse(response) => {
                self.answered(response.request(), true, now, tally)
            }
            PacketView::RoomList(list) => self.answered(list.request(), true, now, tally),
            PacketView::GuildList(list) => self.answered(list.request(), true, now, tally),
            PacketView::EntitiesMoved(moved) => {
                if tally.counts(now) {
                    tally.traffic.moves += moved.moves().len() as u64;
                    tally.traffic.move_packets += 1;
                }
                false
            }
            PacketView::ChatMessage(message) => {
                if tally.counts(now) {
                    tally.traffic.messages += 1;
                }
                match message.scope() {
                    ChatMessageScopeView::Nearby(speaker) if self.is_me(speaker) => {
                        let said = self.flight.answered_oldest(Kind::Say);
                        Self::judged(said, true, now, tally)
                    }
                    ChatMessageScopeView::Broadcast(_) => {
                        tally.broadcasts.heard(message.text(), now);
                        false
                    }
                    _ => false,
                }
            }
            PacketView::Error(error) => {
                let code = error.code();
                count(&mut tally.errors, &named(code.name(), code.0));
                self.farewell = Some(format!("after Error {}", named(code.name(), code.0)));
                if error.request() != 0 && error.request() == self.broadcast {
                    tally.broadcasts.refused += 1;
                }
                self.answered(error.request(), false, now, tally)
            }
            _ => {
                self.keep_going(&packet, now, tally)?;
                false
            }
        };
        if let PacketView::KickNotice(_) = packet {
            return Ok(Event::Kicked);
        }
        Ok(if answered {
            Event::Answered
        } else {
            Event::None
        })
    }

    /// The connection is gone, or answers are no longer waited for.
    pub(super) fn give_up(&mut self, tally: &mut Tally) {
        self.ready = false;
        self.flight.lost().for_each(|sent| tally.lost(sent));
    }

    fn come_in(
        &mut self,
        packet: &PacketView<'_>,
        now: Instant,
        tally: &mut Tally,
    ) -> Result<Event, Broken> {
        self.keep_going(packet, now, tally)?;
        if let PacketView::KickNotice(_) = packet {
            return Ok(Event::Kicked);
        }
        let outcome = self.login.receive(packet, now, &mut self.out)?;
        Ok(match outcome {
            Outcome::Going => Event::None,
            Outcome::Pause(until) => Event::Pause(until),
            Outcome::Granted { token, done } => {
                self.ready = done;
                Event::Granted { token, ready: done }
            }
            Outcome::Entered { entity, position } => {
                self.body = Some((entity, Walk::new(position)));
                self.ready = true;
                Event::Ready
            }
            Outcome::Greeted => {
                self.ready = true;
                Event::Ready
            }
            Outcome::Refused(why) => Event::Refused(why),
        })
    }

    /// What the server says by itself: it wants to know whether this side is alive, puts the player back, or says farewell.
    fn keep_going(
        &mut self,
        packet: &PacketView<'_>,
        now: Instant,
        tally: &mut Tally,
    ) -> Result<(), Broken> {
        match packet {
            PacketView::Heartbeat(heartbeat) => {
                self.out.push(&HeartbeatReply {
                    sequence: heartbeat.sequence(),
                    sent_at: heartbeat.sent_at(),
                })?;
            }
            PacketView::MoveRejected(rejected) => {
                if let Some((_, walk)) = &mut self.body {
                    walk.put_back(rejected.position().into());
                }
                if tally.counts(now) {
                    tally.traffic.rejected += 1;
                }
            }
            PacketView::KickNotice(kick) => {
                let reason = kick.reason();
                let reason = named(reason.name(), reason.0);
                self.farewell = Some(format!("by KickNotice {reason}"));
            }
            _ => {}
        }
        Ok(())
    }

    fn is_me(&self, entity: u32) -> bool {
        self.body.as_ref().is_some_and(|(own, _)| *own == entity)
    }

    fn answered(&mut self, number: u32, right: bool, now: Instant, tally: &mut Tally) -> bool {
        Self::judged(self.flight.answered(number), right, now, tally)
    }

    /// Whether there was such a request.
    fn judged(sent: Option<Sent>, right: bool, now: Instant, tally: &mut Tally) -> bool {
        let Some(sent) = sent else {
            return false;
        };
        tally.answered(sent, right, now);
        true
    }
}

/// The name of a value, or its number if it is one of the future.
pub(super) fn named(name: Option<&str>, value: u8) -> String {
    name.map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::super::plan::Entry;
    use super::super::schedule::Course;
    use super::*;
    use crate::game::{
        ChatMessage, ChatMessageScope, EchoReply, Error, ErrorCode, KickNotice, KickReason, Packet,
        Vec3,
    };
    use packet_runtime::Encode;
    use std::time::Duration;

    const PAYLOAD: &[u8] = b"0123456789";
    const SECOND: Duration = Duration::from_secs(1);

    struct Stage {
        player: Player,
        tally: Tally,
        now: Instant,
    }

    impl Stage {
        fn new() -> Self {
            let mut out = Backlog::new();
            let login = Login::begin(&Entry::Raw, None, &mut out).unwrap();
            let mut player = Player::new(login, out, true);
            let origin = Vec3 {
                x: 0.0,
                y: 0.0,
                z: 0.0,
            };
            player.body = Some((42, Walk::new(origin)));
            let now = Instant::now();
            let mut tally = Tally::new();
            tally.course = Some(Course::new(now, Duration::ZERO, SECOND * 60, SECOND));
            Self { player, tally, now }
        }

        fn send(&mut self, kind: Kind) {
            let Self { player, tally, now } = self;
            player.send(kind, PAYLOAD, *now, *now, tally).unwrap();
        }

        fn receive(&mut self, packet: impl Into<Packet>) -> Event {
            let bytes = packet.into().to_vec().unwrap();
            let Self { player, tally, now } = self;
            player.receive(&bytes, PAYLOAD, *now, tally).unwrap()
        }

        fn echo_reply(&mut self, request: u32, payload: &[u8]) -> Event {
            let payload = payload.to_vec();
            self.receive(EchoReply { request, payload })
        }

        #[track_caller]
        fn counts(&self, kind: Kind, answered: u64, errors: u64, lost: u64) {
            let counts = self.tally.of(kind);
            let shown = (counts.answered, counts.errors, counts.lost);
            assert_eq!(shown, (answered, errors, lost));
        }
    }

    #[test]
    fn answers_are_matched_and_judged() {
        let mut stage = Stage::new();
        for _ in 0..3 {
            stage.send(Kind::Echo);
        }
        stage.now += Duration::from_millis(5);
        assert!(matches!(stage.echo_reply(1, PAYLOAD), Event::Answered));
        assert!(matches!(stage.echo_reply(1, PAYLOAD), Event::None));
        assert!(matches!(stage.echo_reply(2, b"other"), Event::Answered));
        stage.counts(Kind::Echo, 2, 1, 0);
        stage.player.give_up(&mut stage.tally);
        stage.counts(Kind::Echo, 2, 1, 1);
        let times = &stage.tally.of(Kind::Echo).times;
        assert!(times.equivalent(times.max(), 5_000_000));
    }

    #[test]
    fn an_error_answers_its_request() {
        let mut stage = Stage::new();
        stage.send(Kind::Rooms);
        let error = Error {
            request: 1,
            packet: 4013,
            code: ErrorCode::RATE_LIMITED,
            text: String::new(),
        };
        assert!(matches!(stage.receive(error), Event::Answered));
        stage.counts(Kind::Rooms, 1, 1, 0);
        assert_eq!(stage.tally.errors["rate_limited"], 1);
    }

    #[test]
    fn what_a_player_says_is_answered_by_hearing_it() {
        let mut stage = Stage::new();
        stage.send(Kind::Say);
        for (speaker, answered) in [(7, 0), (42, 1)] {
            stage.receive(ChatMessage {
                scope: ChatMessageScope::Nearby(speaker),
                sender: "ada".to_owned(),
                text: WORDS.to_owned(),
            });
            stage.counts(Kind::Say, answered, 0, 0);
        }
        assert_eq!(stage.tally.traffic.messages, 2);
    }

    #[test]
    fn the_servers_heartbeat_is_answered() {
        let mut stage = Stage::new();
        stage.receive(Heartbeat {
            sequence: 9,
            sent_at: 8,
            rtt: 0,
        });
        let expected = HeartbeatReply {
            sequence: 9,
            sent_at: 8,
        };
        let sent = stage.player.out.pieces().collect::<Vec<_>>().concat();
        assert_eq!(sent, expected.to_vec().unwrap());
    }

    #[test]
    fn a_kick_is_why_the_connection_ends() {
        let mut stage = Stage::new();
        assert_eq!(stage.player.farewell(), "without a word");
        let event = stage.receive(KickNotice {
            reason: KickReason::SLOW,
            text: String::new(),
        });
        assert!(matches!(event, Event::Kicked), "{event:?}");
        assert_eq!(stage.player.farewell(), "by KickNotice slow");
    }

    #[test]
    fn what_a_connection_cannot_take_is_not_sent() {
        let mut stage = Stage::new();
        while stage.player.out.len() <= MOST_WAITING {
            stage.player.out.push_frame(&[0; 10_000]);
        }
        stage.send(Kind::Echo);
        let counts = stage.tally.of(Kind::Echo);
        assert_eq!((counts.sent, counts.unsent), (0, 1));
    }
}
