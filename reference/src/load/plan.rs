//! What load is made: everything that can be chosen, and what of it does not fit together.

use super::attack::Attack;
use super::mix::{Kind, Mix};
use crate::client::Tls;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

/// A run of the load generator.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The server, as host and port.
    pub address: String,
    /// Honest connections.
    pub connections: usize,
    /// When packets are sent.
    pub pace: Pace,
    /// Which packets.
    pub mix: Mix,
    /// Bytes of an echo's payload: 10 make a packet of 20 bytes.
    pub payload: usize,
    /// How long nothing is measured at the beginning.
    pub warmup: Duration,
    /// How long is measured.
    pub duration: Duration,
    /// How long answers are waited for at the end. What has none then is lost.
    pub patience: Duration,
    /// Threads that share the connections.
    pub threads: usize,
    /// Connections that may be connecting or logging in at a time.
    pub connect_at_once: usize,
    /// Who the connections are.
    pub entry: Entry,
    /// Whether all enter the world, though the mix does not need that.
    pub world: bool,
    /// How many players stand close to each other; 0 lets the server choose where they begin.
    pub crowd: usize,
    /// Broadcasts in a second by the first account, which needs the right.
    pub broadcasts: Option<f64>,
    /// Connections that misbehave beside the honest ones.
    pub hostile: Option<Hostile>,
    /// How the server proves who it is; plain TCP if `None`.
    pub tls: Option<Tls>,
    /// A server on this machine whose resident memory is looked at.
    pub server_process: Option<u32>,
}

/// When packets are sent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Pace {
    /// So many in a second by each connection, whether answers come or not. Times are measured from the moment at which a
    /// packet was due, so that a server that stalls cannot hide that by making the generator wait.
    Open {
        /// Packets per second.
        per_second: f64,
    },
    /// So many in flight on each connection: the next one follows when an answer comes.
    Closed {
        /// Packets in flight.
        depth: u32,
    },
    /// One of each kind at the beginning, and then silence.
    Idle,
}

/// How connections come in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// The peer sends back all bytes as they are: there is no greeting, and an echo's answer is the echo itself.
    Raw,
    /// The greeting alone: nobody logs in.
    Guest,
    /// Accounts, which are made if they are not there.
    Accounts(Accounts),
}

/// Accounts of a run: `prefix-0` and so on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accounts {
    /// What their names begin with.
    pub prefix: String,
    /// The password of all of them.
    pub password: String,
    /// Where tokens are kept from run to run, so that passwords, which are slow to check on purpose, are needed once.
    pub tokens: Option<PathBuf>,
}

/// Connections that misbehave.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hostile {
    /// How.
    pub attack: Attack,
    /// How many there are, as a share of the honest ones, in percent.
    pub percent: f64,
}

impl Plan {
    /// A plan for a server at this address: a hundred accounts that each send 20 echoes a second, for ten seconds.
    pub fn new(address: impl Into<String>) -> Self {
        Self {
            address: address.into(),
            connections: 100,
            pace: Pace::Open { per_second: 20.0 },
            mix: Mix::default(),
            payload: 10,
            warmup: Duration::from_secs(2),
            duration: Duration::from_secs(10),
            patience: Duration::from_secs(2),
            threads: 1,
            connect_at_once: 64,
            entry: Entry::Accounts(Accounts::default()),
            world: false,
            crowd: 25,
            broadcasts: None,
            hostile: None,
            tls: None,
            server_process: None,
        }
    }

    /// Whether players enter the world.
    pub fn enters_world(&self) -> bool {
        self.world || self.mix.needs_world()
    }

    /// How many connections misbehave.
    pub fn hostile_connections(&self) -> usize {
        let Some(hostile) = self.hostile else {
            return 0;
        };
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a share of what fits into a machine, which was checked not to be negative"
        )]
        let count = (self.connections as f64 * hostile.percent / 100.0).round() as usize;
        count.max(1)
    }

    /// Looks for choices that make no sense, alone or together.
    ///
    /// # Errors
    /// The first one.
    pub fn validate(&self) -> Result<(), PlanError> {
        let must = |holds: bool, problem: &str| {
            if holds {
                Ok(())
            } else {
                Err(PlanError(problem.to_owned()))
            }
        };
        must(self.connections > 0, "there has to be a connection")?;
        must(self.threads > 0, "there has to be a thread")?;
        must(
            self.connect_at_once > 0,
            "one connection at least has to connect at once",
        )?;
        must(
            self.payload <= 32_768,
            "the payload of an echo has 32768 bytes at most",
        )?;
        must(!self.duration.is_zero(), "the duration is 0")?;
        match self.pace {
            Pace::Open { per_second } => must(
                per_second > 0.0 && per_second <= 1e6,
                "the rate has to be more than 0 and at most 1000000 a second",
            )?,
            Pace::Closed { depth } => {
                must(
                    depth > 0,
                    "a closed loop has to have one packet in flight at least",
                )?;
                must(
                    self.mix.kinds().all(Kind::is_answered),
                    "a closed loop waits for answers, and `move` has none: give a rate",
                )?;
            }
            Pace::Idle => {}
        }
        if let Some(per_second) = self.broadcasts {
            must(
                per_second > 0.0 && per_second <= 1000.0,
                "broadcasts have to be more than 0 and at most 1000 a second",
            )?;
        }
        if let Some(hostile) = self.hostile {
            must(
                hostile.percent > 0.0 && hostile.percent <= 1000.0,
                "the share of hostile connections has to be more than 0 and at most 1000 %",
            )?;
        }
        let accounts = match &self.entry {
            Entry::Raw => {
                must(
                    self.mix == Mix::only(Kind::Echo) && !self.world,
                    "a peer that sends bytes back knows echoes alone",
                )?;
                let attack = self.hostile.map(|hostile| hostile.attack);
                must(
                    attack.is_none_or(|attack| attack == Attack::ConnectStorm),
                    "a peer that sends bytes back can be attacked by connect-storm alone",
                )?;
                false
            }
            Entry::Guest => {
                must(
                    !self.hostile.is_some_and(|hostile| hostile.attack.logs_in()),
                    "this attack begins with a login, which guests do not have",
                )?;
                false
            }
            Entry::Accounts(accounts) => {
                must(
                    (1..=24).contains(&accounts.prefix.len()),
                    "the prefix of accounts has 1 to 24 bytes",
                )?;
                must(
                    (1..=128).contains(&accounts.password.len()),
                    "the password of accounts has 1 to 128 bytes",
                )?;
                true
            }
        };
        let needs_account = self.enters_world()
            || self.broadcasts.is_some()
            || self
                .mix
                .kinds()
                .any(|kind| matches!(kind, Kind::Rooms | Kind::Guilds));
        must(
            accounts || !needs_account,
            "only who logs in moves, talks, broadcasts and asks for rooms and guilds",
        )
    }
}

impl Accounts {
    /// Name of the account with this number.
    pub fn name(&self, number: usize) -> String {
        format!("{}-{number}", self.prefix)
    }
}

impl Default for Accounts {
    /// `load-0` and so on, whose tokens are forgotten.
    fn default() -> Self {
        Self {
            prefix: "load".to_owned(),
            password: "under load 1!".to_owned(),
            tokens: None,
        }
    }
}

/// Choices that make no sense.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanError(String);

impl fmt::Display for PlanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for PlanError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plan_without_choices_is_good() {
        assert_eq!(Plan::new("localhost:7777").validate(), Ok(()));
    }

    #[track_caller]
    fn check(change: impl FnOnce(&mut Plan), expected: &str) {
        let mut plan = Plan::new("localhost:7777");
        change(&mut plan);
        let error = plan.validate().unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }

    #[test]
    fn refuses_what_makes_no_sense() {
        check(|plan| plan.connections = 0, "a connection");
        check(|plan| plan.threads = 0, "a thread");
        check(|plan| plan.connect_at_once = 0, "connect at once");
        check(|plan| plan.payload = 32_769, "32768");
        check(|plan| plan.duration = Duration::ZERO, "duration");
        let open = |per_second| move |plan: &mut Plan| plan.pace = Pace::Open { per_second };
        check(open(0.0), "rate");
        check(open(f64::NAN), "rate");
        check(|plan| plan.pace = Pace::Closed { depth: 0 }, "in flight");
        check(|plan| plan.broadcasts = Some(0.0), "broadcasts");
        check(
            |plan| {
                plan.hostile = Some(Hostile {
                    attack: Attack::Flood,
                    percent: 0.0,
                });
            },
            "share of hostile",
        );
    }

    #[test]
    fn refuses_what_does_not_fit_together() {
        let moves = |plan: &mut Plan| plan.mix = Mix::only(Kind::Move);
        check(
            |plan| {
                moves(plan);
                plan.pace = Pace::Closed { depth: 1 };
            },
            "`move` has none",
        );
        check(
            |plan| {
                moves(plan);
                plan.entry = Entry::Guest;
            },
            "only who logs in",
        );
        check(
            |plan| {
                moves(plan);
                plan.entry = Entry::Raw;
            },
            "echoes alone",
        );
    }

    #[test]
    fn a_share_of_hostile_ones_is_one_at_least() {
        let mut plan = Plan::new("localhost:7777");
        assert_eq!(plan.hostile_connections(), 0);
        for (percent, count) in [(0.1, 1), (10.0, 10), (150.0, 150)] {
            let attack = Attack::Garbage;
            plan.hostile = Some(Hostile { attack, percent });
            assert_eq!(plan.hostile_connections(), count);
        }
    }
}
