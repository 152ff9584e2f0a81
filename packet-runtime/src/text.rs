//! Text that is no `str`: Latin-1 and UTF-16, as it lies on the wire.
//!
//! In: bytes that were validated when the view that holds the text was made. Out: characters. Text in UTF-8
//! and ASCII is a `str` and needs nothing from here but the functions that validate it.

mod utf8;

pub use utf8::{ascii, ascii_bytes, tested, utf8, utf8_bytes};

use crate::array::{Array, Be, Element, Iter, Le};
use core::ffi::CStr;
use core::fmt::{self, Write};

/// A text in ISO 8859-1: every byte is the character of its number.
///
/// ```
/// use packet_runtime::Latin1;
///
/// let text = Latin1::new(&[0x4b, 0xf6, 0x6c, 0x6e]);
/// assert_eq!(text, "Köln");
/// assert_eq!(text.to_string(), "Köln");
/// assert_eq!(text.chars().count(), 4);
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Latin1<'a> {
    bytes: &'a [u8],
}

impl<'a> Latin1<'a> {
    /// The text that `bytes` are. There are no bytes that are none.
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    /// Its bytes.
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Its characters.
    pub fn chars(&self) -> impl DoubleEndedIterator<Item = char> + ExactSizeIterator + Clone + 'a {
        self.bytes.iter().copied().map(char::from)
    }
}

/// A text in UTF-16. The code units are read as `E` reads them: [`Be<u16>`](Be) or [`Le<u16>`](Le).
///
/// ```
/// use packet_runtime::{Be, Utf16};
///
/// let text = Utf16::<Be<u16>>::new(&[0x20, 0xac, 0xd8, 0x3d, 0xde, 0x00]);
/// assert_eq!(text, "€😀");
/// assert_eq!(text.chars().count(), 2);
/// ```
pub struct Utf16<'a, E> {
    units: Array<'a, E>,
}

/// Code units of two bytes in one of the two orders.
pub trait Unit: for<'a> Element<'a, Item = u16> + 'static {}

impl Unit for Be<u16> {}
impl Unit for Le<u16> {}

impl<'a, E: Unit> Utf16<'a, E> {
    /// The text that `bytes` are. With bytes that were not validated, some characters may be U+FFFD, and an
    /// odd byte is left out; nothing worse happens.
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self {
            units: Array::new(bytes, bytes.len() / 2),
        }
    }

    /// Its bytes.
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.units.as_bytes()
    }

    /// Its code units.
    pub const fn units(&self) -> Iter<'a, E> {
        self.units.iter()
    }

    /// Its characters.
    pub fn chars(&self) -> impl Iterator<Item = char> + Clone + use<'a, E> {
        let characters = char::decode_utf16(self.units());
        characters.map(|found| found.unwrap_or(char::REPLACEMENT_CHARACTER))
    }
}

impl<E> Clone for Utf16<'_, E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E> Copy for Utf16<'_, E> {}

impl<E: Unit> Default for Utf16<'_, E> {
    fn default() -> Self {
        Self::new(&[])
    }
}

impl<E: Unit> PartialEq for Utf16<'_, E> {
    fn eq(&self, other: &Self) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl<E: Unit> Eq for Utf16<'_, E> {}

/// Writes characters as a `str` of them would be shown.
fn debug(characters: impl Iterator<Item = char>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_char('"')?;
    for character in characters {
        // Quotation marks of the other kind are not escaped in a text.
        if character == '\'' {
            f.write_char(character)?;
        } else {
            fmt::Display::fmt(&character.escape_debug(), f)?;
        }
    }
    f.write_char('"')
}

macro_rules! text {
    ($([$($generics:tt)*] $text:ty;)*) => {$(
        impl<'a, $($generics)*> fmt::Display for $text {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.chars().try_for_each(|character| f.write_char(character))
            }
        }

        impl<'a, $($generics)*> fmt::Debug for $text {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                debug(self.chars(), f)
            }
        }

        impl<'a, $($generics)*> PartialEq<str> for $text {
            fn eq(&self, other: &str) -> bool {
                self.chars().eq(other.chars())
            }
        }

        impl<'a, $($generics)*> PartialEq<&str> for $text {
            fn eq(&self, other: &&str) -> bool {
                *self == **other
            }
        }

        #[cfg(feature = "alloc")]
        impl<'a, $($generics)*> From<$text> for alloc::string::String {
            fn from(text: $text) -> Self {
                text.chars().collect()
            }
        }
    )*};
}

text! {
    [] Latin1<'a>;
    [E: Unit] Utf16<'a, E>;
}

/// Text in Latin-1, which all bytes are.
///
/// # Errors
/// None; the type is that of the other encodings.
#[inline]
pub const fn latin1(bytes: &[u8]) -> Result<Latin1<'_>, usize> {
    Ok(Latin1::new(bytes))
}

/// Text in UTF-16.
///
/// # Errors
/// The place of the first code unit that is wrong: half of a pair without the other, or half of a unit.
pub fn utf16<E: Unit>(bytes: &[u8]) -> Result<Utf16<'_, E>, usize> {
    let text = Utf16::<E>::new(bytes);
    let mut at = 0;
    for character in char::decode_utf16(text.units()) {
        match character {
            Ok(character) => at += 2 * character.len_utf16(),
            Err(_) => return Err(at),
        }
    }
    if bytes.len().is_multiple_of(2) {
        Ok(text)
    } else {
        Err(at)
    }
}

/// Where the first NUL of `unit` bytes begins.
pub(crate) fn nul(bytes: &[u8], unit: usize) -> Option<usize> {
    if unit == 1 {
        // The one search of `core` that goes in words.
        return CStr::from_bytes_until_nul(bytes)
            .ok()
            .map(CStr::count_bytes);
    }
    let mut units = bytes.chunks_exact(unit);
    let index = units.position(|unit| unit.iter().all(|byte| *byte == 0))?;
    Some(index * unit)
}

/// `bytes` without the NULs of `unit` bytes at their end.
pub(crate) fn without_padding(bytes: &[u8], unit: usize) -> &[u8] {
    let bytes = without_padding_words(bytes, unit);
    let mut units = bytes.chunks_exact(unit);
    let last = units.rposition(|unit| unit.iter().any(|byte| *byte != 0));
    let end = last.map_or(0, |last| (last + 1) * unit);
    bytes.get(..end).unwrap_or(bytes)
}

/// `bytes` without those NULs at their end that fill whole words.
fn without_padding_words(mut bytes: &[u8], unit: usize) -> &[u8] {
    // An odd byte behind the last unit is not padding.
    if bytes.len().is_multiple_of(unit) {
        while let Some((rest, &[0, 0, 0, 0, 0, 0, 0, 0])) = bytes.split_last_chunk() {
            bytes = rest;
        }
    }
    bytes
}

/// Bytes of a text in Latin-1; a character that it lacks counts as one.
pub fn latin1_len(text: &str) -> usize {
    text.chars().count()
}

/// Bytes of a text in UTF-16.
pub fn utf16_len(text: &str) -> usize {
    2 * text.encode_utf16().count()
}

/// Writes a text as it is over the start of `out` and zeros over what is left. What does not fit is left out.
#[inline]
pub fn put(out: &mut [u8], text: &str) {
    let bytes = text.as_bytes();
    let fitting = bytes.get(..out.len()).unwrap_or(bytes);
    if let Some((place, padding)) = out.split_at_mut_checked(fitting.len()) {
        place.copy_from_slice(fitting);
        padding.fill(0);
    }
}

/// Writes a text in Latin-1 over the start of `out` and zeros over what is left. What does not fit is left out;
/// characters that Latin-1 lacks, which encoding has refused before, become `?`.
pub fn put_latin1(out: &mut [u8], text: &str) {
    let bytes = text
        .chars()
        .map(|character| u8::try_from(u32::from(character)).unwrap_or(b'?'));
    fill(out, bytes);
}

/// Writes a text in big-endian UTF-16 over the start of `out` and zeros over what is left.
pub fn put_utf16_be(out: &mut [u8], text: &str) {
    fill(out, text.encode_utf16().flat_map(u16::to_be_bytes));
}

/// Writes a text in little-endian UTF-16 over the start of `out` and zeros over what is left.
pub fn put_utf16_le(out: &mut [u8], text: &str) {
    fill(out, text.encode_utf16().flat_map(u16::to_le_bytes));
}

fn fill(out: &mut [u8], bytes: impl Iterator<Item = u8>) {
    let zeros = core::iter::repeat(0);
    for (to, from) in out.iter_mut().zip(bytes.chain(zeros)) {
        *to = from;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::format;
    use std::string::ToString;

    #[track_caller]
    fn check<T>(text: &T, expected: &str)
    where
        T: fmt::Display + fmt::Debug + for<'b> PartialEq<&'b str> + PartialEq<str>,
    {
        assert_eq!(text.to_string(), expected);
        assert_eq!(format!("{text:?}"), format!("{expected:?}"));
        assert!(*text == *expected);
        assert!(*text != "something else");
    }

    #[test]
    fn texts_show_as_a_str_would() {
        check(&Latin1::new(b"it's \"\xe4\"\n\x80"), "it's \"ä\"\n\u{80}");
        check(&Latin1::default(), "");
        let units = "€😀\0'\"".encode_utf16();
        let bytes: std::vec::Vec<u8> = units.flat_map(u16::to_le_bytes).collect();
        check(&Utf16::<Le<u16>>::new(&bytes), "€😀\0'\"");
        check(&Utf16::<Be<u16>>::default(), "");
    }

    #[test]
    fn the_first_wrong_unit_is_named() {
        let check = |bytes: &[u8], expected| {
            assert_eq!(utf16::<Be<u16>>(bytes).err(), expected, "{bytes:02x?}");
        };
        check(&[], None);
        check(&[0x00, 0x61, 0xd8, 0x3d, 0xde, 0x00], None);
        check(&[0x00, 0x61, 0xde, 0x00], Some(2));
        check(&[0x00, 0x61, 0xd8, 0x3d], Some(2));
        check(&[0xd8, 0x3d, 0x00, 0x61], Some(0));
        check(&[0x00, 0x61, 0x00], Some(2));
        check(&[0xd8, 0x3d, 0xde], Some(0));
        assert_eq!(ascii(b"a\xffb\xff"), Err(1));
        assert_eq!(utf8(b"a\xc3\xa4\xc3"), Err(3));
    }

    #[test]
    fn nuls_are_whole_units() {
        assert_eq!(nul(b"ab\0", 1), Some(2));
        assert_eq!(nul(&[1, 0, 0, 1, 0, 0, 0, 0], 2), Some(4));
        assert_eq!(nul(&[1, 0, 0], 2), None);
        assert_eq!(without_padding(b"a\0b\0\0", 1), b"a\0b");
        assert_eq!(without_padding(&[0, 1, 0, 0], 2), [0, 1]);
        assert_eq!(without_padding(&[1, 0, 0, 0], 2), [1, 0]);
        assert!(without_padding(&[0; 4], 2).is_empty());
    }

    proptest::proptest! {
        #[test]
        fn nuls_and_padding_are_found_as_one_by_one(
            mut bytes in proptest::collection::vec(0_u8..2, 0..40),
            zeros in 0_usize..40,
            unit in 1_usize..3,
        ) {
            bytes.resize(bytes.len() + zeros, 0);
            let is_nul = |unit: &[u8]| unit.iter().all(|byte| *byte == 0);
            let units: std::vec::Vec<_> = bytes.chunks_exact(unit).collect();
            let first = units.iter().position(|unit| is_nul(unit)).map(|at| at * unit);
            assert_eq!(nul(&bytes, unit), first);
            let last = units.iter().rposition(|unit| !is_nul(unit)).map_or(0, |at| (at + 1) * unit);
            assert_eq!(without_padding(&bytes, unit), &bytes[..last]);
        }
    }

    #[test]
    fn what_is_put_is_padded() {
        let mut out = [7; 6];
        put(&mut out, "ab");
        assert_eq!(out, *b"ab\0\0\0\0");
        put(&mut out, "abcdefgh");
        assert_eq!(out, *b"abcdef");
        put_latin1(&mut out, "äö");
        assert_eq!(out, [0xe4, 0xf6, 0, 0, 0, 0]);
        put_utf16_be(&mut out, "€a");
        assert_eq!(out, [0x20, 0xac, 0, 0x61, 0, 0]);
        put_utf16_le(&mut out, "😀abc");
        assert_eq!(out, [0x3d, 0xd8, 0x00, 0xde, 0x61, 0]);
        assert_eq!((latin1_len("äö"), utf16_len("😀a")), (2, 6));
    }
}
