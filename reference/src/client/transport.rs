//! Network connections, with TLS or without.

use super::{ClientError, Tls};
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::ClientConfig;
use tokio_rustls::rustls::pki_types::ServerName;

/// A network connection.
#[derive(Debug)]
pub(crate) enum Stream {
    Plain(TcpStream),
    // Its state is large, and there is one for each client.
    Tls(Box<TlsStream<TcpStream>>),
}

/// Makes connections to one server.
#[derive(Clone, Debug)]
pub(crate) struct Dialer {
    address: String,
    tls: Option<(Arc<ClientConfig>, ServerName<'static>)>,
}

impl Dialer {
    /// For the server at this host and port, which proves who it is as `tls` says.
    ///
    /// # Errors
    /// There is nobody to trust, which is the user's to correct: nothing was sent.
    pub(crate) fn new(address: &str, tls: Option<&Tls>) -> Result<Self, ClientError> {
        Ok(Self {
            address: address.to_owned(),
            tls: tls.map(|tls| tls.session(address)).transpose()?,
        })
    }

    /// The same for one of the addresses that the host has.
    pub(crate) fn at(&self, address: SocketAddr) -> Self {
        Self {
            address: address.to_string(),
            tls: self.tls.clone(),
        }
    }

    /// Makes a connection.
    pub(crate) async fn dial(&self) -> Result<Stream, ClientError> {
        let address = &self.address;
        let failed = |error| ClientError::Connect {
            address: address.clone(),
            error: Arc::new(error),
        };
        let stream = TcpStream::connect(address).await.map_err(failed)?;
        stream.set_nodelay(true).map_err(failed)?;
        let Some((config, name)) = self.tls.clone() else {
            return Ok(Stream::Plain(stream));
        };
        let connected = TlsConnector::from(config).connect(name, stream).await;
        let stream = connected.map_err(|error| {
            // A certificate that is not trusted does not become so by itself; a connection that breaks may be made again.
            if error.kind() == io::ErrorKind::InvalidData {
                ClientError::Tls(format!(
                    "{address} is not trusted or speaks no TLS: {error}"
                ))
            } else {
                failed(error)
            }
        })?;
        Ok(Stream::Tls(Box::new(stream)))
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        room: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_read(cx, room),
            Self::Tls(stream) => Pin::new(stream).poll_read(cx, room),
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_write(cx, bytes),
            Self::Tls(stream) => Pin::new(stream).poll_write(cx, bytes),
        }
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_write_vectored(cx, pieces),
            Self::Tls(stream) => Pin::new(stream).poll_write_vectored(cx, pieces),
        }
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_flush(cx),
            Self::Tls(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_shutdown(cx),
            Self::Tls(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}
