//! Nearby, whispers, rooms, broadcasts.

use crate::{Twin, twins};
use packet_derive::Packet;

#[derive(Clone, Copy, Debug, Packet)]
#[repr(u8)]
enum RoomChange {
    Joined,
    Left,
    #[packet(other)]
    Other(u8),
}

#[derive(Debug, Packet)]
struct RoomInfo {
    id: u32,
    #[packet(len = "u8", min = 1, max = 32)]
    name: String,
    members: u16,
}

#[derive(Debug, Packet)]
#[packet(id = 4000, size = 11..=522)]
struct Say<'a> {
    #[packet(range = 1..=4294967295)]
    request: u32,
    #[packet(len = "u16", min = 1, max = 512)]
    text: &'a str,
}

#[derive(Clone, Copy, Debug, Packet)]
#[repr(u8)]
enum Channel {
    Nearby,
    Whisper,
    Room,
    Broadcast,
}

#[derive(Debug, Packet)]
enum Scope<'a> {
    #[packet(tag = Channel::Nearby)]
    Nearby(u32),
    #[packet(tag = Channel::Whisper, len = "u8", min = 1, max = 32)]
    Whisper(&'a str),
    #[packet(tag = Channel::Room)]
    Room(u32),
    #[packet(tag = Channel::Broadcast)]
    Broadcast([u8; 0]),
}

#[derive(Debug, Packet)]
#[packet(id = 4001, size = 10..=585)]
struct ChatMessage<'a> {
    #[packet(wire(#[packet(type = "u8")] channel: Channel), match = "channel")]
    scope: Scope<'a>,
    #[packet(len = "u8", min = 1, max = 32)]
    sender: &'a str,
    #[packet(len = "u16", min = 1, max = 512)]
    text: &'a str,
}

#[derive(Debug, Packet)]
#[packet(id = 4002, size = 13..=555)]
struct Whisper<'a> {
    #[packet(range = 1..=4294967295)]
    request: u32,
    #[packet(len = "u8", min = 1, max = 32)]
    recipient: &'a str,
    #[packet(len = "u16", min = 1, max = 512)]
    text: &'a str,
}

#[derive(Debug, Packet)]
#[packet(id = 4003, size = 11..=522)]
struct Broadcast<'a> {
    #[packet(range = 1..=4294967295)]
    request: u32,
    #[packet(len = "u16", min = 1, max = 512)]
    text: &'a str,
}

#[derive(Debug, Packet)]
#[packet(id = 4010, size = 10..=41)]
struct RoomCreate {
    #[packet(range = 1..=4294967295)]
    request: u32,
    #[packet(len = "u8", min = 1, max = 32)]
    name: String,
}

#[derive(Debug, Packet)]
#[packet(id = 4011, size = 12)]
struct RoomJoin {
    #[packet(range = 1..=4294967295)]
    request: u32,
    room: u32,
}

#[derive(Debug, Packet)]
#[packet(id = 4012, size = 12)]
struct RoomLeave {
    #[packet(range = 1..=4294967295)]
    request: u32,
    room: u32,
}

#[derive(Debug, Packet)]
#[packet(id = 4013, size = 12)]
struct RoomListRequest {
    #[packet(range = 1..=4294967295)]
    request: u32,
    after: u32,
}

#[derive(Debug, Packet)]
#[packet(id = 4014, size = 11..=39011)]
struct RoomList {
    #[packet(range = 1..=4294967295)]
    request: u32,
    more: bool,
    #[packet(len = "u16", max = 1000)]
    rooms: Vec<RoomInfo>,
}

#[derive(Debug, Packet)]
#[packet(id = 4015, size = 15..=526)]
struct RoomMessage<'a> {
    #[packet(range = 1..=4294967295)]
    request: u32,
    room: u32,
    #[packet(len = "u16", min = 1, max = 512)]
    text: &'a str,
}

#[derive(Debug, Packet)]
#[packet(id = 4016, size = 12)]
struct RoomResult {
    #[packet(range = 1..=4294967295)]
    request: u32,
    room: u32,
}

#[derive(Debug, Packet)]
#[packet(id = 4017, size = 11..=42)]
struct RoomEvent<'a> {
    room: u32,
    #[packet(type = "u8")]
    change: RoomChange,
    #[packet(len = "u8", min = 1, max = 32)]
    player: &'a str,
}

pub(super) const TWINS: &[Twin] = twins![
    RoomInfo / RoomInfoView,
    Say / SayView<'_>,
    ChatMessage / ChatMessageView<'_>,
    Whisper / WhisperView<'_>,
    Broadcast / BroadcastView<'_>,
    RoomCreate / RoomCreateView,
    RoomJoin / RoomJoinView,
    RoomLeave / RoomLeaveView,
    RoomListRequest / RoomListRequestView,
    RoomList / RoomListView,
    RoomMessage / RoomMessageView<'_>,
    RoomResult / RoomResultView,
    RoomEvent / RoomEventView<'_>,
];
