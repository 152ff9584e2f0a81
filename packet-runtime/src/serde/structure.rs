//! Structs: their fields by name, in wire order.

use super::error::within;
use super::how::{As, Opt, Read, Seed, Write};
use ::serde::de::{self, IgnoredAny, MapAccess, SeqAccess, Visitor};
use ::serde::ser::SerializeStruct;
use ::serde::{Deserializer, Serializer};
use core::fmt;
use core::marker::PhantomData;

/// A struct that is being shown.
pub struct Fields<S: Serializer> {
    out: S::SerializeStruct,
    is_human_readable: bool,
}

/// Begins to show a struct. It has one number of fields where people read, and another one elsewhere.
///
/// # Errors
/// The serializer's.
pub fn fields<S: Serializer>(
    serializer: S,
    name: &'static str,
    for_people: usize,
    elsewhere: usize,
) -> Result<Fields<S>, S::Error> {
    let is_human_readable = serializer.is_human_readable();
    let count = if is_human_readable {
        for_people
    } else {
        elsewhere
    };
    Ok(Fields {
        out: serializer.serialize_struct(name, count)?,
        is_human_readable,
    })
}

impl<S: Serializer> Fields<S> {
    /// Shows a field.
    ///
    /// # Errors
    /// The serializer's.
    pub fn field<M: Write<T>, T: ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), S::Error> {
        self.out.serialize_field(name, &As::<M, T>::new(value))
    }

    /// Shows a field that the owned form does not have, where people read.
    ///
    /// # Errors
    /// The serializer's.
    pub fn wire<M: Write<T>, T: ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), S::Error> {
        if self.is_human_readable {
            self.field::<M, T>(name, value)
        } else {
            Ok(())
        }
    }

    /// Shows the tag of a variant's `else`: where people read only if it is one, and if `shown` says that they have
    /// not seen it yet.
    ///
    /// # Errors
    /// The serializer's.
    #[expect(clippy::needless_pass_by_value, reason = "a tag is a number")]
    pub fn tag<M: Write<T>, T>(
        &mut self,
        name: &'static str,
        tag: Option<T>,
        shown: bool,
    ) -> Result<(), S::Error> {
        match (self.is_human_readable, &tag) {
            (false, tag) => self.field::<Opt<M>, _>(name, tag),
            (true, Some(tag)) if shown => self.field::<M, _>(name, tag),
            (true, _) => self.out.skip_field(name),
        }
    }

    /// Ends the struct.
    ///
    /// # Errors
    /// The serializer's.
    pub fn end(self) -> Result<S::Ok, S::Error> {
        self.out.end()
    }
}

/// The fields of a struct that were read so far.
pub trait Structure<'de>: Default {
    /// What they become.
    type Owned;
    /// The struct's name.
    const NAME: &'static str;
    /// The names of the fields, in wire order.
    const FIELDS: &'static [&'static str];
    /// The names of fields that are on the wire only, and passed over.
    const WIRE: &'static [&'static str];

    /// Takes the value of the field with this number.
    ///
    /// # Errors
    /// What is wrong with the value.
    fn read<V: Values<'de>>(&mut self, field: usize, value: V) -> Result<(), V::Error>;

    /// The struct, or the name of a field that is missing.
    ///
    /// # Errors
    /// That name.
    fn finish(self) -> Result<Self::Owned, &'static str>;
}

/// The value of a field that must be there, or else its name.
///
/// # Errors
/// That name.
pub fn given<T>(value: Option<T>, name: &'static str) -> Result<T, &'static str> {
    value.ok_or(name)
}

/// Reads a struct.
///
/// # Errors
/// What is wrong, with the field's path.
pub fn structure<'de, F: Structure<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<F::Owned, D::Error> {
    let visitor = StructureVisitor::<F>(PhantomData);
    deserializer.deserialize_struct(F::NAME, F::FIELDS, visitor)
}

/// A value that has not been read.
pub trait Values<'de>: Sized {
    /// What can be wrong with it.
    type Error;

    /// Reads it.
    ///
    /// # Errors
    /// What is wrong with it, with its path, or that there was one before.
    fn read<M: Read<'de, T>, T>(self, slot: &mut Option<T>) -> Result<(), Self::Error>;
}

/// The next value of a map, which belongs to the field with this name.
struct Entry<'m, A>(&'m mut A, &'static str);

impl<'de, A: MapAccess<'de>> Values<'de> for Entry<'_, A> {
    type Error = A::Error;

    fn read<M: Read<'de, T>, T>(self, slot: &mut Option<T>) -> Result<(), A::Error> {
        if slot.is_some() {
            return Err(de::Error::duplicate_field(self.1));
        }
        let value = self.0.next_value_seed(Seed::<M, T>::new());
        *slot = Some(value.map_err(|error| within(self.1, &error))?);
        Ok(())
    }
}

/// The next value of a list, likewise.
struct Item<'m, A>(&'m mut A, &'static str);

impl<'de, A: SeqAccess<'de>> Values<'de> for Item<'_, A> {
    type Error = A::Error;

    fn read<M: Read<'de, T>, T>(self, slot: &mut Option<T>) -> Result<(), A::Error> {
        let value = self.0.next_element_seed(Seed::<M, T>::new());
        *slot = value.map_err(|error| within(self.1, &error))?;
        // What is not there at all is missing, and found so in the end.
        Ok(())
    }
}

struct StructureVisitor<F>(PhantomData<F>);

impl<'de, F: Structure<'de>> Visitor<'de> for StructureVisitor<F> {
    type Value = F::Owned;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a map of the fields of {}", F::NAME)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<F::Owned, A::Error> {
        let mut found = F::default();
        while let Some(key) = map.next_key_seed(Key::<F>(PhantomData))? {
            match key {
                Some((number, name)) => found.read(number, Entry(&mut map, name))?,
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        found.finish().map_err(de::Error::missing_field)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<F::Owned, A::Error> {
        let mut found = F::default();
        for (number, name) in F::FIELDS.iter().enumerate() {
            found.read(number, Item(&mut items, name))?;
        }
        found.finish().map_err(de::Error::missing_field)
    }
}

/// A field's name: its number and itself, or nothing if it is passed over.
struct Key<F>(PhantomData<F>);

impl<'de, F: Structure<'de>> de::DeserializeSeed<'de> for Key<F> {
    type Value = Option<(usize, &'static str)>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl<'de, F: Structure<'de>> Visitor<'de> for Key<F> {
    type Value = Option<(usize, &'static str)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the name of a field of {}", F::NAME)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        let mut fields = F::FIELDS.iter().enumerate();
        match fields.find(|(_, name)| **name == text) {
            Some((number, name)) => Ok(Some((number, name))),
            None if F::WIRE.contains(&text) => Ok(None),
            None => Err(E::unknown_field(text, F::FIELDS)),
        }
    }

    fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Self::Value, E> {
        self.visit_str(core::str::from_utf8(bytes).unwrap_or("\u{fffd}"))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Self::Value, E> {
        let index = usize::try_from(number).unwrap_or(usize::MAX);
        match F::FIELDS.get(index) {
            Some(name) => Ok(Some((index, name))),
            None => Err(E::invalid_value(de::Unexpected::Unsigned(number), &self)),
        }
    }
}
