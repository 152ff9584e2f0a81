//! How a client connects: where to, as whom, and with how much patience.

use super::tls::Tls;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// Version of this client's software, as it says when it logs in.
pub const CLIENT_VERSION: u32 = 2;

/// How a client connects and what it does when the connection is lost.
///
/// ```
/// use reference::client::{Login, Options};
///
/// let options = Options {
///     login: Login::password("ada", "secret!"),
///     ..Options::new("127.0.0.1:7777")
/// };
/// assert!(options.reconnect.is_some());
/// ```
#[derive(Clone, Debug)]
pub struct Options {
    /// Host and port of the server, as in `game.example:7777` or `[::1]:7777`.
    pub address: String,
    /// TLS, if the server speaks it. Passwords and tokens are secrets, so any server on another machine should.
    pub tls: Option<Tls>,
    /// As whom to log in.
    pub login: Login,
    /// Identifies this installation. A token is good on the device that it was given to, so who keeps one keeps both.
    pub device: [u8; 16],
    /// What the client calls itself in Hello, 1 to 64 bytes.
    pub software: String,
    /// Version of the client's software, which a server may refuse.
    pub client_version: u32,
    /// How long the network connection may take, TLS included.
    pub connect_timeout: Duration,
    /// How long each answer of the greeting and of the login may take.
    pub login_timeout: Duration,
    /// How long the answer to a request may take.
    pub request_timeout: Duration,
    /// What to do when the connection is lost; `None` ends the client then. The first connection is tried once.
    pub reconnect: Option<Reconnect>,
    /// How much may wait to be written.
    pub queue: QueueLimits,
    /// How many events wait to be received before the oldest are thrown away.
    pub events: usize,
    /// Is shown the bytes of every packet.
    pub tap: Option<Tap>,
}

impl Options {
    /// Options for a server: no TLS, no login, a device that is drawn anew, a client that reconnects for ever.
    pub fn new(address: impl Into<String>) -> Self {
        Self {
            address: address.into(),
            tls: None,
            login: Login::Nobody,
            device: random(),
            software: concat!("packet-client/", env!("CARGO_PKG_VERSION")).to_owned(),
            client_version: CLIENT_VERSION,
            connect_timeout: Duration::from_secs(10),
            login_timeout: Duration::from_secs(10),
            request_timeout: Duration::from_secs(10),
            reconnect: Some(Reconnect::default()),
            queue: QueueLimits::default(),
            events: 4096,
            tap: None,
        }
    }
}

/// As whom a client logs in.
#[derive(Clone, Default)]
pub enum Login {
    /// As nobody: the client stops behind the greeting. What is sent then can be a registration or a login of the
    /// caller's own.
    #[default]
    Nobody,
    /// By name and password.
    Password {
        /// Of the account.
        name: String,
        /// Of the account.
        password: String,
        /// Makes the account first. One that is there already is logged in to.
        register: bool,
    },
    /// By the token of an earlier session, as a new session.
    Token {
        /// Of the account.
        name: String,
        /// The latest that the account was given on this device.
        token: [u8; 32],
    },
    /// Goes on with an earlier session.
    Resume {
        /// The latest that the session was given.
        token: [u8; 32],
    },
}

impl Login {
    /// By name and password, to an account that is there.
    pub fn password(name: impl Into<String>, password: impl Into<String>) -> Self {
        Self::Password {
            name: name.into(),
            password: password.into(),
            register: false,
        }
    }

    /// By name and password, to an account that is made if nobody has the name.
    pub fn registering(name: impl Into<String>, password: impl Into<String>) -> Self {
        Self::Password {
            name: name.into(),
            password: password.into(),
            register: true,
        }
    }

    /// The name of the account, if it is known.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Password { name, .. } | Self::Token { name, .. } => Some(name),
            Self::Nobody | Self::Resume { .. } => None,
        }
    }
}

/// Without the secrets.
impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nobody => f.write_str("Nobody"),
            Self::Password { name, register, .. } => f
                .debug_struct("Password")
                .field("name", name)
                .field("register", register)
                .finish_non_exhaustive(),
            Self::Token { name, .. } => f
                .debug_struct("Token")
                .field("name", name)
                .finish_non_exhaustive(),
            Self::Resume { .. } => f.debug_struct("Resume").finish_non_exhaustive(),
        }
    }
}

/// How a lost connection is made again: each pause is about twice as long as the one before. A pause is drawn from the upper half of
/// what it may be, so that clients that were lost together do not come back together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reconnect {
    /// Longest pause before the first attempt.
    pub first_pause: Duration,
    /// Longest pause of all.
    pub longest_pause: Duration,
    /// Attempts in a row that may fail; `None` for any number.
    pub attempts: Option<u32>,
}

impl Default for Reconnect {
    /// Half a second at first, half a minute at most, for ever.
    fn default() -> Self {
        Self {
            first_pause: Duration::from_millis(500),
            longest_pause: Duration::from_secs(30),
            attempts: None,
        }
    }
}

/// How much may wait to be written. Packets over the limit are refused with
/// [`SendError::QueueFull`](super::SendError::QueueFull); what waits already stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueueLimits {
    /// Most packets.
    pub packets: usize,
    /// Most bytes.
    pub bytes: usize,
}

impl Default for QueueLimits {
    /// 4096 packets, and a mebibyte.
    fn default() -> Self {
        Self {
            packets: 4096,
            bytes: 1 << 20,
        }
    }
}

/// Which way a packet crosses the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// From the client to the server.
    ToServer,
    /// From the server to the client.
    ToClient,
}

/// Is shown the bytes of every packet, heartbeats and those of the login included: when they were written to the network, and
/// when they were read from it, before they are decoded. It runs in the middle of the client, so it must be quick and must not
/// call the client.
#[derive(Clone)]
pub struct Tap(Arc<Shown>);

type Shown = dyn Fn(Direction, &[u8]) + Send + Sync;

impl Tap {
    /// Shows packets to a function.
    pub fn new(tap: impl Fn(Direction, &[u8]) + Send + Sync + 'static) -> Self {
        Self(Arc::new(tap))
    }

    pub(super) fn show(&self, direction: Direction, frame: &[u8]) {
        (self.0)(direction, frame);
    }
}

impl fmt::Debug for Tap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tap")
    }
}

/// Bytes that nobody can guess.
///
/// # Panics
/// The system has no randomness, without which it cannot do anything else safely either.
pub(super) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the system has randomness");
    bytes
}
