//! The packets as plain Rust, and the values that everybody encodes.

use crate::{Packet, Visit};
use std::sync::LazyLock;

/// Header and four numbers: what a call costs.
#[derive(Clone)]
pub struct Move {
    pub player: u32,
    pub x: f32,
    pub y: f32,
    pub z: f32,
}

/// Many numbers of fixed places.
#[derive(Clone)]
pub struct Telemetry {
    pub time: u64,
    pub uptime: u64,
    pub voltage: u32,
    pub current: u32,
    pub power: u32,
    pub energy: u32,
    pub temperature: u16,
    pub humidity: u16,
    pub pressure: u16,
    pub speed: u16,
    pub status: u8,
    pub mode: u8,
    pub battery: u8,
    pub signal: u8,
    pub fan: u8,
    pub alarm: u8,
    pub fault: u8,
    pub revision: u8,
    pub device: [u8; 16],
}

/// An array of elements whose size varies, and ASCII.
#[derive(Clone)]
pub struct LoginResponse {
    pub accepted: bool,
    pub heartbeat: u16,
    pub user: u64,
    pub token: String,
    pub servers: Vec<Server>,
}

#[derive(Clone)]
pub struct Server {
    pub id: u16,
    pub name: String,
    pub port: u16,
    pub players: u16,
}

/// Text that is not ASCII.
#[derive(Clone)]
pub struct Chat {
    pub channel: u8,
    pub sender: String,
    pub recipient: String,
    pub text: String,
}

/// A large array of elements of fixed size.
#[derive(Clone)]
pub struct Snapshot {
    pub tick: u32,
    pub entities: Vec<Entity>,
}

#[derive(Clone, Copy)]
pub struct Entity {
    pub id: u32,
    pub x: f32,
    pub y: f32,
    pub z: f32,
    pub yaw: u16,
    pub health: u16,
}

/// The element of a snapshot that is read alone.
pub const ONE: usize = 73;

/// What is read of a text that is read alone.
#[inline(always)]
pub fn of_text(text: &str) -> u64 {
    let mut sum = crate::Sum::default();
    sum.text(text);
    sum.0
}

impl Packet for Move {
    const NAME: &'static str = "Move";

    fn sample() -> &'static Self {
        &Self {
            player: 12345,
            x: 100.5,
            y: 200.3,
            z: 50.7,
        }
    }

    fn visit(&self, visit: &mut impl Visit) {
        visit.int(self.player);
        visit.float(self.x);
        visit.float(self.y);
        visit.float(self.z);
    }

    fn one(&self) -> u64 {
        self.y.to_bits().into()
    }
}

const DEVICE: [u8; 16] = *b"meter-0000-00042";

impl Packet for Telemetry {
    const NAME: &'static str = "Telemetry";

    fn sample() -> &'static Self {
        &Self {
            time: 1_700_000_000_123_456,
            uptime: 86_400_000_000,
            voltage: 231_000,
            current: 4_200,
            power: 970_200,
            energy: 123_456_789,
            temperature: 2731,
            humidity: 4800,
            pressure: 10_132,
            speed: 1450,
            status: 1,
            mode: 2,
            battery: 98,
            signal: 61,
            fan: 40,
            alarm: 0,
            fault: 0,
            revision: 7,
            device: DEVICE,
        }
    }

    fn visit(&self, visit: &mut impl Visit) {
        visit.int(self.time);
        visit.int(self.uptime);
        for value in [self.voltage, self.current, self.power, self.energy] {
            visit.int(value);
        }
        for value in [self.temperature, self.humidity, self.pressure, self.speed] {
            visit.int(value);
        }
        for value in [
            self.status,
            self.mode,
            self.battery,
            self.signal,
            self.fan,
            self.alarm,
            self.fault,
            self.revision,
        ] {
            visit.int(value);
        }
        visit.bytes(&self.device);
    }

    fn one(&self) -> u64 {
        self.power.into()
    }
}

static LOGIN_RESPONSE: LazyLock<LoginResponse> = LazyLock::new(|| LoginResponse {
    accepted: true,
    heartbeat: 30,
    user: 0x0123_4567_89ab_cdef,
    token: "eyJhbGciOiJFZERTQSJ9.".chars().cycle().take(120).collect(),
    servers: [
        "Asia Northeast 1",
        "Asia South",
        "Europe West 4",
        "Europe North",
        "US East 1",
        "US West 2",
        "Oceania",
        "South America 1",
    ]
    .iter()
    .zip(1_u16..)
    .map(|(name, id)| Server {
        id,
        name: (*name).to_owned(),
        port: 7000 + id,
        players: 250 * id,
    })
    .collect(),
});

impl Packet for LoginResponse {
    const NAME: &'static str = "LoginResponse";

    fn sample() -> &'static Self {
        &LOGIN_RESPONSE
    }

    fn visit(&self, visit: &mut impl Visit) {
        visit.int(self.accepted);
        visit.int(self.heartbeat);
        visit.int(self.user);
        visit.text(&self.token);
        for server in &self.servers {
            visit.int(server.id);
            visit.text(&server.name);
            visit.int(server.port);
            visit.int(server.players);
        }
    }

    fn one(&self) -> u64 {
        self.user
    }
}

static CHAT: LazyLock<Chat> = LazyLock::new(|| Chat {
    channel: 2,
    sender: "ada".to_owned(),
    recipient: "grace".to_owned(),
    text: "Meet me at the harbour, 항구에서 만나요. "
        .chars()
        .cycle()
        .take(200)
        .collect(),
});

impl Packet for Chat {
    const NAME: &'static str = "Chat";

    fn sample() -> &'static Self {
        &CHAT
    }

    fn visit(&self, visit: &mut impl Visit) {
        visit.int(self.channel);
        visit.text(&self.sender);
        visit.text(&self.recipient);
        visit.text(&self.text);
    }

    fn one(&self) -> u64 {
        of_text(&self.sender)
    }
}

static SNAPSHOT: LazyLock<Snapshot> = LazyLock::new(|| Snapshot {
    tick: 4711,
    entities: (0..100_u16)
        .map(|number| Entity {
            id: 1_000_000 + u32::from(number),
            x: f32::from(number) * 1.25,
            y: 1.0 - f32::from(number) * 0.75,
            z: 12.5,
            yaw: number * 600,
            health: 1000 - number,
        })
        .collect(),
});

impl Packet for Snapshot {
    const NAME: &'static str = "Snapshot";

    fn sample() -> &'static Self {
        &SNAPSHOT
    }

    fn visit(&self, visit: &mut impl Visit) {
        visit.int(self.tick);
        for entity in &self.entities {
            visit.int(entity.id);
            visit.float(entity.x);
            visit.float(entity.y);
            visit.float(entity.z);
            visit.int(entity.yaw);
            visit.int(entity.health);
        }
    }

    fn one(&self) -> u64 {
        self.entities[ONE].y.to_bits().into()
    }
}
