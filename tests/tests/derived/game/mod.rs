//! All packets of `schemas/game.yaml`.

mod auth;
mod chat;
mod guild;
mod system;
mod world;

use super::{Twin, compare, every_struct_has_a_twin, twins};
use packet_derive::Packet;

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

fn all() -> impl Iterator<Item = &'static Twin> {
    GROUPS.into_iter().flatten()
}

#[test]
fn game_is_the_same() {
    compare("game", all());
}

#[test]
fn every_struct_of_the_game_has_a_twin() {
    every_struct_has_a_twin("game", all());
}
