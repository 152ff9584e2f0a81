//! One connection's side of the protocol: what the client may send now, and until when it must.
//!
//! In: whole frames, what was sent, and the time. Out: a packet that may come now or the [`Reject`] of one that may not,
//! and deadlines. This knows neither sockets nor other sessions, and not what a packet does.
//!
//! Which packet may come in which state, and which one leads to another state, is the schema's to say; this adds time:
//!
//! ```text
//! connected       `hello` from the connection to Welcome
//! greeted         `login` from Welcome to the login, but not while the server works on one
//! authenticated   `idle` from the last whole packet
//! in_world        the same
//! any             `frame` from the first byte of a frame to its last
//! ```

use super::policy::Reject;
use super::rates::{Buckets, Limits};
use crate::game::{Heartbeat, HeartbeatReplyView, PacketKind, PacketView, Side, State, Step};
use std::fmt;
use std::time::{Duration, Instant};

/// A client's session, from the first byte to the last.
#[derive(Debug)]
pub struct Session {
    state: State,
    /// When the session came into its state, or got an answer in it.
    since: Instant,
    /// When the last whole packet came.
    heard: Instant,
    /// When the frame began that is not whole yet.
    partial: Option<Instant>,
    /// Whether the server works on something that the client waits for.
    working: bool,
    buckets: Buckets,
    pulse: Pulse,
}

/// How long a session waits for its client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// From the connection to a Hello. Nothing else that the client sends prolongs it.
    pub hello: Duration,
    /// From the greeting to the login, or between two attempts.
    pub login: Duration,
    /// From one whole packet to the next, once logged in. Bytes that dribble in do not count.
    pub idle: Duration,
    /// From the first byte of a frame to its last.
    pub frame: Duration,
    /// Between two heartbeats, of either side.
    pub heartbeat: Duration,
}

/// The wait that was too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expiry {
    /// No Hello came.
    Hello,
    /// Nobody logged in.
    Login,
    /// No packet came.
    Idle,
    /// A frame was begun and not ended.
    Frame,
}

impl Expiry {
    /// A stable name for metrics.
    pub fn name(self) -> &'static str {
        match self {
            Self::Hello => "hello",
            Self::Login => "login",
            Self::Idle => "idle",
            Self::Frame => "frame",
        }
    }
}

impl fmt::Display for Expiry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Hello => "no Hello came in time",
            Self::Login => "nobody logged in in time",
            Self::Idle => "no packet came for too long",
            Self::Frame => "a packet took too long to arrive",
        })
    }
}

impl Session {
    /// A session that begins now.
    pub fn new(now: Instant) -> Self {
        Self {
            state: State::default(),
            since: now,
            heard: now,
            partial: None,
            working: false,
            buckets: Buckets::new(now),
            pulse: Pulse::default(),
        }
    }

    /// The present state.
    pub fn state(&self) -> State {
        self.state
    }

    /// Whether a player is logged in.
    pub fn is_logged_in(&self) -> bool {
        matches!(self.state, State::Authenticated | State::InWorld)
    }

    /// Judges whether a packet may come now.
    ///
    /// # Errors
    /// Why it may not. [`Reject::verdict`] says what follows from that.
    pub fn admit(
        &mut self,
        packet: &PacketView<'_>,
        limits: &Limits,
        now: Instant,
    ) -> Result<PacketKind, Reject> {
        let kind = packet.kind().ok_or(Reject::UnknownId)?;
        if !kind.is_sent_by(Side::Client) {
            let packet = kind.name();
            return Err(Reject::WrongSide { packet });
        }
        if !kind.is_sent_in(self.state) {
            let (packet, state) = (kind.name(), self.state);
            return Err(Reject::WrongState { packet, state });
        }
        if !self.buckets.take(kind, limits, now) {
            let packet = kind.name();
            return Err(Reject::TooMany { packet });
        }
        self.heard = now;
        Ok(kind)
    }

    /// Counts a packet that was passed over. Whether the session may go on.
    pub fn strike(&mut self, limits: &Limits, now: Instant) -> bool {
        self.buckets.strike(limits, now)
    }

    /// Whether the server may send this packet now.
    pub fn may_send(&self, kind: PacketKind) -> bool {
        kind.is_sent_by(Side::Server) && kind.is_sent_in(self.state)
    }

    /// Moves on, as a packet did that was sent.
    pub fn enter(&mut self, state: State, now: Instant) {
        self.state = state;
        self.since = now;
        self.heard = now;
        if self.is_logged_in() {
            self.pulse.last.get_or_insert(now);
        }
    }

    /// Tells whether the server begins or ends work that the client waits for.
    pub fn set_working(&mut self, working: bool, now: Instant) {
        self.working = working;
        self.since = now;
        self.heard = now;
    }

    /// Tells that all whole frames were taken of what has come: whether bytes are left of one that is not whole, and
    /// whether that is a new one.
    pub fn rest(&mut self, left: bool, new: bool, now: Instant) {
        self.partial = match self.partial {
            _ if !left => None,
            Some(begun) if !new => Some(begun),
            _ => Some(now),
        };
    }

    /// Takes an answer to a heartbeat, and returns the round trip if it is the one that is waited for.
    pub fn pulse(&mut self, reply: &HeartbeatReplyView<'_>, now: Instant) -> Option<Duration> {
        self.pulse.answered(reply.sequence(), now)
    }

    /// The next heartbeat, if it is time for one. `clock` is what is written into it.
    pub fn beat(&mut self, timeouts: &Timeouts, clock: u64, now: Instant) -> Option<Heartbeat> {
        let due = self.next_beat(timeouts)?;
        (due <= now).then(|| self.pulse.next(clock, now))
    }

    /// When to look again at [`Session::expired`] and [`Session::beat`]; `None` if nothing is waited for.
    pub fn deadline(&self, timeouts: &Timeouts) -> Option<Instant> {
        let wait = self.wait(timeouts).map(|(until, _)| until);
        let beat = self.next_beat(timeouts);
        [wait, beat].into_iter().flatten().min()
    }

    fn next_beat(&self, timeouts: &Timeouts) -> Option<Instant> {
        let last = self.pulse.last.filter(|_| self.is_logged_in())?;
        Some(later(last, timeouts.heartbeat))
    }

    /// What the session has waited for too long, if anything.
    pub fn expired(&self, timeouts: &Timeouts, now: Instant) -> Option<Expiry> {
        let (until, expiry) = self.wait(timeouts)?;
        (until <= now).then_some(expiry)
    }

    /// What ends the session first, and when.
    fn wait(&self, timeouts: &Timeouts) -> Option<(Instant, Expiry)> {
        if self.working {
            return None; // then the client can do nothing but wait
        }
        let state = match self.state {
            State::Connected => (later(self.since, timeouts.hello), Expiry::Hello),
            State::Greeted => (later(self.since, timeouts.login), Expiry::Login),
            State::Authenticated | State::InWorld => {
                (later(self.heard, timeouts.idle), Expiry::Idle)
            }
            State::Leaving => return None,
        };
        let frame = self
            .partial
            .map(|begun| (later(begun, timeouts.frame), Expiry::Frame));
        Some(frame.filter(|frame| frame.0 < state.0).unwrap_or(state))
    }
}

/// The server's heartbeats.
#[derive(Debug, Default)]
struct Pulse {
    sequence: u32,
    /// When the last one was sent, or when somebody logged in.
    last: Option<Instant>,
    /// Whether it has no answer yet.
    waits: bool,
    /// The last round trip, in microseconds; 0 if there was none.
    rtt: u32,
}

impl Pulse {
    fn next(&mut self, clock: u64, now: Instant) -> Heartbeat {
        self.sequence = self.sequence.wrapping_add(1);
        self.last = Some(now);
        self.waits = true;
        Heartbeat {
            sequence: self.sequence,
            sent_at: clock,
            rtt: self.rtt,
        }
    }

    fn answered(&mut self, sequence: u32, now: Instant) -> Option<Duration> {
        if sequence != self.sequence || !std::mem::take(&mut self.waits) {
            return None;
        }
        let trip = now.saturating_duration_since(self.last?);
        self.rtt = u32::try_from(trip.as_micros()).unwrap_or(u32::MAX);
        Some(trip)
    }
}

/// A moment that comes `wait` after `now`. A wait that the clock cannot hold is as good as a year.
fn later(now: Instant, wait: Duration) -> Instant {
    const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);
    now.checked_add(wait).unwrap_or_else(|| now + YEAR)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::game::{EchoRequest, HeartbeatReply, Hello, LoginRequest, LoginRequestCredential};
    use crate::game::{LoginResponse, LoginResult, Motion, Move, Packet, Vec3};
    use crate::server::rates::{Group, Rate};
    use packet_runtime::Encode;

    const TIMEOUTS: Timeouts = Timeouts {
        hello: Duration::from_secs(10),
        login: Duration::from_secs(20),
        idle: Duration::from_secs(90),
        frame: Duration::from_secs(5),
        heartbeat: Duration::from_secs(30),
    };

    fn limits() -> Limits {
        let rate = Rate {
            per_second: 1.0,
            burst: 3,
        };
        Limits {
            groups: [rate; Group::ALL.len()],
            strikes: rate,
        }
    }

    fn hello() -> Packet {
        Packet::from(Hello {
            version: 2,
            fingerprint: 1,
            client: "test".to_owned(),
        })
    }

    fn login() -> Packet {
        Packet::from(LoginRequest {
            request: 1,
            name: "ada".to_owned(),
            credential: LoginRequestCredential::Password("secret!".to_owned()),
            client_version: 1,
            device: [0; 16],
        })
    }

    fn echo() -> Packet {
        Packet::from(EchoRequest {
            request: 1,
            payload: Vec::new(),
        })
    }

    fn movement() -> Packet {
        let position = Vec3 {
            x: 0.0,
            y: 0.0,
            z: 0.0,
        };
        Packet::from(Move {
            sequence: 1,
            position,
            velocity: position,
            motion: Motion(0),
        })
    }

    fn refusal() -> Packet {
        Packet::from(LoginResponse {
            request: 1,
            result: LoginResult::BAD_CREDENTIALS,
            message: String::new(),
            session: None,
            servers: Vec::new(),
        })
    }

    /// What a session says of a packet: "fine" or why it is not.
    fn admit(session: &mut Session, packet: &Packet, now: Instant) -> String {
        let frame = packet.to_vec().unwrap();
        let view = PacketView::parse(&frame).unwrap();
        match session.admit(&view, &limits(), now) {
            Ok(_) => "fine".to_owned(),
            Err(reject) => reject.to_string(),
        }
    }

    #[track_caller]
    fn check(state: State, packet: &Packet, expected: &str) {
        let now = Instant::now();
        let mut session = Session::new(now);
        session.enter(state, now);
        assert_eq!(admit(&mut session, packet, now), expected);
    }

    #[test]
    fn takes_what_the_state_allows() {
        check(State::Connected, &hello(), "fine");
        let refused = "`LoginRequest` is not sent in the state `connected`";
        check(State::Connected, &login(), refused);
        check(State::Greeted, &login(), "fine");
        check(State::Greeted, &echo(), "fine");
        let refused = "`Hello` is not sent in the state `greeted`";
        check(State::Greeted, &hello(), refused);
        let refused = "`Move` is not sent in the state `authenticated`";
        check(State::Authenticated, &movement(), refused);
        check(State::InWorld, &movement(), "fine");
        let refused = "the client does not send `LoginResponse`";
        check(State::Greeted, &refusal(), refused);
    }

    #[test]
    fn takes_no_more_than_the_rate() {
        let now = Instant::now();
        let mut session = Session::new(now);
        session.enter(State::InWorld, now);
        for _ in 0..3 {
            assert_eq!(admit(&mut session, &movement(), now), "fine");
        }
        let refused = "too many packets like `Move` in a short time";
        assert_eq!(admit(&mut session, &movement(), now), refused);
        assert!(session.strike(&limits(), now));
    }

    #[test]
    fn sends_only_what_the_state_allows() {
        let now = Instant::now();
        let mut session = Session::new(now);
        assert!(session.may_send(PacketKind::Welcome));
        session.enter(State::Greeted, now);
        assert!(!session.may_send(PacketKind::Welcome));
        assert!(!session.may_send(PacketKind::EchoRequest));
        assert!(session.may_send(PacketKind::EchoReply));
        session.enter(State::Leaving, now);
        assert!(!session.may_send(PacketKind::EchoReply));
        assert!(session.may_send(PacketKind::KickNotice));
    }

    #[test]
    fn every_state_has_its_wait() {
        let start = Instant::now();
        let second = |count| start + Duration::from_secs(count);
        let mut session = Session::new(start);
        assert_eq!(session.expired(&TIMEOUTS, second(9)), None);
        assert_eq!(session.expired(&TIMEOUTS, second(10)), Some(Expiry::Hello));
        session.enter(State::Greeted, second(5));
        admit(&mut session, &echo(), second(24));
        assert_eq!(
            session.deadline(&TIMEOUTS),
            Some(second(25)),
            "echo prolongs nothing"
        );
        assert_eq!(session.expired(&TIMEOUTS, second(25)), Some(Expiry::Login));
        session.set_working(true, second(20));
        assert_eq!(session.deadline(&TIMEOUTS), None);
        session.set_working(false, second(60));
        assert_eq!(session.deadline(&TIMEOUTS), Some(second(80)));
        session.enter(State::Authenticated, second(70));
        assert_eq!(session.expired(&TIMEOUTS, second(159)), None);
        assert_eq!(session.expired(&TIMEOUTS, second(160)), Some(Expiry::Idle));
        admit(&mut session, &echo(), second(100));
        assert_eq!(session.expired(&TIMEOUTS, second(160)), None);
        session.enter(State::Leaving, second(170));
        assert_eq!(session.deadline(&TIMEOUTS), None);
    }

    #[test]
    fn a_frame_that_has_begun_has_to_end() {
        let start = Instant::now();
        let second = |count| start + Duration::from_secs(count);
        let mut session = Session::new(start);
        session.enter(State::InWorld, start);
        session.rest(true, true, second(1));
        session.rest(true, false, second(4));
        assert_eq!(session.expired(&TIMEOUTS, second(5)), None);
        assert_eq!(session.expired(&TIMEOUTS, second(6)), Some(Expiry::Frame));
        session.rest(true, true, second(5));
        assert_eq!(session.expired(&TIMEOUTS, second(6)), None, "another frame");
        session.rest(false, false, second(7));
        assert_eq!(session.expired(&TIMEOUTS, second(50)), None);
    }

    #[test]
    fn heartbeats_measure_the_round_trip() {
        let start = Instant::now();
        let at = |millis| start + Duration::from_millis(millis);
        let mut session = Session::new(start);
        session.enter(State::Greeted, start);
        let beat = session.beat(&TIMEOUTS, 7, at(60_000));
        assert!(beat.is_none(), "nobody is logged in");
        session.enter(State::Authenticated, start);
        session.enter(State::InWorld, at(5));
        assert_eq!(session.deadline(&TIMEOUTS), Some(at(30_000)));
        assert!(session.beat(&TIMEOUTS, 7, at(29_999)).is_none());
        let beat = session.beat(&TIMEOUTS, 7, at(30_000)).unwrap();
        assert_eq!((beat.sequence, beat.sent_at, beat.rtt), (1, 7, 0));
        assert!(session.beat(&TIMEOUTS, 8, at(59_999)).is_none());
        let reply = |sequence| HeartbeatReply {
            sequence,
            sent_at: 0,
        };
        let mut answer = |sequence, now| {
            let frame = reply(sequence).to_vec().unwrap();
            let PacketView::HeartbeatReply(view) = PacketView::parse(&frame).unwrap() else {
                panic!("a reply");
            };
            session.pulse(&view, now)
        };
        assert_eq!(answer(2, at(30_005)), None, "one that was never sent");
        assert_eq!(answer(1, at(30_025)), Some(Duration::from_millis(25)));
        assert_eq!(answer(1, at(30_050)), None, "only once");
        let beat = session.beat(&TIMEOUTS, 9, at(60_000)).unwrap();
        assert_eq!((beat.sequence, beat.rtt), (2, 25_000));
    }
}
