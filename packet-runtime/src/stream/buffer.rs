//! Growable storage.
//!
//! `start <= end <= bytes.len()` always. The room is initialised once when the storage grows and lent
//! again and again, since without `unsafe` a reader cannot be given bytes that were never written.

use super::storage::Growable;
use super::storage::sealed::Bytes;
use alloc::vec::Vec;

/// So few bytes are not worth an allocation of their own: storage may be that large at once.
const SMALL: usize = 64;

#[derive(Default)]
pub(super) struct Buffer {
    bytes: Vec<u8>,
    start: usize,
    end: usize,
}

impl Growable {
    #[cold]
    fn shrink(&mut self) {
        let bytes = self.held().to_vec();
        self.buffer = Buffer {
            start: 0,
            end: bytes.len(),
            bytes,
        };
    }

    /// Storage that holds no memory.
    pub const fn new() -> Self {
        let buffer = Buffer {
            bytes: Vec::new(),
            start: 0,
            end: 0,
        };
        Self { buffer }
    }
}

impl Bytes for Growable {
    #[inline]
    fn limit(&self) -> usize {
        usize::MAX
    }

    fn capacity(&self) -> usize {
        self.buffer.bytes.capacity()
    }

    #[inline]
    fn held(&self) -> &[u8] {
        let Buffer { bytes, start, end } = &self.buffer;
        bytes.get(*start..*end).unwrap_or(&[])
    }

    #[inline]
    fn len(&self) -> usize {
        self.buffer.end - self.buffer.start
    }

    #[inline]
    fn take(&mut self, count: usize) -> &[u8] {
        let Buffer { bytes, start, end } = &mut self.buffer;
        let from = *start;
        *start = from.saturating_add(count).min(*end);
        bytes.get(from..*start).unwrap_or(&[])
    }

    #[cfg(feature = "std")]
    #[inline]
    fn taken(&self, count: usize) -> &[u8] {
        let Buffer { bytes, start, .. } = &self.buffer;
        bytes
            .get(start.saturating_sub(count)..*start)
            .unwrap_or(&[])
    }

    fn untake(&mut self, count: usize) {
        self.buffer.start = self.buffer.start.saturating_sub(count);
    }

    #[inline]
    fn room(&mut self, max: usize) -> &mut [u8] {
        let Buffer { bytes, end, .. } = &mut self.buffer;
        let room = bytes.get_mut(*end..).unwrap_or(&mut []);
        let len = room.len().min(max);
        room.get_mut(..len).unwrap_or(&mut [])
    }

    #[inline]
    fn advance(&mut self, count: usize) {
        let Buffer { bytes, end, .. } = &mut self.buffer;
        *end = end.saturating_add(count).min(bytes.len());
    }

    #[inline]
    fn make_room(&mut self, enough: usize, wanted: usize) {
        if self.buffer.bytes.len() - self.buffer.end < enough {
            self.buffer.grow(enough, wanted);
        }
    }

    #[inline]
    fn append(&mut self, bytes: &[u8], goal: usize, slack: usize) -> usize {
        let Buffer {
            bytes: room,
            start,
            end,
        } = &mut self.buffer;
        if start == end {
            (*start, *end) = (0, 0);
        }
        let room = room.get_mut(*end..);
        if let Some(room) = room.and_then(|room| room.get_mut(..bytes.len())) {
            room.copy_from_slice(bytes);
            *end += bytes.len();
        } else {
            self.buffer.extend(bytes, goal, slack);
        }
        0
    }

    #[inline]
    fn settle(&mut self, spare: usize) {
        let fair = self.len().saturating_add(spare.max(SMALL));
        if self.capacity() > fair.saturating_mul(4) {
            self.shrink();
        } else if self.len() == 0 {
            self.buffer.start = 0;
            self.buffer.end = 0;
        }
    }

    fn clear(&mut self) {
        *self = Self::new();
    }
}

impl Buffer {
    /// Appends bytes for which there is no room that was written before.
    #[inline(never)]
    fn extend(&mut self, bytes: &[u8], goal: usize, slack: usize) {
        if self.bytes.capacity() - self.end < bytes.len() {
            let few = self.move_to_front(slack);
            let held = self.end;
            let needed = held.saturating_add(bytes.len());
            let ahead = if few {
                needed.saturating_add(slack)
            } else {
                held.saturating_mul(2).max(SMALL).min(goal)
            };
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

    #[cold]
    fn grow(&mut self, enough: usize, wanted: usize) {
        // What is held is mostly the start of one frame, and stays at the front until that frame is whole: no byte is
        // moved here twice.
        let few = self.move_to_front(wanted);
        if few || self.bytes.len() - self.end < enough {
            let len = self.end.saturating_add(wanted);
            self.reserve(len);
            self.bytes.resize(len.max(self.bytes.len()), 0);
        }
    }

    /// Moves what is held to the front, and says whether that made little room: less than `slack`, and less than was
    /// moved.
    ///
    /// Where a broken frame is passed over bit by bit, all that is held would be moved for every bit, if the
    /// caller didn't make more room then.
    fn move_to_front(&mut self, slack: usize) -> bool {
        if self.start == 0 {
            return false;
        }
        self.bytes.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        let few = self.start < self.end.min(slack);
        self.start = 0;
        few
    }

    /// Makes the capacity `len` if it is less. Exactly that much, as `Vec` would double it.
    fn reserve(&mut self, len: usize) {
        let more = len.saturating_sub(self.bytes.len());
        self.bytes.reserve_exact(more);
    }
}
