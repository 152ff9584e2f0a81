//! A stream of frames with sequence numbers, of which some have a compressed body, as a receiver reads it.
#![allow(clippy::unwrap_used)] // a test fails where it panics

use packet_runtime::lz4::{Compression, CompressionError};
use packet_runtime::sequence::{Order, Sequence};
use packet_runtime::{Encode, Reassembler, View};
use packet_tests::mmo::{FRAMING, Packet, PacketView, Say, Terrain, TerrainView};

/// Expanded frames are no longer than others.
const COMPRESSION: Compression = Compression {
    framing: FRAMING,
    flag_offset: 22,
    flag: 0x01,
    max_len: FRAMING.max_len,
};

fn say(sequence: u64, text: &str) -> Packet {
    Packet::Say(Say {
        sequence,
        timestamp: 1_000_000 + sequence,
        entity: 7,
        text: text.to_owned(),
    })
}

fn terrain(sequence: u64) -> Packet {
    Packet::Terrain(Terrain {
        sequence,
        timestamp: 1_000_000 + sequence,
        west: -128,
        south: 64,
        heights: (0..4096).map(|index| index / 64).collect(),
    })
}

/// The bytes that a sender writes for `packets`.
fn send(packets: &[Packet]) -> Vec<u8> {
    let mut stream = Vec::new();
    let mut small = Vec::new();
    for packet in packets {
        let frame = packet.to_vec().unwrap();
        stream.extend_from_slice(COMPRESSION.compress(&frame, &mut small).unwrap());
    }
    stream
}

fn sequence_of(view: &PacketView<'_>) -> u64 {
    match view {
        PacketView::Walk(view) => view.sequence(),
        PacketView::Say(view) => view.sequence(),
        PacketView::Inventory(view) => view.sequence(),
        PacketView::Terrain(view) => view.sequence(),
        other => panic!("{other:?}"),
    }
}

/// What a receiver makes of a stream that comes in chunks of `size` bytes.
fn receive(stream: &[u8], size: usize) -> Vec<(Order, Vec<u8>)> {
    let mut reassembler = Reassembler::new(FRAMING);
    let mut sequence = Sequence::starting_at(1);
    let (mut whole, mut received) = (Vec::new(), Vec::new());
    for chunk in stream.chunks(size) {
        let mut chunk = reassembler.feed(chunk);
        while let Some(frame) = chunk.next_frame().unwrap() {
            let frame = COMPRESSION.expand(frame, &mut whole).unwrap();
            let view = PacketView::parse(frame).unwrap();
            received.push((sequence.check(sequence_of(&view)), frame.to_vec()));
        }
    }
    assert_eq!(reassembler.buffered(), 0);
    received
}

#[test]
fn long_bodies_travel_compressed_and_arrive_whole() {
    let packets = [say(1, "hello"), terrain(2), say(3, "again")];
    let stream = send(&packets);
    let whole: usize = packets
        .iter()
        .map(|packet| packet.encoded_len().unwrap())
        .sum();
    assert!(stream.len() < whole / 10, "{} of {whole}", stream.len());
    for size in [1, 7, 100, 5000] {
        let expected = packets
            .iter()
            .map(|packet| (Order::Next, packet.to_vec().unwrap()));
        assert_eq!(receive(&stream, size), expected.collect::<Vec<_>>());
    }
}

#[test]
fn what_was_lost_or_came_again_is_told() {
    let packets = [
        say(1, "a"),
        say(4, "b"),
        say(4, "b"),
        say(2, "c"),
        say(5, "d"),
    ];
    let orders = receive(&send(&packets), 30)
        .into_iter()
        .map(|(order, _)| order);
    let expected = [
        Order::Next,
        Order::Gap { missing: 2 },
        Order::Replay { behind: 1 },
        Order::Replay { behind: 3 },
        Order::Next,
    ];
    assert_eq!(orders.collect::<Vec<_>>(), expected);
}

#[test]
fn a_frame_that_was_not_expanded_is_no_packet() {
    let stream = send(&[terrain(1)]);
    let error = TerrainView::parse(&stream).unwrap_err();
    assert_eq!(
        error.to_string(),
        "Terrain.compressed at byte 22: expected the constant 0x0, found 0x1"
    );
}

#[test]
fn a_small_frame_that_claims_much_is_refused_before_it_costs_memory() {
    let mut frame = send(&[terrain(1)]);
    frame[23..27].copy_from_slice(&65_514_u32.to_le_bytes());
    let mut whole = Vec::new();
    let (claimed, max) = (23 + 65_514, 65_536);
    let expected = CompressionError::TooLong { claimed, max };
    assert_eq!(COMPRESSION.expand(&frame, &mut whole), Err(expected));
    assert_eq!(whole.capacity(), 0);
}
