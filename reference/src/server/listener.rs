//! The listening socket, and what happens to a connection until it is served.
//!
//! In: connections, as fast as the system has them. Out: a task for each that is let in. Nothing here waits for a client:
//! handshakes and refusals are tasks of their own, and there are not too many of these.

use super::admission::{Admission, Permit};
use super::config::{Listen, Settings};
use super::connection::Connection;
use super::context::Context;
use super::dispatch::welcome;
use super::tally::Event;
use super::transport::Transport;
use crate::game::WelcomeResult;
use packet_runtime::Encode;
use socket2::{Domain, Protocol, SockRef, Socket, TcpKeepalive, Type};
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tracing::{debug, warn};

/// Connections that are being told that they are not let in. Further ones are closed at once.
const REFUSALS: usize = 64;
/// How long one of these may take.
const REFUSAL: Duration = Duration::from_secs(1);
/// How long to wait when the system has nothing left for another connection.
const EXHAUSTED: Duration = Duration::from_millis(100);

/// Makes the listening socket.
///
/// # Errors
/// The address is not one of this machine, or is in use.
pub(super) fn bind(listen: &Listen) -> io::Result<TcpListener> {
    let address = listen.address;
    let socket = Socket::new(
        Domain::for_address(address),
        Type::STREAM,
        Some(Protocol::TCP),
    )?;
    socket.set_nonblocking(true)?;
    // On Windows this would let another program take the address over.
    #[cfg(not(windows))]
    socket.set_reuse_address(listen.reuse_address)?;
    if listen.send_buffer != 0 {
        // Connections have it from here.
        socket.set_send_buffer_size(usize::try_from(listen.send_buffer).unwrap_or(usize::MAX))?;
    }
    socket.bind(&address.into())?;
    socket.listen(i32::try_from(listen.backlog).unwrap_or(i32::MAX))?;
    TcpListener::from_std(socket.into())
}

/// Takes connections from the system.
pub(super) struct Acceptor {
    pub(super) listener: TcpListener,
    pub(super) context: Arc<Context>,
    pub(super) admission: Arc<Admission>,
    tls: Option<TlsAcceptor>,
    handshakes: Arc<Semaphore>,
    refusals: Arc<Semaphore>,
    /// Whether the last attempt failed, so that the log has one line for many failures in a row.
    exhausted: bool,
}

impl Acceptor {
    pub(super) fn new(
        listener: TcpListener,
        context: Arc<Context>,
        admission: Arc<Admission>,
        tls: Option<TlsAcceptor>,
    ) -> Self {
        let handshakes = context.settings.limits.handshakes;
        Self {
            listener,
            context,
            admission,
            tls,
            handshakes: Arc::new(Semaphore::new(handshakes.into())),
            refusals: Arc::new(Semaphore::new(REFUSALS)),
            exhausted: false,
        }
    }

    /// Takes connections for as long as it is polled.
    pub(super) async fn run(&mut self) {
        loop {
            match self.listener.accept().await {
                Ok((stream, peer)) => {
                    self.exhausted = false;
                    self.accepted(stream, peer);
                }
                Err(error) if is_of_one_connection(&error) => {
                    debug!(%error, "a connection was gone before it was accepted");
                }
                // Most likely there are no file descriptors left: others have to close first. To try again at once
                // would keep a processor busy with nothing.
                Err(error) => {
                    if !std::mem::replace(&mut self.exhausted, true) {
                        let connections = self.admission.count();
                        warn!(%error, connections, "cannot accept connections for now");
                        self.context.tally.event(Event::Refused, "exhausted");
                    }
                    sleep(EXHAUSTED).await;
                }
            }
        }
    }

    fn accepted(&self, stream: TcpStream, peer: SocketAddr) {
        let permit = match self.admission.admit(peer.ip()) {
            Ok(permit) => permit,
            Err(refusal) => {
                self.context.tally.event(Event::Refused, refusal.name());
                debug!(%peer, reason = refusal.name(), "not let in");
                return self.refuse(stream);
            }
        };
        let local = prepare(&stream, &self.context.settings.listen);
        let local = match local {
            Ok(local) => local,
            // It was reset already.
            Err(error) => return debug!(%peer, %error, "cannot serve a connection"),
        };
        let context = Arc::clone(&self.context);
        match &self.tls {
            None => {
                let transport = Transport::Plain(stream);
                let connection = Connection::new(transport, peer, local, permit, context);
                tokio::spawn(connection);
            }
            Some(tls) => {
                let handshake = Handshake {
                    tls: tls.clone(),
                    permits: Arc::clone(&self.handshakes),
                    stream,
                    peer,
                    local,
                    permit,
                    context,
                };
                tokio::spawn(handshake.run());
            }
        }
    }

    /// Tells a client that there is no place, if that is no great effort.
    fn refuse(&self, mut stream: TcpStream) {
        if self.tls.is_some() {
            return; // it would be nonsense to the client, and a handshake costs more than a place
        }
        let Ok(turn) = Arc::clone(&self.refusals).try_acquire_owned() else {
            return;
        };
        let Ok(notice) = welcome(WelcomeResult::SERVER_FULL, &self.context).to_vec() else {
            return;
        };
        tokio::spawn(async move {
            let told = async {
                stream.write_all(&notice).await?;
                stream.shutdown().await?;
                // What is unread when a socket is closed resets the connection, and that can overtake the notice.
                tokio::io::copy(&mut stream, &mut tokio::io::sink()).await
            };
            // Whatever comes of it, the client is not let in.
            let _ = timeout(REFUSAL, told).await;
            drop(turn);
        });
    }
}

/// A connection whose encryption is being agreed on.
struct Handshake {
    tls: TlsAcceptor,
    permits: Arc<Semaphore>,
    stream: TcpStream,
    peer: SocketAddr,
    local: SocketAddr,
    permit: Permit,
    context: Arc<Context>,
}

impl Handshake {
    async fn run(self) {
        let peer = self.peer;
        let tally = Arc::clone(&self.context.tally);
        let limit = self.context.settings.timeouts.handshake;
        let agreed = timeout(limit, async {
            let _turn = self.permits.acquire().await;
            self.tls.accept(self.stream).await
        });
        match agreed.await {
            Ok(Ok(stream)) => {
                let transport = Transport::Tls(Box::new(stream));
                let (permit, context) = (self.permit, self.context);
                let connection = Connection::new(transport, peer, self.local, permit, context);
                // A task of its own, so that this one's memory does not last as long as the connection.
                tokio::spawn(connection);
            }
            Ok(Err(error)) => {
                tally.event(Event::Refused, "handshake_failed");
                // What it says can hold what the peer sent.
                let error = error.to_string();
                debug!(%peer, ?error, "the TLS handshake failed");
            }
            Err(_) => {
                tally.event(Event::Refused, "handshake_timeout");
                debug!(%peer, "the TLS handshake took too long");
            }
        }
    }
}

/// Sets a connection's options. The address at which the client reached the server.
fn prepare(stream: &TcpStream, listen: &Listen) -> io::Result<SocketAddr> {
    stream.set_nodelay(listen.no_delay)?;
    let socket = SockRef::from(stream);
    if let Some(time) = listen.keep_alive {
        socket.set_tcp_keepalive(&TcpKeepalive::new().with_time(time))?;
    }
    if listen.linger.is_some() {
        socket.set_linger(listen.linger)?;
    }
    stream.local_addr()
}

/// Whether only the connection is concerned that was to be accepted.
fn is_of_one_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionRefused
            | io::ErrorKind::Interrupted
    )
}

/// How many connections there can be: as many as the settings say, or as the system's limit of open files allows.
pub(super) fn most_connections(settings: &Settings) -> usize {
    /// For the listening socket, the database, logs, the runtime and connections that are refused.
    const OTHERS: u64 = 40 + REFUSALS as u64;
    let wanted = usize::try_from(settings.limits.connections).unwrap_or(usize::MAX);
    let files = match rlimit::increase_nofile_limit(u64::from(settings.limits.connections) + OTHERS)
    {
        Ok(files) => files,
        Err(error) => {
            debug!(%error, "cannot find out how many files may be open");
            return wanted;
        }
    };
    let possible = usize::try_from(files.saturating_sub(OTHERS).max(1)).unwrap_or(usize::MAX);
    if possible < wanted {
        warn!(
            files,
            "the system's limit of open files allows {possible} connections and not {wanted}; `ulimit -n` raises it"
        );
    }
    possible.min(wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn connections_have_the_send_buffer_of_the_settings() {
        let mut listen = Listen {
            address: ([127, 0, 0, 1], 0).into(),
            send_buffer: 20_000,
            ..Settings::default().listen
        };
        let send_buffer = async |listen: &Listen| {
            let listener = bind(listen).unwrap();
            let address = listener.local_addr().unwrap();
            let (client, accepted) = tokio::join!(TcpStream::connect(address), listener.accept());
            let (server, _client) = (accepted.unwrap().0, client.unwrap());
            SockRef::from(&server).send_buffer_size().unwrap()
        };
        // Linux tells twice as much, as it counts its own records too.
        let set = send_buffer(&listen).await;
        assert!((20_000..=40_000).contains(&set), "{set}");
        listen.send_buffer = 0;
        assert_ne!(send_buffer(&listen).await, set);
    }
}
