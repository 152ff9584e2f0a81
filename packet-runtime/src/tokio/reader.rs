//! Frames and packets from a stream that is waited for.

use crate::io::{Incoming, Parse, ReadError};
use crate::stream::{Framing, Reassembler};
use ::tokio::io::{AsyncRead, ReadBuf};
use alloc::vec::Vec;
use core::future::poll_fn;
use core::pin::Pin;
use core::task::{Context, Poll, ready};
use futures_core::Stream;
use std::io;

/// Reads frames or packets from an `AsyncRead`, by a [`Reassembler`]: no buffer is needed around it.
///
/// [`PacketReader::next_frame`] lends whole frames, for views that borrow from them; [`PacketReader::next`] gives packets with
/// their own data, made by the function that the reader was given, and so does the `Stream`. While nothing comes, a reader
/// holds no memory but that of a frame that has begun.
///
/// ```
/// use packet_runtime::stream::FixedSize;
/// use packet_runtime::tokio::PacketReader;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), packet_runtime::io::ReadError> {
/// // With generated code: `PacketReader::new(socket, Framing, |frame| Ok(PacketView::parse(frame)?.into()))`.
/// let parse = |frame: &[u8]| Ok(frame.iter().map(|byte| u32::from(*byte)).sum());
/// let mut reader = PacketReader::<_, _, u32>::new(&[1, 2, 3, 4][..], FixedSize { len: 2 }, parse);
/// assert_eq!(reader.next_frame().await?, Some(&[1, 2][..]));
/// assert_eq!(reader.next().await.transpose()?, Some(7));
/// assert!(reader.next().await.is_none());
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct PacketReader<R, F, P = Vec<u8>> {
    io: R,
    incoming: Incoming<F, P>,
}

// Nothing in it is ever pinned: a stream is polled through a reference, and must be `Unpin` itself.
impl<R, F, P> Unpin for PacketReader<R, F, P> {}

impl<R, F> PacketReader<R, F> {
    /// A reader whose packets are frames as they came.
    pub const fn frames(io: R, framing: F) -> Self {
        Self::new(io, framing, |frame| Ok(Vec::from(frame)))
    }
}

impl<R, F, P> PacketReader<R, F, P> {
    /// A reader that makes packets by `parse`.
    pub const fn new(io: R, framing: F, parse: Parse<P>) -> Self {
        Self::with_reassembler(io, Reassembler::new(framing), parse)
    }

    /// A reader around a reassembler with a read length or a budget of its own, or with bytes that were read already.
    pub const fn with_reassembler(io: R, reassembler: Reassembler<F>, parse: Parse<P>) -> Self {
        Self {
            io,
            incoming: Incoming::new(reassembler, parse),
        }
    }

    /// What is read from.
    pub const fn get_ref(&self) -> &R {
        &self.io
    }

    /// What is read from. Bytes that are read from it directly are not part of the stream.
    pub const fn get_mut(&mut self) -> &mut R {
        &mut self.io
    }

    /// What cuts the stream: its position, what was skipped, and what is left of the peer's budget.
    pub const fn reassembler(&self) -> &Reassembler<F> {
        &self.incoming.reassembler
    }

    /// What cuts the stream, to refill the budget or to reject the frame that was returned last.
    pub const fn reassembler_mut(&mut self) -> &mut Reassembler<F> {
        &mut self.incoming.reassembler
    }

    /// What is read from, and the reassembler with what was read and not returned.
    pub fn into_parts(self) -> (R, Reassembler<F>) {
        (self.io, self.incoming.reassembler)
    }
}

impl<R: AsyncRead + Unpin, F: Framing, P> PacketReader<R, F, P> {
    /// Waits for the next frame; `None` if the stream ended behind the last one.
    ///
    /// # Errors
    /// The stream cannot be read, or a frame breaks the limits or is cut off.
    pub async fn next_frame(&mut self) -> Result<Option<&[u8]>, ReadError> {
        let len = poll_fn(|cx| self.poll_len(cx)).await?;
        Ok(len.map(|len| self.incoming.frame(len)))
    }

    /// Waits for the next packet; `None` if the stream ended behind the last one, or was refused and that was told.
    ///
    /// # Errors
    /// As [`PacketReader::next_frame`], or a frame is no valid packet. After [that](ReadError::Decode) there
    /// can be more.
    pub async fn next(&mut self) -> Option<Result<P, ReadError>> {
        poll_fn(|cx| self.poll_packet(cx)).await
    }

    fn poll_packet(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<P, ReadError>>> {
        let len = ready!(self.poll_len(cx));
        Poll::Ready(self.incoming.item(len))
    }

    /// Takes the next frame when there is one, and says its length: a frame that is taken is returned at once.
    fn poll_len(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<usize>, ReadError>> {
        loop {
            let len = self.incoming.next_len()?;
            if len.is_some() || self.incoming.has_ended() {
                return Poll::Ready(Ok(len));
            }
            let mut room = ReadBuf::new(self.incoming.room()?);
            match Pin::new(&mut self.io).poll_read(cx, &mut room) {
                Poll::Ready(Ok(())) => {
                    let count = room.filled().len();
                    self.incoming.came(count);
                }
                Poll::Ready(Err(error)) if error.kind() == io::ErrorKind::Interrupted => {}
                waits_or_failed => {
                    self.incoming.reassembler.release(); // it may be long until there is more
                    ready!(waits_or_failed)?;
                }
            }
        }
    }
}

impl<R: AsyncRead + Unpin, F: Framing, P> Stream for PacketReader<R, F, P> {
    type Item = Result<P, ReadError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_packet(cx)
    }
}
