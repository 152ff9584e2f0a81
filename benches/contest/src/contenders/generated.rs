//! What `packetc` generates from `schemas/contest.yaml`.

use crate::samples::{self, ONE, of_text};
use crate::{Contender, Named, Visit};
use packet_runtime::{Encode, View};

/// The generated module.
#[allow(missing_docs)]
pub mod contest {
    packet_derive::packet_schema!("schemas/contest.yaml");
}

use contest::{
    Chat, ChatView, Entity, LoginResponse, LoginResponseView, Move, MoveView, Server, Snapshot,
    SnapshotView, Telemetry, TelemetryView,
};

pub struct Generated;

impl Named for Generated {
    const NAME: &'static str = "generated";
    const OUR_WIRE: bool = true;
}

/// Encodes into the start of `buffer`.
#[inline(always)]
pub fn encode<'b>(value: &impl Encode, buffer: &'b mut [u8]) -> Option<&'b [u8]> {
    let length = value.encode_into(buffer).ok()?;
    buffer.get(..length)
}

impl Contender<samples::Move> for Generated {
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

impl Contender<samples::Telemetry> for Generated {
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

impl Contender<samples::LoginResponse> for Generated {
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

impl Contender<samples::Chat> for Generated {
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

impl Contender<samples::Snapshot> for Generated {
    type Value = Snapshot;

    fn value(packet: &'static samples::Snapshot) -> Snapshot {
        let entities = packet.entities.iter().map(|entity| {
            let &samples::Entity {
                id,
                x,
                y,
                z,
                yaw,
                health,
            } = entity;
            Entity {
                id,
                x,
                y,
                z,
                yaw,
                health,
            }
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
        // All in one go, which a `for` loop is not.
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
