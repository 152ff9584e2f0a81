//! Enums and flags: names where people read, numbers elsewhere.

use super::how::{Read, Write};
use ::serde::de::{self, SeqAccess, Unexpected, Visitor};
use ::serde::ser::SerializeSeq;
use ::serde::{Deserialize, Deserializer, Serialize, Serializer};
use core::fmt;
use core::marker::PhantomData;

/// An enum.
pub trait Named: Copy {
    /// Its name.
    const NAME: &'static str;
    /// Its values.
    const VALUES: &'static [(&'static str, u64)];
    /// The value on the wire.
    fn number(self) -> u64;
    /// The value that stands on the wire as `number`, if it can be held.
    fn of_number(number: u64) -> Option<Self>;
}

/// A set of flags.
pub trait Bits: Copy {
    /// Its name.
    const NAME: &'static str;
    /// Its flags, each as the number in which only its bit is set.
    const FLAGS: &'static [(&'static str, u64)];
    /// The bits on the wire.
    fn number(self) -> u64;
    /// The set that stands on the wire as `number`, if it can be held.
    fn of_number(number: u64) -> Option<Self>;
}

/// Shows an enum's value: its name, or the number if it has none.
///
/// # Errors
/// The serializer's.
pub fn write_named<E: Named, S: Serializer>(value: E, serializer: S) -> Result<S::Ok, S::Error> {
    number(value.number(), E::VALUES, serializer)
}

fn number<S: Serializer>(
    number: u64,
    values: &[(&str, u64)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let known = values.iter().find(|(_, value)| *value == number);
    match known {
        Some((name, _)) if serializer.is_human_readable() => serializer.serialize_str(name),
        _ => serializer.serialize_u64(number),
    }
}

/// Reads an enum's value: a name or a number.
///
/// # Errors
/// What is neither, and what the enum does not have.
pub fn read_named<'de, E: Named, D: Deserializer<'de>>(deserializer: D) -> Result<E, D::Error> {
    let number = any_number::<E, D>(deserializer)?;
    E::of_number(number).ok_or_else(|| unknown::<E, D::Error>(Unexpected::Unsigned(number)))
}

fn any_number<'de, E: Named, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    if deserializer.is_human_readable() {
        deserializer.deserialize_any(NamedVisitor::<E>(PhantomData))
    } else {
        u64::deserialize(deserializer)
    }
}

fn unknown<E: Named, F: de::Error>(found: Unexpected<'_>) -> F {
    F::invalid_value(found, &NamedVisitor::<E>(PhantomData))
}

struct NamedVisitor<E>(PhantomData<E>);

impl<E: Named> Visitor<'_> for NamedVisitor<E> {
    type Value = u64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        expecting(f, "a value", E::NAME, E::VALUES)
    }

    fn visit_str<F: de::Error>(self, name: &str) -> Result<u64, F> {
        let known = E::VALUES.iter().find(|(known, _)| *known == name);
        known
            .map(|(_, number)| *number)
            .ok_or_else(|| unknown::<E, F>(Unexpected::Str(name)))
    }

    fn visit_u64<F>(self, number: u64) -> Result<u64, F> {
        Ok(number)
    }

    fn visit_i64<F: de::Error>(self, number: i64) -> Result<u64, F> {
        u64::try_from(number).map_err(|_| F::invalid_value(Unexpected::Signed(number), &self))
    }
}

/// Says what is wanted, and lists the names if they are few.
fn expecting(
    f: &mut fmt::Formatter<'_>,
    what: &str,
    owner: &str,
    names: &[(&str, u64)],
) -> fmt::Result {
    const LISTED: usize = 8;
    write!(f, "{what} of {owner}")?;
    if names.len() > LISTED {
        return Ok(());
    }
    for (index, (name, _)) in names.iter().enumerate() {
        let before = if index == 0 { ": " } else { ", " };
        write!(f, "{before}`{name}`")?;
    }
    Ok(())
}

/// Shows a set of flags: a list of names, with bits that have none as one number at its end.
///
/// # Errors
/// The serializer's.
pub fn write_bits<B: Bits, S: Serializer>(value: B, serializer: S) -> Result<S::Ok, S::Error> {
    bits(value.number(), B::FLAGS, serializer)
}

fn bits<S: Serializer>(
    number: u64,
    flags: &[(&str, u64)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    if !serializer.is_human_readable() {
        return serializer.serialize_u64(number);
    }
    let set = || flags.iter().filter(|(_, flag)| number & flag != 0);
    let others = flags
        .iter()
        .fold(number, |others, (_, flag)| others & !flag);
    let count = set().count() + usize::from(others != 0);
    let mut list = serializer.serialize_seq(Some(count))?;
    for (name, _) in set() {
        list.serialize_element(name)?;
    }
    if others != 0 {
        list.serialize_element(&others)?;
    }
    list.end()
}

/// Reads a set of flags: a number, or a list of names and numbers.
///
/// # Errors
/// What is neither, unknown names, and bits that cannot be held.
pub fn read_bits<'de, B: Bits, D: Deserializer<'de>>(deserializer: D) -> Result<B, D::Error> {
    let number = any_bits::<B, D>(deserializer)?;
    B::of_number(number).ok_or_else(|| {
        let found = Unexpected::Unsigned(number);
        de::Error::invalid_value(found, &BitsVisitor::<B>(PhantomData))
    })
}

fn any_bits<'de, B: Bits, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    if deserializer.is_human_readable() {
        deserializer.deserialize_any(BitsVisitor::<B>(PhantomData))
    } else {
        u64::deserialize(deserializer)
    }
}

struct BitsVisitor<B>(PhantomData<B>);

impl<'de, B: Bits> Visitor<'de> for BitsVisitor<B> {
    type Value = u64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        expecting(f, "a number, or a list of flags", B::NAME, B::FLAGS)
    }

    fn visit_u64<F>(self, number: u64) -> Result<u64, F> {
        Ok(number)
    }

    fn visit_i64<F: de::Error>(self, number: i64) -> Result<u64, F> {
        u64::try_from(number).map_err(|_| F::invalid_value(Unexpected::Signed(number), &self))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<u64, A::Error> {
        let mut number = 0;
        while let Some(Flag(bits, _)) = items.next_element::<Flag<B>>()? {
            number |= bits;
        }
        Ok(number)
    }
}

/// One flag by its name, or some by their bits.
struct Flag<B>(u64, PhantomData<B>);

impl<'de, B: Bits> Deserialize<'de> for Flag<B> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let bits = deserializer.deserialize_any(FlagVisitor::<B>(PhantomData))?;
        Ok(Self(bits, PhantomData))
    }
}

struct FlagVisitor<B>(PhantomData<B>);

impl<B: Bits> Visitor<'_> for FlagVisitor<B> {
    type Value = u64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        expecting(f, "a number, or a flag", B::NAME, B::FLAGS)
    }

    fn visit_str<F: de::Error>(self, name: &str) -> Result<u64, F> {
        let known = B::FLAGS.iter().find(|(known, _)| *known == name);
        known
            .map(|(_, bit)| *bit)
            .ok_or_else(|| F::invalid_value(Unexpected::Str(name), &self))
    }

    fn visit_u64<F>(self, number: u64) -> Result<u64, F> {
        Ok(number)
    }

    fn visit_i64<F: de::Error>(self, number: i64) -> Result<u64, F> {
        u64::try_from(number).map_err(|_| F::invalid_value(Unexpected::Signed(number), &self))
    }
}

/// The number of an enum's value, which need not be one that the enum has: the tag of a variant's `else`.
pub struct RawEnum<E>(PhantomData<E>);

impl<E: Named, N: Copy + Into<u64>> Write<N> for RawEnum<E> {
    fn write<S: Serializer>(value: &N, serializer: S) -> Result<S::Ok, S::Error> {
        number((*value).into(), E::VALUES, serializer)
    }
}

impl<'de, E: Named, N: TryFrom<u64>> Read<'de, N> for RawEnum<E> {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<N, D::Error> {
        let number = any_number::<E, D>(deserializer)?;
        N::try_from(number).map_err(|_| unknown::<E, D::Error>(Unexpected::Unsigned(number)))
    }
}

/// The number that a set of flags is, likewise.
pub struct RawFlags<B>(PhantomData<B>);

impl<B: Bits, N: Copy + Into<u64>> Write<N> for RawFlags<B> {
    fn write<S: Serializer>(value: &N, serializer: S) -> Result<S::Ok, S::Error> {
        bits((*value).into(), B::FLAGS, serializer)
    }
}

impl<'de, B: Bits, N: TryFrom<u64>> Read<'de, N> for RawFlags<B> {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<N, D::Error> {
        let number = any_bits::<B, D>(deserializer)?;
        N::try_from(number).map_err(|_| {
            let found = Unexpected::Unsigned(number);
            de::Error::invalid_value(found, &BitsVisitor::<B>(PhantomData))
        })
    }
}

/// The number that true or false is, likewise.
pub struct RawBool;

impl Write<u8> for RawBool {
    fn write<S: Serializer>(value: &u8, serializer: S) -> Result<S::Ok, S::Error> {
        (*value != 0).serialize(serializer)
    }
}

impl<'de> Read<'de, u8> for RawBool {
    fn read<D: Deserializer<'de>>(deserializer: D) -> Result<u8, D::Error> {
        bool::deserialize(deserializer).map(u8::from)
    }
}
