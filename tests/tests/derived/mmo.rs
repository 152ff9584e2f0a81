//! All of `schemas/mmo.yaml`: little-endian, with fields of the user's and constant bits in the header.

use super::{Twin, compare, every_struct_has_a_twin, twins};
use packet_derive::Packet;

/// A frame with its header and the fields of a user's that stand in it.
macro_rules! frame {
    ($(#[$attribute:meta])* struct $name:ident $(<$lifetime:lifetime>)? { $($fields:tt)* }) => {
        #[derive(Debug, Packet)]
        #[packet(
            endian = "little",
            max_size = "64KiB",
            header(
                size: u32,
                #[packet(role = "id")] type: u16,
                sequence: u64,
                #[packet(unit = "us")] timestamp: u64,
                #[packet(strict)] _: u7,
                compressed: bit = 0
            )
        )]
        $(#[$attribute])*
        struct $name $(<$lifetime>)? {
            #[packet(header)]
            sequence: u64,
            #[packet(header)]
            timestamp: u64,
            $($fields)*
        }
    };
}

#[derive(Debug, Packet)]
#[packet(endian = "little")]
struct Item {
    kind: u32,
    #[packet(range = 1..=999)]
    count: u16,
}

#[derive(Debug, Packet)]
#[packet(endian = "little")]
struct Position {
    #[packet(scale = 0.001, unit = "m")]
    x: i32,
    #[packet(scale = 0.001, unit = "m")]
    y: i32,
    #[packet(scale = 0.001, unit = "m")]
    z: i32,
}

frame! {
    #[packet(id = 10, size = 43)]
    struct Walk {
        entity: u64,
        #[packet(fixed = 12)]
        to: Position,
    }
}

frame! {
    #[packet(id = 11)]
    struct Say<'a> {
        entity: u64,
        #[packet(len = "u16", min = 1, max = 400)]
        text: &'a str,
    }
}

frame! {
    #[packet(id = 20)]
    struct Inventory {
        entity: u64,
        #[packet(len = "u16")]
        items: Vec<Item>,
    }
}

frame! {
    #[packet(id = 30)]
    struct Terrain {
        west: i32,
        south: i32,
        #[packet(len = "u16", max = 16384, unit = "dm")]
        heights: Vec<i16>,
    }
}

const TWINS: &[Twin] = twins![
    Item / ItemView,
    Position / PositionView,
    Walk / WalkView,
    Say / SayView<'_>,
    Inventory / InventoryView,
    Terrain / TerrainView,
];

#[test]
fn mmo_is_the_same() {
    compare("mmo", TWINS);
}

#[test]
fn every_struct_of_the_mmo_has_a_twin() {
    every_struct_has_a_twin("mmo", TWINS);
}
