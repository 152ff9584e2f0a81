//! Which packet answers which.
//!
//! In: packets. Out: what a request is answered by, its number, and whether a packet answers it. It knows neither time nor who waits.

use crate::game::{self, ChatMessage, ChatMessageScope, Packet, PacketKind};

/// A packet that the server answers. [`Error`](game::Error) can take the place of any answer.
///
/// What is said, by [`Say`](game::Say), [`Whisper`](game::Whisper), [`RoomMessage`](game::RoomMessage) and
/// [`Broadcast`](game::Broadcast), is answered by the [`ChatMessage`] with which it comes back to its sender.
pub trait Request: Into<Packet> {
    /// The answer.
    type Reply;

    /// The answer in a packet, if it is one.
    fn reply(packet: Packet) -> Option<Self::Reply>;
}

macro_rules! requests {
    ($($request:ident => $reply:ident,)*) => {
        $(impl Request for game::$request {
            type Reply = game::$reply;

            fn reply(packet: Packet) -> Option<game::$reply> {
                match packet {
                    Packet::$reply(reply) => Some(reply),
                    _ => None,
                }
            }
        })*

        /// What answers a packet, if anything does.
        pub fn reply_to(packet: &Packet) -> Option<PacketKind> {
            match packet {
                $(Packet::$request(_) => Some(PacketKind::$reply),)*
                _ => None,
            }
        }

        /// The number of a request.
        pub(super) fn number_mut(packet: &mut Packet) -> Option<&mut u32> {
            match packet {
                $(Packet::$request(request) => Some(&mut request.request),)*
                _ => None,
            }
        }
    };
}

requests! {
    LoginRequest => LoginResponse,
    RegisterRequest => RegisterResponse,
    ResumeRequest => ResumeResponse,
    Logout => LogoutResponse,
    EnterWorld => WorldEntered,
    LeaveWorld => WorldLeft,
    Attack => CombatResult,
    GuildCreate => GuildResult,
    GuildInvite => GuildResult,
    GuildJoin => GuildResult,
    GuildLeave => GuildResult,
    GuildListRequest => GuildList,
    GuildWarStart => GuildResult,
    GuildWarEnd => GuildResult,
    Say => ChatMessage,
    Whisper => ChatMessage,
    Broadcast => ChatMessage,
    RoomCreate => RoomResult,
    RoomJoin => RoomResult,
    RoomLeave => RoomResult,
    RoomListRequest => RoomList,
    RoomMessage => ChatMessage,
    TimeSyncRequest => TimeSyncResponse,
    EchoRequest => EchoReply,
}

macro_rules! kinds {
    ($($kind:ident,)*) => {
        /// Which packet one is; `None` for one that the protocol does not define.
        pub fn kind_of(packet: &Packet) -> Option<PacketKind> {
            Some(match packet {
                $(Packet::$kind(_) => PacketKind::$kind,)*
                Packet::Unknown { .. } => return None,
            })
        }
    };
}

// All packets: one that is missing does not compile.
kinds! {
    LoginRequest, LoginResponse, RegisterRequest, RegisterResponse, ResumeRequest, ResumeResponse, Logout,
    LogoutResponse, EnterWorld, WorldEntered, Move, EntitiesMoved, MoveRejected, WorldSnapshot, EntityEntered,
    EntityLeft, Attack, CombatResult, LeaveWorld, WorldLeft, GuildCreate, GuildInvite, GuildInvited, GuildJoin,
    GuildLeave, GuildListRequest, GuildList, GuildWarStart, GuildWarEnd, GuildWar, GuildResult, Say, ChatMessage,
    Whisper, Broadcast, RoomCreate, RoomJoin, RoomLeave, RoomListRequest, RoomList, RoomMessage, RoomResult,
    RoomEvent, Heartbeat, HeartbeatReply, Hello, Welcome, TimeSyncRequest, TimeSyncResponse, EchoRequest,
    EchoReply, ServerNotice, KickNotice, Error,
}

/// Who the client is, as far as it is known.
#[derive(Clone, Debug, Default)]
pub(super) struct Own {
    /// The player's name.
    pub(super) name: Option<String>,
    /// The player's entity.
    pub(super) entity: Option<u32>,
}

/// The number of the request that a packet of the server answers. Attacks of others carry numbers that are theirs.
pub(super) fn answered(packet: &Packet, own: &Own) -> Option<u32> {
    let number = match packet {
        Packet::LoginResponse(packet) => packet.request,
        Packet::RegisterResponse(packet) => packet.request,
        Packet::ResumeResponse(packet) => packet.request,
        Packet::LogoutResponse(packet) => packet.request,
        Packet::WorldEntered(packet) => packet.request,
        Packet::WorldLeft(packet) => packet.request,
        Packet::CombatResult(packet) if own.entity == Some(packet.attacker) => packet.request,
        Packet::GuildList(packet) => packet.request,
        Packet::GuildResult(packet) => packet.request,
        Packet::RoomList(packet) => packet.request,
        Packet::RoomResult(packet) => packet.request,
        Packet::TimeSyncResponse(packet) => packet.request,
        Packet::EchoReply(packet) => packet.request,
        Packet::Error(packet) => packet.request,
        _ => return None,
    };
    (number != 0).then_some(number)
}

/// Whether a message is what the client said by a request.
pub(super) fn is_heard(said: &Packet, message: &ChatMessage, own: &Own) -> bool {
    let text = match (said, &message.scope) {
        (Packet::Say(said), ChatMessageScope::Nearby(speaker)) if own.entity == Some(*speaker) => {
            &said.text
        }
        (Packet::Whisper(said), ChatMessageScope::Whisper(_)) => &said.text,
        (Packet::RoomMessage(said), ChatMessageScope::Room(room)) if said.room == *room => {
            &said.text
        }
        (Packet::Broadcast(said), ChatMessageScope::Broadcast(_)) => &said.text,
        _ => return false,
    };
    *text == message.text && own.name.as_ref().is_none_or(|name| *name == message.sender)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::game::{CombatOutcome, CombatResult, RoomMessage, RoomResult, Say};

    fn own() -> Own {
        Own {
            name: Some("ada".to_owned()),
            entity: Some(42),
        }
    }

    #[test]
    fn an_attack_of_somebody_else_answers_nothing() {
        let check = |attacker, expected| {
            let result = CombatResult {
                request: 5,
                attacker,
                target: 44,
                skill: 0,
                outcome: CombatOutcome::HIT,
                damage: 1,
                target_health: 1,
            };
            assert_eq!(answered(&result.into(), &own()), expected);
        };
        check(42, Some(5));
        check(44, None);
    }

    #[test]
    fn an_error_without_a_number_answers_nothing() {
        let error = game::Error {
            request: 0,
            packet: 2002,
            code: game::ErrorCode::NOT_ALLOWED_NOW,
            text: String::new(),
        };
        assert_eq!(answered(&error.into(), &own()), None);
        let result = RoomResult {
            request: 7,
            room: 1,
        };
        assert_eq!(answered(&result.into(), &own()), Some(7));
    }

    #[test]
    fn what_was_said_comes_back_with_its_text_place_and_sender() {
        let check = |scope, sender: &str, text: &str, said: Packet, expected| {
            let message = ChatMessage {
                scope,
                sender: sender.to_owned(),
                text: text.to_owned(),
            };
            assert_eq!(is_heard(&said, &message, &own()), expected, "{message:?}");
        };
        let say = || {
            Packet::from(Say {
                request: 1,
                text: "hi".to_owned(),
            })
        };
        let in_room = || {
            Packet::from(RoomMessage {
                request: 1,
                room: 3,
                text: "hi".to_owned(),
            })
        };
        check(ChatMessageScope::Nearby(42), "ada", "hi", say(), true);
        check(ChatMessageScope::Nearby(43), "ada", "hi", say(), false);
        check(ChatMessageScope::Nearby(42), "ada", "ho", say(), false);
        check(ChatMessageScope::Nearby(42), "eve", "hi", say(), false);
        check(ChatMessageScope::Room(3), "ada", "hi", say(), false);
        check(ChatMessageScope::Room(3), "ada", "hi", in_room(), true);
        check(ChatMessageScope::Room(4), "ada", "hi", in_room(), false);
    }
}
