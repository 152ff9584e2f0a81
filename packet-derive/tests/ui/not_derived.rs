//! What another item's type must be is the compiler's to see; the error is at the field.

use packet_derive::Packet;

struct Stranger;

#[derive(Clone, Copy, Debug, Packet)]
#[repr(u8)]
enum Channel {
    Everyone,
}

#[derive(Packet)]
struct Place {
    x: u8,
    y: u8,
}

#[derive(Packet)]
struct Unknown {
    stranger: Stranger,
}

#[derive(Packet)]
struct NoWidth {
    channel: Channel,
}

#[derive(Packet)]
struct WrongWidth {
    #[packet(type = "u16")]
    channel: Channel,
}

#[derive(Packet)]
struct WrongSize {
    #[packet(fixed = 3)]
    place: Place,
}

#[derive(Packet)]
struct NotCases {
    #[packet(wire(kind: u8), match = "kind")]
    body: Place,
}

#[derive(Packet)]
enum Message {
    Place(Place),
}

fn main() {}
