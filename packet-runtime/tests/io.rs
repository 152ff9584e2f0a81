//! Reading and writing packets over `std::io`.
#![cfg(feature = "std")]
#![allow(clippy::unwrap_used)] // a test fails where it panics

mod notes;

use notes::{FRAMING, Note, notes, parse};
use packet_runtime::io::{PacketReader, PacketWriter, ReadError};
use packet_runtime::stream::{Budget, Delimiter, FixedSize, Resync, UntilClose};
use packet_runtime::{FrameErrorKind, Reassembler};
use std::io::{self, ErrorKind, IoSlice, Read, Write};

/// A socket that gives and takes at most `most` bytes at once, and fails before each time by each of these errors.
struct Rough<'a> {
    data: Vec<u8>,
    at: usize,
    most: usize,
    errors: &'a [ErrorKind],
    failed: usize,
    writes: usize,
}

impl<'a> Rough<'a> {
    fn new(data: &[u8], most: usize, errors: &'a [ErrorKind]) -> Self {
        Self {
            data: data.to_vec(),
            at: 0,
            most,
            errors,
            failed: 0,
            writes: 0,
        }
    }

    fn fail(&mut self) -> io::Result<()> {
        if let Some(error) = self.errors.get(self.failed) {
            self.failed += 1;
            return Err((*error).into());
        }
        self.failed = 0;
        Ok(())
    }
}

impl Read for Rough<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.fail()?;
        let rest = &self.data[self.at..];
        let count = rest.len().min(self.most).min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        self.at += count;
        Ok(count)
    }
}

impl Write for Rough<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_vectored(&[IoSlice::new(bytes)])
    }

    fn write_vectored(&mut self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        self.fail()?;
        self.writes += 1;
        let before = self.data.len();
        for slice in slices {
            let left = self.most - (self.data.len() - before);
            self.data.extend(slice.iter().take(left));
        }
        Ok(self.data.len() - before)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn would_block(error: &ReadError) -> bool {
    matches!(error, ReadError::Io(error) if error.kind() == ErrorKind::WouldBlock)
}

#[test]
fn packets_come_in_pieces_of_any_size() {
    let (notes, bytes) = notes();
    for most in [1, 2, 3, 7, 1000, usize::MAX] {
        let socket = Rough::new(&bytes, most, &[ErrorKind::Interrupted]);
        let reader = PacketReader::new(socket, FRAMING, parse);
        let read: Vec<Note> = reader.map(Result::unwrap).collect();
        assert_eq!(read, notes);
    }
}

#[test]
fn a_read_that_would_block_loses_nothing() {
    let (notes, bytes) = notes();
    for most in [1, 1000, usize::MAX] {
        let socket = Rough::new(&bytes, most, &[ErrorKind::WouldBlock]);
        let mut reader = PacketReader::frames(socket, FRAMING);
        let mut read = Vec::new();
        loop {
            let held = match reader.next_frame() {
                Ok(Some(frame)) => {
                    read.push(parse(frame).unwrap());
                    continue;
                }
                Ok(None) => break,
                Err(error) => {
                    assert!(would_block(&error), "{error}");
                    reader.reassembler().capacity()
                }
            };
            // Nothing is held for what did not come.
            assert!(held / 4 <= reader.reassembler().buffered() + 64, "{held}");
        }
        assert_eq!(read, notes);
    }
}

#[test]
fn the_end_is_clean_between_frames_alone() {
    let bytes = b"\0\x03a\0\x04bc";
    for end in 0..=bytes.len() {
        let mut reader = PacketReader::frames(&bytes[..end], FRAMING);
        let mut frames = 0;
        let ended = loop {
            match reader.next_frame() {
                Ok(Some(_)) => frames += 1,
                ended => break ended.map(|_| ()),
            }
        };
        assert_eq!(frames, usize::from(end >= 3) + usize::from(end >= 7));
        let cut_off = match ended {
            Ok(()) => false,
            Err(ReadError::Frame(error)) => {
                matches!(error.kind(), FrameErrorKind::CutOff { .. })
            }
            Err(error) => panic!("{error}"),
        };
        assert_eq!(cut_off, ![0, 3, 7].contains(&end), "{end}");
        // Asked again, it says the same.
        assert_eq!(reader.next_frame().is_err(), cut_off);
    }
}

#[test]
fn a_frame_over_the_limit_is_refused_and_takes_no_memory() {
    let bytes = [&b"\0\x03a\xff\xff"[..], &vec![7; 100_000]].concat();
    let mut reader = PacketReader::frames(&bytes[..], FRAMING);
    assert_eq!(reader.next_frame().unwrap(), Some(&b"\0\x03a"[..]));
    for _ in 0..2 {
        let Err(ReadError::Frame(error)) = reader.next_frame() else {
            panic!("not refused");
        };
        assert_eq!(error.position(), 3);
        let (claimed, max) = (0xffff, 40_000);
        assert_eq!(error.kind(), FrameErrorKind::TooLong { claimed, max });
    }
    assert_eq!(reader.reassembler().capacity(), 0);

    let mut reader = PacketReader::new(&bytes[..], FRAMING, parse);
    assert_eq!(reader.by_ref().filter_map(Result::ok).count(), 1);
    let error = reader.next_frame().unwrap_err();
    assert!(matches!(error, ReadError::Frame(_)), "{error}");
}

#[test]
fn a_budget_is_refilled_through_the_reader() {
    let mut reassembler = Reassembler::new(FixedSize { len: 1 });
    let one = Budget {
        frames: 1,
        bytes: 10,
    };
    reassembler.refill(one);
    let parse = |frame: &[u8]| Ok(frame.to_vec());
    let mut reader = PacketReader::with_reassembler(&b"abc"[..], reassembler, parse);
    assert_eq!(reader.next_frame().unwrap(), Some(&b"a"[..]));
    reader.reassembler_mut().refill(one);
    assert_eq!(reader.next_frame().unwrap(), Some(&b"b"[..]));
    let error = reader.next_frame().unwrap_err();
    let text = "frame at byte 2 of the stream is one more than the 1 that were granted";
    assert_eq!(error.to_string(), text);
}

#[test]
fn a_packet_that_is_wrong_is_told_and_the_next_one_comes() {
    let bytes = b"\0\x03a\0\x04\0b\0\x03c";
    let mut reader = PacketReader::new(&bytes[..], FRAMING, parse);
    assert_eq!(reader.next().unwrap().unwrap(), Note(b"a".to_vec()));
    let error = reader.next().unwrap().unwrap_err();
    let text = "frame at byte 3 of the stream: Note.text at byte 2: ";
    assert!(error.to_string().starts_with(text), "{error}");
    assert_eq!(reader.next().unwrap().unwrap(), Note(b"c".to_vec()));
    assert!(reader.next().is_none());
}

#[test]
fn where_there_is_a_magic_packets_inside_a_wrong_one_come_as_well() {
    let framing = Resync {
        framing: FixedSize { len: 4 },
        magic: b"M",
    };
    let parse = |frame: &[u8]| match frame.last() {
        Some(b'.') => Ok(frame.to_vec()),
        _ => Err(parse(&[0, 0, 0]).unwrap_err()),
    };
    let mut reader = PacketReader::new(&b"xxMaMab.Mcd."[..], framing, parse);
    let read: Vec<_> = reader.by_ref().filter_map(Result::ok).collect();
    assert_eq!(read, [b"Mab.", b"Mcd."]);
    assert_eq!(reader.reassembler().skipped(), 4);
}

#[test]
fn other_framings_end_as_they_do() {
    let lines = Delimiter {
        bytes: b"\n",
        min_before: 0,
        max_len: 80,
    };
    let reader = PacketReader::frames(&b"a\n\nbc\n"[..], lines);
    let read: Vec<_> = reader.map(Result::unwrap).collect();
    assert_eq!(read, [&b"a\n"[..], b"\n", b"bc\n"]);

    let all = UntilClose {
        min_len: 0,
        max_len: 100_000,
    };
    let bytes = vec![7; 50_000];
    for most in [1, 100, usize::MAX] {
        let reader = PacketReader::frames(Rough::new(&bytes, most, &[]), all);
        let read: Vec<_> = reader.map(Result::unwrap).collect();
        assert_eq!(read, [&bytes[..]]);
    }
}

#[test]
fn what_was_read_can_be_taken_elsewhere() {
    let mut reader = PacketReader::frames(&b"\0\x03a\0\x04b"[..], FRAMING);
    assert!(reader.next_frame().unwrap().is_some());
    let (_, reassembler) = reader.into_parts();
    let mut reader = PacketReader::with_reassembler(&b"c"[..], reassembler, parse);
    assert_eq!(reader.next().unwrap().unwrap(), Note(b"bc".to_vec()));
}

#[test]
fn all_that_was_fed_is_one_write() {
    let (notes, bytes) = notes();
    let mut writer = PacketWriter::new(Rough::new(&[], usize::MAX, &[]));
    for note in &notes {
        writer.feed(note).unwrap();
    }
    assert_eq!(writer.backlog().len(), bytes.len());
    writer.flush().unwrap();
    assert_eq!(
        (&writer.get_ref().data, writer.get_ref().writes),
        (&bytes, 1)
    );
    writer.flush().unwrap();
    assert_eq!(writer.get_ref().writes, 1);
}

#[test]
fn writes_may_be_partial_and_interrupted() {
    let (notes, bytes) = notes();
    let errors = [ErrorKind::Interrupted, ErrorKind::WouldBlock];
    for most in [1, 3, 1000, 20_000] {
        let mut writer = PacketWriter::new(Rough::new(&[], most, &errors));
        for note in &notes {
            writer.feed(note).unwrap();
            // As much as goes without waiting.
            if let Err(error) = writer.flush() {
                assert_eq!(error.kind(), ErrorKind::WouldBlock);
            }
        }
        while let Err(error) = writer.flush() {
            assert_eq!(error.kind(), ErrorKind::WouldBlock);
        }
        assert_eq!(writer.into_inner().data, bytes);
    }
}

#[test]
fn thousands_of_pieces_are_written() {
    let large = Note(vec![1; 17_000]);
    let mut writer = PacketWriter::new(Rough::new(&[], usize::MAX, &[]));
    for _ in 0..1000 {
        writer.feed(&large).unwrap();
    }
    writer.flush().unwrap();
    assert_eq!(writer.get_ref().data.len(), 17_002_000);
    assert_eq!(writer.get_ref().writes, 16);
}

#[test]
fn a_packet_that_cannot_be_encoded_leaves_no_trace() {
    let mut writer = PacketWriter::new(Vec::new());
    assert!(writer.feed(&Note(vec![0])).is_err());
    writer.feed(&Note(b"a".to_vec())).unwrap();
    assert!(writer.feed(&Note(vec![0; 20_000])).is_err());
    writer.feed(&Note(b"b".to_vec())).unwrap();
    writer.flush().unwrap();
    assert_eq!(writer.into_inner(), b"\0\x03a\0\x03b");
}

#[test]
fn a_stream_that_takes_nothing_is_an_error() {
    let mut writer = PacketWriter::new(Rough::new(&[], 0, &[]));
    writer.feed_frame(b"a");
    assert_eq!(writer.flush().unwrap_err().kind(), ErrorKind::WriteZero);
    assert_eq!(writer.backlog().len(), 1);
}
