//! What readers that block and readers that wait have in common.

use super::{Parse, ReadError};
use crate::stream::{Framing, Reassembler};
use core::fmt;
use std::io;

/// A stream of which bytes come in.
pub(crate) struct Incoming<F, P> {
    pub(crate) reassembler: Reassembler<F>,
    parse: Parse<P>,
    ended: bool,
    /// Whether it was told that the stream is refused.
    told: bool,
}

impl<F, P> Incoming<F, P> {
    pub(crate) const fn new(reassembler: Reassembler<F>, parse: Parse<P>) -> Self {
        Self {
            reassembler,
            parse,
            ended: false,
            told: false,
        }
    }
}

impl<F: Framing, P> Incoming<F, P> {
    /// The length of the next frame, which is taken then, or `None` if bytes have to be read first. Of a stream that has ended
    /// it is the end.
    #[inline]
    pub(crate) fn next_len(&mut self) -> Result<Option<usize>, ReadError> {
        let frame = if self.ended {
            self.reassembler.finish()?
        } else {
            self.reassembler.next_frame()?
        };
        Ok(frame.map(<[u8]>::len))
    }

    pub(crate) const fn has_ended(&self) -> bool {
        self.ended
    }

    /// Where the next bytes go. If it is empty, a read would seem to have met the end.
    pub(crate) fn room(&mut self) -> io::Result<&mut [u8]> {
        match self.reassembler.spare_mut() {
            [] => Err(io::ErrorKind::StorageFull.into()),
            room => Ok(room),
        }
    }

    /// What a read brought.
    pub(crate) fn came(&mut self, count: usize) {
        if count == 0 {
            self.ended = true;
        } else {
            self.reassembler.advance(count);
        }
    }

    /// The frame of `len` bytes that was taken last.
    #[inline]
    pub(crate) fn frame(&self, len: usize) -> &[u8] {
        self.reassembler.returned(len)
    }

    /// What comes next: the packet in the frame that was taken, an error or the end. That a stream is refused is told once:
    /// who takes packets and drops errors shall come to an end.
    pub(crate) fn item(
        &mut self,
        len: Result<Option<usize>, ReadError>,
    ) -> Option<Result<P, ReadError>> {
        match len {
            Ok(len) => {
                self.told = false;
                len.map(|len| self.packet(len))
            }
            Err(ReadError::Frame(_)) if core::mem::replace(&mut self.told, true) => None,
            Err(error) => Some(Err(error)),
        }
    }

    /// The packet in the frame of `len` bytes that was taken last.
    fn packet(&mut self, len: usize) -> Result<P, ReadError> {
        (self.parse)(self.frame(len)).map_err(|error| {
            let position = self.reassembler.position().saturating_sub(len as u64);
            if self.reassembler.resynchronises() {
                self.reassembler.reject();
            }
            ReadError::Decode { position, error }
        })
    }
}

impl<F: fmt::Debug, P> fmt::Debug for Incoming<F, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.reassembler.fmt(f)
    }
}
