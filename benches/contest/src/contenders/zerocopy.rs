//! `zerocopy`: parts of fixed size as structs over the bytes, the rest walked by hand.

use crate::samples::{Chat, LoginResponse, Move, ONE, Snapshot, Telemetry, of_text};
use crate::{Contender, Named, Visit};
use ::zerocopy::byteorder::big_endian::{F32, U16, U32, U64};
use ::zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

pub struct Zerocopy;

impl Named for Zerocopy {
    const NAME: &'static str = "zerocopy";
    const OUR_WIRE: bool = true;
}

#[derive(FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
struct Header {
    size: U16,
    id: U16,
}

impl Header {
    #[inline(always)]
    fn new(size: usize, id: u16) -> Option<Self> {
        Some(Self {
            size: u16::try_from(size).ok()?.into(),
            id: id.into(),
        })
    }

    #[inline(always)]
    fn is(&self, bytes: &[u8], id: u16) -> Option<()> {
        (usize::from(self.size.get()) == bytes.len() && self.id == id).then_some(())
    }
}

#[derive(FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
struct MoveWire {
    header: Header,
    player: U32,
    x: F32,
    y: F32,
    z: F32,
}

impl MoveWire {
    #[inline(always)]
    fn read(bytes: &[u8]) -> Option<&Self> {
        let packet = Self::ref_from_bytes(bytes).ok()?;
        packet.header.is(bytes, 1)?;
        Some(packet)
    }
}

impl Contender<Move> for Zerocopy {
    type Value = Move;

    fn value(packet: &'static Move) -> Self::Value {
        packet.clone()
    }

    #[inline(always)]
    fn encode<'b>(value: &'b mut Self::Value, buffer: &'b mut [u8]) -> Option<&'b [u8]> {
        let wire = MoveWire {
            header: Header::new(20, 1)?,
            player: value.player.into(),
            x: value.x.into(),
            y: value.y.into(),
            z: value.z.into(),
        };
        wire.write_to_prefix(buffer).ok()?;
        buffer.get(..20)
    }

    #[inline(always)]
    fn decode(bytes: &[u8], visit: &mut impl Visit) -> Option<()> {
        let packet = MoveWire::read(bytes)?;
        visit.int(packet.player.get());
        visit.float(packet.x.get());
        visit.float(packet.y.get());
        visit.float(packet.z.get());
        Some(())
    }

    #[inline(always)]
    fn one(bytes: &[u8]) -> Option<u64> {
        Some(MoveWire::read(bytes)?.y.get().to_bits().into())
    }
}

#[derive(FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
struct TelemetryWire {
    header: Header,
    time: U64,
    uptime: U64,
    voltage: U32,
    current: U32,
    power: U32,
    energy: U32,
    temperature: U16,
    humidity: U16,
    pressure: U16,
    speed: U16,
    status: u8,
    mode: u8,
    battery: u8,
    signal: u8,
    fan: u8,
    alarm: u8,
    fault: u8,
    revision: u8,
    device: [u8; 16],
}

impl TelemetryWire {
    #[inline(always)]
    fn read(bytes: &[u8]) -> Option<&Self> {
        let packet = Self::ref_from_bytes(bytes).ok()?;
        packet.header.is(bytes, 2)?;
        Some(packet)
    }
}

impl Contender<Telemetry> for Zerocopy {
    type Value = Telemetry;

    fn value(packet: &'static Telemetry) -> Self::Value {
        packet.clone()
    }

    #[inline(always)]
    fn encode<'b>(value: &'b mut Self::Value, buffer: &'b mut [u8]) -> Option<&'b [u8]> {
        let wire = TelemetryWire {
            header: Header::new(68, 2)?,
            time: value.time.into(),
            uptime: value.uptime.into(),
            voltage: value.voltage.into(),
            current: value.current.into(),
            power: value.power.into(),
            energy: value.energy.into(),
            temperature: value.temperature.into(),
            humidity: value.humidity.into(),
            pressure: value.pressure.into(),
            speed: value.speed.into(),
            status: value.status,
            mode: value.mode,
            battery: value.battery,
            signal: value.signal,
            fan: value.fan,
            alarm: value.alarm,
            fault: value.fault,
            revision: value.revision,
            device: value.device,
        };
        wire.write_to_prefix(buffer).ok()?;
        buffer.get(..68)
    }

    #[inline(always)]
    fn decode(bytes: &[u8], visit: &mut impl Visit) -> Option<()> {
        let packet = TelemetryWire::read(bytes)?;
        visit.int(packet.time.get());
        visit.int(packet.uptime.get());
        visit.int(packet.voltage.get());
        visit.int(packet.current.get());
        visit.int(packet.power.get());
        visit.int(packet.energy.get());
        visit.int(packet.temperature.get());
        visit.int(packet.humidity.get());
        visit.int(packet.pressure.get());
        visit.int(packet.speed.get());
        visit.int(packet.status);
        visit.int(packet.mode);
        visit.int(packet.battery);
        visit.int(packet.signal);
        visit.int(packet.fan);
        visit.int(packet.alarm);
        visit.int(packet.fault);
        visit.int(packet.revision);
        visit.bytes(&packet.device);
        Some(())
    }

    #[inline(always)]
    fn one(bytes: &[u8]) -> Option<u64> {
        Some(TelemetryWire::read(bytes)?.power.get().into())
    }
}

#[derive(FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
struct LoginHead {
    header: Header,
    accepted: u8,
    heartbeat: U16,
    user: U64,
    token_length: u8,
}

#[derive(FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
struct ServerHead {
    id: U16,
    name_length: u8,
}

#[derive(FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
struct ServerTail {
    port: U16,
    players: U16,
}

impl LoginHead {
    #[inline(always)]
    fn read(bytes: &[u8]) -> Option<(&Self, &[u8])> {
        let (head, rest) = Self::ref_from_prefix(bytes).ok()?;
        head.header.is(bytes, 3)?;
        (head.accepted <= 1).then_some((head, rest))
    }
}

/// The first `length` bytes as text, and what follows.
#[inline(always)]
fn text(bytes: &[u8], length: impl Into<usize>) -> Option<(&str, &[u8])> {
    let (text, rest) = bytes.split_at_checked(length.into())?;
    Some((std::str::from_utf8(text).ok()?, rest))
}

#[inline(always)]
fn put<'b>(
    buffer: &'b mut [u8],
    part: &(impl IntoBytes + Immutable + ?Sized),
) -> Option<&'b mut [u8]> {
    let (own, rest) = buffer.split_at_mut_checked(size_of_val(part))?;
    part.write_to(own).ok()?;
    Some(rest)
}

impl Contender<LoginResponse> for Zerocopy {
    type Value = LoginResponse;

    fn value(packet: &'static LoginResponse) -> Self::Value {
        packet.clone()
    }

    #[inline(always)]
    fn encode<'b>(value: &'b mut Self::Value, buffer: &'b mut [u8]) -> Option<&'b [u8]> {
        let servers = value.servers.iter().map(|server| 7 + server.name.len());
        let size = 17 + value.token.len() + servers.sum::<usize>();
        let head = LoginHead {
            header: Header::new(size, 3)?,
            accepted: value.accepted.into(),
            heartbeat: value.heartbeat.into(),
            user: value.user.into(),
            token_length: u8::try_from(value.token.len()).ok()?,
        };
        let rest = put(buffer.get_mut(..size)?, &head)?;
        let rest = put(rest, value.token.as_bytes())?;
        let mut rest = put(rest, &u8::try_from(value.servers.len()).ok()?)?;
        for server in &value.servers {
            let head = ServerHead {
                id: server.id.into(),
                name_length: u8::try_from(server.name.len()).ok()?,
            };
            let tail = ServerTail {
                port: server.port.into(),
                players: server.players.into(),
            };
            rest = put(rest, &head)?;
            rest = put(rest, server.name.as_bytes())?;
            rest = put(rest, &tail)?;
        }
        buffer.get(..size)
    }

    #[inline(always)]
    fn decode(bytes: &[u8], visit: &mut impl Visit) -> Option<()> {
        let (head, rest) = LoginHead::read(bytes)?;
        visit.int(head.accepted != 0);
        visit.int(head.heartbeat.get());
        visit.int(head.user.get());
        let (token, rest) = text(rest, head.token_length)?;
        visit.text(token);
        let (&count, mut rest) = rest.split_first()?;
        for _ in 0..count {
            let (head, after) = ServerHead::ref_from_prefix(rest).ok()?;
            let (name, after) = text(after, head.name_length)?;
            let (tail, after) = ServerTail::ref_from_prefix(after).ok()?;
            visit.int(head.id.get());
            visit.text(name);
            visit.int(tail.port.get());
            visit.int(tail.players.get());
            rest = after;
        }
        rest.is_empty().then_some(())
    }

    /// The head alone is looked at: nothing asks for more.
    #[inline(always)]
    fn one(bytes: &[u8]) -> Option<u64> {
        Some(LoginHead::read(bytes)?.0.user.get())
    }
}

#[derive(FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
struct ChatHead {
    header: Header,
    channel: u8,
    sender_length: u8,
}

impl ChatHead {
    #[inline(always)]
    fn read(bytes: &[u8]) -> Option<(&Self, &[u8])> {
        let (head, rest) = Self::ref_from_prefix(bytes).ok()?;
        head.header.is(bytes, 4)?;
        Some((head, rest))
    }
}

impl Contender<Chat> for Zerocopy {
    type Value = Chat;

    fn value(packet: &'static Chat) -> Self::Value {
        packet.clone()
    }

    #[inline(always)]
    fn encode<'b>(value: &'b mut Self::Value, buffer: &'b mut [u8]) -> Option<&'b [u8]> {
        let size = 9 + value.sender.len() + value.recipient.len() + value.text.len();
        let head = ChatHead {
            header: Header::new(size, 4)?,
            channel: value.channel,
            sender_length: u8::try_from(value.sender.len()).ok()?,
        };
        let rest = put(buffer.get_mut(..size)?, &head)?;
        let rest = put(rest, value.sender.as_bytes())?;
        let rest = put(rest, &u8::try_from(value.recipient.len()).ok()?)?;
        let rest = put(rest, value.recipient.as_bytes())?;
        let rest = put(rest, &U16::new(u16::try_from(value.text.len()).ok()?))?;
        put(rest, value.text.as_bytes())?;
        buffer.get(..size)
    }

    #[inline(always)]
    fn decode(bytes: &[u8], visit: &mut impl Visit) -> Option<()> {
        let (head, rest) = ChatHead::read(bytes)?;
        visit.int(head.channel);
        let (sender, rest) = text(rest, head.sender_length)?;
        visit.text(sender);
        let (&length, rest) = rest.split_first()?;
        let (recipient, rest) = text(rest, length)?;
        visit.text(recipient);
        let (length, rest) = U16::ref_from_prefix(rest).ok()?;
        let (text, rest) = text(rest, length.get())?;
        visit.text(text);
        rest.is_empty().then_some(())
    }

    /// The head and the sender alone are looked at: nothing asks for more.
    #[inline(always)]
    fn one(bytes: &[u8]) -> Option<u64> {
        let (head, rest) = ChatHead::read(bytes)?;
        Some(of_text(text(rest, head.sender_length)?.0))
    }
}

#[derive(FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
struct EntityWire {
    id: U32,
    x: F32,
    y: F32,
    z: F32,
    yaw: U16,
    health: U16,
}

#[derive(FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
struct SnapshotHead {
    header: Header,
    tick: U32,
    count: U16,
}

#[inline(always)]
fn snapshot(bytes: &[u8]) -> Option<(&SnapshotHead, &[EntityWire])> {
    let (head, rest) = SnapshotHead::ref_from_prefix(bytes).ok()?;
    head.header.is(bytes, 5)?;
    let entities = <[EntityWire]>::ref_from_bytes(rest).ok()?;
    (entities.len() == usize::from(head.count.get())).then_some((head, entities))
}

impl Contender<Snapshot> for Zerocopy {
    type Value = Snapshot;

    fn value(packet: &'static Snapshot) -> Self::Value {
        packet.clone()
    }

    #[inline(always)]
    fn encode<'b>(value: &'b mut Self::Value, buffer: &'b mut [u8]) -> Option<&'b [u8]> {
        let size = 10 + 20 * value.entities.len();
        let head = SnapshotHead {
            header: Header::new(size, 5)?,
            tick: value.tick.into(),
            count: u16::try_from(value.entities.len()).ok()?.into(),
        };
        let rest = put(buffer.get_mut(..size)?, &head)?;
        let room = <[EntityWire]>::mut_from_bytes(rest).ok()?;
        for (wire, entity) in room.iter_mut().zip(&value.entities) {
            *wire = EntityWire {
                id: entity.id.into(),
                x: entity.x.into(),
                y: entity.y.into(),
                z: entity.z.into(),
                yaw: entity.yaw.into(),
                health: entity.health.into(),
            };
        }
        buffer.get(..size)
    }

    #[inline(always)]
    fn decode(bytes: &[u8], visit: &mut impl Visit) -> Option<()> {
        let (head, entities) = snapshot(bytes)?;
        visit.int(head.tick.get());
        for entity in entities {
            visit.int(entity.id.get());
            visit.float(entity.x.get());
            visit.float(entity.y.get());
            visit.float(entity.z.get());
            visit.int(entity.yaw.get());
            visit.int(entity.health.get());
        }
        Some(())
    }

    #[inline(always)]
    fn one(bytes: &[u8]) -> Option<u64> {
        let entity = snapshot(bytes)?.1.get(ONE)?;
        Some(entity.y.get().to_bits().into())
    }
}
