//! Framing by sizes that are not whole bytes at a fixed place: bits of a number, and varints.

use super::error::FrameErrorKind;
use super::framing::{FrameLen, Framing, SizeHeader, judge};
use super::limits::cut;
use crate::error::ErrorKind;
use crate::varint;

/// Framing by a size that is some bits of an unsigned integer in the header.
///
/// ```
/// use packet_runtime::SizeHeader;
/// use packet_runtime::stream::{FrameLen, Framing, SizeBits};
///
/// // Four bits of version, then twelve of the whole packet's size.
/// const FRAMING: SizeBits = SizeBits {
///     header: SizeHeader {
///         header_len: 2,
///         size_offset: 0,
///         size_width: 2,
///         little_endian: false,
///         excluded: 0,
///         max_len: 4095,
///     },
///     shift: 0,
///     bits: 12,
/// };
///
/// assert_eq!(FRAMING.frame_len(&[0x10, 0x05], 0), Ok(FrameLen::Known(5)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SizeBits {
    /// Where the integer stands, and everything else as if all of it were the size.
    pub header: SizeHeader,
    /// Bits of the integer below the size.
    pub shift: u32,
    /// Bits of the size, 1 to 64.
    pub bits: u32,
}

impl Framing for SizeBits {
    #[inline]
    fn frame_len(&self, bytes: &[u8], _seen: usize) -> Result<FrameLen, FrameErrorKind> {
        let number = match self.header.read(bytes) {
            Ok(number) => number,
            Err(ask_at) => return Ok(FrameLen::Unknown { ask_at }),
        };
        self.header.judge(cut(number, self.shift, self.bits))
    }
}

/// Framing by a size in LEB128, which counts what is behind it.
///
/// Whether the size is in its shortest form is up to who decodes the frame.
///
/// ```
/// use packet_runtime::stream::{FrameLen, Framing, SizeVarint};
///
/// // MQTT: a byte, then a size of one to four bytes, then as many bytes as that says.
/// const MQTT: SizeVarint =
///     SizeVarint { size_offset: 1, max_width: 4, excluded: 0, min_rest: 0, max_len: 65_536 };
///
/// assert_eq!(MQTT.frame_len(&[0xc0], 0), Ok(FrameLen::Unknown { ask_at: 2 }));
/// assert_eq!(MQTT.frame_len(&[0xc0, 0], 1), Ok(FrameLen::Known(2)));
/// assert_eq!(MQTT.frame_len(&[0x30, 0x81, 0x01], 2), Ok(FrameLen::Known(132)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SizeVarint {
    /// Bytes from the frame's start to the size.
    pub size_offset: usize,
    /// Most bytes of the size, 1 to 10.
    pub max_width: usize,
    /// Bytes behind the size that it does not count; negative if it counts more.
    pub excluded: i64,
    /// Fewest bytes behind the size.
    pub min_rest: usize,
    /// Most bytes that a frame may have.
    pub max_len: usize,
}

impl Framing for SizeVarint {
    #[inline]
    fn frame_len(&self, bytes: &[u8], _seen: usize) -> Result<FrameLen, FrameErrorKind> {
        let field = bytes.get(self.size_offset..).unwrap_or(&[]);
        let max_width = self.max_width.clamp(1, varint::MAX_LEN);
        match varint::read(field, max_width, false) {
            Ok((size, width)) => {
                let end = self.size_offset.saturating_add(width);
                let claimed = i128::from(size) + i128::from(self.excluded) + end as i128;
                judge(claimed, end.saturating_add(self.min_rest), self.max_len)
            }
            Err(ErrorKind::Truncated { needed, .. }) => Ok(FrameLen::Unknown {
                ask_at: self.size_offset.saturating_add(needed),
            }),
            Err(_) => Err(FrameErrorKind::InvalidSize { max_width }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const VARINT: SizeVarint = SizeVarint {
        size_offset: 1,
        max_width: 3,
        excluded: 2,
        min_rest: 3,
        max_len: 1000,
    };

    #[track_caller]
    fn check(framing: &impl Framing, bytes: &[u8], expected: Result<FrameLen, FrameErrorKind>) {
        assert_eq!(framing.frame_len(bytes, 0), expected, "{bytes:02x?}");
    }

    #[test]
    fn a_varint_counts_what_is_behind_it() {
        check(&VARINT, &[9], Ok(FrameLen::Unknown { ask_at: 2 }));
        check(&VARINT, &[9, 0x80], Ok(FrameLen::Unknown { ask_at: 3 }));
        check(&VARINT, &[9, 5], Ok(FrameLen::Known(9)));
        check(&VARINT, &[9, 0x85, 0x01], Ok(FrameLen::Known(3 + 133 + 2)));
        check(&VARINT, &[9, 0x85, 0], Ok(FrameLen::Known(3 + 5 + 2)));
    }

    #[test]
    fn a_varint_that_does_not_end_or_says_too_much_is_refused() {
        let invalid = FrameErrorKind::InvalidSize { max_width: 3 };
        check(&VARINT, &[9, 0x80, 0x80, 0x80], Err(invalid));
        let short = FrameErrorKind::TooShort { claimed: 4, min: 5 };
        check(&VARINT, &[9, 0], Err(short));
        let (claimed, max) = (3 + 1000 + 2, 1000);
        let long = FrameErrorKind::TooLong { claimed, max };
        check(&VARINT, &[9, 0xe8, 0x07], Err(long));
        let widest = SizeVarint {
            max_width: 10,
            ..VARINT
        };
        let bytes = [9, 255, 255, 255, 255, 255, 255, 255, 255, 255, 127];
        assert!(widest.frame_len(&bytes, 0).is_err());
    }

    #[test]
    fn bits_are_cut_out_of_their_number() {
        let bits = SizeBits {
            header: SizeHeader {
                header_len: 3,
                size_offset: 1,
                size_width: 2,
                little_endian: true,
                excluded: 1,
                max_len: 200,
            },
            shift: 4,
            bits: 8,
        };
        check(&bits, &[0, 0xff], Ok(FrameLen::Unknown { ask_at: 3 }));
        check(&bits, &[0, 0x5f, 0xf0], Ok(FrameLen::Known(6)));
        check(&bits, &[0, 0x5f, 0xf1], Ok(FrameLen::Known(0x15 + 1)));
        let short = FrameErrorKind::TooShort { claimed: 2, min: 3 };
        check(&bits, &[0, 0x1f, 0xf0], Err(short));
    }

    proptest! {
        #[test]
        fn keeps_its_word_whatever_it_is_told(
            size_offset in prop_oneof![0_usize..9, Just(usize::MAX)],
            max_width in prop_oneof![0_usize..12, Just(usize::MAX)],
            excluded in prop_oneof![-20_i64..20, any::<i64>()],
            min_rest in prop_oneof![0_usize..9, any::<usize>()],
            max_len in prop_oneof![0_usize..100, any::<usize>()],
            shift in any::<u32>(),
            bits in any::<u32>(),
            bytes in prop::collection::vec(any::<u8>(), 1..20),
        ) {
            let header = SizeHeader {
                header_len: min_rest, size_offset, size_width: max_width, little_endian: true, excluded, max_len,
            };
            for found in [
                SizeVarint { size_offset, max_width, excluded, min_rest, max_len }.frame_len(&bytes, 0),
                SizeBits { header, shift, bits }.frame_len(&bytes, 0),
            ] {
                match found {
                    Ok(FrameLen::Known(len)) => prop_assert!(len >= 1 && len <= max_len),
                    Ok(FrameLen::Unknown { ask_at }) => prop_assert!(ask_at > bytes.len()),
                    Err(_) => {}
                }
            }
        }
    }
}
