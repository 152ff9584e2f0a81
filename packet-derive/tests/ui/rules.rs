//! The rules of the schema language hold here too, and point into the struct.

use packet_derive::Packet;

#[derive(Packet)]
#[packet(id = 1001, size = 9)]
struct Size {
    a: u16,
}

#[derive(Packet)]
#[packet(id = 65536)]
struct IdTooLarge {
    a: u16,
}

#[derive(Packet)]
#[packet(id = 7, header(size: u16))]
struct NoPlaceForTheId {
    a: u16,
}

#[derive(Packet)]
#[packet(header(size: u16, id: u16))]
struct NoId {
    a: u16,
}

#[derive(Packet)]
#[packet(header(magic: u16 = 7))]
struct NoSize {
    a: u16,
}

#[derive(Packet)]
struct BitRun {
    #[packet(wire(version: u4 = 4))]
    a: u16,
}

#[derive(Packet)]
struct Names {
    #[packet(wire(count: u8), count = "count")]
    a: Vec<u8>,
    #[packet(wire(count: u8), count = "count")]
    b: Vec<u8>,
    r#else: u8,
    _spare: u8,
    größe: u8,
}

#[derive(Packet)]
struct Expressions {
    #[packet(count = "n")]
    before: Vec<u8>,
    #[packet(wire(n: u8), count = nn * 2)]
    misspelt: Vec<u8>,
    #[packet(when = "n / (n - 1)")]
    division: Option<u8>,
    #[packet(when = "misspelt == 2")]
    not_a_number: Option<u8>,
}

#[derive(Packet)]
struct NoExpressions {
    #[packet(count = n ** 2)]
    malformed: Vec<u8>,
    #[packet(when = "")]
    empty: Option<u8>,
    #[packet(when =)]
    missing: Option<u8>,
}

#[derive(Packet)]
struct NotSolvable {
    #[packet(wire(n: u8), count = "n * n")]
    a: Vec<u8>,
}

#[derive(Packet)]
struct AfterTheRest {
    #[packet(rest)]
    a: Vec<u8>,
    fixed: u32,
    #[packet(len = "u8")]
    b: Vec<u8>,
}

#[derive(Packet)]
struct Constraints {
    #[packet(range = "0..=300")]
    a: u8,
    #[packet(finite)]
    b: u8,
    #[packet(min = 1)]
    c: u8,
}

fn main() {}
