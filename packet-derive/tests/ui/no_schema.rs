//! A schema that cannot be read.

use packet_derive::Packet;
use packet_runtime::View;

#[derive(Debug, Packet)]
#[packet(schema = "schemas/no_such.yaml")]
struct Move {
    player: u32,
}

#[derive(Clone, Copy, Debug, Packet)]
#[packet(schema = 7)]
enum Channel {
    One,
}

fn main() {
    let _ = MoveView::parse(&[]).map(Move::from);
}
