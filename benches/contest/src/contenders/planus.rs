//! `planus`: FlatBuffers, little-endian, read without a pass of validation: each getter tests what it reads.

use crate::samples::{self, ONE, of_text};
use crate::{Contender, Named, Visit};
use ::planus::{Builder, ReadAsRoot, WriteAsOffset};

#[allow(clippy::all, clippy::pedantic, missing_docs, unsafe_code)]
mod generated {
    include!("../../generated/contest_planus.rs");
}

use generated::contest::{
    Chat, ChatRef, Entity, LoginResponse, LoginResponseRef, Move, MoveRef, Server, Snapshot,
    SnapshotRef, Telemetry, TelemetryRef,
};

pub struct Planus;

impl Named for Planus {
    const NAME: &'static str = "planus";
}

#[inline(always)]
fn encode<'b, T>((value, builder): &'b mut (T, Builder)) -> &'b [u8]
where
    for<'v> &'v T: WriteAsOffset<T>,
{
    builder.clear();
    builder.finish(&*value, None)
}

impl Contender<samples::Move> for Planus {
    type Value = (Move, Builder);

    fn value(packet: &'static samples::Move) -> Self::Value {
        let &samples::Move { player, x, y, z } = packet;
        (Move { player, x, y, z }, Builder::with_capacity(8192))
    }

    #[inline(always)]
    fn encode<'b>(value: &'b mut Self::Value, _: &'b mut [u8]) -> Option<&'b [u8]> {
        Some(encode(value))
    }

    #[inline(always)]
    fn decode(bytes: &[u8], visit: &mut impl Visit) -> Option<()> {
        let packet = MoveRef::read_as_root(bytes).ok()?;
        visit.int(packet.player().ok()?);
        visit.float(packet.x().ok()?);
        visit.float(packet.y().ok()?);
        visit.float(packet.z().ok()?);
        Some(())
    }

    #[inline(always)]
    fn one(bytes: &[u8]) -> Option<u64> {
        let packet = MoveRef::read_as_root(bytes).ok()?;
        Some(packet.y().ok()?.to_bits().into())
    }
}

impl Contender<samples::Telemetry> for Planus {
    type Value = (Telemetry, Builder);

    fn value(packet: &'static samples::Telemetry) -> Self::Value {
        let value = Telemetry {
            time: packet.time,
            uptime: packet.uptime,
            voltage: packet.voltage,
            current: packet.current,
            power: packet.power,
            energy: packet.energy,
            temperature: packet.temperature,
            humidity: packet.humidity,
            pressure: packet.pressure,
            speed: packet.speed,
            status: packet.status,
            mode: packet.mode,
            battery: packet.battery,
            signal: packet.signal,
            fan: packet.fan,
            alarm: packet.alarm,
            fault: packet.fault,
            revision: packet.revision,
            device: Some(packet.device.to_vec()),
        };
        (value, Builder::with_capacity(8192))
    }

    #[inline(always)]
    fn encode<'b>(value: &'b mut Self::Value, _: &'b mut [u8]) -> Option<&'b [u8]> {
        Some(encode(value))
    }

    #[inline(always)]
    fn decode(bytes: &[u8], visit: &mut impl Visit) -> Option<()> {
        let packet = TelemetryRef::read_as_root(bytes).ok()?;
        visit.int(packet.time().ok()?);
        visit.int(packet.uptime().ok()?);
        visit.int(packet.voltage().ok()?);
        visit.int(packet.current().ok()?);
        visit.int(packet.power().ok()?);
        visit.int(packet.energy().ok()?);
        visit.int(packet.temperature().ok()?);
        visit.int(packet.humidity().ok()?);
        visit.int(packet.pressure().ok()?);
        visit.int(packet.speed().ok()?);
        visit.int(packet.status().ok()?);
        visit.int(packet.mode().ok()?);
        visit.int(packet.battery().ok()?);
        visit.int(packet.signal().ok()?);
        visit.int(packet.fan().ok()?);
        visit.int(packet.alarm().ok()?);
        visit.int(packet.fault().ok()?);
        visit.int(packet.revision().ok()?);
        visit.bytes(packet.device().ok()??);
        Some(())
    }

    #[inline(always)]
    fn one(bytes: &[u8]) -> Option<u64> {
        let packet = TelemetryRef::read_as_root(bytes).ok()?;
        Some(packet.power().ok()?.into())
    }
}

impl Contender<samples::LoginResponse> for Planus {
    type Value = (LoginResponse, Builder);

    fn value(packet: &'static samples::LoginResponse) -> Self::Value {
        let servers = packet.servers.iter().map(|server| Server {
            id: server.id,
            name: Some(server.name.clone()),
            port: server.port,
            players: server.players,
        });
        let value = LoginResponse {
            accepted: packet.accepted,
            heartbeat: packet.heartbeat,
            user: packet.user,
            token: Some(packet.token.clone()),
            servers: Some(servers.collect()),
        };
        (value, Builder::with_capacity(8192))
    }

    #[inline(always)]
    fn encode<'b>(value: &'b mut Self::Value, _: &'b mut [u8]) -> Option<&'b [u8]> {
        Some(encode(value))
    }

    #[inline(always)]
    fn decode(bytes: &[u8], visit: &mut impl Visit) -> Option<()> {
        let packet = LoginResponseRef::read_as_root(bytes).ok()?;
        visit.int(packet.accepted().ok()?);
        visit.int(packet.heartbeat().ok()?);
        visit.int(packet.user().ok()?);
        visit.text(packet.token().ok()??);
        for server in packet.servers().ok()?? {
            let server = server.ok()?;
            visit.int(server.id().ok()?);
            visit.text(server.name().ok()??);
            visit.int(server.port().ok()?);
            visit.int(server.players().ok()?);
        }
        Some(())
    }

    #[inline(always)]
    fn one(bytes: &[u8]) -> Option<u64> {
        LoginResponseRef::read_as_root(bytes).ok()?.user().ok()
    }
}

impl Contender<samples::Chat> for Planus {
    type Value = (Chat, Builder);

    fn value(packet: &'static samples::Chat) -> Self::Value {
        let value = Chat {
            channel: packet.channel,
            sender: Some(packet.sender.clone()),
            recipient: Some(packet.recipient.clone()),
            text: Some(packet.text.clone()),
        };
        (value, Builder::with_capacity(8192))
    }

    #[inline(always)]
    fn encode<'b>(value: &'b mut Self::Value, _: &'b mut [u8]) -> Option<&'b [u8]> {
        Some(encode(value))
    }

    #[inline(always)]
    fn decode(bytes: &[u8], visit: &mut impl Visit) -> Option<()> {
        let packet = ChatRef::read_as_root(bytes).ok()?;
        visit.int(packet.channel().ok()?);
        visit.text(packet.sender().ok()??);
        visit.text(packet.recipient().ok()??);
        visit.text(packet.text().ok()??);
        Some(())
    }

    #[inline(always)]
    fn one(bytes: &[u8]) -> Option<u64> {
        let packet = ChatRef::read_as_root(bytes).ok()?;
        Some(of_text(packet.sender().ok()??))
    }
}

impl Contender<samples::Snapshot> for Planus {
    type Value = (Snapshot, Builder);

    fn value(packet: &'static samples::Snapshot) -> Self::Value {
        let entities = packet.entities.iter().map(|entity| Entity {
            id: entity.id,
            x: entity.x,
            y: entity.y,
            z: entity.z,
            yaw: entity.yaw,
            health: entity.health,
        });
        let value = Snapshot {
            tick: packet.tick,
            entities: Some(entities.collect()),
        };
        (value, Builder::with_capacity(8192))
    }

    #[inline(always)]
    fn encode<'b>(value: &'b mut Self::Value, _: &'b mut [u8]) -> Option<&'b [u8]> {
        Some(encode(value))
    }

    #[inline(always)]
    fn decode(bytes: &[u8], visit: &mut impl Visit) -> Option<()> {
        let packet = SnapshotRef::read_as_root(bytes).ok()?;
        visit.int(packet.tick().ok()?);
        for entity in packet.entities().ok()?? {
            visit.int(entity.id());
            visit.float(entity.x());
            visit.float(entity.y());
            visit.float(entity.z());
            visit.int(entity.yaw());
            visit.int(entity.health());
        }
        Some(())
    }

    #[inline(always)]
    fn one(bytes: &[u8]) -> Option<u64> {
        let packet = SnapshotRef::read_as_root(bytes).ok()?;
        let entity = packet.entities().ok()??.get(ONE)?;
        Some(entity.y().to_bits().into())
    }
}
