//! Packets to a stream that is waited for.

use crate::codec::Encode;
use crate::error::EncodeError;
use crate::io::{WriteError, gather};
use crate::stream::Backlog;
use ::tokio::io::AsyncWrite;
use core::future::poll_fn;
use core::pin::Pin;
use core::task::{Context, Poll, ready};
use futures_sink::Sink;
use std::io;

/// A sink with this many bytes to write takes no packet until some were written.
pub(super) const ENOUGH: usize = 64 * 1024;

/// Writes packets to an `AsyncWrite`, many of them at once: [`PacketWriter::feed`] encodes, [`PacketWriter::flush`] writes all that
/// was fed in one vectored write, if the stream takes that much.
///
/// What is fed and never flushed is not written. As a `Sink` it takes packets by value or by reference, and writes by itself when
/// 64 KiB wait.
///
/// ```
/// use packet_runtime::tokio::PacketWriter;
/// # use packet_runtime::{Encode, EncodeError, Shape, Writer};
/// # static PING: Shape = Shape { name: "Ping", fields: &[] };
/// # struct Ping(u16);
/// # impl Encode for Ping {
/// #     const SHAPE: &'static Shape = &PING;
/// #     fn encoded_len(&self) -> Result<usize, EncodeError> { Ok(2) }
/// #     fn write(&self, writer: &mut Writer<'_>) -> Result<(), EncodeError> {
/// #         writer.put(&PING, self.0.to_be_bytes())
/// #     }
/// # }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut writer = PacketWriter::new(Vec::new()); // a socket
/// writer.feed(&Ping(1))?;
/// writer.feed(&Ping(2))?;
/// writer.flush().await?;
/// assert_eq!(writer.get_ref(), &[0, 1, 0, 2]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct PacketWriter<W> {
    io: W,
    backlog: Backlog,
}

// Nothing in it is ever pinned: a stream is polled through a reference, and must be `Unpin` itself.
impl<W> Unpin for PacketWriter<W> {}

impl<W> PacketWriter<W> {
    /// A writer with nothing to write.
    pub const fn new(io: W) -> Self {
        Self {
            io,
            backlog: Backlog::new(),
        }
    }

    /// Encodes a packet that the next flush writes, and returns its length.
    ///
    /// # Errors
    /// The first field that cannot be represented. Nothing is fed then.
    pub fn feed(&mut self, packet: &(impl Encode + ?Sized)) -> Result<usize, EncodeError> {
        self.backlog.push(packet)
    }

    /// Feeds a frame that was encoded elsewhere.
    pub fn feed_frame(&mut self, frame: &[u8]) {
        self.backlog.push_frame(frame);
    }

    /// What is written to.
    pub const fn get_ref(&self) -> &W {
        &self.io
    }

    /// What is written to. What is written to it directly comes before what waits.
    pub const fn get_mut(&mut self) -> &mut W {
        &mut self.io
    }

    /// What waits to be written.
    pub const fn backlog(&self) -> &Backlog {
        &self.backlog
    }

    /// What waits to be written, to add frames of the crate `bytes` or to give memory back.
    pub const fn backlog_mut(&mut self) -> &mut Backlog {
        &mut self.backlog
    }

    /// What was written to; what waits is gone.
    pub fn into_inner(self) -> W {
        self.io
    }
}

impl<W: AsyncWrite + Unpin> PacketWriter<W> {
    /// Writes all that waits, and flushes the stream.
    ///
    /// # Errors
    /// The stream cannot be written. What was not written still waits, and the next flush goes on where this one stopped.
    pub async fn flush(&mut self) -> io::Result<()> {
        poll_fn(|cx| flush(&mut self.io, &mut self.backlog, cx)).await
    }

    /// Writes all that waits, and says that nothing more will come.
    ///
    /// # Errors
    /// The stream cannot be written.
    pub async fn shutdown(&mut self) -> io::Result<()> {
        poll_fn(|cx| shut_down(&mut self.io, &mut self.backlog, cx)).await
    }
}

impl<W: AsyncWrite + Unpin, E: Encode> Sink<E> for PacketWriter<W> {
    type Error = WriteError;

    fn poll_ready(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        let Self { io, backlog } = &mut *self;
        Poll::Ready(Ok(ready!(write(io, backlog, ENOUGH, cx))?))
    }

    fn start_send(mut self: Pin<&mut Self>, packet: E) -> Result<(), Self::Error> {
        self.feed(&packet)?;
        Ok(())
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        let Self { io, backlog } = &mut *self;
        Poll::Ready(Ok(ready!(flush(io, backlog, cx))?))
    }

    fn poll_close(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        let Self { io, backlog } = &mut *self;
        Poll::Ready(Ok(ready!(shut_down(io, backlog, cx))?))
    }
}

/// Writes until less than `enough` waits.
pub(super) fn write<W: AsyncWrite + Unpin>(
    io: &mut W,
    backlog: &mut Backlog,
    enough: usize,
    cx: &mut Context<'_>,
) -> Poll<io::Result<()>> {
    while backlog.len() >= enough {
        let written = gather(backlog, |pieces| {
            Pin::new(&mut *io).poll_write_vectored(cx, pieces)
        });
        match ready!(written) {
            Ok(0) => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
            Ok(count) => backlog.advance(count),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Poll::Ready(Err(error)),
        }
    }
    Poll::Ready(Ok(()))
}

/// [`PacketWriter::flush`].
pub(super) fn flush<W: AsyncWrite + Unpin>(
    io: &mut W,
    backlog: &mut Backlog,
    cx: &mut Context<'_>,
) -> Poll<io::Result<()>> {
    ready!(write(io, backlog, 1, cx))?;
    Pin::new(io).poll_flush(cx)
}

/// [`PacketWriter::shutdown`].
pub(super) fn shut_down<W: AsyncWrite + Unpin>(
    io: &mut W,
    backlog: &mut Backlog,
    cx: &mut Context<'_>,
) -> Poll<io::Result<()>> {
    ready!(flush(io, backlog, cx))?;
    Pin::new(io).poll_shutdown(cx)
}
