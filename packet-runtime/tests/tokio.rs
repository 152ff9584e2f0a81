//! Reading and writing packets over tokio's traits.
#![cfg(feature = "tokio")]
#![allow(clippy::unwrap_used)] // a test fails where it panics

mod notes;

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use futures_sink::Sink;
use notes::{FRAMING, Note, notes, parse};
use packet_runtime::FrameErrorKind;
use packet_runtime::io::ReadError;
use packet_runtime::stream::{BytesCutter, FixedSize, Resync, UntilClose};
use packet_runtime::tokio::{Connection, PacketReader, PacketWriter};
use std::future::{Future, poll_fn};
use std::io::{self, IoSlice};
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, ReadBuf, duplex};
use tokio_util::codec::{Decoder, Encoder, Framed};

/// A socket that gives and takes at most `most` bytes at once, and is not ready every other time.
struct Slow {
    data: Vec<u8>,
    at: usize,
    most: usize,
    ready: bool,
    writes: usize,
    closed: bool,
}

impl Slow {
    fn new(data: &[u8], most: usize) -> Self {
        Self {
            data: data.to_vec(),
            at: 0,
            most,
            ready: true,
            writes: 0,
            closed: false,
        }
    }

    fn wait(&mut self, cx: &Context<'_>) -> bool {
        self.ready = !self.ready;
        if !self.ready {
            cx.waker().wake_by_ref();
        }
        !self.ready
    }
}

impl AsyncRead for Slow {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.wait(cx) {
            return Poll::Pending;
        }
        let rest = &self.data[self.at..];
        let count = rest.len().min(self.most).min(buffer.remaining());
        buffer.put_slice(&rest[..count]);
        self.at += count;
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Slow {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.poll_write_vectored(cx, &[IoSlice::new(bytes)])
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if self.wait(cx) {
            return Poll::Pending;
        }
        self.writes += 1;
        let before = self.data.len();
        for slice in slices {
            let left = self.most - (self.data.len() - before);
            self.data.extend(slice.iter().take(left));
        }
        Poll::Ready(Ok(self.data.len() - before))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.closed = true;
        Poll::Ready(Ok(()))
    }
}

/// Polls a new future once and drops it.
fn poll_once<T>(future: impl Future<Output = T>) -> Poll<T> {
    pin!(future).poll(&mut Context::from_waker(Waker::noop()))
}

async fn next<S: Stream + Unpin>(stream: &mut S) -> Option<S::Item> {
    poll_fn(|cx| Pin::new(&mut *stream).poll_next(cx)).await
}

#[tokio::test]
async fn packets_come_in_pieces_of_any_size() {
    let (notes, bytes) = notes();
    for most in [1, 2, 3, 7, 1000, usize::MAX] {
        let mut reader = PacketReader::new(Slow::new(&bytes, most), FRAMING, parse);
        let mut read = Vec::new();
        while let Some(note) = reader.next().await {
            read.push(note.unwrap());
        }
        assert_eq!(read, notes);
    }
}

#[test]
fn a_read_that_is_dropped_loses_nothing_and_holds_nothing() {
    let (notes, bytes) = notes();
    for most in [1, 1000, usize::MAX] {
        let mut reader = PacketReader::frames(Slow::new(&bytes, most), FRAMING);
        let mut read = Vec::new();
        loop {
            let held = match poll_once(reader.next_frame()) {
                Poll::Ready(Ok(Some(frame))) => {
                    read.push(parse(frame).unwrap());
                    continue;
                }
                Poll::Ready(Ok(None)) => break,
                Poll::Ready(Err(error)) => panic!("{error}"),
                Poll::Pending => reader.reassembler().capacity(),
            };
            assert!(held / 4 <= reader.reassembler().buffered() + 64, "{held}");
        }
        assert_eq!(read, notes);
    }
}

#[tokio::test]
async fn a_read_that_loses_a_race_loses_nothing() {
    let (notes, bytes) = notes();
    let (mut far, near) = duplex(64);
    let writing = tokio::spawn(async move {
        for piece in bytes.chunks(5) {
            far.write_all(piece).await.unwrap();
            tokio::task::yield_now().await;
        }
    });
    let mut reader = PacketReader::new(near, FRAMING, parse);
    let (mut read, mut lost) = (Vec::new(), 0);
    loop {
        tokio::select! {
            biased;
            note = reader.next() => match note {
                Some(note) => read.push(note.unwrap()),
                None => break,
            },
            () = tokio::task::yield_now() => lost += 1,
        }
    }
    writing.await.unwrap();
    assert_eq!(read, notes);
    assert!(lost > 100, "{lost}");
}

#[test]
fn a_flush_that_is_dropped_goes_on_later() {
    let (notes, bytes) = notes();
    for most in [1, 3, 1000, 20_000, usize::MAX] {
        let mut writer = PacketWriter::new(Slow::new(&[], most));
        for note in &notes {
            writer.feed(note).unwrap();
            let _ = poll_once(writer.flush()); // as much as goes without waiting
        }
        while poll_once(writer.flush()).is_pending() {}
        assert_eq!(writer.into_inner().data, bytes);
    }
}

#[tokio::test]
async fn all_that_was_fed_is_one_write() {
    let (notes, bytes) = notes();
    let mut connection = Connection::frames(Slow::new(&[], usize::MAX), FRAMING);
    for note in &notes {
        connection.feed(note).unwrap();
    }
    connection.flush().await.unwrap();
    let (io, _, backlog) = connection.into_parts();
    assert_eq!((io.data, io.writes), (bytes, 1));
    assert!(backlog.is_empty());
}

#[tokio::test]
async fn two_connections_talk() {
    let (notes, bytes) = notes();
    let (near, far) = duplex(100);
    let echo = tokio::spawn(async move {
        let mut echo = Connection::new(far, FRAMING, parse);
        while let Some(note) = echo.next().await {
            echo.feed(&note.unwrap()).unwrap();
            echo.flush().await.unwrap();
        }
        echo.shutdown().await.unwrap();
        echo.reassembler().position()
    });
    let mut connection = Connection::new(near, FRAMING, parse);
    for note in &notes {
        connection.feed(note).unwrap();
        connection.flush().await.unwrap();
        assert_eq!(connection.next().await.unwrap().unwrap(), *note);
    }
    connection.shutdown().await.unwrap();
    assert!(connection.next().await.is_none());
    assert_eq!(echo.await.unwrap(), bytes.len() as u64);
}

#[tokio::test]
async fn streams_and_sinks_are_those_of_futures() {
    let (notes, bytes) = notes();
    let mut connection = Connection::new(Slow::new(&[], 1000), FRAMING, parse);
    for note in &notes {
        poll_fn(|cx| Sink::<&Note>::poll_ready(Pin::new(&mut connection), cx))
            .await
            .unwrap();
        Pin::new(&mut connection).start_send(note).unwrap();
    }
    assert_eq!(connection.get_ref().writes, 0, "so little can wait");
    poll_fn(|cx| Sink::<&Note>::poll_flush(Pin::new(&mut connection), cx))
        .await
        .unwrap();
    assert_eq!(connection.get_ref().data, bytes);
    for note in &notes {
        assert_eq!(next(&mut connection).await.unwrap().unwrap(), *note);
    }
    assert!(next(&mut connection).await.is_none());

    let large = Note(vec![1; 30_000]);
    for _ in 0..10 {
        poll_fn(|cx| Sink::<&Note>::poll_ready(Pin::new(&mut connection), cx))
            .await
            .unwrap();
        Pin::new(&mut connection).start_send(large.clone()).unwrap();
        assert!(connection.backlog().len() < 100_000);
    }
    poll_fn(|cx| Sink::<&Note>::poll_close(Pin::new(&mut connection), cx))
        .await
        .unwrap();
    assert_eq!(connection.get_ref().data.len(), bytes.len() + 300_020);
    assert!(connection.get_ref().closed);
}

#[tokio::test]
async fn ends_and_limits_are_told() {
    let mut reader = PacketReader::frames(&b"\0\x03a\0\x04b"[..], FRAMING);
    assert_eq!(reader.next_frame().await.unwrap(), Some(&b"\0\x03a"[..]));
    for _ in 0..2 {
        let Err(ReadError::Frame(error)) = reader.next_frame().await else {
            panic!("not cut off");
        };
        let (received, needed) = (3, 4);
        assert_eq!(error.kind(), FrameErrorKind::CutOff { received, needed });
    }

    let mut reader = PacketReader::frames(&b"\xff\xffabc"[..], FRAMING);
    let error = reader.next_frame().await.unwrap_err();
    let text = "frame at byte 0 of the stream claims 65535 bytes, the maximum is 40000";
    assert_eq!(error.to_string(), text);
    assert_eq!(reader.reassembler().capacity(), 0);

    let mut reader = PacketReader::new(&b"\0\x03\0\0\x03b"[..], FRAMING, parse);
    let error = reader.next().await.unwrap().unwrap_err();
    assert!(matches!(error, ReadError::Decode { position: 0, .. }));
    assert_eq!(reader.next().await.unwrap().unwrap(), Note(b"b".to_vec()));
    assert!(reader.next().await.is_none());
}

#[tokio::test]
async fn a_codec_gives_frames_that_are_parts_of_the_buffer() {
    let (notes, bytes) = notes();
    for most in [1, 3, 1000, usize::MAX] {
        let mut framed = Framed::new(Slow::new(&bytes, most), BytesCutter::new(FRAMING));
        let mut read: Vec<Bytes> = Vec::new();
        while let Some(frame) = next(&mut framed).await {
            read.push(frame.unwrap());
        }
        let read: Vec<Note> = read.iter().map(|frame| parse(frame).unwrap()).collect();
        assert_eq!(read, notes);
    }
    let mut buffer = BytesMut::from(&bytes[..]);
    let mut cutter = BytesCutter::new(FRAMING);
    let mut at = buffer.as_ptr();
    while let Some(frame) = cutter.decode(&mut buffer).unwrap() {
        assert_eq!(frame.as_ptr(), at);
        at = at.wrapping_add(frame.len());
    }
    assert_eq!(cutter.position(), bytes.len() as u64);
}

#[tokio::test]
async fn a_codec_writes_packets() {
    let (notes, bytes) = notes();
    let mut framed = Framed::new(Slow::new(&[], 1000), BytesCutter::new(FRAMING));
    for note in &notes {
        poll_fn(|cx| Sink::<&Note>::poll_ready(Pin::new(&mut framed), cx))
            .await
            .unwrap();
        Pin::new(&mut framed).start_send(note).unwrap();
    }
    assert!(Pin::new(&mut framed).start_send(Note(vec![0])).is_err());
    poll_fn(|cx| Sink::<&Note>::poll_flush(Pin::new(&mut framed), cx))
        .await
        .unwrap();
    assert_eq!(framed.get_ref().data, bytes);

    let mut buffer = BytesMut::from(&b"x"[..]);
    let mut cutter = BytesCutter::new(FRAMING);
    cutter.encode(notes[1].clone(), &mut buffer).unwrap();
    assert_eq!(buffer[..], *b"x\0\x03\x02");
}

#[test]
fn a_codec_reserves_nothing_for_a_claim_and_tells_limits() {
    let mut cutter = BytesCutter::new(FRAMING);
    let mut buffer = BytesMut::from(&b"\x9c\x40"[..]); // 40,000
    let before = buffer.capacity();
    assert_eq!(cutter.next_frame(&mut buffer), Ok(None));
    assert_eq!(buffer.capacity(), before);
    let error = cutter.finish(&mut buffer).unwrap_err();
    let (received, needed) = (2, 40_000);
    assert_eq!(error.kind(), FrameErrorKind::CutOff { received, needed });

    let mut cutter = BytesCutter::new(FRAMING);
    let mut buffer = BytesMut::from(&b"\0\x03a\xff\xff"[..]);
    assert!(cutter.next_frame(&mut buffer).unwrap().is_some());
    for _ in 0..2 {
        let error = cutter.next_frame(&mut buffer).unwrap_err();
        assert_eq!(error.position(), 3);
        buffer.extend_from_slice(b"\0\x03a");
    }
}

#[test]
fn a_codec_finds_frames_behind_a_magic_and_the_one_that_the_end_ends() {
    let framing = Resync {
        framing: FixedSize { len: 3 },
        magic: b"M",
    };
    let mut cutter = BytesCutter::new(framing);
    let mut buffer = BytesMut::from(&b"xxMabyMcdM"[..]);
    let mut frames = Vec::new();
    while let Some(frame) = cutter.finish(&mut buffer).unwrap() {
        frames.push(frame);
    }
    assert_eq!(frames, [&b"Mab"[..], b"Mcd"]);
    assert_eq!(cutter.skipped(), 4);

    let mut cutter = BytesCutter::new(UntilClose {
        min_len: 0,
        max_len: 10,
    });
    let mut buffer = BytesMut::from(&b"abc"[..]);
    assert_eq!(cutter.next_frame(&mut buffer), Ok(None));
    let frame = cutter.finish(&mut buffer).unwrap();
    assert_eq!(frame.as_deref(), Some(&b"abc"[..]));
    assert_eq!(cutter.finish(&mut buffer), Ok(None));
}
