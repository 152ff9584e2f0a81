//! Packets out of a byte stream: every vector of the game protocol, over every split.
#![allow(clippy::unwrap_used)] // a test fails where it panics

use packet_runtime::{Reassembler, View};
use packet_tests::codecs::GAME;
use packet_tests::frames;
use packet_tests::game::{Framing, MoveView, PacketView};
use proptest::prelude::*;

/// All valid vectors, one after the other, and each by itself.
fn stream() -> (Vec<u8>, Vec<Vec<u8>>) {
    let packets = frames::packets(GAME, None);
    assert!(packets.len() >= 50);
    (packets.concat(), packets)
}

/// How many packets are split in three: all ways to do that are as many as half the square of the bytes.
const NEIGHBOURS: usize = 2;

/// The packets that come out if `chunks` arrive one after the other.
fn reassemble<'c>(chunks: impl IntoIterator<Item = &'c [u8]>) -> Vec<Vec<u8>> {
    let packets = frames::reassemble(Framing, chunks);
    for packet in &packets {
        PacketView::parse(packet).unwrap();
    }
    packets
}

#[test]
fn packets_survive_every_split_in_two() {
    let (bytes, packets) = stream();
    for first in 0..=bytes.len() {
        let (head, tail) = bytes.split_at(first);
        assert_eq!(reassemble([head, tail]), packets);
    }
}

#[test]
fn packets_survive_every_split_of_neighbours_in_three() {
    let (_, packets) = stream();
    for packets in packets.windows(NEIGHBOURS) {
        let bytes = packets.concat();
        for first in 0..=bytes.len() {
            let (head, tail) = bytes.split_at(first);
            for second in 0..=tail.len() {
                let (middle, end) = tail.split_at(second);
                assert_eq!(reassemble([head, middle, end]), packets);
            }
        }
    }
}

#[test]
fn packets_survive_single_bytes() {
    let (bytes, packets) = stream();
    assert_eq!(reassemble(bytes.chunks(1)), packets);
}

proptest! {
    #[test]
    fn packets_survive_random_chunks(sizes in prop::collection::vec(1..40_usize, 1..200)) {
        let (bytes, packets) = stream();
        let mut rest = &bytes[..];
        let mut chunks = Vec::new();
        for size in sizes.iter().cycle() {
            if rest.is_empty() {
                break;
            }
            let (chunk, more) = rest.split_at((*size).min(rest.len()));
            chunks.push(chunk);
            rest = more;
        }
        prop_assert_eq!(reassemble(chunks), packets);
    }
}

#[test]
fn a_size_below_the_header_is_refused_and_named() {
    let mut reassembler = Reassembler::new(Framing);
    let mut chunk = reassembler.feed(&[0, 3, 0x13, 0x88]);
    let error = chunk.next_frame().unwrap_err();
    assert!(error.to_string().contains('3'), "{error}");
}

#[test]
fn a_view_borrows_from_the_frame_and_not_from_itself() {
    let bytes: Vec<u8> = stream()
        .1
        .into_iter()
        .find(|packet| packet[2..4] == [7, 0xd2])
        .unwrap();
    let position = {
        let view = MoveView::parse(&bytes).unwrap();
        view.position()
    };
    assert!((position.x() - 100.5).abs() < f32::EPSILON);
}
