//! Values of different enums can be the same tag, which only the compiler knows.

use packet_derive::Packet;

#[derive(Clone, Copy, Debug, Packet)]
#[repr(u8)]
enum Kind {
    One = 1,
}

#[derive(Clone, Copy, Debug, Packet)]
#[repr(u8)]
enum Other {
    Uno = 1,
}

#[derive(Packet)]
enum TheSameNumber {
    #[packet(tag = Kind::One)]
    One(u8),
    #[packet(tag = Other::Uno)]
    Uno(u8),
}

fn main() {}
