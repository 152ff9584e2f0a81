//! Packets out of byte streams, in every way that packets can be delimited: all vectors of a framing, over every split.
#![allow(clippy::unwrap_used)] // a test fails where it panics

use packet_runtime::{Encode, FrameErrorKind, Framing, Reassembler};
use packet_tests::codecs::{FRAMING, FRAMING_MODES, FRAMING_VARYING, Protocol};
use packet_tests::frames::{packets, reassemble};
use packet_tests::{framing, framing_modes, framing_varying};

/// Every split in two, and single bytes, give the same packets.
#[track_caller]
fn check(protocol: Protocol, name: Option<&str>, framing: impl Framing + Copy) {
    let packets = packets(protocol, name);
    let bytes = packets.concat();
    for split in 0..=bytes.len() {
        let (head, tail) = bytes.split_at(split);
        assert_eq!(reassemble(framing, [head, tail]), packets);
    }
    assert_eq!(reassemble(framing, bytes.chunks(1)), packets);
}

#[test]
fn sizes_count_from_where_they_say() {
    check(FRAMING, None, framing::FRAMING);
    check(FRAMING, Some("start_up"), framing::START_UP_FRAMING);
    check(FRAMING, Some("counted"), framing::COUNTED_FRAMING);
    check(FRAMING, Some("client"), framing::CLIENT_FRAMING);
    check(FRAMING, Some("CLIENT"), framing::CLIENT__FRAMING);
    check(FRAMING_MODES, None, framing_modes::FRAMING);
    check(FRAMING_MODES, Some("mav"), framing_modes::MAV_FRAMING);
}

#[test]
fn sizes_can_be_bits_of_a_number() {
    check(FRAMING_MODES, Some("cut"), framing_modes::CUT_FRAMING);
}

#[test]
fn sizes_can_vary_in_size() {
    check(FRAMING_VARYING, None, framing_varying::FRAMING);
    check(FRAMING_VARYING, Some("lead"), framing_varying::LEAD_FRAMING);
    check(FRAMING_VARYING, Some("tail"), framing_varying::TAIL_FRAMING);
    check(
        FRAMING_VARYING,
        Some("pieces"),
        framing_varying::PIECES_FRAMING,
    );
}

#[test]
fn packets_can_end_without_a_size() {
    check(FRAMING_MODES, Some("line"), framing_modes::LINE_FRAMING);
    check(FRAMING_MODES, Some("cell"), framing_modes::CELL_FRAMING);
}

#[test]
fn impossible_sizes_are_refused_when_they_are_read() {
    let refused = |bytes: &[u8]| {
        let mut reassembler = Reassembler::new(framing_varying::LEAD_FRAMING);
        let mut chunk = reassembler.feed(bytes);
        chunk.next_frame().unwrap_err().kind()
    };
    assert_eq!(
        refused(&[0]),
        FrameErrorKind::TooShort { claimed: 1, min: 2 }
    );
    let endless = FrameErrorKind::InvalidSize { max_width: 3 };
    assert_eq!(refused(&[0x80, 0x80, 0x80]), endless);
    let max = 2 << 20;
    let claimed = i128::from(max + 2);
    let max = usize::try_from(max).unwrap();
    let long = FrameErrorKind::TooLong { claimed, max };
    assert_eq!(refused(&[0xff, 0xff, 0x7f]), long);
}

#[test]
fn an_id_means_what_its_side_says() {
    use framing::{ClientPacketView, ServerPacketView};

    let packets = packets(FRAMING, None);
    let describe = &packets[1];
    assert!(
        matches!(ClientPacketView::parse(describe).unwrap(), ClientPacketView::Describe(view) if view.name() == "a")
    );
    assert!(ServerPacketView::parse(describe).is_err());
    let row = &packets[2];
    let view = ServerPacketView::parse(row).unwrap();
    assert_eq!((view.name(), view.id()), ("DataRow", 0x44));
    let bye = &packets[3];
    assert_eq!(ClientPacketView::parse(bye).unwrap().name(), "Terminate");
    assert_eq!(ServerPacketView::parse(bye).unwrap().name(), "Terminate");
    assert_eq!(
        ServerPacketView::parse(&packets[0]).unwrap().name(),
        "Unknown"
    );
}

#[test]
fn a_packet_with_several_ids_says_which_one_it_is() {
    use framing::{CountedServerPacket, CountedServerPacketView, Exception};

    assert_eq!(Exception::IDS, 0x81..=0xff);
    let packets = packets(FRAMING, Some("counted"));
    let view = CountedServerPacketView::parse(&packets[2]).unwrap();
    assert_eq!((view.name(), view.id()), ("Exception", 0x83));
    let owned = CountedServerPacket::from(view);
    assert_eq!(owned.id(), 0x83);
    assert_eq!(owned.to_vec().unwrap(), packets[2]);
    let mut unknown = packets[2].clone();
    unknown[7] = 0x80;
    let view = CountedServerPacketView::parse(&unknown).unwrap();
    assert_eq!((view.name(), view.id()), ("Unknown", 0x80));
    let owned = CountedServerPacket::from(view);
    assert_eq!((owned.name(), owned.id()), ("Unknown", 0x80));
    assert_eq!(owned.to_vec().unwrap(), unknown);
}

#[test]
fn ids_are_found_behind_what_varies_and_within_bytes() {
    use framing_modes::PacketView;
    use framing_varying::{LeadServerPacketView, TailPacketView};

    let view = PacketView::parse(&[0xfe, 0xc2, 0, 9, 1, 0, 0x55]).unwrap();
    assert_eq!((view.name(), view.id()), ("Ping", 12));
    let view = LeadServerPacketView::parse(&[3, 0xac, 2, 7]).unwrap();
    assert_eq!((view.name(), view.id()), ("Large", 300));
    let view = TailPacketView::parse(&[0, 8, 0xac, 2, 7, 1, 2, 10]).unwrap();
    assert_eq!((view.name(), view.id()), ("Data", 7));
    // Any packet's decoder says what is wrong with the header.
    let error = TailPacketView::parse(&[0, 8, 0xac]).unwrap_err();
    assert_eq!(error.field().to_string(), "stream");
}

#[test]
fn a_packet_of_another_size_than_the_fixed_one_is_not_written() {
    let note = |len: usize| framing_modes::Note { text: vec![7; len] };
    assert_eq!(note(7).to_vec().unwrap().len(), 8);
    for len in [6, 8] {
        let error = note(len).to_vec().unwrap_err().to_string();
        assert!(error.contains('8'), "{error}");
    }
}
