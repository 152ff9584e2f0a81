//! Real traffic: `tests/data/peers/*.txt`, what programs of others said to each other.
#![allow(clippy::unwrap_used)] // a test fails where it panics

use packet_runtime::{Reassembler, SizeHeader};
use packet_tests::peers::{Connection, Side, connections};

const RECORDINGS: [(&str, &str); 6] = [
    ("mavlink1", include_str!("../data/peers/mavlink1.txt")),
    ("mavlink2", include_str!("../data/peers/mavlink2.txt")),
    (
        "mavlink2-signed",
        include_str!("../data/peers/mavlink2-signed.txt"),
    ),
    ("modbus", include_str!("../data/peers/modbus.txt")),
    ("mqtt", include_str!("../data/peers/mqtt.txt")),
    ("postgres", include_str!("../data/peers/postgres.txt")),
];

fn recording(name: &str) -> Vec<Connection<'static>> {
    let (_, text) = RECORDINGS.iter().find(|(known, _)| *known == name).unwrap();
    connections(text)
}

#[test]
fn recordings_are_small_and_say_of_whom() {
    for (name, text) in RECORDINGS {
        assert!(text.len() < 60_000, "{name}");
        assert!(text.starts_with("# "), "{name}");
        let connections = connections(text);
        assert!(!connections.is_empty(), "{name}");
        for connection in connections {
            assert_eq!(
                connection.reads[0].0,
                Side::Client,
                "{name}: {}",
                connection.name
            );
        }
    }
}

/// The frames of everything that one side sent, fed as it was read.
fn frames(name: &str, framing: SizeHeader) -> Vec<Vec<u8>> {
    let mut frames = Vec::new();
    for connection in recording(name) {
        for side in [Side::Client, Side::Server] {
            let mut reassembler = Reassembler::new(framing);
            for (_, bytes) in connection
                .reads
                .iter()
                .filter(|(sender, _)| *sender == side)
            {
                let mut chunk = reassembler.feed(bytes);
                while let Some(frame) = chunk.next_frame().unwrap() {
                    frames.push(frame.to_vec());
                }
            }
            assert_eq!(reassembler.buffered(), 0, "{}", connection.name);
        }
    }
    frames
}

#[test]
fn a_size_header_cuts_what_modbus_sends() {
    let modbus = SizeHeader {
        header_len: 6,
        size_offset: 4,
        size_width: 2,
        little_endian: false,
        excluded: 6,
        max_len: 260,
    };
    let frames = frames("modbus", modbus);
    assert_eq!(frames.len(), 38);
    // Requests first, then the answers, each with a number of its own.
    for (number, pair) in (1_u16..).zip(frames[..19].iter().zip(&frames[19..])) {
        assert_eq!(pair.0[..2], number.to_be_bytes());
        assert_eq!(pair.1[..2], number.to_be_bytes());
    }
}

#[test]
fn a_size_header_cuts_what_mavlink_sends() {
    let mavlink = SizeHeader {
        header_len: 6,
        size_offset: 1,
        size_width: 1,
        little_endian: true,
        excluded: 8,
        max_len: 263,
    };
    let frames = frames("mavlink1", mavlink);
    assert_eq!(frames.len(), 12);
    assert!(frames.iter().all(|frame| frame[0] == 0xfe));
}
