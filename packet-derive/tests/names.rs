//! Names that generated code has uses of its own for are still the user's to choose.
#![deny(missing_docs, unreachable_pub)]

use packet_derive::Packet as Derive;
use packet_runtime::{Encode, View};

/// A name that a whole protocol's code needs for itself.
#[derive(Clone, Debug, Derive, PartialEq)]
#[packet(id = 1)]
#[allow(non_snake_case)]
pub struct Packet<'a> {
    /// Names of methods.
    pub parse: u8,
    pub(crate) as_bytes: u16,
    to_vec: u8,
    /// Names of variables.
    #[packet(len = "u8")]
    pub reader: &'a str,
    #[packet(wire(writer: u8), count = "writer")]
    value: Vec<u16>,
    #[packet(wire(derived: bool), when = "derived", len = "u8")]
    bytes: Option<&'a [u8]>,
    part: u8,
    error: u8,
    union: u8,
    /// A keyword.
    pub r#type: u8,
    playerId: u8,
    #[packet(wire(length: u8), count = "length")]
    encoded_len: Vec<u8>,
}

#[test]
fn names_do_not_clash() {
    let packet = Packet {
        parse: 1,
        as_bytes: 2,
        to_vec: 3,
        reader: "four",
        value: vec![5, 6],
        bytes: Some(&[7]),
        part: 8,
        error: 9,
        union: 10,
        r#type: 11,
        playerId: 12,
        encoded_len: vec![13],
    };
    let bytes = Encode::to_vec(&packet).unwrap();
    let view = PacketView::parse(&bytes).unwrap();
    assert_eq!(Packet::from(view), packet);
    assert_eq!((view.error(), view.type_(), view.player_id()), (9, 11, 12));
    let error = PacketView::parse(&bytes[..24]).unwrap_err();
    assert_eq!(error.field().to_string(), "type");
}

#[test]
fn what_is_deprecated_warns_only_who_uses_it() {
    #![deny(deprecated)]

    #[derive(Derive)]
    struct Start<'a> {
        #[packet(cstring)]
        mode: &'a str,
        #[deprecated(note = "the mode says it")]
        #[packet(scale = 10)]
        speed: u8,
    }

    let view = StartView::parse(b"x\0\x07").unwrap();
    assert_eq!(view.mode(), "x");
    let start = Start::from(view);
    assert_eq!(start.mode, "x");
    #[allow(deprecated)]
    {
        assert_eq!((start.speed, view.speed()), (7, 7));
        let scaled = [start.speed_scaled(), view.speed_scaled()];
        assert_eq!(scaled.map(f64::to_bits), [70_f64.to_bits(); 2]);
    }
}

#[test]
fn a_struct_can_be_local_and_come_from_a_macro() {
    macro_rules! packet {
        ($name:ident, $id:literal, $($field:ident: $ty:ty),*) => {
            #[derive(Derive)]
            #[packet(id = $id)]
            struct $name {
                $($field: $ty,)*
            }
        };
    }
    packet!(Local, 0x0102, a: u8, b: [u8; 2]);
    let bytes = Local { a: 1, b: [2, 3] }.to_vec().unwrap();
    assert_eq!(bytes, [0, 7, 1, 2, 1, 2, 3]);
}

mod nested {
    //! The view is as visible as the struct, and wherever the struct is.

    /// A packet without any field.
    #[derive(packet_derive::Packet)]
    #[packet(id = 7, size = 4)]
    pub(super) struct Empty {}

    /// Nothing at all.
    #[derive(packet_derive::Packet)]
    pub(super) struct Nothing {}
}

#[test]
fn a_packet_can_be_empty() {
    let bytes = nested::Empty {}.to_vec().unwrap();
    assert_eq!(bytes, [0, 4, 0, 7]);
    let _: nested::Empty = nested::EmptyView::parse(&bytes).unwrap().into();
    assert!(nested::Nothing {}.to_vec().unwrap().is_empty());
    assert!(nested::NothingView::parse(&[]).is_ok());
}
