//! Elements that are no numbers of Rust: those of odd widths, and those that mean something.

use super::{Element, FixedElement};
use crate::codec::Reader;
use core::marker::PhantomData;

/// Marks elements that are big-endian numbers of `N` bytes, fewer than `T` has.
///
/// ```
/// use packet_runtime::{Array, BeWidth, LeWidth};
///
/// let bytes = [0xff, 0xff, 0xfe, 0x00, 0x00, 0x01];
/// assert!(Array::<BeWidth<u32, 3>>::new(&bytes, 2).iter().eq([0xff_fffe, 1]));
/// assert!(Array::<BeWidth<i32, 3>>::new(&bytes, 2).iter().eq([-2, 1]));
/// assert_eq!(Array::<LeWidth<i32, 3>>::new(&bytes, 2).get(1), Some(0x01_0000));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct BeWidth<T, const N: usize>(PhantomData<T>);

/// Marks elements that are little-endian numbers of `N` bytes, fewer than `T` has.
#[derive(Clone, Copy, Debug)]
pub struct LeWidth<T, const N: usize>(PhantomData<T>);

/// What fills the bytes that a number does not have: copies of its sign.
const fn sign(signed: bool, highest: Option<&u8>) -> u8 {
    match highest {
        Some(0x80..) if signed => 0xff,
        _ => 0,
    }
}

macro_rules! widths {
    ($($number:ty: $signed:literal),* $(,)?) => {$(
        impl<'a, const N: usize> Element<'a> for BeWidth<$number, N> {
            type Item = $number;

            const FIXED_LEN: Option<usize> = Some(N);

            #[inline]
            fn read(reader: &mut Reader<'a>) -> Option<$number> {
                reader.array::<N>().map(|bytes| Self::of(bytes))
            }
        }

        impl<'a, const N: usize> FixedElement<'a> for BeWidth<$number, N> {
            #[inline]
            fn of(bytes: &'a [u8]) -> $number {
                let mut all = [sign($signed, bytes.first()); size_of::<$number>()];
                for (to, from) in all.iter_mut().rev().zip(bytes.iter().rev()) {
                    *to = *from;
                }
                <$number>::from_be_bytes(all)
            }
        }

        impl<'a, const N: usize> Element<'a> for LeWidth<$number, N> {
            type Item = $number;

            const FIXED_LEN: Option<usize> = Some(N);

            #[inline]
            fn read(reader: &mut Reader<'a>) -> Option<$number> {
                reader.array::<N>().map(|bytes| Self::of(bytes))
            }
        }

        impl<'a, const N: usize> FixedElement<'a> for LeWidth<$number, N> {
            #[inline]
            fn of(bytes: &'a [u8]) -> $number {
                let mut all = [sign($signed, bytes.last()); size_of::<$number>()];
                for (to, from) in all.iter_mut().zip(bytes) {
                    *to = *from;
                }
                <$number>::from_le_bytes(all)
            }
        }
    )*};
}

widths! {
    u32: false, i32: true, u64: false, i64: true, u128: false, i128: true,
}

/// Marks elements that stand for a `T` and lie in the bytes as an `E`: `Array<'a, As<Be<u8>, bool>>`.
///
/// ```
/// use packet_runtime::{Array, As, Be};
///
/// assert!(Array::<As<Be<u8>, bool>>::new(&[1, 0], 2).iter().eq([true, false]));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct As<E, T>(PhantomData<(E, T)>);

/// What a number that was validated stands for.
pub trait FromRaw<R> {
    /// The value that stands on the wire as `raw`.
    fn from_raw(raw: R) -> Self;
}

impl FromRaw<u8> for bool {
    #[inline]
    fn from_raw(raw: u8) -> Self {
        raw != 0
    }
}

impl<'a, E: Element<'a>, T: FromRaw<E::Item> + 'a> Element<'a> for As<E, T> {
    type Item = T;

    const FIXED_LEN: Option<usize> = E::FIXED_LEN;

    #[inline]
    fn read(reader: &mut Reader<'a>) -> Option<T> {
        E::read(reader).map(T::from_raw)
    }
}

impl<'a, E: FixedElement<'a>, T: FromRaw<E::Item> + 'a> FixedElement<'a> for As<E, T> {
    #[inline]
    fn of(bytes: &'a [u8]) -> T {
        T::from_raw(E::of(bytes))
    }
}
