//! All of `schemas/quickstart.yaml`.

use super::{Twin, compare, every_struct_has_a_twin, twins};
use packet_derive::Packet;

#[derive(Debug, Packet)]
struct Vec3 {
    #[packet(finite)]
    x: f32,
    #[packet(finite)]
    y: f32,
    #[packet(finite)]
    z: f32,
}

#[derive(Debug, Packet)]
#[packet(id = 1001, size = 20, max_size = "1KiB")]
struct Move {
    player: u32,
    #[packet(fixed = 12)]
    position: Vec3,
}

const TWINS: &[Twin] = twins![Vec3 / Vec3View, Move / MoveView];

#[test]
fn quickstart_is_the_same() {
    compare("quickstart", TWINS);
}

#[test]
fn every_struct_of_quickstart_has_a_twin() {
    every_struct_has_a_twin("quickstart", TWINS);
}
