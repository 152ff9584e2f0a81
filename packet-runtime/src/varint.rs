//! Integers whose size follows from their value.
//!
//! In: bytes, or a number. Out: the other one. Seven bits a byte, the least significant first; every byte
//! but the last has its highest bit set (LEB128). Signed numbers are mapped to unsigned ones first, so that
//! those near zero stay short (zigzag).

use crate::error::ErrorKind;

/// Most bytes of a number of 64 bits.
pub const MAX_LEN: usize = 10;

/// The number at the start of `bytes`, and how many bytes it has: at most `most`, and with `canonical` no more
/// than it needs.
///
/// ```
/// use packet_runtime::ErrorKind;
/// use packet_runtime::varint::read;
///
/// assert_eq!(read(&[0xac, 0x02, 0xff], 10, true), Ok((300, 2)));
/// assert_eq!(read(&[0xac], 10, true), Err(ErrorKind::Truncated { needed: 2, available: 1 }));
/// assert_eq!(read(&[0x80, 0x00], 10, true), Err(ErrorKind::InvalidVarint));
/// assert_eq!(read(&[0x80, 0x00], 10, false), Ok((0, 2)));
/// ```
///
/// # Errors
/// [`ErrorKind::Truncated`] if the bytes end before the number does, [`ErrorKind::InvalidVarint`] if it is
/// longer than allowed or has more than 64 bits.
#[inline]
pub fn read(bytes: &[u8], most: usize, canonical: bool) -> Result<(u64, usize), ErrorKind> {
    let most = most.min(MAX_LEN);
    let mut value = 0;
    let mut shift = 0;
    for (index, byte) in bytes.iter().enumerate().take(most) {
        let bits = u64::from(byte & 0x7f);
        // The tenth byte has room for one bit.
        if shift == 63 && bits > 1 {
            break;
        }
        value |= bits << shift;
        shift += 7;
        if byte & 0x80 == 0 {
            let overlong = canonical && *byte == 0 && index > 0;
            return if overlong {
                Err(ErrorKind::InvalidVarint)
            } else {
                Ok((value, index + 1))
            };
        }
    }
    Err(unfinished(bytes, most))
}

/// Why there is no number at the start of `bytes`.
#[cold]
fn unfinished(bytes: &[u8], most: usize) -> ErrorKind {
    let available = bytes.len();
    let ends = bytes.iter().take(most).any(|byte| byte & 0x80 == 0);
    if available < most && !ends {
        return ErrorKind::Truncated {
            needed: available + 1,
            available,
        };
    }
    ErrorKind::InvalidVarint
}

/// How many bytes `value` needs.
///
/// ```
/// assert_eq!([0, 127, 128, u64::MAX].map(packet_runtime::varint::len), [1, 1, 2, 10]);
/// ```
#[inline]
pub const fn len(value: u64) -> usize {
    let bits = u64::BITS - (value | 1).leading_zeros();
    bits.div_ceil(7) as usize
}

/// How many bytes a length needs in front of what it measures.
#[inline]
pub const fn prefix_len(length: usize) -> usize {
    len(length as u64)
}

/// The bytes of `value` and how many of them count.
///
/// ```
/// let (bytes, len) = packet_runtime::varint::bytes(300);
/// assert_eq!(bytes[..len], [0xac, 0x02]);
/// ```
#[inline]
pub fn bytes(mut value: u64) -> ([u8; MAX_LEN], usize) {
    let mut bytes = [0; MAX_LEN];
    let len = len(value);
    for byte in bytes.iter_mut().take(len) {
        *byte = value.to_le_bytes()[0] | 0x80;
        value >>= 7;
    }
    if let Some(last) = bytes.get_mut(len - 1) {
        *last &= 0x7f;
    }
    (bytes, len)
}

/// The unsigned number that stands for `value`: 0, −1, 1, −2 … are 0, 1, 2, 3 …
///
/// ```
/// use packet_runtime::varint::{signed, zigzag};
///
/// assert_eq!([0, -1, 1, -2, i64::MIN].map(zigzag), [0, 1, 2, 3, u64::MAX]);
/// assert_eq!(signed(zigzag(-300)), -300);
/// ```
#[inline]
pub const fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)).cast_unsigned()
}

/// The number that `value` stands for by [`zigzag`].
#[inline]
pub const fn signed(value: u64) -> i64 {
    (value >> 1).cast_signed() ^ -(value & 1).cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], most: usize, expected: Result<(u64, usize), ErrorKind>) {
        assert_eq!(read(bytes, most, true), expected, "{bytes:02x?}");
    }

    const fn short(available: usize) -> Result<(u64, usize), ErrorKind> {
        Err(ErrorKind::Truncated {
            needed: available + 1,
            available,
        })
    }

    const INVALID: Result<(u64, usize), ErrorKind> = Err(ErrorKind::InvalidVarint);

    #[test]
    fn what_is_written_is_read() {
        for shift in 0..64 {
            for value in [1 << shift, (1 << shift) - 1, u64::MAX >> shift] {
                let (bytes, len) = bytes(value);
                assert_eq!(len, super::len(value));
                check(&bytes[..len], MAX_LEN, Ok((value, len)));
                check(&bytes[..len - 1], MAX_LEN, short(len - 1));
                assert_eq!(signed(value), signed(zigzag(signed(value))));
            }
        }
    }

    #[test]
    fn the_end_of_the_bytes_is_told_from_too_many() {
        check(&[], 10, short(0));
        check(&[0x80; 3], 4, short(3));
        check(&[0x80; 3], 3, INVALID);
        check(&[0xff; 9], 10, short(9));
        check(&[0xff; 10], 10, INVALID);
        check(&[0xff; 11], 10, INVALID);
        check(&[0x80, 0x01], 1, INVALID);
    }

    #[test]
    fn no_more_than_64_bits() {
        let mut bytes = [0xff; 10];
        bytes[9] = 1;
        check(&bytes, 10, Ok((u64::MAX, 10)));
        bytes[9] = 2;
        check(&bytes, 10, INVALID);
        assert_eq!(read(&bytes, 10, false), INVALID);
        assert_eq!(read(&[0x80; 11], 11, false), INVALID);
    }

    #[test]
    fn more_bytes_than_needed_are_a_matter_of_the_schema() {
        check(&[0x81, 0x80, 0x00], 10, INVALID);
        assert_eq!(read(&[0x81, 0x80, 0x00], 10, false), Ok((1, 3)));
        assert_eq!(read(&[0x80, 0x80], 10, false), short(2));
        check(&[0x00, 0x80], 10, Ok((0, 1)));
    }
}
