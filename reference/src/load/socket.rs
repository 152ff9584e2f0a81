//! Sockets of the generator, with TLS or without. None of them blocks.

use crate::client::{ClientError, Tls};
use mio::net::TcpStream;
use std::io::{self, IoSlice, Read, Write};
use std::net::SocketAddr;
use std::sync::Arc;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, ClientConnection, StreamOwned};

/// The server: where it is, and how it proves who it is.
#[derive(Debug)]
pub(super) struct Server {
    address: SocketAddr,
    tls: Option<(Arc<ClientConfig>, ServerName<'static>)>,
}

impl Server {
    /// The server at this host and port, which was looked up.
    ///
    /// # Errors
    /// There is nobody to trust.
    pub(super) fn new(
        host: &str,
        address: SocketAddr,
        tls: Option<&Tls>,
    ) -> Result<Self, ClientError> {
        let tls = tls.map(|tls| tls.session(host)).transpose()?;
        Ok(Self { address, tls })
    }

    /// Begins to connect. With TLS the handshake begins with the first read or write.
    ///
    /// # Errors
    /// There are no descriptors or ports left, or the server is known to be out of reach.
    pub(super) fn connect(&self) -> io::Result<Socket> {
        let stream = TcpStream::connect(self.address)?;
        let Some((config, name)) = &self.tls else {
            return Ok(Socket::Plain(stream));
        };
        let session = ClientConnection::new(Arc::clone(config), name.clone());
        let session = session.map_err(io::Error::other)?;
        Ok(Socket::Tls(Box::new(StreamOwned::new(session, stream))))
    }
}

/// A socket.
pub(super) enum Socket {
    Plain(TcpStream),
    Tls(Box<StreamOwned<ClientConnection, TcpStream>>),
}

impl Socket {
    pub(super) fn tcp(&self) -> &TcpStream {
        match self {
            Self::Plain(stream) => stream,
            Self::Tls(stream) => stream.get_ref(),
        }
    }

    pub(super) fn tcp_mut(&mut self) -> &mut TcpStream {
        match self {
            Self::Plain(stream) => stream,
            Self::Tls(stream) => stream.get_mut(),
        }
    }

    /// Whether a read that does not fill its buffer has taken all that the system has. A TLS session hands out one record after
    /// the other.
    pub(super) fn reads_all(&self) -> bool {
        // Elsewhere than on Unix only a read that blocks says so.
        cfg!(unix) && matches!(self, Self::Plain(_))
    }
}

impl Read for Socket {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(stream) => stream.read(buffer),
            Self::Tls(stream) => match stream.read(buffer) {
                // The server hung up without saying so in TLS.
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(0),
                read => read,
            },
        }
    }
}

impl Write for Socket {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(stream) => stream.write(bytes),
            Self::Tls(stream) => stream.write(bytes),
        }
    }

    fn write_vectored(&mut self, pieces: &[IoSlice<'_>]) -> io::Result<usize> {
        match self {
            Self::Plain(stream) => stream.write_vectored(pieces),
            Self::Tls(stream) => stream.write_vectored(pieces),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(stream) => stream.flush(),
            Self::Tls(stream) => stream.flush(),
        }
    }
}
