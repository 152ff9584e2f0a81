//! Limits that follow from a packet's id, and those of a peer.

use super::error::FrameErrorKind;
use super::framing::{Ends, FrameLen, Framing};
use crate::error::ErrorKind;
use crate::varint;

/// Framing with limits of its own for the packets of each id.
///
/// They are tested when size and id are visible. A frame without an id, or with one that has no limits, has those of
/// the framing inside.
///
/// ```
/// use packet_runtime::stream::{FrameLen, Framing, IdCoding, IdField, PerId, SizeHeader};
///
/// // A byte that counts the whole packet and a byte with the id. Packets with id 1 have 4 bytes.
/// const FRAMING: PerId<SizeHeader> = PerId {
///     framing: SizeHeader {
///         header_len: 2, size_offset: 0, size_width: 1, little_endian: false, excluded: 0, max_len: 255,
///     },
///     id: IdField {
///         behind: None,
///         offset: 1,
///         coding: IdCoding::Fixed { width: 1, little_endian: false, shift: 0, bits: 8 },
///     },
///     limits: |id| if id == 1 { Some((4, 4)) } else { None },
/// };
///
/// assert_eq!(FRAMING.frame_len(&[4, 1], 0), Ok(FrameLen::Known(4)));
/// assert!(FRAMING.frame_len(&[5, 1], 0).is_err());
/// assert_eq!(FRAMING.frame_len(&[5, 2], 0), Ok(FrameLen::Known(5)));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct PerId<F, L = fn(u64) -> Option<(usize, usize)>> {
    /// What tells a frame's length.
    pub framing: F,
    /// Where the id stands.
    pub id: IdField,
    /// The fewest and most bytes of a packet with this id, if that is known.
    pub limits: L,
}

/// Where a header says a packet's id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdField {
    /// Where a varint in front of it begins, and how many bytes that has at most.
    pub behind: Option<(usize, usize)>,
    /// Bytes before it: from the frame's start, or from the end of that varint.
    pub offset: usize,
    /// How it is written.
    pub coding: IdCoding,
}

/// How an id is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdCoding {
    /// As some bits of an unsigned integer, mostly all of them.
    Fixed {
        /// Bytes of the integer, 1 to 8.
        width: usize,
        /// Whether its first byte is its least significant one.
        little_endian: bool,
        /// Bits below the id.
        shift: u32,
        /// Bits of the id, 1 to 64.
        bits: u32,
    },
    /// In LEB128.
    Varint {
        /// Most bytes.
        max_width: usize,
    },
}

impl IdField {
    /// The id of the frame that starts with `bytes`; `None` if a varint does not end where it must.
    ///
    /// # Errors
    /// How many bytes are needed to tell more.
    #[inline]
    pub fn read(&self, bytes: &[u8]) -> Result<Option<u64>, usize> {
        let mut start = self.offset;
        if let Some((at, max_width)) = self.behind {
            match read_varint(bytes, at, max_width)? {
                Some((_, end)) => start = start.saturating_add(end),
                None => return Ok(None),
            }
        }
        match self.coding {
            IdCoding::Fixed {
                width,
                little_endian,
                shift,
                bits,
            } => {
                let number = read_number(bytes, start, width, little_endian)?;
                Ok(Some(cut(number, shift, bits)))
            }
            IdCoding::Varint { max_width } => {
                let found = read_varint(bytes, start, max_width)?;
                Ok(found.map(|(id, _)| id))
            }
        }
    }
}

/// The integer of `width` bytes at `offset`, or how many bytes are needed to read it.
#[inline]
pub(super) fn read_number(
    bytes: &[u8],
    offset: usize,
    width: usize,
    little_endian: bool,
) -> Result<u64, usize> {
    let end = offset.saturating_add(width);
    let Some(field) = bytes.get(offset..end) else {
        return Err(end);
    };
    // The usual widths are a load each.
    Ok(match (field, little_endian) {
        ([byte], _) => u64::from(*byte),
        ([a, b], false) => u64::from(u16::from_be_bytes([*a, *b])),
        ([a, b], true) => u64::from(u16::from_le_bytes([*a, *b])),
        ([a, b, c, d], false) => u64::from(u32::from_be_bytes([*a, *b, *c, *d])),
        ([a, b, c, d], true) => u64::from(u32::from_le_bytes([*a, *b, *c, *d])),
        (_, false) => number(field.iter()),
        (_, true) => number(field.iter().rev()),
    })
}

/// The integer of these bytes, the most significant one first.
fn number<'a>(bytes: impl Iterator<Item = &'a u8>) -> u64 {
    bytes.fold(0, |value, byte| value << 8 | u64::from(*byte))
}

/// Some bits of a number.
#[inline]
pub(super) fn cut(number: u64, shift: u32, bits: u32) -> u64 {
    let above = 64_u32.saturating_sub(bits);
    let mask = u64::MAX.checked_shr(above).unwrap_or(0);
    number.checked_shr(shift).unwrap_or(0) & mask
}

/// The varint at `offset` and the byte after it; `None` if it is too long.
#[inline]
fn read_varint(
    bytes: &[u8],
    offset: usize,
    max_width: usize,
) -> Result<Option<(u64, usize)>, usize> {
    let field = bytes.get(offset..).unwrap_or(&[]);
    match varint::read(field, max_width.clamp(1, varint::MAX_LEN), false) {
        Ok((value, width)) => Ok(Some((value, offset.saturating_add(width)))),
        Err(ErrorKind::Truncated { needed, .. }) => Err(offset.saturating_add(needed)),
        Err(_) => Ok(None),
    }
}

impl<F: Framing, L: Fn(u64) -> Option<(usize, usize)>> Framing for PerId<F, L> {
    #[inline]
    fn frame_len(&self, bytes: &[u8], seen: usize) -> Result<FrameLen, FrameErrorKind> {
        if let Ok(FrameLen::Known(len)) = self.framing.frame_len(bytes, seen)
            && let Ok(id) = self.id.read(bytes)
        {
            match id.and_then(&self.limits) {
                None => return Ok(FrameLen::Known(len)),
                Some((min, max)) if len >= min && len <= max => return Ok(FrameLen::Known(len)),
                Some(_) => {}
            }
        }
        self.judge(bytes, seen)
    }

    #[inline]
    fn ends(&self) -> Ends {
        self.framing.ends()
    }

    #[inline]
    fn magic(&self) -> &[u8] {
        self.framing.magic()
    }
}

impl<F: Framing, L: Fn(u64) -> Option<(usize, usize)>> PerId<F, L> {
    /// [`Framing::frame_len`] where something is not visible yet, or wrong.
    #[cold]
    fn judge(&self, bytes: &[u8], seen: usize) -> Result<FrameLen, FrameErrorKind> {
        let id = match self.id.read(bytes) {
            Ok(id) => id,
            Err(visible) => {
                return Ok(match self.framing.frame_len(bytes, seen)? {
                    // It ends before its id does, as whoever decodes it will see.
                    FrameLen::Known(len) if len < visible => FrameLen::Known(len),
                    FrameLen::Known(_) => FrameLen::Unknown { ask_at: visible },
                    FrameLen::Unknown { ask_at } => FrameLen::Unknown {
                        ask_at: ask_at.min(visible),
                    },
                });
            }
        };
        let Some((id, (min, max))) = id.and_then(|id| Some(id).zip((self.limits)(id))) else {
            return self.framing.frame_len(bytes, seen);
        };
        // A frame's end is not looked for behind the maximum, so the answer is the same however many bytes are there.
        let within = bytes.get(..max).unwrap_or(bytes);
        let claimed = match self.framing.frame_len(within, seen)? {
            FrameLen::Known(len) if len >= min && len <= max => return Ok(FrameLen::Known(len)),
            FrameLen::Known(len) => len as i128,
            FrameLen::Unknown { ask_at } if bytes.len() < max => {
                return Ok(FrameLen::Unknown { ask_at });
            }
            FrameLen::Unknown { .. } => max as i128 + 1,
        };
        Err(out_of_range(id, claimed, min, max))
    }
}

#[cold]
fn out_of_range(id: u64, claimed: i128, min: usize, max: usize) -> FrameErrorKind {
    if claimed < min as i128 {
        FrameErrorKind::TooShortForId { id, claimed, min }
    } else {
        FrameErrorKind::TooLongForId { id, claimed, max }
    }
}

/// How much a peer may still send: refilled by whoever has a clock.
///
/// ```
/// use packet_runtime::stream::{Budget, FrameErrorKind, Reassembler, FixedSize};
///
/// let mut reassembler = Reassembler::new(FixedSize { len: 2 });
/// reassembler.refill(Budget { frames: 10, bytes: 5 });
/// let mut chunk = reassembler.feed(b"aabbcc");
/// assert_eq!(chunk.next_frame(), Ok(Some(&b"aa"[..])));
/// assert_eq!(chunk.next_frame(), Ok(Some(&b"bb"[..])));
/// let error = chunk.next_frame().unwrap_err();
/// assert_eq!(error.position(), 4);
/// assert_eq!(error.kind(), FrameErrorKind::TooManyBytes { claimed: 2, left: 1 });
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// How many frames.
    pub frames: u64,
    /// How many bytes of frames, and of what is skipped between them.
    pub bytes: u64,
}

impl Budget {
    /// As much as there can be.
    pub const UNLIMITED: Self = Self {
        frames: u64::MAX,
        bytes: u64::MAX,
    };
}
