//! The packets for `deku` and `binrw`: both derive them from our wire with headers and lengths as fields.

use crate::samples;
use ::binrw::{BinRead, BinWrite};
use ::deku::{DekuRead, DekuWrite};

#[derive(DekuRead, DekuWrite, BinRead, BinWrite)]
#[deku(endian = "big")]
#[brw(big)]
pub struct Move {
    pub size: u16,
    #[deku(assert_eq = "1")]
    #[br(assert(id == 1))]
    id: u16,
    player: u32,
    x: f32,
    y: f32,
    z: f32,
}

#[derive(DekuRead, DekuWrite, BinRead, BinWrite)]
#[deku(endian = "big")]
#[brw(big)]
pub struct Telemetry {
    pub size: u16,
    #[deku(assert_eq = "2")]
    #[br(assert(id == 2))]
    id: u16,
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

#[derive(DekuRead, DekuWrite, BinRead, BinWrite)]
#[deku(endian = "big")]
#[brw(big)]
pub struct LoginResponse {
    pub size: u16,
    #[deku(assert_eq = "3")]
    #[br(assert(id == 3))]
    id: u16,
    #[deku(assert = "*accepted <= 1")]
    #[br(assert(accepted <= 1))]
    accepted: u8,
    heartbeat: u16,
    user: u64,
    token_length: u8,
    #[deku(count = "token_length")]
    #[br(count = token_length)]
    token: Vec<u8>,
    server_count: u8,
    #[deku(count = "server_count")]
    #[br(count = server_count)]
    servers: Vec<Server>,
}

#[derive(DekuRead, DekuWrite, BinRead, BinWrite)]
#[deku(endian = "endian", ctx = "endian: ::deku::ctx::Endian")]
#[brw(big)]
pub struct Server {
    id: u16,
    name_length: u8,
    #[deku(count = "name_length")]
    #[br(count = name_length)]
    name: Vec<u8>,
    port: u16,
    players: u16,
}

#[derive(DekuRead, DekuWrite, BinRead, BinWrite)]
#[deku(endian = "big")]
#[brw(big)]
pub struct Chat {
    pub size: u16,
    #[deku(assert_eq = "4")]
    #[br(assert(id == 4))]
    id: u16,
    channel: u8,
    sender_length: u8,
    #[deku(count = "sender_length")]
    #[br(count = sender_length)]
    sender: Vec<u8>,
    recipient_length: u8,
    #[deku(count = "recipient_length")]
    #[br(count = recipient_length)]
    recipient: Vec<u8>,
    text_length: u16,
    #[deku(count = "text_length")]
    #[br(count = text_length)]
    text: Vec<u8>,
}

#[derive(DekuRead, DekuWrite, BinRead, BinWrite)]
#[deku(endian = "big")]
#[brw(big)]
pub struct Snapshot {
    pub size: u16,
    #[deku(assert_eq = "5")]
    #[br(assert(id == 5))]
    id: u16,
    tick: u32,
    entity_count: u16,
    #[deku(count = "entity_count")]
    #[br(count = entity_count)]
    entities: Vec<Entity>,
}

#[derive(DekuRead, DekuWrite, BinRead, BinWrite)]
#[deku(endian = "endian", ctx = "endian: ::deku::ctx::Endian")]
#[brw(big)]
pub struct Entity {
    id: u32,
    x: f32,
    y: f32,
    z: f32,
    yaw: u16,
    health: u16,
}

super::fields::fields! { LoginResponse, Chat }

/// The length of what has a length field of that type; what is too long would read as nothing.
fn length<T: TryFrom<usize> + Default>(length: usize) -> T {
    T::try_from(length).unwrap_or_default()
}

impl From<&'static samples::Move> for Move {
    fn from(packet: &'static samples::Move) -> Self {
        let &samples::Move { player, x, y, z } = packet;
        Self {
            size: 20,
            id: 1,
            player,
            x,
            y,
            z,
        }
    }
}

impl From<&'static samples::Telemetry> for Telemetry {
    fn from(packet: &'static samples::Telemetry) -> Self {
        Self {
            size: 68,
            id: 2,
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

impl From<&'static samples::LoginResponse> for LoginResponse {
    fn from(packet: &'static samples::LoginResponse) -> Self {
        let sizes = packet.servers.iter().map(|server| 7 + server.name.len());
        let servers = packet.servers.iter().map(|server| Server {
            id: server.id,
            name_length: length(server.name.len()),
            name: server.name.clone().into(),
            port: server.port,
            players: server.players,
        });
        Self {
            size: length(17 + packet.token.len() + sizes.sum::<usize>()),
            id: 3,
            accepted: packet.accepted.into(),
            heartbeat: packet.heartbeat,
            user: packet.user,
            token_length: length(packet.token.len()),
            token: packet.token.clone().into(),
            server_count: length(packet.servers.len()),
            servers: servers.collect(),
        }
    }
}

impl From<&'static samples::Chat> for Chat {
    fn from(packet: &'static samples::Chat) -> Self {
        Self {
            size: length(9 + packet.sender.len() + packet.recipient.len() + packet.text.len()),
            id: 4,
            channel: packet.channel,
            sender_length: length(packet.sender.len()),
            sender: packet.sender.clone().into(),
            recipient_length: length(packet.recipient.len()),
            recipient: packet.recipient.clone().into(),
            text_length: length(packet.text.len()),
            text: packet.text.clone().into(),
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
            size: length(10 + 20 * packet.entities.len()),
            id: 5,
            tick: packet.tick,
            entity_count: length(packet.entities.len()),
            entities: entities.collect(),
        }
    }
}
