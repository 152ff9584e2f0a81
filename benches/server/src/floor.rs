//! The floor: a raw echo server with one thread and one poll. It cuts bytes into packets by their size and sends each back as
//! it is, and knows nothing else: no state, no limits, no timeouts, no metrics.

use crate::Missing;
use mio::net::{TcpListener, TcpStream};
use mio::{Events, Interest, Poll, Token};
use std::io::{self, ErrorKind, Read, Write};

const LISTENER: Token = Token(usize::MAX - 1);
/// Bytes that are read at once.
const READ: usize = 64 * 1024;
/// Bytes of the size field, which counts the whole packet.
const SIZE: usize = 2;

struct Connection {
    stream: TcpStream,
    /// What is left of a packet that is not whole.
    rest: Vec<u8>,
    /// What the client has not taken.
    out: Vec<u8>,
}

/// Prints where it listens, and echoes for ever.
///
/// # Errors
/// The system does not play along.
pub fn run() -> Result<(), Missing> {
    let mut poll = Poll::new()?;
    // By mio, which lets more connections wait to be accepted than the standard library does. With too few of these, some are
    // made late and answered later still.
    let mut listener = TcpListener::bind(([127, 0, 0, 1], 0).into())?;
    println!("listening on {}", listener.local_addr()?);
    poll.registry()
        .register(&mut listener, LISTENER, Interest::READABLE)?;
    let mut connections: Vec<Option<Connection>> = Vec::new();
    let mut free = Vec::new();
    let mut events = Events::with_capacity(1024);
    let mut buffer = vec![0; READ];
    loop {
        poll.poll(&mut events, None)?;
        for event in &events {
            if event.token() == LISTENER {
                accept(&poll, &listener, &mut connections, &mut free)?;
                continue;
            }
            let place = event.token().0;
            let Some(slot) = connections.get_mut(place) else {
                continue;
            };
            if let Some(connection) = slot
                && connection.echo(&mut buffer).is_err()
            {
                *slot = None;
                free.push(place);
            }
        }
    }
}

fn accept(
    poll: &Poll,
    listener: &TcpListener,
    connections: &mut Vec<Option<Connection>>,
    free: &mut Vec<usize>,
) -> io::Result<()> {
    loop {
        let mut stream = match listener.accept() {
            Ok((stream, _)) => stream,
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
            Err(error) => return Err(error),
        };
        stream.set_nodelay(true)?;
        let place = free.pop().unwrap_or_else(|| {
            connections.push(None);
            connections.len() - 1
        });
        let interest = Interest::READABLE | Interest::WRITABLE;
        poll.registry()
            .register(&mut stream, Token(place), interest)?;
        connections[place] = Some(Connection {
            stream,
            rest: Vec::new(),
            out: Vec::new(),
        });
    }
}

impl Connection {
    /// Sends back what is there. The end of the connection is an error.
    fn echo(&mut self, buffer: &mut [u8]) -> io::Result<()> {
        self.flush()?;
        loop {
            let count = match self.stream.read(buffer) {
                Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
                Ok(count) => count,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) => return Err(error),
            };
            let whole = if self.rest.is_empty() {
                let whole = cut(&buffer[..count])?;
                self.rest.extend_from_slice(&buffer[whole..count]);
                self.out.extend_from_slice(&buffer[..whole]);
                whole
            } else {
                self.rest.extend_from_slice(&buffer[..count]);
                let whole = cut(&self.rest)?;
                self.out.extend(self.rest.drain(..whole));
                whole
            };
            if whole > 0 {
                self.flush()?;
            }
            if count < buffer.len() {
                return Ok(());
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        let mut written = 0;
        while written < self.out.len() {
            match self.stream.write(&self.out[written..]) {
                Ok(count) => written += count,
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) => return Err(error),
            }
        }
        self.out.drain(..written);
        Ok(())
    }
}

/// How many bytes belong to whole packets.
fn cut(bytes: &[u8]) -> io::Result<usize> {
    let mut whole = 0;
    while let Some(size) = bytes[whole..].first_chunk::<SIZE>() {
        let size = usize::from(u16::from_be_bytes(*size));
        if size < SIZE {
            return Err(ErrorKind::InvalidData.into());
        }
        if bytes.len() - whole < size {
            break;
        }
        whole += size;
    }
    Ok(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_cut_by_their_size() {
        for (bytes, whole) in [
            (&b""[..], 0),
            (b"\0", 0),
            (b"\0\x03a", 3),
            (b"\0\x03a\0\x04b", 3),
            (b"\0\x03a\0\x04bc\0", 7),
        ] {
            assert_eq!(cut(bytes).unwrap(), whole, "{bytes:?}");
        }
        assert!(cut(b"\0\x01").is_err());
    }
}
