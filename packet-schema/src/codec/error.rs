//! Why bytes are not a packet, or a value has no bytes: with names, for humans and tools.

use super::trace::Leaf;
use crate::value::Value;
use packet_runtime::{EncodeErrorKind, ErrorKind};
use std::fmt;

/// Bytes could not be decoded: which packet, which field, where and why, and what came before.
#[derive(Clone, Debug, PartialEq)]
pub struct DecodeError {
    /// Name of the packet or struct that was asked for.
    pub packet: String,
    /// Path of the field, such as `servers[2].name`; empty if the packet as a whole is meant.
    pub field: String,
    /// Byte offset from the packet's start.
    pub offset: usize,
    /// What is wrong.
    pub kind: ErrorKind,
    /// The part decoded so far: a map that ends before the field that failed.
    pub value: Value,
    /// The leaves so far. The last one may be the one that failed.
    pub trace: Vec<Leaf>,
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_place(f, &self.packet, &self.field)?;
        write!(f, " at byte {}: {}", self.offset, self.kind)
    }
}

impl std::error::Error for DecodeError {}

/// A value could not be encoded: which packet, which field and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncodeError {
    /// Name of the packet or struct that was asked for.
    pub packet: String,
    /// Path of the field, such as `servers[2].name`; empty if the packet as a whole is meant.
    pub field: String,
    /// What is wrong.
    pub kind: EncodeProblem,
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_place(f, &self.packet, &self.field)?;
        write!(f, ": {}", self.kind)
    }
}

impl std::error::Error for EncodeError {}

fn write_place(f: &mut fmt::Formatter<'_>, packet: &str, field: &str) -> fmt::Result {
    f.write_str(packet)?;
    if field.is_empty() {
        return Ok(());
    }
    write!(f, ".{field}")
}

/// Why a value has no bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EncodeProblem {
    /// The value breaks a rule of the wire: what generated code would say too.
    Wire(EncodeErrorKind),
    /// A field that must be given is not.
    Missing,
    /// The value is not of the field's type.
    WrongType {
        /// What the field takes.
        expected: String,
        /// What was given.
        found: String,
    },
    /// The struct has no such field.
    UnknownField {
        /// What to do, where that is one concrete thing.
        help: Option<String>,
    },
    /// An enum, a flag set or a variant has no such value, flag or case.
    UnknownName {
        /// The name that was given.
        name: String,
        /// Which name may be meant, or which ones there are.
        help: Option<String>,
    },
    /// The value of a field that follows from others was given and is wrong.
    Derived {
        /// What follows from the other fields.
        expected: String,
        /// What was given.
        actual: String,
    },
}

impl EncodeProblem {
    /// The problem's stable name in JSON.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Wire(kind) => kind.name(),
            Self::Missing => "missing",
            Self::WrongType { .. } => "wrong_type",
            Self::UnknownField { .. } => "unknown_field",
            Self::UnknownName { .. } => "unknown_name",
            Self::Derived { .. } => "derived",
        }
    }
}

impl fmt::Display for EncodeProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Wire(kind) => kind.fmt(f),
            Self::Missing => f.write_str("is missing; give it a value"),
            Self::WrongType { expected, found } => write!(f, "expected {expected}, found {found}"),
            Self::UnknownField { help } => {
                f.write_str("there is no such field")?;
                write_help(f, help.as_deref())
            }
            Self::UnknownName { name, help } => {
                write!(f, "there is no `{name}`")?;
                write_help(f, help.as_deref())
            }
            Self::Derived { expected, actual } => write!(
                f,
                "is {actual}, but {expected} follows from the schema and the other fields; leave it out"
            ),
        }
    }
}

fn write_help(f: &mut fmt::Formatter<'_>, help: Option<&str>) -> fmt::Result {
    match help {
        Some(help) => write!(f, "; {help}"),
        None => Ok(()),
    }
}

impl From<EncodeErrorKind> for EncodeProblem {
    fn from(kind: EncodeErrorKind) -> Self {
        Self::Wire(kind)
    }
}
