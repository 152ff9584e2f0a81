//! Checksums, written from their RFCs rather than shared with the runtime that they test.

use crate::layout::Algorithm;
use byteorder::{BE, ByteOrder};
use std::ops::Range;

/// The checksum of `covered`, where the checksum's own bytes, `own`, count as zero. Both ranges are of
/// `packet`; what lies outside of it does not count.
pub(super) fn compute(
    algorithm: Algorithm,
    packet: &[u8],
    covered: Range<usize>,
    own: Range<usize>,
) -> u64 {
    let first = covered.start;
    let mut bytes = packet.get(covered).unwrap_or_default().to_vec();
    for (offset, byte) in (first..).zip(&mut bytes) {
        if own.contains(&offset) {
            *byte = 0;
        }
    }
    match algorithm {
        Algorithm::Internet => internet(&bytes).into(),
    }
}

/// The Internet checksum, RFC 1071: the one's complement of the one's complement sum of the 16-bit
/// words. An odd last byte is the upper half of a word.
fn internet(bytes: &[u8]) -> u16 {
    let mut sum = 0;
    for word in bytes.chunks(2) {
        let word = match word {
            [high] => BE::read_u16(&[*high, 0]),
            word => BE::read_u16(word),
        };
        // One's complement: a carry out of the top is added at the bottom.
        let (wrapped, carry) = u16::overflowing_add(sum, word);
        sum = wrapped + u16::from(carry);
    }
    !sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gives_the_example_of_rfc_1071() {
        let bytes = [0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7];
        assert_eq!(internet(&bytes), !0xddf2);
    }

    #[test]
    fn carries_around_and_pads_an_odd_byte() {
        assert_eq!(internet(&[]), 0xffff);
        assert_eq!(internet(&[0xff, 0xff, 0xff, 0xff]), 0);
        assert_eq!(internet(&[0xff, 0xff, 0x00, 0x01]), !1);
        assert_eq!(internet(&[0xab]), !0xab00);
    }

    #[test]
    fn counts_its_own_bytes_as_zero() {
        let packet = [9, 0x12, 0x34, 0xff, 0xff, 9];
        let sum = compute(Algorithm::Internet, &packet, 1..5, 3..5);
        assert_eq!(sum, u64::from(!0x1234_u16));
        // A checksum outside of what it covers.
        let sum = compute(Algorithm::Internet, &packet, 1..3, 3..5);
        assert_eq!(sum, u64::from(!0x1234_u16));
    }
}
