//! What all sessions of a server share.

use super::config::Settings;
use super::packet_log::PacketLog;
use super::rates::{Limits, Rate};
use super::registry::Registry;
use super::session::Timeouts;
use super::simulation::Simulation;
use super::store::Store;
use super::tally::Tally;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

/// What all sessions of a server share.
#[derive(Debug)]
pub(super) struct Context {
    pub(super) settings: Settings,
    pub(super) timeouts: Timeouts,
    pub(super) rates: Limits,
    pub(super) registry: Arc<Registry>,
    pub(super) tally: Arc<Tally>,
    pub(super) simulation: Simulation,
    pub(super) store: Store,
    pub(super) packet_log: Option<PacketLog>,
    pub(super) clock: Clock,
}

impl Context {
    /// What a session that is logged in or not may hold of answers before it stops reading.
    pub(super) fn unwritten(&self, logged_in: bool) -> usize {
        if logged_in {
            self.settings.queues.unwritten
        } else {
            self.settings.queues.outgoing_before_login
        }
    }
}

/// The time of day, as steady as the clock that measures waits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    started: Instant,
    /// Microseconds from 1970 to the start.
    epoch: u64,
}

impl Clock {
    /// One that is right now.
    pub(super) fn start() -> Self {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        Self {
            started: Instant::now(),
            epoch: microseconds(since.unwrap_or_default()),
        }
    }

    /// Microseconds since 1970.
    pub(super) fn at(&self, now: Instant) -> u64 {
        let since = now.saturating_duration_since(self.started);
        self.epoch.saturating_add(microseconds(since))
    }
}

fn microseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

/// The waits of a session.
pub(super) fn timeouts(settings: &Settings) -> Timeouts {
    let timeouts = &settings.timeouts;
    Timeouts {
        hello: timeouts.hello,
        login: timeouts.login,
        idle: timeouts.idle,
        frame: timeouts.frame,
        heartbeat: timeouts.heartbeat,
    }
}

/// The rates of a session, in the order of the groups.
pub(super) fn rates(settings: &Settings) -> Limits {
    let rates = &settings.rates;
    let rate = |rate: super::config::Rate| Rate {
        per_second: rate.per_second,
        burst: rate.burst,
    };
    Limits {
        groups: [
            rates.auth,
            rates.world,
            rates.movement,
            rates.combat,
            rates.chat,
            rates.guild,
            rates.system,
            rates.echo,
        ]
        .map(rate),
        strikes: rate(rates.strikes),
    }
}
