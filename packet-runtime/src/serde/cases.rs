//! Variants and the enums of all packets: a map with one entry, the case's name.

use super::error::within;
use super::how::{As, Hex, Plain, Read, Seed, Write};
use super::structure::{Structure, Values, fields, given, structure};
use ::serde::de::{self, EnumAccess, VariantAccess, Visitor};
use ::serde::{Deserialize, Deserializer, Serialize, Serializer};
use core::fmt;
use core::marker::PhantomData;

/// Shows what holds `value` in its case number `index`.
///
/// # Errors
/// The serializer's.
pub fn case<M: Write<T>, T: ?Sized, S: Serializer>(
    serializer: S,
    name: &'static str,
    (index, case): (u32, &'static str),
    value: &T,
) -> Result<S::Ok, S::Error> {
    serializer.serialize_newtype_variant(name, index, case, &As::<M, T>::new(value))
}

/// One of several cases that was read.
pub trait Cases<'de>: Sized {
    /// The name of the variant.
    const NAME: &'static str;
    /// The names of the cases.
    const CASES: &'static [&'static str];

    /// Takes the value of the case with this number.
    ///
    /// # Errors
    /// What is wrong with the value.
    fn read<C: Case<'de>>(case: usize, value: C) -> Result<Self, C::Error>;
}

/// A case's value that has not been read.
pub trait Case<'de>: Sized {
    /// What can be wrong with it.
    type Error;

    /// Reads it.
    ///
    /// # Errors
    /// What is wrong with it, with its path.
    fn read<M: Read<'de, T>, T>(self) -> Result<T, Self::Error>;
}

/// Reads one of several cases.
///
/// # Errors
/// What is wrong, with the field's path.
pub fn variant<'de, C: Cases<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<C, D::Error> {
    deserializer.deserialize_enum(C::NAME, C::CASES, CasesVisitor::<C>(PhantomData))
}

/// A variant whose `else` has a tag that stands elsewhere: it is filled in by the struct around it.
pub struct Variant;

impl<T: Serialize> Write<T> for Variant {
    fn write<S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
        value.serialize(serializer)
    }
}

impl<'de, C: Cases<'de>> Read<'de, C> for Variant {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<C, D::Error> {
        variant(deserializer)
    }
}

struct CasesVisitor<C>(PhantomData<C>);

impl<'de, C: Cases<'de>> Visitor<'de> for CasesVisitor<C> {
    type Value = C;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a map with one entry, a case of {}", C::NAME)
    }

    fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> Result<C, A::Error> {
        let ((number, name), value) = data.variant_seed(Key::<C>(PhantomData))?;
        C::read(number, Content(value, name))
    }
}

struct Content<A>(A, &'static str);

impl<'de, A: VariantAccess<'de>> Case<'de> for Content<A> {
    type Error = A::Error;

    fn read<M: Read<'de, T>, T>(self) -> Result<T, A::Error> {
        let value = self.0.newtype_variant_seed(Seed::<M, T>::new());
        value.map_err(|error| within(self.1, &error))
    }
}

/// A case's name: its number and itself.
struct Key<C>(PhantomData<C>);

impl<'de, C: Cases<'de>> de::DeserializeSeed<'de> for Key<C> {
    type Value = (usize, &'static str);

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl<'de, C: Cases<'de>> Visitor<'de> for Key<C> {
    type Value = (usize, &'static str);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a case of {}", C::NAME)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        let mut cases = C::CASES.iter().enumerate();
        let found = cases.find(|(_, name)| **name == text);
        found
            .map(|(number, name)| (number, *name))
            .ok_or_else(|| E::unknown_variant(text, C::CASES))
    }

    fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Self::Value, E> {
        self.visit_str(core::str::from_utf8(bytes).unwrap_or("\u{fffd}"))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Self::Value, E> {
        let index = usize::try_from(number).unwrap_or(usize::MAX);
        match C::CASES.get(index) {
            Some(name) => Ok((index, name)),
            None => Err(E::invalid_value(de::Unexpected::Unsigned(number), &self)),
        }
    }
}

/// A packet that the protocol does not define.
pub struct Unknown<I, B> {
    /// Its id.
    pub id: I,
    /// All of its bytes.
    pub bytes: B,
}

impl<I: Serialize, B: AsRef<[u8]>> Serialize for Unknown<I, B> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = fields(serializer, "Unknown", 2, 2)?;
        out.field::<Plain, _>("id", &self.id)?;
        out.field::<Hex, _>("bytes", &self.bytes)?;
        out.end()
    }
}

impl<'de, I: Deserialize<'de>, B> Deserialize<'de> for Unknown<I, B>
where
    Hex: Read<'de, B>,
{
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        structure::<UnknownFields<I, B>, D>(deserializer)
    }
}

struct UnknownFields<I, B> {
    id: Option<I>,
    bytes: Option<B>,
}

impl<I, B> Default for UnknownFields<I, B> {
    fn default() -> Self {
        Self {
            id: None,
            bytes: None,
        }
    }
}

impl<'de, I: Deserialize<'de>, B> Structure<'de> for UnknownFields<I, B>
where
    Hex: Read<'de, B>,
{
    type Owned = Unknown<I, B>;
    const NAME: &'static str = "Unknown";
    const FIELDS: &'static [&'static str] = &["id", "bytes"];
    const WIRE: &'static [&'static str] = &[];

    fn read<V: Values<'de>>(&mut self, field: usize, value: V) -> Result<(), V::Error> {
        match field {
            0 => value.read::<Plain, _>(&mut self.id),
            _ => value.read::<Hex, _>(&mut self.bytes),
        }
    }

    fn finish(self) -> Result<Unknown<I, B>, &'static str> {
        Ok(Unknown {
            id: given(self.id, "id")?,
            bytes: given(self.bytes, "bytes")?,
        })
    }
}
