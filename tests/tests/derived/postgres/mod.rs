//! All of `schemas/postgres.yaml`: three framings, ids that mean another packet in each direction, NULLs, lists up to a
//! NUL.

/// A message with the usual header, or with that of the framing `startup`.
macro_rules! message {
    ($(#[$attribute:meta])* struct $name:ident $(<$lifetime:lifetime>)? { $($fields:tt)* }) => {
        #[derive(Debug, Packet)]
        #[packet(
            max_size = "1GiB",
            header(#[packet(role = "id")] type: u8, #[packet(role = "size")] length: u32),
            counts = from(length)
        )]
        $(#[$attribute])*
        struct $name $(<$lifetime>)? { $($fields)* }
    };
    (startup $(#[$attribute:meta])* struct $name:ident $(<$lifetime:lifetime>)? { $($fields:tt)* }) => {
        #[derive(Debug, Packet)]
        #[packet(
            max_size = 10000,
            header(#[packet(role = "size")] length: u32, #[packet(role = "id")] code: u32)
        )]
        $(#[$attribute])*
        struct $name $(<$lifetime>)? { $($fields)* }
    };
}

mod authentication;
mod copying;
mod extended;
mod functions;
mod notices;
mod queries;
mod startup;

use super::{Twin, compare, every_struct_has_a_twin, twins};
use packet_derive::Packet;

#[derive(Clone, Copy, Debug, Packet)]
#[repr(u16)]
enum Format {
    Text,
    Binary,
}

#[derive(Debug, Packet)]
struct Value<'a> {
    #[packet(
        wire(#[packet(range = -1..=1073741823)] length: i32 = len(data) + present(data) - 1),
        when = length >= 0,
        count = length
    )]
    data: Option<&'a [u8]>,
}

const GROUPS: [&[Twin]; 8] = [
    twins![Value / ValueView<'_>],
    startup::TWINS,
    authentication::TWINS,
    queries::TWINS,
    notices::TWINS,
    extended::TWINS,
    functions::TWINS,
    copying::TWINS,
];

#[test]
fn postgres_is_the_same() {
    compare("postgres", GROUPS.into_iter().flatten());
}

#[test]
fn every_struct_of_postgres_has_a_twin() {
    every_struct_has_a_twin("postgres", GROUPS.into_iter().flatten());
}
