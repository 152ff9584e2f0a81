//! Arrays: as many elements as a count says, or as fill what there is.

use super::{Site, bytes, truncated};
use crate::array::{Array, Element, FixedElement};
use crate::codec::{Reader, View};
use crate::error::{DecodeError, ErrorKind};
use crate::shape::Path;

/// Tests that `count` elements of at least `least` bytes can be there, before any of them is looked at.
#[inline]
pub(super) fn enough(
    reader: &Reader<'_>,
    site: Site,
    count: usize,
    least: usize,
) -> Result<(), DecodeError> {
    let needed = count.saturating_mul(least);
    if needed > reader.remaining() {
        return Err(truncated(reader, site, needed));
    }
    Ok(())
}

/// The bytes of each struct, if all have as many and nothing else is to be known of them.
#[inline]
fn plain<'a, V: View<'a> + 'a>(reader: &Reader<'a>) -> Option<usize> {
    <V as Element<'a>>::FIXED_LEN.filter(|len| *len > 0 && (!V::CHECKED || reader.is_trusted()))
}

/// Goes over the element `index`.
#[inline]
pub(super) fn element<'a, V: View<'a> + 'a>(
    reader: &mut Reader<'a>,
    site: Site,
    index: usize,
) -> Result<(), DecodeError> {
    // A copy, which need not be in memory.
    let mut ahead = *reader;
    if V::read(&mut ahead).is_some() {
        *reader = ahead;
        return Ok(());
    }
    match V::decode(reader) {
        Ok(_) => Ok(()),
        Err(error) => Err(site.element(index, error)),
    }
}

/// The next `count` structs.
///
/// # Errors
/// [`ErrorKind::Truncated`] if even their least size is not there; else the first element's error.
pub fn structs<'a, V: View<'a> + 'a>(
    reader: &mut Reader<'a>,
    site: Site,
    count: usize,
) -> Result<Array<'a, V>, DecodeError> {
    enough(reader, site, count, V::MIN_LEN)?;
    if let Some(len) = plain::<V>(reader) {
        return Ok(Array::new(
            bytes(reader, site, count.saturating_mul(len))?,
            count,
        ));
    }
    let all = reader.rest();
    for index in 0..count {
        element::<V>(reader, site, index)?;
    }
    let used = all.len() - reader.remaining();
    Ok(Array::new(all.get(..used).unwrap_or(&[]), count))
}

/// As many structs as fill the reader, which is used up.
///
/// # Errors
/// The first element's.
pub fn structs_to_end<'a, V: View<'a> + 'a>(
    mut reader: Reader<'a>,
    site: Site,
) -> Result<Array<'a, V>, DecodeError> {
    let all = reader.rest();
    let mut count = 0;
    if let Some(len) = plain::<V>(&reader) {
        count = all.len() / len;
        // One that is not whole is an error, which the loop finds.
        reader.take(count * len);
    }
    while reader.remaining() > 0 {
        element::<V>(&mut reader, site, count)?;
        count += 1;
    }
    Ok(Array::new(all, count))
}

/// The next `count` scalars of `width` bytes, of each of which `check` tells what is wrong with it.
///
/// # Errors
/// [`ErrorKind::Truncated`] if they are not all there; else what `check` reports first.
pub fn scalars<'a, E: FixedElement<'a>>(
    reader: &mut Reader<'a>,
    site: Site,
    count: usize,
    width: usize,
    check: impl Fn(E::Item) -> Option<ErrorKind>,
) -> Result<Array<'a, E>, DecodeError> {
    enough(reader, site, count, width)?;
    let content = bytes(reader, site, count.saturating_mul(width))?;
    let array = Array::new(content, count);
    // All are tested before any is looked for: the compiler can test several at once.
    let fine = |fine: bool, item| fine & check(item).is_none();
    if reader.is_trusted() || array.iter().fold(true, fine) {
        return Ok(array);
    }
    let start = reader.position() - content.len();
    for (index, item) in array.iter().enumerate() {
        if let Some(kind) = check(item) {
            return Err(DecodeError::at(
                site.shape,
                Path::element(site.field, index),
                start + index * width,
                kind,
            ));
        }
    }
    Ok(array)
}

/// As many scalars of `width` bytes as fill the reader, which is used up.
///
/// # Errors
/// What `check` reports first, or [`ErrorKind::Truncated`] at an element that is not whole.
pub fn scalars_to_end<'a, E: FixedElement<'a>>(
    mut reader: Reader<'a>,
    site: Site,
    width: usize,
    check: impl Fn(E::Item) -> Option<ErrorKind>,
) -> Result<Array<'a, E>, DecodeError> {
    let count = reader.remaining() / width.max(1);
    let array = scalars(&mut reader, site, count, width, check)?;
    match reader.remaining() {
        0 => Ok(array),
        available => Err(DecodeError::at(
            site.shape,
            Path::element(site.field, count),
            reader.position(),
            ErrorKind::Truncated {
                needed: width,
                available,
            },
        )),
    }
}

/// [`structs`] without saying what is wrong.
#[inline]
pub fn read_structs<'a, V: View<'a> + 'a>(
    reader: &mut Reader<'a>,
    count: usize,
) -> Option<Array<'a, V>> {
    if let Some(len) = plain::<V>(reader) {
        return Some(Array::new(reader.take(count.checked_mul(len)?)?, count));
    }
    let all = reader.rest();
    for _ in 0..count {
        V::read(reader)?;
    }
    Some(Array::new(reader.since(all), count))
}
