//! All packets of `schemas/game.yaml`.

use super::{compare, twins};
use packet_derive::Packet;

#[derive(Clone, Copy, Debug, Packet)]
struct Vec3 {
    #[packet(finite)]
    x: f32,
    #[packet(finite)]
    y: f32,
    #[packet(finite)]
    z: f32,
}

#[derive(Clone, Copy, Debug, Packet)]
#[repr(u8)]
enum LoginResult {
    Ok = 0,
    BadCredentials = 1,
    AlreadyOnline = 2,
    ServerFull = 3,
    UnsupportedVersion = 4,
    #[packet(other)]
    Other(u8),
}

#[derive(Clone, Debug, Packet)]
struct ServerInfo {
    id: u16,
    #[packet(len = "u8", min = 1, max = 32)]
    name: String,
    #[packet(len = "u8", max = 64)]
    address: String,
    #[packet(range = 1..=65535)]
    port: u16,
    players: u16,
    capacity: u16,
}

#[derive(Clone, Copy, Debug, Packet)]
#[packet(flags(running = 0, jumping = 1, crouching = 2))]
struct Motion(u8);

#[derive(Clone, Copy, Debug, Packet)]
#[repr(u8)]
enum Channel {
    Everyone,
    Nearby,
    Whisper,
}

#[derive(Debug, Packet)]
#[packet(id = 1000, size = 12..=127)]
struct LoginRequest<'a> {
    #[packet(len = "u8", min = 1, max = 32)]
    name: &'a str,
    #[packet(len = "u8", min = 1, max = 64)]
    password: &'a str,
    client_version: u32,
}

#[derive(Debug, Packet)]
#[packet(id = 1001, size = 15..=27556)]
struct LoginResponse {
    #[packet(type = "u8")]
    result: LoginResult,
    #[packet(len = "u8")]
    message: String,
    player: u32,
    heartbeat_seconds: u16,
    #[packet(wire(server_count: u8), count = "server_count")]
    servers: Vec<ServerInfo>,
    #[packet(len = "u16", max = 256)]
    token: Vec<u8>,
}

#[derive(Debug, Packet)]
#[packet(id = 5000, size = 16)]
struct Heartbeat {
    sequence: u32,
    sent_at: u64,
}

#[derive(Debug, Packet)]
#[packet(id = 2002, size = 33)]
struct Move {
    sequence: u32,
    #[packet(fixed = 12)]
    position: Vec3,
    #[packet(fixed = 12)]
    velocity: Vec3,
    #[packet(type = "u8")]
    motion: Motion,
}

#[derive(Debug, Packet)]
#[packet(id = 2003, size = 33)]
struct PlayerMoved {
    player: u32,
    // Slower, and the same wire.
    position: Vec3,
    velocity: Vec3,
    #[packet(type = "u8")]
    motion: Motion,
}

#[derive(Debug, Packet)]
#[packet(id = 4000, size = 8..=1126)]
struct Chat<'a> {
    #[packet(type = "u8")]
    channel: Channel,
    #[packet(wire(has_recipient: bool), when = "has_recipient", len = "u8", min = 1, max = 32)]
    recipient: Option<&'a str>,
    #[packet(len = "u16", max = 1085)]
    text: &'a str,
}

#[derive(Debug, Packet)]
#[packet(id = 4001, size = 9..=1126)]
struct ChatMessage<'a> {
    #[packet(type = "u8")]
    channel: Channel,
    #[packet(len = "u8", min = 1, max = 32)]
    sender: &'a str,
    #[packet(len = "u16", max = 1085)]
    text: &'a str,
}

#[test]
fn game_is_the_same() {
    compare(
        "game",
        twins![
            Vec3 / Vec3View,
            ServerInfo / ServerInfoView,
            LoginRequest / LoginRequestView<'_>,
            LoginResponse / LoginResponseView,
            Heartbeat / HeartbeatView,
            Move / MoveView,
            PlayerMoved / PlayerMovedView,
            Chat / ChatView<'_>,
            ChatMessage / ChatMessageView<'_>,
        ],
    );
}

mod quickstart {
    use super::{Packet, Vec3, compare, twins};

    #[derive(Debug, Packet)]
    #[packet(id = 1001, size = 20, max_size = "1KiB")]
    struct Move {
        player: u32,
        #[packet(fixed = 12)]
        position: Vec3,
    }

    #[test]
    fn quickstart_is_the_same() {
        compare("quickstart", twins![Move / MoveView]);
    }
}
