//! `byteorder` through a cursor, field after field: how many codecs are written.

use crate::samples::{Chat, LoginResponse, Move, Snapshot, Telemetry};
use crate::{Contender, Named, Packet, Visit};
use byteorder::{BigEndian, ReadBytesExt, WriteBytesExt};
use std::io::{self, Read, Write};

pub struct Cursor;

impl Named for Cursor {
    const NAME: &'static str = "byteorder";
    const OUR_WIRE: bool = true;
}

type Be = BigEndian;
type Reader<'a> = io::Cursor<&'a [u8]>;
type Writer<'a> = io::Cursor<&'a mut [u8]>;

/// Writes header and fields.
fn packet<'b>(
    buffer: &'b mut [u8],
    size: usize,
    id: u16,
    fields: impl FnOnce(&mut Writer<'_>) -> io::Result<()>,
) -> Option<&'b [u8]> {
    let mut cursor = io::Cursor::new(&mut *buffer);
    cursor.write_u16::<Be>(u16::try_from(size).ok()?).ok()?;
    cursor.write_u16::<Be>(id).ok()?;
    fields(&mut cursor).ok()?;
    buffer.get(..size)
}

/// Reads the header.
fn reader(bytes: &[u8], id: u16) -> Option<Reader<'_>> {
    let mut cursor = io::Cursor::new(bytes);
    let size = cursor.read_u16::<Be>().ok()?;
    let found = cursor.read_u16::<Be>().ok()?;
    (usize::from(size) == bytes.len() && found == id).then_some(cursor)
}

/// Reads text, which a cursor can only copy.
fn text(cursor: &mut Reader<'_>, length: usize) -> Option<String> {
    let mut bytes = vec![0; length];
    cursor.read_exact(&mut bytes).ok()?;
    String::from_utf8(bytes).ok()
}

fn short_text(cursor: &mut Reader<'_>) -> Option<String> {
    let length = cursor.read_u8().ok()?;
    text(cursor, length.into())
}

fn write_short_text(cursor: &mut Writer<'_>, text: &str) -> io::Result<()> {
    cursor.write_u8(u8::try_from(text.len()).map_err(io::Error::other)?)?;
    cursor.write_all(text.as_bytes())
}

/// A decoded packet, from which `one` takes a field.
macro_rules! contender {
    ($packet:ident, |$value:ident, $buffer:ident| $encode:block, |$bytes:ident| $decode:block) => {
        impl Contender<$packet> for Cursor {
            type Value = $packet;

            fn value(packet: &'static $packet) -> Self::Value {
                packet.clone()
            }

            fn encode<'b>(
                $value: &'b mut Self::Value,
                $buffer: &'b mut [u8],
            ) -> Option<&'b [u8]> $encode

            #[inline]
            fn decode(bytes: &[u8], visit: &mut impl Visit) -> Option<()> {
                read(bytes, |$bytes: &[u8]| $decode)?.visit(visit);
                Some(())
            }

            #[inline]
            fn one($bytes: &[u8]) -> Option<u64> {
                let packet: $packet = read($bytes, |$bytes: &[u8]| $decode)?;
                Some(packet.one())
            }
        }
    };
}

#[inline]
fn read<P>(bytes: &[u8], decode: impl FnOnce(&[u8]) -> Option<P>) -> Option<P> {
    decode(bytes)
}

contender! {
    Move,
    |value, buffer| {
        packet(buffer, 20, 1, |to| {
            to.write_u32::<Be>(value.player)?;
            to.write_f32::<Be>(value.x)?;
            to.write_f32::<Be>(value.y)?;
            to.write_f32::<Be>(value.z)
        })
    },
    |bytes| {
        let mut from = reader(bytes, 1)?;
        Some(Move {
            player: from.read_u32::<Be>().ok()?,
            x: from.read_f32::<Be>().ok()?,
            y: from.read_f32::<Be>().ok()?,
            z: from.read_f32::<Be>().ok()?,
        })
    }
}

contender! {
    Telemetry,
    |value, buffer| {
        packet(buffer, 68, 2, |to| {
            to.write_u64::<Be>(value.time)?;
            to.write_u64::<Be>(value.uptime)?;
            to.write_u32::<Be>(value.voltage)?;
            to.write_u32::<Be>(value.current)?;
            to.write_u32::<Be>(value.power)?;
            to.write_u32::<Be>(value.energy)?;
            to.write_u16::<Be>(value.temperature)?;
            to.write_u16::<Be>(value.humidity)?;
            to.write_u16::<Be>(value.pressure)?;
            to.write_u16::<Be>(value.speed)?;
            to.write_u8(value.status)?;
            to.write_u8(value.mode)?;
            to.write_u8(value.battery)?;
            to.write_u8(value.signal)?;
            to.write_u8(value.fan)?;
            to.write_u8(value.alarm)?;
            to.write_u8(value.fault)?;
            to.write_u8(value.revision)?;
            to.write_all(&value.device)
        })
    },
    |bytes| {
        let mut from = reader(bytes, 2)?;
        Some(Telemetry {
            time: from.read_u64::<Be>().ok()?,
            uptime: from.read_u64::<Be>().ok()?,
            voltage: from.read_u32::<Be>().ok()?,
            current: from.read_u32::<Be>().ok()?,
            power: from.read_u32::<Be>().ok()?,
            energy: from.read_u32::<Be>().ok()?,
            temperature: from.read_u16::<Be>().ok()?,
            humidity: from.read_u16::<Be>().ok()?,
            pressure: from.read_u16::<Be>().ok()?,
            speed: from.read_u16::<Be>().ok()?,
            status: from.read_u8().ok()?,
            mode: from.read_u8().ok()?,
            battery: from.read_u8().ok()?,
            signal: from.read_u8().ok()?,
            fan: from.read_u8().ok()?,
            alarm: from.read_u8().ok()?,
            fault: from.read_u8().ok()?,
            revision: from.read_u8().ok()?,
            device: {
                let mut device = [0; 16];
                from.read_exact(&mut device).ok()?;
                device
            },
        })
    }
}

contender! {
    LoginResponse,
    |value, buffer| {
        let servers = value.servers.iter().map(|server| 7 + server.name.len());
        let size = 17 + value.token.len() + servers.sum::<usize>();
        packet(buffer, size, 3, |to| {
            to.write_u8(value.accepted.into())?;
            to.write_u16::<Be>(value.heartbeat)?;
            to.write_u64::<Be>(value.user)?;
            write_short_text(to, &value.token)?;
            to.write_u8(u8::try_from(value.servers.len()).map_err(io::Error::other)?)?;
            for server in &value.servers {
                to.write_u16::<Be>(server.id)?;
                write_short_text(to, &server.name)?;
                to.write_u16::<Be>(server.port)?;
                to.write_u16::<Be>(server.players)?;
            }
            Ok(())
        })
    },
    |bytes| {
        let mut from = reader(bytes, 3)?;
        Some(LoginResponse {
            accepted: match from.read_u8().ok()? {
                0 => false,
                1 => true,
                _ => return None,
            },
            heartbeat: from.read_u16::<Be>().ok()?,
            user: from.read_u64::<Be>().ok()?,
            token: short_text(&mut from)?,
            servers: (0..from.read_u8().ok()?)
                .map(|_| {
                    Some(crate::Server {
                        id: from.read_u16::<Be>().ok()?,
                        name: short_text(&mut from)?,
                        port: from.read_u16::<Be>().ok()?,
                        players: from.read_u16::<Be>().ok()?,
                    })
                })
                .collect::<Option<_>>()?,
        })
    }
}

contender! {
    Chat,
    |value, buffer| {
        let size = 9 + value.sender.len() + value.recipient.len() + value.text.len();
        packet(buffer, size, 4, |to| {
            to.write_u8(value.channel)?;
            write_short_text(to, &value.sender)?;
            write_short_text(to, &value.recipient)?;
            to.write_u16::<Be>(u16::try_from(value.text.len()).map_err(io::Error::other)?)?;
            to.write_all(value.text.as_bytes())
        })
    },
    |bytes| {
        let mut from = reader(bytes, 4)?;
        Some(Chat {
            channel: from.read_u8().ok()?,
            sender: short_text(&mut from)?,
            recipient: short_text(&mut from)?,
            text: {
                let length = from.read_u16::<Be>().ok()?;
                text(&mut from, length.into())?
            },
        })
    }
}

contender! {
    Snapshot,
    |value, buffer| {
        packet(buffer, 10 + 20 * value.entities.len(), 5, |to| {
            to.write_u32::<Be>(value.tick)?;
            to.write_u16::<Be>(u16::try_from(value.entities.len()).map_err(io::Error::other)?)?;
            for entity in &value.entities {
                to.write_u32::<Be>(entity.id)?;
                to.write_f32::<Be>(entity.x)?;
                to.write_f32::<Be>(entity.y)?;
                to.write_f32::<Be>(entity.z)?;
                to.write_u16::<Be>(entity.yaw)?;
                to.write_u16::<Be>(entity.health)?;
            }
            Ok(())
        })
    },
    |bytes| {
        let mut from = reader(bytes, 5)?;
        Some(Snapshot {
            tick: from.read_u32::<Be>().ok()?,
            entities: (0..from.read_u16::<Be>().ok()?)
                .map(|_| {
                    Some(crate::Entity {
                        id: from.read_u32::<Be>().ok()?,
                        x: from.read_f32::<Be>().ok()?,
                        y: from.read_f32::<Be>().ok()?,
                        z: from.read_f32::<Be>().ok()?,
                        yaw: from.read_u16::<Be>().ok()?,
                        health: from.read_u16::<Be>().ok()?,
                    })
                })
                .collect::<Option<_>>()?,
        })
    }
}
