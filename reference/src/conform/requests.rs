//! Which packets of clients are answered by which of the server, and by what number.
//!
//! In: packets. Out: their number, and the kind of their answer. The schema says this in prose; nothing here knows of
//! connections or checks.

use crate::game::{self, Packet, PacketKind};

/// The number that a packet carries as a request, or as the answer to one. `None` for packets that have none, and for
/// an `Error` that is about such a packet.
pub(super) fn number(packet: &Packet) -> Option<u32> {
    let number = match packet {
        Packet::LoginRequest(it) => it.request,
        Packet::LoginResponse(it) => it.request,
        Packet::RegisterRequest(it) => it.request,
        Packet::RegisterResponse(it) => it.request,
        Packet::ResumeRequest(it) => it.request,
        Packet::ResumeResponse(it) => it.request,
        Packet::Logout(it) => it.request,
        Packet::LogoutResponse(it) => it.request,
        Packet::EnterWorld(it) => it.request,
        Packet::WorldEntered(it) => it.request,
        Packet::Attack(it) => it.request,
        Packet::CombatResult(it) => it.request,
        Packet::LeaveWorld(it) => it.request,
        Packet::WorldLeft(it) => it.request,
        Packet::GuildCreate(it) => it.request,
        Packet::GuildInvite(it) => it.request,
        Packet::GuildJoin(it) => it.request,
        Packet::GuildLeave(it) => it.request,
        Packet::GuildListRequest(it) => it.request,
        Packet::GuildList(it) => it.request,
        Packet::GuildWarStart(it) => it.request,
        Packet::GuildWarEnd(it) => it.request,
        Packet::GuildResult(it) => it.request,
        Packet::Say(it) => it.request,
        Packet::Whisper(it) => it.request,
        Packet::Broadcast(it) => it.request,
        Packet::RoomCreate(it) => it.request,
        Packet::RoomJoin(it) => it.request,
        Packet::RoomLeave(it) => it.request,
        Packet::RoomListRequest(it) => it.request,
        Packet::RoomList(it) => it.request,
        Packet::RoomMessage(it) => it.request,
        Packet::RoomResult(it) => it.request,
        Packet::TimeSyncRequest(it) => it.request,
        Packet::TimeSyncResponse(it) => it.request,
        Packet::EchoRequest(it) => it.request,
        Packet::EchoReply(it) => it.request,
        Packet::Error(it) => it.request,
        _ => 0,
    };
    (number != 0).then_some(number)
}

/// What answers a packet of a client that is obeyed. `None` if nothing does that carries its number.
pub(super) fn answer(request: PacketKind) -> Option<PacketKind> {
    use PacketKind as Kind;
    Some(match request {
        Kind::LoginRequest => Kind::LoginResponse,
        Kind::RegisterRequest => Kind::RegisterResponse,
        Kind::ResumeRequest => Kind::ResumeResponse,
        Kind::Logout => Kind::LogoutResponse,
        Kind::EnterWorld => Kind::WorldEntered,
        Kind::Attack => Kind::CombatResult,
        Kind::LeaveWorld => Kind::WorldLeft,
        Kind::GuildCreate
        | Kind::GuildInvite
        | Kind::GuildJoin
        | Kind::GuildLeave
        | Kind::GuildWarStart
        | Kind::GuildWarEnd => Kind::GuildResult,
        Kind::GuildListRequest => Kind::GuildList,
        Kind::RoomCreate | Kind::RoomJoin | Kind::RoomLeave => Kind::RoomResult,
        Kind::RoomListRequest => Kind::RoomList,
        Kind::TimeSyncRequest => Kind::TimeSyncResponse,
        Kind::EchoRequest => Kind::EchoReply,
        _ => return None,
    })
}

/// Whether a packet of the server answers a request, and carries its number.
pub(super) fn is_answer(kind: PacketKind) -> bool {
    use PacketKind as Kind;
    matches!(
        kind,
        Kind::LoginResponse
            | Kind::RegisterResponse
            | Kind::ResumeResponse
            | Kind::LogoutResponse
            | Kind::WorldEntered
            | Kind::CombatResult
            | Kind::WorldLeft
            | Kind::GuildResult
            | Kind::GuildList
            | Kind::RoomResult
            | Kind::RoomList
            | Kind::TimeSyncResponse
            | Kind::EchoReply
    )
}

/// A packet that a server sends, to be taken out of [`Packet`].
pub(super) trait Received: Sized {
    /// Its name in the schema.
    const NAME: &'static str;

    /// The packet, if it is of this kind; otherwise it is given back.
    fn pick(packet: Packet) -> Result<Self, Box<Packet>>;
}

macro_rules! received {
    ($($name:ident)*) => {
        $(impl Received for game::$name {
            const NAME: &'static str = stringify!($name);

            fn pick(packet: Packet) -> Result<Self, Box<Packet>> {
                match packet {
                    Packet::$name(packet) => Ok(packet),
                    other => Err(Box::new(other)),
                }
            }
        })*
    };
}

received! {
    LoginResponse RegisterResponse ResumeResponse LogoutResponse
    WorldEntered EntitiesMoved MoveRejected WorldSnapshot EntityEntered EntityLeft CombatResult WorldLeft
    GuildInvited GuildList GuildWar GuildResult
    ChatMessage RoomList RoomResult RoomEvent
    Heartbeat HeartbeatReply Welcome TimeSyncResponse EchoReply ServerNotice KickNotice Error
}
