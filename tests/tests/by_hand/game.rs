//! The game protocol by hand.

use crate::cursor::{ByHand, Judged, Reader, codec, fitting};
use crate::quickstart::Vec3;
use byteorder::{BigEndian, ByteOrder, WriteBytesExt};
use packet_runtime::ErrorKind;
use packet_tests::codecs::Codec;
use std::io::{self, Write};
use std::ops::RangeInclusive;

pub(crate) const CODECS: &[Codec] = &[
    codec::<Vec3>("Vec3"),
    codec::<ServerInfo>("ServerInfo"),
    codec::<LoginRequest>("LoginRequest"),
    codec::<LoginResponse>("LoginResponse"),
    codec::<Heartbeat>("Heartbeat"),
    codec::<Movement<2002>>("Move"),
    codec::<Movement<2003>>("PlayerMoved"),
    codec::<Chat>("Chat"),
    codec::<ChatMessage>("ChatMessage"),
];

type From<'a> = Reader<'a, BigEndian>;

const NAME: RangeInclusive<usize> = 1..=32;
const WORDS: RangeInclusive<usize> = 0..=1085;

/// A packet: its size, its id, and what `body` reads.
fn packet<T>(
    from: &mut From<'_>,
    id: u16,
    body: impl FnOnce(&mut From<'_>) -> Judged<T>,
) -> Judged<T> {
    let size = from.u16("size")?;
    let found = from.u16("id")?;
    from.constant("id", found, id)?;
    let packet = body(from)?;
    from.size("size", 0, size, 0)?;
    Ok(packet)
}

fn write_packet(
    to: &mut Vec<u8>,
    id: u16,
    body: impl FnOnce(&mut Vec<u8>) -> io::Result<()>,
) -> io::Result<()> {
    let start = to.len();
    to.write_u16::<BigEndian>(0)?;
    to.write_u16::<BigEndian>(id)?;
    body(to)?;
    let size = fitting(to.len() - start)?;
    BigEndian::write_u16(&mut to[start..], size);
    Ok(())
}

/// Text behind a byte that says how long it is.
fn short(from: &mut From<'_>, field: &str, range: RangeInclusive<usize>) -> Judged<String> {
    let len = from.u8(field)?;
    let len = from.length(field, len, range)?;
    from.text(field, len)
}

fn write_short(to: &mut Vec<u8>, text: &str) -> io::Result<()> {
    to.write_u8(fitting(text.len())?)?;
    to.write_all(text.as_bytes())
}

fn words(from: &mut From<'_>, field: &str) -> Judged<String> {
    let len = from.u16(field)?;
    let len = from.length(field, len, WORDS)?;
    from.text(field, len)
}

fn write_words(to: &mut Vec<u8>, text: &str) -> io::Result<()> {
    to.write_u16::<BigEndian>(fitting(text.len())?)?;
    to.write_all(text.as_bytes())
}

/// Everyone, nearby or a whisper.
fn channel(from: &mut From<'_>) -> Judged<u8> {
    let channel = from.u8("channel")?;
    from.known("channel", channel, |channel| {
        (channel < 3).then_some(channel)
    })
}

struct ServerInfo {
    id: u16,
    name: String,
    address: String,
    port: u16,
    players: u16,
    capacity: u16,
}

impl ServerInfo {
    /// With a name of one letter and no address.
    const SMALLEST: usize = 2 + 2 + 1 + 2 + 2 + 2;
}

impl ByHand for ServerInfo {
    type Order = BigEndian;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        let id = from.u16("id")?;
        let name = short(from, "name", NAME)?;
        let address = short(from, "address", 0..=64)?;
        let port = from.u16("port")?;
        from.range("port", port, 1..=65535)?;
        Ok(Self {
            id,
            name,
            address,
            port,
            players: from.u16("players")?,
            capacity: from.u16("capacity")?,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u16::<BigEndian>(self.id)?;
        write_short(to, &self.name)?;
        write_short(to, &self.address)?;
        to.write_u16::<BigEndian>(self.port)?;
        to.write_u16::<BigEndian>(self.players)?;
        to.write_u16::<BigEndian>(self.capacity)
    }
}

struct LoginRequest {
    name: String,
    password: String,
    client_version: u32,
}

impl ByHand for LoginRequest {
    type Order = BigEndian;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        packet(from, 1000, |from| {
            Ok(Self {
                name: short(from, "name", NAME)?,
                password: short(from, "password", 1..=64)?,
                client_version: from.u32("client_version")?,
            })
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        write_packet(to, 1000, |to| {
            write_short(to, &self.name)?;
            write_short(to, &self.password)?;
            to.write_u32::<BigEndian>(self.client_version)
        })
    }
}

struct LoginResponse {
    /// Any number: later servers may have more results.
    result: u8,
    message: String,
    player: u32,
    heartbeat_seconds: u16,
    servers: Vec<ServerInfo>,
    token: Vec<u8>,
}

impl ByHand for LoginResponse {
    type Order = BigEndian;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        packet(from, 1001, |from| {
            let result = from.u8("result")?;
            let message = short(from, "message", 0..=255)?;
            let player = from.u32("player")?;
            let heartbeat_seconds = from.u16("heartbeat_seconds")?;
            let count = from.u8("server_count")?;
            let servers = from.elements(
                "servers",
                count.into(),
                ServerInfo::SMALLEST,
                ServerInfo::read,
            )?;
            let len = from.u16("token")?;
            let len = from.length("token", len, 0..=256)?;
            let token = from.bytes("token", len)?.to_vec();
            Ok(Self {
                result,
                message,
                player,
                heartbeat_seconds,
                servers,
                token,
            })
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        write_packet(to, 1001, |to| {
            to.write_u8(self.result)?;
            write_short(to, &self.message)?;
            to.write_u32::<BigEndian>(self.player)?;
            to.write_u16::<BigEndian>(self.heartbeat_seconds)?;
            to.write_u8(fitting(self.servers.len())?)?;
            for server in &self.servers {
                server.write(to)?;
            }
            to.write_u16::<BigEndian>(fitting(self.token.len())?)?;
            to.write_all(&self.token)
        })
    }
}

struct Heartbeat {
    sequence: u32,
    sent_at: u64,
}

impl ByHand for Heartbeat {
    type Order = BigEndian;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        packet(from, 5000, |from| {
            Ok(Self {
                sequence: from.u32("sequence")?,
                sent_at: from.u64("sent_at")?,
            })
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        write_packet(to, 5000, |to| {
            to.write_u32::<BigEndian>(self.sequence)?;
            to.write_u64::<BigEndian>(self.sent_at)
        })
    }
}

/// `Move` and `PlayerMoved`, which differ in what the first number means.
struct Movement<const ID: u16> {
    number: u32,
    position: Vec3,
    velocity: Vec3,
    motion: u8,
}

impl<const ID: u16> ByHand for Movement<ID> {
    type Order = BigEndian;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        packet(from, ID, |from| {
            let number = from.u32(if ID == 2002 { "sequence" } else { "player" })?;
            let position = from.inside("position", Vec3::read)?;
            let velocity = from.inside("velocity", Vec3::read)?;
            let motion = from.u8("motion")?;
            // Running, jumping, crouching.
            let unknown = u64::from(motion & !7);
            if unknown != 0 {
                return from.fail("motion", ErrorKind::UnknownValue { value: unknown });
            }
            Ok(Self {
                number,
                position,
                velocity,
                motion,
            })
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        write_packet(to, ID, |to| {
            to.write_u32::<BigEndian>(self.number)?;
            self.position.write(to)?;
            self.velocity.write(to)?;
            to.write_u8(self.motion)
        })
    }
}

struct Chat {
    channel: u8,
    recipient: Option<String>,
    text: String,
}

impl ByHand for Chat {
    type Order = BigEndian;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        packet(from, 4000, |from| {
            let channel = channel(from)?;
            let has_recipient = from.u8("has_recipient")?;
            let has_recipient = from.known("has_recipient", has_recipient, |bit| match bit {
                0 => Some(false),
                1 => Some(true),
                _ => None,
            })?;
            let recipient = if has_recipient {
                Some(short(from, "recipient", NAME)?)
            } else {
                None
            };
            Ok(Self {
                channel,
                recipient,
                text: words(from, "text")?,
            })
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        write_packet(to, 4000, |to| {
            to.write_u8(self.channel)?;
            to.write_u8(u8::from(self.recipient.is_some()))?;
            if let Some(recipient) = &self.recipient {
                write_short(to, recipient)?;
            }
            write_words(to, &self.text)
        })
    }
}

struct ChatMessage {
    channel: u8,
    sender: String,
    text: String,
}

impl ByHand for ChatMessage {
    type Order = BigEndian;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        packet(from, 4001, |from| {
            Ok(Self {
                channel: channel(from)?,
                sender: short(from, "sender", NAME)?,
                text: words(from, "text")?,
            })
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        write_packet(to, 4001, |to| {
            to.write_u8(self.channel)?;
            write_short(to, &self.sender)?;
            write_words(to, &self.text)
        })
    }
}
