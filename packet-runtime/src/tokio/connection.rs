//! Packets in both directions over one stream.

use super::reader::PacketReader;
use super::writer::{ENOUGH, flush, shut_down, write};
use crate::codec::Encode;
use crate::error::EncodeError;
use crate::io::{Parse, ReadError, WriteError};
use crate::stream::{Backlog, Framing, Reassembler};
use ::tokio::io::{AsyncRead, AsyncWrite};
use alloc::vec::Vec;
use core::future::poll_fn;
use core::pin::Pin;
use core::task::{Context, Poll, ready};
use futures_core::Stream;
use futures_sink::Sink;
use std::io;

/// Reads and writes packets over one stream: a [`PacketReader`] and a [`PacketWriter`](super::PacketWriter) in one.
///
/// One task has both directions, so it does one thing at a time: what is fed goes out when it flushes. Where reading and
/// writing go on at once, split the stream and give each half to a reader or a writer.
///
/// ```
/// use packet_runtime::stream::FixedSize;
/// use packet_runtime::tokio::Connection;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let (near, far) = tokio::io::duplex(64); // two ends of a socket
/// tokio::spawn(async move {
///     // With generated code: `Connection::new(far, Framing, |frame| Ok(PacketView::parse(frame)?.into()))`.
///     let mut server = Connection::frames(far, FixedSize { len: 4 });
///     while let Some(Ok(packet)) = server.next().await {
///         server.feed_frame(&packet);
///         server.flush().await?;
///     }
///     Ok::<(), std::io::Error>(())
/// });
///
/// let mut client = Connection::frames(near, FixedSize { len: 4 });
/// client.feed_frame(b"ping");
/// client.flush().await?;
/// assert_eq!(client.next_frame().await?, Some(&b"ping"[..]));
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Connection<T, F, P = Vec<u8>> {
    reader: PacketReader<T, F, P>,
    backlog: Backlog,
}

impl<T, F> Connection<T, F> {
    /// A connection whose packets are frames as they came.
    pub const fn frames(io: T, framing: F) -> Self {
        Self::over(PacketReader::frames(io, framing))
    }
}

impl<T, F, P> Connection<T, F, P> {
    /// A connection that makes packets by `parse`.
    pub const fn new(io: T, framing: F, parse: Parse<P>) -> Self {
        Self::over(PacketReader::new(io, framing, parse))
    }

    /// A connection around a reassembler with a read length or a budget of its own, or with bytes that were read already.
    pub const fn with_reassembler(io: T, reassembler: Reassembler<F>, parse: Parse<P>) -> Self {
        Self::over(PacketReader::with_reassembler(io, reassembler, parse))
    }

    const fn over(reader: PacketReader<T, F, P>) -> Self {
        Self {
            reader,
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

    /// What is read from and written to.
    pub const fn get_ref(&self) -> &T {
        self.reader.get_ref()
    }

    /// What is read from and written to.
    pub const fn get_mut(&mut self) -> &mut T {
        self.reader.get_mut()
    }

    /// What cuts the stream: its position, what was skipped, and what is left of the peer's budget.
    pub const fn reassembler(&self) -> &Reassembler<F> {
        self.reader.reassembler()
    }

    /// What cuts the stream, to refill the budget or to reject the frame that was returned last.
    pub const fn reassembler_mut(&mut self) -> &mut Reassembler<F> {
        self.reader.reassembler_mut()
    }

    /// What waits to be written.
    pub const fn backlog(&self) -> &Backlog {
        &self.backlog
    }

    /// What waits to be written, to add frames of the crate `bytes` or to give memory back.
    pub const fn backlog_mut(&mut self) -> &mut Backlog {
        &mut self.backlog
    }

    /// The stream, the reassembler with what was read and not returned, and what waits to be written.
    pub fn into_parts(self) -> (T, Reassembler<F>, Backlog) {
        let (io, reassembler) = self.reader.into_parts();
        (io, reassembler, self.backlog)
    }
}

impl<T: AsyncRead + Unpin, F: Framing, P> Connection<T, F, P> {
    /// Waits for the next frame; `None` if the stream ended behind the last one.
    ///
    /// # Errors
    /// The stream cannot be read, or a frame breaks the limits or is cut off.
    pub async fn next_frame(&mut self) -> Result<Option<&[u8]>, ReadError> {
        self.reader.next_frame().await
    }

    /// Waits for the next packet; `None` if the stream ended behind the last one, or was refused and that was told.
    ///
    /// # Errors
    /// As [`Connection::next_frame`], or a frame is no valid packet. After [that](ReadError::Decode) there
    /// can be more.
    pub async fn next(&mut self) -> Option<Result<P, ReadError>> {
        self.reader.next().await
    }
}

impl<T: AsyncWrite + Unpin, F, P> Connection<T, F, P> {
    /// Writes all that waits, and flushes the stream.
    ///
    /// # Errors
    /// The stream cannot be written. What was not written still waits, and the next flush goes on where this one stopped.
    pub async fn flush(&mut self) -> io::Result<()> {
        poll_fn(|cx| flush(self.reader.get_mut(), &mut self.backlog, cx)).await
    }

    /// Writes all that waits, and says that nothing more will come. What the peer still sends can be read.
    ///
    /// # Errors
    /// The stream cannot be written.
    pub async fn shutdown(&mut self) -> io::Result<()> {
        poll_fn(|cx| shut_down(self.reader.get_mut(), &mut self.backlog, cx)).await
    }
}

impl<T: AsyncRead + Unpin, F: Framing, P> Stream for Connection<T, F, P> {
    type Item = Result<P, ReadError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Pin::new(&mut self.reader).poll_next(cx)
    }
}

impl<T: AsyncWrite + Unpin, F, P, E: Encode> Sink<E> for Connection<T, F, P> {
    type Error = WriteError;

    fn poll_ready(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        let Self { reader, backlog } = &mut *self;
        Poll::Ready(Ok(ready!(write(reader.get_mut(), backlog, ENOUGH, cx))?))
    }

    fn start_send(mut self: Pin<&mut Self>, packet: E) -> Result<(), Self::Error> {
        self.feed(&packet)?;
        Ok(())
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        let Self { reader, backlog } = &mut *self;
        Poll::Ready(Ok(ready!(flush(reader.get_mut(), backlog, cx))?))
    }

    fn poll_close(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        let Self { reader, backlog } = &mut *self;
        Poll::Ready(Ok(ready!(shut_down(reader.get_mut(), backlog, cx))?))
    }
}
