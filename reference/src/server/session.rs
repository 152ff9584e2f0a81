//! One connection's side of the protocol: what the client may send now, and until when it must.
//!
//! In: whole frames and the time. Out: a typed [`Request`], or the [`Refusal`] that ends the session.
//! This knows neither sockets nor other sessions; what a request does is decided by
//! [`World`](super::world::World).
//!
//! Which packet may come in which state is the schema's to say; this adds the time.
//!
//! ```text
//!              LoginResponse: ok
//! Connected ----------------------> Playing
//!  LoginRequest, Heartbeat           Move, Chat, Heartbeat
//!  login timeout                     idle timeout, from the last packet
//! ```

use crate::game::{
    CLOSE_ON_UNKNOWN_ID, ChatView, HeartbeatView, LoginRequestView, MoveView, PacketView, Side,
    Step,
};
use packet_runtime::{DecodeError, FrameError};
use std::fmt;
use std::time::{Duration, Instant};

pub use crate::game::State;

/// A client's session, from the first byte to the last.
///
/// ```
/// use packet_runtime::Encode;
/// use reference::game::Heartbeat;
/// use reference::server::session::{Request, Session, Timeouts};
/// use std::time::Instant;
///
/// let mut session = Session::new(Instant::now(), Timeouts::default());
/// let frame = Heartbeat { sequence: 1, sent_at: 50_000 }.to_vec()?;
/// let request = session.admit(&frame, Instant::now())?;
/// assert!(matches!(request, Some(Request::Heartbeat(beat)) if beat.sequence() == 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Session {
    state: State,
    idle: Duration,
    deadline: Instant,
}

/// How long a session waits for its client.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    /// From the connection to the login. Nothing that the client sends prolongs it.
    pub login: Duration,
    /// From one whole packet to the next. Bytes that dribble in do not count.
    pub idle: Duration,
}

impl Default for Timeouts {
    /// Ten seconds to log in, then 90 seconds between packets: three heartbeats.
    fn default() -> Self {
        Self {
            login: Duration::from_secs(10),
            idle: Duration::from_secs(90),
        }
    }
}

/// A packet that the client may send in the state that the session is in.
#[derive(Clone, Copy, Debug)]
pub enum Request<'a> {
    /// It wants to log in.
    Login(LoginRequestView<'a>),
    /// It is alive.
    Heartbeat(HeartbeatView<'a>),
    /// It moves.
    Move(MoveView<'a>),
    /// It says something.
    Chat(ChatView<'a>),
}

impl Session {
    /// A session that begins now.
    pub fn new(now: Instant, timeouts: Timeouts) -> Self {
        Self {
            state: State::Connected,
            idle: timeouts.idle,
            deadline: later(now, timeouts.login),
        }
    }

    /// Decodes a frame and judges whether it may come now. `None` is a packet to be skipped.
    ///
    /// # Errors
    /// A frame that breaks the protocol; the session is to be closed.
    pub fn admit<'a>(
        &mut self,
        frame: &'a [u8],
        now: Instant,
    ) -> Result<Option<Request<'a>>, Refusal> {
        let view = PacketView::parse(frame)?;
        let (packet, state) = (view.name(), self.state);
        let allowed = Step::kind(&view)
            .is_none_or(|kind| kind.is_sent_by(Side::Client) && kind.is_sent_in(state));
        if !allowed {
            return Err(Refusal::NotAllowed { packet, state });
        }
        let request = match view {
            PacketView::Unknown { id, .. } if CLOSE_ON_UNKNOWN_ID => {
                return Err(Refusal::UnknownId { id });
            }
            PacketView::Unknown { .. } => return Ok(None),
            PacketView::LoginRequest(view) => Request::Login(view),
            PacketView::Heartbeat(view) => Request::Heartbeat(view),
            PacketView::Move(view) => Request::Move(view),
            PacketView::Chat(view) => Request::Chat(view),
            // The schema lets no client send another one.
            _ => return Err(Refusal::NotAllowed { packet, state }),
        };
        if state == State::Playing {
            self.deadline = later(now, self.idle);
        }
        Ok(Some(request))
    }

    /// Moves on, or stays, as the world decided.
    pub fn enter(&mut self, state: State, now: Instant) {
        if state != self.state {
            self.state = state;
            self.deadline = later(now, self.idle);
        }
    }

    /// When the session is to be closed if no packet comes before.
    pub fn deadline(&self) -> Instant {
        self.deadline
    }
}

/// A moment that comes `wait` after `now`. A wait that the clock cannot hold is as good as a year.
fn later(now: Instant, wait: Duration) -> Instant {
    const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);
    now.checked_add(wait).unwrap_or_else(|| now + YEAR)
}

/// Why a session is closed that did not keep to the protocol. Its text is safe to log: it holds names
/// from the schema and numbers, and nothing that a peer wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The stream cannot be cut into packets any further.
    Frame(FrameError),
    /// A packet does not decode.
    Decode(DecodeError),
    /// The protocol has no such packet.
    UnknownId {
        /// The id in the packet's header.
        id: u16,
    },
    /// The packet is well-formed, but not one that a client may send in this state.
    NotAllowed {
        /// Its name.
        packet: &'static str,
        /// The session's state.
        state: State,
    },
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Frame(error) => error.fmt(f),
            Self::Decode(error) => error.fmt(f),
            Self::UnknownId { id } => write!(f, "no packet has the id {id}"),
            Self::NotAllowed { packet, state } => {
                let state = match state {
                    State::Connected => "before login",
                    State::Playing => "after login",
                };
                write!(f, "a client may not send {packet} {state}")
            }
        }
    }
}

impl std::error::Error for Refusal {}

impl From<FrameError> for Refusal {
    fn from(error: FrameError) -> Self {
        Self::Frame(error)
    }
}

impl From<DecodeError> for Refusal {
    fn from(error: DecodeError) -> Self {
        Self::Decode(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::game::{
        Channel, Chat, Heartbeat, LoginRequest, LoginResponse, LoginResult, Motion, Move, Packet,
        Vec3,
    };
    use packet_runtime::Encode;

    fn login() -> Packet {
        Packet::from(LoginRequest {
            name: "ada".to_owned(),
            password: "secret!".to_owned(),
            client_version: 1,
        })
    }

    fn heartbeat() -> Packet {
        Packet::from(Heartbeat {
            sequence: 1,
            sent_at: 2,
        })
    }

    fn movement() -> Packet {
        let origin = Vec3 {
            x: 0.0,
            y: 0.0,
            z: 0.0,
        };
        Packet::from(Move {
            sequence: 1,
            position: origin,
            velocity: origin,
            motion: Motion(0),
        })
    }

    fn chat() -> Packet {
        Packet::from(Chat {
            channel: Channel::Everyone,
            recipient: None,
            text: "hello".to_owned(),
        })
    }

    fn response() -> Packet {
        Packet::from(LoginResponse {
            result: LoginResult::OK,
            message: String::new(),
            player: 1,
            heartbeat_seconds: 30,
            servers: Vec::new(),
            token: Vec::new(),
        })
    }

    /// Whether a session in `state` takes these bytes: "fine" or the refusal's text.
    fn admitted(state: State, frame: &[u8]) -> String {
        let now = Instant::now();
        let mut session = Session::new(now, Timeouts::default());
        session.enter(state, now);
        match session.admit(frame, now) {
            Ok(Some(_)) => "fine".to_owned(),
            Ok(None) => "skipped".to_owned(),
            Err(refusal) => refusal.to_string(),
        }
    }

    #[track_caller]
    fn check(state: State, packet: &Packet, expected: &str) {
        let frame = packet.to_vec().unwrap();
        assert_eq!(admitted(state, &frame), expected, "{}", packet.name());
    }

    #[test]
    fn before_login_only_a_login_and_heartbeats_are_taken() {
        check(State::Connected, &login(), "fine");
        check(State::Connected, &heartbeat(), "fine");
        let refused = "a client may not send Move before login";
        check(State::Connected, &movement(), refused);
        let refused = "a client may not send Chat before login";
        check(State::Connected, &chat(), refused);
    }

    #[test]
    fn after_login_everything_but_another_login_is_taken() {
        check(State::Playing, &movement(), "fine");
        check(State::Playing, &chat(), "fine");
        check(State::Playing, &heartbeat(), "fine");
        let refused = "a client may not send LoginRequest after login";
        check(State::Playing, &login(), refused);
    }

    #[test]
    fn what_only_a_server_sends_is_refused() {
        let refused = "a client may not send LoginResponse before login";
        check(State::Connected, &response(), refused);
    }

    #[test]
    fn refuses_unknown_ids_and_what_does_not_decode() {
        assert_eq!(
            admitted(State::Playing, &[0, 4, 0x27, 0x0f]),
            "no packet has the id 9999"
        );
        let mut frame = movement().to_vec().unwrap();
        frame[32] = 0x81;
        assert_eq!(
            admitted(State::Playing, &frame),
            "Move.motion at byte 32: unknown value 128 (0x80)"
        );
    }

    #[test]
    fn packets_prolong_a_session_once_it_is_logged_in() {
        let timeouts = Timeouts {
            login: Duration::from_secs(10),
            idle: Duration::from_secs(90),
        };
        let start = Instant::now();
        let second = |count| start + Duration::from_secs(count);
        let heartbeat = heartbeat().to_vec().unwrap();
        let mut session = Session::new(start, timeouts);
        session.admit(&heartbeat, second(5)).unwrap();
        assert_eq!(session.deadline(), second(10), "not logged in");
        session.enter(State::Playing, second(7));
        assert_eq!(session.deadline(), second(97));
        session.enter(State::Playing, second(8));
        assert_eq!(session.deadline(), second(97), "nothing new");
        session.admit(&heartbeat, second(20)).unwrap();
        assert_eq!(session.deadline(), second(110));
        session.admit(&[0, 4, 0, 0], second(30)).unwrap_err();
        assert_eq!(session.deadline(), second(110), "a refused packet");
    }
}
