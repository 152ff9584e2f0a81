//! The packets for `bincode` and `postcard`, with texts that are borrowed from the bytes.

use crate::samples;

#[derive(::bincode::Encode, ::bincode::BorrowDecode, serde::Serialize, serde::Deserialize)]
pub struct Move {
    player: u32,
    x: f32,
    y: f32,
    z: f32,
}

#[derive(::bincode::Encode, ::bincode::BorrowDecode, serde::Serialize, serde::Deserialize)]
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

#[derive(::bincode::Encode, ::bincode::BorrowDecode, serde::Serialize, serde::Deserialize)]
pub struct LoginResponse<'a> {
    accepted: bool,
    heartbeat: u16,
    user: u64,
    token: &'a str,
    #[serde(borrow)]
    servers: Vec<Server<'a>>,
}

#[derive(::bincode::Encode, ::bincode::BorrowDecode, serde::Serialize, serde::Deserialize)]
pub struct Server<'a> {
    id: u16,
    name: &'a str,
    port: u16,
    players: u16,
}

#[derive(::bincode::Encode, ::bincode::BorrowDecode, serde::Serialize, serde::Deserialize)]
pub struct Chat<'a> {
    channel: u8,
    sender: &'a str,
    recipient: &'a str,
    text: &'a str,
}

#[derive(::bincode::Encode, ::bincode::BorrowDecode, serde::Serialize, serde::Deserialize)]
pub struct Snapshot {
    tick: u32,
    entities: Vec<Entity>,
}

#[derive(::bincode::Encode, ::bincode::BorrowDecode, serde::Serialize, serde::Deserialize)]
pub struct Entity {
    id: u32,
    x: f32,
    y: f32,
    z: f32,
    yaw: u16,
    health: u16,
}

super::fields::fields! { LoginResponse<'_>, Chat<'_> }

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
}

impl From<&'static samples::LoginResponse> for LoginResponse<'static> {
    fn from(packet: &'static samples::LoginResponse) -> Self {
        let servers = packet.servers.iter().map(|server| Server {
            id: server.id,
            name: &server.name,
            port: server.port,
            players: server.players,
        });
        Self {
            accepted: packet.accepted,
            heartbeat: packet.heartbeat,
            user: packet.user,
            token: &packet.token,
            servers: servers.collect(),
        }
    }
}

impl From<&'static samples::Chat> for Chat<'static> {
    fn from(packet: &'static samples::Chat) -> Self {
        Self {
            channel: packet.channel,
            sender: &packet.sender,
            recipient: &packet.recipient,
            text: &packet.text,
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
            yaw: entity.yaw,
            health: entity.health,
        });
        Self {
            tick: packet.tick,
            entities: entities.collect(),
        }
    }
}
