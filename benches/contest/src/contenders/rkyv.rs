//! `rkyv` 0.8 with validation, in its own format.

use crate::samples::{self, ONE, of_text};
use crate::{Contender, Named, Visit};
use ::rkyv::api::high;
use ::rkyv::rancor::Failure;
use ::rkyv::ser::writer::Buffer;
use ::rkyv::{Archive, Serialize, access};

pub struct Rkyv;

impl Named for Rkyv {
    const NAME: &'static str = "rkyv, checked";
}

/// Serializes into the start of `buffer`.
macro_rules! encode {
    ($value:expr, $buffer:ident) => {{
        let length = high::to_bytes_in::<_, Failure>($value, Buffer::from(&mut *$buffer))
            .ok()?
            .len();
        $buffer.get(..length)
    }};
}

#[derive(Archive, Serialize)]
pub struct Move {
    player: u32,
    x: f32,
    y: f32,
    z: f32,
}

impl Contender<samples::Move> for Rkyv {
    type Value = Move;

    fn value(packet: &'static samples::Move) -> Move {
        let &samples::Move { player, x, y, z } = packet;
        Move { player, x, y, z }
    }

    #[inline(always)]
    fn encode<'b>(value: &'b mut Move, buffer: &'b mut [u8]) -> Option<&'b [u8]> {
        encode!(&*value, buffer)
    }

    #[inline(always)]
    fn decode(bytes: &[u8], visit: &mut impl Visit) -> Option<()> {
        let packet = access::<ArchivedMove, Failure>(bytes).ok()?;
        visit.int(packet.player.to_native());
        visit.float(packet.x.to_native());
        visit.float(packet.y.to_native());
        visit.float(packet.z.to_native());
        Some(())
    }

    #[inline(always)]
    fn one(bytes: &[u8]) -> Option<u64> {
        let packet = access::<ArchivedMove, Failure>(bytes).ok()?;
        Some(packet.y.to_native().to_bits().into())
    }
}

#[derive(Archive, Serialize)]
pub struct Telemetry {
    time: u64,
    uptime: u64,
    voltage: u32,
    current: u32,
    power: u32,
    energy: u32,
    temperature: u16,
    humidity: u16,
    pressure: u16,
    speed: u16,
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

impl Contender<samples::Telemetry> for Rkyv {
    type Value = Telemetry;

    fn value(packet: &'static samples::Telemetry) -> Telemetry {
        Telemetry {
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
            device: packet.device,
        }
    }

    #[inline(always)]
    fn encode<'b>(value: &'b mut Telemetry, buffer: &'b mut [u8]) -> Option<&'b [u8]> {
        encode!(&*value, buffer)
    }

    #[inline(always)]
    fn decode(bytes: &[u8], visit: &mut impl Visit) -> Option<()> {
        let packet = access::<ArchivedTelemetry, Failure>(bytes).ok()?;
        visit.int(packet.time.to_native());
        visit.int(packet.uptime.to_native());
        visit.int(packet.voltage.to_native());
        visit.int(packet.current.to_native());
        visit.int(packet.power.to_native());
        visit.int(packet.energy.to_native());
        visit.int(packet.temperature.to_native());
        visit.int(packet.humidity.to_native());
        visit.int(packet.pressure.to_native());
        visit.int(packet.speed.to_native());
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
        let packet = access::<ArchivedTelemetry, Failure>(bytes).ok()?;
        Some(packet.power.to_native().into())
    }
}

#[derive(Archive, Serialize)]
pub struct LoginResponse {
    accepted: bool,
    heartbeat: u16,
    user: u64,
    token: String,
    servers: Vec<Server>,
}

#[derive(Archive, Serialize)]
pub struct Server {
    id: u16,
    name: String,
    port: u16,
    players: u16,
}

impl Contender<samples::LoginResponse> for Rkyv {
    type Value = LoginResponse;

    fn value(packet: &'static samples::LoginResponse) -> LoginResponse {
        let servers = packet.servers.iter().map(|server| Server {
            id: server.id,
            name: server.name.clone(),
            port: server.port,
            players: server.players,
        });
        LoginResponse {
            accepted: packet.accepted,
            heartbeat: packet.heartbeat,
            user: packet.user,
            token: packet.token.clone(),
            servers: servers.collect(),
        }
    }

    #[inline(always)]
    fn encode<'b>(value: &'b mut LoginResponse, buffer: &'b mut [u8]) -> Option<&'b [u8]> {
        encode!(&*value, buffer)
    }

    #[inline(always)]
    fn decode(bytes: &[u8], visit: &mut impl Visit) -> Option<()> {
        let packet = access::<ArchivedLoginResponse, Failure>(bytes).ok()?;
        visit.int(packet.accepted);
        visit.int(packet.heartbeat.to_native());
        visit.int(packet.user.to_native());
        visit.text(&packet.token);
        for server in packet.servers.iter() {
            visit.int(server.id.to_native());
            visit.text(&server.name);
            visit.int(server.port.to_native());
            visit.int(server.players.to_native());
        }
        Some(())
    }

    #[inline(always)]
    fn one(bytes: &[u8]) -> Option<u64> {
        let packet = access::<ArchivedLoginResponse, Failure>(bytes).ok()?;
        Some(packet.user.to_native())
    }
}

#[derive(Archive, Serialize)]
pub struct Chat {
    channel: u8,
    sender: String,
    recipient: String,
    text: String,
}

impl Contender<samples::Chat> for Rkyv {
    type Value = Chat;

    fn value(packet: &'static samples::Chat) -> Chat {
        Chat {
            channel: packet.channel,
            sender: packet.sender.clone(),
            recipient: packet.recipient.clone(),
            text: packet.text.clone(),
        }
    }

    #[inline(always)]
    fn encode<'b>(value: &'b mut Chat, buffer: &'b mut [u8]) -> Option<&'b [u8]> {
        encode!(&*value, buffer)
    }

    #[inline(always)]
    fn decode(bytes: &[u8], visit: &mut impl Visit) -> Option<()> {
        let packet = access::<ArchivedChat, Failure>(bytes).ok()?;
        visit.int(packet.channel);
        visit.text(&packet.sender);
        visit.text(&packet.recipient);
        visit.text(&packet.text);
        Some(())
    }

    #[inline(always)]
    fn one(bytes: &[u8]) -> Option<u64> {
        let packet = access::<ArchivedChat, Failure>(bytes).ok()?;
        Some(of_text(&packet.sender))
    }
}

#[derive(Archive, Serialize)]
pub struct Snapshot {
    tick: u32,
    entities: Vec<Entity>,
}

#[derive(Archive, Serialize)]
pub struct Entity {
    id: u32,
    x: f32,
    y: f32,
    z: f32,
    yaw: u16,
    health: u16,
}

impl Contender<samples::Snapshot> for Rkyv {
    type Value = Snapshot;

    fn value(packet: &'static samples::Snapshot) -> Snapshot {
        let entities = packet.entities.iter().map(|entity| Entity {
            id: entity.id,
            x: entity.x,
            y: entity.y,
            z: entity.z,
            yaw: entity.yaw,
            health: entity.health,
        });
        Snapshot {
            tick: packet.tick,
            entities: entities.collect(),
        }
    }

    #[inline(always)]
    fn encode<'b>(value: &'b mut Snapshot, buffer: &'b mut [u8]) -> Option<&'b [u8]> {
        encode!(&*value, buffer)
    }

    #[inline(always)]
    fn decode(bytes: &[u8], visit: &mut impl Visit) -> Option<()> {
        let packet = access::<ArchivedSnapshot, Failure>(bytes).ok()?;
        visit.int(packet.tick.to_native());
        for entity in packet.entities.iter() {
            visit.int(entity.id.to_native());
            visit.float(entity.x.to_native());
            visit.float(entity.y.to_native());
            visit.float(entity.z.to_native());
            visit.int(entity.yaw.to_native());
            visit.int(entity.health.to_native());
        }
        Some(())
    }

    #[inline(always)]
    fn one(bytes: &[u8]) -> Option<u64> {
        let packet = access::<ArchivedSnapshot, Failure>(bytes).ok()?;
        Some(packet.entities.get(ONE)?.y.to_native().to_bits().into())
    }
}
