//! What the reassembler allocates: nothing under load, and nothing for a frame that it refuses.
#![cfg(feature = "alloc")]
#![allow(clippy::unwrap_used)] // a test fails where it panics

use allocation_counter::measure;
use packet_runtime::stream::{Fixed, FixedSize, Reassembler, Resync, SizeHeader, Storage};

const FRAMING: SizeHeader = SizeHeader {
    header_len: 2,
    size_offset: 0,
    size_width: 2,
    little_endian: false,
    excluded: 0,
    max_len: 16 << 10,
};

/// Frames of 20 to 1460 bytes, and now and then one of 16 KiB.
fn stream() -> Vec<u8> {
    let mut stream = Vec::new();
    for step in 0..2000_u16 {
        let len = if step % 100 == 99 {
            16 << 10
        } else {
            20 + step % 97 * 15
        };
        stream.extend(len.to_be_bytes());
        stream.resize(stream.len() + usize::from(len) - 2, 7);
    }
    stream
}

/// Pieces of 1 to 4096 bytes, the same in every run.
fn pieces(mut stream: &[u8]) -> Vec<&[u8]> {
    let mut state = 1_u64;
    let mut pieces = Vec::new();
    while !stream.is_empty() {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let len = usize::try_from(state >> 33).unwrap() % 4096 + 1;
        let (piece, rest) = stream.split_at(len.min(stream.len()));
        pieces.push(piece);
        stream = rest;
    }
    pieces
}

fn feed<S: Storage>(to: &mut Reassembler<SizeHeader, S>, pieces: &[&[u8]]) -> usize {
    let mut frames = 0;
    for piece in pieces {
        let mut chunk = to.feed(piece);
        while chunk.next_frame().unwrap().is_some() {
            frames += 1;
        }
    }
    frames
}

fn lend<S: Storage>(to: &mut Reassembler<SizeHeader, S>, pieces: &[&[u8]]) -> usize {
    let mut frames = 0;
    for mut piece in pieces.iter().copied() {
        while !piece.is_empty() {
            let spare = to.spare_mut();
            let (now, later) = piece.split_at(piece.len().min(spare.len()));
            spare[..now.len()].copy_from_slice(now);
            to.advance(now.len());
            piece = later;
            while to.next_frame().unwrap().is_some() {
                frames += 1;
            }
        }
    }
    frames
}

#[test]
fn a_connection_under_load_allocates_nothing() {
    let stream = stream();
    let pieces = pieces(&stream);
    let mut reassembler = Reassembler::new(FRAMING);
    assert_eq!(feed(&mut reassembler, &pieces), 2000);
    let feeding = measure(|| assert_eq!(feed(&mut reassembler, &pieces), 2000));
    assert_eq!(feeding.count_total, 0);
    let mut reassembler = Reassembler::new(FRAMING);
    assert_eq!(lend(&mut reassembler, &pieces), 2000);
    let lending = measure(|| assert_eq!(lend(&mut reassembler, &pieces), 2000));
    assert_eq!(lending.count_total, 0);
    reassembler.release();
    assert_eq!(reassembler.capacity(), 0);
}

#[test]
fn fixed_storage_allocates_nothing_ever() {
    let stream = stream();
    let pieces = pieces(&stream);
    let mut memory = vec![0; 20 << 10];
    let total = measure(|| {
        let mut reassembler = Reassembler::with_storage(FRAMING, Fixed::new(&mut memory[..]));
        assert_eq!(feed(&mut reassembler, &pieces), 2000);
        assert_eq!(lend(&mut reassembler, &pieces), 2000);
    });
    assert_eq!(total.count_total, 0);
}

#[test]
fn a_refused_frame_allocates_nothing() {
    let total = measure(|| {
        let mut reassembler = Reassembler::new(FRAMING);
        assert!(
            reassembler
                .feed(&[0xff, 0xff, 1, 2, 3])
                .next_frame()
                .is_err()
        );
        assert!(reassembler.feed(&[0, 20]).next_frame().is_err());
        assert!(reassembler.next_frame().is_err());
        assert!(reassembler.spare_mut().is_empty());
    });
    assert_eq!(total.count_total, 0);
    // The same behind a part of it that had to be stored, which costs what that costs.
    let part = |bytes: &[u8]| {
        let mut reassembler = Reassembler::new(FRAMING);
        assert_eq!(reassembler.feed(&[0xff]).next_frame(), Ok(None));
        let total = measure(|| assert!(reassembler.feed(bytes).next_frame().is_err()));
        assert_eq!(reassembler.capacity(), 0);
        total.count_total
    };
    assert_eq!(part(&[0xff, 1, 2]), 0);
}

#[test]
fn noise_allocates_nothing() {
    let framing = Resync {
        framing: FixedSize { len: 20 },
        magic: &[0xfe, 0xfe],
    };
    let noise = [&[1, 0xfe, 3, 4][..], &[0xfe; 300], &[9; 40]].concat();
    let mut reassembler = Reassembler::new(framing);
    let mut run = || {
        for piece in pieces(&noise).iter().flat_map(|piece| piece.chunks(7)) {
            let mut chunk = reassembler.feed(piece);
            while chunk.next_frame().unwrap().is_some() {
                chunk.reject();
            }
        }
    };
    run();
    // The list of pieces is the test's own.
    let own = measure(|| drop(pieces(&noise))).count_total;
    assert_eq!(measure(run).count_total, own);
}

#[cfg(feature = "std")]
#[test]
fn readers_and_writers_under_load_allocate_nothing() {
    use packet_runtime::io::{PacketReader, PacketWriter};

    let twice = [stream(), stream()].concat();
    let mut reader = PacketReader::frames(&twice[..], FRAMING);
    let mut read = || {
        for _ in 0..2000 {
            assert!(reader.next_frame().unwrap().is_some());
        }
    };
    read();
    assert_eq!(measure(read).count_total, 0);

    let mut writer = PacketWriter::new(std::io::sink());
    let mut write = || {
        for number in 0..2000_usize {
            writer.feed_frame(&twice[..number % 1500]);
            if number % 9 == 0 {
                writer.flush().unwrap();
            }
        }
    };
    write();
    assert_eq!(measure(write).count_total, 0);
}
