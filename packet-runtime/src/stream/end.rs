//! Framing without a size: frames that all have the same, that end with certain bytes, or with what carries them.

use super::error::FrameErrorKind;
use super::framing::{Ends, FrameLen, Framing, judge};

/// Framing in which all frames have the same size.
///
/// ```
/// use packet_runtime::stream::{FixedSize, FrameLen, Framing};
///
/// assert_eq!(FixedSize { len: 32 }.frame_len(&[7], 0), Ok(FrameLen::Known(32)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FixedSize {
    /// Bytes of a frame, at least 1.
    pub len: usize,
}

impl Framing for FixedSize {
    #[inline]
    fn frame_len(&self, _bytes: &[u8], _seen: usize) -> Result<FrameLen, FrameErrorKind> {
        Ok(FrameLen::Known(self.len))
    }
}

/// Framing in which a frame goes on up to and including certain bytes.
///
/// ```
/// use packet_runtime::stream::{Delimiter, FrameLen, Framing};
///
/// const LINES: Delimiter<'static> = Delimiter { bytes: b"\r\n", min_before: 0, max_len: 512 };
///
/// assert_eq!(LINES.frame_len(b"QUIT\r", 0), Ok(FrameLen::Unknown { ask_at: 6 }));
/// assert_eq!(LINES.frame_len(b"QUIT\r\nNOOP", 5), Ok(FrameLen::Known(6)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delimiter<'a> {
    /// The bytes that end a frame, at least one.
    pub bytes: &'a [u8],
    /// Fewest bytes in front of them, such as those of a header: these may be anything.
    pub min_before: usize,
    /// Most bytes that a frame may have.
    pub max_len: usize,
}

impl Framing for Delimiter<'_> {
    #[inline]
    fn frame_len(&self, bytes: &[u8], seen: usize) -> Result<FrameLen, FrameErrorKind> {
        let width = self.bytes.len().max(1);
        // What was seen held no delimiter, but perhaps the beginning of one.
        let from = seen.saturating_sub(width - 1).max(self.min_before);
        let within = bytes.get(..bytes.len().min(self.max_len)).unwrap_or(bytes);
        let after = within.get(from..).unwrap_or(&[]);
        let found = after.windows(width).position(|window| window == self.bytes);
        if let Some(found) = found {
            return Ok(FrameLen::Known(from + found + width));
        }
        if bytes.len() >= self.max_len {
            let claimed = self.max_len as i128 + 1;
            let max = self.max_len;
            return Err(FrameErrorKind::TooLong { claimed, max });
        }
        Ok(FrameLen::Unknown {
            ask_at: bytes.len() + 1,
        })
    }
}

/// Framing in which a stream is one frame, which ends when the peer closes.
///
/// The frame comes from [`Reassembler::finish`](super::Reassembler::finish).
///
/// ```
/// use packet_runtime::stream::{Ends, FrameLen, Framing, UntilClose};
///
/// const FILE: UntilClose = UntilClose { min_len: 4, max_len: 65_536 };
///
/// assert_eq!(FILE.frame_len(&[7], 0), Ok(FrameLen::Unknown { ask_at: 65_537 }));
/// assert_eq!(FILE.ends(), Ends::Stream { min_len: 4 });
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UntilClose {
    /// Fewest bytes of the stream.
    pub min_len: usize,
    /// Most bytes of the stream.
    pub max_len: usize,
}

impl Framing for UntilClose {
    #[inline]
    fn frame_len(&self, bytes: &[u8], _seen: usize) -> Result<FrameLen, FrameErrorKind> {
        let max = self.max_len;
        if bytes.len() > max {
            let claimed = max as i128 + 1;
            return Err(FrameErrorKind::TooLong { claimed, max });
        }
        let ask_at = max.saturating_add(1);
        Ok(FrameLen::Unknown { ask_at })
    }

    #[inline]
    fn ends(&self) -> Ends {
        Ends::Stream {
            min_len: self.min_len,
        }
    }
}

/// Framing in which whatever carries frames keeps them apart: each chunk, or each read into a lent buffer, is a frame.
///
/// A frame is to be taken before the next one comes. A chunk that is dropped without that is lost like a datagram on
/// the network, and one without bytes is no frame.
///
/// ```
/// use packet_runtime::stream::{Datagram, FrameLen, Framing};
///
/// const RTP: Datagram = Datagram { min_len: 12, max_len: 1500 };
///
/// assert_eq!(RTP.frame_len(&[0x80; 172], 0), Ok(FrameLen::Known(172)));
/// assert!(RTP.frame_len(&[0x80; 11], 0).is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Datagram {
    /// Fewest bytes of a frame.
    pub min_len: usize,
    /// Most bytes of a frame.
    pub max_len: usize,
}

impl Framing for Datagram {
    #[inline]
    fn frame_len(&self, bytes: &[u8], _seen: usize) -> Result<FrameLen, FrameErrorKind> {
        judge(bytes.len() as i128, self.min_len, self.max_len)
    }

    #[inline]
    fn ends(&self) -> Ends {
        Ends::Read {
            max_len: self.max_len,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::vec::Vec;

    const LINES: Delimiter<'static> = Delimiter {
        bytes: b"\r\n",
        min_before: 1,
        max_len: 8,
    };

    #[track_caller]
    fn check(bytes: &[u8], seen: usize, expected: Result<FrameLen, FrameErrorKind>) {
        assert_eq!(LINES.frame_len(bytes, seen), expected, "{bytes:?}");
    }

    #[test]
    fn a_frame_ends_with_the_first_delimiter_behind_the_header() {
        check(b"a\r\n", 0, Ok(FrameLen::Known(3)));
        check(b"\r\n\r\n", 0, Ok(FrameLen::Known(4)));
        check(b"ab\rc\r\n\r\n", 0, Ok(FrameLen::Known(6)));
        check(b"ab\r", 0, Ok(FrameLen::Unknown { ask_at: 4 }));
        check(b"ab\r\n", 3, Ok(FrameLen::Known(4)));
        check(b"abcdef\r\n", 7, Ok(FrameLen::Known(8)));
    }

    #[test]
    fn a_frame_without_an_end_is_refused_when_it_is_too_long() {
        check(b"abcdef\r", 0, Ok(FrameLen::Unknown { ask_at: 8 }));
        let long = FrameErrorKind::TooLong { claimed: 9, max: 8 };
        check(b"abcdefg\r", 7, Err(long));
        check(b"abcdefg\r\n", 0, Err(long));
    }

    proptest! {
        #[test]
        fn finds_the_same_end_however_the_bytes_come(
            bytes in prop::collection::vec(prop_oneof![Just(b'\r'), Just(b'\n'), Just(b'x')], 1..12),
            cuts in prop::collection::vec(1_usize..4, 0..12),
        ) {
            let (mut seen, mut len) = (0, 0);
            let mut ends: Vec<usize> = cuts;
            ends.push(bytes.len());
            for cut in ends {
                len = (len + cut).min(bytes.len());
                match LINES.frame_len(&bytes[..len], seen) {
                    Ok(FrameLen::Unknown { ask_at }) => {
                        prop_assert!(ask_at > len);
                        seen = len;
                    }
                    found => {
                        prop_assert_eq!(found, LINES.frame_len(&bytes, 0));
                        break;
                    }
                }
            }
        }
    }
}
