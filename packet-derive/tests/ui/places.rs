//! Padding, alignment, scales, computed values and checksums.

use packet_derive::Packet;

#[derive(Packet)]
#[packet(trailing = "keep")]
struct Kept {
    a: u8,
}

#[derive(Packet)]
#[packet(trailing = "ignore")]
struct Words {
    #[packet(trailing = "skip", default = 3)]
    a: u8,
    #[packet(scale = 0)]
    b: u8,
    #[packet(align = "four", pad_to = -1)]
    c: u8,
    #[packet(wire(#[packet(alig = 4)] _: u8))]
    d: u8,
    #[packet(wire(sum: u16 = internet(a, b, 3)))]
    e: u8,
    #[packet(wire(sum: u16 = len(b) *))]
    f: u8,
}

#[derive(Packet)]
struct Places {
    #[packet(pad_to = 4)]
    number: u8,
    #[packet(rest, pad_to = 4)]
    endless: Vec<u8>,
    #[packet(type = "u4", align = 4)]
    bits: u8,
    #[packet(type = "u4", align = 0)]
    more_bits: u8,
    #[packet(scale = 0.1)]
    float: f32,
}

#[derive(Packet)]
struct Computed {
    #[packet(wire(n: u8), count = "n + len(name)")]
    data: Vec<u8>,
    #[packet(wire(half: u8 = size(nothing), double: u8 = lenght(name) + 1))]
    #[packet(len = "u8")]
    name: String,
    #[packet(wire(sum: u8 = crc16_modbus(data, data), more: u8 = sum9(data, data), extra: u8 = xor8(data, data, extra = 300)))]
    last: u8,
}

#[derive(Packet)]
struct OnTheWrongSide {
    #[packet(value = "len(data) * 2", deprecated, doc = "Bytes.", const = 4, checksum = "crc32")]
    half: u8,
}

fn main() {}
