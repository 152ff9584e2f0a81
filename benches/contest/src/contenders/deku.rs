//! `deku`, which reads and writes field after field.

use super::counted::{Chat, LoginResponse, Move, Snapshot, Telemetry};
use super::fields::contender;
use crate::Named;
use ::deku::{DekuContainerRead, DekuContainerWrite};

pub struct Deku;

impl Named for Deku {
    const NAME: &'static str = "deku";
    const OUR_WIRE: bool = true;
}

#[inline(always)]
fn encode(value: &impl DekuContainerWrite, buffer: &mut [u8]) -> Option<usize> {
    value.to_slice(buffer).ok()
}

#[inline(always)]
fn decode<'a, P: DekuContainerRead<'a>>(bytes: &'a [u8]) -> Option<P> {
    let ((rest, _), packet) = P::from_bytes((bytes, 0)).ok()?;
    rest.is_empty().then_some(packet)
}

contender! { Deku, Move, Move }
contender! { Deku, Telemetry, Telemetry }
contender! { Deku, LoginResponse, LoginResponse }
contender! { Deku, Chat, Chat }
contender! { Deku, Snapshot, Snapshot }
