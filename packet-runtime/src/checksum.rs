//! Checksums over byte ranges.

/// The Internet checksum (RFC 1071) of `bytes`: the one's complement of the one's complement sum of
/// its big-endian 16-bit words. An odd last byte counts as the upper half of a word.
///
/// Over data that contains its own correct checksum the result is 0.
///
/// ```
/// // The example of RFC 1071, section 3.
/// let bytes = [0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7];
/// assert_eq!(packet_runtime::checksum::internet(&[&bytes]), !0xddf2);
/// ```
///
/// `parts` are one after the other; all but the last should have an even length.
pub fn internet(parts: &[&[u8]]) -> u16 {
    let mut sum: u64 = 0;
    for part in parts {
        let mut words = part.chunks_exact(2);
        for word in &mut words {
            if let [high, low] = word {
                sum += u64::from(u16::from_be_bytes([*high, *low]));
            }
        }
        if let [last] = words.remainder() {
            sum += u64::from(*last) << 8;
        }
    }
    while sum > 0xffff {
        sum = (sum >> 16) + (sum & 0xffff);
    }
    #[allow(clippy::cast_possible_truncation)] // folded to 16 bits above
    let folded = sum as u16;
    !folded
}
