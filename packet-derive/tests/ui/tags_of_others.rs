//! Whether a tag is the value of an enum that is a number on the wire, only the compiler knows.

use packet_derive::Packet;

#[derive(Clone, Copy, Debug, Packet)]
#[repr(u8)]
enum Kind {
    One = 1,
}

#[derive(Clone, Copy)]
enum Plain {
    One,
}

#[derive(Packet)]
enum NoNumber {
    #[packet(tag = Plain::One)]
    One(u8),
}

#[derive(Packet)]
enum NoSuchValue {
    #[packet(tag = Kind::Two)]
    Two(u8),
}

fn main() {}
