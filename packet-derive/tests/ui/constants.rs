//! What the types of other items must be, compared when constants are computed.

use packet_derive::Packet;

#[derive(Clone, Copy, Debug, Packet)]
#[packet(repr = "u3")]
enum Small {
    One,
}

#[derive(Packet)]
struct Rest {
    #[packet(rest)]
    data: Vec<u8>,
}

#[derive(Packet)]
struct Place {
    x: u8,
    y: u8,
}

#[derive(Packet)]
struct Empty {}

#[derive(Packet)]
enum Body {
    #[packet(tag = 256)]
    Place(Place),
}

#[derive(Packet)]
struct OtherWidth {
    #[packet(type = "u8")]
    small: Small,
}

#[derive(Packet)]
struct Endless {
    rest: Rest,
    after: u8,
}

#[derive(Packet)]
struct NotEndless {
    #[packet(rest)]
    place: Place,
}

#[derive(Packet)]
struct EmptyElements {
    #[packet(len = "u8")]
    elements: Vec<Empty>,
}

#[derive(Packet)]
struct LargeTag {
    #[packet(wire(kind: u8), match = "kind")]
    body: Body,
}

#[derive(Packet)]
#[packet(size = 3)]
struct OtherSize {
    place: Place,
}

#[derive(Packet)]
#[packet(id = 1)]
struct One {}

#[derive(Packet)]
#[packet(id = 1, header(id: u8, size: u8))]
struct Uno {}

#[derive(Packet)]
enum Message {
    One(One),
    Uno(Uno),
}

fn main() {}
