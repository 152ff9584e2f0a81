//! A framing rule that is chosen at run time.

use super::end::{Datagram, Delimiter, FixedSize, UntilClose};
use super::error::FrameErrorKind;
use super::framing::{Ends, FrameLen, Framing, SizeHeader};
use super::size::{SizeBits, SizeVarint};

/// Any of the rules, for tools that read a schema at run time.
///
/// ```
/// use packet_runtime::stream::{AnyFraming, Delimiter, FrameLen, Framing};
///
/// let delimiter = String::from("\n");
/// let rule = AnyFraming::Delimiter(Delimiter {
///     bytes: delimiter.as_bytes(),
///     min_before: 0,
///     max_len: 80,
/// });
/// assert_eq!(rule.frame_len(b"a\nb", 0), Ok(FrameLen::Known(2)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnyFraming<'a> {
    /// A size of whole bytes.
    SizeHeader(SizeHeader),
    /// A size of some bits.
    SizeBits(SizeBits),
    /// A size in LEB128.
    SizeVarint(SizeVarint),
    /// Frames of one size.
    FixedSize(FixedSize),
    /// Frames that end with certain bytes.
    Delimiter(Delimiter<'a>),
    /// One frame that ends with the stream.
    UntilClose(UntilClose),
    /// Frames that something else keeps apart.
    Datagram(Datagram),
}

impl Framing for AnyFraming<'_> {
    fn frame_len(&self, bytes: &[u8], seen: usize) -> Result<FrameLen, FrameErrorKind> {
        match self {
            Self::SizeHeader(rule) => rule.frame_len(bytes, seen),
            Self::SizeBits(rule) => rule.frame_len(bytes, seen),
            Self::SizeVarint(rule) => rule.frame_len(bytes, seen),
            Self::FixedSize(rule) => rule.frame_len(bytes, seen),
            Self::Delimiter(rule) => rule.frame_len(bytes, seen),
            Self::UntilClose(rule) => rule.frame_len(bytes, seen),
            Self::Datagram(rule) => rule.frame_len(bytes, seen),
        }
    }

    fn ends(&self) -> Ends {
        match self {
            Self::UntilClose(rule) => rule.ends(),
            Self::Datagram(rule) => rule.ends(),
            _ => Ends::Inside,
        }
    }
}
