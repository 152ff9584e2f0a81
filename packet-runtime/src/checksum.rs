//! Checksums over byte ranges.

#[cfg(feature = "crc")]
pub mod crc;

/// The Internet checksum (RFC 1071) of `parts`, one after the other: the one's complement of the one's
/// complement sum of the big-endian 16-bit words. An odd last byte counts as the upper half of a word.
///
/// Over data that contains its own correct checksum the result is 0.
///
/// ```
/// // The example of RFC 1071, section 3.
/// let bytes = [0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7];
/// assert_eq!(packet_runtime::checksum::internet(&[&bytes]), !0xddf2);
/// ```
pub fn internet(parts: &[&[u8]]) -> u16 {
    let mut sum: u16 = 0;
    let mut odd = false;
    for part in parts {
        let mut part_sum = word_sum(part);
        if odd {
            // The part starts in the lower half of a word. Swapping the bytes of all words swaps
            // those of their sum (RFC 1071, section 2 B).
            part_sum = part_sum.swap_bytes();
        }
        odd ^= part.len() % 2 == 1;
        sum = fold(u64::from(sum) + u64::from(part_sum));
    }
    !sum
}

/// The one's complement sum of the 16-bit words in `bytes`.
fn word_sum(bytes: &[u8]) -> u16 {
    // 2¹⁶ is 1 in one's complement, so that words of 32 bits have the same sum once it is folded. The
    // sum of a block stays below 2⁵⁰; an even block length keeps the words where they are.
    const BLOCK: usize = 1 << 20;
    let mut sum: u16 = 0;
    for block in bytes.chunks(BLOCK) {
        let (words, rest) = block.as_chunks::<4>();
        let mut wide: u64 = words
            .iter()
            .map(|word| u64::from(u32::from_be_bytes(*word)))
            .sum();
        let mut last = [0; 4];
        for (to, from) in last.iter_mut().zip(rest) {
            *to = *from;
        }
        wide += u64::from(u32::from_be_bytes(last));
        sum = fold(wide + u64::from(sum));
    }
    sum
}

/// Adds the upper bits to the lower 16 until none are left.
fn fold(mut sum: u64) -> u16 {
    while sum > 0xffff {
        sum = (sum >> 16) + (sum & 0xffff);
    }
    #[allow(clippy::cast_possible_truncation)] // folded to 16 bits above
    let folded = sum as u16;
    folded
}

/// The sum of the bytes of `parts`, modulo 256.
pub fn sum8(parts: &[&[u8]]) -> u8 {
    bytes(parts).fold(0, u8::wrapping_add)
}

/// The bytes of `parts` joined by exclusive or.
pub fn xor8(parts: &[&[u8]]) -> u8 {
    bytes(parts).fold(0, |sum, byte| sum ^ byte)
}

/// Adler-32 (RFC 1950) of `parts`, one after the other.
///
/// ```
/// assert_eq!(packet_runtime::checksum::adler32(&[b"Wiki", b"pedia"]), 0x11e6_0398);
/// ```
pub fn adler32(parts: &[&[u8]]) -> u32 {
    let (low, high) = sums::<65_521>(1, parts);
    high << 16 | low
}

/// Fletcher's checksum of the bytes of `parts`, modulo 255; the sum of the sums is the upper byte.
///
/// ```
/// assert_eq!(packet_runtime::checksum::fletcher16(&[b"abcde"]), 0xc8f0);
/// ```
pub fn fletcher16(parts: &[&[u8]]) -> u16 {
    let (low, high) = sums::<255>(0, parts);
    #[allow(clippy::cast_possible_truncation)] // both are below 255
    let sum = (high << 8 | low) as u16;
    sum
}

/// The sum of the bytes, which begins at `low`, and the sum of all sums so far.
fn sums<const MODULUS: u32>(mut low: u32, parts: &[&[u8]]) -> (u32, u32) {
    // After so many bytes the second sum is still below 2³²: 5552 × 5553 / 2 × 255 + 5553 × 65520, as
    // zlib has it. Until then nothing needs to be reduced.
    const BLOCK: usize = 5552;
    let mut high = 0;
    for part in parts {
        for block in part.chunks(BLOCK) {
            for byte in block {
                low += u32::from(*byte);
                high += low;
            }
            low %= MODULUS;
            high %= MODULUS;
        }
    }
    (low, high)
}

fn bytes(parts: &[&[u8]]) -> impl Iterator<Item = u8> {
    parts.iter().flat_map(|part| part.iter().copied())
}

/// What a checksum of `size` bytes at `own` sums: the bytes from `from` up to `to`, with zeros in place of the
/// checksum itself if it is among them, and then `extra`.
pub fn around<'a>(
    bytes: &'a [u8],
    from: usize,
    to: usize,
    own: usize,
    size: usize,
    extra: &'a [u8],
) -> [&'a [u8]; 4] {
    let part = |from: usize, to: usize| bytes.get(from..to).unwrap_or(&[]);
    if own >= from && own + size <= to {
        let zeros = ZEROS.get(..size).unwrap_or(&ZEROS);
        [part(from, own), zeros, part(own + size, to), extra]
    } else {
        [part(from, to), &[], &[], extra]
    }
}

/// As many as the widest checksum has bytes.
const ZEROS: [u8; 8] = [0; 8];

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::vec;
    use std::vec::Vec;

    const RFC_1071: [u8; 8] = [0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7];

    #[track_caller]
    fn check(parts: &[&[u8]], expected: u16) {
        assert_eq!(internet(parts), expected);
    }

    #[test]
    fn sums_the_example_of_rfc_1071() {
        check(&[&RFC_1071], !0xddf2);
    }

    #[test]
    fn an_ipv4_header_with_its_checksum_sums_to_zero() {
        let header = [
            0x45, 0x00, 0x00, 0x73, 0x00, 0x00, 0x40, 0x00, 0x40, 0x11, 0xb8, 0x61, 0xc0, 0xa8,
            0x00, 0x01, 0xc0, 0xa8, 0x00, 0xc7,
        ];
        check(&[&header], 0);
        let (before, rest) = header.split_at(10);
        let (_, after) = rest.split_at(2);
        check(&[before, after], 0xb861);
    }

    #[test]
    fn an_odd_last_byte_is_the_upper_half_of_a_word() {
        check(&[&[0x12]], !0x1200);
        check(&[&[0x12, 0x34, 0x56]], !(0x1234 + 0x5600));
    }

    #[test]
    fn zeros_and_nothing_give_all_ones() {
        check(&[], 0xffff);
        check(&[&[]], 0xffff);
        check(&[&[0; 40]], 0xffff);
    }

    #[test]
    fn carries_wrap_around_also_across_blocks() {
        check(&[&[0xff; 2]], 0);
        check(&[&vec![0xff; (1 << 20) + 2]], 0);
        check(&[&vec![0xff; (1 << 20) + 1]], 0x00ff);
        check(&[&[0xff, 0xff, 0x00, 0x01]], !1);
    }

    #[test]
    fn a_split_anywhere_changes_nothing() {
        for first in 0..=RFC_1071.len() {
            let (head, tail) = RFC_1071.split_at(first);
            for second in 0..=tail.len() {
                let (middle, end) = tail.split_at(second);
                check(&[head, middle, end], !0xddf2);
            }
        }
    }

    #[test]
    fn sums_give_the_examples_of_their_descriptions() {
        let digits: &[&[u8]] = &[b"1234", b"", b"56789"];
        assert_eq!((sum8(digits), xor8(digits)), (0xdd, 0x31));
        assert_eq!(adler32(&[]), 1);
        assert_eq!(fletcher16(&[b"abcdef"]), 0x2057);
        assert_eq!(fletcher16(&[b"abcdefgh"]), 0x0627);
    }

    #[test]
    fn long_input_does_not_overflow() {
        let bytes = vec![0xff; 100_000];
        let slow = |start: u64, modulus: u64| {
            bytes.iter().fold((start, 0), |(low, high), byte| {
                let low = (low + u64::from(*byte)) % modulus;
                (low, (high + low) % modulus)
            })
        };
        let (low, high) = slow(1, 65_521);
        assert_eq!(u64::from(adler32(&[&bytes])), high << 16 | low);
        let (low, high) = slow(0, 255);
        assert_eq!(u64::from(fletcher16(&[&bytes])), high << 8 | low);
    }

    #[test]
    fn a_checksum_counts_itself_as_zero_where_it_is_covered() {
        let bytes = [1, 2, 3, 4, 5, 6];
        let check = |from, to, own, expected: [&[u8]; 4]| {
            assert_eq!(around(&bytes, from, to, own, 2, &[9]), expected);
        };
        check(1, 6, 2, [&[2], &[0, 0], &[5, 6], &[9]]);
        check(0, 2, 4, [&[1, 2], &[], &[], &[9]]);
        check(4, 4, 4, [&[], &[], &[], &[9]]);
        check(4, 6, 4, [&[], &[0, 0], &[], &[9]]);
    }

    proptest! {
        #[test]
        fn agrees_with_adding_word_by_word(bytes: Vec<u8>) {
            let mut sum = 0_u32;
            for word in bytes.chunks(2) {
                let high = word.first().copied().unwrap_or(0);
                let low = word.get(1).copied().unwrap_or(0);
                sum += u32::from(u16::from_be_bytes([high, low]));
                sum = (sum & 0xffff) + (sum >> 16);
            }
            prop_assert_eq!(u32::from(!internet(&[&bytes])), sum);
        }
    }
}
