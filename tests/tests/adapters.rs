//! Every vector of the game protocol through the readers and writers over `std::io` and tokio.
#![allow(clippy::unwrap_used)] // a test fails where it panics

use packet_runtime::io::{PacketReader, PacketWriter, Parse};
use packet_runtime::tokio::Connection;
use packet_tests::codecs::GAME;
use packet_tests::frames;
use packet_tests::game::{Framing, Packet, PacketView};
use std::io::Read;

const PARSE: Parse<Packet> = |frame| Ok(PacketView::parse(frame)?.into());

/// All valid vectors as packets, and their bytes one after the other.
fn stream() -> (Vec<Packet>, Vec<u8>) {
    let frames = frames::packets(GAME, None);
    let packets = frames.iter().map(|frame| PARSE(frame).unwrap());
    (packets.collect(), frames.concat())
}

/// A reader that gives at most this many bytes at once.
struct Few<'a>(&'a [u8], usize);

impl Read for Few<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = buffer.len().min(self.1);
        self.0.read(&mut buffer[..count])
    }
}

#[test]
fn packets_survive_std_io() {
    let (packets, bytes) = stream();
    let mut writer = PacketWriter::new(Vec::new());
    for packet in &packets {
        writer.feed(packet).unwrap();
    }
    writer.flush().unwrap();
    assert_eq!(writer.into_inner(), bytes);
    for most in 1..=bytes.len() {
        let reader = PacketReader::new(Few(&bytes, most), Framing, PARSE);
        let read: Result<Vec<Packet>, _> = reader.collect();
        assert_eq!(read.unwrap(), packets);
    }
}

#[tokio::test]
async fn packets_survive_tokio() {
    let (packets, bytes) = stream();
    for room in [1, 2, 3, 50, bytes.len()] {
        let (near, far) = tokio::io::duplex(room);
        let sent = packets.clone();
        let sending = tokio::spawn(async move {
            let mut connection = Connection::new(near, Framing, PARSE);
            for packet in &sent {
                connection.feed(packet).unwrap();
            }
            connection.shutdown().await.unwrap();
        });
        let mut connection = Connection::new(far, Framing, PARSE);
        for packet in &packets {
            assert_eq!(connection.next().await.unwrap().unwrap(), *packet);
        }
        assert_eq!(connection.next_frame().await.unwrap(), None);
        sending.await.unwrap();
    }
}
