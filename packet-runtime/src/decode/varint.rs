//! Numbers whose size follows from their value.

use super::ends::{elements, ends};
use super::{Site, enough};
use crate::array::{Array, Leb128};
use crate::codec::Reader;
use crate::error::{DecodeError, ErrorKind};
use crate::shape::Path;
use crate::varint;

/// The next number, of at most `most` bytes and, if `canonical`, no more than it needs.
///
/// # Errors
/// As [`varint::read`], at the number's first byte.
#[inline]
pub fn varint(
    reader: &mut Reader<'_>,
    site: Site,
    most: usize,
    canonical: bool,
) -> Result<u64, DecodeError> {
    match take(reader, most, canonical) {
        Ok(value) => Ok(value),
        Err(kind) => Err(site.error(reader.position(), kind)),
    }
}

#[inline]
fn take(reader: &mut Reader<'_>, most: usize, canonical: bool) -> Result<u64, ErrorKind> {
    let (value, len) = varint::read(reader.rest(), most, canonical)?;
    reader.take(len);
    Ok(value)
}

/// The bytes behind the varint of at most `most` bytes at `offset`, if that is whole.
#[inline]
pub fn after_varint(bytes: &[u8], offset: usize, most: usize) -> Option<&[u8]> {
    let field = bytes.get(offset..)?;
    let (_, len) = varint::read(field, most, false).ok()?;
    field.get(len..)
}

/// What the elements of an array of varints may be.
#[derive(Clone, Copy, Debug)]
pub struct VarintRule {
    /// Fewest bytes of an element.
    pub least: usize,
    /// Most bytes of an element.
    pub most: usize,
    /// Whether an element has no more bytes than it needs.
    pub canonical: bool,
}

/// The next element, number `index`.
fn element<'a, E: Leb128<'a>>(
    reader: &mut Reader<'a>,
    site: Site,
    index: usize,
    rule: VarintRule,
    check: &impl Fn(E::Item) -> Option<ErrorKind>,
) -> Result<(), DecodeError> {
    let offset = reader.position();
    let kind = match take(reader, rule.most, rule.canonical) {
        Ok(value) => check(E::of(value)),
        Err(kind) => Some(kind),
    };
    kind.map_or(Ok(()), |kind| {
        let path = Path::element(site.field, index);
        Err(DecodeError::at(site.shape, path, offset, kind))
    })
}

/// The next `count` varints, each of which `check` accepts.
///
/// # Errors
/// [`ErrorKind::Truncated`] if even their least size is not there; else the first element's error.
pub fn varints<'a, E: Leb128<'a>>(
    reader: &mut Reader<'a>,
    site: Site,
    count: usize,
    rule: VarintRule,
    check: impl Fn(E::Item) -> Option<ErrorKind>,
) -> Result<Array<'a, E>, DecodeError> {
    enough(reader, site, count, rule.least)?;
    let all = reader.rest();
    for index in 0..count {
        element::<E>(reader, site, index, rule, &check)?;
    }
    let used = all.len() - reader.remaining();
    Ok(Array::new(all.get(..used).unwrap_or(&[]), count))
}

/// Varints up to one that equals `sentinel`, which is taken and no element; each of the others `check` accepts.
///
/// # Errors
/// The first element's, or [`ErrorKind::Truncated`] where neither an element nor the sentinel can be.
pub fn varints_until<'a, E: Leb128<'a>>(
    reader: &mut Reader<'a>,
    site: Site,
    sentinel: &[u8],
    rule: VarintRule,
    check: impl Fn(E::Item) -> Option<ErrorKind>,
) -> Result<Array<'a, E>, DecodeError> {
    let all = reader.rest();
    let mut count = 0;
    while !ends(reader, site, sentinel)? {
        element::<E>(reader, site, count, rule, &check)?;
        count += 1;
    }
    Ok(Array::new(elements(all, reader, sentinel), count))
}

/// As many varints as fill the reader, which is used up.
///
/// # Errors
/// The first element's.
pub fn varints_to_end<'a, E: Leb128<'a>>(
    mut reader: Reader<'a>,
    site: Site,
    rule: VarintRule,
    check: impl Fn(E::Item) -> Option<ErrorKind>,
) -> Result<Array<'a, E>, DecodeError> {
    let all = reader.rest();
    let mut count = 0;
    while reader.remaining() > 0 {
        element::<E>(&mut reader, site, count, rule, &check)?;
        count += 1;
    }
    Ok(Array::new(all, count))
}
