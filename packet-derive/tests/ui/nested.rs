//! What is said of a field's type must go with it.

use packet_derive::Packet;

#[derive(Clone, Copy, Debug, Packet)]
#[repr(u8)]
enum Channel {
    Everyone,
}

#[derive(Packet)]
struct Place {
    x: u8,
}

#[derive(Packet)]
struct NotForNumbers {
    #[packet(fixed = 1)]
    fixed: u8,
    #[packet(match = "fixed", len = "u8")]
    chosen: String,
    #[packet(guard = "fixed == 1")]
    guarded: [u8; 4],
}

#[derive(Packet)]
struct NotTogether {
    #[packet(fixed = 1, type = "u8")]
    both: Channel,
    #[packet(fixed = "one")]
    place: Place,
    #[packet(guard = "both == 1")]
    guarded: Place,
    #[packet(match = "both", len = "u8")]
    several: Vec<Place>,
    #[packet(len = "u8")]
    long: Place,
    #[packet(type = "u8[2]")]
    channels: Channel,
    unbounded: Vec<Place>,
    #[packet(count = 2)]
    pair: [Place; 2],
}

#[derive(Packet)]
struct NoSuchTag {
    #[packet(match = "kind")]
    body: Place,
}

#[derive(Packet)]
struct NoSuchHeader {
    #[packet(header)]
    sequence: u32,
}

#[derive(Packet)]
#[packet(id = 1, header(size: u16, id: u16, sequence: u32))]
struct OtherHeader {
    #[packet(header)]
    sequence: u16,
    #[packet(header)]
    size: u16,
}

#[derive(Packet)]
struct Tree {
    #[packet(len = "u8")]
    branches: Vec<Tree>,
}

fn main() {}
