//! What many packets have in them.

use super::From;
use crate::cursor::{Judged, fitting};
use byteorder::{BigEndian, WriteBytesExt};
use packet_runtime::ErrorKind;
use std::io::{self, Write};
use std::ops::RangeInclusive;

/// The number by which a client knows its request again.
pub(super) fn request(from: &mut From<'_>) -> Judged<u32> {
    let request = from.u32("request")?;
    from.range("request", request, 1..=u32::MAX.into())?;
    Ok(request)
}

pub(super) fn boolean(from: &mut From<'_>, field: &str) -> Judged<bool> {
    let byte = from.u8(field)?;
    from.known(field, byte, |byte| match byte {
        0 => Some(false),
        1 => Some(true),
        _ => None,
    })
}

pub(super) fn finite(from: &mut From<'_>, field: &str) -> Judged<f32> {
    let value = from.f32(field)?;
    if value.is_finite() {
        Ok(value)
    } else {
        from.fail(field, ErrorKind::NotFinite)
    }
}

/// Running, jumping, crouching, swimming.
pub(super) fn motion(from: &mut From<'_>) -> Judged<u8> {
    let motion = from.u8("motion")?;
    let unknown = u64::from(motion & 0xf0);
    if unknown == 0 {
        Ok(motion)
    } else {
        from.fail("motion", ErrorKind::UnknownValue { value: unknown })
    }
}

/// Text behind a byte that says how long it is.
pub(super) fn short(
    from: &mut From<'_>,
    field: &str,
    range: RangeInclusive<usize>,
) -> Judged<String> {
    let len = from.u8(field)?;
    let len = from.length(field, len, range)?;
    from.text(field, len)
}

pub(super) fn write_short(to: &mut Vec<u8>, text: &str) -> io::Result<()> {
    to.write_u8(fitting(text.len())?)?;
    to.write_all(text.as_bytes())
}

/// The name of a player, a guild, a room or a server.
pub(super) fn name(from: &mut From<'_>, field: &str) -> Judged<String> {
    short(from, field, 1..=32)
}

/// Text for people, as long as its byte of length allows.
pub(super) fn remark(from: &mut From<'_>, field: &str) -> Judged<String> {
    short(from, field, 0..=255)
}

/// What somebody says, in chat or in a notice.
pub(super) fn words(from: &mut From<'_>) -> Judged<String> {
    let len = from.u16("text")?;
    let len = from.length("text", len, 1..=512)?;
    from.text("text", len)
}

pub(super) fn write_words(to: &mut Vec<u8>, text: &str) -> io::Result<()> {
    to.write_u16::<BigEndian>(fitting(text.len())?)?;
    to.write_all(text.as_bytes())
}

/// The elements of a list behind two bytes that say how many there are.
pub(super) fn list<T>(
    from: &mut From<'_>,
    field: &str,
    most: usize,
    smallest: usize,
    read: impl Fn(&mut From<'_>) -> Judged<T>,
) -> Judged<Vec<T>> {
    let count = from.u16(field)?;
    let count = from.length(field, count, 0..=most)?;
    from.elements(field, count, smallest, read)
}

pub(super) fn write_list<T>(
    to: &mut Vec<u8>,
    all: &[T],
    write: impl Fn(&T, &mut Vec<u8>) -> io::Result<()>,
) -> io::Result<()> {
    to.write_u16::<BigEndian>(fitting(all.len())?)?;
    all.iter().try_for_each(|element| write(element, to))
}
