//! Frames whose body is compressed, with LZ4 (feature `lz4`).
//!
//! In: whole frames of which a bit in the header says whether the body is compressed. Out: the same frames with the body as
//! it is, for a codec that knows nothing of compression; and the other way round.
//!
//! ```text
//!  header, bit set   | length of the body, u32 little-endian | block
//!  header, bit clear | body
//! ```
//!
//! The length and the block (LZ4 Block Format, without a dictionary) are what the `…_prepend_size` functions of many LZ4
//! libraries write. The size in the header is that of the frame in the form that it has.

use crate::stream::SizeHeader;
use alloc::vec::Vec;
use core::fmt;
use lz4_flex::block;

/// Bytes in front of the block that say how long the body is.
const LENGTH: usize = 4;

/// A byte of a block stands for no more bytes of the body: one that makes a match longer adds its value.
const MOST_FROM_A_BYTE: usize = 255;

/// How a protocol compresses the bodies of its frames.
///
/// ```
/// use packet_runtime::SizeHeader;
/// use packet_runtime::lz4::Compression;
///
/// // A u16 that counts the whole frame, then a byte of flags.
/// const COMPRESSION: Compression = Compression {
///     framing: SizeHeader {
///         header_len: 3,
///         size_offset: 0,
///         size_width: 2,
///         little_endian: false,
///         excluded: 0,
///         max_len: 1000,
///     },
///     flag_offset: 2,
///     flag: 0x01,
///     max_len: 8000,
/// };
///
/// let frame = [&[0x01, 0xf4, 0x00][..], &[7; 497]].concat();
/// let mut small = Vec::new();
/// let small = COMPRESSION.compress(&frame, &mut small)?;
/// assert!(small.len() < 30);
/// assert_eq!(small[2], 0x01);
///
/// let mut whole = Vec::new();
/// assert_eq!(COMPRESSION.expand(small, &mut whole)?, frame);
/// # Ok::<(), packet_runtime::lz4::CompressionError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Compression {
    /// How frames are delimited. Its largest frame is the largest on the stream, compressed or not.
    pub framing: SizeHeader,
    /// Number of the header's byte that has the bit.
    pub flag_offset: usize,
    /// The bit, set if the body is compressed: a byte with one bit.
    pub flag: u8,
    /// Most bytes that a frame has when its body is no longer compressed.
    pub max_len: usize,
}

/// Why a frame cannot be compressed or expanded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CompressionError {
    /// The frame is shorter than the header, or than the length behind it.
    Truncated {
        /// Fewest bytes that it must have.
        needed: usize,
        /// Bytes that it has.
        available: usize,
    },
    /// The frame would be longer than the limit. No memory was taken.
    TooLong {
        /// Bytes of the whole frame, expanded or compressed, as its size or length says.
        claimed: usize,
        /// Most bytes that a frame may have.
        max: usize,
    },
    /// So few bytes cannot stand for so long a body. No memory was taken.
    Implausible {
        /// Bytes of the body that the frame claims.
        claimed: usize,
        /// Most bytes of which the block can be the compressed form.
        max: usize,
    },
    /// The block is none, or stands for fewer or more bytes than the length says.
    Corrupt,
    /// The header's size cannot say how long the frame is.
    Size {
        /// Bytes of the frame.
        len: usize,
    },
}

impl fmt::Display for CompressionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Truncated { needed, available } => {
                write!(
                    f,
                    "a compressed frame needs {needed} bytes, there are {available}"
                )
            }
            Self::TooLong { claimed, max } => {
                write!(f, "the frame has {claimed} bytes, the maximum is {max}")
            }
            Self::Implausible { claimed, max } => write!(
                f,
                "the compressed body claims {claimed} bytes, and can have no more than {max}"
            ),
            Self::Corrupt => f.write_str("the compressed body is damaged"),
            Self::Size { len } => write!(f, "the header's size cannot say {len} bytes"),
        }
    }
}

impl core::error::Error for CompressionError {}

impl Compression {
    /// Whether the body of a frame is compressed.
    pub fn is_compressed(&self, frame: &[u8]) -> bool {
        let byte = frame.get(self.flag_offset);
        byte.is_some_and(|byte| byte & self.flag != 0)
    }

    /// The frame with its body as it is: `frame` itself if that is not compressed, else what is put into `out`, whose
    /// content is replaced.
    ///
    /// The header is the same but for size and bit. `out` can be used again and again; it grows to the longest frame
    /// that came, and never because of a length that the limit or the block refutes.
    ///
    /// # Errors
    /// A body that would be too long, or is damaged.
    pub fn expand<'o>(
        &self,
        frame: &'o [u8],
        out: &'o mut Vec<u8>,
    ) -> Result<&'o [u8], CompressionError> {
        if !self.is_compressed(frame) {
            return Ok(frame);
        }
        let (header, compressed) = self.split(frame)?;
        let Some((length, block)) = compressed.split_first_chunk::<LENGTH>() else {
            return Err(CompressionError::Truncated {
                needed: header.len() + LENGTH,
                available: frame.len(),
            });
        };
        let len = usize::try_from(u32::from_le_bytes(*length)).unwrap_or(usize::MAX);
        let whole = header.len().saturating_add(len);
        if whole > self.max_len {
            let (claimed, max) = (whole, self.max_len);
            return Err(CompressionError::TooLong { claimed, max });
        }
        let most = block.len().saturating_mul(MOST_FROM_A_BYTE);
        if len > most {
            let (claimed, max) = (len, most);
            return Err(CompressionError::Implausible { claimed, max });
        }
        out.clear();
        out.extend_from_slice(header);
        out.resize(whole, 0);
        let body = out.get_mut(header.len()..).unwrap_or(&mut []);
        match block::decompress_into(block, body) {
            Ok(expanded) if expanded == len => {}
            _ => return Err(CompressionError::Corrupt),
        }
        self.finish(out, false)?;
        Ok(out)
    }

    /// The frame with its body compressed: what is put into `out`, whose content is replaced, or `frame` itself if that
    /// would not make it shorter, or if it is compressed.
    ///
    /// # Errors
    /// A frame that is longer than the limit or shorter than its header.
    pub fn compress<'o>(
        &self,
        frame: &'o [u8],
        out: &'o mut Vec<u8>,
    ) -> Result<&'o [u8], CompressionError> {
        let (header, body) = self.split(frame)?;
        if frame.len() > self.max_len {
            let (claimed, max) = (frame.len(), self.max_len);
            return Err(CompressionError::TooLong { claimed, max });
        }
        let length = u32::try_from(body.len()).ok();
        let Some(length) = length.filter(|_| !self.is_compressed(frame)) else {
            return Ok(frame);
        };
        out.clear();
        out.extend_from_slice(header);
        out.extend_from_slice(&length.to_le_bytes());
        let start = out.len();
        out.resize(start + block::get_maximum_output_size(body.len()), 0);
        let room = out.get_mut(start..).unwrap_or(&mut []);
        let Ok(compressed) = block::compress_into(body, room) else {
            return Ok(frame);
        };
        out.truncate(start + compressed);
        if out.len() >= frame.len() {
            return Ok(frame);
        }
        self.finish(out, true)?;
        Ok(out)
    }

    fn split<'f>(&self, frame: &'f [u8]) -> Result<(&'f [u8], &'f [u8]), CompressionError> {
        let header = self
            .framing
            .header_len
            .max(self.flag_offset.saturating_add(1));
        frame
            .split_at_checked(header)
            .ok_or(CompressionError::Truncated {
                needed: header,
                available: frame.len(),
            })
    }

    /// Writes size and bit into the header.
    fn finish(&self, frame: &mut [u8], compressed: bool) -> Result<(), CompressionError> {
        let len = frame.len();
        self.framing
            .write(frame, len)
            .ok_or(CompressionError::Size { len })?;
        if let Some(byte) = frame.get_mut(self.flag_offset) {
            *byte = if compressed {
                *byte | self.flag
            } else {
                *byte & !self.flag
            };
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stream::{FrameLen, Framing};
    use proptest::prelude::*;
    use std::vec;

    const COMPRESSION: Compression = Compression {
        framing: SizeHeader {
            header_len: 5,
            size_offset: 1,
            size_width: 2,
            little_endian: true,
            excluded: 5,
            max_len: 4096,
        },
        flag_offset: 4,
        flag: 0x80,
        max_len: 2000,
    };

    fn frame(body: &[u8]) -> Vec<u8> {
        let [low, high, ..] = body.len().to_le_bytes();
        [&[9, low, high, 7, 0x41][..], body].concat()
    }

    /// A frame that claims to be `length` bytes compressed to `block`.
    fn compressed(length: u32, block: &[u8]) -> Vec<u8> {
        let mut frame = frame(&[&length.to_le_bytes()[..], block].concat());
        frame[4] |= 0x80;
        frame
    }

    #[track_caller]
    fn refused(frame: &[u8], expected: CompressionError) {
        let mut out = Vec::new();
        assert_eq!(COMPRESSION.expand(frame, &mut out), Err(expected));
        if expected != CompressionError::Corrupt {
            assert_eq!(out.capacity(), 0, "{expected}");
        }
    }

    #[test]
    fn a_body_that_is_not_compressed_is_left_alone() {
        let (frame, mut out) = (frame(b"abc"), Vec::new());
        assert_eq!(COMPRESSION.expand(&frame, &mut out), Ok(&frame[..]));
        assert_eq!(COMPRESSION.expand(&[], &mut Vec::new()), Ok(&[][..]));
        assert_eq!(COMPRESSION.compress(&frame, &mut out), Ok(&frame[..]));
    }

    #[test]
    fn nothing_is_taken_for_what_a_frame_claims() {
        let (claimed, max) = (2001, 2000);
        refused(
            &compressed(1996, &[0; 100]),
            CompressionError::TooLong { claimed, max },
        );
        let claimed = usize::try_from(u32::MAX).unwrap().saturating_add(5);
        refused(
            &compressed(u32::MAX, &[0; 9]),
            CompressionError::TooLong { claimed, max },
        );
        let (claimed, max) = (511, 510);
        refused(
            &compressed(511, &[0; 2]),
            CompressionError::Implausible { claimed, max },
        );
        let mut short = compressed(0, &[]);
        short.truncate(8);
        let (needed, available) = (9, 8);
        refused(&short, CompressionError::Truncated { needed, available });
    }

    #[test]
    fn what_does_not_expand_to_its_length_is_damaged() {
        let whole = frame(&[1; 300]);
        let mut out = Vec::new();
        let small = COMPRESSION.compress(&whole, &mut out).unwrap();
        for length in [299_u32, 301] {
            let mut wrong = small.to_vec();
            wrong[5..9].copy_from_slice(&length.to_le_bytes());
            refused(&wrong, CompressionError::Corrupt);
        }
        refused(&small[..small.len() - 1], CompressionError::Corrupt);
        refused(&compressed(4, &[0x10]), CompressionError::Corrupt);
    }

    #[test]
    fn a_size_that_the_header_cannot_say_is_an_error() {
        let narrow = Compression {
            framing: SizeHeader {
                size_width: 1,
                ..COMPRESSION.framing
            },
            ..COMPRESSION
        };
        let mut small = Vec::new();
        let small = COMPRESSION
            .compress(&frame(&[1; 300]), &mut small)
            .map(<[u8]>::to_vec);
        let expanded = narrow
            .expand(&small.unwrap(), &mut Vec::new())
            .map(<[u8]>::len);
        assert_eq!(expanded, Err(CompressionError::Size { len: 305 }));
    }

    #[test]
    fn the_longest_runs_are_plausible() {
        let body = vec![0; 1990];
        let (whole, mut small, mut out) = (frame(&body), Vec::new(), Vec::new());
        let small = COMPRESSION.compress(&whole, &mut small).unwrap();
        assert!(small.len() < 40, "{}", small.len());
        assert_eq!(COMPRESSION.expand(small, &mut out), Ok(&whole[..]));
    }

    proptest! {
        #[test]
        fn expanding_gives_what_was_compressed(
            bytes in prop::collection::vec(any::<u8>(), 0..40), times in 1_usize..40,
        ) {
            let whole = frame(&bytes.repeat(times));
            let (mut small, mut out) = (Vec::new(), Vec::new());
            let small = COMPRESSION.compress(&whole, &mut small).unwrap();
            prop_assert!(small.len() <= whole.len());
            prop_assert_eq!(COMPRESSION.framing.frame_len(small, 0), Ok(FrameLen::Known(small.len())));
            prop_assert_eq!(COMPRESSION.expand(small, &mut out).unwrap(), &whole[..]);
        }

        #[test]
        fn any_bytes_are_expanded_or_refused(
            bytes in prop::collection::vec(any::<u8>(), 0..200), length in 0_u32..3000,
        ) {
            let mut out = Vec::new();
            let _ = COMPRESSION.expand(&bytes, &mut out);
            if let Ok(whole) = COMPRESSION.expand(&compressed(length, &bytes), &mut out) {
                prop_assert_eq!(whole.len(), 5 + usize::try_from(length).unwrap());
                prop_assert!(!COMPRESSION.is_compressed(whole));
            }
        }
    }
}
