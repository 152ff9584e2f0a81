//! `postcard`, whose numbers are varints.

use super::borrowed::{Chat, LoginResponse, Move, Snapshot, Telemetry};
use super::fields::contender;
use crate::Named;
use serde::{Deserialize, Serialize};

pub struct Postcard;

impl Named for Postcard {
    const NAME: &'static str = "postcard";
}

#[inline(always)]
fn encode(value: &impl Serialize, buffer: &mut [u8]) -> Option<usize> {
    Some(::postcard::to_slice(value, buffer).ok()?.len())
}

#[inline(always)]
fn decode<'a, P: Deserialize<'a>>(bytes: &'a [u8]) -> Option<P> {
    ::postcard::from_bytes(bytes).ok()
}

contender! { Postcard, Move, Move }
contender! { Postcard, Telemetry, Telemetry }
contender! { Postcard, LoginResponse, LoginResponse<'_> }
contender! { Postcard, Chat, Chat<'_> }
contender! { Postcard, Snapshot, Snapshot }
