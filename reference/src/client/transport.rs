//! Network connections, with TLS or without.

use super::ClientError;
use super::options::Options;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;

/// A network connection.
pub(super) enum Stream {
    Plain(TcpStream),
    // Its state is large, and there is one for each client.
    Tls(Box<TlsStream<TcpStream>>),
}

/// Makes a connection.
pub(super) async fn dial(options: &Options) -> Result<Stream, ClientError> {
    let address = &options.address;
    let failed = |error| ClientError::Connect {
        address: address.clone(),
        error: Arc::new(error),
    };
    // Before anything is sent: what is wrong with roots is the user's to correct.
    let tls = options.tls.as_ref();
    let connector = tls.map(|tls| tls.connector(address)).transpose()?;
    let stream = TcpStream::connect(address).await.map_err(failed)?;
    stream.set_nodelay(true).map_err(failed)?;
    match connector {
        None => Ok(Stream::Plain(stream)),
        Some((connector, name)) => {
            let stream = connector.connect(name, stream).await.map_err(|error| {
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
