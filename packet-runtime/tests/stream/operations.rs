//! Operations on a reassembler that bytes stand for, and a naive model: concatenate everything, parse from the start.
//!
//! The property tests make such bytes, and so does a fuzzer, whose finds are replayed.

use packet_runtime::stream::{
    Delimiter, Ends, Fixed, FixedSize, FrameLen, Framing, IdCoding, IdField, PerId, Reassembler,
    Resync, SizeBits, SizeHeader, SizeVarint, Storage, UntilClose,
};
use packet_runtime::{FrameError, FrameErrorKind};
use std::fmt::Debug;

/// How many framings [`run`] knows.
pub(crate) const FRAMINGS: u8 = 17;

/// What stands in front of the operations: the framing, the storage and the length of a read.
pub(crate) fn header(framing: u8, storage: u8, read_len: u8) -> [u8; 3] {
    [framing, storage, read_len]
}

/// One operation: its kind, how many frames to take, and the bytes that come, at most 255.
pub(crate) fn operation(kind: u8, take: u8, bytes: &[u8]) -> Vec<u8> {
    let len = u8::try_from(bytes.len()).expect("they are at most 255");
    [&[(kind % 8) | ((take % 8) << 3), len], bytes].concat()
}

/// Runs the operations that `data` stands for.
///
/// # Panics
/// If a reassembler does anything else than the model.
pub(crate) fn run(data: &[u8]) {
    let [framing, storage, read_len, operations @ ..] = data else {
        return;
    };
    let header = |width, excluded| SizeHeader {
        header_len: 4,
        size_offset: 1,
        size_width: width,
        little_endian: width == 1,
        excluded,
        max_len: 300,
    };
    let id = IdField {
        behind: None,
        offset: 3,
        coding: IdCoding::Fixed {
            width: 1,
            little_endian: false,
            shift: 0,
            bits: 8,
        },
    };
    let run = Run {
        storage: *storage,
        read_len: usize::from(*read_len),
        operations,
    };
    let lines = Delimiter {
        bytes: b"\r\n",
        min_before: 1,
        max_len: 64,
    };
    let limits: fn(u64) -> Option<(usize, usize)> = |id| match id {
        1 => Some((4, 4)),
        2..=9 => Some((6, 40)),
        _ => None,
    };
    let per_id = PerId {
        framing: header(1, 4),
        id,
        limits,
    };
    match framing % FRAMINGS {
        0 => run.with(header(2, 0)),
        1 => run.with(header(1, 4)),
        2 => run.with(SizeBits {
            header: header(2, 2),
            shift: 4,
            bits: 7,
        }),
        3 => run.with(SizeVarint {
            size_offset: 1,
            max_width: 3,
            excluded: 1,
            min_rest: 2,
            max_len: 300,
        }),
        4 => run.with(FixedSize { len: 7 }),
        5 => run.with(lines),
        6 => run.with(UntilClose {
            min_len: 2,
            max_len: 200,
        }),
        7 => run.with(Resync {
            framing: header(1, 4),
            magic: &[0xfe],
        }),
        8 => run.with(Resync {
            framing: per_id,
            magic: &[0xbe],
        }),
        9 => run.with(PerId {
            framing: lines,
            id: IdField { offset: 0, ..id },
            limits,
        }),
        10 => run.with(Resync {
            framing: FixedSize { len: 7 },
            magic: &[1, 1, 2],
        }),
        11 => run.with(Resync {
            framing: lines,
            magic: b"GO",
        }),
        bundled => run.bundled(bundled),
    }
}

/// Numbers of the framings that are those of bundled schemas, by their names.
#[allow(dead_code)] // for who makes operations of their vectors
pub(crate) const BUNDLED: [(&str, u8); 5] = [
    ("game", 12),
    ("modbus", 13),
    ("mavlink", 14),
    ("mqtt", 15),
    ("postgres", 16),
];

struct Run<'a> {
    storage: u8,
    read_len: usize,
    operations: &'a [u8],
}

impl Run<'_> {
    /// The framings of bundled schemas.
    fn bundled(self, number: u8) {
        let counted = |size_offset, size_width, header_len| SizeHeader {
            header_len,
            size_offset,
            size_width,
            little_endian: false,
            excluded: 0,
            max_len: 300,
        };
        match number {
            12 => self.with(counted(0, 2, 4)),
            13 => self.with(SizeHeader {
                excluded: 6,
                ..counted(4, 2, 8)
            }),
            14 => self.with(Resync {
                framing: SizeHeader {
                    excluded: 8,
                    ..counted(1, 1, 8)
                },
                magic: &[0xfe],
            }),
            15 => self.with(SizeVarint {
                size_offset: 1,
                max_width: 4,
                excluded: 0,
                min_rest: 0,
                max_len: 300,
            }),
            _ => self.with(SizeHeader {
                excluded: 1,
                ..counted(1, 4, 5)
            }),
        }
    }

    fn with<F: Framing + Copy + Debug>(self, framing: F) {
        if self.storage.is_multiple_of(2) {
            let reassembler = Reassembler::with_read_len(framing, self.read_len);
            Machine::new(framing, reassembler, usize::MAX).run(self.operations);
        } else {
            // Longer than some frames and shorter than others.
            let mut memory = vec![0; 8 + usize::from(self.storage) * 2];
            let limit = memory.len();
            let storage = Fixed::new(&mut memory[..]);
            let reassembler = Reassembler::with_storage(framing, storage);
            Machine::new(framing, reassembler, limit).run(self.operations);
        }
    }
}

/// What a stream should give.
#[derive(Debug, Default, PartialEq)]
struct Expected {
    frames: Vec<Vec<u8>>,
    position: u64,
    skipped: u64,
    refused: Option<FrameError>,
}

/// Whether whoever decodes a frame would find it good.
fn is_good(frame: &[u8]) -> bool {
    frame.last().is_none_or(|last| last & 7 != 7)
}

/// The model: what a stream gives of which these bytes came, and perhaps its end.
fn parse(framing: &impl Framing, stream: &[u8], ended: bool, limit: usize) -> Expected {
    let mut expected = Expected::default();
    let mut at = 0;
    loop {
        let rest = &stream[at..];
        expected.position = at as u64;
        if rest.is_empty() {
            let empty = matches!(framing.ends(), Ends::Stream { min_len: 0 });
            if ended && at == 0 && empty {
                expected.frames.push(Vec::new());
            }
            if !(ended && at == 0 && matches!(framing.ends(), Ends::Stream { .. })) || empty {
                return expected;
            }
        }
        let too_long = |len: usize| FrameErrorKind::TooLong {
            claimed: len as i128,
            max: limit,
        };
        let found = match rest {
            [] => Ok(FrameLen::Unknown { ask_at: 1 }),
            rest => framing.frame_len(&rest[..rest.len().min(limit)], 0),
        };
        let broken = match found {
            Err(kind) => kind,
            Ok(FrameLen::Known(len)) if len > limit => too_long(len),
            Ok(FrameLen::Unknown { .. }) if rest.len() >= limit => too_long(limit + 1),
            Ok(FrameLen::Known(len)) if len <= rest.len() => {
                if is_good(&rest[..len]) {
                    expected.frames.push(rest[..len].to_vec());
                    at += len;
                    continue;
                }
                FrameErrorKind::Rejected
            }
            Ok(_) if !ended => return expected,
            Ok(found) => {
                let received = rest.len();
                match (framing.ends(), found) {
                    (Ends::Stream { min_len }, _) if received >= min_len => {
                        if is_good(rest) {
                            expected.frames.push(rest.to_vec());
                            expected.position = stream.len() as u64;
                            return expected;
                        }
                        FrameErrorKind::Rejected
                    }
                    (Ends::Stream { min_len }, _) => FrameErrorKind::CutOff {
                        received,
                        needed: min_len,
                    },
                    (_, FrameLen::Known(needed) | FrameLen::Unknown { ask_at: needed }) => {
                        FrameErrorKind::CutOff { received, needed }
                    }
                }
            }
        };
        let magic = framing.magic();
        if magic.is_empty() {
            expected.refused = Some(FrameError::new(at as u64, broken));
            return expected;
        }
        let start = at;
        at += 1;
        while !(stream[at..].starts_with(magic) || magic.starts_with(&stream[at..])) {
            at += 1;
        }
        expected.skipped += (at - start) as u64;
    }
}

/// A reassembler, and what it was told and gave since it was reset.
struct Machine<F, S> {
    framing: F,
    reassembler: Reassembler<F, S>,
    /// Most bytes of a frame that can be stored.
    limit: usize,
    stream: Vec<u8>,
    frames: Vec<Vec<u8>>,
    refused: Option<FrameError>,
    ended: bool,
}

impl<F: Framing + Copy, S: Storage> Machine<F, S> {
    fn new(framing: F, reassembler: Reassembler<F, S>, limit: usize) -> Self {
        Self {
            framing,
            reassembler,
            limit,
            stream: Vec::new(),
            frames: Vec::new(),
            refused: None,
            ended: false,
        }
    }

    fn run(mut self, mut operations: &[u8]) {
        while let [operation, len, rest @ ..] = operations {
            let (bytes, rest) = rest.split_at(rest.len().min(usize::from(*len)));
            operations = rest;
            let take = match operation >> 3 & 7 {
                7 => usize::MAX,
                take => usize::from(take),
            };
            match operation & 7 {
                _ if self.ended => self.reset(),
                0 | 1 => self.lend(bytes, take),
                2 => self.feed(bytes, take),
                3 => self.feed_and_keep_the_rest(bytes, take),
                4 => self.take(take),
                5 => {
                    self.take(usize::MAX);
                    self.reassembler.release();
                }
                6 => self.finish(),
                _ if take == 0 => self.reset(),
                _ => self.reassembler.advance(0),
            }
            self.compare(false);
        }
        if !self.ended {
            self.take(usize::MAX);
            self.compare(true);
            self.finish();
        }
        self.compare(true);
    }

    fn reset(&mut self) {
        self.reassembler.reset();
        self.stream.clear();
        self.frames.clear();
        self.refused = None;
        self.ended = false;
    }

    fn lend(&mut self, mut bytes: &[u8], take: usize) {
        while !bytes.is_empty() {
            if self.reassembler.spare_mut().is_empty() {
                self.take(usize::MAX);
                if self.refused.is_some() {
                    break;
                }
            }
            let spare = self.reassembler.spare_mut();
            assert!(!spare.is_empty(), "a read of nothing means the end");
            let count = spare.len().min(bytes.len());
            let (now, later) = bytes.split_at(count);
            spare[..count].copy_from_slice(now);
            self.reassembler.advance(count);
            self.stream.extend(now);
            bytes = later;
            self.take(take);
        }
    }

    fn feed(&mut self, bytes: &[u8], take: usize) {
        if self.limit < usize::MAX {
            // A chunk that is dropped may be more than such storage can hold.
            return self.feed_and_keep_the_rest(bytes, take);
        }
        self.stream.extend(bytes);
        let mut chunk = self.reassembler.feed(bytes);
        for _ in 0..take {
            match chunk.next_frame() {
                Ok(Some(frame)) if is_good(frame) => self.frames.push(frame.to_vec()),
                Ok(Some(_)) => chunk.reject(),
                Ok(None) => break,
                Err(error) => {
                    self.refused = Some(error);
                    break;
                }
            }
        }
    }

    fn feed_and_keep_the_rest(&mut self, mut bytes: &[u8], take: usize) {
        self.stream.extend(bytes);
        let mut first = true;
        while self.refused.is_none() && (first || !bytes.is_empty()) {
            first = false;
            let mut chunk = self.reassembler.feed(bytes);
            for _ in 0..take.max(1) {
                match chunk.next_frame() {
                    Ok(Some(frame)) if is_good(frame) => self.frames.push(frame.to_vec()),
                    Ok(Some(_)) => chunk.reject(),
                    Ok(None) => break,
                    Err(error) => {
                        self.refused = Some(error);
                        break;
                    }
                }
            }
            bytes = chunk.into_rest();
        }
    }

    fn take(&mut self, count: usize) {
        for _ in 0..count {
            match self.reassembler.next_frame() {
                Ok(Some(frame)) if is_good(frame) => self.frames.push(frame.to_vec()),
                Ok(Some(_)) => self.reassembler.reject(),
                Ok(None) => return,
                Err(error) => {
                    assert!(self.refused.is_none_or(|refused| refused == error));
                    self.refused = Some(error);
                    return;
                }
            }
        }
    }

    fn finish(&mut self) {
        self.ended = true;
        loop {
            match self.reassembler.finish() {
                Ok(Some(frame)) if is_good(frame) => self.frames.push(frame.to_vec()),
                Ok(Some(_)) => self.reassembler.reject(),
                Ok(None) => break,
                Err(error) => {
                    self.refused = Some(error);
                    break;
                }
            }
        }
        assert_eq!(self.reassembler.buffered(), 0);
        self.compare(true);
    }

    /// Compares with the model; `all` if every frame was taken.
    fn compare(&self, all: bool) {
        let expected = parse(&self.framing, &self.stream, self.ended, self.limit);
        if !all && self.refused.is_none() {
            assert!(expected.frames.starts_with(&self.frames));
            assert!(self.reassembler.position() <= expected.position);
            assert!(self.reassembler.skipped() <= expected.skipped);
            return;
        }
        assert_eq!(self.frames, expected.frames);
        assert_eq!(self.reassembler.position(), expected.position);
        assert_eq!(self.reassembler.skipped(), expected.skipped);
        assert_eq!(self.reassembler.broken().is_some(), expected.skipped > 0);
        assert_eq!(self.refused, expected.refused);
    }
}
