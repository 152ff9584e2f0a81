//! Greeting, heartbeats, clocks, echo, notices and errors.

use crate::{Twin, twins};
use packet_derive::Packet;

#[derive(Clone, Copy, Debug, Packet)]
#[repr(u8)]
enum WelcomeResult {
    Ok,
    IncompatibleSchema,
    UnsupportedVersion,
    ServerFull,
    ShuttingDown,
    #[packet(other)]
    Other(u8),
}

#[derive(Clone, Copy, Debug, Packet)]
#[repr(u8)]
enum NoticeLevel {
    Info,
    Warning,
    Urgent,
    #[packet(other)]
    Other(u8),
}

#[derive(Clone, Copy, Debug, Packet)]
#[repr(u8)]
enum KickReason {
    Idle = 1,
    Slow,
    Flooding,
    ProtocolViolation,
    LoggedInElsewhere,
    ShuttingDown,
    ByOperator,
    #[packet(other)]
    Other(u8),
}

#[derive(Clone, Copy, Debug, Packet)]
#[repr(u8)]
enum ErrorCode {
    Internal,
    Malformed,
    NotAllowedNow,
    UnknownPacket,
    RateLimited,
    TooLarge,
    PermissionDenied,
    NotFound,
    AlreadyExists,
    Full,
    Unavailable,
    InvalidArgument,
    #[packet(other)]
    Other(u8),
}

#[derive(Debug, Packet)]
#[packet(id = 5000, size = 20)]
struct Heartbeat {
    sequence: u32,
    sent_at: u64,
    rtt: u32,
}

#[derive(Debug, Packet)]
#[packet(id = 5001, size = 16)]
struct HeartbeatReply {
    sequence: u32,
    sent_at: u64,
}

#[derive(Debug, Packet)]
#[packet(id = 5002, size = 16..=79)]
struct Hello<'a> {
    version: u16,
    fingerprint: u64,
    #[packet(len = "u8", min = 1, max = 64)]
    client: &'a str,
}

#[derive(Debug, Packet)]
#[packet(id = 5003, size = 19..=82)]
struct Welcome<'a> {
    #[packet(type = "u8")]
    result: WelcomeResult,
    version: u16,
    fingerprint: u64,
    #[packet(len = "u8", min = 1, max = 64)]
    server: &'a str,
    #[packet(range = 1..=3600)]
    heartbeat_seconds: u16,
}

#[derive(Debug, Packet)]
#[packet(id = 5004, size = 16)]
struct TimeSyncRequest {
    #[packet(range = 1..=4294967295)]
    request: u32,
    client_sent_at: u64,
}

#[derive(Debug, Packet)]
#[packet(id = 5005, size = 32)]
struct TimeSyncResponse {
    #[packet(range = 1..=4294967295)]
    request: u32,
    client_sent_at: u64,
    server_received_at: u64,
    server_sent_at: u64,
}

#[derive(Debug, Packet)]
#[packet(id = 5006, size = 10..=32778)]
struct EchoRequest<'a> {
    #[packet(range = 1..=4294967295)]
    request: u32,
    #[packet(len = "u16", max = 32768)]
    payload: &'a [u8],
}

#[derive(Debug, Packet)]
#[packet(id = 5007, size = 10..=32778)]
struct EchoReply {
    #[packet(range = 1..=4294967295)]
    request: u32,
    #[packet(len = "u16", max = 32768)]
    payload: Vec<u8>,
}

#[derive(Debug, Packet)]
#[packet(id = 5010, size = 8..=519)]
struct ServerNotice<'a> {
    #[packet(type = "u8")]
    level: NoticeLevel,
    #[packet(len = "u16", min = 1, max = 512)]
    text: &'a str,
}

#[derive(Debug, Packet)]
#[packet(id = 5011, size = 6..=261)]
struct KickNotice {
    #[packet(type = "u8")]
    reason: KickReason,
    #[packet(len = "u8")]
    text: String,
}

#[derive(Debug, Packet)]
#[packet(id = 5012, size = 12..=267)]
struct Error<'a> {
    request: u32,
    packet: u16,
    #[packet(type = "u8")]
    code: ErrorCode,
    #[packet(len = "u8")]
    text: &'a str,
}

pub(super) const TWINS: &[Twin] = twins![
    Heartbeat / HeartbeatView,
    HeartbeatReply / HeartbeatReplyView,
    Hello / HelloView<'_>,
    Welcome / WelcomeView<'_>,
    TimeSyncRequest / TimeSyncRequestView,
    TimeSyncResponse / TimeSyncResponseView,
    EchoRequest / EchoRequestView<'_>,
    EchoReply / EchoReplyView,
    ServerNotice / ServerNoticeView<'_>,
    KickNotice / KickNoticeView,
    Error / ErrorView<'_>,
];
