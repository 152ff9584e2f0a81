//! Packets out of byte streams: the vectors of every bundled schema, in every framing, over all kinds of splits and both ways
//! in; and generated framings against those that a tool makes from the layout.
#![allow(clippy::unwrap_used)] // a test fails where it panics

use packet_runtime::stream::{Ends, Framing};
use packet_runtime::{FrameErrorKind, Reassembler};
use packet_schema::codec::decode;
use packet_schema::layout::{Expectation, Layout};
use packet_tests::codecs::{self, ALL, Protocol};
use packetc::LayoutFraming;
use proptest::prelude::*;
use std::sync::LazyLock;

/// The bytes of all valid vectors of one framing, and how they are delimited.
struct Case {
    name: String,
    layout: &'static Layout,
    number: usize,
    packets: Vec<Vec<u8>>,
}

impl Case {
    fn framing(&self) -> LayoutFraming<'static> {
        LayoutFraming::new(self.layout, self.number).unwrap()
    }
}

static CASES: LazyLock<Vec<Case>> = LazyLock::new(|| ALL.iter().flat_map(cases).collect());

fn cases(protocol: &Protocol) -> Vec<Case> {
    let layout: &'static Layout = Box::leak(Box::new(protocol.layout()));
    let numbers = 0..layout.framings.len();
    let case = |number| {
        let framed = layout.packets.iter();
        let vectors = framed
            .filter(|packet| packet.framing == Some(number))
            .flat_map(|packet| &packet.vectors);
        let valid = vectors.filter(|vector| matches!(vector.expect, Expectation::Value(_)));
        let name = layout.framings[number].name.as_deref().unwrap_or("");
        Case {
            name: format!("{} {name}", layout.protocol),
            layout,
            number,
            packets: valid.map(|vector| vector.bytes.clone()).collect(),
        }
    };
    numbers.map(case).collect()
}

/// Those whose packets follow one another on a stream.
fn streams() -> impl Iterator<Item = &'static Case> {
    CASES
        .iter()
        .filter(|case| case.framing().ends() == Ends::Inside && !case.packets.is_empty())
}

/// The frames that come out if `pieces` arrive one after the other, as chunks or in lent buffers.
fn reassemble<'c>(
    framing: impl Framing,
    pieces: impl IntoIterator<Item = &'c [u8]>,
    lend: bool,
) -> Vec<Vec<u8>> {
    let mut reassembler = Reassembler::with_read_len(framing, 64);
    let mut frames = Vec::new();
    for mut piece in pieces {
        while lend && !piece.is_empty() {
            let spare = reassembler.spare_mut();
            let (now, later) = piece.split_at(piece.len().min(spare.len()));
            spare[..now.len()].copy_from_slice(now);
            reassembler.advance(now.len());
            piece = later;
            while let Some(frame) = reassembler.next_frame().unwrap() {
                frames.push(frame.to_vec());
            }
        }
        let mut chunk = reassembler.feed(piece);
        while let Some(frame) = chunk.next_frame().unwrap() {
            frames.push(frame.to_vec());
        }
    }
    while let Some(frame) = reassembler.finish().unwrap() {
        frames.push(frame.to_vec());
    }
    frames
}

#[test]
fn packets_survive_every_split_in_two() {
    assert!(streams().count() >= 18);
    for case in streams() {
        let bytes = case.packets.concat();
        for split in 0..=bytes.len() {
            let (head, tail) = bytes.split_at(split);
            for lend in [false, true] {
                let frames = reassemble(case.framing(), [head, tail], lend);
                assert_eq!(frames, case.packets, "{}", case.name);
            }
        }
        for lend in [false, true] {
            assert_eq!(
                reassemble(case.framing(), bytes.chunks(1), lend),
                case.packets
            );
        }
    }
}

#[test]
fn packets_survive_every_split_in_three() {
    for case in streams() {
        // Long enough for each packet to be split in all ways with one of its neighbours; all packets together would take
        // minutes.
        for packets in case.packets.windows(2).chain([&case.packets[..1]]) {
            let bytes = packets.concat();
            let step = 1 + bytes.len() / 120;
            for first in (0..=bytes.len()).step_by(step) {
                let (head, tail) = bytes.split_at(first);
                for second in (0..=tail.len()).step_by(step) {
                    let (middle, end) = tail.split_at(second);
                    let lend = (first + second).is_multiple_of(2);
                    let frames = reassemble(case.framing(), [head, middle, end], lend);
                    assert_eq!(frames, packets, "{}", case.name);
                }
            }
        }
    }
}

#[test]
fn a_stream_that_is_cut_off_says_in_which_packet() {
    for case in streams() {
        let bytes = case.packets.concat();
        let mut ends = vec![0];
        for packet in &case.packets {
            ends.push(ends.last().unwrap() + packet.len());
        }
        for len in 0..=bytes.len() {
            let mut reassembler = Reassembler::new(case.framing());
            drop(reassembler.feed(&bytes[..len]));
            let mut taken = 0;
            let error = loop {
                match reassembler.finish() {
                    Ok(Some(frame)) => taken += frame.len(),
                    Ok(None) => break None,
                    Err(error) => break Some(error),
                }
            };
            let behind = ends.iter().rposition(|end| *end <= len).unwrap();
            assert_eq!(taken, ends[behind], "{}", case.name);
            if ends[behind] == len {
                assert_eq!(error, None);
            } else if case.framing().magic().is_empty() {
                let error = error.unwrap();
                assert_eq!(error.position(), ends[behind] as u64);
                let FrameErrorKind::CutOff { received, needed } = error.kind() else {
                    panic!("{error}");
                };
                assert_eq!(received, len - ends[behind]);
                assert!(needed > received && needed <= ends[behind + 1] - ends[behind]);
            } else {
                assert_eq!(error, None);
                assert_eq!(reassembler.skipped(), (len - ends[behind]) as u64);
            }
        }
    }
}

#[test]
fn a_stream_that_is_one_packet_survives_every_split() {
    let mut found = 0;
    for case in CASES.iter() {
        let framing = case.framing();
        let streams = matches!(framing.ends(), Ends::Stream { .. });
        for packet in case.packets.iter().filter(|_| streams) {
            found += 1;
            for split in 0..=packet.len() {
                let (head, tail) = packet.split_at(split);
                for lend in [false, true] {
                    let frames = reassemble(case.framing(), [head, tail], lend);
                    assert_eq!(frames, [&packet[..]], "{}", case.name);
                }
            }
        }
        let datagrams = matches!(framing.ends(), Ends::Read { .. });
        if datagrams && !case.packets.is_empty() {
            found += 1;
            let pieces = case.packets.iter().map(|packet| &packet[..]);
            assert_eq!(reassemble(case.framing(), pieces, false), case.packets);
        }
    }
    assert!(found >= 3);
}

/// Whether whoever decodes a frame finds it broken.
fn is_broken(case: &Case, frame: &[u8]) -> bool {
    let packets = case.layout.packets.iter();
    let mut bodies = packets
        .filter(|packet| packet.framing == Some(case.number))
        .map(|packet| packet.body);
    bodies.all(|body| decode(case.layout, body, frame).is_err())
}

proptest! {
    #[test]
    fn packets_survive_random_splits_and_noise(
        which in any::<prop::sample::Index>(),
        order in prop::collection::vec((any::<prop::sample::Index>(), prop::collection::vec(any::<u8>(), 0..9)), 1..12),
        cuts in prop::collection::vec(1_usize..40, 1..20),
        lend: bool,
    ) {
        let cases: Vec<&Case> = streams().collect();
        let case = which.get(&cases);
        let framing = case.framing();
        let magic = framing.magic().to_vec();
        let mut stream = Vec::new();
        let mut expected = Vec::new();
        let mut skipped = 0;
        for (packet, noise) in &order {
            if !magic.is_empty() {
                // Noise in which no packet begins.
                let noise: Vec<u8> = noise.iter().copied().filter(|byte| Some(byte) != magic.first()).collect();
                skipped += noise.len() as u64;
                stream.extend(noise);
            }
            let packet = packet.get(&case.packets);
            stream.extend(packet);
            expected.push(packet.clone());
        }
        let mut reassembler = Reassembler::with_read_len(framing, 16);
        let mut frames = Vec::new();
        let mut rest = &stream[..];
        for len in cuts.iter().cycle() {
            if rest.is_empty() {
                break;
            }
            let (piece, more) = rest.split_at((*len).min(rest.len()));
            rest = more;
            let mut chunk = reassembler.feed(piece);
            while let Some(frame) = if lend { None } else { chunk.next_frame().unwrap() } {
                prop_assert!(!is_broken(case, frame));
                frames.push(frame.to_vec());
            }
            drop(chunk);
            while let Some(frame) = reassembler.next_frame().unwrap() {
                frames.push(frame.to_vec());
            }
        }
        prop_assert_eq!(frames, expected);
        prop_assert_eq!(reassembler.skipped(), skipped);
        prop_assert_eq!(reassembler.buffered(), 0);
    }
}

#[test]
fn a_damaged_packet_costs_no_other_one() {
    let resync = streams().filter(|case| !case.framing().magic().is_empty());
    let mut found = 0;
    for case in resync {
        let [first, rest @ ..] = &case.packets[..] else {
            continue;
        };
        for at in 0..first.len() {
            let mut damaged = first.clone();
            damaged[at] ^= 0x11;
            if !is_broken(case, &damaged) {
                continue;
            }
            found += 1;
            let good = [rest, std::slice::from_ref(first)].concat();
            let stream = [&damaged[..], &good.concat()].concat();
            // Within the limits of each id, and with nothing but those of the framing.
            for framing in [case.framing(), case.framing().without_limits()] {
                let mut reassembler = Reassembler::new(framing);
                let mut frames = Vec::new();
                for piece in stream.chunks(7) {
                    let mut chunk = reassembler.feed(piece);
                    while let Some(frame) = chunk.next_frame().unwrap() {
                        if is_broken(case, frame) {
                            chunk.reject();
                        } else {
                            frames.push(frame.to_vec());
                        }
                    }
                }
                while let Some(frame) = reassembler.finish().unwrap() {
                    if is_broken(case, frame) {
                        reassembler.reject();
                    } else {
                        frames.push(frame.to_vec());
                    }
                }
                assert!(frames.ends_with(&good), "{} damaged at {at}", case.name);
                let passed: usize = frames.iter().map(Vec::len).sum();
                assert_eq!(reassembler.skipped(), (stream.len() - passed) as u64);
            }
        }
    }
    assert!(found > 10);
}

/// The generated framings of a protocol, by number.
type Generated = &'static [(&'static dyn Framing, &'static dyn Framing)];

macro_rules! generated {
    ($module:ident: $($constant:ident $type:ident),*) => {
        &[$((&packet_tests::$module::$constant, &packet_tests::$module::$type)),*]
    };
}

#[test]
fn generated_framings_are_those_of_the_layout() {
    let generated: &[(Protocol, Generated)] = &[
        (codecs::GAME, generated!(game: FRAMING Framing)),
        (codecs::MMO, generated!(mmo: FRAMING Framing)),
        (codecs::MODBUS, generated!(modbus: FRAMING Framing)),
        (codecs::MQTT, generated!(mqtt: FRAMING Framing)),
        (codecs::MAVLINK, generated!(mavlink: FRAMING Framing)),
        (
            codecs::POSTGRES,
            generated!(postgres: FRAMING Framing, STARTUP_FRAMING StartupFraming, ENCRYPTION_FRAMING EncryptionFraming),
        ),
        (
            codecs::FRAMING,
            generated!(framing: FRAMING Framing, START_UP_FRAMING StartUpFraming, COUNTED_FRAMING CountedFraming,
                CLIENT_FRAMING ClientFraming, CLIENT__FRAMING CLIENTFraming),
        ),
        (
            codecs::FRAMING_MODES,
            generated!(framing_modes: FRAMING Framing, LINE_FRAMING LineFraming, CELL_FRAMING CellFraming,
                WHOLE_FRAMING WholeFraming, DATAGRAM_FRAMING DatagramFraming, CUT_FRAMING CutFraming, MAV_FRAMING MavFraming),
        ),
        (
            codecs::FRAMING_VARYING,
            generated!(framing_varying: FRAMING Framing, LEAD_FRAMING LeadFraming, TAIL_FRAMING TailFraming,
                PIECES_FRAMING PiecesFraming),
        ),
    ];
    for (protocol, generated) in generated {
        let cases = cases(protocol);
        assert_eq!(cases.len(), generated.len());
        for (case, (constant, ty)) in cases.iter().zip(*generated) {
            let framing = case.framing();
            assert_eq!(ty.ends(), framing.ends(), "{}", case.name);
            assert_eq!(constant.ends(), framing.ends());
            assert_eq!(ty.magic(), framing.magic());
            let bytes = case.packets.concat();
            for start in 0..bytes.len() {
                for end in start + 1..bytes.len().min(start + 40) {
                    let bytes = &bytes[start..end];
                    assert_eq!(
                        ty.frame_len(bytes, 0),
                        framing.frame_len(bytes, 0),
                        "{}",
                        case.name
                    );
                    if framing.magic().is_empty() {
                        let bare = case.framing().without_limits();
                        assert_eq!(constant.frame_len(bytes, 0), bare.frame_len(bytes, 0));
                    }
                }
            }
        }
    }
}
