//! Streams of packets, and the frames that come out of them.

use crate::codecs::Protocol;
use packet_runtime::Reassembler;
use packet_runtime::stream::Framing;
use packet_schema::layout::Expectation;

/// The bytes of each valid vector of one framing, in the order of the schema.
///
/// # Panics
/// If there is none.
pub fn packets(protocol: Protocol, framing: Option<&str>) -> Vec<Vec<u8>> {
    let layout = protocol.layout();
    let vectors = layout.packets.iter().filter(|packet| {
        let found = layout.framing_of(packet);
        found.is_some_and(|found| found.name.as_deref() == framing)
    });
    let vectors = vectors.flat_map(|packet| &packet.vectors);
    let packets: Vec<Vec<u8>> = vectors
        .filter(|vector| matches!(vector.expect, Expectation::Value(_)))
        .map(|vector| vector.bytes.clone())
        .collect();
    assert!(!packets.is_empty(), "the framing has vectors");
    packets
}

/// The frames that come out if `chunks` arrive one after the other.
///
/// # Panics
/// If a frame is refused, or a part of one is left.
pub fn reassemble<'c>(
    framing: impl Framing,
    chunks: impl IntoIterator<Item = &'c [u8]>,
) -> Vec<Vec<u8>> {
    let mut reassembler = Reassembler::new(framing);
    let mut frames = Vec::new();
    for chunk in chunks {
        let mut chunk = reassembler.feed(chunk);
        loop {
            match chunk.next_frame() {
                Ok(Some(frame)) => frames.push(frame.to_vec()),
                Ok(None) => break,
                Err(error) => panic!("{error}"),
            }
        }
    }
    assert_eq!(reassembler.buffered(), 0, "no part of a frame is left");
    frames
}
