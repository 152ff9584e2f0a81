//! A struct with a mistake can still be used: there is one error, not one for every use.

use packet_derive::Packet;
use packet_runtime::{Encode, View};

#[derive(Packet)]
#[packet(id = 1001)]
pub struct Move<'a> {
    /// The one mistake.
    player: usize,
    #[packet(len = "u8")]
    name: &'a str,
}

#[derive(Packet)]
pub struct Owned {
    /// The other one.
    position: (f32, f32),
}

fn send(packet: &impl Encode) -> Vec<u8> {
    packet.to_vec().unwrap_or_default()
}

fn receive(bytes: &[u8]) -> Option<Move<'_>> {
    MoveView::parse(bytes).map(Move::from).ok()
}

fn main() {
    let bytes = send(&Move { player: 1, name: "ada" });
    let _ = receive(&bytes);
    let owned: Owned = OwnedView::parse(&bytes).unwrap().into();
    send(&owned);
}
