//! A client for the game protocol: connects, logs in, sends and receives typed packets, and connects again when the connection
//! is lost.
//!
//! In: packets to be sent, and requests. Out: answers, and events. It has no rules of the game.
//!
//! | Module | Purpose |
//! |---|---|
//! | `options` | where to, as whom, with how much patience |
//! | `machine` | all rules, without network, clock and randomness: greeting, login, session, queue, requests, heartbeats, back-off |
//! | `exchange` | which packet answers which |
//! | `driver` | the task that carries bytes between the network and the machine |
//! | `transport`, `tls` | network connections |
//! | `event`, `error` | what happens, and what goes wrong |
//!
//! # What a lost connection costs
//!
//! A packet is written *at most once*. One whose last byte was not handed to the system when the connection was lost waits, and
//! is written when the connection was made again. One that was handed over may have arrived or not, which a client cannot know, so
//! it is not written again; a request that was fails with [`RequestError::Lost`]. What the server sent in between is lost too,
//! unless the server says it again: after [`Event::Reconnected`] with `in_world` a snapshot of the world comes, rooms
//! have to be joined again, and chat of the meantime is gone.
//!
//! What waits is bounded by [`QueueLimits`]; when it is full, the packet that would be one too many is refused with
//! [`SendError::QueueFull`], so that nothing that was taken is thrown away for something newer.

mod driver;
mod error;
mod event;
mod exchange;
mod machine;
mod options;
mod tls;
mod transport;

pub use crate::PROTOCOL_VERSION;
pub use error::{ClientError, RequestError, SendError};
pub use event::Event;
pub use exchange::{Request, kind_of, reply_to};
pub use options::{CLIENT_VERSION, Direction, Login, Options, QueueLimits, Reconnect, Tap};
pub use tls::{Roots, Tls};
pub(crate) use transport::{Dialer, Stream};

use crate::game::{Packet, ServerInfo, State, Welcome};
use driver::Shared;
use machine::Machine;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::oneshot;
use tokio::task::AbortHandle;

/// What a player has who was let in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Grant {
    /// Number of the player.
    pub player: u32,
    /// A secret that resumes the session or logs in again, on the same device.
    pub token: [u8; 32],
    /// For how long the token is good, from when it was given.
    pub lifetime: Duration,
}

/// Without the secret.
impl fmt::Debug for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Grant")
            .field("player", &self.player)
            .field("lifetime", &self.lifetime)
            .finish_non_exhaustive()
    }
}

/// A session with a server.
///
/// A task of its own reads and writes, answers heartbeats and reconnects; it ends when the client is dropped. All methods can be
/// called at any time, also at the same time: in an [`Arc`] a client serves several tasks.
///
/// ```no_run
/// use reference::client::{Client, Event, Login, Options};
/// use reference::game::{EnterWorld, Packet, RoomCreate};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let client = Client::connect(Options {
///     login: Login::registering("ada", "correct horse"),
///     ..Options::new("127.0.0.1:7777")
/// })
/// .await?;
///
/// // Requests get their numbers from the client, and give what answers them.
/// let entered = client.request(EnterWorld { request: 0, spawn: None }).await?;
/// println!("ada is at {:?}", entered.arrival.position);
/// let created = client.request(RoomCreate { request: 0, name: "plaza".to_owned() }).await?;
/// println!("the plaza is room {}", created.room);
///
/// loop {
///     match client.receive().await? {
///         Event::Packet(Packet::ChatMessage(message)) => println!("{message:?}"),
///         Event::Disconnected { error, retry_in } => println!("{error}, again in {retry_in:?}"),
///         _ => {}
///     }
/// }
/// # }
/// ```
#[derive(Debug)]
pub struct Client {
    shared: Arc<Shared>,
    request_timeout: Duration,
    task: AbortHandle,
}

impl Client {
    /// Connects, greets and logs in. This is tried once: whoever starts a client wants to know what is wrong.
    ///
    /// # Errors
    /// The server cannot be reached, does not speak this protocol, or does not let the player in.
    pub async fn connect(options: Options) -> Result<Self, ClientError> {
        let seed = u64::from_ne_bytes(options::random());
        let shared = Arc::new(Shared::new(Machine::new(options.clone(), seed)));
        let request_timeout = options.request_timeout;
        let task = tokio::spawn(driver::drive(shared.clone(), options)).abort_handle();
        // From here on the task ends with it.
        let client = Self {
            shared,
            request_timeout,
            task,
        };
        client
            .shared
            .wait_for(|machine| match machine.end() {
                Some(error) => Some(Err(error)),
                None => machine.is_ready().then_some(Ok(())),
            })
            .await?;
        Ok(client)
    }

    /// Sends a packet: puts it into the queue, from which it is written as soon as possible. A request whose number is 0 gets one;
    /// its answer comes as an event.
    ///
    /// While there is no connection the packet waits, and is judged by the state that the session had. If it is not allowed in the
    /// state in which the session goes on, [`Event::NotSent`] tells.
    ///
    /// # Errors
    /// It cannot be encoded, is not allowed now, or there is no place in the queue. Nothing was sent then.
    pub fn send(&self, packet: impl Into<Packet>) -> Result<(), SendError> {
        self.shared.machine().send(packet.into())?;
        self.shared.wake();
        Ok(())
    }

    /// Sends a request and waits for its answer, for as long as the options say. A number of 0 is replaced by a new one, and so is
    /// one that another request without an answer has.
    ///
    /// # Errors
    /// It was not sent, the server refused it, or no answer came.
    pub async fn request<R: Request>(&self, request: R) -> Result<R::Reply, RequestError> {
        let packet = request.into();
        let name = packet.name();
        let reply = self.request_packet(packet, self.request_timeout).await?;
        // The answer was found by its number, which another packet of the server must not carry.
        R::reply(reply).ok_or(RequestError::WrongReply { packet: name })
    }

    /// As [`Client::request`], for a packet of which only the program's user knows what it is, and with a patience of its own.
    ///
    /// # Errors
    /// As [`Client::request`], or the packet is none that the server answers.
    pub async fn request_packet(
        &self,
        packet: impl Into<Packet>,
        patience: Duration,
    ) -> Result<Packet, RequestError> {
        let (waiter, reply) = oneshot::channel();
        self.shared
            .machine()
            .request(packet.into(), patience, Instant::now(), waiter);
        self.shared.wake();
        match reply.await {
            Ok(reply) => reply,
            // The machine answers everybody before it ends.
            Err(_) => Err(RequestError::Ended(ClientError::Finished)),
        }
    }

    /// Waits for what happens next. Events that nobody receives are kept, up to the number that the options say.
    ///
    /// The future can be dropped while it waits; nothing is lost.
    ///
    /// # Errors
    /// The client has ended, and all that happened before was received.
    pub async fn receive(&self) -> Result<Event, ClientError> {
        self.shared
            .wait_for(|machine| {
                let event = machine.next_event().map(Ok);
                event.or_else(|| machine.end().map(Err))
            })
            .await
    }

    /// What happened next, if it has happened already.
    pub fn try_receive(&self) -> Option<Event> {
        self.shared.machine().next_event()
    }

    /// Waits until all that was sent was handed to the system.
    ///
    /// # Errors
    /// The client has ended before.
    pub async fn flush(&self) -> Result<(), ClientError> {
        self.shared
            .wait_for(|machine| {
                let flushed = machine.is_flushed().then_some(Ok(()));
                flushed.or_else(|| machine.end().map(Err))
            })
            .await
    }

    /// Writes what waits, and closes the connection. The session can be resumed; to log out, request
    /// [`Logout`](crate::game::Logout).
    ///
    /// # Errors
    /// The client has ended before, by something else.
    pub async fn close(self) -> Result<(), ClientError> {
        self.shared.machine().finish();
        self.shared.wake();
        match self.shared.wait_for(|machine| machine.end()).await {
            ClientError::Finished => Ok(()),
            error => Err(error),
        }
    }

    /// The session's state; while there is no connection that of the last one.
    pub fn state(&self) -> State {
        self.shared.machine().state()
    }

    /// Whether there is a connection on which the player is logged in.
    pub fn is_connected(&self) -> bool {
        self.shared.machine().is_ready()
    }

    /// The last measured round trip of a heartbeat on this connection.
    pub fn round_trip(&self) -> Option<Duration> {
        self.shared.machine().round_trip()
    }

    /// What the server gave the player at the last login.
    pub fn grant(&self) -> Option<Grant> {
        self.shared.machine().grant().copied()
    }

    /// The player's name, if it was said when logging in.
    pub fn name(&self) -> Option<String> {
        self.shared.machine().own().name.clone()
    }

    /// The player's entity, while it is in the world.
    pub fn entity(&self) -> Option<u32> {
        self.shared.machine().own().entity
    }

    /// How the server greeted.
    pub fn welcome(&self) -> Option<Welcome> {
        self.shared.machine().welcome().cloned()
    }

    /// Where the player can go, as the server said at the login.
    pub fn servers(&self) -> Vec<ServerInfo> {
        self.shared.machine().servers().to_vec()
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.task.abort();
    }
}
