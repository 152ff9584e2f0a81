//! Guilds and their wars.

use crate::{Twin, twins};
use packet_derive::Packet;

#[derive(Clone, Copy, Debug, Packet)]
#[repr(u8)]
enum GuildWarEvent {
    Started,
    Ended,
    #[packet(other)]
    Other(u8),
}

#[derive(Debug, Packet)]
struct GuildInfo<'a> {
    id: u32,
    #[packet(len = "u8", min = 1, max = 32)]
    name: &'a str,
    #[packet(len = "u8", min = 2, max = 12)]
    tag: &'a str,
    members: u16,
    #[packet(len = "u8", max = 8)]
    at_war_with: Vec<u32>,
}

#[derive(Debug, Packet)]
#[packet(id = 3000, size = 13..=54)]
struct GuildCreate<'a> {
    #[packet(range = 1..=4294967295)]
    request: u32,
    #[packet(len = "u8", min = 1, max = 32)]
    name: &'a str,
    #[packet(len = "u8", min = 2, max = 12)]
    tag: &'a str,
}

#[derive(Debug, Packet)]
#[packet(id = 3001, size = 10..=41)]
struct GuildInvite<'a> {
    #[packet(range = 1..=4294967295)]
    request: u32,
    #[packet(len = "u8", min = 1, max = 32)]
    player: &'a str,
}

#[derive(Debug, Packet)]
#[packet(id = 3002, size = 12..=74)]
struct GuildInvited {
    guild: u32,
    #[packet(len = "u8", min = 1, max = 32)]
    name: String,
    #[packet(len = "u8", min = 1, max = 32)]
    by: String,
}

#[derive(Debug, Packet)]
#[packet(id = 3003, size = 12)]
struct GuildJoin {
    #[packet(range = 1..=4294967295)]
    request: u32,
    guild: u32,
}

#[derive(Debug, Packet)]
#[packet(id = 3004, size = 8)]
struct GuildLeave {
    #[packet(range = 1..=4294967295)]
    request: u32,
}

#[derive(Debug, Packet)]
#[packet(id = 3005, size = 12)]
struct GuildListRequest {
    #[packet(range = 1..=4294967295)]
    request: u32,
    after: u32,
}

#[derive(Debug, Packet)]
#[packet(id = 3006, size = 11..=42511)]
struct GuildList<'a> {
    #[packet(range = 1..=4294967295)]
    request: u32,
    more: bool,
    #[packet(len = "u16", max = 500)]
    guilds: Vec<GuildInfo<'a>>,
}

#[derive(Debug, Packet)]
#[packet(id = 3007, size = 12)]
struct GuildWarStart {
    #[packet(range = 1..=4294967295)]
    request: u32,
    guild: u32,
}

#[derive(Debug, Packet)]
#[packet(id = 3008, size = 12)]
struct GuildWarEnd {
    #[packet(range = 1..=4294967295)]
    request: u32,
    guild: u32,
}

#[derive(Debug, Packet)]
#[packet(id = 3009, size = 13)]
struct GuildWar {
    #[packet(type = "u8")]
    event: GuildWarEvent,
    attacker: u32,
    defender: u32,
}

#[derive(Debug, Packet)]
#[packet(id = 3010, size = 12)]
struct GuildResult {
    #[packet(range = 1..=4294967295)]
    request: u32,
    guild: u32,
}

pub(super) const TWINS: &[Twin] = twins![
    GuildInfo / GuildInfoView<'_>,
    GuildCreate / GuildCreateView<'_>,
    GuildInvite / GuildInviteView<'_>,
    GuildInvited / GuildInvitedView,
    GuildJoin / GuildJoinView,
    GuildLeave / GuildLeaveView,
    GuildListRequest / GuildListRequestView,
    GuildList / GuildListView<'_>,
    GuildWarStart / GuildWarStartView,
    GuildWarEnd / GuildWarEndView,
    GuildWar / GuildWarView,
    GuildResult / GuildResultView,
];
