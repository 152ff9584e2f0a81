//! Generated sessions against the interpreted one: the same packets lead to the same states.
#![allow(clippy::unwrap_used)] // a test fails where it panics

use packet_runtime::session::{Reason, Refused};
use packet_schema::codec::{decode, encode};
use packet_schema::layout::{self, StructId};
use packet_schema::session;
use packet_tests::codecs::SESSION;
use packet_tests::session::{PacketKind, PacketView, Session, Side, State};
use packet_tests::values::values;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Every packet, by its place in the layout.
const KINDS: [PacketKind; 8] = [
    PacketKind::Hello,
    PacketKind::Offer,
    PacketKind::Login,
    PacketKind::Answer,
    PacketKind::Move,
    PacketKind::Pause,
    PacketKind::Say,
    PacketKind::Bye,
];

const fn interpreted(side: Side) -> layout::Side {
    match side {
        Side::Client => layout::Side::Client,
        Side::Server => layout::Side::Server,
    }
}

/// What a refusal says, in a form that both share.
fn said(refused: &Refused<State>) -> (String, Side, String, session::Reason) {
    let reason = match refused.reason {
        Reason::Side => session::Reason::Side,
        Reason::State => session::Reason::State,
        _ => session::Reason::Field(String::new()),
    };
    let (state, packet) = (refused.state.name().to_owned(), refused.packet.to_owned());
    (state, refused.side, packet, reason)
}

#[test]
fn agree_on_random_walks() {
    let layout = Arc::new(SESSION.layout());
    let bodies: Vec<StructId> = layout.packets.iter().map(|packet| packet.body).collect();
    let names = bodies.iter().map(|body| layout.get(*body).name.as_str());
    assert!(names.eq(KINDS.map(PacketKind::name)));
    let any = bodies.iter().enumerate().map(|(number, body)| {
        let (own, body) = (Arc::clone(&layout), *body);
        let bytes = values(&layout, body).prop_filter_map("cannot be encoded", move |value| {
            encode(&own, body, &value).ok()
        });
        (Just(number), any::<bool>(), bytes).boxed()
    });
    let walk = prop::collection::vec(prop::strategy::Union::new(any), 0..40);
    let (visited, taken) = (RefCell::new(BTreeSet::new()), RefCell::new(0_u32));
    // The same walks each time, since they have to come to every state.
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    TestRunner::new_with_rng(Config::with_cases(400), rng)
        .run(&walk, |steps| {
            let mut generated = Session::new();
            let mut dynamic = session::Session::new(&layout).unwrap();
            for (number, client, bytes) in steps {
                let side = if client { Side::Client } else { Side::Server };
                for (kind, body) in KINDS.iter().zip(&bodies) {
                    let expected = dynamic.may_send(interpreted(side), *body);
                    prop_assert_eq!(generated.may_send(side, *kind), expected);
                }
                let view = PacketView::parse(&bytes).unwrap();
                let value = decode(&layout, bodies[number], &bytes).unwrap().value;
                let found = generated.advance(side, &view);
                let expected = dynamic.advance(interpreted(side), bodies[number], &value);
                match (found, expected) {
                    (Ok(found), Ok(expected)) => {
                        prop_assert_eq!(found.name(), expected.name.as_str());
                        *taken.borrow_mut() += 1;
                    }
                    (Err(found), Err(expected)) => {
                        prop_assert_eq!(found.to_string(), expected.to_string());
                        let (state, side, packet, reason) = said(&found);
                        prop_assert_eq!(state, expected.state);
                        prop_assert_eq!(interpreted(side), expected.side);
                        prop_assert_eq!(packet, expected.packet);
                        prop_assert_eq!(reason, expected.reason);
                    }
                    (found, expected) => {
                        return Err(TestCaseError::fail(format!("{found:?}, {expected:?}")));
                    }
                }
                prop_assert_eq!(generated.state().name(), dynamic.state().name.as_str());
                visited.borrow_mut().insert(generated.state().name());
            }
            Ok(())
        })
        .unwrap();
    let all = layout.session.as_ref().unwrap().states.len();
    assert_eq!(
        visited.into_inner().len(),
        all,
        "some states were not reached"
    );
    assert!(taken.into_inner() > 500);
}

/// Both machines after the same packets from the side that sends them.
#[track_caller]
fn after<'a>(layout: &'a layout::Layout, packets: &[&[u8]]) -> (Session, session::Session<'a>) {
    let (mut generated, mut dynamic) = (Session::new(), session::Session::new(layout).unwrap());
    for bytes in packets {
        let id = bytes[2].into();
        let packet = layout
            .packets
            .iter()
            .find(|packet| packet.has_id(id))
            .unwrap();
        let side = match packet.sender {
            layout::Sender::Server => Side::Server,
            _ => Side::Client,
        };
        let view = PacketView::parse(bytes).unwrap();
        let value = decode(layout, packet.body, bytes).unwrap().value;
        let found = generated.advance(side, &view).unwrap();
        let expected = dynamic.advance(interpreted(side), packet.body, &value);
        assert_eq!(found.name(), expected.unwrap().name, "{bytes:02x?}");
    }
    (generated, dynamic)
}

#[test]
fn agree_on_every_value_that_a_condition_reads() {
    let layout = SESSION.layout();
    let hello = |version: u8| [0, 5, 1, 0, version];
    let answer = |outcome: u8, waiting: u8| [0, 9, 4, 0, outcome, waiting << 7, 0, 0, 0];
    let pause = |urgent_and_channel: u8| [0, 4, 6, urgent_and_channel];
    let bye = |code: u16| [0, 6, 8, 0, code.to_be_bytes()[0], code.to_be_bytes()[1]];
    let (old, granted, break_) = (hello(1), answer(0, 0), pause(0));
    for version in 0..=255 {
        after(&layout, &[&hello(version)]);
    }
    for (outcome, waiting) in [0, 1, 7]
        .into_iter()
        .flat_map(|first| [(first, 0), (first, 1)])
    {
        after(&layout, &[&old, &answer(outcome, waiting)]);
    }
    for (caps, last) in (0..8).flat_map(|caps| [(caps, 0), (caps, 1)]) {
        after(&layout, &[&hello(2), &[0, 6, 2, 0, caps, last]]);
    }
    for byte in 0..=255 {
        after(&layout, &[&old, &granted, &break_, &pause(byte)]);
    }
    for code in 0..=2000 {
        after(&layout, &[&bye(code)]);
        after(&layout, &[&old, &granted, &bye(code)]);
        after(&layout, &[&old, &granted, &break_, &bye(code)]);
    }
    let (generated, _) = after(&layout, &[&old, &granted, &break_, &bye(2)]);
    assert_eq!(generated.state(), State::Connected);
}

#[test]
fn an_unknown_packet_is_refused_where_the_framing_says_close() {
    let bytes = [0, 4, 99, 0];
    let view = PacketView::parse(&bytes).unwrap();
    let mut session = Session::new();
    let refused = session.advance(Side::Client, &view).unwrap_err();
    assert_eq!(
        (refused.state, refused.reason, refused.packet),
        (State::Connected, Reason::Unknown, "Unknown")
    );
    assert_eq!(session, Session::default());
}
