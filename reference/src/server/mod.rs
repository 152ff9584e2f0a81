//! A TCP server for the game protocol.
//!
//! ```text
//!        bytes             frames            requests
//! socket ------> connection ------> dispatch --------> simulation: the world, on a thread of its own
//!    ^               |                 |  '----------> store: accounts and guilds, on another one
//!    |            session              |                  |
//!    |  what may come, and when        | answers          | packets for others
//!    '-------- backlog <---------------'---- mailbox <----'
//! ```
//!
//! | Module | Purpose | IO |
//! |---|---|---|
//! | [`config`] | everything that can be set | none |
//! | `listener`, `admission`, `tls` | the listening socket, and who is let in | sockets |
//! | `connection`, `transport` | one client's socket, as a task | sockets |
//! | `dispatch`, `ending` | what becomes of a packet; why a session is over | none |
//! | [`session`], [`rates`], [`policy`] | what a client may send now, how often, and what if not | none |
//! | `mailbox`, `registry` | what others have of a session, and where it is found | none |
//! | `accounts`, `guilds` | what the store says, as packets | none |
//! | [`store`] | accounts, tokens and guilds | a database |
//! | `simulation` | the world's thread | none |
//! | [`world`] | who is where, who hears what, rooms | none |
//! | `tally`, `metrics`, `http` | counting, and showing it | sockets |
//! | `packet_log` | what went over the wire, as a capture | a file |
//!
//! A client that breaks the protocol, stops sending or reads too slowly loses its connection. No other one is affected:
//! nothing ever waits for a client but its own task, and all that waits for it is bounded in bytes.

mod accounts;
mod admission;
pub mod config;
mod connection;
mod context;
mod dispatch;
mod ending;
mod guilds;
mod http;
mod listener;
mod mailbox;
mod metrics;
pub mod names;
pub mod outgoing;
mod packet_log;
pub mod player;
pub mod policy;
pub mod rates;
mod registry;
pub mod session;
mod simulation;
pub mod store;
mod tally;
mod tls;
mod transport;
pub mod world;

use admission::Admission;
use config::Settings;
use context::{Clock, Context};
use http::Pages;
use listener::Acceptor;
use mailbox::Order;
use metrics::Metrics;
use packet_log::PacketLog;
use registry::Registry;
use simulation::Simulation;
use std::fmt;
use std::fs::{File, TryLockError};
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use store::{FILE_NAME, Place, Store, StoreError};
use tally::Tally;
use tls::TlsError;
use tokio::net::TcpListener;
use tokio::time::{Instant, timeout_at};
use tracing::{info, warn};

use crate::game::{KickReason, NoticeLevel, Packet, ServerNotice};

/// A server that listens.
///
/// ```
/// use reference::server::Server;
/// use reference::server::config::Settings;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), reference::server::StartError> {
/// let mut settings = Settings::default();
/// settings.listen.address.set_port(0);
/// settings.store.data = "memory".to_owned();
/// settings.metrics.address = "127.0.0.1:0".to_owned();
/// let server = Server::bind(settings).await?;
/// println!("listening on {}", server.local_addr());
/// server.run(async { /* wait for a signal */ }).await;
/// # Ok(())
/// # }
/// ```
pub struct Server {
    acceptor: Acceptor,
    address: SocketAddr,
    pages: Arc<Pages>,
    http: Option<(TcpListener, SocketAddr)>,
    /// Locked for as long as the server runs.
    _lock: Option<File>,
}

/// Why a server does not start.
#[derive(Debug)]
pub enum StartError {
    /// The address to listen on cannot be had.
    Listen {
        /// The setting.
        key: &'static str,
        /// The address.
        address: SocketAddr,
        /// What the system says.
        error: io::Error,
    },
    /// Settings that do not fit together: the key and what is wrong with it.
    Setting(&'static str, String),
    /// There is no folder for data.
    NoFolder,
    /// Accounts and guilds cannot be kept.
    Store(StoreError),
    /// Another server keeps its accounts in the folder.
    InUse(PathBuf),
    /// Certificate or key are not usable.
    Tls(TlsError),
    /// The packet log cannot be written.
    PacketLog {
        /// Its name.
        path: String,
        /// What the system says.
        error: io::Error,
    },
    /// The system starts no thread or has no random numbers.
    System(io::Error),
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Listen {
                key,
                address,
                error,
            } => write!(f, "{key}: cannot listen on {address}: {error}"),
            Self::Setting(key, problem) => write!(f, "{key} {problem}"),
            Self::NoFolder => f.write_str(
                "store.data: neither XDG_STATE_HOME nor HOME says where data belongs; set a folder, or memory",
            ),
            Self::Store(StoreError::Option {
                name: "password_cost",
                expected,
            }) => write!(
                f,
                "store.password_memory_kib and store.password_passes must be {expected}"
            ),
            Self::Store(error) => write!(f, "store.data: {error}"),
            Self::InUse(folder) => write!(
                f,
                "store.data: another server uses {}: a player is in one session of one server",
                folder.display()
            ),
            Self::Tls(error) => error.fmt(f),
            Self::PacketLog { path, error } => {
                write!(f, "log.packets: cannot write {path:?}: {error}")
            }
            Self::System(error) => write!(f, "the system does not let the server start: {error}"),
        }
    }
}

impl std::error::Error for StartError {}

impl Server {
    /// Opens what a server needs, and listens. Connections wait until it runs.
    ///
    /// # Errors
    /// A setting that cannot be used, or something that it names is not there.
    pub async fn bind(settings: Settings) -> Result<Self, StartError> {
        // `World` and `Store` count on it.
        if let Some((key, problem)) = settings.problems().into_iter().next() {
            return Err(StartError::Setting(key, problem));
        }
        let tls = tls::acceptor(&settings.tls).map_err(StartError::Tls)?;
        let listener = listener::bind(&settings.listen).map_err(|error| StartError::Listen {
            key: "listen.address",
            address: settings.listen.address,
            error,
        })?;
        let address = listener.local_addr().map_err(StartError::System)?;
        let http = metrics_listener(&settings).await?;
        let most = listener::most_connections(&settings);
        let one = usize::try_from(settings.limits.connections_per_address).unwrap_or(usize::MAX);
        let admission = Admission::new(most, one);

        let tally = Arc::new(Tally::default());
        let registry = Arc::new(Registry::default());
        let metrics = Metrics::new(Arc::clone(&tally), Arc::clone(&registry));
        // Before the store is opened, which may bring the database to a newer form.
        let lock = lock(&place(&settings.store.data)?)?;
        let store = open_store(&settings).await?;
        let packet_log = packet_log(&settings, &tally)?;
        let simulation = start_simulation(&settings, &tally).map_err(StartError::System)?;
        let context = Arc::new(Context {
            timeouts: context::timeouts(&settings),
            rates: context::rates(&settings),
            settings,
            registry,
            tally,
            simulation,
            store,
            packet_log,
            clock: Clock::start(),
        });
        Ok(Self {
            acceptor: Acceptor::new(listener, context, admission, tls),
            address,
            pages: Arc::new(Pages {
                metrics,
                stopping: AtomicBool::new(false),
            }),
            http,
            _lock: lock,
        })
    }

    /// The address that the server listens on.
    pub fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// The address of the pages for machines, if there are any.
    pub fn metrics_addr(&self) -> Option<SocketAddr> {
        self.http.as_ref().map(|(_, address)| *address)
    }

    /// Serves clients until `stop` completes. Then it takes no further connection and no further packet, tells the
    /// clients, writes what is queued, closes the store and returns. Connections have `timeouts.stop` for that.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let Self {
            mut acceptor,
            pages,
            http,
            ..
        } = self;
        let served =
            http.map(|(listener, _)| tokio::spawn(http::serve(listener, Arc::clone(&pages))));
        tokio::select! {
            () = acceptor.run() => {}
            () = stop => {}
        }
        pages.stopping.store(true, Ordering::Relaxed);
        let Acceptor {
            listener,
            context,
            admission,
            ..
        } = acceptor;
        drop(listener);
        info!(connections = admission.count(), "stopping");
        end_sessions(&context, &admission).await;
        context.simulation.stop();
        context.store.clone().close().await;
        if let Some(log) = &context.packet_log {
            log.close();
        }
        if let Some(served) = served {
            served.abort();
        }
        info!("stopped");
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

/// Has all connections end: kindly first, and those that do not by force.
async fn end_sessions(context: &Context, admission: &Admission) {
    /// For tasks that were told to end at once to do so.
    const FORCE: Duration = Duration::from_millis(500);
    let deadline = Instant::now() + context.settings.timeouts.stop;
    let registry = &context.registry;
    registry.tell_all(&Packet::from(ServerNotice {
        level: NoticeLevel::WARNING,
        text: "the server is about to stop".to_owned(),
    }));
    registry.end_all(Order::Kick(KickReason::SHUTTING_DOWN));
    if timeout_at(deadline, admission.emptied()).await.is_ok() {
        return;
    }
    warn!(connections = admission.count(), "closing at once");
    registry.end_all(Order::Abort);
    // Handshakes know nothing of orders; they end with the runtime.
    let _ = timeout_at(Instant::now() + FORCE, admission.emptied()).await;
}

/// Listens for those who ask for metrics. The default port may be taken by another server on the same machine, which is
/// no reason not to start; one that somebody chose is.
async fn metrics_listener(
    settings: &Settings,
) -> Result<Option<(TcpListener, SocketAddr)>, StartError> {
    let text = &settings.metrics.address;
    let Ok(address) = text.parse::<SocketAddr>() else {
        return Ok(None); // off
    };
    let bound = TcpListener::bind(address).await;
    match bound.and_then(|listener| listener.local_addr().map(|local| (listener, local))) {
        Ok(bound) => Ok(Some(bound)),
        Err(error) if *text == config::Metrics::default().address => {
            warn!(%address, %error, "metrics are not served; metrics.address chooses another port");
            Ok(None)
        }
        Err(error) => Err(StartError::Listen {
            key: "metrics.address",
            address,
            error,
        }),
    }
}

/// Keeps other servers out of the folder. The system lets go of it however this one ends.
fn lock(place: &Place) -> Result<Option<File>, StartError> {
    let Place::Folder(folder) = place else {
        return Ok(None);
    };
    let path = folder.join("server.lock");
    let made = store::create_folder(folder).and_then(|()| File::create(&path));
    let file = made.map_err(|error| StartError::Store(StoreError::Create { path, error }))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Err(StartError::InUse(folder.clone())),
        // Some network file systems have no locks.
        Err(TryLockError::Error(error)) => {
            warn!(%error, "cannot make sure that no other server uses the folder of accounts");
            Ok(None)
        }
    }
}

/// Gives an account the right to broadcast or takes it, from its next login on, also while a server runs with the same settings.
/// `false` says that nobody has this name.
///
/// # Errors
/// The accounts cannot be read or written.
///
/// ```
/// use reference::server::{config::Settings, grant_broadcast};
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let mut settings = Settings::default();
/// settings.store.data = "memory".to_owned();
/// assert!(!grant_broadcast(&settings, "ada", true).await.unwrap());
/// # });
/// ```
pub async fn grant_broadcast(
    settings: &Settings,
    name: &str,
    may: bool,
) -> Result<bool, StartError> {
    if let Place::Folder(folder) = place(&settings.store.data)?
        && !folder.join(FILE_NAME).exists()
    {
        return Ok(false); // and none is made
    }
    let store = open_store(settings).await?;
    let granted = store.grant_broadcast(name, may).await;
    store.close().await;
    granted.map_err(StartError::Store)
}

async fn open_store(settings: &Settings) -> Result<Store, StartError> {
    let place = place(&settings.store.data)?;
    if let Place::Folder(folder) = &place {
        info!(folder = %folder.display(), "keeping accounts");
    }
    // It hashes a password and reads a file, for which others shall not wait.
    let options = settings.store.options();
    let opened = tokio::task::spawn_blocking(move || Store::open(&place, options));
    let opened = opened.await.map_err(io::Error::other);
    opened
        .map_err(StartError::System)?
        .map_err(StartError::Store)
}

/// Where accounts are kept. By default that is a folder and not memory: what a player was told is registered has to be
/// there after the next start.
fn place(data: &str) -> Result<Place, StartError> {
    match data {
        "memory" => Ok(Place::Memory),
        "auto" => {
            let state = variable("XDG_STATE_HOME");
            let state = state.or_else(|| Some(variable("HOME")?.join(".local").join("state")));
            let state = state.ok_or(StartError::NoFolder)?;
            Ok(Place::Folder(state.join("packet-server")))
        }
        folder => Ok(Place::Folder(PathBuf::from(folder))),
    }
}

fn variable(name: &str) -> Option<PathBuf> {
    let value = std::env::var_os(name).filter(|value| !value.is_empty())?;
    Some(PathBuf::from(value)).filter(|path| path.is_absolute())
}

fn packet_log(settings: &Settings, tally: &Arc<Tally>) -> Result<Option<PacketLog>, StartError> {
    let path = &settings.log.packets;
    if path.is_empty() {
        return Ok(None);
    }
    let log = PacketLog::create(Path::new(path), Arc::clone(tally));
    log.map(Some).map_err(|error| StartError::PacketLog {
        path: path.clone(),
        error,
    })
}

fn start_simulation(settings: &Settings, tally: &Arc<Tally>) -> io::Result<Simulation> {
    let mut seed = [0; 8];
    getrandom::fill(&mut seed)?;
    let rules = settings.world.rules();
    let options = simulation::Options {
        tick: Duration::from_secs(1) / u32::from(rules.tick_hz.max(1)),
        rules,
        seed: u64::from_ne_bytes(seed),
        memory: settings.timeouts.resume,
        memories: settings.queues.resumable,
    };
    Simulation::start(options, Arc::clone(tally))
}
