//! Checksums, written from their definitions rather than shared with the runtime that they test.

use crate::layout::{Algorithm, Checksum, Crc};
use byteorder::{BE, ByteOrder};
use std::ops::Range;

/// The bytes that a checksum covers, given where each field lies. `own` is the checksum's number.
pub(super) fn covered(sum: &Checksum, own: usize, places: &[Range<usize>]) -> Range<usize> {
    match (sum.first(), sum.last()) {
        (Some(first), Some(last)) => places[first].start..places[last].end,
        _ => places[own].start..places[own].start,
    }
}

/// The checksum of `covered`, where the checksum's own bytes, `own`, count as zero. Both ranges are of
/// `packet`; what lies outside of it does not count.
pub(super) fn compute(
    sum: &Checksum,
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
    bytes.extend(sum.extra);
    match sum.algorithm {
        Algorithm::Internet => internet(&bytes).into(),
        Algorithm::Sum8 => bytes.iter().map(|byte| u64::from(*byte)).sum::<u64>() % 256,
        Algorithm::Xor8 => bytes.iter().fold(0, |sum, byte| sum ^ u64::from(*byte)),
        Algorithm::Adler32 => sums(1, 65_521, 16, &bytes),
        Algorithm::Fletcher16 => sums(0, 255, 8, &bytes),
        Algorithm::Crc(parameters) => crc(parameters, &bytes),
    }
}

/// The sum of the bytes and, above it, the sum of all sums so far: Adler-32 (RFC 1950) and Fletcher.
fn sums(start: u64, modulus: u64, shift: u32, bytes: &[u8]) -> u64 {
    let (mut low, mut high) = (start, 0);
    for byte in bytes {
        low = (low + u64::from(*byte)) % modulus;
        high = (high + low) % modulus;
    }
    high << shift | low
}

/// A CRC, bit by bit as the catalogue's model says. The register is kept in the upper bits of a word, so
/// that every width is shifted alike.
fn crc(parameters: &Crc, bytes: &[u8]) -> u64 {
    let unused = u64::BITS - parameters.bits;
    let (poly, mut register) = (parameters.poly << unused, parameters.init << unused);
    for byte in bytes {
        let byte = if parameters.reflected {
            byte.reverse_bits()
        } else {
            *byte
        };
        register ^= u64::from(byte) << (u64::BITS - 8);
        for _ in 0..8 {
            let carry = register >> (u64::BITS - 1) == 1;
            register <<= 1;
            if carry {
                register ^= poly;
            }
        }
    }
    let result = if parameters.reflected {
        register.reverse_bits()
    } else {
        register >> unused
    };
    result ^ parameters.xor_out
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

    /// The checksum of `bytes`, which do not contain it.
    fn over(algorithm: &str, extra: Option<u8>, bytes: &[u8]) -> u64 {
        let sum = Checksum {
            algorithm: Algorithm::named(algorithm).unwrap(),
            from: 0,
            end: 1,
            extra,
        };
        compute(&sum, bytes, 0..bytes.len(), 0..0)
    }

    #[test]
    fn counts_its_own_bytes_as_zero() {
        let packet = [9, 0x12, 0x34, 0xff, 0xff, 9];
        for algorithm in ["internet", "crc16-modbus", "adler32", "fletcher16"] {
            let sum = Checksum {
                algorithm: Algorithm::named(algorithm).unwrap(),
                from: 0,
                end: 1,
                extra: None,
            };
            let inside = compute(&sum, &packet, 1..5, 3..5);
            assert_eq!(inside, over(algorithm, None, &[0x12, 0x34, 0, 0]));
            let outside = compute(&sum, &packet, 1..3, 3..5);
            assert_eq!(outside, over(algorithm, None, &[0x12, 0x34]));
        }
    }

    #[test]
    fn every_crc_gives_the_check_of_the_catalogue() {
        for algorithm in Algorithm::all() {
            if let Algorithm::Crc(crc) = algorithm {
                let found = over(crc.name, None, b"123456789");
                assert_eq!(found, crc.check, "{}", crc.name);
            }
        }
    }

    #[test]
    fn sums_give_the_examples_of_their_descriptions() {
        assert_eq!(over("sum8", None, b"123456789"), 0xdd);
        assert_eq!(over("xor8", None, b"123456789"), 0x31);
        assert_eq!(over("adler32", None, b"Wikipedia"), 0x11e6_0398);
        assert_eq!(over("adler32", None, b""), 1);
        assert_eq!(over("fletcher16", None, b"abcde"), 0xc8f0);
        assert_eq!(over("fletcher16", None, b"abcdefgh"), 0x0627);
    }

    #[test]
    fn an_extra_byte_is_summed_last() {
        for algorithm in Algorithm::all() {
            let name = algorithm.name();
            assert_eq!(
                over(name, Some(b'9'), b"12345678"),
                over(name, None, b"123456789")
            );
        }
    }

    #[test]
    fn nothing_is_covered_of_a_body_without_fields() {
        let sum = Checksum {
            algorithm: Algorithm::Xor8,
            from: 1,
            end: 1,
            extra: None,
        };
        assert_eq!(covered(&sum, 0, &[4..5, 5..6]), 4..4);
    }
}
