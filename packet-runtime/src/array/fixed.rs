//! Arrays whose elements all have the same length, which can be entered anywhere and moved as a whole.

use super::{Array, Element, Iter};
use crate::vector::{Loop, vectorized};
use core::marker::PhantomData;
use core::ops::Range;
use core::slice::ChunksExact;

/// An element whose length does not depend on its value: a number, or a struct of such fields.
pub trait FixedElement<'a>: Element<'a> {
    /// The element in `bytes`, which has [`Element::FIXED_LEN`] of them; in fewer, another one.
    fn of(bytes: &'a [u8]) -> Self::Item;
}

impl<'a, E: FixedElement<'a>> Array<'a, E> {
    /// The last element.
    ///
    /// ```
    /// use packet_runtime::{Array, Be};
    ///
    /// let ports = Array::<Be<u16>>::new(&[0x00, 0x50, 0x01, 0xbb], 2);
    /// assert_eq!((ports.first(), ports.last()), (Some(80), Some(443)));
    /// assert!(ports.iter().rev().eq([443, 80]));
    /// ```
    #[inline]
    pub fn last(&self) -> Option<E::Item> {
        self.iter().next_back()
    }

    /// Some elements that lie one behind the other; `None` if there are not all of them.
    ///
    /// ```
    /// use packet_runtime::{Array, Be};
    ///
    /// let primes = Array::<Be<u8>>::new(&[2, 3, 5, 7], 4);
    /// let odd = primes.range(1..4).expect("four primes");
    /// assert!(odd.iter().eq([3, 5, 7]));
    /// assert!(primes.range(3..5).is_none());
    /// ```
    #[inline]
    pub fn range(&self, range: Range<usize>) -> Option<Self> {
        let len = E::FIXED_LEN?;
        let count = range.end.checked_sub(range.start)?;
        if range.end > self.count {
            return None;
        }
        let bytes = self.bytes.get(range.start.checked_mul(len)?..)?;
        Some(Self::new(bytes.get(..count.checked_mul(len)?)?, count))
    }

    /// Writes the elements over the start of `out` and says how many those were: all, or as many as there is room
    /// for. A view of a struct becomes its owned form.
    ///
    /// The whole array moves at once; with the feature `simd`, by vector instructions.
    ///
    /// ```
    /// use packet_runtime::{Array, Be};
    ///
    /// let samples = Array::<Be<u16>>::new(&[0x00, 0x50, 0x01, 0xbb], 2);
    /// let mut out = [0_u16; 4];
    /// assert_eq!(samples.copy_to(&mut out), 2);
    /// assert_eq!(out, [80, 443, 0, 0]);
    /// ```
    #[inline]
    pub fn copy_to<T: From<E::Item>>(&self, out: &mut [T]) -> usize {
        let count = chunks::<E>(self.whole()).len().min(out.len());
        let copy = Copy {
            from: self.whole(),
            out,
            element: PhantomData::<fn() -> E>,
        };
        vectorized(count.saturating_mul(E::FIXED_LEN.unwrap_or(0)), copy);
        count
    }

    /// The elements in memory of their own. A view of a struct becomes its owned form.
    ///
    /// ```
    /// use packet_runtime::{Array, Le};
    ///
    /// let samples = Array::<Le<u16>>::new(&[1, 0, 2, 0], 2);
    /// assert_eq!(samples.to_vec::<u16>(), [1, 2]);
    /// ```
    #[cfg(feature = "alloc")]
    #[inline]
    pub fn to_vec<T: From<E::Item>>(&self) -> alloc::vec::Vec<T> {
        let collect = Collect {
            from: self.whole(),
            element: PhantomData::<fn() -> (E, T)>,
        };
        vectorized(self.bytes.len(), collect)
    }

    /// The bytes of all elements.
    #[inline]
    fn whole(&self) -> &'a [u8] {
        self.iter().rest
    }
}

/// The bytes of each element. Asked for inside of a loop, their length is a constant in its copy for vectors, too.
#[inline(always)]
fn chunks<'a, E: FixedElement<'a>>(bytes: &'a [u8]) -> ChunksExact<'a, u8> {
    match Iter::<E>::STEP {
        Some(len) => bytes.chunks_exact(len),
        None => [].chunks_exact(1),
    }
}

/// [`Array::copy_to`].
struct Copy<'a, 'o, E, T> {
    from: &'a [u8],
    out: &'o mut [T],
    element: PhantomData<fn() -> E>,
}

impl<'a, E: FixedElement<'a>, T: From<E::Item>> Loop for Copy<'a, '_, E, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for (to, bytes) in self.out.iter_mut().zip(chunks::<E>(self.from)) {
            *to = T::from(E::of(bytes));
        }
    }
}

/// [`Array::to_vec`].
#[cfg(feature = "alloc")]
struct Collect<'a, E, T> {
    from: &'a [u8],
    element: PhantomData<fn() -> (E, T)>,
}

#[cfg(feature = "alloc")]
impl<'a, E: FixedElement<'a>, T: From<E::Item>> Loop for Collect<'a, E, T> {
    type Output = alloc::vec::Vec<T>;

    #[inline(always)]
    fn run(self) -> Self::Output {
        chunks::<E>(self.from)
            .map(|bytes| T::from(E::of(bytes)))
            .collect()
    }
}

impl<'a, E: FixedElement<'a>> DoubleEndedIterator for Iter<'a, E> {
    #[inline]
    fn next_back(&mut self) -> Option<E::Item> {
        let Some(len) = Self::STEP else {
            return self.next(); // no bytes, so all elements are the same
        };
        let rest = self.rest;
        // Bytes behind the last whole element were not validated.
        let whole = rest.len() - rest.len() % len;
        let at = whole.checked_sub(len)?;
        let last = rest.get(at..whole)?;
        self.rest = rest.get(..at)?;
        Some(E::of(last))
    }
}
