//! What a proxy can break, and which checks have to notice.

use packet_runtime::Encode;
use reference::conform::{Check, Group};
use reference::game::{
    ChatMessage, EchoReply, EntityLeft, Error, ErrorCode, FINGERPRINT, GuildInfo, Hello,
    LeftReason, LoginResponse, LoginResult, Packet, PacketView, RegisterResult, ResumeResponse,
    ResumeResult, RoomInfo, SessionGrant, WelcomeResult, WorldLeft,
};
use std::time::Duration;

/// One thing that a proxy breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Nothing.
    Honest,
    /// No packet of this name arrives.
    Drops(&'static str),
    /// After the arrival nothing is answered.
    Mute,
    /// Neither refuses nor closes: what must not be is passed over in silence.
    NeverRefuses,
    /// The connection stays open.
    NeverCloses,
    /// All takes longer than anybody waits.
    Late,
    /// Answers carry another number.
    ChangesNumbers,
    /// Answers are about nothing that was sent.
    ErrorsAboutNothing,
    /// Errors say that it was the server's mistake.
    BlamesItself,
    /// A packet of another state comes behind Welcome.
    WrongState,
    /// A packet comes before Hello.
    SpeaksFirst,
    /// The size in a header is wrong.
    WrongSize,
    /// A packet comes that the schema does not define.
    UnknownId,
    /// Echoes come back with a byte changed.
    ChangesEchoes,
    /// Two neighbouring echoes are swapped.
    Reorders,
    /// The answers to heartbeats have another sequence.
    ChangesHeartbeats,
    /// The server's clock goes back while it answers.
    ClockGoesBack,
    /// Hello fits, whatever it says.
    AcceptsStrangers,
    /// Welcome has another fingerprint.
    ChangesWelcome,
    /// Something is answered in `leaving`.
    AnswersAfterTheEnd,
    /// Something about the world comes before the snapshot.
    SnapshotLate,
    /// Names of entities are empty.
    Nameless,
    /// All registrations, logins and resumes succeed.
    LetsEverybodyIn,
    /// Tokens are always the same.
    SameToken,
    /// A logout revokes the token, whatever it says.
    AlwaysRevokes,
    /// A logout revokes no token, whatever it says.
    NeverRevokes,
    /// A result of a number that is another one's.
    ChangesResults,
    /// Lists are empty.
    EmptyLists,
    /// Lists come in reverse.
    ReversesLists,
    /// Lists have things that are not there any more.
    ListsTheDead,
    /// Texts are cut to 100 bytes.
    CutsTexts,
    /// What was written in pieces is forgotten.
    ForgetsPieces,
    /// Of several packets that come in one piece only the first is seen.
    SeesFirstOnly,
    /// Echoes are kept for who does not read, without bound.
    Hoards,
}

use Mode::{
    AcceptsStrangers, AlwaysRevokes, AnswersAfterTheEnd, BlamesItself, ChangesEchoes,
    ChangesHeartbeats, ChangesNumbers, ChangesResults, ChangesWelcome, ClockGoesBack, CutsTexts,
    Drops, EmptyLists, ErrorsAboutNothing, ForgetsPieces, Hoards, Late, LetsEverybodyIn,
    ListsTheDead, Mute, Nameless, NeverCloses, NeverRefuses, NeverRevokes, Reorders, ReversesLists,
    SameToken, SeesFirstOnly, SnapshotLate, SpeaksFirst, UnknownId, WrongSize, WrongState,
};

/// A broken server, and who has to notice.
pub(crate) struct Broken {
    pub(crate) mode: Mode,
    /// Names of checks; with a star at the end, how they begin.
    names: &'static [&'static str],
    /// Which other ones have to notice.
    also: fn(&Check) -> bool,
}

impl Broken {
    /// Whether a check has to notice.
    pub(crate) fn is_noticed_by(&self, check: &Check) -> bool {
        let named = self.names.iter().any(|name| match name.strip_suffix('*') {
            Some(beginning) => check.name().starts_with(beginning),
            None => check.name() == *name,
        });
        named || (self.also)(check)
    }
}

const fn broken(mode: Mode, names: &'static [&'static str]) -> Broken {
    Broken {
        mode,
        names,
        also: |_| false,
    }
}

/// Whether a check waits for a packet to be refused.
fn refuses(check: &Check) -> bool {
    let groups = [Group::States, Group::Vectors, Group::Framing];
    groups.contains(&check.group()) && check.rule().contains(" refused")
}

/// Whether a check waits for a packet to be answered that comes behind what [`Mode::Mute`] lets pass.
fn is_answered(check: &Check) -> bool {
    let passes = ["Hello", "RegisterRequest", "LoginRequest", "EnterWorld"];
    let passes = passes
        .iter()
        .any(|name| check.name().split('/').any(|part| part == *name));
    let groups = [Group::States, Group::Vectors];
    groups.contains(&check.group()) && check.rule().contains(" answered or taken") && !passes
}

/// All modes.
pub(crate) const BROKEN: &[Broken] = &[
    broken(Late, &["greeting/welcome", "system/echo_sizes"]),
    broken(
        Drops("Welcome"),
        &[
            "greeting/*",
            "limits/crowd",
            "vectors/Hello/a_bot",
            "states/connected/Hello",
        ],
    ),
    broken(ChangesWelcome, &["greeting/welcome"]),
    broken(
        SpeaksFirst,
        &["greeting/client_speaks_first", "conduct/in_state"],
    ),
    broken(
        AcceptsStrangers,
        &["greeting/wrong_fingerprint", "greeting/wrong_version"],
    ),
    broken(
        NeverCloses,
        &[
            "greeting/wrong_fingerprint",
            "greeting/wrong_version",
            "framing/unknown_id",
            "framing/cut_off",
            "framing/size_0",
            "framing/size_1",
            "framing/size_3",
            "accounts/logout",
            "states/leaving/*",
            "conduct/ends",
        ],
    ),
    Broken {
        mode: NeverRefuses,
        names: &[
            "greeting/second_hello",
            "framing/size_0",
            "framing/size_1",
            "framing/size_3",
        ],
        also: refuses,
    },
    Broken {
        mode: Mute,
        names: &[
            "framing/requests_in_two",
            "framing/many_in_one_write",
            "system/*",
        ],
        also: is_answered,
    },
    broken(
        ForgetsPieces,
        &[
            "framing/hello_in_two",
            "framing/requests_in_two",
            "framing/byte_at_a_time",
        ],
    ),
    broken(
        SeesFirstOnly,
        &["framing/many_in_one_write", "greeting/second_hello"],
    ),
    broken(Reorders, &["framing/many_in_one_write", "limits/flood"]),
    broken(
        Drops("EchoReply"),
        &["system/echo_*", "limits/flood", "limits/not_reading"],
    ),
    broken(ChangesEchoes, &["system/echo_bytes", "system/echo_sizes"]),
    broken(ChangesHeartbeats, &["system/heartbeat/*"]),
    broken(ClockGoesBack, &["system/clock"]),
    broken(Hoards, &["limits/not_reading"]),
    broken(
        ChangesNumbers,
        &[
            "conduct/numbers",
            "accounts/register",
            "guilds/create",
            "chat/room_create",
        ],
    ),
    broken(ErrorsAboutNothing, &["conduct/errors"]),
    broken(
        BlamesItself,
        &[
            "chat/whisper_to_nobody",
            "chat/broadcast_without_right",
            "chat/room_name_taken",
            "chat/room_message_from_outside",
            "chat/room_not_there",
            "guilds/create_*",
            "guilds/join_uninvited",
            "guilds/invite_nobody",
            "guilds/invite_without_a_guild",
            "guilds/leave",
            "guilds/war_*",
            "game/attack_nobody",
            "states/authenticated/Say",
            "states/authenticated/GuildJoin",
            "vectors/GuildInvite/ada",
        ],
    ),
    broken(WrongState, &["conduct/in_state"]),
    broken(WrongSize, &["conduct/decodes", "system/echo_bytes"]),
    broken(UnknownId, &["conduct/decodes"]),
    broken(AnswersAfterTheEnd, &["conduct/ends", "states/leaving/*"]),
    broken(SnapshotLate, &["conduct/snapshot_first"]),
    broken(
        Drops("RegisterResponse"),
        &[
            "accounts/register*",
            "accounts/weak_password",
            "states/greeted/RegisterRequest",
            "vectors/RegisterRequest/a_Korean_name",
        ],
    ),
    broken(
        Drops("LoginResponse"),
        &[
            "accounts/login_by*",
            "states/greeted/LoginRequest",
            "vectors/LoginRequest/ada_with_a_password",
            "vectors/LoginRequest/Jiyeon_with_a_token",
        ],
    ),
    broken(
        LetsEverybodyIn,
        &[
            "accounts/register_twice",
            "accounts/weak_password",
            "accounts/wrong_*",
            "accounts/unknown_name",
            "accounts/token_*",
            "accounts/resume_wrong*",
            "accounts/resume_old_token",
            "accounts/logout_with_revoke",
        ],
    ),
    broken(
        SameToken,
        &[
            "accounts/token_rotates",
            "accounts/login_by_token",
            "accounts/resume",
        ],
    ),
    broken(AlwaysRevokes, &["accounts/logout"]),
    broken(NeverRevokes, &["accounts/logout_with_revoke"]),
    broken(
        Drops("LogoutResponse"),
        &[
            "accounts/logout*",
            "game/logout_from_the_world",
            "states/leaving/*",
        ],
    ),
    broken(Drops("ResumeResponse"), &["accounts/resume*"]),
    broken(
        Drops("KickNotice"),
        &["accounts/second_login", "accounts/resume_kicks"],
    ),
    broken(
        Drops("WorldEntered"),
        &[
            "game/enter*",
            "accounts/resume_in_world",
            "states/authenticated/EnterWorld",
            "vectors/EnterWorld/anywhere",
            "vectors/EnterWorld/at_a_place",
        ],
    ),
    broken(Drops("WorldSnapshot"), &["game/enter*", "game/speeding"]),
    broken(Nameless, &["game/enter", "game/arrival_is_seen"]),
    broken(Drops("EntityEntered"), &["game/arrival_is_seen"]),
    broken(
        Drops("EntitiesMoved"),
        &["game/move_is_seen", "game/moving_on_after_rejection"],
    ),
    broken(
        Drops("MoveRejected"),
        &["game/speeding", "game/moving_on_after_rejection"],
    ),
    broken(Drops("CombatResult"), &["game/attack_is_seen"]),
    broken(Drops("WorldLeft"), &["game/leave", "game/enter_again"]),
    broken(
        Drops("EntityLeft"),
        &["game/leave", "game/logout_from_the_world"],
    ),
    broken(
        Drops("GuildResult"),
        &["guilds/create", "guilds/invite_and_join", "guilds/leave"],
    ),
    broken(
        ChangesResults,
        &[
            "guilds/create",
            "chat/room_create",
            "chat/room_join_and_leave",
        ],
    ),
    broken(Drops("GuildInvited"), &["guilds/invite_and_join"]),
    broken(Drops("GuildWar"), &["guilds/war"]),
    broken(
        EmptyLists,
        &[
            "guilds/create",
            "guilds/list_in_order",
            "chat/room_create",
            "chat/room_list_in_order",
        ],
    ),
    broken(ReversesLists, &["chat/room_list_in_order"]),
    broken(ListsTheDead, &["guilds/leave", "chat/empty_room_closes"]),
    broken(
        Drops("RoomEvent"),
        &["chat/room_join_and_leave", "chat/room_left_by_closing"],
    ),
    broken(
        Drops("ChatMessage"),
        &[
            "chat/say",
            "chat/whisper",
            "chat/room_message",
            "chat/longest_text",
        ],
    ),
    broken(CutsTexts, &["chat/longest_text"]),
];

/// One connection through the proxy.
pub(crate) struct Link {
    mode: Mode,
    /// What of a frame has come, each way.
    part_up: Vec<u8>,
    part_down: Vec<u8>,
    /// A frame that is held back.
    held: Option<Vec<u8>>,
    /// The last thing that was listed and is gone.
    dead: u32,
}

impl Mode {
    /// How long each frame of the server is held back.
    pub(crate) fn delay(self) -> Duration {
        match self {
            Late => Duration::from_secs(2),
            _ => Duration::ZERO,
        }
    }

    /// Whether the client notices that the server closed.
    pub(crate) fn passes_close_on(self) -> bool {
        !matches!(self, NeverCloses | NeverRefuses)
    }
}

impl Link {
    pub(crate) fn new(mode: Mode) -> Self {
        Self {
            mode,
            part_up: Vec::new(),
            part_down: Vec::new(),
            held: None,
            dead: 0,
        }
    }

    /// What the client gets at once.
    pub(crate) fn opened(&self) -> Vec<Vec<u8>> {
        match self.mode {
            SpeaksFirst => vec![bytes(EchoReply {
                request: 1,
                payload: Vec::new(),
            })],
            _ => Vec::new(),
        }
    }

    /// Takes bytes of the client, and returns those for the server, and frames for the client.
    pub(crate) fn up(&mut self, chunk: &[u8]) -> (Vec<u8>, Vec<Vec<u8>>) {
        if !matches!(
            self.mode,
            AcceptsStrangers
                | ForgetsPieces
                | SeesFirstOnly
                | Hoards
                | AlwaysRevokes
                | NeverRevokes
                | LetsEverybodyIn
        ) {
            return (chunk.to_vec(), Vec::new());
        }
        self.part_up.extend_from_slice(chunk);
        let frames = cut(&mut self.part_up);
        if matches!(self.mode, ForgetsPieces) {
            self.part_up.clear();
        }
        let (mut up, mut down) = (Vec::new(), Vec::new());
        for (number, frame) in frames.into_iter().enumerate() {
            let packet = PacketView::parse(&frame).map(Packet::from);
            match (self.mode, packet) {
                (SeesFirstOnly, _) if number > 0 => {}
                (AcceptsStrangers, Ok(Packet::Hello(hello))) => up.extend(bytes(Hello {
                    version: 2,
                    fingerprint: FINGERPRINT,
                    ..hello
                })),
                (Hoards, Ok(Packet::EchoRequest(echo))) => down.push(bytes(EchoReply {
                    request: echo.request,
                    payload: echo.payload,
                })),
                (AlwaysRevokes | NeverRevokes, Ok(Packet::Logout(mut logout))) => {
                    logout.revoke_token = self.mode == AlwaysRevokes;
                    up.extend(bytes(logout));
                }
                _ => up.extend(frame),
            }
        }
        (up, down)
    }

    /// Takes bytes of the server, and returns frames for the client.
    pub(crate) fn down(&mut self, chunk: &[u8]) -> Vec<Vec<u8>> {
        self.part_down.extend_from_slice(chunk);
        let frames = cut(&mut self.part_down);
        frames
            .into_iter()
            .flat_map(|frame| self.change(frame))
            .collect()
    }

    fn change(&mut self, frame: Vec<u8>) -> Vec<Vec<u8>> {
        let packet = Packet::from(PacketView::parse(&frame).unwrap());
        let name = packet.name();
        match (self.mode, packet) {
            (Drops(dropped), _) if dropped == name => Vec::new(),
            (NeverRefuses, Packet::Error(_) | Packet::KickNotice(_)) => Vec::new(),
            (Mute, packet) if !leads_into_the_world(&packet) => Vec::new(),
            (
                ChangesNumbers,
                Packet::RegisterResponse(_)
                | Packet::GuildResult(_)
                | Packet::RoomResult(_)
                | Packet::EchoReply(_),
            ) => {
                let mut frame = frame;
                frame[4] ^= 1;
                vec![frame]
            }
            (ErrorsAboutNothing, Packet::Error(error)) => vec![bytes(Error {
                packet: 1007,
                ..error
            })],
            (BlamesItself, Packet::Error(error)) => vec![bytes(Error {
                code: ErrorCode::INTERNAL,
                ..error
            })],
            (WrongState, Packet::Welcome(_)) => vec![frame, bytes(WorldLeft { request: 1 })],
            (WrongSize, Packet::EchoReply(_)) => {
                let mut frame = frame;
                frame[1] ^= 1;
                vec![frame]
            }
            (UnknownId, Packet::EchoReply(_)) => vec![vec![0, 4, 0x27, 0x0f], frame],
            (ChangesEchoes, Packet::EchoReply(mut echo)) => {
                if let Some(byte) = echo.payload.last_mut() {
                    *byte ^= 1;
                }
                vec![bytes(echo)]
            }
            (Reorders, Packet::EchoReply(_)) => {
                if let Some(held) = self.held.take() {
                    vec![frame, held]
                } else {
                    self.held = Some(frame);
                    Vec::new()
                }
            }
            (ChangesHeartbeats, Packet::HeartbeatReply(mut reply)) => {
                reply.sequence ^= 1;
                vec![bytes(reply)]
            }
            (ClockGoesBack, Packet::TimeSyncResponse(mut sync)) => {
                sync.server_sent_at = sync.server_received_at - 1;
                vec![bytes(sync)]
            }
            (ChangesWelcome, Packet::Welcome(mut welcome)) => {
                if welcome.result == WelcomeResult::OK {
                    welcome.fingerprint ^= 1;
                }
                vec![bytes(welcome)]
            }
            (AnswersAfterTheEnd, Packet::LogoutResponse(_)) => {
                let late = EchoReply {
                    request: 1,
                    payload: Vec::new(),
                };
                vec![frame, bytes(late)]
            }
            (SnapshotLate, Packet::WorldEntered(_)) => {
                let left = EntityLeft {
                    entity: 1,
                    reason: LeftReason::OUT_OF_SIGHT,
                };
                vec![frame, bytes(left)]
            }
            (Nameless, Packet::WorldSnapshot(mut snapshot)) => {
                for entity in &mut snapshot.entities {
                    entity.name.clear();
                }
                vec![bytes(snapshot)]
            }
            (Nameless, Packet::EntityEntered(mut entered)) => {
                entered.entity.name.clear();
                vec![bytes(entered)]
            }
            (LetsEverybodyIn, Packet::RegisterResponse(mut response)) => {
                response.result = RegisterResult::OK;
                vec![bytes(response)]
            }
            (LetsEverybodyIn, Packet::LoginResponse(response)) if response.session.is_none() => {
                vec![bytes(LoginResponse {
                    result: LoginResult::OK,
                    session: Some(grant()),
                    ..response
                })]
            }
            (LetsEverybodyIn, Packet::ResumeResponse(response)) if response.session.is_none() => {
                vec![bytes(ResumeResponse {
                    result: ResumeResult::OK,
                    session: Some(grant()),
                    ..response
                })]
            }
            (SameToken, Packet::LoginResponse(mut response)) => {
                response.session = response.session.map(|session| SessionGrant {
                    player: session.player,
                    ..grant()
                });
                vec![bytes(response)]
            }
            (ChangesResults, Packet::GuildResult(mut result)) => {
                result.guild += 1;
                vec![bytes(result)]
            }
            (ChangesResults, Packet::RoomResult(mut result)) => {
                result.room += 1;
                vec![bytes(result)]
            }
            (EmptyLists, Packet::GuildList(mut list)) => {
                list.guilds.clear();
                vec![bytes(list)]
            }
            (EmptyLists, Packet::RoomList(mut list)) => {
                list.rooms.clear();
                vec![bytes(list)]
            }
            (ReversesLists, Packet::RoomList(mut list)) => {
                list.rooms.reverse();
                vec![bytes(list)]
            }
            (ListsTheDead, Packet::RoomResult(result)) => {
                self.dead = result.room;
                vec![frame]
            }
            (ListsTheDead, Packet::GuildResult(result)) => {
                self.dead = result.guild;
                vec![frame]
            }
            (ListsTheDead, Packet::RoomList(mut list)) => {
                list.rooms.insert(0, dead_room(self.dead));
                vec![bytes(list)]
            }
            (ListsTheDead, Packet::GuildList(mut list)) => {
                list.guilds.insert(0, dead_guild(self.dead));
                vec![bytes(list)]
            }
            (CutsTexts, Packet::ChatMessage(message)) => {
                let text = message.text.chars().take(50).collect();
                vec![bytes(ChatMessage { text, ..message })]
            }
            _ => vec![frame],
        }
    }
}

/// Whether a packet is among those that a player meets on the way into the world.
fn leads_into_the_world(packet: &Packet) -> bool {
    matches!(
        packet,
        Packet::Welcome(_)
            | Packet::LoginResponse(_)
            | Packet::RegisterResponse(_)
            | Packet::WorldEntered(_)
            | Packet::WorldSnapshot(_)
    )
}

/// Takes whole frames out of what has come. What is no frame is taken as one.
fn cut(buffer: &mut Vec<u8>) -> Vec<Vec<u8>> {
    let mut frames = Vec::new();
    while let [high, low, ..] = buffer[..] {
        let size = usize::from(u16::from_be_bytes([high, low]));
        if size < 4 {
            frames.push(std::mem::take(buffer));
        } else if size <= buffer.len() {
            frames.push(buffer.drain(..size).collect());
        } else {
            break;
        }
    }
    frames
}

fn bytes(packet: impl Into<Packet>) -> Vec<u8> {
    packet.into().to_vec().unwrap()
}

fn grant() -> SessionGrant {
    SessionGrant {
        token: [9; 32],
        token_lifetime_seconds: 60,
        player: 1,
    }
}

fn dead_room(id: u32) -> RoomInfo {
    RoomInfo {
        id,
        name: "dead".to_owned(),
        members: 0,
    }
}

fn dead_guild(id: u32) -> GuildInfo {
    GuildInfo {
        id,
        name: "dead".to_owned(),
        tag: "dd".to_owned(),
        members: 0,
        at_war_with: Vec::new(),
    }
}
