//! Growable storage for bytes that arrived and do not make a whole frame yet.
//!
//! ```text
//!  0        start            end         bytes.len()
//!  | taken  | held           | room       |
//! ```
//!
//! `start <= end <= bytes.len()` always. The room is initialised once when the storage grows and lent
//! again and again, since without `unsafe` a reader cannot be given bytes that were never written.

use alloc::vec::Vec;
use core::fmt;

/// So few bytes are not worth an allocation of their own: storage may be that large at once.
const SMALL: usize = 64;

#[derive(Default)]
pub(super) struct Buffer {
    bytes: Vec<u8>,
    start: usize,
    end: usize,
}

impl Buffer {
    pub(super) const fn new() -> Self {
        Self {
            bytes: Vec::new(),
            start: 0,
            end: 0,
        }
    }

    /// Bytes of memory in use.
    pub(super) const fn capacity(&self) -> usize {
        self.bytes.capacity()
    }

    /// How many bytes are held.
    #[inline]
    pub(super) const fn len(&self) -> usize {
        self.end - self.start
    }

    /// The bytes held.
    #[inline]
    pub(super) fn held(&self) -> &[u8] {
        self.bytes.get(self.start..self.end).unwrap_or(&[])
    }

    /// Takes the first `count` of the bytes held.
    #[inline]
    pub(super) fn take(&mut self, count: usize) -> &[u8] {
        let from = self.start;
        self.start = from.saturating_add(count).min(self.end);
        self.bytes.get(from..self.start).unwrap_or(&[])
    }

    /// Up to `max` bytes of the room behind the bytes held.
    pub(super) fn room(&mut self, max: usize) -> &mut [u8] {
        let room = self.bytes.get_mut(self.end..).unwrap_or(&mut []);
        let len = room.len().min(max);
        room.get_mut(..len).unwrap_or(&mut [])
    }

    /// Holds the first `count` bytes of the room as well, or all of it if there are fewer.
    pub(super) fn advance(&mut self, count: usize) {
        self.end = self.end.saturating_add(count).min(self.bytes.len());
    }

    /// Makes the room `wanted` bytes, unless it has `enough` already, which is no more than that.
    pub(super) fn make_room(&mut self, enough: usize, wanted: usize) {
        if self.bytes.len() - self.end >= enough {
            return;
        }
        // What is held is the start of one frame at most, and stays at the front until that frame is
        // whole: no byte is moved here twice.
        self.move_to_front();
        if self.bytes.len() - self.end < enough {
            let len = self.end.saturating_add(wanted);
            self.reserve(len);
            self.bytes.resize(len, 0);
        }
    }

    /// Adds `bytes` to those held. Storage that has to grow grows in advance, up to `goal` bytes but to
    /// no more than twice what arrived.
    pub(super) fn append(&mut self, bytes: &[u8], goal: usize) {
        if self.bytes.len() - self.end < bytes.len() {
            // Something was taken and something is held only if a chunk was dropped with frames in it.
            self.move_to_front();
            let ahead = self.len().saturating_mul(2).max(SMALL).min(goal);
            let needed = self.len().saturating_add(bytes.len());
            self.reserve(needed.max(ahead));
        }
        let room = self.bytes.get_mut(self.end..).unwrap_or(&mut []);
        let (first, second) = bytes.split_at(bytes.len().min(room.len()));
        for (to, from) in room.iter_mut().zip(first) {
            *to = *from;
        }
        self.bytes.extend_from_slice(second);
        self.end += bytes.len();
    }

    /// Gives back memory that is out of proportion: all of it if nothing is held, and what a large frame
    /// left behind. `spare` bytes more than what is held are in proportion.
    pub(super) fn settle(&mut self, spare: usize) {
        let fair = self.len().saturating_add(spare.max(SMALL));
        if self.len() == 0 {
            *self = Self::new();
        } else if self.capacity() / 2 > fair {
            let bytes = self.held().to_vec();
            *self = Self {
                start: 0,
                end: bytes.len(),
                bytes,
            };
        }
    }

    fn move_to_front(&mut self) {
        if self.start > 0 {
            self.bytes.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
    }

    /// Makes the capacity `len` if it is less. Exactly that much, as `Vec` would double it.
    fn reserve(&mut self, len: usize) {
        let more = len.saturating_sub(self.bytes.len());
        self.bytes.reserve_exact(more);
    }
}

impl fmt::Debug for Buffer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The bytes may be secret and are many.
        f.debug_struct("Buffer")
            .field("held", &self.len())
            .field("capacity", &self.capacity())
            .finish()
    }
}
