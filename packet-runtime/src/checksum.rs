//! Checksums over byte ranges.

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

/// The bytes from `from` up to `to` in two parts: before the `size` bytes at `own`, and after them. They
/// are one part if those lie elsewhere.
///
/// A checksum over a range that contains itself is computed as if it were zero. Leaving out an even
/// number of zero bytes does not change an Internet checksum.
pub fn around(bytes: &[u8], from: usize, to: usize, own: usize, size: usize) -> [&[u8]; 2] {
    let part = |from: usize, to: usize| bytes.get(from..to).unwrap_or(&[]);
    if own >= from && own + size <= to {
        [part(from, own), part(own + size, to)]
    } else {
        [part(from, to), &[]]
    }
}

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
