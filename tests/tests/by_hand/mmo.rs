//! The world with many players by hand, behind what expands its bodies.

use crate::cursor::{ByHand, Judged, Reader, at_most, codec, fitting};
use byteorder::{ByteOrder, LittleEndian, WriteBytesExt};
use packet_tests::codecs::Codec;
use std::io::{self, Write};

pub(crate) const CODECS: &[Codec] = &[
    codec::<Item>("Item"),
    codec::<Position>("Position"),
    codec::<Frame<Walk>>("Walk"),
    codec::<Frame<Say>>("Say"),
    codec::<Frame<Inventory>>("Inventory"),
    codec::<Frame<Terrain>>("Terrain"),
];

type From<'a> = Reader<'a, LittleEndian>;

/// What is in a frame.
trait Body: Sized {
    /// Its type.
    const TYPE: u16;

    fn read(from: &mut From<'_>) -> Judged<Self>;
    fn write(&self, to: &mut Vec<u8>) -> io::Result<()>;
}

struct Frame<B> {
    sequence: u64,
    timestamp: u64,
    body: B,
}

impl<B: Body> ByHand for Frame<B> {
    type Order = LittleEndian;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        let size = from.u32("size")?;
        let found = from.u16("type")?;
        from.constant("type", found, B::TYPE)?;
        let sequence = from.u64("sequence")?;
        let timestamp = from.u64("timestamp")?;
        let flags = from.u8("_")?;
        from.constant("_", flags >> 1, 0_u8)?;
        from.constant("compressed", flags & 1, 0_u8)?;
        let body = B::read(from)?;
        from.size("size", 0, size, 0)?;
        Ok(Self {
            sequence,
            timestamp,
            body,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        let start = to.len();
        to.write_u32::<LittleEndian>(0)?;
        to.write_u16::<LittleEndian>(B::TYPE)?;
        to.write_u64::<LittleEndian>(self.sequence)?;
        to.write_u64::<LittleEndian>(self.timestamp)?;
        to.write_u8(0)?;
        self.body.write(to)?;
        let size = fitting(to.len() - start)?;
        LittleEndian::write_u32(&mut to[start..], size);
        at_most(64 << 10, to.len() - start)
    }
}

struct Item {
    kind: u32,
    count: u16,
}

impl ByHand for Item {
    type Order = LittleEndian;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        let kind = from.u32("kind")?;
        let count = from.u16("count")?;
        from.range("count", count, 1..=999)?;
        Ok(Self { kind, count })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u32::<LittleEndian>(self.kind)?;
        to.write_u16::<LittleEndian>(self.count)
    }
}

/// In millimetres.
struct Position {
    x: i32,
    y: i32,
    z: i32,
}

impl ByHand for Position {
    type Order = LittleEndian;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        Ok(Self {
            x: from.i32("x")?,
            y: from.i32("y")?,
            z: from.i32("z")?,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_i32::<LittleEndian>(self.x)?;
        to.write_i32::<LittleEndian>(self.y)?;
        to.write_i32::<LittleEndian>(self.z)
    }
}

struct Walk {
    entity: u64,
    to: Position,
}

impl Body for Walk {
    const TYPE: u16 = 10;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        Ok(Self {
            entity: from.u64("entity")?,
            to: from.inside("to", Position::read)?,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u64::<LittleEndian>(self.entity)?;
        self.to.write(to)
    }
}

struct Say {
    entity: u64,
    text: String,
}

impl Body for Say {
    const TYPE: u16 = 11;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        let entity = from.u64("entity")?;
        let len = from.u16("text")?;
        let len = from.length("text", len, 1..=400)?;
        let text = from.text("text", len)?;
        Ok(Self { entity, text })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u64::<LittleEndian>(self.entity)?;
        to.write_u16::<LittleEndian>(fitting(self.text.len())?)?;
        to.write_all(self.text.as_bytes())
    }
}

struct Inventory {
    entity: u64,
    items: Vec<Item>,
}

impl Body for Inventory {
    const TYPE: u16 = 20;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        let entity = from.u64("entity")?;
        let count = from.u16("items")?;
        let items = from.elements("items", count.into(), 6, Item::read)?;
        Ok(Self { entity, items })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u64::<LittleEndian>(self.entity)?;
        to.write_u16::<LittleEndian>(fitting(self.items.len())?)?;
        self.items.iter().try_for_each(|item| item.write(to))
    }
}

struct Terrain {
    west: i32,
    south: i32,
    heights: Vec<i16>,
}

impl Body for Terrain {
    const TYPE: u16 = 30;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        let west = from.i32("west")?;
        let south = from.i32("south")?;
        let count = from.u16("heights")?;
        let count = from.length("heights", count, 0..=16384)?;
        Ok(Self {
            west,
            south,
            heights: from.elements("heights", count, 2, |from| from.i16(""))?,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_i32::<LittleEndian>(self.west)?;
        to.write_i32::<LittleEndian>(self.south)?;
        to.write_u16::<LittleEndian>(fitting(self.heights.len())?)?;
        self.heights
            .iter()
            .try_for_each(|height| to.write_i16::<LittleEndian>(*height))
    }
}
