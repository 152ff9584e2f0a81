//! A client for the game protocol: connects, logs in, sends and receives typed packets.
//!
//! In: packets to be sent. Out: packets that the server sent. It has no rules of the game and no task of
//! its own; nothing is read until somebody asks for a packet.

mod error;

pub use error::ClientError;

use crate::game::{
    CLOSE_ON_UNKNOWN_ID, Framing, LoginRequest, LoginResponse, LoginResult, Packet, PacketView,
};
use packet_runtime::{Encode, Reassembler};
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpStream, ToSocketAddrs};
use tokio::time::timeout;

/// Version of this client, as it says when it logs in.
pub const CLIENT_VERSION: u32 = 1;

/// Which way a packet crosses the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// From the client to the server.
    ToServer,
    /// From the server to the client.
    ToClient,
}

/// A connection to a server.
///
/// ```
/// use reference::client::Client;
/// use reference::game::{Heartbeat, Packet};
/// use reference::server::{Options, Server};
/// use std::time::Duration;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let server = Server::bind("127.0.0.1:0", Options::default()).await?;
/// let address = server.local_addr()?;
/// tokio::spawn(server.run(std::future::pending()));
///
/// let second = Duration::from_secs(1);
/// let mut client = Client::connect(address, second).await?;
/// client.login("ada", "secret!").await?;
/// let heartbeat = Heartbeat { sequence: 1, sent_at: 50_000 };
/// client.send(heartbeat.clone()).await?;
/// assert_eq!(client.next_packet(second).await?, Packet::from(heartbeat));
/// # Ok(())
/// # }
/// ```
pub struct Client {
    stream: TcpStream,
    reassembler: Reassembler<Framing>,
    patience: Duration,
    tap: Option<Tap>,
}

type Tap = Box<dyn FnMut(Direction, &[u8]) + Send>;

impl Client {
    /// Connects to a server. Connecting, sending and logging in may take `patience` each.
    ///
    /// # Errors
    /// The server cannot be reached, or not in time.
    pub async fn connect(
        address: impl ToSocketAddrs,
        patience: Duration,
    ) -> Result<Self, ClientError> {
        let stream = within(patience, "a connection", TcpStream::connect(address)).await??;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            reassembler: Reassembler::new(Framing),
            patience,
            tap: None,
        })
    }

    /// The client's own address.
    ///
    /// # Errors
    /// Whatever the system says.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.stream.local_addr()
    }

    /// Shows `tap` the bytes of every packet from now on: when they were written to the socket, and when
    /// they were read from it, before they are decoded.
    pub fn set_tap(&mut self, tap: impl FnMut(Direction, &[u8]) + Send + 'static) {
        self.tap = Some(Box::new(tap));
    }

    /// Logs in.
    ///
    /// # Errors
    /// [`ClientError::LoginRefused`] if the server says no, or what [`Client::send`] and
    /// [`Client::next_packet`] fail with.
    pub async fn login(
        &mut self,
        name: &str,
        password: &str,
    ) -> Result<LoginResponse, ClientError> {
        let request = LoginRequest {
            name: name.to_owned(),
            password: password.to_owned(),
            client_version: CLIENT_VERSION,
        };
        self.send(request).await?;
        let response = within(self.patience, "the answer to a login", self.receive()).await??;
        match response {
            Packet::LoginResponse(response) if response.result == LoginResult::OK => Ok(response),
            Packet::LoginResponse(response) => Err(ClientError::LoginRefused {
                result: response.result,
                message: response.message,
            }),
            other => Err(ClientError::Unexpected {
                expected: "LoginResponse",
                found: other.name(),
            }),
        }
    }

    /// Sends a packet.
    ///
    /// # Errors
    /// The packet cannot be encoded, or the server does not take it.
    pub async fn send(&mut self, packet: impl Into<Packet>) -> Result<(), ClientError> {
        let frame = packet.into().to_vec()?;
        let written = self.stream.write_all(&frame);
        within(self.patience, "the server to read", written).await??;
        if let Some(tap) = &mut self.tap {
            tap(Direction::ToServer, &frame);
        }
        Ok(())
    }

    /// Waits for a packet, for `patience` at most.
    ///
    /// # Errors
    /// [`ClientError::Timeout`], after which the client can go on, or as [`Client::receive`].
    pub async fn next_packet(&mut self, patience: Duration) -> Result<Packet, ClientError> {
        within(patience, "a packet", self.receive()).await?
    }

    /// Waits for a packet, however long it takes. No packet is lost if the future is dropped.
    ///
    /// # Errors
    /// The connection ended, or the server broke the protocol. Either way there is nothing left to do
    /// but to drop the client.
    pub async fn receive(&mut self) -> Result<Packet, ClientError> {
        loop {
            if let Some(frame) = self.reassembler.next_frame()? {
                if let Some(tap) = &mut self.tap {
                    tap(Direction::ToClient, frame);
                }
                match PacketView::parse(frame)? {
                    PacketView::Unknown { id, .. } if CLOSE_ON_UNKNOWN_ID => {
                        return Err(ClientError::UnknownId(id));
                    }
                    PacketView::Unknown { .. } => continue,
                    view => return Ok(view.into()),
                }
            }
            self.stream.readable().await?;
            match self.stream.try_read(self.reassembler.spare_mut()) {
                Ok(0) => {
                    return Err(match self.reassembler.buffered() {
                        0 => ClientError::Closed,
                        buffered => ClientError::CutOff { buffered },
                    });
                }
                Ok(count) => self.reassembler.advance(count),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Says that nothing more will be sent. What the server still sends can be received.
    ///
    /// # Errors
    /// The network failed.
    pub async fn finish(&mut self) -> io::Result<()> {
        self.stream.shutdown().await
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("stream", &self.stream)
            .field("reassembler", &self.reassembler)
            .finish_non_exhaustive()
    }
}

async fn within<T>(
    patience: Duration,
    waiting_for: &'static str,
    future: impl Future<Output = T>,
) -> Result<T, ClientError> {
    timeout(patience, future)
        .await
        .map_err(|_| ClientError::Timeout { waiting_for })
}
