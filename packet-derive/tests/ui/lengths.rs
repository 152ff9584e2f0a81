//! What varies in length says how in exactly one way, and nothing else does.

use packet_derive::Packet;

#[derive(Packet)]
struct Lengths<'a> {
    none: Vec<u8>,
    none_either: &'a str,
    #[packet(len = "u8", rest)]
    two: Vec<u16>,
    #[packet(wire(n: u8), size = "n", count = "n")]
    two_more: &'a [u8],
    #[packet(count = 4)]
    number: u32,
    #[packet(rest)]
    fixed: [u8; 4],
}

#[derive(Packet)]
struct PrefixType {
    #[packet(len = "i8")]
    signed: String,
    #[packet(len = "u4")]
    part: Vec<u8>,
    #[packet(len = "VarInt")]
    unknown: Vec<u8>,
}

#[derive(Packet)]
struct AlwaysTheSame {
    #[packet(count = 4)]
    bytes: Vec<u8>,
}

fn main() {}
