//! Numbers with names: enums and flag sets.

use super::{History, Unknown};
use crate::diagnostic::Span;

/// A set of named numbers.
#[derive(Clone, Debug)]
pub struct Enum {
    /// Name in the schema.
    pub name: String,
    /// Description for generated documentation.
    pub doc: Option<String>,
    /// Width on the wire in bits.
    pub bits: u32,
    /// What becomes of other values.
    pub unknown: Unknown,
    /// The values in schema order; names and numbers are unique.
    pub values: Vec<EnumValue>,
    /// Where it is defined.
    pub span: Span,
}

/// One named number.
#[derive(Clone, Debug)]
pub struct EnumValue {
    /// Name in the schema.
    pub name: String,
    /// Number on the wire.
    pub value: u64,
    /// Description for generated documentation.
    pub doc: Option<String>,
    /// Since when it is there.
    pub history: History,
}

impl Enum {
    /// The name of `value`, if it has one.
    pub fn name_of(&self, value: u64) -> Option<&str> {
        self.values
            .iter()
            .find(|known| known.value == value)
            .map(|known| known.name.as_str())
    }

    /// The number that `name` stands for.
    pub fn value_of(&self, name: &str) -> Option<u64> {
        self.values
            .iter()
            .find(|known| known.name == name)
            .map(|known| known.value)
    }
}

/// A set of named bits.
#[derive(Clone, Debug)]
pub struct Flags {
    /// Name in the schema.
    pub name: String,
    /// Description for generated documentation.
    pub doc: Option<String>,
    /// Width on the wire in bits.
    pub bits: u32,
    /// What becomes of bits without a name.
    pub unknown: Unknown,
    /// The named bits in schema order; names and positions are unique.
    pub values: Vec<Flag>,
    /// Where it is defined.
    pub span: Span,
}

/// One named bit.
#[derive(Clone, Debug)]
pub struct Flag {
    /// Name in the schema.
    pub name: String,
    /// Position; 0 is the least significant bit.
    pub bit: u32,
    /// Description for generated documentation.
    pub doc: Option<String>,
    /// Since when it is there.
    pub history: History,
}

impl Flags {
    /// All bits that have a name.
    pub fn known(&self) -> u64 {
        self.values
            .iter()
            .fold(0, |known, flag| known | 1 << flag.bit)
    }
}
