//! Views of repeated elements.
//!
//! Elements were validated when the view that holds the array was made; iterating cannot fail.

use crate::codec::{Reader, View};
use core::fmt;
use core::marker::PhantomData;

/// How one array element is read from bytes that were validated.
pub trait Element<'a>: Sized {
    /// What a getter returns for the element.
    type Item: 'a;

    /// Reads the element at the reader's position; `None` only if the bytes were not validated.
    fn read(reader: &mut Reader<'a>) -> Option<Self::Item>;
}

impl<'a, V: View<'a> + 'a> Element<'a> for V {
    type Item = V;

    fn read(reader: &mut Reader<'a>) -> Option<V> {
        V::decode(reader).ok()
    }
}

/// A view of a repeated field: an iterator over its elements that can be cloned and counted.
pub struct Array<'a, E> {
    reader: Reader<'a>,
    remaining: usize,
    element: PhantomData<fn() -> E>,
}

impl<'a, E: Element<'a>> Array<'a, E> {
    /// An array of `count` elements that were validated in `bytes`.
    pub const fn new(bytes: &'a [u8], count: usize) -> Self {
        Self {
            reader: Reader::new(bytes),
            remaining: count,
            element: PhantomData,
        }
    }

    /// The bytes of the elements that are left.
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.reader.rest()
    }

    /// Whether no element is left.
    pub const fn is_empty(&self) -> bool {
        self.remaining == 0
    }
}

impl<E> Clone for Array<'_, E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E> Copy for Array<'_, E> {}

impl<'a, E: Element<'a>> Iterator for Array<'a, E> {
    type Item = E::Item;

    fn next(&mut self) -> Option<E::Item> {
        self.remaining = self.remaining.checked_sub(1)?;
        E::read(&mut self.reader)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.remaining, Some(self.remaining))
    }
}

impl<'a, E: Element<'a>> ExactSizeIterator for Array<'a, E> {}

impl<'a, E: Element<'a>> fmt::Debug for Array<'a, E>
where
    E::Item: fmt::Debug,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(*self).finish()
    }
}
