//! Going on behind broken frames.

use packet_runtime::stream::{
    Fixed, FrameErrorKind, FrameLen, Framing, Reassembler, Resync, SizeHeader,
};
use proptest::prelude::*;
use std::cell::Cell;

/// Two bytes of magic, a size of two bytes that counts all, and a last byte that is the sum of those before it.
const FRAMING: Resync<SizeHeader> = Resync {
    framing: SizeHeader {
        header_len: 5,
        size_offset: 2,
        size_width: 2,
        little_endian: false,
        excluded: 0,
        max_len: 65535,
    },
    magic: &[0xfe, 0xfe],
};

fn sum(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0x5a, |sum: u8, byte| {
        sum.wrapping_mul(3).wrapping_add(*byte)
    })
}

fn frame(body: &[u8]) -> Vec<u8> {
    let [high, low] = u16::try_from(body.len() + 5).unwrap().to_be_bytes();
    let mut frame = [&[0xfe, 0xfe, high, low], body].concat();
    frame.push(sum(&frame));
    frame
}

fn is_good(frame: &[u8]) -> bool {
    frame
        .split_last()
        .is_some_and(|(last, rest)| sum(rest) == *last)
}

/// The good frames of a stream that comes in pieces, and how much was skipped.
fn good_frames(pieces: &[&[u8]]) -> (Vec<Vec<u8>>, u64) {
    let mut frames = Vec::new();
    let mut reassembler = Reassembler::new(FRAMING);
    for piece in pieces {
        let mut chunk = reassembler.feed(piece);
        while let Some(frame) = chunk.next_frame().unwrap() {
            if is_good(frame) {
                frames.push(frame.to_vec());
            } else {
                chunk.reject();
            }
        }
    }
    while let Some(frame) = reassembler.finish().unwrap() {
        if is_good(frame) {
            frames.push(frame.to_vec());
        } else {
            reassembler.reject();
        }
    }
    (frames, reassembler.skipped())
}

#[test]
fn good_frames_between_noise_all_come_out() {
    let (a, b) = (frame(b"one"), frame(&[0xfe; 20]));
    let mut damaged = frame(b"three");
    damaged[6] ^= 1;
    let noise = [0, 0xfe, 1, 0xfe, 0xfe, 0, 9, 0xfe];
    let stream = [&noise[..], &a, &damaged, &b, &noise, &b[..9], &a, &[0xfe]].concat();
    let skipped = stream.len() - 2 * a.len() - b.len();
    let expected = (vec![a.clone(), b, a], skipped as u64);
    assert_eq!(good_frames(&[&stream]), expected);
    for split in 0..stream.len() {
        let (head, tail) = stream.split_at(split);
        assert_eq!(good_frames(&[head, tail]), expected);
        for second in 0..tail.len() {
            let (middle, end) = tail.split_at(second);
            assert_eq!(good_frames(&[head, middle, end]), expected);
        }
    }
}

#[test]
fn without_a_magic_a_rejected_frame_ends_the_stream() {
    let mut reassembler = Reassembler::new(FRAMING.framing);
    let stream = [frame(b"a"), frame(b"b"), frame(b"c")].concat();
    let mut chunk = reassembler.feed(&stream);
    assert!(chunk.next_frame().unwrap().is_some());
    assert!(chunk.next_frame().unwrap().is_some());
    chunk.reject();
    chunk.reject();
    let error = chunk.next_frame().unwrap_err();
    assert_eq!(
        (error.position(), error.kind()),
        (6, FrameErrorKind::Rejected)
    );
    drop(chunk);
    assert_eq!(reassembler.next_frame(), Err(error));
    assert_eq!((reassembler.position(), reassembler.buffered()), (6, 0));
}

#[test]
fn only_the_frame_returned_last_can_be_rejected() {
    let mut reassembler = Reassembler::new(FRAMING);
    reassembler.reject();
    let one = frame(b"a");
    let mut chunk = reassembler.feed(&one);
    assert!(chunk.next_frame().unwrap().is_some());
    assert_eq!(chunk.next_frame(), Ok(None));
    chunk.reject();
    drop(chunk);
    reassembler.reject();
    reassembler.spare_mut()[..one.len()].copy_from_slice(&one);
    reassembler.advance(one.len());
    assert!(reassembler.next_frame().unwrap().is_some());
    reassembler.spare_mut();
    reassembler.reject();
    assert_eq!((reassembler.position(), reassembler.skipped()), (12, 0));
}

/// Counts how often it is asked.
struct Counting<'a>(&'a Cell<usize>);

impl Framing for Counting<'_> {
    fn frame_len(&self, bytes: &[u8], seen: usize) -> Result<FrameLen, FrameErrorKind> {
        self.0.set(self.0.get() + 1);
        FRAMING.frame_len(bytes, seen)
    }

    fn magic(&self) -> &[u8] {
        FRAMING.magic
    }
}

/// Noise of nothing but magic, of which every byte begins a frame that claims 65,278 bytes, and a good frame at its end:
/// were all that is held moved for each of them, this would move 30 GB.
#[test]
fn noise_of_magic_costs_time_in_proportion_to_its_bytes() {
    let noise = vec![0xfe; 500_000];
    let good = frame(b"good");
    let stream = [&noise[..], &good].concat();
    for piece in [1, 1000, 100_000, stream.len()] {
        let asked = Cell::new(0);
        let mut found = 0;
        let mut reassembler = Reassembler::new(Counting(&asked));
        for piece in stream.chunks(piece) {
            let mut chunk = reassembler.feed(piece);
            while let Some(frame) = chunk.next_frame().unwrap() {
                if frame == good {
                    found += 1;
                } else {
                    chunk.reject();
                }
            }
            drop(chunk);
            assert!(reassembler.capacity() <= 65_535 + 2 * 8192);
        }
        while let Some(frame) = reassembler.finish().unwrap() {
            if frame == good {
                found += 1;
            } else {
                reassembler.reject();
            }
        }
        assert_eq!((found, reassembler.skipped()), (1, 500_000));
        assert!(asked.get() <= 4 * stream.len(), "{}", asked.get());
    }
    // The same through lent buffers of either storage.
    let mut memory = vec![0; 65_535 + 8192];
    let mut fixed = Reassembler::with_storage(FRAMING, Fixed::new(&mut memory[..]));
    let mut growing = Reassembler::with_read_len(FRAMING, 1024);
    let mut rests = [&stream[..], &stream];
    while rests.iter().any(|rest| !rest.is_empty()) {
        let [for_fixed, for_growing] = &mut rests;
        lend(&mut fixed, for_fixed);
        lend(&mut growing, for_growing);
        assert!(growing.capacity() <= 65_535 + 2 * 1024 + 1024);
    }
    assert!(fixed.skipped() >= 430_000);
    assert_eq!(fixed.skipped(), growing.skipped());
}

fn lend<S: packet_runtime::stream::Storage>(
    to: &mut Reassembler<Resync<SizeHeader>, S>,
    rest: &mut &[u8],
) {
    let spare = to.spare_mut();
    let (now, later) = rest.split_at(rest.len().min(spare.len()).min(100));
    spare[..now.len()].copy_from_slice(now);
    to.advance(now.len());
    *rest = later;
    while let Ok(Some(frame)) = to.next_frame() {
        if !is_short_and_good(frame) {
            to.reject();
        }
    }
}

fn is_short_and_good(frame: &[u8]) -> bool {
    frame.len() < 100 && is_good(frame)
}

proptest! {
    #[test]
    fn no_good_frame_is_lost_behind_noise_without_magic(
        parts in prop::collection::vec((prop::collection::vec(0_u8..0xfe, 0..12), prop::collection::vec(any::<u8>(), 0..20)), 0..12),
        cuts in prop::collection::vec(1_usize..30, 1..20),
    ) {
        let mut stream = Vec::new();
        let mut frames = Vec::new();
        for (noise, body) in &parts {
            stream.extend(noise);
            let frame = frame(body);
            stream.extend(&frame);
            frames.push(frame);
        }
        let skipped: usize = parts.iter().map(|(noise, _)| noise.len()).sum();
        let mut pieces = Vec::new();
        let mut rest = &stream[..];
        for len in cuts.iter().cycle() {
            if rest.is_empty() {
                break;
            }
            let (piece, more) = rest.split_at((*len).min(rest.len()));
            pieces.push(piece);
            rest = more;
        }
        prop_assert_eq!(good_frames(&pieces), (frames, skipped as u64));
    }
}
