//! Where something ends or begins besides what its length says: sentinels, alignment, computed values.

use super::elements::element;
use super::{Site, truncated};
use crate::array::{Array, Element};
use crate::codec::{Reader, View};
use crate::error::{DecodeError, ErrorKind};
use crate::shape::Path;

/// Whether a sentinel stands next; if so, it is taken.
///
/// # Errors
/// [`ErrorKind::Truncated`] if not even a sentinel can be there.
pub(super) fn ends(
    reader: &mut Reader<'_>,
    site: Site,
    sentinel: &[u8],
) -> Result<bool, DecodeError> {
    match reader.rest().get(..sentinel.len()) {
        None => Err(truncated(reader, site, sentinel.len())),
        Some(next) if next == sentinel => {
            reader.take(sentinel.len());
            Ok(true)
        }
        Some(_) => Ok(false),
    }
}

/// The bytes of the elements between `all`, which begins with them, and the sentinel before the reader.
pub(super) fn elements<'a>(all: &'a [u8], reader: &Reader<'_>, sentinel: &[u8]) -> &'a [u8] {
    let used = all.len() - reader.remaining();
    all.get(..used.saturating_sub(sentinel.len()))
        .unwrap_or(&[])
}

/// Structs up to one that begins with `sentinel`, which is taken and no element.
///
/// # Errors
/// The first element's, or [`ErrorKind::Truncated`] where neither an element nor the sentinel can be.
pub fn structs_until<'a, V: View<'a> + 'a>(
    reader: &mut Reader<'a>,
    site: Site,
    sentinel: &[u8],
) -> Result<Array<'a, V>, DecodeError> {
    let all = reader.rest();
    let mut count = 0;
    while !ends(reader, site, sentinel)? {
        element::<V>(reader, site, count)?;
        count += 1;
    }
    Ok(Array::new(elements(all, reader, sentinel), count))
}

/// Numbers up to one that equals `sentinel`, which is taken and no element. `check` tells of each what is
/// wrong with it.
///
/// # Errors
/// The first element's, or [`ErrorKind::Truncated`] where neither an element nor the sentinel can be.
pub fn scalars_until<'a, E: Element<'a>>(
    reader: &mut Reader<'a>,
    site: Site,
    sentinel: &[u8],
    check: impl Fn(E::Item) -> Option<ErrorKind>,
) -> Result<Array<'a, E>, DecodeError> {
    let all = reader.rest();
    let mut count = 0;
    while !ends(reader, site, sentinel)? {
        let at = reader.position();
        let Some(item) = E::read(reader) else {
            return Err(truncated(reader, site, sentinel.len()));
        };
        if let Some(kind) = check(item) {
            let path = Path::element(site.field, count);
            return Err(DecodeError::at(site.shape, path, at, kind));
        }
        count += 1;
    }
    Ok(Array::new(elements(all, reader, sentinel), count))
}

/// Goes on to a multiple of `to` bytes from `start`.
///
/// # Errors
/// [`ErrorKind::Truncated`] if the bytes in between are not all there.
#[inline]
pub fn align(
    reader: &mut Reader<'_>,
    site: Site,
    start: usize,
    to: usize,
) -> Result<(), DecodeError> {
    let before = reader.position().saturating_sub(start);
    let gap = crate::codec::aligned(before, to) - before;
    match reader.take(gap) {
        Some(_) => Ok(()),
        None => Err(truncated(reader, site, gap)),
    }
}

/// Compares a field, which lies at `offset`, with what follows from others.
///
/// # Errors
/// [`ErrorKind::ValueMismatch`].
#[inline]
pub fn value(site: Site, offset: usize, expected: i128, actual: i128) -> Result<(), DecodeError> {
    if expected == actual {
        return Ok(());
    }
    Err(site.error(offset, ErrorKind::ValueMismatch { expected, actual }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::array::{Be, BeWidth};
    use crate::shape::{FieldShape, Shape};
    use std::format;
    use std::string::String;
    use std::vec::Vec;

    static LIST: Shape = Shape {
        name: "List",
        fields: &[FieldShape::leaf("items")],
    };

    const SITE: Site = Site::new(&LIST, 0);

    fn check(bytes: &[u8]) -> Result<(Vec<u16>, usize), String> {
        let mut reader = Reader::new(bytes);
        let wrong = |item| (item == 9).then_some(ErrorKind::NotFinite);
        let found = scalars_until::<Be<u16>>(&mut reader, SITE, &[0, 7], wrong);
        found
            .map(|items| (items.iter().collect(), reader.remaining()))
            .map_err(|error| format!("{error}"))
    }

    #[test]
    fn an_array_ends_at_its_sentinel() {
        assert_eq!(check(&[0, 1, 0, 2, 0, 7, 3]), Ok(([1, 2].to_vec(), 1)));
        assert_eq!(check(&[0, 7]), Ok((Vec::new(), 0)));
        let error = |bytes| check(bytes).expect_err("it has no end");
        let missing = "List.items at byte 2: needs 2 bytes, 0 are left";
        assert_eq!(error(&[0, 1]), missing);
        assert_eq!(
            error(&[0, 1, 0]),
            "List.items at byte 2: needs 2 bytes, 1 is left"
        );
        assert_eq!(
            error(&[0, 1, 0, 9]),
            "List.items[1] at byte 2: not a finite number"
        );
    }

    #[test]
    fn numbers_of_odd_widths_end_too() {
        let mut reader = Reader::new(&[0, 0, 1, 0xff, 0xff, 0xff]);
        let found = scalars_until::<BeWidth<i32, 3>>(&mut reader, SITE, &[0xff; 3], |_| None);
        let found = found.expect("it has an end");
        assert!(found.iter().eq([1]));
    }

    #[test]
    fn a_gap_reaches_to_the_next_multiple() {
        let mut reader = Reader::new(&[0; 9]);
        reader.take(3);
        for (to, position) in [(1, 3), (2, 4), (4, 6), (3, 8)] {
            align(&mut reader, SITE, 2, to).expect("there are enough bytes");
            assert_eq!(reader.position(), position, "{to}");
        }
        let error = align(&mut reader, SITE, 2, 8).expect_err("one byte is missing");
        assert_eq!(
            format!("{error}"),
            "List.items at byte 8: needs 2 bytes, 1 is left"
        );
    }
}
