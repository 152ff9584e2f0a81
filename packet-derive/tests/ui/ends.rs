//! Ends, encodings and varints hold what their types in Rust hold.

use packet_derive::Packet;

#[derive(Packet)]
struct Ends<'a> {
    #[packet(cstring)]
    bytes: Vec<u8>,
    #[packet(cstring)]
    number: u8,
    #[packet(until = 0)]
    text: String,
    #[packet(until = 0)]
    lent: &'a [u8],
    #[packet(until = 0, len = "u8")]
    twice: Vec<u16>,
    #[packet(cstring, rest)]
    twice_too: &'a str,
}

#[derive(Packet)]
struct Place {
    x: u16,
}

#[derive(Packet)]
struct Elements {
    #[packet(until = 0x10000)]
    large: Vec<u16>,
    #[packet(until = 0)]
    floats: Vec<f32>,
    #[packet(until = 256)]
    places: Vec<Place>,
}

#[derive(Packet)]
struct Encodings {
    #[packet(count = 7, encoding = "utf16")]
    odd: String,
    #[packet(cstring, encoding = "utf8")]
    text: String,
}

#[derive(Packet)]
struct Held<'a> {
    #[packet(len = "u8", encoding = "latin1")]
    latin: &'a str,
    #[packet(cstring, encoding = "utf16")]
    wide: &'a str,
    #[packet(type = "varint")]
    narrow: u32,
    #[packet(type = "zigzag", len = "varint")]
    unsigned: Vec<u64>,
    #[packet(type = "u24", len = "u8")]
    wider: Vec<u64>,
}

fn main() {}
