//! Packets that wait to be written, as few pieces of memory.

use crate::codec::Encode;
use crate::error::EncodeError;
use alloc::collections::VecDeque;
use alloc::vec::Vec;

/// Packets are put together in blocks of this size. One that is larger has a block of its own.
const BLOCK: usize = 16 * 1024;
/// Frames of others that are shorter are copied into a block: a piece of its own would cost more than that.
#[cfg(feature = "bytes")]
const SMALL: usize = 1024;

/// Packets that wait to be written, so that many of them go out in one write.
///
/// Small packets lie one behind the other, large ones in memory of their own, so that nothing is moved when more come.
/// [`Backlog::pieces`] gives what there is to be written, for a vectored write, and [`Backlog::advance`] is told how much
/// of it was: a write may stop anywhere. It has no limit: a caller that cannot wait for its peer looks at [`Backlog::len`].
///
/// When all was written, the block in use is kept for the next packets; [`Backlog::release`] gives it back.
///
/// ```
/// use packet_runtime::stream::Backlog;
///
/// let mut backlog = Backlog::new();
/// backlog.push_frame(b"abc");
/// backlog.push_frame(b"de");
/// assert_eq!(backlog.pieces().collect::<Vec<_>>(), [b"abcde"]);
/// backlog.advance(4);
/// assert_eq!(backlog.pieces().collect::<Vec<_>>(), [b"e"]);
/// assert_eq!(backlog.len(), 1);
/// ```
#[derive(Debug, Default)]
pub struct Backlog {
    blocks: VecDeque<Block>,
    /// How many bytes of the first block were written.
    written: usize,
    len: usize,
}

#[derive(Debug)]
enum Block {
    /// Packets that were written here.
    Ours(Vec<u8>),
    /// One that was made elsewhere.
    #[cfg(feature = "bytes")]
    Theirs(bytes::Bytes),
}

impl Block {
    fn bytes(&self) -> &[u8] {
        match self {
            Self::Ours(bytes) => bytes,
            #[cfg(feature = "bytes")]
            Self::Theirs(bytes) => bytes,
        }
    }
}

impl Backlog {
    /// An empty one, which holds no memory.
    pub const fn new() -> Self {
        Self {
            blocks: VecDeque::new(),
            written: 0,
            len: 0,
        }
    }

    /// How many bytes wait.
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether nothing waits.
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Encodes a packet behind those that wait, and returns its length.
    ///
    /// # Errors
    /// The first field that cannot be represented. Nothing is added then.
    pub fn push(&mut self, packet: &(impl Encode + ?Sized)) -> Result<usize, EncodeError> {
        let mut grown = 0;
        let pushed = packet.encode_with(|needed| {
            grown = needed;
            Ok(self.grow(needed))
        });
        if pushed.is_err() {
            self.shrink(grown);
        }
        pushed
    }

    /// Adds a frame that was encoded elsewhere.
    pub fn push_frame(&mut self, frame: &[u8]) {
        self.grow(frame.len()).copy_from_slice(frame);
    }

    /// Adds a frame that was encoded elsewhere, of which a long one is not copied: many connections can send the same.
    #[cfg(feature = "bytes")]
    pub fn push_bytes(&mut self, frame: bytes::Bytes) {
        if frame.len() < SMALL {
            return self.push_frame(&frame);
        }
        self.len += frame.len();
        self.blocks.push_back(Block::Theirs(frame));
    }

    /// What is to be written, in order. No piece is empty.
    pub fn pieces(&self) -> impl Iterator<Item = &[u8]> {
        let mut written = self.written;
        let rest = move |block| unwritten(block, core::mem::take(&mut written));
        let pieces = self.blocks.iter().map(rest);
        pieces.filter(|piece| !piece.is_empty())
    }

    /// Tells that the first `count` bytes of what waits were written.
    pub fn advance(&mut self, count: usize) {
        let mut count = count.min(self.len);
        self.len -= count;
        while let Some(block) = self.blocks.front_mut() {
            let rest = unwritten(block, self.written).len();
            if count < rest {
                self.written += count;
                return;
            }
            count -= rest;
            self.written = 0;
            if self.len == 0
                && self.blocks.len() == 1
                && let Some(Block::Ours(bytes)) = self.blocks.front_mut()
                && bytes.capacity() <= BLOCK
            {
                bytes.clear();
                return;
            }
            self.blocks.pop_front();
        }
    }

    /// Gives back the memory that nothing needs: all of it, if nothing waits.
    pub fn release(&mut self) {
        if self.is_empty() {
            *self = Self::new();
        }
    }

    /// Room for `count` bytes at the end, to be filled.
    fn grow(&mut self, count: usize) -> &mut [u8] {
        let fits = match self.blocks.back() {
            Some(Block::Ours(bytes)) => bytes.len().saturating_add(count) <= BLOCK,
            _ => false,
        };
        if !fits {
            let rest = self.blocks.back().map(|block| block.bytes().is_empty());
            if rest == Some(true) {
                self.blocks.pop_back(); // kept for small packets
            }
            self.blocks.push_back(Block::Ours(Vec::new()));
        }
        match self.blocks.back_mut() {
            Some(Block::Ours(bytes)) => {
                self.len += count;
                let from = bytes.len();
                let len = from.saturating_add(count);
                if len > bytes.capacity() {
                    // Twice as much, so that bytes are seldom moved, but not more than a block is.
                    let ahead = bytes.capacity().saturating_mul(2).min(BLOCK);
                    bytes.reserve_exact(len.max(ahead) - from);
                }
                bytes.resize(len, 0);
                bytes.get_mut(from..).unwrap_or_default()
            }
            _ => &mut [],
        }
    }

    /// Takes back the `count` bytes that were added last.
    fn shrink(&mut self, count: usize) {
        if let Some(Block::Ours(bytes)) = self.blocks.back_mut() {
            let before = bytes.len();
            bytes.truncate(before.saturating_sub(count));
            self.len -= before - bytes.len();
        }
    }
}

/// What is to be written of a block, of which this many bytes were.
fn unwritten(block: &Block, written: usize) -> &[u8] {
    block.bytes().get(written..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec;

    #[track_caller]
    fn check(backlog: &Backlog, expected: &[&[u8]]) {
        assert_eq!(backlog.pieces().collect::<Vec<_>>(), expected);
        let len: usize = expected.iter().map(|piece| piece.len()).sum();
        assert_eq!((backlog.len(), backlog.is_empty()), (len, len == 0));
    }

    #[test]
    fn small_frames_share_a_piece_and_large_ones_have_their_own() {
        let large = vec![7; BLOCK + 1];
        let mut backlog = Backlog::new();
        backlog.push_frame(b"ab");
        backlog.push_frame(b"c");
        backlog.push_frame(&large);
        backlog.push_frame(b"d");
        backlog.push_frame(b"");
        check(&backlog, &[b"abc", &large, b"d"]);
    }

    #[test]
    fn writes_may_stop_anywhere() {
        let large = vec![7; BLOCK + 1];
        for first in 0..5 {
            let mut backlog = Backlog::new();
            backlog.push_frame(b"abcd");
            backlog.advance(first);
            backlog.push_frame(b"e");
            backlog.push_frame(&large);
            check(&backlog, &[&b"abcde"[first..], &large]);
            backlog.advance(5 - first);
            check(&backlog, &[&large]);
            backlog.advance(BLOCK);
            check(&backlog, &[&large[BLOCK..]]);
            backlog.advance(usize::MAX);
            check(&backlog, &[]);
        }
    }

    #[test]
    fn a_block_is_used_again_or_released() {
        let mut backlog = Backlog::new();
        let block = |backlog: &Backlog| backlog.pieces().next().map(<[u8]>::as_ptr);
        backlog.push_frame(b"abcd");
        let first = block(&backlog);
        backlog.advance(2);
        backlog.release();
        check(&backlog, &[b"cd"]);
        backlog.advance(2);
        backlog.push_frame(b"efgh");
        assert_eq!(block(&backlog), first);
        backlog.advance(4);
        backlog.release();
        assert_eq!(backlog.blocks.capacity(), 0);

        backlog.push_frame(b"ab");
        backlog.advance(2);
        backlog.push_frame(&vec![1; BLOCK + 1]);
        assert_eq!(backlog.blocks.len(), 1, "no empty block stays in front");
        backlog.advance(BLOCK + 1);
        assert!(backlog.blocks.is_empty(), "a large block is not kept");
    }

    #[cfg(feature = "bytes")]
    #[test]
    fn long_frames_of_others_are_not_copied() {
        let long = bytes::Bytes::from(vec![1; SMALL]);
        let mut backlog = Backlog::new();
        backlog.push_bytes(bytes::Bytes::from_static(b"ab"));
        backlog.push_bytes(long.clone());
        backlog.push_frame(b"c");
        check(&backlog, &[b"ab", &long, b"c"]);
        let pieces: Vec<_> = backlog.pieces().map(<[u8]>::as_ptr).collect();
        assert_eq!(pieces[1], long.as_ptr());
        backlog.advance(SMALL + 2);
        check(&backlog, &[b"c"]);
    }
}
