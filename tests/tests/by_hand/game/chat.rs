//! Nearby, whispers, rooms, broadcasts.

use super::parts::{boolean, list, name, request, words, write_list, write_short, write_words};
use super::{Body, From};
use crate::cursor::{ByHand, Judged};
use byteorder::{BigEndian, WriteBytesExt};
use std::io;

pub(super) struct RoomInfo {
    id: u32,
    name: String,
    members: u16,
}

impl RoomInfo {
    /// With a name of one letter.
    const SMALLEST: usize = 4 + 2 + 2;
}

impl ByHand for RoomInfo {
    type Order = BigEndian;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        Ok(Self {
            id: from.u32("id")?,
            name: name(from, "name")?,
            members: from.u16("members")?,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u32::<BigEndian>(self.id)?;
        write_short(to, &self.name)?;
        to.write_u16::<BigEndian>(self.members)
    }
}

pub(super) struct ChatMessage {
    scope: Scope,
    sender: String,
    text: String,
}

/// Where something was said.
enum Scope {
    Nearby(u32),
    Whisper(String),
    Room(u32),
    Broadcast,
}

/// How a message came, of which `Scope` says more.
enum Channel {
    Nearby,
    Whisper,
    Room,
    Broadcast,
}

impl Body for ChatMessage {
    const ID: u16 = 4001;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        let channel = from.u8("channel")?;
        let channel = from.known("channel", channel, |channel| match channel {
            0 => Some(Channel::Nearby),
            1 => Some(Channel::Whisper),
            2 => Some(Channel::Room),
            3 => Some(Channel::Broadcast),
            _ => None,
        })?;
        let scope = from.inside("scope", |from| {
            Ok(match channel {
                Channel::Nearby => Scope::Nearby(from.u32("nearby")?),
                Channel::Whisper => Scope::Whisper(name(from, "whisper")?),
                Channel::Room => Scope::Room(from.u32("room")?),
                Channel::Broadcast => Scope::Broadcast,
            })
        })?;
        Ok(Self {
            scope,
            sender: name(from, "sender")?,
            text: words(from)?,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        match &self.scope {
            Scope::Nearby(entity) => {
                to.write_u8(0)?;
                to.write_u32::<BigEndian>(*entity)?;
            }
            Scope::Whisper(recipient) => {
                to.write_u8(1)?;
                write_short(to, recipient)?;
            }
            Scope::Room(room) => {
                to.write_u8(2)?;
                to.write_u32::<BigEndian>(*room)?;
            }
            Scope::Broadcast => to.write_u8(3)?,
        }
        write_short(to, &self.sender)?;
        write_words(to, &self.text)
    }
}

pub(super) struct Whisper {
    request: u32,
    recipient: String,
    text: String,
}

impl Body for Whisper {
    const ID: u16 = 4002;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        Ok(Self {
            request: request(from)?,
            recipient: name(from, "recipient")?,
            text: words(from)?,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u32::<BigEndian>(self.request)?;
        write_short(to, &self.recipient)?;
        write_words(to, &self.text)
    }
}

pub(super) struct RoomList {
    request: u32,
    more: bool,
    rooms: Vec<RoomInfo>,
}

impl Body for RoomList {
    const ID: u16 = 4014;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        Ok(Self {
            request: request(from)?,
            more: boolean(from, "more")?,
            rooms: list(from, "rooms", 1000, RoomInfo::SMALLEST, RoomInfo::read)?,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u32::<BigEndian>(self.request)?;
        to.write_u8(self.more.into())?;
        write_list(to, &self.rooms, RoomInfo::write)
    }
}

pub(super) struct RoomMessage {
    request: u32,
    room: u32,
    text: String,
}

impl Body for RoomMessage {
    const ID: u16 = 4015;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        Ok(Self {
            request: request(from)?,
            room: from.u32("room")?,
            text: words(from)?,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u32::<BigEndian>(self.request)?;
        to.write_u32::<BigEndian>(self.room)?;
        write_words(to, &self.text)
    }
}

pub(super) struct RoomEvent {
    room: u32,
    change: u8,
    player: String,
}

impl Body for RoomEvent {
    const ID: u16 = 4017;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        Ok(Self {
            room: from.u32("room")?,
            change: from.u8("change")?,
            player: name(from, "player")?,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u32::<BigEndian>(self.room)?;
        to.write_u8(self.change)?;
        write_short(to, &self.player)
    }
}
