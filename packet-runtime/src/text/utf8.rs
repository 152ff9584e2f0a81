//! Text that is a `str`: UTF-8, and ASCII, which is UTF-8 too.
//!
//! In: bytes. Out: the same bytes as a `str`, or where they are wrong. Without `unsafe`, only a function that
//! tests bytes makes a `str` of them, so which function that is decides what text costs. The standard library
//! goes byte by byte through what is short or no ASCII. The feature `ascii` has another way for ASCII, the feature
//! `simdutf8` for what is long.

/// Text in UTF-8.
///
/// # Errors
/// The place of the first byte that is wrong.
#[inline]
pub fn utf8(bytes: &[u8]) -> Result<&str, usize> {
    #[cfg(feature = "ascii")]
    if bytes.len() <= SHORT
        && let Ok(text) = ascii::AsciiStr::from_ascii(bytes)
    {
        return Ok(text.as_str());
    }
    any_utf8(bytes)
}

/// From here on `simdutf8` does not leave the work to the standard library.
#[cfg(feature = "simdutf8")]
const LONG: usize = 64;

#[inline(never)]
fn any_utf8(bytes: &[u8]) -> Result<&str, usize> {
    #[cfg(feature = "simdutf8")]
    if bytes.len() >= LONG
        && let Ok(text) = simdutf8::basic::from_utf8(bytes)
    {
        return Ok(text);
    }
    // Says where the text is wrong, which the quick test does not.
    core::str::from_utf8(bytes).map_err(|error| error.valid_up_to())
}

/// Text in ASCII.
///
/// # Errors
/// The place of the first byte that is wrong.
#[inline]
pub fn ascii(bytes: &[u8]) -> Result<&str, usize> {
    #[cfg(feature = "ascii")]
    let text = ascii::AsciiStr::from_ascii(bytes)
        .map(ascii::AsciiStr::as_str)
        .map_err(ascii::AsAsciiStrError::valid_up_to);
    #[cfg(not(feature = "ascii"))]
    let text = if bytes.is_ascii() {
        // ASCII is UTF-8.
        any_utf8(bytes)
    } else {
        Err(bytes.iter().take_while(|byte| byte.is_ascii()).count())
    };
    text
}

/// Tests that bytes are UTF-8, and leaves them bytes: what is tested here becomes a `str` in [`tested`].
///
/// # Errors
/// The place of the first byte that is wrong.
#[inline]
pub fn utf8_bytes(bytes: &[u8]) -> Result<&[u8], usize> {
    if bytes.len() <= SHORT && is_ascii(bytes) {
        return Ok(bytes);
    }
    any_utf8(bytes).map(str::as_bytes)
}

/// Tests that bytes are ASCII, and leaves them bytes: what is tested here becomes a `str` in [`tested`].
///
/// # Errors
/// The place of the first byte that is wrong.
#[inline]
pub fn ascii_bytes(bytes: &[u8]) -> Result<&[u8], usize> {
    if is_ascii(bytes) {
        return Ok(bytes);
    }
    ascii(bytes).map(str::as_bytes)
}

/// The text of bytes that [`utf8_bytes`] or [`ascii_bytes`] accepted; no text of others.
///
/// It is tested once more: there is no other way to a `str`. Elements of arrays whose size varies keep bytes, so that
/// walking over them tests nothing and only text that is asked for costs that.
#[inline]
pub fn tested(bytes: &[u8]) -> &str {
    utf8(bytes).unwrap_or_default()
}

/// Text of more bytes is left to tests that go in larger steps.
const SHORT: usize = 32;

/// Whether all bytes are ASCII. The method of the standard library goes byte by byte through what is short.
#[inline]
fn is_ascii(bytes: &[u8]) -> bool {
    // The first and the last bytes, which may be the same ones.
    if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        if bytes.len() > SHORT {
            return bytes.is_ascii();
        }
        return (u128::from_ne_bytes(*first) | u128::from_ne_bytes(*last))
            & (u128::MAX / 0xff * 0x80)
            == 0;
    }
    if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        return (u64::from_ne_bytes(*first) | u64::from_ne_bytes(*last)) & 0x8080_8080_8080_8080
            == 0;
    }
    if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        return (u32::from_ne_bytes(*first) | u32::from_ne_bytes(*last)) & 0x8080_8080 == 0;
    }
    bytes.iter().fold(0, |all, byte| all | byte) < 0x80
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::string::String;
    use std::vec::Vec;

    /// All functions against the standard library.
    #[track_caller]
    fn check(bytes: &[u8]) {
        let expected = core::str::from_utf8(bytes).map_err(|error| error.valid_up_to());
        assert_eq!(utf8(bytes), expected, "{bytes:02x?}");
        assert_eq!(
            utf8_bytes(bytes),
            expected.map(str::as_bytes),
            "{bytes:02x?}"
        );
        assert_eq!(tested(bytes), expected.unwrap_or(""));
        let wrong = bytes.iter().position(|byte| !byte.is_ascii());
        let expected = wrong.map_or(expected, Err);
        assert_eq!(ascii(bytes), expected, "{bytes:02x?}");
        assert_eq!(
            ascii_bytes(bytes),
            expected.map(str::as_bytes),
            "{bytes:02x?}"
        );
        assert_eq!(is_ascii(bytes), bytes.is_ascii(), "{bytes:02x?}");
    }

    #[test]
    fn every_length_with_every_place_of_a_wrong_byte() {
        let mixed = "Meet me at the harbour, 항구에서 만나요. é 😀 ".repeat(5);
        for len in 0..=200 {
            let ascii: Vec<u8> = (0..len).map(|at| b'a' + at % 26).collect();
            let mixed = mixed
                .as_bytes()
                .get(..len.into())
                .expect("the text is longer");
            for text in [&ascii[..], mixed] {
                check(text);
                for at in 0..text.len() {
                    let mut text = text.to_vec();
                    for byte in [0x80, 0xc3, 0xff] {
                        text[at] = byte;
                        check(&text);
                    }
                }
            }
        }
    }

    proptest! {
        #[test]
        fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            check(&bytes);
        }

        #[test]
        fn any_text(text in any::<String>(), cut in 0_usize..4) {
            check(text.as_bytes());
            let bytes = text.as_bytes();
            check(bytes.get(cut..).unwrap_or(bytes));
            check(bytes.get(..bytes.len().saturating_sub(cut)).unwrap_or(bytes));
        }
    }
}
