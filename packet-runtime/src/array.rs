//! Views of repeated elements.
//!
//! In: bytes that were validated when the view that holds the array was made, and how many elements
//! they are. Out: the elements, one after the other or by number. Reading them cannot fail.

mod fixed;
mod wide;

pub use fixed::FixedElement;
pub use wide::{As, BeWidth, FromRaw, LeWidth};

use crate::codec::{Reader, View};
use crate::varint;
use crate::vector::{Loop, vectorized};
use core::fmt;
use core::iter::FusedIterator;
use core::marker::PhantomData;

/// A view of a repeated field.
///
/// Like a slice reference it is `Copy` and can be iterated as often as one likes.
///
/// ```
/// use packet_runtime::{Array, Be};
///
/// let ports = Array::<Be<u16>>::new(&[0x00, 0x50, 0x01, 0xbb], 2);
/// assert_eq!(ports.len(), 2);
/// assert_eq!(ports.get(1), Some(443));
/// assert!(ports.iter().eq([80, 443]));
/// for port in ports {
///     assert_ne!(port, 0);
/// }
/// ```
pub struct Array<'a, E> {
    bytes: &'a [u8],
    count: usize,
    // A function type, so that the view is `Send` and `Sync` whatever the element is.
    element: PhantomData<fn() -> E>,
}

impl<'a, E: Element<'a>> Array<'a, E> {
    /// An array of `count` elements that were validated in `bytes`.
    ///
    /// With bytes that were not, elements may be missing; nothing worse happens.
    pub const fn new(bytes: &'a [u8], count: usize) -> Self {
        Self {
            bytes,
            count,
            element: PhantomData,
        }
    }

    /// How many elements there are.
    pub const fn len(&self) -> usize {
        self.count
    }

    /// Whether there is no element.
    pub const fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The bytes of all elements.
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The same bytes with elements of another meaning, for which they were validated too.
    pub const fn cast<F: Element<'a>>(self) -> Array<'a, F> {
        Array::new(self.bytes, self.count)
    }

    /// The elements in wire order.
    #[inline]
    pub const fn iter(&self) -> Iter<'a, E> {
        let bytes = match Iter::<E>::STEP {
            Some(len) => match self.bytes.split_at_checked(self.count.saturating_mul(len)) {
                Some((own, _)) => own,
                None => self.bytes, // the bytes were not validated
            },
            None => self.bytes,
        };
        Iter {
            rest: bytes,
            remaining: self.count,
            element: PhantomData,
        }
    }

    /// The first element.
    #[inline]
    pub fn first(&self) -> Option<E::Item> {
        self.iter().next()
    }

    /// Element number `index`, counted from 0; `None` from [`Array::len`] on.
    ///
    /// One step if all elements have the same length ([`Element::FIXED_LEN`]), else one for each element in front
    /// of it, of which nothing but the length is read.
    #[inline]
    pub fn get(&self, index: usize) -> Option<E::Item> {
        self.iter().nth(index)
    }
}

impl<E> Clone for Array<'_, E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E> Copy for Array<'_, E> {}

impl<'a, E: Element<'a>> IntoIterator for Array<'a, E> {
    type Item = E::Item;
    type IntoIter = Iter<'a, E>;

    fn into_iter(self) -> Iter<'a, E> {
        self.iter()
    }
}

impl<'a, E: Element<'a>> IntoIterator for &Array<'a, E> {
    type Item = E::Item;
    type IntoIter = Iter<'a, E>;

    fn into_iter(self) -> Iter<'a, E> {
        self.iter()
    }
}

impl<'a, E: Element<'a>> fmt::Debug for Array<'a, E>
where
    E::Item: fmt::Debug,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self).finish()
    }
}

/// The elements of an [`Array`] that have not been read yet.
pub struct Iter<'a, E> {
    /// The bytes that have not been read. If all elements have the same length, there are bytes for no others.
    rest: &'a [u8],
    /// How many elements there are if that does not follow from the bytes.
    remaining: usize,
    element: PhantomData<fn() -> E>,
}

impl<E> Clone for Iter<'_, E> {
    fn clone(&self) -> Self {
        Self { ..*self }
    }
}

impl<'a, E: Element<'a>> Iter<'a, E> {
    /// The bytes of every element, if those say how many there are.
    const STEP: Option<usize> = match E::FIXED_LEN {
        Some(0) | None => None,
        len => len,
    };

    /// The next element's item, if there is one.
    #[inline]
    fn read(&mut self) -> Option<E::Item> {
        let mut reader = Reader::trusted(self.rest);
        let item = E::read(&mut reader)?;
        self.rest = reader.rest();
        Some(item)
    }

    /// Ends the iteration: the bytes were not validated, and what follows is no better.
    #[inline]
    fn end<T>(&mut self) -> Option<T> {
        self.rest = &[];
        self.remaining = 0;
        None
    }
}

impl<'a, E: Element<'a>> Iterator for Iter<'a, E> {
    type Item = E::Item;

    #[inline]
    fn next(&mut self) -> Option<E::Item> {
        if Self::STEP.is_none() {
            self.remaining = self.remaining.checked_sub(1)?;
        }
        match self.read() {
            Some(item) => Some(item),
            None => self.end(),
        }
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = match Self::STEP {
            Some(len) => self.rest.len() / len,
            None => self.remaining,
        };
        (left, Some(left))
    }

    #[inline]
    fn count(self) -> usize {
        match Self::STEP {
            Some(_) => self.len(),
            None => self.fold(0, |count, _| count + 1),
        }
    }

    #[inline]
    fn last(mut self) -> Option<E::Item> {
        self.nth(self.len().checked_sub(1)?)
    }

    #[inline]
    fn nth(&mut self, n: usize) -> Option<E::Item> {
        if let Some(len) = Self::STEP {
            let skipped = n.checked_mul(len);
            return match skipped.and_then(|skipped| self.rest.get(skipped..)) {
                Some(rest) => {
                    self.rest = rest;
                    self.next()
                }
                None => self.end(),
            };
        }
        let Some(left) = self.remaining.checked_sub(n) else {
            return self.end();
        };
        let mut reader = Reader::trusted(self.rest);
        for _ in 0..n {
            if E::read(&mut reader).is_none() {
                return self.end();
            }
        }
        self.rest = reader.rest();
        self.remaining = left;
        self.next()
    }

    /// All elements in one go: with the feature `simd`, by vector instructions if the elements have the same length
    /// and `f` is what the compiler can vectorise.
    #[inline]
    fn fold<B, F: FnMut(B, E::Item) -> B>(self, init: B, mut f: F) -> B {
        if Self::STEP.is_none() {
            let mut folded = init;
            for item in self {
                folded = f(folded, item);
            }
            return folded;
        }
        let fold = Fold {
            bytes: self.rest,
            init,
            f,
            element: PhantomData::<fn() -> E>,
        };
        vectorized(self.rest.len(), fold)
    }
}

/// [`Iterator::fold`] of elements of the same length. That is a constant in the loop: handed in, it would be none in the copy
/// for vectors, which is a function of its own.
struct Fold<'a, E, B, F> {
    bytes: &'a [u8],
    init: B,
    f: F,
    element: PhantomData<fn() -> E>,
}

impl<'a, E: Element<'a>, B, F: FnMut(B, E::Item) -> B> Loop for Fold<'a, E, B, F> {
    type Output = B;

    #[inline(always)]
    fn run(mut self) -> B {
        let mut folded = self.init;
        for bytes in self.bytes.chunks_exact(Iter::<E>::STEP.unwrap_or(1)) {
            let Some(item) = E::read(&mut Reader::trusted(bytes)) else {
                break;
            };
            folded = (self.f)(folded, item);
        }
        folded
    }
}

impl<'a, E: Element<'a>> ExactSizeIterator for Iter<'a, E> {}

impl<'a, E: Element<'a>> FusedIterator for Iter<'a, E> {}

impl<'a, E: Element<'a>> fmt::Debug for Iter<'a, E>
where
    E::Item: fmt::Debug,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.clone()).finish()
    }
}

/// How one array element is read from bytes that were validated.
///
/// Every [`View`] is an element; [`Be`] and [`Le`] are those that are plain numbers, [`BeWidth`] and
/// [`LeWidth`] numbers of odd widths, [`Varint`] and [`Zigzag`] those whose size follows from their value, and [`As`]
/// those that mean something else.
pub trait Element<'a>: Sized {
    /// What a getter returns for the element.
    type Item: 'a;

    /// How many bytes every element takes; `None` if that depends on its value.
    const FIXED_LEN: Option<usize>;

    /// Reads the element at the reader's position; `None` only if the bytes were not validated.
    fn read(reader: &mut Reader<'a>) -> Option<Self::Item>;
}

impl<'a, V: View<'a> + 'a> Element<'a> for V {
    type Item = V;

    const FIXED_LEN: Option<usize> = match V::MAX_LEN {
        Some(max) if max == V::MIN_LEN => Some(max),
        _ => None,
    };

    #[inline]
    fn read(reader: &mut Reader<'a>) -> Option<V> {
        V::read(reader)
    }
}

/// Marks elements that are big-endian numbers: `Array<'a, Be<u32>>`. Single bytes are `Be<u8>`.
#[derive(Clone, Copy, Debug)]
pub struct Be<T>(PhantomData<T>);

/// Marks elements that are little-endian numbers: `Array<'a, Le<u32>>`.
///
/// ```
/// use packet_runtime::{Array, Le};
///
/// assert_eq!(Array::<Le<i16>>::new(&[0xfe, 0xff], 1).get(0), Some(-2));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Le<T>(PhantomData<T>);

macro_rules! numbers {
    ($($number:ty)*) => {$(
        impl<'a> Element<'a> for Be<$number> {
            type Item = $number;

            const FIXED_LEN: Option<usize> = Some(size_of::<$number>());

            #[inline]
            fn read(reader: &mut Reader<'a>) -> Option<$number> {
                Some(<$number>::from_be_bytes(*reader.array()?))
            }
        }

        impl<'a> FixedElement<'a> for Be<$number> {
            #[inline]
            fn of(bytes: &'a [u8]) -> $number {
                <$number>::from_be_bytes(*bytes.first_chunk().unwrap_or(&[0; _]))
            }
        }

        impl<'a> Element<'a> for Le<$number> {
            type Item = $number;

            const FIXED_LEN: Option<usize> = Some(size_of::<$number>());

            #[inline]
            fn read(reader: &mut Reader<'a>) -> Option<$number> {
                Some(<$number>::from_le_bytes(*reader.array()?))
            }
        }

        impl<'a> FixedElement<'a> for Le<$number> {
            #[inline]
            fn of(bytes: &'a [u8]) -> $number {
                <$number>::from_le_bytes(*bytes.first_chunk().unwrap_or(&[0; _]))
            }
        }
    )*};
}

numbers! { u8 i8 u16 i16 u32 i32 u64 i64 u128 i128 f32 f64 }

/// Marks elements that are unsigned varints: `Array<'a, Varint>`.
///
/// ```
/// use packet_runtime::{Array, Varint, Zigzag};
///
/// assert_eq!(Array::<Varint>::new(&[0x05, 0xac, 0x02], 2).get(1), Some(300));
/// assert_eq!(Array::<Zigzag>::new(&[0x03], 1).get(0), Some(-2));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Varint;

/// Marks elements that are zigzag-mapped varints: `Array<'a, Zigzag>`.
#[derive(Clone, Copy, Debug)]
pub struct Zigzag;

/// Elements that are varints.
pub trait Leb128<'a>: Element<'a> {
    /// The element that stands on the wire as `encoded`.
    fn of(encoded: u64) -> Self::Item;
}

impl Leb128<'_> for Varint {
    fn of(encoded: u64) -> u64 {
        encoded
    }
}

impl Leb128<'_> for Zigzag {
    fn of(encoded: u64) -> i64 {
        varint::signed(encoded)
    }
}

macro_rules! varints {
    ($($element:ident: $number:ty,)*) => {$(
        impl<'a> Element<'a> for $element {
            type Item = $number;

            const FIXED_LEN: Option<usize> = None;

            #[inline]
            fn read(reader: &mut Reader<'a>) -> Option<$number> {
                let (encoded, len) = varint::read(reader.rest(), varint::MAX_LEN, false).ok()?;
                reader.take(len);
                Some(Self::of(encoded))
            }
        }
    )*};
}

varints! { Varint: u64, Zigzag: i64, }

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{DecodeError, ErrorKind};
    use crate::shape::{FieldShape, Shape};
    use std::format;
    use std::vec::Vec;

    static TEXT: Shape = Shape {
        name: "Text",
        fields: &[FieldShape::leaf("len"), FieldShape::leaf("bytes")],
    };

    /// One length byte and that many bytes.
    #[derive(Clone, Copy, Debug, PartialEq)]
    struct Text<'a>(&'a [u8]);

    impl<'a> View<'a> for Text<'a> {
        const SHAPE: &'static Shape = &TEXT;
        const MIN_LEN: usize = 1;
        const MAX_LEN: Option<usize> = Some(256);

        fn decode(reader: &mut Reader<'a>) -> Result<Self, DecodeError> {
            let truncated = |field, reader: &Reader<'_>, needed| {
                let available = reader.remaining();
                let kind = ErrorKind::Truncated { needed, available };
                DecodeError::new(&TEXT, field, reader.position(), kind)
            };
            let [len] = *reader.array().ok_or_else(|| truncated(0, reader, 1))?;
            let len = usize::from(len);
            let bytes = reader.take(len).ok_or_else(|| truncated(1, reader, len))?;
            Ok(Self(bytes))
        }

        fn as_bytes(&self) -> &'a [u8] {
            self.0
        }
    }

    /// Two bytes of which the first must not be 0.
    #[derive(Clone, Copy, Debug, PartialEq)]
    struct Pair<'a>(&'a [u8; 2]);

    impl<'a> View<'a> for Pair<'a> {
        const SHAPE: &'static Shape = &TEXT;
        const MIN_LEN: usize = 2;
        const MAX_LEN: Option<usize> = Some(2);

        fn decode(reader: &mut Reader<'a>) -> Result<Self, DecodeError> {
            let position = reader.position();
            let error = |kind| DecodeError::new(&TEXT, 0, position, kind);
            match reader.array() {
                Some([0, _]) => Err(error(ErrorKind::UnknownValue { value: 0 })),
                Some(bytes) => Ok(Self(bytes)),
                None => Err(error(ErrorKind::Truncated {
                    needed: 2,
                    available: reader.remaining(),
                })),
            }
        }

        fn as_bytes(&self) -> &'a [u8] {
            self.0
        }
    }

    #[track_caller]
    fn check<'a, E>(bytes: &'a [u8], expected: &[E::Item])
    where
        E: Element<'a>,
        E::Item: PartialEq + fmt::Debug,
    {
        let array = Array::<E>::new(bytes, expected.len());
        assert_eq!(array.len(), expected.len());
        assert_eq!(array.is_empty(), expected.is_empty());
        assert_eq!(array.as_bytes(), bytes);
        let items: Vec<_> = array.into_iter().collect();
        assert_eq!(items, expected);
        assert_eq!(format!("{array:?}"), format!("{expected:?}"));
        assert_eq!(array.iter().count(), expected.len());
        for skipped in 0..=expected.len() + 1 {
            assert_eq!(array.get(skipped).as_ref(), expected.get(skipped));
            let mut iter = array.iter();
            let from_there = skipped.checked_sub(1).map(|n| iter.nth(n)).is_some();
            assert_eq!(iter.len(), expected.len().saturating_sub(skipped));
            let left: Vec<_> = iter.clone().collect();
            assert_eq!(left, expected.get(skipped..).unwrap_or(&[]), "{from_there}");
        }
        assert_eq!(array.get(usize::MAX), None);
    }

    /// [`check`] of what can be entered anywhere.
    #[track_caller]
    fn check_fixed<'a, E>(bytes: &'a [u8], expected: &[E::Item])
    where
        E: FixedElement<'a>,
        E::Item: PartialEq + fmt::Debug + Copy,
    {
        check::<E>(bytes, expected);
        let array = Array::<E>::new(bytes, expected.len());
        assert_eq!(array.first().as_ref(), expected.first());
        assert_eq!(array.last().as_ref(), expected.last());
        assert!(array.iter().rev().eq(expected.iter().rev().copied()));
        let folded = array.iter().fold(Vec::new(), |mut all, item| {
            all.push(item);
            all
        });
        assert_eq!(folded, expected);
        #[cfg(feature = "alloc")]
        assert_eq!(array.to_vec::<E::Item>(), expected);
        for start in 0..=expected.len() {
            for end in start..=expected.len() {
                let part = array.range(start..end).expect("it lies inside");
                assert!(part.iter().eq(expected[start..end].iter().copied()));
            }
            assert!(array.range(start..expected.len() + 1).is_none());
        }
        if let Some(first) = expected.first() {
            let mut out = std::vec![*first; expected.len() + 1];
            assert_eq!(array.copy_to(&mut out), expected.len());
            assert_eq!(out[..expected.len()], *expected);
            assert_eq!(array.copy_to(&mut out[..1]), 1);
        }
    }

    #[test]
    fn long_arrays_are_as_short_ones() {
        let bytes: Vec<u8> = (0..=255).cycle().take(2100).collect();
        for len in (0..40).chain([511, 700, 1050]) {
            let pairs: Vec<u16> = bytes
                .chunks_exact(2)
                .map(|pair| u16::from_be_bytes([pair[0], pair[1]]))
                .collect();
            let array = Array::<Be<u16>>::new(&bytes, len);
            let expected = &pairs[..len];
            let sum = |sum: u64, number: u16| sum * 31 % 1_000_003 + u64::from(number);
            assert_eq!(
                array.iter().fold(0, sum),
                expected.iter().copied().fold(0, sum)
            );
            assert_eq!(
                array.iter().rfold(0, sum),
                expected.iter().copied().rfold(0, sum)
            );
            let mut out = std::vec![0; len];
            assert_eq!(array.copy_to(&mut out), len);
            assert_eq!(out, expected);
        }
    }

    #[test]
    fn reads_numbers_of_every_width() {
        check_fixed::<Be<u8>>(&[1, 2, 255], &[1, 2, 255]);
        check_fixed::<Be<i8>>(&[1, 255], &[1, -1]);
        check_fixed::<Be<u16>>(&[1, 2, 3, 4], &[0x0102, 0x0304]);
        check_fixed::<Le<u16>>(&[1, 2, 3, 4], &[0x0201, 0x0403]);
        check_fixed::<Be<i32>>(&[0xff, 0xff, 0xff, 0xfe], &[-2]);
        check_fixed::<Le<u64>>(&[1, 0, 0, 0, 0, 0, 0, 2], &[0x0200_0000_0000_0001]);
        check_fixed::<Le<i128>>(&[0xff; 32], &[-1, -1]);
        check_fixed::<Be<f32>>(&[0x3f, 0x80, 0, 0], &[1.0]);
        check_fixed::<Le<f64>>(&[0, 0, 0, 0, 0, 0, 0xf0, 0x3f], &[1.0]);
        check_fixed::<Be<u32>>(&[], &[]);
        check_fixed::<BeWidth<u32, 3>>(&[1, 2, 3, 0xff, 0, 0], &[0x01_0203, 0xff_0000]);
        check_fixed::<LeWidth<u64, 5>>(&[1, 2, 3, 4, 0xff], &[0xff_0403_0201]);
        check_fixed::<BeWidth<i64, 6>>(&[0xff; 6], &[-1]);
        check_fixed::<LeWidth<i128, 9>>(&[0, 0, 0, 0, 0, 0, 0, 0, 0x80], &[-(1 << 71)]);
        check_fixed::<As<Be<u8>, bool>>(&[1, 0], &[true, false]);
        check::<Varint>(&[0x05, 0xac, 0x02, 0x00], &[5, 300, 0]);
        check::<Zigzag>(&[0x01, 0xd8, 0x04], &[-1, 300]);
    }

    #[test]
    fn reads_views_of_fixed_and_of_varying_length() {
        assert_eq!(<Pair<'_> as Element<'_>>::FIXED_LEN, Some(2));
        assert_eq!(<Text<'_> as Element<'_>>::FIXED_LEN, None);
        check::<Pair<'_>>(&[1, 2, 3, 4], &[Pair(&[1, 2]), Pair(&[3, 4])]);
        check::<Text<'_>>(&[0, 2, 7, 8, 1, 9], &[Text(&[]), Text(&[7, 8]), Text(&[9])]);
    }

    #[test]
    fn ends_early_rather_than_reading_bytes_that_were_not_validated() {
        let mut iter = Array::<Be<u16>>::new(&[0, 1, 2], 5).iter();
        assert_eq!(iter.next(), Some(1));
        assert_eq!(iter.next(), None);
        assert_eq!(iter.len(), 0);
        assert_eq!(iter.next(), None);

        let mut iter = Array::<Pair<'_>>::new(&[0, 1, 2, 3], 2).iter();
        assert_eq!(iter.next(), None);
        assert_eq!(iter.next(), None);
        assert_eq!(
            Array::<Be<u64>>::new(&[], usize::MAX).get(usize::MAX - 1),
            None
        );
        let array = Array::<Be<u16>>::new(&[0, 1, 2], usize::MAX);
        assert!(array.iter().rev().eq([1]));
        assert_eq!(array.copy_to(&mut [0_u16; 9]), 1);
        assert!(array.range(0..2).is_none());
        assert_eq!(array.range(0..1).and_then(|one| one.last()), Some(1));
        assert_eq!(Array::<Text<'_>>::new(&[9, 1], 3).get(2), None);
    }
}
