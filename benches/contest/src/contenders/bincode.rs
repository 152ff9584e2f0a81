//! `bincode` 2, with numbers of fixed size, big-endian.

use super::borrowed::{Chat, LoginResponse, Move, Snapshot, Telemetry};
use super::fields::contender;
use crate::Named;
use ::bincode::config::{BigEndian, Configuration, Fixint, standard};
use ::bincode::{BorrowDecode, Encode, borrow_decode_from_slice, encode_into_slice};

pub struct Bincode;

impl Named for Bincode {
    const NAME: &'static str = "bincode";
}

const CONFIG: Configuration<BigEndian, Fixint> =
    standard().with_big_endian().with_fixed_int_encoding();

#[inline(always)]
fn encode(value: &impl Encode, buffer: &mut [u8]) -> Option<usize> {
    encode_into_slice(value, buffer, CONFIG).ok()
}

#[inline(always)]
fn decode<'a, P: BorrowDecode<'a, ()>>(bytes: &'a [u8]) -> Option<P> {
    let (packet, length) = borrow_decode_from_slice(bytes, CONFIG).ok()?;
    (length == bytes.len()).then_some(packet)
}

contender! { Bincode, Move, Move }
contender! { Bincode, Telemetry, Telemetry }
contender! { Bincode, LoginResponse, LoginResponse<'_> }
contender! { Bincode, Chat, Chat<'_> }
contender! { Bincode, Snapshot, Snapshot }
