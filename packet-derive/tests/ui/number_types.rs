//! `type` gives a number another width on the wire; the narrowest Rust type must hold it.

use packet_derive::Packet;

#[derive(Packet)]
struct NotForNumbers {
    #[packet(type = "u8")]
    bytes: [u8; 4],
    #[packet(type = "u16", len = "u8")]
    text: String,
    #[packet(type = "u16[4]")]
    number: u16,
    #[packet(type = "u16[")]
    open: u16,
}

#[derive(Packet)]
struct Unknown {
    #[packet(type = "u65")]
    wide: u64,
    #[packet(type = "flot")]
    float: f32,
}

#[derive(Packet)]
struct DoesNotFit {
    #[packet(type = "u24")]
    too_wide: u64,
    #[packet(type = "u32")]
    too_narrow: u16,
    #[packet(type = "u16")]
    signed: i16,
    #[packet(type = "u8")]
    truth: bool,
    #[packet(type = "u64", len = "u8")]
    elements: Vec<u32>,
}

fn main() {}
