//! Tags are numbers, or values of an enum that is a number on the wire.

use packet_derive::Packet;

#[derive(Clone, Copy, Debug, Packet)]
#[repr(u8)]
enum Kind {
    One = 1,
    Two,
}

#[derive(Packet)]
enum Mixed {
    #[packet(tag = Kind::One)]
    One(u8),
    #[packet(tag = 2)]
    Two(u8),
}

#[derive(Packet)]
enum Twice {
    #[packet(tag = Kind::One)]
    One(u8),
    #[packet(tag = Kind::One)]
    Uno(u8),
    #[packet(tag = Kind::Two, name = "no name")]
    Two(u8),
}

fn main() {}
