//! The smallest format that is not for people and does not describe itself: a list of values. What reads it must ask for
//! the very types that were written.

use serde::de::{self, DeserializeSeed, Visitor, value::U32Deserializer};
use serde::ser::{self, Impossible};
use serde::{Deserialize, Serialize};
use std::vec::IntoIter;

/// One of the values.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Token {
    Bool(bool),
    Unsigned(u128),
    Signed(i128),
    Single(f32),
    Double(f64),
    Text(String),
    Bytes(Vec<u8>),
    /// Whether a value follows.
    Option(bool),
    /// How many elements follow.
    List(usize),
    /// The number of a case, whose value follows.
    Case(u32),
    Unit,
}

type Error = de::value::Error;

pub(crate) fn write<T: Serialize + ?Sized>(value: &T) -> Vec<Token> {
    let mut out = Vec::new();
    value.serialize(Writer(&mut out)).unwrap();
    out
}

pub(crate) fn read<T: for<'de> Deserialize<'de>>(tokens: Vec<Token>) -> Result<T, Error> {
    let mut tokens = tokens.into_iter();
    let value = T::deserialize(Reader(&mut tokens))?;
    assert_eq!(tokens.next(), None, "all is read");
    Ok(value)
}

struct Writer<'o>(&'o mut Vec<Token>);

macro_rules! write_numbers {
    ($($function:ident $number:ty => $token:ident;)*) => {$(
        fn $function(self, value: $number) -> Result<(), Error> {
            self.0.push(Token::$token(value.into()));
            Ok(())
        }
    )*};
}

impl<'o> ser::Serializer for Writer<'o> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Writer<'o>;
    type SerializeTuple = Impossible<(), Error>;
    type SerializeTupleStruct = Impossible<(), Error>;
    type SerializeTupleVariant = Impossible<(), Error>;
    type SerializeMap = Impossible<(), Error>;
    type SerializeStruct = Writer<'o>;
    type SerializeStructVariant = Impossible<(), Error>;

    write_numbers! {
        serialize_bool bool => Bool;
        serialize_u8 u8 => Unsigned;
        serialize_u16 u16 => Unsigned;
        serialize_u32 u32 => Unsigned;
        serialize_u64 u64 => Unsigned;
        serialize_u128 u128 => Unsigned;
        serialize_i8 i8 => Signed;
        serialize_i16 i16 => Signed;
        serialize_i32 i32 => Signed;
        serialize_i64 i64 => Signed;
        serialize_i128 i128 => Signed;
        serialize_f32 f32 => Single;
        serialize_f64 f64 => Double;
        serialize_str &str => Text;
        serialize_bytes &[u8] => Bytes;
    }

    fn is_human_readable(&self) -> bool {
        false
    }

    fn serialize_char(self, _: char) -> Result<(), Error> {
        unreachable!("there are no characters")
    }

    fn serialize_none(self) -> Result<(), Error> {
        self.0.push(Token::Option(false));
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        self.0.push(Token::Option(true));
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Error> {
        self.0.push(Token::Unit);
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Error> {
        unreachable!("structs have fields")
    }

    fn serialize_unit_variant(self, _: &str, _: u32, _: &str) -> Result<(), Error> {
        unreachable!("cases have values")
    }

    fn serialize_newtype_struct<T: ?Sized>(self, _: &'static str, _: &T) -> Result<(), Error> {
        unreachable!("structs have fields")
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        case: u32,
        _: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        self.0.push(Token::Case(case));
        value.serialize(self)
    }

    fn serialize_seq(self, len: Option<usize>) -> Result<Self, Error> {
        self.0.push(Token::List(len.unwrap()));
        Ok(self)
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, Error> {
        unreachable!("there are no tuples")
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleStruct, Error> {
        unreachable!("there are no tuples")
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Error> {
        unreachable!("there are no tuples")
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, Error> {
        unreachable!("there are no maps")
    }

    fn serialize_struct(self, _: &'static str, len: usize) -> Result<Self, Error> {
        self.0.push(Token::List(len));
        Ok(self)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Error> {
        unreachable!("cases have one value")
    }
}

impl ser::SerializeSeq for Writer<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        value.serialize(Writer(self.0))
    }

    fn end(self) -> Result<(), Error> {
        Ok(())
    }
}

impl ser::SerializeStruct for Writer<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        value.serialize(Writer(self.0))
    }

    fn skip_field(&mut self, name: &'static str) -> Result<(), Error> {
        panic!("{name} is left out, so that nothing can be told apart")
    }

    fn end(self) -> Result<(), Error> {
        Ok(())
    }
}

struct Reader<'t>(&'t mut IntoIter<Token>);

impl Reader<'_> {
    fn next(&mut self) -> Result<Token, Error> {
        self.0.next().ok_or_else(|| de::Error::custom("the end"))
    }
}

macro_rules! read_numbers {
    ($($function:ident $token:ident => $visit:ident;)*) => {$(
        fn $function<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Error> {
            match self.next()? {
                Token::$token(value) => visitor.$visit(value.try_into().unwrap()),
                other => Err(de::Error::custom(format!("{other:?}"))),
            }
        }
    )*};
}

impl<'de> de::Deserializer<'de> for Reader<'_> {
    type Error = Error;

    read_numbers! {
        deserialize_bool Bool => visit_bool;
        deserialize_u8 Unsigned => visit_u8;
        deserialize_u16 Unsigned => visit_u16;
        deserialize_u32 Unsigned => visit_u32;
        deserialize_u64 Unsigned => visit_u64;
        deserialize_u128 Unsigned => visit_u128;
        deserialize_i8 Signed => visit_i8;
        deserialize_i16 Signed => visit_i16;
        deserialize_i32 Signed => visit_i32;
        deserialize_i64 Signed => visit_i64;
        deserialize_i128 Signed => visit_i128;
        deserialize_f32 Single => visit_f32;
        deserialize_f64 Double => visit_f64;
        deserialize_string Text => visit_string;
        deserialize_str Text => visit_string;
        deserialize_bytes Bytes => visit_byte_buf;
        deserialize_byte_buf Bytes => visit_byte_buf;
    }

    fn is_human_readable(&self) -> bool {
        false
    }

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Error> {
        Err(de::Error::custom("the format does not describe itself"))
    }

    fn deserialize_option<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Error> {
        match self.next()? {
            Token::Option(true) => visitor.visit_some(self),
            Token::Option(false) => visitor.visit_none(),
            other => Err(de::Error::custom(format!("{other:?}"))),
        }
    }

    fn deserialize_unit<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Error> {
        assert_eq!(self.next()?, Token::Unit);
        visitor.visit_unit()
    }

    fn deserialize_seq<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Error> {
        match self.next()? {
            Token::List(left) => visitor.visit_seq(Elements { reader: self, left }),
            other => Err(de::Error::custom(format!("{other:?}"))),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        assert_eq!(self.0.as_slice().first(), Some(&Token::List(fields.len())));
        self.deserialize_seq(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_enum(self)
    }

    serde::forward_to_deserialize_any! {
        char unit_struct newtype_struct tuple tuple_struct map identifier ignored_any
    }
}

struct Elements<'t> {
    reader: Reader<'t>,
    left: usize,
}

impl<'de> de::SeqAccess<'de> for Elements<'_> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Error> {
        let Some(left) = self.left.checked_sub(1) else {
            return Ok(None);
        };
        self.left = left;
        seed.deserialize(Reader(self.reader.0)).map(Some)
    }
}

impl<'de> de::EnumAccess<'de> for Reader<'_> {
    type Error = Error;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(mut self, seed: V) -> Result<(V::Value, Self), Error> {
        match self.next()? {
            Token::Case(case) => {
                let case = seed.deserialize(U32Deserializer::<Error>::new(case))?;
                Ok((case, self))
            }
            other => Err(de::Error::custom(format!("{other:?}"))),
        }
    }
}

impl<'de> de::VariantAccess<'de> for Reader<'_> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        unreachable!("cases have values")
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Error> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, Error> {
        unreachable!("cases have one value")
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Error> {
        unreachable!("cases have one value")
    }
}
