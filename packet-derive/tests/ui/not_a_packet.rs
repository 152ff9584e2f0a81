//! Only a struct with named fields and at most one lifetime is a packet.

use packet_derive::Packet;

#[derive(Packet)]
enum Either {
    This { a: u8 },
    That,
}

#[derive(Packet)]
struct Tuple(u8, u16);

#[derive(Packet)]
struct Unit;

#[derive(Packet)]
union Overlaid {
    a: u8,
}

#[derive(Packet)]
struct Generic<T, const N: usize> {
    a: u8,
    b: core::marker::PhantomData<[T; N]>,
}

#[derive(Packet)]
struct TwoLifetimes<'a, 'b> {
    #[packet(len = "u8")]
    a: &'a str,
    #[packet(len = "u8")]
    b: &'b str,
}

#[derive(Packet)]
struct Bounded<'a>
where
    'a: 'static,
{
    #[packet(len = "u8")]
    a: &'a str,
}

fn main() {}
