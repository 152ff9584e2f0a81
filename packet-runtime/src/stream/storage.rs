//! Where bytes are kept that arrived and do not make a whole frame yet.
//!
//! ```text
//!  0        start            end          limit
//!  | taken  | held           | room       |
//! ```
//!
//! `start <= end` always. What was taken stays in its place until room is made or bytes are appended, so that a
//! frame can be held again if whoever decodes it finds it broken.

use core::fmt;

/// What a `Reassembler` keeps bytes in: [`Growable`] or [`Fixed`].
///
/// Its methods are not meant to be called, and nobody else implements it.
pub trait Storage: sealed::Bytes {}

impl<S: sealed::Bytes> Storage for S {}

pub(super) mod sealed {
    /// What the reassembler does with storage.
    pub trait Bytes {
        /// Most bytes that can be held.
        fn limit(&self) -> usize;

        /// Bytes of memory in use.
        fn capacity(&self) -> usize;

        /// The bytes held.
        fn held(&self) -> &[u8];

        /// How many bytes are held.
        fn len(&self) -> usize;

        /// Takes the first `count` of the bytes held.
        fn take(&mut self, count: usize) -> &[u8];

        /// The `count` bytes that were taken last, as long as they stay in their place.
        #[cfg(feature = "std")]
        fn taken(&self, count: usize) -> &[u8];

        /// Holds the `count` bytes again that were taken last.
        fn untake(&mut self, count: usize);

        /// Up to `max` bytes of the room behind the bytes held.
        fn room(&mut self, max: usize) -> &mut [u8];

        /// Holds the first `count` bytes of the room as well, or all of it if there are fewer.
        fn advance(&mut self, count: usize);

        /// Makes the room `wanted` bytes, unless it has `enough` already, which is no more than that.
        fn make_room(&mut self, enough: usize, wanted: usize);

        /// Adds `bytes` to those held, and says how many it could not add. Storage that has to grow grows in
        /// advance, up to `goal` bytes but to no more than twice what arrived. If only some bytes were
        /// taken, it grows by up to `slack`, so that not all others are moved each time.
        fn append(&mut self, bytes: &[u8], goal: usize, slack: usize) -> usize;

        /// Gives back memory that is out of proportion, as a large frame leaves it behind. `spare` bytes more than
        /// what is held are in proportion.
        fn settle(&mut self, spare: usize);

        /// Holds nothing any more, and no memory.
        fn clear(&mut self);
    }
}

/// Storage that takes memory as bytes arrive, and gives it back; only with the feature `alloc`.
#[derive(Default)]
pub struct Growable {
    #[cfg(feature = "alloc")]
    pub(super) buffer: super::buffer::Buffer,
    /// Nobody can make storage that grows where there is no memory to take.
    #[cfg(not(feature = "alloc"))]
    _never: Option<core::convert::Infallible>,
}

impl fmt::Debug for Growable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Growable").finish_non_exhaustive()
    }
}

/// Storage of fixed capacity, for programs without an allocator: an array or a borrowed slice.
///
/// It must hold the longest frame; a longer one is refused as soon as its size is visible. Give it some more, so
/// that what follows a frame need not be moved to the front at each read: a read's length is good.
///
/// ```
/// use packet_runtime::stream::{Fixed, FixedSize, Reassembler};
///
/// let mut reassembler = Reassembler::with_storage(FixedSize { len: 4 }, Fixed::new([0; 64]));
/// let mut memory = [0; 64];
/// let mut borrowing = Reassembler::with_storage(FixedSize { len: 4 }, Fixed::new(&mut memory[..]));
///
/// assert_eq!(reassembler.feed(b"pin").next_frame(), Ok(None));
/// assert_eq!(reassembler.feed(b"g").next_frame(), Ok(Some(&b"ping"[..])));
/// assert_eq!(borrowing.spare_mut().len(), 64);
/// ```
#[derive(Clone)]
pub struct Fixed<B> {
    bytes: B,
    start: usize,
    end: usize,
}

impl<B: AsRef<[u8]> + AsMut<[u8]>> Fixed<B> {
    /// Storage in `bytes`, whose contents do not matter.
    pub const fn new(bytes: B) -> Self {
        Self {
            bytes,
            start: 0,
            end: 0,
        }
    }
}

impl<B: AsRef<[u8]> + AsMut<[u8]>> Fixed<B> {
    fn move_to_front(&mut self) {
        if self.start > 0 {
            let bytes = self.bytes.as_mut();
            let end = self.end.min(bytes.len());
            bytes.copy_within(self.start.min(end)..end, 0);
            self.end = end.saturating_sub(self.start);
            self.start = 0;
        }
    }
}

impl<B: AsRef<[u8]> + AsMut<[u8]>> sealed::Bytes for Fixed<B> {
    #[inline]
    fn limit(&self) -> usize {
        self.bytes.as_ref().len()
    }

    fn capacity(&self) -> usize {
        self.limit()
    }

    #[inline]
    fn held(&self) -> &[u8] {
        self.bytes.as_ref().get(self.start..self.end).unwrap_or(&[])
    }

    #[inline]
    fn len(&self) -> usize {
        self.end - self.start
    }

    #[inline]
    fn take(&mut self, count: usize) -> &[u8] {
        let from = self.start;
        self.start = from.saturating_add(count).min(self.end);
        self.bytes.as_ref().get(from..self.start).unwrap_or(&[])
    }

    #[cfg(feature = "std")]
    fn taken(&self, count: usize) -> &[u8] {
        let from = self.start.saturating_sub(count);
        self.bytes.as_ref().get(from..self.start).unwrap_or(&[])
    }

    fn untake(&mut self, count: usize) {
        self.start = self.start.saturating_sub(count);
    }

    fn room(&mut self, max: usize) -> &mut [u8] {
        let room = self.bytes.as_mut().get_mut(self.end..).unwrap_or(&mut []);
        let len = room.len().min(max);
        room.get_mut(..len).unwrap_or(&mut [])
    }

    fn advance(&mut self, count: usize) {
        self.end = self.end.saturating_add(count).min(self.limit());
    }

    fn make_room(&mut self, enough: usize, _wanted: usize) {
        if self.limit().saturating_sub(self.end) < enough {
            self.move_to_front();
        }
    }

    fn append(&mut self, bytes: &[u8], _goal: usize, _slack: usize) -> usize {
        self.make_room(bytes.len(), 0);
        let mut added = 0;
        for (to, from) in self.room(usize::MAX).iter_mut().zip(bytes) {
            *to = *from;
            added += 1;
        }
        self.end += added;
        bytes.len() - added
    }

    fn settle(&mut self, _spare: usize) {
        if self.len() == 0 {
            self.clear();
        }
    }

    fn clear(&mut self) {
        self.start = 0;
        self.end = 0;
    }
}

impl<B: AsRef<[u8]> + AsMut<[u8]>> fmt::Debug for Fixed<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use sealed::Bytes;
        // The bytes may be secret and are many.
        f.debug_struct("Fixed")
            .field("held", &self.len())
            .field("capacity", &self.capacity())
            .finish()
    }
}
