//! `binrw`, which reads and writes field after field.

use super::counted::{Chat, LoginResponse, Move, Snapshot, Telemetry};
use super::fields::contender;
use crate::Named;
use ::binrw::io::Cursor;
use ::binrw::meta::{ReadEndian, WriteEndian};
use ::binrw::{BinRead, BinReaderExt, BinWrite};

pub struct Binrw;

impl Named for Binrw {
    const NAME: &'static str = "binrw";
    const OUR_WIRE: bool = true;
}

#[inline(always)]
fn encode<P>(value: &P, buffer: &mut [u8]) -> Option<usize>
where
    P: BinWrite + WriteEndian,
    for<'a> P: BinWrite<Args<'a> = ()>,
{
    let mut cursor = Cursor::new(buffer);
    value.write(&mut cursor).ok()?;
    usize::try_from(cursor.position()).ok()
}

#[inline(always)]
fn decode<P>(bytes: &[u8]) -> Option<P>
where
    P: BinRead + ReadEndian,
    for<'a> P: BinRead<Args<'a> = ()>,
{
    let mut cursor = Cursor::new(bytes);
    let packet = cursor.read_be().ok()?;
    (cursor.position() == bytes.len() as u64).then_some(packet)
}

contender! { Binrw, Move, Move }
contender! { Binrw, Telemetry, Telemetry }
contender! { Binrw, LoginResponse, LoginResponse }
contender! { Binrw, Chat, Chat }
contender! { Binrw, Snapshot, Snapshot }
