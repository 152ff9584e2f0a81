//! Packets that differ from others in their id and in what their fields are called.

use super::parts::{boolean, name, request, words, write_short, write_words};
use super::{Body, From};
use crate::cursor::{Judged, fitting};
use byteorder::{BigEndian, WriteBytesExt};
use std::io::{self, Write};

/// A request, or an answer, of which there is nothing else to say.
pub(super) struct Request<const ID: u16>(u32);

impl<const ID: u16> Body for Request<ID> {
    const ID: u16 = ID;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        Ok(Self(request(from)?))
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u32::<BigEndian>(self.0)
    }
}

/// `Logout` and its answer.
pub(super) struct Switched<const ID: u16> {
    request: u32,
    on: bool,
}

impl<const ID: u16> Body for Switched<ID> {
    const ID: u16 = ID;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        let on = match ID {
            1006 => "revoke_token",
            _ => "token_revoked",
        };
        Ok(Self {
            request: request(from)?,
            on: boolean(from, on)?,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u32::<BigEndian>(self.request)?;
        to.write_u8(self.on.into())
    }
}

/// A request about a guild or a room, or the answer to one.
pub(super) struct About<const ID: u16> {
    request: u32,
    number: u32,
}

impl<const ID: u16> Body for About<ID> {
    const ID: u16 = ID;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        let number = match ID {
            3005 | 4013 => "after",
            3000..=3099 => "guild",
            _ => "room",
        };
        Ok(Self {
            request: request(from)?,
            number: from.u32(number)?,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u32::<BigEndian>(self.request)?;
        to.write_u32::<BigEndian>(self.number)
    }
}

/// `GuildInvite` of a player, `RoomCreate` with a name.
pub(super) struct Named<const ID: u16> {
    request: u32,
    name: String,
}

impl<const ID: u16> Body for Named<ID> {
    const ID: u16 = ID;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        let field = match ID {
            3001 => "player",
            _ => "name",
        };
        Ok(Self {
            request: request(from)?,
            name: name(from, field)?,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u32::<BigEndian>(self.request)?;
        write_short(to, &self.name)
    }
}

/// `Say` and `Broadcast`.
pub(super) struct Spoken<const ID: u16> {
    request: u32,
    text: String,
}

impl<const ID: u16> Body for Spoken<ID> {
    const ID: u16 = ID;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        Ok(Self {
            request: request(from)?,
            text: words(from)?,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u32::<BigEndian>(self.request)?;
        write_words(to, &self.text)
    }
}

/// `EchoRequest` and `EchoReply`.
pub(super) struct Echo<const ID: u16> {
    request: u32,
    payload: Vec<u8>,
}

impl<const ID: u16> Body for Echo<ID> {
    const ID: u16 = ID;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        let request = request(from)?;
        let len = from.u16("payload")?;
        let len = from.length("payload", len, 0..=32_768)?;
        let payload = from.bytes("payload", len)?.to_vec();
        Ok(Self { request, payload })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u32::<BigEndian>(self.request)?;
        to.write_u16::<BigEndian>(fitting(self.payload.len())?)?;
        to.write_all(&self.payload)
    }
}
