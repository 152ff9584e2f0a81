//! What `#[derive(Packet)]` asks of the types of a field that it does not see: a macro is given one item, and
//! knows of the others what these traits say when the program is compiled.
//!
//! Part of [`generated`](crate::generated): not meant for code written by hand, and without a promise.

use crate::codec::{Encode, Reader, View, Writer};
use crate::error::{DecodeError, EncodeError, EncodeErrorKind, ErrorKind};
use crate::shape::{Shape, Site};
use core::fmt::Debug;

/// A struct that can be a field.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no struct with `#[derive(Packet)]`",
    label = "cannot be a field of a packet by itself",
    note = "an enum or flags with `#[derive(Packet)]` need their width at the field, as in `#[packet(type = \"u8\")]`",
    note = "an enum with data needs the field that tells its cases apart, as in `#[packet(match = tag)]`"
)]
pub trait Nested: Encode {
    /// Its view.
    type View<'a>: View<'a>;
    /// Whether it takes everything up to the end of what surrounds it.
    const GREEDY: bool;
    /// How many structs lie in one another, with this one. A type that holds itself has no such number.
    const DEPTH: usize;
}

/// A view of a struct that always has `N` bytes, whose values can be tested in the midst of others.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not always have {N} bytes",
    label = "`fixed = {N}` says that it has"
)]
pub trait Fixed<'a, const N: usize>: View<'a> {
    /// Tests the values in `part`, which lies `at` bytes from the packet's start.
    ///
    /// # Errors
    /// The first value, in wire order, that is wrong.
    fn test(part: &[u8; N], at: usize) -> Result<(), DecodeError>;

    /// The view of bytes that were tested.
    fn of_tested(part: &'a [u8; N]) -> Self;
}

/// An enum or flags whose raw values are `Raw`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no enum, and no flags, of `{Raw}` with `#[derive(Packet)]`",
    label = "cannot be read from a `{Raw}`"
)]
pub trait Named<Raw> {
    /// Its bits on the wire; 0 of one with mistakes, which were reported.
    const BITS: u32;

    /// What of `raw` has no name although everything must have one.
    fn unknown(raw: Raw) -> Option<u64>;

    /// The value that stands for `raw`, of which nothing is unknown.
    fn from_tested(raw: Raw) -> Self;

    /// `raw` without what is dropped.
    fn kept(raw: Raw) -> Raw;

    /// The raw value.
    fn to_raw(self) -> Raw;
}

/// An enum whose cases are told apart by an earlier field.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no enum with `#[packet(tag = …)]` at its variants",
    label = "`match` cannot choose one of its cases"
)]
pub trait Cases {
    /// Its view.
    type View<'a>: Copy + Debug;
    /// The names of its cases.
    const SHAPE: &'static Shape;
    /// Fewest bytes of a case.
    const MIN_LEN: usize;
    /// Most bytes of a case, if there is a limit.
    const MAX_LEN: Option<usize>;
    /// Whether a case takes everything up to the end of what surrounds it.
    const GREEDY: bool;
    /// How many structs lie in one another in it.
    const DEPTH: usize;
    /// The largest tag of a case.
    const LARGEST_TAG: u64;
    /// How many bits of a tag are kept where no case has it.
    const TAG_BITS: u32;

    /// Reads the case with this tag, or, unless it is `guarded`, that of all others; `None` if there is none,
    /// and nothing was read.
    ///
    /// # Errors
    /// The first thing, in wire order, that is wrong.
    fn decode<'a>(
        reader: &mut Reader<'a>,
        tag: u64,
        guarded: bool,
    ) -> Result<Option<Self::View<'a>>, DecodeError>;

    /// The tag of the case that it is.
    fn tag(&self) -> u64;

    /// Whether this is the case that `decode` would choose.
    fn is_chosen(&self, tag: u64, guarded: bool) -> bool;

    /// Whether this case takes everything up to the end of what surrounds it.
    fn takes_rest(&self) -> bool;

    /// The bytes that it takes.
    ///
    /// # Errors
    /// The first field that cannot be written.
    fn encoded_len(&self) -> Result<usize, EncodeError>;

    /// Writes it.
    ///
    /// # Errors
    /// Those of `encoded_len`, and that the buffer is too short.
    fn write(&self, writer: &mut Writer<'_>) -> Result<(), EncodeError>;
}

/// A packet with an id.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no packet with `#[derive(Packet)]` and an `id`",
    label = "has no id that would choose it"
)]
pub trait Identified: Nested {
    /// Its smallest and its largest id.
    const IDS: (u64, u64);
    /// Where its id stands.
    const ID_PLACE: IdPlace;

    /// The id that it is written with.
    fn id(&self) -> u64;
}

/// Where an id stands in a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdPlace {
    /// Bytes in front of it.
    pub offset: usize,
    /// Its bytes; of one that is a part of some, theirs.
    pub size: usize,
    /// Its bits.
    pub bits: u32,
    /// Bits below it.
    pub shift: u32,
    /// Whether the least significant byte comes first.
    pub little: bool,
}

impl IdPlace {
    /// Whether this is the same place.
    pub const fn is(&self, other: &Self) -> bool {
        self.offset == other.offset
            && self.size == other.size
            && self.bits == other.bits
            && self.shift == other.shift
            && self.little == other.little
    }
}

/// Whether two of some packets' ids are the same.
pub const fn share_ids(ids: &[(u64, u64)]) -> bool {
    let mut first = 0;
    while first < ids.len() {
        let mut second = first + 1;
        while second < ids.len() {
            if ids[first].0 <= ids[second].1 && ids[second].0 <= ids[first].1 {
                return true;
            }
            second += 1;
        }
        first += 1;
    }
    false
}

/// Holds of what can be a getter's value.
pub const fn is_value<T: Copy + Debug>() {}

/// Tests that nothing of `raw` is unknown to the enum or the flags `T`.
///
/// # Errors
/// [`ErrorKind::UnknownValue`].
#[inline]
pub fn decode_named<T: Named<Raw>, Raw>(
    site: Site,
    at: usize,
    raw: Raw,
) -> Result<(), DecodeError> {
    match T::unknown(raw) {
        None => Ok(()),
        Some(value) => Err(site.error(at, ErrorKind::UnknownValue { value })),
    }
}

/// Tests that nothing of `raw` is unknown to the enum or the flags `T`.
///
/// # Errors
/// [`EncodeErrorKind::UnknownValue`].
#[inline]
pub fn encode_named<T: Named<Raw>, Raw>(site: Site, raw: Raw) -> Result<(), EncodeError> {
    match T::unknown(raw) {
        None => Ok(()),
        Some(value) => Err(site.refused(EncodeErrorKind::UnknownValue { value })),
    }
}

/// Fewest bytes: `known`, and for each of `inner` how often it is there at least, and its fewest bytes.
pub const fn least(known: usize, inner: &[(usize, usize)]) -> usize {
    let mut sum = known;
    let mut at = 0;
    while at < inner.len() {
        sum = sum.saturating_add(inner[at].0.saturating_mul(inner[at].1));
        at += 1;
    }
    sum
}

/// Most bytes: `known`, and for each of `inner` how often it is there at most, and its most bytes. `None` if there
/// is no limit or if that is 4 GiB or more.
pub const fn most(known: usize, inner: &[(usize, Option<usize>)]) -> Option<usize> {
    let mut sum = known as u64;
    let mut at = 0;
    while at < inner.len() {
        let (times, Some(size)) = inner[at] else {
            return None;
        };
        let (Some(size), true) = ((size as u64).checked_mul(times as u64), sum <= LIMIT) else {
            return None;
        };
        sum = sum.saturating_add(size);
        at += 1;
    }
    if sum > LIMIT {
        return None;
    }
    #[allow(clippy::cast_possible_truncation)] // 32 bits
    Some(sum as usize)
}

const LIMIT: u64 = u32::MAX as u64;

/// The larger of two sizes.
pub const fn larger(size: usize, other: usize) -> usize {
    if size < other { other } else { size }
}

/// `size`, but at most `limit`.
pub const fn smaller(size: Option<usize>, limit: usize) -> Option<usize> {
    match size {
        Some(size) if size < limit => Some(size),
        _ => Some(limit),
    }
}

/// The smallest of `sizes`.
pub const fn smallest(sizes: &[usize]) -> usize {
    let mut found = usize::MAX;
    let mut at = 0;
    while at < sizes.len() {
        if sizes[at] < found {
            found = sizes[at];
        }
        at += 1;
    }
    if sizes.is_empty() { 0 } else { found }
}

/// The largest of `sizes`; `None` if one of them has no limit.
pub const fn largest(sizes: &[Option<usize>]) -> Option<usize> {
    let mut found = 0;
    let mut at = 0;
    while at < sizes.len() {
        let Some(size) = sizes[at] else {
            return None;
        };
        if size > found {
            found = size;
        }
        at += 1;
    }
    Some(found)
}

/// The largest of some tags.
pub const fn largest_tag(tags: &[u64]) -> u64 {
    let mut found = 0;
    let mut at = 0;
    while at < tags.len() {
        if tags[at] > found {
            found = tags[at];
        }
        at += 1;
    }
    found
}

/// Whether the tag number `at` is none of those before it.
pub const fn is_new_tag(tags: &[u64], at: usize) -> bool {
    let mut before = 0;
    while before < at {
        if tags[before] == tags[at] {
            return false;
        }
        before += 1;
    }
    true
}

/// Whether a struct has this name.
pub const fn is_called(shape: &Shape, name: &str) -> bool {
    let (found, name) = (shape.name.as_bytes(), name.as_bytes());
    let mut at = 0;
    while at < found.len() && at < name.len() && found[at] == name[at] {
        at += 1;
    }
    at == found.len() && at == name.len()
}

/// The depth of what holds things of these depths.
pub const fn around(depths: &[usize]) -> usize {
    let mut found = 0;
    let mut at = 0;
    while at < depths.len() {
        if depths[at] > found {
            found = depths[at];
        }
        at += 1;
    }
    found + 1
}

/// The elements of an array that has `N` of them, which was validated.
///
/// # Panics
/// If there are fewer.
pub fn array<T, const N: usize>(elements: impl IntoIterator<Item = T>) -> [T; N] {
    let mut elements = elements.into_iter();
    core::array::from_fn(|_| match elements.next() {
        Some(element) => element,
        None => unreachable!("a view has all elements of its arrays"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_added_where_they_have_a_limit() {
        assert_eq!(least(4, &[(1, 12), (0, 100), (3, 2)]), 22);
        assert_eq!(most(4, &[(1, Some(12)), (3, Some(2))]), Some(22));
        assert_eq!(most(4, &[(1, Some(12)), (3, None)]), None);
        assert_eq!(most(4, &[(usize::MAX, Some(usize::MAX))]), None);
        assert_eq!(most(1, &[(1, Some(u32::MAX as usize))]), None);
    }

    #[test]
    fn a_choice_is_as_small_and_as_large_as_its_cases() {
        assert_eq!((smallest(&[3, 1, 2]), smallest(&[])), (1, 0));
        assert_eq!(largest(&[Some(1), Some(3)]), Some(3));
        assert_eq!(largest(&[Some(1), None]), None);
        assert_eq!((around(&[]), around(&[1, 4, 2])), (1, 5));
    }

    #[test]
    fn ids_that_overlap_are_found() {
        assert!(!share_ids(&[(1, 1), (2, 9), (10, 10)]));
        assert!(share_ids(&[(1, 1), (2, 9), (9, 10)]));
        assert!(share_ids(&[(4, 4), (4, 4)]));
    }

    #[test]
    fn tags_are_compared() {
        assert_eq!((largest_tag(&[3, 9, 1]), largest_tag(&[])), (9, 0));
        let are_new = |tags: &[u64]| (0..tags.len()).all(|at| is_new_tag(tags, at));
        assert!(are_new(&[3, 9, 1]));
        assert!(!are_new(&[3, 9, 3]));
    }

    #[test]
    fn an_array_takes_as_many_as_it_holds() {
        assert_eq!(array::<_, 3>(1..), [1, 2, 3]);
    }
}
