//! Guilds and their wars.

use super::parts::{boolean, list, name, request, short, write_list, write_short};
use super::{Body, From};
use crate::cursor::{ByHand, Judged, fitting};
use byteorder::{BigEndian, WriteBytesExt};
use std::io;

fn tag(from: &mut From<'_>) -> Judged<String> {
    short(from, "tag", 2..=12)
}

pub(super) struct GuildInfo {
    id: u32,
    name: String,
    tag: String,
    members: u16,
    at_war_with: Vec<u32>,
}

impl GuildInfo {
    /// At peace, with a name of one letter and a tag of two.
    const SMALLEST: usize = 4 + 2 + 3 + 2 + 1;
}

impl ByHand for GuildInfo {
    type Order = BigEndian;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        let id = from.u32("id")?;
        let name = name(from, "name")?;
        let tag = tag(from)?;
        let members = from.u16("members")?;
        let wars = from.u8("at_war_with")?;
        let wars = from.length("at_war_with", wars, 0..=8)?;
        let at_war_with = from.elements("at_war_with", wars, 4, |from| from.u32(""))?;
        Ok(Self {
            id,
            name,
            tag,
            members,
            at_war_with,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u32::<BigEndian>(self.id)?;
        write_short(to, &self.name)?;
        write_short(to, &self.tag)?;
        to.write_u16::<BigEndian>(self.members)?;
        to.write_u8(fitting(self.at_war_with.len())?)?;
        let mut enemies = self.at_war_with.iter();
        enemies.try_for_each(|guild| to.write_u32::<BigEndian>(*guild))
    }
}

pub(super) struct GuildCreate {
    request: u32,
    name: String,
    tag: String,
}

impl Body for GuildCreate {
    const ID: u16 = 3000;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        Ok(Self {
            request: request(from)?,
            name: name(from, "name")?,
            tag: tag(from)?,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u32::<BigEndian>(self.request)?;
        write_short(to, &self.name)?;
        write_short(to, &self.tag)
    }
}

pub(super) struct GuildInvited {
    guild: u32,
    name: String,
    by: String,
}

impl Body for GuildInvited {
    const ID: u16 = 3002;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        Ok(Self {
            guild: from.u32("guild")?,
            name: name(from, "name")?,
            by: name(from, "by")?,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u32::<BigEndian>(self.guild)?;
        write_short(to, &self.name)?;
        write_short(to, &self.by)
    }
}

pub(super) struct GuildList {
    request: u32,
    more: bool,
    guilds: Vec<GuildInfo>,
}

impl Body for GuildList {
    const ID: u16 = 3006;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        Ok(Self {
            request: request(from)?,
            more: boolean(from, "more")?,
            guilds: list(from, "guilds", 500, GuildInfo::SMALLEST, GuildInfo::read)?,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u32::<BigEndian>(self.request)?;
        to.write_u8(self.more.into())?;
        write_list(to, &self.guilds, GuildInfo::write)
    }
}

pub(super) struct GuildWar {
    event: u8,
    attacker: u32,
    defender: u32,
}

impl Body for GuildWar {
    const ID: u16 = 3009;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        Ok(Self {
            event: from.u8("event")?,
            attacker: from.u32("attacker")?,
            defender: from.u32("defender")?,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u8(self.event)?;
        to.write_u32::<BigEndian>(self.attacker)?;
        to.write_u32::<BigEndian>(self.defender)
    }
}
