//! Text in its encodings.
//!
//! In: bytes or text. Out: the other one, or where it cannot be. How long a text is, and what pads or ends
//! it, is the caller's affair.

use crate::layout::{Encoding, Endian};

/// The text that `bytes` are, or the place of the first byte or code unit that is wrong.
pub(super) fn decode(bytes: &[u8], encoding: Encoding) -> Result<String, usize> {
    match encoding {
        Encoding::Utf8 => match str::from_utf8(bytes) {
            Ok(text) => Ok(text.to_owned()),
            Err(error) => Err(error.valid_up_to()),
        },
        Encoding::Ascii => match bytes.iter().position(|byte| !byte.is_ascii()) {
            Some(bad) => Err(bad),
            None => Ok(bytes.iter().copied().map(char::from).collect()),
        },
        Encoding::Latin1 => Ok(bytes.iter().copied().map(char::from).collect()),
        Encoding::Utf16(endian) => utf16(bytes, endian),
    }
}

fn utf16(bytes: &[u8], endian: Endian) -> Result<String, usize> {
    let (pairs, odd) = bytes.as_chunks();
    let units = pairs.iter().map(|pair| unit(*pair, endian));
    let mut text = String::new();
    let mut at = 0;
    for character in char::decode_utf16(units) {
        let character = character.map_err(|_| at)?;
        text.push(character);
        at += 2 * character.len_utf16();
    }
    if odd.is_empty() { Ok(text) } else { Err(at) }
}

fn unit(bytes: [u8; 2], endian: Endian) -> u16 {
    match endian {
        Endian::Big => u16::from_be_bytes(bytes),
        Endian::Little => u16::from_le_bytes(bytes),
    }
}

/// The bytes that `text` is; `None` if one of its characters does not exist in the encoding.
pub(super) fn bytes(text: &str, encoding: Encoding) -> Option<Vec<u8>> {
    match encoding {
        Encoding::Utf8 => Some(text.as_bytes().to_vec()),
        Encoding::Ascii => text.is_ascii().then(|| text.as_bytes().to_vec()),
        Encoding::Latin1 => text
            .chars()
            .map(|character| u8::try_from(u32::from(character)).ok())
            .collect(),
        Encoding::Utf16(endian) => {
            let units = text.encode_utf16();
            let bytes = units.flat_map(|unit| match endian {
                Endian::Big => unit.to_be_bytes(),
                Endian::Little => unit.to_le_bytes(),
            });
            Some(bytes.collect())
        }
    }
}

/// How many bytes `text` has; of a character that does not exist in the encoding those that it would have.
pub(super) fn length(text: &str, encoding: Encoding) -> usize {
    match encoding {
        Encoding::Utf8 | Encoding::Ascii => text.len(),
        Encoding::Latin1 => text.chars().count(),
        Encoding::Utf16(_) => 2 * text.encode_utf16().count(),
    }
}

/// Where the first NUL stands in `bytes`: a whole code unit.
pub(super) fn nul(bytes: &[u8], encoding: Encoding) -> Option<usize> {
    let size = encoding.unit();
    let unit = bytes.chunks_exact(size).position(is_nul)?;
    Some(unit * size)
}

/// `bytes` without the NULs at their end.
pub(super) fn without_padding(bytes: &[u8], encoding: Encoding) -> &[u8] {
    let size = encoding.unit();
    let last = bytes.chunks_exact(size).rposition(|unit| !is_nul(unit));
    let end = last.map_or(0, |last| (last + 1) * size);
    bytes.get(..end).unwrap_or(bytes)
}

fn is_nul(unit: &[u8]) -> bool {
    unit.iter().all(|byte| *byte == 0)
}
