//! Frames from captures, in the formats pcap and pcapng.

use crate::cli::Error;
use pcap_parser::traits::PcapNGPacketBlock;
use pcap_parser::{Block, PcapBlockOwned, PcapError, create_reader};
use std::fs::File;
use std::io::{Cursor, Read};
use std::path::Path;

/// A frame as it was captured.
#[derive(Clone, Copy, Debug)]
pub(in crate::cli) struct Captured<'a> {
    /// Its number in the capture, from 1.
    pub(in crate::cli) number: usize,
    /// The bytes that were captured.
    pub(in crate::cli) bytes: &'a [u8],
    /// How many bytes it had on the network.
    pub(in crate::cli) length: usize,
}

/// Bytes to read at once; a record that is larger makes the buffer grow.
const BUFFER: usize = 1 << 16;

/// Largest buffer: a record that needs more is a damaged file.
const MAX_BUFFER: usize = 1 << 26;

/// Calls `visit` for each frame of a capture, in order.
pub(in crate::cli) fn for_each(
    path: &Path,
    mut visit: impl FnMut(Captured<'_>) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut file = File::open(path).map_err(|error| Error::read(path, error))?;
    let mut head = Vec::new();
    (&mut file)
        .take(BUFFER as u64)
        .read_to_end(&mut head)
        .map_err(|error| Error::read(path, error))?;
    if !is_capture(&head) {
        return Err(damaged(path, "it is neither pcap nor pcapng"));
    }
    let mut reader = create_reader(BUFFER, Cursor::new(head).chain(file))
        .map_err(|_| damaged(path, "its header is damaged or cut off"))?;
    let mut buffer = BUFFER;
    let mut number = 0;
    loop {
        let consumed = match reader.next() {
            Ok((size, block)) => {
                if let Some((bytes, length)) = frame(&block) {
                    number += 1;
                    visit(Captured {
                        number,
                        bytes,
                        length,
                    })?;
                }
                Some(size)
            }
            Err(PcapError::Eof) => return Ok(()),
            Err(PcapError::Incomplete(_)) => None,
            Err(PcapError::BufferTooSmall) if buffer < MAX_BUFFER => {
                buffer *= 2;
                None
            }
            Err(PcapError::BufferTooSmall | PcapError::UnexpectedEof) => {
                return Err(damaged(
                    path,
                    &format!("it ends within the record after frame {number}"),
                ));
            }
            Err(_) => {
                return Err(damaged(
                    path,
                    &format!("the record after frame {number} is damaged"),
                ));
            }
        };
        if let Some(size) = consumed {
            reader.consume(size);
        } else {
            reader.grow(buffer);
            reader
                .refill()
                .map_err(|error| damaged(path, &format!("reading it fails: {error}")))?;
        }
    }
}

/// Whether a file that begins with these bytes is a capture.
pub(in crate::cli) fn is_capture(head: &[u8]) -> bool {
    const MAGICS: [u32; 3] = [
        0xa1b2_c3d4, // pcap with microseconds
        0xa1b2_3c4d, // pcap with nanoseconds
        0x0a0d_0d0a, // pcapng
    ];
    head.first_chunk::<4>().is_some_and(|head| {
        MAGICS.contains(&u32::from_be_bytes(*head)) || MAGICS.contains(&u32::from_le_bytes(*head))
    })
}

/// The frame's captured bytes and its length on the network, if the block is one.
fn frame<'a>(block: &'a PcapBlockOwned<'_>) -> Option<(&'a [u8], usize)> {
    let (bytes, length) = match block {
        PcapBlockOwned::Legacy(frame) => (frame.data, frame.origlen),
        PcapBlockOwned::NG(Block::EnhancedPacket(frame)) => (frame.packet_data(), frame.origlen),
        PcapBlockOwned::NG(Block::SimplePacket(frame)) => (frame.packet_data(), frame.origlen),
        _ => return None,
    };
    Some((bytes, usize::try_from(length).unwrap_or(usize::MAX)))
}

fn damaged(path: &Path, problem: &str) -> Error {
    Error::Usage(format!(
        "{} is not a readable capture: {problem}",
        path.display()
    ))
}
