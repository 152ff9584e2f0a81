//! Against a naive model: concatenate everything, then parse from the start.

use super::*;
use crate::stream::{FrameErrorKind, FrameLen, SizeHeader};
use core::cell::Cell;
use proptest::prelude::*;
use std::vec;
use std::vec::Vec;

/// A type byte and a little-endian u16 that counts the body.
const HEADER: SizeHeader = SizeHeader {
    header_len: 3,
    size_offset: 1,
    size_width: 2,
    little_endian: true,
    excluded: 3,
    max_len: 300,
};

/// Frames that end with a zero byte: a rule that has to search.
#[derive(Clone, Copy, Debug)]
struct ZeroEnded {
    max: usize,
}

impl Framing for ZeroEnded {
    fn frame_len(&self, bytes: &[u8], seen: usize) -> Result<FrameLen, FrameErrorKind> {
        let new = bytes.get(seen..).unwrap_or(&[]);
        let len = match new.iter().position(|byte| *byte == 0) {
            Some(at) => seen + at + 1,
            None => bytes.len() + 1,
        };
        match len {
            _ if len > self.max => {
                let claimed = i128::try_from(self.max + 1).expect("it is small");
                Err(FrameErrorKind::TooLong {
                    claimed,
                    max: self.max,
                })
            }
            _ if len > bytes.len() => Ok(FrameLen::Unknown { ask_at: len }),
            _ => Ok(FrameLen::Known(len)),
        }
    }
}

type Parsed = (Vec<Vec<u8>>, Result<(), FrameError>);

/// All frames of a stream and how it ends.
fn model(framing: &impl Framing, mut stream: &[u8]) -> Parsed {
    let mut frames = Vec::new();
    let mut position = 0;
    while !stream.is_empty() {
        match framing.frame_len(stream, 0) {
            Err(kind) => return (frames, Err(FrameError::new(position, kind))),
            Ok(FrameLen::Known(len)) if len <= stream.len() => {
                let (frame, rest) = stream.split_at(len);
                frames.push(frame.to_vec());
                stream = rest;
                position += len as u64;
            }
            Ok(_) => break,
        }
    }
    (frames, Ok(()))
}

/// One piece of the stream and how it gets in.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    /// Through a lent buffer, all frames taken.
    Lend,
    /// As a chunk, all frames taken.
    Feed,
    /// As a chunk that is dropped after one frame.
    FeedAndDrop,
}

fn take_all<F: Framing>(to: &mut Reassembler<F>, parsed: &mut Parsed) {
    loop {
        match to.next_frame() {
            Ok(Some(frame)) => parsed.0.push(frame.to_vec()),
            Ok(None) => return,
            Err(error) => {
                parsed.1 = Err(error);
                return;
            }
        }
    }
}

fn push<F: Framing>(to: &mut Reassembler<F>, mut piece: &[u8], way: Way, parsed: &mut Parsed) {
    match way {
        Way::Lend => loop {
            take_all(to, parsed);
            if piece.is_empty() || parsed.1.is_err() {
                return;
            }
            let spare = to.spare_mut();
            assert!(!spare.is_empty() || to.next_frame().is_err());
            let spare = to.spare_mut();
            let count = piece.len().min(spare.len());
            let (now, later) = piece.split_at(count);
            spare
                .get_mut(..count)
                .expect("it fits")
                .copy_from_slice(now);
            piece = later;
            to.advance(count);
        },
        Way::Feed | Way::FeedAndDrop => {
            let mut chunk = to.feed(piece);
            loop {
                match chunk.next_frame() {
                    Ok(Some(frame)) => parsed.0.push(frame.to_vec()),
                    Ok(None) => return,
                    Err(error) => {
                        parsed.1 = Err(error);
                        return;
                    }
                }
                if way == Way::FeedAndDrop {
                    return;
                }
            }
        }
    }
}

/// Pushes the pieces and compares with the model, and the end state with what must be left.
#[track_caller]
fn check<F: Framing + Copy>(framing: F, read_len: usize, pieces: &[(&[u8], Way)]) {
    let stream: Vec<u8> = pieces
        .iter()
        .flat_map(|(bytes, _)| *bytes)
        .copied()
        .collect();
    let expected = model(&framing, &stream);
    let mut parsed = (Vec::new(), Ok(()));
    let mut reassembler = Reassembler::with_read_len(framing, read_len);
    for (bytes, way) in pieces {
        push(&mut reassembler, bytes, *way, &mut parsed);
    }
    take_all(&mut reassembler, &mut parsed);
    assert_eq!(parsed, expected);

    let taken: usize = expected.0.iter().map(Vec::len).sum();
    assert_eq!(reassembler.position(), taken as u64);
    if let Err(error) = expected.1 {
        assert_eq!(error.position(), taken as u64);
        assert_eq!(reassembler.feed(&[0; 9]).next_frame(), Err(error));
        assert_eq!(reassembler.next_frame(), Err(error));
        assert!(reassembler.spare_mut().is_empty());
        assert_eq!((reassembler.capacity(), reassembler.buffered()), (0, 0));
    } else {
        assert_eq!(reassembler.buffered(), stream.len() - taken);
        reassembler.release();
        assert_eq!(reassembler.buffered(), stream.len() - taken);
        assert!(reassembler.buffered() > 0 || reassembler.capacity() == 0);
    }
}

/// Four frames, the second one empty, and the start of a fifth.
const STREAM: &[u8] = &[
    1, 2, 0, 10, 11, 2, 0, 0, 3, 1, 0, 0xff, 4, 4, 0, 1, 2, 3, 4, 5, 9, 0, 7,
];

#[test]
fn every_split_in_two_and_three_gives_the_same_frames() {
    let ways = [Way::Lend, Way::Feed, Way::FeedAndDrop];
    for first in 0..=STREAM.len() {
        let (head, tail) = STREAM.split_at(first);
        for second in 0..=tail.len() {
            let (middle, end) = tail.split_at(second);
            for way in ways {
                check(HEADER, 8192, &[(head, way), (middle, way), (end, way)]);
                check(
                    HEADER,
                    1,
                    &[(head, Way::Feed), (middle, way), (end, Way::Lend)],
                );
                let zero_ended = ZeroEnded { max: 20 };
                check(
                    zero_ended,
                    4,
                    &[(head, way), (middle, Way::Lend), (end, way)],
                );
            }
        }
    }
}

#[test]
fn frames_that_lie_whole_in_a_chunk_are_slices_of_it() {
    let mut reassembler = Reassembler::new(HEADER);
    let mut chunk = reassembler.feed(STREAM);
    let mut at = 0;
    while let Some(frame) = chunk.next_frame().expect("the stream is valid") {
        let place = STREAM.get(at..).expect("frames are part of the stream");
        assert!(core::ptr::eq(frame.as_ptr(), place.as_ptr()));
        at += frame.len();
    }
    drop(chunk);
    assert_eq!(reassembler.buffered(), STREAM.len() - at);
}

#[test]
fn a_refused_stream_stays_refused_until_reset() {
    let bad = [1, 0, 0, 7, 0xff, 0xff];
    check(HEADER, 64, &[(&bad, Way::Feed)]);
    check(HEADER, 64, &[(&bad, Way::Lend), (STREAM, Way::Lend)]);

    let mut reassembler = Reassembler::new(HEADER);
    let mut chunk = reassembler.feed(&bad);
    assert_eq!(chunk.next_frame(), Ok(Some(&bad[..3])));
    let kind = FrameErrorKind::TooLong {
        claimed: 0xffff + 3,
        max: 300,
    };
    assert_eq!(chunk.next_frame(), Err(FrameError::new(3, kind)));
    assert_eq!(chunk.next_frame(), Err(FrameError::new(3, kind)));
    drop(chunk);
    assert_eq!(reassembler.next_frame(), Err(FrameError::new(3, kind)));
    reassembler.reset();
    assert_eq!(reassembler.position(), 0);
    assert_eq!(reassembler.feed(&bad).next_frame(), Ok(Some(&bad[..3])));
}

#[test]
fn refuses_before_anything_of_the_frame_is_stored() {
    let mut reassembler = Reassembler::new(HEADER);
    assert!(
        reassembler
            .feed(&[1, 0xff, 0xff, 1, 2, 3])
            .next_frame()
            .is_err()
    );
    assert_eq!(reassembler.capacity(), 0);
}

#[test]
fn a_claim_alone_takes_no_memory() {
    let framing = SizeHeader {
        size_width: 8,
        header_len: 9,
        max_len: 1 << 40,
        ..HEADER
    };
    let mut start = [0; 10];
    start[5] = 0xff; // claims 0xff_0000_0000 bytes and more
    for way in [Way::Lend, Way::Feed, Way::FeedAndDrop] {
        let mut parsed = (Vec::new(), Ok(()));
        let mut reassembler = Reassembler::with_read_len(framing, 1024);
        push(&mut reassembler, &start, way, &mut parsed);
        assert_eq!(parsed, (Vec::new(), Ok(())));
        assert_eq!(reassembler.buffered(), 10);
        assert!(reassembler.capacity() <= 1024);
        assert!(reassembler.spare_mut().len() <= 1024);
        assert!(reassembler.capacity() <= 10 + 1024);
    }
}

#[test]
fn memory_grows_with_what_arrived_and_shrinks_after_a_large_frame() {
    const READ_LEN: usize = 256;
    let framing = SizeHeader {
        size_width: 3,
        header_len: 4,
        excluded: 4,
        max_len: 1 << 20,
        ..HEADER
    };
    let mut large = vec![7; 1 << 20];
    for (to, from) in large.iter_mut().zip([1, 0xfc, 0xff, 0x0f]) {
        *to = from;
    }
    for way in [Way::Lend, Way::Feed] {
        let mut parsed = (Vec::new(), Ok(()));
        let mut reassembler = Reassembler::with_read_len(framing, READ_LEN);
        let mut arrived = 0;
        for piece in large.chunks(100) {
            push(&mut reassembler, piece, way, &mut parsed);
            arrived += piece.len();
            let capacity = reassembler.capacity();
            assert!(
                capacity <= (2 * arrived).max(arrived + READ_LEN),
                "{capacity} of {arrived}"
            );
            assert!(capacity <= (1 << 20) + READ_LEN);
        }
        assert_eq!(parsed.0.len(), 1);
        assert!(reassembler.capacity() <= 4 * READ_LEN);

        // The same with the start of another frame behind it in the same piece.
        let (most, end) = large.split_at(large.len() - 50);
        push(&mut reassembler, most, way, &mut parsed);
        let behind = [end, &[1, 100, 0, 0, 9]].concat();
        push(&mut reassembler, &behind, way, &mut parsed);
        assert_eq!(parsed.0.len(), 2);
        assert_eq!(reassembler.buffered(), 5);
        assert!(
            reassembler.capacity() <= 4 * READ_LEN,
            "{}",
            reassembler.capacity()
        );
        assert_eq!(reassembler.position(), 2 << 20);
    }
}

#[test]
fn an_idle_connection_holds_no_memory() {
    let mut reassembler = Reassembler::new(HEADER);
    assert_eq!(reassembler.spare_mut().len(), DEFAULT_READ_LEN);
    reassembler.advance(0);
    assert_eq!(reassembler.capacity(), 0);
    let spare = reassembler.spare_mut();
    spare
        .get_mut(..3)
        .expect("it fits")
        .copy_from_slice(&[1, 0, 0]);
    reassembler.advance(3);
    assert_eq!(reassembler.next_frame(), Ok(Some(&[1, 0, 0][..])));
    assert_eq!(reassembler.next_frame(), Ok(None));
    assert_eq!(reassembler.capacity(), DEFAULT_READ_LEN);
    reassembler.release();
    assert_eq!(reassembler.capacity(), 0);
}

#[test]
fn frames_that_nobody_takes_do_not_make_lent_storage_grow() {
    let mut reassembler = Reassembler::with_read_len(HEADER, 8);
    let mut arrived = 0;
    for _ in 0..100 {
        let spare = reassembler.spare_mut();
        spare.fill(0); // empty frames
        let count = spare.len();
        reassembler.advance(count);
        arrived += count;
    }
    assert_eq!(arrived, 8);
    reassembler.advance(usize::MAX);
    assert_eq!(reassembler.buffered(), 8);
}

/// Counts how often it is asked.
struct Counting<'a>(&'a Cell<usize>);

impl Framing for Counting<'_> {
    fn frame_len(&self, bytes: &[u8], seen: usize) -> Result<FrameLen, FrameErrorKind> {
        self.0.set(self.0.get() + 1);
        HEADER.frame_len(bytes, seen)
    }
}

#[test]
fn bytes_that_dribble_in_are_looked_at_once() {
    let frame = [&[1, 200, 0][..], &[5; 200]].concat();
    for way in [Way::Lend, Way::Feed] {
        let asked = Cell::new(0);
        let mut parsed = (Vec::new(), Ok(()));
        let mut reassembler = Reassembler::with_read_len(Counting(&asked), 16);
        for byte in &frame {
            push(&mut reassembler, &[*byte], way, &mut parsed);
            reassembler.spare_mut();
        }
        assert_eq!(parsed.0, [&frame[..]]);
        assert_eq!(
            asked.get(),
            3,
            "twice with one byte, as it could be a whole frame, and once with the whole size field"
        );
    }
}

/// Answers what no framing may answer.
struct Lying(FrameLen);

impl Framing for Lying {
    fn frame_len(&self, _: &[u8], _: usize) -> Result<FrameLen, FrameErrorKind> {
        Ok(self.0)
    }
}

#[test]
fn a_framing_that_breaks_its_word_cannot_make_it_loop() {
    let mut parsed = (Vec::new(), Ok(()));
    let mut reassembler = Reassembler::new(Lying(FrameLen::Known(0)));
    push(&mut reassembler, &[1, 2], Way::Feed, &mut parsed);
    push(&mut reassembler, &[3], Way::Lend, &mut parsed);
    assert_eq!(parsed.0, [[1], [2], [3]]);
    let mut reassembler = Reassembler::new(Lying(FrameLen::Unknown { ask_at: 0 }));
    push(&mut reassembler, &[1, 2], Way::Feed, &mut parsed);
    push(&mut reassembler, &[3], Way::Lend, &mut parsed);
    assert_eq!(reassembler.buffered(), 3);
    let mut reassembler = Reassembler::new(Lying(FrameLen::Known(usize::MAX)));
    push(&mut reassembler, &[1, 2], Way::Feed, &mut parsed);
    push(&mut reassembler, &[3], Way::Lend, &mut parsed);
    assert_eq!(reassembler.buffered(), 3);
    assert!(reassembler.capacity() <= 3 + DEFAULT_READ_LEN);
}

#[test]
fn an_idle_stream_holds_no_more_than_four_times_the_least() {
    // A byte more than that is not in proportion, however the quotient is rounded.
    for len in 250..=270_u16 {
        let [low, high] = (len - 3).to_le_bytes();
        let mut frame = vec![0, low, high];
        frame.resize(usize::from(len), 0);
        let mut reassembler = Reassembler::with_read_len(HEADER, 1);
        let mut parsed = (Vec::new(), Ok(()));
        let (start, end) = frame.split_at(frame.len() - 1);
        push(&mut reassembler, start, Way::Feed, &mut parsed);
        push(&mut reassembler, end, Way::Lend, &mut parsed);
        take_all(&mut reassembler, &mut parsed);
        assert_eq!(parsed.0, [frame]);
        assert!(
            reassembler.capacity() <= 4 * 64,
            "{}",
            reassembler.capacity()
        );
    }
}

fn way() -> impl Strategy<Value = Way> {
    prop_oneof![4 => Just(Way::Lend), 4 => Just(Way::Feed), 1 => Just(Way::FeedAndDrop)]
}

/// Frames of valid length, now and then followed by something else.
fn stream() -> impl Strategy<Value = Vec<u8>> {
    let length = prop_oneof![8 => 0_u16..20, 2 => 0_u16..=297, 1 => 290_u16..310];
    let frame = (any::<u8>(), length).prop_map(|(kind, len)| {
        let [low, high] = len.to_le_bytes();
        let mut frame = vec![kind; usize::from(len) + 3];
        if let [_, to_low, to_high, ..] = frame.as_mut_slice() {
            (*to_low, *to_high) = (low, high);
        }
        frame
    });
    let garbage = prop::collection::vec(any::<u8>(), 0..30);
    (prop::collection::vec(frame, 0..20), garbage)
        .prop_map(|(frames, garbage)| [frames.concat(), garbage].concat())
}

/// The stream cut at random places.
fn cut<'a>(mut stream: &'a [u8], cuts: &[(usize, Way)]) -> Vec<(&'a [u8], Way)> {
    let mut pieces = Vec::new();
    for (len, way) in cuts.iter().cycle().take(10_000) {
        let (piece, rest) = stream.split_at((*len).min(stream.len()));
        pieces.push((piece, *way));
        stream = rest;
        if stream.is_empty() {
            break;
        }
    }
    pieces.push((stream, Way::Feed));
    pieces
}

proptest! {
    #[test]
    fn agrees_with_the_model_on_any_chunks(
        stream in stream(),
        cuts in prop::collection::vec((prop_oneof![0_usize..8, 0_usize..400], way()), 1..20),
        read_len in prop_oneof![1_usize..20, 200_usize..1000],
    ) {
        let pieces = cut(&stream, &cuts);
        check(HEADER, read_len, &pieces);
        check(ZeroEnded { max: 40 }, read_len, &pieces);
    }

    #[test]
    fn memory_stays_below_the_longest_frame_and_one_read(
        stream in stream(),
        cuts in prop::collection::vec((1_usize..400, way()), 1..20),
        read_len in prop_oneof![1_usize..20, 200_usize..1000],
    ) {
        let mut parsed = (Vec::new(), Ok(()));
        let mut reassembler = Reassembler::with_read_len(HEADER, read_len);
        let pieces = cut(&stream, &cuts);
        let longest = pieces.iter().map(|(piece, _)| piece.len()).max().unwrap_or(0);
        for (piece, way) in pieces {
            push(&mut reassembler, piece, way, &mut parsed);
            prop_assert!(reassembler.capacity() <= HEADER.max_len + read_len.max(longest));
            take_all(&mut reassembler, &mut parsed);
            let held = reassembler.buffered();
            prop_assert!(held > 0 || reassembler.capacity() <= 4 * read_len.max(64));
        }
    }
}
