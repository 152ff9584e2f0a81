//! A TCP server for the game protocol.
//!
//! ```text
//!          bytes              frames          requests            packets
//! socket --------> Reassembler -----> Session --------> Hub, World -------> queues --> sockets
//! '--------------- connection ---------------'          '-- lock --'
//! ```
//!
//! | Module | Purpose | IO |
//! |---|---|---|
//! | [`session`] | what one client may send now, and until when it must | none |
//! | [`world`] | who is logged in, where everyone is, who hears what | none |
//! | `hub` | one world for all connections, and their queues | none |
//! | `connection` | one client's socket | tokio |
//!
//! A client that breaks the protocol, stops sending or reads too slowly loses its connection. No other
//! one is affected, as nothing ever waits for a client but its own task.

mod connection;
mod hub;
pub mod session;
pub mod world;

use connection::Connection;
use hub::Hub;
use session::Timeouts;
use std::io;
use std::net::SocketAddr;
use std::num::NonZeroU16;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream, ToSocketAddrs};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tracing::{error, info, warn};
use world::{Rules, Token, World};

/// How a server behaves.
#[derive(Clone, Debug)]
pub struct Options {
    /// The rules of the game.
    pub rules: Rules,
    /// How long a session waits for its client.
    pub timeouts: Timeouts,
    /// Packets that wait to be written to one client. Who lets more wait is disconnected.
    pub queue_len: NonZeroU16,
    /// Connections at a time, logged in or not. Further ones are closed at once.
    pub max_connections: usize,
    /// How long the last packets to a client may take to be written.
    pub drain: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            rules: Rules::default(),
            timeouts: Timeouts::default(),
            queue_len: NonZeroU16::MIN.saturating_add(1023),
            max_connections: 2000,
            drain: Duration::from_secs(2),
        }
    }
}

/// A server that listens.
///
/// ```
/// use reference::server::{Options, Server};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let server = Server::bind("127.0.0.1:0", Options::default()).await?;
/// println!("listening on {}", server.local_addr()?);
/// server.run(async { /* wait for a signal */ }).await;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    options: Options,
}

impl Server {
    /// Listens on `address`; port 0 is any free one.
    ///
    /// # Errors
    /// The address is not one of this machine, or is in use.
    pub async fn bind(address: impl ToSocketAddrs, options: Options) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        Ok(Self { listener, options })
    }

    /// The address that the server listens on.
    ///
    /// # Errors
    /// Whatever the system says.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Serves clients until `stop` completes. Then it takes no further connection and no further packet,
    /// writes what is queued, and returns. That takes [`Options::drain`], and never more than twice as
    /// long.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let world = World::new(self.options.rules.clone());
        let hub = Arc::new(Hub::new(world, self.options.queue_len));
        let (stopping, stopped) = watch::channel(false);
        let mut connections = JoinSet::new();
        let mut stop = pin!(stop);
        loop {
            tokio::select! {
                () = &mut stop => break,
                accepted = self.listener.accept() => match accepted {
                    Ok((stream, peer)) => {
                        let connection = self.open(stream, peer, &hub, &stopped, connections.len());
                        if let Some(connection) = connection {
                            connections.spawn(connection.serve());
                        }
                    }
                    // Most likely there are no file handles left: others have to close first.
                    Err(error) => {
                        warn!(%error, "cannot accept a connection");
                        sleep(Duration::from_millis(100)).await;
                    }
                },
                Some(ended) = connections.join_next() => report(ended),
            }
        }
        drop(self.listener);
        info!(connections = connections.len(), "shutting down");
        stopping.send_replace(true);
        let all = async {
            while let Some(ended) = connections.join_next().await {
                report(ended);
            }
        };
        // Each connection keeps to its own deadline; this one holds even if one of them did not.
        if timeout(self.options.drain.saturating_mul(2), all)
            .await
            .is_err()
        {
            warn!(connections = connections.len(), "aborting connections");
            connections.shutdown().await;
        }
    }

    /// Prepares a connection to be served, or says in the log why it is not.
    fn open(
        &self,
        stream: TcpStream,
        peer: SocketAddr,
        hub: &Arc<Hub>,
        stopped: &watch::Receiver<bool>,
        connections: usize,
    ) -> Option<Connection> {
        if connections >= self.options.max_connections {
            warn!(%peer, connections, "refused: too many connections");
            return None;
        }
        let prepared = prepare(&stream);
        let (token, server) = prepared
            .inspect_err(|error| warn!(%peer, %error, "cannot serve a connection"))
            .ok()?;
        let (seat, outbox) = hub.join(token, server);
        Some(Connection {
            stream,
            peer,
            seat,
            outbox,
            timeouts: self.options.timeouts,
            drain: self.options.drain,
            stop: stopped.clone(),
        })
    }
}

/// A token for the session, and the address at which the client reached the server.
fn prepare(stream: &TcpStream) -> io::Result<(Token, SocketAddr)> {
    // Packets that wait are written together, so none is held back to be sent with others.
    stream.set_nodelay(true)?;
    let mut token = Token::default();
    getrandom::fill(&mut token)?;
    Ok((token, stream.local_addr()?))
}

fn report(ended: Result<(), tokio::task::JoinError>) {
    if let Err(error) = ended {
        error!(%error, "the task of a connection failed");
    }
}
