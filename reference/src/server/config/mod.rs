//! How a server behaves: everything that can be set.
//!
//! [`Settings`] holds values that were checked one by one and against each other. [`load`] puts them together from flags,
//! environment, a file and defaults, and [`Effective::to_toml`] shows what came of that. What a setting means is said once,
//! in the table of [`keys`].

mod duration;
pub mod keys;
mod layers;
mod print;

pub use layers::{ConfigError, Effective, Origin, Sources, load};

use super::store::{Options, PasswordCost};
use super::world::Rules;
use serde::{Deserialize, Deserializer, Serialize, de};
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::time::Duration;

/// All settings of a server. The default works as it is.
///
/// ```
/// use reference::server::config::Settings;
///
/// let settings = Settings::default();
/// assert_eq!(settings.listen.address.to_string(), "127.0.0.1:7777");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[allow(missing_docs)] // each is described in `keys`
pub struct Settings {
    pub listen: Listen,
    pub limits: Limits,
    pub timeouts: Timeouts,
    pub queues: Queues,
    pub rates: Rates,
    pub world: World,
    pub store: Store,
    pub tls: Tls,
    pub metrics: Metrics,
    pub log: Log,
}

/// Sockets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[allow(missing_docs)] // each is described in `keys`
pub struct Listen {
    #[serde(deserialize_with = "address")]
    pub address: SocketAddr,
    pub public_address: String,
    pub backlog: u32,
    pub reuse_address: bool,
    pub no_delay: bool,
    #[serde(with = "duration::optional")]
    pub keep_alive: Option<Duration>,
    #[serde(with = "duration::optional")]
    pub linger: Option<Duration>,
    pub send_buffer: u32,
    pub worker_threads: u16,
}

impl Listen {
    /// The host and the port of the public address, if there is one and the protocol has room for it.
    pub(super) fn public(&self) -> Option<(&str, u16)> {
        let (host, port) = self.public_address.rsplit_once(':')?;
        let host = host.trim_matches(['[', ']']);
        let port = port.parse().ok().filter(|port| *port > 0)?;
        (1..=253).contains(&host.len()).then_some((host, port))
    }
}

fn address<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SocketAddr, D::Error> {
    let text = String::deserialize(deserializer)?;
    let problem =
        || format!("{text:?} is no IP address with a port, such as 0.0.0.0:7777 or [::]:7777");
    text.parse().map_err(|_| de::Error::custom(problem()))
}

/// How many connections there may be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[allow(missing_docs)] // each is described in `keys`
pub struct Limits {
    pub connections: u32,
    pub connections_per_address: u32,
    pub handshakes: u16,
    pub frame_before_login: u16,
}

/// How long the server waits for what.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[allow(missing_docs)] // each is described in `keys`
pub struct Timeouts {
    #[serde(with = "duration")]
    pub handshake: Duration,
    #[serde(with = "duration")]
    pub hello: Duration,
    #[serde(with = "duration")]
    pub login: Duration,
    #[serde(with = "duration")]
    pub idle: Duration,
    #[serde(with = "duration")]
    pub frame: Duration,
    #[serde(with = "duration")]
    pub heartbeat: Duration,
    #[serde(with = "duration")]
    pub write: Duration,
    #[serde(with = "duration")]
    pub resume: Duration,
    #[serde(with = "duration")]
    pub drain: Duration,
    #[serde(with = "duration")]
    pub stop: Duration,
}

/// How much may wait.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[allow(missing_docs)] // each is described in `keys`
pub struct Queues {
    pub outgoing: usize,
    pub outgoing_before_login: usize,
    pub unwritten: usize,
    pub requests: usize,
    pub resumable: usize,
}

/// How often clients may send what.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[allow(missing_docs)] // each is described in `keys`
pub struct Rates {
    pub auth: Rate,
    pub world: Rate,
    pub movement: Rate,
    pub combat: Rate,
    pub chat: Rate,
    pub guild: Rate,
    pub system: Rate,
    pub echo: Rate,
    pub strikes: Rate,
}

/// A rate, and how much of it may come at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)] // each is described in `keys`
pub struct Rate {
    pub per_second: f64,
    pub burst: u32,
}

/// The world.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[allow(missing_docs)] // each is described in `keys`
pub struct World {
    pub tick_hz: u8,
    pub capacity: u32,
    pub view_distance: f32,
    pub cell_size: f32,
    pub speed: f32,
    pub health: u16,
    pub spawn_wishes: bool,
}

/// Accounts and guilds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[allow(missing_docs)] // each is described in `keys`
pub struct Store {
    pub data: String,
    pub registration: bool,
    #[serde(with = "duration")]
    pub token_lifetime: Duration,
    pub password_memory_kib: u32,
    pub password_passes: u32,
    pub password_permits: u16,
    pub password_waiters: u32,
}

/// Encryption.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[allow(missing_docs)] // each is described in `keys`
pub struct Tls {
    pub certificate: String,
    pub key: String,
}

/// Numbers about the server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[allow(missing_docs)] // each is described in `keys`
pub struct Metrics {
    pub address: String,
}

/// What is logged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[allow(missing_docs)] // each is described in `keys`
pub struct Log {
    pub level: Level,
    pub format: Format,
    pub packets: String,
}

/// How much is logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum Level {
    Error,
    Warn,
    Info,
    Debug,
    Trace,
}

/// How a line of the log looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum Format {
    Human,
    Json,
}

impl Default for Listen {
    fn default() -> Self {
        Self {
            address: SocketAddr::from(([127, 0, 0, 1], 7777)),
            public_address: String::new(),
            backlog: 4096,
            reuse_address: true,
            no_delay: true,
            keep_alive: Some(Duration::from_secs(60)),
            linger: None,
            send_buffer: 256 * 1024,
            worker_threads: 0,
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 20_000,
            connections_per_address: 0,
            handshakes: 64,
            frame_before_login: 512,
        }
    }
}

impl Default for Timeouts {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self {
            handshake: seconds(5),
            hello: seconds(10),
            login: seconds(10),
            idle: seconds(90),
            frame: seconds(10),
            heartbeat: seconds(30),
            write: seconds(10),
            resume: seconds(60),
            drain: seconds(2),
            stop: seconds(5),
        }
    }
}

impl Default for Queues {
    fn default() -> Self {
        Self {
            outgoing: 1024 * 1024,
            outgoing_before_login: 1024,
            unwritten: 256 * 1024,
            requests: 64,
            resumable: 20_000,
        }
    }
}

impl Default for Rates {
    fn default() -> Self {
        let rate = |per_second, burst| Rate { per_second, burst };
        Self {
            auth: rate(1.0, 5),
            world: rate(2.0, 10),
            movement: rate(40.0, 80),
            combat: rate(10.0, 20),
            chat: rate(5.0, 20),
            guild: rate(5.0, 20),
            system: rate(10.0, 40),
            echo: rate(0.0, 0),
            strikes: rate(1.0, 20),
        }
    }
}

impl Default for World {
    fn default() -> Self {
        let rules = Rules::default();
        Self {
            tick_hz: rules.tick_hz,
            capacity: rules.capacity,
            view_distance: rules.view_distance,
            cell_size: rules.cell_size,
            speed: rules.speed,
            health: rules.health,
            spawn_wishes: rules.spawn_wishes,
        }
    }
}

impl World {
    /// The rules of a world with these settings.
    pub fn rules(&self) -> Rules {
        Rules {
            tick_hz: self.tick_hz,
            capacity: self.capacity,
            view_distance: self.view_distance,
            cell_size: self.cell_size,
            speed: self.speed,
            health: self.health,
            spawn_wishes: self.spawn_wishes,
            ..Rules::default()
        }
    }
}

impl Default for Store {
    fn default() -> Self {
        let cost = PasswordCost::default();
        Self {
            data: "auto".to_owned(),
            registration: true,
            token_lifetime: Duration::from_secs(24 * 60 * 60),
            password_memory_kib: cost.memory_kib,
            password_passes: cost.passes,
            password_permits: 0,
            password_waiters: 64,
        }
    }
}

impl Store {
    /// How a store with these settings behaves.
    pub fn options(&self) -> Options {
        let options = Options::default();
        Options {
            registration: self.registration,
            token_lifetime: self.token_lifetime,
            password_cost: PasswordCost {
                memory_kib: self.password_memory_kib,
                passes: self.password_passes,
                ..PasswordCost::default()
            },
            password_permits: NonZeroUsize::new(self.password_permits.into())
                .unwrap_or(options.password_permits),
            password_waiters: usize::try_from(self.password_waiters).unwrap_or(usize::MAX),
            ..options
        }
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self {
            address: "127.0.0.1:9777".to_owned(),
        }
    }
}

impl Default for Log {
    fn default() -> Self {
        Self {
            level: Level::Info,
            format: Format::Human,
            packets: String::new(),
        }
    }
}

impl Settings {
    /// Everything that is wrong with these values: the setting's key and what to do.
    pub fn problems(&self) -> Vec<(&'static str, String)> {
        let mut problems = Vec::new();
        let mut wrong = |bad: bool, key, problem: String| {
            if bad {
                problems.push((key, problem));
            }
        };
        let Self {
            listen,
            limits,
            timeouts,
            queues,
            rates,
            store,
            tls,
            metrics,
            ..
        } = self;
        wrong(
            !listen.public_address.is_empty() && listen.public().is_none(),
            "listen.public_address",
            "must be a host and a port, such as game.example:7777, or empty".to_owned(),
        );
        wrong(
            listen.backlog == 0 || listen.backlog > i32::MAX as u32,
            "listen.backlog",
            format!("must be from 1 to {}", i32::MAX),
        );
        wrong(
            listen.send_buffer != 0 && !(4096..=i32::MAX as u32 / 2).contains(&listen.send_buffer),
            "listen.send_buffer",
            format!("must be 0, or from 4096 to {}", i32::MAX / 2),
        );
        wrong(
            limits.connections == 0,
            "limits.connections",
            "must be at least 1".to_owned(),
        );
        wrong(
            limits.handshakes == 0,
            "limits.handshakes",
            "must be at least 1".to_owned(),
        );
        wrong(
            limits.frame_before_login < 191,
            "limits.frame_before_login",
            "must be at least 191, the length of the longest LoginRequest".to_owned(),
        );
        for (key, value) in [
            ("timeouts.handshake", timeouts.handshake),
            ("timeouts.hello", timeouts.hello),
            ("timeouts.login", timeouts.login),
            ("timeouts.idle", timeouts.idle),
            ("timeouts.frame", timeouts.frame),
            ("timeouts.write", timeouts.write),
            ("timeouts.drain", timeouts.drain),
            ("timeouts.stop", timeouts.stop),
        ] {
            wrong(
                value.is_zero() || value > Duration::from_secs(24 * 60 * 60),
                key,
                "must be longer than 0s and at most 1day".to_owned(),
            );
        }
        let beat = timeouts.heartbeat;
        wrong(
            beat < Duration::from_secs(1)
                || beat > Duration::from_secs(3600)
                || beat.subsec_nanos() != 0,
            "timeouts.heartbeat",
            "must be from 1s to 1h, and whole seconds, as Welcome tells it in these".to_owned(),
        );
        wrong(
            timeouts.idle < beat,
            "timeouts.idle",
            "must not be shorter than timeouts.heartbeat, or clients end that do what they are told"
                .to_owned(),
        );
        wrong(
            timeouts.resume > Duration::from_secs(24 * 60 * 60),
            "timeouts.resume",
            "must be at most 1day".to_owned(),
        );
        wrong(
            queues.outgoing < 256 * 1024,
            "queues.outgoing",
            "must be at least 262144, for the parts of a snapshot of the world".to_owned(),
        );
        wrong(
            queues.outgoing_before_login < 512,
            "queues.outgoing_before_login",
            "must be at least 512, for an Error and a KickNotice".to_owned(),
        );
        wrong(
            queues.unwritten < 4096,
            "queues.unwritten",
            "must be at least 4096".to_owned(),
        );
        wrong(
            queues.requests == 0,
            "queues.requests",
            "must be at least 1".to_owned(),
        );
        for (per_second, burst, rate) in [
            ("rates.auth.per_second", "rates.auth.burst", rates.auth),
            ("rates.world.per_second", "rates.world.burst", rates.world),
            (
                "rates.movement.per_second",
                "rates.movement.burst",
                rates.movement,
            ),
            (
                "rates.combat.per_second",
                "rates.combat.burst",
                rates.combat,
            ),
            ("rates.chat.per_second", "rates.chat.burst", rates.chat),
            ("rates.guild.per_second", "rates.guild.burst", rates.guild),
            (
                "rates.system.per_second",
                "rates.system.burst",
                rates.system,
            ),
            ("rates.echo.per_second", "rates.echo.burst", rates.echo),
            (
                "rates.strikes.per_second",
                "rates.strikes.burst",
                rates.strikes,
            ),
        ] {
            wrong(
                !rate.per_second.is_finite() || rate.per_second < 0.0,
                per_second,
                "must be 0 (no limit) or more".to_owned(),
            );
            // That nothing is forgiven is a choice.
            wrong(
                rate.per_second > 0.0 && rate.burst == 0 && burst != "rates.strikes.burst",
                burst,
                "must be at least 1, or nothing of the kind is ever let through".to_owned(),
            );
        }
        if let Err(error) = self.world.rules().validate() {
            let keys = keys::KEYS.iter().map(|key| key.path);
            let mut keys = keys.filter_map(|path| Some((path, path.strip_prefix("world.")?)));
            match keys.find(|(_, rule)| *rule == error.rule()) {
                Some((key, _)) => wrong(true, key, error.problem()),
                None => wrong(true, "world", error.to_string()),
            }
        }
        let lifetime = store.token_lifetime.as_secs();
        wrong(
            lifetime == 0 || lifetime > u64::from(u32::MAX),
            "store.token_lifetime",
            "must be from 1s to 4294967295s".to_owned(),
        );
        wrong(
            store.data.is_empty(),
            "store.data",
            "must be a folder, memory or auto".to_owned(),
        );
        wrong(
            store.password_memory_kib < 8 || store.password_memory_kib > 4 * 1024 * 1024,
            "store.password_memory_kib",
            "must be from 8 to 4194304, which are 4 GiB".to_owned(),
        );
        wrong(
            store.password_passes == 0,
            "store.password_passes",
            "must be at least 1".to_owned(),
        );
        wrong(
            tls.certificate.is_empty() != tls.key.is_empty(),
            if tls.key.is_empty() {
                "tls.certificate"
            } else {
                "tls.key"
            },
            "is set alone: tls.certificate and tls.key belong together".to_owned(),
        );
        wrong(
            metrics.address != "off" && metrics.address.parse::<SocketAddr>().is_err(),
            "metrics.address",
            "must be an address with a port, such as 127.0.0.1:9777, or off".to_owned(),
        );
        problems
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_has_no_problems() {
        assert_eq!(Settings::default().problems(), []);
    }

    #[track_caller]
    fn check(change: impl FnOnce(&mut Settings), expected: &str) {
        let mut settings = Settings::default();
        change(&mut settings);
        let problems = settings.problems();
        let keys: Vec<_> = problems.iter().map(|(key, _)| *key).collect();
        assert_eq!(keys, [expected]);
    }

    #[test]
    fn every_bad_value_is_found() {
        check(
            |s| s.listen.public_address = "game.example".to_owned(),
            "listen.public_address",
        );
        check(|s| s.listen.backlog = 0, "listen.backlog");
        check(|s| s.listen.send_buffer = 100, "listen.send_buffer");
        check(|s| s.limits.connections = 0, "limits.connections");
        check(|s| s.limits.handshakes = 0, "limits.handshakes");
        check(
            |s| s.limits.frame_before_login = 100,
            "limits.frame_before_login",
        );
        check(|s| s.timeouts.login = Duration::ZERO, "timeouts.login");
        check(
            |s| s.timeouts.heartbeat = Duration::ZERO,
            "timeouts.heartbeat",
        );
        check(
            |s| s.timeouts.heartbeat = Duration::from_millis(1900),
            "timeouts.heartbeat",
        );
        check(
            |s| s.timeouts.idle = Duration::from_secs(29),
            "timeouts.idle",
        );
        check(
            |s| s.timeouts.resume = Duration::from_secs(86_401),
            "timeouts.resume",
        );
        check(|s| s.queues.outgoing = 1, "queues.outgoing");
        check(|s| s.rates.auth.burst = 0, "rates.auth.burst");
        check(|s| s.store.data.clear(), "store.data");
        check(|s| s.rates.chat.per_second = -1.0, "rates.chat.per_second");
        check(|s| s.world.tick_hz = 0, "world.tick_hz");
        check(|s| s.world.view_distance = -1.0, "world.view_distance");
        check(
            |s| s.store.token_lifetime = Duration::ZERO,
            "store.token_lifetime",
        );
        check(
            |s| s.store.password_memory_kib = 7,
            "store.password_memory_kib",
        );
        check(|s| s.store.password_passes = 0, "store.password_passes");
        check(|s| s.tls.key = "key.pem".to_owned(), "tls.key");
        check(
            |s| s.metrics.address = "nowhere".to_owned(),
            "metrics.address",
        );
    }
}
