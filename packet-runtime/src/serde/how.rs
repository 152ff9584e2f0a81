//! How values are shown and read, where their Rust type does not say it.

#[cfg(feature = "alloc")]
use super::error::within_element;
use crate::array::{Array, Element};
use crate::text::{Latin1, Unit, Utf16};
use ::serde::de::{self, SeqAccess, Unexpected, Visitor};
use ::serde::ser::SerializeSeq;
use ::serde::{Deserialize, Deserializer, Serialize, Serializer};
#[cfg(feature = "alloc")]
use alloc::vec::Vec;
use core::fmt;
use core::marker::PhantomData;

/// A way to show a `T`.
pub trait Write<T: ?Sized> {
    /// Shows `value`.
    ///
    /// # Errors
    /// The serializer's.
    fn write<S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error>;
}

/// A way to read a `T`.
pub trait Read<'de, T> {
    /// Reads a value.
    ///
    /// # Errors
    /// What is not a `T`, with the path of the field if it is inside.
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error>;
}

/// As the type itself says: numbers, text, structs.
pub struct Plain;

/// Bytes, as hexadecimal digits.
pub struct Hex;

/// Elements that are shown as `M` says.
pub struct List<M>(PhantomData<M>);

/// What may be absent, and is shown as `M` says if it is there.
pub struct Opt<M>(PhantomData<M>);

/// A value to be shown as `M` says.
pub(super) struct As<'v, M, T: ?Sized>(&'v T, PhantomData<M>);

impl<'v, M, T: ?Sized> As<'v, M, T> {
    pub(super) const fn new(value: &'v T) -> Self {
        Self(value, PhantomData)
    }
}

impl<M: Write<T>, T: ?Sized> Serialize for As<'_, M, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        M::write(self.0, serializer)
    }
}

/// A value that is read as `M` says.
pub(super) struct Seed<M, T>(PhantomData<(M, T)>);

impl<M, T> Seed<M, T> {
    pub(super) const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<'de, M: Read<'de, T>, T> de::DeserializeSeed<'de> for Seed<M, T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        M::read(deserializer)
    }
}

impl<T: Serialize + ?Sized> Write<T> for Plain {
    fn write<S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
        value.serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Read<'de, T> for Plain {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
        T::deserialize(deserializer)
    }
}

impl Serialize for Latin1<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<E: Unit> Serialize for Utf16<'_, E> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<T: AsRef<[u8]> + ?Sized> Write<T> for Hex {
    fn write<S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
        let bytes = value.as_ref();
        if serializer.is_human_readable() {
            serializer.collect_str(&Digits(bytes))
        } else {
            serializer.serialize_bytes(bytes)
        }
    }
}

struct Digits<'b>(&'b [u8]);

impl fmt::Display for Digits<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

#[cfg(feature = "alloc")]
impl<'de> Read<'de, Vec<u8>> for Hex {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        bytes(deserializer)
    }
}

impl<'de, const N: usize> Read<'de, [u8; N]> for Hex {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<[u8; N], D::Error> {
        let Exactly { bytes, len } = bytes(deserializer)?;
        if len == N {
            return Ok(bytes);
        }
        let expected = format_args!("{N} bytes");
        Err(de::Error::invalid_length(len, &Text(expected)))
    }
}

/// What was expected, put together.
struct Text<'t>(fmt::Arguments<'t>);

impl de::Expected for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_fmt(self.0)
    }
}

/// Somewhere to put bytes.
trait Bytes: Default {
    fn push(&mut self, byte: u8);
}

#[cfg(feature = "alloc")]
impl Bytes for Vec<u8> {
    fn push(&mut self, byte: u8) {
        Vec::push(self, byte);
    }
}

/// Room for `N` bytes, and how many there were.
struct Exactly<const N: usize> {
    bytes: [u8; N],
    len: usize,
}

impl<const N: usize> Default for Exactly<N> {
    fn default() -> Self {
        Self {
            bytes: [0; N],
            len: 0,
        }
    }
}

impl<const N: usize> Bytes for Exactly<N> {
    fn push(&mut self, byte: u8) {
        if let Some(to) = self.bytes.get_mut(self.len) {
            *to = byte;
        }
        self.len = self.len.saturating_add(1);
    }
}

fn bytes<'de, B: Bytes, D: Deserializer<'de>>(deserializer: D) -> Result<B, D::Error> {
    let visitor = BytesVisitor(PhantomData);
    if deserializer.is_human_readable() {
        deserializer.deserialize_str(visitor)
    } else {
        deserializer.deserialize_bytes(visitor)
    }
}

struct BytesVisitor<B>(PhantomData<B>);

impl<'de, B: Bytes> Visitor<'de> for BytesVisitor<B> {
    type Value = B;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("hexadecimal digits, two for each byte")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<B, E> {
        let mut out = B::default();
        // White space, and `0x` in front of a pair, are passed over.
        for group in text.split_whitespace() {
            let digits = group
                .strip_prefix("0x")
                .or_else(|| group.strip_prefix("0X"))
                .unwrap_or(group);
            let (pairs, odd) = digits.as_bytes().as_chunks::<2>();
            for [high, low] in pairs {
                let digit = |digit: u8| char::from(digit).to_digit(16);
                let (Some(high), Some(low)) = (digit(*high), digit(*low)) else {
                    return Err(E::invalid_value(Unexpected::Str(text), &self));
                };
                out.push(u8::try_from(high << 4 | low).unwrap_or(u8::MAX));
            }
            if !odd.is_empty() {
                return Err(E::invalid_value(Unexpected::Str(text), &self));
            }
        }
        Ok(out)
    }

    fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<B, E> {
        let mut out = B::default();
        for byte in bytes {
            out.push(*byte);
        }
        Ok(out)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<B, A::Error> {
        let mut out = B::default();
        while let Some(byte) = items.next_element()? {
            out.push(byte);
        }
        Ok(out)
    }
}

impl<'a, E: Element<'a>, M: Write<E::Item>> Write<Array<'a, E>> for List<M> {
    fn write<S: Serializer>(value: &Array<'a, E>, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(value.len()))?;
        for item in value {
            list.serialize_element(&As::<M, _>::new(&item))?;
        }
        list.end()
    }
}

#[cfg(feature = "alloc")]
impl<T, M: Write<T>> Write<Vec<T>> for List<M> {
    fn write<S: Serializer>(value: &Vec<T>, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(value.len()))?;
        for item in value {
            list.serialize_element(&As::<M, _>::new(item))?;
        }
        list.end()
    }
}

#[cfg(feature = "alloc")]
impl<'de, T, M: Read<'de, T>> Read<'de, Vec<T>> for List<M> {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
        deserializer.deserialize_seq(ListVisitor::<M, T>(PhantomData))
    }
}

#[cfg(feature = "alloc")]
struct ListVisitor<M, T>(PhantomData<(M, T)>);

#[cfg(feature = "alloc")]
impl<'de, T, M: Read<'de, T>> Visitor<'de> for ListVisitor<M, T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Vec<T>, A::Error> {
        // What the input claims to hold is not believed: the list grows with what is read.
        let mut list = Vec::new();
        loop {
            match items.next_element_seed(Seed::<M, T>::new()) {
                Ok(Some(item)) => list.push(item),
                Ok(None) => return Ok(list),
                Err(error) => return Err(within_element(list.len(), &error)),
            }
        }
    }
}

impl<T, M: Write<T>> Write<Option<T>> for Opt<M> {
    fn write<S: Serializer>(value: &Option<T>, serializer: S) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => serializer.serialize_some(&As::<M, _>::new(value)),
            None => serializer.serialize_none(),
        }
    }
}

impl<'de, T, M: Read<'de, T>> Read<'de, Option<T>> for Opt<M> {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
        deserializer.deserialize_option(OptVisitor::<M, T>(PhantomData))
    }
}

struct OptVisitor<M, T>(PhantomData<(M, T)>);

impl<'de, T, M: Read<'de, T>> Visitor<'de> for OptVisitor<M, T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value or nothing")
    }

    fn visit_none<E>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_unit<E>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<T>, D::Error> {
        M::read(deserializer).map(Some)
    }
}
