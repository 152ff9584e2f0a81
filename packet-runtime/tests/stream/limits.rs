//! Limits for each id, and what a peer may send.

use packet_runtime::stream::{
    Budget, Delimiter, FixedSize, FrameErrorKind, FrameLen, Framing, IdCoding, IdField, PerId,
    Reassembler, Resync, SizeHeader,
};

const FRAMING: PerId<SizeHeader> = PerId {
    framing: SizeHeader {
        header_len: 4,
        size_offset: 0,
        size_width: 2,
        little_endian: false,
        excluded: 0,
        max_len: 1000,
    },
    id: IdField {
        behind: None,
        offset: 2,
        coding: IdCoding::Fixed {
            width: 2,
            little_endian: false,
            shift: 4,
            bits: 12,
        },
    },
    limits: |id| match id {
        1 => Some((8, 8)),
        2 => Some((5, 500)),
        _ => None,
    },
};

#[track_caller]
fn check(bytes: &[u8], expected: Result<FrameLen, FrameErrorKind>) {
    assert_eq!(FRAMING.frame_len(bytes, 0), expected, "{bytes:?}");
}

#[test]
fn limits_are_tested_when_size_and_id_are_visible() {
    check(&[0], Ok(FrameLen::Unknown { ask_at: 2 }));
    check(&[0, 8], Ok(FrameLen::Unknown { ask_at: 4 }));
    check(&[0, 8, 0, 0x1f], Ok(FrameLen::Known(8)));
    let id = 1;
    let (claimed, max) = (9, 8);
    check(
        &[0, 9, 0, 0x10],
        Err(FrameErrorKind::TooLongForId { id, claimed, max }),
    );
    let (claimed, min) = (7, 8);
    check(
        &[0, 7, 0, 0x10],
        Err(FrameErrorKind::TooShortForId { id, claimed, min }),
    );
    check(&[1, 0xf4, 0, 0x20], Ok(FrameLen::Known(500)));
    let (id, claimed, max) = (2, 501, 500);
    check(
        &[1, 0xf5, 0, 0x20],
        Err(FrameErrorKind::TooLongForId { id, claimed, max }),
    );
    check(&[1, 0xf5, 0, 0x30], Ok(FrameLen::Known(501)));
    // The limits of all frames come first, and need no id.
    let (claimed, max) = (1001, 1000);
    check(&[3, 0xe9], Err(FrameErrorKind::TooLong { claimed, max }));
}

#[test]
fn ids_can_be_varints_and_stand_behind_them() {
    let id = IdField {
        behind: Some((1, 2)),
        offset: 1,
        coding: IdCoding::Varint { max_width: 2 },
    };
    assert_eq!(id.read(&[9]), Err(2));
    assert_eq!(id.read(&[9, 0x80]), Err(3));
    assert_eq!(id.read(&[9, 0x80, 1, 9]), Err(5));
    assert_eq!(id.read(&[9, 0x80, 1, 9, 0x83]), Err(6));
    assert_eq!(id.read(&[9, 0x80, 1, 9, 0x83, 1]), Ok(Some(131)));
    assert_eq!(id.read(&[9, 1, 9, 3]), Ok(Some(3)));
    assert_eq!(
        id.read(&[9, 0x80, 0x80, 9, 3]),
        Ok(None),
        "whoever decodes it says that"
    );
    assert_eq!(id.read(&[9, 1, 9, 0x80, 0x80, 1]), Ok(None));
}

#[test]
fn the_end_of_a_frame_is_not_looked_for_behind_its_maximum() {
    let framing = PerId {
        framing: Delimiter {
            bytes: b"\n",
            min_before: 1,
            max_len: 100,
        },
        id: IdField {
            behind: None,
            offset: 0,
            coding: IdCoding::Fixed {
                width: 1,
                little_endian: false,
                shift: 0,
                bits: 8,
            },
        },
        limits: |id| (id == 7).then_some((3, 6)),
    };
    let (id, claimed, max) = (7, 7, 6);
    let long = Err(FrameErrorKind::TooLongForId { id, claimed, max });
    for len in 1..20 {
        let bytes = [&[7][..], &[b'x'; 9], b"\n"].concat();
        let bytes = bytes.get(..len).unwrap_or(&bytes);
        let found = framing.frame_len(bytes, 0);
        match len {
            ..6 => assert_eq!(found, Ok(FrameLen::Unknown { ask_at: len + 1 })),
            _ => assert_eq!(found, long, "however much is there"),
        }
    }
    assert_eq!(framing.frame_len(b"\x07xxxx\n", 5), Ok(FrameLen::Known(6)));
    let (claimed, min) = (2, 3);
    let short = FrameErrorKind::TooShortForId { id, claimed, min };
    assert_eq!(framing.frame_len(b"\x07\n", 0), Err(short));
}

#[test]
fn a_claim_over_the_limit_of_its_id_takes_no_memory() {
    let mut reassembler = Reassembler::new(FRAMING);
    let error = reassembler
        .feed(&[0, 100, 0, 0x10, 1, 1])
        .next_frame()
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "frame at byte 0 of the stream has id 1 and claims 100 bytes, the maximum for it is 8",
    );
    assert_eq!(reassembler.capacity(), 0);
}

/// Feeds pieces of `frames` and tells how many frames came out before the error.
fn frames_until_refused(
    reassembler: &mut Reassembler<FixedSize>,
    frames: &[u8],
    piece: usize,
) -> (usize, Option<FrameErrorKind>) {
    let mut count = 0;
    for piece in frames.chunks(piece) {
        let mut chunk = reassembler.feed(piece);
        loop {
            match chunk.next_frame() {
                Ok(Some(_)) => count += 1,
                Ok(None) => break,
                Err(error) => return (count, Some(error.kind())),
            }
        }
    }
    (count, None)
}

#[test]
fn a_peer_sends_no_more_than_it_was_granted() {
    let frames = [7; 40];
    for piece in [1, 3, 4, 7, 40] {
        let mut reassembler = Reassembler::new(FixedSize { len: 4 });
        assert_eq!(reassembler.budget(), Budget::UNLIMITED);
        assert_eq!(
            frames_until_refused(&mut reassembler, &frames, piece),
            (10, None)
        );

        reassembler.refill(Budget {
            frames: 3,
            bytes: 100,
        });
        let many = FrameErrorKind::TooManyFrames { max: 3 };
        assert_eq!(
            frames_until_refused(&mut reassembler, &frames, piece),
            (3, Some(many))
        );
        assert_eq!(
            reassembler.budget(),
            Budget {
                frames: 0,
                bytes: 88
            }
        );
        assert!(reassembler.spare_mut().is_empty(), "it stays refused");

        reassembler.reset();
        assert_eq!(
            reassembler.budget(),
            Budget {
                frames: 0,
                bytes: 88
            }
        );
        reassembler.refill(Budget {
            frames: 100,
            bytes: 19,
        });
        let much = FrameErrorKind::TooManyBytes {
            claimed: 4,
            left: 3,
        };
        assert_eq!(
            frames_until_refused(&mut reassembler, &frames, piece),
            (4, Some(much))
        );
        assert_eq!((reassembler.position(), reassembler.capacity()), (16, 0));
    }
}

#[test]
fn budgets_go_on_where_they_are_refilled_in_time() {
    let mut reassembler = Reassembler::new(FixedSize { len: 4 });
    for _ in 0..20 {
        reassembler.refill(Budget {
            frames: 2,
            bytes: 8,
        });
        assert_eq!(
            frames_until_refused(&mut reassembler, &[7; 8], 8),
            (2, None)
        );
        assert_eq!(
            reassembler.budget(),
            Budget {
                frames: 0,
                bytes: 0
            }
        );
    }
}

#[test]
fn what_is_skipped_counts_and_rejected_frames_do_not_count_twice() {
    let framing = Resync {
        framing: FixedSize { len: 4 },
        magic: b"!",
    };
    let mut reassembler = Reassembler::new(framing);
    reassembler.refill(Budget {
        frames: 10,
        bytes: 12,
    });
    let mut chunk = reassembler.feed(b"..!bad!ok!");
    assert_eq!(chunk.next_frame(), Ok(Some(&b"!bad"[..])));
    chunk.reject();
    assert_eq!(chunk.next_frame(), Ok(Some(&b"!ok!"[..])));
    assert_eq!(chunk.next_frame(), Ok(None));
    drop(chunk);
    assert_eq!(
        reassembler.budget(),
        Budget {
            frames: 8,
            bytes: 2
        }
    );
    let mut chunk = reassembler.feed(b"!");
    let error = chunk.next_frame().unwrap_err();
    assert_eq!(
        error.kind(),
        FrameErrorKind::TooManyBytes {
            claimed: 4,
            left: 2
        }
    );
}
