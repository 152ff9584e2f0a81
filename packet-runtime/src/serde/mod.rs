//! Values of generated types as JSON and whatever else `serde` can write. Generated code calls this; it is not meant for
//! code written by hand, and comes without a promise.
//!
//! In: the fields of a view or an owned struct, and for each how it is shown. Out: what `packetc decode` shows and
//! `packetc encode` takes. Which Rust type a field has does not say how it is shown: a `Vec<u8>` may be bytes, and
//! then hexadecimal digits, or an array of numbers. So each field comes with a marker that says it: [`Plain`],
//! [`Hex`], [`Float`], [`List`], [`Opt`].
//!
//! A format that is not for people (`is_human_readable()` is false) gets numbers for enums and flags, plain floats, bytes as
//! bytes, and of views only what the owned form has, so that one can be read as the other.
//!
//! | Module | Holds |
//! |---|---|
//! | `how` | the markers, and what they do with values |
//! | `float` | floats |
//! | `named` | enums and flags |
//! | `structure` | structs |
//! | `cases` | variants and the enums of all packets |
//! | `error` | the path of the field that cannot be read |

mod cases;
mod error;
mod float;
mod how;
mod named;
mod structure;

pub use ::serde::{Deserialize, Deserializer, Serialize, Serializer};
pub use cases::{Case, Cases, Unknown, Variant, case, variant};
pub use float::Float;
pub use how::{Hex, List, Opt, Plain, Read, Write};
pub use named::{
    Bits, Named, RawBool, RawEnum, RawFlags, read_bits, read_named, write_bits, write_named,
};
pub use structure::{Fields, Structure, Values, fields, given, structure};
