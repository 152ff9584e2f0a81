//! Strategies of single fields.

use crate::text::{latin1_len, utf16_len};
use ::proptest::arbitrary::{self, Arbitrary};
use ::proptest::collection::vec;
use ::proptest::prop_oneof;
use ::proptest::sample;
use ::proptest::strategy::{BoxedStrategy, Just, Strategy, Union};
use ::proptest::{char, num};
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Debug;

/// All values of a type.
pub fn any<T: Arbitrary + 'static>() -> BoxedStrategy<T> {
    arbitrary::any::<T>().boxed()
}

/// What `make` makes of values.
pub fn map<S, T>(strategy: S, make: impl Fn(S::Value) -> T + 'static) -> BoxedStrategy<T>
where
    S: Strategy + 'static,
    T: Debug + 'static,
{
    strategy.prop_map(make).boxed()
}

/// Values of any of some strategies; the first one is the simplest.
pub fn one_of<T: Debug + 'static>(
    strategies: impl IntoIterator<Item = BoxedStrategy<T>>,
) -> BoxedStrategy<T> {
    Union::new(strategies).boxed()
}

/// One of some values; the first one is the simplest.
pub fn select<T: Clone + Debug + 'static>(values: &'static [T]) -> BoxedStrategy<T> {
    sample::select(values).boxed()
}

/// Values other than these.
pub fn except<T: PartialEq + Debug + 'static>(
    strategy: BoxedStrategy<T>,
    others: &'static [T],
) -> BoxedStrategy<T> {
    let is_other = move |value: &T| !others.contains(value);
    strategy
        .prop_filter("has a meaning of its own", is_other)
        .boxed()
}

/// Integers.
pub trait Integer: Copy + Debug + PartialOrd + 'static {
    /// Numbers between these two.
    fn between(min: Self, max: Self) -> BoxedStrategy<Self>;
    /// 0 and 1.
    const SIMPLE: [Self; 2];
}

macro_rules! integers {
    ($($integer:ident)*) => {$(
        impl Integer for $integer {
            fn between(min: Self, max: Self) -> BoxedStrategy<Self> {
                (min..=max).boxed()
            }

            const SIMPLE: [Self; 2] = [0, 1];
        }
    )*};
}

integers! { u8 u16 u32 u64 u128 i8 i16 i32 i64 i128 }

/// Integers between `min` and `max`, more often than others 0, 1, the limits, and the `special` ones.
pub fn integer<T: Integer>(special: &'static [T], min: T, max: T) -> BoxedStrategy<T> {
    let mut known: Vec<T> = T::SIMPLE.into_iter().chain([min, max]).collect();
    known.extend_from_slice(special);
    known.retain(|value| (min..=max).contains(value));
    prop_oneof![2 => T::between(min, max), 3 => sample::select(known)].boxed()
}

/// Some of the bits that are set in `mask`.
pub fn bits(mask: u64) -> BoxedStrategy<u64> {
    any::<u64>().prop_map(move |bits| bits & mask).boxed()
}

/// Numbers of IEEE 754.
pub trait Real: Copy + Debug + 'static {
    /// All numbers that are finite.
    fn finite() -> BoxedStrategy<Self>;
    /// The infinities.
    const INFINITE: [Self; 2];
}

impl Real for f32 {
    fn finite() -> BoxedStrategy<Self> {
        use num::f32::{NORMAL, SUBNORMAL, ZERO};
        (NORMAL | SUBNORMAL | ZERO).boxed()
    }

    const INFINITE: [Self; 2] = [Self::INFINITY, Self::NEG_INFINITY];
}

impl Real for f64 {
    fn finite() -> BoxedStrategy<Self> {
        use num::f64::{NORMAL, SUBNORMAL, ZERO};
        (NORMAL | SUBNORMAL | ZERO).boxed()
    }

    const INFINITE: [Self; 2] = [Self::INFINITY, Self::NEG_INFINITY];
}

/// Floats. A NaN is none of them: it does not equal itself, and so no packet that holds one does.
pub fn float<T: Real>(finite: bool) -> BoxedStrategy<T> {
    if finite {
        T::finite()
    } else {
        prop_oneof![15 => T::finite(), 1 => sample::select(T::INFINITE.to_vec())].boxed()
    }
}

/// `N` bytes.
pub fn byte_array<const N: usize>() -> BoxedStrategy<[u8; N]> {
    let array = |bytes: Vec<u8>| {
        let mut array = [0; N];
        array
            .iter_mut()
            .zip(bytes)
            .for_each(|(to, from)| *to = from);
        array
    };
    vec(any::<u8>(), N).prop_map(array).boxed()
}

/// From `min` to `max` bytes.
pub fn bytes(min: usize, max: usize) -> BoxedStrategy<Vec<u8>> {
    vec(any::<u8>(), min..=max).boxed()
}

/// From `min` to `max` elements.
pub fn list<T: Debug + 'static>(
    element: BoxedStrategy<T>,
    min: usize,
    max: usize,
) -> BoxedStrategy<Vec<T>> {
    vec(element, min..=max).boxed()
}

/// How text is encoded.
#[derive(Clone, Copy, Debug)]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// ASCII.
    Ascii,
    /// ISO 8859-1.
    Latin1,
    /// UTF-16, of either order.
    Utf16,
}

impl Encoding {
    fn character(self) -> BoxedStrategy<char> {
        let plain = || char::range(' ', '~');
        match self {
            Self::Ascii => prop_oneof![7 => plain(), 1 => char::range('\0', '\x7f')].boxed(),
            Self::Latin1 => prop_oneof![4 => plain(), 4 => char::range('\0', 'ÿ')].boxed(),
            Self::Utf8 | Self::Utf16 => prop_oneof![
                4 => plain(),
                2 => char::range('가', '힣'),
                1 => char::range('😀', '😿'),
                1 => char::any(),
            ]
            .boxed(),
        }
    }

    /// How many bytes `text` has.
    pub(super) fn len(self, text: &str) -> usize {
        match self {
            Self::Utf8 | Self::Ascii => text.len(),
            Self::Latin1 => latin1_len(text),
            Self::Utf16 => utf16_len(text),
        }
    }

    /// Shortens and lengthens a text to `min` to `max` bytes, as far as that is possible.
    pub(super) fn fit(self, text: &mut String, min: usize, max: usize) {
        while self.len(text) > max {
            text.pop();
        }
        while self.len(text) < min && self.len(text) + self.len("x") <= max {
            text.push('x');
        }
    }
}

/// Text of `min` to `max` bytes, with or without NULs.
pub fn text(encoding: Encoding, min: usize, max: usize, nul: bool) -> BoxedStrategy<String> {
    let character = encoding.character();
    let character = if nul {
        character
    } else {
        let other = |found| if found == '\0' { ' ' } else { found };
        character.prop_map(other).boxed()
    };
    if max == 0 {
        return Just(String::new()).boxed();
    }
    let fitting = move |characters: Vec<char>| {
        let mut text: String = characters.into_iter().collect();
        encoding.fit(&mut text, min, max);
        text
    };
    vec(character, 0..=max).prop_map(fitting).boxed()
}
