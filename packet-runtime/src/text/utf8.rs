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
    if bytes.len() <= MOSTLY_ASCII
        && is_ascii(bytes)
        && let Ok(text) = ascii::AsciiStr::from_ascii(bytes)
    {
        return Ok(text.as_str());
    }
    any_utf8(bytes)
}

/// Longer text is rarely all ASCII, and then looking whether it is would be for nothing.
#[cfg(feature = "ascii")]
const MOSTLY_ASCII: usize = 256;

/// From here on `simdutf8` does not leave the work to the standard library.
#[cfg(feature = "simdutf8")]
const LONG: usize = 64;

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
    if !is_ascii(bytes) {
        return Err(bytes.iter().take_while(|byte| byte.is_ascii()).count());
    }
    #[cfg(feature = "ascii")]
    if let Ok(text) = ascii::AsciiStr::from_ascii(bytes) {
        return Ok(text.as_str());
    }
    // ASCII is UTF-8.
    any_utf8(bytes)
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
    utf8(bytes).map(str::as_bytes)
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

/// So many bytes take two loads.
const SHORT: usize = 16;

/// Whether all bytes are ASCII. The method of the standard library goes byte by byte through what is short.
#[inline]
fn is_ascii(bytes: &[u8]) -> bool {
    if bytes.len() > SHORT {
        return bytes.is_ascii();
    }
    // The first and the last bytes, which may be the same ones.
    if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        return (u64::from_ne_bytes(*first) | u64::from_ne_bytes(*last)) & 0x8080_8080_8080_8080
            == 0;
    }
    if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        return (u32::from_ne_bytes(*first) | u32::from_ne_bytes(*last)) & 0x8080_8080 == 0;
    }
    bytes.iter().fold(0, |all, byte| all | byte) < 0x80
}
