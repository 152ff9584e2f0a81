//! The quickstart protocol by hand.

use crate::cursor::{ByHand, Judged, Reader, codec};
use byteorder::{BigEndian, WriteBytesExt};
use packet_runtime::ErrorKind;
use packet_tests::codecs::Codec;
use std::io;

pub(crate) const CODECS: &[Codec] = &[codec::<Vec3>("Vec3"), codec::<Move>("Move")];

/// A place in the world.
pub(crate) struct Vec3 {
    x: f32,
    y: f32,
    z: f32,
}

fn coordinate(from: &mut Reader<'_, BigEndian>, field: &str) -> Judged<f32> {
    let value = from.f32(field)?;
    if value.is_finite() {
        Ok(value)
    } else {
        from.fail(field, ErrorKind::NotFinite)
    }
}

impl ByHand for Vec3 {
    type Order = BigEndian;

    fn read(from: &mut Reader<'_, BigEndian>) -> Judged<Self> {
        Ok(Self {
            x: coordinate(from, "x")?,
            y: coordinate(from, "y")?,
            z: coordinate(from, "z")?,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_f32::<BigEndian>(self.x)?;
        to.write_f32::<BigEndian>(self.y)?;
        to.write_f32::<BigEndian>(self.z)
    }
}

struct Move {
    player: u32,
    position: Vec3,
}

impl ByHand for Move {
    type Order = BigEndian;

    fn read(from: &mut Reader<'_, BigEndian>) -> Judged<Self> {
        let size = from.u16("size")?;
        let id = from.u16("id")?;
        from.constant("id", id, 1001_u16)?;
        let packet = Self {
            player: from.u32("player")?,
            position: from.inside("position", Vec3::read)?,
        };
        from.size("size", 0, size, 0)?;
        Ok(packet)
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u16::<BigEndian>(20)?;
        to.write_u16::<BigEndian>(1001)?;
        to.write_u32::<BigEndian>(self.player)?;
        self.position.write(to)
    }
}
