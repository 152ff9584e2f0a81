//! `Option` and `when` belong together.

use packet_derive::Packet;

#[derive(Packet)]
struct Optional {
    flags: u8,
    unconditional: Option<u16>,
    #[packet(when = "flags == 1")]
    always: u16,
}

fn main() {}
