//! All packets of `schemas/game.yaml`.

use crate::{Twin, compare, every_struct_has_a_twin, twins};
use packet_derive::Packet;

mod space {
    use packet_derive::Packet;

    #[derive(Clone, Copy, Debug, Packet)]
    #[packet(schema = "../schemas/game.yaml", name = "Vec3")]
    pub(super) struct Vector {
        #[packet(finite)]
        x: f32,
        y: f32,
        z: f32,
    }
}

macro_rules! game {
    ($($(#[$attribute:meta])* struct $name:ident $(<$lifetime:lifetime>)? { $($fields:tt)* })*) => {
        $(
            #[derive(Debug, Packet)]
            #[packet(schema = "../schemas/game.yaml")]
            $(#[$attribute])*
            struct $name $(<$lifetime>)? { $($fields)* }
        )*
    };
    ($(enum $name:ident { $($values:tt)* })*) => {
        $(
            #[derive(Clone, Copy, Debug, Packet)]
            #[packet(schema = "../schemas/game.yaml")]
            enum $name { $($values)* }
        )*
    };
}

game! {
    enum RegisterResult { Ok, NameTaken, NameNotAllowed, WeakPassword, Closed, Unavailable, Other(u8) }
    enum LoginResult {
        Ok, BadCredentials, AlreadyOnline, ServerFull, UnsupportedVersion, ExpiredToken, Unavailable, Other(u8),
    }
    enum ResumeResult { Ok, UnknownToken, ExpiredToken, WrongDevice, ServerFull, Unavailable, Other(u8) }
    enum CredentialKind { Password, Token }
    enum EntityKind { Player, Monster, Npc, Item, Other(u8) }
    enum LeftReason { OutOfSight, LeftWorld, Died, Taken, Other(u8) }
    enum CombatOutcome { Hit, Critical, Missed, Blocked, Killed, Other(u8) }
    enum GuildWarEvent { Started, Ended, Other(u8) }
    enum RoomChange { Joined, Left, Other(u8) }
    enum Channel { Nearby, Whisper, Room, Broadcast }
    enum WelcomeResult { Ok, IncompatibleSchema, UnsupportedVersion, ServerFull, ShuttingDown, Other(u8) }
    enum NoticeLevel { Info, Warning, Urgent, Other(u8) }
    enum ErrorCode {
        Internal, Malformed, NotAllowedNow, UnknownPacket, RateLimited, TooLarge, PermissionDenied, NotFound,
        AlreadyExists, Full, Unavailable, InvalidArgument, Other(u8),
    }
}

// Rust wants to be told the width where a number is said and a value holds something.
#[derive(Clone, Copy, Debug, Packet)]
#[packet(schema = "../schemas/game.yaml")]
#[repr(u8)]
enum KickReason {
    Idle = 1,
    Slow,
    Flooding,
    ProtocolViolation,
    LoggedInElsewhere,
    ShuttingDown,
    ByOperator,
    Other(u8),
}

#[derive(Clone, Copy, Debug, Packet)]
#[packet(schema = "../schemas/game.yaml", name = "Motion")]
struct Moving(u8);

#[derive(Debug, Packet)]
#[packet(schema = "../schemas/game.yaml", name = "LoginRequest.credential")]
enum Credential<'a> {
    Password(&'a str),
    Token([u8; 32]),
}

#[derive(Debug, Packet)]
#[packet(schema = "../schemas/game.yaml", name = "ChatMessage.scope")]
enum Scope<'a> {
    Nearby(u32),
    Whisper(&'a str),
    Room(u32),
    Broadcast([u8; 0]),
}

game! {
    struct SessionGrant { token: [u8; 32], token_lifetime_seconds: u32, player: u32 }

    struct ServerInfo<'a> {
        id: u16,
        name: &'a str,
        address: String,
        port: u16,
        players: u16,
        capacity: u16,
        load: u8,
    }

    struct LoginRequest<'a> {
        request: u32,
        name: &'a str,
        credential: Credential<'a>,
        client_version: u32,
        device: [u8; 16],
    }

    struct LoginResponse<'a> {
        request: u32,
        result: LoginResult,
        message: &'a str,
        session: Option<SessionGrant>,
        servers: Vec<ServerInfo<'a>>,
    }

    struct RegisterRequest<'a> { request: u32, name: &'a str, password: &'a str }

    struct RegisterResponse { request: u32, result: RegisterResult }

    struct ResumeRequest { request: u32, token: [u8; 32], device: [u8; 16] }

    struct ResumeResponse {
        request: u32,
        result: ResumeResult,
        session: Option<SessionGrant>,
        arrival: Option<Arrival>,
    }

    struct Logout { request: u32, revoke_token: bool }

    struct LogoutResponse { request: u32, token_revoked: bool }
}

game! {
    struct Entity<'a> {
        id: u32,
        kind: EntityKind,
        position: space::Vector,
        velocity: space::Vector,
        motion: Moving,
        health: u16,
        name: &'a str,
    }

    struct EntityMotion { entity: u32, position: space::Vector, velocity: space::Vector, motion: Moving }

    struct Arrival { entity: u32, position: space::Vector, tick_hz: u8, view_distance: f32 }

    struct EnterWorld { request: u32, spawn: Option<space::Vector> }

    struct WorldEntered { request: u32, arrival: Arrival }

    #[packet(name = "Move", id = 2002, size = 33)]
    struct PlayerMove { sequence: u32, position: space::Vector, velocity: space::Vector, motion: Moving }

    struct EntitiesMoved { tick: u32, moves: Vec<EntityMotion> }

    struct MoveRejected { sequence: u32, position: space::Vector }

    struct WorldSnapshot<'a> { tick: u32, more: bool, entities: Vec<Entity<'a>> }

    struct EntityEntered<'a> { entity: Entity<'a> }

    struct EntityLeft { entity: u32, reason: LeftReason }

    struct Attack { request: u32, target: u32, skill: u16 }

    struct CombatResult {
        request: u32,
        attacker: u32,
        target: u32,
        skill: u16,
        outcome: CombatOutcome,
        damage: u16,
        target_health: u16,
    }

    struct LeaveWorld { request: u32 }

    struct WorldLeft { request: u32 }
}

game! {
    struct GuildInfo<'a> { id: u32, name: &'a str, tag: &'a str, members: u16, at_war_with: Vec<u32> }

    struct GuildCreate<'a> { request: u32, name: &'a str, tag: &'a str }

    struct GuildInvite<'a> { request: u32, player: &'a str }

    struct GuildInvited<'a> { guild: u32, name: &'a str, by: &'a str }

    struct GuildJoin { request: u32, guild: u32 }

    struct GuildLeave { request: u32 }

    struct GuildListRequest { request: u32, after: u32 }

    struct GuildList<'a> { request: u32, more: bool, guilds: Vec<GuildInfo<'a>> }

    struct GuildWarStart { request: u32, guild: u32 }

    struct GuildWarEnd { request: u32, guild: u32 }

    struct GuildWar { event: GuildWarEvent, attacker: u32, defender: u32 }

    struct GuildResult { request: u32, guild: u32 }
}

game! {
    struct RoomInfo<'a> { id: u32, name: &'a str, members: u16 }

    struct Say { request: u32, #[packet(min = 1, max = 512)] text: String }

    struct ChatMessage<'a> { scope: Scope<'a>, sender: &'a str, text: &'a str }

    struct Whisper<'a> { request: u32, recipient: &'a str, text: &'a str }

    struct Broadcast<'a> { request: u32, text: &'a str }

    struct RoomCreate<'a> { request: u32, name: &'a str }

    struct RoomJoin { request: u32, room: u32 }

    struct RoomLeave { request: u32, room: u32 }

    struct RoomListRequest { request: u32, after: u32 }

    struct RoomList<'a> { request: u32, more: bool, rooms: Vec<RoomInfo<'a>> }

    struct RoomMessage<'a> { request: u32, room: u32, text: &'a str }

    struct RoomResult { request: u32, room: u32 }

    struct RoomEvent<'a> { room: u32, change: RoomChange, player: &'a str }
}

game! {
    struct Heartbeat { sequence: u32, sent_at: u64, rtt: u32 }

    struct HeartbeatReply { sequence: u32, sent_at: u64 }

    struct Hello<'a> { version: u16, fingerprint: u64, client: &'a str }

    struct Welcome<'a> {
        result: WelcomeResult,
        version: u16,
        fingerprint: u64,
        server: &'a str,
        heartbeat_seconds: u16,
    }

    struct TimeSyncRequest { request: u32, client_sent_at: u64 }

    struct TimeSyncResponse {
        request: u32,
        client_sent_at: u64,
        server_received_at: u64,
        server_sent_at: u64,
    }

    struct EchoRequest<'a> { request: u32, payload: &'a [u8] }

    struct EchoReply { request: u32, payload: Vec<u8> }

    struct ServerNotice<'a> { level: NoticeLevel, text: &'a str }

    struct KickNotice<'a> { reason: KickReason, text: &'a str }

    struct Error<'a> { request: u32, packet: u16, code: ErrorCode, text: &'a str }
}

#[derive(Debug, Packet)]
enum Message<'a> {
    Login(LoginResponse<'a>),
    Move(PlayerMove),
    Whisper(Whisper<'a>),
}

/// Those that are called otherwise than in the schema.
const RENAMED: &[Twin] = &[
    Twin {
        name: "Vec3",
        again: |bytes| crate::again::<space::VectorView<'_>, space::Vector>(bytes),
        lengths: crate::lengths::<space::VectorView<'_>>(),
    },
    Twin {
        name: "Move",
        again: |bytes| crate::again::<PlayerMoveView<'_>, PlayerMove>(bytes),
        lengths: crate::lengths::<PlayerMoveView<'_>>(),
    },
];

const NAMED: &[Twin] = twins![
    SessionGrant / SessionGrantView,
    ServerInfo / ServerInfoView<'_>,
    LoginRequest / LoginRequestView<'_>,
    LoginResponse / LoginResponseView<'_>,
    RegisterRequest / RegisterRequestView<'_>,
    RegisterResponse / RegisterResponseView,
    ResumeRequest / ResumeRequestView,
    ResumeResponse / ResumeResponseView,
    Logout / LogoutView,
    LogoutResponse / LogoutResponseView,
    Entity / EntityView<'_>,
    EntityMotion / EntityMotionView,
    Arrival / ArrivalView,
    EnterWorld / EnterWorldView,
    WorldEntered / WorldEnteredView,
    EntitiesMoved / EntitiesMovedView,
    MoveRejected / MoveRejectedView,
    WorldSnapshot / WorldSnapshotView<'_>,
    EntityEntered / EntityEnteredView<'_>,
    EntityLeft / EntityLeftView,
    Attack / AttackView,
    CombatResult / CombatResultView,
    LeaveWorld / LeaveWorldView,
    WorldLeft / WorldLeftView,
    GuildInfo / GuildInfoView<'_>,
    GuildCreate / GuildCreateView<'_>,
    GuildInvite / GuildInviteView<'_>,
    GuildInvited / GuildInvitedView<'_>,
    GuildJoin / GuildJoinView,
    GuildLeave / GuildLeaveView,
    GuildListRequest / GuildListRequestView,
    GuildList / GuildListView<'_>,
    GuildWarStart / GuildWarStartView,
    GuildWarEnd / GuildWarEndView,
    GuildWar / GuildWarView,
    GuildResult / GuildResultView,
    RoomInfo / RoomInfoView<'_>,
    Say / SayView,
    ChatMessage / ChatMessageView<'_>,
    Whisper / WhisperView<'_>,
    Broadcast / BroadcastView<'_>,
    RoomCreate / RoomCreateView<'_>,
    RoomJoin / RoomJoinView,
    RoomLeave / RoomLeaveView,
    RoomListRequest / RoomListRequestView,
    RoomList / RoomListView<'_>,
    RoomMessage / RoomMessageView<'_>,
    RoomResult / RoomResultView,
    RoomEvent / RoomEventView<'_>,
    Heartbeat / HeartbeatView,
    HeartbeatReply / HeartbeatReplyView,
    Hello / HelloView<'_>,
    Welcome / WelcomeView<'_>,
    TimeSyncRequest / TimeSyncRequestView,
    TimeSyncResponse / TimeSyncResponseView,
    EchoRequest / EchoRequestView<'_>,
    EchoReply / EchoReplyView,
    ServerNotice / ServerNoticeView<'_>,
    KickNotice / KickNoticeView<'_>,
    Error / ErrorView<'_>,
];

#[test]
fn game_is_the_same() {
    compare("game", RENAMED.iter().chain(NAMED));
}

#[test]
fn every_struct_of_the_game_has_a_twin() {
    every_struct_has_a_twin("game", RENAMED.iter().chain(NAMED));
}

#[test]
fn an_enum_of_packets_is_chosen_by_id() {
    let whisper = b"\x00\x0f\x0f\xa2\0\0\0\x0b\x03ada\x00\x01h";
    let view = MessageView::parse(whisper).unwrap();
    assert_eq!(view.name(), "Whisper");
    let message = Message::try_from(view).unwrap();
    assert_eq!(message.id(), 4002);
    let reply = b"\x00\x10\x13\x89\0\0\0\x01\0\0\0\0\0\0\xc3\x50";
    let view = MessageView::parse(reply).unwrap();
    assert!(Message::try_from(view).is_err());
}
