//! A packet on its way out.
//!
//! In: a packet of the protocol. Out: its bytes, and what has to be known of them to send them. To whom it
//! goes is not known here.

use crate::game::{Packet, PacketKind, PacketView, State, Step};
use bytes::Bytes;
use packet_runtime::{Encode, EncodeError};

/// A packet that was encoded once, to be shared by all who get it. A clone costs no copy.
///
/// ```
/// use reference::game::{LeaveWorld, PacketKind, State, WorldLeft};
/// use reference::server::outgoing::Outgoing;
///
/// let packet = Outgoing::new(&WorldLeft { request: 8 }.into())?;
/// assert_eq!(packet.bytes()[..], [0, 8, 0x07, 0xdb, 0, 0, 0, 8]);
/// assert_eq!(packet.kind(), PacketKind::WorldLeft);
/// assert_eq!(packet.moves_to(), Some(State::Authenticated));
/// # Ok::<(), packet_runtime::EncodeError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Outgoing {
    bytes: Bytes,
    kind: PacketKind,
    moves: Option<State>,
}

impl Outgoing {
    /// Encodes a packet.
    ///
    /// # Errors
    /// The first field that the protocol cannot represent.
    pub fn new(packet: &Packet) -> Result<Self, EncodeError> {
        Self::encode(packet)
    }

    /// As [`Outgoing::new`], of a packet that is given by its own type, borrowed or not. It has to be one of
    /// the protocol's.
    pub(crate) fn encode(packet: &impl Encode) -> Result<Self, EncodeError> {
        let bytes = packet.to_vec()?;
        // Which packet it is and where it leads to is generated for views alone. One look at the bytes
        // here saves one for each receiver.
        let view = PacketView::parse(&bytes).expect("what was encoded can be decoded");
        let kind = Step::kind(&view).expect("what the server sends is a packet of the protocol");
        let moves = leads_to(&view, kind);
        Ok(Self {
            bytes: bytes.into(),
            kind,
            moves,
        })
    }

    /// The packet with its header.
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// Which packet it is.
    pub fn kind(&self) -> PacketKind {
        self.kind
    }

    /// The state in which a session is that has sent it; `None` if it stays in the one in which it was.
    pub fn moves_to(&self) -> Option<State> {
        self.moves
    }

    /// How many bytes it has.
    #[expect(clippy::len_without_is_empty, reason = "no packet is empty")]
    pub fn len(&self) -> usize {
        self.bytes.len()
    }
}

/// Where a packet leads to from the states in which it may be sent. It is one state in this protocol, or
/// none: a packet that leads on says everything by its own fields.
fn leads_to(view: &PacketView<'_>, kind: PacketKind) -> Option<State> {
    const STATES: [State; 5] = [
        State::Connected,
        State::Greeted,
        State::Authenticated,
        State::InWorld,
        State::Leaving,
    ];
    let mut allowed = STATES.into_iter().filter(|state| kind.is_sent_in(*state));
    allowed.find_map(|state| Some(view.next(state)).filter(|next| *next != state))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::game::{
        Arrival, ChatMessage, ChatMessageScope, Error, ErrorCode, KickNotice, KickReason,
        LoginResponse, LoginResult, LogoutResponse, ResumeResponse, ResumeResult, SessionGrant,
        Vec3, Welcome, WelcomeResult, WorldEntered, WorldLeft,
    };

    #[track_caller]
    fn check(packet: impl Into<Packet>, moves: Option<State>) {
        let packet = packet.into();
        let outgoing = Outgoing::new(&packet).unwrap();
        assert_eq!(outgoing.moves_to(), moves, "{}", packet.name());
        assert_eq!(outgoing.kind().name(), packet.name());
        assert_eq!(outgoing.bytes().to_vec(), packet.to_vec().unwrap());
        assert_eq!(outgoing.len(), outgoing.bytes().len());
    }

    fn welcome(result: WelcomeResult) -> Welcome {
        Welcome {
            result,
            version: 2,
            fingerprint: 1,
            server: "test".to_owned(),
            heartbeat_seconds: 30,
        }
    }

    fn grant() -> SessionGrant {
        SessionGrant {
            token: [7; 32],
            token_lifetime_seconds: 60,
            player: 1,
        }
    }

    fn arrival() -> Arrival {
        Arrival {
            entity: 1,
            position: Vec3 {
                x: 0.0,
                y: 0.0,
                z: 0.0,
            },
            tick_hz: 20,
            view_distance: 64.0,
        }
    }

    fn login(result: LoginResult) -> LoginResponse {
        LoginResponse {
            request: 1,
            result,
            message: String::new(),
            session: (result == LoginResult::OK).then(grant),
            servers: Vec::new(),
        }
    }

    fn resume(result: ResumeResult, in_world: bool) -> ResumeResponse {
        ResumeResponse {
            request: 1,
            result,
            session: (result == ResumeResult::OK).then(grant),
            arrival: in_world.then(arrival),
        }
    }

    #[test]
    fn knows_where_a_packet_leads_to() {
        check(welcome(WelcomeResult::OK), Some(State::Greeted));
        check(welcome(WelcomeResult::SERVER_FULL), Some(State::Leaving));
        check(login(LoginResult::OK), Some(State::Authenticated));
        check(resume(ResumeResult::OK, false), Some(State::Authenticated));
        check(resume(ResumeResult::OK, true), Some(State::InWorld));
        let entered = WorldEntered {
            request: 1,
            arrival: arrival(),
        };
        check(entered, Some(State::InWorld));
        check(WorldLeft { request: 1 }, Some(State::Authenticated));
        let logout = LogoutResponse {
            request: 1,
            token_revoked: true,
        };
        check(logout, Some(State::Leaving));
        let kick = KickNotice {
            reason: KickReason::IDLE,
            text: String::new(),
        };
        check(kick, Some(State::Leaving));
    }

    #[test]
    fn other_packets_lead_nowhere() {
        check(login(LoginResult::BAD_CREDENTIALS), None);
        check(resume(ResumeResult::EXPIRED_TOKEN, false), None);
        let error = Error {
            request: 1,
            packet: 2000,
            code: ErrorCode::FULL,
            text: String::new(),
        };
        check(error, None);
    }

    #[test]
    fn refuses_what_the_protocol_cannot_represent() {
        let nameless = ChatMessage {
            scope: ChatMessageScope::Room(1),
            sender: String::new(),
            text: "hello".to_owned(),
        };
        let error = Outgoing::new(&nameless.into()).unwrap_err();
        assert!(error.to_string().contains("sender"), "{error}");
    }
}
