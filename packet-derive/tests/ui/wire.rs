//! Fields that are on the wire only: their form, and that it is clear what to write into them.

use packet_derive::Packet;

#[derive(Packet)]
struct Malformed {
    #[packet(wire)]
    a: u8,
    #[packet(wire = "count: u8")]
    b: u8,
    #[packet(wire(count))]
    c: u8,
    #[packet(wire(count: ))]
    d: u8,
    #[packet(wire(count = u8))]
    e: u8,
    #[packet(wire(sum: u16 = internet(a)))]
    f: u8,
    #[packet(wire(count: Vec<u8))]
    g: u8,
}

#[derive(Packet)]
struct Values {
    #[packet(wire(version: u4 = 16, sum: u16 = crc99(a, b), kind: u4 = many))]
    a: u8,
    b: u8,
}

#[derive(Packet)]
struct WhatToWrite {
    #[packet(wire(spare: u8))]
    a: u8,
}

#[derive(Packet)]
#[packet(header(size: u16, flags: u8), trailer(end: u8))]
struct Framed {
    a: u8,
}

#[derive(Packet)]
#[packet(trailer(end: u8 = 0))]
struct NoHeader {
    a: u8,
}

#[derive(Packet)]
struct OnTheWrongSide {
    count: u8,
    #[packet(count = "count")]
    a: Vec<u8>,
    has_b: bool,
    #[packet(when = "has_b")]
    b: Option<u8>,
}

fn main() {}
