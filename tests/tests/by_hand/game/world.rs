//! Who is where in the world, and who hits whom.

use super::parts::{boolean, finite, list, motion, request, short, write_list, write_short};
use super::{Body, From};
use crate::cursor::{ByHand, Judged};
use crate::quickstart::Vec3;
use byteorder::{BigEndian, WriteBytesExt};
use std::io;

fn place(from: &mut From<'_>, field: &str) -> Judged<Vec3> {
    from.inside(field, Vec3::read)
}

pub(super) struct Entity {
    id: u32,
    /// Any number, like all that only informs.
    kind: u8,
    position: Vec3,
    velocity: Vec3,
    motion: u8,
    health: u16,
    name: String,
}

impl Entity {
    /// One without a name.
    const SMALLEST: usize = 4 + 1 + 12 + 12 + 1 + 2 + 1;
}

impl ByHand for Entity {
    type Order = BigEndian;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        Ok(Self {
            id: from.u32("id")?,
            kind: from.u8("kind")?,
            position: place(from, "position")?,
            velocity: place(from, "velocity")?,
            motion: motion(from)?,
            health: from.u16("health")?,
            name: short(from, "name", 0..=32)?,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u32::<BigEndian>(self.id)?;
        to.write_u8(self.kind)?;
        self.position.write(to)?;
        self.velocity.write(to)?;
        to.write_u8(self.motion)?;
        to.write_u16::<BigEndian>(self.health)?;
        write_short(to, &self.name)
    }
}

/// A number with a movement: that of an entity, or of a move.
struct Moving {
    number: u32,
    position: Vec3,
    velocity: Vec3,
    motion: u8,
}

impl Moving {
    fn read(from: &mut From<'_>, number: &str) -> Judged<Self> {
        Ok(Self {
            number: from.u32(number)?,
            position: place(from, "position")?,
            velocity: place(from, "velocity")?,
            motion: motion(from)?,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u32::<BigEndian>(self.number)?;
        self.position.write(to)?;
        self.velocity.write(to)?;
        to.write_u8(self.motion)
    }
}

pub(super) struct EntityMotion(Moving);

impl EntityMotion {
    const SIZE: usize = 4 + 12 + 12 + 1;
}

impl ByHand for EntityMotion {
    type Order = BigEndian;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        Ok(Self(Moving::read(from, "entity")?))
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        self.0.write(to)
    }
}

pub(super) struct Arrival {
    entity: u32,
    position: Vec3,
    tick_hz: u8,
    view_distance: f32,
}

impl ByHand for Arrival {
    type Order = BigEndian;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        let entity = from.u32("entity")?;
        let position = place(from, "position")?;
        let tick_hz = from.u8("tick_hz")?;
        from.range("tick_hz", tick_hz, 1..=255)?;
        Ok(Self {
            entity,
            position,
            tick_hz,
            view_distance: finite(from, "view_distance")?,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u32::<BigEndian>(self.entity)?;
        self.position.write(to)?;
        to.write_u8(self.tick_hz)?;
        to.write_f32::<BigEndian>(self.view_distance)
    }
}

pub(super) struct EnterWorld {
    request: u32,
    spawn: Option<Vec3>,
}

impl Body for EnterWorld {
    const ID: u16 = 2000;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        let request = request(from)?;
        let spawn = if boolean(from, "has_spawn")? {
            Some(place(from, "spawn")?)
        } else {
            None
        };
        Ok(Self { request, spawn })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u32::<BigEndian>(self.request)?;
        to.write_u8(self.spawn.is_some().into())?;
        match &self.spawn {
            Some(spawn) => spawn.write(to),
            None => Ok(()),
        }
    }
}

pub(super) struct WorldEntered {
    request: u32,
    arrival: Arrival,
}

impl Body for WorldEntered {
    const ID: u16 = 2001;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        Ok(Self {
            request: request(from)?,
            arrival: from.inside("arrival", Arrival::read)?,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u32::<BigEndian>(self.request)?;
        self.arrival.write(to)
    }
}

pub(super) struct Move(Moving);

impl Body for Move {
    const ID: u16 = 2002;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        Ok(Self(Moving::read(from, "sequence")?))
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        self.0.write(to)
    }
}

pub(super) struct EntitiesMoved {
    tick: u32,
    moves: Vec<EntityMotion>,
}

impl Body for EntitiesMoved {
    const ID: u16 = 2003;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        Ok(Self {
            tick: from.u32("tick")?,
            moves: list(from, "moves", 2250, EntityMotion::SIZE, EntityMotion::read)?,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u32::<BigEndian>(self.tick)?;
        write_list(to, &self.moves, EntityMotion::write)
    }
}

pub(super) struct MoveRejected {
    sequence: u32,
    position: Vec3,
}

impl Body for MoveRejected {
    const ID: u16 = 2004;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        Ok(Self {
            sequence: from.u32("sequence")?,
            position: place(from, "position")?,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u32::<BigEndian>(self.sequence)?;
        self.position.write(to)
    }
}

pub(super) struct WorldSnapshot {
    tick: u32,
    more: bool,
    entities: Vec<Entity>,
}

impl Body for WorldSnapshot {
    const ID: u16 = 2005;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        Ok(Self {
            tick: from.u32("tick")?,
            more: boolean(from, "more")?,
            entities: list(from, "entities", 1000, Entity::SMALLEST, Entity::read)?,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u32::<BigEndian>(self.tick)?;
        to.write_u8(self.more.into())?;
        write_list(to, &self.entities, Entity::write)
    }
}

pub(super) struct EntityEntered(Entity);

impl Body for EntityEntered {
    const ID: u16 = 2006;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        Ok(Self(from.inside("entity", Entity::read)?))
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        self.0.write(to)
    }
}

pub(super) struct EntityLeft {
    entity: u32,
    reason: u8,
}

impl Body for EntityLeft {
    const ID: u16 = 2007;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        Ok(Self {
            entity: from.u32("entity")?,
            reason: from.u8("reason")?,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u32::<BigEndian>(self.entity)?;
        to.write_u8(self.reason)
    }
}

pub(super) struct Attack {
    request: u32,
    target: u32,
    skill: u16,
}

impl Body for Attack {
    const ID: u16 = 2008;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        Ok(Self {
            request: request(from)?,
            target: from.u32("target")?,
            skill: from.u16("skill")?,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u32::<BigEndian>(self.request)?;
        to.write_u32::<BigEndian>(self.target)?;
        to.write_u16::<BigEndian>(self.skill)
    }
}

pub(super) struct CombatResult {
    /// 0 where no player attacked.
    request: u32,
    attacker: u32,
    target: u32,
    skill: u16,
    outcome: u8,
    damage: u16,
    target_health: u16,
}

impl Body for CombatResult {
    const ID: u16 = 2009;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        Ok(Self {
            request: from.u32("request")?,
            attacker: from.u32("attacker")?,
            target: from.u32("target")?,
            skill: from.u16("skill")?,
            outcome: from.u8("outcome")?,
            damage: from.u16("damage")?,
            target_health: from.u16("target_health")?,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u32::<BigEndian>(self.request)?;
        to.write_u32::<BigEndian>(self.attacker)?;
        to.write_u32::<BigEndian>(self.target)?;
        to.write_u16::<BigEndian>(self.skill)?;
        to.write_u8(self.outcome)?;
        to.write_u16::<BigEndian>(self.damage)?;
        to.write_u16::<BigEndian>(self.target_health)
    }
}
