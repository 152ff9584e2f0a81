//! A connection's bytes, with or without TLS.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::server::TlsStream;

/// A connection's bytes. One with TLS holds some 20 KiB more while it is there, most of it in the keys' state and in
/// buffers of rustls, which it keeps.
pub(super) enum Transport {
    /// As they are.
    Plain(TcpStream),
    /// Encrypted.
    Tls(Box<TlsStream<TcpStream>>),
}

impl Transport {
    /// Reads what there is, up to the buffer's length; nothing at the end.
    pub(super) fn poll_read(
        &mut self,
        task: &mut Context<'_>,
        buffer: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        let mut buffer = ReadBuf::new(buffer);
        let read = match self {
            Self::Plain(stream) => Pin::new(stream).poll_read(task, &mut buffer),
            Self::Tls(stream) => Pin::new(stream).poll_read(task, &mut buffer),
        };
        read.map_ok(|()| buffer.filled().len())
    }

    /// Writes as much as can be taken.
    pub(super) fn poll_write(
        &mut self,
        task: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match (self, pieces) {
            // A list of one piece costs the kernel more than the piece.
            (Self::Plain(stream), [piece]) => Pin::new(stream).poll_write(task, piece),
            (Self::Plain(stream), pieces) => Pin::new(stream).poll_write_vectored(task, pieces),
            (Self::Tls(stream), pieces) => Pin::new(stream).poll_write_vectored(task, pieces),
        }
    }

    /// Whether what was written may still wait here.
    pub(super) fn needs_flush(&self) -> bool {
        match self {
            Self::Plain(_) => false,
            Self::Tls(stream) => stream.get_ref().1.wants_write(),
        }
    }

    /// Sends what was written.
    pub(super) fn poll_flush(&mut self, task: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self {
            Self::Plain(_) => Poll::Ready(Ok(())),
            Self::Tls(stream) => Pin::new(stream).poll_flush(task),
        }
    }

    /// Tells the client that nothing more comes.
    pub(super) fn poll_shutdown(&mut self, task: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self {
            Self::Plain(stream) => Pin::new(stream).poll_shutdown(task),
            Self::Tls(stream) => Pin::new(stream).poll_shutdown(task),
        }
    }
}
