//! Accounts, logging in, resuming.

use super::parts::{boolean, name, remark, request, short, write_short};
use super::world::Arrival;
use super::{Body, From};
use crate::cursor::{ByHand, Judged, fitting};
use byteorder::{BigEndian, WriteBytesExt};
use std::io::{self, Write};

/// The result that grants a session, of a login and of a resumption.
const OK: u8 = 0;

fn password(from: &mut From<'_>) -> Judged<String> {
    short(from, "password", 1..=128)
}

pub(super) struct SessionGrant {
    token: [u8; 32],
    token_lifetime_seconds: u32,
    player: u32,
}

impl ByHand for SessionGrant {
    type Order = BigEndian;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        Ok(Self {
            token: from.array("token")?,
            token_lifetime_seconds: from.u32("token_lifetime_seconds")?,
            player: from.u32("player")?,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_all(&self.token)?;
        to.write_u32::<BigEndian>(self.token_lifetime_seconds)?;
        to.write_u32::<BigEndian>(self.player)
    }
}

pub(super) struct ServerInfo {
    id: u16,
    name: String,
    address: String,
    port: u16,
    players: u16,
    capacity: u16,
    load: u8,
}

impl ServerInfo {
    /// With a name and an address of one letter.
    const SMALLEST: usize = 2 + 2 + 2 + 2 + 2 + 2 + 1;
}

impl ByHand for ServerInfo {
    type Order = BigEndian;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        let id = from.u16("id")?;
        let name = name(from, "name")?;
        let address = short(from, "address", 1..=253)?;
        let port = from.u16("port")?;
        from.range("port", port, 1..=65_535)?;
        let players = from.u16("players")?;
        let capacity = from.u16("capacity")?;
        let load = from.u8("load")?;
        from.range("load", load, 0..=100)?;
        Ok(Self {
            id,
            name,
            address,
            port,
            players,
            capacity,
            load,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u16::<BigEndian>(self.id)?;
        write_short(to, &self.name)?;
        write_short(to, &self.address)?;
        to.write_u16::<BigEndian>(self.port)?;
        to.write_u16::<BigEndian>(self.players)?;
        to.write_u16::<BigEndian>(self.capacity)?;
        to.write_u8(self.load)
    }
}

pub(super) struct LoginRequest {
    request: u32,
    name: String,
    credential: Credential,
    client_version: u32,
    device: [u8; 16],
}

enum Credential {
    Password(String),
    Token([u8; 32]),
}

impl Body for LoginRequest {
    const ID: u16 = 1000;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        let request = request(from)?;
        let name = name(from, "name")?;
        let kind = from.u8("credential_kind")?;
        let is_token = from.known("credential_kind", kind, |kind| match kind {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        })?;
        let credential = from.inside("credential", |from| {
            if is_token {
                Ok(Credential::Token(from.array("token")?))
            } else {
                Ok(Credential::Password(password(from)?))
            }
        })?;
        Ok(Self {
            request,
            name,
            credential,
            client_version: from.u32("client_version")?,
            device: from.array("device")?,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u32::<BigEndian>(self.request)?;
        write_short(to, &self.name)?;
        match &self.credential {
            Credential::Password(password) => {
                to.write_u8(0)?;
                write_short(to, password)?;
            }
            Credential::Token(token) => {
                to.write_u8(1)?;
                to.write_all(token)?;
            }
        }
        to.write_u32::<BigEndian>(self.client_version)?;
        to.write_all(&self.device)
    }
}

pub(super) struct LoginResponse {
    request: u32,
    /// Any number: later servers may have more results.
    result: u8,
    message: String,
    session: Option<SessionGrant>,
    servers: Vec<ServerInfo>,
}

impl Body for LoginResponse {
    const ID: u16 = 1001;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        let request = request(from)?;
        let result = from.u8("result")?;
        let message = remark(from, "message")?;
        let session = grant(from, result)?;
        let count = from.u8("servers")?;
        let count = from.length("servers", count, 0..=64)?;
        let servers = from.elements("servers", count, ServerInfo::SMALLEST, ServerInfo::read)?;
        Ok(Self {
            request,
            result,
            message,
            session,
            servers,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u32::<BigEndian>(self.request)?;
        to.write_u8(self.result)?;
        write_short(to, &self.message)?;
        write_grant(to, self.session.as_ref())?;
        to.write_u8(fitting(self.servers.len())?)?;
        self.servers.iter().try_for_each(|server| server.write(to))
    }
}

/// What comes with the result `ok` and with no other.
fn grant(from: &mut From<'_>, result: u8) -> Judged<Option<SessionGrant>> {
    match result {
        OK => Ok(Some(from.inside("session", SessionGrant::read)?)),
        _ => Ok(None),
    }
}

fn write_grant(to: &mut Vec<u8>, grant: Option<&SessionGrant>) -> io::Result<()> {
    grant.map_or(Ok(()), |grant| grant.write(to))
}

pub(super) struct RegisterRequest {
    request: u32,
    name: String,
    password: String,
}

impl Body for RegisterRequest {
    const ID: u16 = 1002;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        Ok(Self {
            request: request(from)?,
            name: name(from, "name")?,
            password: password(from)?,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u32::<BigEndian>(self.request)?;
        write_short(to, &self.name)?;
        write_short(to, &self.password)
    }
}

pub(super) struct RegisterResponse {
    request: u32,
    result: u8,
}

impl Body for RegisterResponse {
    const ID: u16 = 1003;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        Ok(Self {
            request: request(from)?,
            result: from.u8("result")?,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u32::<BigEndian>(self.request)?;
        to.write_u8(self.result)
    }
}

pub(super) struct ResumeRequest {
    request: u32,
    token: [u8; 32],
    device: [u8; 16],
}

impl Body for ResumeRequest {
    const ID: u16 = 1004;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        Ok(Self {
            request: request(from)?,
            token: from.array("token")?,
            device: from.array("device")?,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u32::<BigEndian>(self.request)?;
        to.write_all(&self.token)?;
        to.write_all(&self.device)
    }
}

pub(super) struct ResumeResponse {
    request: u32,
    result: u8,
    session: Option<SessionGrant>,
    /// There if the player is in the world.
    arrival: Option<Arrival>,
}

impl Body for ResumeResponse {
    const ID: u16 = 1005;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        let request = request(from)?;
        let result = from.u8("result")?;
        let in_world = boolean(from, "in_world")?;
        let session = grant(from, result)?;
        let arrival = if in_world {
            Some(from.inside("arrival", Arrival::read)?)
        } else {
            None
        };
        Ok(Self {
            request,
            result,
            session,
            arrival,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u32::<BigEndian>(self.request)?;
        to.write_u8(self.result)?;
        to.write_u8(self.arrival.is_some().into())?;
        write_grant(to, self.session.as_ref())?;
        match &self.arrival {
            Some(arrival) => arrival.write(to),
            None => Ok(()),
        }
    }
}
