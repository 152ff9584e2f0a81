//! Types with `#[derive(Packet)]` in one another.
#![allow(clippy::unwrap_used)] // a test fails where it panics

use packet_derive::Packet;
use packet_runtime::{Encode, EncodeErrorKind, View};

mod space {
    use packet_derive::Packet;

    #[derive(Clone, Copy, Debug, Packet, PartialEq)]
    pub(crate) struct Vec3 {
        #[packet(finite)]
        pub(crate) x: f32,
        #[packet(finite)]
        pub(crate) y: f32,
        #[packet(finite)]
        pub(crate) z: f32,
    }

    #[derive(Clone, Copy, Debug, Packet, PartialEq, Eq)]
    #[repr(u8)]
    pub(crate) enum Channel {
        Everyone,
        Nearby = 4,
        Whisper,
    }

    #[derive(Clone, Copy, Debug, Packet, PartialEq, Eq)]
    #[repr(u16)]
    pub(crate) enum Code {
        Ok = 0,
        Bad = 7,
        #[packet(other)]
        Other(u16),
    }

    #[derive(Clone, Copy, Debug, Packet, PartialEq, Eq)]
    #[packet(flags(running = 0, jumping = 1), repr = "u3")]
    pub(crate) struct Motion(u8);
}

use space::{Channel, Code, Motion, Vec3};

#[derive(Clone, Debug, Packet, PartialEq)]
#[packet(id = 2002, size = 29)]
struct Move {
    player: u32,
    #[packet(fixed = 12)]
    position: Vec3,
    #[packet(type = "u16")]
    code: Code,
    #[packet(wire(_: u5), type = "u3")]
    motion: Motion,
    #[packet(count = 6)]
    name: String,
}

#[derive(Clone, Debug, Packet, PartialEq)]
struct Named<'p> {
    #[packet(len = "u8")]
    name: &'p str,
    position: Vec3,
}

#[derive(Clone, Debug, Packet, PartialEq)]
#[packet(id = 7, size = "20..=4294967")]
struct World<'a> {
    #[packet(wire(has: bool), when = "has")]
    best: Option<Named<'a>>,
    #[packet(len = "u8", max = 10)]
    others: Vec<Named<'a>>,
    corners: [Vec3; 2],
    #[packet(type = "u8", len = "u8")]
    channels: Vec<Channel>,
    #[packet(type = "u16")]
    codes: [Code; 2],
    numbers: [u16; 3],
}

#[derive(Clone, Debug, Packet, PartialEq)]
enum Body<'b> {
    #[packet(tag = 1)]
    Place(Vec3),
    #[packet(tag = 0x10, len = "u8")]
    Text(&'b str),
    #[packet(tag = 3)]
    Named(Named<'b>),
    #[packet(tag = 4, range = 1..=9)]
    Level(u16),
    #[packet(tag = 5)]
    Nothing([u8; 0]),
    #[packet(else, rest)]
    Else { tag: u8, value: Vec<u8> },
}

#[derive(Clone, Debug, Packet, PartialEq)]
#[packet(id = 8)]
struct Event<'a> {
    #[packet(wire(kind: u8, _: u8), match = "kind", rest, wire_after(end: u8 = 9))]
    body: Body<'a>,
}

#[derive(Clone, Debug, Packet, PartialEq)]
enum Answer<'a> {
    #[packet(tag = Code::Ok)]
    Done([u8; 0]),
    #[packet(tag = space::Code::Bad, len = "u8", max = 3)]
    Refused(&'a str),
    #[packet(tag = Channel::Nearby, name = "here")]
    Nearby(Vec3),
    #[packet(else, rest)]
    Else { tag: u16, value: &'a [u8] },
}

#[derive(Clone, Debug, Packet, PartialEq)]
struct Answered<'a> {
    #[packet(wire(#[packet(type = "u16")] code: Code), match = "code", rest)]
    answer: Answer<'a>,
}

#[derive(Clone, Debug, Packet, PartialEq)]
struct Route<'a> {
    #[packet(until = 0, max = 2)]
    stops: Vec<Named<'a>>,
    #[packet(type = "u8", until = 4)]
    channels: Vec<Channel>,
}

#[derive(Clone, Debug, Packet, PartialEq)]
enum Message<'a> {
    Move(Move),
    World(World<'a>),
    Event(Event<'a>),
    #[packet(unknown)]
    Unknown {
        id: u16,
        bytes: &'a [u8],
    },
}

const VEC: Vec3 = Vec3 {
    x: 1.0,
    y: 2.0,
    z: 3.0,
};

#[test]
fn a_nested_struct_of_known_size_is_part_of_its_packet() {
    let moved = Move {
        player: 1,
        position: VEC,
        code: Code::Other(99),
        motion: Motion::JUMPING,
        name: "ada".into(),
    };
    let bytes = moved.to_bytes().unwrap();
    assert_eq!(bytes.len(), 29);
    let view = MoveView::parse(&bytes).unwrap();
    assert_eq!((view.position().y(), view.code()), (2.0, Code::Other(99)));
    assert_eq!(Move::from(view), moved);
    let error = MoveView::parse(&bytes[..19]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "Move.position.z at byte 16: needs 4 bytes, 3 are left"
    );
    let mut wrong = bytes;
    wrong[12..16].copy_from_slice(&f32::NAN.to_be_bytes());
    assert_eq!(
        MoveView::parse(&wrong).unwrap_err().field().to_string(),
        "position.y"
    );
    let mut wrong = bytes;
    wrong[22] = 4;
    let error = MoveView::parse(&wrong).unwrap_err();
    assert_eq!(
        error.to_string(),
        "Move.motion at byte 22: unknown value 4 (0x4)"
    );
    let wrong = Move {
        position: Vec3 { z: f32::NAN, ..VEC },
        ..moved
    };
    assert_eq!(
        wrong.to_vec().unwrap_err().field().to_string(),
        "position.z"
    );
}

#[test]
fn a_nested_struct_can_be_written_in_place() {
    let moved = Move {
        player: 1,
        position: VEC,
        code: Code::Bad,
        motion: Motion::JUMPING,
        name: "ada".into(),
    };
    let mut bytes = moved.to_bytes().unwrap();
    let mut writer = MoveMut::parse(&mut bytes).unwrap();
    writer.set_position(&Vec3 { y: 9.0, ..VEC }).unwrap();
    writer.set_motion(Motion::RUNNING).unwrap();
    let error = writer
        .set_position(&Vec3 {
            x: f32::INFINITY,
            ..VEC
        })
        .unwrap_err();
    assert_eq!(error.field().to_string(), "position.x");
    let view = MoveView::parse(&bytes).unwrap();
    assert_eq!((view.position().y(), view.motion()), (9.0, Motion::RUNNING));
}

#[test]
fn a_world_holds_all_kinds() {
    let named = Named {
        name: "ada",
        position: VEC,
    };
    let world = World {
        best: Some(named.clone()),
        others: vec![
            named.clone(),
            Named {
                name: "",
                ..named.clone()
            },
        ],
        corners: [VEC, Vec3 { x: 0.0, ..VEC }],
        channels: vec![Channel::Whisper, Channel::Everyone],
        codes: [Code::Bad, Code::Ok],
        numbers: [1, 2, 3],
    };
    let bytes = world.to_vec().unwrap();
    let view = WorldView::parse(&bytes).unwrap();
    assert_eq!(World::from(view), world);
    assert_eq!(Vec3::from(view.others().get(1).unwrap().position()), VEC);
    assert_eq!(
        <WorldView<'_> as View<'_>>::MIN_LEN,
        4 + 1 + 1 + 24 + 1 + 4 + 6
    );
    assert_eq!(
        <WorldView<'_> as View<'_>>::MAX_LEN,
        Some(4 + 1 + 268 + 1 + 10 * 268 + 24 + 256 + 4 + 6)
    );
    let mut wrong = bytes.clone();
    let at = 4 + 1 + 16 + 1 + 16 + 1 + 4;
    wrong[at..at + 4].copy_from_slice(&f32::NAN.to_be_bytes());
    let error = WorldView::parse(&wrong).unwrap_err();
    assert_eq!(error.field().to_string(), "others[1].position.y");
    assert_eq!(error.offset(), at);
}

#[test]
fn a_case_is_chosen_by_a_field() {
    let cases = [
        (Body::Place(VEC), 1),
        (Body::Text("hi"), 16),
        (
            Body::Named(Named {
                name: "x",
                position: VEC,
            }),
            3,
        ),
        (Body::Level(9), 4),
        (Body::Nothing([]), 5),
        (
            Body::Else {
                tag: 200,
                value: vec![1, 2],
            },
            200,
        ),
    ];
    for (body, tag) in cases {
        let event = Event { body };
        let bytes = event.to_vec().unwrap();
        assert_eq!(bytes[4], tag);
        let view = EventView::parse(&bytes).unwrap();
        assert_eq!(view.kind(), tag);
        assert_eq!(Event::from(view), event);
    }
    let error = EventView::parse(&[0, 9, 0, 8, 4, 0, 0, 10, 9]).unwrap_err();
    assert_eq!(error.field().to_string(), "body.Level");
    let wrong = Event {
        body: Body::Level(10),
    };
    assert_eq!(
        wrong.to_vec().unwrap_err().field().to_string(),
        "body.Level"
    );
    let wrong = Event {
        body: Body::Else {
            tag: 4,
            value: vec![],
        },
    };
    let error = wrong.to_vec().unwrap_err();
    assert_eq!(error.field().to_string(), "body");
}

#[test]
fn a_case_is_chosen_by_the_value_of_an_enum() {
    let cases = [
        (Answer::Done([]), 0),
        (Answer::Refused("hi"), 7),
        (Answer::Nearby(VEC), 4),
        (
            Answer::Else {
                tag: 9,
                value: b"x",
            },
            9,
        ),
    ];
    for (answer, tag) in cases {
        let answered = Answered { answer };
        let bytes = answered.to_vec().unwrap();
        assert_eq!(bytes[..2], [0, tag]);
        let view = AnsweredView::parse(&bytes).unwrap();
        assert_eq!(u16::from(view.code()), u16::from(tag));
        assert_eq!(Answered::from(view), answered);
    }
}

#[test]
fn errors_call_a_case_like_the_value_that_chooses_it() {
    let check = |bytes: &[u8], path: &str| {
        let error = AnsweredView::parse(bytes).unwrap_err();
        assert_eq!(error.field().to_string(), path);
    };
    check(&[0, 7, 2, b'h'], "answer.bad");
    check(&[0, 4, 0], "answer.here.x");
    let wrong = Answered {
        answer: Answer::Refused("long"),
    };
    let error = wrong.to_vec().unwrap_err();
    assert_eq!(error.field().to_string(), "answer.bad");
    let wrong = Answered {
        answer: Answer::Else { tag: 7, value: b"" },
    };
    let error = wrong.to_vec().unwrap_err();
    assert_eq!(error.kind(), EncodeErrorKind::CaseMismatch);
}

#[test]
fn structs_and_enums_can_go_on_until_a_byte() {
    let stop = |name| Named {
        name,
        position: VEC,
    };
    let route = Route {
        stops: vec![stop("x"), stop("yz")],
        channels: vec![Channel::Everyone, Channel::Whisper],
    };
    let bytes = route.to_vec().unwrap();
    assert_eq!(bytes[bytes.len() - 4..], [0, 0, 5, 4]);
    assert_eq!(Route::from(RouteView::parse(&bytes).unwrap()), route);
    let error = RouteView::parse(&bytes[..14]).unwrap_err();
    assert_eq!(error.field().to_string(), "stops");

    let check = |route: Route<'_>, path: &str| {
        let error = route.to_vec().unwrap_err();
        assert_eq!(error.kind(), EncodeErrorKind::Sentinel);
        assert_eq!(error.field().to_string(), path);
    };
    // An empty name begins with a zero.
    let stops = vec![stop("x"), stop("")];
    check(
        Route {
            stops,
            ..route.clone()
        },
        "stops[1]",
    );
    let channels = vec![Channel::Nearby];
    check(Route { channels, ..route }, "channels[0]");
}

#[test]
fn a_message_is_chosen_by_its_id() {
    let event = Event {
        body: Body::Level(9),
    };
    let bytes = event.to_vec().unwrap();
    let view = MessageView::parse(&bytes).unwrap();
    assert!(matches!(view, MessageView::Event(event) if event.kind() == 4));
    let message = Message::from(view);
    assert_eq!(message, Message::Event(event));
    assert_eq!((message.id(), message.name()), (8, "Event"));
    assert_eq!(message.to_vec().unwrap(), bytes);
    let unknown = Message::from(MessageView::parse(&[0, 4, 0, 99]).unwrap());
    assert_eq!(
        unknown,
        Message::Unknown {
            id: 99,
            bytes: &[0, 4, 0, 99]
        }
    );
    assert_eq!(unknown.to_vec().unwrap(), [0, 4, 0, 99]);
    let error = MessageView::parse(&[0, 4, 0]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "Message.id at byte 2: needs 2 bytes, 1 is left"
    );
}

#[derive(Clone, Debug, Packet, PartialEq)]
#[packet(header(#[packet(role = "size")] length: u16, transaction: u16, id: u8), counts = "body", bias = 1)]
#[packet(id = 0x81..=0xff)]
struct Exception {
    #[packet(header)]
    transaction: u16,
    #[packet(header)]
    id: u8,
    code: u8,
}

#[test]
fn header_fields_can_be_the_users() {
    let exception = Exception {
        transaction: 7,
        id: 0x83,
        code: 2,
    };
    let bytes = exception.to_vec().unwrap();
    assert_eq!(bytes, [0, 2, 0, 7, 0x83, 2]);
    assert_eq!(
        Exception::from(ExceptionView::parse(&bytes).unwrap()),
        exception
    );
    assert!(Exception { id: 3, ..exception }.to_vec().is_err());
}

#[derive(Clone, Debug, Packet, PartialEq)]
struct Empty {
    #[packet(wire(has: bit, _: u7), when = "has")]
    value: Option<u32>,
}

#[derive(Clone, Debug, Packet, PartialEq)]
struct Tail<'a> {
    kind: u8,
    #[packet(rest)]
    data: &'a [u8],
}

#[derive(Clone, Debug, Packet, PartialEq)]
#[packet(size = 4..=258)]
struct Ends<'a> {
    #[packet(wire(n: u8), size = "n")]
    sized: Tail<'a>,
    #[packet(pad_to = 2)]
    padded: Thin,
}

#[derive(Clone, Debug, Packet, PartialEq)]
struct Thin {
    #[packet(type = "varint", range = 0..=16383)]
    value: u64,
}

#[derive(Clone, Debug, Packet, PartialEq)]
#[packet(id = 3)]
struct Behind<'a> {
    #[packet(rest, wire_after(end: u16 = 7))]
    tail: Tail<'a>,
}

#[derive(Clone, Debug, Packet, PartialEq)]
struct List {
    #[packet(size = "n", wire(n: u8))]
    items: Vec<Empty>,
    #[packet(rest, wire(#[packet(type = "u16", endian = "little")] code: Code = 7))]
    more: Vec<Thin>,
}

#[test]
fn a_struct_has_the_place_that_it_is_given() {
    let ends = Ends {
        sized: Tail {
            kind: 1,
            data: b"ab",
        },
        padded: Thin { value: 5 },
    };
    let bytes = ends.to_vec().unwrap();
    assert_eq!(bytes, [3, 1, b'a', b'b', 5, 0]);
    assert_eq!(Ends::from(EndsView::parse(&bytes).unwrap()), ends);
    assert_eq!(<EndsView<'_> as View<'_>>::MIN_LEN, 4);

    let behind = Behind {
        tail: Tail {
            kind: 1,
            data: b"ab",
        },
    };
    let bytes = behind.to_vec().unwrap();
    assert_eq!(bytes, [0, 9, 0, 3, 1, b'a', b'b', 0, 7]);
    assert_eq!(Behind::from(BehindView::parse(&bytes).unwrap()), behind);
    assert_eq!(<BehindView<'_> as View<'_>>::MIN_LEN, 7);
    assert_eq!(<BehindView<'_> as View<'_>>::MAX_LEN, None);

    let list = List {
        items: vec![Empty { value: None }, Empty { value: Some(2) }],
        more: vec![Thin { value: 300 }],
    };
    let bytes = list.to_vec().unwrap();
    assert_eq!(bytes, [6, 0, 0x80, 0, 0, 0, 2, 7, 0, 0xac, 2]);
    let view = ListView::parse(&bytes).unwrap();
    assert_eq!(view.items().get(1).unwrap().value(), Some(2));
    assert_eq!(List::from(view), list);
}
