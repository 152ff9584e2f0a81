//! Frames that end with what carries them, and streams that end.

use packet_runtime::stream::{
    AnyFraming, Datagram, Fixed, FixedSize, FrameErrorKind, Framing, Reassembler, Resync,
    SizeHeader, UntilClose,
};

const COUNTED: SizeHeader = SizeHeader {
    header_len: 2,
    size_offset: 0,
    size_width: 2,
    little_endian: false,
    excluded: 0,
    max_len: 100,
};

#[track_caller]
fn check_cut_off(
    framing: impl Framing,
    bytes: &[u8],
    position: u64,
    received: usize,
    needed: usize,
) {
    let mut reassembler = Reassembler::new(framing);
    let mut chunk = reassembler.feed(bytes);
    while let Some(frame) = chunk.next_frame().unwrap() {
        assert!(!frame.is_empty());
    }
    drop(chunk);
    let error = reassembler.finish().unwrap_err();
    assert_eq!(error.position(), position);
    assert_eq!(error.kind(), FrameErrorKind::CutOff { received, needed });
    assert_eq!(reassembler.finish(), Err(error), "it stays refused");
    assert_eq!(reassembler.capacity(), 0);
    reassembler.reset();
    assert_eq!(reassembler.position(), 0);
}

#[test]
fn a_stream_that_ends_inside_a_frame_says_where_and_how_much_is_missing() {
    check_cut_off(COUNTED, &[0, 2, 0, 9, 1], 2, 3, 9);
    check_cut_off(COUNTED, &[0], 0, 1, 2);
    check_cut_off(FixedSize { len: 4 }, b"abcdef", 4, 2, 4);
    let min_len = 3;
    check_cut_off(
        UntilClose {
            min_len,
            max_len: 9,
        },
        b"ab",
        0,
        2,
        3,
    );
    check_cut_off(
        UntilClose {
            min_len,
            max_len: 9,
        },
        b"",
        0,
        0,
        3,
    );
}

#[test]
fn a_stream_that_ends_between_frames_is_no_error() {
    let mut reassembler = Reassembler::new(COUNTED);
    assert_eq!(reassembler.finish(), Ok(None));
    reassembler.reset();
    drop(reassembler.feed(&[0, 2, 0, 3, 7]));
    assert_eq!(
        reassembler.finish(),
        Ok(Some(&[0, 2][..])),
        "frames that nobody took come first"
    );
    assert_eq!(reassembler.finish(), Ok(Some(&[0, 3, 7][..])));
    assert_eq!(reassembler.finish(), Ok(None));
    assert_eq!((reassembler.position(), reassembler.capacity()), (5, 0));
}

#[test]
fn a_stream_can_be_one_frame() {
    let framing = AnyFraming::UntilClose(UntilClose {
        min_len: 0,
        max_len: 9,
    });
    for pieces in [&[&b"abc"[..], b"", b"defghi"][..], &[b"a"], &[]] {
        let mut fed = Reassembler::new(framing);
        let mut lent = Reassembler::with_read_len(framing, 4);
        for piece in pieces {
            assert_eq!(fed.feed(piece).next_frame(), Ok(None));
            for byte in *piece {
                lent.spare_mut()[0] = *byte;
                lent.advance(1);
                assert_eq!(lent.next_frame(), Ok(None));
            }
        }
        let all = pieces.concat();
        assert_eq!(fed.finish(), Ok(Some(&all[..])));
        assert_eq!(fed.finish(), Ok(None));
        assert_eq!(lent.finish(), Ok(Some(&all[..])));
        assert_eq!(lent.finish(), Ok(None));
    }
}

#[test]
fn a_stream_that_is_one_frame_is_refused_once_it_is_too_long() {
    let mut reassembler = Reassembler::new(UntilClose {
        min_len: 0,
        max_len: 4,
    });
    assert_eq!(reassembler.feed(b"abcd").next_frame(), Ok(None));
    let error = reassembler.feed(b"e").next_frame().unwrap_err();
    assert_eq!(error.kind(), FrameErrorKind::TooLong { claimed: 5, max: 4 });
    // Storage that is full cannot tell whether more would come.
    let framing = UntilClose {
        min_len: 0,
        max_len: 100,
    };
    let mut reassembler = Reassembler::with_storage(framing, Fixed::new([0; 4]));
    assert_eq!(reassembler.feed(b"abc").next_frame(), Ok(None));
    assert_eq!(reassembler.spare_mut().len(), 1);
    let error = reassembler.feed(b"d").next_frame().unwrap_err();
    assert_eq!(error.kind(), FrameErrorKind::TooLong { claimed: 5, max: 4 });
    assert!(reassembler.spare_mut().is_empty());
}

#[test]
fn every_chunk_is_a_datagram() {
    let framing = Datagram {
        min_len: 2,
        max_len: 4,
    };
    let mut reassembler = Reassembler::new(framing);
    let mut chunk = reassembler.feed(b"abc");
    assert_eq!(chunk.next_frame(), Ok(Some(&b"abc"[..])));
    assert_eq!(chunk.next_frame(), Ok(None));
    drop(chunk);
    drop(reassembler.feed(b"lost"));
    assert_eq!(reassembler.feed(b"").next_frame(), Ok(None));
    let spare = reassembler.spare_mut();
    assert_eq!(
        spare.len(),
        5,
        "one byte more tells that a datagram is too long"
    );
    spare[..2].copy_from_slice(b"de");
    reassembler.advance(2);
    assert_eq!(reassembler.next_frame(), Ok(Some(&b"de"[..])));
    assert_eq!(reassembler.finish(), Ok(None));
    assert_eq!(reassembler.position(), 5);
    let error = reassembler.feed(b"fghij").next_frame().unwrap_err();
    assert_eq!(error.kind(), FrameErrorKind::TooLong { claimed: 5, max: 4 });
    reassembler.reset();
    let error = reassembler.feed(b"k").next_frame().unwrap_err();
    assert_eq!(
        error.kind(),
        FrameErrorKind::TooShort { claimed: 1, min: 2 }
    );
}

#[test]
fn what_a_frame_held_up_that_never_ended_comes_out_at_the_end() {
    let framing = Resync {
        framing: SizeHeader {
            header_len: 3,
            size_offset: 1,
            excluded: 1,
            ..COUNTED
        },
        magic: b"!",
    };
    // A false start that claims 81 bytes, and two frames inside of it.
    let mut reassembler = Reassembler::new(framing);
    let mut chunk = reassembler.feed(b"!\0P..!\0\x02!\0\x03A.");
    assert_eq!(chunk.next_frame(), Ok(None));
    drop(chunk);
    assert_eq!(reassembler.finish(), Ok(Some(&b"!\0\x02"[..])));
    assert_eq!(reassembler.finish(), Ok(Some(&b"!\0\x03A"[..])));
    assert_eq!(reassembler.finish(), Ok(None));
    assert_eq!(reassembler.skipped(), 6);
    let last = reassembler.broken().unwrap();
    assert_eq!(
        (last.position(), last.kind()),
        (12, FrameErrorKind::NoMagic)
    );
}

#[test]
fn what_fixed_storage_cannot_hold_of_a_dropped_chunk_refuses_the_stream() {
    let framing = FixedSize { len: 2 };
    let mut reassembler = Reassembler::with_storage(framing, Fixed::new([0; 4]));
    drop(reassembler.feed(b"aabb"));
    assert_eq!(reassembler.next_frame(), Ok(Some(&b"aa"[..])));
    drop(reassembler.feed(b"ccdd"));
    let error = reassembler.next_frame().unwrap_err();
    assert_eq!(
        (error.position(), error.kind()),
        (2, FrameErrorKind::Lost { bytes: 2 })
    );
}

#[test]
fn a_frame_that_fixed_storage_cannot_hold_is_refused_when_its_size_is_visible() {
    let mut reassembler = Reassembler::with_storage(COUNTED, Fixed::new([0; 8]));
    let refused = FrameErrorKind::TooLong { claimed: 9, max: 8 };
    // Also where it needs no storage, so that it doesn't depend on how bytes come.
    for bytes in [&[0, 9][..], &[0, 9, 1, 1, 1, 1, 1, 1, 1]] {
        assert_eq!(
            reassembler.feed(bytes).next_frame().unwrap_err().kind(),
            refused
        );
        reassembler.reset();
    }
    assert_eq!(reassembler.spare_mut().len(), 8);
    let mut chunk = reassembler.feed(&[0, 8, 1, 1]);
    assert_eq!(chunk.next_frame(), Ok(None));
    drop(chunk);
    assert_eq!(reassembler.spare_mut().len(), 4, "the rest of the frame");
}
