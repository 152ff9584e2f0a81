//! All packets of `schemas/game.yaml`.

mod auth;
mod chat;
mod guild;
mod system;
mod world;

use super::{Twin, compare, layout, twins};
use packet_derive::Packet;
use packet_tests::again::{Again, Wrong};
use packet_tests::codecs::{self, dynamic_again};
use std::collections::BTreeSet;

#[derive(Clone, Copy, Debug, Packet)]
struct Vec3 {
    #[packet(finite)]
    x: f32,
    #[packet(finite)]
    y: f32,
    #[packet(finite)]
    z: f32,
}

const GROUPS: [&[Twin]; 6] = [
    twins![Vec3 / Vec3View],
    auth::TWINS,
    world::TWINS,
    guild::TWINS,
    chat::TWINS,
    system::TWINS,
];

/// What the derive cannot say as the schema does, and why; `described` compares all of it.
const GAPS: [(&str, &str); 2] = [
    ("LoginRequest", CASES_IN_LOWER_CASE),
    ("ChatMessage", CASES_IN_LOWER_CASE),
];

const CASES_IN_LOWER_CASE: &str = "without a schema an error names the case of a choice as Rust names the variant, \
    `credential.Password`, and the schema's cases are in lower case";

fn all() -> impl Iterator<Item = &'static Twin> {
    GROUPS.into_iter().flatten()
}

fn is_gap(twin: &Twin) -> bool {
    GAPS.iter().any(|(name, _)| *name == twin.name)
}

#[test]
fn game_is_the_same() {
    compare("game", all().filter(|twin| !is_gap(twin)));
}

#[test]
fn what_differs_differs_in_what_is_known_alone() {
    let layout = layout("game");
    let in_lower_case = |again: Again| {
        again.map_err(|wrong| Wrong {
            field: wrong.field.to_lowercase(),
            ..wrong
        })
    };
    for (name, reason) in GAPS {
        let twin = all().find(|twin| twin.name == name).unwrap();
        let id = layout.struct_named(name).unwrap();
        let packet = layout.packets.iter().find(|packet| packet.body == id);
        let mut differs = false;
        for vector in &packet.unwrap().vectors {
            for end in 0..=vector.bytes.len() {
                let bytes = &vector.bytes[..end];
                let (derived, dynamic) = ((twin.again)(bytes), dynamic_again(&layout, id, bytes));
                differs |= derived != dynamic;
                assert_eq!(in_lower_case(derived), dynamic, "{name} from {bytes:02x?}");
            }
        }
        assert!(differs, "{name} differs no more: {reason}");
    }
}

#[test]
fn every_struct_of_the_game_has_a_twin() {
    let twins: BTreeSet<&str> = all().map(|twin| twin.name).collect();
    let structs = codecs::GAME.codecs.iter().map(|codec| codec.name);
    assert_eq!(twins, structs.collect());
}

mod quickstart {
    use super::{Packet, Vec3, compare, twins};

    #[derive(Debug, Packet)]
    #[packet(id = 1001, size = 20, max_size = "1KiB")]
    struct Move {
        player: u32,
        #[packet(fixed = 12)]
        position: Vec3,
    }

    #[test]
    fn quickstart_is_the_same() {
        compare("quickstart", twins![Move / MoveView]);
    }
}
