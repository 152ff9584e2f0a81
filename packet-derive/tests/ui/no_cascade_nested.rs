//! Types with mistakes can be fields, cases and messages: there is one error for each, not one for every use.

use packet_derive::Packet;
use packet_runtime::{Encode, View};

#[derive(Clone, Copy, Debug, Packet)]
enum Channel {
    Everyone,
}

#[derive(Clone, Copy, Debug, Packet)]
#[packet(flags(voice = 9))]
struct Caps(u8);

#[derive(Debug, Packet)]
struct Place {
    x: usize,
}

#[derive(Debug, Packet)]
enum Body {
    #[packet(tag = 1)]
    Nothing,
}

#[derive(Debug, Packet)]
struct Chat {
    #[packet(type = "u8")]
    channel: Channel,
    #[packet(type = "u8")]
    caps: Caps,
    #[packet(fixed = 12)]
    place: Place,
    other: Place,
    #[packet(len = "u8")]
    places: Vec<Place>,
    #[packet(wire(kind: u8), match = "kind")]
    body: Body,
}

fn main() {
    let chat = ChatView::parse(&[]).map(Chat::from).unwrap();
    let _ = chat.to_vec();
}
