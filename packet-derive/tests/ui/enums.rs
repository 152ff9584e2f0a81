//! Each kind of enum has variants of its own.

use packet_derive::Packet;

const ELEVEN: u8 = 11;

#[derive(Packet)]
enum Nothing {}

#[derive(Clone, Copy, Debug, Packet)]
enum NoWidth {
    One,
}

#[derive(Clone, Copy, Debug, Packet)]
#[repr(u8)]
enum Numbers {
    One = 1,
    Uno = 1,
    Eleven = ELEVEN,
    Pair(u8, u8),
    #[packet(other)]
    Other(u16),
}

#[derive(Clone, Copy, Debug, Packet)]
#[packet(repr = "u3")]
enum TooLarge {
    Eight = 8,
    #[packet(unknown)]
    Nine,
}

#[derive(Clone, Copy, Debug, Packet)]
#[packet(flags(voice = 0, = 1, loud = 9), unknown = "ignore")]
struct Caps(u8);

#[derive(Clone, Copy, Debug, Packet)]
#[packet(flags(voice = 0))]
struct NoNumber(bool);

#[derive(Packet)]
enum Body {
    #[packet(tag = 1)]
    Both(u8, u16),
    #[packet(tag = 1)]
    Nothing,
    Untagged(u8),
    #[packet(tag = "one")]
    Word(u8),
    #[packet(else)]
    Else(u8),
    #[packet(tag = 4)]
    How(Vec<u8>),
}

#[derive(Packet)]
enum Message {
    One(u8),
    Two { a: u8 },
    #[packet(unknown)]
    Unknown(u8),
}

fn main() {}
