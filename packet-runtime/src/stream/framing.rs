//! How the length of a frame follows from its first bytes.

use super::error::FrameErrorKind;
use super::limits::read_number;

/// What the first bytes of a frame say about its length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameLen {
    /// The whole frame has this many bytes, at least one; some of them may not have arrived yet.
    Known(usize),
    /// More is known when this many bytes of the frame are there.
    Unknown {
        /// Number of bytes from the frame's start; more than there were this time.
        ask_at: usize,
    },
}

/// What makes a frame end that does not say its length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ends {
    /// Its own bytes. A stream that ends inside a frame was cut off.
    Inside,
    /// The end of the stream, which is one frame.
    Stream {
        /// Fewest bytes of the frame.
        min_len: usize,
    },
    /// Whatever carries it: each read is a frame.
    Read {
        /// Most bytes of a frame.
        max_len: usize,
    },
}

/// A rule that cuts a stream of bytes into frames.
///
/// It holds no state, so that one constant serves all connections. What a rule that searches needs to
/// remember, how far it looked, is kept by the caller.
pub trait Framing {
    /// The length of the frame that starts with `bytes`, of which there is at least one. The bytes may
    /// end anywhere and more than one frame may be there.
    ///
    /// The first `seen` bytes were there already when the answer for this frame was
    /// [`FrameLen::Unknown`]: a search for the frame's end need not start from the beginning.
    ///
    /// # Errors
    /// A length that breaks the limits, as soon as it can be told.
    fn frame_len(&self, bytes: &[u8], seen: usize) -> Result<FrameLen, FrameErrorKind>;

    /// What ends a frame whose length stays unknown.
    #[inline]
    fn ends(&self) -> Ends {
        Ends::Inside
    }

    /// The bytes that every frame begins with, if a broken one is to be passed over up to where the next one
    /// may begin; none if the stream is to be refused then. See [`Resync`](super::Resync).
    #[inline]
    fn magic(&self) -> &[u8] {
        &[]
    }
}

/// A framing without members, whose numbers are known when the program is compiled.
///
/// Generated code has a type like this for each framing. A `Reassembler` of it holds no numbers and computes with
/// constants, wherever it is stored.
///
/// ```
/// use packet_runtime::stream::{ConstFraming, FrameLen, Framing, SizeHeader};
///
/// #[derive(Clone, Copy)]
/// struct Modbus;
///
/// impl ConstFraming for Modbus {
///     type Rule = SizeHeader;
///     const RULE: &'static SizeHeader = &SizeHeader {
///         header_len: 6, size_offset: 4, size_width: 2, little_endian: false, excluded: 6, max_len: 260,
///     };
/// }
///
/// assert_eq!(Modbus.frame_len(&[0, 1, 0, 0, 0, 5], 0), Ok(FrameLen::Known(11)));
/// ```
pub trait ConstFraming {
    /// What cuts the stream.
    type Rule: Framing + 'static;

    /// Its numbers.
    const RULE: &'static Self::Rule;
}

impl<C: ConstFraming> Framing for C {
    #[inline]
    fn frame_len(&self, bytes: &[u8], seen: usize) -> Result<FrameLen, FrameErrorKind> {
        C::RULE.frame_len(bytes, seen)
    }

    #[inline]
    fn ends(&self) -> Ends {
        C::RULE.ends()
    }

    #[inline]
    fn magic(&self) -> &[u8] {
        C::RULE.magic()
    }
}

/// Framing by a size field in a header of fixed length that leads every frame.
///
/// Invariants: `header_len` is at least 1, the size field lies inside the header, and `size_width` is in
/// 1 to 8. Generated constants keep to them; [`SizeHeader::is_valid`] tells for one written by hand.
/// Nothing panics or loops if they do not hold.
///
/// ```
/// use packet_runtime::SizeHeader;
/// use packet_runtime::stream::{FrameLen, Framing};
///
/// // Modbus/TCP: a header of 6 bytes that ends in a big-endian u16, which counts what follows it.
/// const MODBUS: SizeHeader = SizeHeader {
///     header_len: 6,
///     size_offset: 4,
///     size_width: 2,
///     little_endian: false,
///     excluded: 6,
///     max_len: 260,
/// };
/// const { assert!(MODBUS.is_valid()) };
///
/// assert_eq!(MODBUS.frame_len(&[0, 1, 0, 0, 0], 0), Ok(FrameLen::Unknown { ask_at: 6 }));
/// assert_eq!(MODBUS.frame_len(&[0, 1, 0, 0, 0, 5], 5), Ok(FrameLen::Known(11)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SizeHeader {
    /// Bytes in the header, the fewest that a frame has.
    pub header_len: usize,
    /// Bytes from the frame's start to the size field.
    pub size_offset: usize,
    /// Bytes in the size field, an unsigned integer: 1 to 8.
    pub size_width: usize,
    /// Whether the size field's first byte is its least significant one.
    pub little_endian: bool,
    /// Bytes of the frame that the size field does not count: 0 if it counts the whole packet,
    /// `header_len` if it counts the body. Its value plus this is the length of the frame.
    pub excluded: i64,
    /// Most bytes that a frame may have.
    pub max_len: usize,
}

impl SizeHeader {
    /// Whether the invariants hold.
    pub const fn is_valid(&self) -> bool {
        self.header_len >= 1
            && self.size_width >= 1
            && self.size_width <= 8
            && self.size_offset.saturating_add(self.size_width) <= self.header_len
    }
}

impl SizeHeader {
    /// The size field's number, or how many bytes are needed to read it.
    #[inline]
    pub(super) fn read(&self, bytes: &[u8]) -> Result<u64, usize> {
        read_number(bytes, self.size_offset, self.size_width, self.little_endian)
    }

    /// Writes the size of a frame of `len` bytes into its header; `None`, and nothing written, if the header is not there
    /// or its size cannot say that.
    ///
    /// ```
    /// use packet_runtime::SizeHeader;
    ///
    /// # const FRAMING: SizeHeader = SizeHeader {
    /// #     header_len: 3, size_offset: 1, size_width: 2, little_endian: false, excluded: 3, max_len: 1000,
    /// # };
    /// let mut frame = [7, 0, 0, 1, 2]; // a byte, then a u16 that counts what is behind it
    /// assert_eq!(FRAMING.write(&mut frame, 5), Some(()));
    /// assert_eq!(frame, [7, 0, 2, 1, 2]);
    /// assert_eq!(FRAMING.write(&mut frame, 65_539), None);
    /// ```
    pub fn write(&self, frame: &mut [u8], len: usize) -> Option<()> {
        let size = u64::try_from(len as i128 - i128::from(self.excluded)).ok()?;
        let bytes = size.to_be_bytes();
        let (above, bytes) = bytes.split_at_checked(8_usize.checked_sub(self.size_width)?)?;
        if above.iter().any(|byte| *byte != 0) {
            return None;
        }
        let size_end = self.size_offset.checked_add(self.size_width)?;
        let field = frame.get_mut(self.size_offset..size_end)?;
        field.copy_from_slice(bytes);
        if self.little_endian {
            field.reverse();
        }
        Some(())
    }

    /// The length of a frame whose size is `size`.
    #[inline]
    pub(super) fn judge(&self, size: u64) -> Result<FrameLen, FrameErrorKind> {
        let size_end = self.size_offset.saturating_add(self.size_width);
        let min = self.header_len.max(size_end);
        // This is once for each frame, and 64 bits are nearly always enough.
        let claimed = size.checked_add_signed(self.excluded);
        match claimed.map(usize::try_from) {
            Some(Ok(len)) if len >= min.max(1) && len <= self.max_len => Ok(FrameLen::Known(len)),
            _ => Err(out_of_range(
                i128::from(size) + i128::from(self.excluded),
                min,
                self.max_len,
            )),
        }
    }
}

impl Framing for SizeHeader {
    #[inline]
    fn frame_len(&self, bytes: &[u8], _seen: usize) -> Result<FrameLen, FrameErrorKind> {
        match self.read(bytes) {
            Ok(size) => self.judge(size),
            Err(ask_at) => Ok(FrameLen::Unknown { ask_at }),
        }
    }
}

/// Holds the length that a frame claims to have against the fewest and most bytes of one.
#[inline]
pub(super) fn judge(claimed: i128, min: usize, max: usize) -> Result<FrameLen, FrameErrorKind> {
    match usize::try_from(claimed) {
        Ok(len) if len >= min.max(1) && len <= max => Ok(FrameLen::Known(len)),
        _ => Err(out_of_range(claimed, min, max)),
    }
}

#[cold]
fn out_of_range(claimed: i128, min: usize, max: usize) -> FrameErrorKind {
    let min = min.max(1);
    // A length that `usize` cannot hold is wrong in either direction.
    match usize::try_from(claimed) {
        Ok(len) if len < min => FrameErrorKind::TooShort { claimed, min },
        Err(_) if claimed <= 0 => FrameErrorKind::TooShort { claimed, min },
        _ => too_long(claimed, max),
    }
}

#[cold]
fn too_long(claimed: i128, max: usize) -> FrameErrorKind {
    FrameErrorKind::TooLong { claimed, max }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PACKET: SizeHeader = SizeHeader {
        header_len: 4,
        size_offset: 1,
        size_width: 2,
        little_endian: false,
        excluded: 0,
        max_len: 0x1000,
    };

    fn too_short(claimed: i128, min: usize) -> Result<FrameLen, FrameErrorKind> {
        Err(FrameErrorKind::TooShort { claimed, min })
    }

    #[track_caller]
    fn check(framing: SizeHeader, bytes: &[u8], expected: Result<FrameLen, FrameErrorKind>) {
        assert_eq!(framing.frame_len(bytes, 0), expected);
    }

    #[test]
    fn reads_the_size_as_soon_as_it_is_visible() {
        check(PACKET, &[9], Ok(FrameLen::Unknown { ask_at: 3 }));
        check(PACKET, &[9, 1], Ok(FrameLen::Unknown { ask_at: 3 }));
        check(PACKET, &[9, 1, 2], Ok(FrameLen::Known(0x0102)));
        check(PACKET, &[9, 1, 2, 255, 255], Ok(FrameLen::Known(0x0102)));
    }

    #[test]
    fn reads_every_width_in_both_orders() {
        let bytes = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
        for size_width in 1..=8 {
            let little = SizeHeader {
                header_len: 8,
                size_offset: 0,
                size_width,
                little_endian: true,
                excluded: 8,
                max_len: 100,
            };
            let big = SizeHeader {
                header_len: 16,
                size_offset: 16 - size_width,
                little_endian: false,
                excluded: 16,
                ..little
            };
            assert!(little.is_valid() && big.is_valid());
            check(little, &bytes, Ok(FrameLen::Known(9)));
            check(big, &bytes, Ok(FrameLen::Known(17)));
        }
    }

    #[test]
    fn counts_what_the_size_field_leaves_out_or_counts_too_much() {
        let body = SizeHeader {
            excluded: 4,
            ..PACKET
        };
        check(body, &[0, 0, 0], Ok(FrameLen::Known(4)));
        check(body, &[0, 0xff, 0xff], Err(too_long(0x1_0003, 0x1000)));
        let negative = SizeHeader {
            excluded: -4,
            ..PACKET
        };
        check(negative, &[0, 0, 8], Ok(FrameLen::Known(4)));
        check(negative, &[0, 0, 3], too_short(-1, 4));
    }

    #[test]
    fn refuses_a_size_below_the_header_or_over_the_maximum() {
        check(PACKET, &[0, 0, 0], too_short(0, 4));
        check(PACKET, &[0, 0, 3], too_short(3, 4));
        check(PACKET, &[0, 0, 4], Ok(FrameLen::Known(4)));
        check(PACKET, &[0, 0x10, 0], Ok(FrameLen::Known(0x1000)));
        check(PACKET, &[0, 0x10, 1], Err(too_long(0x1001, 0x1000)));
        let widest = SizeHeader {
            header_len: 8,
            size_offset: 0,
            size_width: 8,
            ..PACKET
        };
        check(
            widest,
            &[0xff; 8],
            Err(too_long(i128::from(u64::MAX), 0x1000)),
        );
        let most = SizeHeader {
            excluded: i64::MAX,
            max_len: usize::MAX,
            ..widest
        };
        let claimed = i128::from(u64::MAX) + i128::from(i64::MAX);
        check(most, &[0xff; 8], Err(too_long(claimed, usize::MAX)));
    }

    proptest! {
        #[test]
        fn keeps_its_word_even_if_its_invariants_do_not_hold(
            header_len in 0_usize..5,
            size_offset in prop_oneof![0_usize..9, Just(usize::MAX)],
            size_width in prop_oneof![0_usize..12, Just(usize::MAX)],
            little_endian: bool,
            excluded in prop_oneof![-20_i64..20, any::<i64>()],
            max_len in prop_oneof![0_usize..100, any::<usize>()],
            bytes in prop::collection::vec(any::<u8>(), 1..20),
        ) {
            let framing =
                SizeHeader { header_len, size_offset, size_width, little_endian, excluded, max_len };
            match framing.frame_len(&bytes, 0) {
                Ok(FrameLen::Known(len)) => prop_assert!(len >= 1 && len <= max_len),
                Ok(FrameLen::Unknown { ask_at }) => prop_assert!(ask_at > bytes.len()),
                Err(_) => {}
            }
        }
    }
}
