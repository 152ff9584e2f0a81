//! Accounts, logging in, resuming, logging out.

use super::world::Arrival;
use crate::{Twin, twins};
use packet_derive::Packet;

#[derive(Clone, Copy, Debug, Packet)]
#[repr(u8)]
enum RegisterResult {
    Ok,
    NameTaken,
    NameNotAllowed,
    WeakPassword,
    Closed,
    Unavailable,
    #[packet(other)]
    Other(u8),
}

#[derive(Clone, Copy, Debug, Packet)]
#[repr(u8)]
enum LoginResult {
    Ok = 0,
    BadCredentials = 1,
    AlreadyOnline = 2,
    ServerFull = 3,
    UnsupportedVersion = 4,
    ExpiredToken = 5,
    Unavailable = 6,
    #[packet(other)]
    Other(u8),
}

#[derive(Clone, Copy, Debug, Packet)]
#[repr(u8)]
enum ResumeResult {
    Ok,
    UnknownToken,
    ExpiredToken,
    WrongDevice,
    ServerFull,
    Unavailable,
    #[packet(other)]
    Other(u8),
}

#[derive(Debug, Packet)]
struct SessionGrant {
    token: [u8; 32],
    token_lifetime_seconds: u32,
    player: u32,
}

#[derive(Clone, Debug, Packet)]
struct ServerInfo {
    id: u16,
    #[packet(len = "u8", min = 1, max = 32)]
    name: String,
    #[packet(len = "u8", min = 1, max = 253)]
    address: String,
    #[packet(range = 1..=65535)]
    port: u16,
    players: u16,
    capacity: u16,
    #[packet(range = 0..=100)]
    load: u8,
}

#[derive(Clone, Copy, Debug, Packet)]
#[repr(u8)]
enum CredentialKind {
    Password,
    Token,
}

#[derive(Debug, Packet)]
enum Credential<'a> {
    #[packet(tag = CredentialKind::Password, len = "u8", min = 1, max = 128)]
    Password(&'a str),
    #[packet(tag = CredentialKind::Token)]
    Token([u8; 32]),
}

#[derive(Debug, Packet)]
#[packet(id = 1000, size = 33..=191)]
struct LoginRequest<'a> {
    #[packet(range = 1..=4294967295)]
    request: u32,
    #[packet(len = "u8", min = 1, max = 32)]
    name: &'a str,
    #[packet(wire(#[packet(type = "u8")] credential_kind: CredentialKind), match = "credential_kind")]
    credential: Credential<'a>,
    client_version: u32,
    device: [u8; 16],
}

#[derive(Debug, Packet)]
#[packet(id = 1001, size = 11..=19250)]
struct LoginResponse {
    #[packet(range = 1..=4294967295)]
    request: u32,
    #[packet(type = "u8")]
    result: LoginResult,
    #[packet(len = "u8")]
    message: String,
    #[packet(when = result == 0, fixed = 40)]
    session: Option<SessionGrant>,
    #[packet(len = "u8", max = 64)]
    servers: Vec<ServerInfo>,
}

#[derive(Debug, Packet)]
#[packet(id = 1002, size = 12..=170)]
struct RegisterRequest<'a> {
    #[packet(range = 1..=4294967295)]
    request: u32,
    #[packet(len = "u8", min = 1, max = 32)]
    name: &'a str,
    #[packet(len = "u8", min = 1, max = 128)]
    password: &'a str,
}

#[derive(Debug, Packet)]
#[packet(id = 1003, size = 9)]
struct RegisterResponse {
    #[packet(range = 1..=4294967295)]
    request: u32,
    #[packet(type = "u8")]
    result: RegisterResult,
}

#[derive(Debug, Packet)]
#[packet(id = 1004, size = 56)]
struct ResumeRequest {
    #[packet(range = 1..=4294967295)]
    request: u32,
    token: [u8; 32],
    device: [u8; 16],
}

#[derive(Debug, Packet)]
#[packet(id = 1005, size = 10..=71)]
struct ResumeResponse {
    #[packet(range = 1..=4294967295)]
    request: u32,
    #[packet(type = "u8")]
    result: ResumeResult,
    // Slower, and the same wire.
    #[packet(wire(in_world: bool), when = result == 0)]
    session: Option<SessionGrant>,
    #[packet(when = "in_world", fixed = 21)]
    arrival: Option<Arrival>,
}

#[derive(Debug, Packet)]
#[packet(id = 1006, size = 9)]
struct Logout {
    #[packet(range = 1..=4294967295)]
    request: u32,
    revoke_token: bool,
}

#[derive(Debug, Packet)]
#[packet(id = 1007, size = 9)]
struct LogoutResponse {
    #[packet(range = 1..=4294967295)]
    request: u32,
    token_revoked: bool,
}

pub(super) const TWINS: &[Twin] = twins![
    SessionGrant / SessionGrantView,
    ServerInfo / ServerInfoView,
    LoginRequest / LoginRequestView<'_>,
    LoginResponse / LoginResponseView,
    RegisterRequest / RegisterRequestView<'_>,
    RegisterResponse / RegisterResponseView,
    ResumeRequest / ResumeRequestView,
    ResumeResponse / ResumeResponseView,
    Logout / LogoutView,
    LogoutResponse / LogoutResponseView,
];
