//! `prost`: Protocol Buffers, whose numbers are varints.

use super::fields::contender;
use crate::{Named, samples};
use ::prost::Message;

pub struct Prost;

impl Named for Prost {
    const NAME: &'static str = "prost";
}

#[derive(Message)]
pub struct Move {
    #[prost(uint32, tag = "1")]
    player: u32,
    #[prost(float, tag = "2")]
    x: f32,
    #[prost(float, tag = "3")]
    y: f32,
    #[prost(float, tag = "4")]
    z: f32,
}

#[derive(Message)]
pub struct Telemetry {
    #[prost(uint64, tag = "1")]
    time: u64,
    #[prost(uint64, tag = "2")]
    uptime: u64,
    #[prost(uint32, tag = "3")]
    voltage: u32,
    #[prost(uint32, tag = "4")]
    current: u32,
    #[prost(uint32, tag = "5")]
    power: u32,
    #[prost(uint32, tag = "6")]
    energy: u32,
    #[prost(uint32, tag = "7")]
    temperature: u32,
    #[prost(uint32, tag = "8")]
    humidity: u32,
    #[prost(uint32, tag = "9")]
    pressure: u32,
    #[prost(uint32, tag = "10")]
    speed: u32,
    #[prost(uint32, tag = "11")]
    status: u32,
    #[prost(uint32, tag = "12")]
    mode: u32,
    #[prost(uint32, tag = "13")]
    battery: u32,
    #[prost(uint32, tag = "14")]
    signal: u32,
    #[prost(uint32, tag = "15")]
    fan: u32,
    #[prost(uint32, tag = "16")]
    alarm: u32,
    #[prost(uint32, tag = "17")]
    fault: u32,
    #[prost(uint32, tag = "18")]
    revision: u32,
    #[prost(bytes = "vec", tag = "19")]
    device: Vec<u8>,
}

#[derive(Message)]
pub struct LoginResponse {
    #[prost(bool, tag = "1")]
    accepted: bool,
    #[prost(uint32, tag = "2")]
    heartbeat: u32,
    #[prost(uint64, tag = "3")]
    user: u64,
    #[prost(string, tag = "4")]
    token: String,
    #[prost(message, repeated, tag = "5")]
    servers: Vec<Server>,
}

#[derive(Message)]
pub struct Server {
    #[prost(uint32, tag = "1")]
    id: u32,
    #[prost(string, tag = "2")]
    name: String,
    #[prost(uint32, tag = "3")]
    port: u32,
    #[prost(uint32, tag = "4")]
    players: u32,
}

#[derive(Message)]
pub struct Chat {
    #[prost(uint32, tag = "1")]
    channel: u32,
    #[prost(string, tag = "2")]
    sender: String,
    #[prost(string, tag = "3")]
    recipient: String,
    #[prost(string, tag = "4")]
    text: String,
}

#[derive(Message)]
pub struct Snapshot {
    #[prost(uint32, tag = "1")]
    tick: u32,
    #[prost(message, repeated, tag = "2")]
    entities: Vec<Entity>,
}

#[derive(Message)]
pub struct Entity {
    #[prost(uint32, tag = "1")]
    id: u32,
    #[prost(float, tag = "2")]
    x: f32,
    #[prost(float, tag = "3")]
    y: f32,
    #[prost(float, tag = "4")]
    z: f32,
    #[prost(uint32, tag = "5")]
    yaw: u32,
    #[prost(uint32, tag = "6")]
    health: u32,
}

super::fields::fields! { LoginResponse, Chat }

#[inline(always)]
fn encode(value: &impl Message, mut buffer: &mut [u8]) -> Option<usize> {
    let room = buffer.len();
    value.encode(&mut buffer).ok()?;
    Some(room - buffer.len())
}

#[inline(always)]
fn decode<P: Message + Default>(bytes: &[u8]) -> Option<P> {
    P::decode(bytes).ok()
}

contender! { Prost, Move, Move }
contender! { Prost, Telemetry, Telemetry }
contender! { Prost, LoginResponse, LoginResponse }
contender! { Prost, Chat, Chat }
contender! { Prost, Snapshot, Snapshot }

impl From<&'static samples::Move> for Move {
    fn from(packet: &'static samples::Move) -> Self {
        let &samples::Move { player, x, y, z } = packet;
        Self { player, x, y, z }
    }
}

impl From<&'static samples::Telemetry> for Telemetry {
    fn from(packet: &'static samples::Telemetry) -> Self {
        Self {
            time: packet.time,
            uptime: packet.uptime,
            voltage: packet.voltage,
            current: packet.current,
            power: packet.power,
            energy: packet.energy,
            temperature: packet.temperature.into(),
            humidity: packet.humidity.into(),
            pressure: packet.pressure.into(),
            speed: packet.speed.into(),
            status: packet.status.into(),
            mode: packet.mode.into(),
            battery: packet.battery.into(),
            signal: packet.signal.into(),
            fan: packet.fan.into(),
            alarm: packet.alarm.into(),
            fault: packet.fault.into(),
            revision: packet.revision.into(),
            device: packet.device.to_vec(),
        }
    }
}

impl From<&'static samples::LoginResponse> for LoginResponse {
    fn from(packet: &'static samples::LoginResponse) -> Self {
        let servers = packet.servers.iter().map(|server| Server {
            id: server.id.into(),
            name: server.name.clone(),
            port: server.port.into(),
            players: server.players.into(),
        });
        Self {
            accepted: packet.accepted,
            heartbeat: packet.heartbeat.into(),
            user: packet.user,
            token: packet.token.clone(),
            servers: servers.collect(),
        }
    }
}

impl From<&'static samples::Chat> for Chat {
    fn from(packet: &'static samples::Chat) -> Self {
        Self {
            channel: packet.channel.into(),
            sender: packet.sender.clone(),
            recipient: packet.recipient.clone(),
            text: packet.text.clone(),
        }
    }
}

impl From<&'static samples::Snapshot> for Snapshot {
    fn from(packet: &'static samples::Snapshot) -> Self {
        let entities = packet.entities.iter().map(|entity| Entity {
            id: entity.id,
            x: entity.x,
            y: entity.y,
            z: entity.z,
            yaw: entity.yaw.into(),
            health: entity.health.into(),
        });
        Self {
            tick: packet.tick,
            entities: entities.collect(),
        }
    }
}
