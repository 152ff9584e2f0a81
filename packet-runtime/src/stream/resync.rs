//! Finding the next frame behind a broken one.

use super::error::FrameErrorKind;
use super::framing::{Ends, FrameLen, Framing};

/// Framing in which every frame begins with the same bytes, a *magic*, and in which a broken frame does not end the
/// stream: the next one is looked for from the second byte of the broken one on, not behind the end that it claims.
///
/// Broken is a frame without the magic, one whose length is impossible, one that the end of the stream cuts off, and
/// one that is [rejected](super::Reassembler::reject) by whoever decodes it. What is passed over is
/// [counted](super::Reassembler::skipped).
///
/// No good frame is lost: every magic inside of what is passed over is tried. So a magic in noise whose length is a
/// possible one holds up what follows until as many bytes came as it claims, or until the stream ends; then it is
/// rejected, and what it held up comes out. Limits for each [id](super::PerId) keep that short. The time that this takes
/// is in proportion to the bytes, also for noise that is nothing but magic, apart from what decoding costs
/// who rejects: each byte of noise can begin one frame that is decoded in vain.
///
/// ```
/// use packet_runtime::Reassembler;
/// use packet_runtime::stream::{Resync, SizeHeader};
///
/// // 0xfe, a byte that counts the whole frame, and a last byte that is the sum of those between.
/// const FRAMING: Resync<SizeHeader> = Resync {
///     framing: SizeHeader {
///         header_len: 3, size_offset: 1, size_width: 1, little_endian: false, excluded: 0, max_len: 255,
///     },
///     magic: &[0xfe],
/// };
/// let is_good = |frame: &[u8]| {
///     let [_, _, body @ .., sum] = frame else { return false };
///     body.iter().fold(0, |sum: u8, byte| sum.wrapping_add(*byte)) == *sum
/// };
///
/// let mut reassembler = Reassembler::new(FRAMING);
/// let mut chunk = reassembler.feed(b"noise \xfe\x05\x01\xfe\x05\x01\x02\x03\xfe");
/// let mut frames = Vec::new();
/// while let Some(frame) = chunk.next_frame()? {
///     if is_good(frame) {
///         frames.push(frame.to_vec());
///     } else {
///         chunk.reject();
///     }
/// }
/// assert_eq!(frames, [b"\xfe\x05\x01\x02\x03"]);
/// drop(chunk);
/// assert_eq!((reassembler.skipped(), reassembler.buffered()), (9, 1));
/// # Ok::<(), packet_runtime::FrameError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resync<'a, F> {
    /// What tells a frame's length.
    pub framing: F,
    /// What every frame begins with. If it is empty, a broken frame ends the stream.
    pub magic: &'a [u8],
}

impl<F: Framing> Framing for Resync<'_, F> {
    #[inline]
    fn frame_len(&self, bytes: &[u8], seen: usize) -> Result<FrameLen, FrameErrorKind> {
        if bytes.starts_with(self.magic) {
            self.framing.frame_len(bytes, seen)
        } else if self.magic.starts_with(bytes) {
            let ask_at = bytes.len().saturating_add(1);
            Ok(FrameLen::Unknown { ask_at })
        } else {
            Err(FrameErrorKind::NoMagic)
        }
    }

    #[inline]
    fn ends(&self) -> Ends {
        self.framing.ends()
    }

    #[inline]
    fn magic(&self) -> &[u8] {
        self.magic
    }
}

/// How many of `bytes`, at least the first, lie before the next place where `magic` stands, or where it begins and the
/// bytes end.
#[cold]
pub(super) fn next_magic(magic: &[u8], bytes: &[u8]) -> usize {
    let mut from = 1;
    while let (Some(first), Some(rest)) = (magic.first(), bytes.get(from..)) {
        let Some(found) = rest.iter().position(|byte| byte == first) else {
            break;
        };
        from += found;
        let here = bytes.get(from..).unwrap_or_default();
        if here.starts_with(magic) || magic.starts_with(here) {
            return from;
        }
        from += 1;
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(magic: &[u8], bytes: &[u8], expected: usize) {
        assert_eq!(next_magic(magic, bytes), expected, "{bytes:?}");
    }

    #[test]
    fn the_next_magic_is_never_where_the_broken_frame_began() {
        check(b"ab", b"abxab", 3);
        check(b"aa", b"aaaaa", 1);
        check(b"ab", b"ab", 2);
        check(b"ab", b"abxax", 5);
        check(b"ab", b"x", 1);
    }

    #[test]
    fn a_magic_that_has_only_begun_counts() {
        check(b"ab", b"abxa", 3);
        check(b"abc", b"abab", 2);
        check(b"abc", b"abac", 4);
    }
}
