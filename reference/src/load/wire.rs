//! A socket of the generator.
//!
//! In: bytes from the socket, and a [`Backlog`] to be written. Out: frames. What they mean is not known here.

use super::socket::{Server, Socket};
use crate::game::Framing;
use mio::{Interest, Registry, Token};
use packet_runtime::Reassembler;
use packet_runtime::stream::Backlog;
use socket2::SockRef;
use std::io::{self, IoSlice, Read, Write};
use std::time::Duration;

/// Bytes that are read at once.
pub(super) const READ: usize = 64 * 1024;
/// Pieces that are written at once.
const PIECES: usize = 8;
/// Bytes that the system holds for a connection that takes little at a time.
const NARROW: usize = 32 * 1024;
/// What storage grows by. It holds only what straddles two reads.
const GROWTH: usize = 256;

/// A connection to the server.
pub(super) struct Wire {
    socket: Socket,
    reassembler: Reassembler<Framing>,
    connected: bool,
}

/// What came of reading once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Got {
    /// So many bytes, and perhaps there are more.
    Bytes(usize),
    /// So many bytes, and no more for now.
    Last(usize),
    /// Nothing for now.
    Nothing,
    /// The server has closed the connection.
    End,
}

impl Wire {
    /// Begins to connect. The poll says when there is something to do.
    ///
    /// # Errors
    /// There are no descriptors or ports left, or the server is known to be out of reach.
    pub(super) fn connect(server: &Server, registry: &Registry, token: Token) -> io::Result<Self> {
        let mut socket = server.connect()?;
        let interest = Interest::READABLE | Interest::WRITABLE;
        registry.register(socket.tcp_mut(), token, interest)?;
        Ok(Self {
            socket,
            reassembler: Reassembler::with_read_len(Framing, GROWTH),
            connected: false,
        })
    }

    /// Lets the system hold little of what is not read, so that the server soon cannot send more.
    ///
    /// # Errors
    /// The system does not let the buffer be small.
    pub(super) fn narrow(&self) -> io::Result<()> {
        SockRef::from(self.socket.tcp()).set_recv_buffer_size(NARROW)
    }

    /// Whether the connection is there.
    ///
    /// # Errors
    /// It could not be made.
    pub(super) fn is_connected(&mut self) -> io::Result<bool> {
        if self.connected {
            return Ok(true);
        }
        let stream = self.socket.tcp();
        if let Some(error) = stream.take_error()? {
            return Err(error);
        }
        match stream.peer_addr() {
            Ok(_) => {
                stream.set_nodelay(true)?;
                self.connected = true;
                Ok(true)
            }
            Err(error) if error.kind() == io::ErrorKind::NotConnected => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Reads once, and hands on the frames that are whole with that. The first error of `take` ends it.
    ///
    /// # Errors
    /// The connection is broken, or what came cannot be cut into frames.
    pub(super) fn read<E>(
        &mut self,
        buffer: &mut [u8],
        mut take: impl FnMut(&[u8]) -> Result<(), E>,
    ) -> io::Result<Result<Got, E>> {
        let count = loop {
            match self.socket.read(buffer) {
                Ok(0) => return Ok(Ok(Got::End)),
                Ok(count) => break count,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    return Ok(Ok(Got::Nothing));
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        };
        let mut frames = self
            .reassembler
            .feed(buffer.get(..count).unwrap_or_default());
        loop {
            match frames.next_frame() {
                Ok(Some(frame)) => {
                    if let Err(error) = take(frame) {
                        return Ok(Err(error));
                    }
                }
                Ok(None) => break,
                Err(error) => return Err(io::Error::new(io::ErrorKind::InvalidData, error)),
            }
        }
        // A read that does not fill the buffer may have emptied the socket: more bytes are told by an event, though not the end
        // of the stream if an event told of it already.
        if self.socket.reads_all() && count < buffer.len() {
            Ok(Ok(Got::Last(count)))
        } else {
            Ok(Ok(Got::Bytes(count)))
        }
    }

    /// Writes what waits, as far as the socket takes it, and returns how many bytes it took. An event tells when it takes more.
    ///
    /// # Errors
    /// The connection is broken.
    pub(super) fn write(&mut self, out: &mut Backlog) -> io::Result<usize> {
        let before = out.len();
        while !out.is_empty() {
            let mut slices = [IoSlice::new(&[]); PIECES];
            let mut count = 0;
            for (slice, piece) in slices.iter_mut().zip(out.pieces()) {
                *slice = IoSlice::new(piece);
                count += 1;
            }
            let slices = slices.get(..count).unwrap_or_default();
            match self.socket.write_vectored(slices) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(written) => out.advance(written),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(before - out.len())
    }

    /// Hangs up so that nothing of the connection is left, not even the port.
    pub(super) fn reset(self) {
        // Where that is not possible, the port is taken for a while.
        let _ = SockRef::from(self.socket.tcp()).set_linger(Some(Duration::ZERO));
    }
}
