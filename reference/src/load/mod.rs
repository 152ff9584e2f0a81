//! A load generator for servers of the game protocol.
//!
//! ```text
//!  plan ---> run ---> worker: a thread, one poll ---> crew: sockets ---> player: what is said, what is answered
//!             |          |                             (wire)       '--> attack: who misbehaves
//!             |       schedule: when                                        |
//!             '------ report <---------------------------------- tally: what was seen
//! ```
//!
//! It is to cost little, so that what is measured is the server: a thread has one poll and one buffer for all of its
//! connections, all that is due is written at once, and nothing is taken from the heap for a packet.
//!
//! | Module | Purpose | IO |
//! |---|---|---|
//! | `plan`, `mix` | what can be chosen | none |
//! | `login`, `player`, `walk`, `flight` | an honest connection | none |
//! | `attack` | one that misbehaves | none |
//! | `schedule` | when packets are due, and what counts | none |
//! | `tally`, `broadcasts`, `report` | what was seen | none |
//! | `shared`, `worker`, `crew`, `wire`, `socket`, `timer` | threads and sockets | sockets |
//! | `tokens`, `memory` | tokens of accounts; memory of the server | files |

mod attack;
mod broadcasts;
mod crew;
mod flight;
mod login;
mod memory;
mod mix;
mod plan;
mod player;
mod report;
mod schedule;
mod shared;
mod socket;
mod tally;
mod timer;
mod tokens;
mod walk;
mod wire;
mod worker;

pub use attack::Attack;
pub use memory::resident;
pub use mix::{Kind, Mix, MixError};
pub use plan::{Accounts, Entry, Hostile, Pace, Plan, PlanError};
pub use report::{
    BroadcastFigures, EntryFigures, Figures, HostileFigures, MemoryFigures, Report, Times,
    TrafficFigures,
};
pub use tokens::Tokens;

use crate::client::ClientError;
use crew::Seen;
use report::Observed;
use schedule::Course;
use shared::Shared;
use socket::Server;
use std::fmt;
use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use std::path::PathBuf;
use std::sync::atomic::Ordering::Relaxed;
use std::thread::{self, ScopedJoinHandle};
use std::time::{Duration, Instant};
use tally::{Names, Tally, add_names};
use worker::Worker;

/// How often progress is told.
const WATCH: Duration = Duration::from_millis(50);
/// Descriptors besides those of connections.
const DESCRIPTORS: u64 = 64;
/// From the moment at which all have come in to the first packet.
const LEAD: Duration = Duration::from_millis(50);

/// How far a run is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// Connections that have come in.
    pub ready: u64,
    /// Connections that were refused.
    pub refused: u64,
    /// Answers so far.
    pub answered: u64,
    /// Time since the first packet; `None` as long as connections come in.
    pub running: Option<Duration>,
}

/// Carries out a plan, and tells `watch` from time to time how far it is. Blocks until it is over.
///
/// ```no_run
/// use reference::load::{Pace, Plan, run};
///
/// let mut plan = Plan::new("127.0.0.1:7777");
/// plan.pace = Pace::Closed { depth: 16 };
/// let report = run(&plan, |_| {})?;
/// println!("{report}");
/// # Ok::<(), reference::load::LoadError>(())
/// ```
///
/// # Errors
/// The plan makes no sense, nothing could be connected, or the system does not play along. What the server does wrong is in
/// the report.
pub fn run(plan: &Plan, mut watch: impl FnMut(Progress)) -> Result<Report, LoadError> {
    plan.validate().map_err(LoadError::Plan)?;
    let address = resolve(&plan.address)?;
    let server = Server::new(&plan.address, address, plan.tls.as_ref()).map_err(LoadError::Tls)?;
    let connections = plan.connections + plan.hostile_connections();
    make_room(connections)?;
    let memory = || plan.server_process.map(resident).transpose();
    let before = memory().map_err(LoadError::Memory)?;
    let shared = Shared::new(plan, server, load_tokens(plan)?);
    let start = Instant::now();
    thread::scope(|scope| {
        let workers = (0..plan.threads).map(|number| Worker::new(&shared, number));
        let workers: Vec<Worker<'_>> = workers.collect::<io::Result<_>>().map_err(LoadError::Io)?;
        let threads: Vec<_> = workers
            .into_iter()
            .map(|worker| scope.spawn(move || worker.run()))
            .collect();
        // What stops this early has to stop the threads, or the scope would wait for them.
        let stop = |error| {
            shared.stop.store(true, Relaxed);
            error
        };
        let came_in = come_in(&shared, &threads, start, &mut watch);
        save_tokens(&shared).map_err(stop)?;
        let at_ready = memory().map_err(|error| stop(LoadError::Memory(error)))?;
        let ready = shared.progress.ready.load(Relaxed);
        if ready == 0 {
            shared.stop.store(true, Relaxed);
            let seen = join(threads)?;
            return Err(LoadError::NobodyIn(seen.tally.refused));
        }
        let (warmup, duration) = (plan.warmup, plan.duration);
        let course = Course::new(Instant::now() + LEAD, warmup, duration, plan.patience);
        // Nobody else sets it.
        let _ = shared.course.set(course);
        while Instant::now() < course.end && !any_finished(&threads) {
            let running = Instant::now().saturating_duration_since(course.begin);
            watch(progress(&shared, Some(running)));
            let left = course.end.saturating_duration_since(Instant::now());
            thread::sleep(left.min(WATCH));
        }
        let at_end = memory().map_err(LoadError::Memory)?;
        let Seen {
            tally,
            fates,
            storms,
        } = join(threads)?;
        save_tokens(&shared)?;
        let memory = before.zip(at_ready).zip(at_end);
        let memory = memory.map(|((before, ready), end)| [before, ready, end]);
        Ok(Report::new(
            plan,
            Observed {
                tally,
                fates,
                storms,
                ready,
                came_in,
                memory,
            },
        ))
    })
}

/// Waits until all honest connections are in or refused.
fn come_in(
    shared: &Shared<'_>,
    threads: &[ScopedJoinHandle<'_, io::Result<Seen>>],
    start: Instant,
    watch: &mut impl FnMut(Progress),
) -> Duration {
    loop {
        let now = progress(shared, None);
        watch(now);
        let all = now.ready + now.refused;
        if all >= shared.plan.connections as u64 || any_finished(threads) {
            return start.elapsed();
        }
        // Shorter than otherwise: this is measured.
        thread::sleep(WATCH / 10);
    }
}

/// Whether a thread has ended, as it does by itself only if it cannot go on.
fn any_finished(threads: &[ScopedJoinHandle<'_, io::Result<Seen>>]) -> bool {
    threads.iter().any(ScopedJoinHandle::is_finished)
}

fn progress(shared: &Shared<'_>, running: Option<Duration>) -> Progress {
    let counters = &shared.progress;
    Progress {
        ready: counters.ready.load(Relaxed),
        refused: counters.refused.load(Relaxed),
        answered: counters.answered.load(Relaxed),
        running,
    }
}

fn join(threads: Vec<ScopedJoinHandle<'_, io::Result<Seen>>>) -> Result<Seen, LoadError> {
    let mut all = Seen {
        tally: Tally::new(),
        fates: Names::new(),
        storms: 0,
    };
    for thread in threads {
        let seen = thread
            .join()
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        let seen = seen.map_err(LoadError::Io)?;
        all.tally.add(&seen.tally);
        add_names(&mut all.fates, &seen.fates);
        all.storms += seen.storms;
    }
    Ok(all)
}

fn resolve(address: &str) -> Result<SocketAddr, LoadError> {
    let found = address.to_socket_addrs();
    let found = found.and_then(|mut all| all.next().ok_or_else(|| io::ErrorKind::NotFound.into()));
    found.map_err(|error| LoadError::Address(address.to_owned(), error))
}

/// Raises the limit of descriptors as far as it goes.
fn make_room(connections: usize) -> Result<(), LoadError> {
    let needed = connections as u64 + DESCRIPTORS;
    match rlimit::increase_nofile_limit(needed) {
        Ok(limit) if limit < needed => Err(LoadError::Descriptors { needed, limit }),
        Ok(_) => Ok(()),
        Err(error) => Err(LoadError::Io(error)),
    }
}

fn token_file(plan: &Plan) -> Option<&PathBuf> {
    match &plan.entry {
        Entry::Accounts(accounts) => accounts.tokens.as_ref(),
        Entry::Raw | Entry::Guest => None,
    }
}

fn load_tokens(plan: &Plan) -> Result<Tokens, LoadError> {
    match token_file(plan) {
        Some(path) => Tokens::load(path).map_err(|error| LoadError::Tokens(path.to_owned(), error)),
        None => Tokens::none().map_err(LoadError::Io),
    }
}

/// Tokens replace those before them, so they are saved as soon as all are there.
fn save_tokens(shared: &Shared<'_>) -> Result<(), LoadError> {
    match token_file(shared.plan) {
        Some(path) => {
            let saved = shared.tokens().save(path);
            saved.map_err(|error| LoadError::Tokens(path.to_owned(), error))
        }
        None => Ok(()),
    }
}

/// Why there is no report.
#[derive(Debug)]
pub enum LoadError {
    /// The plan makes no sense.
    Plan(PlanError),
    /// The server's address is none, or cannot be looked up.
    Address(String, io::Error),
    /// There is nobody to trust.
    Tls(ClientError),
    /// The process may not have so many connections.
    Descriptors {
        /// What the plan needs.
        needed: u64,
        /// What the system allows.
        limit: u64,
    },
    /// The file of tokens cannot be read or written.
    Tokens(PathBuf, io::Error),
    /// The server's memory cannot be looked at.
    Memory(io::Error),
    /// No connection came in, for these reasons.
    NobodyIn(std::collections::BTreeMap<String, u64>),
    /// The system does not play along.
    Io(io::Error),
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plan(error) => error.fmt(f),
            Self::Address(address, error) => write!(f, "cannot look up {address}: {error}"),
            Self::Tls(error) => error.fmt(f),
            Self::Descriptors { needed, limit } => write!(
                f,
                "{needed} descriptors are needed, and the system allows {limit}: raise the limit (`ulimit -n`)"
            ),
            Self::Tokens(path, error) => {
                write!(f, "the file of tokens {}: {error}", path.display())
            }
            Self::Memory(error) => {
                write!(f, "cannot see the memory of the server's process: {error}")
            }
            Self::NobodyIn(reasons) => {
                f.write_str("no connection came in")?;
                for (place, (reason, count)) in reasons.iter().enumerate() {
                    let mark = if place == 0 { ":" } else { "," };
                    write!(f, "{mark} {count} times {reason}")?;
                }
                let is_mute = |reason: &String| {
                    reason.ends_with("without a word") || reason.contains("no packet")
                };
                if reasons.keys().all(is_mute) {
                    f.write_str("; does the server speak TLS, or another protocol?")?;
                }
                Ok(())
            }
            Self::Io(error) => write!(f, "the system does not play along: {error}"),
        }
    }
}

impl std::error::Error for LoadError {}
