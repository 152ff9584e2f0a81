//! What is in `#[packet(…)]` is checked key by key.

use packet_derive::Packet;

#[derive(Packet)]
#[packet]
struct NoList {
    a: u8,
}

#[derive(Packet)]
#[packet = "id"]
struct NoListEither {
    a: u8,
}

#[derive(Packet)]
#[packet(identity = 7, endian = "middle", bit_order("msb"), header = "none", size)]
struct OfTheStruct {
    a: u8,
}

#[derive(Packet)]
#[packet(id = 7e3, max_size = "64k", counts = "bytes", size = 20..30)]
struct Values {
    a: u8,
}

#[derive(Packet)]
#[packet(counts = "body", max_size = 100)]
struct NoHeader {
    a: u8,
}

#[derive(Packet)]
struct OfFields {
    #[packet(length = "u8")]
    #[packet(len = "u8")]
    a: Vec<u8>,
    #[packet(len = "u8", len = "u16")]
    b: Vec<u8>,
    #[packet(finite = "perhaps", range = 9..=1)]
    c: f32,
    #[packet(min = 0.5, max = -1, rest(1))]
    d: String,
    #[packet(len = "u8" encoding = "latin1", 5)]
    e: String,
}

fn main() {}
