//! `#[derive(Packet)]` on structs that borrow their texts.

use super::generated::encode;
use crate::samples::{self, ONE, of_text};
use crate::{Contender, Named, Visit};
use packet_derive::Packet;
use packet_runtime::View;

pub struct Derived;

impl Named for Derived {
    const NAME: &'static str = "derived";
    const OUR_WIRE: bool = true;
}

#[derive(Packet)]
#[packet(id = 1, size = 20)]
pub struct Move {
    player: u32,
    x: f32,
    y: f32,
    z: f32,
}

impl Contender<samples::Move> for Derived {
    type Value = Move;

    fn value(packet: &'static samples::Move) -> Move {
        let &samples::Move { player, x, y, z } = packet;
        Move { player, x, y, z }
    }

    #[inline(always)]
    fn encode<'b>(value: &'b mut Move, buffer: &'b mut [u8]) -> Option<&'b [u8]> {
        encode(value, buffer)
    }

    #[inline(always)]
    fn decode(bytes: &[u8], visit: &mut impl Visit) -> Option<()> {
        let view = MoveView::parse(bytes).ok()?;
        visit.int(view.player());
        visit.float(view.x());
        visit.float(view.y());
        visit.float(view.z());
        Some(())
    }

    #[inline(always)]
    fn one(bytes: &[u8]) -> Option<u64> {
        Some(MoveView::parse(bytes).ok()?.y().to_bits().into())
    }
}

#[derive(Packet)]
#[packet(id = 2, size = 68)]
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

impl Contender<samples::Telemetry> for Derived {
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
        encode(value, buffer)
    }

    #[inline(always)]
    fn decode(bytes: &[u8], visit: &mut impl Visit) -> Option<()> {
        let view = TelemetryView::parse(bytes).ok()?;
        visit.int(view.time());
        visit.int(view.uptime());
        visit.int(view.voltage());
        visit.int(view.current());
        visit.int(view.power());
        visit.int(view.energy());
        visit.int(view.temperature());
        visit.int(view.humidity());
        visit.int(view.pressure());
        visit.int(view.speed());
        visit.int(view.status());
        visit.int(view.mode());
        visit.int(view.battery());
        visit.int(view.signal());
        visit.int(view.fan());
        visit.int(view.alarm());
        visit.int(view.fault());
        visit.int(view.revision());
        visit.bytes(view.device());
        Some(())
    }

    #[inline(always)]
    fn one(bytes: &[u8]) -> Option<u64> {
        Some(TelemetryView::parse(bytes).ok()?.power().into())
    }
}

#[derive(Packet)]
#[packet(id = 4)]
pub struct Chat<'a> {
    channel: u8,
    #[packet(len = "u8")]
    sender: &'a str,
    #[packet(len = "u8")]
    recipient: &'a str,
    // The whole packet has at most 64 KiB.
    #[packet(len = "u16")]
    text: &'a str,
}

impl Contender<samples::Chat> for Derived {
    type Value = Chat<'static>;

    fn value(packet: &'static samples::Chat) -> Chat<'static> {
        Chat {
            channel: packet.channel,
            sender: &packet.sender,
            recipient: &packet.recipient,
            text: &packet.text,
        }
    }

    #[inline(always)]
    fn encode<'b>(value: &'b mut Chat<'static>, buffer: &'b mut [u8]) -> Option<&'b [u8]> {
        encode(value, buffer)
    }

    #[inline(always)]
    fn decode(bytes: &[u8], visit: &mut impl Visit) -> Option<()> {
        let view = ChatView::parse(bytes).ok()?;
        visit.int(view.channel());
        visit.text(view.sender());
        visit.text(view.recipient());
        visit.text(view.text());
        Some(())
    }

    #[inline(always)]
    fn one(bytes: &[u8]) -> Option<u64> {
        Some(of_text(ChatView::parse(bytes).ok()?.sender()))
    }
}

#[derive(Packet)]
#[packet(id = 3)]
pub struct LoginResponse<'a> {
    accepted: bool,
    heartbeat: u16,
    user: u64,
    #[packet(len = "u8")]
    token: &'a str,
    #[packet(len = "u8")]
    servers: Vec<Server<'a>>,
}

#[derive(Packet)]
pub struct Server<'a> {
    id: u16,
    #[packet(len = "u8")]
    name: &'a str,
    port: u16,
    players: u16,
}

impl Contender<samples::LoginResponse> for Derived {
    type Value = LoginResponse<'static>;

    fn value(packet: &'static samples::LoginResponse) -> LoginResponse<'static> {
        let servers = packet.servers.iter().map(|server| Server {
            id: server.id,
            name: &server.name,
            port: server.port,
            players: server.players,
        });
        LoginResponse {
            accepted: packet.accepted,
            heartbeat: packet.heartbeat,
            user: packet.user,
            token: &packet.token,
            servers: servers.collect(),
        }
    }

    #[inline(always)]
    fn encode<'b>(value: &'b mut LoginResponse<'static>, buffer: &'b mut [u8]) -> Option<&'b [u8]> {
        encode(value, buffer)
    }

    #[inline(always)]
    fn decode(bytes: &[u8], visit: &mut impl Visit) -> Option<()> {
        let view = LoginResponseView::parse(bytes).ok()?;
        visit.int(view.accepted());
        visit.int(view.heartbeat());
        visit.int(view.user());
        visit.text(view.token());
        for server in view.servers() {
            visit.int(server.id());
            visit.text(server.name());
            visit.int(server.port());
            visit.int(server.players());
        }
        Some(())
    }

    #[inline(always)]
    fn one(bytes: &[u8]) -> Option<u64> {
        Some(LoginResponseView::parse(bytes).ok()?.user())
    }
}

#[derive(Packet)]
#[packet(id = 5)]
pub struct Snapshot {
    tick: u32,
    #[packet(len = "u16")]
    entities: Vec<Entity>,
}

#[derive(Packet)]
pub struct Entity {
    id: u32,
    x: f32,
    y: f32,
    z: f32,
    yaw: u16,
    health: u16,
}

impl Contender<samples::Snapshot> for Derived {
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
        encode(value, buffer)
    }

    #[inline(always)]
    fn decode(bytes: &[u8], visit: &mut impl Visit) -> Option<()> {
        let view = SnapshotView::parse(bytes).ok()?;
        visit.int(view.tick());
        let so_far = std::mem::take(visit);
        *visit = view.entities().iter().fold(so_far, |mut visit, entity| {
            visit.int(entity.id());
            visit.float(entity.x());
            visit.float(entity.y());
            visit.float(entity.z());
            visit.int(entity.yaw());
            visit.int(entity.health());
            visit
        });
        Some(())
    }

    #[inline(always)]
    fn one(bytes: &[u8]) -> Option<u64> {
        let entities = SnapshotView::parse(bytes).ok()?.entities();
        Some(entities.get(ONE)?.y().to_bits().into())
    }
}
